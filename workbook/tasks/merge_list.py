"""The mail-merge list of a day: an .xlsx that Word reads as a data source, and a .csv for everything else.

Word wants the headers in row 1, one row a message, short headers without spaces; it drops cell formats, so that amounts
and dates have ``*_text`` twins.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from workbook.port import Cell, Columns
from workbook.results.writing import codes_to_write
from workbook.schema import TABLES

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def merge_lists(messages: pd.DataFrame, folder: Path, *, as_of: dt.date) -> Mapping[Path, bytes]:
    """reminders-DATE.xlsx and .csv in the folder, and what to write there. The headers are the column keys."""
    columns = codes_to_write(TABLES["Reminders"], messages)
    name = f"reminders-{as_of}"
    return {folder / f"{name}.xlsx": _workbook(columns), folder / f"{name}.csv": _csv(columns)}


def _rows(columns: Columns) -> list[tuple[Cell, ...]]:
    return list(zip(*columns.values(), strict=True))


def _workbook(columns: Columns) -> bytes:
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
        return made

    sheet.append([cell(key) for key in columns])
    rows = _rows(columns)
    for row in rows:
        sheet.append([cell(value) for value in row])
    reach = f"Reminders!$A$1:${_letter(len(columns))}${len(rows) + 1}"
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
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA) else cell for cell in row]
