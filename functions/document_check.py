"""A new order or invoice against the headroom before it is posted: what is missing, and why (RULES §7)."""

from __future__ import annotations

from dataclasses import dataclass, field

import narwhals as nw

from functions.credit import standing_by_customer, status_holds
from functions.exchange import rates_at, with_base
from functions.exposure import open_orders
from functions.findings import first_fault
from functions.frames import NO_MINOR, Frame, has_minor, integer, largest, left_join, materialise, stack, text
from functions.ledger import Ledger, Policy, Position

NEW_DOCUMENT = {
    "document_id": nw.String,
    "customer_id": nw.String,
    "currency": nw.String,
    "amount_minor": nw.Int64,
    "order_id": nw.String,
}
"""The columns of what is to be checked: one row an order or invoice, amounts not below zero. ``order_id``: of an invoice,
the order that it bills; of an order itself, blank."""

REASONS = ("unknown_customer", "no_exchange_rate", "on_hold", "limit_expired", "over_limit", "overdue_block")
"""Why not to post, gravest first."""

_ANSWER = (
    "document_id", "customer_id", "amount_base_minor", "added_minor", "headroom_minor", "headroom_after_minor",
    "missing_minor", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class DocumentCheck:
    """answers: one row a document: amount_base_minor (NO_MINOR without a rate), added_minor (to the exposure),
    headroom_minor before it and headroom_after_minor (NO_MINOR: no limit), missing_minor (by how much the exposure would be
    above limit + guarantee; 0: it fits), reason ("" to post it, else the first of ``REASONS``). Base currency, of the group.

    reasons: document_id, reason, amount_minor: every reason that there is; the amount missing with over_limit, else 0.
    """

    answers: Frame = field(repr=False)
    reasons: Frame = field(repr=False)


def check_documents(documents: Frame, ledger: Ledger, position: Position, *, policy: Policy) -> DocumentCheck:
    """Each document on its own against what its customer, or its customer's group, has left as of the position's day.

    An invoice of an open order takes the place of what was left of it: it adds only what it has more, as long as orders
    count as exposure and the order is of the same group. A breach is strict: what uses the headroom to the last cent
    fits. ``documents`` has the columns of ``NEW_DOCUMENT``.
    """
    standing, _ = standing_by_customer(ledger, position, policy=policy)
    standing = materialise(standing)
    rates = rates_at(ledger.exchange_rates, base_currency=policy.base_currency, as_of=position.as_of)
    asked = with_base(documents.select(*NEW_DOCUMENT), rates, of="amount_minor", name="amount_base_minor")
    asked = left_join(asked, standing.with_columns(is_customer=nw.lit(True)), "customer_id", _STANDING)
    asked = _with_order(asked, ledger, position, standing, rates, policy)
    asked = asked.with_columns(headroom_minor=_headroom(), group_exposure_minor=_after())
    asked = asked.with_columns(headroom_after_minor=_headroom())
    is_short = nw.col("is_limited") & (nw.col("headroom_after_minor") < 0)
    missing = nw.when(is_short).then(-nw.col("headroom_after_minor")).otherwise(integer(0))
    asked = asked.with_columns(missing_minor=missing)
    reasons = {
        "unknown_customer": ~nw.col("is_customer"),
        "no_exchange_rate": nw.col("is_customer") & ~has_minor("amount_base_minor"),
        **status_holds(policy),
    }
    asked = materialise(asked.with_columns(reason=first_fault({reason: reasons[reason] for reason in REASONS})))
    amount = {"over_limit": nw.col("missing_minor")}
    listed = [
        asked.filter(reasons[reason]).select(
            "document_id", reason=text(reason), amount_minor=amount.get(reason, integer(0))
        )
        for reason in REASONS
    ]  # fmt: skip
    return DocumentCheck(
        answers=asked.select(*_ANSWER), reasons=stack(listed, ["document_id", "reason", "amount_minor"])
    )  # fmt: skip


_STANDING = {
    "is_customer": False, "head_id": "", "is_on_hold": False, "is_limited": False, "is_expired": False, "covered_minor": 0,
    "group_exposure_minor": 0, "undisputed_days_overdue": 0,
}  # fmt: skip


def _with_order(asked: Frame, ledger: Ledger, position: Position, standing: Frame, rates: Frame, policy: Policy) -> Frame:
    """Adds added_minor: what the document adds to the exposure, less what it takes out of its order."""
    orders = open_orders(ledger, position).join(standing.select("customer_id", "head_id"), on="customer_id", how="inner")
    asked = left_join(asked, orders, ["order_id", "currency", "head_id"], {"left_minor": 0})
    left = largest(nw.col("left_minor") - nw.col("amount_minor"), integer(0))
    asked = with_base(asked, rates, of="left_minor", name="_before").with_columns(left_minor=left)
    asked = with_base(asked, rates, of="left_minor", name="_left")
    taken = nw.col("_before") - nw.col("_left") if policy.orders_in_exposure else integer(0)
    added = nw.when(has_minor("amount_base_minor")).then(nw.col("amount_base_minor") - taken).otherwise(integer(0))
    return asked.with_columns(added_minor=added)


def _after() -> nw.Expr:
    return nw.col("group_exposure_minor") + nw.col("added_minor")


def _headroom() -> nw.Expr:
    left = nw.col("covered_minor") - nw.col("group_exposure_minor")
    return nw.when(nw.col("is_limited")).then(left).otherwise(integer(NO_MINOR))
