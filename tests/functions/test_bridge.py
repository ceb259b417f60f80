"""The bridge (RULES §11): opening and what happened since lead to the closing, to the cent."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from functions.bridge import PARTS, Lock, bridge
from functions.frames import NO_MINOR
from functions.ledger import Policy
from functions.position import BeforeLedger
from functions.statements import EmptyPeriod
from tests import oracle
from tests.engines import Engine
from tests.ledgers import Case, crowd, ledger_on, rows_of, shuffled
from tests.oracle.money import Rates
from tests.tables import Row, day, numbered, row

JUNE_1, JUNE_30 = day("2024-06-01"), day("2024-06-30")
ALL = ("opening", *PARTS, "back_dated", "rate_difference", "closing")


def by_scope(rows: list[Row], scope: str) -> dict[tuple[str, str], Row]:
    return {(each["customer_id"], each["currency"]): each for each in rows if each["scope"] == scope}


def amounts(each: Row) -> dict[str, int]:
    """The amounts that are not zero, by name."""
    return {name: each[f"{name}_minor"] for name in ALL if each[f"{name}_minor"]}


def june(engine: Engine, lock: Lock | None = None, policy: Policy | None = None, **tables: list[Row]) -> Any:
    ledger = ledger_on(numbered({"customers": [row("customers", "C1", currency="USD")], **tables}), engine)
    return bridge(ledger, policy=policy or Policy(), from_day=JUNE_1, to_day=JUNE_30, lock=lock)


def invoice(invoice_id: str, on: int, amount_minor: int, **values: Any) -> Row:
    usual = {"customer_id": "C1", "currency": "USD", "invoice_day": on, "due_day": on + 30}
    return row("invoices", invoice_id, amount_minor=amount_minor, **{**usual, **values})


def receipt(receipt_id: str, on: int, amount_minor: int, **values: Any) -> Row:
    usual = {"customer_id": "C1", "currency": "USD", "kind": "receipt", "receipt_day": on}
    return row("receipts", receipt_id, amount_minor=amount_minor, **{**usual, **values})


TABLES = {
    "invoices": [
        invoice("I1", JUNE_1 - 20, 500_00),
        invoice("I2", JUNE_1 + 4, 100_00, opening_settled_minor=10_00),
        invoice("N1", JUNE_1 + 5, -30_00),
        invoice("I3", JUNE_30 + 1, 9_00),
    ],
    "receipts": [
        receipt("R1", JUNE_1 + 2, 90_00),
        receipt("V1", JUNE_1 + 9, 90_00, kind="reversal", related_id="R1"),
        receipt("R2", JUNE_1 + 10, 200_00),
        receipt("R3", JUNE_1 + 12, 70_00, is_held=True),
        receipt("F1", JUNE_1 + 13, 20_00, kind="refund", related_id="R3"),
    ],
    "allocations": [
        row("allocations", "A1", receipt_id="R2", invoice_id="I1", amount_minor=200_00, discount_minor=4_00),
    ],
    "write_offs": [
        row("write_offs", "W1", invoice_id="I1", amount_minor=6_00, written_off_day=JUNE_1 + 11, reason="bad_debt"),
    ],
    "exchange_rates": [
        row("exchange_rates", currency="USD", rate_day=JUNE_1 - 60, rate_digits=7, rate_scale=0),
        row("exchange_rates", currency="USD", rate_day=JUNE_30, rate_digits=8, rate_scale=0),
    ],
}  # fmt: skip


def test_every_kind_of_movement_has_its_part_and_rates_what_is_left(engine: Engine) -> None:
    rows = rows_of(june(engine, **TABLES).rows)
    own = {
        "opening": 500_00, "invoiced": 90_00, "receipts": -360_00, "credits": -30_00, "discounts": -4_00,
        "write_offs": -6_00, "refunds": 20_00, "reversals": 90_00, "closing": 300_00,
    }  # fmt: skip
    assert amounts(by_scope(rows, "account")["C1", "USD"]) == amounts(by_scope(rows, "total")["", "USD"]) == own
    base = {name: 7 * amount for name, amount in own.items()} | {"closing": 8 * 300_00, "rate_difference": 300_00}
    assert amounts(by_scope(rows, "in_base")["C1", "CNY"]) == amounts(by_scope(rows, "total_in_base")["", "CNY"]) == base


def test_what_was_entered_behind_the_lock_is_apart_and_the_opening_is_as_locked(engine: Engine) -> None:
    behind = [
        invoice("B1", JUNE_1 - 5, 40_00, entered_day=JUNE_1 + 8),
        invoice("B2", JUNE_1 - 5, 80_00, entered_day=JUNE_1 + 2),  # on the day of the lock: known
    ]
    tables = {**TABLES, "invoices": TABLES["invoices"] + behind, "allocations": [], "write_offs": []}
    rows = rows_of(june(engine, Lock(JUNE_1 - 1, JUNE_1 + 2), **tables).rows)
    found = amounts(by_scope(rows, "account")["C1", "USD"])
    assert (found["opening"], found["back_dated"], found["invoiced"]) == (580_00, 40_00, 90_00)
    assert found["closing"] == sum(amount for name, amount in found.items() if name != "closing")
    assert "back_dated" not in amounts(by_scope(rows_of(june(engine, **tables).rows), "account")["C1", "USD"])


def test_an_account_without_a_rate_is_named_and_missing_in_base_currency(engine: Engine) -> None:
    tables = {**TABLES, "exchange_rates": TABLES["exchange_rates"][1:]}
    found = june(engine, **tables)
    assert rows_of(found.without_rate) == [{"customer_id": "C1", "currency": "USD"}]
    rows = rows_of(found.rows)
    assert by_scope(rows, "in_base") == by_scope(rows, "total_in_base") == {}
    assert amounts(by_scope(rows, "total")["", "USD"])["closing"] == 300_00


def test_a_bridge_neither_ends_before_it_begins_nor_begins_before_the_ledger() -> None:
    ledger = ledger_on(numbered({"customers": [row("customers", "C1")]}), Engine("polars"))
    with pytest.raises(EmptyPeriod):
        bridge(ledger, policy=Policy(), from_day=JUNE_30, to_day=JUNE_1)
    with pytest.raises(BeforeLedger):
        bridge(ledger, policy=Policy(ledger_starts_day=JUNE_30), from_day=JUNE_1, to_day=JUNE_30)


def behind_the_lock(case: Case, lock: Lock, each: Row, table: str) -> bool:
    """Entered after it, and dated within what it locked."""
    begins = {
        "invoices": "invoice_day", "receipts": "receipt_day", "allocations": "allocated_day",
        "write_offs": "written_off_day", "repayment_plans": "agreed_day",
        "orders": "order_day", "activities": "activity_day",
    }  # fmt: skip
    if table not in begins or each["entered_day"] <= lock.locked_on_day:
        return False
    dated = each[begins[table]]
    if table == "allocations" and dated < 0:
        pays = {other["invoice_id"]: other["invoice_day"] for other in case.tables["invoices"]}
        pays |= {other["receipt_id"]: other["receipt_day"] for other in case.tables["receipts"]}
        dated = pays.get(each["receipt_id"], dated)
    return bool(dated <= lock.to_day)


def entered(case: Case, lock: Lock) -> Case:
    """The case with every third event entered after the lock, whatever its date."""
    tables = {
        table: [
            each | ({"entered_day": lock.locked_on_day + 1} if "entered_day" in each and at % 3 == 0 else {})
            for at, each in enumerate(rows)
        ]
        for table, rows in case.tables.items()
    }
    return Case(tables, case.policy, case.as_of)


@pytest.mark.parametrize(("seed", "back", "name"), [(61, 4, "pandas"), (62, 50, "polars"), (63, 30, "duckdb")])
def test_the_equation_holds_to_the_cent_on_nasty_ledgers(seed: int, back: int, name: str) -> None:
    many = crowd(seed, 15 if name == "duckdb" else 40)
    from_day, to_day = many.whole.as_of - back, many.whole.as_of
    lock = Lock(from_day - 1, from_day + 1)
    whole = entered(many.whole, lock)
    made = bridge(ledger_on(whole.tables, Engine(name)), policy=whole.policy, from_day=from_day, to_day=to_day, lock=lock)
    rows = rows_of(made.rows)
    for each in rows:
        assert each["closing_minor"] == sum(each[f"{part}_minor"] for part in ALL if part != "closing"), each
        if each["scope"] in ("account", "total"):
            assert each["rate_difference_minor"] == 0, each
    kept = {
        table: [each for each in given if not behind_the_lock(whole, lock, each, table)]
        for table, given in whole.tables.items()
    }
    now, then = (oracle.position(whole.tables, whole.policy, to_day), oracle.position(kept, whole.policy, to_day))
    before = oracle.position(kept, whole.policy, from_day - 1)
    accounts = by_scope(rows, "account")
    for key, each in accounts.items():
        assert each["closing_minor"] == now.balances.get(key, 0), key
        assert each["opening_minor"] == before.balances.get(key, 0), key
        assert each["back_dated_minor"] == now.balances.get(key, 0) - then.balances.get(key, 0), key
    assert {key for key, owed in (now.balances | before.balances).items() if owed} <= set(accounts)
    assert any(each["back_dated_minor"] for each in accounts.values())
    _documents_are_where_they_belong(accounts, then, before)
    _base_totals_are_those_of_the_positions(rows, whole, now, before, made.without_rate)


def _documents_are_where_they_belong(accounts: Any, then: Any, before: Any) -> None:
    """Invoiced and credited by the documents themselves; received less bounced by the receipts that count."""
    invoiced: dict[Any, int] = defaultdict(int)
    known = {each["invoice_id"] for each in before.documents}
    for each in then.documents:
        if each["invoice_id"] not in known and each["kind"] != "credit_note":
            invoiced[each["customer_id"], each["currency"]] += each["amount_minor"] - each["opening_settled_minor"]
    received: dict[Any, int] = defaultdict(int)
    for position, sign in ((then, -1), (before, 1)):
        for each in position.receipts:
            received[each["customer_id"], each["currency"]] += sign * each["amount_minor"]
    for key, each in accounts.items():
        assert each["invoiced_minor"] == invoiced[key], key
        assert each["receipts_minor"] + each["reversals_minor"] == received[key], key


def _base_totals_are_those_of_the_positions(rows: list[Row], whole: Case, now: Any, before: Any, missing: Any) -> None:
    left_out = {(each["customer_id"], each["currency"]) for each in rows_of(missing)}
    rates = Rates(whole.tables, whole.policy, whole.as_of)
    closing: dict[str, int] = defaultdict(int)
    for each, open_, base, sign in (
        *((each, "open_minor", "open_base_minor", 1) for each in now.items),
        *((each, "unapplied_minor", "unapplied_base_minor", -1) for each in now.unapplied),
    ):
        if each[open_] and (each["customer_id"], each["currency"]) not in left_out:
            assert each[base] != NO_MINOR
            assert rates.knows(each["currency"])
            closing[each["customer_id"]] += sign * each[base]
    base_rows = by_scope(rows, "in_base")
    for (customer, _), each in base_rows.items():
        assert each["closing_minor"] == closing[customer], customer


def test_the_order_of_rows_changes_nothing() -> None:
    whole = crowd(71, 60).whole
    made = [
        rows_of(
            bridge(
                ledger_on(case.tables, Engine("pandas")), policy=case.policy, from_day=case.as_of - 30, to_day=case.as_of,
                lock=Lock(case.as_of - 31, case.as_of - 25),
            ).rows
        )
        for case in (whole, shuffled(whole, 3))
    ]  # fmt: skip
    assert made[0] == made[1]
