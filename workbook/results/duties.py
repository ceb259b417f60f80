"""What gives money away in a workbook, and who entered and approved it → the findings of functions/segregation.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from functions.exchange import rates_at
from functions.frames import NO_MINOR, Frame, lazy
from functions.money import exponent
from functions.segregation import GIVEN, segregation_findings
from workbook.reading.cell_parsing import folded
from workbook.reading.rows import ReadTable, pandas_frame
from workbook.results.ledger import FRAME_OF, FrameOf, WorkbookLedger

_DAYS = {
    "Invoices": "invoice_day",
    "Receipts": "receipt_day",
    "WriteOffs": "written_off_day",
    "RepaymentPlans": "agreed_day",
}
"""Table → the day from which its rows count."""


def duty_findings(source: WorkbookLedger, *, as_of: int, frame_of: FrameOf = pandas_frame) -> Frame | None:
    """Who should not have decided alone, up to a day; None where nothing was given away."""
    rows = [row for name in _DAYS if name in source.tables for row in _given_away(source, name, as_of)]
    if not rows:
        return None
    above = source.settings.approval_above
    base = source.policy.base_currency
    columns: dict[str, Any] = {
        name: np.array([row[name] for row in rows], dtype=np.int64)
        if name in ("row", "amount_minor")
        else [row[name] for row in rows]
        for name in GIVEN
    }
    return segregation_findings(
        lazy(frame_of(columns)),
        rates_at(source.ledger.exchange_rates, base_currency=base, as_of=as_of),
        approval_above_minor=NO_MINOR if above is None else above * 10 ** exponent(base),
    )


def _given_away(source: WorkbookLedger, name: str, as_of: int) -> Iterator[dict[str, Any]]:
    read = source.tables[name]
    columns = read.columns
    (id_key, *_) = read.table.key
    currency_of = dict(
        zip(source.tables["Invoices"].columns["invoice_id"], source.tables["Invoices"].columns["currency"], strict=True)
    )
    for at in _places(name, read):
        if int(columns[_DAYS[name]][at]) > as_of:
            continue
        key = str(columns[id_key][at])
        yield {
            "table": FRAME_OF[name],
            "row": int(columns["row"][at]),
            "key": key,
            "group_id": key,
            "currency": str(
                columns["currency"][at]
                if name in ("Invoices", "Receipts")
                else currency_of.get(columns["invoice_id"][at], "")
            ),
            "amount_minor": abs(int(columns["amount_minor"][at])),
            "entered_by": folded(str(columns["entered_by"][at])),
            "approved_by": folded(str(columns["approved_by"][at])),
        }


def _places(name: str, read: ReadTable) -> list[int]:
    """The rows of a table that give money away."""
    columns = read.columns
    if name == "Invoices":
        minors = np.asarray(columns["amount_minor"], dtype=np.int64)
        kinds = zip(columns["kind"], minors.tolist(), strict=True)
        return [at for at, (kind, minor) in enumerate(kinds) if kind == "credit_note" or (not kind and minor < 0)]
    if name == "Receipts":
        return [at for at, kind in enumerate(columns["kind"]) if kind == "refund"]
    return list(range(len(read)))
