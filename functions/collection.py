"""Collection in a period: what was to be collected, and what came in for it, when (RULES §10)."""

from __future__ import annotations

from dataclasses import dataclass, field

import narwhals as nw

from functions.frames import Frame, integer, left_join, materialise, sum_by
from functions.ledger import Position

_FROM_A_SOURCE = ["linked_credit", "allocation", "recovery", "oldest_due_first"]


@dataclass(frozen=True)
class Collection:
    """due: customer_id, currency, due_minor (to be collected in the period). came_in: customer_id, currency, paid_day,
    collected_minor (cash), credited_minor (credit notes), one row a day: a payment belongs to who was the collector then.
    """

    due: Frame = field(repr=False)
    came_in: Frame = field(repr=False)


def collection_in_period(position: Position, *, from_day: int) -> Collection:
    """From ``from_day`` to the position's day: what was overdue at its start or fell due in it, and what was applied to it.

    Of each item due by the position's day, what was not yet settled on ``from_day``; written-off amounts of the period stay
    to be collected. Cash and credit notes count on the day they were paid, in minor units of the item's currency; discounts
    are neither. A rate is Σ collected ÷ (Σ due − Σ credited): ``metrics.collection_rate``.
    """
    due = position.items.filter(nw.col("due_day") <= position.as_of)
    paid = position.applications.join(due.select("item_id"), on="item_id", how="inner")
    before = sum_by(paid.filter(nw.col("paid_day") < from_day), ["item_id"], before_minor="amount_minor")
    due = left_join(due, before, "item_id", {"before_minor": 0})
    due = materialise(due.with_columns(due_minor=nw.col("amount_minor") - nw.col("before_minor")))
    within = paid.filter(nw.col("paid_day") >= from_day, nw.col("step").is_in(_FROM_A_SOURCE))
    is_cash, nothing = nw.col("source") == "receipt", integer(0)
    within = within.with_columns(
        collected_minor=nw.when(is_cash).then(nw.col("amount_minor")).otherwise(nothing),
        credited_minor=nw.when(is_cash).then(nothing).otherwise(nw.col("amount_minor")),
    )
    account = ["customer_id", "currency"]
    return Collection(
        due=sum_by(due.filter(nw.col("due_minor") > 0), account, due_minor="due_minor"),
        came_in=sum_by(within, [*account, "paid_day"], collected_minor="collected_minor", credited_minor="credited_minor"),
    )
