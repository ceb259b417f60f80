"""Statements of account for many customers, beside writing the same cells as plainly as a library can.

    python -m benchmarks.statements [--customers 5000] [--invoices 60000] [--receipts 40000] [--form xlsx|docx] [--runs 3]

A quarter's statements of the ledger that ``benchmarks.closing`` closes, in memory and in processor time: the ledger's
figures (once), then the files, each with its statement and its reply. Beside the files: XlsxWriter writes the texts, numbers
and dates of the same grids and facts into as many workbooks, with two formats and no more. The goal is a ratio of 1 at
most, and 5,000 files in half a minute on one core. Writing them to the disk depends on the disk and is not in it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import time
from collections.abc import Sequence

from benchmarks.closing_ledger import ledger_rows
from benchmarks.timing import Compared
from functions.dates import day_of
from functions.statements import statements
from tests.workbook.memory_book import MemoryBook
from workbook.results.run import Run
from workbook.statements.accounts import accounts_by_customer, addressees, references_of
from workbook.statements.blocks import Amount, Document, Facts, Grid, value_text
from workbook.statements.content import Period, Sender, statement
from workbook.statements.files import customer_files
from workbook.template.default_rows import default_rows

LAST = dt.date(2025, 6, 30)
FIRST = dt.date(2025, 4, 1)


def plain_workbook(document: Document) -> bytes:
    """The document's cells below each other: what XlsxWriter takes for them."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        amount, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})
        for page in document.pages:
            sheet, at = book.add_worksheet(page.name), 0
            for block in page.blocks:
                rows: Sequence[Sequence[object]] = [[getattr(block, "text", "")]]
                if isinstance(block, Facts):
                    rows = block.rows
                elif isinstance(block, Grid):
                    rows = [block.headers, *block.rows]
                for row in rows:
                    for place, value in enumerate(row):
                        if isinstance(value, Amount):
                            sheet.write_number(at, place, value.minor / 100, amount)
                        elif isinstance(value, dt.date):
                            sheet.write_datetime(at, place, dt.datetime.combine(value, dt.time()), day)
                        elif value is not None:
                            sheet.write_string(at, place, value_text(str(value)))
                    at += 1
    return content.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=5_000)
    parser.add_argument("--invoices", type=int, default=60_000)
    parser.add_argument("--receipts", type=int, default=40_000)
    parser.add_argument("--form", choices=("xlsx", "docx"), default="xlsx")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    rows = ledger_rows(invoices=asked.invoices, receipts=asked.receipts, customers=asked.customers, as_of=LAST.isoformat())
    book = MemoryBook(currency="CNY", tables={**default_rows(language="en", currency="CNY"), **rows})
    start = time.process_time()
    run = Run(book, as_of=LAST, judges_all=False)
    policy, tables = run.source.policy, run.source.tables
    told = statements(run.source.ledger, policy=policy, from_day=day_of(FIRST), to_day=day_of(LAST), closing=run.position)
    accounts = accounts_by_customer(told, references_of(tables["Invoices"]))
    who = addressees(tables["Customers"], language="en")
    print(f"figures of {asked.invoices:,} invoices: {time.process_time() - start:.1f} s", flush=True)
    sender = Sender("Ours & Sons", "First Bank 12-34", run.bucket_codes, policy.aging_basis)
    period = Period(FIRST, LAST)

    def ours() -> int:
        made = customer_files(accounts, who, sender, period, kind="statement", form=asked.form, label="")
        return sum(map(len, made.values()))

    def plain() -> int:
        return sum(len(plain_workbook(statement(accounts[each], who[each], sender, period))) for each in accounts)

    size, found = ours(), []
    for _ in range(asked.runs):
        seconds = []
        for work in (plain, ours):
            start = time.process_time()
            work()
            seconds.append(time.process_time() - start)
        found.append(Compared(seconds[0], seconds[1], seconds[1] / seconds[0]))
        print(found[-1], flush=True)
    best = min(found, key=lambda each: each.ratio)
    print(
        f"{len(accounts):,} files as {asked.form}, {size / len(accounts) / 1024:.1f} KB each: "
        f"{best.ours / len(accounts) * 1000:.2f} ms a file, {best}"
    )


if __name__ == "__main__":
    main()
