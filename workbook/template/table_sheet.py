"""One table on a sheet of its own: the Excel table, its formats, lists, print setup, in its place among the sheets."""

from __future__ import annotations

import math
from collections.abc import Iterable
from copy import copy
from itertools import zip_longest
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from workbook import labels
from workbook.port import Cell, Columns
from workbook.refusals import TextTooLong
from workbook.table import Column, Table
from workbook.template.charts import CHARTS, WIDTH_IN_CHARACTERS, add_chart
from workbook.template.drop_downs import add_validations
from workbook.template.home import link_from_home
from workbook.template.sheet_order import place_of
from workbook.template.styles import (
    LOG_COLOUR,
    TAB_COLOURS,
    add_named_styles,
    cell_style,
    column_width,
    header_style,
    row_height,
)

_LONGEST_TEXT = 32767
_HEADER_HEIGHT = 36  # two lines
_A4 = 9
_WIDEST_PAGE = 280  # characters on one page across: more would be too small to read
_STRIPES = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)


def add_table_sheet(
    workbook: Workbook,
    table: Table,
    language: str,
    currency: str,
    rows: Columns | None = None,
    *,
    has_chart: bool = True,
) -> Worksheet:
    """Add the table's sheet in its place in the order of work, with these rows or one blank row, and a link on Home.

    ``rows``: column key → values; choices and flags may be codes and booleans, and are shown as words. Columns not named
    stay blank. A log's sheet is hidden. ``has_chart``: with the chart of the table, if it has one.
    Raises UnknownCurrency, TextTooLong.
    """
    add_named_styles(workbook, language, currency)
    sheet: Worksheet = workbook.create_sheet(table.label.in_language(language), place_of(workbook, table))
    count = _write_rows(sheet, table, language, rows or {})
    _write_headers(sheet, table, language)
    excel_table = ExcelTable(displayName=table.name, ref=f"A1:{get_column_letter(len(table.columns))}{count + 1}")
    excel_table.tableStyleInfo = _STRIPES
    sheet.add_table(excel_table)
    add_validations(workbook, sheet, table, language)
    _set_up_view(sheet, table)
    width = sum(column_width(column, language) for column in table.columns)
    if has_chart and table.name in CHARTS:
        add_chart(sheet, table, language, count + 1)
        width += WIDTH_IN_CHARACTERS
    _set_up_print(sheet, width)
    link_from_home(workbook, table, language)
    return sheet


def _write_headers(sheet: Worksheet, table: Table, language: str) -> None:
    for place, column in enumerate(table.columns, start=1):
        header = sheet.cell(1, place)
        header.value = column.label.in_language(language)
        header.style = header_style(table, column)
        dimension: Any = sheet.column_dimensions[get_column_letter(place)]
        dimension.width = column_width(column, language)
        first = sheet.cell(2, place)
        dimension.number_format, dimension.alignment = first.number_format, copy(first.alignment)  # for rows to come
    sheet.row_dimensions[1].height = _HEADER_HEIGHT


def _write_rows(sheet: Worksheet, table: Table, language: str, rows: Columns) -> int:
    """Write the rows, one blank row if there are none; answers how many there are."""
    unknown = [key for key in rows if key not in table]
    if unknown:
        raise ValueError(f"table {table.name} has no column {', '.join(unknown)}")
    count = max(map(len, rows.values()), default=0) or 1
    for place, column in enumerate(table.columns, start=1):
        _write_column(sheet, place, column, language, rows.get(column.key, ()), count)
    return count


def _write_column(sheet: Worksheet, place: int, column: Column, language: str, cells: Iterable[Cell], count: int) -> None:
    first: Any = sheet.cell(2, place)
    first.style = cell_style(column)
    look = copy(first._style)  # naming the style anew for each cell takes several times as long
    for row, (_, cell) in enumerate(zip_longest(range(count), cells), start=2):
        target: Any = sheet.cell(row, place)
        if cell is not None and cell != "":
            _put(target, labels.shown(column, cell, language))
            if height := row_height(column, str(cell), language):
                sheet.row_dimensions[row].height = height
        target._style = copy(look)  # last: openpyxl gives a date a format of its own


def _put(target: Any, cell: Cell) -> None:
    """A plain value. A text stays a text, though it begins with = or looks like an error."""
    if isinstance(cell, str) and len(cell) > _LONGEST_TEXT:
        raise TextTooLong(f"{target.parent.title}!{target.coordinate}", len(cell))  # openpyxl would cut it off
    target.value = cell
    if isinstance(cell, str):
        target.data_type = "s"


def _set_up_view(sheet: Worksheet, table: Table) -> None:
    # The id stays in view, and the name where it stands beside it.
    sheet.freeze_panes = "C2" if table.columns[1].key == "name" else "B2"
    sheet.sheet_properties.tabColor = LOG_COLOUR if table.is_log else TAB_COLOURS[table.owner]
    if table.is_log:
        sheet.sheet_state = "hidden"


def _set_up_print(sheet: Worksheet, width: float) -> None:
    """On paper as wide as it takes to be read: the id, and the name beside it, stand on each page again."""
    pages = math.ceil(width / _WIDEST_PAGE)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    if pages > 1:
        sheet.print_title_cols = "A:B" if sheet.freeze_panes == "C2" else "A:A"
    footer: Any = sheet.oddFooter
    footer.left.text, footer.right.text = "&A", "&P / &N"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
