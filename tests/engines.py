"""The engines that the rules are proved on, for contract tests: the same rows in, the same rows out.

A test that takes the fixture ``engine`` runs once on each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pyarrow as pa

from functions.frames import NO_DAY, Frame, lazy

ENGINES = ("pandas", "polars", "polars_lazy", "duckdb")

_ARROW = {nw.Int64: pa.int64(), nw.String: pa.string(), nw.Boolean: pa.bool_()}
_BLANK = {nw.Int64: 0, nw.String: "", nw.Boolean: False}

Row = dict[str, Any]


class Engine:
    """Makes native frames of one engine, and reads results back."""

    def __init__(self, name: str) -> None:
        self.name = name
        # A connection of its own: frames of the default one would hide a rule that leaves the caller's connection.
        self._connection = duckdb.connect(config={"threads": 1}) if name == "duckdb" else None

    def native(self, rows: Sequence[Mapping[str, Any]], shape: Mapping[str, Any]) -> Any:
        """A native frame of the shape's columns. What a row does not name is blank: "", 0, False or NO_DAY."""
        blank = {name: NO_DAY if name.endswith("_day") else _BLANK[kind] for name, kind in shape.items()}
        stray = {name for row in rows for name in row} - set(shape)
        assert not stray, f"no such columns: {sorted(stray)}"
        filled = [{**blank, **row} for row in rows]
        schema = pa.schema([(name, _ARROW[kind]) for name, kind in shape.items()])
        table = pa.Table.from_pylist(filled, schema=schema)
        if self._connection is not None:
            return self._connection.from_arrow(table)
        if self.name == "pandas":
            return table.to_pandas()
        eager = pl.DataFrame(pl.from_arrow(table))
        return eager if self.name == "polars" else eager.lazy()

    def frame(self, rows: Sequence[Mapping[str, Any]], shape: Mapping[str, Any]) -> Frame:
        """The same, as the rules take it."""
        return lazy(self.native(rows, shape))

    @staticmethod
    def rows(frame: Frame) -> list[Row]:
        """The rows in an order of their own. A float, a null or a 128-bit integer anywhere is an error."""
        odd = {name: kind for name, kind in frame.collect_schema().items() if kind not in _ARROW}
        assert not odd, f"columns of a type that is not exact: {odd}"
        rows = list(frame.collect().iter_rows(named=True))
        assert not any(value is None for row in rows for value in row.values()), "a null instead of a blank"
        return sorted(rows, key=lambda row: tuple(row.values()))
