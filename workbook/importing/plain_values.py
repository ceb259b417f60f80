"""Values as they are compared and stored: one spelling a value, None for a blank.

A date is its day number, money and rates are the nearest double of their decimal, a choice is its code. So a stored id
typed as a number equals the same id as text, and 1.10 equals 1.1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from functions.dates import date_of
from functions.frames import NO_DAY, NO_MINOR
from functions.money import exponent
from workbook import labels
from workbook.port import Cell
from workbook.reading.cell_parsing import Rates, is_blank
from workbook.reading.columns import Values
from workbook.table import Column, Kind

Plain = str | int | float | bool | None


def plain_values(column: Column, values: Values, cells: Sequence[Cell]) -> list[Plain]:
    """The values of a column that is not money, as parsed from these cells."""
    if isinstance(values, list):
        return [value or None for value in values]
    if isinstance(values, Rates):
        pairs = zip(values.digits.tolist(), values.scale.tolist(), strict=True)
        return [None if digits == NO_MINOR else digits / 10**scale for digits, scale in pairs]
    if column.kind is Kind.YES_NO:
        return [None if is_blank(cell) else flag for flag, cell in zip(values.tolist(), cells, strict=True)]
    blank = NO_DAY if column.kind is Kind.DATE else NO_MINOR
    return [None if value == blank else value for value in values.tolist()]


def plain_money(minors: NDArray[np.int64], currencies: Sequence[str]) -> list[Plain]:
    """Minor units in major ones. Below 2^51 the division gives the double nearest to the decimal."""
    scale_of = {currency: 10 ** exponent(currency) for currency in set(currencies)}
    pairs = zip(minors.tolist(), map(scale_of.__getitem__, currencies), strict=True)
    return [None if minor == NO_MINOR else minor / scale for minor, scale in pairs]


def stored_cells(column: Column, values: Sequence[Plain], language: str) -> list[Cell]:
    """The cells to write: real dates, numbers, texts, and words in the workbook's language for choices, yes and no."""
    if column.kind is Kind.DATE:
        return _each(values, lambda day: date_of(int(day)))
    if column.kind is Kind.YES_NO:
        return _each(values, lambda flag: labels.yes_no(bool(flag), language))
    if column.kind is Kind.CHOICE and column.choices:
        return _each(values, lambda code: labels.words(str(code), language))
    return list(values)


def _each(values: Sequence[Plain], cell_of: Callable[[str | int | float | bool], Cell]) -> list[Cell]:
    cells: dict[Plain, Cell] = {value: None if value is None else cell_of(value) for value in set(values)}
    return [cells[value] for value in values]
