"""Write-offs by their reason, and which of them a recovery took back (RULES §9)."""

from __future__ import annotations

import narwhals as nw

from functions.frames import Frame, integer, left_join, materialise, stack, sum_by
from functions.ledger import Ledger, Position
from functions.overlay import overlay

WRITTEN_OFF = (
    "write_off_id", "reason", "item_id", "invoice_id", "customer_id", "currency", "day", "paid_day", "is_recovery",
    "amount_minor",
)  # fmt: skip

TOLD_REASON = "concession"
"""The one reason that the customer is told of: a statement that shows another invites not paying (RULES §11)."""


def write_offs_by_reason(ledger: Ledger, position: Position) -> Frame:
    """``WRITTEN_OFF`` rows: every accepted write-off on each item, and what was recovered of it.

    day: when it takes effect; paid_day: when the money came, of a recovery (else the same); is_recovery (0 or 1);
    amount_minor: what was written off, negative for what was recovered, so that a sum is what stays written off. Recoveries
    take back an item's write-offs in the order in which they were made.
    """
    reasons = ledger.write_offs.select("reason", request_id="write_off_id")
    on_items = position.applications.filter(nw.col("step").is_in(["write_off", "write_off_reversed"]))
    on_items = materialise(on_items.drop("source", "receipt_id", strict=False))
    written_off = on_items.filter(nw.col("step") == "write_off")
    written_off = materialise(left_join(written_off, reasons, "request_id", {"reason": ""}))
    recovered = on_items.filter(nw.col("step") == "write_off_reversed")
    # Rows of one allocation on one item differ in nothing: they are one.
    key = ["item_id", "effective_day", "paid_day", "request_id"]
    recovered = recovered.group_by(*key).agg(nw.col("amount_minor").sum())
    taken_back = overlay(
        written_off.select(
            "item_id", "invoice_id", "customer_id", "currency", "reason", write_off_id="request_id",
            length_minor="amount_minor", write_off_day="effective_day",
        ),
        recovered.with_columns(length_minor=-nw.col("amount_minor")),
        within=["item_id"],
        left_order=["write_off_day", "write_off_id"],
        right_order=["effective_day", "request_id", "paid_day"],
        left_keep=["invoice_id", "customer_id", "currency", "reason", "write_off_id"],
        right_keep=["effective_day", "paid_day"],
    )  # fmt: skip
    return stack(
        [
            written_off.with_columns(
                write_off_id=nw.col("request_id"), day=nw.col("effective_day"), is_recovery=integer(0)
            ),
            taken_back.with_columns(
                day=nw.col("effective_day"), is_recovery=integer(1), amount_minor=-nw.col("minor")
            ),
        ],
        WRITTEN_OFF,
    )  # fmt: skip


def bad_debts_in_period(write_offs: Frame, *, from_day: int, to_day: int) -> Frame:
    """customer_id, currency, written_off_minor, recovered_minor: of bad debts on these days, both included (RULES §10).

    ``write_offs`` of ``write_offs_by_reason``; both amounts are positive, in minor units of the currency.
    """
    bad = write_offs.filter(nw.col("reason") == "bad_debt", nw.col("day") >= from_day, nw.col("day") <= to_day)
    is_recovery, nothing = nw.col("is_recovery") == 1, integer(0)
    bad = bad.with_columns(
        written_off_minor=nw.when(is_recovery).then(nothing).otherwise(nw.col("amount_minor")),
        recovered_minor=nw.when(is_recovery).then(-nw.col("amount_minor")).otherwise(nothing),
    )
    sums = {name: name for name in ("written_off_minor", "recovered_minor")}
    return sum_by(bad, ["customer_id", "currency"], **sums)
