"""A list of reminders on which staff ticked what they sent → the lines of ReminderLog that say so (RULES §8).

The list is the merge list of some day, today's or an older one. What a message held, item by item and level by level, stands
on the list's own sheet of items; a .csv has none, so there it is looked up in the workbook's ReminderItems.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from functions.dates import day_of
from workbook.importing.known_currencies import context_of
from workbook.importing.refusals import NoSuchSheet
from workbook.importing.source import Source, read_source
from workbook.issue import cell_address
from workbook.port import Book, RawTable
from workbook.reading.rows import ReadTable, read_rows
from workbook.refusals import Refusal
from workbook.schema import TABLES

ITEMS_SHEET = "Items"
"""The sheet of a merge list on which the lines of its messages stand."""

_NEEDED = ("message_id", "sent", "customer_id", "channel", "letter")
_MOST_NAMED = 5


class NotAReminderList(Refusal):
    def __init__(self, path: Path, missing: Sequence[str]) -> None:
        super().__init__(
            f"{path.name} is no list of reminders: it has no column {', '.join(missing)}. "
            "Take one that remind --out wrote, with Yes in the column 'sent' of what went out."
        )


class UnclearTick(Refusal):
    def __init__(self, path: Path, where: str, value: object) -> None:
        super().__init__(f"{path.name}, {where}: {value!r} is neither yes nor no. Correct the cell; nothing was marked.")


class NothingTicked(Refusal):
    def __init__(self, path: Path) -> None:
        super().__init__(f"No message of {path.name} is ticked. Write Yes into its column 'sent' beside what went out.")


class UnknownMessages(Refusal):
    def __init__(self, path: Path, messages: Sequence[str]) -> None:
        named = ", ".join(messages[:_MOST_NAMED]) + (", …" if len(messages) > _MOST_NAMED else "")
        super().__init__(
            f"{path.name}: what {named} held is neither on the list's sheet {ITEMS_SHEET} nor in ReminderItems. "
            "Take the .xlsx of that day's list; nothing was marked."
        )


class ListOfALaterDay(Refusal):
    def __init__(self, path: Path, message: str, as_of: dt.date) -> None:
        super().__init__(
            f"{path.name}: message {message} was made after {as_of}, so it was not sent by then. "
            "Give the day on which it went out as --as-of."
        )


@dataclass(frozen=True)
class Ticked:
    """``lines``: rows for ReminderLog, by the rules' own names. ``messages``: how many were ticked; ``already``: how many
    of their lines the log had, for it has each item once a level.
    """

    lines: pd.DataFrame = field(repr=False)
    messages: int
    already: int


def ticked_lines(book: Book, path: Path, *, as_of: dt.date) -> Ticked:
    """What the ticked messages of a list held, as sent on ``as_of``, without what the log says already.

    Items paid since are logged all the same: sent is what was sent. Raises Refusal; nothing is changed.
    """
    listed = _listed_messages(book, path)
    ticked = listed[listed["sent"]].drop_duplicates("message_id")
    if ticked.empty:
        raise NothingTicked(path)
    later = [each for each in ticked["message_id"] if each[:8].isdecimal() and each[:8] > f"{as_of:%Y%m%d}"]
    if later:
        raise ListOfALaterDay(path, later[0], as_of)
    lines = _lines_of(book, path, list(ticked["message_id"]))
    lines = lines.merge(ticked[["message_id", "customer_id", "channel", "letter"]], on="message_id", validate="many_to_one")
    logged = _logged(book)
    is_logged = [pair in logged for pair in zip(lines["item_id"], lines["level"], strict=True)]
    is_repeated = lines.duplicated(["item_id", "level"])
    new = lines[~(pd.Series(is_logged, index=lines.index, dtype=bool) | is_repeated)]
    collectors = _collectors(book)
    new = new.assign(sent_day=day_of(as_of), collector=[collectors.get(customer, "") for customer in new["customer_id"]])
    return Ticked(new.reset_index(drop=True), messages=len(ticked), already=len(lines) - len(new))


def _listed_messages(book: Book, path: Path) -> pd.DataFrame:
    source = read_source(path)
    read, raw = _read(book, source, "Reminders")
    missing = [key for key in _NEEDED if key not in read.places]
    if missing:
        raise NotAReminderList(path, missing)
    for issue in read.issues:
        if issue.column == "sent":
            raise UnclearTick(path, cell_address(raw, issue.row, read.places["sent"]), issue.value)
    return read.frame()


def _lines_of(book: Book, path: Path, messages: Sequence[str]) -> pd.DataFrame:
    """Each message's lines, from the list itself if it has them, else from the workbook."""
    wanted = set(messages)
    found = [frame[frame["message_id"].isin(wanted)] for frame in _item_tables(book, path)]
    known: set[str] = set()
    parts = []
    for frame in found:
        parts.append(frame[~frame["message_id"].isin(known)])
        known |= set(frame["message_id"])
    if unknown := sorted(wanted - known):
        raise UnknownMessages(path, unknown)
    return pd.concat(parts, ignore_index=True)


def _item_tables(book: Book, path: Path) -> list[pd.DataFrame]:
    tables = []
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        # A list that staff saved without it: the workbook may still know.
        with suppress(NoSuchSheet):
            tables.append(_read(book, read_source(path, sheet=ITEMS_SHEET), "ReminderItems")[0].frame())
    raw = book.read_table("ReminderItems")
    if raw is not None:
        tables.append(read_rows(raw, TABLES["ReminderItems"], context_of(book)).frame())
    return tables


def _read(book: Book, source: Source, table: str) -> tuple[ReadTable, RawTable]:
    raw = RawTable(
        name=table,
        sheet=source.described.removeprefix("sheet "),
        headers=source.headers,
        columns=source.columns,
        first_row=source.lines[0] if source.lines else 2,
        first_column=1,
        faults=source.faults,
        is_1904=source.is_1904,
    )
    return read_rows(raw, TABLES[table], context_of(book)), raw


def _logged(book: Book) -> set[tuple[str, int]]:
    raw = book.read_table("ReminderLog")
    if raw is None:
        return set()
    log = read_rows(raw, TABLES["ReminderLog"], context_of(book)).columns
    return set(zip(log["item_id"], log["level"], strict=True))


def _collectors(book: Book) -> dict[str, str]:
    raw = book.read_table("Customers")
    if raw is None:
        return {}
    customers = read_rows(raw, TABLES["Customers"], context_of(book)).columns
    return dict(zip(customers["customer_id"], customers["collector"], strict=True))
