"""What is to be changed in a workbook, as data: a host decides on the edits, an engine carries them out in a package.

Places inside a table are offsets: columns from its first column, rows from its first data row. So an edit knows neither
languages nor ledgers, and an engine knows neither tasks nor the rules of whose column is whose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Remark:
    """Something that whoever ran the task is told of the workbook: a code, the table it is about, and where."""

    code: str  # report_words.REMARKS
    table: str
    where: str = ""


@dataclass(frozen=True)
class Edited:
    """A package with edits made: its bytes, which parts are other ones now, and the cells written by table."""

    content: bytes
    changed: tuple[str, ...]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    cells_written: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


def cells_written(edits: Sequence[Edit]) -> dict[str, int]:
    """Table → how many of its cells the edits write."""
    written: Counter[str] = Counter()
    for edit in edits:
        if not isinstance(edit, AddSheet):
            written[edit.table] += sum(map(len, edit.columns.values()))
    return dict(written)


def values_written(edits: Sequence[Edit]) -> set[Cell]:
    """Every value that the edits write, once."""
    columns = (values for edit in edits if not isinstance(edit, AddSheet) for values in edit.columns.values())
    return set[Cell]().union(*columns)


Record = Callable[[Edited], UpdateCells | None]
"""What is to be written last, when it is known what was changed: the line of the run log (``content`` is still empty)."""


class Engine(Protocol):
    """What carries out edits on a package."""

    def apply(self, package: Package, edits: Sequence[Edit], *, currency: str, record: Record | None = None) -> Edited:
        """The package with the edits made, in order; new amounts show the decimals of ``currency``, the base currency.

        Raises Refusal; nothing is written to disk.
        """
