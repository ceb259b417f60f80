"""What stands beside each other: receipts that pass through the bank, statements of any span, replies of any day."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.workbook.memory_book import MemoryBook, rows_of
from workbook.port import Columns
from workbook.tasks.reconciling import reconcile

RAN_AT = dt.datetime(2024, 6, 3, 9)


def april(day: int) -> dt.date:
    return dt.date(2024, 4, 1) + dt.timedelta(days=day - 1)


CUSTOMERS: Columns = {"customer_id": ["C1", "C2"], "name": ["Alder", "Birch"]}
INVOICES: Columns = {
    "invoice_id": ["INV-1", "INV-2", "INV-3"], "customer_id": ["C1", "C1", "C2"], "amount": [100, 40, 500],
    "invoice_date": [dt.date(2024, 2, 1), april(20), dt.date(2024, 2, 1)],
    "due_date": [dt.date(2024, 3, 1), april(30), dt.date(2024, 3, 1)],
}  # fmt: skip


def book_of(**tables: Columns) -> MemoryBook:
    return MemoryBook(tables={"Customers": CUSTOMERS, "Invoices": INVOICES, **tables})


def compared(book: MemoryBook, period: str = "2024-04") -> list[tuple[object, ...]]:
    """The balances beside each other, without the likely rows."""
    reconcile(book, period=period, ran_at=RAN_AT)
    columns = ("comparison", "customer_id", "to_date", "ours", "theirs", "difference")
    return [row for row in rows_of(book, "Reconciliation", *columns) if row[-1] is not None]


def balances(*rows: tuple[str, dt.date, dt.date, float, float]) -> Columns:
    keys = ("statement_id", "from_date", "to_date", "opening", "closing")
    return {"account": ["A"] * len(rows), **{key: [row[at] for row in rows] for at, key in enumerate(keys)}}


RECEIPTS: Columns = {
    "receipt_id": ["R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11"], "customer_id": ["C2"] * 11,
    "kind": ["receipt"] * 7 + ["reversal", "refund", "refund", "receipt"],
    "related_id": [None] * 7 + ["R2", "R1", "R6", None],
    "receipt_date": [april(3)] * 7 + [april(9), april(10), april(11), dt.date(2024, 5, 2)],
    "amount": [10, 20, 30, 1000, 2000, 4000, 8000, 20, 5, 1, 70],
    "method": [
        "bank_transfer", "cheque", "card", "bank_bill", "commercial_bill", "cash", "netting", None, "bank_transfer", None,
        "bank_transfer",
    ],
}  # fmt: skip


def test_bills_cash_and_netting_stay_outside_the_bank_and_what_goes_back_goes_the_way_it_came() -> None:
    # Transfer 10, cheque 20 that bounced, card 30, refund of 5; the refund of the cash is cash too.
    book = book_of(Receipts=RECEIPTS, BankBalances=balances(("4", april(1), april(30), 1000, 1035)))
    assert compared(book) == [("Bank", None, april(30), 35, 35, 0)]


def test_a_receipt_that_the_bank_does_not_have_is_the_likely_row() -> None:
    book = book_of(Receipts=RECEIPTS, BankBalances=balances(("4", april(1), april(30), 1000, 1005)))
    assert compared(book) == [("Bank", None, april(30), 35, 5, 30)]
    likely = {row[0]: row[1] for row in rows_of(book, "Reconciliation", "reference_id", "reason") if row[0]}
    assert likely["R3"] == "Its amount is the difference"
    assert "INV-1" not in likely


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([("4", april(1), april(30), 1000, 1035)], id="one of the month"),
        pytest.param([("a", april(1), april(8), 1000, 1060), ("b", april(9), april(30), 1060, 1035)], id="two in the month"),
        pytest.param(
            [("w1", dt.date(2024, 3, 29), april(4), 993, 1060), ("w2", april(5), dt.date(2024, 5, 3), 1060, 1105)],
            id="of weeks that go over its ends",
        ),
    ],
)
def test_a_statement_counts_for_what_it_moved_in_the_month(
    statements: list[tuple[str, dt.date, dt.date, float, float]],
) -> None:
    lines: Columns = {
        "line_id": ["L0", "L1", "L2", "L3", "L4", "L5", "L6"], "account": ["A"] * 7, "amount": [7, 60, -20, -5, 70, -9, 9],
        "booked_on": [dt.date(2024, 3, 29), april(3), april(9), april(10), dt.date(2024, 5, 2), april(20), april(21)],
        "is_not_customer": [None, None, None, None, None, "Yes", None],
    }  # fmt: skip
    book = book_of(Receipts=RECEIPTS, BankBalances=balances(*statements), BankStatement=lines)
    # The fee of 9 is no customer's; it is in the balances, and so is the 9 that nobody recorded.
    assert compared(book) == [("Bank", None, april(30), 35, 44, -9)]


REPLIES: Columns = {
    "customer_id": ["C1", "C1", "C2", "C2", "C1"],
    "as_of": [april(15), dt.date(2024, 3, 31), dt.date(2024, 3, 31), dt.date(2024, 5, 31), dt.date(2024, 2, 29)],
    "stated_balance": [100, 90, 500, 480, 1],
    "replied_on": [dt.date(2024, 5, 7), april(12), april(2), april(28), dt.date(2024, 3, 3)],
}


def test_a_reply_is_compared_at_the_day_it_speaks_of_in_the_month_of_that_day_and_in_that_it_came_in() -> None:
    book = book_of(Confirmations=REPLIES)
    march = dt.date(2024, 3, 31)
    assert compared(book) == [
        ("Confirmation", "C1", march, 100, 90, 10),
        ("Confirmation", "C1", april(15), 100, 100, 0),
        ("Confirmation", "C2", march, 500, 500, 0),
    ]
    assert [row[:3] for row in compared(book, "2024-03")] == [
        ("Confirmation", "C1", dt.date(2024, 2, 29)), ("Confirmation", "C1", march), ("Confirmation", "C2", march),
    ]  # fmt: skip
