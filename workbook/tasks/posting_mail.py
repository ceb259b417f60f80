"""The e-mails of a run: what an earlier run sent is logged, what is to go out is told or sent."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass

from workbook.letters.attachments import Attachments
from workbook.letters.journal import ACCEPTED, FAILED, Journal
from workbook.letters.messages import Message
from workbook.letters.outputs import refuse_without_text
from workbook.letters.sending import Sending, Server, send
from workbook.package.one_writer import one_writer
from workbook.port import Book
from workbook.refusals import Refusal
from workbook.reminders.sent_log import take_in
from workbook.results.report_words import said


class SendsAndMarks(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "--send logs what it sends: leave --mark-sent out, and mark what goes out otherwise in a second run."
        )


class NoFileToSendFrom(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "What is sent is written down beside the workbook: save it in a folder of this computer first, then send."
        )


@dataclass(frozen=True)
class Post:
    """The journal of a workbook on a disk; none for one that was never saved, or is kept online: nothing is sent there."""

    journal: Journal | None

    @classmethod
    def of(cls, book: Book, *, is_needed: bool = False) -> Post:
        """Raises NoFileToSendFrom where a journal ``is_needed`` and the book lies nowhere; JournalUnreadable."""
        if book.path is None:
            if is_needed:
                raise NoFileToSendFrom
            return cls(None)
        return cls(Journal.beside(book.path))

    def take_in(self, book: Book, *, language: str, doubtful: str = "") -> list[str]:
        """Log what a server took and no run could log. ``doubtful``: "sent" or "not-sent", of messages in doubt."""
        if self.journal is None:
            return []
        if doubtful:
            for message in self.journal.in_doubt():
                self.journal.tell(ACCEPTED if doubtful == "sent" else FAILED, message)
        return take_in(book, self.journal, language=language)

    def ready(self, messages: Sequence[Message]) -> list[Message]:
        """The e-mails that may go out: none that may have gone out already. Raises LettersNotReady."""
        assert self.journal is not None
        mails = [message for message in messages if message.channel == "email"]
        refuse_without_text(mails)
        return self._not_gone([mail for mail in mails if mail.is_ready], self.journal)

    @staticmethod
    def _not_gone(mails: Sequence[Message], journal: Journal) -> list[Message]:
        gone = journal.gone_items()
        return [mail for mail in mails if not any((line.item_id, line.level) in gone for line in mail.lines)]

    def send(
        self,
        mails: Sequence[Message],
        attachments: Attachments,
        *,
        is_meant: bool,
        as_of: dt.date,
        sent_at: dt.datetime,
        language: str,
    ) -> tuple[list[str], list[str], bool]:
        """The ids of what was accepted, what to tell, and if anything is left. Raises SmtpNotSet, what ``send`` does."""
        assert self.journal is not None
        if not is_meant:
            told = [f"  {mail.message_id}: {'; '.join(mail.recipients)}" for mail in mails]
            return [], [f"{said('would_send', language)}: {len(mails)}", *told], bool(self.journal.in_doubt())
        server = Server.of(os.environ)
        if not mails:
            return [], [f"{said('sent_mails', language)}: 0", *self._doubts(language)], bool(self.journal.in_doubt())
        with one_writer(self.journal.path):
            # Another run may have sent meanwhile, to an output of its own.
            now = self._not_gone(mails, self.journal.read_again())
            sent = send(now, Sending(server, self.journal, attachments, as_of, sent_at.astimezone()))
        told = [f"{said('sent_mails', language)}: {len(sent.accepted)}"]
        if sent.refused:
            told.append(f"{said('mail_refused', language)}:")
            told += [f"  {message}: {answer}" for message, answer in sent.refused.items()]
        if sent.left:
            told.append(f"{said('mail_left', language)}: {', '.join(sent.left)}")
        told += self._doubts(language)
        return sent.accepted, told, bool(sent.refused or sent.left or self.journal.in_doubt())

    def _doubts(self, language: str) -> list[str]:
        assert self.journal is not None
        ids = self.journal.in_doubt()
        return [f"{said('mail_in_doubt', language)}: {', '.join(ids)}"] if ids else []
