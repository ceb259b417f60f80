"""One run of a macro: what every macro may ask of the workbook that called it, whichever way it is worked on."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from xlwings import App, Book

from addin.dialogs import confirm
from addin.macro_words import said
from workbook.outcome import Outcome
from workbook.port import Book as DuebookBook
from workbook.port import Columns
from workbook.refusals import NeedsConfirmation
from workbook.table import Words
from workbook.tasks import TASKS

_LINES_SHOWN = 12
_TASKS = {task.name: task for task in TASKS}


class Session(ABC):
    """A macro's workbook in Excel, and the same workbook as the tasks see it.

    ``language`` is English until the workbook was read, which may be refused.
    """

    def __init__(self, label: Words, excel_book: Book) -> None:
        self._label = label
        self.excel_book = excel_book
        self.app: App = excel_book.app
        self.ran_at = dt.datetime.now()
        self.language = "en"

    @property
    @abstractmethod
    def book(self) -> DuebookBook:
        """The workbook as tasks see it. Raises Refusal."""

    @property
    @abstractmethod
    def user_name(self) -> str:
        """Who sits there, as far as the computer knows."""

    @property
    @abstractmethod
    def folder(self) -> Path | None:
        """Where the workbook lies on this computer; None where it was never saved, or is kept online."""

    @abstractmethod
    def go_to(self, sheet: str, cell: str) -> None:
        """Show a cell. Raises whatever Excel raises where it cannot."""

    @abstractmethod
    def undo(self) -> str:
        """Put back what the last macro changed; answers what to tell. Raises Refusal, Cancelled."""

    @abstractmethod
    def _carry_out(self, function: Callable[..., Outcome], arguments: dict[str, Any]) -> tuple[Outcome, Sequence[str]]:
        """Run a task and write what it wants written; answers its outcome and what is to be said besides."""

    @property
    def label(self) -> str:
        """What its button says."""
        return self._label.in_language(self.language)

    def said(self, code: str) -> str:
        """The words of a code in the workbook's language."""
        return said(code, self.language)

    def does(self, task: str, **arguments: Any) -> str:
        """Run a task of the registry; answers what to tell."""
        return self.carries_out(_TASKS[task].function(), **arguments)

    def carries_out(self, function: Callable[..., Outcome], **arguments: Any) -> str:
        """Run it on the workbook, once more with ``yes`` where it has to be confirmed and is; answers what to tell."""
        given = {"ran_at": self.ran_at, "language": self.language, **arguments}
        try:
            outcome, remarks = self._carry_out(function, given)
        except NeedsConfirmation as doubt:
            confirm(self.app, doubt.question)
            outcome, remarks = self._carry_out(function, given | {"yes": True})
        return "\n".join([*_short(outcome.lines, self.language), *map(str, outcome.files), *remarks])

    def line_about_the_undo(self, of: str) -> Columns:
        """A line of RunLog that says what was undone."""
        return {
            "run_id": [f"{self.ran_at:%Y%m%d-%H%M%S-%f}-undo"],
            "ran_at": [self.ran_at.isoformat(sep=" ", timespec="seconds")],
            "task": ["undo"],
            "arguments": [f"{of} --by {self.user_name}"],
            "version": [version("duebook")],
        }


def _short(lines: Sequence[str], language: str) -> list[str]:
    """As many lines as a message box takes."""
    if len(lines) <= _LINES_SHOWN:
        return list(lines)
    return [*lines[:_LINES_SHOWN], f"… {len(lines) - _LINES_SHOWN} {said('more', language)}"]
