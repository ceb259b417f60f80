"""What is due to be billed: dates that keep their day, shares that sum to the whole, and what is not billed."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.billing import BILLED, CONTRACT, MILESTONE, MONTHS, Bills, due_bills
from functions.dates import date_of, day_of
from functions.frames import NO_DAY, NO_MINOR
from tests.engines import Engine

TERMS = {"customer_id": "C1", "has_terms": True}


def day(text: str) -> int:
    return day_of(dt.date.fromisoformat(text))


def contract(rule: str, **values: Any) -> dict[str, Any]:
    blank = {
        "contract_id": "K",
        "customer_id": "C1",
        "currency": "CNY",
        "billing_rule": rule,
        "signed_day": day("2024-01-01"),
    }
    amounts = {"amount_minor": NO_MINOR, "billing_amount_minor": NO_MINOR}
    return {**blank, **amounts, **{name: day(each) if name.endswith("_day") else each for name, each in values.items()}}


def bill(when: str, amount: int = 100, contract_id: str = "K") -> dict[str, Any]:
    on = day(when)
    return {"contract_id": contract_id, "currency": "CNY", "bill_day": on, "invoice_day": on, "amount_minor": amount}


def due(
    engine: Engine,
    contracts: list[dict[str, Any]],
    as_of: str,
    *,
    milestones: Any = (),
    billed: Any = (),
    customers: Any = (TERMS,),
) -> Bills:
    return due_bills(
        engine.frame(contracts, CONTRACT),
        engine.frame(list(milestones), MILESTONE),
        engine.frame(list(billed), BILLED),
        engine.frame(list(customers), {"customer_id": nw.String, "has_terms": nw.Boolean}),
        as_of=day(as_of),
    )


def told(engine: Engine, bills: Bills) -> list[tuple[str, int, str]]:
    return [
        (
            str(date_of(row["bill_day"])),
            row["amount_minor"],
            "" if row["next_day"] == NO_DAY else str(date_of(row["next_day"])),
        )
        for row in engine.rows(bills.bills)
    ]


def codes(engine: Engine, bills: Bills) -> list[str]:
    return [row["code"] for row in engine.rows(bills.issues)]


def test_a_monthly_bill_of_the_31st_is_clipped_and_comes_back(engine: Engine) -> None:
    monthly = contract("monthly", billing_amount_minor=100, next_bill_day="2024-01-31")
    assert told(engine, due(engine, [monthly], "2024-03-31")) == [
        ("2024-01-31", 100, "2024-02-29"), ("2024-02-29", 100, "2024-03-31"), ("2024-03-31", 100, "2024-04-30"),
    ]  # fmt: skip
    later = contract("monthly", billing_amount_minor=100, next_bill_day="2024-02-29")
    billed = [bill("2024-01-31")]
    assert told(engine, due(engine, [later], "2024-03-31", billed=billed))[-1] == ("2024-03-31", 100, "2024-04-30")
    assert told(engine, due(engine, [later], "2024-03-31"))[-1] == ("2024-03-29", 100, "2024-04-29")


def test_what_an_invoice_stands_for_is_not_billed_again(engine: Engine) -> None:
    quarterly = contract("quarterly", billing_amount_minor=100, next_bill_day="2024-01-15")
    billed = [bill("2024-01-15"), bill("2024-04-15", -100)]
    assert told(engine, due(engine, [quarterly], "2024-07-14", billed=billed)) == [("2024-04-15", 100, "2024-07-15")]
    once = contract("once", amount_minor=500, next_bill_day="2024-02-01")
    assert told(engine, due(engine, [once], "2024-01-31")) == []
    assert told(engine, due(engine, [once], "2024-02-01")) == [("2024-02-01", 500, "")]
    assert told(engine, due(engine, [once], "2024-02-01", billed=[bill("2024-02-01", 500)])) == []


def test_milestones_split_the_amount_by_running_shares(engine: Engine) -> None:
    split = contract("milestones", amount_minor=2)
    parts = [{"contract_id": "K", "bill_day": day(f"2024-0{month}-01"), "share_ppm": 250_000} for month in (1, 2, 3, 4)]
    bills = due(engine, [split], "2024-04-01", milestones=parts)
    # RULES, example 11: 0.01, 0.00, 0.01, 0.00, and a bill of nothing is none.
    assert [(when, minor) for when, minor, _ in told(engine, bills)] == [("2024-01-01", 1), ("2024-03-01", 1)]
    assert codes(engine, bills) == []
    assert codes(engine, due(engine, [split], "2023-12-31", milestones=parts[:3])) == ["milestones_not_whole"]


@pytest.mark.parametrize(
    ("shares", "bills", "issues"),
    [
        ((333_000, 333_000, 333_000), (333, 333, 334), []),
        ((333_300, 333_300, 333_300), (333, 334, 333), []),
        ((333_400, 333_400, 333_400), (333, 334, 333), []),
        ((300_000, 300_000, 300_000), (300, 300, 300), ["milestones_not_whole"]),
        ((600_000, 400_000, 1_000), (600, 400), []),
        ((600_000, 400_000, 2_000), (600, 400), ["billed_over_amount", "milestones_not_whole"]),
    ],
)
def test_the_last_of_percents_that_were_rounded_off_takes_the_rest(
    engine: Engine, shares: tuple[int, ...], bills: tuple[int, ...], issues: list[str]
) -> None:
    parts = [
        {"contract_id": "K", "bill_day": day(f"2024-0{month}-01"), "share_ppm": share}
        for month, share in enumerate(shares, 1)
    ]
    found = due(engine, [contract("milestones", amount_minor=1000)], "2024-04-01", milestones=parts)
    assert tuple(minor for _, minor, _ in told(engine, found)) == bills
    assert sorted(codes(engine, found)) == issues


def test_a_contract_is_not_billed_past_its_end_above_its_amount_or_without_terms(engine: Engine) -> None:
    base = {"billing_amount_minor": 100, "next_bill_day": "2024-01-10"}
    ending = contract("monthly", **base, ends_day="2024-02-15")
    bills = due(engine, [ending], "2024-03-10")
    assert told(engine, bills) == [("2024-01-10", 100, "2024-02-10"), ("2024-02-10", 100, "")]
    assert codes(engine, bills) == ["contract_past_end"]
    capped = contract("monthly", **base, amount_minor=250)
    bills = due(engine, [capped], "2024-03-10")
    assert [when for when, _, _ in told(engine, bills)] == ["2024-01-10", "2024-02-10"]
    assert codes(engine, bills) == ["billed_over_amount"]
    bills = due(engine, [contract("monthly", **base)], "2024-01-10", customers=[{**TERMS, "has_terms": False}])
    assert (told(engine, bills), codes(engine, bills)) == ([], ["contract_without_terms"])
    own = contract("monthly", **base, payment_terms="NET30")
    assert len(told(engine, due(engine, [own], "2024-01-10", customers=[{**TERMS, "has_terms": False}]))) == 1
    assert codes(engine, due(engine, [contract("monthly", **base)], "2024-01-10", customers=[])) == ["unknown_customer"]
    over = [bill("2023-12-01", 251)]
    assert codes(engine, due(engine, [capped], "2024-01-01", billed=over)) == ["billed_over_amount"]


RECURRING = st.tuples(
    st.sampled_from([*MONTHS]), st.dates(dt.date(2019, 1, 1), dt.date(2024, 12, 31)), st.sets(st.integers(0, 12))
)


@settings(max_examples=12)
@given(as_of=st.dates(dt.date(2019, 6, 1), dt.date(2026, 12, 31)), drawn=st.lists(RECURRING, min_size=1, max_size=12))
def test_dates_are_those_of_counting_months_one_by_one(as_of: dt.date, drawn: list[tuple[str, dt.date, set[int]]]) -> None:
    """Many contracts at once: each knows nothing of the others."""
    engine = Engine("pandas")

    def nth(rule: str, start: dt.date, number: int) -> dt.date:
        month = start.year * 12 + start.month - 1 + number * MONTHS[rule]
        year, of_year = divmod(month, 12)
        return dt.date(year, of_year + 1, min(start.day, calendar.monthrange(year, of_year + 1)[1]))

    kept, invoices, expected = [], [], []
    for at, (rule, start, billed) in enumerate(drawn):
        kept.append(contract(rule, contract_id=f"K{at}", billing_amount_minor=7, next_bill_day=str(start)))
        invoices += [bill(str(nth(rule, start, number)), 7, f"K{at}") for number in billed]
        expected += [
            (f"K{at}", str(nth(rule, start, number)))
            for number in range(100)
            if nth(rule, start, number) <= as_of and number not in billed
        ]
    found = engine.rows(due(engine, kept, str(as_of), billed=invoices).bills)
    assert sorted((each["contract_id"], str(date_of(each["bill_day"]))) for each in found) == sorted(expected)
