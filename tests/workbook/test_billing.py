"""Billing contracts: proposals on a sheet, posted as staff left them, once; numbers, headroom, and the next bill."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.workbook.command import AS_OF, SMALL, duebook, small_workbook
from tests.workbook.memory_book import MemoryBook, rows_of
from workbook.billing.refusals import (
    BilledAlready,
    BillingDoubt,
    BillingRowIsWrong,
    ProposedForAnotherDay,
    UnknownContract,
)
from workbook.billing.words import BILLING_WORDS
from workbook.file_book import FileBook
from workbook.number_pattern import BadPattern, NumberPattern
from workbook.outcome import Outcome
from workbook.port import Columns
from workbook.posting.refusals import AlreadyThere
from workbook.schema import TABLES
from workbook.tasks.billing import bill
from workbook.tasks.checking import check

RAN_AT = dt.datetime(2024, 11, 1, 9, 30)
DAY = dt.date(2024, 10, 31)

LEDGER: Mapping[str, Columns] = {
    "Customers": {
        "customer_id": ["C1", "C2"], "name": ["One", "Two"], "payment_terms": ["NET30", ""],
        "credit_limit": [250, None],
    },
    "PaymentTerms": {"terms_id": ["NET30", "NET10"], "basis": ["invoice_date"] * 2, "days": [30, 10]},
    "Contracts": {
        "contract_id": ["K1", "K2", "K3"], "customer_id": ["C1", "C2", "C2"],
        "signed_on": [dt.date(2024, 1, 1)] * 3,
        "amount": [None, 1000, None], "payment_terms": ["", "NET10", ""],
        "billing_rule": ["Monthly", "milestones", "Yearly"],
        "billing_amount": [100, None, 12], "next_bill_on": [dt.date(2024, 9, 30), None, dt.date(2024, 6, 1)],
        "title": ["Service", "Project", "Hosting"],
    },
    "Milestones": {
        "contract_id": ["K2", "K2"], "bill_on": [dt.date(2024, 10, 15), dt.date(2024, 12, 15)], "percent": [30, 70],
    },
    "Invoices": {
        "invoice_id": ["INV-202410-0007"], "customer_id": ["C1"], "invoice_date": [dt.date(2024, 10, 1)], "amount": [50],
    },
}  # fmt: skip


def ledger(**tables: Columns) -> MemoryBook:
    return MemoryBook(currency="USD", tables={**LEDGER, **tables})


def billed(book: MemoryBook, **options: Any) -> Outcome:
    return bill(book, **{"as_of": DAY, "ran_at": RAN_AT, **options})


def proposed(book: MemoryBook) -> list[tuple[Any, ...]]:
    return rows_of(book, "Billing", "contract_id", "bill_on", "invoice_id", "amount")


ALL = [
    ("K1", dt.date(2024, 9, 30), "INV-202409-0001", 100),
    ("K2", dt.date(2024, 10, 15), "INV-202410-0008", 300),
    ("K1", dt.date(2024, 10, 30), "INV-202410-0009", 100),
]


def test_due_bills_are_proposed_with_numbers_that_nobody_has_and_nothing_is_posted() -> None:
    book = ledger()
    outcome = billed(book)
    assert proposed(book) == ALL
    assert outcome.lines[:2] == (
        "Invoices proposed on the Billing sheet: 3", "INV-202409-0001, contract K1, customer C1, USD 100.00",
    )  # fmt: skip
    assert outcome.lines[-1].startswith("error: Contracts!G4: Contract without payment terms: Fill in the contract's")
    assert outcome.has_errors
    assert len(rows_of(book, "Invoices", "invoice_id")) == 1


def test_what_staff_left_is_posted_as_they_left_it_and_never_twice() -> None:
    book = ledger()
    billed(book)
    book.update_rows(
        TABLES["Billing"], [0], {"amount": [90], "notes": ["less a day"], "invoice_date": [dt.date(2024, 10, 2)]}
    )
    book.update_rows(TABLES["Billing"], [2], {key: [""] for key in TABLES["Billing"].keys})
    outcome = billed(book, post=True, by="LI")
    assert outcome.lines[:3] == (
        "Invoices posted: 2",
        "INV-202409-0001, contract K1, customer C1, USD 90.00, due 2024-11-01",
        "INV-202410-0008, contract K2, customer C2, USD 300.00, due 2024-10-25",
    )
    keys = ("invoice_id", "customer_id", "contract_id", "bill_on", "invoice_date", "amount", "kind", "notes", "entered_by")
    assert rows_of(book, "Invoices", *keys)[1:] == [
        ("INV-202409-0001", "C1", "K1", dt.date(2024, 9, 30), dt.date(2024, 10, 2), 90, "Invoice", "less a day", "LI"),
        ("INV-202410-0008", "C2", "K2", dt.date(2024, 10, 15), dt.date(2024, 10, 15), 300, "Invoice", None, "LI"),
    ]
    assert proposed(book) == []
    assert rows_of(book, "Contracts", "next_bill_on")[0] == (dt.date(2024, 10, 30),)
    before = rows_of(book, "Invoices", *keys)
    assert billed(book, post=True, as_of=dt.date(2024, 10, 15)).lines[0] == "Nothing is due to be billed."
    assert rows_of(book, "Invoices", *keys) == before


def test_posting_without_having_looked_proposes_first_and_an_emptied_sheet_posts_nothing() -> None:
    book = ledger()
    assert billed(book, post=True).lines[0] == "Invoices posted: 3"
    assert [day for (day,) in rows_of(book, "Contracts", "next_bill_on")] == [dt.date(2024, 11, 30), dt.date(2024, 6, 1)]
    assert not billed(book, post=True).writes_book
    book = ledger()
    billed(book)
    book.write_table(TABLES["Billing"], {})
    assert billed(book, post=True).lines[0].startswith("The Billing sheet holds no row")
    assert len(rows_of(book, "Invoices", "invoice_id")) == 1


def test_bills_that_go_over_the_limit_together_name_who_and_by_how_much() -> None:
    book = ledger(Invoices={**LEDGER["Invoices"], "amount": [50.01]})
    with pytest.raises(BillingDoubt, match=r"take customer C1 over the credit limit: USD 0\.01 is missing") as doubt:
        billed(book, post=True)
    assert doubt.value.reasons == (("C1", "over_limit", 1),)
    outcome = billed(book, post=True, yes=True, approved_by="WANG")
    assert any("Posted in spite of this" in line for line in outcome.lines)
    assert rows_of(book, "RunLog", "arguments")[-1] == ("--post --approved-by WANG --yes --as-of 2024-10-31",)


@pytest.mark.parametrize(
    ("cells", "refusal", "match"),
    [
        ({"contract_id": ["K9"]}, UnknownContract, r"Billing!A2: there is no contract K9"),
        ({"bill_on": ["soon"]}, BillingRowIsWrong, r"Billing!B2: Not a date"),
        ({"amount": ["much"]}, BillingRowIsWrong, r"Billing!J2: Not a number"),
        ({"amount": [-5]}, BillingRowIsWrong, r"Billing!J2"),
        ({"invoice_id": ["INV-202410-0007"]}, AlreadyThere, r"INV-202410-0007 is in Invoices already"),
        ({"invoice_id": ["INV-202410-0009"]}, BillingRowIsWrong, r"Billing!F"),
    ],
)
def test_a_row_that_cannot_be_an_invoice_is_refused_by_its_cell(cells: Columns, refusal: Any, match: str) -> None:
    book = ledger()
    billed(book)
    book.update_rows(TABLES["Billing"], [0], cells)
    with pytest.raises(refusal, match=match):
        billed(book, post=True)
    assert len(rows_of(book, "Invoices", "invoice_id")) == 1


def test_a_bill_that_was_posted_is_refused_when_its_row_comes_back_and_so_is_another_day() -> None:
    book = ledger()
    billed(book)
    keys = TABLES["Billing"].keys
    first = rows_of(book, "Billing", *keys)[0]
    with pytest.raises(ProposedForAnotherDay, match="as of 2024-10-31"):
        billed(book, post=True, as_of=dt.date(2024, 11, 1))
    billed(book, post=True)
    book.append_rows(TABLES["Billing"], {key: [cell] for key, cell in zip(keys, first, strict=True)})
    book.update_rows(TABLES["Billing"], [0], {"invoice_id": ["INV-X"]})
    with pytest.raises(BilledAlready, match="contract K1 is billed for 2024-09-30 already"):
        billed(book, post=True)


def test_check_tells_what_keeps_a_contract_from_being_billed() -> None:
    lines = check(ledger(), ran_at=RAN_AT, as_of=DAY).lines
    assert any("(Contracts.payment_terms): Contract without payment terms" in line for line in lines)


def test_a_pattern_is_checked_and_counts_on_from_the_highest_number_of_its_month() -> None:
    pattern = NumberPattern.parse("R{yy}{mm}{dd}/{seq:03}-X")
    assert pattern.next_number(DAY, {"R241031/004-X", "R241031/002-X", "R241030/009-X"}) == "R241031/005-X"
    assert NumberPattern.parse("{seq}").next_number(DAY, {"9", "INV-10"}) == "10"
    for wrong in ("INV-{yyyy}", "{seq}{seq}", "{month}{seq}", "{seq:4}", "{{seq}}", "{seq", ""):
        with pytest.raises(BadPattern):
            NumberPattern.parse(wrong)
    book = ledger()
    book.append_rows(TABLES["Settings"], {"key": ["invoice_number_pattern"], "value": ["{customer}-{seq}"]})
    assert any("bad" in line or "Setting" in line for line in check(book, ran_at=RAN_AT, as_of=DAY).lines)


def test_both_languages_name_the_same_values() -> None:
    for code, words in BILLING_WORDS.items():
        named = [sorted(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in (words.en, words.zh)]
        assert sorted(set(named[0])) == sorted(set(named[1])), code


def test_billing_from_the_command_line(tmp_path: Path) -> None:
    book = small_workbook(
        tmp_path / "book.xlsx",
        Customers={**SMALL["Customers"], "credit_limit": [1000, 1000]},
        Contracts={
            "contract_id": ["K1", "K2"],
            "customer_id": ["C1", "C2"],
            "signed_on": [dt.date(2024, 1, 1)] * 2,
            "billing_rule": ["Monthly", "Monthly"],
            "billing_amount": [700, 40],
            "next_bill_on": [dt.date(2024, 4, 30), dt.date(2024, 4, 15)],
        },
    )
    assert duebook("bill", book, "--as-of", AS_OF).exit_code == 0
    opened = FileBook(book)
    opened.update_rows(TABLES["Billing"], [1], {"amount": [950]})  # K1's, by day
    # What staff type about customers between two runs is noticed by this one too.
    opened.write_table(TABLES["LastSeen"], {"table": ["Customers"], "key": ["C1"], "values": ['{"name":"Old name"}']})
    # A lock of the middle of the month.
    locked = {"lock_id": "1", "period": "2024-04-20", "to_date": dt.date(2024, 4, 20), "locked_on": dt.date(2024, 4, 21)}
    opened.append_rows(TABLES["Periods"], {key: [cell] for key, cell in locked.items()})
    opened.save()
    before = book.read_bytes()
    posting = ("bill", book, "--as-of", AS_OF, "--post", "--by", "LI")
    refused = duebook(*posting)
    assert (refused.exit_code, "A row of Invoices is dated 2024-04-15" in refused.stderr) == (2, True)
    refused = duebook(*posting, "--reason", "agreed with the controller")
    assert refused.exit_code == 2
    assert "take customer C1 over the credit limit: USD 50.00 is missing" in refused.stderr
    assert book.read_bytes() == before
    posted = duebook(*posting, "--reason", "agreed with the controller", "--yes")
    assert (posted.exit_code, posted.stdout.splitlines()[0]) == (0, "Invoices posted: 2")
    again = duebook(*posting, "--reason", "agreed with the controller", "--yes")
    assert (again.exit_code, again.stdout.splitlines()[0]) == (0, "Nothing is due to be billed.")
    opened = FileBook(book)
    billed_ = rows_of(opened, "Invoices", "contract_id", "amount", "entered_by")[2:]
    assert billed_ == [("K2", 40, "LI"), ("K1", 950, "LI")]
    assert ("name", "Old name") in rows_of(opened, "CustomerHistory", "field", "old_value")
    assert "--reason agreed with the controller --yes" in str(rows_of(opened, "RunLog", "arguments")[-1][0])
