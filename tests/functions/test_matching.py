"""What bank lines pay, beside a slow search through everything; nothing is paid twice, and the order of rows is nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.frames import lazy
from functions.line_matching import BankLine, Suggestion, match_lines
from functions.matching import NEAR_DAYS, recorded_lines
from functions.still_open import CreditNote, Item
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
    notes = [CreditNote(f"K{at}", f"C{at + 1}", "CNY", 20, at) for at in range(3)]
    told = match_lines(bank, made, group_of={"C1": "C1", "C2": "C1"}, credits=notes)
    best = {each.line_id: each for each in told if each.option == 1}
    assert best.keys() == {line.line_id for line in bank}
    by_id = {item.invoice_id: item for item in made}
    for item in made:
        parts = [part for each in best.values() for part in each.parts if part.invoice_id == item.invoice_id]
        assert sum(part.amount_minor + part.discount_minor for part in parts) <= item.open_minor
        assert all(part.customer_id == item.customer_id and part.amount_minor > 0 for part in parts)
    for note in notes:
        used = [part for each in best.values() for part in each.parts if part.credit_id == note.credit_id]
        assert sum(part.amount_minor for part in used) <= note.open_minor
        assert all(part.customer_id == note.customer_id for part in used)
    for line in bank:
        reading = best[line.line_id]
        assert sum(part.amount_minor for part in reading.parts if not part.credit_id) <= line.amount_minor
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
    random.shuffle(notes)
    assert match_lines(bank, made, group_of={"C1": "C1", "C2": "C1"}, credits=notes) == told


CREDITS = st.lists(st.integers(1, 6), max_size=4)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=3), CREDITS, st.integers(1, 30), st.sets(st.integers(0, 3)))
def test_credit_notes_deducted_are_those_of_a_search_through_all_of_them(
    invoices: list[int], credits: list[int], paid: int, told: set[int]
) -> None:
    items = [Item(f"I{at}", "C1", "CNY", amount, at) for at, amount in enumerate(invoices)]
    notes = [CreditNote(f"K{at}", "C1", "CNY", amount, at) for at, amount in enumerate(credits)]
    named = [*(item.invoice_id for item in items), *(f"K{at}" for at in sorted(told) if at < len(notes))]
    (first, *_) = match_lines([BankLine("L", 1, "CNY", paid, tuple(named), True)], items, group_of={}, credits=notes)
    missing = sum(invoices) - paid
    answers = [
        set(places)
        for size in range(1, len(notes) + 1)
        for places in combinations(range(len(notes)), size)
        if sum(credits[at] for at in places) == missing
    ]
    assert (first.match_reason == "named_less_credit") == bool(answers and missing > 0)
    if first.match_reason != "named_less_credit":
        return
    used = {int(part.credit_id[1:]) for part in first.parts if part.credit_id}
    assert used in answers
    assert all(part.amount_minor > 0 for part in first.parts)
    is_told = used == {at for at in told if at < len(notes)}
    assert (first.confidence == "certain") == is_told
    assert is_told or (first.confidence == "high") == (len(answers) == 1)
    for item in items:
        assert sum(part.amount_minor for part in first.parts if part.invoice_id == item.invoice_id) == item.open_minor
    for at, note in enumerate(notes):
        of_note = sum(part.amount_minor for part in first.parts if part.credit_id == note.credit_id)
        assert of_note == (note.open_minor if at in used else 0)


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
    ids=[
        "by numbers of their own and the amount", "by numbers that are not quite sure", "by numbers, from somebody else",
        "by number less discount", "too late for the discount", "by numbers less a bank charge", "some of the numbers",
        "by numbers, more than is open", "by payer and exact amount", "by payer and amount less discount",
        "several invoices of the payer", "all that the payer owes", "by payer and amount less a bank charge",
        "by the amount alone", "by the payer alone", "another currency",
    ],
)  # fmt: skip
def test_one_line_is_read_the_surest_way(line: BankLine, items: list[Item], expected: Any) -> None:
    assert only(match_lines([line], items, group_of={})) == expected


K, K2 = CreditNote("K", "C1", "CNY", 30, 1), CreditNote("K2", "C1", "CNY", 5, 2)


@pytest.mark.parametrize(
    ("line", "items", "credits", "expected"),
    [
        pytest.param(BankLine("L", 4, "CNY", 130, ("A", "B", "K"), True, ("C1",)), [A, B], [K, K2],
                     ("certain", "named_less_credit", [("A", 30, "K"), ("A", 70, ""), ("B", 60, "")]), id="both are named"),
        pytest.param(BankLine("L", 4, "CNY", 130, ("A", "B"), True), [A, B], [K, K2],
                     ("high", "named_less_credit", [("A", 30, "K"), ("A", 70, ""), ("B", 60, "")]), id="invoices are named"),
        pytest.param(BankLine("L", 4, "CNY", 130, ("A", "B", "K"), True, ("C9",)), [A, B], [K],
                     ("high", "named_less_credit", [("A", 30, "K"), ("A", 70, ""), ("B", 60, "")]), id="of another payer"),
        pytest.param(BankLine("L", 4, "CNY", 125, payers=("C1",)), [A, B], [K, K2],
                     ("high", "less_credit", [("A", 30, "K"), ("A", 5, "K2"), ("A", 65, ""), ("B", 60, "")]),
                     id="all of both"),
        pytest.param(BankLine("L", 4, "CNY", 55, payers=("C1",)), [A, B, C], [K, K2],
                     ("medium", "less_credit", [("B", 5, "K2"), ("B", 55, "")]), id="one invoice less one note"),
        pytest.param(BankLine("L", 4, "CNY", 65, payers=("C1",)), [A, B, C], [K, K2],
                     ("medium", "less_credit", [("A", 30, "K"), ("A", 5, "K2"), ("A", 65, "")]), id="less all notes"),
        pytest.param(BankLine("L", 4, "CNY", 115, payers=("C1",)), [A, B, C], [K],
                     ("low", "less_credit", [("A", 30, "K"), ("A", 70, ""), ("C", 45, "")]), id="several invoices less one"),
        pytest.param(BankLine("L", 4, "CNY", 70, ("A",), True), [A], [CreditNote("K", "C2", "CNY", 30, 1)],
                     ("medium", "named_part", [("A", 70, "")]), id="another customer's note"),
        pytest.param(BankLine("L", 4, "CNY", 70, ("A",), True), [A], [CreditNote("K", "C1", "USD", 30, 1)],
                     ("medium", "named_part", [("A", 70, "")]), id="a note in another currency"),
        pytest.param(BankLine("L", 4, "CNY", 160, ("A", "B"), True), [A, B], [K],
                     ("certain", "named_exact", [("A", 100, ""), ("B", 60, "")]), id="nothing is deducted"),
    ],
)  # fmt: skip
def test_a_credit_note_that_the_payer_deducts_is_netted(
    line: BankLine, items: list[Item], credits: list[CreditNote], expected: Any
) -> None:
    (told,) = match_lines([line], items, group_of={}, credits=credits)
    parts = [(part.invoice_id, part.amount_minor, part.credit_id) for part in told.parts]
    assert (told.confidence, told.match_reason, parts) == expected


def test_a_credit_note_is_deducted_once() -> None:
    lines = [BankLine("L1", 1, "CNY", 70, ("A",), True), BankLine("L2", 2, "CNY", 30, ("B",), True)]
    told = match_lines(lines, [A, B], group_of={}, credits=[K])
    assert [(each.match_reason, each.parts[0].credit_id) for each in told] == [
        ("named_less_credit", "K"), ("named_part", ""),
    ]  # fmt: skip


def test_one_line_pays_for_several_customers_of_a_group_less_a_credit_note_of_one() -> None:
    of_child = Item("S", "C2", "CNY", 55, 1)
    group_of = {"C1": "C1", "C2": "C1"}
    named = BankLine("L", 4, "CNY", 155, ("A", "S"), True, ("C1",))
    assert only(match_lines([named], [A, of_child], group_of=group_of)) == (
        "high", "group_exact", [("A", 100, 0), ("S", 55, 0)],
    )  # fmt: skip
    (told,) = match_lines([replace(named, amount_minor=125)], [A, of_child], group_of=group_of, credits=[K])
    assert (told.confidence, told.match_reason) == ("high", "named_less_credit")
    assert [(part.customer_id, part.amount_minor, part.credit_id) for part in told.parts] == [
        ("C1", 30, "K"), ("C1", 70, ""), ("C2", 55, ""),
    ]  # fmt: skip
    # However sure the numbers are: a parent that pays for others is looked at.
    told_too = replace(named, amount_minor=125, named=("A", "S", "K"))
    assert match_lines([told_too], [A, of_child], group_of=group_of, credits=[K])[0].confidence == "high"
    # What no group has in common is no deal between them.
    assert only(match_lines([named], [A, of_child], group_of={}))[0] == "medium"


def test_a_parent_pays_one_invoice_of_its_subsidiary() -> None:
    of_child = Item("S", "C2", "CNY", 55, 1)
    line = BankLine("L", 4, "CNY", 55, payers=("C1",))
    group_of = {"C1": "C1", "C2": "C1"}
    assert only(match_lines([line], [A, of_child], group_of=group_of)) == ("medium", "same_amount", [("S", 55, 0)])
    assert only(match_lines([line], [A, of_child], group_of={}))[1] == "name_only"


def test_two_of_very_many_invoices_are_found_and_not_taken_for_the_only_ones() -> None:
    items = [Item(f"I{at:03}", "C1", "CNY", 1000 + 2**at if at < 30 else 10**9 + at * at, at) for at in range(60)]
    line = BankLine("L", 4, "CNY", items[40].open_minor + items[55].open_minor, payers=("C1",))
    assert only(match_lines([line], items, group_of={})) == (
        "low", "several_invoices", [("I040", items[40].open_minor, 0), ("I055", items[55].open_minor, 0)],
    )  # fmt: skip


def test_more_than_is_open_is_less_clear_where_the_text_names_what_is_not_open() -> None:
    line = BankLine("L", 4, "CNY", 110, ("A", "PAID"), True)
    assert only(match_lines([line], [A], group_of={})) == ("low", "named_over", [("A", 100, 0)])


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


def test_an_invoice_that_is_paid_in_part_is_not_of_its_first_amount_any_more() -> None:
    lines = [BankLine("L1", 1, "CNY", 40, ("A",), True), BankLine("L2", 2, "CNY", 100, payers=("C1",))]
    told = match_lines(lines, [A], group_of={})
    assert [(each.match_reason, each.parts[0].left_minor) for each in told] == [("named_part", 60), ("name_only", 0)]


def test_what_is_still_owed_follows_the_lines_of_the_same_rule() -> None:
    items = [A, B, C, Item("D", "C1", "CNY", 7, 4)]
    lines = [BankLine("L1", 1, "CNY", 67, payers=("C1",)), BankLine("L2", 2, "CNY", 145, payers=("C1",))]
    told = match_lines(lines, items, group_of={})
    assert [(each.confidence, [part.invoice_id for part in each.parts]) for each in told] == [
        ("medium", ["B", "D"]), ("high", ["A", "C"]),
    ]  # fmt: skip


def test_a_parent_pays_for_its_subsidiary() -> None:
    of_child = Item("S", "C2", "CNY", 55, 1)
    told = match_lines([BankLine("L", 4, "CNY", 155, payers=("C1",))], [A, of_child, C], group_of={"C1": "C1", "C2": "C1"})
    assert only(told)[2] == [("A", 100, 0), ("S", 55, 0)]
