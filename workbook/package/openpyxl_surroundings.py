"""What stands around a table on an openpyxl sheet: merged cells, totals, drop-down lists, hidden rows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.table import Table as SheetTable
from openpyxl.worksheet.worksheet import Worksheet

from workbook.addresses import Area, address
from workbook.package.openpyxl_cells import Lifted
from workbook.refusals import NoRoom

_CELL_OR_LINE = re.compile(r"\$?[A-Za-z]{1,3}\$?[0-9]+|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?[0-9]+:\$?[0-9]+")


def refuse_merged(sheet: Worksheet, table: str, area: Area) -> None:
    """Raise NoRoom where merged cells stand in an area that is to be written."""
    for merged in sheet.merged_cells.ranges:
        if area.overlaps(Area(merged.min_row, merged.min_col, merged.max_row, merged.max_col)):
            raise NoRoom(table, f"{sheet.title}!{merged.coord}", "a merged cell is")


def refuse_totals_that_name_cells(table: str, totals: Iterable[Lifted | None]) -> None:
    """Raise NoRoom for a totals row that adds up cells by address: it would leave out the rows that come.

    The totals that Excel makes name the column, ``SUBTOTAL(109,[amount])``, and need nothing done.
    """
    for cell in totals:
        if cell is not None and cell.is_formula and _names_cells(str(getattr(cell.value, "text", cell.value))):
            raise NoRoom(table, address(cell.row, cell.column), "a totals row whose formula names cells is")


def _names_cells(formula: str) -> bool:
    tokens = (token for token in Tokenizer(formula).items if token.type == Token.OPERAND and token.subtype == Token.RANGE)
    return any("[" not in token.value and _CELL_OR_LINE.search(token.value) for token in tokens)


def stretch_rules(sheet: Worksheet, area: Area, old_last: int) -> None:
    """Let drop-down lists and conditional formats that reached to the table's last row reach to the new one."""
    for validation in sheet.data_validations.dataValidation:
        _stretch(validation.sqref, area, old_last)
    # A conditional format is found by its ranges, so that the list is made anew when they are other ones.
    rules = [(formatting.sqref, formatting.rules) for formatting in sheet.conditional_formatting]
    sheet.conditional_formatting = ConditionalFormattingList()
    for ranges, its_rules in rules:
        _stretch(ranges, area, old_last)
        for rule in its_rules:
            sheet.conditional_formatting.add(str(ranges), rule)


def _stretch(ranges: MultiCellRange, area: Area, old_last: int) -> None:
    for each in ranges.ranges:
        if _is_of_the_rows(each, area, old_last):
            each.max_row = max(each.max_row, area.last_row)


def _is_of_the_rows(ranges: CellRange, area: Area, old_last: int) -> bool:
    return bool(
        area.first_row <= ranges.min_row <= old_last <= ranges.max_row < area.last_row
        and area.first_column <= ranges.min_col
        and ranges.max_col <= area.last_column
    )


def show_rows(sheet: Worksheet, table: SheetTable, area: Area) -> None:
    """Take off the filter and show every row: what was hidden were other rows."""
    if table.autoFilter is not None:
        table.autoFilter.filterColumn = []
        table.autoFilter.sortState = None
    table.sortState = None
    for row in range(area.first_row, area.last_row + 1):
        if row in sheet.row_dimensions:
            sheet.row_dimensions[row].hidden = False
