"""Ledgers and positions of a few rows, for the rules that come after the position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import narwhals as nw

from functions.ledger import SHAPES, Ledger, Position
from tests.engines import Engine
from tests.tables import Row, numbered, row

_TEXTS = ("item_id", "invoice_id", "customer_id", "currency", "kind", "plan_id")
_DAYS = ("invoice_day", "due_day", "contractual_due_day", "original_due_day", "disputed_day")
_AMOUNTS = ("amount_minor", "settled_minor", "open_minor", "open_base_minor")
_ITEMS = {
    **dict.fromkeys(_TEXTS, nw.String),
    **dict.fromkeys(("row", "part", *_DAYS, *_AMOUNTS), nw.Int64),
    "is_disputed": nw.Boolean,
}
_APPLICATIONS = {
    **dict.fromkeys(("receipt_id", "item_id", "invoice_id", "customer_id", "currency", "step"), nw.String),
    **dict.fromkeys(("amount_minor", "paid_day"), nw.Int64),
}
_UNAPPLIED = {
    **dict.fromkeys(("source_id", "customer_id", "currency"), nw.String),
    **dict.fromkeys(("source_day", "unapplied_minor"), nw.Int64),
}


def small_ledger(engine: Engine, **tables: Iterable[Mapping[str, Any]]) -> Ledger:
    """The named tables; the others are empty."""
    full = numbered({name: [row(name, **values) for values in given] for name, given in tables.items()})
    return Ledger.of({name: engine.native(full[name], shape) for name, shape in SHAPES.items()})


def small_position(
    engine: Engine,
    as_of: int,
    items: Iterable[Mapping[str, Any]] = (),
    applications: Iterable[Mapping[str, Any]] = (),
    unapplied: Iterable[Mapping[str, Any]] = (),
) -> Position:
    """The position that these rows make.

    An item is customer C1's over 100.00 CNY, invoiced 30 days before it is due, its id the invoice's too, unless its row
    says otherwise; the applications (item_id, amount_minor, paid_day, step) settle it.
    """
    paid = [dict(each) for each in applications]
    owed = {each["item_id"]: _owed(each, paid) for each in items}
    for each in paid:
        each |= {name: owed[each["item_id"]][name] for name in ("invoice_id", "customer_id", "currency")}
    frames = {
        "items": engine.frame(list(owed.values()), _ITEMS),
        "applications": engine.frame(paid, _APPLICATIONS),
        "unapplied": engine.frame(list(unapplied), _UNAPPLIED),
    }
    # The frames that no rule under test asks for have no columns that it could read.
    rest = {each.name for each in fields(Position)} - {"as_of", *frames}
    return Position(as_of=as_of, **frames, **{name: engine.frame([], {"row": nw.Int64}) for name in rest})


def _owed(given: Mapping[str, Any], applications: list[Row]) -> Row:
    item = {"customer_id": "C1", "currency": "CNY", "kind": "invoice", "part": 1, "amount_minor": 100_00, **given}
    settled = sum(each["amount_minor"] for each in applications if each["item_id"] == item["item_id"])
    left = item["amount_minor"] - settled
    worked_out = {"invoice_id": item["item_id"], "invoice_day": item["due_day"] - 30, "settled_minor": settled}
    return {**worked_out, "open_minor": left, "open_base_minor": left, **item}
