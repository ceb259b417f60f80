"""Rows of a ledger's tables as plain dictionaries: what a test does not name is blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import narwhals as nw

from functions.frames import NO_DAY, NO_MINOR, NO_SCALE
from functions.ledger import SHAPES

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]

_KEYS = {
    "customers": "customer_id",
    "contracts": "contract_id",
    "invoices": "invoice_id",
    "receipts": "receipt_id",
    "allocations": "allocation_id",
    "write_offs": "write_off_id",
    "repayment_plans": "plan_id",
    "orders": "order_id",
    "activities": "activity_id",
}
_BLANK_AMOUNTS = {("customers", "credit_limit_minor"), ("activities", "promise_minor")}
"""Amounts where blank is not the same as nothing."""


def day(text: str) -> int:
    """The day number of an ISO date."""
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def row(table: str, /, key: str = "", **values: Any) -> Row:
    """One row of a table, with its key first: ``row("receipts", "R1", amount_minor=300_00)``."""
    if key:
        values[_KEYS[table]] = key
    unknown = set(values) - set(SHAPES[table])
    assert not unknown, f"{table} has no {sorted(unknown)}"
    blank = {name: _blank(table, name, kind) for name, kind in SHAPES[table].items()}
    return blank | values


def numbered(tables: Tables) -> dict[str, list[Row]]:
    """Every table of the ledger, those that are not there empty, each row with its number."""
    return {
        table: [each | {"row": number} for number, each in enumerate(tables.get(table, ()), start=2)] for table in SHAPES
    }


def _blank(table: str, name: str, kind: Any) -> Any:
    if kind == nw.String:
        return ""
    if kind == nw.Boolean:
        return False
    if name.endswith("_day"):
        return NO_DAY
    if name.endswith("_scale"):
        return NO_SCALE
    return NO_MINOR if (table, name) in _BLANK_AMOUNTS else 0
