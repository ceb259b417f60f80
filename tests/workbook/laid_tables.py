"""Workbooks for tests of hosts: Excel tables laid on sheets, parts changed behind a library's back, systems that fail."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table as ExcelTable

from workbook.port import Cell


@dataclass(frozen=True)
class Laid:
    """A table to lay: its name, headers and rows, the cell of its first header, its sheet (its own name if left out)."""

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    row: int = 1
    column: int = 1
    sheet: str = ""

    @property
    def sheet_name(self) -> str:
        return self.sheet or self.name

    @property
    def ref(self) -> str:
        right, bottom = self.column + len(self.headers) - 1, self.row + len(self.rows)
        return f"{get_column_letter(self.column)}{self.row}:{get_column_letter(right)}{bottom}"


def workbook_of(*tables: Laid, epoch: Any = None) -> Workbook:
    """An openpyxl workbook with these tables."""
    workbook = Workbook()
    del workbook[workbook.sheetnames[0]]
    if epoch is not None:
        workbook.epoch = epoch
    for table in tables:
        if table.sheet_name not in workbook.sheetnames:
            workbook.create_sheet(table.sheet_name)
        sheet = workbook[table.sheet_name]
        for row, cells in enumerate([table.headers, *table.rows], table.row):
            for column, cell in enumerate(cells, table.column):
                sheet.cell(row, column).value = cell  # type: ignore[assignment]  # openpyxl takes every kind of Cell
        sheet.add_table(ExcelTable(displayName=table.name, ref=table.ref))
    return workbook


def saved(path: Path, *tables: Laid, epoch: Any = None) -> Path:
    """The file that holds these tables."""
    workbook_of(*tables, epoch=epoch).save(path)
    return path


def with_part(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """The same package with one part changed, as a text."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(content.decode()) if name == part else content)
    path.write_bytes(packed.getvalue())
    return path


def raising(error: BaseException) -> Callable[..., None]:
    """Something that fails in a given way whenever it is called."""

    def fail(*_: object) -> None:
        raise error

    return fail
