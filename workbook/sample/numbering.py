"""The numbers of the documents: by date, month by month, as an accounting system gives them."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from workbook.sample.journal import Journal
from workbook.sample.records import Contract, Customer, Invoice, Order, Receipt

_FIRST_CUSTOMER = 1001
_PREFIXES = {"invoice": "INV", "credit_note": "CN", "debit_note": "DN", "interest_note": "IN"}

Record = TypeVar("Record")


class Numbers:
    """Record → its id, for the whole journal. One draw: the order in which the customers were taken on."""

    def __init__(self, journal: Journal, rng: random.Random) -> None:
        customers = list(journal.credit)
        rng.shuffle(customers)
        self.customers: dict[Customer, str] = {
            customer: customer.code or f"C{number}" for number, customer in enumerate(customers, _FIRST_CUSTOMER)
        }
        self.contracts: dict[Contract, str] = _by_month(journal.contracts, lambda each: ("HT", each.signed_on))
        self.orders: dict[Order, str] = _by_month(journal.orders, lambda each: ("SO", each.order_date))
        self.invoices: dict[Invoice, str] = _by_month(
            journal.invoices, lambda each: (_PREFIXES[each.kind], each.invoice_date)
        )
        # A draft has no date yet: it was begun today.
        self.receipts: dict[Receipt, str] = _by_month(
            journal.receipts, lambda each: ("RC", each.receipt_date or journal.as_of)
        )

    def of_source(self, source: Receipt | Invoice) -> str:
        """The id of what pays: a receipt or a credit note."""
        return self.invoices[source] if isinstance(source, Invoice) else self.receipts[source]


def in_order_of(records: Iterable[Record], day: Callable[[Record], dt.date]) -> list[Record]:
    """By date; of one day, as they were recorded."""
    return sorted(records, key=day)


def serial_ids(prefix: str, days: Iterable[dt.date]) -> list[str]:
    """Ids for rows that are in order of date already."""
    return [f"{prefix}-{day:%Y%m}-{number:05d}" for number, day in enumerate(days, 1)]


def _by_month(records: Iterable[Record], head: Callable[[Record], tuple[str, dt.date]]) -> dict[Record, str]:
    counts: dict[str, int] = defaultdict(int)
    ids = {}
    for record in sorted(records, key=lambda each: head(each)[1]):
        prefix, day = head(record)
        series = f"{prefix}-{day:%Y%m}"
        counts[series] += 1
        ids[record] = f"{series}-{counts[series]:04d}"
    return ids
