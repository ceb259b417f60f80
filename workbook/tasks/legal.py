"""A customer handed to the lawyers: a row of LegalCases, and the folder with what they need. From then on reminders hold."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from functions.dates import date_of, day_of
from functions.frames import NO_DAY
from workbook.outcome import Outcome
from workbook.port import Book
from workbook.refusals import Refusal
from workbook.reminders.hand_over import hand_over
from workbook.reminders.hand_over_files import hand_over_files
from workbook.reminders.sent_log import log_what_was_sent
from workbook.results.report_words import said
from workbook.results.run import Run as LedgerRun
from workbook.schema import TABLES
from workbook.tasks.row_counts import counts_text
from workbook.tasks.run_log import Run, append_run


class UnknownCustomer(Refusal):
    def __init__(self, customer: str) -> None:
        super().__init__(f"There is no customer {customer} on the sheet Customers, or its row is in error. Check the id.")


class NothingIsOwed(Refusal):
    def __init__(self, customer: str, as_of: dt.date) -> None:
        super().__init__(f"Customer {customer} owes nothing as of {as_of}, so there is nothing to hand over. Check the day.")


def legal(
    book: Book,
    *,
    customer: str,
    out: Path,
    ran_at: dt.datetime,
    as_of: dt.date | None = None,
    agent: str = "",
    language: str | None = None,
    by: str = "",
) -> Outcome:
    """Open a legal case of a customer, unless one is open, and assemble its hand-over as of a day (the run's if blank).

    Raises Refusal, before anything is changed: an unknown customer, one that owes nothing.
    """
    language, as_of = language or book.language, as_of or ran_at.date()
    taken_in = log_what_was_sent(book, language=language)
    run = LedgerRun(book, as_of=as_of)
    if customer not in run.source.tables["Customers"].columns["customer_id"]:
        raise UnknownCustomer(customer)
    if customer not in set(run.open_items["customer_id"]):
        raise NothingIsOwed(customer, as_of)
    content = hand_over(run, customer, language=language)
    writes = hand_over_files(content, out)
    since = _open_since(run, customer)
    if since is None:
        book.append_rows(TABLES["LegalCases"], {"customer_id": [customer], "opened_on": [as_of], "agent": [agent or None]})
    told = f"{said('case_opened' if since is None else 'case_was_open', language)}: {customer} ({since or as_of})"
    append_run(
        book,
        Run("legal", as_of=as_of, ran_at=ran_at, by=by, what=customer),
        rows_read=counts_text(run.source.rows_read()),
        rows_left_out=counts_text(run.source.left_out_rows()),
    )
    about_others = [f"{said('texts_about_others', language)}: {', '.join(content.left_out)}"] if content.left_out else []
    return Outcome(
        lines=(told, *about_others, *taken_in),
        summary={
            "customer": customer,
            "case_since": str(since or as_of),
            "opened": since is None,
            "left_out": list(content.left_out),
        },
        writes_book=True,
        writes=writes,
        files=tuple(writes),
    )


def _open_since(run: LedgerRun, customer: str) -> dt.date | None:
    """When the customer's case that is open on the day began."""
    read = run.source.tables.get("LegalCases")
    if read is None:
        return None
    cases, as_of = read.frame(), day_of(run.as_of)
    is_open = (cases["closed_day"] == NO_DAY) | (cases["closed_day"] > as_of)
    days = cases["opened_day"][(cases["customer_id"] == customer) & (cases["opened_day"] <= as_of) & is_open]
    return None if days.empty else date_of(int(days.min()))
