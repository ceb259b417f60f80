"""The windows in which macros ask and tell, each behind one function."""

from __future__ import annotations

import datetime as dt
import sys

from xlwings import App

from addin import osascript
from addin.macro_words import said
from workbook.live import native
from workbook.refusals import Refusal

_TITLE = "Duebook"


class Cancelled(Exception):
    """Somebody pressed Cancel: nothing is done, and nothing said."""


class NotADay(Refusal):
    def __init__(self, given: str, language: str) -> None:
        super().__init__(f"{given} {said('not_a_day', language)}")


def tell(app: App, text: str) -> None:
    """A message to be read and closed."""
    app.alert(text, title=_TITLE, buttons="ok", mode="info")


def confirm(app: App, text: str) -> None:
    """A question; goes on when the answer is yes. Raises Cancelled."""
    if app.alert(text, title=_TITLE, buttons="yes_no") != "yes":
        raise Cancelled


def ask(app: App, prompt: str, default: str = "") -> str:
    """A line of text. Raises Cancelled."""
    on_a_mac = sys.platform == "darwin"
    answer = osascript.asked_for(prompt, default, _TITLE) if on_a_mac else native.asked_for(app, prompt, default)
    if answer is None or not answer.strip():
        raise Cancelled
    return answer.strip()


def ask_day(app: App, prompt: str, default: dt.date, language: str) -> dt.date:
    """A day that begins with the year. Raises Cancelled, NotADay."""
    answer = ask(app, prompt, default.isoformat())
    try:
        return dt.date.fromisoformat(answer)
    except ValueError:
        raise NotADay(answer, language) from None


def choose_file(app: App, title: str, filters: str) -> str:
    """The path of a file; ``filters`` as Windows takes them, a Mac shows all files. Raises Cancelled."""
    chosen = osascript.file_chosen(title) if sys.platform == "darwin" else native.file_chosen(app, title, filters)
    if chosen is None:
        raise Cancelled
    return chosen
