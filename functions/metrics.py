"""Measures of receivables: whole amounts in, an exact fraction out, nothing where the denominator is zero (RULES §10).

Amounts are minor units of one currency. Whoever shows a measure rounds it once, with ``money.half_away``.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction


def dso(receivables_minor: int, sales_minor: int, *, days: int = 90) -> Fraction | None:
    """Days sales outstanding: closing receivables ÷ sales of the last ``days`` days × ``days``."""
    return _ratio(receivables_minor * days, sales_minor)


def best_possible_dso(not_due_minor: int, sales_minor: int, *, days: int = 90) -> Fraction | None:
    """The DSO if nothing were late: receivables not yet due ÷ sales × days."""
    return dso(not_due_minor, sales_minor, days=days)


def average_days_delinquent(
    receivables_minor: int, not_due_minor: int, sales_minor: int, *, days: int = 90
) -> Fraction | None:
    """DSO − best possible DSO: how many days of sales are late."""
    return dso(receivables_minor - not_due_minor, sales_minor, days=days)


def count_back_dso(receivables_minor: int, months: Iterable[tuple[int, int]]) -> Fraction | None:
    """How many days of sales, counted back month by month, the closing receivables are.

    ``months``: (sales, days of the month), newest first. Each month's sales are taken from the receivables and its days
    added; the month that is not used up counts by the fraction used. A month with sales ≤ 0 ends the count, and so does the
    last month given. Nothing where there are receivables and the newest month has no sales.
    """
    left, counted = receivables_minor, Fraction(0)
    is_counted = left <= 0
    for sales_minor, days in months:
        if left <= 0 or sales_minor <= 0:
            break
        counted += Fraction(min(left, sales_minor) * days, sales_minor)
        left -= sales_minor
        is_counted = True
    return counted if is_counted else None


def collection_effectiveness_index(
    opening_minor: int, sales_minor: int, closing_minor: int, closing_not_due_minor: int
) -> Fraction | None:
    """CEI in percent: (opening + sales − closing) ÷ (opening + sales − closing not due) × 100."""
    owed = opening_minor + sales_minor
    return _ratio((owed - closing_minor) * 100, owed - closing_not_due_minor)


def collection_rate(collected_minor: int, due_minor: int, credited_minor: int = 0) -> Fraction | None:
    """Cash applied to what was overdue at the period's start or fell due in it ÷ that amount less credits."""
    return _ratio(collected_minor, due_minor - credited_minor)


def overdue_rate(overdue_minor: int, receivables_minor: int) -> Fraction | None:
    """Overdue ÷ gross open items."""
    return _ratio(overdue_minor, receivables_minor)


def bad_debt_rate(written_off_minor: int, recovered_minor: int, sales_minor: int) -> Fraction | None:
    """Bad-debt write-offs less recoveries ÷ sales."""
    return _ratio(written_off_minor - recovered_minor, sales_minor)


def _ratio(numerator: int, denominator: int) -> Fraction | None:
    return Fraction(numerator, denominator) if denominator else None
