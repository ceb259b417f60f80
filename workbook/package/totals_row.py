"""The totals row of a table, which moves as the table grows or shrinks, with the notes that are pinned to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbook.addresses import Area, address
from workbook.package.cell_formulas import formula_text, has_formula, moved_cell, unshare
from workbook.package.edit_run import EditRun
from workbook.package.formula_refs import CellsMentioned, mentions
from workbook.package.pins import Place, move_links, move_notes
from workbook.package.sheet_draft import SheetDraft
from workbook.package.sheet_rows import CellXml, joined
from workbook.package.table_part import TablePart
from workbook.refusals import NoRoom


class TotalsMoved:
    """The totals row of a table taken up, and put down again below another last row of data.

    Raises NoRoom where the totals name cells, and so would leave out the new rows, or where something is in the way.
    """

    def __init__(self, run: EditRun, sheet: SheetDraft, table: TablePart, last: int) -> None:
        self._run = run
        self._sheet = sheet
        self._area = area = table.area
        self._old = area.last_row
        self._new = last + table.totals_rows
        self._moves = bool(table.totals_rows) and self._new != self._old
        self._cells: list[CellXml] = []
        if not self._moves:
            return
        for each in (sheet.refuse_merged, sheet.refuse_spilled):
            each(table.name, self._row(self._new))
            each(table.name, self._row(self._old))
        unshare(sheet, self._row(self._old))
        cells = sheet.cells(self._old)
        self._cells = [cell for column, cell in cells.items() if area.first_column <= column <= area.last_column]
        for cell in self._cells:
            # The totals that Excel makes name the column and need nothing done.
            if any(isinstance(each, CellsMentioned) for each in mentions(formula_text(cell))):
                raise NoRoom(table.name, address(self._old, cell.column), "a totals row whose formula names cells is")

    def __enter__(self) -> None:
        if self._cells:
            self._put(self._old, [])

    def __exit__(self, *exception: object) -> None:
        if not self._moves or exception[0] is not None:
            return
        self._put(self._new, [self._moved(cell) for cell in self._cells])
        self._run.formulas_changed |= any(map(has_formula, self._cells))
        for row in (self._old, self._new):
            self._run.changed(self._sheet.name, self._row(row))
        move_notes(self._run.draft, self._sheet, self._place)
        move_links(self._sheet, self._place)

    def _row(self, row: int) -> Area:
        return replace(self._area, first_row=row, last_row=row)

    def _moved(self, cell: CellXml) -> CellXml:
        return CellXml(cell.column, moved_cell(cell, self._sheet.prefix, self._old, self._new), b"", b"")

    def _place(self, place: Place) -> Place:
        row, column = place
        is_of_totals = row == self._old and self._area.first_column <= column <= self._area.last_column
        return (self._new, column) if is_of_totals else place

    def _put(self, row: int, cells: Sequence[CellXml]) -> None:
        apart = self._sheet.taken_apart(row)
        area = self._area
        kept = [cell for cell in apart.cells if not area.first_column <= cell.column <= area.last_column]
        ordered = [cell.xml for cell in sorted([*kept, *cells], key=lambda cell: cell.column)]
        opening = self._sheet.opening(row, apart.attributes)
        self._sheet.put_row(row, joined(opening, ordered, apart.rest, self._sheet.prefix))
