"""Late interest (RULES §9): worked example 9, what cuts a stretch of days, and what was charged before."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.day_count import UnknownYear, denominator, late_interest_of, rounded_interest, simple_interest, with_interest
from functions.frames import NO_MINOR, NO_SCALE
from functions.interest import LateInterest, late_interest
from functions.ledger import Policy
from functions.money import half_away
from functions.position import ledger_position
from tests import oracle
from tests.engines import ENGINES, Engine
from tests.ledgers import Case, as_it_stood, cases, crowd, ledger_on, rows_of, shuffled
from tests.tables import Row, Tables, day, numbered, row

DUE = day("2024-04-30")
PER_CENT_10 = {"annual_rate_digits": 1, "annual_rate_scale": 1}


def invoice(invoice_id: str = "I1", **values: Any) -> Row:
    usual = {"customer_id": "C1", "currency": "CNY", "amount_minor": 100_00, "invoice_day": DUE - 30, "due_day": DUE}
    return row("invoices", invoice_id, **{**usual, **values})


def rate(from_day: int = 0, **values: Any) -> Row:
    return row("interest_rates", **{"currency": "CNY", "from_day": from_day, **PER_CENT_10, **values})


def receipt(receipt_id: str, paid_on: int, amount_minor: int) -> Row:
    return row("receipts", receipt_id, customer_id="C1", currency="CNY", receipt_day=paid_on, amount_minor=amount_minor)


def found(engine: Engine, as_of: int, policy: Policy | None = None, **tables: list[Row]) -> LateInterest:
    customers = [row("customers", "C1", currency="CNY")]
    ledger = ledger_on(numbered({"customers": customers, "interest_rates": [rate()], **tables}), engine)
    policy = policy or Policy()
    return late_interest(ledger, ledger_position(ledger, policy=policy, as_of=as_of), policy=policy)


def amounts(interest: LateInterest) -> dict[str, int]:
    return {each["item_id"]: each["interest_minor"] for each in rows_of(interest.items)}


def stretches(interest: LateInterest) -> list[tuple[int, int, int]]:
    """(from, to, open) with days counted from the due day."""
    rows = rows_of(interest.segments)
    return [(each["from_day"] - DUE, each["to_day"] - DUE, each["open_minor"]) for each in rows]


def test_example_9_thirty_days_at_a_rate_a_day_and_fifteen_at_ten_per_cent(engine: Engine) -> None:
    daily = rate(annual_rate_digits=1825, annual_rate_scale=4)
    assert amounts(found(engine, DUE + 30, invoices=[invoice(amount_minor=100_000_00)], interest_rates=[daily])) == {
        "I1": 1_500_00
    }
    assert amounts(found(engine, DUE + 15, invoices=[invoice()])) == {"I1": 41}


def test_example_9_as_a_cell_asks_it() -> None:
    assert simple_interest(100_000_00, days=30, annual_rate=Fraction(1825, 10_000)) == 1_500_00
    assert late_interest_of(100_00, due_day=DUE, as_of=DUE + 15, annual_rate=Fraction(1, 10)) == 41
    assert late_interest_of(100_00, due_day=DUE, as_of=DUE - 3, annual_rate=Fraction(1, 10)) == 0
    assert simple_interest(100_00, days=15, annual_rate=Fraction(1, 10), year_days=360) == 42
    assert simple_interest(-100_00, days=15, annual_rate=Fraction(1, 10), year_days=360) == -42
    with pytest.raises(UnknownYear, match="366 days is not one of 365, 360"):
        simple_interest(1, days=1, annual_rate=Fraction(1), year_days=366)


def test_nothing_on_the_due_date_and_one_day_on_the_day_after(engine: Engine) -> None:
    assert rows_of(found(engine, DUE, invoices=[invoice()]).items) == []
    (first,) = rows_of(found(engine, DUE + 1, invoices=[invoice()]).items)
    assert (first["from_day"], first["to_day"], first["days"], first["interest_minor"]) == (DUE + 1, DUE + 1, 1, 3)


def test_a_part_payment_counts_from_the_day_after_it_and_an_item_paid_late_stops_there(engine: Engine) -> None:
    paid = [receipt("R1", DUE + 10, 40_00), receipt("R2", DUE + 20, 60_00)]
    interest = found(engine, DUE + 99, invoices=[invoice()], receipts=paid)
    assert stretches(interest) == [(1, 10, 100_00), (11, 20, 60_00)]
    # (100 × 10 + 60 × 10) × 0.1 ÷ 365 = 0.438…
    assert amounts(interest) == {"I1": 44}
    assert stretches(found(engine, DUE + 99, invoices=[invoice()], receipts=[receipt("R1", DUE, 100_00)])) == []


def test_it_counts_when_money_came_and_not_when_it_was_allocated(engine: Engine) -> None:
    allocated = row("allocations", "A1", receipt_id="R1", invoice_id="I1", amount_minor=100_00, allocated_day=DUE + 50)
    tables = {"invoices": [invoice()], "receipts": [receipt("R1", DUE + 10, 100_00)], "allocations": [allocated]}
    assert stretches(found(engine, DUE + 60, Policy(allocation_policy="explicit_only"), **tables)) == [(1, 10, 100_00)]


def test_money_that_came_before_a_write_off_it_reverses_is_never_open_again(engine: Engine) -> None:
    tables = {
        "invoices": [invoice()],
        "write_offs": [
            row("write_offs", "W1", invoice_id="I1", amount_minor=30_00, written_off_day=DUE + 20, reason="bad_debt")
        ],
        "receipts": [receipt("R1", DUE + 10, 90_00)],
        "allocations": [
            row("allocations", "A1", receipt_id="R1", invoice_id="I1", amount_minor=90_00, allocated_day=DUE + 40)
        ],
    }
    assert stretches(found(engine, DUE + 60, **tables)) == [(1, 10, 100_00), (11, 20, 10_00)]


def test_a_rate_holds_from_its_day_until_the_next(engine: Engine) -> None:
    rates = [rate(), rate(DUE + 11, annual_rate_digits=2), rate(DUE + 99), rate(DUE + 5, currency="USD")]
    interest = found(engine, DUE + 20, invoices=[invoice()], interest_rates=rates)
    assert stretches(interest) == [(1, 10, 100_00), (11, 20, 100_00)]
    assert amounts(interest) == {"I1": 82}  # 100.00 × (0.1 × 10 + 0.2 × 10) ÷ 365 = 0.8219…


def test_stretches_are_added_before_they_are_rounded(engine: Engine) -> None:
    rates = [rate(DUE + days, annual_rate_digits=5 + days % 2, annual_rate_scale=2) for days in range(1, 4)]
    interest = found(engine, DUE + 3, invoices=[invoice(amount_minor=30_00)], interest_rates=rates)
    # 0.49, 0.41 and 0.49 cents would each be none; together they are 1.397.
    assert [each["whole_minor"] for each in rows_of(interest.segments)] == [0, 0, 0]
    assert amounts(interest) == {"I1": 1}


def test_half_a_cent_is_rounded_up_and_less_is_not(engine: Engine) -> None:
    # 0.73 at 10 % is 0.0002 a day.
    assert amounts(found(engine, DUE + 25, invoices=[invoice(amount_minor=73)])) == {"I1": 1}
    assert amounts(found(engine, DUE + 24, invoices=[invoice(amount_minor=73)])) == {"I1": 0}


def test_a_contract_has_its_own_rate_and_zero_is_one(engine: Engine) -> None:
    contracts = [
        row("contracts", "K1", customer_id="C1", late_rate_digits=2, late_rate_scale=1),
        row("contracts", "K2", customer_id="C1", late_rate_digits=0, late_rate_scale=0),
        row("contracts", "K3", customer_id="C1", late_rate_scale=NO_SCALE),
        # Called like a currency: that is not its rate.
        row("contracts", "CNY", customer_id="C1", late_rate_digits=9, late_rate_scale=0),
    ]
    invoices = [invoice(f"I{each}", contract_id=f"K{each}") for each in (1, 2, 3)] + [invoice("I4")]
    interest = found(engine, DUE + 15, invoices=invoices, contracts=contracts)
    assert amounts(interest) == {"I1": 82, "I2": 0, "I3": 41, "I4": 41}


def test_a_day_without_a_rate_leaves_the_interest_blank_and_names_the_invoice(engine: Engine) -> None:
    invoices = [invoice(), invoice("I2", due_day=DUE + 5), invoice("I3", currency="USD"), invoice("I4", due_day=DUE + 99)]
    rates = [rate(DUE + 6), rate(DUE - 1, currency="USD", annual_rate_digits=10, annual_rate_scale=0)]
    interest = found(engine, DUE + 15, invoices=invoices, interest_rates=rates)
    assert amounts(interest) == {"I1": NO_MINOR, "I2": 27, "I3": NO_MINOR}
    issues = [(each["table"], each["row"], each["key"], each["field"], each["code"]) for each in rows_of(interest.issues)]
    assert issues == [
        ("invoices", 2, "I1", "currency", "no_interest_rate"),
        ("invoices", 4, "I3", "currency", "no_interest_rate"),
    ]


def test_an_interest_note_bears_none_and_no_day_is_charged_twice(engine: Engine) -> None:
    def after(**note: Any) -> list[tuple[int, int, int]]:
        charged = {"kind": "interest_note", "amount_minor": 30, "invoice_day": DUE + 12, "due_day": DUE + 12, **note}
        return stretches(found(engine, DUE + 20, invoices=[invoice(), invoice("N1", **charged)]))

    assert after(charged_to_day=DUE + 10, related_invoice_id="I1") == [(11, 20, 100_00)]
    assert after(charged_to_day=DUE + 10) == [(11, 20, 100_00)]
    assert after() == [(13, 20, 100_00)], "blank: up to the note's own date"
    assert after(charged_to_day=DUE + 20) == []
    assert after(charged_to_day=DUE - 1) == [(1, 20, 100_00)]
    assert after(charged_to_day=DUE + 10, related_invoice_id="N1") == [(1, 20, 100_00)], "it charged for another one"
    assert after(charged_to_day=DUE + 10, currency="USD") == [(1, 20, 100_00)]
    assert after(charged_to_day=DUE + 10, invoice_day=DUE + 21) == [(1, 20, 100_00)], "of tomorrow"


@pytest.mark.parametrize(("seed", "year_days"), [(1, 365), (2, 360)])
@pytest.mark.parametrize("name", ENGINES)
def test_the_engine_agrees_with_the_oracle_day_by_day(name: str, seed: int, year_days: int) -> None:
    many = crowd(seed, 30 if name == "duckdb" else 80)
    policy = replace(many.whole.policy, interest_year_days=year_days)
    ledger = ledger_on(many.whole.tables, Engine(name))
    position = ledger_position(ledger, policy=policy, as_of=many.whole.as_of)
    interest = late_interest(ledger, position, policy=policy)
    expected = [each for case in many.cases for each in oracle.interest(case.tables, policy, case.as_of)]
    assert rows_of(interest.items) == sorted(expected, key=lambda each: tuple(each.values()))
    assert {each["key"] for each in rows_of(interest.issues)} == {
        each["invoice_id"] for each in expected if each["interest_minor"] == NO_MINOR
    }
    assert len({each["interest_minor"] for each in expected}) > 8, "the ledgers say something"


@given(cases(), st.integers(0, 90))
@settings(max_examples=15)
def test_the_days_of_two_periods_are_the_days_of_both(case: Case, back: int) -> None:
    """Before rounding, interest to a day and interest from the day after it are the interest of all days."""
    policy, as_of = case.policy, case.as_of

    def shares(tables: Tables) -> dict[str, Fraction]:
        ledger = ledger_on(tables, Engine("polars"))
        interest = late_interest(ledger, ledger_position(ledger, policy=policy, as_of=as_of), policy=policy)
        total: dict[str, Fraction] = {}
        for each in rows_of(interest.segments):
            assert each["days"] == each["to_day"] - each["from_day"] + 1 > 0
            assert each["open_minor"] > 0
            share = each["whole_minor"] + Fraction(each["rest"], denominator(policy.interest_year_days))
            days = range(each["from_day"], each["to_day"] + 1)
            for charged in days:
                key = f"{each['item_id']} {charged}"
                assert key not in total
                total[key] = share / len(days)
        return total

    whole = shares(case.tables)
    accounts = {(each["customer_id"], each["currency"]) for each in case.tables["invoices"]}
    cut = as_of - back
    notes = [
        invoice(
            f"N{number}", customer_id=customer_id, currency=currency, kind="interest_note", amount_minor=1,
            charged_to_day=cut, invoice_day=as_of, due_day=as_of,
        )
        for number, (customer_id, currency) in enumerate(sorted(accounts))
    ]  # fmt: skip
    later = shares({**case.tables, "invoices": numbered({"invoices": [*case.tables["invoices"], *notes]})["invoices"]})
    # Money on the new notes could go to them instead: only where no receipt is left over are the amounts the same.
    if policy.allocation_policy == "explicit_only":
        assert later == {key: share for key, share in whole.items() if int(key.split()[1]) > cut}


@pytest.mark.parametrize("seed", [3])
def test_neither_the_order_of_rows_nor_what_came_later_changes_anything(seed: int) -> None:
    whole = crowd(seed, 100).whole

    def items(case: Case) -> list[Row]:
        ledger = ledger_on(case.tables, Engine("polars"))
        position = ledger_position(ledger, policy=case.policy, as_of=case.as_of)
        return rows_of(late_interest(ledger, position, policy=case.policy).items)

    expected = items(whole)
    assert items(shuffled(whole, 7)) == expected
    assert items(as_it_stood(whole)) == expected


@pytest.mark.parametrize("year_days", [365, 360])
def test_large_amounts_long_rates_and_many_days_stay_exact(engine: Engine, year_days: int) -> None:
    chance = Random(year_days)
    most = (2**51 - 1, 2**16 - 1, 10**12 - 1)
    rows = [dict(zip(("minor", "days", "units"), most, strict=True))] + [
        {"minor": chance.randrange(2**51) >> chance.randrange(50), "days": chance.randrange(2**16), "units": units}
        for units in (chance.randrange(10 ** chance.randrange(1, 13)) for _ in range(300))
    ]
    rows = [{"row": number, **each} for number, each in enumerate(rows)]
    shape = dict.fromkeys(("row", "minor", "days", "units"), nw.Int64)
    priced = with_interest(engine.frame(rows, shape), amount="minor", days="days", units="units", year_days=year_days)
    priced = rounded_interest(priced, "rounded", year_days=year_days)
    for given_, got in zip(rows, sorted(engine.rows(priced), key=lambda each: int(each["row"])), strict=True):
        exact = Fraction(given_["minor"] * given_["days"] * given_["units"], denominator(year_days))
        assert Fraction(got["rest"], denominator(year_days)) + got["whole_minor"] == exact
        assert 0 <= got["rest"] < denominator(year_days)
        assert got["rounded"] == half_away(exact)
