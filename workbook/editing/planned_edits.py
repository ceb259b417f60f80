"""From what a task asks to the edit that does it, and the table as it will be then.

Pure: nothing is read or written here, so that the two hosts share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook.editing.staff_columns import NO_ROW, OrphanedRemark, notes_with_their_rows, orphaned_remarks, rows_by_key
from workbook.editing.table_layout import layout_of, places_of
from workbook.package.edits import AppendRows, RewriteRows, UpdateCells
from workbook.port import Cell, Columns, RawTable
from workbook.reading.cell_parsing import is_blank
from workbook.refusals import MissingColumn
from workbook.table import Column, Table


@dataclass(frozen=True)
class Plan:
    """An edit, the table before and after it, and the remarks whose rows it does not find."""

    edit: RewriteRows | AppendRows | UpdateCells
    before: RawTable
    after: RawTable
    orphaned_remarks: tuple[OrphanedRemark, ...] = ()


def empty_table(table: Table, language: str) -> RawTable:
    """A table as it stands on a sheet that is to be added: its headers in row 1, and one blank row."""
    headers = tuple(column.label.in_language(language) for column in table.columns)
    return RawTable(
        name=table.name,
        sheet=table.label.in_language(language),
        headers=headers,
        columns=((("",),) * len(headers)),
        first_row=2,
        first_column=1,
    )


def rewritten(
    raw: RawTable, table: Table, columns: Columns, language: str, calculated: frozenset[int] = frozenset()
) -> Plan:
    """All rows anew. Staff's columns follow the row's key; those that Excel fills (``calculated``) hold no remarks.

    Raises DuplicateColumn; ValueError for columns that are not the table's, or not of one length.
    """
    count = _row_count(table, columns)
    layout = layout_of(raw, table, language)
    carries = layout.staff_places or raw.notes
    came_from = rows_by_key(raw, table, columns, row_count=count) if carries else [NO_ROW] * count
    blank: Sequence[Cell] = [""] * max(1, count)
    written = {place: list(columns.get(key, blank)) or [""] for key, place in layout.place_of.items()}
    written |= {place: list(blank) for place in layout.cleared}
    carried = {
        place: [raw.columns[place][row] if row != NO_ROW else "" for row in came_from] or [""]
        for place in layout.staff_places
    }
    remarks = [place for place in layout.staff_places if place not in calculated]
    return Plan(
        edit=RewriteRows(
            table=raw.name,
            row_count=count,
            new_headers={
                place: header for place, header in enumerate(layout.headers) if raw.headers[place : place + 1] != (header,)
            },
            columns=written,
            came_from=came_from,
            kinds={place: table[key] for key, place in layout.place_of.items()},
        ),
        before=raw,
        after=replace(
            raw,
            headers=layout.headers,
            columns=tuple((written | carried)[place] for place in range(len(layout.headers))),
            faults={},
            notes=notes_with_their_rows(raw, came_from),
        ),
        orphaned_remarks=tuple(orphaned_remarks(raw, table, staff_places=remarks, came_from=came_from)),
    )


def appended(raw: RawTable, table: Table, columns: Columns, calculated: frozenset[int] = frozenset()) -> Plan | None:
    """Rows below the last one that holds anything; None when there are none to add.

    A column that Excel fills (``calculated``) does not make a row hold something. Raises MissingColumn, DuplicateColumn;
    ValueError as ``rewritten``.
    """
    count = _row_count(table, columns)
    if not count:
        return None
    placed = _placed(raw, table, columns)
    at = _first_free_row(raw, calculated)
    height = max(len(raw), at + count)
    after = [[*column, *[""] * (height - len(raw))] for column in raw.columns]
    for place, values in placed.items():
        after[place][at : at + count] = values
    return Plan(
        edit=AppendRows(table=raw.name, at=at, row_count=count, columns=placed, kinds=_kinds(raw, table)),
        before=raw,
        after=replace(raw, columns=tuple(after)),
    )


def updated(raw: RawTable, table: Table, rows: Sequence[int], columns: Columns) -> Plan:
    """Other values in some columns of the rows given. Raises MissingColumn, DuplicateColumn, IndexError; ValueError."""
    count = _row_count(table, columns)
    if columns and count != len(rows):
        raise ValueError(f"{table.name}: {len(rows)} rows to update, values for {count}")
    if any(not 0 <= row < len(raw) for row in rows):
        raise IndexError(f"{table.name} has {len(raw)} rows: no row {max(rows)}")
    placed = _placed(raw, table, columns)
    after = [list(column) for column in raw.columns]
    for place, values in placed.items():
        for row, value in zip(rows, values, strict=True):
            after[place][row] = value
    touched = {(row, place) for place in placed for row in rows}
    return Plan(
        edit=UpdateCells(table=raw.name, rows=list(rows), columns=placed, kinds=_kinds(raw, table)),
        before=raw,
        after=replace(
            raw,
            columns=tuple(after),
            faults={where: fault for where, fault in raw.faults.items() if where not in touched},
        ),
    )


def _row_count(table: Table, columns: Columns) -> int:
    unknown = [key for key in columns if key not in table]
    if unknown:
        raise ValueError(f"{table.name} has no column {', '.join(unknown)}")
    counts = {len(values) for values in columns.values()}
    if len(counts) > 1:
        raise ValueError(f"{table.name}: columns of {len(counts)} lengths")
    return counts.pop() if counts else 0


def _placed(raw: RawTable, table: Table, columns: Columns) -> Mapping[int, Sequence[Cell]]:
    """The values by the place of their column; one without a column may be left out where it has no value."""
    places = places_of(raw, table)
    absent = [key for key, values in columns.items() if key not in places and not all(map(is_blank, values))]
    if absent:
        raise MissingColumn(table.name, absent)
    return {places[key]: list(values) for key, values in columns.items() if key in places}


def _kinds(raw: RawTable, table: Table) -> dict[int, Column]:
    return {place: table[key] for key, place in places_of(raw, table).items()}


def _first_free_row(raw: RawTable, calculated: frozenset[int]) -> int:
    """The offset after the last row that holds something."""
    judged = [place for place in range(len(raw.headers)) if place not in calculated]
    faulty: Iterable[int] = (row for row, place in raw.faults if place in judged)
    last = max(faulty, default=-1)
    for place in judged:
        column = raw.columns[place]
        last = next((row for row in range(len(raw) - 1, last, -1) if not is_blank(column[row])), last)
    return last + 1
