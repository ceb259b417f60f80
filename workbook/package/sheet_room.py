"""Whether a table may grow on its sheet: nothing of a user's may be written over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbook.addresses import LAST_COLUMN, LAST_ROW, Area, address
from workbook.package.package_index import Package
from workbook.package.table_values import TableValues
from workbook.port import RawTable
from workbook.refusals import NoRoom


class SheetRoom:
    """The sheets of a package, with the tables of ``edited`` as they will be."""

    def __init__(self, package: Package, values: TableValues, edited: Mapping[str, RawTable]) -> None:
        self._package = package
        self._values = values
        self._edited = edited

    def refuse_to_grow_over(self, before: RawTable, after: RawTable) -> None:
        """Raise NoRoom when cells that the table covers ``after`` and not ``before`` hold something."""
        old, new = self._area(before), self._area(after)
        if new.last_row > LAST_ROW or new.last_column > LAST_COLUMN:
            raise NoRoom(after.name, address(old.last_row, old.last_column), "the end of the sheet is")
        entry = self._package.table(after.name)
        for gained in _outside(new, old):
            # What an earlier edit gave up still stands in the file, and is the table's own.
            for area in _outside(gained, entry.area) if entry is not None else (gained,):
                self._refuse_unless_free(after, area)

    def _refuse_unless_free(self, table: RawTable, area: Area) -> None:
        for name, other in self._others(table):
            if area.overlaps(other):
                raise NoRoom(table.name, str(other), f"table {name} is")
        if table.sheet in self._package.sheets:
            where = self._values.first_content(table.sheet, area)
            if where:
                raise NoRoom(table.name, where, "something is")

    def _others(self, table: RawTable) -> Iterator[tuple[str, Area]]:
        for entry in self._package.tables:
            edited = self._edited.get(entry.name.casefold())
            if entry.sheet == table.sheet and entry.name.casefold() != table.name.casefold():
                yield entry.name, self._area(edited) if edited is not None else entry.area

    def _area(self, raw: RawTable) -> Area:
        """What a table covers, a header row and a totals row included."""
        entry = self._package.table(raw.name)
        header_rows, totals_rows = (entry.header_rows, entry.totals_rows) if entry is not None else (1, 0)
        return Area(
            raw.first_row - header_rows,
            raw.first_column,
            raw.first_row + len(raw) - 1 + totals_rows,
            raw.first_column + len(raw.headers) - 1,
        )


def _outside(area: Area, inner: Area) -> Iterator[Area]:
    """The cells of ``area`` that are not of ``inner``, which begins no lower and no further right."""
    if area.last_row > inner.last_row:
        yield Area(max(area.first_row, inner.last_row + 1), area.first_column, area.last_row, area.last_column)
    if area.last_column > inner.last_column and area.first_row <= inner.last_row:
        left = max(area.first_column, inner.last_column + 1)
        yield Area(area.first_row, left, min(area.last_row, inner.last_row), area.last_column)
