"""The tie-out: figures that were reached in two ways must meet, to the cent (RULES §11)."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from functions.dunning import Proposals
from functions.frames import Frame, flag, materialise, stack, sum_by, text
from functions.ledger import Position
from functions.statements import Statements

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

STATEMENT_CHECKS = (
    "statements_open_with_the_day_before",
    "statements_are_their_lines",
    "statements_are_open_less_unapplied",
    "statements_are_the_balance_and_what_is_not_told",
    "statements_are_their_buckets",
)
"""Those of a run that makes statements of account, likewise."""


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


def statements_tie_out(found: Statements, position: Position) -> Frame:
    """As ``tie_out``, one row a check of ``STATEMENT_CHECKS`` and currency; ``position``: as of the statements' last day."""
    account = ["customer_id", "currency"]
    opening = found.statements.select(*account, minor="opening_minor")
    closing = found.statements.select(*account, minor="closing_minor")
    unapplied = found.unapplied.select(*account, minor=-nw.col("unapplied_minor"))
    movements = position.movements.select(*account, minor="amount_minor")
    not_told = found.not_told.select(*account, minor="not_told_minor")
    lines = found.lines.select(*account, minor="amount_minor")
    items = found.items.select(*account, minor="open_minor")
    before = found.owed_before.select(*account, minor="owed_minor")
    buckets = found.buckets.select(*account, minor="open_minor")
    ways = (
        ([opening], [before]),
        ([opening, lines], [closing]),
        ([items, unapplied], [closing]),
        ([movements, not_told], [closing]),
        ([buckets, unapplied], [closing]),
    )
    return materialise(
        stack(
            [_check(name, account, one, other) for name, (one, other) in zip(STATEMENT_CHECKS, ways, strict=True)],
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
