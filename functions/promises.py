"""Promises to pay: what became of each, and which open items a promise still holds (RULES §8)."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from functions.frames import (
    NO_DAY,
    Frame,
    flag,
    has_day,
    has_minor,
    integer,
    left_join,
    materialise,
    stack,
    sum_by,
    text,
)
from functions.ledger import Ledger, Policy, Position

PROMISE_OUTCOMES = ("promised", "")
"""An activity with a promise day is a promise unless its outcome says something else."""

PAID_STEPS = ("linked_credit", "allocation", "discount", "recovery", "oldest_due_first")
"""What counts as paid towards a promise: money and credit, not what was written off."""

_ORDER = ("activity_day", "activity_id", "promise_day", "promise_minor", "row")
_COVERED = (
    "row",
    "customer_id",
    "item_id",
    "currency",
    "amount_minor",
    "open_minor",
    "is_named",
    "plan_day",
    *_ORDER[:-1],
    "deadline_day",
)


@dataclass(frozen=True)
class Promises:
    """``states``: one row a promise: row, activity_id, customer_id, invoice_id, activity_day, promise_day, deadline_day,
    needed_minor, paid_minor, state (kept | broken | replaced | live).

    ``holds``: one row an open item that a promise holds: item_id, since_day (of the promise), until_day (the first day on
    which it may be reminded again).
    """

    states: Frame
    holds: Frame


def promises_to_pay(ledger: Ledger, position: Position, *, policy: Policy) -> Promises:
    """The promises made by D, judged at D.

    A promise covers its invoice's items or, without an invoice, the customer's items that were open and overdue on its
    day, by the due days of that time: a repayment plan agreed since moves them. It is kept when the payments on them from
    its day to promise_day + ``promise_grace_days`` reach its amount; without an amount, what was open of them. Payments in
    several currencies are never added up: an amount must be reached in one of them. Else it is broken once its deadline lies
    before both D and the next promise of the same scope (customer and invoice), replaced when such a promise came first, or
    a repayment plan of what it covers, and live otherwise.

    An open item is held by the newest promise that covers it, while that one is neither kept nor past its deadline, no plan
    of the item was agreed since, and its customer has broken fewer than ``max_promises``.
    """
    as_of = position.as_of
    made = materialise(_made_by(ledger.activities, as_of=as_of, grace_days=policy.promise_grace_days))
    covered = materialise(_covered(made, _with_agreed_day(position.items, ledger.repayment_plans)))
    covered = materialise(_with_payments(covered, position.applications))
    judged = materialise(_judged(made, covered, as_of))
    states = judged.select(
        "row",
        "activity_id",
        "customer_id",
        "invoice_id",
        "activity_day",
        "promise_day",
        "deadline_day",
        "needed_minor",
        "paid_minor",
        "state",
    )
    return Promises(states=states, holds=_held(judged, covered, max_promises=policy.max_promises, as_of=as_of))


def _made_by(activities: Frame, *, as_of: int, grace_days: int) -> Frame:
    is_promise = has_day("promise_day") & nw.col("outcome").is_in(list(PROMISE_OUTCOMES))
    made = activities.filter(is_promise & (nw.col("activity_day") <= as_of))
    return made.select(*_ORDER, "customer_id", "invoice_id", (nw.col("promise_day") + grace_days).alias("deadline_day"))


def _with_agreed_day(items: Frame, plans: Frame) -> Frame:
    """Adds agreed_day: when the plan was agreed that the item is of; NO_DAY for an item of no plan."""
    agreed = plans.group_by("plan_id", "invoice_id").agg(nw.col("agreed_day").max())
    return left_join(items, agreed, ["plan_id", "invoice_id"], {"agreed_day": NO_DAY})


def _covered(made: Frame, items: Frame) -> Frame:
    """One row a promise and item; of a promise without invoice, items overdue on its day, some of them paid before.

    plan_day: when a plan took the item over, if that was on the promise's day or later.
    """
    amounts = ("item_id", "currency", "amount_minor", "open_minor", "agreed_day")
    # An invoice of another customer is a slip of the pen, here as in an allocation.
    invoice = ("customer_id", "invoice_id")
    named = made.filter(nw.col("invoice_id") != "").join(items.select(*invoice, *amounts), on=list(invoice), how="inner")
    general = made.filter(nw.col("invoice_id") == "").join(
        items.select("customer_id", "due_day", "original_due_day", *amounts), on="customer_id", how="inner"
    )
    is_planned_since = nw.col("agreed_day") >= nw.col("activity_day")
    due_then = nw.when(is_planned_since).then(nw.col("original_due_day")).otherwise(nw.col("due_day"))
    general = general.filter(due_then < nw.col("activity_day"))
    plan_day = nw.when(is_planned_since).then(nw.col("agreed_day")).otherwise(integer(NO_DAY))
    parts = [(named, 1), (general, 0)]
    return stack([each.with_columns(is_named=integer(flag), plan_day=plan_day) for each, flag in parts], _COVERED)


def _with_payments(covered: Frame, applications: Frame) -> Frame:
    """Adds due_minor (what was open on the promise's day) and paid_minor (from then to the deadline).

    Applications are summed per item and day before they meet the promises: neither side repeats the other's rows.
    """
    touched = applications.join(covered.select("item_id").unique(), on="item_id", how="inner")
    is_payment = nw.col("step").is_in(list(PAID_STEPS))
    touched = touched.with_columns(
        nw.when(is_payment).then(nw.col("amount_minor")).otherwise(integer(0)).alias("payment_minor"),
        nw.col("amount_minor").alias("settled_minor"),
    )
    daily = sum_by(touched, ["item_id", "paid_day"], settled_minor="settled_minor", payment_minor="payment_minor")

    paired = covered.select("row", "item_id", "activity_day", "deadline_day").join(daily, on="item_id", how="inner")
    is_before = nw.col("paid_day") < nw.col("activity_day")
    is_in_time = (nw.col("paid_day") >= nw.col("activity_day")) & (nw.col("paid_day") <= nw.col("deadline_day"))
    paired = paired.with_columns(
        nw.when(is_before).then(nw.col("settled_minor")).otherwise(integer(0)).alias("before_minor"),
        nw.when(is_in_time).then(nw.col("payment_minor")).otherwise(integer(0)).alias("paid_minor"),
    )
    sums = sum_by(paired, ["row", "item_id"], before_minor="before_minor", paid_minor="paid_minor")
    known = left_join(covered, sums, ["row", "item_id"], {"before_minor": 0, "paid_minor": 0})
    known = known.with_columns((nw.col("amount_minor") - nw.col("before_minor")).alias("due_minor"))
    return known.filter((nw.col("is_named") == 1) | (nw.col("due_minor") > 0))


def _judged(made: Frame, covered: Frame, as_of: int) -> Frame:
    """Adds needed_minor, paid_minor, is_kept, is_broken (1 or 0) and state."""
    per_currency = sum_by(covered, ["row", "currency"], due_minor="due_minor", paid_minor="paid_minor")
    per_currency = per_currency.with_columns(
        flag(nw.col("paid_minor") < nw.col("due_minor")).alias("short"), nw.col("paid_minor").alias("most_minor")
    )
    totals = per_currency.group_by("row").agg(
        nw.col("due_minor").sum(), nw.col("paid_minor").sum(), nw.col("short").sum(), nw.col("most_minor").max()
    )
    judged = left_join(made, totals, "row", {"due_minor": 0, "paid_minor": 0, "short": 0, "most_minor": 0})
    judged = _with_next_day(judged, ["customer_id", "invoice_id"])
    planned = covered.filter(has_day("plan_day") & (nw.col("plan_day") <= nw.col("deadline_day")))
    judged = left_join(judged, planned.group_by("row").agg(nw.col("plan_day").min()), "row", {"plan_day": NO_DAY})

    has_amount = has_minor("promise_minor")
    is_kept = nw.when(has_amount).then(nw.col("most_minor") >= nw.col("promise_minor")).otherwise(nw.col("short") == 0)
    judged = judged.with_columns(
        nw.when(has_amount).then(nw.col("promise_minor")).otherwise(nw.col("due_minor")).alias("needed_minor"),
        nw.when(has_amount).then(nw.col("most_minor")).otherwise(nw.col("paid_minor")).alias("paid_minor"),
        flag(is_kept).alias("is_kept"),
    )
    # A promise that was replaced in time can no longer be broken.
    was_replaced = has_day("plan_day") | (has_day("next_day") & (nw.col("next_day") <= nw.col("deadline_day")))
    is_broken = (nw.col("is_kept") == 0) & (nw.col("deadline_day") < as_of) & ~was_replaced
    judged = judged.with_columns(flag(is_broken).alias("is_broken"))
    return judged.with_columns(
        nw.when(nw.col("is_kept") == 1)
        .then(text("kept"))
        .otherwise(
            nw.when(nw.col("is_broken") == 1)
            .then(text("broken"))
            .otherwise(nw.when(has_day("next_day") | has_day("plan_day")).then(text("replaced")).otherwise(text("live")))
        )
        .alias("state")
    )


def _held(judged: Frame, covered: Frame, *, max_promises: int, as_of: int) -> Frame:
    broken = sum_by(judged, ["customer_id"], broken="is_broken")
    still_open = _with_next_day(covered.filter(nw.col("open_minor") > 0), ["item_id"])
    newest = still_open.filter(~has_day("next_day") & ~has_day("plan_day"))
    newest = left_join(newest, judged, "row", {"is_kept": 0})
    newest = left_join(newest, broken, "customer_id", {"broken": 0})
    holds = newest.filter((nw.col("is_kept") == 0) & (nw.col("deadline_day") >= as_of) & (nw.col("broken") < max_promises))
    return holds.select(
        "item_id", nw.col("activity_day").alias("since_day"), (nw.col("deadline_day") + 1).alias("until_day")
    )


def _with_next_day(promises: Frame, within: list[str]) -> Frame:
    """Adds next_day: the day of the next promise of the same keys; NO_DAY for the newest.

    Activities of one day go by their id. The columns after it only part rows whose ids are blank.
    """
    following = nw.col("activity_day").shift(-1).over(*within, order_by=list(_ORDER))
    return promises.with_columns(following.alias("next_day")).with_columns(
        nw.col("next_day").fill_null(NO_DAY).cast(nw.Int64)
    )
