"""The macros: one for each task that works on the open workbook, and the ways around in it.

A button runs ``RunPython "import addin.macros; addin.macros.close()"``. Each macro asks what it needs, says in the status
bar what it is doing and in one message what came of it. A refusal is its one line. Whatever happens, Excel is left as it
was found, and the workbook is either changed as a whole or not at all.
"""

from __future__ import annotations

import datetime as dt
import logging
import sys
from collections.abc import Callable
from pathlib import Path

import xlwings as xw

from addin.dialogs import Cancelled, ask, ask_day, choose_file, confirm, tell
from addin.file_session import FileSession
from addin.open_session import OpenSession
from addin.ribbon import buttons
from addin.session import Session
from workbook.editing.table_layout import places_of
from workbook.refusals import Refusal
from workbook.results.report_words import said as result_words
from workbook.schema import TABLES
from workbook.table import Owner
from workbook.tasks.new_book import last_month_end
from workbook.tasks.posting import Declared, post_entry

_log = logging.getLogger("duebook")
_LABELS = {each.macro: each.label for each in buttons()}


def _session(macro: str) -> Session:
    """The workbook that called, as this system lets it be worked on."""
    works_on: type[OpenSession | FileSession] = FileSession if sys.platform == "darwin" else OpenSession
    return works_on(_LABELS[macro], xw.Book.caller())


def _run(name: str, act: Callable[[Session], str]) -> None:
    """Run what a macro does and tell what came of it."""
    session = _session(name)
    app, bar = session.app, session.app.status_bar
    try:
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


def _asked_day(session: Session, default: dt.date) -> dt.date:
    """The day that the figures are to be of. Raises Cancelled, NotADay."""
    return ask_day(session.app, session.said("as_of"), default, session.language)


def _asked_days(session: Session) -> tuple[dt.date, dt.date]:
    """The first and the last day of a period: of the last month, unless others are given. Raises Cancelled, NotADay."""
    last = last_month_end(session.ran_at.date())
    first = ask_day(session.app, session.said("from_day"), last.replace(day=1), session.language)
    return first, ask_day(session.app, session.said("to_day"), last, session.language)


def _reason(error: Exception) -> str:
    """What Excel itself said, if it was Excel; else what went wrong, by name."""
    told = getattr(error, "excepinfo", None)
    text = str(told[2]) if told and told[2] else f"{type(error).__name__}: {error}"
    return " ".join(text.split())


def check() -> None:
    """List what is wrong as of today; write nothing."""
    _run("check", lambda session: session.does("check"))


def close() -> None:
    """Close a month: the last one, unless another day is given."""

    def act(session: Session) -> str:
        as_of = _asked_day(session, last_month_end(session.ran_at.date()))
        return session.does("close", as_of=as_of, by=session.user_name)

    _run("close", act)


def bill() -> None:
    """Propose the invoices that contracts are due to be billed as of a day."""
    _bill("bill", post=False)


def post_bills() -> None:
    """Post the invoices that are left on the Billing sheet; asks where the credit check says no."""
    _bill("post_bills", post=True)


def _bill(name: str, *, post: bool) -> None:
    def act(session: Session) -> str:
        as_of = _asked_day(session, session.ran_at.date())
        return session.does("bill", as_of=as_of, post=post, by=session.user_name)

    _run(name, act)


def reconcile() -> None:
    """Compare a month with the control account, the bank and the confirmations: the last one, unless another is given."""

    def act(session: Session) -> str:
        month = f"{last_month_end(session.ran_at.date()):%Y-%m}"
        period = ask(session.app, session.said("which_period"), month)
        return session.does("reconcile", period=period, by=session.user_name)

    _run("reconcile", act)


def bridge() -> None:
    """Explain how one balance became a later one: over the last month, unless other days are given."""

    def act(session: Session) -> str:
        first, to = _asked_days(session)
        return session.does("bridge", from_date=first, to_date=to, by=session.user_name)

    _run("bridge", act)


def legal() -> None:
    """Open a legal case of a customer, with what a lawyer needs in a folder beside the workbook."""

    def act(session: Session) -> str:
        if session.folder is None:
            return session.said("no_folder")
        customer = ask(session.app, session.said("which_customer"))
        return session.does("legal", customer=customer, out=session.folder, by=session.user_name)

    _run("legal", act)


def statements() -> None:
    """Make a statement for every customer with something to tell, of the last month unless other days are given."""

    def act(session: Session) -> str:
        if session.folder is None:
            return session.said("no_folder")
        first, to = _asked_days(session)
        out = session.folder / f"statements-{to.isoformat()}"
        session.does("statements", from_date=first, to_date=to, out=out, by=session.user_name)
        return f"{session.said('written_to')} {out}"

    _run("statements", act)


