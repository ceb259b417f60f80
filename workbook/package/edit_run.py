"""One run of edits over a draft: what they share, and what is to be seen to when all of them are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workbook.addresses import Area
from workbook.package.cell_formulas import has_formula
from workbook.package.draft import Draft
from workbook.package.edits import Remark
from workbook.package.growth import Growth
from workbook.package.sheet_draft import SheetDraft
from workbook.package.sheet_rows import CellXml
from workbook.package.styles import Styles
from workbook.package.table_part import TablePart
from workbook.table import Column


class EditRun:
    """The draft, its formats, and a record of what was changed."""

    def __init__(self, draft: Draft, styles: Callable[[], Styles], *, currency: str, is_1904: bool) -> None:
        self.draft = draft
        self.is_1904 = is_1904
        self.formulas_changed = False  # some cell has, or had, a formula that it did not have before
        self.areas: dict[str, list[Area]] = {}  # by sheet: the cells whose values changed
        self.growths: list[Growth] = []
        self.remarks: list[Remark] = []
        self.shared_texts: Mapping[str, int] = {}  # of the texts that are to be written, those that the workbook lists
        self._make_styles = styles
        self._styles: Styles | None = None
        self._currency = currency

    @property
    def styles(self) -> Styles:
        """The formats of the workbook, read when they are first asked for."""
        if self._styles is None:
            self._styles = self._make_styles()
        return self._styles

    def flush_styles(self) -> None:
        """Put formats that were added into the draft."""
        if self._styles is not None:
            self._styles.flush()

    def style_of_kind(self, column: Column) -> int:
        """The format of what a column holds; amounts show the decimals of the base currency."""
        from workbook.template.styles import number_format  # brings openpyxl along, which is slow to import

        return self.styles.with_number_format(0, number_format(column, self._currency))

    def changed(self, sheet: str, area: Area) -> None:
        """Cells whose values are other ones now."""
        self.areas.setdefault(sheet, []).append(area)

    def note_formula_gone(self, cell: CellXml | None) -> None:
        """A cell is overwritten, moved or taken away."""
        self.formulas_changed |= cell is not None and has_formula(cell)

    def grew(self, sheet: SheetDraft, table: TablePart, old_last: int, *, has_new_rows: bool) -> None:
        """A table's last data row was ``old_last`` and may be another now; new rows may also stand where blank ones did."""
        if table.is_filtered and has_new_rows:
            self.remarks.append(Remark("filter_stays_on", table.name, sheet.name))
        if table.is_fed_by_a_query and has_new_rows:
            self.remarks.append(Remark("query_will_replace_rows", table.name, sheet.name))
        if table.last_row > old_last:
            growth = Growth(
                table.name, sheet.name, table.area, table.first_row, old_last, table.last_row, table.totals_rows, self.draft
            )
            growth.stretch_rules(sheet)
            self.growths.append(growth)
