"""The mail-merge list of a day: an .xlsx that Word reads as a data source, and a .csv for everything else.

Word wants the headers in row 1, one row a message, short headers without spaces; it drops cell formats, so that amounts
and dates have ``*_text`` twins.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from workbook.package.cell_xml import FORMULA_SIGNS, begins_like_a_formula
from workbook.port import Cell, Columns
from workbook.reminders.sent_lists import ITEMS_SHEET
from workbook.results.writing import codes_to_write
from workbook.schema import TABLES

_BLANK_OR_QUOTE = r"""["'\ufeff\u200b]|[^\S\t\r\n]"""
_STARTS_A_FORMULA = re.compile(rf"[\t\r\n]|(?:{_BLANK_OR_QUOTE})*+[{FORMULA_SIGNS}]")
# A program that splits lines at another delimiter, or does not know of quotes, sees a cell begin in the middle of a text.
_STARTS_ONE_INSIDE = re.compile(rf"([\t\r\n,;|](?:{_BLANK_OR_QUOTE})*+)(?=[{FORMULA_SIGNS}])")


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
    return {folder / f"{name}.xlsx": _workbook(columns, lines), folder / f"{name}.csv": _csv(columns)}


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


def _csv(columns: Columns) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(columns)
    writer.writerows([_neutral(row) for row in _rows(columns)])
    return lines.getvalue().encode("utf-8-sig")


def _neutral(row: Sequence[Cell]) -> list[Cell]:
    """A text that a spreadsheet would take for a formula gets an apostrophe; numbers stay as they are."""
    return [_neutral_text(cell) if isinstance(cell, str) else cell for cell in row]


def _neutral_text(text: str) -> str:
    inside = _STARTS_ONE_INSIDE.sub(r"\1'", text)
    return f"'{inside}" if _STARTS_A_FORMULA.match(text) else inside
