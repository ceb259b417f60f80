"""Reading a large table, beside the time that calamine alone takes to hand over the same cells.

    python -m benchmarks.reading [--rows 100000] [--runs 7] [--profile]

Ours is the whole way: open the file, find the table, scan for error cells and formulas without a value, read the cells,
check every one of them, and make a pandas frame. The goal is a ratio of 2 at most.
"""

from __future__ import annotations

import argparse
import cProfile
import datetime as dt
import pstats
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.timing import compared
from workbook.file_book import FileBook
from workbook.labels import WORDS
from workbook.reading.context import ReadingContext
from workbook.reading.rows import read_rows
from workbook.schema import TABLES

INVOICES = TABLES["Invoices"]
COLUMNS = (
    "invoice_id", "customer_id", "kind", "purchase_order", "invoice_date", "payment_terms", "due_date", "currency", "amount",
    "tax", "is_disputed", "notes",
)  # fmt: skip


def write_invoices(path: Path, rows: int, seed: int = 7) -> None:
    """A workbook with one Excel table of twelve columns: two of dates, two of amounts, some cells blank."""
    draw = random.Random(seed)
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Invoices")
    headers = [{"header": INVOICES[key].label.en} for key in COLUMNS]
    sheet.add_table(0, 0, rows, len(COLUMNS) - 1, {"name": "Invoices", "columns": headers})
    for row in range(1, rows + 1):
        issued = dt.datetime(2024, 1, 1) + dt.timedelta(draw.randrange(400))
        amount = draw.randrange(1_000, 9_000_000) / 100
        sheet.write_string(row, 0, f"INV-2024-{row:07d}")
        sheet.write_string(row, 1, f"C{draw.randrange(4_000):05d}")
        sheet.write_string(row, 2, "Invoice")
        sheet.write_string(row, 3, f"PO-{draw.randrange(30_000)}")
        sheet.write_datetime(row, 4, issued)
        sheet.write_string(row, 5, draw.choice(["NET30", "NET60", "EOM"]))
        if draw.random() < 0.5:
            sheet.write_datetime(row, 6, issued + dt.timedelta(30))
        sheet.write_string(row, 7, draw.choice(["CNY", "CNY", "USD"]))
        sheet.write_number(row, 8, amount)
        sheet.write_number(row, 9, round(amount * 0.13, 2))
        sheet.write_string(row, 10, draw.choice(["No", "No", "Yes"]))
        if draw.random() < 0.2:
            sheet.write_string(row, 11, f"货到 {draw.randrange(90)} 天")
    book.close()


def calamine_alone(path: Path) -> object:
    """The cells as calamine hands them over."""
    return CalamineWorkbook.from_path(path).get_sheet_by_name("Invoices").to_python()


def read(path: Path) -> pd.DataFrame:
    """The checked frame."""
    raw = FileBook(path).read_table("Invoices")
    if raw is None:
        raise LookupError(f"{path} has no table Invoices")
    result = read_rows(raw, INVOICES, ReadingContext("CNY", words=WORDS))
    if result.issues:
        raise ValueError(f"{len(result.issues)} issues in a table without a fault, the first: {result.issues[0]}")
    return result.frame()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--profile", action="store_true", help="print where our time goes")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "invoices.xlsx"
        write_invoices(path, asked.rows)
        times = compared(lambda: calamine_alone(path), lambda: read(path), runs=asked.runs)
        print(f"{asked.rows:,} rows × {len(COLUMNS)} columns, read, checked and framed in {times}")
        if asked.profile:
            _print_profile(lambda: read(path))


def _print_profile(run: Callable[[], object]) -> None:
    profile = cProfile.Profile()
    profile.runcall(run)
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
