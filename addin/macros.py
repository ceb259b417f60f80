"""The macros: one for each task that works on the open workbook, and the ways around in it.

A button runs ``RunPython "import addin.macros; addin.macros.close()"``. Each macro asks what it needs, says in the status
bar what it is doing and in one message what came of it. A refusal is its one line. Whatever happens, Excel is left as it
was found, and the workbook is either changed as a whole or not at all. It is saved by its user, as ever.
"""

from __future__ import annotations

import datetime as dt
import logging
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import xlwings as xw

from addin import undo_file
from addin.dialogs import Cancelled, ask, ask_day, choose_file, confirm, tell
from addin.excel_state import excel_kept
from addin.macro_words import said
from addin.ribbon import buttons
from addin.undo_file import LastAction
from workbook.editing.table_layout import places_of
from workbook.live import native
from workbook.live.journal import fingerprint
from workbook.live_book import LiveBook
from workbook.outcome import Outcome
from workbook.package.atomic_save import write_whole
from workbook.refusals import NeedsConfirmation, Refusal
from workbook.schema import TABLES
from workbook.table import Owner
from workbook.tasks import TASKS
from workbook.tasks.new_book import last_month_end
from workbook.tasks.posting import Declared, post_entry

_log = logging.getLogger("duebook")
_LINES_SHOWN = 12
_TASKS = {task.name: task for task in TASKS}
# A macro that has no button yet is called what its task is called.
_LABELS = dict.fromkeys(("post_invoice", "post_receipt"), _TASKS["post"].label) | {
    each.macro: each.label for each in buttons()
}


class OnlyOnWindows(Refusal):
    """Excel's own objects have other names on a Mac, which nobody has tried yet."""

    def __init__(self) -> None:
        super().__init__(
            "The macros need Excel for Windows. On a Mac, close the workbook and use the command line: duebook --help"
        )


class _Session:
    """One run of a macro on the workbook that called it."""

    def __init__(self, macro: str) -> None:
        self._label = _LABELS[macro]
        self.excel_book = xw.Book.caller()
        self.app = self.excel_book.app
        self.is_applying = False
        self.book = LiveBook(self.excel_book, progress=self._show_progress)
        self.ran_at = dt.datetime.now()
        self.language = "en"

    @property
    def label(self) -> str:
        """What its button says."""
        return self._label.in_language(self.language)

    def _show_progress(self, table: str) -> None:
        doing = said("writing" if self.is_applying else "reading", self.language)
        self.app.status_bar = f"Duebook: {self.label}: {doing} {table}…"

    def said(self, code: str) -> str:
        return said(code, self.language)

    def does(self, task: str, **arguments: Any) -> str:
        """Run a task of the registry; answers what to tell."""
        return self.carries_out(_TASKS[task].function(), **arguments)

    def carries_out(self, function: Callable[..., Outcome], **arguments: Any) -> str:
        """Run it on the workbook, once more with ``yes`` where it has to be confirmed and is; answers what to tell."""
        try:
            return self._carry_out(function, **arguments)
        except NeedsConfirmation as doubt:
            confirm(self.app, doubt.question)
            return self._carry_out(function, yes=True, **arguments)

    def _carry_out(self, function: Callable[..., Outcome], **arguments: Any) -> str:
        """Run it, write what it wants written, remember how to undo it."""
        with excel_kept(self.excel_book):
            outcome = function(self.book, ran_at=self.ran_at, language=self.language, **arguments)
            for path, content in outcome.writes.items():
                write_whole(path, content)  # before the workbook: a list that cannot be written is not marked as sent
            remarks = self.apply() if outcome.writes_book else []
        return "\n".join([*_short(outcome.lines, self.language), *map(str, outcome.files), *remarks])

    def apply(self) -> list[str]:
        """Change the workbook; answers what is to be said besides."""
        self.is_applying = True
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


def _run(name: str, act: Callable[[_Session], str]) -> None:
    """Run what a macro does and tell what came of it."""
    session = _Session(name)
    app, bar = session.app, session.app.status_bar
    try:
        if sys.platform == "darwin":
            raise OnlyOnWindows()
        session.language = session.book.language
        message = act(session)
    except Cancelled:
        message = ""
    except Refusal as refusal:
        message = str(refusal)
    except Exception as error:
        _log.exception("macro %s", name)
        message = f"{session.said('failed')}: {_reason(error)}"
    finally:
        app.status_bar = bar
    if message:
        tell(app, message)


def _reason(error: Exception) -> str:
    """What Excel itself said, if it was Excel; else what went wrong, by name."""
    told = getattr(error, "excepinfo", None)
    text = str(told[2]) if told and told[2] else f"{type(error).__name__}: {error}"
    return " ".join(text.split())


def _short(lines: Sequence[str], language: str) -> list[str]:
    """As many lines as a message box takes."""
    if len(lines) <= _LINES_SHOWN:
        return list(lines)
    return [*lines[:_LINES_SHOWN], f"… {len(lines) - _LINES_SHOWN} {said('more', language)}"]


def check() -> None:
    """List what is wrong as of today; write nothing."""
    _run("check", lambda session: session.does("check"))


