"""A workbook of the stand-in: laid by hand, or from a file; and the real xlwings Book over it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl import Workbook as OpenpyxlWorkbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.excel_stand_in import cells as excel_cells
from tests.excel_stand_in.cells import ErrorValue, Habits
from tests.excel_stand_in.object_model import Workbook
from tests.excel_stand_in.sheet_model import BookModel, Excel, SheetModel, TableModel
from tests.excel_stand_in.windows_modules import real_xlwings
from workbook.addresses import Area


def book_of(source: OpenpyxlWorkbook | Path, *, name: str = "book.xlsx", folder: str = "", **habits: Any) -> BookModel:
    """The workbook open in an Excel of its own."""
    loaded = openpyxl.load_workbook(source) if isinstance(source, Path) else source
    if isinstance(source, Path):
        name, folder = source.name, str(source.parent)
    book = BookModel(Excel(), name, folder, Habits(is_1904=loaded.epoch == CALENDAR_MAC_1904, **habits))
    book.styles |= set(loaded.named_styles)
    for each in loaded.worksheets:
        book.sheets.append(_sheet(book, each))
    book.active = next(sheet for sheet in book.sheets if sheet.visible == -1)
    return book


def xlwings_book(book: BookModel) -> Any:
    """The real ``xlwings.Book`` of a workbook that is open in the stand-in."""
    xlwings = real_xlwings()
    return xlwings.Book(impl=xlwings._xlwindows.Book(xlwings._xlwindows.COMRetryObjectWrapper(Workbook(book))))


@contextmanager
def called_from(book: BookModel) -> Iterator[None]:
    """Let ``xlwings.Book.caller()`` be this workbook meanwhile, as when RunPython was started in it."""
    windows = real_xlwings()._xlwindows
    windows.BOOK_CALLER = Workbook(book)
    try:
        yield
    finally:
        windows.BOOK_CALLER = None


def _sheet(book: BookModel, loaded: Any) -> SheetModel:
    sheet = SheetModel(book, loaded.title)
    sheet.visible = {"visible": -1, "hidden": 0, "veryHidden": 2}[loaded.sheet_state]
    for line in loaded.iter_rows():
        for each in line:
            if each.value is not None or each.has_style:
                _lay(sheet, each)
    sheet.merged = [Area.parse(str(each)) for each in loaded.merged_cells.ranges]
    sheet.hidden_rows = {row for row, each in loaded.row_dimensions.items() if each.hidden}
    for table in loaded.tables.values():
        made = TableModel(sheet, table.displayName, Area.parse(table.ref))
        made.has_totals = bool(table.totalsRowCount)
        sheet.tables.append(made)
    return sheet


def _lay(sheet: SheetModel, loaded: Any) -> None:
    cell = sheet.cell(loaded.row, loaded.column)
    cell.number_format = loaded.number_format
    cell.look["Style"] = loaded.style
    value = loaded.value
    if loaded.comment is not None:
        sheet.notes[loaded.row, loaded.column] = loaded.comment.text
    if loaded.data_type == "f":
        text = str(getattr(value, "text", value))
        excel_cells.put(cell, text if cell.number_format != "@" else None, sheet.book.habits)
        cell.number_format = loaded.number_format
    elif loaded.data_type == "e":
        cell.value = ErrorValue.of(value)
    elif isinstance(value, bool) or value is None or isinstance(value, str):
        cell.value = value
    elif isinstance(value, dt.time):
        cell.value = (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
    elif isinstance(value, dt.date):
        moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
        cell.value = excel_cells.serial(moment, sheet.book.habits)
    else:
        cell.value = float(value)
