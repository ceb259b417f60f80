"""Columns that staff added to a table of ours, carried along when it is written anew.

A remark belongs to the row that it was written beside, which is known by the table's key wherever it stands in the next
report. Remarks on rows that are gone are handed over, so that they can be listed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from workbook.editing.table_layout import places_of
from workbook.port import Cell, Columns, RawTable
from workbook.reading.cell_parsing import is_blank
from workbook.reading.cell_parsing.column import trimmed
from workbook.table import Table

NO_ROW = -1


@dataclass(frozen=True)
class OrphanedRemark:
    """What staff wrote beside a row that is no longer in the table: ``key`` is the row's, its parts joined by ``; ``."""

    table: str
    key: str
    header: str
    value: Cell


def rows_by_key(raw: RawTable, table: Table, columns: Columns, *, row_count: int) -> list[int]:
    """For each row to be written, the offset of the row of the same key that stands there now, else NO_ROW.

    Of several rows of one key the first is matched with the first, the second with the second.
    """
    standing: defaultdict[tuple[str, ...], deque[int]] = defaultdict(deque)
    places = places_of(raw, table)
    if not table.key or any(key not in places for key in table.key):
        return [NO_ROW] * row_count
    for row, key in enumerate(zip(*(map(_as_text, raw.columns[places[key]]) for key in table.key), strict=True)):
        if any(key):
            standing[key].append(row)
    blank: Sequence[Cell] = [""] * row_count
    wanted = zip(*(map(_as_text, columns.get(key, blank)) for key in table.key), strict=True)
    return [standing[key].popleft() if standing.get(key) else NO_ROW for key in wanted]


def orphaned_remarks(
    raw: RawTable, table: Table, *, staff_places: Sequence[int], came_from: Sequence[int]
) -> list[OrphanedRemark]:
    """What stands in staff's columns beside the rows that ``came_from`` does not name."""
    places = places_of(raw, table)
    kept = set(came_from)
    return [
        OrphanedRemark(table.name, _key_text(raw, table, places, row), raw.headers[place], raw.columns[place][row])
        for row in range(len(raw))
        if row not in kept
        for place in staff_places
        if not is_blank(raw.columns[place][row])
    ]


def _key_text(raw: RawTable, table: Table, places: dict[str, int], row: int) -> str:
    return "; ".join(_as_text(raw.columns[places[key]][row]) for key in table.key if key in places)


def _as_text(cell: Cell) -> str:
    """One text for a value as it is written and as it is found later: 3 and 3.0, a date with a time or without."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return trimmed(cell) if isinstance(cell, str) else str(cell)
