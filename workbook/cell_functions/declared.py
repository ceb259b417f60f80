"""What a function of a cell is: its name, its arguments with their help in both languages, and its body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workbook.table import Words

CATEGORY = "Duebook"
"""Where Excel lists the functions."""


class Holds(StrEnum):
    """What the cell or range of an argument holds."""

    DATE = "a date"
    NUMBER = "a number"
    WHOLE = "a whole number"
    RATE = "a rate"
    YES_NO = "yes or no"
    TEXT = "a text"
    ID = "an id"
    CHOICE = "a choice"
    EDGES = "bucket edges"
    CALENDAR = "holidays"
    TABLE = "a table"


_WHOLE_RANGE = frozenset({Holds.EDGES, Holds.CALENDAR, Holds.TABLE})


@dataclass(frozen=True)
class Argument:
    """One argument. ``name`` is what VBA and Excel show: ASCII, and no word of VBA.

    ``is_optional``: may be left out; a blank is its default. ``may_be_blank``: must be given, and a blank means something.
    ``table``: the table of the schema that the range is.
    """

    name: str
    help: Words
    holds: Holds
    is_optional: bool = False
    may_be_blank: bool = False
    choices: tuple[str, ...] = ()
    table: str = ""

    @property
    def is_whole_range(self) -> bool:
        """A range is one value of it; of any other, each cell is a value, and the answer is a range of the same shape."""
        return self.holds in _WHOLE_RANGE


@dataclass(frozen=True)
class CellFunction:
    """One function. Its body gets the values by the names of the arguments; those left blank are left out.

    ``takes_tables``: the body gets the tables as ``GivenTables`` first, and answers with the rows that spill. Any other is
    asked once for each cell of the ranges it was given, and answers with one value, or with several that go to the right.
    """

    name: str
    help: Words
    arguments: tuple[Argument, ...]
    body: Callable[..., Any]
    takes_tables: bool = False
    category: str = CATEGORY

    @property
    def tables(self) -> tuple[Argument, ...]:
        """The arguments that are tables of a ledger."""
        return tuple(each for each in self.arguments if each.holds is Holds.TABLE)


class CellFault(Exception):
    """What a cell shows instead of an answer: which argument, which row of it, and what is wrong, in both languages.

    ``row`` counts from 1 at the top of the range, so that of a table the headers are row 1.
    """

    def __init__(self, argument: str, why: Words, *, row: int | None = None, found: object = None) -> None:
        super().__init__(argument)
        self.argument, self.why, self.row, self.found = argument, why, row, found

    def in_row(self, row: int) -> CellFault:
        """The same, of one row of a range."""
        return CellFault(self.argument, self.why, row=self.row or row, found=self.found)

    def __str__(self) -> str:
        place = self.argument if self.row is None else f"{self.argument}, row {self.row}"
        shown = "" if self.found is None or self.found == "" else f" ({_short(self.found)})"
        return f"{MARK} argument {place}: {self.why.en} {self.why.zh}{shown}"


MARK = "#DUE!"
"""What every answer that is none begins with."""

_LONGEST = 60


def _short(found: object) -> str:
    said = " ".join(str(found).split())
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
