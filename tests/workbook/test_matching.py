"""Matching against a statement whose truth is known; numbers and names as payers and banks write them; what is posted."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from functions.line_matching import Suggestion
from tests.workbook.memory_book import MemoryBook, rows_of
from workbook.matching.bank_rules import BankRule, BankRules
from workbook.matching.numbers import Named, NumberIndex
from workbook.matching.payers import Payers
from workbook.matching.suggesting import Matched, match_book
from workbook.matching.words import EXPLANATIONS, explained
from workbook.port import Columns
from workbook.sample import sample_ledger
from workbook.sample.bank_lines import LineTruth, with_bank_statement
from workbook.schema import TABLES
from workbook.schema.bank import MATCH_REASONS
from workbook.tasks.matching import match
from workbook.template.default_rows import default_rows

AS_OF = dt.date(2024, 5, 31)
RAN_AT = dt.datetime(2024, 6, 1, 9)


def book_of(seed: int) -> tuple[MemoryBook, Mapping[str, LineTruth]]:
    ledger = sample_ledger(seed=seed, as_of=AS_OF, customers=80, invoices=1000)
    tables, truth = with_bank_statement(ledger, seed=seed, as_of=AS_OF)
    return MemoryBook(tables={**tables_of_a_new_workbook(), **tables}), truth


def tables_of_a_new_workbook() -> dict[str, Columns]:
    """The terms and the ladder that every new one holds; its settings the book in memory has already."""
    given = default_rows(language="en", currency="CNY")
    return {name: columns for name, columns in given.items() if name != "Settings"}


def is_right(suggestion: Suggestion, truth: LineTruth) -> bool:
    """The customers, the credit notes, and, where staff would allocate, the invoices and amounts; else what was meant."""
    if {part.customer_id for part in suggestion.parts} != truth.customers:
        return False
    if {part.credit_id for part in suggestion.parts if part.credit_id} != truth.credits:
        return False
    paid: dict[str, float] = defaultdict(float)
    for part in suggestion.parts:
        if part.invoice_id:
            paid[part.invoice_id] += part.amount_minor / 100
    expected = {invoice_id: amount for of in truth.paid.values() for invoice_id, amount in of.items()}
    return paid == pytest.approx(expected) if expected else paid.keys() <= truth.meant


@dataclass
class Measured:
    """Lines to match of several ledgers: how many were read rightly and wrongly, by confidence; how many by kind."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    right_of: Counter[str] = field(default_factory=Counter)
    all_of: Counter[str] = field(default_factory=Counter)
    customer_only: int = 0
    not_customers: list[str] = field(default_factory=list)

    def add(self, best: Mapping[str, Suggestion], truth: Mapping[str, LineTruth]) -> None:
        for line_id, each in truth.items():
            if not each.customers:
                self.not_customers += [best[line_id].confidence] if line_id in best else []
            elif not each.receipt_id:
                self._add(best[line_id], each)

    def _add(self, suggestion: Suggestion, truth: LineTruth) -> None:
        kind = "parent" if len(truth.customers) > 1 else "credit note" if truth.credits else "usual"
        self.all_of[kind] += 1
        if suggestion.match_reason == "name_only" and {part.customer_id for part in suggestion.parts} <= truth.customers:
            self.customer_only += 1
        elif is_right(suggestion, truth):
            self.right[suggestion.confidence] += 1
            self.right_of[kind] += 1
        else:
            self.wrong[suggestion.confidence] += 1

    @property
    def share(self) -> float:
        return self.right.total() / self.all_of.total()


def test_most_lines_of_five_ledgers_are_matched_and_none_wrongly_where_it_is_certain() -> None:
    measured = Measured()
    for seed in (1, 2, 3, 4, 5):
        book, truth = book_of(seed)
        matched = match_book(book, as_of=AS_OF)
        recorded = dict(zip(matched.recorded["line_id"], matched.recorded["receipt_id"], strict=True))
        assert {line: each.receipt_id for line, each in truth.items() if each.receipt_id} == recorded
        measured.add({each.line_id: each for each in matched.suggestions if each.option == 1}, truth)
    print(f"{measured}\nshare matched {measured.share:.3f}")
    total = measured.all_of.total()
    assert total > 200
    assert measured.wrong["certain"] == 0
    assert measured.wrong["high"] <= 0.01 * measured.right["high"]
    assert measured.wrong["medium"] <= 0.03 * measured.right["medium"]
    assert measured.right["certain"] > 0.4 * total
    assert measured.share > 0.9
    for kind in ("parent", "credit note"):
        assert measured.all_of[kind] > 10
        assert measured.right_of[kind] > 0.9 * measured.all_of[kind]
    # What is no customer's is matched with nothing for certain.
    assert set(measured.not_customers) <= {"", "low"}


def test_the_order_of_rows_changes_nothing() -> None:
    ledger, _ = with_bank_statement(sample_ledger(seed=4, as_of=AS_OF), seed=4, as_of=AS_OF)
    turned = {
        name: {key: list(reversed(cells)) for key, cells in columns.items()} for name, columns in ledger.items()
    }  # fmt: skip
    told = [
        match_book(MemoryBook(tables={**tables_of_a_new_workbook(), **each}), as_of=AS_OF).rows(language="en")
        for each in (ledger, turned)
    ]
    assert told[0].equals(told[1])


