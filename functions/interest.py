"""Late interest: what the days after an item's due day cost, at the rates of those days (RULES §9)."""

from __future__ import annotations

from dataclasses import dataclass, field

import narwhals as nw

from functions.day_count import rounded_interest, with_interest, with_rate_units
from functions.findings import findings
from functions.frames import (
    NO_DAY,
    NO_MINOR,
    Frame,
    flag,
    has_day,
    has_minor,
    integer,
    largest,
    left_join,
    materialise,
    stack,
    sum_by,
    text,
)
from functions.ledger import Ledger, Policy, Position

SEGMENT = (
    "item_id", "invoice_id", "customer_id", "currency", "from_day", "to_day", "days", "open_minor", "rate_units",
    "whole_minor", "rest",
)  # fmt: skip

INTEREST = (
    "item_id", "invoice_id", "customer_id", "currency", "due_day", "from_day", "to_day", "days", "interest_minor",
)  # fmt: skip

_PAID = ("opening_settled", "linked_credit", "allocation", "discount", "write_off", "recovery", "oldest_due_first")
"""What lowers the amount that bears interest. A recovery does not raise it again by the write-off that it reverses."""


@dataclass(frozen=True)
class LateInterest:
    """Interest up to a day, not charged by interest notes before.

    segments: ``SEGMENT`` rows, one a stretch of days (from_day to to_day, both included) on which the open amount and the
    rate of an item are the same: rate_units (the annual rate in units of 10**−11; NO_MINOR where there is none), and the
    interest exactly: whole_minor + rest ÷ ``day_count.denominator``. items: ``INTEREST`` rows, one an item that has a
    segment, rounded once: interest_minor (NO_MINOR where a rate is missing), days (how many bear interest).
    issues: findings, ``no_interest_rate`` on the invoice.
    """

    segments: Frame = field(repr=False)
    items: Frame = field(repr=False)
    issues: Frame = field(repr=False)


def late_interest(ledger: Ledger, position: Position, *, policy: Policy) -> LateInterest:
    """Simple interest on every item, from the day after its due day to the position's day or to payment.

    On the day of a payment the amount before it still bears interest. The rate is the ``late_rate`` of the invoice's
    contract on all days, else on each day the latest of InterestRates in the invoice's currency. Interest notes bear
    none. Days up to the ``charged_to`` of an interest note (blank: its own date) are not counted again: on the invoice that
    it names, or, where it names none of its customer's, on all of the customer's items in its currency. Amounts are minor
    units of the item's currency. Raises UnknownYear.
    """
    bearing = materialise(_bearing_items(ledger, position))
    settled = materialise(_settled_by_day(bearing, position))
    rates = materialise(_rates(ledger))
    segments = materialise(_segments(bearing, settled, rates))
    segments = _with_rate(segments, rates).with_columns(days=nw.col("to_day") - nw.col("from_day") + 1)
    priced = segments.with_columns(_units=nw.when(has_minor("rate_units")).then(nw.col("rate_units")).otherwise(integer(0)))
    segments = materialise(
        with_interest(priced, amount="open_minor", days="days", units="_units", year_days=policy.interest_year_days)
    )
    return LateInterest(
        segments=segments.select(*SEGMENT), items=_items(segments, policy), issues=_issues(segments, bearing)
    )


