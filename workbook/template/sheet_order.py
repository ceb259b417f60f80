"""Where the sheets of our tables stand in a workbook: in the order of work, among staff's own."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from workbook.schema import TABLES
from workbook.table import Table


def sheets_of_tables(workbook: Workbook) -> Mapping[str, Worksheet]:
    """Table name → its sheet, for the tables of ours that are there."""
    return {name: sheet for sheet in workbook.worksheets for name in sheet.tables if name in TABLES}


def place_of(workbook: Workbook, table: Table) -> int | None:
    """Before the first sheet whose table comes later in the order of work; None: at the end."""
    order = list(TABLES)
    rank = order.index(table.name) if table.name in TABLES else len(order)
    later = [workbook.index(sheet) for name, sheet in sheets_of_tables(workbook).items() if order.index(name) > rank]
    return min(later, default=None)
