"""Open a locked period again, with a reason and somebody who agreed."""

from __future__ import annotations

import datetime as dt

from workbook.outcome import Outcome
from workbook.periods.locks import locks_in_force
from workbook.periods.refusals import LaterPeriodLocked, NoSuchLock
from workbook.port import Book
from workbook.results.report_words import said
from workbook.schema import TABLES
from workbook.tasks.run_log import Run, append_run


def unlock(
    book: Book, *, period: str, reason: str, approved_by: str, ran_at: dt.datetime, by: str = "", language: str | None = None
) -> Outcome:
    """Take note in Periods that a lock no longer holds; its line and its copy stay.

    What the lock wrote into Allocations stays too. The latest period is unlocked first: a period between two locked ones
    would be nobody's. Raises NoSuchLock, LaterPeriodLocked, before anything is changed.
    """
    language = language or book.language
    locks = locks_in_force(book)
    lock = next((each for each in locks if each.period == period), None)
    if lock is None:
        raise NoSuchLock(period, [each.period for each in locks])
    if locks[-1] != lock:
        raise LaterPeriodLocked(period, locks[-1].period)
    book.update_rows(
        TABLES["Periods"],
        [lock.row],
        {
            "unlocked_on": [ran_at.date()],
            "unlocked_by": [by],
            "unlock_reason": [reason],
            "unlock_approved_by": [approved_by],
        },
    )
    what = f"{period} --reason {reason} --approved-by {approved_by}"
    append_run(book, Run("unlock", ran_at=ran_at, as_of=lock.to_date, by=by, what=what))
    return Outcome(lines=(f"{said('unlocked', language)}: {period}",), summary={"unlocked": period}, writes_book=True)
