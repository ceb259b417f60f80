"""Days as integers, and calendars as frames.

A day number counts days since 1970-01-01. Months are numbered year × 12 + month − 1, so that adding months is adding.
Engines differ in date arithmetic; a calendar frame joined on the day number means the same on all of them.
"""

from __future__ import annotations

import calendar
import datetime as dt
from functools import lru_cache

import narwhals as nw

from functions.frames import Frame, parameter
from functions.working_days import rolled

_EPOCH = dt.date(1970, 1, 1).toordinal()


def day_of(date: dt.date) -> int:
    """Days since 1970-01-01."""
    return date.toordinal() - _EPOCH


def date_of(day: int) -> dt.date:
    """The date of a day number. Raises ValueError or OverflowError outside years 1 to 9999."""
    return dt.date.fromordinal(day + _EPOCH)


FIRST_DAY = day_of(dt.date(1980, 1, 1))
LAST_DAY = day_of(dt.date(2099, 12, 31))
"""The dates that a ledger may hold. A year typed as 2204 or 0204 is outside, and so found."""

_CALENDAR_END = dt.date(2120, 1, 1)  # beyond LAST_DAY, for terms that reach past it


@lru_cache(maxsize=1)
def _months() -> tuple[list[int], list[int], list[int]]:
    first = date_of(FIRST_DAY)
    numbers = range(first.year * 12, _CALENDAR_END.year * 12)
    starts = [day_of(dt.date(number // 12, number % 12 + 1, 1)) for number in numbers]
    lengths = [calendar.monthrange(number // 12, number % 12 + 1)[1] for number in numbers]
    return list(numbers), starts, [start + length - 1 for start, length in zip(starts, lengths, strict=True)]


def month_frame(like: Frame) -> Frame:
    """month, month_first_day, month_last_day: every month that terms can reach."""
    numbers, starts, ends = _months()
    columns = {"month": numbers, "month_first_day": starts, "month_last_day": ends}
    return parameter(like, columns, dict.fromkeys(columns, nw.Int64))


def day_frame(like: Frame) -> Frame:
    """day, month, day_of_month: every day that terms can reach."""
    columns: dict[str, list[int]] = {"day": [], "month": [], "day_of_month": []}
    for number, start, end in zip(*_months(), strict=True):
        length = end - start + 1
        columns["day"].extend(range(start, end + 1))
        columns["month"].extend([number] * length)
        columns["day_of_month"].extend(range(1, length + 1))
    return parameter(like, columns, dict.fromkeys(columns, nw.Int64))


def rolling_frame(like: Frame, *, rolling: str, holidays: tuple[tuple[int, bool], ...]) -> Frame:
    """day, rolled_day: where a due date on each day moves to (RULES §4, non-working days)."""
    known = dict(holidays)
    days = range(FIRST_DAY, day_of(_CALENDAR_END))
    columns = {"day": list(days), "rolled_day": [rolled(day, rolling, known) for day in days]}
    return parameter(like, columns, dict.fromkeys(columns, nw.Int64))
