"""Where the sheets of our tables stand in a workbook: in the order of work, among staff's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from workbook.schema import TABLES
from workbook.table import Table


def sheets_of_tables(workbook: Workbook) -> Mapping[str, Worksheet]:
    """Table name → its sheet, for the tables of ours that are there."""
    return {name: sheet for sheet in workbook.worksheets for name in sheet.tables if name in TABLES}


def place_of(workbook: Workbook, table: Table) -> int | None:
    """Before the first sheet whose table comes later in the order of work; None: at the end."""
    return place_among([tuple(sheet.tables) for sheet in workbook.worksheets], table)


def place_among(tables: Sequence[Collection[str]], table: Table) -> int | None:
    """The same, told from the names of the tables on each sheet."""
    order = list(TABLES)
    rank = order.index(table.name) if table.name in TABLES else len(order)
    later = (at for at, names in enumerate(tables) if any(name in TABLES and order.index(name) > rank for name in names))
    return next(later, None)
