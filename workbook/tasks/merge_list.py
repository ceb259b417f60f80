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
    from openpyxl.workbook.defined_name import DefinedName

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Reminders")

    def cell(value: Cell) -> object:
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, value)
        made.data_type = "s"  # text, whatever it begins with
        if begins_like_a_formula(value):
            made.quotePrefix = True  # and when somebody edits it
        return made

    rows = _rows(columns)
    for row in [tuple(columns), *rows]:
        sheet.append([cell(value) for value in row])
    reach = f"Reminders!$A$1:${_letter(len(columns))}${len(rows) + 1}"
    if lines:
        sheet = book.create_sheet(ITEMS_SHEET)
        for row in [tuple(lines), *_rows(lines)]:
            sheet.append([cell(value) for value in row])
    book.defined_names["MergeList"] = DefinedName("MergeList", attr_text=reach)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(column)
