"""The value of one setting: how each kind of cell on the Settings sheet is read."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import pairwise
from typing import Any

from functions.day_count import YEARS
from functions.money import is_currency
from workbook import labels
from workbook.number_pattern import BadPattern, NumberPattern
from workbook.port import Cell
from workbook.reading.cell_parsing import choice_lookup, choices, dates, ids, integers, is_blank, texts, yes_no


class SettingKind(StrEnum):
    """What a setting's cell may hold."""

    TEXT = "text"
    CURRENCY = "currency"
    CHOICE = "choice"
    DATE = "date"
    COUNT = "count"  # a whole number, zero or more
    AMOUNT = "amount"  # a whole amount of the base currency, zero or more; blank: none
    YEAR_DAYS = "year_days"  # 365 or 360
    YES_NO = "yes_no"
    NUMBER_PATTERN = "number_pattern"  # of invoice numbers: fields of the date, and a count
    EDGES = "edges"  # increasing days from zero, with semicolons between


class BadValue(ValueError):
    """A cell that holds nothing its setting takes."""

    def __init__(self, cell: Cell, kind: SettingKind) -> None:
        super().__init__(f"{cell!r} is not a {kind.value}")


SettingValue = str | int | bool | tuple[int, ...] | None

_EDGE_MARKS = re.compile(r"[;；,，、\s]+")


def read_value(cell: Cell, kind: SettingKind, codes: tuple[str, ...] = (), *, is_1904: bool = False) -> SettingValue:
    """The cell as its kind asks: a text, an ISO 4217 code, one of ``codes``, a day number, a count, an amount, a flag,
    or edges. Raises BadValue.
    """
    match kind:
        case SettingKind.CHOICE:
            return str(_only(choices([cell], choice_lookup(codes, labels.WORDS)), cell, kind))
        case SettingKind.DATE:
            return int(_only(dates([cell], is_1904=is_1904), cell, kind))
        case SettingKind.YES_NO:
            return bool(_only(yes_no([cell]), cell, kind))
        case SettingKind.CURRENCY:
            return _currency(cell)
        case SettingKind.COUNT:
            return _count(cell)
        case SettingKind.AMOUNT:
            return None if is_blank(cell) else _count(cell)
        case SettingKind.YEAR_DAYS:
            return _year_days(cell)
        case SettingKind.NUMBER_PATTERN:
            return _number_pattern(cell)
        case SettingKind.EDGES:
            return _edges(cell)
        case SettingKind.TEXT:
            return str(_only(texts([cell]), cell, kind))


def _only(parsed: Any, cell: Cell, kind: SettingKind) -> Any:
    """The value of a column of one cell."""
    if parsed.flaws:
        raise BadValue(cell, kind)
    return parsed.values[0]


def _currency(cell: Cell) -> str:
    code = str(_only(ids([cell]), cell, SettingKind.CURRENCY)).upper()
    if not is_currency(code):
        raise BadValue(cell, SettingKind.CURRENCY)
    return code


def _count(cell: Cell) -> int:
    count = int(_only(integers([cell]), cell, SettingKind.COUNT))
    if count < 0:
        raise BadValue(cell, SettingKind.COUNT)
    return count


def _year_days(cell: Cell) -> int:
    days = _count(cell)
    if days not in YEARS:
        raise BadValue(cell, SettingKind.YEAR_DAYS)
    return days


def _number_pattern(cell: Cell) -> str:
    try:
        return NumberPattern.parse(str(_only(texts([cell]), cell, SettingKind.NUMBER_PATTERN))).text
    except BadPattern:
        raise BadValue(cell, SettingKind.NUMBER_PATTERN) from None


def _edges(cell: Cell) -> tuple[int, ...]:
    """``0;30;60`` → (0, 30, 60). Edges begin at zero, as what is not due has no other bucket, and increase."""
    parts = [part for part in _EDGE_MARKS.split(str(_only(texts([cell]), cell, SettingKind.EDGES))) if part]
    edges = tuple(_count(part) for part in parts)
    if not edges or edges[0] != 0 or any(low >= high for low, high in pairwise(edges)):
        raise BadValue(cell, SettingKind.EDGES)
    return edges
