"""An account that adds up to more than can be kept exactly is left out, row by row, with its cells named (RULES §2)."""

from __future__ import annotations

import datetime as dt

from tests.workbook.memory_book import MemoryBook
from workbook.port import Columns
from workbook.results.figures import work_out

DAY = dt.date(2024, 10, 31)
MOST = 2**51 / 100  # CNY that 2^51 fen are


def book(*amounts: tuple[str, float]) -> MemoryBook:
    customers: Columns = {"customer_id": ["C1", "C2"], "name": ["One", "Two"]}
    invoices: Columns = {
        "invoice_id": [f"I{number}" for number, _ in enumerate(amounts)],
        "customer_id": [customer for customer, _ in amounts],
        "invoice_date": [dt.date(2024, 1, 1)] * len(amounts),
        "due_date": [dt.date(2024, 2, 1)] * len(amounts),
        "amount": [amount for _, amount in amounts],
    }
    return MemoryBook(currency="CNY", tables={"Customers": customers, "Invoices": invoices})


def test_an_account_up_to_the_limit_counts() -> None:
    figures = work_out(book(("C1", MOST / 2), ("C1", MOST / 2 - 0.01), ("C2", 5.0)), as_of=DAY)
    assert figures.issues == ()
    assert figures.aging["balance_minor"].tolist() == [2**51 - 1, 500]


def test_an_account_beyond_it_is_left_out_and_every_row_named() -> None:
    figures = work_out(book(("C1", MOST / 2), ("C1", MOST / 2), ("C2", 5.0)), as_of=DAY)
    assert [(issue.code, issue.column, issue.row) for issue in figures.issues] == [
        ("amount_too_large", "amount", 0),
        ("amount_too_large", "amount", 1),
    ]
    assert figures.aging["balance_minor"].tolist() == [500]
    assert all(check.holds for check in figures.tie_out)


def test_what_counts_is_one_customers_sum() -> None:
    assert work_out(book(("C1", MOST / 2), ("C2", MOST / 2)), as_of=DAY).issues == ()
