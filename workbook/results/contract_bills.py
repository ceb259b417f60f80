"""A workbook's contracts, their milestones and what was billed of them → the bills that are due (functions/billing.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from functions.billing import BILLED, CONTRACT, Bills, due_bills
from functions.frames import NO_DAY, lazy
from workbook.reading.rows import TypedColumn, pandas_frame
from workbook.results.ledger import FrameOf, WorkbookLedger

_NO_MILESTONES: dict[str, TypedColumn] = {
    "contract_id": [],
    "bill_day": np.array([], dtype=np.int64),
    "share_ppm": np.array([], dtype=np.int64),
}


def contract_bills(source: WorkbookLedger, *, as_of: int, frame_of: FrameOf = pandas_frame) -> Bills | None:
    """The bills due as of a day and what is wrong with contracts; None where the workbook has no contracts."""
    contracts = source.tables.get("Contracts")
    if contracts is None or not len(contracts):
        return None
    customers = source.tables["Customers"].columns
    known = {each.terms_id for each in source.policy.payment_terms}
    has_terms = np.array([each in known for each in customers["payment_terms"]], dtype=bool)
    return due_bills(
        lazy(frame_of({name: contracts.columns[name] for name in CONTRACT})),
        lazy(frame_of(_milestones(source))),
        lazy(frame_of(_billed(source))),
        lazy(frame_of({"customer_id": customers["customer_id"], "has_terms": has_terms})),
        as_of=as_of,
    )


def _milestones(source: WorkbookLedger) -> dict[str, TypedColumn]:
    read = source.tables.get("Milestones")
    if read is None:
        return _NO_MILESTONES
    digits, scale = (np.asarray(read.columns[f"percent_{part}"], dtype=np.int64) for part in ("digits", "scale"))
    return {
        "contract_id": read.columns["contract_id"],
        "bill_day": read.columns["bill_day"],
        "share_ppm": digits * 10_000 // np.power(10, np.maximum(scale, 0)),
    }


def _billed(source: WorkbookLedger) -> dict[str, TypedColumn]:
    """The invoices that name a contract; a credit note is negative, a day left blank the invoice's."""
    columns = source.tables["Invoices"].columns
    at = np.flatnonzero(np.array([bool(each) for each in columns["contract_id"]], dtype=bool))
    minors, invoiced, days = (_taken(columns[name], at) for name in ("amount_minor", "invoice_day", "bill_day"))
    is_credit = np.array([columns["kind"][row] == "credit_note" for row in at.tolist()], dtype=bool)
    found: dict[str, Any] = {
        "contract_id": [columns["contract_id"][row] for row in at.tolist()],
        "currency": [columns["currency"][row] for row in at.tolist()],
        "bill_day": np.where(days == NO_DAY, invoiced, days),
        "invoice_day": invoiced,
        "amount_minor": np.where(is_credit, -np.abs(minors), minors),
    }
    return {name: found[name] for name in BILLED}


def _taken(column: Sequence[Any] | TypedColumn, at: Any) -> Any:
    return np.asarray(column, dtype=np.int64)[at]
