"""Typed columns → cells: the way back from ``reading``, so that what was written reads as what it was (RULES §11)."""

from __future__ import annotations

from collections.abc import Sequence
from sys import intern  # an invoice's number stands in many rows of many reports: it is kept once

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from functions.dates import date_of
from functions.frames import NO_DAY, NO_MINOR
from functions.money import exponent
from workbook import labels
from workbook.port import Cell, Columns
from workbook.reading.canonical_names import canonical_names
from workbook.reading.cell_parsing import NO_SCALE
from workbook.table import Column, CurrencyOf, Kind, Table


class NoCurrency(ValueError):
    """Amounts whose decimals nobody can tell: the frame has no column ``currency``."""

    def __init__(self, table: str, column: str) -> None:
        super().__init__(f"{table}.{column}: amounts of a frame without a column currency cannot be written")


def columns_to_write(table: Table, frame: pd.DataFrame, *, language: str, base_currency: str) -> Columns:
    """The cells of those columns of ``table`` that the frame has under their canonical names, words in ``language``.

    Amounts become major units by the row's ``currency`` (``base_currency`` where it is blank, and for amounts in base
    currency): the nearest float, which reads back as the same minor units. Blanks (NO_DAY, NO_MINOR, NO_SCALE, "") become
    None; a whole number 0 is written, though a blank reads as 0 too.
    Raises NoCurrency, UnknownCurrency.
    """
    codes = codes_to_write(table, frame, base_currency=base_currency)
    return {key: _worded(table[key], cells, language) for key, cells in codes.items()}


def codes_to_write(table: Table, frame: pd.DataFrame, *, base_currency: str = "") -> Columns:
    """As ``columns_to_write``, with choices left as codes and flags as booleans."""
    present = [column for column in table.columns if set(canonical_names(column)) <= set(frame.columns)]
    return {column.key: _cells(table, column, frame, base_currency) for column in present}


def _cells(table: Table, column: Column, frame: pd.DataFrame, base_currency: str) -> Sequence[Cell]:
    names = canonical_names(column)
    match column.kind:
        case Kind.DATE:
            return _dates(_int64(frame[names[0]]))
        case Kind.MONEY:
            if column.currency_of is not CurrencyOf.BASE and "currency" not in frame:
                raise NoCurrency(table.name, column.key)
            minors = _int64(frame[names[0]])
            is_base = column.currency_of is CurrencyOf.BASE
            exponents = _exponents(["" for _ in minors] if is_base else frame["currency"].tolist(), base_currency)
            return _numbers(minors, exponents)
        case Kind.RATE:
            digits, scale = (_int64(frame[name]) for name in names)
            return _numbers(np.where(scale == NO_SCALE, NO_MINOR, digits), scale)
        case Kind.INTEGER:
            return [None if value == NO_MINOR else value for value in _int64(frame[names[0]]).tolist()]
        case Kind.YES_NO:
            return [bool(value) for value in frame[names[0]].tolist()]
        case Kind.TEXT | Kind.ID | Kind.CHOICE:
            return [intern(value) if value else None for value in frame[names[0]].tolist()]


def _int64(values: pd.Series[int]) -> NDArray[np.int64]:
    return np.asarray(values, dtype=np.int64)


def _dates(days: NDArray[np.int64]) -> list[Cell]:
    # Days repeat down a column: each date is made once.
    date = {day: None if day == NO_DAY else date_of(day) for day in np.unique(days).tolist()}
    return [date[day] for day in days.tolist()]


def _exponents(currencies: Sequence[str], base_currency: str) -> NDArray[np.int64]:
    decimals = {code: exponent(code or base_currency) for code in set(currencies)}
    return np.fromiter(map(decimals.__getitem__, currencies), np.int64, len(currencies))


def _numbers(digits: NDArray[np.int64], scale: NDArray[np.int64]) -> list[Cell]:
    """digits ÷ 10**scale: exact powers of ten and whole digits below 2^53, so that the quotient is the nearest float."""
    floats: list[float] = (digits / np.power(10.0, scale)).tolist()
    if not (digits == NO_MINOR).any():
        return list(floats)
    return [None if digit == NO_MINOR else value for digit, value in zip(digits.tolist(), floats, strict=True)]


def _worded(column: Column, cells: Sequence[Cell], language: str) -> Sequence[Cell]:
    if column.kind not in (Kind.CHOICE, Kind.YES_NO):
        return cells
    word = {cell: labels.shown(column, cell, language) for cell in set(cells)}
    return [word[cell] for cell in cells]
