"""What a values reader cannot tell: error cells, and formulas that hold no stored value, both handed over as blank.

A scan of the bytes of one worksheet part. Both are rare, so the scan looks for the few bytes that betray them and reads only
the cell around each: a small part of the time that parsing would take.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from xml.sax.saxutils import unescape

from workbook.addresses import Area, column_number
from workbook.port import Fault

_PREFIX = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)worksheet[\s>]")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{1,3})([0-9]+)\s*["']""")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["']\s*([0-9]+)\s*["']""")
_TYPE = re.compile(rb"""\st\s*=\s*["']\s*([A-Za-z]+)\s*["']""")
_GROUP = re.compile(rb"""\ssi\s*=\s*["']\s*([0-9]+)\s*["']""")
_REACH = re.compile(rb"""\sref\s*=\s*["']\s*([^"']+?)\s*["']""")
_ENTITIES = {"&quot;": '"', "&apos;": "'"}


@dataclass(frozen=True)
class FormulaCell:
    """A cell with a formula. ``group``: the number of the shared formula that it belongs to; ``reach``: the cells that the
    results of an array formula fill. ``text`` is "" where another cell of the group spells it.
    """

    row: int
    column: int
    text: str
    group: str = ""
    reach: Area | None = None


@dataclass(frozen=True)
class _Cell:
    start: int
    opening: bytes
    content: bytes

    @property
    def kind(self) -> bytes:
        """The t attribute: b"e" an error, b"str" the text of a formula, …; b"" a number."""
        found = _TYPE.search(self.opening)
        return found[1] if found else b""


class SheetScan:
    """One worksheet part, in UTF-8. Namespace prefixes, attributes in any order and cells without a reference are read."""

    def __init__(self, part: bytes) -> None:
        root = _PREFIX.search(part)
        prefix = root[1] if root else b""
        self._part = part
        self._cell, self._cell_end, self._row, self._formula = (
            b"<" + prefix + b"c", b"</" + prefix + b"c", b"<" + prefix + b"row", b"<" + prefix + b"f",
        )  # fmt: skip
        p = re.escape(prefix)
        formula = rb"<" + p + rb"f(?=[\s/>])[^>]*(?:(?<=/)>|>[^<]*</" + p + rb"f\s*>)"
        empty_value = rb"<" + p + rb"v(?:\s[^>/]*)?(?:/>|>\s*</" + p + rb"v\s*>)"
        self._cell_tag = re.compile(rb"<" + p + rb"c(?=[\s/>])")
        self._formula_tag = re.compile(rb"<" + p + rb"f(?=[\s/>])")
        self._whole_formula = re.compile(rb"<" + p + rb"f(?=[\s/>])([^>]*?)(?:/>|>([^<]*)</" + p + rb"f\s*>)")
        self._formula_without_value = re.compile(formula + rb"\s*(?:</" + p + rb"c\s*>|(" + empty_value + rb"))")
        self._value = re.compile(rb"<" + p + rb"v(?:\s[^>]*)?>\s*([^<]*?)\s*</" + p + rb"v\s*>")

    def faults(self) -> dict[tuple[int, int], Fault]:
        """(row, column), from 1 → ``error_cell`` with the error's text, or ``not_calculated``."""
        found: dict[tuple[int, int], Fault] = {}
        for cell in self._error_cells():
            stored = self._value.search(cell.content)
            if stored and stored[1].startswith(b"#"):
                found[self._position(cell)] = Fault("error_cell", stored[1].decode("utf-8"))
        for cell in self._cells_without_value():
            found[self._position(cell)] = Fault("not_calculated")
        return found

    def has_formulas(self, within: Area) -> bool:
        """Whether any cell of the area is a formula."""
        rows, columns = range(within.first_row, within.last_row + 1), range(within.first_column, within.last_column + 1)
        return any(row in rows and column in columns for row, column in map(self._position, self._formula_cells()))

    def formulas(self) -> Iterator[FormulaCell]:
        """Every cell that has a formula, from the first row down."""
        for cell in self._formula_cells():
            found = self._whole_formula.search(cell.content)
            if found is None:
                continue
            row, column = self._position(cell)
            kind, group, reach = _TYPE.search(found[1]), _GROUP.search(found[1]), _REACH.search(found[1])
            is_array = kind is not None and kind[1] == b"array"
            yield FormulaCell(
                row,
                column,
                unescape((found[2] or b"").decode(), _ENTITIES),
                group[1].decode() if group else "",
                Area.parse(reach[1].decode()) if is_array and reach else None,
            )

    @cached_property
    def may_have_formulas(self) -> bool:
        """Whether the part holds anything like a formula."""
        return self._formula in self._part  # several times faster than the pattern, and mostly false

    def _error_cells(self) -> Iterator[_Cell]:
        # Every error begins with #, and one character is found fastest; "e" in quotes is nearly always the type of an error.
        if b"#" not in self._part:
            return
        for quoted in (b'"e"', b"'e'"):
            at = self._part.find(quoted)
            while at >= 0:
                cell = self._cell_around(at)
                if cell is not None and cell.kind == b"e" and at < cell.start + len(cell.opening):
                    yield cell
                at = self._part.find(quoted, at + 1)

    def _cells_without_value(self) -> Iterator[_Cell]:
        if not self.may_have_formulas:
            return
        for found in self._formula_without_value.finditer(self._part):
            cell = self._cell_around(found.start())
            is_empty_text = cell is not None and found[1] is not None and cell.kind == b"str"  # a value: what ="" gives
            if cell is not None and not is_empty_text:
                yield cell

    def _formula_cells(self) -> Iterator[_Cell]:
        if not self.may_have_formulas:
            return
        for found in self._formula_tag.finditer(self._part):
            cell = self._cell_around(found.start())
            if cell is not None:
                yield cell

    def _cell_around(self, at: int) -> _Cell | None:
        """The cell whose tag or content holds the byte ``at``."""
        start = self._part.rfind(self._cell, 0, at)
        while start >= 0 and not self._cell_tag.match(self._part, start):  # <cols>, <cfRule>
            start = self._part.rfind(self._cell, 0, start)
        if start < 0:
            return None
        tag_end = self._part.find(b">", start) + 1
        if self._part[tag_end - 2] == ord("/"):
            return _Cell(start, self._part[start:tag_end], b"") if at < tag_end else None
        end = self._part.find(self._cell_end, tag_end)
        return _Cell(start, self._part[start:tag_end], self._part[tag_end:end]) if at < end else None

    def _position(self, cell: _Cell) -> tuple[int, int]:
        if reference := _REFERENCE.search(cell.opening):
            return int(reference[2]), column_number(reference[1].decode("ascii"))
        row_start = self._part.rfind(self._row, 0, cell.start)
        return self._row_at(row_start), self._column_by_counting(row_start, cell.start)

    def _row_at(self, row_start: int) -> int:
        """The number of a row; one that does not say is the next after the row above."""
        rows_below = 0
        while row_start >= 0:
            opening = self._part[row_start : self._part.find(b">", row_start)]
            if number := _ROW_NUMBER.search(opening):
                return int(number[1]) + rows_below
            rows_below += 1
            row_start = self._part.rfind(self._row, 0, row_start)
        return rows_below

    def _column_by_counting(self, row_start: int, cell_start: int) -> int:
        """The column of a cell that does not say: the next after the cell before."""
        column = 0
        for found in self._cell_tag.finditer(self._part, row_start, cell_start + len(self._cell) + 1):
            opening = self._part[found.start() : self._part.find(b">", found.start())]
            reference = _REFERENCE.search(opening)
            column = column_number(reference[1].decode("ascii")) if reference else column + 1
        return column
