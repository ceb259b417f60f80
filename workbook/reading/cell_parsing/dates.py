"""Dates as day numbers. The order of day and month is never guessed (RULES §12)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from functions.dates import FIRST_DAY, LAST_DAY, day_of
from functions.frames import NO_DAY
from workbook.port import Cell
from workbook.reading.cell_parsing.column import Flaw, Parsed, Unreadable, each_text_once, plain, stragglers

DateOrder = Literal["dmy", "mdy", "ymd"]

_EPOCH = dt.date(1970, 1, 1).toordinal()
_DATES = frozenset({dt.date, dt.datetime})
_MAY_BE_BLANK = frozenset({str, type(None)})
_STAND_IN = dt.date.min  # for a blank cell: a day that no cell can hold

_SERIAL_OF_EPOCH = 25569  # Excel's number of 1970-01-01
_DAYS_OF_1904 = 1462  # how much later the numbers begin in a workbook of the 1904 date system
_LAST_SERIAL = 2958465  # 9999-12-31, the last date that Excel shows

_TIME = r"(?:(?:\s*T\s*|\s+)(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?:\s*[AaPp][Mm])?)?"
_YEAR_FIRST = tuple(
    re.compile(pattern + _TIME)
    for pattern in (
        r"([0-9]{4})\s*([-/.])\s*([0-9]{1,2})\s*\2\s*([0-9]{1,2})",
        r"([0-9]{4})\s*(年)\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日?",
        r"([0-9]{4})()([0-9]{2})([0-9]{2})",
    )
)
_ORDER_UNKNOWN = re.compile(r"([0-9]{1,2})\s*([-/.])\s*([0-9]{1,2})\s*\2\s*([0-9]{4}|[0-9]{1,2})" + _TIME)


def dates(
    column: Sequence[Cell], *, date_order: DateOrder | None = None, is_1904: bool = False
) -> Parsed[NDArray[np.int64]]:
    """Day numbers, NO_DAY where blank.

    Read: date cells, with a time or without; text that begins with the year (2024-01-05, 2024/1/5, 2024.01.05, 20240105,
    2024年1月5日); 20240105 as a number; a bare number that is the serial number of a date (``is_1904``: of that date
    system). 05/01/2024 needs ``date_order``. ``ambiguous_date``: it is not given; ``not_a_date``; ``date_out_of_range``:
    before 1980 or after 2099.
    """
    filled, kinds = column, set(map(type, column))
    if not kinds <= _DATES and kinds <= _DATES | _MAY_BE_BLANK:
        filled = [cell or _STAND_IN for cell in column]
        kinds = set(map(type, filled))
    if kinds <= _DATES:
        days = np.fromiter(map(dt.date.toordinal, filled), np.int64, len(column)) - _EPOCH  # type: ignore[arg-type]
        days[days == _STAND_IN.toordinal() - _EPOCH] = NO_DAY
        flaws: list[Flaw] = []
    else:
        ordinals = (cell.toordinal() - _EPOCH if type(cell) in _DATES else NO_DAY for cell in column)  # type: ignore[union-attr]
        days = np.fromiter(ordinals, np.int64, len(column))
        flaws = _read_others(column, days, partial(read_date, date_order=date_order), is_1904)
    outside = np.flatnonzero((days != NO_DAY) & ((days < FIRST_DAY) | (days > LAST_DAY)))
    if len(outside):
        days[outside] = NO_DAY
        flaws = sorted([*flaws, *((int(at), "date_out_of_range") for at in outside)])
    return Parsed(days, flaws)


def _read_others(column: Sequence[Cell], days: NDArray[np.int64], read: partial[dt.date], is_1904: bool) -> list[Flaw]:
    read_once = each_text_once(read)
    flaws: list[Flaw] = []
    for at, cell in stragglers(column, _DATES):
        try:
            if isinstance(cell, str):
                days[at] = day_of(read_once(cell))
            elif isinstance(cell, int | float) and not isinstance(cell, bool):
                days[at] = _day_of_number(cell, is_1904=is_1904)
            else:
                flaws.append((at, "not_a_date"))
        except Unreadable as unreadable:
            flaws.append((at, unreadable.code))
    return flaws


def _day_of_number(number: float, *, is_1904: bool) -> int:
    """The day of a serial number, or of eight digits yyyymmdd; the two cannot be taken for each other."""
    if not 0 < number < 10**8:
        raise Unreadable("not_a_date")
    whole = int(number)
    if whole <= _LAST_SERIAL:
        return whole - _SERIAL_OF_EPOCH + (_DAYS_OF_1904 if is_1904 else 0)
    if whole != number:
        raise Unreadable("not_a_date")
    return day_of(_date(whole // 10000, whole // 100 % 100, whole % 100))


def read_date(text: str, *, date_order: DateOrder | None = None) -> dt.date:
    """One date written as text. Raises Unreadable: not_a_date, ambiguous_date."""
    written = plain(text)
    for pattern in _YEAR_FIRST:
        if found := pattern.fullmatch(written):
            return _date(int(found[1]), int(found[3]), int(found[4]))
    if found := _ORDER_UNKNOWN.fullmatch(written):
        return _in_order(found[1], found[3], found[4], date_order)
    raise Unreadable("not_a_date")


def _in_order(first: str, second: str, last: str, date_order: DateOrder | None) -> dt.date:
    parts = (first, second, last)
    if date_order == "ymd" and len(last) == 4:  # said to begin with the year, and it does not
        date_order = None
    if date_order is not None:
        return _from_parts(parts, date_order)
    if any(_is_date(parts, order) for order in ("dmy", "mdy", "ymd")):
        raise Unreadable("ambiguous_date")
    raise Unreadable("not_a_date")


def _from_parts(parts: tuple[str, str, str], order: str) -> dt.date:
    by_letter = dict(zip(order, parts, strict=True))
    return _date(_full_year(by_letter["y"]), int(by_letter["m"]), int(by_letter["d"]))


def _is_date(parts: tuple[str, str, str], order: str) -> bool:
    try:
        _from_parts(parts, order)
    except Unreadable as unreadable:
        return unreadable.code == "ambiguous_date"
    return True


def _full_year(year: str) -> int:
    """A year of two digits has one meaning where one century only lies within the dates of a ledger: 79 yes, 80 no."""
    if len(year) == 4:
        return int(year)
    if len(year) != 2:
        raise Unreadable("not_a_date")
    if int(year) >= 80:
        raise Unreadable("ambiguous_date")
    return 2000 + int(year)


def _date(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise Unreadable("not_a_date") from None
