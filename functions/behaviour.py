"""How customers behave when money is due: promises and instalments kept or not, disputes, how far they must be reminded.

Everything is derived from what was paid and what was sent; nobody types a verdict.
"""

from __future__ import annotations

import narwhals as nw

from functions.frames import (
    NO_DAY,
    NO_MINOR,
    Frame,
    flag,
    has_day,
    integer,
    largest,
    left_join,
    materialise,
    running_total,
    smallest,
    stack,
    sum_by,
)
from functions.ledger import Ledger, Policy, Position
from functions.promises import PAID_STEPS, Promises, promises_to_pay

BEHAVIOUR = (
    "customer_id", "promises_kept", "promises_broken", "promises_live", "promises_replaced", "instalments_kept",
    "instalments_missed", "disputes", "disputes_open", "dispute_days", "items_paid", "pays_after_level",
)  # fmt: skip

_OF_MONEY = ("opening_settled", *PAID_STEPS)
_MOST_RISK = 10


def customer_behaviour(ledger: Ledger, position: Position, *, policy: Policy, promises: Promises | None = None) -> Frame:
    """``BEHAVIOUR``, one row a customer of the ledger, as of the position's day.

    promises_*: how many of each state (``promises_to_pay``), of those about something that was owed. instalments_kept: parts
    of repayment plans whose whole amount was paid by their due day; instalments_missed: those whose due day is past and
    were not; of a plan that was cancelled or replaced, only parts that fell due before. disputes: invoices that were ever in
    dispute by D; disputes_open: those with an item in dispute at D; dispute_days: days since the oldest of these began (0:
    none). items_paid: items that are paid up; pays_after_level: the lowest, over these, of the highest level sent before an
    item's last payment (NO_MINOR: nothing was paid), so that a customer with 5 never paid before the reminder of level 5.
    ``promises``: of the position, where the caller has them already.
    """
    states = (promises or promises_to_pay(ledger, position, policy=policy)).states
    # A promise about nothing that was owed is neither kept nor broken.
    states = states.filter(nw.col("needed_minor") > 0).with_columns(
        flag(nw.col("state") == state).alias(f"promises_{state}") for state in ("kept", "broken", "live", "replaced")
    )
    promised = ("promises_kept", "promises_broken", "promises_live", "promises_replaced")
    result = ledger.customers.select("customer_id")
    paid = materialise(_paid_by_item(position))
    for counts in (
        sum_by(states, ["customer_id"], **{name: name for name in promised}),
        _instalments(ledger, position, paid),
        _disputes(ledger, position),
        _levels(ledger, position, paid),
    ):
        names = [name for name in counts.collect_schema().names() if name != "customer_id"]
        fill = {name: NO_MINOR if name == "pays_after_level" else 0 for name in names}
        result = materialise(left_join(result, counts, "customer_id", fill))
    return result.select(*BEHAVIOUR)


def risk_of(behaviour: Frame) -> Frame:
    """Adds risk: 1 + broken promises + missed instalments − kept promises and instalments, held within 1 and 10."""
    risk = (
        nw.col("promises_broken") + nw.col("instalments_missed") - nw.col("promises_kept") - nw.col("instalments_kept") + 1
    )
    floor = largest(risk, integer(1))
    capped = nw.when(floor > _MOST_RISK).then(integer(_MOST_RISK)).otherwise(floor)
    return behaviour.with_columns(capped.alias("risk"))


def _paid_by_item(position: Position) -> Frame:
    """item_id, paid_day, paid_minor: money and credit on each item by day; nothing that was written off."""
    paid = position.applications.filter(nw.col("step").is_in(list(_OF_MONEY)))
    return sum_by(paid, ["item_id", "paid_day"], paid_minor="amount_minor")


def _instalments(ledger: Ledger, position: Position, paid: Frame) -> Frame:
    parts = position.items.filter(nw.col("plan_id") != "").select("item_id", "customer_id", "due_day", "amount_minor")
    timely = paid.join(parts.select("item_id", "due_day"), on="item_id", how="inner")
    timely = sum_by(timely.filter(nw.col("paid_day") <= nw.col("due_day")), ["item_id"], timely_minor="paid_minor")
    parts = left_join(parts, timely, "item_id", {"timely_minor": 0})
    is_kept = nw.col("timely_minor") >= nw.col("amount_minor")
    is_past = nw.col("due_day") < position.as_of
    parts = parts.with_columns(flag(is_kept).alias("kept"), flag(is_past & ~is_kept).alias("missed"))
    columns = ["customer_id", "kept", "missed"]
    parts = stack([parts, _of_ended_plans(ledger, position)], columns)
    return sum_by(parts, ["customer_id"], instalments_kept="kept", instalments_missed="missed")


