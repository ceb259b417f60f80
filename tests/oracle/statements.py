"""What a customer is told that it owes (RULES §11)."""

from __future__ import annotations

from collections import defaultdict

from functions.ledger import Policy
from tests.oracle.position import Position, position
from tests.oracle.rows import Row, Tables

Account = tuple[str, str]


def told_balances(tables: Tables, policy: Policy, as_of: int) -> dict[Account, int]:
    """(customer, currency) → the ledger's balance and what stays written off but for concessions."""
    now = position(tables, policy, as_of)
    balances: dict[Account, int] = defaultdict(int, now.balances)
    for account, not_told in not_told_amounts(tables, now).items():
        balances[account] += not_told
    return dict(balances)


def not_told_amounts(tables: Tables, now: Position) -> dict[Account, int]:
    """(customer, currency) → what stays written off without a word to the customer."""
    amounts: dict[Account, int] = defaultdict(int)
    for row in _not_told(tables, now):
        amounts[row["customer_id"], row["currency"]] += row["amount_minor"]
    return dict(amounts)


def told_open(tables: Tables, policy: Policy, as_of: int) -> dict[str, int]:
    """Item → what of it is open as the customer is told, where anything is."""
    now = position(tables, policy, as_of)
    left = {item["item_id"]: int(item["open_minor"]) for item in now.items}
    for row in _not_told(tables, now):
        left[row["item_id"]] += row["amount_minor"]
    return {item_id: amount for item_id, amount in left.items() if amount > 0}


def _not_told(tables: Tables, now: Position) -> list[Row]:
    told = {row["write_off_id"] for row in tables.get("write_offs", []) if row["reason"] == "concession"}
    return [row for row in now.written_off if row["write_off_id"] not in told]
