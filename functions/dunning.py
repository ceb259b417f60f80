"""Reminders: every open item is proposed in a message or held with a reason (RULES §8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from functions.frames import (
    NO_DAY,
    NO_MINOR,
    Frame,
    flag,
    has_day,
    has_minor,
    integer,
    left_join,
    materialise,
    parameter,
    stack,
    sum_by,
    text,
)
from functions.holds import Hold, first_hold, held_items
from functions.ledger import Ledger, Policy, Position, ReminderLevel
from functions.promises import Promises

CONTACT_FIELDS: Mapping[str, str] = {
    "email": "email",
    "sms": "phone",
    "phone": "phone",
    "letter": "address",
    "visit": "address",
}
"""Channel → the customer's column without which it cannot be used. A lawyer needs none."""

REPLACEABLE_CHANNELS = ("email", "sms", "letter")
"""A customer's own channel replaces these, never a phone call, a visit or the lawyer."""

_MESSAGE_KEYS = ("message_id", "customer_id", "currency", "is_notice")
_MESSAGES = (
    *_MESSAGE_KEYS,
    "channel",
    "level",
    "letter",
    "items",
    "total_minor",
    "total_base_minor",
    "overdue_minor",
    "oldest_due_day",
    "max_days_overdue",
)
_ITEMS = ("message_id", "item_id", "invoice_id", "customer_id", "currency", "level", "due_day", "amount_minor")
_HELD = ("item_id", "invoice_id", "customer_id", "currency", "amount_minor", "reason", "since_day", "until_day")
_STATES = ("item_id", "last_level", "last_sent_day", "next_level", "next_day")


@dataclass(frozen=True)
class Proposals:
    """What a reminder run would send, and what it holds. Rows come in no particular order.

    ``messages``: message_id, customer_id, currency, is_notice, channel, level (the highest of its items), letter, items (how
    many), total_minor, total_base_minor (NO_MINOR: no rate), overdue_minor, oldest_due_day, max_days_overdue (negative:
    days still to run).
    ``items``: the messages' lines: message_id, item_id, invoice_id, customer_id, currency, level (the item's own), due_day,
    amount_minor (what is open).
    ``held``: item_id, invoice_id, customer_id, currency, amount_minor, reason (one of ``holds.REASONS``), since_day,
    until_day (the first day without that reason; NO_DAY: not known).
    ``states``: every open item: item_id, last_level, last_sent_day, next_level, next_day (0 and NO_DAY: none).

    Every open item stands in ``items`` or in ``held``, once.
    """

    messages: Frame
    items: Frame
    held: Frame
    states: Frame


def propose_reminders(
    ledger: Ledger, position: Position, *, policy: Policy, message_prefix: str, promises: Promises | None = None
) -> Proposals:
    """The reminders to send as of the position's day (RULES §8).

    One message per customer and currency, notices apart from dunning, at the highest level among its items; its lines are
    the items that neither their own state nor the message's as a whole holds back. A message's id is
    ``{message_prefix}-{customer_id}-{currency}-N`` for a notice and ``-D`` for dunning: the caller puts the date in front.
    ``promises``: of the position, where the caller has them already.
    """
    as_of = position.as_of
    judged = materialise(held_items(ledger, position, policy=policy, promises=promises))
    ready = judged.filter(nw.col("reason") == "").with_columns((nw.col("due_day") >= as_of).alias("is_notice"))
    ready = ready.with_columns(_message_id(message_prefix).alias("message_id"))
    ready = materialise(ready.drop("reason", "since_day", "until_day"))

    messages = _with_level(_messages(ready, as_of), policy.reminder_levels)
    messages = _with_customer(messages, ledger.customers)
    messages = _with_credit(messages, position.unapplied)
    messages = _with_last_dunning(messages, ledger.reminder_log, policy.reminder_levels, as_of)
    messages = materialise(first_hold(messages, _message_holds(as_of)))

    verdict: dict[str, Any] = {"reason": "", "since_day": NO_DAY, "until_day": NO_DAY}
    ready = materialise(left_join(ready, messages, "message_id", verdict))
    return Proposals(
        messages=messages.filter(nw.col("reason") == "").select(*_MESSAGES),
        items=_lines(ready.filter(nw.col("reason") == ""), _ITEMS),
        held=stack([_lines(frame.filter(nw.col("reason") != ""), _HELD) for frame in (judged, ready)], _HELD),
        states=judged.select(*_STATES),
    )


def _message_id(prefix: str) -> nw.Expr:
    kind = nw.when(nw.col("is_notice")).then(text("N")).otherwise(text("D"))
    return nw.concat_str(text(prefix), nw.col("customer_id"), nw.col("currency"), kind, separator="-")


def _lines(items: Frame, columns: Sequence[str]) -> Frame:
    return items.with_columns(nw.col("open_minor").alias("amount_minor")).select(*columns)


