"""The locks of a workbook, as its table Periods holds them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbook.editing.table_layout import places_of
from workbook.periods.refusals import NotAPeriod
from workbook.port import Cell, ReadableBook
from workbook.reading.cell_parsing import is_blank
from workbook.schema import TABLES

_PERIODS = TABLES["Periods"]


@dataclass(frozen=True)
class Lock:
    """One lock: ``row`` is its offset in Periods; ``from_date`` is None where everything before belongs to it."""

    row: int
    period: str
    from_date: dt.date | None
    to_date: dt.date
    locked_on: dt.date
    rows_hash: str
    copy: str
    copy_hash: str
    totals: str
    log_hash: str
    is_unlocked: bool


def all_locks(book: ReadableBook) -> list[Lock]:
    """Every lock that can be read, unlocked ones too, in the order of the sheet."""
    return list(_read(book))


def locks_in_force(book: ReadableBook) -> list[Lock]:
    """The locks that hold, the earliest period first."""
    return sorted((each for each in _read(book) if not each.is_unlocked), key=lambda each: each.to_date)


def locked_to(book: ReadableBook) -> dt.date | None:
    """The last locked day; None where nothing is locked."""
    return max((each.to_date for each in locks_in_force(book)), default=None)


def period_name(to_date: dt.date) -> str:
    """ "2025-06" for a period that ends with its month, else its last day."""
    is_month_end = to_date.day == calendar.monthrange(to_date.year, to_date.month)[1]
    return f"{to_date:%Y-%m}" if is_month_end else to_date.isoformat()


def last_day(period: str) -> dt.date:
    """The last day of "2024-10", or the day itself. Raises NotAPeriod."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}", period):
            year, month = int(period[:4]), int(period[5:])
            return dt.date(year, month, calendar.monthrange(year, month)[1])
        return dt.date.fromisoformat(period)
    except ValueError as error:
        raise NotAPeriod(period) from error


def _read(book: ReadableBook) -> Iterator[Lock]:
    raw = book.read_table(_PERIODS.name)
    if raw is None:
        return
    places = places_of(raw, _PERIODS)
    for row in range(len(raw)):
        cells = {key: raw.columns[place][row] for key, place in places.items()}
        to_date, locked_on = _date(cells.get("to_date")), _date(cells.get("locked_on"))
        if to_date is not None and locked_on is not None:
            yield Lock(
                row=row,
                period=_text(cells.get("period")),
                from_date=_date(cells.get("from_date")),
                to_date=to_date,
                locked_on=locked_on,
                rows_hash=_text(cells.get("rows_hash")),
                copy=_text(cells.get("copy")),
                copy_hash=_text(cells.get("copy_hash")),
                totals=_text(cells.get("totals")),
                log_hash=_text(cells.get("log_hash")),
                is_unlocked=not is_blank(cells.get("unlocked_on")),
            )


def _date(cell: Cell) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    return cell if isinstance(cell, dt.date) else None


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)
