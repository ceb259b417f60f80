"""The days of the sample: office days, month starts, public holidays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache

from workbook.port import Columns

_SATURDAY = 5
_DAY = dt.timedelta(days=1)
_NEW_YEARS = {
    2015: (2, 19), 2016: (2, 8), 2017: (1, 28), 2018: (2, 16), 2019: (2, 5), 2020: (1, 25), 2021: (2, 12), 2022: (2, 1),
    2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3),
}  # fmt: skip
"""First day of the lunar year; years that are not listed have no Spring Festival in the sample."""


def office_day(day: dt.date, *, not_after: dt.date = dt.date.max) -> dt.date:
    """The first day on or after on which the office is open; the last one before where that would be too late."""
    opened = day
    while not _is_open(opened):
        opened += _DAY
    if opened <= not_after:
        return opened
    while not _is_open(day) or day > not_after:
        day -= _DAY
    return day


def _is_open(day: dt.date) -> bool:
    return day.weekday() < _SATURDAY and day not in _holidays_of(day.year)


@cache
def _holidays_of(year: int) -> frozenset[dt.date]:
    days = {dt.date(year, 1, 1), dt.date(year, 4, 5), dt.date(year, 5, 1), dt.date(year, 5, 2)}
    days |= {dt.date(year, 10, day) for day in range(1, 4)}
    if year in _NEW_YEARS:
        eve = dt.date(year, *_NEW_YEARS[year]) - _DAY
        days |= {eve + dt.timedelta(days=after) for after in range(4)}
    return frozenset(days)


def months_back(day: dt.date, months: int) -> dt.date:
    """The first day of the month so many months before."""
    number = day.year * 12 + day.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 1)


def month_starts(since: dt.date, until: dt.date) -> Iterator[dt.date]:
    """The first days of the months from that of ``since`` to that of ``until``."""
    day = since.replace(day=1)
    while day <= until:
        yield day
        day = months_back(day, -1)


def holidays(since: dt.date, until: dt.date) -> Columns:
    """China's public holidays of these years, without the moved weekends, which the State Council sets each year."""
    days = [day for year in range(since.year, until.year + 1) for day in sorted(_holidays_of(year))]
    return {"holiday": days, "country": ["CN"] * len(days), "is_working_day": [False] * len(days)}
