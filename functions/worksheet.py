"""What a cell may ask of the rules, one value at a time: dates, whole numbers and exact fractions in, values out.

Each body says in the terms of a sheet what the rule behind it says in day numbers and minor units; the rules stand in their
own modules. None: blank.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from functions.aging import bucket_of_days, days_overdue_on
from functions.credit import headroom_of, status_of
from functions.dates import date_of, day_of
from functions.day_count import late_interest_of
from functions.discounts import discount_day_of
from functions.frames import NO_DAY
from functions.ladder import level_of_days
from functions.ledger import PaymentTerms, Policy, ReminderLevel
from functions.metrics import collection_effectiveness_index, dso
from functions.terms import due_days_of
from functions.working_days import Holidays


class MoreDecimals(ValueError):
    """An amount with more decimals than its currency has (RULES §2)."""


def due_dates(start: dt.date, terms: PaymentTerms, *, rolling: str = "none", holidays: Holidays = ()) -> tuple[dt.date, ...]:
    """When a document falls due, a date a part (RULES §4). Raises UnknownRolling, ValueError, OverflowError."""
    return tuple(map(date_of, due_days_of(day_of(start), terms, rolling=rolling, holidays=holidays)))


def discount_date(start: dt.date, terms: PaymentTerms) -> dt.date | None:
    """The last day of the discount; blank where the terms offer none (RULES §4)."""
    day = discount_day_of(day_of(start), terms)
    return None if day == NO_DAY else date_of(day)


def days_overdue(due_date: dt.date, as_of: dt.date) -> int:
    """Negative: days still to run (RULES §1)."""
    return days_overdue_on(day_of(due_date), as_of=day_of(as_of))


def bucket(days: int, edges: Sequence[int] = Policy.bucket_edges) -> str:
    """The code of the aging bucket (RULES §6)."""
    return bucket_of_days(days, edges)


def late_interest(
    amount: Fraction, due_date: dt.date, as_of: dt.date, rate: Fraction, *, decimals: int, year_days: int
) -> Fraction:
    """Simple interest on an amount open all the while, rounded once to the currency's decimals (RULES §9).

    Raises MoreDecimals, UnknownYear.
    """
    unit = 10**decimals
    minor = amount * unit
    if minor.denominator != 1:
        raise MoreDecimals(str(float(amount)))
    interest = late_interest_of(
        int(minor), due_day=day_of(due_date), as_of=day_of(as_of), annual_rate=rate, year_days=year_days
    )
    return Fraction(interest, unit)


def headroom(limit: Fraction | None, exposure: Fraction, guarantee: Fraction = Fraction(0)) -> Fraction | None:
    """Blank without a limit (RULES §7)."""
    unit, (whole_limit, used, guaranteed) = _whole(limit, exposure, guarantee)
    left = headroom_of(whole_limit, used or 0, guaranteed or 0)
    return None if left is None else Fraction(left, unit)


def credit_status(
    limit: Fraction | None,
    exposure: Fraction,
    guarantee: Fraction = Fraction(0),
    *,
    days_overdue: int = 0,
    is_on_hold: bool = False,
    has_expired: bool = False,
    policy: Policy,
) -> str:
    """The code of the first status that holds (RULES §7)."""
    _, (whole_limit, used, guaranteed) = _whole(limit, exposure, guarantee)
    return status_of(
        whole_limit, used or 0, guaranteed or 0,
        days_overdue=days_overdue, is_on_hold=is_on_hold, has_expired=has_expired, policy=policy,
    )  # fmt: skip


def reminder_level(days: int, last_level: int | None = None, *, levels: Sequence[ReminderLevel]) -> int | None:
    """The level to send now, blank for none (RULES §8)."""
    return level_of_days(days, last_level=last_level, levels=levels) or None


def days_sales_outstanding(receivables: Fraction, sales: Fraction, days: int) -> Fraction | None:
    """Blank without sales (RULES §10)."""
    _, (owed, sold) = _whole(receivables, sales)
    return dso(owed or 0, sold or 0, days=days)


def collection_effectiveness(opening: Fraction, sales: Fraction, closing: Fraction, not_due: Fraction) -> Fraction | None:
    """In percent; blank where nothing could be collected (RULES §10)."""
    _, (opened, sold, closed, current) = _whole(opening, sales, closing, not_due)
    return collection_effectiveness_index(opened or 0, sold or 0, closed or 0, current or 0)


def _whole(*amounts: Fraction | None) -> tuple[int, list[int | None]]:
    """The amounts in whole units so small that each is exact, and how many of them make one."""
    unit = max((each.denominator for each in amounts if each is not None), default=1)
    for each in amounts:
        unit = unit if each is None or (each * unit).denominator == 1 else unit * each.denominator
    return unit, [None if each is None else int(each * unit) for each in amounts]
