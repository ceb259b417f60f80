"""What was changed behind a lock: the period's rows now against those in the copy that the lock kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from functions.dates import day_of
from workbook.editing.table_layout import places_of
from workbook.issue import Issue, cell_address
from workbook.periods.dated_rows import DAY_OF, dated_rows, hash_of
from workbook.periods.locks import Lock, locks_in_force
from workbook.port import RawTable, ReadableBook
from workbook.refusals import Refusal
from workbook.results.ledger import WorkbookLedger, read_ledger
from workbook.schema import TABLES


def changes_behind_locks(book: ReadableBook, source: WorkbookLedger) -> list[tuple[Issue, tuple[int, str]]]:
    """Each issue with the row on the sheet and the key it stands for. Removed rows are told at their period's row."""
    found: list[tuple[Issue, tuple[int, str]]] = []
    raw = book.read_table("Periods")
    if raw is not None:
        for lock in locks_in_force(book):
            found += _changes(book.folder, source, lock, raw)
    return found


def locked_copy(folder: Path | None, lock: Lock) -> Path | str:
    """The copy of a lock, or the code of what is wrong with it."""
    path = None if folder is None else folder / Path(lock.copy).name
    if path is None or not path.is_file():
        return "locked_copy_missing"
    is_same = hashlib.sha256(path.read_bytes()).hexdigest() == lock.copy_hash
    return path if is_same else "locked_copy_differs"


def _changes(
    folder: Path | None, source: WorkbookLedger, lock: Lock, periods: RawTable
) -> Iterator[tuple[Issue, tuple[int, str]]]:
    copy = locked_copy(folder, lock)
    if isinstance(copy, str):
        yield _of_period(periods, lock, copy, "copy", lock.copy)
    now = dated_rows(source, from_date=lock.from_date, to_date=lock.to_date)
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
        after = now.get(key) or ever.get(key)
        if after is None:
            told = "; ".join(f"{column} {value}" for column, value in before.values.items())
            label = TABLES[key[0]].label.en
            yield _of_period(periods, lock, "removed_after_lock", "rows_hash", f"{label} {key[1]}: {told}")
            continue
        for column in TABLES[key[0]].keys:
            was, is_now = before.values.get(column, ""), after.values.get(column, "")
            if was != is_now and (key in now or column == _date_column(key[0])):
                value = f"{was or '–'} → {is_now or '–'} ({lock.period})"
                yield _of_row(source, key[0], after.row, column, "changed_after_lock", value, key[1])
    for key, added in sorted(now.items()):
        if key not in then:
            yield _of_row(source, key[0], added.row, TABLES[key[0]].key[0], "added_after_lock", lock.period, key[1])


def _date_column(table: str) -> str:
    day = DAY_OF[table].removesuffix("_day")
    return next(key for key in (f"{day}_date", f"{day}_on", day) if key in TABLES[table])


def _of_row(
    source: WorkbookLedger, table: str, row: int, column: str, code: str, value: str, key: str
) -> tuple[Issue, tuple[int, str]]:
    issue = replace(source.located(table, row, column, code), value=value)
    return issue, (source.raws[table].first_row + row, key)


def _of_period(periods: RawTable, lock: Lock, code: str, column: str, value: str) -> tuple[Issue, tuple[int, str]]:
    place = places_of(periods, TABLES["Periods"]).get(column, 0)
    issue = Issue(code, "Periods", lock.row, column, cell_address(periods, lock.row, place), value)
    return issue, (periods.first_row + lock.row, lock.period)
