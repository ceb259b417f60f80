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


class SheetRows:
    """The rows of a worksheet part in UTF-8. ``head`` and ``tail`` are all that stands before and behind them."""

    def __init__(self, part: bytes) -> None:
        part = _plain(part)
        found = _SHEET_DATA.search(part)
        if found is None:
            raise Unspliceable("the sheet has no place for cells")
        self.prefix = found[1].decode()
        end_tag = b"</" + found[1] + b"sheetData"
        end = found.end() if found[2] else part.rfind(end_tag)
        self.head = part[: found.end()] if not found[2] else part[: found.start()] + b"<" + found[1] + b"sheetData>"
        self.tail = part[end:] if not found[2] else end_tag + b">" + part[end:]
        self.body = part[found.end() : end]
        self._index_rows()
        self._changed: dict[int, bytes | None] = {}

    def _index_rows(self) -> None:
        name = re.escape(self.prefix.encode())
        self._row_tag = re.compile(rb'<%srow(?:\s+r="([0-9]+)")?(?=[\s/>])%s(/?)>' % (name, _ATTRIBUTES))
        self._cell = re.compile(rb"<%sc(?=[\s/>])%s(?:/>|>(.*?)(</%sc\s*>|\Z))" % (name, _ATTRIBUTES, name), re.S)
        self._numbers: list[int] = []
        self._starts: list[int] = []
        self.counts_rows = False  # some row does not say which it is
        last = 0
        for found in self._row_tag.finditer(self.body):
            said = found[1] or ((number := _NUMBER.search(found[2])) and number[1])
            self.counts_rows |= not said
            row = int(said) if said else last + 1
            if not last < row <= LAST_ROW:
                raise Unspliceable(f"row {row} comes after row {last}")
            self._numbers.append(row)
            self._starts.append(found.start())
            last = row
        if self.body[: self._starts[0] if self._starts else None].strip():
            raise Unspliceable("something that is no row stands among the rows")

    @property
    def last_row(self) -> int:
        """The last row that is there; 0 when there is none."""
        present = [row for row, xml in self._changed.items() if xml is not None]
        tail = next((row for row in reversed(self._numbers) if self._changed.get(row, b"") is not None), 0)
        return max([tail, *present])

    def xml(self, row: int) -> bytes | None:
        """The bytes of a row, or None where there is none."""
        if row in self._changed:
            return self._changed[row]
        at = bisect_left(self._numbers, row)
        return self._slice(at) if at < len(self._numbers) and self._numbers[at] == row else None

    def _slice(self, at: int) -> bytes:
        end = self._starts[at + 1] if at + 1 < len(self._starts) else len(self.body)
        return self.body[self._starts[at] : end]

    def rows(self, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        """The rows from ``first`` to ``last`` that are there, in order."""
        standing = self._numbers[bisect_left(self._numbers, first) : bisect_left(self._numbers, last + 1)]
        added = [row for row in self._changed if first <= row <= last]
        for row in sorted({*standing, *added}) if added else standing:
            xml = self.xml(row)
            if xml is not None:
                yield row, xml

    def put_run(self, first: int, rows: bytes, lengths: Sequence[int]) -> None:
        """Replace the rows from ``first`` on by as many as there are lengths, all of them at once.

        A table of many rows costs one copy so, and no entry a row.
        """
        last = first + len(lengths) - 1
        for row in [row for row in self._changed if first <= row <= last]:
            del self._changed[row]
        low, high = bisect_left(self._numbers, first), bisect_left(self._numbers, last + 1)
        end = len(self.body)
        start, stop = (self._starts[at] if at < len(self._starts) else end for at in (low, high))
        self.body = b"".join([self.body[:start], rows, self.body[stop:]])
        moved = len(rows) - (stop - start)
        self._starts[high:] = [each + moved for each in self._starts[high:]] if moved else self._starts[high:]
        self._starts[low:high] = accumulate(lengths[:-1], initial=start)
        self._numbers[low:high] = range(first, last + 1)

    def put(self, row: int, xml: bytes | None) -> None:
        """Replace a row, add it, or take it away (None)."""
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
        low, high = bisect_left(self._numbers, first), bisect_left(self._numbers, last + 1)
        start, stop = (self._starts[at] if at < len(self._starts) else len(self.body) for at in (low, high))
        return self._numbers[low:high], self.body[start:stop]

    def is_changed(self, first: int, last: int) -> bool:
        """Whether any of the rows from ``first`` to ``last`` was replaced, added or taken away by itself."""
        return any(first <= row <= last for row in self._changed)

    def to_bytes(self) -> bytes:
        """The whole part: rows that did not change are copied in one piece from one change to the next."""
        pieces = [self.head]
        copied = 0
        for row in sorted(self._changed):
            at = bisect_left(self._numbers, row)
            is_there = at < len(self._numbers) and self._numbers[at] == row
            start = self._starts[at] if at < len(self._starts) else len(self.body)
            if start > copied:
                pieces.append(self.body[copied:start])
            xml = self._changed[row]
            if xml is not None:
                pieces.append(xml)
            end = (self._starts[at + 1] if at + 1 < len(self._starts) else len(self.body)) if is_there else start
            copied = max(copied, end)
        pieces += [self.body[copied:], self.tail]
        return b"".join(pieces)

    def count_plainly(self) -> None:
        """Let each row say which it is, so that one more among them moves none."""
        name = self.prefix.encode()
        for number, start in zip(self._numbers, self._starts, strict=True):
            tag = self._row_tag.match(self.body, start)
            if tag is not None and not tag[1] and not _NUMBER.search(tag[2]):
                xml = self.xml(number)
                if xml is not None:
                    opening = b'<%srow r="%d"' % (name, number)
                    self.put(number, opening + xml[len(name) + 4 :])
        self.counts_rows = False


def _plain(part: bytes) -> bytes:
    """The part without what only looks like rows and cells."""
    if b"<!" not in part and part.find(b"<?", 5) < 0:
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
