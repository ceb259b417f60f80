"""Promises to pay: which hold a reminder back (RULES §8)."""

from __future__ import annotations

from collections import defaultdict

from functions.frames import NO_DAY, NO_MINOR
from functions.ledger import Policy
from tests.oracle.calendar_days import is_filled
from tests.oracle.position import Position
from tests.oracle.rows import Row, Tables

_PAID_BY_CUSTOMER = {"linked_credit", "allocation", "discount", "recovery", "oldest_due_first"}


def held_by_promise(tables: Tables, now: Position, policy: Policy) -> set[str]:
    """The items whose newest promise is neither kept nor past its deadline, of customers who may still promise."""
    applications: dict[str, list[Row]] = defaultdict(list)
    for row in now.applications:
        applications[row["item_id"]].append(row)
    promises = sorted(
        (
            row
            for row in tables.get("activities", [])
            if is_filled(row["promise_day"]) and row["outcome"] in ("promised", "") and row["activity_day"] <= now.as_of
        ),
        key=lambda row: (row["activity_day"], row["activity_id"]),
    )
    broken: dict[str, int] = defaultdict(int)
    newest: dict[str, tuple[Row, bool]] = {}
    for place, promise in enumerate(promises):
        covered = [item for item in now.items if _covers(promise, item, applications[item["item_id"]], tables)]
        is_kept = _is_kept(promise, covered, applications, now, policy)
        later = [each["activity_day"] for each in promises[place + 1 :] if _scope(each) == _scope(promise)]
        planned = [day for item in covered if promise["activity_day"] <= (day := _agreed_on(item, tables))]
        judged_on = min([now.as_of, *later[:1], *planned])
        if not is_kept and judged_on > _deadline(promise, policy):
            broken[promise["customer_id"]] += 1
        for item in covered:
            if promise["activity_day"] <= _agreed_on(item, tables):
                newest.pop(item["item_id"], None)
                continue
            newest[item["item_id"]] = promise, is_kept
    return {
        item_id
        for item_id, (promise, is_kept) in newest.items()
        if not is_kept and now.as_of <= _deadline(promise, policy) and broken[promise["customer_id"]] < policy.max_promises
    }


def _scope(promise: Row) -> tuple[str, str]:
    return promise["customer_id"], promise["invoice_id"]


def _deadline(promise: Row, policy: Policy) -> int:
    return int(promise["promise_day"]) + policy.promise_grace_days


def _open_before(day: int, item: Row, applications: list[Row]) -> int:
    paid = sum(int(row["amount_minor"]) for row in applications if row["paid_day"] < day)
    return int(item["amount_minor"]) - paid


def _agreed_on(item: Row, tables: Tables) -> int:
    """When the plan was agreed that an item is of; NO_DAY for an item of none."""
    key = item["plan_id"], item["invoice_id"]
    rows = [row for row in tables.get("repayment_plans", []) if (row["plan_id"], row["invoice_id"]) == key]
    return max((row["agreed_day"] for row in rows), default=NO_DAY) if item["plan_id"] else NO_DAY


def _covers(promise: Row, item: Row, applications: list[Row], tables: Tables) -> bool:
    """Its invoice's items, or what was overdue and open when it was made."""
    if item["customer_id"] != promise["customer_id"]:
        return False
    if promise["invoice_id"]:
        return bool(item["invoice_id"] == promise["invoice_id"])
    made_on = promise["activity_day"]
    due_day = item["original_due_day"] if _agreed_on(item, tables) >= made_on else item["due_day"]
    return bool(due_day < made_on and _open_before(made_on, item, applications) > 0)


def _is_kept(promise: Row, covered: list[Row], applications: dict[str, list[Row]], now: Position, policy: Policy) -> bool:
    """What was paid on the covered items from its day to its deadline reaches what was promised (blank: all).

    Currencies never mix: all is all in each, and an amount is reached in one of them.
    """
    made_on, until = promise["activity_day"], min(_deadline(promise, policy), now.as_of)
    paid: dict[str, int] = defaultdict(int)
    needed: dict[str, int] = defaultdict(int)
    for item in covered:
        rows = applications[item["item_id"]]
        needed[item["currency"]] += _open_before(made_on, item, rows)
        paid[item["currency"]] += sum(
            row["amount_minor"] for row in rows if row["step"] in _PAID_BY_CUSTOMER and made_on <= row["paid_day"] <= until
        )
    if promise["promise_minor"] == NO_MINOR:
        return all(paid[currency] >= needed[currency] for currency in needed)
    return bool(max(paid.values(), default=0) >= promise["promise_minor"])
