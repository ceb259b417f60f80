"""Working days: Monday to Friday, less holidays, plus make-up working days.

Holidays are (day, is a working day after all) pairs, as in ``Policy.holidays``. Whoever asks for many days passes
``dict(policy.holidays)``, which is looked up as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from functions.frames import NO_DAY

Holidays = Mapping[int, bool] | tuple[tuple[int, bool], ...]

ROLLINGS = ("none", "next", "previous", "modified_next")
"""What a due date does on a day that is not a working day (the setting ``day_rolling``, RULES §4)."""

_EPOCH = dt.date(1970, 1, 1).toordinal()
_EPOCH_WEEKDAY = dt.date(1970, 1, 1).weekday()
_SATURDAY = 5


class UnknownRolling(ValueError):
    """A way to treat non-working days that is not one of ``ROLLINGS``."""

    def __init__(self, rolling: str) -> None:
        super().__init__(f"day rolling {rolling!r} is not one of {', '.join(ROLLINGS)}")


def is_working_day(day: int, holidays: Holidays = ()) -> bool:
    """True on Monday to Friday and not a holiday, and on a make-up working day whatever its weekday."""
    return _is_working(day, _by_day(holidays))


def next_working_day(day: int, holidays: Holidays = ()) -> int:
    """The first working day on or after the day."""
    return _step(day, +1, _by_day(holidays))


def previous_working_day(day: int, holidays: Holidays = ()) -> int:
    """The last working day on or before the day."""
    return _step(day, -1, _by_day(holidays))


def last_working_day_before(day: int, holidays: Holidays = ()) -> int:
    """The last working day strictly before the day: a bank statement up to it is current (RULES §8)."""
    return _step(day - 1, -1, _by_day(holidays))


def rolled(day: int, rolling: str, holidays: Holidays = ()) -> int:
    """The day itself if it is a working day or ``rolling`` is none, else the working day it moves to (RULES §4).

    ``modified_next`` goes forward unless that leaves the month, then back. A blank day stays blank. Raises UnknownRolling.
    """
    if rolling not in ROLLINGS:
        raise UnknownRolling(rolling)
    if rolling == "none" or day == NO_DAY:
        return day
    by_day = _by_day(holidays)
    if rolling == "previous":
        return _step(day, -1, by_day)
    forward = _step(day, +1, by_day)
    if rolling == "modified_next" and _month(forward) != _month(day):
        return _step(day, -1, by_day)
    return forward


def _by_day(holidays: Holidays) -> Mapping[int, bool]:
    return holidays if isinstance(holidays, Mapping) else dict(holidays)


def _is_working(day: int, by_day: Mapping[int, bool]) -> bool:
    return by_day.get(day, (day + _EPOCH_WEEKDAY) % 7 < _SATURDAY)


def _step(day: int, step: int, by_day: Mapping[int, bool]) -> int:
    # Ends: holidays are finitely many, and every week has five days that are none.
    while not _is_working(day, by_day):
        day += step
    return day


def _month(day: int) -> tuple[int, int]:
    date = dt.date.fromordinal(day + _EPOCH)
    return date.year, date.month
