"""Lists as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from workbook.package.cell_xml import FORMULA_SIGNS
from workbook.port import Cell, Columns

_BLANK_OR_QUOTE = r"""["'\ufeff\u200b]|[^\S\t\r\n]"""
_STARTS_A_FORMULA = re.compile(rf"[\t\r\n]|(?:{_BLANK_OR_QUOTE})*+[{FORMULA_SIGNS}]")
# A program that splits lines at another delimiter, or does not know of quotes, sees a cell begin in the middle of a text.
_STARTS_ONE_INSIDE = re.compile(rf"([\t\r\n,;|](?:{_BLANK_OR_QUOTE})*+)(?=[{FORMULA_SIGNS}])")


def csv_bytes(columns: Columns) -> bytes:
    """Headers and rows in UTF-8 with a mark, or Excel would take Chinese for something else."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(columns)
    writer.writerows([_neutral(row) for row in zip(*columns.values(), strict=True)])
    return lines.getvalue().encode("utf-8-sig")


def _neutral(row: Sequence[Cell]) -> list[Cell]:
    """A text that a spreadsheet would take for a formula gets an apostrophe; numbers stay as they are."""
    return [_neutral_text(cell) if isinstance(cell, str) else cell for cell in row]


def _neutral_text(text: str) -> str:
    inside = _STARTS_ONE_INSIDE.sub(r"\1'", text)
    return f"'{inside}" if _STARTS_A_FORMULA.match(text) else inside
