"""When an invoice of the sample falls due: RULES §4 for one document at a time, in plain dates."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

from functions.ledger import PaymentTerms
from workbook.sample.records import Part

_WHOLE_PPM = 1_000_000


def parts_by_terms(terms: PaymentTerms, baseline: dt.date, amount: int) -> tuple[Part, ...]:
    """The parts the amount falls due in: shares are rounded running shares, so they sum to the amount."""
    if not terms.instalments:
        return (Part(_reached(terms, baseline, terms.days), amount),)
    parts, share, before = [], 0, 0
    for number, (ppm, days) in enumerate(terms.instalments, 1):
        share += ppm
        running = (2 * amount * share + _WHOLE_PPM) // (2 * _WHOLE_PPM)
        parts.append(Part(_reached(terms, baseline, days), running - before, f"#{number}"))
        before = running
    return tuple(parts)


def _reached(terms: PaymentTerms, baseline: dt.date, days: int) -> dt.date:
    month = baseline.year * 12 + baseline.month - 1 + terms.months
    day = _in_month(month, 31 if terms.basis == "end_of_month" else baseline.day) + dt.timedelta(days=days)
    if not terms.day_of_month:
        return day
    month = day.year * 12 + day.month - 1
    wanted = _in_month(month, terms.day_of_month)
    return wanted if wanted >= day else _in_month(month + 1, terms.day_of_month)


def _in_month(month: int, day: int) -> dt.date:
    year, index = month // 12, month % 12 + 1
    return dt.date(year, index, min(day, monthrange(year, index)[1]))
