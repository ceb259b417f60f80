"""The month-end close: every figure worked out, written to its table, tied out and logged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from workbook.importing.last_seen import note_typed_changes, remember
from workbook.outcome import Outcome
from workbook.periods.behind_the_lock import locked_copy, other_totals
from workbook.periods.locking import lock_period, refuse_to_lock_again
from workbook.periods.locks import locks_in_force, period_name
from workbook.periods.refusals import CloseNeedsADay, LockKnowsAll, NoLockedCopy, NoSuchLock
from workbook.port import Book
from workbook.reminders.sent_log import log_what_was_sent
from workbook.results.figures import Figures, work_out
from workbook.results.gone_remarks import gone_remarks, with_remarks
from workbook.results.report_words import said
from workbook.results.reports import report_rows
from workbook.results.summary import currency_totals, lines, summary
from workbook.results.writing import columns_to_write
from workbook.schema import tables_with_buckets
from workbook.tasks.run_log import Run, log_run

CLOSE_WRITES = ("OpenItems", "Applications", "Aging", "Credit", "Reminders", "ReminderItems", "RemindersHeld", "Issues")
"""What a close rewrites; a test holds that each of them reads back as it was written."""


def close(
    book: Book,
    *,
    ran_at: dt.datetime,
    as_of: dt.date | None = None,
    known_on: dt.date | None = None,
    as_locked: str | None = None,
    lock: bool = False,
    language: str | None = None,
    by: str = "",
) -> Outcome:
    """Work out the ledger as of a day and write OpenItems, Applications, Aging, Credit, Reminders, RemindersHeld and Issues.

    ``lock`` locks everything up to the day, and keeps a copy beside the workbook. ``as_locked`` closes the copy of a locked
    period instead, as of its last day, to be written elsewhere. ``known_on`` keeps only rows entered by then, and says where
    that is not what was locked.
    ``language``: of labels and reasons, the workbook's if left out.
    Raises Refusal, before anything is changed.
    """
    language = language or book.language
    if as_locked is not None:
        return _close_as_locked(book, as_locked, ran_at=ran_at, language=language, by=by)
    if as_of is None:
        raise CloseNeedsADay
    if lock:
        if known_on is not None:
            raise LockKnowsAll
        refuse_to_lock_again(book, as_of)
    sight = note_typed_changes(book, on=as_of)
    taken_in = log_what_was_sent(book, language=language)
    figures = work_out(book, as_of=as_of, known_on=known_on)
    if figures.as_locked is not None and (found := other_totals(book, figures.as_locked, currency_totals(figures))):
        figures = figures.with_issue(*found)
    write_reports(book, figures, report_rows(figures, language=language), language=language)
    fill_ids(book, figures)
    remember(book, sight, begins=True)
    told = [*taken_in, *lines(figures, language=language), *_as_known_lines(figures, language)]
    beside: dict[str, bytes] = {}
    if lock:
        name, content = lock_period(book, figures, ran_at=ran_at, by=by, language=language)
        beside = {name: content}
        told.append(f"{said('locked', language)}: {period_name(as_of)} ({name})")
    what = "--lock" if lock else ""
    log_run(book, Run("close", as_of=as_of, known_on=known_on, ran_at=ran_at, by=by, what=what), figures)
    return Outcome(
        lines=tuple(told),
        beside=beside,
        summary=summary(figures),
        has_errors=figures.has_errors(),
        writes_book=True,
    )


def _as_known_lines(figures: Figures, language: str) -> list[str]:
    """Whether the figures as known on a day are those of a lock, and which locks they are not true to."""
    codes = ("known_on_differs", "known_before_lock")
    faults = [(issue.code, key) for issue, (_, key) in zip(figures.issues, figures.issue_rows, strict=True)]
    told = [f"{said(code, language)}: {period}" for code, period in faults if code in codes]
    is_same = figures.as_locked is not None and not told
    return [f"{said('known_as_locked', language)}: {figures.as_locked.period}"] if is_same and figures.as_locked else told


def _close_as_locked(book: Book, period: str, *, ran_at: dt.datetime, language: str, by: str) -> Outcome:
    """The close of the copy that the lock kept. Raises NoSuchLock, NoLockedCopy."""
    from workbook.file_book import FileBook

    locks = {each.period: each for each in locks_in_force(book)}
    if period not in locks:
        raise NoSuchLock(period, list(locks))
    copy = locked_copy(book.folder, locks[period])
    if isinstance(copy, str):
        raise NoLockedCopy(period, locks[period].copy, copy)
    kept = FileBook(copy)
    outcome = close(kept, as_of=locks[period].to_date, ran_at=ran_at, language=language, by=by)
    return replace(outcome, instead=kept.content())


def write_reports(book: Book, figures: Figures, rows: Mapping[str, pd.DataFrame], *, language: str) -> None:
    """Rewrite tables of ours, Issues last: staff's remarks on rows that are gone stay to be read at its foot."""
    tables = tables_with_buckets(figures.bucket_codes)

    def write(name: str, frame: pd.DataFrame) -> None:
        columns = columns_to_write(tables[name], frame, language=language, base_currency=figures.base_currency)
        book.write_table(tables[name], columns)

    for name, frame in rows.items():
        if name != "Issues":
            write(name, frame)
    remarks = None
    # Writing Issues may bring to light remarks beside issues that are gone: then it is written anew with them.
    while remarks != (found := gone_remarks(book, language=language)):
        remarks = found
        write("Issues", with_remarks(rows["Issues"], remarks, language=language))


def fill_ids(book: Book, figures: Figures) -> None:
    """Give the rows that staff typed without an id the one that the run knows them by."""
    for read in figures.source.tables.values():
        if read.filled_ids:
            (key,) = read.table.key
            rows = sorted(read.filled_ids)
            book.update_rows(read.table, rows, {key: [read.filled_ids[row] for row in rows]})