def _bearing_items(ledger: Ledger, position: Position) -> Frame:
    """The items that were due before the day, with the key of their rate, and first_day: what is before it is charged."""
    items = position.items.filter(nw.col("due_day") < position.as_of, nw.col("kind") != "interest_note")
    contracts = left_join(ledger.invoices.select("invoice_id", "contract_id"), _contract_rates(ledger), "contract_id", _HAS)
    contracts = contracts.filter(nw.col("has_rate")).select("invoice_id", rate_contract="contract_id")
    items = left_join(items, contracts, "invoice_id", {"rate_contract": ""})
    has_own = nw.col("rate_contract") != ""
    items = items.with_columns(rate_currency=nw.when(has_own).then(text("")).otherwise(nw.col("currency")))
    named, general = _charged(ledger, position)
    items = left_join(items, named, ["invoice_id", "customer_id"], {"named_day": NO_DAY})
    items = left_join(items, general, ["customer_id", "currency"], {"general_day": NO_DAY})
    first_day = largest("due_day", "named_day", "general_day") + 1
    return items.with_columns(first_day=first_day, last_day=integer(position.as_of)).filter(
        nw.col("first_day") <= nw.col("last_day")
    )


_HAS = {"has_rate": False}


def _contract_rates(ledger: Ledger) -> Frame:
    is_filled = nw.col("late_rate_scale") >= 0
    return ledger.contracts.filter(is_filled).select("contract_id", has_rate=nw.lit(True))


def _charged(ledger: Ledger, position: Position) -> tuple[Frame, Frame]:
    """Up to which day interest notes charged: by invoice (named_day), and by customer and currency (general_day)."""
    notes = position.documents.filter(nw.col("kind") == "interest_note")
    said = ledger.invoices.select("invoice_id", "related_invoice_id", "charged_to_day")
    notes = notes.select("invoice_id", "customer_id", "currency", "invoice_day").join(said, on="invoice_id", how="inner")
    notes = notes.with_columns(
        charged_day=nw.when(has_day("charged_to_day")).then(nw.col("charged_to_day")).otherwise(nw.col("invoice_day"))
    )
    invoices = position.documents.select("customer_id", related_invoice_id="invoice_id", is_known=nw.lit(True))
    notes = materialise(left_join(notes, invoices, ["related_invoice_id", "customer_id"], {"is_known": False}))
    named = notes.filter(nw.col("is_known")).group_by("related_invoice_id", "customer_id")
    general = notes.filter(~nw.col("is_known")).group_by("customer_id", "currency")
    by_invoice = named.agg(named_day=nw.col("charged_day").max()).rename({"related_invoice_id": "invoice_id"})
    return by_invoice, general.agg(general_day=nw.col("charged_day").max())


def _settled_by_day(bearing: Frame, position: Position) -> Frame:
    """item_id, paid_day, paid_minor: what was paid on each item by day. Before its first day it is one sum."""
    paid = position.applications.filter(nw.col("step").is_in(list(_PAID)))
    paid = paid.select("item_id", "paid_day", "amount_minor").join(
        bearing.select("item_id", "first_day", "last_day"), on="item_id", how="inner"
    )
    # A payment lowers the amount from the day after it.
    paid = paid.with_columns(since_day=largest(nw.col("paid_day") + 1, "first_day")).filter(
        nw.col("since_day") <= nw.col("last_day")
    )
    return sum_by(paid, ["item_id", "since_day"], paid_minor="amount_minor")


def _rates(ledger: Ledger) -> Frame:
    """Every rate with its key (rate_contract or rate_currency), the day from which it holds and its units."""
    own = ledger.contracts.filter(nw.col("late_rate_scale") >= 0)
    own = with_rate_units(own, digits="late_rate_digits", scale="late_rate_scale")
    own = own.select("rate_units", rate_contract="contract_id", rate_currency=text(""), rate_day=integer(NO_DAY))
    general = with_rate_units(ledger.interest_rates, digits="annual_rate_digits", scale="annual_rate_scale")
    general = general.select("rate_units", rate_contract=text(""), rate_currency="currency", rate_day="from_day")
    return stack([own, general], ["rate_contract", "rate_currency", "rate_day", "rate_units"])


_CUT = ("item_id", "from_day", "paid_minor")


