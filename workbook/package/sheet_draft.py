"""One worksheet of a draft: its rows as bytes, and what stands around them as a tree.

The tree holds everything but the rows: columns, merged cells, rules, links, print setup. It is written back only where it
was changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from lxml import etree

from workbook.addresses import Area, address
from workbook.package.draft import Draft, serialised
from workbook.package.parts import children
from workbook.package.sheet_rows import CellXml, RowXml, SheetRows, Unspliceable
from workbook.refusals import NoRoom, NotEditable

_SHEET_DATA = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sheetData\s*/>")
_ARRAY_FORMULA = re.compile(rb"""<(?:\w+:)?f\s[^<>]*?\bt\s*=\s*["'](?:array|dataTable)["'][^<>]*>""")
_PLACE_OF_ROW = re.compile(rb"""\s(?:r|spans)\s*=\s*(?:"[^"]*"|'[^']*')""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*(?:"[^"]*"|'[^']*')""")
_REF = re.compile(rb"""\bref\s*=\s*["']([^"']+)["']""")


class SheetDraft:
    """A sheet by its name and part. Raises NotEditable where its rows cannot be cut out safely."""

    def __init__(self, draft: Draft, name: str, part: str) -> None:
        self.name = name
        self.part = part
        self._draft = draft
        try:
            self.rows = SheetRows(draft.read(part))
        except (Unspliceable, etree.XMLSyntaxError) as error:
            raise NotEditable(draft.parts.path, f"sheet {name}: {error}") from error
        self._has_changed_rows = False
        self._kept: dict[tuple[bytes, bool], bytes] = {}

    @property
    def prefix(self) -> str:
        """Of the sheet's elements, its colon included."""
        return self.rows.prefix

    @cached_property
    def _tree(self) -> tuple[etree._Element, bytes]:
        root = self._draft.parts.parsed(self.part, self.rows.head + self.rows.tail)
        return root, serialised(root)

    @property
    def root(self) -> etree._Element:
        """The worksheet without its rows."""
        return self._tree[0]

    def put_row(self, row: int, xml: bytes | None) -> None:
        """Replace a row, add it, or take it away (None)."""
        if self.rows.counts_rows:
            self.rows.count_plainly()
        self.rows.put(row, xml)
        self._has_changed_rows = True

    def put_rows(self, first: int, pieces: list[bytes], lengths: Sequence[int]) -> None:
        """Replace the rows from ``first`` on by others, of these lengths in bytes."""
        if self.rows.counts_rows:
            self.rows.count_plainly()
        self.rows.put_run(first, pieces, lengths)
        self._has_changed_rows = True

    def taken_apart(self, row: int) -> RowXml:
        """A row's attributes and cells; none where there is no such row."""
        try:
            return self.rows.taken_apart(row)
        except Unspliceable as error:
            raise NotEditable(self._draft.parts.path, f"sheet {self.name}: {error}") from error

    def cells(self, row: int) -> dict[int, CellXml]:
        """The cells of a row by column."""
        return {cell.column: cell for cell in self.taken_apart(row).cells}

    def opening(self, row: int, attributes: bytes = b"", *, is_shown: bool = False) -> bytes:
        """The tag that opens a row, with the height and so on that it had; ``is_shown``: though it was hidden."""
        return b'<%srow r="%d"%s>' % (self.prefix.encode(), row, self.kept_attributes(attributes, is_shown=is_shown))

    def kept_attributes(self, attributes: bytes, *, is_shown: bool = False) -> bytes:
        """Of what the tag of a row says, all but where it stands."""
        key = (attributes, is_shown)
        if key not in self._kept:
            kept = _PLACE_OF_ROW.sub(b"", attributes)
            self._kept[key] = _HIDDEN.sub(b"", kept).rstrip() if is_shown else kept.rstrip()
        return self._kept[key]

    def flush(self) -> None:
        """Put the sheet into the draft if anything was changed."""
        if "_tree" in self.__dict__:
            root, before = self._tree
            after = serialised(root)
            if after != before:
                self._replace_surroundings(after)
                self._has_changed_rows = True
                del self.__dict__["_tree"]
        if self._has_changed_rows:
            self._draft.put(self.part, self.rows.pieces())
            self._has_changed_rows = False

    def _replace_surroundings(self, text: bytes) -> None:
        found = _SHEET_DATA.search(text)
        if found is None:
            raise NotEditable(self._draft.parts.path, f"sheet {self.name}: its cells are not in one place")
        name = found[1] + b"sheetData"
        self.rows.head = text[: found.start()] + b"<" + name + b">"
        self.rows.tail = b"</" + name + b">" + text[found.end() :]

    def refuse_merged(self, table: str, area: Area) -> None:
        """Raise NoRoom where merged cells stand in an area that is to be written."""
        for each in children(self.root, "mergeCells", "mergeCell"):
            if area.overlaps(Area.parse(each.get("ref", ""))):
                raise NoRoom(table, f"{self.name}!{each.get('ref', '')}", "a merged cell is")

    def refuse_spilled(self, table: str, area: Area) -> None:
        """Raise NoRoom where the results of a formula of several cells stand in an area that is to be written."""
        for row, column, spilled in self._array_formulas:
            if area.overlaps(spilled) and not spilled.is_one_cell:
                raise NoRoom(table, f"{self.name}!{address(row, column)}", f"a formula that fills {spilled} is")

    @cached_property
    def _array_formulas(self) -> list[tuple[int, int, Area]]:
        """Row, column and reach of each array formula, those of dynamic arrays included."""
        if not self.rows.holds(b"array") and not self.rows.holds(b"dataTable"):
            return []
        found = []
        for row, xml in self.rows.rows(1, self.rows.last_row):
            if _ARRAY_FORMULA.search(xml):
                for cell in self.cells(row).values():
                    formula = _ARRAY_FORMULA.search(cell.content)
                    reach = formula and _REF.search(formula[0])
                    if reach:
                        found.append((row, cell.column, Area.parse(reach[1].decode())))
        return found

    def grow_dimension(self, area: Area) -> None:
        """Let what the sheet says of its extent hold an area too."""
        for each in children(self.root, "dimension"):
            each.set("ref", str(Area.parse(each.get("ref", "A1")).spanning(area)))

    def column_style(self, column: int) -> int:
        """The format that a column gives to cells that have none."""
        for each in children(self.root, "cols", "col"):
            if int(each.get("min", "0")) <= column <= int(each.get("max", "0")):
                return int(each.get("style", "0"))
        return 0

    def ranges(self) -> Iterator[tuple[etree._Element, str | None]]:
        """Elements that say in ``sqref`` where they hold: (element, attribute name), or None where their text says it."""
        for each in self.root.iter():
            if isinstance(each.tag, str):
                if each.get("sqref") is not None and etree.QName(each).localname not in ("selection", "pane"):
                    yield each, "sqref"
                elif etree.QName(each).localname == "sqref":
                    yield each, None
