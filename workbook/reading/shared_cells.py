"""A table's cells in less memory: equal ones of a column as one object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from workbook.port import Cell, RawTable

_SHARED = frozenset({str, dt.date, dt.datetime, type(None)})
"""Values of two of these kinds are never equal, as 1, 1.0 and True are: one stands for the other unnoticed."""

_TASTE = 1_000


def with_shared_cells(raw: RawTable) -> RawTable:
    """The same table, kept for as long as a run lasts. Columns that are wholly blank become one."""
    blank: Sequence[Cell] = ("",) * len(raw)
    columns = (blank if set(map(type, column)) == {str} and not any(column) else column for column in raw.columns)
    return replace(raw, columns=tuple(column if column is blank else shared(column) for column in columns))


def shared(column: Sequence[Cell]) -> Sequence[Cell]:
    """A column whose equal cells are one object; one that repeats little, as it is.

    Cells are handed over as an object each: a currency down a hundred thousand rows is as many texts.
    """
    taste = column[:_TASTE]
    repeats = 2 * len(set(taste)) <= len(taste)
    if not repeats or not set(map(type, column)) <= _SHARED:
        return column
    known: dict[Cell, Cell] = {}
    return list(map(known.setdefault, column, column))
