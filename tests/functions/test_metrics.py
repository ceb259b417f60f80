"""Measures (RULES §10): worked example 10, each formula, and blanks where the denominator is zero."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from functions.collection import collection_in_period
from functions.frames import NO_MINOR
from functions.ledger import Policy
from functions.metrics import (
    average_days_delinquent,
    bad_debt_rate,
    best_possible_dso,
    collection_effectiveness_index,
    collection_rate,
    count_back_dso,
    dso,
    overdue_rate,
)
from functions.money import half_away
from functions.position import ledger_position
from functions.sales import sales_by_document, sales_by_month, sales_in_period
from functions.write_offs import bad_debts_in_period, write_offs_by_reason
from tests.engines import Engine
from tests.ledgers import crowd, ledger_on, rows_of
from tests.oracle.calendar_days import date_of
from tests.oracle.money import Rates
from tests.tables import Row, day, numbered, row

MAY_1, MAY_31 = day("2024-05-01"), day("2024-05-31")

MONTHS = [(2_500, 30), (1_750, 31), (2_250, 31), (2_500, 30), (2_000, 31), (2_250, 30)]
"""Example 10: sales and days of September back to April."""


def test_example_10_counted_back_over_six_months() -> None:
    counted = count_back_dso(12_000, MONTHS)
    assert counted == 153 + Fraction(1_000 * 30, 2_250)
    assert counted is not None
    assert half_away(counted * 100) == 166_33


@pytest.mark.parametrize(
    ("receivables", "months", "expected"),
    [
        pytest.param(0, MONTHS, Fraction(0), id="nothing is owed"),
        pytest.param(0, [], Fraction(0), id="nothing is owed, nothing sold"),
        pytest.param(2_500, MONTHS, Fraction(30), id="a whole month"),
        pytest.param(99_999, MONTHS, Fraction(183), id="the months given are all that is counted"),
        pytest.param(5_000, [(2_000, 30), (0, 31), (9_000, 31)], Fraction(30), id="a month without sales ends it"),
        pytest.param(5_000, [(2_000, 30), (-1, 31), (9_000, 31)], Fraction(30), id="a month of credit notes too"),
        pytest.param(5_000, [(0, 30), (9_000, 31)], None, id="no sales in the newest month"),
        pytest.param(5_000, [], None, id="no months"),
    ],
)
def test_counting_back_ends(receivables: int, months: list[tuple[int, int]], expected: Fraction | None) -> None:
    assert count_back_dso(receivables, months) == expected


def test_each_measure_is_its_formula() -> None:
    assert dso(300_00, 900_00) == 30
    assert dso(100, 300, days=31) == Fraction(31, 3)
    assert best_possible_dso(100_00, 900_00) == 10
    assert average_days_delinquent(300_00, 100_00, 900_00) == 20
    # (100 + 90 − 80) ÷ (100 + 90 − 30) × 100
    assert collection_effectiveness_index(100, 90, 80, 30) == Fraction(275, 4)
    assert collection_rate(60, 100, 20) == Fraction(3, 4)
    assert overdue_rate(25, 100) == Fraction(1, 4)
    assert bad_debt_rate(30, 10, 1_000) == Fraction(1, 50)


def test_a_measure_is_blank_when_its_denominator_is_zero() -> None:
    assert [
        dso(1, 0),
        best_possible_dso(1, 0),
        average_days_delinquent(2, 1, 0),
        collection_effectiveness_index(10, 5, 3, 15),
        collection_rate(1, 20, 20),
        overdue_rate(0, 0),
        bad_debt_rate(1, 0, 0),
    ] == [None] * 7


def document(invoice_id: str, on: int, amount_minor: int, **values: Any) -> Row:
    usual = {"customer_id": "C1", "currency": "CNY", "invoice_day": on, "due_day": on + 10}
    return row("invoices", invoice_id, amount_minor=amount_minor, **{**usual, **values})


def ledger_of(engine: Engine, **tables: list[Row]) -> Any:
    return ledger_on(numbered({"customers": [row("customers", "C1", currency="CNY")], **tables}), engine)


def test_sales_are_documents_less_credit_notes_at_the_rate_of_their_day(engine: Engine) -> None:
    ledger = ledger_of(
        engine,
        invoices=[
            document("I1", MAY_1, 100_00),
            document("D1", MAY_1 - 1, 7_00, kind="debit_note"),
            document("N1", MAY_31, 30_00, kind="credit_note"),
            document("P1", MAY_31, 5_00, kind="interest_note"),
            document("U1", MAY_1 + 4, 1, currency="USD"),
            document("U2", MAY_1 + 5, 1_00, currency="USD"),
            document("U3", MAY_1, 1_00, currency="USD"),
            document("I9", MAY_31 + 1, 9_00),
        ],
        exchange_rates=[
            row("exchange_rates", currency="USD", rate_day=MAY_1 + 1, rate_digits=75, rate_scale=1),
            row("exchange_rates", currency="USD", rate_day=MAY_1 + 5, rate_digits=8, rate_scale=0),
            row("exchange_rates", currency="CNY", rate_day=MAY_1, rate_digits=5, rate_scale=0),
        ],
    )
    position = ledger_position(ledger, policy=Policy(), as_of=MAY_31)
    sales, issues = sales_by_document(ledger, position, policy=Policy())
    assert {each["invoice_id"]: each["sales_minor"] for each in rows_of(sales)} == {
        "I1": 100_00, "D1": 7_00, "N1": -30_00, "U1": 8, "U2": 8_00,
    }  # fmt: skip
    assert [(each["key"], each["code"]) for each in rows_of(issues)] == [("U3", "no_exchange_rate")]
    assert [(each["month"], each["sales_minor"]) for each in rows_of(sales_by_month(sales))] == [
        (2024 * 12 + 3, 7_00),
        (2024 * 12 + 4, 78_08),
    ]
    in_may = sales_in_period(sales, from_day=MAY_1, to_day=MAY_31)
    assert rows_of(in_may) == [{"customer_id": "C1", "sales_minor": 78_08}]


def test_sales_agree_with_plain_python_on_nasty_ledgers() -> None:
    many = crowd(61, 80)
    for name in ("pandas", "polars", "duckdb"):
        ledger = ledger_on(many.whole.tables, Engine(name))
        position = ledger_position(ledger, policy=many.whole.policy, as_of=many.whole.as_of)
        sales, issues = sales_by_document(ledger, position, policy=many.whole.policy)
        expected, without = {}, set()
        for each in rows_of(position.documents):
            if each["kind"] == "interest_note":
                continue
            rates = Rates(many.whole.tables, many.whole.policy, each["invoice_day"])
            sign = -1 if each["kind"] == "credit_note" else 1
            base = rates.base_minor(sign * each["amount_minor"], each["currency"])
            on = date_of(each["invoice_day"])
            if base is None:
                without.add(each["invoice_id"])
            else:
                expected[each["invoice_id"]] = (on.year * 12 + on.month - 1, base)
        assert {each["invoice_id"]: (each["month"], each["sales_minor"]) for each in rows_of(sales)} == expected
        assert {each["key"] for each in rows_of(issues)} == without
        assert len(expected) > 100
        assert without
        assert NO_MINOR not in {base for _, base in expected.values()}


def test_what_was_to_be_collected_in_may_and_what_came_in_for_it(engine: Engine) -> None:
    ledger = ledger_of(
        engine,
        invoices=[
            document("PAID", MAY_1 - 60, 50_00),
            document("OLD", MAY_1 - 40, 100_00),
            document("DUE", MAY_1 + 10, 200_00),
            document("LATER", MAY_31, 400_00),
            document("N1", MAY_1 + 12, -30_00, related_invoice_id="DUE"),
        ],
        receipts=[
            row("receipts", "R0", customer_id="C1", currency="CNY", receipt_day=MAY_1 - 5, amount_minor=70_00),
            row("receipts", "R1", customer_id="C1", currency="CNY", receipt_day=MAY_1 + 3, amount_minor=80_00),
            row("receipts", "R2", customer_id="C1", currency="CNY", receipt_day=MAY_31, amount_minor=45_00),
            row("receipts", "R3", customer_id="C1", currency="CNY", receipt_day=MAY_31 + 1, amount_minor=999_00),
        ],
    )
    position = ledger_position(ledger, policy=Policy(), as_of=MAY_31)
    collection = collection_in_period(position, from_day=MAY_1)
    # 100.00 less the 20.00 that came before May, and 200.00.
    assert rows_of(collection.due) == [{"customer_id": "C1", "currency": "CNY", "due_minor": 280_00}]
    came_in = [
        (each["paid_day"] - MAY_1 + 1, each["collected_minor"], each["credited_minor"])
        for each in rows_of(collection.came_in)
    ]
    assert came_in == [(4, 80_00, 0), (13, 0, 30_00), (31, 45_00, 0)]


def test_only_bad_debts_of_the_period_less_their_recoveries_are_bad_debts(engine: Engine) -> None:
    def write_off(write_off_id: str, invoice_id: str, on: int, reason: str) -> Row:
        usual = {"invoice_id": invoice_id, "amount_minor": 30_00, "written_off_day": on, "reason": reason}
        return row("write_offs", write_off_id, **usual)

    ledger = ledger_of(
        engine,
        invoices=[document(f"I{each}", MAY_1 - 40, 100_00) for each in range(1, 5)],
        write_offs=[
            write_off("W1", "I1", MAY_1, "bad_debt"),
            write_off("W2", "I2", MAY_1, "concession"),
            write_off("W3", "I3", MAY_1 - 1, "bad_debt"),
            write_off("W4", "I4", MAY_31 + 1, "bad_debt"),
        ],
        receipts=[row("receipts", "R1", customer_id="C1", currency="CNY", receipt_day=MAY_31, amount_minor=90_00)],
        allocations=[row("allocations", "A1", receipt_id="R1", invoice_id="I3", amount_minor=90_00)],
    )
    position = ledger_position(ledger, policy=Policy(), as_of=MAY_31 + 9)
    bad = bad_debts_in_period(write_offs_by_reason(ledger, position), from_day=MAY_1, to_day=MAY_31)
    assert rows_of(bad) == [{"customer_id": "C1", "currency": "CNY", "written_off_minor": 30_00, "recovered_minor": 20_00}]
