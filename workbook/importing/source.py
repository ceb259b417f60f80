"""A file to import as one table: headers as written, cells by column, and where each row stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from workbook.addresses import column_letters
from workbook.importing.delimited import read_delimited
from workbook.importing.refusals import EmptySource, NoSuchSheet, NoSuchSource, SheetsOfTextFile
from workbook.package.package_index import read_package
from workbook.package.sheet_scan import SheetScan
from workbook.package.sheet_values import SheetValues
from workbook.port import Cell, Fault
from workbook.reading.cell_parsing import is_blank

_PACKAGE = b"PK\x03\x04"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Source:
    """``columns[c][r]`` is the cell under ``headers[c]`` in the row that begins on line ``lines[r]``; blanks are "" or None.

    ``described`` says how it was read. ``faults`` are cells without a value to read, by (r, c). ``too_wide`` are the rows
    with more cells than headers: theirs may have slipped. ``is_1904``: bare numbers count days from 1904.
    """

    name: str
    described: str
    headers: tuple[str, ...]
    columns: tuple[Sequence[Cell], ...]
    lines: Sequence[int]
    is_sheet: bool = False
    faults: Mapping[tuple[int, int], Fault] = field(default_factory=dict)
    too_wide: frozenset[int] = frozenset()
    is_1904: bool = False

    def __len__(self) -> int:
        return len(self.lines)

    def place(self, row: int) -> str:
        """Where a row stands: "late.csv line 17", "late.xlsx row 17"."""
        return f"{self.name} {'row' if self.is_sheet else 'line'} {self.lines[row]}"

    def titled(self, column: int) -> str:
        """A column as messages call it: 'Amount' (column D)."""
        return f"{self.headers[column]!r} (column {column_letters(column + 1)})"


def read_source(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Source:
    """The table in a CSV file, or in a sheet of an .xlsx (the first, or the one named), told apart by what they hold.

    The header row is the first row with text in it; rows without any value are left out. Raises ImportRefused, and
    UnreadableWorkbook for a workbook that cannot be opened.
    """
    raw = read_bytes(path)
    if raw.startswith((_PACKAGE, _COMPOUND_FILE)):
        return _of_sheet(path, sheet)
    if sheet is not None:
        raise SheetsOfTextFile(path, sheet)
    return _of_text(path, raw, encoding)


def read_bytes(path: Path) -> bytes:
    """What the file holds. Raises NoSuchSource."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NoSuchSource(path, error.strerror or str(error)) from error


def _of_text(path: Path, raw: bytes, encoding: str | None) -> Source:
    text = read_delimited(path, raw, encoding=encoding)
    if not text.rows:
        raise EmptySource(path)
    headers, rows = tuple(map(str.strip, text.rows[0])), text.rows[1:]
    width = len(headers)
    too_wide = frozenset(at for at, row in enumerate(rows) if len(row) > width and any(map(str.strip, row[width:])))
    # Some programs leave out the delimiters of trailing blanks.
    by_column = list(zip_longest(*rows, fillvalue="")) if rows else []
    blank = ("",) * len(rows)
    columns = tuple(by_column[at] if at < len(by_column) else blank for at in range(width))
    return Source(path.name, text.described, headers, columns, text.lines[1:], too_wide=too_wide)


def _of_sheet(path: Path, sheet: str | None) -> Source:
    package = read_package(path)
    sheet = next(iter(package.sheets), "") if sheet is None else sheet
    if sheet not in package.sheets:
        raise NoSuchSheet(path, sheet, tuple(package.sheets))
    part = package.sheet_part(sheet)
    values = SheetValues(package)
    rows = values.rows(values.opened(sheet, part), sheet)
    header = next((at for at, row in enumerate(rows) if any(isinstance(cell, str) and cell.strip() for cell in row)), None)
    if header is None:
        raise EmptySource(path)
    faults = {(row - 1, column - 1): fault for (row, column), fault in SheetScan(part).faults().items()}
    faulty = {row for row, _ in faults}
    body = range(header + 1, len(rows))
    kept = [at for at in body if at in faulty or not all(map(is_blank, rows[at]))]
    offset = {at: new for new, at in enumerate(kept)}
    by_column = tuple(zip(*(rows[at] for at in kept), strict=True)) if kept else ((),) * len(rows[header])
    return Source(
        name=path.name,
        described=f"sheet {sheet}",
        headers=tuple("" if cell is None else str(cell).strip() for cell in rows[header]),
        columns=by_column,
        lines=[at + 1 for at in kept],
        is_sheet=True,
        faults={(offset[row], column): fault for (row, column), fault in faults.items() if row in offset},
        is_1904=package.is_1904,
    )
