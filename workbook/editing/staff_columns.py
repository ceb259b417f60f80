"""Columns that staff added to a table of ours, carried along when it is written anew.

A remark belongs to the row that it was written beside, which is known by the table's key wherever it stands in the next
report. Remarks on rows that are gone are handed over, so that they can be listed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from workbook.editing.table_layout import places_of
from workbook.port import Cell, Columns, RawTable
from workbook.reading.cell_parsing import is_blank, texts
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
    places = places_of(raw, table)
    if not table.key or any(key not in places for key in table.key):
        return [NO_ROW] * row_count
    standing = list(zip(*(_as_texts(raw.columns[places[key]]) for key in table.key), strict=True))
    # The first row of each key, and after each row the next one of its key: from the last row up.
    first: dict[tuple[str, ...], int] = {}
    next_of_key = [NO_ROW] * len(standing)
    for row in range(len(standing) - 1, -1, -1):
        key = standing[row]
        if any(key):
            next_of_key[row] = first.get(key, NO_ROW)
            first[key] = row
    blank: Sequence[Cell] = [""] * row_count
    came_from = []
    for key in zip(*(_as_texts(columns.get(key, blank)) for key in table.key), strict=True):
        row = first.get(key, NO_ROW)
        came_from.append(row)
        if row != NO_ROW:
            first[key] = next_of_key[row]
    return came_from


def orphaned_remarks(
    raw: RawTable, table: Table, *, staff_places: Sequence[int], came_from: Sequence[int]
) -> list[OrphanedRemark]:
    """What stands in staff's columns beside the rows that ``came_from`` does not name, and the notes pinned to them."""
    if not staff_places and not raw.notes:
        return []
    places = places_of(raw, table)
    kept = set(came_from)
    remarks = {
        (row, place): raw.columns[place][row]
        for row in range(len(raw))
        if row not in kept
        for place in staff_places
        if not is_blank(raw.columns[place][row])
    }
    notes = {(row, place): note for (row, place), note in raw.notes.items() if row not in kept}
    return [
        OrphanedRemark(table.name, _key_text(raw, table, places, row), raw.headers[place], value)
        for (row, place), value in sorted([*remarks.items(), *notes.items()], key=lambda each: each[0])
    ]


def notes_with_their_rows(raw: RawTable, came_from: Sequence[int]) -> dict[tuple[int, int], str]:
    """The notes as they are pinned when each row has come from where ``came_from`` says."""
    rows = {offset: row for row, offset in enumerate(came_from) if offset != NO_ROW}
    return {(rows[row], place): note for (row, place), note in raw.notes.items() if row in rows}


def _key_text(raw: RawTable, table: Table, places: dict[str, int], row: int) -> str:
    return "; ".join(_as_text(raw.columns[places[key]][row]) for key in table.key if key in places)


def _as_texts(column: Sequence[Cell]) -> list[str]:
    """``_as_text`` of each cell. Values repeat down a column of keys: each is put in words once."""
    kinds = set(map(type, column))
    if kinds == {str}:
        return texts(column).values
    if bool in kinds:  # True and 1 are one to a set, and two as texts
        return list(map(_as_text, column))
    text = {cell: _as_text(cell) for cell in set(column)}
    return [text[cell] for cell in column]


def _as_text(cell: Cell) -> str:
    """One text for a value as it is written and as it is found later: 3 and 3.0, a date with a time or without."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return trimmed(cell) if isinstance(cell, str) else str(cell)
