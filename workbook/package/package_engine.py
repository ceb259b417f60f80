"""Edits carried out in the package itself: only the parts that must change are touched, every other keeps its bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml import etree

from workbook.addresses import Area, address
from workbook.package.cell_formulas import without_value
from workbook.package.cell_xml import NotACellValue
from workbook.package.draft import Draft
from workbook.package.edit_run import EditRun
from workbook.package.edits import (
    AddSheet,
    AppendRows,
    Edit,
    Edited,
    Record,
    Remark,
    RewriteRows,
    UpdateCells,
    cells_written,
    values_written,
)
from workbook.package.formula_refs import CellsMentioned, Mention, mentions
from workbook.package.growth import Growth, pivot_caches, source_formula
from workbook.package.package_index import Package
from workbook.package.packing import packed
from workbook.package.parts import children
from workbook.package.shared_texts import shared_texts
from workbook.package.sheet_draft import SheetDraft
from workbook.package.sheet_rows import joined
from workbook.package.sheet_scan import SheetScan
from workbook.package.stale_formulas import Formulas, TablePlace, depends_on, stale_cells
from workbook.package.styles import Styles
from workbook.package.table_editor import TableEditor
from workbook.package.table_part import TablePart
from workbook.package.workbook_part import WorkbookPart
from workbook.refusals import NotEditable

# What reading a part ends in that is well formed and breaks the rules of its format: a number that is none, a list that is
# not there, a place beyond the end of a list.
_BREAKS_THE_FORMAT = (ValueError, LookupError, StopIteration, etree.LxmlError)


class PackageEngine:
    """An ``Engine``. Formulas keep their stored results, but for those that the edits put out of date."""

    def apply(self, package: Package, edits: Sequence[Edit], *, currency: str, record: Record | None = None) -> Edited:
        """The package with the edits made. Raises NoRoom, NotEditable, TextTooLong; NotACellValue, the caller's mistake."""
        try:
            return _Application(package, currency).of(edits, record)
        except NotACellValue:
            raise
        except _BREAKS_THE_FORMAT as error:
            raise NotEditable(package.path, f"{type(error).__name__}: {error}") from error


