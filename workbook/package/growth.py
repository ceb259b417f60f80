"""What Excel itself lets grow with a table: rules, names, print areas, charts, sparklines and pivot sources over its rows.

Something covers a table's rows when it lies within the table's columns, begins at the header or the first data row, and
reaches the last row or beyond it. Formulas in cells are staff's own and are left as they are; those that cover the rows are
named, since they leave the new ones out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape, unescape

from lxml import etree

from workbook.addresses import Area
from workbook.package.draft import Draft
from workbook.package.formula_refs import CellsMentioned, stretched
from workbook.package.parts import children, relationship_id
from workbook.package.sheet_draft import SheetDraft

_CHART_FORMULA = re.compile(rb"<((?:\w[\w.-]*:)?)f((?:\s[^<>]*)?)>([^<]*)</\1f\s*>")
_RULES_WITH_FORMULAS = ("formula1", "formula2", "formula", "f")


@dataclass
class Growth:
    """A table whose last data row went from ``old_last`` to ``new_last``."""

    table: str
    sheet: str
    area: Area  # as it is now
    first_row: int
    old_last: int
    new_last: int
    totals_rows: int
    draft: Draft = field(repr=False)

    def reaches(self, sheet: str, mention: CellsMentioned) -> int | None:
        """The new last row of a reference that covers the table's rows; None for any other."""
        return self.reach_of(mention.area) if sheet.casefold() == self.sheet.casefold() else None

    def reach_of(self, area: Area) -> int | None:
        """The new last row of an area of whole columns of the table, as it was: with its totals row if it held that."""
        begins = area.first_row in (self.area.first_row, self.first_row) and self._holds_columns_of(area)
        if begins and self.totals_rows and area.last_row == self.old_last + self.totals_rows:
            return self.new_last + self.totals_rows
        return self.new_last if begins and self.old_last <= area.last_row < self.new_last else None

    def names_totals(self, sheet: str, area: Area) -> bool:
        """Whether an area is of the row where the totals stood, and where rows of the table stand now."""
        totals_row = self.old_last + 1
        is_there = sheet.casefold() == self.sheet.casefold() and area.first_row == area.last_row == totals_row
        return bool(self.totals_rows) and is_there and self._holds_columns_of(area)

    def _holds_columns_of(self, area: Area) -> bool:
        return self.area.first_column <= area.first_column and area.last_column <= self.area.last_column

    def stretch_rules(self, sheet: SheetDraft) -> None:
        """Drop-down lists, conditional formats and the like of the table's own sheet."""
        for element, attribute in sheet.ranges():
            parent = element.getparent()
            if parent is not None and etree.QName(parent).localname == "sparkline":
                continue  # drawn in one cell
            said = element.get(attribute, "") if attribute else element.text or ""
            longer = " ".join(self._longer(each) for each in said.split())
            if longer != " ".join(said.split()):
                if attribute:
                    element.set(attribute, longer)
                else:
                    element.text = longer

    def _whole(self, reference: str) -> str:
        try:
            area = Area.parse(reference)
        except ValueError:
            return reference
        last_row = self.reach_of(area)
        return reference if last_row is None else str(replace(area, last_row=last_row))

    def _longer(self, reference: str) -> str:
        try:
            area = Area.parse(reference)
        except ValueError:
            return reference
        # A rule may begin anywhere among the rows: somebody gave it to the newer ones.
        reaches = self.first_row <= area.first_row <= self.old_last <= area.last_row < self.new_last
        last_row = self.new_last if reaches and self._holds_columns_of(area) else self.reach_of(area)
        return reference if last_row is None else str(replace(area, last_row=last_row))

    def stretch_formulas(self, sheet: SheetDraft) -> None:
        """Lists and sparklines of any sheet that take their values from the table's rows."""
        for each in sheet.root.iter():
            if isinstance(each.tag, str) and each.text and etree.QName(each).localname in _RULES_WITH_FORMULAS:
                longer = stretched(each.text, home=sheet.name, reaches=self._reaches_if_fixed)
                if longer != each.text:
                    each.text = longer

    def _reaches_if_fixed(self, sheet: str, mention: CellsMentioned) -> int | None:
        # A rule's formula means other rows in every cell unless its rows are fixed; a sparkline's names its sheet.
        is_fixed = mention.fixed[0] and mention.fixed[2]
        return self.reaches(sheet, mention) if is_fixed or mention.sheet else None

    def stretch_names(self, workbook: etree._Element) -> None:
        """Defined names, print areas among them."""
        for each in children(workbook, "definedNames", "definedName"):
            if each.text:
                each.text = stretched(each.text, home="", reaches=self.reaches)

    def stretch_charts(self) -> None:
        """The series of charts, wherever they stand."""
        types = self.draft.content_types()
        for part in [part for part in self.draft if _is_chart(types.of(part))]:
            text = self.draft.read(part)
            longer = _CHART_FORMULA.sub(self._longer_series, text)
            if longer != text:
                self.draft.put(part, longer)

    def _longer_series(self, found: re.Match[bytes]) -> bytes:
        formula = unescape(found[3].decode(), {"&quot;": '"', "&apos;": "'"})
        longer = stretched(formula, home="", reaches=self.reaches)
        name = found[1] + b"f"
        return found[0] if longer == formula else b"<%s%s>%s</%s>" % (name, found[2], escape(longer).encode(), name)

    def stretch_pivot_sources(self) -> None:
        """Pivot tables whose source is the table's area, named by its cells."""
        for part in pivot_caches(self.draft):
            with self.draft.editing(part) as root:
                for source in children(root, "cacheSource", "worksheetSource"):
                    is_here = source.get("sheet", "").casefold() == self.sheet.casefold() and not relationship_id(source)
                    if is_here and source.get("ref"):
                        source.set("ref", self._whole(source.get("ref", "")))


def source_formula(source: etree._Element) -> str:
    """What a pivot table reads, as a formula names it; "" where that is in another workbook."""
    if relationship_id(source):
        return ""
    quoted = source.get("sheet", "").replace("'", "''")
    return source.get("name") or f"'{quoted}'!{source.get('ref', '')}"


def pivot_caches(draft: Draft) -> Iterator[str]:
    """The parts that say where pivot tables take their values from."""
    types = draft.parts.content_types()
    return (part for part in [*draft] if types.of(part).endswith("pivotCacheDefinition+xml"))


def _is_chart(content_type: str) -> bool:
    return content_type.endswith(("drawingml.chart+xml", "ms-office.chartex+xml"))
