"""The command line as a user types it, run inside the tests, and workbooks to run it on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from workbook.cli import group
from workbook.port import Columns
from workbook.template.new_workbook import new_workbook

AS_OF = dt.date(2024, 4, 30)

SMALL: Mapping[str, Columns] = {
    "Customers": {
        "customer_id": ["C1", "C2"], "name": ["=1+1 & Sons", "Second Ltd"], "payment_terms": ["NET30", "NET30"],
        "contact_name": ["@Ann", "Bo"], "email": ["ann@one.example", "bo@two.example"], "phone": ["+1 555 0100", "555 0200"],
        "address": ["-3 Quay Street", "4 Low Road"],
    },
    "Invoices": {
        "invoice_id": ["INV-1", "INV-2"], "customer_id": ["C1", "C2"], "amount": [100, 250.5],
        "invoice_date": [dt.date(2024, 3, 1), dt.date(2024, 4, 2)],
    },
    "Receipts": {"receipt_id": ["R-1"], "customer_id": ["C2"], "receipt_date": [dt.date(2024, 4, 20)], "amount": [50.5]},
}  # fmt: skip
"""As of AS_OF, one invoice is 30 days late, of the other 200.00 fall due in two days. Texts look like formulas."""


@dataclass(frozen=True, eq=False)
class ClosedSample:
    """A sample, and what ``close -o`` made of it."""

    book: Path
    bytes_before: bytes
    closed: Path
    result: Result
    summary: Mapping[str, Any]  # but for the receipt
    receipt: Mapping[str, Any]
    as_of: dt.date


def duebook(*arguments: object) -> Result:
    """``duebook`` with these arguments. What is no exit of the program is raised."""
    result = CliRunner().invoke(group, [str(each) for each in arguments], prog_name="duebook")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def small_workbook(path: Path, **tables: Columns) -> Path:
    """A workbook with the small ledger, of which whole tables may be other ones."""
    new_workbook(path, language="en", currency="USD", rows={**SMALL, **tables})
    return path


def closed_sample(folder: Path, *, language: str) -> ClosedSample:
    """The smallest sample, closed into another file."""
    book, closed, summary = folder / "sample.xlsx", folder / "closed.xlsx", folder / "summary.json"
    as_of = dt.date(2024, 5, 31)
    made = duebook("new", book, "--sample", "--customers", 25, "--invoices", 120, "--as-of", as_of, "--language", language)
    assert made.exit_code == 0, made.output
    before = book.read_bytes()
    result = duebook("close", book, "--as-of", as_of, "-o", closed, "--json", summary)
    told = json.loads(summary.read_text("utf-8"))
    return ClosedSample(book, before, closed, result, told, told.pop("receipt"), as_of)
