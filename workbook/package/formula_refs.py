"""What a formula refers to: cells, columns of tables, names. Enough of the grammar to tell what depends on what.

Formulas stand in a package as Excel's file format spells them: A1 references, commas, no leading equals sign.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from workbook.addresses import LAST_COLUMN, LAST_ROW, Area, column_letters, column_number

_CELL = r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})"
_REFERENCE = re.compile(
    rf"""(?P<text>"(?:[^"]|"")*")
    | (?P<sheet>'(?:[^']|''){{1,300}}'!|[^\W\d][\w.]*(?::[^\W\d][\w.]*)?!|\[[0-9]+\][^!'"(),;\s]{{0,300}}!)?
      (?:{_CELL}(?::{_CELL})?(?![\w.(!\[])
        | (\$?)([A-Za-z]{{1,3}}):(\$?)([A-Za-z]{{1,3}})(?![\w.(!\[:])
        | (\$?)([0-9]{{1,7}}):(\$?)([0-9]{{1,7}})(?![\w.(!\[:]))
    | (?P<table>[^\W\d][\w.\\]*)?(?P<bracket>\[)
    | (?P<scope>'(?:[^']|''){{1,300}}'!|[^\W\d][\w.]*!)?(?P<name>[^\W\d][\w.\\?]*)(?P<call>\()?
    | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)""",
    re.X,
)
_LONGEST_FORMULA = 8192  # characters; Excel opens no workbook with a longer one
_SPECIAL = re.compile(r"^\s*(#[A-Za-z ]+|@.*)$")


@dataclass(frozen=True)
class CellsMentioned:
    """A reference to cells. ``sheet`` is "" for the formula's own; a range of sheets has a colon.

    ``fixed``: which of first row, first column, last row and last column do not move when the formula is copied.
    ``start`` and ``end``: where the cells (without the sheet) stand in the formula.
    """

    sheet: str
    area: Area
    fixed: tuple[bool, bool, bool, bool]
    is_one_cell: bool
    start: int
    end: int

    def moved(self, rows: int, columns: int) -> Area | None:
        """The cells that a copy of the formula refers to, so far down and to the right; None beyond the sheet."""
        first_row = self.area.first_row + (0 if self.fixed[0] else rows)
        first_column = self.area.first_column + (0 if self.fixed[1] else columns)
        last_row = self.area.last_row + (0 if self.fixed[2] else rows)
        last_column = self.area.last_column + (0 if self.fixed[3] else columns)
        top, bottom = sorted((first_row, last_row))
        left, right = sorted((first_column, last_column))
        if top < 1 or left < 1 or bottom > LAST_ROW or right > LAST_COLUMN:
            return None
        return Area(top, left, bottom, right)


@dataclass(frozen=True)
class TableMentioned:
    """A reference to a table, or ("") to the one that the formula stands in; ``columns`` is empty for all of them."""

    table: str
    columns: tuple[str, ...]
    is_this_row: bool
    reaches_beyond_data: bool = False  # to the header or the totals row


@dataclass(frozen=True)
class NameMentioned:
    """A defined name, or a table named as a whole; ``sheet`` is "" where none is said."""

    name: str
    sheet: str


Mention = CellsMentioned | TableMentioned | NameMentioned


@lru_cache(4096)
def mentions(formula: str) -> tuple[Mention, ...]:
    """All that a formula refers to in its own workbook."""
    return tuple(_mentions(formula))


def _mentions(formula: str) -> Iterator[Mention]:
    if len(formula) > _LONGEST_FORMULA:
        return
    at = 0
    while (found := _REFERENCE.search(formula, at)) is not None:
        at = found.end()
        if found["bracket"]:
            at = _closing(formula, found.end())
            yield _table_mentioned(found["table"] or "", formula[found.end() : at - 1])
        elif found["name"]:
            if not found["call"] and found["name"].upper() not in ("TRUE", "FALSE"):
                yield NameMentioned(found["name"], _sheet_of(found["scope"]))
        elif not found["text"] and not found["number"]:
            sheet = _sheet_of(found["sheet"])
            if not sheet.startswith("["):  # another workbook
                yield _cells_mentioned(found, sheet)


def _cells_mentioned(found: re.Match[str], sheet: str) -> CellsMentioned:
    groups = found.groups()[2:]
    (f1, left, f2, top, f3, right, f4, bottom), (f5, from_, f6, to), (f7, above, f8, below) = (
        groups[:8],
        groups[8:12],
        groups[12:16],
    )
    if left:
        first, last = (int(top), column_number(left)), (int(bottom or top), column_number(right or left))
        fixed = (bool(f2), bool(f1), bool(f4 if bottom else f2), bool(f3 if bottom else f1))
    elif from_:
        first, last = (1, column_number(from_)), (LAST_ROW, column_number(to))
        fixed = (True, bool(f5), True, bool(f6))
    else:
        first, last = (int(above), 1), (int(below), LAST_COLUMN)
        fixed = (bool(f7), True, bool(f8), True)
    area = Area(min(first[0], last[0]), min(first[1], last[1]), max(first[0], last[0]), max(first[1], last[1]))
    start = found.end("sheet") if found["sheet"] else found.start()
    return CellsMentioned(sheet, area, fixed, is_one_cell=bool(left and not bottom), start=start, end=found.end())


def _sheet_of(written: str | None) -> str:
    """``'It''s'!`` → ``It's``."""
    if not written:
        return ""
    name = written[:-1]
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def _closing(formula: str, at: int) -> int:
    """Behind the bracket that closes the one before ``at``; an apostrophe takes the meaning from what follows it."""
    depth = 1
    while at < len(formula) and depth:
        if formula[at] == "'":
            at += 1
        depth += {"[": 1, "]": -1}.get(formula[at : at + 1], 0)
        at += 1
    return at


def _table_mentioned(table: str, inside: str) -> TableMentioned:
    """``[#This Row],[amount]`` or ``amount`` between the outer brackets."""
    items = re.findall(r"\[((?:[^\[\]']|'.)*)\]", inside) or ([inside] if inside.strip() else [])
    specials = {item.strip().casefold() for item in items}
    is_this_row = "#this row" in specials or inside.startswith("@")
    items = [item.removeprefix("@") for item in items]
    columns = tuple(re.sub("'(.)", r"\1", item) for item in items if item and not _SPECIAL.match(item))
    beyond = not specials.isdisjoint(("#all", "#headers", "#totals"))
    return TableMentioned(table, () if "]:[" in inside else columns, is_this_row, beyond)


def moved(formula: str, rows: int, columns: int = 0) -> str:
    """The formula as Excel would copy it to a cell so far down and to the right."""
    return _replaced(formula, lambda mention: _spelled(mention, mention.moved(rows, columns)))


def stretched(formula: str, *, home: str, reaches: Callable[[str, CellsMentioned], int | None]) -> str:
    """The formula with the references that ``reaches`` gives a new last row; ``home`` is the sheet that it stands on."""

    def longer(mention: CellsMentioned) -> str | None:
        last_row = None if mention.is_one_cell else reaches(mention.sheet or home, mention)
        return None if last_row is None else _spelled(mention, replace(mention.area, last_row=last_row))

    return _replaced(formula, longer)


def _replaced(formula: str, spell: Callable[[CellsMentioned], str | None]) -> str:
    pieces: list[str] = []
    copied = 0
    for mention in mentions(formula):
        spelled = spell(mention) if isinstance(mention, CellsMentioned) else None
        if isinstance(mention, CellsMentioned) and spelled is not None:
            pieces += [formula[copied : mention.start], spelled]
            copied = mention.end
    return "".join([*pieces, formula[copied:]])


def _spelled(mention: CellsMentioned, area: Area | None) -> str:
    if area is None:
        return "#REF!"
    top, left, bottom, right = ("$" if fixed else "" for fixed in mention.fixed)
    if mention.area.is_whole_columns:
        return f"{left}{column_letters(area.first_column)}:{right}{column_letters(area.last_column)}"
    if mention.area.is_whole_rows:
        return f"{top}{area.first_row}:{bottom}{area.last_row}"
    first = f"{left}{column_letters(area.first_column)}{top}{area.first_row}"
    return first if mention.is_one_cell else f"{first}:{right}{column_letters(area.last_column)}{bottom}{area.last_row}"
