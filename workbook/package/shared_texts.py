"""Texts that stand in the workbook's list of shared strings already: a cell that holds one needs only its number there.

Reports repeat the ids and names of the ledger. A cell with a number takes half the room, to write and to read, of one with
its text inline. The list itself keeps its bytes: a text that is not in it stays inline.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from workbook.package.cell_xml import LONGEST_TEXT, begins_like_a_formula
from workbook.package.draft import Draft
from workbook.package.workbook_part import WorkbookPart

_ITEM = re.compile(rb'<si>(?:<t(?: xml:space="preserve")?>([^<&\r]+)</t></si>)?')
# What readers may count otherwise: an item that is empty, or says something of itself.
_ODD = re.compile(rb"<si(?:[^>]|></si>|><t(?:\s[^<>]*)?(?:/>|></t>))")


def shared_texts(draft: Draft, workbook: WorkbookPart, wanted: Collection[str]) -> Mapping[str, int]:
    """Of the texts wanted, those that the list holds as they are, with their number in it.

    Left out is what a cell must say more of: a text that is spelled otherwise in XML, that begins or ends with a blank, or
    that Excel would take for a formula. Nothing is shared where the list is not a plain one.
    """
    found: dict[str, int] = {}
    for part in workbook.related("sharedStrings")[:1]:
        listed = draft.read(part) if part in draft else b""
        if _ODD.search(listed) or b"<!" in listed or listed.find(b"<?", 5) >= 0:
            break
        for number, item in enumerate(_ITEM.finditer(listed)):
            if item[1] and (text := item[1].decode()) in wanted and _is_plain(text):
                found.setdefault(text, number)
    return found


def _is_plain(text: str) -> bool:
    return (
        "_x" not in text and text == text.strip() and len(text) <= LONGEST_TEXT and not begins_like_a_formula(text)
    )  # fmt: skip
