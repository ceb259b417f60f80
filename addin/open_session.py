"""A macro at work on the open workbook, through Excel's own objects. On Windows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from xlwings import Book

from addin import undo_file
from addin.dialogs import confirm
from addin.excel_state import excel_kept
from addin.session import Session
from addin.undo_file import LastAction
from workbook.live import native
from workbook.live.journal import fingerprint
from workbook.live_book import LiveBook
from workbook.log_chain import append_lines
from workbook.outcome import Outcome
from workbook.package.atomic_save import write_all
from workbook.table import Words

_log = logging.getLogger("duebook")


class OpenSession(Session):
    """The workbook is changed as a whole or not at all, and saved by its user, as ever. What was changed can be undone."""

    def __init__(self, label: Words, excel_book: Book) -> None:
        super().__init__(label, excel_book)
        self._is_applying = False
        self._book = LiveBook(self.excel_book, progress=self._show_progress)

    @property
    def book(self) -> LiveBook:
        return self._book

    @property
    def user_name(self) -> str:
        return native.user_name(self.app)

    @property
    def folder(self) -> Path | None:
        return native.folder_of(self.excel_book)

    def go_to(self, sheet: str, cell: str) -> None:
        native.go_to(self.excel_book.sheets[sheet].range(cell))

    def _show_progress(self, table: str) -> None:
        doing = self.said("writing" if self._is_applying else "reading")
        self.app.status_bar = f"Duebook: {self.label}: {doing} {table}…"

    def _carry_out(self, function: Callable[..., Outcome], arguments: dict[str, Any]) -> tuple[Outcome, Sequence[str]]:
        with excel_kept(self.excel_book):
            outcome = function(self.book, **arguments)
            write_all(outcome.writes)  # before the workbook: a list that cannot be written is not marked as sent
            return outcome, self._apply() if outcome.writes_book else []

    def _apply(self) -> list[str]:
        """Change the workbook; answers what is to be said besides."""
        self._is_applying = True
        tables = self.book.tables
        self.book.apply()
        remarks = [self.said("lost_filter")] if any(each.lost_filters for each in tables.values()) else []
        if not self.book.journal.is_empty() and not self._keep_for_undo():
            remarks.append(self.said("no_undo"))
        return remarks

    def _keep_for_undo(self) -> bool:
        """Keep what was changed; answers whether that could be done. The change itself is made, whatever happens here."""
        try:
            now, journal = self.book.tables, self.book.journal
            after = {name: fingerprint(now[name.casefold()]) for name in journal.table_names()}
            return undo_file.keep(self.excel_book, LastAction(self.label, journal, after))
        except Exception:
            _log.exception("what was changed could not be kept for an undo")
            undo_file.forget(self.excel_book)
            return False

    def undo(self) -> str:
        """Put the tables back as they stood before the last macro. RunLog keeps its line, and gets one about the undo."""
        action = undo_file.kept(self.excel_book)
        if action is None:
            return self.said("nothing_to_undo")
        tables = self.book.tables
        action.journal.leave_out("RunLog")
        there = {name: tables[name.casefold()] for name in action.journal.table_names() if name.casefold() in tables}
        changed = [name for name, each in there.items() if fingerprint(each) != action.after.get(name)]
        if changed:
            confirm(self.app, f"{', '.join(changed)} {self.said('changed_since')}")
        with excel_kept(self.excel_book):
            self._is_applying = True
            self.book.take_back(action.journal)
            undo_file.forget(self.excel_book)
            is_logged = self._log_undo(action)
        told = f"{self.said('undone')}: {action.label}"
        return told if is_logged else f"{told}\n{self.said('not_logged')}"

    def _log_undo(self, action: LastAction) -> bool:
        """Append the undo to RunLog; answers whether that could be done. What was put back stays put back."""
        try:
            book = LiveBook(self.excel_book)
            append_lines(book, self.line_about_the_undo(action.label))
            book.apply()
        except Exception:
            _log.exception("an undo could not be logged")
            return False
        return True
