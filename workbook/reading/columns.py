"""One column of a table by its kind: values, blanks, and how rows are taken out of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from functions.frames import NO_DAY, NO_MINOR
from functions.money import exponent
from workbook.port import Cell
from workbook.reading.cell_parsing import (
    NO_SCALE,
    Parsed,
    Rates,
    choice_lookup,
    choices,
    dates,
    ids,
    integers,
    is_blank,
    money,
    rates,
    texts,
    yes_no,
)
from workbook.reading.context import ReadingContext
from workbook.reading.row_currencies import currency_codes
from workbook.table import Column, Kind, Sign

Values = list[str] | NDArray[np.int64] | NDArray[np.bool_] | Rates
_TEXTUAL = frozenset({Kind.ID, Kind.TEXT, Kind.CHOICE})
_BLANKS = {Kind.DATE: NO_DAY, Kind.MONEY: NO_MINOR, Kind.INTEGER: 0}
_NOTHING = frozenset({str, type(None)})


def read_column(column: Column, cells: Sequence[Cell], context: ReadingContext) -> Parsed[Values]:
    """The values of a column that is not money, and its flaws."""
    if _is_wholly_blank(cells):
        return Parsed(blank_values(column.kind, len(cells)), [])
    if column.key == "currency":
        return currency_codes(cells)
    if column.kind is Kind.ID:
        return ids(cells)
    if column.kind is Kind.DATE:
        return dates(cells, date_order=context.date_order, is_1904=context.is_1904)
    if column.kind is Kind.RATE:
        return rates(cells, decimal=context.decimal, is_signed=column.sign is Sign.ANY)
    if column.kind is Kind.INTEGER:
        return integers(cells, decimal=context.decimal)
    if column.kind is Kind.YES_NO:
        return yes_no(cells)
    if column.kind is Kind.CHOICE and column.choices:
        return choices(cells, choice_lookup(column.choices, context.words))
    return texts(cells)


def read_money(cells: Sequence[Cell], currencies: Sequence[str], context: ReadingContext) -> Parsed[NDArray[np.int64]]:
    """The minor units of a money column whose rows are in these currencies. Raises UnknownCurrency."""
    if _is_wholly_blank(cells):
        return Parsed(np.full(len(cells), NO_MINOR, np.int64), [])
    exponents = {code: exponent(code) for code in set(currencies)}
    if len(set(exponents.values())) == 1:
        return money(cells, exponent=next(iter(exponents.values())), decimal=context.decimal)
    of_rows = np.fromiter(map(exponents.__getitem__, currencies), np.int64, len(cells))
    return money(cells, exponent=of_rows, decimal=context.decimal)


def is_all_none(cells: Sequence[Cell]) -> bool:
    """Whether no cell holds anything, told the fastest way: a template's table has a dozen columns that nobody fills."""
    return bool(cells) and cells[0] is None and cells.count(None) == len(cells)


def _is_wholly_blank(cells: Sequence[Cell]) -> bool:
    # Spaces count as something here: reading the column will tell.
    if is_all_none(cells):
        return True
    return not any(cells) and set(map(type, cells)) <= _NOTHING


def blank_values(kind: Kind, count: int) -> Values:
    """A column without a value."""
    if kind in _TEXTUAL:
        return [""] * count
    if kind is Kind.YES_NO:
        return np.zeros(count, np.bool_)
    if kind is Kind.RATE:
        return Rates(np.zeros(count, np.int64), np.full(count, NO_SCALE, np.int64))
    return np.full(count, _BLANKS[kind], np.int64)


def blank_offsets(kind: Kind, values: Values, cells: Sequence[Cell]) -> list[int]:
    """Where a column has no value. The cells are looked at only for a kind whose blank is a value too."""
    if isinstance(values, list):
        return [at for at, value in enumerate(values) if not value] if "" in values else []
    if kind in (Kind.YES_NO, Kind.INTEGER):
        return [at for at, cell in enumerate(cells) if is_blank(cell)]
    is_without = values.scale == NO_SCALE if isinstance(values, Rates) else values == _BLANKS[kind]
    found: list[int] = np.flatnonzero(is_without).tolist()
    return found


def only(values: Values, wanted: NDArray[np.bool_]) -> Values:
    """The values of the wanted rows."""
    if isinstance(values, list):
        return list(compress(values, wanted))
    if isinstance(values, Rates):
        return Rates(values.digits[wanted], values.scale[wanted])
    return values[wanted]