def close() -> None:
    """Close a month: the last one, unless another day is given."""

    def act(session: _Session) -> str:
        as_of = ask_day(session.app, session.said("as_of"), last_month_end(session.ran_at.date()), session.language)
        return session.does("close", as_of=as_of, by=native.user_name(session.app))

    _run("close", act)


def remind() -> None:
    """Propose the reminders of a day, with the mail-merge lists beside the workbook."""

    def act(session: _Session) -> str:
        as_of = ask_day(session.app, session.said("as_of"), session.ran_at.date(), session.language)
        folder = native.folder_of(session.excel_book)
        told = session.does("remind", as_of=as_of, out=folder, by=native.user_name(session.app))
        return told if folder is not None else f"{told}\n{session.said('no_lists')}"

    _run("remind", act)


def mark_sent() -> None:
    """Log the reminders of a day as sent."""

    def act(session: _Session) -> str:
        as_of = ask_day(session.app, session.said("as_of"), session.ran_at.date(), session.language)
        confirm(session.app, session.said("really_sent"))
        return session.does("remind", as_of=as_of, mark_sent=True, by=native.user_name(session.app))

    _run("mark_sent", act)


def import_file() -> None:
    """Add and change rows from a file that is chosen."""

    def act(session: _Session) -> str:
        path = Path(choose_file(session.app, session.said("which_file"), session.said("files")))
        stem = path.stem.casefold()
        default = next((name for name, each in TABLES.items() if each.owner is Owner.USER and name.casefold() in stem), "")
        table = ask(session.app, session.said("which_table"), default)
        return session.does("import", source=path, table=table, by=native.user_name(session.app))

    _run("import_file", act)


def post_invoice() -> None:
    """Post the invoice that the Entry sheet holds; asks where the credit check says no."""
    _post("post_invoice", "invoice")


def post_receipt() -> None:
    """Post the receipt that the Entry sheet holds."""
    _post("post_receipt", "receipt")


def _post(name: str, wanted: str) -> None:
    def act(session: _Session) -> str:
        by = native.user_name(session.app)
        return session.carries_out(post_entry, wanted=wanted, declared=Declared(by=by))

    _run(name, act)


def add_sheet() -> None:
    """Add a sheet for a table that is not there yet."""

    def act(session: _Session) -> str:
        there = {name.casefold() for name in session.book.table_names()}
        missing = [name for name in TABLES if name.casefold() not in there]
        if not missing:
            return session.said("all_there")
        table = ask(session.app, f"{session.said('which_sheet')} {', '.join(missing)}", missing[0])
        return session.does("sheet", table=table)

    _run("add_sheet", act)


def go_to_issue() -> None:
    """Go to the cell that the selected issue is about."""

    def act(session: _Session) -> str:
        issues = TABLES["Issues"]
        raw, selected = session.book.read_table(issues.name), session.app.selection
        row = selected.row - raw.first_row if raw is not None and selected is not None else -1
        if raw is None or selected is None or selected.sheet.name != raw.sheet or not 0 <= row < len(raw):
            return session.said("select_an_issue")
        place = places_of(raw, issues).get("cell")
        where = str(raw.columns[place][row]) if place is not None else ""
        sheet, _, cell = where.rpartition("!")
        if not sheet:
            return session.said("no_cell")
        name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
        try:
            native.go_to(session.excel_book.sheets[name].range(cell))
        except Exception:
            return f"{where} {session.said('not_shown')}"
        return ""

    _run("go_to_issue", act)


def undo() -> None:
    """Put the tables back as they stood before the last macro. The run log keeps its line, and gets one about the undo."""

    def act(session: _Session) -> str:
        action = undo_file.kept(session.excel_book)
        if action is None:
            return session.said("nothing_to_undo")
        tables = session.book.tables
        action.journal.leave_out("RunLog")
        there = {name: tables[name.casefold()] for name in action.journal.table_names() if name.casefold() in tables}
        changed = [name for name, each in there.items() if fingerprint(each) != action.after.get(name)]
        if changed:
            confirm(session.app, f"{', '.join(changed)} {session.said('changed_since')}")
        with excel_kept(session.excel_book):
            session.is_applying = True
            session.book.take_back(action.journal)
            undo_file.forget(session.excel_book)
            is_logged = _log_undo(session, action)
        told = f"{session.said('undone')}: {action.label}"
        return told if is_logged else f"{told}\n{session.said('not_logged')}"

    _run("undo", act)


def _log_undo(session: _Session, action: LastAction) -> bool:
    """Append the undo to RunLog; answers whether that could be done. What was put back stays put back."""
    line = {
        "run_id": [f"{session.ran_at:%Y%m%d-%H%M%S-%f}-undo"],
        "ran_at": [session.ran_at.isoformat(sep=" ", timespec="seconds")],
        "task": ["undo"],
        "arguments": [f"{action.label} --by {native.user_name(session.app)}"],
        "version": [version("duebook")],
    }
    try:
        book = LiveBook(session.excel_book)
        book.append_rows(TABLES["RunLog"], line)
        book.apply()
    except Exception:
        _log.exception("an undo could not be logged")
        return False
    return True
