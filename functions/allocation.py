"""Cash application: which receipt or credit paid which item, and when (RULES §5)."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from functions.documents import Documents
from functions.frames import (
    Frame,
    between,
    integer,
    largest,
    left_join,
    materialise,
    numbered,
    running_total,
    stack,
    sum_by,
    text,
)
from functions.ledger import Ledger, Policy
from functions.open_items import ITEM_ORDER, Schedule
from functions.overlay import overlay
from functions.requests import ALLOCATION, LINKED_CREDIT, REFUND, REQUEST_ORDER, WRITE_OFF, judge_requests, sources_of

APPLICATION = (
    "source",
    "receipt_id",
    "item_id",
    "invoice_id",
    "customer_id",
    "currency",
    "amount_minor",
    "paid_day",
    "step",
    "effective_day",
    "request_id",
)

_ACCOUNT = ("customer_id", "currency")

_SLICE_ORDER = (*REQUEST_ORDER, "slice")
_FROM_A_SOURCE = ("linked_credit", "allocation", "recovery", "oldest_due_first")


@dataclass(frozen=True)
class Allocation:
    """applications: ``APPLICATION`` rows, whose sum per item is what settled it (write_off_reversed is negative). Since
    ``effective_day`` it has counted, by the row ``request_id`` of what staff asked for (blank: nobody did).

    sources: what ``sources_of`` gives, of those that exist at D and are not reversed, with applied_minor, refunded_minor and
    unapplied_minor. requests: the judged rows of step 1.
    """

    applications: Frame
    sources: Frame
    requests: Frame
    issues: Frame


def allocate_receipts(ledger: Ledger, documents: Documents, schedule: Schedule, *, policy: Policy, as_of: int) -> Allocation:
    """Step 1: what staff asked for, in order. Step 2, by policy: what remains pays the oldest due first, afresh at D."""
    all_sources = materialise(sources_of(documents, as_of=as_of))
    requests = judge_requests(ledger, documents, all_sources, as_of=as_of)
    explicit = materialise(_apply_requests(requests.rows, schedule.items))
    sources = _with_refusals(all_sources.filter(nw.col("source_day") <= as_of, ~nw.col("is_reversed")), requests.rows)
    sources = _with_refunds(sources, requests.rows)
    applications = explicit
    if policy.allocation_policy == "oldest_due_first":
        oldest = _oldest_due_first(schedule.items, sources, explicit, policy)
        applications = materialise(stack([explicit, oldest], APPLICATION))
    return Allocation(
        applications=applications,
        sources=materialise(_with_remainder(sources, applications, "unapplied_minor")),
        requests=requests.rows,
        issues=requests.issues,
    )


def _with_refusals(sources: Frame, requests: Frame) -> Frame:
    refused = requests.filter(nw.col("code") != "", nw.col("source") != "").select("source", "source_id")
    refused = refused.unique(["source", "source_id"]).with_columns(was_refused=nw.lit(True))
    return left_join(sources, refused, ["source", "source_id"], {"was_refused": False})


def _with_refunds(sources: Frame, requests: Frame) -> Frame:
    refunds = requests.filter(nw.col("code") == "", nw.col("kind_order") == REFUND)
    refunds = sum_by(refunds, ["source", "source_id"], refunded_minor="source_minor")
    return left_join(sources, refunds, ["source", "source_id"], {"refunded_minor": 0})


def _with_remainder(sources: Frame, applications: Frame, name: str) -> Frame:
    used = applications.filter(nw.col("step").is_in(_FROM_A_SOURCE))
    used = sum_by(used.rename({"receipt_id": "source_id"}), ["source", "source_id"], applied_minor="amount_minor")
    sources = left_join(sources, used, ["source", "source_id"], {"applied_minor": 0})
    remainder = nw.col("holds_minor") - nw.col("applied_minor") - nw.col("refunded_minor")
    return sources.with_columns(remainder.alias(name))


def _apply_requests(requests: Frame, items: Frame) -> Frame:
    """Step 1 on the amount of each invoice, laid out as a line: the opening settlement, then each accepted row."""
    slices = materialise(_placed(stack([_opening(items), *_accepted(requests)], _SLICE)))
    applied = slices.filter(nw.col("length_minor") > 0)
    # What an allocation asks above the open amount was judged to be covered by write-offs: a recovery.
    recovered = slices.filter(nw.col("step") == "allocation", nw.col("excess_minor") > 0)
    split = items.filter(~nw.col("is_only"))
    split_ids = split.select("invoice_id").unique(["invoice_id"])
    whole = [
        _on_one_item(applied.join(split_ids, on="invoice_id", how="anti"), "length_minor"),
        *_recoveries(_on_one_item(recovered.join(split_ids, on="invoice_id", how="anti"), "excess_minor")),
    ]
    parts = materialise(
        overlay(
            split.with_columns(length_minor=nw.col("amount_minor")),
            applied.join(split_ids, on="invoice_id", how="inner"),
            within=["invoice_id"],
            left_order=ITEM_ORDER,
            right_order=_SLICE_ORDER,
            left_keep=["item_id", *ITEM_ORDER],
            right_keep=[*_SLICE_KEEP, *_SLICE_ORDER],
        ).with_columns(amount_minor=nw.col("minor"))
    )
    written_off = parts.filter(nw.col("step") == "write_off").select(
        "invoice_id", "item_id", *ITEM_ORDER, *_SLICE_ORDER, length_minor="minor"
    )
    back = overlay(
        written_off,
        recovered.join(split_ids, on="invoice_id", how="inner").with_columns(length_minor=nw.col("excess_minor")),
        within=["invoice_id"],
        left_order=[*_SLICE_ORDER, *ITEM_ORDER],
        right_order=_SLICE_ORDER,
        left_keep=["item_id"],
        right_keep=[*_SLICE_KEEP, "effective_day", "request_id"],
    ).with_columns(amount_minor=nw.col("minor"))
    return stack([*whole, parts, *_recoveries(back)], APPLICATION)


_SLICE_KEEP = ["source", "receipt_id", "customer_id", "currency", "paid_day", "step"]
_SLICE = ("invoice_id", *_SLICE_KEEP, *_SLICE_ORDER, "invoice_minor", "wanted_minor")


def _opening(items: Frame) -> Frame:
    """What was paid before the ledger began: the first stretch of its invoice."""
    settled = items.filter(nw.col("opening_settled_minor") > 0).select(
        "invoice_id", "customer_id", "currency", "invoice_day", "opening_settled_minor", "owed_minor"
    )
    # Once an invoice, however many items it has.
    settled = settled.unique(["invoice_id"])
    return settled.with_columns(
        source=text(""),
        receipt_id=text(""),
        paid_day=nw.col("invoice_day"),
        step=text("opening_settled"),
        effective_day=nw.col("invoice_day"),
        kind_order=integer(-1),  # before whatever else happened on its day
        request_id=text(""),
        slice=integer(0),
        invoice_minor=nw.col("owed_minor") + nw.col("opening_settled_minor"),
        wanted_minor=nw.col("opening_settled_minor"),
    )


def _accepted(requests: Frame) -> list[Frame]:
    accepted = requests.filter(nw.col("code") == "", nw.col("kind_order") != REFUND).with_columns(
        receipt_id=nw.col("source_id"),
        wanted_minor=nw.col("asked_minor") - nw.col("discount_minor"),
        slice=integer(1),
        step=nw.when(nw.col("kind_order") == LINKED_CREDIT)
        .then(text("linked_credit"))
        .otherwise(nw.when(nw.col("kind_order") == WRITE_OFF).then(text("write_off")).otherwise(text("allocation"))),
    )
    # The discount goes first, so that what exceeds the open amount is cash.
    discounts = accepted.filter(nw.col("kind_order") == ALLOCATION, nw.col("discount_minor") > 0).with_columns(
        wanted_minor=nw.col("discount_minor"), slice=integer(0), step=text("discount")
    )
    return [accepted, discounts]


def _placed(slices: Frame) -> Frame:
    """How much of each slice the invoice still has room for (``length_minor``), and what is beyond (``excess_minor``)."""
    slices = running_total(slices, "_end", of="wanted_minor", within=["invoice_id"], order=_SLICE_ORDER)
    room = nw.col("invoice_minor") - (nw.col("_end") - nw.col("wanted_minor"))
    slices = slices.with_columns(length_minor=between(room, integer(0), nw.col("wanted_minor")).cast(nw.Int64))
    return slices.with_columns(excess_minor=nw.col("wanted_minor") - nw.col("length_minor"))


def _on_one_item(slices: Frame, amount: str) -> Frame:
    return slices.with_columns(item_id=nw.col("invoice_id"), amount_minor=nw.col(amount))


def _recoveries(recovered: Frame) -> list[Frame]:
    """Cash that reverses a write-off: it settles what the write-off no longer does."""
    reversed_write_off = recovered.with_columns(
        source=text(""), receipt_id=text(""), step=text("write_off_reversed"), amount_minor=-nw.col("amount_minor")
    )
    return [recovered.with_columns(step=text("recovery")), reversed_write_off]


def _oldest_due_first(items: Frame, sources: Frame, explicit: Frame, policy: Policy) -> Frame:
    """Step 2: what remains of each receipt, then of each credit, pays the same customer's items in the same currency."""
    settled = sum_by(explicit, ["item_id"], settled_minor="amount_minor")
    payable = left_join(items, settled, "item_id", {"settled_minor": 0})
    payable = payable.with_columns(length_minor=nw.col("amount_minor") - nw.col("settled_minor"))
    payable = payable.filter(nw.col("length_minor") > 0)
    if not policy.allocate_to_disputed:
        payable = payable.filter(~nw.col("in_dispute"))
    paying = sources.filter(~nw.col("is_held"), ~nw.col("was_refused"))
    paying = _with_remainder(paying, explicit, "length_minor").filter(nw.col("length_minor") > 0)
    paying = paying.with_columns(source_order=nw.when(nw.col("source") == "receipt").then(integer(0)).otherwise(integer(1)))
    payable = payable.select(
        *_ACCOUNT, "item_id", "invoice_id", "invoice_day", "due_day", "is_planned", "part", "length_minor"
    )
    paying = paying.select(*_ACCOUNT, "source", "source_id", "source_order", "source_day", "length_minor")
    accounts = materialise(numbered(stack([payable, paying], _ACCOUNT).unique([*_ACCOUNT]), "account", order=_ACCOUNT))
    pairs = overlay(
        payable.join(accounts, on=[*_ACCOUNT], how="inner").drop(*_ACCOUNT),
        paying.join(accounts, on=[*_ACCOUNT], how="inner").drop(*_ACCOUNT),
        within=["account"],
        left_order=["due_day", "invoice_day", "invoice_id", "is_planned", "part"],
        right_order=["source_order", "source_day", "source_id"],
        left_keep=["item_id", "invoice_id", "invoice_day"],
        right_keep=["source", "source_id", "source_day"],
    )
    pairs = pairs.join(accounts, on="account", how="inner")
    return pairs.with_columns(
        receipt_id=nw.col("source_id"),
        amount_minor=nw.col("minor"),
        paid_day=largest("source_day", "invoice_day"),
        effective_day=largest("source_day", "invoice_day"),
        step=text("oldest_due_first"),
        request_id=text(""),
    )
