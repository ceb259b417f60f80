"""Closing a large workbook in place, beside openpyxl's load and save of that file and beside the least it could take.

    python -m benchmarks.closing [--invoices 100000] [--receipts 70000] [--customers 5000] [--runs 5] [--first]

A workbook as finance staff keep it: Customers, Invoices (twelve columns) and Receipts as Excel tables, their texts shared as
Excel shares them, closed once for the month before: the close that is measured finds full tables, carries on their rows and
writes them anew. With ``--first`` it finds none. Each run is a process of its own on a fresh copy: reading, checking, rules,
saving, reading back and fsync are all in it. Two measures, taken in turn with it:

- the floor: calamine hands over the sheets that a close reads, XlsxWriter writes the cells that it writes, each as a text,
  a number or a date; a process too, less the time it took to be handed those cells. The goal is a ratio of 1.2 at most.
- openpyxl: load and save, nothing changed; a process too. The goal is a ratio of 0.12 at most.

The peak of a close's memory, which the system counts, is to stay within 450 MB. Processes are waited for with ``os.wait4``:
not for Windows.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# This process stays small, with nothing large imported: a child's peak of memory is counted from what its parent had.
from benchmarks.timing import Compared
from workbook.port import Cell

AS_OF, MONTH_BEFORE = "2025-06-30", "2025-05-31"


@dataclass(frozen=True)
class Ran:
    """One process: seconds from its start to its end, seconds of work, and the most memory it had."""

    seconds: float
    work: float
    peak_mb: float
    told: str


def ran(*arguments: str, may_fail: bool = False) -> Ran:
    """Run Python with these arguments. Raises RuntimeError where it fails, unless it may."""
    with tempfile.TemporaryFile("w+") as told:
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], stdout=told)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode and not may_fail:
            raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
        told.seek(0)
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return Ran(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / unit, told.read())


def closed(book: Path, as_of: str, *options: str) -> Ran:
    """``duebook close``, in place."""
    return ran("-m", "workbook.cli", "close", str(book), "--as-of", as_of, *options)


def of_this_module(function: Callable[..., None], *arguments: object) -> Ran:
    """A function of this module in a process of its own."""
    call = f"import sys; from benchmarks.closing import {function.__name__} as run; run(*sys.argv[1:])"
    return ran("-c", call, *map(str, arguments))


# What runs in processes of its own


def make_book(target: str, invoices: str, receipts: str, customers: str) -> None:
    """The workbook, before it is closed for the first time: an Excel table a sheet, with the columns that the ledger has."""
    import xlsxwriter

    from benchmarks.closing_ledger import ledger_rows
    from workbook.schema import TABLES
    from workbook.template.default_rows import default_rows

    rows = ledger_rows(invoices=int(invoices), receipts=int(receipts), customers=int(customers), as_of=AS_OF)
    settings = {"key": ["base_currency", "language"], "value": ["CNY", "en"]}
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, columns in {**default_rows(language="en", currency="CNY"), **rows, "Settings": settings}.items():
            table, count = TABLES[name], len(next(iter(columns.values())))
            sheet = book.add_worksheet(table.label.en)
            headers = [{"header": table[key].label.en} for key in columns]
            sheet.add_table(0, 0, count, len(headers) - 1, {"name": name, "columns": headers})
            for place, cells in enumerate(columns.values()):
                sheet.write_column(1, place, [_shown(cell) for cell in cells])


def _shown(cell: Cell) -> Cell:
    return {True: "Yes", False: "No"}[cell] if isinstance(cell, bool) else cell


def keep_cells(book: str, target: str) -> None:
    """The names of the sheets that a close reads, and the rows of the tables that it wrote, for the floor."""
    from workbook.file_book import FileBook
    from workbook.results.ledger import READ_ORDER
    from workbook.tasks.closing import CLOSE_WRITES

    opened = FileBook(Path(book))
    written = (*CLOSE_WRITES, "RunLog")
    tables = {name: opened.read_table(name) for name in ("Settings", "CustomerHistory", *READ_ORDER, *written)}
    sheets = [raw.sheet for raw in tables.values() if raw is not None]
    rows = {name: [raw.headers, *zip(*raw.columns, strict=True)] for name in written if (raw := tables[name]) is not None}
    Path(target).write_bytes(pickle.dumps((sheets, rows)))


def floor(book: str, cells: str, target: str) -> None:
    """Read and write with nothing between; prints the seconds that it took to be handed the cells."""
    import datetime as dt

    import xlsxwriter
    from python_calamine import CalamineWorkbook

    start = time.perf_counter()
    sheets, tables = pickle.loads(Path(cells).read_bytes())
    handed = time.perf_counter() - start
    workbook = CalamineWorkbook.from_path(book)
    for sheet in set(sheets) & set(workbook.sheet_names):  # a first close adds the sheets that are not there yet
        workbook.get_sheet_by_name(sheet).to_python()
    written = xlsxwriter.Workbook(target)
    day = written.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in tables.items():
        sheet = written.add_worksheet(name)
        string, number, moment = sheet.write_string, sheet.write_number, sheet.write_datetime
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                if type(cell) is str:
                    if cell:
                        string(at, place, cell)
                elif isinstance(cell, dt.date):
                    moment(at, place, cell, day)
                else:
                    number(at, place, cell)
    written.close()
    print(handed)


def through_openpyxl(book: str) -> None:
    """Load and save."""
    from openpyxl import load_workbook

    load_workbook(book).save(book)


# What is measured


@dataclass(frozen=True)
class Measured:
    """The runs of the three, in turn."""

    close: list[Ran]
    floor: list[Ran]
    openpyxl: list[Ran]

    def against(self, others: Sequence[Ran], of: Callable[[Ran], float]) -> Compared:
        """The close beside one of the others, by seconds or by work."""
        pairs = [(of(other), of(close)) for other, close in zip(others, self.close, strict=False)]
        return Compared(
            base=statistics.median(base for base, _ in pairs),
            ours=statistics.median(ours for _, ours in pairs),
            ratio=statistics.median(ours / base for base, ours in pairs),
        )


def measured(book: Path, folder: Path, *, runs: int, openpyxl_runs: int) -> Measured:
    """Run all three in turn on copies of the workbook, the first round unmeasured."""
    copy, cells = folder / "copy.xlsx", folder / "cells.pickle"
    shutil.copy(book, copy)
    refuse_if_not_sane(copy, folder / "summary.json")
    of_this_module(keep_cells, copy, cells)
    found = Measured([], [], [])
    for run in range(runs + 1):
        shutil.copy(book, copy)
        least = of_this_module(floor, copy, cells, folder / "floor.xlsx")
        ours = closed(copy, AS_OF)
        if run:
            handed = float(least.told)
            found.floor.append(Ran(least.seconds - handed, least.work - handed, least.peak_mb, ""))
            found.close.append(ours)
        if 0 < run <= openpyxl_runs:
            found.openpyxl.append(of_this_module(through_openpyxl, shutil.copy(book, copy)))
        print(f"round {run} of {runs}: close {ours.seconds:.1f} s, {ours.peak_mb:.0f} MB", flush=True)
    return found


def refuse_if_not_sane(copy: Path, summary: Path) -> None:
    """Close once and look: everything ties out, nothing is wrong, and the ledger is like a real one."""
    closed(copy, AS_OF, "--json", str(summary))
    told: Mapping[str, object] = json.loads(summary.read_text())
    checks, issues = told["tie_out"], told["issues"]
    if not checks or not all(check["holds"] for check in checks) or issues["error"]:
        raise RuntimeError(f"the close does not tie out: {checks}, {issues}")
    print(f"closed: {sum(each['open_items'] for each in told['currencies'].values()):,} open items", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--receipts", type=int, default=70_000)
    parser.add_argument("--customers", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--openpyxl-runs", type=int, default=1, help="each takes a minute or more")
    parser.add_argument("--first", action="store_true", help="measure the first close of the workbook")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = folder / "ledger.xlsx"
        of_this_module(make_book, book, asked.invoices, asked.receipts, asked.customers)
        if not asked.first:
            closed(book, MONTH_BEFORE)
        print(f"{asked.invoices:,} invoices, {asked.receipts:,} receipts, {asked.customers:,} customers")
        print(f"workbook of {book.stat().st_size / 2**20:.1f} MB", flush=True)
        print_figures(measured(book, folder, runs=asked.runs, openpyxl_runs=asked.openpyxl_runs))


def print_figures(found: Measured) -> None:
    """Medians and ratios, by the clock and by the work of the processor, which other programs disturb less."""
    for name, others in (("floor", found.floor), ("openpyxl", found.openpyxl)):
        if others:
            print(f"close against {name}: {found.against(others, lambda run: run.seconds)}")
            print(f"  by processor time: {found.against(others, lambda run: run.work)}")
    print(f"peak memory of a close: {max(run.peak_mb for run in found.close):.0f} MB")


if __name__ == "__main__":
    main()
