"""What bank lines pay, beside a slow search through everything; nothing is paid twice, and the order of rows is nothing."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.frames import lazy
from functions.line_matching import BankLine, Item, Suggestion, match_lines
from functions.matching import NEAR_DAYS, recorded_lines
from functions.subset_sums import subsets_with_sum


@given(st.lists(st.integers(1, 12), max_size=9), st.integers(1, 40))
def test_subsets_are_those_of_a_search_through_all_of_them(amounts: list[int], target: int) -> None:
    every = {
        places
        for size in range(2, len(amounts) + 1)
        for places in combinations(range(len(amounts)), size)
        if sum(amounts[at] for at in places) == target
    }
    told = subsets_with_sum(amounts, target)
    assert set(told.found) <= every
    assert len(told.found) == min(len(every), 3)
    assert not told.is_unique or len(every) == 1
    assert told.is_unique or len(every) != 1


def test_a_search_that_is_cut_short_never_claims_to_be_the_only_answer() -> None:
    told = subsets_with_sum([2] * 19 + [3] + [1] * 40, 41 - 1, fewest=2)
    assert not told.is_unique


DAYS = st.sampled_from([0, NEAR_DAYS, NEAR_DAYS + 1])
LINES = st.lists(
    st.builds(dict, amount_minor=st.integers(1, 4), booked_day=DAYS, reference=st.sampled_from(["", "A", "B"])),
    max_size=6,
)
RECEIPTS = st.lists(
    st.builds(
        dict, amount_minor=st.integers(1, 4), receipt_day=DAYS, bank_reference=st.sampled_from(["", "A", "B"]),
        bank_line_id=st.sampled_from(["", "", "L0", "L1", "gone"]),
    ),
    max_size=6,
)  # fmt: skip


def slowly(lines: list[dict[str, Any]], receipts: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """The three ways, row by row."""
    found = {(each["bank_line_id"], each["receipt_id"], "recorded_line") for each in receipts if each["bank_line_id"]}
    found = {each for each in found if each[0] in {line["line_id"] for line in lines}}
    lines = [line for line in lines if line["line_id"] not in {each[0] for each in found}]
    receipts = [each for each in receipts if not each["bank_line_id"]]
    for line in sorted(lines, key=lambda line: line["line_id"]):
        if line["reference"]:
            for receipt in sorted(receipts, key=lambda receipt: receipt["receipt_id"]):
                is_same = (receipt["bank_reference"], receipt["amount_minor"]) == (line["reference"], line["amount_minor"])
                if is_same and receipt["receipt_id"] not in {each[1] for each in found}:
                    found.add((line["line_id"], receipt["receipt_id"], "recorded_reference"))
                    break
    lines = [line for line in lines if line["line_id"] not in {each[0] for each in found}]
    receipts = [each for each in receipts if each["receipt_id"] not in {of[1] for of in found}]
    pairs = [
        (line["line_id"], receipt["receipt_id"])
        for line in lines
        for receipt in receipts
        if line["amount_minor"] == receipt["amount_minor"] and abs(line["booked_day"] - receipt["receipt_day"]) <= NEAR_DAYS
    ]
    for pair in pairs:
        if [each[0] for each in pairs].count(pair[0]) == 1 and [each[1] for each in pairs].count(pair[1]) == 1:
            found.add((*pair, "recorded_amount"))
    return found


@pytest.mark.parametrize("engine", [pd.DataFrame, pl.DataFrame])
@settings(max_examples=40)
@given(LINES, RECEIPTS, st.randoms(use_true_random=False))
def test_recorded_lines_are_those_of_a_look_at_every_pair(engine: Any, lines: Any, receipts: Any, random: Any) -> None:
    lines = [{"line_id": f"L{at}", "currency": "CNY", **each} for at, each in enumerate(lines)]
    receipts = [{"receipt_id": f"R{at}", "currency": "CNY", **each} for at, each in enumerate(receipts)]
    expected = slowly(lines, receipts)
    if not lines or not receipts:
        return
    random.shuffle(lines)
    random.shuffle(receipts)
    told = recorded_lines(lazy(engine(lines)), lazy(engine(receipts))).collect()
    assert sorted(zip(*(told[key].to_list() for key in ("line_id", "receipt_id", "match_reason")), strict=True)) == sorted(
        expected
    )


IDS = [f"I{at}" for at in range(6)]
ITEMS = st.lists(st.tuples(st.sampled_from(["C1", "C2", "C3"]), st.integers(1, 6), st.integers(0, 3)), max_size=6)
BANK_LINES = st.lists(
    st.tuples(
        st.integers(1, 9), st.integers(0, 3), st.lists(st.sampled_from(IDS), unique=True, max_size=3), st.booleans(),
        st.lists(st.sampled_from(["C1", "C2", "C3"]), unique=True, max_size=2),
    ),
    max_size=6,
)  # fmt: skip


@given(ITEMS, BANK_LINES, st.randoms(use_true_random=False))
def test_best_readings_pay_nothing_twice_and_no_line_more_than_it_holds(items: Any, lines: Any, random: Any) -> None:
    made = [Item(IDS[at], customer, "CNY", 10 * open_minor, due) for at, (customer, open_minor, due) in enumerate(items)]
    bank = [
        BankLine(f"L{at}", day, "CNY", 10 * amount, tuple(named), is_sure, tuple(sorted(payers)), 10)
        for at, (amount, day, named, is_sure, payers) in enumerate(lines)
    ]
    told = match_lines(bank, made, group_of={"C1": "C1", "C2": "C1"})
    best = {each.line_id: each for each in told if each.option == 1}
    assert best.keys() == {line.line_id for line in bank}
    by_id = {item.invoice_id: item for item in made}
    for item in made:
        parts = [part for each in best.values() for part in each.parts if part.invoice_id == item.invoice_id]
        assert sum(part.amount_minor + part.discount_minor for part in parts) <= item.open_minor
        assert all(part.customer_id == item.customer_id and part.amount_minor > 0 for part in parts)
    for line in bank:
        reading = best[line.line_id]
        assert sum(part.amount_minor for part in reading.parts) <= line.amount_minor
        if reading.confidence == "certain":
            # To the cent, all that it names, and of nobody but the payer.
            assert {part.invoice_id for part in reading.parts} == set(line.named)
            assert sum(by_id[each].open_minor for each in line.named) == line.amount_minor
            assert line.names_surely
            assert (
                not line.payers
                or {by_id[each].customer_id for each in line.named} <= {"C1", "C2"}
                or set(line.payers) & {by_id[each].customer_id for each in line.named}
            )
    random.shuffle(made)
    random.shuffle(bank)
    assert match_lines(bank, made, group_of={"C1": "C1", "C2": "C1"}) == told


def only(told: list[Suggestion]) -> tuple[str, str, list[tuple[str, int, int]]]:
    (each,) = told
    return each.confidence, each.match_reason, [(p.invoice_id, p.amount_minor, p.discount_minor) for p in each.parts]


A, B, C = (Item(name, "C1", "CNY", amount, due) for name, amount, due in (("A", 100, 1), ("B", 60, 2), ("C", 45, 3)))
EARLY = Item("E", "C1", "CNY", 200, 5, discount_day=10, discount_minor=4)


@pytest.mark.parametrize(
    ("line", "items", "expected"),
    [
        (BankLine("L", 4, "CNY", 160, ("A", "B"), True), [A, B], ("certain", "named_exact", [("A", 100, 0), ("B", 60, 0)])),
        (BankLine("L", 4, "CNY", 160, ("A", "B")), [A, B], ("high", "named_exact", [("A", 100, 0), ("B", 60, 0)])),
        (BankLine("L", 4, "CNY", 160, ("A", "B"), True, ("C9",)), [A, B],
         ("high", "named_exact", [("A", 100, 0), ("B", 60, 0)])),
        (BankLine("L", 4, "CNY", 196, ("E",), True), [EARLY], ("high", "named_discount", [("E", 196, 4)])),
        (BankLine("L", 11, "CNY", 196, ("E",), True), [EARLY], ("medium", "named_part", [("E", 196, 0)])),
        (BankLine("L", 4, "CNY", 155, ("A", "B"), True, tolerance_minor=5), [A, B],
         ("medium", "named_short", [("A", 100, 0), ("B", 55, 0)])),
        (BankLine("L", 4, "CNY", 145, ("A", "B", "C"), True), [A, B, C],
         ("high", "named_some", [("A", 100, 0), ("C", 45, 0)])),
        (BankLine("L", 4, "CNY", 170, ("A", "B"), True), [A, B], ("medium", "named_over", [("A", 100, 0), ("B", 60, 0)])),
        (BankLine("L", 4, "CNY", 60, payers=("C1",)), [A, B, C], ("high", "same_amount", [("B", 60, 0)])),
        (BankLine("L", 4, "CNY", 196, payers=("C1",)), [EARLY], ("medium", "same_amount_discount", [("E", 196, 4)])),
        (BankLine("L", 4, "CNY", 105, payers=("C1",)), [A, B, C],
         ("medium", "several_invoices", [("B", 60, 0), ("C", 45, 0)])),
        (BankLine("L", 4, "CNY", 205, payers=("C1",)), [A, B, C],
         ("high", "several_invoices", [("A", 100, 0), ("B", 60, 0), ("C", 45, 0)])),
        (BankLine("L", 4, "CNY", 98, payers=("C1",), tolerance_minor=2), [A],
         ("medium", "same_amount_short", [("A", 98, 0)])),
        (BankLine("L", 4, "CNY", 60), [A, B, C], ("low", "same_amount", [("B", 60, 0)])),
        (BankLine("L", 4, "CNY", 77, payers=("C1",)), [A], ("low", "name_only", [("", 77, 0)])),
        (BankLine("L", 4, "USD", 100, ("A",), True), [A], ("", "unmatched", [])),
    ],
)  # fmt: skip
def test_one_line_is_read_the_surest_way(line: BankLine, items: list[Item], expected: Any) -> None:
    assert only(match_lines([line], items, group_of={})) == expected


def test_several_lines_pay_one_invoice() -> None:
    named = [BankLine(f"L{at}", at, "CNY", amount, ("A",)) for at, amount in enumerate((70, 30))]
    silent = [BankLine(f"L{at}", at, "CNY", amount, payers=("C1",)) for at, amount in enumerate((70, 30))]
    for lines, confidence in ((named, "high"), (silent, "medium")):
        told = match_lines(lines, [A], group_of={})
        assert [(each.confidence, each.match_reason, each.parts[0].amount_minor) for each in told] == [
            (confidence, "several_lines", 70), (confidence, "several_lines", 30),
        ]  # fmt: skip


def test_all_that_is_still_owed_is_less_what_other_lines_pay() -> None:
    named = BankLine("L1", 9, "CNY", 100, ("A",), True)
    rest = BankLine("L2", 4, "CNY", 105, payers=("C1",))
    told = match_lines([named, rest], [A, B, C], group_of={})
    assert [(each.line_id, each.confidence, [part.invoice_id for part in each.parts]) for each in told] == [
        ("L1", "certain", ["A"]), ("L2", "high", ["B", "C"]),
    ]  # fmt: skip


def test_a_parent_pays_for_its_subsidiary() -> None:
    of_child = Item("S", "C2", "CNY", 55, 1)
    told = match_lines([BankLine("L", 4, "CNY", 155, payers=("C1",))], [A, of_child, C], group_of={"C1": "C1", "C2": "C1"})
    assert only(told)[2] == [("A", 100, 0), ("S", 55, 0)]
