"""The engine that the rules run on for a cell: Polars where it is installed, for a fraction of the time, else pandas."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

from workbook.reading.rows import TypedColumn, pandas_frame
from workbook.results.ledger import FrameOf


@cache
def fastest_frames() -> FrameOf:
    """How typed columns become frames of the fastest engine that is there."""
    return pandas_frame if find_spec("polars") is None else _polars_frame


def _polars_frame(columns: Mapping[str, TypedColumn]) -> Any:
    import polars

    def series(name: str, values: TypedColumn) -> Any:
        if not isinstance(values, list):
            return polars.Series(name, values)
        if any(values):
            return polars.Series(name, values, dtype=polars.String)
        return polars.repeat("", len(values), dtype=polars.String, eager=True).alias(name)

    return polars.DataFrame([series(name, values) for name, values in columns.items()])
