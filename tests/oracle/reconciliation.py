"""The rows that a difference may come from, row by row (RULES §11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.tables import Row

CUT_OFF_DAYS = 5


def likely(tables: Mapping[str, Sequence[Row]], differences: Mapping[str, int], *, period_end: int) -> dict[str, str]:
    """Document or receipt → why it is likely; ``differences`` by currency."""
    rows = [
        (table, each["customer_id"], each["currency"], each["amount_minor"], each["kind"], each[day], each[key])
        for table, day, key in (("invoices", "invoice_day", "invoice_id"), ("receipts", "receipt_day", "receipt_id"))
        for each in tables.get(table, ())
        if each[day] <= period_end + CUT_OFF_DAYS
    ]
    found = {}
    for each in rows:
        gap = abs(differences.get(each[2], 0))
        twins = sum(each[:5] == other[:5] for other in rows)
        if gap and (reason := _reason(abs(each[3]), gap, each[5], twins, period_end)):
            found[str(each[6])] = reason
    return found


def _reason(size: int, gap: int, on: int, twins: int, period_end: int) -> str:
    if size == gap and period_end - CUT_OFF_DAYS < on:
        return "cut_off"
    if on > period_end:
        return ""
    if size == gap:
        return "entered_twice" if twins > 1 else "amount"
    if 2 * size == gap:
        return "half"
    return "transposed" if any(abs(other - size) == gap for other in _swaps(size)) else ""


def _swaps(size: int) -> list[int]:
    """The number with two neighbouring digits the other way round, a zero before it included."""
    digits = f"0{size}"
    pairs: list[Any] = [digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(len(digits) - 1)]
    return [int(each) for each in pairs]
