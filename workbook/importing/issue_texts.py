"""What can be wrong with a line of a file to import, beside what can be wrong with a row of a workbook. All are errors."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from functions.issues import ERROR, SEVERITY
from workbook.issue_texts import ISSUE_TEXTS, IssueText
from workbook.table import Words

LINE_ISSUE_TEXTS: Mapping[str, IssueText] = MappingProxyType(
    {
        "cells_without_header": IssueText(
            Words("More cells than headers", "单元格多于列标题"),
            Words(
                "A delimiter within a text may have moved this line's cells. Put that text in quotes and import again.",
                "该行文本中可能含有分隔符而导致错列。请给该文本加上引号后重新导入。",
            ),
        ),
        "line_differs": IssueText(
            Words("Differs from an earlier line of the same key", "与前面同一键值的行不一致"),
            Words(
                "The first line of this key was imported, this one was not. Make them agree, or correct the key.",
                "同一键值以首行为准，本行未导入。请使各行一致，或更正键值。",
            ),
        ),
        "several_rows_match": IssueText(
            Words("Several rows of the workbook fit this line", "工作簿中有多行与该行对应"),
            Words(
                "It is not known which is meant. Give the line its id, or delete the duplicates in the workbook.",
                "无法确定对应哪一行。请在该行填写编号，或删除工作簿中的重复行。",
            ),
        ),
    }
)
"""Code → its texts, of the codes that only an import has."""


def text_of_issue(code: str) -> IssueText:
    """The texts of any code that an import can give."""
    return LINE_ISSUE_TEXTS.get(code) or ISSUE_TEXTS[code]


def severity_of(code: str) -> str:
    """``error``: the line was refused; ``warning``: it was imported."""
    return ERROR if code in LINE_ISSUE_TEXTS else SEVERITY[code]
