"""AR_AGING over a large ledger, beside the time that xlwings alone takes to convert the ranges it is given.

    python -m benchmarks.cell_functions [--invoices 100000] [--receipts 60000] [--runs 5] [--all-columns] [--pandas]

xlwings' code for Windows runs here over a stand-in for Windows' modules; what Excel and COM take is in neither time. Ours is
all that comes after the conversion, up to the rows that spill. The goal is a ratio of 1 at most.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from benchmarks.timing import compared
from tests.excel_stand_in.windows_modules import Time, real_xlwings
from tests.workbook.given_ranges import arguments
from workbook.cell_functions import CATALOGUE, MARK, answer, ledger_answers
from workbook.reading.rows import pandas_frame
from workbook.schema import TABLES

Range = tuple[tuple[Any, ...], ...]

AS_OF = Time(2025, 1, 31, tzinfo=dt.UTC)
_FIRST = Time(2024, 1, 1, tzinfo=dt.UTC)
_CUSTOMERS = 4_000
_USED = {
    "Customers": ("customer_id", "name", "currency"),
    "Invoices": (
        "invoice_id", "customer_id", "kind", "purchase_order", "invoice_date", "payment_terms", "due_date", "currency",
        "amount", "tax", "is_disputed", "notes",
    ),
    "Receipts": ("receipt_id", "customer_id", "receipt_date", "currency", "amount", "method", "bank_reference"),
    "ExchangeRates": ("rate_date", "currency", "rate"),
}  # fmt: skip
"""The columns that staff fill; with ``--all-columns`` the others are there too, blank, as in the template."""


def customers() -> list[dict[str, Any]]:
    """Rows by key."""
    return [{"customer_id": f"C{at:05d}", "name": f"Customer {at}"} for at in range(_CUSTOMERS)]


def invoices(count: int, draw: random.Random) -> list[dict[str, Any]]:
    """Half of them with a due date of their own, the others by terms; a tenth in another currency."""
    made = []
    for at in range(count):
        day = _FIRST + dt.timedelta(draw.randrange(400))
        amount = draw.randrange(1_000, 9_000_000) / 100
        made.append(
            {
                "invoice_id": f"INV-2024-{at:07d}", "customer_id": f"C{draw.randrange(_CUSTOMERS):05d}", "kind": "Invoice",
                "purchase_order": f"PO-{draw.randrange(30_000)}", "invoice_date": day,
                "payment_terms": draw.choice(["NET30", "NET60", "EOM"]),
                "due_date": day + dt.timedelta(30) if draw.random() < 0.5 else None,
                "currency": "USD" if draw.random() < 0.1 else "CNY", "amount": amount, "tax": round(amount * 0.13, 2),
                "is_disputed": draw.choice(["No", "No", "Yes"]),
            }
        )  # fmt: skip
    return made


def receipts(count: int, draw: random.Random) -> list[dict[str, Any]]:
    """Paid by customers at random, so that much of it meets the oldest items first."""
    return [
        {
            "receipt_id": f"R-{at:07d}", "customer_id": f"C{draw.randrange(_CUSTOMERS):05d}",
            "receipt_date": _FIRST + dt.timedelta(draw.randrange(400)), "currency": "CNY",
            "amount": draw.randrange(1_000, 9_000_000) / 100, "method": "Bank transfer", "bank_reference": f"B{at}",
        }
        for at in range(count)
    ]  # fmt: skip


def as_range(table: str, rows: Sequence[dict[str, Any]], *, with_all: bool) -> Range:
    """The rows as COM hands them over, headers first."""
    keys = TABLES[table].keys if with_all else _USED[table]
    headers = tuple(TABLES[table][key].label.en for key in keys)
    return (headers, *(tuple(row.get(key) for key in keys) for row in rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--receipts", type=int, default=60_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--all-columns", action="store_true", help="with the blank columns of the template")
    parser.add_argument("--pandas", action="store_true", help="as where Polars is not installed")
    asked = parser.parse_args()
    if asked.pandas:
        ledger_answers.fastest_frames = lambda: pandas_frame
    real_xlwings()
    from xlwings import conversion

    draw = random.Random(7)
    rows = {
        "Customers": customers(),
        "Invoices": invoices(asked.invoices, draw),
        "Receipts": receipts(asked.receipts, draw),
        "ExchangeRates": [{"rate_date": _FIRST, "currency": "USD", "rate": 7.25}],
    }
    tables = {table: as_range(table, of, with_all=asked.all_columns) for table, of in rows.items()}
    asked_for = arguments("AR_AGING", tables, as_of=AS_OF)
    options = {"ndim": 2, "err_to_str": True}

    def converted() -> list[Any]:
        return [conversion.read(None, each, options) for each in asked_for]

    function, given = CATALOGUE["AR_AGING"], converted()
    shown = answer(function, given)
    if len(shown) < _CUSTOMERS // 2 or str(shown[-1][0]).startswith(MARK):
        raise ValueError(f"not an aging: {shown[-1][0]}")
    times = compared(converted, lambda: answer(function, given), runs=asked.runs)
    cells = sum(len(each) * len(each[0]) for each in tables.values())
    print(f"{asked.invoices:,} invoices, {asked.receipts:,} receipts, {cells:,} cells: after xlwings' conversion {times}")


if __name__ == "__main__":
    main()
