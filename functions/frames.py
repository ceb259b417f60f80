"""The few operations on frames that mean the same on every engine.

The rules run on the caller's own lazy frames (pandas, Polars, DuckDB) through Narwhals. Engines differ without a word in
a handful of forms: a null turns pandas integers into floats, DuckDB concatenates by position and sums into 128 bits,
integer literals have different widths. Each such form is wrapped here once; ``tests/test_architecture.py`` refuses the
raw ones elsewhere in this room.

Blanks are sentinels, never nulls: ``""`` for texts, ``NO_DAY`` for days, ``NO_MINOR`` for amounts, ``NO_SCALE`` for rates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals as nw

Frame = nw.LazyFrame[Any]

NO_DAY = -(2**31)
"""A blank date. Compares as earlier than every date, so ask ``has_day`` first."""

NO_MINOR = -(2**62)
"""A blank amount (no limit, no rate to convert with, a promise of everything)."""

NO_SCALE = -1
"""The scale of a blank rate, which is not the same as a rate of zero."""

_SQL_TYPES = {nw.Int64: "BIGINT", nw.String: "VARCHAR", nw.Boolean: "BOOLEAN"}
_SEPARATOR = "\x1f"


class ForeignEngine(TypeError):
    """A frame of an engine that the rules have not been proved on."""

    def __init__(self, engine: object) -> None:
        super().__init__(f"frames of {engine} are not supported: use pandas, Polars or DuckDB")


def lazy(native: Any) -> Frame:
    """The caller's frame as a lazy Narwhals frame on its own engine."""
    frame: Frame = nw.from_native(native).lazy()
    return frame


def integer(value: int) -> nw.Expr:
    """An int64 literal: a bare ``nw.lit`` is 32 bits wide on most engines."""
    return nw.lit(value, dtype=nw.Int64)


def text(value: str) -> nw.Expr:
    """A string literal."""
    return nw.lit(value, dtype=nw.String)


def has_day(column: str) -> nw.Expr:
    """True where the day is not blank."""
    return nw.col(column) != NO_DAY


def has_minor(column: str) -> nw.Expr:
    """True where the amount is not blank."""
    return nw.col(column) != NO_MINOR


def parameter(like: Frame, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, Any]) -> Frame:
    """A small frame of constants on the engine of ``like``, so that the two can be joined.

    ``schema`` maps each column to nw.Int64, nw.String or nw.Boolean. Raises ForeignEngine.
    """
    engine = like.implementation
    data = {name: list(columns[name]) for name in schema}
    if engine.is_pandas():
        return nw.from_dict(data, schema=dict(schema), backend="pandas").lazy()
    if engine.is_polars():
        return nw.from_dict(data, schema=dict(schema), backend="polars").lazy()
    if engine.is_duckdb():
        return _duckdb_parameter(like, data, schema)
    raise ForeignEngine(engine)


def _duckdb_parameter(like: Frame, data: Mapping[str, list[Any]], schema: Mapping[str, Any]) -> Frame:
    # Relations of two connections do not join; a query on the relation itself stays on its connection.
    rows = len(next(iter(data.values())))
    if rows == 0:
        nulls = ", ".join(f'CAST(NULL AS {_SQL_TYPES[kind]}) AS "{name}"' for name, kind in schema.items())
        return lazy(nw.to_native(like).query("caller", f"SELECT {nulls} WHERE FALSE"))
    # One split text a column: a list of literals is parsed a hundred times slower.
    lists = []
    for name, kind in schema.items():
        joined = _SEPARATOR.join(map(str, data[name])).replace("'", "''")
        lists.append(f"unnest(string_split('{joined}', '{_SEPARATOR}')::{_SQL_TYPES[kind]}[]) AS \"{name}\"")
    relation = nw.to_native(like).query("caller", f"SELECT {', '.join(lists)}")
    return lazy(relation.materialize())


def stack(frames: Iterable[Frame], columns: Sequence[str]) -> Frame:
    """The frames below each other. Columns are put in one order first: DuckDB matches them by place."""
    return nw.concat([frame.select(*columns) for frame in frames], how="vertical")


def left_join(left: Frame, right: Frame, on: str | Sequence[str], fill: Mapping[str, Any]) -> Frame:
    """Left join with each new column's blank named, so that no null and no float appears.

    ``right`` must be unique by ``on``; ``fill`` maps each of its other columns that is wanted to the value where nothing
    matches. The columns keep the type of their fill value (int → Int64, str → String, bool → Boolean).
    """
    keys = [on] if isinstance(on, str) else list(on)
    joined = left.join(right.select(*keys, *fill), on=keys, how="left")
    return joined.with_columns(nw.col(name).fill_null(value).cast(_type_of(value)) for name, value in fill.items())


def _type_of(value: object) -> Any:
    if isinstance(value, bool):
        return nw.Boolean
    return nw.Int64 if isinstance(value, int) else nw.String


