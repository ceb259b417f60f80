"""Putting on the disk what a task has done: the files beside the workbook, then the workbook, or nothing at all."""

from __future__ import annotations

from pathlib import Path

from workbook.file_book import FileBook
from workbook.outcome import Outcome
from workbook.package.atomic_save import write_whole
from workbook.refusals import NotWritable


def save_outcome(book: FileBook, outcome: Outcome, output: Path | None = None) -> None:
    """Write the outcome's files and the book, to ``output`` if given. Raises CannotSave, before anything is written.

    The files come first: a list that cannot be written must not be marked as sent.
    """
    if outcome.writes_book or output is not None:
        book.prepared(output)  # before the lists: whatever is refused is refused here
    for path, content in outcome.writes.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotWritable(path, error.strerror or str(error)) from error
        write_whole(path, content)
    if outcome.writes_book or output is not None:
        book.save(output)
