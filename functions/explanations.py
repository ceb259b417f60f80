"""Why a figure is what it is: the very events behind an invoice's open amount, its interest and its reminder level."""

from __future__ import annotations

import narwhals as nw

from functions.day_count import rounded_interest
from functions.frames import (
    NO_DAY,
    NO_MINOR,
    Frame,
    flag,
    has_minor,
    integer,
    materialise,
    running_total,
    stack,
    text,
)
from functions.holds import held_items
from functions.interest import LateInterest
from functions.ledger import Ledger, Policy, Position
from functions.promises import promises_to_pay

EXPLANATION = (
    "item_id", "line", "code", "from_day", "to_day", "reference_id", "number", "amount_minor", "total_minor",
)  # fmt: skip
"""One row an event: its code, when it was (from_day) or until when (to_day; NO_DAY: it is of one day or has no end), what it
refers to (a receipt, a write-off, an activity), a number (days, a level), its amount, and what it makes with those before
it. Lines are numbered from 1 within an item. Blanks are sentinels."""

OPEN_CODES = (
    "owed", "opening_settled", "linked_credit", "discount", "allocation", "write_off", "write_off_reversed", "recovery",
    "oldest_due_first",
)  # fmt: skip
"""owed: what the item is for, from its invoice date to its due date; the others are the steps of cash application."""

INTEREST_CODES = ("interest",)
"""A stretch of days at one amount and rate. number: the annual rate in units of 10**−11 (NO_MINOR: there is none);
amount_minor: the open amount."""

LEVEL_CODES = ("due", "reminded", "kept", "broken", "replaced", "live", "held", "next_level")
"""due: the due date (number: days overdue); reminded: a level that was sent; kept, broken, replaced, live: a promise made
(to_day: its deadline, amount_minor: what it needs, total_minor: what was paid); held: the reason that holds the item
(reference_id: its code); next_level: the level to come (number) on its day."""


def explain_open(position: Position, *, invoice_id: str) -> Frame:
    """``EXPLANATION`` of each item's open amount: what is owed, then each settlement on the day it took effect.

    from_day: that day; to_day: when it was paid; total_minor: what was open after it, so that the last one of an item is
    its open amount. Minor units of the invoice's currency.
    """
    items = position.items.filter(nw.col("invoice_id") == invoice_id)
    owed = items.select(
        "item_id", code=text("owed"), from_day=nw.col("invoice_day"), to_day=nw.col("due_day"),
        reference_id=nw.col("invoice_id"), number=nw.col("part"), amount_minor=nw.col("amount_minor"),
    )  # fmt: skip
    settled = position.applications.filter(nw.col("invoice_id") == invoice_id)
    is_of_source = nw.col("receipt_id") != ""
    settled = settled.select(
        "item_id", code=nw.col("step"), from_day=nw.col("effective_day"), to_day=nw.col("paid_day"),
        reference_id=nw.when(is_of_source).then(nw.col("receipt_id")).otherwise(nw.col("request_id")), number=integer(0),
        amount_minor=-nw.col("amount_minor"),
    )  # fmt: skip
    # An engine may cut one event finer than another.
    event = ["item_id", "code", "from_day", "to_day", "reference_id", "number"]
    settled = settled.group_by(*event).agg(nw.col("amount_minor").sum())
    settled = settled.with_columns(nw.col("amount_minor").cast(nw.Int64))
    return _numbered(stack([owed, settled], [*event, "amount_minor"]), OPEN_CODES, first="owed", is_summed=True)


def explain_interest(interest: LateInterest, *, policy: Policy, invoice_id: str) -> Frame:
    """``EXPLANATION`` of the invoice's late interest: each stretch of days at one open amount and rate.

    total_minor: the interest of the item so far, rounded once, so that the last one of an item is its interest; NO_MINOR as
    soon as a rate is missing. ``policy`` as it was for ``interest``. Raises UnknownYear.
    """
    segments = interest.segments.filter(nw.col("invoice_id") == invoice_id).with_columns(
        without=flag(~has_minor("rate_units"))
    )
    for name in ("whole_minor", "rest", "without"):
        segments = running_total(segments, name, of=name, within=["item_id"], order=["from_day"])
    segments = rounded_interest(segments, "total_minor", year_days=policy.interest_year_days)
    known = nw.when(nw.col("without") == 0).then(nw.col("total_minor")).otherwise(integer(NO_MINOR))
    rows = segments.select(
        "item_id", "from_day", "to_day", code=text("interest"), reference_id=nw.col("invoice_id"),
        number=nw.col("rate_units"), amount_minor=nw.col("open_minor"), total_minor=known,
    )  # fmt: skip
    return _numbered(rows, INTEREST_CODES)


