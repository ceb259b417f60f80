"""A workbook in memory behind the port ``Book``: what the tests of tasks need of a host, and nothing of files or Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from workbook.editing.planned_edits import appended, empty_table, rewritten, updated
from workbook.editing.staff_columns import OrphanedRemark
from workbook.editing.table_layout import places_of
from workbook.port import Book, Cell, Columns, RawTable
from workbook.refusals import MissingTable, UserOwnedTable
from workbook.schema import TABLES
from workbook.table import Owner, Table


class MemoryBook:
    """Tables by name. A new one has the core tables, empty, and the settings that decide on words and currency."""

    def __init__(self, *, language: str = "en", currency: str = "CNY", tables: Mapping[str, Columns] | None = None) -> None:
        self.is_saved = True
        self.saved_to: list[Path | None] = []
        self.orphaned_remarks: list[OrphanedRemark] = []
        self._language = language
        self._tables = {table.name: empty_table(table, language) for table in TABLES.values() if table.is_core}
        self.append_rows(TABLES["Settings"], {"key": ["base_currency", "language"], "value": [currency, language]})
        for name, columns in (tables or {}).items():
            self.append_rows(TABLES[name], columns)
        self.is_saved = True

    @property
    def name(self) -> str:
        """What messages call it."""
        return "memory.xlsx"

    @property
    def language(self) -> str:
        """Of the labels and words."""
        return self._language

    @property
    def digest(self) -> str:
        """There is no file whose bytes could be told."""
        return ""

    @property
    def path(self) -> Path | None:
        """There is no file."""
        return None

    @property
    def folder(self) -> Path | None:
        """There is none."""
        return None

    def content(self) -> bytes:
        """There is no file whose bytes could be told."""
        return b""

    def table_names(self) -> tuple[str, ...]:
        """The tables that are there."""
        return tuple(self._tables)

    def let_go(self) -> None:
        """Nothing is kept but the tables."""

    def read_table(self, name: str) -> RawTable | None:
        """The table as it stands; upper and lower case are one."""
        return {each.casefold(): raw for each, raw in self._tables.items()}.get(name.casefold())

    def write_table(self, table: Table, columns: Columns) -> None:
        """Rewrite a table of ours."""
        if table.owner is not Owner.ADDIN:
            raise UserOwnedTable(table.name)
        plan = rewritten(self._standing(table), table, columns, self.language)
        self._put(plan.after)
        self.orphaned_remarks.extend(plan.orphaned_remarks)

    def add_table(self, table: Table) -> None:
        """Add the table, empty, where it is not there."""
        self._put(self._standing(table))

    def append_rows(self, table: Table, columns: Columns) -> None:
        """Add rows below the last one that holds anything."""
        standing = self._standing(table)
        plan = appended(standing, table, columns)
        self._put(standing if plan is None else plan.after)

    def update_rows(self, table: Table, rows: Sequence[int], columns: Columns) -> None:
        """Set named columns of existing rows."""
        raw = self.read_table(table.name)
        if raw is None:
            raise MissingTable(self.name, table.name)
        self._put(updated(raw, table, rows, columns).after)

    def save(self, target: Path | None = None) -> None:
        """Remember that it was asked for."""
        self.saved_to.append(target)
        self.is_saved = target is None or self.is_saved

    def _standing(self, table: Table) -> RawTable:
        return self._tables.get(table.name) or empty_table(table, self.language)

    def _put(self, raw: RawTable) -> None:
        self._tables[raw.name] = raw
        self.is_saved = False


def rows_of(book: Book, name: str, *keys: str) -> list[tuple[Cell, ...]]:
    """The cells of some columns of any book's table, by row; None for a blank, rows without any value left out."""
    raw = book.read_table(name)
    if raw is None:
        return []
    places = places_of(raw, TABLES[name])
    cells = [[None if cell == "" else cell for cell in raw.columns[places[key]]] for key in keys]
    return [row for row in zip(*cells, strict=True) if any(cell is not None for cell in row)]
