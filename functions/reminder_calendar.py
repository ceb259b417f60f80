"""What will be due to be sent on the days to come, if nothing is paid and each list is sent on its day (RULES §8)."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw

from functions.dunning import propose_reminders
from functions.frames import Frame, integer, materialise, stack, text
from functions.ledger import SHAPES, Ledger, Policy, Position, empty

DAYS_AHEAD = 14

_LOGGED = frozenset({"message_id", "sent_day", "customer_id", "item_id", "level", "currency"})
_LOG = tuple(SHAPES["reminder_log"])

CALENDAR = (
    "send_day", "message_id", "customer_id", "currency", "is_notice", "channel", "level", "letter", "items", "total_minor",
    "total_base_minor", "overdue_minor", "oldest_due_day", "max_days_overdue",
)  # fmt: skip


def reminder_calendar(
    ledger: Ledger, position: Position, today: Frame, *, policy: Policy, days_ahead: int = DAYS_AHEAD
) -> Frame:
    """``CALENDAR``: the messages of each of the next days, as ``propose_reminders`` will make them then.

    ``today``: the lines proposed as of the position's day, taken as sent that day; so are those of each day after it, as the
    log decides what is next. Nothing is paid meanwhile, no promise is made, no invoice added, and the bank's statements are
    taken to be read in each morning. What is owed is worked out once: only who is reminded of it when is asked every day.
    """
    as_of = position.as_of
    # Of customers whose items have all been paid nothing is asked: a ledger of years has many more items than open ones.
    owing = position.items.filter(nw.col("open_minor") > 0).select("customer_id").unique(["customer_id"])
    owing = materialise(owing)
    narrowed = replace(
        position,
        items=materialise(position.items.join(owing, on="customer_id", how="inner")),
        applications=materialise(position.applications.join(owing, on="customer_id", how="inner")),
    )
    current = replace(ledger, bank_balances=empty(ledger.customers, "bank_balances"))
    log = materialise(stack([ledger.reminder_log.filter(nw.col("sent_day") <= as_of), _sent(today, as_of)], _LOG))
    days = []
    for day in range(as_of + 1, as_of + days_ahead + 1):
        proposed = propose_reminders(
            replace(current, reminder_log=log), replace(narrowed, as_of=day), policy=policy, message_prefix=f"day{day}"
        )
        log = materialise(stack([log, _sent(proposed.items, day)], _LOG))
        days.append(materialise(proposed.messages.with_columns(send_day=integer(day)).select(*CALENDAR)))
    return materialise(stack(days, CALENDAR))


def _sent(lines: Frame, day: int) -> Frame:
    """The lines as the log would have them; what no rule of the ladder asks for is blank."""
    blank = {
        name: (text("") if kind == nw.String else integer(0)).alias(name)
        for name, kind in SHAPES["reminder_log"].items()
        if name not in _LOGGED
    }
    return lines.with_columns(sent_day=integer(day), **blank).select(*_LOG)
