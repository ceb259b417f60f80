"""The part that describes an Excel table: where it stands, its columns, its filter."""

from __future__ import annotations

from lxml import etree

from workbook.addresses import Area
from workbook.package.draft import Draft, serialised
from workbook.package.parts import children, elements


class TablePart:
    """One table of a draft, changed in place; ``flush`` writes it back if anything was changed."""

    def __init__(self, draft: Draft, part: str) -> None:
        self._draft = draft
        self._part = part
        self._root = draft.xml(part)
        self._before = serialised(self._root)

    def flush(self) -> None:
        """Put what was changed into the draft."""
        after = serialised(self._root)
        if after != self._before:
            self._draft.put(self._part, after)

    @property
    def name(self) -> str:
        return self._root.get("displayName") or self._root.get("name") or ""

    @property
    def area(self) -> Area:
        """All of it, header and totals rows included."""
        return Area.parse(self._root.get("ref", ""))

    @property
    def has_header(self) -> bool:
        return self._root.get("headerRowCount", "1") != "0"

    @property
    def totals_rows(self) -> int:
        return int(self._root.get("totalsRowCount", "0"))

    @property
    def first_row(self) -> int:
        """The sheet row of the first data row."""
        return self.area.first_row + int(self.has_header)

    @property
    def last_row(self) -> int:
        """The sheet row of the last data row."""
        return self.area.last_row - self.totals_rows

    @property
    def is_fed_by_a_query(self) -> bool:
        return self._root.get("tableType") == "queryTable"

    def column_names(self) -> list[str]:
        """The names of its columns, as its part spells them."""
        return [column.get("name", "") for column in self._columns()]

    def calculated_formulas(self) -> dict[int, str]:
        """Offset of a column that Excel fills → its formula, without the equals sign."""
        found = {}
        for at, column in enumerate(self._columns()):
            for formula in children(column, "calculatedColumnFormula"):
                found[at] = formula.text or ""
        return found

    def array_columns(self) -> frozenset[int]:
        """Offsets of the columns that Excel fills with an array formula: entered as a plain one it means something else."""
        return frozenset(
            at
            for at, column in enumerate(self._columns())
            for formula in children(column, "calculatedColumnFormula")
            if formula.get("array") in ("1", "true")
        )

    def resize(self, last_data_row: int, width: int) -> None:
        """Let the table end with another row and column."""
        area = self.area
        last_column = area.first_column + width - 1
        self._root.set("ref", str(Area(area.first_row, area.first_column, last_data_row + self.totals_rows, last_column)))
        for each in children(self._root, "autoFilter"):
            each.set("ref", str(Area(area.first_row, area.first_column, last_data_row, last_column)))
        for each in self._sort_states():
            old = Area.parse(each.get("ref", str(area)))
            each.set("ref", str(Area(old.first_row, old.first_column, max(last_data_row, old.first_row), old.last_column)))

    def name_column(self, at: int, header: str) -> None:
        """Rename a column, or add one at the right."""
        columns = self._columns()
        name = header.replace("\r", "_x000d_").replace("\n", "_x000a_")
        if at < len(columns):
            columns[at].set("name", name)
            return
        parent = next(children(self._root, "tableColumns"))
        added = etree.SubElement(
            parent, etree.QName(columns[0]), id=str(1 + max(int(each.get("id", "0")) for each in columns))
        )
        added.set("name", name)
        parent.set("count", str(len(columns) + 1))

    @property
    def is_filtered(self) -> bool:
        """Whether a filter hides some of its rows; a column may also say only that its button is not shown."""
        return any(len(each) for each in children(self._root, "autoFilter", "filterColumn"))

    def take_off_filter(self) -> None:
        """Show every row, in the order in which they stand."""
        filters = [*children(self._root, "autoFilter", "filterColumn")]
        buttons = [
            each for each in filters if each.get("hiddenButton") in ("1", "true") or each.get("showButton") in ("0", "false")
        ]
        for each in buttons:
            del each[:]
        for each in [*(each for each in filters if each not in buttons), *self._sort_states()]:
            parent = each.getparent()
            if parent is not None:
                parent.remove(each)

    def _sort_states(self) -> list[etree._Element]:
        return [*children(self._root, "autoFilter", "sortState"), *children(self._root, "sortState")]

    def _columns(self) -> list[etree._Element]:
        return [*elements(next(children(self._root, "tableColumns")))]
