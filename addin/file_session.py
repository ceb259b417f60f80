"""A macro at work on the workbook's file, closed for as long as it is written. On a Mac.

Excel's objects have other names there, in another language than Windows speaks, and fewer things can be asked of them. So
the workbook is saved, the task works on the file as the command line does, which keeps all that it does not change, and the
workbook is opened again where it was. Of Excel only what xlwings has words for on every system is used.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from addin import osascript
from addin.dialogs import confirm
from addin.session import Session
from workbook.editing.table_layout import places_of
from workbook.file_book import FileBook
from workbook.log_chain import RUN_LOG, append_lines
from workbook.outcome import Outcome
from workbook.port import Columns
from workbook.refusals import Refusal
from workbook.saving import save_outcome


class NeverSaved(Refusal):
    """A workbook without a file on this computer."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has no file on this computer that could be worked on: save it in a folder of yours first.")


class FileSession(Session):
    """The workbook is saved before and after. What it was before the last macro is kept until Excel is closed."""

    @cached_property
    def book(self) -> FileBook:
        self.excel_book.save()
        return FileBook(self._path)

    @cached_property
    def _path(self) -> Path:
        path = Path(self.excel_book.fullname)
        if not path.is_absolute() or not path.exists():
            raise NeverSaved(self.excel_book.name)
        return path

    @property
    def user_name(self) -> str:
        return osascript.user_name()

    @property
    def folder(self) -> Path | None:
        return self._path.parent

    def go_to(self, sheet: str, cell: str) -> None:
        shown = self.excel_book.sheets[sheet]
        shown.activate()
        shown.range(cell).select()

    def _carry_out(self, function: Callable[..., Outcome], arguments: dict[str, Any]) -> tuple[Outcome, Sequence[str]]:
        self.app.status_bar = f"Duebook: {self.label}…"
        outcome = function(self.book, **arguments)
        if not outcome.writes_book:
            save_outcome(self.book, outcome)
            return outcome, []
        kept = self._keep()
        with self._closed():
            save_outcome(self.book, outcome)
        return outcome, [] if kept else [self.said("no_undo")]

    @contextlib.contextmanager
    def _closed(self) -> Iterator[None]:
        """Without the workbook in Excel, which is opened again whatever happens, at the cells that were selected."""
        sheet, selected = self.excel_book.sheets.active.name, self.app.selection
        address = selected.address if selected is not None else "A1"
        self.excel_book.close()
        try:
            yield
        finally:
            self.excel_book = self.app.books.open(str(self._path))
            with contextlib.suppress(Exception):  # the sheet may be gone, or hidden
                self.go_to(sheet, address)

    # What the workbook was

    @property
    def _kept(self) -> Path:
        name = hashlib.sha256(str(self._path).casefold().encode()).hexdigest()[:24]
        return Path(tempfile.gettempdir()) / "duebook-undo" / f"{name}-{self.app.pid}{self._path.suffix}"

    @property
    def _kept_label(self) -> Path:
        return self._kept.with_suffix(".label")

    def _keep(self) -> bool:
        """Keep the file as it is; answers whether that could be done."""
        try:
            self._kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(self._path, self._kept)
            self._kept_label.write_text(self.label, encoding="utf-8")
        except OSError:
            with contextlib.suppress(OSError):  # an older state must not be put back in its place
                self._kept.unlink()
            return False
        return True

    def undo(self) -> str:
        """Put back the workbook of before the last macro. RunLog keeps its lines, and gets one about the undo."""
        if not self._kept.exists() or not self._kept_label.exists():
            return self.said("nothing_to_undo")
        label = self._kept_label.read_text(encoding="utf-8")
        confirm(self.app, self.said("takes_back_all"))
        before = FileBook(self._kept)
        lines = _lines_since(self.book, before)
        append_lines(before, lines)
        append_lines(before, self.line_about_the_undo(label))
        with self._closed():
            before.save(self._path)
        self._kept.unlink()
        return f"{self.said('undone')}: {label}"


def _lines_since(now: FileBook, before: FileBook) -> Columns:
    """The lines of RunLog that the earlier workbook does not have."""
    raw, old = now.read_table(RUN_LOG.name), before.read_table(RUN_LOG.name)
    if raw is None:
        return {}
    places = places_of(raw, RUN_LOG)
    known = set(old.columns[places_of(old, RUN_LOG)["run_id"]]) if old is not None else set()
    rows = [row for row, run in enumerate(raw.columns[places["run_id"]]) if run not in known]
    return {key: [raw.columns[place][row] for row in rows] for key, place in places.items()}
