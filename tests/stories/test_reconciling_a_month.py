"""April beside the control account, the bank and what a customer confirms."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.workbook.command import duebook, small_workbook
from tests.workbook.memory_book import rows_of
from workbook.file_book import FileBook


def test_a_month_is_reconciled_and_the_likely_row_is_named(tmp_path: Path) -> None:
    april = dt.date(2024, 4, 30)
    book = small_workbook(
        tmp_path / "book.xlsx",
        Receipts={
            "receipt_id": ["R-1", "R-2"], "customer_id": ["C2", "C2"], "amount": [50.5, 20],
            "receipt_date": [dt.date(2024, 4, 20), dt.date(2024, 4, 21)], "method": ["bank_transfer", "cash"],
        },
        ControlAccount={"period": ["2024-04", "2024-03"], "balance": [380, 100]},
        BankBalances={
            "account": ["A"], "statement_id": ["4"], "from_date": [dt.date(2024, 4, 1)], "to_date": [april],
            "opening": [1000], "closing": [1050.5],
        },
        Confirmations={"customer_id": ["C1", "C2"], "as_of": [april, april], "stated_balance": [None, 180]},
    )  # fmt: skip
    done = duebook("reconcile", book, "--period", "2024-04")
    assert done.exit_code == 1, done.output
    assert done.stdout.splitlines()[1:] == [
        "Control account USD: ours 280.00, theirs 380.00, difference -100.00",
        "Bank USD: ours 50.50, theirs 50.50, difference 0.00",
        "Confirmation C2 USD: ours 180.00, theirs 180.00, difference 0.00",
    ]
    rows = rows_of(FileBook(book), "Reconciliation", "comparison", "difference", "reference_id", "reason")
    assert rows == [
        ("Control account", -100, None, None),
        ("Control account", None, "INV-1", "Its amount is the difference"),
        ("Bank", 0, None, None),
        ("Confirmation", 0, None, None),
    ]
    assert duebook("reconcile", book, "--period", "2024-03").exit_code == 0
    assert duebook("reconcile", book, "--period", "March").exit_code == 2
