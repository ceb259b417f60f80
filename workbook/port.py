"""The door to a workbook, whoever holds it: a file on disk or Excel itself.

A task knows this port and no host. Values are plain Python: str, int, float, bool, date, datetime, and None or "" for a
blank cell. Tables are found by the name of their Excel table, never by sheet or address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workbook.table import Table

if TYPE_CHECKING:
    from workbook.editing.staff_columns import OrphanedRemark

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
Columns = Mapping[str, Sequence[Cell]]
"""Column key → values, all of one length."""


@dataclass(frozen=True)
class Fault:
    """A cell that has no value to read: an Excel error, or a formula that was never calculated."""

    kind: str  # "error_cell" | "not_calculated"
    text: str = ""  # "#REF!"


@dataclass(frozen=True)
class RawTable:
    """An Excel table as found: headers as written, values by column, where it stands.

    ``columns[c][r]`` is the cell under ``headers[c]``, in row ``first_row + r``; totals rows are left out. ``faults`` and
    ``notes``, the texts that somebody pinned to cells, are keyed by (r, c).
    """

    name: str
    sheet: str
    headers: tuple[str, ...]
    columns: tuple[Sequence[Cell], ...]
    first_row: int  # 1-based sheet row of the first data row
    first_column: int  # 1-based sheet column of the first header
    faults: Mapping[tuple[int, int], Fault] = field(default_factory=dict)
    has_formulas: bool = False
    notes: Mapping[tuple[int, int], str] = field(default_factory=dict)
    is_1904: bool = False  # the workbook counts dates from 1904

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0


class ReadableBook(Protocol):
    """What reading a ledger asks of a workbook."""

    @property
    def name(self) -> str:
        """The file name, for messages."""

    @property
    def folder(self) -> Path | None:
        """Where the file lies, for what is kept beside it; None where there is none, or it cannot be told."""

    def table_names(self) -> tuple[str, ...]:
        """The names of every Excel table in the workbook."""

    def read_table(self, name: str) -> RawTable | None:
        """The table's cells, or None where it is not there."""

    def let_go(self) -> None:
        """Forget what is kept only to read the next table sooner: whoever works on what was read needs the room."""


class Book(ReadableBook, Protocol):
    """A workbook that holds tables of ours."""

    @property
    def path(self) -> Path | None:
        """The file that it is, or was opened from; None where there is none, or it lies on no disk of this computer."""

    @property
    def language(self) -> str:
        """``en`` or ``zh-CN``: of the labels on its sheets (Settings, else English)."""

    @property
    def digest(self) -> str:
        """SHA-256 of the workbook as it was read, in hexadecimal; "" where it cannot be told."""

    @property
    def orphaned_remarks(self) -> Sequence[OrphanedRemark]:
        """What staff wrote beside rows that ``write_table`` no longer found, since the book was opened."""

    def add_table(self, table: Table) -> None:
        """Add a table of ours that is not there, empty, on a sheet of its own in its place among the others."""

    def write_table(self, table: Table, columns: Columns) -> None:
        """Rewrite a table of ours (adding its sheet if need be); columns that staff added are carried along by key."""

    def append_rows(self, table: Table, columns: Columns) -> None:
        """Add rows below a table's last row; columns not named stay blank."""

    def update_rows(self, table: Table, rows: Sequence[int], columns: Columns) -> None:
        """Set named columns of existing rows, given by their offsets from the first data row."""

    def content(self) -> bytes:
        """The workbook as ``save`` would write it. Raises LockNeedsFile where only Excel could tell."""

    def save(self, target: Path | None = None) -> None:
        """Write the workbook, whole or not at all: in place, or to ``target``."""
