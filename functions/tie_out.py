"""The tie-out: figures that were reached in two ways must meet, to the cent (RULES §11)."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from functions.dunning import Proposals
from functions.frames import Frame, flag, materialise, stack, sum_by, text
from functions.ledger import Position

CHECKS = (
    "balance_is_open_less_unapplied",
    "aging_is_balance",
    "receipts_are_used_or_unapplied",
    "invoices_are_open_or_settled",
    "nothing_is_over_settled",
    "reminded_and_held_is_open",
    "messages_are_their_lines",
)
"""In the order they are printed."""


def tie_out(position: Position, aging: Frame, proposals: Proposals) -> Frame:
    """name (one of ``CHECKS``), currency, difference_minor: one row a check and currency that has anything to compare.

    A difference is the sum, over customers, receipts, invoices or items, of how far the two ways are apart: errors in
    opposite directions do not cancel. Zero is what must be.
    """
    account = ["customer_id", "currency"]
    is_owed = nw.col("kind") != "credit_note"
    is_from_source = nw.col("source") != ""
    used = position.applications.filter(is_from_source, nw.col("step") != "discount")
    owing = [
        position.items.select(*account, minor="open_minor"),
        position.unapplied.select(*account, minor=-nw.col("unapplied_minor")),
    ]
    balance = position.movements.select(*account, minor="amount_minor")
    source = ["source", "source_id", "currency"]
    items = position.items
    return materialise(
        stack(
            [
                _check(CHECKS[0], account, owing, [balance]),
                _check(CHECKS[1], account, [aging.select(*account, minor="balance_minor")], [balance]),
                _check(
                    CHECKS[2],
                    source,
                    [position.unapplied.select(*source, minor="amount_minor")],
                    [
                        used.select("source", "currency", source_id="receipt_id", minor="amount_minor"),
                        position.unapplied.select(*source, minor=nw.col("refunded_minor") + nw.col("unapplied_minor")),
                    ],
                ),
                _check(
                    CHECKS[3],
                    ["invoice_id", "currency"],
                    [position.documents.filter(is_owed).select("invoice_id", "currency", minor="amount_minor")],
                    [
                        items.select("invoice_id", "currency", minor="open_minor"),
                        position.applications.select("invoice_id", "currency", minor="amount_minor"),
                    ],
                ),
                _check(CHECKS[4], ["item_id", "currency"], [_below_zero(items, "item_id", "open_minor")], []),
                _check(
                    CHECKS[5],
                    ["item_id", "currency"],
                    [items.select("item_id", "currency", minor="open_minor")],
                    [
                        frame.select("item_id", "currency", minor="amount_minor")
                        for frame in (proposals.items, proposals.held)
                    ],
                ),
                _check(
                    CHECKS[6],
                    ["message_id", "currency"],
                    [proposals.messages.select("message_id", "currency", minor="total_minor")],
                    [proposals.items.select("message_id", "currency", minor="amount_minor")],
                ),
            ],
            ["name", "currency", "difference_minor"],
        )
    )


def _below_zero(items: Frame, key: str, amount: str) -> Frame:
    return items.select(key, "currency", minor=nw.col(amount) * flag(nw.col(amount) < 0))


def _check(name: str, keys: Sequence[str], one_way: Sequence[Frame], other_way: Sequence[Frame]) -> Frame:
    columns = [*keys, "minor"]
    against = [frame.with_columns(minor=-nw.col("minor")) for frame in other_way]
    gaps = sum_by(stack([*one_way, *against], columns), keys, gap_minor="minor")
    gaps = gaps.with_columns(gap_minor=nw.col("gap_minor").abs())
    return sum_by(gaps, ["currency"], difference_minor="gap_minor").with_columns(name=text(name))
