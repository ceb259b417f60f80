"""What was changed behind a lock: the period's rows now against those in the copy that the lock kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from functions.dates import day_of
from workbook.editing.table_layout import places_of
from workbook.issue import Issue, cell_address
from workbook.periods.dated_rows import DAY_OF, dated_rows, entered_on, hash_of
from workbook.periods.locks import Lock, locks_in_force
from workbook.port import RawTable, ReadableBook
from workbook.refusals import Refusal
from workbook.results.ledger import WorkbookLedger, read_ledger
from workbook.schema import TABLES

Located = tuple[Issue, tuple[int, str]]
"""An issue, its row on the sheet, and the key of that row."""


def changes_behind_locks(book: ReadableBook, source: WorkbookLedger) -> list[Located]:
    """Each issue with the row on the sheet and the key it stands for. Removed rows are told at their period's row."""
    raw = book.read_table("Periods")
    locks = [] if raw is None else locks_in_force(book)
    return [each for lock in locks if raw is not None for each in _changes(book.folder, source, lock, raw)]


@dataclass(frozen=True)
class AsKnown:
    """How far figures as known on a day are those of that day. ``faults``: what keeps them from it.

    ``lock``: that of the very day asked for, of which every row is as it was locked and none was known later: the figures
    must be the locked ones. None where there is no such lock.
    """

    faults: tuple[Located, ...] = ()
    lock: Lock | None = None


def as_known(book: ReadableBook, source: WorkbookLedger, *, as_of: dt.date, known_on: dt.date) -> AsKnown:
    """Looks at every lock that holds rows of days up to ``as_of``.

    Rows entered after a lock are told from the others by ``entered_on``. What was changed or removed since cannot be had
    back, nor can what was added without such a day be left out: those rows are faults as without ``known_on``, and
    ``known_on_differs`` once a lock. ``known_before_lock``: the lock is younger than ``known_on``, and stamped rows with its
    own day, so that they are left out.
    """
    raw = book.read_table("Periods")
    faults: list[Located] = []
    same: Lock | None = None
    for lock in locks_in_force(book) if raw is not None else ():
        assert raw is not None
        if lock.from_date is not None and lock.from_date > as_of:
            continue
        if known_on < lock.locked_on:
            rows = dated_rows(source, from_date=lock.from_date, to_date=lock.to_date)
            if any(entered_on(each) == lock.locked_on.isoformat() for each in rows.values()):
                faults.append(_of_period(raw, lock, "known_before_lock", "locked_on", str(lock.locked_on)))
            continue
        changes = list(_changes(book.folder, source, lock, raw, known_only=True))
        if any(issue.code.endswith("_after_lock") for issue, _ in changes):
            faults += [*changes, _of_period(raw, lock, "known_on_differs", "rows_hash", lock.period)]
        elif lock.to_date == as_of:
            same = lock
    if same is not None:
        was, is_now = same.locked_on.isoformat(), known_on.isoformat()
        ever = dated_rows(source, from_date=None, to_date=as_of)
        if faults or any(was < entered_on(each) <= is_now for each in ever.values()):
            same = None
    return AsKnown(tuple(faults), same)


def other_totals(book: ReadableBook, lock: Lock, currencies: Mapping[str, Mapping[str, object]]) -> Located | None:
    """``known_on_differs`` where a lock's totals by currency are not these: something else than its rows was changed."""
    raw = book.read_table("Periods")
    told: Mapping[str, Mapping[str, object]] = json.loads(lock.totals or "{}")
    if raw is None or told == currencies:
        return None
    differing = [
        f"{currency} {name}: {was.get(name, '–')} → {now.get(name, '–')}"
        for currency in sorted({*told, *currencies})
        for was, now in [(told.get(currency, {}), currencies.get(currency, {}))]
        for name in {**was, **now}
        if was.get(name) != now.get(name)
    ]
    # The balance says most, where it is among them.
    first = next((each for each in differing if " balance: " in each), differing[0])
    return _of_period(raw, lock, "known_on_differs", "totals", f"{first} ({lock.period})")


def locked_copy(folder: Path | None, lock: Lock) -> Path | str:
    """The copy of a lock, or the code of what is wrong with it."""
    path = None if folder is None else folder / Path(lock.copy).name
    if path is None or not path.is_file():
        return "locked_copy_missing"
    is_same = hashlib.sha256(path.read_bytes()).hexdigest() == lock.copy_hash
    return path if is_same else "locked_copy_differs"


def _changes(
    folder: Path | None, source: WorkbookLedger, lock: Lock, periods: RawTable, *, known_only: bool = False
) -> Iterator[Located]:
    """``known_only``: without rows that say that they were entered after the day of the lock."""
    copy = locked_copy(folder, lock)
    if isinstance(copy, str):
        yield _of_period(periods, lock, copy, "copy", lock.copy)
    standing = dated_rows(source, from_date=lock.from_date, to_date=lock.to_date)
    last = lock.locked_on.isoformat()
    now = {key: row for key, row in standing.items() if not known_only or entered_on(row) <= last}
    if hash_of(now) == lock.rows_hash:
        return
    if isinstance(copy, str):
        yield _of_period(periods, lock, "changed_after_lock", "rows_hash", lock.period)
        return
    from workbook.file_book import FileBook

    try:
        kept = read_ledger(FileBook(copy), as_of=day_of(lock.to_date))
    except Refusal as refusal:
        yield _of_period(periods, lock, "locked_copy_differs", "copy", str(refusal))
        return
    then = dated_rows(kept, from_date=lock.from_date, to_date=lock.to_date)
    # A row whose date was moved out of the period is changed, not gone.
    ever = dated_rows(source, from_date=None, to_date=lock.to_date.replace(year=9999, month=12, day=31))
    for key, before in sorted(then.items()):
        after = standing.get(key) or ever.get(key)
        if after is None:
            told = "; ".join(f"{column} {value}" for column, value in before.values.items())
            label = TABLES[key[0]].label.en
            yield _of_period(periods, lock, "removed_after_lock", "rows_hash", f"{label} {key[1]}: {told}")
            continue
        for column in TABLES[key[0]].keys:
            was, is_now = before.values.get(column, ""), after.values.get(column, "")
            if was != is_now and (key in standing or column == _date_column(key[0])):
                value = f"{was or '–'} → {is_now or '–'} ({lock.period})"
                yield _of_row(source, key[0], after.row, column, "changed_after_lock", value, key[1])
    for key, added in sorted(now.items()):
        if key not in then:
            yield _of_row(source, key[0], added.row, TABLES[key[0]].key[0], "added_after_lock", lock.period, key[1])


def _date_column(table: str) -> str:
    day = DAY_OF[table].removesuffix("_day")
    return next(key for key in (f"{day}_date", f"{day}_on", day) if key in TABLES[table])


def _of_row(source: WorkbookLedger, table: str, row: int, column: str, code: str, value: str, key: str) -> Located:
    issue = replace(source.located(table, row, column, code), value=value)
    return issue, (source.raws[table].first_row + row, key)


def _of_period(periods: RawTable, lock: Lock, code: str, column: str, value: str) -> Located:
    place = places_of(periods, TABLES["Periods"]).get(column, 0)
    issue = Issue(code, "Periods", lock.row, column, cell_address(periods, lock.row, place), value)
    return issue, (periods.first_row + lock.row, lock.period)
