"""Issues only: what is wrong in the workbook, with nothing written."""

from __future__ import annotations

import datetime as dt

from workbook.issue_texts import ISSUE_TEXTS, what_to_do
from workbook.outcome import Outcome
from workbook.port import Book
from workbook.reminders.sent_log import log_what_was_sent
from workbook.results.figures import Figures, work_out
from workbook.results.opening import opening_lines
from workbook.results.report_words import said
from workbook.results.summary import issue_counts, summary


def check(book: Book, *, ran_at: dt.datetime, as_of: dt.date | None = None, language: str | None = None) -> Outcome:
    """Read, judge and tie out the ledger as of a day (the run's own if left out), and list every issue with its cell.

    What is probably wrong though the rules can use it (``workbook.quality``) is listed too.
    """
    language = language or book.language
    log_what_was_sent(book, language=language)  # to be judged as a run would, which writes it too
    figures = work_out(book, as_of=as_of or ran_at.date(), doubts=True)
    counts = issue_counts(figures)
    told = issue_lines(figures, language) or [said("no_issues", language)]
    told += opening_lines(figures.opening, language)
    told.append(f"{counts['error']} {said('error', language)}, {counts['warning']} {said('warning', language)}")
    return Outcome(lines=tuple(told), summary=summary(figures), has_errors=figures.has_errors())


def issue_lines(figures: Figures, language: str) -> list[str]:
    """One line an issue, errors first: severity, cell, what is wrong, what to do. The value found stays in the workbook."""
    severity_of = figures.source.settings.severity_of
    ordered = sorted(figures.issues, key=lambda issue: (severity_of(issue.code), issue.table, issue.row, issue.column))
    return [
        f"{severity_of(issue.code)}: {issue.cell} ({issue.table}.{issue.column}): "
        f"{ISSUE_TEXTS[issue.code].title.in_language(language)} {what_to_do(issue, language)}"
        for issue in ordered
    ]
