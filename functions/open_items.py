"""From invoices to items: one amount due on one day, by typed date, terms or repayment plan (RULES §3)."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from functions.findings import findings, first_fault
from functions.frames import (
    NO_DAY,
    Frame,
    between,
    has_day,
    integer,
    left_join,
    materialise,
    running_total,
    stack,
    sum_by,
    text,
)
from functions.ledger import Policy
from functions.terms import split_by_terms

_SCHEDULED = (
    "invoice_id",
    "row",
    "customer_id",
    "currency",
    "kind",
    "invoice_day",
    "amount_minor",
    "opening_settled_minor",
    "is_disputed",
    "disputed_day",
    "dispute_closed_day",
    "part",
    "parts",
    "before_minor",
    "part_minor",
    "contractual_due_day",
    "due_day",
)

ITEM_ORDER = ("due_day", "is_planned", "part")
"""Settlements fill an invoice's items earliest first; the plan's part after the scheduled one of the same day."""


@dataclass(frozen=True)
class Schedule:
    """Items before anything settles them.

    items: item_id, invoice_id, row, customer_id, currency, kind, invoice_day, part, plan_id, is_planned (0/1), is_only (the
    invoice has no other item), due_day, contractual_due_day, original_due_day, amount_minor (the item's), owed_minor (the
    invoice's at first), opening_settled_minor (the invoice's), in_dispute (at D), disputed_day.
    """

    items: Frame
    issues: Frame


def schedule_items(invoices: Frame, plans: Frame, *, policy: Policy, as_of: int) -> Schedule:
    """The items of every usable invoice dated up to ``as_of``, by the schedule that is live then.

    ``invoices``: of ``resolve_documents``. A typed due date makes one item and is not rolled. A repayment plan reschedules
    the last part of the amount, as much as its parts sum to; the rest keeps its schedule.
    """
    existing = invoices.filter(nw.col("invoice_day") <= as_of)
    typed = existing.filter(has_day("due_day")).with_columns(
        part=integer(1),
        parts=integer(1),
        before_minor=integer(0),
        part_minor=nw.col("amount_minor"),
        contractual_due_day=nw.col("due_day"),
    )
    by_terms = split_by_terms(existing.filter(~has_day("due_day")), policy)
    scheduled = materialise(stack([typed, by_terms], _SCHEDULED))
    live, issues = _live_plans(plans, invoices, as_of=as_of)
    planned = sum_by(live, ["invoice_id"], planned_minor="amount_minor")
    kept = left_join(scheduled, planned, "invoice_id", {"planned_minor": 0})
    unplanned = kept.filter(nw.col("planned_minor") == 0)
    kept = kept.filter(nw.col("planned_minor") > 0)
    items = stack(
        [
            _unsplit(unplanned),
            _numbered(unplanned.filter(nw.col("parts") > 1)),
            _numbered(_left_by_plan(kept)),
            _plan_items(live, kept),
        ],
        _ITEM,
    )
    return Schedule(items=_with_dispute(items, as_of=as_of), issues=issues)


_ITEM = (
    "item_id",
    "invoice_id",
    "row",
    "customer_id",
    "currency",
    "kind",
    "invoice_day",
    "part",
    "plan_id",
    "is_planned",
    "is_only",
    "due_day",
    "contractual_due_day",
    "original_due_day",
    "amount_minor",
    "owed_minor",
    "opening_settled_minor",
    "is_disputed",
    "disputed_day",
    "dispute_closed_day",
)


def _as_items(scheduled: Frame, item_id: nw.Expr, *, is_only: bool) -> Frame:
    return scheduled.with_columns(
        item_id=item_id,
        plan_id=text(""),
        is_planned=integer(0),
        is_only=nw.lit(is_only),
        original_due_day=nw.col("due_day"),
        owed_minor=nw.col("amount_minor") - nw.col("opening_settled_minor"),
        amount_minor=nw.col("part_minor"),
    )


def _unsplit(scheduled: Frame) -> Frame:
    # Most invoices: their item's id is their own, and no text needs building.
    return _as_items(scheduled.filter(nw.col("parts") == 1), nw.col("invoice_id"), is_only=True)


def _numbered(scheduled: Frame) -> Frame:
    number = nw.concat_str([nw.col("invoice_id"), nw.col("part").cast(nw.String)], separator="#")
    return _as_items(scheduled, number, is_only=False)


def _left_by_plan(kept: Frame) -> Frame:
    """What a plan leaves of the schedule: the first (amount − planned) of the amount."""
    left = between(
        nw.col("amount_minor") - nw.col("planned_minor") - nw.col("before_minor"), integer(0), nw.col("part_minor")
    )
    return kept.with_columns(part_minor=left).filter(nw.col("part_minor") > 0)


def _plan_items(live: Frame, kept: Frame) -> Frame:
    plan = running_total(live.with_columns(_one=integer(1)), "part", of="_one", within=["invoice_id"], order=["due_day"])
    plan = running_total(plan, "reached_minor", of="amount_minor", within=["invoice_id"], order=["due_day"])
    plan = plan.select(
        "invoice_id",
        "plan_id",
        "part",
        plan_minor="amount_minor",
        plan_due_day="due_day",
        reached_minor="reached_minor",
    )
    # The scheduled part in which this plan part's slice of the amount begins: old debt does not become young.
    joined = plan.join(kept, on="invoice_id", how="inner", suffix="_scheduled").with_columns(
        begins=nw.col("amount_minor") - nw.col("planned_minor") + nw.col("reached_minor") - nw.col("plan_minor")
    )
    within = (nw.col("before_minor") <= nw.col("begins")) & (
        nw.col("begins") < nw.col("before_minor") + nw.col("part_minor")
    )
    joined = joined.filter(within)
    return joined.with_columns(
        item_id=nw.concat_str([nw.col("invoice_id"), nw.col("plan_id"), nw.col("part").cast(nw.String)], separator="#"),
        is_planned=integer(1),
        is_only=nw.lit(False),
        original_due_day=nw.col("due_day"),
        due_day=nw.col("plan_due_day"),
        contractual_due_day=nw.col("plan_due_day"),
        owed_minor=nw.col("amount_minor") - nw.col("opening_settled_minor"),
        amount_minor=nw.col("plan_minor"),
    )


def _live_plans(plans: Frame, invoices: Frame, *, as_of: int) -> tuple[Frame, Frame]:
    """The parts of the one plan in force on each invoice (the last agreed), and what is wrong with plans."""
    planned = invoices.select("invoice_id", invoice_minor="amount_minor", invoice_day="invoice_day")
    parts = left_join(
        plans.filter(nw.col("agreed_day") <= as_of), planned, "invoice_id", {"invoice_minor": -1, "invoice_day": NO_DAY}
    )
    is_live = ~has_day("cancelled_day") | (nw.col("cancelled_day") > as_of)
    parts = materialise(parts.filter(is_live, nw.col("invoice_day") <= as_of))
    whole = parts.group_by("invoice_id", "plan_id", "invoice_minor").agg(
        planned_minor=nw.col("amount_minor").sum(), agreed_day=nw.col("agreed_day").max(), row=nw.col("row").min()
    )
    whole = whole.with_columns(nw.col("planned_minor", "agreed_day").cast(nw.Int64)).with_columns(
        _one=integer(1),
        code=first_fault(
            {
                "unknown_invoice": nw.col("invoice_minor") < 0,
                "plan_over_amount": nw.col("planned_minor") > nw.col("invoice_minor"),
            }
        ),
    )
    whole = materialise(whole)
    fields = {"unknown_invoice": "invoice_id", "plan_over_amount": "amount"}
    issues = findings(whole, table="repayment_plans", key="plan_id", fields=fields)
    usable = whole.filter(nw.col("code") == "")
    usable = running_total(usable, "nth", of="_one", within=["invoice_id"], order=["agreed_day", "plan_id"])
    usable = usable.with_columns(last=nw.col("nth").max().over("invoice_id"))
    in_force = usable.filter(nw.col("nth") == nw.col("last")).select("invoice_id", "plan_id")
    in_force = parts.join(in_force, on=["invoice_id", "plan_id"], how="inner").filter(nw.col("amount_minor") > 0)
    return materialise(in_force.select("invoice_id", "plan_id", "due_day", "amount_minor")), issues


def _with_dispute(items: Frame, *, as_of: int) -> Frame:
    """``in_dispute`` at D: since ``disputed_on`` (blank: the invoice date), until it is closed. A closed one is history."""
    started = nw.when(has_day("disputed_day")).then(nw.col("disputed_day")).otherwise(nw.col("invoice_day"))
    was_disputed = nw.col("is_disputed") | (has_day("disputed_day") & has_day("dispute_closed_day"))
    still_open = ~has_day("dispute_closed_day") | (nw.col("dispute_closed_day") > as_of)
    return items.with_columns(
        in_dispute=was_disputed & (started <= as_of) & still_open, disputed_day=started.cast(nw.Int64)
    ).drop("is_disputed", "dispute_closed_day")
