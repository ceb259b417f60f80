"""Money given away: approved by another, or below the limit; a plan is one decision, however many parts it has."""

from __future__ import annotations

from typing import Any

import narwhals as nw
from hypothesis import given
from hypothesis import strategies as st

from functions.frames import NO_MINOR
from functions.segregation import GIVEN, segregation_findings
from tests.engines import Engine

RATES = {"currency": nw.String, "rate_digits": nw.Int64, "rate_power": nw.Int64}


def row(key: str, amount: int, entered: str = "", approved: str = "", **more: Any) -> dict[str, Any]:
    told = {"table": "write_offs", "key": key, "group_id": key, "currency": "CNY", "row": len(key) + 10}
    return {**told, "amount_minor": amount, "entered_by": entered, "approved_by": approved, **more}


def found(engine: Engine, rows: list[dict[str, Any]], above: int = NO_MINOR) -> list[tuple[str, str]]:
    rates = [{"currency": "CNY", "rate_digits": 1}, {"currency": "USD", "rate_digits": 7}]
    findings = segregation_findings(engine.frame(rows, GIVEN), engine.frame(rates, RATES), approval_above_minor=above)
    return sorted((each["key"], each["code"]) for each in engine.rows(findings))


def test_self_approval_is_found_and_a_blank_name_is_nobody(engine: Engine) -> None:
    rows = [row("A", 1, "li", "li"), row("B", 1, "li", "wang"), row("C", 1), row("D", 1, "", "li")]
    assert found(engine, rows) == [("A", "self_approved")]


def test_above_the_limit_somebody_must_have_agreed_in_base_currency(engine: Engine) -> None:
    rows = [
        row("A", 100),
        row("B", 101),
        row("C", 101, "li", "wang"),
        row("D", 15, currency="USD"),
        row("E", 1, currency="EUR"),
    ]
    assert found(engine, rows, above=100) == [("B", "unapproved_over"), ("D", "unapproved_over"), ("E", "unapproved_over")]


def test_the_parts_of_a_plan_are_one_decision(engine: Engine) -> None:
    parts = [row(f"P/{part}", 60, group_id="P", row=part, table="repayment_plans") for part in (3, 2)]
    assert found(engine, parts, above=100) == [("P/2", "unapproved_over")]
    assert found(engine, parts, above=120) == []


NAMES = st.sampled_from(["", "li", "wang"])
ROWS = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 200), NAMES, NAMES), max_size=8)


@given(ROWS, st.integers(0, 300))
def test_decisions_are_those_of_looking_at_each_by_hand(drawn: list[tuple[str, int, str, str]], above: int) -> None:
    rows = [
        row(f"{at}", amount, entered, approved, group_id=group, row=at)
        for at, (group, amount, entered, approved) in enumerate(drawn)
    ]
    expected = []
    for group in "ABC":
        members = [each for each in rows if each["group_id"] == group]
        selves = [each for each in members if each["entered_by"] and each["entered_by"] == each["approved_by"]]
        unapproved = [each for each in members if not each["approved_by"]]
        if selves:
            expected.append((selves[0]["key"], "self_approved"))
        if unapproved and sum(each["amount_minor"] for each in members) > above:
            expected.append((unapproved[0]["key"], "unapproved_over"))
    assert found(Engine("pandas"), rows, above=above) == sorted(expected)
