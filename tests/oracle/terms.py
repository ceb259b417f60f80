"""Payment terms (RULES §4): from a day to the days on which parts of an amount fall due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from functions.ledger import PaymentTerms, Policy
from tests.oracle.calendar_days import next_working_day, previous_working_day
from tests.oracle.money import half_away

_WHOLE = 1_000_000


@dataclass(frozen=True)
class Part:
    """One scheduled part of an amount."""

    number: int
    due: date
    contractual_due: date
    amount: int


def end_of_month(day: date) -> date:
    """The last day of the day's month."""
    return day + relativedelta(day=31)


def due_date(baseline: date, terms: PaymentTerms, days: int) -> date:
    """Months, then end of month, then days, then day of month."""
    reached = baseline + relativedelta(months=terms.months)
    if terms.basis == "end_of_month":
        reached = end_of_month(reached)
    reached += timedelta(days=days)
    if terms.day_of_month:
        this_month = reached + relativedelta(day=terms.day_of_month)
        next_month = reached + relativedelta(months=1, day=terms.day_of_month)
        reached = this_month if this_month >= reached else next_month
    return reached


def rolled(day: date, policy: Policy) -> date:
    """The day on which a due date falls when it is not a working day."""
    if policy.day_rolling == "none":
        return day
    after, before = next_working_day(day, policy), previous_working_day(day, policy)
    if policy.day_rolling == "previous":
        return before
    if policy.day_rolling == "modified_next" and after.month != day.month:
        return before
    return after


def shares(amount: int, percents: list[int]) -> list[int]:
    """Each part is the rounded running share less the one before (RULES §2)."""
    parts: list[int] = []
    running = 0
    for percent in percents:
        running += percent
        parts.append(half_away(Fraction(amount * running, _WHOLE)) - sum(parts))
    return parts


def scheduled(amount: int, baseline: date, terms: PaymentTerms, policy: Policy) -> list[Part]:
    """The parts of an amount under its terms; an instalment's days stand in the place of the terms' days."""
    instalments = list(terms.instalments) or [(_WHOLE, terms.days)]
    parts = []
    amounts = shares(amount, [percent for percent, _ in instalments])
    for number, ((_, days), part) in enumerate(zip(instalments, amounts, strict=True), start=1):
        contractual = due_date(baseline, terms, days)
        parts.append(Part(number, rolled(contractual, policy), contractual, part))
    return parts
