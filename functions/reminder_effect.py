"""The effect of reminders: what was asked for at each level, by whom and how, and what came of it (RULES §8)."""

from __future__ import annotations

import narwhals as nw

from functions.frames import (
    Frame,
    between,
    flag,
    has_minor,
    integer,
    left_join,
    materialise,
    parameter,
    running_total,
    stack,
    sum_by,
)
from functions.ledger import Ledger, Policy, Position
from functions.promises import PAID_STEPS

WINDOWS = (7, 14, 30)
"""Days after a reminder within which a payment is seen as its effect."""

EFFECT_KEYS = ("level", "channel", "letter", "collector", "currency")
EFFECT = (
    *EFFECT_KEYS, "messages", "items", "amount_minor", *(f"paid_{days}_minor" for days in WINDOWS), "cost_minor",
)  # fmt: skip


def reminder_effect(ledger: Ledger, position: Position, *, policy: Policy) -> Frame:
    """``EFFECT``, one row a level, channel, letter, collector and currency, of all that was sent by D.

    amount_minor: what was asked for; paid_N_minor: the part of it that came in from the day after until N days after, by
    money or credit, never more than was asked for. A payment within the window of two reminders counts for both, so levels
    are compared, not added up. messages: those whose firmest item is at this level; cost_minor: their cost by
    ReminderLevels, in base currency. Minor units of the currency, but for the cost.
    """
    sent = ledger.reminder_log.filter(nw.col("sent_day") <= position.as_of)
    asked = nw.when(has_minor("amount_minor")).then(nw.col("amount_minor")).otherwise(integer(0))
    sent = materialise(sent.with_columns(amount_minor=asked, items=integer(1)))
    sent = materialise(_with_paid(sent, position))
    sent = materialise(_with_messages(sent, policy))
    sums = ("messages", "items", "amount_minor", *(f"paid_{days}_minor" for days in WINDOWS), "cost_minor")
    return sum_by(sent, list(EFFECT_KEYS), **{name: name for name in sums}).select(*EFFECT)


_PAID = [f"paid_{days}_minor" for days in WINDOWS]


def _with_paid(sent: Frame, position: Position) -> Frame:
    """Adds what came in within each window, never more than was asked for.

    A plan that was agreed or cancelled since gives an invoice's items other ids. What came in for an item that is no more is
    what came in for its invoice, for which its parts of one message are asked in turn.
    """
    paid = position.applications.filter(nw.col("step").is_in(list(PAID_STEPS)))
    there = position.items.select("item_id")
    gone = sent.join(there, on="item_id", how="anti")
    parts = [
        _within_windows(sent.join(there, on="item_id", how="inner"), paid, by="item_id"),
        _within_windows(gone, paid, by="invoice_id"),
    ]
    before = nw.col("_asked_minor") - nw.col("amount_minor")
    shared = ["message_id", "sent_day", "invoice_id"]
    whole = parts[0].with_columns(_asked_minor=nw.col("amount_minor"))
    in_turn = running_total(parts[1], "_asked_minor", of="amount_minor", within=shared, order=["row"])
    columns = whole.collect_schema().names()
    return (
        stack([whole, in_turn], columns)
        .with_columns(between(nw.col(name) - before, integer(0), nw.col("amount_minor")).alias(name) for name in _PAID)
        .drop("_asked_minor")
    )


def _within_windows(sent: Frame, paid: Frame, *, by: str) -> Frame:
    """Adds the payments by their item or invoice, from the day after a reminder on."""
    daily = sum_by(paid, [by, "paid_day"], paid_minor="amount_minor")
    met = sent.select("row", by, "sent_day").join(daily, on=by, how="inner")
    met = met.with_columns(_after=nw.col("paid_day") - nw.col("sent_day")).filter(nw.col("_after") > 0)
    met = met.with_columns(
        nw.when(nw.col("_after") <= days).then(nw.col("paid_minor")).otherwise(integer(0)).alias(name)
        for days, name in zip(WINDOWS, _PAID, strict=True)
    )
    return left_join(sent, sum_by(met, ["row"], **{name: name for name in _PAID}), "row", dict.fromkeys(_PAID, 0))


def _with_messages(sent: Frame, policy: Policy) -> Frame:
    """Adds messages (1 on one line of a message, at its highest level) and cost_minor (of that message)."""
    levels = policy.reminder_levels
    costs = parameter(
        sent,
        {"level": [each.level for each in levels], "unit_minor": [each.cost_minor for each in levels]},
        {"level": nw.Int64, "unit_minor": nw.Int64},
    )
    highest = sent.group_by("message_id").agg(top=nw.col("level").max())
    sent = left_join(sent, highest, "message_id", {"top": 0})
    firmest = sent.filter(nw.col("level") == nw.col("top")).group_by("message_id").agg(speaker=nw.col("row").min())
    sent = left_join(sent, firmest, "message_id", {"speaker": -1})
    sent = sent.with_columns(flag(nw.col("row") == nw.col("speaker")).alias("messages"))
    sent = left_join(sent, costs, "level", {"unit_minor": 0})
    return sent.with_columns(cost_minor=nw.col("unit_minor") * nw.col("messages"))
