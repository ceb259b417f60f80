"""Putting on the disk what a task has done: the files beside the workbook, then the workbook."""

from __future__ import annotations

import contextlib
import stat
from pathlib import Path

from workbook.file_book import FileBook
from workbook.outcome import Outcome
from workbook.package.atomic_save import write_all, write_whole
from workbook.package.one_writer import one_writer
from workbook.periods.refusals import AsLockedNeedsOutput


def save_outcome(book: FileBook, outcome: Outcome, output: Path | None = None) -> None:
    """Write the outcome's files and the book, to ``output`` if given; each whole or not at all. Raises CannotSave.

    Whatever can be known beforehand is refused before anything is written. The files come first: a list that cannot be
    written must not be marked as sent. When a run is killed in between, the lists are there and the workbook is as it was;
    the task, run again for the same day, writes them anew.
    """
    if outcome.instead is not None:
        if output is None:
            raise AsLockedNeedsOutput
        write_whole(output, outcome.instead)
        return
    saves_book = outcome.writes_book or output is not None
    with contextlib.ExitStack() as while_saving:
        if saves_book:
            while_saving.enter_context(one_writer(output or book.path))
            book.prepared(output)
        write_all(outcome.writes)
        for name, content in outcome.beside.items():
            _keep((output or book.path).parent / name, content)
        if saves_book:
            book.save(output)


def _keep(path: Path, content: bytes) -> None:
    """Write a file that is to be read only from then on; one of a run that came to nothing gives way."""
    if path.is_file():
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    write_whole(path, content)
    path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