def _messages(ready: Frame, as_of: int) -> Frame:
    """One row a message: its amounts, its level and its oldest due day."""
    has_rate = has_minor("open_base_minor")
    lines = ready.with_columns(
        integer(1).alias("items"),
        flag(~has_rate).alias("without_rate"),
        nw.col("open_minor").alias("total_minor"),
        nw.when(has_rate).then(nw.col("open_base_minor")).otherwise(integer(0)).alias("total_base_minor"),
        nw.when(nw.col("due_day") < as_of).then(nw.col("open_minor")).otherwise(integer(0)).alias("overdue_minor"),
        nw.col("due_day").alias("oldest_due_day"),
    )
    sums = ("items", "without_rate", "total_minor", "total_base_minor", "overdue_minor")
    # One grouping: on DuckDB, two groupings of the same rows joined to each other take a hundred times as long.
    messages = lines.group_by(*_MESSAGE_KEYS).agg(
        *(nw.col(name).sum() for name in sums), nw.col("level").max(), nw.col("oldest_due_day").min()
    )
    messages = messages.with_columns(nw.col(name).cast(nw.Int64) for name in (*sums, "level", "oldest_due_day"))
    total_base = nw.when(nw.col("without_rate") > 0).then(integer(NO_MINOR)).otherwise(nw.col("total_base_minor"))
    return messages.with_columns(
        total_base.alias("total_base_minor"), (as_of - nw.col("oldest_due_day")).alias("max_days_overdue")
    )


def _with_level(messages: Frame, levels: Sequence[ReminderLevel]) -> Frame:
    """Adds what the message's level says: level_channel, letter, min_interval_days, min_amount_minor."""
    number, wording = (
        dict.fromkeys(("level", "min_interval_days", "min_amount_minor"), nw.Int64),
        ("level_channel", "letter"),
    )
    rungs = parameter(
        messages,
        {
            "level": [level.level for level in levels],
            "level_channel": [level.channel for level in levels],
            "letter": [level.letter for level in levels],
            "min_interval_days": [level.min_interval_days for level in levels],
            "min_amount_minor": [level.min_amount_minor for level in levels],
        },
        {**number, **dict.fromkeys(wording, nw.String)},
    )
    fill: dict[str, Any] = {"level_channel": "", "letter": "", "min_interval_days": 0, "min_amount_minor": 0}
    return left_join(messages, rungs, "level", fill)


def _with_customer(messages: Frame, customers: Frame) -> Frame:
    """Adds channel, the level's or the customer's in its place, and the customer's email, phone and address."""
    own = customers.rename({"channel": "own_channel"})
    messages = left_join(messages, own, "customer_id", {"own_channel": "", "email": "", "phone": "", "address": ""})
    return messages.with_columns(own_channel(nw.col("level_channel")).alias("channel"))


def own_channel(level_channel: nw.Expr) -> nw.Expr:
    """The level's channel, or the customer's (``own_channel``) in its place where it may be replaced."""
    is_replaced = level_channel.is_in(list(REPLACEABLE_CHANNELS)) & (nw.col("own_channel") != "")
    return nw.when(is_replaced).then(nw.col("own_channel")).otherwise(level_channel)


def _with_credit(messages: Frame, unapplied: Frame) -> Frame:
    keys = ["customer_id", "currency"]
    return left_join(messages, sum_by(unapplied, keys, credit_minor="unapplied_minor"), keys, {"credit_minor": 0})


def _with_last_dunning(messages: Frame, reminder_log: Frame, levels: Sequence[ReminderLevel], as_of: int) -> Frame:
    """Adds last_dunning_day: of the customer's last dunning message in the currency by D. Notices do not count."""
    keys = ["customer_id", "currency"]
    dunning = [level.level for level in levels if not level.is_notice]
    sent = reminder_log.filter((nw.col("sent_day") <= as_of) & nw.col("level").is_in(dunning))
    last = sent.group_by(*keys).agg(last_dunning_day=nw.col("sent_day").max())
    return left_join(messages, last, keys, {"last_dunning_day": NO_DAY})


def _message_holds(as_of: int) -> tuple[Hold, ...]:
    last, interval = nw.col("last_dunning_day"), nw.col("min_interval_days")
    is_small = has_minor("total_base_minor") & (nw.col("total_base_minor") < nw.col("min_amount_minor"))
    return (
        Hold("covered_by_credit", nw.col("credit_minor") >= nw.col("total_minor")),
        Hold("below_tolerance", is_small),
        Hold("too_soon", has_day("last_dunning_day") & (last + interval > as_of), since_day=last, until_day=last + interval),
        Hold("no_contact", is_unreachable()),
    )


def is_unreachable() -> nw.Expr:
    """Whether what the row's channel needs is blank: its email, phone or address."""
    unreachable = nw.lit(False)
    for channel, contact in CONTACT_FIELDS.items():
        unreachable = unreachable | ((nw.col("channel") == channel) & (nw.col(contact) == ""))
    return unreachable