def _of_ended_plans(ledger: Ledger, position: Position) -> Frame:
    """customer_id, kept, missed: the parts that fell due while a plan was in force that was cancelled or replaced since.

    Such a part was kept if the money on its invoice by its due day reached the plan up to it, what the plan left of the
    invoice first.
    """
    invoices = position.documents.select("invoice_id", "customer_id", invoice_minor="amount_minor")
    parts = ledger.repayment_plans.filter(nw.col("agreed_day") <= position.as_of).join(
        invoices, on="invoice_id", how="inner"
    )
    plan = ["invoice_id", "plan_id"]
    whole = parts.group_by(*plan, "invoice_minor").agg(
        planned_minor=nw.col("amount_minor").sum(), begins_day=nw.col("agreed_day").max()
    )
    whole = whole.with_columns(nw.col("planned_minor", "begins_day").cast(nw.Int64))
    whole = materialise(whole.filter(nw.col("planned_minor") <= nw.col("invoice_minor")))
    later = nw.col("begins_day").shift(-1).over("invoice_id", order_by=["begins_day", "plan_id"])
    whole = whole.with_columns(next_day=later).with_columns(nw.col("next_day").fill_null(NO_DAY).cast(nw.Int64))
    parts = left_join(parts, whole, plan, {"planned_minor": 0, "next_day": NO_DAY})
    parts = running_total(parts, "reached_minor", of="amount_minor", within=plan, order=["due_day"])
    was_cancelled = has_day("cancelled_day") & (nw.col("cancelled_day") <= position.as_of)
    ended = nw.when(was_cancelled).then(nw.col("cancelled_day")).otherwise(nw.col("next_day"))
    both = was_cancelled & has_day("next_day")
    ended = nw.when(both).then(smallest("cancelled_day", "next_day")).otherwise(ended)
    parts = materialise(parts.filter((nw.col("planned_minor") > 0) & (nw.col("due_day") < ended)))
    paid = position.applications.filter(nw.col("step").is_in(list(_OF_MONEY)))
    paid = sum_by(paid, ["invoice_id", "paid_day"], paid_minor="amount_minor")
    timely = paid.join(parts.select("row", "invoice_id", "due_day"), on="invoice_id", how="inner")
    timely = sum_by(timely.filter(nw.col("paid_day") <= nw.col("due_day")), ["row"], timely_minor="paid_minor")
    parts = left_join(parts, timely, "row", {"timely_minor": 0})
    is_kept = nw.col("timely_minor") >= nw.col("invoice_minor") - nw.col("planned_minor") + nw.col("reached_minor")
    return parts.select("customer_id", kept=flag(is_kept), missed=flag(~is_kept))


def _disputes(ledger: Ledger, position: Position) -> Frame:
    as_of = position.as_of
    known = position.documents.select("invoice_id", "customer_id", "invoice_day")
    started = nw.when(has_day("disputed_day")).then(nw.col("disputed_day")).otherwise(nw.col("invoice_day"))
    contested = ledger.invoices.filter(nw.col("is_disputed") | has_day("disputed_day"))
    contested = known.join(contested.select("invoice_id", "disputed_day"), on="invoice_id", how="inner")
    ever = contested.filter(started <= as_of).select("customer_id", disputes=integer(1), disputes_open=integer(0))
    still = position.items.filter(nw.col("is_disputed"))
    invoices = still.select("invoice_id", "customer_id").unique(["invoice_id", "customer_id"])
    invoices = invoices.select("customer_id", disputes=integer(0), disputes_open=integer(1))
    counted = stack([ever, invoices], ["customer_id", "disputes", "disputes_open"])
    counted = sum_by(counted, ["customer_id"], disputes="disputes", disputes_open="disputes_open")
    oldest = still.group_by("customer_id").agg(since_day=nw.col("disputed_day").min())
    counted = left_join(counted, oldest, "customer_id", {"since_day": NO_DAY})
    days = nw.when(has_day("since_day")).then(as_of - nw.col("since_day")).otherwise(integer(0))
    return counted.select("customer_id", "disputes", "disputes_open", dispute_days=days)


def _levels(ledger: Ledger, position: Position, paid: Frame) -> Frame:
    last = paid.group_by("item_id").agg(last_paid_day=nw.col("paid_day").max())
    settled = position.items.filter(nw.col("open_minor") == 0).select("item_id", "customer_id")
    settled = settled.join(last, on="item_id", how="inner")
    sent = ledger.reminder_log.filter(nw.col("sent_day") <= position.as_of).select("item_id", "level", "sent_day")
    sent = sent.join(settled.select("item_id", "last_paid_day"), on="item_id", how="inner")
    sent = sent.filter(nw.col("sent_day") <= nw.col("last_paid_day"))
    highest = sent.group_by("item_id").agg(highest=nw.col("level").max())
    settled = left_join(settled, highest, "item_id", {"highest": 0}).with_columns(_one=integer(1))
    by_customer = settled.group_by("customer_id").agg(nw.col("_one").sum(), nw.col("highest").min())
    return by_customer.select(
        "customer_id",
        items_paid=nw.col("_one").cast(nw.Int64),
        pays_after_level=nw.col("highest").cast(nw.Int64),
    )
