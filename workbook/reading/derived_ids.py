"""Ids of rows that staff typed without one: the columns that the row is otherwise known by, joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from functions.dates import date_of
from functions.frames import NO_DAY
from workbook.reading.columns import Values
from workbook.table import Kind, Table


def derived_ids(table: Table, values: Mapping[str, Values], rows: Iterable[int]) -> dict[int, str]:
    """Row → id for these rows, the same on every run: "R-17/INV-5/2024-01-05". A blank part leaves no gap."""
    parts = {row: [_part(table, key, values[key], row) for key in table.key_without_id] for row in rows}
    return {row: "/".join(filter(None, of_row)) for row, of_row in parts.items()}


def _part(table: Table, key: str, values: Values, row: int) -> str:
    if isinstance(values, list):
        return values[row]
    if table[key].kind is not Kind.DATE:
        raise TypeError(f"{table.name}.{key} is neither text nor a date: no id can be made of it")
    day = int(values[row])  # type: ignore[index]  # dates are arrays
    return "" if day == NO_DAY else date_of(day).isoformat()
