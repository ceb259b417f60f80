"""The sample in a workbook, read as a task reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.dates import day_of
from functions.issues import SEVERITY
from functions.ledger import Ledger, Policy
from tests.workbook.memory_book import MemoryBook
from workbook.port import Columns
from workbook.results.ledger import WorkbookLedger, read_ledger
from workbook.sample import sample_ledger
from workbook.template.default_rows import default_rows

AS_OF = dt.date(2024, 5, 31)


@dataclass(frozen=True)
class SampleRun:
    """A sample's cells and what reading makes of them."""

    columns: Mapping[str, Columns]
    read: WorkbookLedger
    as_of: int

    @property
    def ledger(self) -> Ledger:
        return self.read.ledger

    @property
    def policy(self) -> Policy:
        return self.read.policy

    def cells(self, table: str, *keys: str) -> list[tuple[Any, ...]]:
        """The rows of a table, of these columns."""
        return list(zip(*(self.columns[table][key] for key in keys), strict=True))

    def codes(self, severity: str) -> set[str]:
        """What reading found of this severity."""
        return {issue.code for issue in self.read.issues if SEVERITY[issue.code] == severity}


def sample_run(
    *, seed: int = 1, customers: int = 60, invoices: int = 600, as_of: dt.date = AS_OF, currency: str = "CNY"
) -> SampleRun:
    """A sample in a new workbook, beside the terms and the ladder that every new one holds."""
    columns = sample_ledger(seed=seed, customers=customers, invoices=invoices, as_of=as_of, currency=currency)
    filled = {**default_rows(language="en", currency=currency), **columns}
    filled["Settings"] = _but_the_currency(columns["Settings"])
    book = MemoryBook(currency=currency, tables=filled)
    return SampleRun(columns, read_ledger(book, as_of=day_of(as_of)), day_of(as_of))


def _but_the_currency(settings: Columns) -> Columns:
    """A book in memory has that one already."""
    rows = [row for row in zip(settings["key"], settings["value"], strict=True) if row[0] != "base_currency"]
    return {"key": [key for key, _ in rows], "value": [value for _, value in rows]}
