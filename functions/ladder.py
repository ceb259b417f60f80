"""The ladder of reminder levels: which level an open item has reached, and which comes next, when.

Levels climb by their number. A notice is sent on or before the due date only, a dunning level after it (RULES §8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import narwhals as nw

from functions.frames import NO_DAY, Frame, has_day, integer, left_join, text
from functions.ledger import ReminderLevel

_NOTHING = -(2**31)
"""The level of what was never reminded: below every level, since levels may be negative or 0."""


def ladder_issues(levels: Iterable[ReminderLevel]) -> list[int]:
    """The levels of code ``ladder_not_increasing``: those that come no later than a level of a lower number.

    Levels counted from the due date must have more days than the ones before; so must those counted from the invoice
    date among themselves; and no notice stands above a dunning level: once sent, it would keep that level from being sent.
    """
    wrong = []
    last_days: dict[str, int] = {}
    seen_dunning = False
    for level in by_number(levels):
        is_later = level.days > last_days.get(level.basis, _NOTHING)
        if not is_later or (level.is_notice and seen_dunning):
            wrong.append(level.level)
        last_days[level.basis] = max(level.days, last_days.get(level.basis, _NOTHING))
        seen_dunning = seen_dunning or not level.is_notice
    return wrong


def by_number(levels: Iterable[ReminderLevel]) -> tuple[ReminderLevel, ...]:
    """The ladder from its lowest rung up."""
    return tuple(sorted(levels, key=lambda level: level.level))


def level_of_days(days_overdue: int, *, last_level: int | None = None, levels: Iterable[ReminderLevel]) -> int | None:
    """The level to send to one item that is so many days overdue and was last sent ``last_level``; None: none now.

    As ``on_the_ladder`` for levels that are counted from the due date; those from the invoice date are passed over, and no
    intervals are kept.
    """
    reached = _NOTHING if last_level is None else last_level
    ladder = [level for level in by_number(levels) if level.basis == "due_date"]
    if days_overdue <= 0:
        come = [level.level for level in ladder if level.is_notice and level.days <= days_overdue]
        return come[-1] if come and come[-1] > reached else None
    above = [level for level in ladder if not level.is_notice and level.level > reached]
    return above[0].level if above and above[0].days <= days_overdue else None


def reminded_so_far(reminder_log: Frame, *, as_of: int) -> Frame:
    """One row an item that was ever reminded by D: item_id, last_level (the highest) and last_sent_day (the latest)."""
    sent = reminder_log.filter(nw.col("sent_day") <= as_of)
    reached = sent.group_by("item_id").agg(last_level=nw.col("level").max(), last_sent_day=nw.col("sent_day").max())
    return reached.with_columns(nw.col("last_level").cast(nw.Int64), nw.col("last_sent_day").cast(nw.Int64))


def on_the_ladder(items: Frame, reminder_log: Frame, *, levels: Iterable[ReminderLevel], as_of: int) -> Frame:
    """``items`` with the ladder's word on each, as of D (RULES §8).

    Takes item_id, invoice_day, due_day. Adds last_level (0: none), last_sent_day (NO_DAY: none), level (to send now; 0:
    none), ladder_hold ("" where a level is to be sent, else not_yet | waiting | ladder_done), next_level and next_day: the
    level to send now and the day on which it came, else the next one to come (0 and NO_DAY: none).

    On or before the due date, the highest notice whose day has come, unless it or a higher level was sent. After it, the
    lowest dunning level above the highest one sent, if its day has come. An item reminded on D waits for the next day.
    """
    ladder = by_number(levels)
    reminded = left_join(
        items, reminded_so_far(reminder_log, as_of=as_of), "item_id", {"last_level": 0, "last_sent_day": NO_DAY}
    )
    reached = nw.when(has_day("last_sent_day")).then(nw.col("last_level")).otherwise(integer(_NOTHING))
    climbed = _candidates(reminded.with_columns(reached.alias("_reached")), ladder, as_of)

    is_before = nw.col("due_day") >= as_of
    is_due = (
        nw.when(is_before)
        .then(nw.col("_notice") > nw.col("_reached"))
        .otherwise((nw.col("_dunning") != _NOTHING) & (nw.col("_dunning_day") <= as_of))
    )
    is_upcoming = is_before & (nw.col("_upcoming") != _NOTHING)
    highest = max((level.level for level in ladder), default=_NOTHING)
    has_more = nw.when(is_before).then(nw.col("_reached") < highest).otherwise(nw.col("_dunning") != _NOTHING)
    climbed = climbed.with_columns(
        is_due.alias("_is_due"),
        has_more.alias("_has_more"),
        (nw.col("last_sent_day") == as_of).alias("_sent_today"),
        _choose(is_before, "_notice", "_dunning").alias("_due_level"),
        _choose(is_before, "_notice_day", "_dunning_day").alias("_due_level_day"),
        _choose(is_upcoming, "_upcoming", "_dunning").alias("_later"),
        _choose(is_upcoming, "_upcoming_day", "_dunning_day").alias("_later_day"),
    )
    return climbed.with_columns(*_verdict(as_of)).drop(*_OWN)


_OWN = (
    "_reached",
    "_notice",
    "_notice_day",
    "_dunning",
    "_dunning_day",
    "_upcoming",
    "_upcoming_day",
    "_is_due",
    "_has_more",
    "_sent_today",
    "_due_level",
    "_due_level_day",
    "_later",
    "_later_day",
)


def _verdict(as_of: int) -> list[nw.Expr]:
    is_due, sent_today = nw.col("_is_due"), nw.col("_sent_today")
    is_untouched = nw.col("_reached") == _NOTHING
    # Before the due date something always may come: an item never reminded is not done with.
    is_early = is_untouched & (nw.col("due_day") >= as_of)
    idle = (
        nw.when(is_early)
        .then(text("not_yet"))
        .otherwise(
            nw.when(~nw.col("_has_more"))
            .then(text("ladder_done"))
            .otherwise(nw.when(is_untouched).then(text("not_yet")).otherwise(text("waiting")))
        )
    )
    hold = nw.when(is_due & ~sent_today).then(text("")).otherwise(nw.when(is_due).then(text("waiting")).otherwise(idle))
    later = nw.when(nw.col("_later") == _NOTHING).then(integer(0)).otherwise(nw.col("_later"))
    # One level a run: what was sent today goes on tomorrow, even where the next level's day has come.
    due_day = nw.when(sent_today).then(integer(as_of + 1)).otherwise(nw.col("_due_level_day"))
    return [
        hold.alias("ladder_hold"),
        nw.when(is_due & ~sent_today).then(nw.col("_due_level")).otherwise(integer(0)).alias("level"),
        nw.when(is_due).then(nw.col("_due_level")).otherwise(later).alias("next_level"),
        nw.when(is_due).then(due_day).otherwise(nw.col("_later_day")).alias("next_day"),
    ]


def _candidates(items: Frame, ladder: tuple[ReminderLevel, ...], as_of: int) -> Frame:
    """Three rungs with their days: the highest notice that has come, the next notice to come, the next dunning level."""
    notices = [level for level in ladder if level.is_notice]
    dunning = [level for level in ladder if not level.is_notice]

    def has_come(level: ReminderLevel) -> nw.Expr:
        return trigger(level) <= as_of

    def is_above(level: ReminderLevel) -> nw.Expr:
        return nw.col("_reached") < level.level

    def is_ahead(level: ReminderLevel) -> nw.Expr:
        # A notice whose day lies after the due date is never sent.
        return is_above(level) & (trigger(level) > as_of) & (trigger(level) <= nw.col("due_day"))

    return items.with_columns(
        *_first(reversed(notices), has_come, "_notice"),
        *_first(notices, is_ahead, "_upcoming"),
        *_first(dunning, is_above, "_dunning"),
    )


def trigger(level: ReminderLevel) -> nw.Expr:
    """The day of a level, of items with invoice_day and due_day."""
    return nw.col("invoice_day" if level.basis == "invoice_date" else "due_day") + level.days


def _first(levels: Iterable[ReminderLevel], fits: Callable[[ReminderLevel], nw.Expr], name: str) -> tuple[nw.Expr, nw.Expr]:
    """The first of ``levels`` that fits and its day, as a chain of choices."""
    number, day = integer(_NOTHING), integer(NO_DAY)
    for level in reversed(tuple(levels)):
        number = nw.when(fits(level)).then(integer(level.level)).otherwise(number)
        day = nw.when(fits(level)).then(trigger(level)).otherwise(day)
    return number.alias(name), day.alias(f"{name}_day")


def _choose(condition: nw.Expr, yes: str, no: str) -> nw.Expr:
    return nw.when(condition).then(nw.col(yes)).otherwise(nw.col(no))
