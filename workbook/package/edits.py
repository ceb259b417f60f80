"""What is to be changed in a workbook, as data: a host decides on the edits, an engine carries them out in a package.

Places inside a table are offsets: columns from its first column, rows from its first data row. So an edit knows neither
languages nor ledgers, and an engine knows neither tasks nor the rules of whose column is whose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from workbook.package.package_index import Package
from workbook.port import Cell
from workbook.table import Column, Table


@dataclass(frozen=True)
class AddSheet:
    """A sheet for a table of ours that is not there yet: its headers, and one blank row."""

    table: Table
    language: str


@dataclass(frozen=True)
class RewriteRows:
    """A table of ours anew; cells that it no longer covers are cleared. It keeps one blank row when ``row_count`` is 0.

    ``new_headers`` are those of columns to be renamed, and of new ones, which come at the right: no column moves.
    ``columns`` are written; the cells of every other column are staff's own: in the new row r stands what stood in the row
    ``came_from[r]`` before (-1: in none). A column without cells to take a format from is shown as its ``kinds`` says.
    """

    table: str
    row_count: int
    new_headers: Mapping[int, str]
    columns: Mapping[int, Sequence[Cell]]
    came_from: Sequence[int]
    kinds: Mapping[int, Column]


@dataclass(frozen=True)
class AppendRows:
    """Rows from the offset ``at`` on; the table grows where they reach below it. Columns not named stay blank."""

    table: str
    at: int
    row_count: int
    columns: Mapping[int, Sequence[Cell]]
    kinds: Mapping[int, Column]


@dataclass(frozen=True)
class UpdateCells:
    """New values for the cells of some columns in the rows given; formats stay."""

    table: str
    rows: Sequence[int]
    columns: Mapping[int, Sequence[Cell]]
    kinds: Mapping[int, Column]


Edit = AddSheet | RewriteRows | AppendRows | UpdateCells


class Engine(Protocol):
    """What carries out edits on a package. ``keeps_stored_values``: a formula's result is still there afterwards."""

    keeps_stored_values: bool

    def apply(self, package: Package, edits: Sequence[Edit], *, currency: str) -> bytes:
        """The package with the edits made, in order; new amounts show the decimals of ``currency``, the base currency.

        Raises Refusal; nothing is written to disk.
        """
