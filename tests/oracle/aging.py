"""Buckets by customer and currency (RULES §6)."""

from __future__ import annotations

from itertools import pairwise

from functions.frames import NO_MINOR
from functions.ledger import Policy
from tests.oracle.position import position
from tests.oracle.rows import Row, Tables


def bucket_codes(edges: tuple[int, ...]) -> list[str]:
    """not_due, d1_30, …, over_120."""
    middle = [f"d{low + 1}_{high}" for low, high in pairwise(edges)]
    return ["not_due", *middle, f"over_{edges[-1]}"]


def bucket_of(days: int, edges: tuple[int, ...]) -> str:
    """An edge belongs to the younger bucket."""
    for code, edge in zip(bucket_codes(edges), edges, strict=False):
        if days <= edge:
            return code
    return bucket_codes(edges)[-1]


def aging(tables: Tables, policy: Policy, as_of: int) -> list[Row]:
    """One row for every customer and currency with a document or a receipt."""
    now = position(tables, policy, as_of)
    rows = []
    for customer_id, currency in sorted({(row["customer_id"], row["currency"]) for row in now.documents + now.unapplied}):

        def is_ours(row: Row, account: tuple[str, str] = (customer_id, currency)) -> bool:
            return (row["customer_id"], row["currency"]) == account

        open_items = [row for row in now.items if is_ours(row) and row["open_minor"] > 0]
        unapplied = [row for row in now.unapplied if is_ours(row)]
        result: Row = {"customer_id": customer_id, "currency": currency}
        for code in bucket_codes(policy.bucket_edges):
            result[f"{code}_minor"] = 0
        for item in open_items:
            basis = item["invoice_day"] if policy.aging_basis == "invoice_date" else item["due_day"]
            result[f"{bucket_of(as_of - basis, policy.bucket_edges)}_minor"] += item["open_minor"]
        overdue = [item for item in open_items if item["due_day"] < as_of]
        has_rate = all(item["open_base_minor"] != NO_MINOR for item in open_items) and all(
            row["unapplied_base_minor"] != NO_MINOR for row in unapplied
        )
        base = sum(item["open_base_minor"] for item in open_items) - sum(row["unapplied_base_minor"] for row in unapplied)
        result |= {
            "unapplied_minor": -sum(row["unapplied_minor"] for row in unapplied),
            "balance_minor": now.balances[customer_id, currency],
            "balance_base_minor": base if has_rate else NO_MINOR,
            "overdue_minor": sum(item["open_minor"] for item in overdue),
            "oldest_days": max((as_of - item["due_day"] for item in overdue), default=0),
            "open_items": len(open_items),
        }
        rows.append(result)
    return rows
