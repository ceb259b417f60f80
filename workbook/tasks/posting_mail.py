"""The e-mails of a run: what an earlier run sent is logged, what is to go out is told or sent."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbook.letters.journal import ACCEPTED, FAILED, Journal
from workbook.letters.messages import Message
from workbook.letters.outputs import refuse_without_text
from workbook.letters.sending import Server, send
from workbook.port import Book
from workbook.refusals import Refusal
from workbook.results.report_words import said
from workbook.results.writing import columns_to_write
from workbook.schema import TABLES


class SendsAndMarks(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "--send logs what it sends: leave --mark-sent out, and mark what goes out otherwise in a second run."
        )


class NoFileToSendFrom(Refusal):
    def __init__(self) -> None:
        super().__init__("E-mails are sent from a workbook that is saved: close it in Excel and use the command line.")


def log_sent(book: Book, sent: pd.DataFrame, *, language: str) -> None:
    """Append to ReminderLog."""
    columns = columns_to_write(TABLES["ReminderLog"], sent, language=language, base_currency="")
    book.append_rows(TABLES["ReminderLog"], columns)


@dataclass(frozen=True)
class Post:
    """The journal of a workbook on a disk; none for one that is open in Excel, where nothing is sent."""

    journal: Journal | None

    @classmethod
    def of(cls, book: Book, *, is_needed: bool) -> Post:
        """Raises NoFileToSendFrom where a journal ``is_needed`` and the book is no file."""
        path = getattr(book, "path", None)
        if not isinstance(path, Path):
            if is_needed:
                raise NoFileToSendFrom
            return cls(None)
        return cls(Journal.beside(path))

    def take_in(self, book: Book, *, doubtful: str, language: str) -> list[str]:
        """Log what a server took and no run could log. ``doubtful``: "sent" or "not-sent", of messages in doubt."""
        if self.journal is None:
            return []
        if doubtful:
            for message in self.journal.in_doubt():
                self.journal.tell(ACCEPTED if doubtful == "sent" else FAILED, message)
        logged = _logged(book)
        rows = [row for row in self.journal.accepted() if (row["message_id"], row["item_id"]) not in logged]
        if not rows:
            return []
        log_sent(book, pd.DataFrame(rows), language=language)
        return [f"{said('taken_in', language)}: {len({row['message_id'] for row in rows})}"]

    def ready(self, messages: Sequence[Message]) -> list[Message]:
        """The e-mails that may go out: none that may have gone out already. Raises LettersNotReady."""
        assert self.journal is not None
        mails = [message for message in messages if message.channel == "email"]
        refuse_without_text(mails)
        doubt = self.journal.doubtful_items()
        return [
            mail for mail in mails if mail.is_ready and not any((line.item_id, line.level) in doubt for line in mail.lines)
        ]

    def send(
        self, mails: Sequence[Message], *, is_meant: bool, as_of: dt.date, sent_at: dt.datetime, language: str
    ) -> tuple[list[str], list[str], bool]:
        """The ids of what was accepted, what to tell, and whether something is left. Raises SmtpNotSet, NoServer."""
        assert self.journal is not None
        if not is_meant:
            told = [f"  {mail.message_id}: {'; '.join(mail.recipients)}" for mail in mails]
            return [], [f"{said('would_send', language)}: {len(mails)}", *told], bool(self.journal.in_doubt())
        server = Server.of(os.environ)
        if not mails:
            return [], [f"{said('sent_mails', language)}: 0", *self._doubts(language)], bool(self.journal.in_doubt())
        sent = send(mails, server, self.journal, as_of=as_of, sent_at=sent_at.astimezone())
        told = [f"{said('sent_mails', language)}: {len(sent.accepted)}"]
        for code, ids in (("mail_refused", sent.refused), ("mail_left", sent.left)):
            told += [f"{said(code, language)}: {', '.join(ids)}"] if ids else []
        told += self._doubts(language)
        return sent.accepted, told, bool(sent.refused or sent.left or self.journal.in_doubt())

    def _doubts(self, language: str) -> list[str]:
        assert self.journal is not None
        ids = self.journal.in_doubt()
        return [f"{said('mail_in_doubt', language)}: {', '.join(ids)}"] if ids else []


def _logged(book: Book) -> set[tuple[object, object]]:
    """(message, item) of every row of ReminderLog."""
    from workbook.editing.table_layout import places_of

    raw = book.read_table("ReminderLog")
    if raw is None:
        return set()
    places = places_of(raw, TABLES["ReminderLog"])
    columns = (raw.columns[places[key]] for key in ("message_id", "item_id"))
    return {(str(message), str(item)) for message, item in zip(*columns, strict=True)}
