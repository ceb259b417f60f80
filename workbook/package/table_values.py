"""An Excel table of a package as found: values through calamine, and what it cannot tell through a scan of the part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from python_calamine import CalamineWorkbook

from workbook.addresses import Area, address
from workbook.package.package_index import Package, TableEntry
from workbook.package.pins import notes
from workbook.package.sheet_scan import SheetScan
from workbook.package.sheet_values import SheetHeads, SheetValues, column_slice
from workbook.port import Cell, Fault, RawTable
from workbook.refusals import DamagedWorkbook
from workbook.uncollected import uncollected

_BLOCK = 5_000  # rows


class TableValues:
    """Reads the tables of one package. Nothing of a sheet is kept once a table is read: a ledger's cells are large.

    ``file``: where the package lies as it is, if it does.
    """

    def __init__(self, package: Package, file: Path | None = None) -> None:
        self._package = package
        self._values = SheetValues(package, file)
        self._heads: SheetHeads | None = None

    def outline(self, entry: TableEntry) -> RawTable | None:
        """The table's headers, place and notes, its cells all shown as blank; None where only ``read`` can tell."""
        if self._heads is None:
            self._heads = SheetHeads(self._package)
        rows = self._heads.rows(entry.sheet)
        if rows is None:
            return None
        blank: tuple[Cell, ...] = ("",) * (entry.last_row - entry.first_row + 1)
        return self._table(entry, _headers(entry, rows), (blank,) * entry.area.width)

    def read(self, entry: TableEntry) -> RawTable:
        """The table's cells, blank rows in its area included. Raises DamagedWorkbook, SheetTooLarge."""
        part = self._package.sheet_part(entry.sheet)
        with self._scan(entry.sheet, part) as scan:
            faults, has_formulas = _faults(entry, scan), scan.has_formulas(entry.data_area)
            self._package.parts.remember_formulas(self._package.sheets[entry.sheet], found=scan.has_any_formula)
        workbook = self._opened(entry, part)
        del part, scan  # before the cells are made, which take as much room again
        return replace(self._table(entry, *self._cells(entry, workbook)), faults=faults, has_formulas=has_formulas)

    def _table(self, entry: TableEntry, headers: tuple[str, ...], columns: tuple[Sequence[Cell], ...]) -> RawTable:
        return RawTable(
            name=entry.name,
            sheet=entry.sheet,
            headers=headers,
            columns=columns,
            first_row=entry.first_row,
            first_column=entry.area.first_column,
            notes=self._notes(entry),
            is_1904=self._package.is_1904,
        )

    def in_blocks(self, entry: TableEntry) -> tuple[tuple[str, ...], Iterator[tuple[Sequence[Cell], ...]]]:
        """The table's headers, and its columns some thousand rows at a time; a cell without a value to read is blank."""
        rows = self._values.each_row(self._opened(entry, self._package.sheet_part(entry.sheet)), entry.sheet)
        headers = _headers(entry, list(islice(rows, entry.first_row - 1)))
        columns = range(entry.area.first_column, entry.area.last_column + 1)
        starts = range(entry.first_row, entry.last_row + 1, _BLOCK)
        counts = (min(_BLOCK, entry.last_row + 1 - start) for start in starts)
        return headers, (column_slice(list(islice(rows, count)), 1, count, columns) for count in counts)

    def faults(self, entry: TableEntry) -> dict[tuple[int, int], Fault]:
        """The table's cells without a value to read, by their offsets from the first data row and column."""
        with self._scan(entry.sheet, self._package.sheet_part(entry.sheet)) as scan:
            return _faults(entry, scan)

    def _notes(self, entry: TableEntry) -> dict[tuple[int, int], str]:
        inside = entry.data_area
        try:
            of_sheet = notes(self._package.parts, self._package.sheets[entry.sheet])
        except ValueError as error:
            raise DamagedWorkbook(self._package.path, f"a note on sheet {entry.sheet}: {error}") from error
        return {
            (row - inside.first_row, column - inside.first_column): note
            for (row, column), note in of_sheet.items()
            if inside.overlaps(Area(row, column, row, column))
        }

    def _opened(self, entry: TableEntry, part: bytes) -> CalamineWorkbook:
        limits = self._package.parts.limits
        claimed = entry.area.width * (entry.area.last_row - entry.area.first_row + 1)
        if claimed > len(part):  # fewer than a byte a cell
            limits.refuse(self._package.path, "blank_cells", claimed, f"cells of table {entry.name}, most of them blank")
        return self._values.opened(entry.sheet, part)

    def _cells(self, entry: TableEntry, workbook: CalamineWorkbook) -> tuple[tuple[str, ...], tuple[Sequence[Cell], ...]]:
        area = entry.area
        with uncollected():
            rows = self._values.rows(workbook, entry.sheet, entry.last_row)
            columns = column_slice(rows, entry.first_row, entry.last_row, range(area.first_column, area.last_column + 1))
        return _headers(entry, rows), columns

    def has_formulas(self, entry: TableEntry) -> bool:
        """Whether a formula stands in the table's data rows; its values are not read for that."""
        with self._scan(entry.sheet, self._package.sheet_part(entry.sheet)) as scan:
            return scan.has_formulas(entry.data_area)

    def first_content(self, sheet: str, area: Area) -> str:
        """The address of a cell of the area that holds something, or "" when all are blank."""
        part = self._package.sheet_part(sheet)
        with self._scan(sheet, part) as scan:
            if scan.ends_above(area.first_row):
                return ""
        rows = self._values.rows(self._values.opened(sheet, part), sheet, area.last_row)
        for row, cells in enumerate(rows[area.first_row - 1 : area.last_row], area.first_row):
            for column, cell in enumerate(cells[area.first_column - 1 : area.last_column], area.first_column):
                if cell != "":
                    return address(row, column)
        # Errors, a formula that gives "", and one that was never calculated are handed over as blank.
        with self._scan(sheet, part) as scan:
            unseen = (*scan.faults(), *((cell.row, cell.column) for cell in scan.formulas()))
        return next((address(*place) for place in sorted(unseen) if area.overlaps(Area(*place, *place))), "")

    @contextmanager
    def _scan(self, sheet: str, part: bytes) -> Iterator[SheetScan]:
        try:
            yield SheetScan(part)
        except ValueError as error:
            raise DamagedWorkbook(self._package.path, f"sheet {sheet}: {error}") from error


def _faults(entry: TableEntry, scan: SheetScan) -> dict[tuple[int, int], Fault]:
    inside = entry.data_area
    return {
        (row - inside.first_row, column - inside.first_column): fault
        for (row, column), fault in scan.faults().items()
        if inside.first_row <= row <= inside.last_row and inside.first_column <= column <= inside.last_column
    }


def _headers(entry: TableEntry, rows: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    """The header cells as written; the column's own name where the header row is hidden, or its cell holds no text."""
    names = entry.columns + ("",) * (entry.area.width - len(entry.columns))
    at = entry.first_row - 2
    if not entry.header_rows or at >= len(rows):
        return names[: entry.area.width]
    cells = rows[at][entry.area.first_column - 1 : entry.area.last_column]
    cells = [*cells, *[""] * (entry.area.width - len(cells))]
    return tuple(cell if isinstance(cell, str) and cell else name for cell, name in zip(cells, names, strict=False))