def explain_level(ledger: Ledger, position: Position, *, policy: Policy, invoice_id: str) -> Frame:
    """``EXPLANATION`` of the reminder level of each open item: due date, reminders, promises, what holds it, what is next.

    total_minor is only of promises; amounts are minor units of the invoice's currency.
    """
    as_of = position.as_of
    items = materialise(position.items.filter(nw.col("invoice_id") == invoice_id, nw.col("open_minor") > 0))
    blank = {"to_day": integer(NO_DAY), "reference_id": text(""), "total_minor": integer(0)}
    due = items.select(
        "item_id", code=text("due"), from_day=nw.col("due_day"), number=integer(as_of) - nw.col("due_day"),
        amount_minor=nw.col("open_minor"), **blank,
    )  # fmt: skip
    sent = ledger.reminder_log.filter(nw.col("sent_day") <= as_of).join(items.select("item_id"), on="item_id", how="inner")
    sent = sent.select(
        "item_id", code=text("reminded"), from_day=nw.col("sent_day"), to_day=integer(NO_DAY),
        reference_id=nw.col("message_id"), number=nw.col("level"), amount_minor=integer(0), total_minor=integer(0),
    )  # fmt: skip
    judged = held_items(ledger, position, policy=policy).filter(nw.col("invoice_id") == invoice_id)
    judged = materialise(judged)
    held = judged.filter(nw.col("reason") != "").select(
        "item_id", code=text("held"), from_day=nw.col("since_day"), to_day=nw.col("until_day"),
        reference_id=nw.col("reason"), number=integer(0), amount_minor=nw.col("open_minor"), total_minor=integer(0),
    )  # fmt: skip
    following = judged.filter(nw.col("next_day") != NO_DAY).select(
        "item_id", code=text("next_level"), from_day=nw.col("next_day"), number=nw.col("next_level"),
        amount_minor=integer(0), **blank,
    )  # fmt: skip
    columns = [each for each in EXPLANATION if each != "line"]
    rows = stack([due, sent, _promises(ledger, position, items, policy), held, following], columns)
    return _numbered(rows, LEVEL_CODES, first="due", last="next_level")


def _promises(ledger: Ledger, position: Position, items: Frame, policy: Policy) -> Frame:
    """The promises that name the invoice, and the customer's general ones since the item was overdue."""
    states = promises_to_pay(ledger, position, policy=policy).states
    owed = items.select("item_id", "customer_id", "due_day", own_invoice="invoice_id")
    made = states.join(owed, on="customer_id", how="inner")
    is_general = (nw.col("invoice_id") == "") & (nw.col("due_day") < nw.col("activity_day"))
    made = made.filter((nw.col("invoice_id") == nw.col("own_invoice")) | is_general)
    return made.select(
        "item_id", code=nw.col("state"), from_day=nw.col("activity_day"), to_day=nw.col("deadline_day"),
        reference_id=nw.col("activity_id"), number=integer(0), amount_minor=nw.col("needed_minor"),
        total_minor=nw.col("paid_minor"),
    )  # fmt: skip


def _numbered(rows: Frame, codes: tuple[str, ...], *, first: str = "", last: str = "", is_summed: bool = False) -> Frame:
    """The rows in order within each item: the first and last codes at the ends, the others by day, code and reference."""
    end = nw.when(nw.col("code") == first).then(integer(0)).otherwise(integer(1))
    end = nw.when(nw.col("code") == last).then(integer(2)).otherwise(end)
    place = integer(len(codes))
    for number, code in enumerate(codes):
        place = nw.when(nw.col("code") == code).then(integer(number)).otherwise(place)
    rows = rows.with_columns(_one=integer(1), _end=end, _code=place)
    order = ["_end", "from_day", "_code", "reference_id", "to_day", "number", "amount_minor"]
    if is_summed:
        rows = running_total(rows, "total_minor", of="amount_minor", within=["item_id"], order=order)
    return running_total(rows, "line", of="_one", within=["item_id"], order=order).select(*EXPLANATION)
