"""Excel as it was: what a macro switches off while it works is on again afterwards, also after an error."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from xlwings import Book

from workbook.live import native

# In the order in which they are put back: the calculation, which may take a while, before the screen shows it.
_SETTINGS = ("calculation", "enable_events", "screen_updating", "status_bar")


@contextlib.contextmanager
def excel_kept(book: Book) -> Iterator[None]:
    """Without recalculation, events and redrawing; the sheet in view stays in view.

    Where Excel calculates on demand only, it is asked to once, before anything is read: old results would be read otherwise.
    """
    app = book.app
    had = {name: getattr(app, name) for name in _SETTINGS}
    in_view = book.sheets.active
    name_in_view = in_view.name
    try:
        if had["calculation"] == "manual":
            app.calculate()
        app.screen_updating, app.enable_events, app.calculation = False, False, "manual"
        yield
    finally:
        with contextlib.suppress(Exception):  # the sheet may be gone
            if book.sheets.active.name != name_in_view:
                native.show(in_view)
        for name, value in had.items():
            with contextlib.suppress(Exception):  # one that Excel refuses must not keep the others off
                setattr(app, name, value)
