"""Hypothesis strategies for small nasty ledgers, and a ledger on any engine.

Hypothesis rolls the dice and says which rows stay; so it shrinks a failing ledger row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from hypothesis import strategies as st

from functions.frames import NO_DAY, Frame
from functions.ledger import SHAPES, Ledger, Policy
from tests.dice import Dice
from tests.engines import Engine
from tests.nasty import exchange_rates, interest_rates, nasty_ledger
from tests.oracle.documents import documents
from tests.oracle.sources import sources
from tests.policies import policy_of
from tests.tables import Row, Tables, day, numbered, row

_DAYS = tuple(day(text) for text in ("2024-02-29", "2024-03-31", "2024-06-14", "2024-12-31"))


@dataclass(frozen=True)
class Case:
    """A ledger, the settings and the day."""

    tables: Tables
    policy: Policy
    as_of: int


@dataclass(frozen=True)
class Crowd:
    """Many small ledgers that know nothing of each other, and all of them as one ledger."""

    cases: Sequence[Case]
    whole: Case


def crowd(seed: int, size: int) -> Crowd:
    """One day and policy for all; each ledger has a prefix of its own in all its ids."""
    random = Random(seed)
    as_of = random.choice(_DAYS)
    policy = policy_of(Dice(random, as_of))
    shared = {**_shared(random, as_of), "interest_rates": interest_rates(Random(seed), as_of)}
    ledgers = [nasty_ledger(random, as_of, f"{number:03d}") for number in range(size)]
    whole = {table: [each for ledger in ledgers for each in ledger.get(table, ())] for table in SHAPES}
    return Crowd(
        [Case(numbered({**ledger, **shared}), policy, as_of) for ledger in ledgers],
        Case(numbered({**whole, **shared}), policy, as_of),
    )


def _shared(random: Random, as_of: int) -> Tables:
    """What does not belong to one customer. The bank is seldom behind: that would hold every reminder."""
    balances = [as_of - random.choice([1, 2, 5])] if random.random() < 0.25 else []
    return {
        "exchange_rates": exchange_rates(random, as_of),
        "bank_balances": [row("bank_balances", account="B", to_day=to_day) for to_day in balances],
    }


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case, smaller when fewer of its rows stay."""
    only = crowd(draw(st.integers(0, 2**32)), 1).whole
    # At least one customer: a ledger without any is refused before the rules see it.
    keep_all = draw(st.booleans())
    tables = {
        table: [each for place, each in enumerate(given) if keep_all or (table, place) == ("customers", 0) or draw(_stays)]
        for table, given in only.tables.items()
    }
    return Case(numbered(tables), only.policy, only.as_of)


_stays = st.integers(0, 9).map(lambda number: number > 0)


def natives(tables: Tables, engine: Engine) -> dict[str, Any]:
    """Every table as a native frame of the engine, with the exact types of ``SHAPES``."""
    return {table: engine.native(tables.get(table, ()), shape) for table, shape in SHAPES.items()}


def ledger_on(tables: Tables, engine: Engine) -> Ledger:
    """The ledger as the rules take it."""
    return Ledger.of(natives(tables, engine))


def rows_of(frame: Frame) -> list[Row]:
    """The rows of a result, whatever its engine; a float, a null or a 128-bit integer in it is an error."""
    return Engine.rows(frame)


def as_it_stood(case: Case) -> Case:
    """The same ledger without what happened after the day: rows of later days, what refers to them, and later endings."""
    later = case.as_of + 1
    counted, _ = documents(case.tables, case.policy, case.as_of)
    payers = sources(case.tables, counted, case.as_of)
    coming_invoices = {key for key, each in counted.items() if each.day >= later and not each.is_credit}
    known = {each["customer_id"] for each in case.tables["customers"]}
    begins = {
        "invoices": "invoice_day",
        "receipts": "receipt_day",
        "allocations": "allocated_day",
        "orders": "order_day",
        "write_offs": "written_off_day",
        "repayment_plans": "agreed_day",
        "activities": "activity_day",
        "exchange_rates": "rate_day",
        "interest_rates": "from_day",
        "reminder_log": "sent_day",
        "legal_cases": "opened_day",
    }
    ends = {"repayment_plans": "cancelled_day", "orders": "closed_day", "legal_cases": "closed_day"}

    def waits(table: str, each: Row) -> bool:
        if table in ("allocations", "write_offs", "repayment_plans") and each["invoice_id"] in coming_invoices:
            return True
        named = None
        if table == "allocations":
            named = payers.named(each["receipt_id"])
        elif table == "receipts" and each["customer_id"] in known:
            # A credit note cannot bounce: that is as wrong today as it will be.
            named = payers.named(each["related_id"]) if each["kind"] == "refund" else payers.receipts.get(each["related_id"])
        return named is not None and named.day >= later

    def today(table: str, each: Row) -> Row:
        if table == "invoices" and each["related_invoice_id"] in coming_invoices:
            each = each | {"related_invoice_id": ""}
        if table == "invoices" and each["is_disputed"] and each["dispute_closed_day"] >= later:
            each = each | {"dispute_closed_day": NO_DAY}
        if table in ends and each[ends[table]] >= later:
            each = each | {ends[table]: NO_DAY}
        return each

    tables = {
        table: [
            today(table, each)
            for each in rows
            if (table not in begins or each[begins[table]] < later) and not waits(table, each)
        ]
        for table, rows in case.tables.items()
    }
    return replace(case, tables=tables)


def shuffled(case: Case, seed: int) -> Case:
    """The same rows in another order, numbered anew."""
    random = Random(seed)
    return replace(case, tables=numbered({table: random.sample(rows, len(rows)) for table, rows in case.tables.items()}))
