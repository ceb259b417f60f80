"""What a run is about to change in an open workbook, kept so that it can be put back.

Kept are the cells of each table (values, formulas, number formats), its place, its notes, and which sheets were added.
Colours and fonts of cells of ours that were written anew are not: they look like their column's first cell.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from xlwings import Book

from workbook.addresses import Area
from workbook.live.blocks import formats_of
from workbook.live.cell_values import Content, Typed
from workbook.live.live_table import LiveTable
from workbook.live.new_sheet import AddedSheet


@dataclass(frozen=True)
class KeptTable:
    """A table as it stood: ``body`` are its data rows, ``looks`` the number formats down each column."""

    name: str
    body: str
    headers: tuple[str, ...]
    columns: tuple[tuple[Content, ...], ...]
    looks: tuple[tuple[tuple[int, str], ...], ...]
    notes: tuple[tuple[int, int, str], ...]
    has_totals: bool

    @classmethod
    def of(cls, table: LiveTable) -> KeptTable:
        """Kept now."""
        body = table.body
        looks = tuple(
            tuple(formats_of(table.sheet, Area(body.first_row, column, body.last_row, column)))
            for column in range(body.first_column, body.last_column + 1)
        )
        notes, has_totals = tuple(table.notes()), bool(table.totals_rows)
        return cls(table.name, str(body), table.read_headers(), _columns_of(table), looks, notes, has_totals)

    def put_back(self, table: LiveTable) -> None:
        """The table as it stood."""
        body = Area.parse(self.body)
        table.put_back(body, self.headers, self.columns, self.looks, self.notes, has_totals=self.has_totals)


def fingerprint(table: LiveTable) -> str:
    """Of a table's place, headers and cells: the same as long as nobody changes them."""
    told = [str(table.body), table.read_headers(), _as_data(_columns_of(table))]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _columns_of(table: LiveTable) -> tuple[tuple[Content, ...], ...]:
    width = table.body.width
    found = table.contents(range(width))
    return tuple(tuple(found[place]) for place in range(width))


@dataclass
class Journal:
    """The tables as they stood before a run, each kept once, and the sheets that it added."""

    tables: dict[str, KeptTable] = field(default_factory=dict)
    added: list[AddedSheet] = field(default_factory=list)

    def keep(self, table: LiveTable) -> None:
        """Keep a table, unless it is kept already, or stands on a sheet that was added."""
        if table.name not in self.tables and table.sheet.name not in {each.name for each in self.added}:
            self.tables[table.name] = KeptTable.of(table)

    def leave_out(self, table: str) -> None:
        """Do not put this table back, nor take its sheet away."""
        self.tables.pop(table, None)
        self.added = [each for each in self.added if each.table != table]

    def put_back(self, book: Book, tables: Mapping[str, LiveTable]) -> None:
        """Everything as it was. ``tables``: by folded name; one that is gone is left alone."""
        for kept in self.tables.values():
            table = tables.get(kept.name.casefold())
            if table is not None:
                kept.put_back(table)
        names = {sheet.name for sheet in book.sheets}
        for added in self.added:
            if added.name in names:
                book.sheets[added.name].delete()
            if added.home in names:
                book.sheets[added.home].range(added.home_line).clear()
        self.tables, self.added = {}, []

    def table_names(self) -> list[str]:
        """The tables that would be put back or taken away."""
        return [*self.tables, *(each.table for each in self.added)]

    def is_empty(self) -> bool:
        """Whether nothing would be put back."""
        return not self.tables and not self.added

    def to_data(self) -> dict[str, Any]:
        """As JSON holds it."""
        kept = [{**asdict(each), "columns": _as_data(each.columns)} for each in self.tables.values()]
        return {"tables": kept, "added": [asdict(each) for each in self.added]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Journal:
        """What ``to_data`` told. Raises KeyError, TypeError or ValueError for anything else."""
        tables = [
            KeptTable(
                name=str(each["name"]),
                body=str(Area.parse(each["body"])),
                headers=tuple(map(str, each["headers"])),
                columns=tuple(tuple(map(_content, column)) for column in each["columns"]),
                looks=tuple(tuple((int(count), str(shown)) for count, shown in column) for column in each["looks"]),
                notes=tuple((int(row), int(column), str(text)) for row, column, text in each["notes"]),
                has_totals=bool(each["has_totals"]),
            )
            for each in data["tables"]
        ]
        return cls({each.name: each for each in tables}, [AddedSheet(**each) for each in data["added"]])


def _as_data(columns: Sequence[Sequence[Content]]) -> list[list[Any]]:
    return [[{"typed": value.text} if isinstance(value, Typed) else value for value in column] for column in columns]


def _content(value: Any) -> Content:
    if isinstance(value, dict):
        return Typed(str(value["typed"]))
    if value is None or isinstance(value, str | bool):
        return value
    return float(value)