def _segments(bearing: Frame, settled: Frame, rates: Frame) -> Frame:
    """The stretches of equal amount and rate: an item's days cut where it was paid and where its rate changed."""
    nothing = integer(0)
    beginnings = bearing.select("item_id", from_day="first_day", paid_minor=nothing)
    payments = settled.select("item_id", "paid_minor", from_day="since_day")
    # Items of one currency and the same days share the changes of their rate, so that not each meets every rate.
    window = ["rate_currency", "first_day", "last_day"]
    changes = bearing.filter(nw.col("rate_currency") != "").select(*window).unique(window)
    changes = changes.join(rates.select("rate_currency", "rate_day"), on="rate_currency", how="inner")
    changes = changes.filter(nw.col("rate_day") > nw.col("first_day"), nw.col("rate_day") <= nw.col("last_day"))
    changes = bearing.select("item_id", *window).join(changes, on=window, how="inner")
    changes = changes.select("item_id", from_day="rate_day", paid_minor=nothing)
    cuts = sum_by(stack([beginnings, payments, changes], _CUT), ["item_id", "from_day"], paid_minor="paid_minor")
    cuts = cuts.with_columns(
        paid_so_far=nw.col("paid_minor").cum_sum().over("item_id", order_by="from_day"),
        next_day=nw.col("from_day").shift(-1).over("item_id", order_by="from_day"),
    )
    cuts = cuts.with_columns(nw.col("paid_so_far").cast(nw.Int64), nw.col("next_day").fill_null(NO_DAY).cast(nw.Int64))
    cuts = cuts.join(bearing, on="item_id", how="inner", suffix="_of_item")
    # Money may be recovered after, in the eyes of its date before, the write-off that it reverses: never below zero.
    left = largest(nw.col("amount_minor") - nw.col("paid_so_far"), integer(0))
    to_day = nw.when(has_day("next_day")).then(nw.col("next_day") - 1).otherwise(nw.col("last_day"))
    return cuts.with_columns(open_minor=left, to_day=to_day).filter(nw.col("open_minor") > 0)


def _with_rate(segments: Frame, rates: Frame) -> Frame:
    """Adds rate_units: of the latest rate on or before the segment's first day, by distinct keys and days."""
    key = ["rate_contract", "rate_currency"]
    asked = segments.select(*key, "from_day").unique([*key, "from_day"])
    known = asked.join(rates.select(*key, "rate_day"), on=key, how="inner").filter(nw.col("rate_day") <= nw.col("from_day"))
    latest = known.group_by(*key, "from_day").agg(rate_day=nw.col("rate_day").max())
    latest = latest.join(rates, on=[*key, "rate_day"], how="inner")
    return left_join(segments, latest, [*key, "from_day"], {"rate_units": NO_MINOR})


def _items(segments: Frame, policy: Policy) -> Frame:
    counted = segments.with_columns(without_rate=flag(~has_minor("rate_units")))
    sums = ("whole_minor", "rest", "days", "without_rate")
    totals = counted.group_by("item_id", "invoice_id", "customer_id", "currency", "due_day").agg(
        *(nw.col(name).sum() for name in sums), nw.col("from_day").min(), nw.col("to_day").max()
    )
    totals = totals.with_columns(nw.col(name).cast(nw.Int64) for name in (*sums, "from_day", "to_day"))
    totals = rounded_interest(totals, "interest_minor", year_days=policy.interest_year_days)
    is_known = nw.col("without_rate") == 0
    known = nw.when(is_known).then(nw.col("interest_minor")).otherwise(integer(NO_MINOR))
    return materialise(totals.with_columns(interest_minor=known).select(*INTEREST))


def _issues(segments: Frame, bearing: Frame) -> Frame:
    without = segments.filter(~has_minor("rate_units")).select("invoice_id").unique(["invoice_id"])
    rows = bearing.select("invoice_id", "row").unique(["invoice_id"])
    without = without.join(rows, on="invoice_id", how="inner").with_columns(code=text("no_interest_rate"))
    return findings(without, table="invoices", key="invoice_id", fields={"no_interest_rate": "currency"})
