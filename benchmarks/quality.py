"""The checks of data quality beside reading the tables that they look at.

    python -m benchmarks.quality [--invoices 100000] [--customers 50000] [--runs 3] [--each]

A made-up ledger in memory, so that no file is in either. Reading is cells → typed columns of every table; the checks are
all of them, a threshold for days off set. The goal: four times as long as reading at most, of which names take half.
``--each`` tells the seconds of every check.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Mapping

from benchmarks.timing import compared
from functions.dates import day_of
from tests.workbook.memory_book import MemoryBook
from workbook.port import Columns
from workbook.quality.checks import CHECKS
from workbook.quality.looking import quality_issues
from workbook.results.ledger import read_ledger
from workbook.sample import sample_ledger

AS_OF = dt.date(2024, 5, 31)


def ledger_in_memory(*, invoices: int, customers: int) -> MemoryBook:
    """The sample at that size. Its companies abroad, of few names, repeat by number."""
    rows: dict[str, Columns] = dict(sample_ledger(seed=1, customers=customers, invoices=invoices, as_of=AS_OF))
    settings: Mapping[str, object] = dict(zip(*(rows["Settings"][key] for key in ("key", "value")), strict=True))
    kept = {**{key: value for key, value in settings.items() if key != "base_currency"}, "weekend_entry_above": 100_000}
    rows["Settings"] = {"key": list(kept), "value": [str(value) for value in kept.values()]}
    return MemoryBook(tables=rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--customers", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--each", action="store_true", help="tell the seconds of every check")
    asked = parser.parse_args()
    book, day = ledger_in_memory(invoices=asked.invoices, customers=asked.customers), day_of(AS_OF)
    source = read_ledger(book, as_of=day)
    print(f"{asked.invoices:,} invoices, {asked.customers:,} customers", flush=True)
    if asked.each:
        for check in CHECKS.values():
            start = time.perf_counter()
            found = len(list(check.look()(source, day)))
            print(f"  {check.code:24}{time.perf_counter() - start:8.2f} s {found:8,} found", flush=True)
    print(compared(lambda: read_ledger(book, as_of=day), lambda: quality_issues(source, as_of=day), runs=asked.runs))


if __name__ == "__main__":
    main()
