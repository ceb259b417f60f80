"""What to remind of, and what to hold back and why (RULES §8)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from functions.frames import NO_MINOR
from functions.ledger import Policy, ReminderLevel
from tests.oracle.calendar_days import date_of, day_of, is_filled, previous_working_day
from tests.oracle.position import Position, position
from tests.oracle.promises import held_by_promise
from tests.oracle.rows import Row, Tables

_NEEDS = {"email": "email", "sms": "phone", "phone": "phone", "letter": "address", "visit": "address"}
_REPLACEABLE = {"email", "sms", "letter"}


@dataclass(frozen=True)
class Reminders:
    """Messages, their lines, and the items held back."""

    messages: list[Row]
    items: list[Row]
    held: list[Row]


@dataclass
class _Run:
    """What one run looks at."""

    tables: Tables
    policy: Policy
    now: Position

    @property
    def as_of(self) -> int:
        return self.now.as_of

    @property
    def log(self) -> list[Row]:
        return [row for row in self.tables.get("reminder_log", []) if row["sent_day"] <= self.as_of]

    def customer(self, customer_id: str) -> Row:
        return next(row for row in self.tables["customers"] if row["customer_id"] == customer_id)


def reminders(tables: Tables, policy: Policy, as_of: int) -> Reminders:
    """Every open item is proposed, or held with the first reason that fits."""
    run = _Run(tables, policy, position(tables, policy, as_of))
    promised = held_by_promise(tables, run.now, policy)
    result = Reminders([], [], [])
    messages: dict[tuple[str, str, bool], list[tuple[Row, ReminderLevel]]] = defaultdict(list)
    for item in run.now.items:
        if item["open_minor"] == 0:
            continue
        reason = _hold_of_customer(run, item) or _hold_of_item(run, item, promised)
        level = None
        if not reason:
            level, reason = _level(run, item)
        if level is None:
            result.held.append(_held(item, reason))
        else:
            messages[item["customer_id"], item["currency"], level.is_notice].append((item, level))
    for (customer_id, currency, is_notice), lines in messages.items():
        _send_or_hold(run, result, run.customer(customer_id), currency, is_notice, lines)
    return result


def _held(item: Row, reason: str) -> Row:
    return {"item_id": item["item_id"], "reason": reason, "amount_minor": item["open_minor"]}


def _hold_of_customer(run: _Run, item: Row) -> str:
    customer = run.customer(item["customer_id"])
    balances = [row["to_day"] for row in run.tables.get("bank_balances", [])]
    last_working_day = previous_working_day(date_of(run.as_of) - timedelta(days=1), run.policy)
    if balances and max(balances) < day_of(last_working_day):
        return "bank_not_current"
    if any(row["customer_id"] == customer["customer_id"] for row in run.tables.get("left_out_receipts", [])):
        return "left_out_rows"
    if customer["is_legal"]:
        return "legal"
    for case in run.tables.get("legal_cases", []):
        is_closed = is_filled(case["closed_day"]) and case["closed_day"] <= run.as_of
        if case["customer_id"] == customer["customer_id"] and case["opened_day"] <= run.as_of and not is_closed:
            return "legal"
    return "do_not_remind" if customer["do_not_remind"] else ""


def _hold_of_item(run: _Run, item: Row, promised: set[str]) -> str:
    if item["is_disputed"]:
        return "disputed"
    if item["item_id"] in promised:
        return "promise"
    if item["plan_id"]:
        of_plan = [each for each in run.now.items if each["plan_id"] == item["plan_id"] and each["open_minor"] > 0]
        if not any(each["due_day"] < run.as_of for each in of_plan):
            return "on_plan"
    return ""


def _level(run: _Run, item: Row) -> tuple[ReminderLevel | None, str]:
    """The level to send now; or why none."""
    levels = sorted(run.policy.reminder_levels, key=lambda each: each.level)
    sent = [row for row in run.log if row["item_id"] == item["item_id"]]
    highest_sent = max((row["level"] for row in sent), default=None)
    was_sent_today = any(row["sent_day"] == run.as_of for row in sent)

    def has_come(level: ReminderLevel) -> bool:
        basis = item["invoice_day"] if level.basis == "invoice_date" else item["due_day"]
        return bool(basis + level.days <= run.as_of)

    above = [level for level in levels if highest_sent is None or level.level > highest_sent]
    if run.as_of <= item["due_day"]:
        come = [level for level in levels if level.is_notice and has_come(level)]
        candidate = come[-1] if come and come[-1] in above else None
        if candidate is None and not above and sent:
            return None, "ladder_done"
    else:
        dunning = [level for level in above if not level.is_notice]
        if not dunning:
            return None, "ladder_done"
        candidate = dunning[0] if has_come(dunning[0]) else None
    if candidate is None:
        return None, "waiting" if sent else "not_yet"
    if was_sent_today:
        return None, "waiting"
    return candidate, ""


def _send_or_hold(
    run: _Run, result: Reminders, customer: Row, currency: str, is_notice: bool, lines: list[tuple[Row, ReminderLevel]]
) -> None:
    level = max((level for _, level in lines), key=lambda each: each.level)
    channel = customer["channel"] if level.channel in _REPLACEABLE and customer["channel"] else level.channel
    items = [item for item, _ in lines]
    reason = _hold_of_message(run, customer, currency, level, channel, items)
    if reason:
        result.held.extend(_held(item, reason) for item in items)
        return
    message_id = f"{date_of(run.as_of):%Y%m%d}-{customer['customer_id']}-{currency}-{'N' if is_notice else 'D'}"
    overdue = [item for item in items if item["due_day"] < run.as_of]
    oldest = min(item["due_day"] for item in items)
    result.messages.append(
        {
            "message_id": message_id,
            "customer_id": customer["customer_id"],
            "currency": currency,
            "channel": channel,
            "level": level.level,
            "is_notice": is_notice,
            "total_minor": sum(item["open_minor"] for item in items),
            "overdue_minor": sum(item["open_minor"] for item in overdue),
            "items": len(items),
            "oldest_due_day": oldest,
            "max_days_overdue": run.as_of - oldest,
        }
    )
    result.items.extend(
        {
            "message_id": message_id,
            "item_id": item["item_id"],
            "level": own.level,
            "due_day": item["due_day"],
            "amount_minor": item["open_minor"],
        }
        for item, own in lines
    )


def _hold_of_message(run: _Run, customer: Row, currency: str, level: ReminderLevel, channel: str, items: list[Row]) -> str:
    unapplied = sum(
        row["unapplied_minor"]
        for row in run.now.unapplied
        if (row["customer_id"], row["currency"]) == (customer["customer_id"], currency)
    )
    if unapplied >= sum(item["open_minor"] for item in items):
        return "covered_by_credit"
    has_rate = all(item["open_base_minor"] != NO_MINOR for item in items)
    if has_rate and sum(item["open_base_minor"] for item in items) < level.min_amount_minor:
        return "below_tolerance"
    dunning_levels = {each.level for each in run.policy.reminder_levels if not each.is_notice}
    dunned = [
        row["sent_day"]
        for row in run.log
        if (row["customer_id"], row["currency"]) == (customer["customer_id"], currency) and row["level"] in dunning_levels
    ]
    if dunned and run.as_of - max(dunned) < level.min_interval_days:
        return "too_soon"
    needs = _NEEDS.get(channel)
    return "no_contact" if needs and not customer[needs] else ""
