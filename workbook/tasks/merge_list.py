"""The mail-merge list of a day: an .xlsx that Word reads as a data source, and a .csv for everything else.

Word wants the headers in row 1, one row a message, short headers without spaces; it drops cell formats, so that amounts
and dates have ``*_text`` twins.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from workbook.package.cell_xml import begins_like_a_formula
from workbook.port import Cell, Columns
from workbook.reminders.sent_lists import ITEMS_SHEET
from workbook.results.delimited_lists import csv_bytes
from workbook.results.writing import codes_to_write
from workbook.schema import TABLES


def merge_lists(
    messages: pd.DataFrame, folder: Path, *, as_of: dt.date, items: pd.DataFrame | None = None
) -> Mapping[Path, bytes]:
    """reminders-DATE.xlsx and .csv in the folder, and what to write there. The headers are the column keys.

    ``items``: the messages' lines, on a second sheet of the .xlsx, so that the list, when it comes back ticked, says itself
    what each message held.
    """
    columns = codes_to_write(TABLES["Reminders"], messages)
    lines = {} if items is None else codes_to_write(TABLES["ReminderItems"], items)
    name = f"reminders-{as_of}"
    return {folder / f"{name}.xlsx": _workbook(columns, lines), folder / f"{name}.csv": csv_bytes(columns)}


def _rows(columns: Columns) -> list[tuple[Cell, ...]]:
    return list(zip(*columns.values(), strict=True))


def _workbook(columns: Columns, lines: Columns) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.properties import PageSetupProperties

    from workbook.template.styles import ISO_DATE, column_width

    book = Workbook(write_only=True)

    def cell(value: Cell) -> object:
        if isinstance(value, bool) or not isinstance(value, str | dt.date):
            return value
        made = WriteOnlyCell(sheet)
        made.value = value
        if isinstance(value, dt.date):
            made.number_format = ISO_DATE
            return made
        made.data_type = "s"  # text, whatever it begins with
        if begins_like_a_formula(value):
            made.quotePrefix = True  # and when somebody edits it
        return made

    def header(text: str) -> object:
        made = WriteOnlyCell(sheet, text)
        made.font = Font(name="Calibri", size=11, bold=True)
        return made

    for table, title, cells in ((TABLES["Reminders"], "Reminders", columns), (TABLES["ReminderItems"], ITEMS_SHEET, lines)):
        if not cells:
            continue
        sheet = book.create_sheet(title)
        for place, key in enumerate(cells, start=1):
            sheet.column_dimensions[_letter(place)].width = max(column_width(table[key], "en"), len(key) + 2)
        sheet.freeze_panes = "B2"
        sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 3, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_title_rows = "1:1"
        sheet.append([header(key) for key in cells])
        for row in _rows(cells):
            sheet.append([cell(value) for value in row])
    reach = f"Reminders!$A$1:${_letter(len(columns))}${len(_rows(columns)) + 1}"
    book.defined_names["MergeList"] = DefinedName("MergeList", attr_text=reach)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(column)
