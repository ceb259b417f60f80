"""Posting what settles, reschedules or gives money away, and what is agreed: each judged by the whole ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from tests.workbook.memory_book import MemoryBook, rows_of
from tests.workbook.test_posting import DAY, RAN_AT, entry, ledger, posted, snapshot
from workbook.port import Columns
from workbook.posting.refusals import (
    AlreadyThere,
    CreditDoubt,
    NotWhatIsOpen,
    PartsDoNotPair,
    PostingRefused,
    RowIsWrong,
    SpoilsAnotherRow,
)
from workbook.schema import TABLES

RECEIPTS: Mapping[str, Columns] = {
    "Receipts": {
        "receipt_id": ["R-1", "R-2"], "customer_id": ["C1", "HEAD"], "receipt_date": [dt.date(2024, 4, 25)] * 2,
        "amount": [200, 900],
    },
}  # fmt: skip
"""INV-1 of C1 (600.00) has 400.00 open; HEAD paid 900.00 where 700.00 were owed."""


def paid() -> MemoryBook:
    return ledger(**RECEIPTS)


def refused(book: MemoryBook, kind: type[PostingRefused], match: str, what: str, *fields: str, **options: Any) -> None:
    before = snapshot(book)
    with pytest.raises(kind, match=match):
        posted(book, what, *fields, **options)
    assert snapshot(book) == before


def test_a_credit_note_reduces_its_invoice_and_names_who_approved_it() -> None:
    book = paid()
    fields = ("invoice_id=CN-1", "customer_id=C1", f"invoice_date={DAY}", "amount=50", "related_invoice_id=INV-1")
    outcome = posted(book, "credit-note", *fields, by="LI", approved_by="WANG")
    assert outcome.lines == ("Posted: Credit note CN-1, customer C1, USD 50.00",)
    row = rows_of(book, "Invoices", "invoice_id", "kind", "amount", "entered_by", "approved_by", "entered_on")[-1]
    assert row == ("CN-1", "Credit note", 50, "LI", "WANG", RAN_AT.date())
    unknown = ("invoice_id=CN-2", "customer_id=C1", f"invoice_date={DAY}", "amount=50", "related_invoice_id=INV-7")
    refused(book, RowIsWrong, "related_invoice_id", "credit-note", *unknown)


def test_a_refund_pays_back_what_is_unapplied_and_no_cent_more() -> None:
    book = paid()
    fields = ("receipt_id=F-1", "customer_id=HEAD", f"receipt_date={DAY}", "related_id=R-2")
    refused(book, NotWhatIsOpen, "USD 200.01, and USD 200.00 of R-2 is unapplied", "refund", *fields, "amount=200.01")
    refused(book, RowIsWrong, "related_id", "refund", *fields[:3], "amount=1")
    posted(book, "refund", *fields, "amount=200.00")
    assert rows_of(book, "Receipts", "receipt_id", "kind", "related_id")[-1] == ("F-1", "Refund", "R-2")


def test_a_reversal_is_whole_and_never_leaves_an_allocation_without_its_receipt() -> None:
    book = paid()
    fields = ("receipt_id=V-1", "customer_id=C1", f"receipt_date={DAY}", "related_id=R-1")
    refused(book, RowIsWrong, "amount", "reversal", *fields, "amount=199")
    posted(book, "allocation", "receipt_id=R-1", "invoice_id=INV-1", "amount=200")
    assert rows_of(book, "Allocations", "allocation_id", "allocated_on") == [("R-1/INV-1/2024-05-02", RAN_AT.date())]


def test_an_allocation_that_would_refuse_an_earlier_one_is_not_posted() -> None:
    book = paid()
    posted(book, "allocation", "receipt_id=R-1", "invoice_id=INV-1", "amount=150")
    fields = ("allocation_id=A-2", "receipt_id=R-1", "invoice_id=INV-1", "amount=60")
    refused(book, SpoilsAnotherRow, "A-2 was not posted.*Allocations!", "allocation", *fields, "allocated_on=2024-04-26")
    refused(book, AlreadyThere, "R-1 / INV-1", "allocation", "receipt_id=R-1", "invoice_id=INV-1", "amount=1")


def test_a_write_off_needs_its_reason_and_takes_no_more_than_is_open() -> None:
    book = paid()
    refused(book, RowIsWrong, "reason", "write-off", "invoice_id=INV-1", "amount=10")
    too_much = ("invoice_id=INV-1", "amount=400.01", "reason=bad_debt")
    refused(book, NotWhatIsOpen, "writes off USD 400.01, and USD 400.00 is open of INV-1", "write-off", *too_much)
    outcome = posted(book, "write-off", "invoice_id=INV-1", "amount=400", "reason=bad debt", by="LI", approved_by="WANG")
    assert outcome.lines == ("Posted: Write-off INV-1/2024-05-02/bad_debt, customer C1, USD 400.00",)
    keys = ("write_off_id", "reason", "written_off_on", "entered_by", "approved_by")
    (row,) = rows_of(book, "WriteOffs", *keys)
    assert row == ("INV-1/2024-05-02/bad_debt", "Bad debt", RAN_AT.date(), "LI", "WANG")


def test_the_parts_of_a_plan_sum_to_what_is_open_of_its_invoice() -> None:
    book = paid()
    head = ("plan_id=P-1", "invoice_id=INV-1")
    first, second = ("due_date=2024-06-30", "amount=150"), ("due_date=2024-07-31", "amount=250")
    refused(book, NotWhatIsOpen, "sum to USD 150.00, and USD 400.00 is open of INV-1", "plan", *head, *first)
    refused(book, PartsDoNotPair, r"due_date= amount=.*due_date 2×, amount 1×", "plan", *head, *first, second[0])
    outcome = posted(book, "plan", *head, *first, *second, by="LI")
    assert outcome.lines == (
        "Posted: Repayment plan P-1, customer C1, USD 400.00, USD 150.00 due 2024-06-30, USD 250.00 due 2024-07-31",
    )
    rows = rows_of(book, "RepaymentPlans", "plan_id", "due_date", "amount", "agreed_on", "entered_by")
    agreed = ("P-1", RAN_AT.date(), "LI")
    assert rows == [
        (agreed[0], dt.date(2024, 6, 30), 150, *agreed[1:]), (agreed[0], dt.date(2024, 7, 31), 250, *agreed[1:]),
    ]  # fmt: skip


def test_a_plan_of_several_parts_stands_on_the_entry_sheet_with_rows_added_below() -> None:
    filled = {"Document_number": "P-1", "Invoice_ID": "INV-1", "Due_date": "2024-06-30", "Amount": 150}
    book = entry(paid(), What_to_post="Repayment plan", **filled)
    book.append_rows(TABLES["Entry"], {"field": ["Due date", "Amount"], "entry": ["2024-07-31", 250]})
    posted(book, "entry")
    assert rows_of(book, "RepaymentPlans", "plan_id", "amount") == [("P-1", 150), ("P-1", 250)]


def test_an_order_takes_headroom_and_its_invoice_uses_it_up() -> None:
    book = paid()
    order = ("order_id=O-1", "customer_id=C1", f"order_date={DAY}")
    with pytest.raises(CreditDoubt, match=r"over the credit limit: USD 0\.01 is missing"):
        posted(book, "order", *order, "amount=600.01")
    posted(book, "order", *order, "amount=600")
    billed = ("invoice_id=INV-9", "customer_id=C1", f"invoice_date={DAY}", "amount=600")
    with pytest.raises(CreditDoubt):
        posted(book, "invoice", *billed)
    assert "Headroom left of customer C1: USD 0.00" in posted(book, "invoice", *billed, "order_id=O-1").lines


def test_contracts_and_contacts_name_customers_invoices_and_terms_that_are_there() -> None:
    book = paid()
    contract = ("contract_id=K-1", "signed_on=2024-01-01")
    refused(book, RowIsWrong, "customer_id", "contract", *contract, "customer_id=C9")
    refused(book, RowIsWrong, "payment_terms", "contract", *contract, "customer_id=C1", "payment_terms=NET9")
    posted(book, "contract", *contract, "customer_id=C3", "title=Service")
    assert rows_of(book, "Contracts", "contract_id", "customer_id", "title") == [("K-1", "C3", "Service")]
    refused(book, RowIsWrong, "invoice_id", "activity", "customer_id=C1", "invoice_id=INV-9", "outcome=reached")
    outcome = posted(book, "activity", "customer_id=C1", "outcome=promised", "promise_date=2024-05-10", "promise_amount=50")
    assert outcome.lines[0].startswith("Posted: Contact or promise 2024-05-02/C1")
    assert rows_of(book, "Activities", "activity_date", "outcome") == [(RAN_AT.date(), "Promised to pay")]


def test_a_change_of_a_customer_keeps_the_old_value_and_who_asked_for_it() -> None:
    book = paid()
    fields = ("customer_id=C1", "credit_limit=2500", "email=ann@one.test")
    outcome = posted(book, "customer", *fields, by="LI", approved_by="WANG", reason="review")
    assert outcome.lines == ("Posted: customer C1 changed (Email, Credit limit)",)
    keys = ("customer_id", "changed_on", "field", "old_value", "new_value", "changed_by", "approved_by", "reason")
    told = ("LI", "WANG", "review")
    assert sorted(rows_of(book, "CustomerHistory", *keys)) == [
        ("C1", RAN_AT.date(), "credit_limit", "1000", "2500", *told),
        ("C1", RAN_AT.date(), "email", None, "ann@one.test", *told),
    ]
    again = posted(book, "customer", *fields)
    assert (again.writes_book, again.lines) == (False, ("Customer C1 is like that already: nothing to change",))
    posted(book, "customer", "customer_id=C99", "name=New")
    assert rows_of(book, "Customers", "customer_id", "name")[-1] == ("C99", "New")
    refused(book, RowIsWrong, "name", "customer", "customer_id=C100")


def test_who_enters_a_row_is_the_settings_when_nobody_says() -> None:
    book = paid()
    book.append_rows(TABLES["Settings"], {"key": ["user_name"], "value": ["ZHAO"]})
    posted(book, "receipt", "receipt_id=R-8", "customer_id=C1", f"receipt_date={DAY}", "amount=1")
    posted(book, "receipt", "receipt_id=R-9", "customer_id=C1", f"receipt_date={DAY}", "amount=1", by="LI")
    assert [by for (by,) in rows_of(book, "Receipts", "entered_by")[-2:]] == ["ZHAO", "LI"]