class _Application:
    """One application of edits to one package."""

    def __init__(self, package: Package, currency: str) -> None:
        self._package = package
        self._currency = currency
        self._draft = Draft(package.parts)
        self._workbook = WorkbookPart(self._draft, package.workbook_part)
        self._run = EditRun(
            self._draft, lambda: Styles.of(self._draft, self._workbook), currency=currency, is_1904=package.is_1904
        )
        self._sheets: dict[str, SheetDraft] = {}
        self._sheet_parts = dict(package.sheets)
        self._tables = {entry.name.casefold(): (entry.sheet, entry.part) for entry in package.tables}
        self._names = {entry.name.casefold(): entry.name for entry in package.tables}
        self._table_parts: dict[str, TablePart] = {}
        self._stale: dict[str, list[tuple[int, int]]] = {}

    def of(self, edits: Sequence[Edit], record: Record | None) -> Edited:
        self._run.shared_texts = shared_texts(self._draft, self._workbook, values_written(edits))
        for edit in edits:
            if isinstance(edit, AddSheet):
                self._add_sheet(edit)
            else:
                self._edit(edit)
        self._stretch()
        self._flush()
        self._see_to_formulas()
        self._refresh_pivots()
        edited = Edited(
            content=b"",
            changed=tuple(sorted(map(self._spelled, self._draft.changed))),
            added=tuple(sorted(self._draft.added)),
            removed=tuple(sorted(map(self._spelled, self._draft.removed))),
            cells_written=cells_written(edits),
            remarks=tuple(dict.fromkeys(self._run.remarks)),
        )
        last = record(edited) if record is not None else None
        if last is not None:
            self._edit(last)
            self._flush()
        return replace(edited, content=packed(self._draft))

    def _spelled(self, part: str) -> str:
        """A part's name as the package spells it."""
        member = self._draft.parts.member(part)
        return "/" + member.filename.replace("\\", "/").lstrip("/")

    def _add_sheet(self, edit: AddSheet) -> None:
        from workbook.package.new_sheet import add_sheet, home_sheet, link_from_home  # openpyxl is slow to import

        on_sheets: dict[str, list[str]] = {}
        for name, (sheet, _) in self._tables.items():
            on_sheets.setdefault(sheet, []).append(self._names[name])
        added = add_sheet(self._draft, self._workbook, self._run.styles, edit, on_sheets, self._currency)
        self._sheet_parts[added.title] = added.part
        self._tables[edit.table.name.casefold()] = (added.title, added.table_part)
        self._names[edit.table.name.casefold()] = edit.table.name
        home = home_sheet(self._sheet_parts)
        if home is not None:
            link_from_home(self._sheet(home), self._run.styles, edit, added.title)

    def _edit(self, edit: RewriteRows | AppendRows | UpdateCells) -> None:
        sheet, _ = self._tables[edit.table.casefold()]
        editor = TableEditor(self._run, self._sheet(sheet), self._table(edit.table))
        if isinstance(edit, RewriteRows):
            editor.rewrite(edit)
        elif isinstance(edit, AppendRows):
            editor.append(edit)
        else:
            editor.update(edit)

    def _sheet(self, name: str) -> SheetDraft:
        if name not in self._sheets:
            self._sheets[name] = SheetDraft(self._draft, name, self._sheet_parts[name])
        return self._sheets[name]

    def _table(self, name: str) -> TablePart:
        key = name.casefold()
        if key not in self._table_parts:
            self._table_parts[key] = TablePart(self._draft, self._tables[key][1])
        return self._table_parts[key]

    def _flush(self) -> None:
        for table in self._table_parts.values():
            table.flush()
        while self._sheets:  # none is kept: a ledger's cells are large
            self._sheets.popitem()[1].flush()
        self._run.flush_styles()

    def _stretch(self) -> None:
        """Let what covered the rows of a table that grew reach its new ones, wherever it stands."""
        if not self._run.growths:
            return
        for growth in self._run.growths:
            growth.stretch_charts()
            growth.stretch_pivot_sources()
            with self._draft.editing(self._workbook.part) as root:
                growth.stretch_names(root)
        for name, part in self._sheet_parts.items():
            standing = self._sheets.get(name)
            if standing is not None or b"!" in _around_rows(self._draft.read(part)):
                for growth in self._run.growths:
                    growth.stretch_formulas(self._sheet(name))

    def _see_to_formulas(self) -> None:
        """Take stale results away, name the formulas that a table outgrew, and have everything worked out on loading."""
        with_formulas = {
            name: part for name, part in self._parts_that_may_have_formulas() if SheetScan(part).has_any_formula
        }
        if self._run.formulas_changed:
            self._workbook.drop_calculation_chain()
        if not with_formulas:
            return
        tables = {name: self._place(name) for name in self._tables}
        self._stale = stale_cells(Formulas(with_formulas, tables, self._workbook.names()), self._run.areas)
        for name, cells in self._stale.items():
            self._drop_results(name, cells)
        for name, part in with_formulas.items():
            self._name_outgrown_formulas(name, part)
        self._workbook.calculate_on_load()

    def _parts_that_may_have_formulas(self) -> Iterator[tuple[str, bytes]]:
        for name, part in self._sheet_parts.items():
            if self._draft.is_new_or_changed(part) or self._draft.parts.may_have_formulas(part):
                yield name, self._draft.read(part)

    def _place(self, folded_name: str) -> TablePlace:
        sheet, part = self._tables[folded_name]
        table = self._table_parts.get(folded_name) or TablePart(self._draft, part)
        area = table.area
        data = replace(area, first_row=table.first_row, last_row=table.last_row)
        return TablePlace(sheet, data, tuple(table.column_names()), whole=area)

    def _drop_results(self, name: str, cells: Sequence[tuple[int, int]]) -> None:
        sheet = self._sheet(name)
        by_row: dict[int, set[int]] = {}
        for row, column in cells:
            by_row.setdefault(row, set()).add(column)
        for row, columns in by_row.items():
            apart = sheet.taken_apart(row)
            kept = [without_value(cell, sheet.prefix) if cell.column in columns else cell.xml for cell in apart.cells]
            sheet.put_row(row, joined(sheet.opening(row, apart.attributes), kept, apart.rest, sheet.prefix))
        sheet.flush()

    def _name_outgrown_formulas(self, name: str, part: bytes) -> None:
        for growth in self._run.growths:
            for cell in SheetScan(part).formulas():
                if any(_leaves_out_new_rows(growth, name, each) for each in mentions(cell.text)):
                    where = f"{name}!{address(cell.row, cell.column)}"
                    self._run.remarks.append(Remark("formula_not_stretched", growth.table, where))

    def _refresh_pivots(self) -> None:
        """Have pivot tables over cells that changed read them anew when the workbook is opened."""
        caches = [*pivot_caches(self._draft)]
        if not caches:
            return
        areas = {sheet: [*found] for sheet, found in self._run.areas.items()}
        for sheet, cells in self._stale.items():
            areas.setdefault(sheet, []).extend(Area(*place, *place) for place in cells)
        known = Formulas({}, {name: self._place(name) for name in self._tables}, self._workbook.names())
        for part in caches:
            with self._draft.editing(part) as root:
                sources = [
                    *children(root, "cacheSource", "worksheetSource"),
                    *children(root, "cacheSource", "consolidation", "rangeSets", "rangeSet"),
                ]
                if any(depends_on(known, source_formula(each), areas) for each in sources):
                    root.set("refreshOnLoad", "1")


def _leaves_out_new_rows(growth: Growth, home: str, mention: Mention) -> bool:
    """Whether a formula on the sheet ``home`` means the rows, or the totals, that a table had before it grew."""
    if not isinstance(mention, CellsMentioned):
        return False
    sheet = mention.sheet or home
    covers = not mention.is_one_cell and growth.reaches(sheet, mention) is not None
    return covers or growth.names_totals(sheet, mention.area)


def _around_rows(part: bytes) -> bytes:
    """What stands before and behind a sheet's rows."""
    start, end = part.find(b"sheetData"), part.rfind(b"sheetData")
    return part[: max(0, start)] + part[end:]
