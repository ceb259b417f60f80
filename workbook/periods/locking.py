"""Lock a period: write down who paid what, say since when rows are known, keep totals, hash and copy."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

from functions.dates import date_of, day_of
from workbook.log_chain import RUN_LOG, end_of_chain
from workbook.periods.dated_rows import DAY_OF, dated_rows, hash_of
from workbook.periods.locks import all_locks, locked_to, period_name
from workbook.periods.refusals import AlreadyLocked, LockChangesFigures
from workbook.port import Book, Cell
from workbook.results.figures import Figures, work_out
from workbook.results.ledger import read_ledger
from workbook.results.summary import currency_totals
from workbook.results.writing import columns_to_write
from workbook.schema import TABLES


def refuse_to_lock_again(book: Book, as_of: dt.date) -> None:
    """Raises AlreadyLocked for a day that is locked."""
    last = locked_to(book)
    if last is not None and as_of <= last:
        raise AlreadyLocked(as_of, last)


def lock_period(book: Book, figures: Figures, *, ran_at: dt.datetime, by: str, language: str) -> tuple[str, bytes]:
    """Lock everything up to the figures' day; the name and the bytes of the copy to keep beside the workbook.

    The copy is the workbook as it will be saved, but for the row in Periods that holds its hash, and the run log's line.
    Raises LockChangesFigures, before anything is saved.
    """
    period, locked_on = period_name(figures.as_of), ran_at.date()
    last = locked_to(book)
    from_date = None if last is None else last + dt.timedelta(days=1)
    written = _write_applications(book, figures, period, locked_on, by, language)
    if written:
        _refuse_changes(figures, work_out(book, as_of=figures.as_of))
    _stamp(book, from_date, figures.as_of, locked_on)
    source = read_ledger(book, as_of=day_of(figures.as_of))
    rows = dated_rows(source, from_date=from_date, to_date=figures.as_of)
    content = book.content()
    name = _copy_name(book, period)
    cells: dict[str, Cell] = {
        "lock_id": f"{period}-{ran_at:%Y%m%d%H%M%S}",
        "period": period,
        "from_date": from_date,
        "to_date": figures.as_of,
        "locked_on": locked_on,
        "locked_by": by,
        "totals": json.dumps(currency_totals(figures), separators=(",", ":")),
        "row_count": len(rows),
        "rows_hash": hash_of(rows),
        "copy": name,
        "copy_hash": hashlib.sha256(content).hexdigest(),
        "log_hash": end_of_chain(book.read_table(RUN_LOG.name)),
    }
    book.append_rows(TABLES["Periods"], {key: [cell] for key, cell in cells.items()})
    return name, content


def _write_applications(book: Book, figures: Figures, period: str, locked_on: dt.date, by: str, language: str) -> int:
    """What was paid oldest first becomes rows of Allocations, so that later items cannot take it back."""
    found = figures.applications
    found = found[found["step"] == "oldest_due_first"]
    keys = ["receipt_id", "invoice_id", "paid_day", "currency"]
    sums = found.groupby(keys, sort=True)["amount_minor"].sum().reset_index()
    if not len(sums):
        return 0
    ids = [
        f"{period}/{receipt}/{invoice}/{date_of(int(day))}"
        for receipt, invoice, day in zip(sums["receipt_id"], sums["invoice_id"], sums["paid_day"], strict=True)
    ]
    taken = len(all_locks(book))  # a period that is locked again gives ids of its own
    ids = [f"{each}/{taken + 1}" if taken else each for each in ids]
    table = TABLES["Allocations"]
    rows = sums.assign(
        allocation_id=ids, allocated_day=sums["paid_day"], entered_day=day_of(locked_on), entered_by=by or "close --lock"
    )
    columns = columns_to_write(table, rows, language=language, base_currency=figures.base_currency)
    book.append_rows(table, columns)
    return len(rows)


def _refuse_changes(before: Figures, after: Figures) -> None:
    def owed(figures: Figures) -> dict[str, int]:
        items, left = figures.open_items, figures.unapplied
        open_ = {str(key): int(minor) for key, minor in items.groupby("invoice_id")["open_minor"].sum().items()}
        unused = zip(left["source"] + " " + left["source_id"], left["unapplied_minor"], strict=True)
        return open_ | {str(key): int(minor) for key, minor in unused if minor}

    was, now = owed(before), owed(after)
    changed = sorted(key for key in was.keys() | now.keys() if was.get(key, 0) != now.get(key, 0))
    if changed:
        raise LockChangesFigures(changed)


def _stamp(book: Book, from_date: dt.date | None, to_date: dt.date, locked_on: dt.date) -> None:
    """Rows of the period without ``entered_on`` are known from the day of the lock on."""
    source = read_ledger(book, as_of=day_of(to_date))
    blank: dict[str, list[int]] = {}
    for (table, _), each in dated_rows(source, from_date=from_date, to_date=to_date).items():
        if "entered_on" in source.tables[table].places and "entered_on" not in each.values:
            blank.setdefault(table, []).append(each.row)
    for table in DAY_OF:
        if rows := sorted(blank.get(table, [])):
            book.update_rows(TABLES[table], rows, {"entered_on": [locked_on] * len(rows)})


def _copy_name(book: Book, period: str) -> str:
    """Named by the workbook and the period; a period that was locked before keeps the copy of that lock too."""
    path = Path(book.name)
    earlier = sum(each.period == period for each in all_locks(book))
    return f"{path.stem}.locked-{period}{f'-{earlier + 1}' if earlier else ''}{path.suffix}"
