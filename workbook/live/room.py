"""Whether a table may grow on its sheet in an open workbook: nothing of a user's may be written over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbook.addresses import LAST_COLUMN, LAST_ROW, Area, address
from workbook.live.cell_values import rows_of
from workbook.live.live_table import LiveTable
from workbook.port import RawTable
from workbook.refusals import NoRoom


class LiveRoom:
    """The tables of an open workbook by folded name, and those of ``edited`` as they will be."""

    def __init__(self, tables: Mapping[str, LiveTable], edited: Mapping[str, RawTable]) -> None:
        self._tables = tables
        self._edited = edited

    def refuse_to_grow_over(self, before: RawTable, after: RawTable) -> None:
        """Raise NoRoom when cells that the table covers ``after`` and not ``before`` hold something."""
        old, new = self._area(before), self._area(after)
        if new.last_row > LAST_ROW or new.last_column > LAST_COLUMN:
            raise NoRoom(after.name, address(old.last_row, old.last_column), "the end of the sheet is")
        table = self._tables.get(after.name.casefold())
        if table is None:  # on a sheet of its own, which is not there yet
            return
        standing = table.area
        for gained in _outside(new, old):
            # What an earlier edit gave up still stands on the sheet, and is the table's own.
            for area in _outside(gained, standing):
                self._refuse_unless_free(table, after, area)

    def _refuse_unless_free(self, table: LiveTable, after: RawTable, area: Area) -> None:
        for other in self._tables.values():
            if other is not table and other.sheet.name == after.sheet:
                edited = self._edited.get(other.name.casefold())
                covered = self._area(edited) if edited is not None else other.area
                if area.overlaps(covered):
                    raise NoRoom(after.name, str(covered), f"table {other.name} is")
        cells = table.sheet.range(str(area))
        for row, values in enumerate(rows_of(cells.raw_value), area.first_row):
            for column, value in enumerate(values, area.first_column):
                if value is not None:
                    raise NoRoom(after.name, address(row, column), "something is")
        if cells.merge_cells is not False:
            raise NoRoom(after.name, f"{after.sheet}!{area}", "a merged cell is")

    def _area(self, raw: RawTable) -> Area:
        """What a table covers, a header row and a totals row included."""
        table = self._tables.get(raw.name.casefold())
        header_rows, totals_rows = (table.header_rows, table.totals_rows) if table is not None else (1, 0)
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
