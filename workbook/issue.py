"""One thing found wrong in a cell or row of a workbook, with its address (RULES §12)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbook.addresses import address
from workbook.port import Cell, RawTable

_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_LIKE_A_REFERENCE = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*(?:[Cc][0-9]*)?|[Cc][0-9]*")


@dataclass(frozen=True)
class Issue:
    """``code`` says what (its severity is in ``functions.issues``, its words are labels); ``cell`` is "Invoices!G14".

    ``row`` is the offset in the table's data rows, ``column`` the key of the column, ``value`` what was found there.
    """

    code: str
    table: str
    row: int
    column: str
    cell: str
    value: Cell
    about: str = ""  # ids or numbers that the advice names, in any language


def cell_address(raw: RawTable, row: int, column: int) -> str:
    """Where a cell of a table stands, as Excel writes it. ``row`` and ``column`` are offsets within the table."""
    return f"{_quoted(raw.sheet)}!{address(raw.first_row + row, raw.first_column + column)}"


def _quoted(sheet: str) -> str:
    if _PLAIN_NAME.fullmatch(sheet) and not _LIKE_A_REFERENCE.fullmatch(sheet):
        return sheet
    return "'" + sheet.replace("'", "''") + "'"