def replies() -> None:
    """Read a statement or confirmation that a customer filled in."""

    def act(session: Session) -> str:
        path = choose_file(session.app, session.said("which_reply"), session.said("reply_files"))
        return session.does("replies", files=(Path(path),), by=session.user_name)

    _run("replies", act)


def remind() -> None:
    """Propose the reminders of a day, with the mail-merge lists beside the workbook."""

    def act(session: Session) -> str:
        as_of = _asked_day(session, session.ran_at.date())
        folder = session.folder
        told = session.does("remind", as_of=as_of, out=folder, by=session.user_name)
        return told if folder is not None else f"{told}\n{session.said('no_lists')}"

    _run("remind", act)


def mark_sent() -> None:
    """Log the reminders of a day as sent."""

    def act(session: Session) -> str:
        as_of = _asked_day(session, session.ran_at.date())
        confirm(session.app, session.said("really_sent"))
        return session.does("remind", as_of=as_of, mark_sent=True, by=session.user_name)

    _run("mark_sent", act)


def letters() -> None:
    """Write the reminders of a day beside the workbook, each message in a file of its kind."""

    def act(session: Session) -> str:
        if session.folder is None:
            return session.said("no_folder")
        as_of = _asked_day(session, session.ran_at.date())
        return session.does("remind", as_of=as_of, out=session.folder, letters="all", by=session.user_name)

    _run("letters", act)


def send_mails() -> None:
    """Say which e-mails of a day would go out, and send them after a yes."""

    def act(session: Session) -> str:
        as_of = _asked_day(session, session.ran_at.date())
        told = session.does("remind", as_of=as_of, send=True, by=session.user_name)
        if told.startswith(f"{result_words('would_send', session.language)}: 0"):
            return told
        confirm(session.app, f"{told}\n\n{session.said('really_send')}")
        return session.does("remind", as_of=as_of, send=True, yes=True, by=session.user_name)

    _run("send_mails", act)


def match() -> None:
    """Suggest what the bank lines up to a day pay."""

    def act(session: Session) -> str:
        as_of = _asked_day(session, session.ran_at.date())
        return session.does("match", as_of=as_of, by=session.user_name)

    _run("match", act)


def post_matches() -> None:
    """Post the matches that are ticked."""

    def act(session: Session) -> str:
        as_of = _asked_day(session, session.ran_at.date())
        return session.does("match", as_of=as_of, post=True, by=session.user_name)

    _run("post_matches", act)


def import_file() -> None:
    """Add and change rows from a file that is chosen."""

    def act(session: Session) -> str:
        path = Path(choose_file(session.app, session.said("which_file"), session.said("files")))
        stem = path.stem.casefold()
        default = next((name for name, each in TABLES.items() if each.owner is Owner.USER and name.casefold() in stem), "")
        table = ask(session.app, session.said("which_table"), default)
        return session.does("import", source=path, table=table, by=session.user_name)

    _run("import_file", act)


def post_invoice() -> None:
    """Post the invoice that the Entry sheet holds; asks where the credit check says no."""
    _post("post_invoice", "invoice")


def post_receipt() -> None:
    """Post the receipt that the Entry sheet holds."""
    _post("post_receipt", "receipt")


def post_whatever() -> None:
    """Post what the Entry sheet holds, as its first row says; asks where the credit check says no."""
    _post("post_whatever", "")


def _post(name: str, wanted: str) -> None:
    def act(session: Session) -> str:
        return session.carries_out(post_entry, wanted=wanted, declared=Declared(by=session.user_name))

    _run(name, act)


def add_sheet() -> None:
    """Add a sheet for a table that is not there yet."""

    def act(session: Session) -> str:
        there = {name.casefold() for name in session.book.table_names()}
        missing = [name for name in TABLES if name.casefold() not in there]
        if not missing:
            return session.said("all_there")
        table = ask(session.app, f"{session.said('which_sheet')} {', '.join(missing)}", missing[0])
        return session.does("sheet", table=table)

    _run("add_sheet", act)


def go_to_issue() -> None:
    """Go to the cell that the selected issue is about."""

    def act(session: Session) -> str:
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
            session.go_to(name, cell)
        except Exception:
            return f"{where} {session.said('not_shown')}"
        return ""

    _run("go_to_issue", act)


def undo() -> None:
    """Put the tables back as they stood before the last macro. The run log keeps its line, and gets one about the undo."""

    _run("undo", lambda session: session.undo())
