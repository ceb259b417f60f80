"""What will be due to be sent on the days to come, if nothing is paid and each list is sent on its day (RULES §8)."""

from __future__ import annotations

import narwhals as nw

from functions.dunning import Proposals, is_unreachable, own_channel
from functions.frames import (
    NO_DAY,
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
from functions.ladder import by_number, trigger
from functions.ledger import Ledger, Policy, Position, ReminderLevel

DAYS_AHEAD = 14

CALENDAR = (
    "send_day", "customer_id", "currency", "is_notice", "channel", "level", "letter", "items", "amount_minor",
    "oldest_due_day",
)  # fmt: skip

_PASSING = ("not_yet", "waiting", "promise", "on_plan", "too_soon", "bank_not_current")
"""The reasons that time alone takes away. What is held for another one is in no calendar."""

_ACCOUNT = ["customer_id", "currency"]
_STEP = ("item_id", *_ACCOUNT, "is_notice", "send_day", "channel", "level", "letter", "open_minor", "due_day")


def reminder_calendar(
    ledger: Ledger, position: Position, proposals: Proposals, *, policy: Policy, days_ahead: int = DAYS_AHEAD
) -> Frame:
    """``CALENDAR``: the messages of each of the next ``days_ahead`` days, one row a day, customer, currency and kind.

    ``proposals`` of the position's day, as if the bank were current. What they propose is taken as sent that day, and each
    item then climbs by its own: a level goes out on its day, a day after the one before at least, its least interval after
    the customer's last dunning message, once a promise, a plan or an interval that holds the item is over. Items of one
    day make one message, at the highest level among them. An item stays where its account's open total is covered by
    credit or below a level's minimum, or where the customer has no contact for it. amount_minor: what is open of the items.
    """
    as_of, last_day = position.as_of, position.as_of + days_ahead
    items = materialise(_climbing(ledger, position, proposals, policy))
    steps = []
    ladder = by_number(policy.reminder_levels)
    notices = [level for level in ladder if level.is_notice]
    for place, level in enumerate(notices):
        steps.append(_notices_sent(items, level, notices[place + 1 :], last_day))
    for level in (each for each in ladder if not each.is_notice):
        items, sent = _dunned(items, level, last_day)
        steps.append(sent)
    if not steps:
        steps.append(_none_sent(items))
    return _messages(stack(steps, _STEP), as_of)


def _climbing(ledger: Ledger, position: Position, proposals: Proposals, policy: Policy) -> Frame:
    """The items that may be reminded in the days to come: reached, ready_day, dunned_day, and account totals."""
    as_of = position.as_of
    blank = {"reason": "", "until_day": NO_DAY}
    items = position.items.filter(nw.col("open_minor") > 0)
    items = left_join(items, proposals.held, "item_id", blank)
    items = items.filter((nw.col("reason") == "") | nw.col("reason").is_in(list(_PASSING)))
    items = left_join(items, proposals.states, "item_id", {"last_level": 0, "last_sent_day": NO_DAY})
    items = left_join(items, proposals.items.select("item_id", today_level="level"), "item_id", {"today_level": 0})
    is_sent = nw.col("reason") == ""
    was_sent = has_day("last_sent_day")
    nothing = integer(-(2**31))
    reached = nw.when(was_sent).then(nw.col("last_level")).otherwise(nothing)
    # What is held by the ladder waits for its level's own day; only the other holds move it.
    holds_on = nw.col("reason").is_in(["promise", "on_plan", "too_soon"])
    until = nw.when(holds_on).then(nw.col("until_day")).otherwise(integer(NO_DAY))
    items = items.with_columns(
        reached=nw.when(is_sent).then(nw.col("today_level")).otherwise(reached),
        ready_day=largest(until, integer(as_of + 1)),
        has_rate=flag(has_minor("open_base_minor")),
        base_minor=nw.when(has_minor("open_base_minor")).then(nw.col("open_base_minor")).otherwise(integer(0)),
        is_stuck=integer(0),
        _one=integer(1),
    )
    items = materialise(items)
    totals = sum_by(
        items, _ACCOUNT, account_minor="open_minor", account_base_minor="base_minor", with_rate="has_rate", of_items="_one"
    )
    fill = {"account_minor": 0, "account_base_minor": 0, "with_rate": 0, "of_items": 0}
    items = left_join(items, totals, _ACCOUNT, fill)
    items = left_join(
        items, sum_by(position.unapplied, _ACCOUNT, credit_minor="unapplied_minor"), _ACCOUNT, {"credit_minor": 0}
    )
    items = items.filter(nw.col("credit_minor") < nw.col("account_minor"))
    own = ledger.customers.rename({"channel": "own_channel"})
    items = left_join(items, own, "customer_id", {"own_channel": "", "email": "", "phone": "", "address": ""})
    return _with_last_dunning(items, ledger, proposals, policy, as_of)


def _with_last_dunning(items: Frame, ledger: Ledger, proposals: Proposals, policy: Policy, as_of: int) -> Frame:
    """Adds dunned_day: of the account's last dunning message by D, today's included."""
    dunning = [level.level for level in policy.reminder_levels if not level.is_notice]
    is_dunning = nw.col("level").is_in(dunning)
    logged = ledger.reminder_log.filter((nw.col("sent_day") <= as_of) & is_dunning).select(*_ACCOUNT, "sent_day")
    today = proposals.items.filter(is_dunning).select(*_ACCOUNT, sent_day=integer(as_of))
    last = stack([logged, today], [*_ACCOUNT, "sent_day"]).group_by(*_ACCOUNT).agg(dunned_day=nw.col("sent_day").max())
    return left_join(items, last, _ACCOUNT, {"dunned_day": NO_DAY})


def _notices_sent(items: Frame, level: ReminderLevel, firmer: list[ReminderLevel], last_day: int) -> Frame:
    """The items to which a notice goes: on its day or when they are free, unless a firmer notice has come by then."""
    sent = items.with_columns(send_day=largest(trigger(level), "ready_day"))
    # Of today's and earlier days nothing is caught up here but what a hold kept back: the rest was proposed today.
    is_sent = (
        (nw.col("reached") < level.level) & (nw.col("send_day") <= nw.col("due_day")) & (nw.col("send_day") <= last_day)
    )
    for other in firmer:
        is_sent = is_sent & ~((trigger(other) <= nw.col("send_day")) & (other.level > level.level))
    sent = _by_channel(sent.filter(is_sent), level)
    return sent.filter(~_is_held(level)).select(*_STEP)


def _dunned(items: Frame, level: ReminderLevel, last_day: int) -> tuple[Frame, Frame]:
    """The items that the level is sent to, and all items after it. An item that cannot be sent this one waits there."""
    earliest = largest(trigger(level), "ready_day", nw.col("due_day") + 1)
    interval = nw.when(has_day("dunned_day")).then(nw.col("dunned_day") + level.min_interval_days).otherwise(integer(NO_DAY))
    items = items.with_columns(send_day=largest(earliest, interval), is_ahead=nw.col("reached") < level.level)
    items = _by_channel(items, level)
    is_held = _is_held(level) & nw.col("is_ahead")
    items = items.with_columns(is_stuck=largest("is_stuck", flag(is_held)))
    is_sent = nw.col("is_ahead") & (nw.col("is_stuck") == 0)
    items = materialise(items.with_columns(is_sent=is_sent))
    sent = items.filter(nw.col("is_sent") & (nw.col("send_day") <= last_day)).select(*_STEP)
    day = nw.col("send_day")
    after = items.with_columns(
        ready_day=nw.when(nw.col("is_sent")).then(day + 1).otherwise(nw.col("ready_day")),
        dunned_day=nw.when(nw.col("is_sent")).then(day).otherwise(nw.col("dunned_day")),
    )
    return after.drop("send_day", "is_ahead", "is_sent", "channel", "level", "letter", "is_notice"), sent


def _by_channel(items: Frame, level: ReminderLevel) -> Frame:
    return items.with_columns(
        level=integer(level.level),
        letter=text(level.letter),
        channel=own_channel(text(level.channel)),
        is_notice=nw.lit(level.is_notice),
    )


def _is_held(level: ReminderLevel) -> nw.Expr:
    is_small = (nw.col("with_rate") == nw.col("of_items")) & (nw.col("account_base_minor") < level.min_amount_minor)
    return is_small | is_unreachable()


def _none_sent(items: Frame) -> Frame:
    nobody = items.filter(nw.col("item_id") != nw.col("item_id")).with_columns(send_day=integer(NO_DAY))
    return _by_channel(nobody, ReminderLevel(0, 0, "")).select(*_STEP)


def _messages(steps: Frame, as_of: int) -> Frame:
    key = ["send_day", *_ACCOUNT, "is_notice"]
    steps = materialise(steps.filter(nw.col("send_day") > as_of).with_columns(_one=integer(1)))
    messages = steps.group_by(*key).agg(
        nw.col("level").max(), nw.col("_one").sum(), nw.col("open_minor").sum(), nw.col("due_day").min()
    )
    messages = messages.with_columns(nw.col("_one", "open_minor").cast(nw.Int64)).rename(
        {"_one": "items", "open_minor": "amount_minor", "due_day": "oldest_due_day"}
    )
    firmest = steps.select(*key, "level", "channel", "letter").unique([*key, "level"])
    return materialise(messages.join(firmest, on=[*key, "level"], how="inner").select(*CALENDAR))
