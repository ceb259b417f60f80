"""Why an open item is not reminded today, before any message is put together (RULES §8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import narwhals as nw

from functions.frames import NO_DAY, Frame, has_day, integer, left_join, materialise, text
from functions.ladder import on_the_ladder
from functions.ledger import Ledger, Policy, Position
from functions.promises import Promises, promises_to_pay
from functions.working_days import last_working_day_before

REASONS = (
    "bank_not_current",
    "left_out_rows",
    "legal",
    "do_not_remind",
    "disputed",
    "promise",
    "on_plan",
    "not_yet",
    "waiting",
    "ladder_done",
    "covered_by_credit",
    "below_tolerance",
    "too_soon",
    "no_contact",
)
"""The codes in the order in which they are asked: an item is held with the first that fits."""


def _no_day() -> nw.Expr:
    return integer(NO_DAY)


@dataclass(frozen=True, eq=False)
class Hold:
    """A reason not to remind: its code, when it fits, since when, and the first day on which it no longer will.

    A day that nobody can know is ``NO_DAY``.
    """

    code: str
    fits: nw.Expr
    since_day: nw.Expr = field(default_factory=_no_day)
    until_day: nw.Expr = field(default_factory=_no_day)


def first_hold(frame: Frame, holds: Iterable[Hold]) -> Frame:
    """Adds reason ("" where none fits), since_day and until_day of the first hold that fits."""
    reason, since_day, until_day = text(""), integer(NO_DAY), integer(NO_DAY)
    for hold in reversed(tuple(holds)):
        reason = nw.when(hold.fits).then(text(hold.code)).otherwise(reason)
        since_day = nw.when(hold.fits).then(hold.since_day).otherwise(since_day)
        until_day = nw.when(hold.fits).then(hold.until_day).otherwise(until_day)
    return frame.with_columns(reason.alias("reason"), since_day.alias("since_day"), until_day.alias("until_day"))


def held_items(ledger: Ledger, position: Position, *, policy: Policy, promises: Promises | None = None) -> Frame:
    """Every open item with the ladder's columns (``on_the_ladder``) and its first reason of its own, as ``first_hold`` says.

    An item without a reason (reason "") is to be reminded at ``level``, if its message as a whole may go out. ``promises``:
    of the position, where the caller has them already.
    """
    as_of = position.as_of
    still_open = materialise(position.items.filter(nw.col("open_minor") > 0))
    items = on_the_ladder(still_open, ledger.reminder_log, levels=policy.reminder_levels, as_of=as_of)
    items = left_join(items, ledger.customers, "customer_id", {"do_not_remind": False, "is_legal": False})
    items = _with_bank_day(items, ledger.bank_balances)
    items = _with_left_out(items, ledger.left_out_receipts)
    items = _with_legal_case(items, ledger.legal_cases, as_of)
    promises = promises or promises_to_pay(ledger, position, policy=policy)
    items = _with_promise(items, promises.holds)
    # The plans' due days come from the plain open items: from all that was joined above, DuckDB would work that out twice.
    items = _with_plan(items, still_open, ledger.repayment_plans, as_of)
    return first_hold(items, _item_holds(policy, as_of))


def _item_holds(policy: Policy, as_of: int) -> tuple[Hold, ...]:
    bank_due_day = last_working_day_before(as_of, dict(policy.holidays))
    is_on_time = has_day("plan_due_day") & (nw.col("plan_due_day") >= as_of)
    last_sent, next_day, ladder = nw.col("last_sent_day"), nw.col("next_day"), nw.col("ladder_hold")
    return (
        Hold("bank_not_current", has_day("bank_day") & (nw.col("bank_day") < bank_due_day), since_day=nw.col("bank_day")),
        Hold("left_out_rows", nw.col("has_left_out")),
        Hold("legal", nw.col("is_legal") | has_day("legal_day"), since_day=nw.col("legal_day")),
        Hold("do_not_remind", nw.col("do_not_remind")),
        Hold("disputed", nw.col("is_disputed"), since_day=nw.col("disputed_day")),
        Hold("promise", has_day("promised_until_day"), nw.col("promised_day"), nw.col("promised_until_day")),
        Hold("on_plan", is_on_time, since_day=nw.col("agreed_day"), until_day=nw.col("plan_due_day") + 1),
        Hold("not_yet", ladder == "not_yet", until_day=next_day),
        Hold("waiting", ladder == "waiting", since_day=last_sent, until_day=next_day),
        Hold("ladder_done", ladder == "ladder_done", since_day=last_sent),
    )


def _with_bank_day(items: Frame, bank_balances: Frame) -> Frame:
    """Adds bank_day: the last day that a bank statement reaches; NO_DAY where no statements are kept."""
    # Statements that reach beyond D count: what matters is that the days before D are in.
    reach = bank_balances.with_columns(integer(1).alias("_all")).group_by("_all").agg(bank_day=nw.col("to_day").max())
    return left_join(items.with_columns(integer(1).alias("_all")), reach, "_all", {"bank_day": NO_DAY}).drop("_all")


def _with_left_out(items: Frame, left_out_receipts: Frame) -> Frame:
    customers = left_out_receipts.select("customer_id").unique()
    return left_join(
        items, customers.with_columns(nw.lit(True).alias("has_left_out")), "customer_id", {"has_left_out": False}
    )


def _with_legal_case(items: Frame, legal_cases: Frame, as_of: int) -> Frame:
    """Adds legal_day: when the customer's oldest case open at D began."""
    is_open = ~has_day("closed_day") | (nw.col("closed_day") > as_of)
    cases = legal_cases.filter((nw.col("opened_day") <= as_of) & is_open)
    return left_join(
        items, cases.group_by("customer_id").agg(legal_day=nw.col("opened_day").min()), "customer_id", {"legal_day": NO_DAY}
    )


def _with_promise(items: Frame, promised: Frame) -> Frame:
    promised = promised.select(
        "item_id", nw.col("since_day").alias("promised_day"), nw.col("until_day").alias("promised_until_day")
    )
    return left_join(items, promised, "item_id", {"promised_day": NO_DAY, "promised_until_day": NO_DAY})


def _with_plan(items: Frame, still_open: Frame, repayment_plans: Frame, as_of: int) -> Frame:
    """Adds plan_due_day, the earliest due day of what is open of the item's plan over all its invoices, and agreed_day."""
    planned = still_open.filter(nw.col("plan_id") != "")
    earliest = planned.group_by("plan_id").agg(plan_due_day=nw.col("due_day").min())
    agreed = (
        repayment_plans.filter(nw.col("agreed_day") <= as_of).group_by("plan_id").agg(agreed_day=nw.col("agreed_day").min())
    )
    items = left_join(items, earliest, "plan_id", {"plan_due_day": NO_DAY})
    return left_join(items, agreed, "plan_id", {"agreed_day": NO_DAY})