def sum_by(frame: Frame, keys: Sequence[str], **sums: str) -> Frame:
    """One row a key; each ``name=column`` is the int64 sum of that column (bare columns only: pandas loses conditions)."""
    grouped = frame.group_by(*keys).agg(**{name: nw.col(column).sum() for name, column in sums.items()})
    return grouped.with_columns(nw.col(name).cast(nw.Int64) for name in sums)


def running_total(frame: Frame, name: str, of: str, within: Sequence[str], order: Sequence[str]) -> Frame:
    """A column with the running sum of ``of`` within each key; ``order`` must be unique there."""
    total = nw.col(of).cum_sum().over(*within, order_by=list(order))
    return frame.with_columns(total.cast(nw.Int64).alias(name))


def numbered(frame: Frame, name: str, order: Sequence[str]) -> Frame:
    """A column with 1, 2, 3 … in the order, which must be unique: an integer key is cheaper than the texts it stands for."""
    counted = nw.col("_one").cum_sum().over(order_by=list(order))
    return frame.with_columns(_one=integer(1)).with_columns(counted.cast(nw.Int64).alias(name)).drop("_one")


def flag(condition: nw.Expr) -> nw.Expr:
    """A condition as 1 or 0: booleans sum differently on each engine."""
    return nw.when(condition).then(integer(1)).otherwise(integer(0))


def largest(*values: str | nw.Expr) -> nw.Expr:
    """The largest of integers in each row. On pandas the raw form makes floats of no rows, and of all it meets later."""
    return nw.max_horizontal(*values).cast(nw.Int64)


def smallest(*values: str | nw.Expr) -> nw.Expr:
    """The smallest of integers in each row."""
    return nw.min_horizontal(*values).cast(nw.Int64)


def between(value: nw.Expr, low: nw.Expr, high: nw.Expr) -> nw.Expr:
    """``value`` held within [low, high]."""
    return largest(smallest(value, high), low)


def materialise(frame: Frame) -> Frame:
    """The same rows, computed once on the frame's own engine: a shared step is otherwise worked out again at each use."""
    engine = frame.implementation
    if engine.is_pandas():
        return frame  # already computed
    if engine.is_polars():
        return lazy(nw.to_native(frame).collect())
    if engine.is_duckdb():
        return lazy(nw.to_native(frame).materialize())
    raise ForeignEngine(engine)


def times_ratio(frame: Frame, name: str, of: str, digits: str, power: str) -> Frame:
    """``of`` × ``digits`` ÷ 10**``power``, rounded half away from zero, exactly, as a new int64 column.

    |of| < 2^51, 0 ≤ digits < 10^9, 0 ≤ power ≤ 18, all int64 columns; the result must be under 2^63. The product has up
    to 81 bits, so the divisor is taken in two parts, high = 10**max(power − 6, 0) and low = 10**min(power, 6): no step
    leaves int64. One division a step: nested ones make DuckDB's plan explode.
    """
    step = {part: f"_{name}_{part}" for part in ("low", "high", "size", "a1", "a0", "carry", "r0", "q", "r1")}
    col = {part: nw.col(column) for part, column in step.items()}
    frame = frame.join(_powers_of_ten(frame, power, step["low"], step["high"]), on=power, how="inner")
    frame = frame.with_columns(nw.col(of).abs().alias(step["size"]))
    frame = frame.with_columns((col["size"] // col["low"]).cast(nw.Int64).alias(step["a1"]))
    frame = frame.with_columns(((col["size"] - col["a1"] * col["low"]) * nw.col(digits)).alias(step["a0"]))
    frame = frame.with_columns((col["a0"] // col["low"]).cast(nw.Int64).alias(step["carry"]))
    frame = frame.with_columns(
        (col["a0"] - col["carry"] * col["low"]).alias(step["r0"]),
        (col["a1"] * nw.col(digits) + col["carry"]).alias(step["carry"]),
    )
    frame = frame.with_columns((col["carry"] // col["high"]).cast(nw.Int64).alias(step["q"]))
    frame = frame.with_columns((col["carry"] - col["q"] * col["high"]).alias(step["r1"]))
    rest = col["r1"] * col["low"] + col["r0"]
    rounded = col["q"] + flag(rest * 2 >= col["low"] * col["high"])
    signed = nw.when(nw.col(of) < 0).then(-rounded).otherwise(rounded)
    return frame.with_columns(signed.cast(nw.Int64).alias(name)).drop(*step.values())


_MOST_POWER = 18
_LOW_POWER = 6


def _powers_of_ten(like: Frame, power: str, low: str, high: str) -> Frame:
    # A join: no engine's float power, and no chain of choices to work through for every row.
    powers = range(_MOST_POWER + 1)
    columns = {
        power: list(powers),
        low: [10 ** min(each, _LOW_POWER) for each in powers],
        high: [10 ** max(each - _LOW_POWER, 0) for each in powers],
    }
    return parameter(like, columns, dict.fromkeys(columns, nw.Int64))
