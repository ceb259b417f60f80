"""What a values reader cannot tell: error cells, and formulas that hold no stored value, both handed over as blank.

A scan of the bytes of one worksheet part. Both are rare, so the scan looks for the few bytes that betray them and reads only
the cell around each: a small part of the time that parsing would take. No pattern reads past the next ``<``, and nothing is
looked at twice: bytes that are made to look like cells or formulas again and again take no longer than others.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from xml.sax.saxutils import unescape

from workbook.addresses import Area, column_number
from workbook.port import Fault

_ATTRIBUTES = rb"""(?:[^<>"']|"[^"<]*"|'[^'<]*')*+"""  # a greater-than sign may stand in them
_PREFIX = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)worksheet[\s>]")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{1,3})([0-9]{1,9})\s*["']""")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["']\s*([0-9]{1,9})\s*["']""")
_TYPE = re.compile(rb"""\st\s*=\s*["']\s*([A-Za-z]+)\s*["']""")
_GROUP = re.compile(rb"""\ssi\s*=\s*["']\s*([0-9]+)\s*["']""")
_REACH = re.compile(rb"""\sref\s*=\s*["']([^"']+)["']""")
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
        self._cell, self._row = b"<" + prefix + b"c", b"<" + prefix + b"row"
        self._columns: dict[int, dict[int, int]] = {}
        p = re.escape(prefix)
        formula = rb"<" + p + rb"f(?=[\s/>])[^<>]*(?:(?<=/)>|>[^<]*</" + p + rb"f\s*>)"
        empty_value = rb"<" + p + rb"v(?:\s[^<>/]*)?(?:/>|>\s*</" + p + rb"v\s*>)"
        self._cell_tag = re.compile(rb"<" + p + rb"c(?=[\s/>])" + _ATTRIBUTES + rb">")
        self._cell_edge = re.compile(rb"</?" + p + rb"c(?=[\s/>])")
        self._row_tag = re.compile(rb"<" + p + rb"row(?=[\s/>])" + _ATTRIBUTES)
        self._formula_tag = re.compile(rb"<" + p + rb"f(?=[\s/>])")
        self._whole_formula = re.compile(rb"<" + p + rb"f(?=[\s/>])([^<>]*?)(?:/>|>([^<]*)</" + p + rb"f\s*>)")
        self._formula_without_value = re.compile(formula + rb"\s*(?:</" + p + rb"c\s*>|(" + empty_value + rb"))")
        self._value = re.compile(rb"<" + p + rb"v(?:\s[^<>]*)?>([^<]*)</" + p + rb"v\s*>")

    def faults(self) -> dict[tuple[int, int], Fault]:
        """(row, column), from 1 → ``error_cell`` with the error's text, or ``not_calculated``."""
        found: dict[tuple[int, int], Fault] = {}
        for cell in self._error_cells():
            stored = self._value.search(cell.content)
            if stored and stored[1].strip().startswith(b"#"):
                found[self._position(cell)] = Fault("error_cell", stored[1].strip().decode("utf-8", "replace"))
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
    def has_any_formula(self) -> bool:
        """Whether the part holds a formula anywhere."""
        return self._formula_tag.search(self._part) is not None

    def ends_above(self, row: int) -> bool:
        """Whether the last row that is there certainly stands above a row."""
        if b"<!" in self._part:  # a comment may show what looks like a row
            return False
        start = self._part.rfind(self._row)
        opening = self._part[start : self._part.find(b">", start)] if start >= 0 else b""
        number = _ROW_NUMBER.search(opening)
        return number is not None and int(number[1]) < row

    def _error_cells(self) -> Iterator[_Cell]:
        # Every error begins with #, and one character is found fastest; "e" in quotes is nearly always the type of an error.
        if b"#" not in self._part:
            return
        for quoted in (b'"e"', b"'e'"):
            cells = _CellsInOrder(self._part, self._cell, self._cell_tag, self._cell_edge)
            at = self._part.find(quoted)
            while at >= 0:
                cell = cells.around(at)
                if cell is not None and cell.kind == b"e" and at < cell.start + len(cell.opening):
                    yield cell
                at = self._part.find(quoted, at + 1)

    def _cells_without_value(self) -> Iterator[_Cell]:
        if not self.has_any_formula:
            return
        cells = _CellsInOrder(self._part, self._cell, self._cell_tag, self._cell_edge)
        for found in self._formula_without_value.finditer(self._part):
            cell = cells.around(found.start())
            is_empty_text = cell is not None and found[1] is not None and cell.kind == b"str"  # a value: what ="" gives
            if cell is not None and not is_empty_text:
                yield cell

    def _formula_cells(self) -> Iterator[_Cell]:
        if not self.has_any_formula:
            return
        cells = _CellsInOrder(self._part, self._cell, self._cell_tag, self._cell_edge)
        last = -1
        for found in self._formula_tag.finditer(self._part):
            cell = cells.around(found.start())
            if cell is not None and cell.start != last:
                last = cell.start
                yield cell

    def _position(self, cell: _Cell) -> tuple[int, int]:
        if reference := _REFERENCE.search(cell.opening):
            return int(reference[2]), column_number(reference[1].decode("ascii"))
        starts, numbers = self._rows
        at = bisect_right(starts, cell.start) - 1
        row_start = starts[at] if at >= 0 else 0
        return numbers[at] if at >= 0 else 0, self._column_by_counting(row_start, cell.start)

    @cached_property
    def _rows(self) -> tuple[list[int], list[int]]:
        """Where each row begins, and its number; one that does not say is the next after the row above."""
        starts, numbers, last = [], [], 0
        for found in self._row_tag.finditer(self._part):
            said = _ROW_NUMBER.search(found[0])
            last = int(said[1]) if said else last + 1
            starts.append(found.start())
            numbers.append(last)
        return starts, numbers

    def _column_by_counting(self, row_start: int, cell_start: int) -> int:
        """The column of a cell that does not say: the next after the cell before."""
        if row_start not in self._columns:
            starts, _ = self._rows
            at = bisect_right(starts, row_start)
            end = starts[at] if at < len(starts) else len(self._part)
            column, columns = 0, {}
            for found in self._cell_tag.finditer(self._part, row_start, end):
                reference = _REFERENCE.search(found[0])
                column = column_number(reference[1].decode("ascii")) if reference else column + 1
                columns[found.start()] = column
            self._columns = {row_start: columns}  # of one row: cells come in order
        return self._columns[row_start].get(cell_start, 0)


class _CellsInOrder:
    """The cells around places of a part that are asked for from its beginning to its end."""

    def __init__(self, part: bytes, cell: bytes, tag: re.Pattern[bytes], edge: re.Pattern[bytes]) -> None:
        self._part, self._cell, self._tag, self._edge = part, cell, tag, edge
        self._looked = 0
        self._last: _Cell | None = None

    def around(self, at: int) -> _Cell | None:
        """The cell whose tag or content holds the byte ``at``."""
        start = self._part.rfind(self._cell, self._looked, at)
        while start >= 0 and not (tag := self._tag.match(self._part, start)):  # <cols>, <cfRule>
            start = self._part.rfind(self._cell, self._looked, start)
        self._looked = at
        if start >= 0 and tag:
            self._last = self._from(start, tag)
        last = self._last
        return last if last is not None and at < last.start + len(last.opening) + len(last.content) else None

    def _from(self, start: int, tag: re.Match[bytes]) -> _Cell:
        if tag[0].endswith(b"/>"):
            return _Cell(start, tag[0], b"")
        edge = self._edge.search(self._part, tag.end())
        return _Cell(start, tag[0], self._part[tag.end() : edge.start() if edge else len(self._part)])
