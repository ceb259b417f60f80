"""Day numbers as calendar dates, and working days."""

from __future__ import annotations

from datetime import date, timedelta

from functions.frames import NO_DAY
from functions.ledger import Policy

_EPOCH = date(1970, 1, 1)


def date_of(day: int) -> date:
    """The calendar date of a day number."""
    return _EPOCH + timedelta(days=day)


def day_of(calendar_date: date) -> int:
    """The day number of a calendar date."""
    return (calendar_date - _EPOCH).days


def is_filled(day: int) -> bool:
    """A blank date is the sentinel NO_DAY."""
    return day != NO_DAY


def is_working_day(day: date, policy: Policy) -> bool:
    """What Holidays says of the day, else Monday to Friday."""
    for holiday, is_working in policy.holidays:
        if date_of(holiday) == day:
            return is_working
    return day.weekday() < 5


def next_working_day(day: date, policy: Policy) -> date:
    """The first working day on or after the day."""
    while not is_working_day(day, policy):
        day += timedelta(days=1)
    return day


def previous_working_day(day: date, policy: Policy) -> date:
    """The last working day on or before the day."""
    while not is_working_day(day, policy):
        day -= timedelta(days=1)
    return day
