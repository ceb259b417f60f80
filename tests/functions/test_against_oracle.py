"""Every engine agrees with the oracle, to the cent, on small nasty ledgers.

An engine takes as long for a few hundred small ledgers as for one, so most are judged as a crowd: one ledger of customers
who know nothing of each other. When one of them disagrees, the message has the fewest of its rows on which it still does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cache, partial
from random import Random

import pytest
from hypothesis import Phase, given, settings

from functions.ledger import SHAPES
from functions.position import ledger_position
from tests import oracle
from tests.engines import ENGINES, Engine
from tests.functions.conservation import assert_all_money_is_accounted_for
from tests.functions.verdicts import Results, by_engine, by_oracle, differences, verdict
from tests.ledgers import Case, Crowd, as_it_stood, cases, crowd, ledger_on, rows_of, shuffled
from tests.shrinking import described, smallest
from tests.tables import Row, day

ONCE = (Phase.explicit, Phase.generate)
"""An engine is too slow for Hypothesis to shrink on; the message of ``assert_agreement`` does that row by row.

Hypothesis begins with the least ledger, one customer and nothing else: frames without rows lose their types on some engines.
"""

SIZE = 300
SEEDS = {"pandas": (1, 2), "polars": (5, 6, 7), "polars_lazy": (9,), "duckdb": (11,)}
_KEYS = {
    "invoices": "invoice_id",
    "receipts": "receipt_id",
    "allocations": "allocation_id",
    "write_offs": "write_off_id",
    "repayment_plans": "plan_id",
    "customers": "customer_id",
    "orders": "order_id",
}


@dataclass(frozen=True)
class Judged:
    """A crowd, what one engine made of it and what the oracle made of it."""

    engine: Engine
    crowd: Crowd
    results: Results
    expected: Results


@cache
def _judged(name: str, seed: int) -> Judged:
    engine, many = Engine(name), crowd(seed, SIZE)
    return Judged(engine, many, by_engine(many.whole, engine), by_oracle(*many.cases))


@pytest.fixture(params=[pytest.param((name, seed), id=f"{name}-{seed}") for name in ENGINES for seed in SEEDS[name]])
def judged(request: pytest.FixtureRequest) -> Judged:
    return _judged(*request.param)


def disagreement(case: Case, engine: Engine) -> dict[str, tuple[list[Row], list[Row]]]:
    """What only the engine says, and what only the oracle says."""
    expected = by_oracle(case)
    return differences(verdict(by_engine(case, engine), expected), verdict(expected, expected))


def assert_agreement(case: Case, engine: Engine) -> None:
    """Or a message that shows the fewest rows on which the two disagree."""
    if disagreement(case, engine):
        least = smallest(case, partial(_differs, engine=engine))
        told = disagreement(least, engine)
        pytest.fail(f"{described(least)}\n{engine.name} says what the oracle does not, and reversed: {told}", pytrace=False)


def test_the_engine_agrees_with_the_oracle(judged: Judged) -> None:
    expected = verdict(judged.expected, judged.expected)
    found = str(differences(verdict(judged.results, judged.expected), expected) or "")
    for place, case in enumerate(judged.crowd.cases):
        if f"'{place:03d}" in found:
            assert_agreement(case, judged.engine)
    assert not found, f"only as a crowd {judged.engine.name} says what the oracle does not, and reversed"


def _differs(case: Case, engine: Engine) -> bool:
    return bool(disagreement(case, engine))


def test_all_money_is_accounted_for(judged: Judged) -> None:
    assert_all_money_is_accounted_for(judged.results, *judged.crowd.cases)


def test_the_movements_sum_to_the_balances(judged: Judged) -> None:
    sums: Counter[tuple[str, str]] = Counter()
    for each in judged.results.movements:
        assert each["day"] <= judged.crowd.whole.as_of, each
        sums[each["customer_id"], each["currency"]] += each["amount_minor"]
    balances = oracle.position(judged.crowd.whole.tables, judged.crowd.whole.policy, judged.crowd.whole.as_of).balances
    assert {account: sum_ for account, sum_ in sums.items() if sum_} == {key: owed for key, owed in balances.items() if owed}


def test_an_issue_names_its_row(judged: Judged) -> None:
    by_row = {
        table: {each["row"]: each[_KEYS[table]] for each in rows}
        for table, rows in judged.crowd.whole.tables.items()
        if table in _KEYS
    }
    assert judged.results.issues
    for issue in judged.results.issues:
        assert by_row[issue["table"]][issue["row"]] == issue["key"], issue


def test_an_item_a_document_and_a_receipt_name_their_row(judged: Judged) -> None:
    tables = judged.crowd.whole.tables
    invoices = {each["invoice_id"]: each["row"] for each in tables["invoices"]}
    receipts = {each["receipt_id"]: each["row"] for each in tables["receipts"]}
    assert all(each["row"] == invoices[each["invoice_id"]] for each in (*judged.results.items, *judged.results.documents))
    assert all(each["row"] == receipts[each["receipt_id"]] for each in judged.results.receipts)
    for each in judged.results.unapplied:
        assert each["row"] == (receipts if each["source"] == "receipt" else invoices)[each["source_id"]]


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_a_shuffled_input_gives_the_same_output(name: str) -> None:
    first = _judged(name, SEEDS[name][0])
    again = by_engine(shuffled(first.crowd.whole, 3), first.engine)
    assert not differences(verdict(first.results, first.results), verdict(again, first.results))


def test_what_happened_after_the_day_changes_nothing() -> None:
    first = _judged("polars", SEEDS["polars"][0])
    before = by_engine(as_it_stood(first.crowd.whole), first.engine)
    # In the oracle's columns: since when an item is held, for one, is told from rows that are left out here.
    assert not differences(verdict(first.results, first.expected), verdict(before, first.expected))


def test_as_known_on_a_day_keeps_what_was_entered_by_then() -> None:
    whole, random, known_on = crowd(12, SIZE).whole, Random(12), day("2024-05-01")
    entered = {
        table: [each | {"entered_day": known_on + random.choice([-1, 0, 1])} for each in rows]
        if "entered_day" in SHAPES[table]
        else rows
        for table, rows in whole.tables.items()
    }
    known = {
        table: [each for each in rows if each.get("entered_day", known_on) <= known_on] for table, rows in entered.items()
    }
    ledger = ledger_on(entered, Engine("polars")).as_known_on(known_on)
    position = ledger_position(ledger, policy=whole.policy, as_of=whole.as_of)
    expected = by_oracle(replace(whole, tables=known))
    results = Results(items=rows_of(position.items), unapplied=rows_of(position.unapplied))
    only = Results(items=expected.items, unapplied=expected.unapplied)
    assert not differences(verdict(results, only), verdict(only, only))


@given(cases())
@settings(max_examples=4, phases=ONCE)
def test_pandas_agrees_on_a_small_ledger(case: Case) -> None:
    assert_agreement(case, Engine("pandas"))


@given(cases())
@settings(max_examples=12, phases=ONCE)
def test_polars_agrees_on_a_small_ledger(case: Case) -> None:
    assert_agreement(case, Engine("polars"))


@given(cases())
@settings(max_examples=6, phases=ONCE)
def test_lazy_polars_agrees_on_a_small_ledger(case: Case) -> None:
    assert_agreement(case, Engine("polars_lazy"))


@given(cases())
@settings(max_examples=2, phases=ONCE)
def test_duckdb_agrees_on_a_small_ledger(case: Case) -> None:
    assert_agreement(case, Engine("duckdb"))
