"""The last action of Duebook in a workbook, kept so that it can be undone although a macro clears Excel's own undo.

It is a file in the user's temporary folder, named by the workbook and the running Excel: a macro may run in a Python of its
own that ends with it, so memory does not do; and on a hidden sheet old figures would travel with the workbook to whoever
gets it. As with Excel's undo, there is nothing to undo once Excel was closed. Data is read as JSON, never run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xlwings import Book

from workbook.live import native
from workbook.live.journal import Journal
from workbook.package.atomic_save import write_whole
from workbook.refusals import CannotSave

_DAYS_KEPT = 7


@dataclass(frozen=True)
class LastAction:
    """What was done, the tables before it, and fingerprints of the tables after it."""

    label: str
    journal: Journal
    after: Mapping[str, str]


def keep(book: Book, action: LastAction) -> bool:
    """Keep an action instead of the one before; answers whether that could be done."""
    path = _path(book)
    told = {"label": action.label, "after": dict(action.after), **action.journal.to_data()}
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(path.parent)
        write_whole(path, json.dumps(told).encode())
    except (CannotSave, OSError):
        forget(book)  # an older action must not be undone in its place
        return False
    return True


def kept(book: Book) -> LastAction | None:
    """The last action, or None where there is none, or none that can be read."""
    try:
        told = json.loads(_path(book).read_bytes())
        return LastAction(str(told["label"]), Journal.from_data(told), {str(k): str(v) for k, v in told["after"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def forget(book: Book) -> None:
    """There is nothing to undo any more."""
    with contextlib.suppress(OSError):
        _path(book).unlink()


def _path(book: Book) -> Path:
    name = hashlib.sha256(native.full_name(book).casefold().encode()).hexdigest()[:24]
    return Path(tempfile.gettempdir()) / "duebook-undo" / f"{name}-{book.app.pid}.json"


def _sweep(folder: Path) -> None:
    """Take away what earlier Excels left."""
    for path in folder.glob("*.json"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _DAYS_KEPT * 86_400:
                path.unlink()
