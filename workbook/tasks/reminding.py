"""Reminders: the proposals of a day, as tables in the workbook and as mail-merge lists beside it; and what was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from functions.dates import day_of
from workbook.editing.table_layout import places_of
from workbook.importing.last_seen import note_typed_changes, remember
from workbook.letters.attachments import Attachments
from workbook.letters.outputs import NowhereToPut, letter_files
from workbook.letters.sending import log_rows
from workbook.outcome import Outcome
from workbook.port import Book
from workbook.reminders.follow_up import follow_up
from workbook.reminders.sent_lists import ticked_lines
from workbook.reminders.sent_log import log_sent
from workbook.results.figures import Figures, figures_of
from workbook.results.report_words import said
from workbook.results.reports import held_rows, issue_rows, reminder_rows
from workbook.results.run import Run as LedgerRun
from workbook.results.summary import lines, summary
from workbook.results.writing import columns_to_write
from workbook.schema import TABLES
from workbook.tasks.closing import fill_ids, write_reports
from workbook.tasks.merge_list import merge_lists
from workbook.tasks.posting_mail import Post, SendsAndMarks
from workbook.tasks.run_log import Run, log_run


def remind(
    book: Book,
    *,
    as_of: dt.date,
    ran_at: dt.datetime,
    out: Path | None = None,
    letters: str = "",
    template: Path | None = None,
    send: bool = False,
    yes: bool = False,
    doubtful: str = "",
    mark_sent: bool | Path = False,
    language: str | None = None,
    by: str = "",
) -> Outcome:
    """Propose the reminders of a day: Reminders, ReminderItems, RemindersHeld, and the lists for ``out`` if given.

    What follows from them is written too: WorkList, ReminderCalendar, CustomerBehaviour, ReminderEffect.

    ``letters``: which files go to ``out`` too (``outputs.KINDS``), Word ones merged into ``template`` or ours.
    ``mark_sent`` appends every proposed line to ReminderLog, so that a second run on the day proposes nothing new. Where it
    is a list, what is ticked there was sent on ``as_of``: that is logged first, and the day's proposals follow from it.
    ``send`` says which e-mails would go out, and with ``yes`` sends them, each logged as it is accepted; what an earlier run
    sent and could not log is logged first. ``doubtful``: what became of e-mails whose answer never came.
    Raises Refusal, before anything is changed.
    """
    if send and mark_sent is not False:
        raise SendsAndMarks
    post = Post.of(book, is_needed=send or bool(doubtful))
    if letters and out is None:
        raise NowhereToPut("--letters")
    language = language or book.language
    sight = note_typed_changes(book, on=as_of)
    told = [] if isinstance(mark_sent, bool) else _marked_by_list(book, mark_sent, as_of=as_of, language=language)
    told += post.take_in(book, doubtful=doubtful, language=language)
    worked = LedgerRun(book, as_of=as_of)
    figures = figures_of(worked)
    messages = reminder_rows(figures).assign(sent=mark_sent is True)
    letter_of = figures.letters.messages
    attachments = Attachments(worked, letter_of.values())
    writes: dict[Path, bytes] = {}
    if letters and out is not None:
        ready = list(letter_of.values())
        writes |= letter_files(ready, out, kind=letters, as_of=as_of, attachments=attachments, template=template)
    sending = post.ready(list(letter_of.values())) if send else []
    reports = {
        "Reminders": messages,
        "ReminderItems": figures.message_items,
        "RemindersHeld": held_rows(figures, language=language),
        **follow_up(worked, language=language),
        "Issues": issue_rows(figures, language=language),
    }
    write_reports(book, figures, reports, language=language)
    fill_ids(book, figures)
    remember(book, sight)
    if mark_sent is True:
        log_sent(book, sent_lines(figures), language=language)
        told.append(f"{said('marked_as_sent', language)}: {len(figures.messages)}")
    has_failed = False
    if send:
        outcome, said_of_it, has_failed = post.send(
            sending, attachments, is_meant=yes, as_of=as_of, sent_at=ran_at, language=language
        )
        told += said_of_it
        sent_rows = [row for message in outcome for row in log_rows(letter_of[message], as_of=as_of)]
        if sent_rows:
            log_sent(book, pd.DataFrame(sent_rows), language=language)
            messages = messages.assign(sent=messages["message_id"].isin(outcome))
            _tick(book, outcome, language)
    if out is not None:
        writes |= merge_lists(messages, out, as_of=as_of, items=figures.message_items)
    what = f"--mark-sent {mark_sent.name}" if isinstance(mark_sent, Path) else ""
    log_run(book, Run("remind", as_of=as_of, ran_at=ran_at, by=by, what=what), figures)
    return Outcome(
        lines=(*told, *lines(figures, language=language)),  # what was asked for first: a message box has few lines
        summary=summary(figures),
        has_errors=figures.has_errors() or has_failed,
        writes_book=True,
        writes=writes,
        files=tuple(writes),
    )


def _tick(book: Book, messages: Sequence[str], language: str) -> None:
    """Say Yes in the column sent of these messages: the sheet was written before they went out."""
    table = TABLES["Reminders"]
    raw = book.read_table(table.name)
    assert raw is not None
    of_message = raw.columns[places_of(raw, table)["message_id"]]
    rows = [row for row, message in enumerate(of_message) if message in set(messages)]
    yes = columns_to_write(table, pd.DataFrame({"sent": [True] * len(rows)}), language=language, base_currency="")
    book.update_rows(table, rows, yes)


def _marked_by_list(book: Book, path: Path, *, as_of: dt.date, language: str) -> list[str]:
    """Log what is ticked on a list, and say how much that was."""
    ticked = ticked_lines(book, path, as_of=as_of)
    if not ticked.lines.empty:
        log_sent(book, ticked.lines, language=language)
    told = [f"{said('marked_as_sent', language)}: {ticked.messages} ({path.name})"]
    if ticked.already:
        told.append(f"{said('logged_before', language)}: {ticked.already}")
    return told


def sent_lines(figures: Figures) -> pd.DataFrame:
    """The rows of ReminderLog for today's list: one an item, at its own level, by its message's channel and letter."""
    messages = figures.messages[["message_id", "channel", "letter"]]
    lines = figures.message_items.merge(messages, on="message_id", how="left", validate="many_to_one")
    customers = figures.source.tables["Customers"].columns
    collector_of = dict(zip(customers["customer_id"], customers["collector"], strict=True))
    return lines.assign(
        sent_day=day_of(figures.as_of), collector=[collector_of[customer] for customer in lines["customer_id"]]
    )
