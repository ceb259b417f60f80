"""A sample workbook, closed at a month end: what Duebook does, in one command."""

from __future__ import annotations

import datetime as dt
from itertools import chain, count
from pathlib import Path

from workbook.file_book import FileBook
from workbook.outcome import Outcome
from workbook.results.report_words import said
from workbook.saving import save_outcome
from workbook.tasks.closing import close
from workbook.tasks.new_book import AlreadyThere, last_month_end, new_book
from workbook.tasks.reminding import remind

DEFAULT_FOLDER = Path("duebook-demo")


def demo(*, ran_at: dt.datetime, folder: Path | None = None, language: str = "en") -> Outcome:
    """Make a sample workbook in ``folder``, close it at the last month end, write its mail-merge list, say where to look.

    Without a folder, ``duebook-demo`` here, or the next number that is free: an earlier demo may hold somebody's notes.
    Raises AlreadyThere where one is in the folder that was asked for.
    """
    as_of = last_month_end(ran_at.date())
    folder = folder or _free_folder()
    book = folder / "receivables.xlsx"
    if book.exists():
        raise AlreadyThere(book)
    folder.mkdir(parents=True, exist_ok=True)
    new_book(book, ran_at=ran_at, language=language, sample=True, as_of=as_of)
    opened = FileBook(book)
    closed = close(opened, as_of=as_of, ran_at=ran_at)
    reminded = remind(opened, as_of=as_of, ran_at=ran_at, out=folder)
    save_outcome(opened, reminded)
    files = (book, *reminded.files)
    return Outcome(
        lines=(*closed.lines, f"{said('files_to_open', language)}:"),
        summary=closed.summary,
        has_errors=closed.has_errors,
        files=files,
    )


def _free_folder() -> Path:
    numbered = (Path(f"{DEFAULT_FOLDER}-{number}") for number in count(2))
    return next(folder for folder in chain([DEFAULT_FOLDER], numbered) if not folder.exists())
