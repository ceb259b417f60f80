"""Whether a row may be entered: what is dated in a locked period needs a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from workbook.periods.locks import locked_to
from workbook.periods.refusals import PeriodIsLocked
from workbook.port import Book, Cell
from workbook.table import Table

DATE_OF = {
    "Invoices": "invoice_date", "Receipts": "receipt_date", "Allocations": "allocated_on", "WriteOffs": "written_off_on",
    "RepaymentPlans": "agreed_on", "Orders": "order_date", "Activities": "activity_date", "ExchangeRates": "rate_date",
    "InterestRates": "from_date",
}  # fmt: skip
"""Table that a lock holds → the column that says in which period a row lies."""


def refuse_locked(book: Book, table: Table, dates: Iterable[Cell], *, reason: str) -> None:
    """Raises PeriodIsLocked for the first of the dates that is locked, unless there is a ``reason``."""
    last = None if reason or table.name not in DATE_OF else locked_to(book)
    if last is None:
        return
    for each in dates:
        day = each.date() if isinstance(each, dt.datetime) else each
        if isinstance(day, dt.date) and day <= last:
            raise PeriodIsLocked(table.name, day, last)
