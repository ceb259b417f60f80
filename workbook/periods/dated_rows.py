"""The rows that a lock locks: those dated in the period, by key, as their cells read; and the hash over all of them.

The order of rows, formats, staff's own columns, notes and tables of ours do not count. What ends a row later (a dispute, a
plan cancelled, an order closed after the period) is no change of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from functions.back_dated import EVENT_DAY
from functions.dates import date_of, day_of
from functions.frames import NO_DAY, NO_MINOR, NO_SCALE
from functions.money import to_major_text
from workbook.reading.canonical_names import canonical_names
from workbook.reading.rows import ReadTable
from workbook.results.ledger import TABLE_OF, WorkbookLedger

DAY_OF: Mapping[str, str] = MappingProxyType(
    {TABLE_OF[frame]: day for frame, day in EVENT_DAY.items()} | {"ExchangeRates": "rate_day", "InterestRates": "from_day"}
)
"""Table → the column that says in which period a row lies."""

_ENDS = frozenset({"dispute_closed_day", "cancelled_day", "closed_day"})
_DISPUTE = frozenset({"is_disputed", "disputed_day", "dispute_closed_day", "dispute_reason"})
_BLANKS = ("", NO_DAY, NO_MINOR, NO_SCALE, 0, False)

Key = tuple[str, str]
"""The table, and the row's key."""


@dataclass(frozen=True)
class DatedRow:
    """``row``: its offset in the table; ``values``: what is filled in, by column key, as text."""

    row: int
    values: Mapping[str, str]


def dated_rows(source: WorkbookLedger, *, from_date: dt.date | None, to_date: dt.date) -> dict[Key, DatedRow]:
    """The rows dated from ``from_date`` (None: ever) to ``to_date``, both included."""
    first = NO_DAY if from_date is None else day_of(from_date)
    last = day_of(to_date)
    documents = _document_days(source)
    found: dict[Key, DatedRow] = {}
    for name in DAY_OF:
        read = source.tables.get(name)
        if read is None:
            continue
        for at, day in enumerate(_days(name, read, documents)):
            if first <= day <= last and day != NO_DAY:
                values = dict(_values(read, at, last))
                found[name, " / ".join(values.get(key, "") for key in read.table.key)] = DatedRow(
                    int(read.columns["row"][at]), values
                )
    return found


def entered_on(row: DatedRow) -> str:
    """The day a row was entered, as 2024-10-31; "" where that is blank, and for tables that keep no such day."""
    return row.values.get("entered_on", "")


def hash_of(rows: Mapping[Key, DatedRow]) -> str:
    """SHA-256 over the rows, whatever their order, in hexadecimal."""
    lines = sorted(
        "\x1f".join((*key, *(f"{column}={value}" for column, value in sorted(each.values.items()))))
        for key, each in rows.items()
    )
    return hashlib.sha256("\x1e".join(lines).encode()).hexdigest()


def _document_days(source: WorkbookLedger) -> dict[str, int]:
    """Invoice, credit note or receipt → its day; a receipt where one id is both."""
    days: dict[str, int] = {}
    for name, key, day in (("Invoices", "invoice_id", "invoice_day"), ("Receipts", "receipt_id", "receipt_day")):
        if name in source.tables:
            columns = source.tables[name].columns
            days |= {str(each): int(on) for each, on in zip(columns[key], columns[day], strict=True)}
    return days


def _days(name: str, read: ReadTable, documents: Mapping[str, int]) -> Iterator[int]:
    """An allocation without a day of its own has the later one of what it joins: from then on it counts."""
    days = map(int, read.columns[DAY_OF[name]])
    if name != "Allocations":
        yield from days
        return
    joined = zip(days, read.columns["receipt_id"], read.columns["invoice_id"], strict=True)
    for day, receipt, invoice in joined:
        yield day if day != NO_DAY else max(documents.get(str(each), NO_DAY) for each in (receipt, invoice))


def _values(read: ReadTable, at: int, last: int) -> Iterator[tuple[str, str]]:
    columns = read.columns
    currency = str(columns["currency"][at]) if "currency" in columns else ""
    disputed_later = "disputed_day" in columns and int(columns["disputed_day"][at]) > last
    for column in read.table.columns:
        if column.key == "notes":
            continue
        texts = []
        for name in canonical_names(column):
            value = columns[name][at]
            is_later = name in _ENDS and int(value) > last
            if value in _BLANKS or is_later or (disputed_later and name in _DISPUTE):
                continue
            if name.endswith("_day"):
                texts.append(date_of(int(value)).isoformat())
            elif name.endswith("_minor"):
                texts.append(to_major_text(int(value), currency) if currency else str(int(value)))
            else:
                texts.append(str(value))
        if texts:
            yield column.key, "/".join(texts)
