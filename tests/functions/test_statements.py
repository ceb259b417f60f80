"""Statements of account (RULES §11): opening, movements, closing, and what the customer is not told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest

from functions.ledger import Policy
from functions.position import BeforeLedger, ledger_position
from functions.statements import KIND_ORDER, EmptyPeriod, Statements, statements
from functions.tie_out import STATEMENT_CHECKS, statements_tie_out
from tests import oracle
from tests.engines import ENGINES, Engine
from tests.ledgers import Case, as_it_stood, crowd, ledger_on, rows_of, shuffled
from tests.tables import Row, day, numbered, row

MAY_1, MAY_31 = day("2024-05-01"), day("2024-05-31")
Account = tuple[str, str]


def account(each: Row) -> Account:
    return each["customer_id"], each["currency"]


def invoice(invoice_id: str, on: int, amount_minor: int, **values: Any) -> Row:
    usual = {"customer_id": "C1", "currency": "CNY", "invoice_day": on, "due_day": on + 30}
    return row("invoices", invoice_id, amount_minor=amount_minor, **{**usual, **values})


def receipt(receipt_id: str, on: int, amount_minor: int, **values: Any) -> Row:
    usual = {"customer_id": "C1", "currency": "CNY", "kind": "receipt", "receipt_day": on}
    return row("receipts", receipt_id, amount_minor=amount_minor, **{**usual, **values})


def told(engine: Engine, first: int = MAY_1, last: int = MAY_31, policy: Policy | None = None, **tables: list[Row]) -> Any:
    """(opening, lines, closing) of the one account; a line is (day of May, kind, reference, amount, balance)."""
    ledger = ledger_on(numbered({"customers": [row("customers", "C1", currency="CNY")], **tables}), engine)
    found = statements(ledger, policy=policy or Policy(), from_day=first, to_day=last)
    (statement,) = rows_of(found.statements)
    lines = sorted(rows_of(found.lines), key=lambda each: int(each["line"]))
    assert [each["line"] for each in lines] == list(range(1, statement["lines"] + 1))
    shown = [
        (each["day"] - MAY_1 + 1, each["kind"], each["reference_id"], each["amount_minor"], each["balance_minor"])
        for each in lines
    ]
    return statement["opening_minor"], shown, statement["closing_minor"]


def test_what_happened_in_may_stands_in_order_between_two_balances(engine: Engine) -> None:
    assert told(
        engine,
        invoices=[
            invoice("I1", MAY_1 - 20, 500_00),
            invoice("I0", MAY_1, 1_00, opening_settled_minor=1_00),
            invoice("I2", MAY_1 + 4, 100_00),
            invoice("N1", MAY_1 + 4, -30_00, related_invoice_id="I2"),
            invoice("I3", MAY_31 + 1, 9_00),
        ],
        receipts=[
            receipt("R1", MAY_1 - 10, 200_00),
            receipt("R2", MAY_1 + 2, 300_00),
            receipt("R3", MAY_1 + 9, 90_00),
            receipt("F1", MAY_1 + 11, 20_00, kind="refund", related_id="R3"),
        ],
    ) == (
        300_00,
        [
            (1, "invoice", "I0", 1_00, 301_00),
            (1, "opening_settled", "I0", -1_00, 300_00),
            (3, "receipt", "R2", -300_00, 0),
            (5, "invoice", "I2", 100_00, 100_00),
            (5, "credit_note", "N1", -30_00, 70_00),
            (10, "receipt", "R3", -90_00, -20_00),
            (12, "refund", "F1", 20_00, 0),
        ],
        0,
    )


def test_a_bounced_receipt_stays_and_its_reversal_has_a_day_of_its_own(engine: Engine) -> None:
    tables = {
        "invoices": [invoice("I1", MAY_1 - 20, 100_00)],
        "receipts": [
            receipt("R1", MAY_1 - 1, 98_00),
            receipt("V1", MAY_1 + 5, 98_00, kind="reversal", related_id="R1"),
        ],
        "allocations": [row("allocations", "A1", receipt_id="R1", invoice_id="I1", amount_minor=98_00, discount_minor=2_00)],
    }
    undone = [(6, "reversal", "R1", 98_00, 98_00), (6, "discount", "I1", 2_00, 100_00)]
    assert told(engine, **tables) == (0, undone, 100_00)
    # The opening is what it was, and both lie in the longer period.
    longer = told(engine, MAY_1 - 3, **tables)
    assert longer == (100_00, [(0, "receipt", "R1", -98_00, 2_00), (6, "reversal", "R1", 98_00, 100_00)], 100_00)


def test_a_discount_stands_on_the_day_on_which_it_was_booked(engine: Engine) -> None:
    tables = {
        "invoices": [invoice("I1", MAY_1 - 20, 100_00)],
        "receipts": [receipt("R1", MAY_1 - 1, 98_00)],
        "allocations": [
            row(
                "allocations", "A1", receipt_id="R1", invoice_id="I1", amount_minor=98_00, discount_minor=2_00,
                allocated_day=MAY_1 + 7,
            )
        ],
    }  # fmt: skip
    assert told(engine, **tables) == (2_00, [(8, "discount", "I1", -2_00, 0)], 0)


def test_only_concessions_are_told_and_recoveries_follow_what_they_take_back(engine: Engine) -> None:
    tables = {
        "invoices": [invoice("I1", MAY_1 - 20, 300_00)],
        "write_offs": [
            row("write_offs", "W2", invoice_id="I1", amount_minor=50_00, written_off_day=MAY_1, reason="concession"),
            row("write_offs", "W1", invoice_id="I1", amount_minor=70_00, written_off_day=MAY_1 + 1, reason="bad_debt"),
        ],
        "receipts": [receipt("R1", MAY_1 + 9, 240_00)],
        "allocations": [row("allocations", "A1", receipt_id="R1", invoice_id="I1", amount_minor=240_00)],
    }
    # 180.00 were open; 60.00 more take back the concession first, then 10.00 of what nobody was told.
    assert told(engine, **tables) == (
        300_00,
        [
            (1, "write_off", "W2", -50_00, 250_00),
            (10, "receipt", "R1", -240_00, 10_00),
            (10, "recovery", "W2", 50_00, 60_00),
        ],
        60_00,
    )


def test_what_was_written_off_without_a_word_is_open_on_the_statement(engine: Engine) -> None:
    write_off = row("write_offs", "W1", invoice_id="I1", amount_minor=100_00, written_off_day=MAY_1, reason="bad_debt")
    tables = {
        "customers": [row("customers", "C1", currency="CNY")],
        "invoices": [invoice("I1", MAY_1 - 20, 100_00)],
        "write_offs": [write_off],
    }
    found = statements(ledger_on(numbered(tables), engine), policy=Policy(), from_day=MAY_1, to_day=MAY_31)
    assert [(each["item_id"], each["open_minor"]) for each in rows_of(found.items)] == [("I1", 100_00)]
    assert rows_of(found.not_told) == [{"customer_id": "C1", "currency": "CNY", "not_told_minor": 100_00}]
    assert rows_of(found.lines) == []


def test_the_first_day_of_the_ledger_opens_with_what_was_not_settled_before(engine: Engine) -> None:
    policy = Policy(ledger_starts_day=MAY_1)
    tables = {"invoices": [invoice("I1", MAY_1 - 20, 100_00, opening_settled_minor=60_00), invoice("I2", MAY_1, 5_00)]}
    assert told(engine, policy=policy, **tables) == (40_00, [(1, "invoice", "I2", 5_00, 45_00)], 45_00)
    with pytest.raises(BeforeLedger):
        told(engine, MAY_1 - 1, policy=policy, **tables)
    with pytest.raises(EmptyPeriod):
        told(engine, MAY_31, MAY_1, **tables)


def made(case: Case, engine: Engine, back: int, to_day: int | None = None) -> Statements:
    to_day = case.as_of if to_day is None else to_day
    return statements(ledger_on(case.tables, engine), policy=case.policy, from_day=case.as_of - back, to_day=to_day)


@pytest.mark.parametrize(("seed", "back"), [(21, 3), (22, 45)])
@pytest.mark.parametrize("name", ENGINES)
def test_statements_tie_out_to_the_ledger_and_to_the_day_before(name: str, seed: int, back: int) -> None:
    many = crowd(seed, 25 if name == "duckdb" else 60)
    found = made(many.whole, Engine(name), back)
    closing: dict[Account, int] = {}
    opening: dict[Account, int] = {}
    ledger: dict[Account, int] = {}
    left: dict[str, int] = {}
    for case in many.cases:
        closing |= oracle.told_balances(case.tables, case.policy, case.as_of)
        opening |= oracle.told_balances(case.tables, case.policy, case.as_of - back - 1)
        ledger |= oracle.position(case.tables, case.policy, case.as_of).balances
        left |= oracle.told_open(case.tables, case.policy, case.as_of)
    statements_ = {account(each): each for each in rows_of(found.statements)}
    assert {key: each["closing_minor"] for key, each in statements_.items() if each["closing_minor"]} == _some(closing)
    assert {key: each["opening_minor"] for key, each in statements_.items() if each["opening_minor"]} == _some(opening)
    not_told = {account(each): each["not_told_minor"] for each in rows_of(found.not_told)}
    assert sum(closing.values()) == sum(ledger.values()) + sum(not_told.values())
    assert all(closing[key] == ledger[key] + not_told.get(key, 0) for key in ledger)
    assert any(not_told.values())
    assert {each["item_id"]: each["open_minor"] for each in rows_of(found.items)} == left
    _lines_lead_from_opening_to_closing(found, many.whole.as_of - back, many.whole.as_of)
    _items_less_unapplied_are_the_closing(found)


def _some(amounts: dict[Account, int]) -> dict[Account, int]:
    return {key: amount for key, amount in amounts.items() if amount}


def _lines_lead_from_opening_to_closing(found: Statements, first: int, last: int) -> None:
    by_account: dict[Account, list[Row]] = defaultdict(list)
    for each in sorted(rows_of(found.lines), key=lambda each: (each["customer_id"], each["currency"], each["line"])):
        by_account[account(each)].append(each)
        assert first <= each["day"] <= last
        assert each["amount_minor"] != 0
    for each in rows_of(found.statements):
        lines, balance = by_account.pop(account(each), []), each["opening_minor"]
        assert each["lines"] == len(lines)
        keys = [(line["day"], KIND_ORDER.index(line["kind"]), line["reference_id"]) for line in lines]
        assert keys == sorted(keys)
        for line in lines:
            balance += line["amount_minor"]
            assert line["balance_minor"] == balance
        assert balance == each["closing_minor"]
    assert not by_account


def _items_less_unapplied_are_the_closing(found: Statements) -> None:
    sums: dict[Account, int] = defaultdict(int)
    for each in rows_of(found.items):
        sums[account(each)] += each["open_minor"]
    for each in rows_of(found.unapplied):
        sums[account(each)] -= each["unapplied_minor"]
    assert _some(sums) == _some({account(each): each["closing_minor"] for each in rows_of(found.statements)})


@pytest.mark.parametrize("seed", [31, 32])
def test_the_closing_of_a_period_is_the_opening_of_the_next(seed: int) -> None:
    whole, engine = crowd(seed, 100).whole, Engine("polars")
    first, second = made(whole, engine, 60, whole.as_of - 20), made(whole, engine, 19)
    closing = {account(each): each["closing_minor"] for each in rows_of(first.statements)}
    opening = {account(each): each["opening_minor"] for each in rows_of(second.statements)}
    assert _some(closing) == _some(opening)
    both = {account(each): each["opening_minor"] for each in rows_of(made(whole, engine, 60).statements)}
    assert _some(both) == _some({account(each): each["opening_minor"] for each in rows_of(first.statements)})


def test_each_day_of_a_statement_ends_with_the_balance_of_that_day() -> None:
    many = crowd(41, 25)
    found = made(many.whole, Engine("polars"), 30)
    lines = rows_of(found.lines)
    # What a bounce undoes of the days before it stands on its own day: those accounts are left to the other tests.
    bounced = {account(each) for each in lines if each["kind"] == "reversal"}
    balances: dict[int, dict[Account, int]] = {
        on: {key: owed for case in many.cases for key, owed in oracle.told_balances(case.tables, case.policy, on).items()}
        for on in {each["day"] for each in lines}
    }
    last = {(account(each), each["day"]): each for each in sorted(lines, key=lambda each: int(each["line"]))}
    judged = [each for (key, _), each in last.items() if key not in bounced]
    assert len(judged) > 20
    for each in judged:
        assert each["balance_minor"] == balances[each["day"]].get(account(each), 0), each


def test_neither_the_order_of_rows_nor_what_came_later_changes_a_statement() -> None:
    whole = crowd(51, 80).whole
    results = []
    for case in (whole, shuffled(whole, 5), as_it_stood(whole)):
        found = made(case, Engine("pandas"), 30)
        shown = [rows_of(frame) for frame in (found.statements, found.lines, found.items, found.not_told)]
        shown[0] = [each for each in shown[0] if each["opening_minor"] or each["closing_minor"] or each["lines"]]
        results.append(shown)
    assert results[1] == results[0]
    assert results[2] == results[0]


def test_the_tie_out_says_which_check_fails_and_by_how_much() -> None:
    engine = Engine("polars")
    write_off = row("write_offs", "W1", invoice_id="I1", amount_minor=30_00, written_off_day=MAY_1 + 2, reason="bad_debt")
    tables = {
        "customers": [row("customers", "C1", currency="CNY")],
        "invoices": [invoice("I1", MAY_1 - 20, 100_00), invoice("I2", MAY_1 + 1, 7_00)],
        "write_offs": [write_off],
    }
    ledger = ledger_on(numbered(tables), engine)
    position = ledger_position(ledger, policy=Policy(), as_of=MAY_31)
    found = statements(ledger, policy=Policy(), from_day=MAY_1, to_day=MAY_31, closing=position)

    def differences(changed: Statements) -> dict[str, int]:
        rows = rows_of(statements_tie_out(changed, position))
        assert [each["name"] for each in rows if each["name"] not in STATEMENT_CHECKS] == []
        return {each["name"]: each["difference_minor"] for each in rows if each["difference_minor"]}

    opens, lines, owes, balance, buckets = STATEMENT_CHECKS
    assert differences(found) == {}
    assert differences(replace(found, owed_before=found.owed_before.head(0))) == {opens: 100_00}
    assert differences(replace(found, lines=found.lines.head(0))) == {lines: 7_00}
    assert differences(replace(found, items=found.items.head(0))) == {owes: 107_00}
    assert differences(replace(found, not_told=found.not_told.head(0))) == {balance: 30_00}
    assert differences(replace(found, buckets=found.buckets.head(0))) == {buckets: 107_00}
