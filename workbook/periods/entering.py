"""Whether a row may be entered: what is dated in a locked period needs a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from functions.dates import date_of
from functions.frames import NO_DAY
from workbook.editing.table_layout import places_of
from workbook.periods.locks import locked_to
from workbook.periods.refusals import PeriodIsLocked
from workbook.port import Book, Cell
from workbook.reading.cell_parsing import dates, ids, is_blank
from workbook.schema import TABLES
from workbook.table import Table

DATE_OF = {
    "Invoices": "invoice_date", "Receipts": "receipt_date", "Allocations": "allocated_on", "WriteOffs": "written_off_on",
    "RepaymentPlans": "agreed_on", "Orders": "order_date", "Activities": "activity_date", "ExchangeRates": "rate_date",
    "InterestRates": "from_date",
}  # fmt: skip
"""Table that a lock holds → the column that says in which period a row lies."""


def days_of_rows(book: Book, table: Table, rows: Iterable[Mapping[str, Cell]]) -> Iterator[Cell]:
    """The day of each row, cells by column: of an allocation without one, the later of what it joins."""
    key = DATE_OF.get(table.name, "")
    joined = _days_of_documents(book) if table.name == "Allocations" else {}
    for row in rows:
        own = row.get(key)
        if table.name != "Allocations" or not is_blank(own):
            yield own
            continue
        days = [joined.get(str(row.get(each))) for each in ("receipt_id", "invoice_id")]
        yield max((day for day in days if day is not None), default=None)


def _days_of_documents(book: Book) -> dict[str, dt.date]:
    """Invoice, credit note and receipt → its day; a receipt where one id is both."""
    found: dict[str, dt.date] = {}
    for name, id_key in (("Invoices", "invoice_id"), ("Receipts", "receipt_id")):
        raw = book.read_table(name)
        places = {} if raw is None else places_of(raw, TABLES[name])
        if raw is not None and {id_key, DATE_OF[name]} <= places.keys():
            days = dates(raw.columns[places[DATE_OF[name]]], is_1904=raw.is_1904).values.tolist()
            named = zip(ids(raw.columns[places[id_key]]).values, days, strict=True)
            found |= {each: date_of(day) for each, day in named if each and day != NO_DAY}
    return found


def refuse_locked(book: Book, table: Table, dates: Iterable[Cell], *, reason: str) -> None:
    """Raises PeriodIsLocked for the first of the dates that is locked, unless there is a ``reason``."""
    last = None if reason or table.name not in DATE_OF else locked_to(book)
    if last is None:
        return
    for each in dates:
        day = each.date() if isinstance(each, dt.datetime) else each
        if isinstance(day, dt.date) and day <= last:
            raise PeriodIsLocked(table.name, day, last)