def small_book(**settings: str) -> MemoryBook:
    book = MemoryBook(tables={
        "Customers": {"customer_id": ["C1", "C2"], "name": ["Alder Ltd", "Birch Inc"]},
        "Invoices": {
            "invoice_id": ["INV-1001", "INV-1002"], "customer_id": ["C1", "C2"], "amount": [100.0, 100.0],
            "invoice_date": [dt.date(2024, 5, 1)] * 2, "due_date": [dt.date(2024, 5, 20)] * 2,
        },
        "Allocations": {"receipt_id": [], "invoice_id": []},
        "BankStatement": {
            "line_id": ["L1", "L2"], "account": ["6200"] * 2, "booked_on": [dt.date(2024, 5, 21)] * 2,
            "amount": [100.0, 100.0], "counterparty": ["Alder", "Alder"], "remittance": ["INV-1001", "for invoice 1001"],
        },
    })  # fmt: skip
    if settings:
        book.append_rows(TABLES["Settings"], {"key": list(settings), "value": list(settings.values())})
    return book


def matches_of(book: MemoryBook) -> list[tuple[object, ...]]:
    return rows_of(book, "Matches", "line_id", "invoice_id", "confidence", "is_accepted", "receipt_id")


def test_certain_matches_are_posted_without_a_tick_only_where_the_setting_says_so() -> None:
    book = small_book()
    outcome = match(book, as_of=AS_OF, ran_at=RAN_AT, post=True)
    assert rows_of(book, "Receipts", "receipt_id") == []
    assert any("Nothing is accepted" in line for line in outcome.lines)
    book = small_book(post_certain_matches="yes")
    match(book, as_of=AS_OF, ran_at=RAN_AT, post=True, by="LI")
    assert rows_of(book, "Receipts", "receipt_id", "amount", "bank_line_id") == [("BR-L1", 100, "L1")]
    assert rows_of(book, "Allocations", "receipt_id", "invoice_id", "amount") == [("BR-L1", "INV-1001", 100)]
    match(book, as_of=AS_OF, ran_at=RAN_AT, post=True)
    assert len(rows_of(book, "Receipts", "receipt_id")) == 1


def test_a_tick_stays_until_the_row_says_something_else_and_is_then_named() -> None:
    book = small_book()
    match(book, as_of=AS_OF, ran_at=RAN_AT)
    book.update_rows(TABLES["Matches"], [0], {"is_accepted": ["Yes"]})
    match(book, as_of=AS_OF, ran_at=RAN_AT)
    assert matches_of(book)[0] == ("L1", "INV-1001", "Certain", "Yes", None)
    # Meanwhile somebody posts a receipt for a part of the invoice by hand.
    book.append_rows(
        TABLES["Receipts"],
        {"receipt_id": ["R1"], "customer_id": ["C1"], "receipt_date": [dt.date(2024, 5, 22)], "amount": [30.0]},
    )
    book.append_rows(TABLES["Allocations"], {"receipt_id": ["R1"], "invoice_id": ["INV-1001"], "amount": [30.0]})
    outcome = match(book, as_of=AS_OF, ran_at=RAN_AT, post=True)
    assert outcome.has_errors
    assert outcome.summary["left"] == {"L1": "stale"}
    assert len(rows_of(book, "Receipts", "receipt_id")) == 1


def test_a_credit_note_is_used_once_whatever_options_are_ticked() -> None:
    day = dt.date(2024, 5, 20)
    documents = [("INV-2001", 100), ("INV-2002", 50), ("CN-2001", -30), ("CN-2002", -30)]
    book = MemoryBook(tables={
        **tables_of_a_new_workbook(),
        "Customers": {"customer_id": ["C1"], "name": ["Alder"]},
        "Invoices": {
            "invoice_id": [each for each, _ in documents], "customer_id": ["C1"] * 4,
            "invoice_date": [dt.date(2024, 4, 1)] * 4, "due_date": [dt.date(2024, 5, 1)] * 4,
            "amount": [amount for _, amount in documents],
            "kind": ["Invoice", "Invoice", "Credit note", "Credit note"],
        },
        "BankStatement": {
            "line_id": ["L1", "L2"], "account": ["A", "A"], "booked_on": [day, day], "amount": [70, 20],
            "counterparty": ["Alder", "Alder"], "remittance": ["thanks", "INV-2002"],
        },
    })  # fmt: skip
    match(book, as_of=AS_OF, ran_at=RAN_AT)
    rows = rows_of(book, "Matches", "line_id", "option", "invoice_id", "credit_note_id", "amount", "confidence")
    assert rows == [
        ("L1", 1, "INV-2001", None, 70, "High"), ("L1", 1, "INV-2001", "CN-2002", 30, "High"),
        ("L2", 1, "INV-2002", None, 20, "Low"), ("L2", 1, "INV-2002", "CN-2001", 30, "Low"),
        ("L2", 2, "INV-2002", None, 20, "Low"), ("L2", 2, "INV-2002", "CN-2002", 30, "Low"),
    ]  # fmt: skip
    # The second reading of L2 uses what L1 uses.
    book.update_rows(TABLES["Matches"], [0, 1, 2, 5], {"is_accepted": ["Yes"] * 4})
    outcome = match(book, as_of=AS_OF, ran_at=RAN_AT, post=True)
    assert outcome.summary["left"] == {"L2": "over_credit"}
    assert any(line.startswith("L2: a credit note would be used twice") for line in outcome.lines)
    assert rows_of(book, "Allocations", "receipt_id", "invoice_id", "amount") == [
        ("CN-2002", "INV-2001", 30), ("BR-L1", "INV-2001", 70),
    ]  # fmt: skip


