"""Rows that were entered after a lock and dated within what it locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import narwhals as nw

from functions.frames import NO_DAY, Frame, left_join
from functions.ledger import Ledger

EVENT_DAY: Mapping[str, str] = MappingProxyType({
    "invoices": "invoice_day", "receipts": "receipt_day", "allocations": "allocated_day", "write_offs": "written_off_day",
    "repayment_plans": "agreed_day", "orders": "order_day", "activities": "activity_day",
})  # fmt: skip
"""Table of events → the column with the day of a row (a blank ``allocated_day`` is the receipt's day, RULES §1)."""


def without_back_dated(ledger: Ledger, *, locked_to_day: int, locked_on_day: int) -> Ledger:
    """The ledger without the rows that are dated up to ``locked_to_day`` and were entered after ``locked_on_day``.

    A row without ``entered_on`` was always known. What names such a row (an allocation of a back-dated receipt) stays, and
    is refused as one that names an unknown id.
    """
    tables = {name: _without(ledger, name, day, locked_to_day, locked_on_day) for name, day in EVENT_DAY.items()}
    return replace(ledger, **tables)


def _without(ledger: Ledger, name: str, day: str, locked_to_day: int, locked_on_day: int) -> Frame:
    rows: Frame = getattr(ledger, name)
    rows = rows.with_columns(_dated=nw.col(day))
    if name == "allocations":
        # What pays is a receipt, or else a credit note.
        received = ledger.receipts.select("receipt_id", "receipt_day")
        credited = ledger.invoices.select("invoice_day", receipt_id="invoice_id")
        rows = left_join(rows, received, "receipt_id", {"receipt_day": NO_DAY})
        rows = left_join(rows, credited, "receipt_id", {"invoice_day": NO_DAY})
        rows = rows.with_columns(_dated=_first_day(day, "receipt_day", "invoice_day")).drop("receipt_day", "invoice_day")
    is_back_dated = (nw.col("entered_day") > locked_on_day) & (nw.col("_dated") <= locked_to_day)
    return rows.filter(~is_back_dated).drop("_dated")


def _first_day(*days: str) -> nw.Expr:
    *others, chosen = (nw.col(day) for day in days)
    for day in reversed(others):
        chosen = nw.when(day != NO_DAY).then(day).otherwise(chosen)
    return chosen
