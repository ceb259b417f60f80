"""ReminderLog, and what a mail server took that it does not know yet (RULES §8: the log decides).

E-mails are noted in a journal beside the workbook as they go out. A workbook that could not be saved afterwards, or was open
in Excel meanwhile, has nothing of them in its log; every task that judges the log takes them in before it reads it.
"""

from __future__ import annotations

import pandas as pd

from workbook.editing.table_layout import places_of
from workbook.letters.journal import Journal
from workbook.port import Book
from workbook.results.report_words import said
from workbook.results.writing import columns_to_write
from workbook.schema import TABLES


def log_sent(book: Book, sent: pd.DataFrame, *, language: str) -> None:
    """Append to ReminderLog."""
    columns = columns_to_write(TABLES["ReminderLog"], sent, language=language, base_currency="")
    book.append_rows(TABLES["ReminderLog"], columns)


def log_what_was_sent(book: Book, *, language: str) -> list[str]:
    """Take in the journal that lies beside the workbook, and say how many messages that was. Raises JournalUnreadable."""
    return [] if book.path is None else take_in(book, Journal.beside(book.path), language=language)


def take_in(book: Book, journal: Journal, *, language: str) -> list[str]:
    """Append what a server took and the log has not, and say how many messages that was."""
    accepted = list(journal.accepted())
    logged = _logged(book) if accepted else set()
    rows = [row for row in accepted if (row["message_id"], row["item_id"]) not in logged]
    if not rows:
        return []
    log_sent(book, pd.DataFrame(rows), language=language)
    return [f"{said('taken_in', language)}: {len({row['message_id'] for row in rows})}"]


def _logged(book: Book) -> set[tuple[str, str]]:
    """(message, item) of every row of ReminderLog."""
    raw = book.read_table("ReminderLog")
    if raw is None:
        return set()
    places = places_of(raw, TABLES["ReminderLog"])
    columns = (raw.columns[places[key]] for key in ("message_id", "item_id"))
    return {(str(message), str(item)) for message, item in zip(*columns, strict=True)}
