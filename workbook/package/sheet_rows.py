"""The rows of a worksheet part as bytes: one is cut out, changed and put back, all others stay as they were written.

XML allows more than Excel writes: other prefixes, either quote, rows and cells that do not say where they stand. What a
splice of bytes could misread (comments, CDATA, processing instructions between the rows) is spelled plainly first.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from lxml import etree

from workbook.addresses import LAST_COLUMN, LAST_ROW, address, column_number

# No pattern reads past the next tag: bytes that only begin like one, again and again, would be read again and again.
_ATTRIBUTES = rb"""((?:[^<>"']|"[^"<]*"|'[^'<]*')*?)"""
_SHEET_DATA = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sheetData(?:\s[^<>]*?)?(/?)>")
_LARGEST_TREE = 32 << 20  # bytes
_NUMBER = re.compile(rb"""(?:^|\s)r\s*=\s*["']\s*([0-9]+)\s*["']""")
_REFERENCE = re.compile(rb"""(?:^|\s)r\s*=\s*["']\s*([A-Za-z]{1,3})([0-9]+)\s*["']""")
_STYLE = re.compile(rb"""(?:^|\s)s\s*=\s*["']\s*([0-9]+)\s*["']""")


class Unspliceable(ValueError):
    """A worksheet part whose rows cannot be cut out safely; its text says why."""


@dataclass(frozen=True)
class CellXml:
    """One ``<c>`` element: its column, its bytes, its attributes and its content."""

    column: int
    xml: bytes
    attributes: bytes
    content: bytes

    @property
    def style(self) -> int:
        """The index of its format."""
        found = _STYLE.search(self.attributes)
        return int(found[1]) if found else 0


@dataclass(frozen=True)
class RowXml:
    """One ``<row>`` element taken apart. ``rest`` is what stands behind its cells, an extension list at most."""

    attributes: bytes
    cells: tuple[CellXml, ...]
    rest: bytes = b""


@dataclass(frozen=True)
class _Run:
    """Rows one after the other that were put at once: their bytes in pieces, and the length of each row."""

    first: int
    last: int
    pieces: list[bytes]
    lengths: Sequence[int]


class SheetRows:
    """The rows of a worksheet part in UTF-8. ``head`` and ``tail`` are all that stands before and behind them."""

    def __init__(self, part: bytes) -> None:
        part = _plain(part)
        found = _SHEET_DATA.search(part)
        if found is None:
            raise Unspliceable("the sheet has no place for cells")
        self.prefix = found[1].decode()
        end_tag = b"</" + found[1] + b"sheetData"
        # The rows are looked up in the part itself: they take too much room for a copy.
        self._part = part
        self._low, self._high = found.end(), found.end() if found[2] else part.rfind(end_tag)
        self.head = part[: found.end()] if not found[2] else part[: found.start()] + b"<" + found[1] + b"sheetData>"
        self.tail = part[self._high :] if not found[2] else end_tag + b">" + part[self._high :]
        self._index_rows()
        self._changed: dict[int, bytes | None] = {}
        self._run: _Run | None = None

    def _index_rows(self) -> None:
        name = re.escape(self.prefix.encode())
        self._row_tag = re.compile(rb'<%srow(?:\s+r="([0-9]+)")?(?=[\s/>])%s(/?)>' % (name, _ATTRIBUTES))
        self._cell = re.compile(rb"<%sc(?=[\s/>])%s(?:/>|>(.*?)(</%sc\s*>|\Z))" % (name, _ATTRIBUTES, name), re.S)
        self._numbers: list[int] = []
        self._starts: list[int] = []
        self.counts_rows = False  # some row does not say which it is
        last = 0
        for found in self._row_tag.finditer(self._part, self._low, self._high):
            said = found[1] or ((number := _NUMBER.search(found[2])) and number[1])
            self.counts_rows |= not said
            row = int(said) if said else last + 1
            if not last < row <= LAST_ROW:
                raise Unspliceable(f"row {row} comes after row {last}")
            self._numbers.append(row)
            self._starts.append(found.start())
            last = row
        if self._part[self._low : self._start(0)].strip():
            raise Unspliceable("something that is no row stands among the rows")

    def _start(self, at: int) -> int:
        """Where the ``at``-th row that the part has begins; for the one after the last, where the rows end."""
        return self._starts[at] if at < len(self._starts) else self._high

    @property
    def last_row(self) -> int:
        """The last row that is there; 0 when there is none."""
        present = [row for row, xml in self._changed.items() if xml is not None]
        tail = next((row for row in reversed(self._numbers) if self._changed.get(row, b"") is not None), 0)
        return max([tail, *present, self._run.last if self._run is not None else 0])

    def holds(self, text: bytes) -> bool:
        """Whether a text stands anywhere among the rows as they were, or as they were put in a run."""
        run = self._run.pieces if self._run is not None else []
        return self._part.find(text, self._low, self._high) >= 0 or any(text in piece for piece in run)

    def xml(self, row: int) -> bytes | None:
        """The bytes of a row, or None where there is none."""
        if row in self._changed:
            return self._changed[row]
        self._take_in_run(row, row)
        at = bisect_left(self._numbers, row)
        if at == len(self._numbers) or self._numbers[at] != row:
            return None
        return self._part[self._starts[at] : self._start(at + 1)]

    def rows(self, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        """The rows from ``first`` to ``last`` that are there, in order."""
        self._take_in_run(first, last)
        standing = self._numbers[bisect_left(self._numbers, first) : bisect_left(self._numbers, last + 1)]
        added = [row for row in self._changed if first <= row <= last]
        for row in sorted({*standing, *added}) if added else standing:
            xml = self.xml(row)
            if xml is not None:
                yield row, xml

    def put_run(self, first: int, pieces: list[bytes], lengths: Sequence[int]) -> None:
        """Replace the rows from ``first`` on by as many as there are lengths: a table of many rows, at once.

        What stood there is let go, and the pieces are kept as they are until somebody asks for one of the rows.
        """
        self._take_in_run(1, LAST_ROW)
        last = first + len(lengths) - 1
        for row in [row for row in self._changed if first <= row <= last]:
            del self._changed[row]
        low, high = bisect_left(self._numbers, first), bisect_left(self._numbers, last + 1)
        start, stop = self._start(low), self._start(high)
        self._cut(low, high, start, stop, b"")
        self._run = _Run(first, last, pieces, lengths)

    def _cut(self, low: int, high: int, start: int, stop: int, text: bytes) -> None:
        """Put a text in the place of the rows from the ``low``-th to before the ``high``-th."""
        moved = len(text) - (stop - start)
        self._part = b"".join([self._part[:start], text, self._part[stop:]])
        self._high += moved
        self._starts[low:] = [each + moved for each in self._starts[high:]]
        del self._numbers[low:high]

    def _take_in_run(self, first: int, last: int) -> None:
        """Make the rows of a run rows like any other, when one of those from ``first`` to ``last`` is asked for."""
        run = self._run
        if run is None or run.last < first or last < run.first:
            return
        self._run = None
        at = bisect_left(self._numbers, run.first)
        start = self._start(at)
        self._cut(at, at, start, start, b"".join(run.pieces))
        self._starts[at:at] = accumulate(run.lengths[:-1], initial=start)
        self._numbers[at:at] = range(run.first, run.last + 1)

    def put(self, row: int, xml: bytes | None) -> None:
        """Replace a row, add it, or take it away (None)."""
        self._take_in_run(row, row)
        self._changed[row] = xml

    def taken_apart(self, row: int, xml: bytes | None = None) -> RowXml:
        """The cells of a row; none where there is no such row. Raises Unspliceable."""
        xml = self.xml(row) if xml is None else xml
        if xml is None:
            return RowXml(b"", ())
        tag = self._row_tag.match(xml)
        if tag is None:
            raise Unspliceable(f"row {row} cannot be read")
        if tag[3]:
            return RowXml(tag[2], ())
        cells: list[CellXml] = []
        at, column, end = tag.end(), 0, xml.rfind(b"</")
        for found in self._cell.finditer(xml, at, end):
            if xml[at : found.start()].strip():
                raise Unspliceable(f"row {row} holds something that is no cell")
            if found[3] == b"":
                raise Unspliceable(f"a cell of row {row} has no end")
            reference = _REFERENCE.search(found[1])
            place = column_number(reference[1].decode()) if reference else column + 1
            if not column < place <= LAST_COLUMN or (reference and int(reference[2]) != row):
                raise Unspliceable(f"a cell of row {row} stands in no order")
            if reference:
                cells.append(CellXml(place, found[0], found[1], found[2] or b""))
            else:  # said from now on: cells before it may go
                attributes = b' r="%s"%s' % (address(row, place).encode(), found[1])
                tag_end = found.start() + len(self.prefix) + len("<c")
                xml_of_cell = xml[found.start() : tag_end] + attributes + xml[tag_end + len(found[1]) : found.end()]
                cells.append(CellXml(place, xml_of_cell, attributes, found[2] or b""))
            at, column = found.end(), place
        rest = xml[at:end].strip()
        if rest and (b"<" + self.prefix.encode() + b"c" in rest and re.search(rb"<(?:\w+:)?c[\s/>]", rest)):
            raise Unspliceable(f"row {row} holds a cell that cannot be read")
        return RowXml(tag[2], tuple(cells), rest)

    def attributes(self, xml: bytes) -> bytes:
        """What the tag of a row says besides its number."""
        tag = self._row_tag.match(xml)
        return tag[2] if tag is not None else b""

    def stretch(self, first: int, last: int) -> tuple[list[int], bytes]:
        """The numbers of the rows from ``first`` to ``last`` that are there, and their bytes; none of them changed yet."""
        self._take_in_run(first, last)
        low, high = bisect_left(self._numbers, first), bisect_left(self._numbers, last + 1)
        return self._numbers[low:high], self._part[self._start(low) : self._start(high)]

    def is_changed(self, first: int, last: int) -> bool:
        """Whether any of the rows from ``first`` to ``last`` was replaced, added or taken away by itself."""
        return any(first <= row <= last for row in self._changed)

    def pieces(self) -> Iterator[bytes]:
        """The whole part: rows that did not change come in one piece from one change to the next."""
        yield self.head
        copied = self._low
        run = self._run
        for row in sorted([*self._changed, *([run.first] if run is not None else [])]):
            at = bisect_left(self._numbers, row)
            is_there = at < len(self._numbers) and self._numbers[at] == row
            if self._start(at) > copied:
                yield self._part[copied : self._start(at)]
            if run is not None and row == run.first:
                yield from run.pieces
            else:
                yield self._changed[row] or b""
            copied = max(copied, self._start(at + 1) if is_there else self._start(at))
        yield self._part[copied : self._high]
        yield self.tail

    def count_plainly(self) -> None:
        """Let each row say which it is, so that one more among them moves none."""
        self._take_in_run(1, LAST_ROW)
        name = self.prefix.encode()
        for number, start in zip(self._numbers, self._starts, strict=True):
            tag = self._row_tag.match(self._part, start)
            if tag is not None and not tag[1] and not _NUMBER.search(tag[2]):
                xml = self.xml(number)
                if xml is not None:
                    opening = b'<%srow r="%d"' % (name, number)
                    self.put(number, opening + xml[len(name) + 4 :])
        self.counts_rows = False


def _plain(part: bytes) -> bytes:
    """The part without what only looks like rows and cells."""
    # A single character that most sheets do not have is found fastest.
    is_plain = (b"!" not in part or b"<!" not in part) and (part.find(b"?", 5) < 0 or part.find(b"<?", 5) < 0)
    if is_plain:
        return part
    if len(part) > _LARGEST_TREE:
        raise Unspliceable("something that is no cell stands among its cells, and it is too large to take that out")
    root = etree.fromstring(
        part, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def joined(opening: bytes, cells: Sequence[bytes], rest: bytes, prefix: str) -> bytes:
    """A row from its tag, its cells and what stands behind them."""
    return b"".join([opening, *cells, rest, b"</", prefix.encode(), b"row>"])
