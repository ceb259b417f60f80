"""An office that keeps its receivables in a workbook: what staff do there by hand, and what the reminders say each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook

from workbook.editing.table_layout import places_of
from workbook.file_book import FileBook
from workbook.port import Cell
from workbook.reading.rows import TypedColumn
from workbook.reminders.follow_up import follow_up
from workbook.results.run import Run
from workbook.schema import TABLES
from workbook.tasks.reminding import remind
from workbook.template.new_workbook import new_workbook

Row = Mapping[str, Any]


def on(day: str) -> dt.date:
    """A day of the story's year, "03-07"."""
    return dt.date.fromisoformat(f"2024-{day}")


@dataclass(frozen=True)
class Sent:
    """What went out about an invoice."""

    level: int
    channel: str
    letter: str
    total: float


@dataclass(frozen=True)
class Held:
    """Why nothing went out about an invoice. Days as "03-07", "" where there is none."""

    reason: str
    since: str = ""
    until: str = ""


def polars_frame(columns: Mapping[str, TypedColumn]) -> pl.DataFrame:
    """Typed columns as a Polars frame; a list is of texts, also where it is empty."""
    return pl.DataFrame(
        [pl.Series(name, each, dtype=pl.String if isinstance(each, list) else None) for name, each in columns.items()]
    )


@pytest.fixture
def quick_reminders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reminder runs on Polars, in a quarter of the time; ``Office.agrees_on_pandas`` asks the engine of users besides."""
    monkeypatch.setattr("workbook.tasks.reminding.LedgerRun", partial(Run, frame_of=polars_frame))


class Office:
    """A new workbook in a folder, with everything in it as a new one has it: its terms, its ladder, its settings."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "receivables.xlsx"
        new_workbook(self.path, language="en", currency="USD")

    def types(self, table: str, **cells: Cell) -> None:
        """Staff add a row to a sheet, and save."""
        book = FileBook(self.path)
        book.append_rows(TABLES[table], {key: [cell] for key, cell in cells.items()})
        book.save()

    def corrects(self, table: str, row_id: str, **cells: Cell) -> None:
        """Staff change cells of the row with this id, and save."""
        book = FileBook(self.path)
        (key,) = TABLES[table].key
        row = [each[key] for each in self.rows(table)].index(row_id)
        book.update_rows(TABLES[table], [row], {key: [cell] for key, cell in cells.items()})
        book.save()

    def ticks(self, *line_ids: str) -> None:
        """Staff accept the rows of these lines in Matches, and save: the table is ours, so they type it in Excel."""
        book = load_workbook(self.path)
        (sheet,) = (each for each in book.worksheets if "Matches" in each.tables)
        headers = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            if row[headers.index("Line ID")].value in line_ids:
                row[headers.index("Accept")].value = "Yes"
        book.save(self.path)

    def reminds(self, day: str, *, really: bool = True) -> dict[str, Sent | Held]:
        """The reminder run of a day, sent and marked as sent unless only looked at. Invoice → what became of it."""
        book = FileBook(self.path)
        remind(book, as_of=on(day), ran_at=dt.datetime.combine(on(day), dt.time(9)), mark_sent=really)
        book.save()
        messages = {each["message_id"]: each for each in self.rows("Reminders")}
        told: dict[str, Sent | Held] = {}
        for line in self.rows("ReminderItems"):
            message = messages[line["message_id"]]
            told[line["invoice_id"]] = Sent(line["level"], message["channel"], message["letter"], message["total"])
        for item in self.rows("RemindersHeld"):
            assert item["invoice_id"] not in told
            told[item["invoice_id"]] = Held(item["reason"], _short(item["since"]), _short(item["until"]))
        return told

    def agrees_on_pandas(self, day: str) -> bool:
        """Whether both engines make the same of the workbook as of a day: what is open, sent, held, and follows from it."""
        pandas, polars = (Run(FileBook(self.path), as_of=on(day), **how) for how in ({}, {"frame_of": polars_frame}))
        frames = ("open_items", "messages", "message_items", "held", "applications")
        found = [
            {name: getattr(run, name) for name in frames} | dict(follow_up(run, language="en")) for run in (pandas, polars)
        ]
        texts = [{name: frame[sorted(frame)].to_dict("records") for name, frame in each.items()} for each in found]
        return texts[0] == texts[1]

    def rows(self, table: str) -> list[Row]:
        """The rows of a table as they stand in the file, by column key, blank ones left out."""
        raw = FileBook(self.path).read_table(table)
        assert raw is not None, table
        places = places_of(raw, TABLES[table])
        rows = [{key: raw.columns[place][row] for key, place in places.items()} for row in range(len(raw))]
        return [row for row in rows if any(cell not in (None, "") for cell in row.values())]


def _short(cell: Cell) -> str:
    return f"{cell:%m-%d}" if isinstance(cell, dt.date) else ""
