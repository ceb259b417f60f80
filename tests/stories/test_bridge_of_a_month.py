"""The bridge from the command line: June's balances explained on the sheet, row by row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.workbook.command import duebook, small_workbook
from tests.workbook.memory_book import rows_of
from workbook.file_book import FileBook


def test_the_bridge_of_april_leads_from_march_to_april(tmp_path: Path) -> None:
    book = small_workbook(
        tmp_path / "book.xlsx",
        Receipts={
            "receipt_id": ["R-1", "R-2"], "customer_id": ["C2", "C1"],
            "receipt_date": [dt.date(2024, 4, 20), dt.date(2024, 4, 21)], "amount": [50.5, 30],
        },
    )  # fmt: skip
    done = duebook("bridge", book, "--from", "2024-04-01", "--to", "2024-04-30")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "Bridge 2024-04-01 – 2024-04-30", "  USD", "    Opening: 100.00", "    Invoiced: 250.50", "    Receipts: -80.50",
        "    Closing: 270.00",
    ]  # fmt: skip
    rows = rows_of(FileBook(book), "Bridge", "scope", "customer_id", "opening", "invoiced", "receipts", "closing")
    assert rows == [
        ("Customer and currency", "C1", 100, 0, -30, 70),
        ("Customer and currency", "C2", 0, 250.5, -50.5, 200),
        ("Total of the currency", None, 100, 250.5, -80.5, 270),
    ]
    assert duebook("close", book, "--as-of", "2024-04-30").exit_code == 0
    refused = duebook("bridge", book, "--from", "2024-04-30", "--to", "2024-04-01")
    assert (refused.exit_code, "--from" in refused.stderr) == (2, True)