def test_nothing_is_posted_into_a_locked_period_without_a_reason() -> None:
    book = small_book(post_certain_matches="yes")
    may = {"period": "2024-05", "to_date": dt.date(2024, 5, 31), "locked_on": dt.date(2024, 6, 1)}
    book.append_rows(TABLES["Periods"], {key: [cell] for key, cell in may.items()})
    outcome = match(book, as_of=AS_OF, ran_at=RAN_AT, post=True)
    assert outcome.summary["left"] == {"L1": "locked"}
    assert rows_of(book, "Receipts", "receipt_id") == []
    match(book, as_of=AS_OF, ran_at=RAN_AT, post=True, reason="found late")
    assert rows_of(book, "Receipts", "receipt_id") == [("BR-L1",)]
    assert rows_of(book, "RunLog", "arguments")[-1] == ("--post --reason found late --as-of 2024-05-31",)


def test_rules_of_staff_mark_lines_and_name_payers() -> None:
    rules = BankRules([
        BankRule("fee", is_not_customer=True), BankRule("fee*refund alder", is_not_customer=False, customer_id="C1"),
        BankRule("  ", is_not_customer=True),
    ])  # fmt: skip
    found = [rules.that_fits(text) for text in ("Monthly ＦＥＥ", "Fee of May, refund ALDER", "nothing")]
    assert [each and each.customer_id for each in found] == ["", "C1", None]


INDEX = NumberIndex([
    ("INV-202401-0001", "INV-202401-0001", True), ("INV-202401-0002", "INV-202401-0002", True),
    ("INV-202401-0002", "24000000000000000002", True), ("INV-7", "INV-7", True), ("INV-202401-0001", "PO 4500099", False),
    ("INV-202401-0002", "PO 4500099", False),
])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "ids", "is_sure"),
    [
        ("INV-202401-0001", ["INV-202401-0001"], True),
        ("付ＩＮＶ２０２４０１０００１", ["INV-202401-0001"], True),
        ("货款INV202401-0002谢谢", ["INV-202401-0002"], True),
        ("pay inv 202401/0001+INV_202401_0002", ["INV-202401-0001", "INV-202401-0002"], True),
        ("INV-202401-0001zweite", ["INV-202401-0001"], True),
        ("202401-0002", ["INV-202401-0002"], False),
        ("24000000000000000002", ["INV-202401-0002"], True),
        ("our order PO4500099", ["INV-202401-0001", "INV-202401-0002"], False),
        ("INV-202401-00011 INV-7", [], False),
    ],
)
def test_numbers_are_found_however_they_are_written(text: str, ids: list[str], is_sure: bool) -> None:
    assert INDEX.named_in(text) == Named(tuple(ids), is_sure)


def test_names_are_found_in_either_script_cut_short_or_misspelt_and_never_guessed_between_two() -> None:
    payers = Payers([
        ("C1", "澄陵砺衡物流有限公司 Chengling Liheng Logistics Co., Ltd."),
        ("C2", "Tarnwick Instruments Inc. 塔恩威克仪器"),
        ("C3", "Ostervale Packaging 2 GmbH"), ("C4", "Ostervale Packaging 3 GmbH"),
        ("C5", "Quill B.V."), ("C6", "Quill Ltd"),
    ])  # fmt: skip
    told = payers.of([
        "澄陵砺衡物流有限公司", "CHENGLING LIHENG LOGIS",
        "Tarnwik Instruments", "Ostervale Packaging 2", "quill", "Nobody", "",
        "T.a.r.n",
    ])  # fmt: skip
    assert list(told.values()) == [("C1",), ("C1",), ("C2",), ("C3",), ("C5", "C6"), (), (), ()]


def test_matched_counts_each_line_once() -> None:
    book, truth = book_of(1)
    matched: Matched = match_book(book, as_of=AS_OF)
    counts = matched.counts()
    assert counts["lines"] == len(truth) == sum(counts[each] for each in counts if each != "lines")


def test_every_reason_to_match_is_explained_in_both_languages() -> None:
    assert set(EXPLANATIONS) == set(MATCH_REASONS)
    for reason in MATCH_REASONS:
        told = [explained(reason, receipt="R-1", language=language) for language in ("en", "zh-CN")]
        assert told[0] != told[1]
        assert all("{" not in each and each for each in told)
