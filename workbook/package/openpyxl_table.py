"""One Excel table on an openpyxl sheet: its rows written, its area kept true, formats taken from the cells beside."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from openpyxl.worksheet.table import Table as SheetTable
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from workbook.addresses import Area
from workbook.editing.staff_columns import NO_ROW
from workbook.package.edits import AppendRows, RewriteRows, UpdateCells
from workbook.package.openpyxl_cells import Lifted, lift, moved_formula, put, remove, set_down, sheet_cell
from workbook.package.openpyxl_surroundings import refuse_merged, refuse_totals_that_name_cells, show_rows, stretch_rules
from workbook.reading.cell_parsing import is_blank
from workbook.table import Column
from workbook.template.styles import number_format


class OpenpyxlTable:
    """A table on a sheet, to be edited in place; amounts show the decimals of ``currency``. Raises NoRoom, TextTooLong."""

    def __init__(self, sheet: Worksheet, table: SheetTable, currency: str) -> None:
        self._sheet = sheet
        self._table = table
        self._currency = currency
        area = Area.parse(table.ref)
        self._area = area
        self._left = area.first_column
        self._has_header = table.headerRowCount != 0
        self._first = area.first_row + int(self._has_header)
        self._totals = table.totalsRowCount or 0
        self._last = area.last_row - self._totals

    def update(self, edit: UpdateCells) -> None:
        """New values in cells that stand."""
        for place, values in edit.columns.items():
            for row, value in zip(edit.rows, values, strict=True):
                if not self._is_formatted(self._first + row, place):
                    self._format(self._first + row, place, None, edit.kinds)
                put(self._sheet, self._first + row, self._left + place, value)

    def append(self, edit: AppendRows) -> None:
        """Rows from an offset on, formatted like the row above them.

        A blank value leaves the cell as it is: a formula that somebody filled down beforehand stays, and a column that Excel
        calculates gets its formula.
        """
        start = self._first + edit.at
        last = max(self._last, start + edit.row_count - 1)
        refuse_merged(self._sheet, self._table.displayName, Area(start, self._left, last, self._area.last_column))
        formulas = self._calculated_formulas()
        old_last = self._last
        self._resize(last, self._area.width)
        for place in range(self._area.width):
            above = lift(self._sheet, start - 1, self._left + place) if edit.at else None
            values = edit.columns.get(place)
            for offset in range(edit.row_count):
                row = start + offset
                if row > old_last or not self._is_formatted(row, place):
                    self._format(row, place, above, edit.kinds)
                value = values[offset] if values is not None else None
                if not is_blank(value):
                    put(self._sheet, row, self._left + place, value)
                elif place in formulas and self._is_blank(row, place):
                    self._sheet.cell(row, self._left + place).value = moved_formula(formulas[place], row, self._left + place)
        stretch_rules(self._sheet, self._area, old_last)

    def rewrite(self, edit: RewriteRows) -> None:
        """All rows anew. Our cells are formatted like the column's first one; staff's move with their formats and notes."""
        width = max([self._area.width, *(place + 1 for place in edit.new_headers)])
        last = self._first + max(1, edit.row_count) - 1
        refuse_merged(self._sheet, self._table.displayName, Area(self._first, self._left, last, self._left + width - 1))
        old_last, formulas = self._last, self._calculated_formulas()
        theirs = {place: self._lift_column(place) for place in range(self._area.width) if place not in edit.columns}
        notes = {place: self._lift_notes(place) for place in edit.columns}
        for row in range(last + 1, old_last + 1):
            for place in range(self._area.width):
                remove(self._sheet, row, self._left + place)
        self._resize(last, width)
        self._name_columns(edit.new_headers)
        for place in edit.columns:
            self._write_ours(edit, place, notes[place])
        for place, cells in theirs.items():
            self._write_theirs(edit, place, cells, formulas.get(place))
        show_rows(self._sheet, self._table, self._area)
        stretch_rules(self._sheet, self._area, old_last)

    def _lift_column(self, place: int) -> list[Lifted | None]:
        """Every cell of a column, taken out of its place."""
        column, rows = self._left + place, range(self._first, self._last + 1)
        cells = [lift(self._sheet, row, column) for row in rows]
        for row in rows:
            remove(self._sheet, row, column)
        return cells

    def _lift_notes(self, place: int) -> dict[int, Any]:
        """Offset → the note pinned to a cell of a column, taken off it."""
        notes = {}
        for offset in range(self._last - self._first + 1):
            cell: Any = self._sheet._cells.get((self._first + offset, self._left + place))
            if cell is not None and cell.comment is not None:
                notes[offset] = copy.copy(cell.comment)
                cell.comment = None
        return notes

    def _write_ours(self, edit: RewriteRows, place: int, notes: Mapping[int, Any]) -> None:
        """Values; a note that somebody pinned to a cell moves with the row, a link that stood there goes."""
        column = self._left + place
        pattern = lift(self._sheet, self._first, column)
        for row, value in enumerate(edit.columns[place], self._first):
            if row > self._first and is_blank(value):
                remove(self._sheet, row, column)  # half of a report is blank; the first row keeps the column's format
            else:
                self._format(row, place, pattern, edit.kinds)
                put(self._sheet, row, column, value)
        for row, came_from in enumerate(edit.came_from, self._first):
            if came_from in notes:
                sheet_cell(self._sheet, row, column).comment = notes[came_from]

    def _write_theirs(self, edit: RewriteRows, place: int, standing: list[Lifted | None], calculated: Lifted | None) -> None:
        """What stood beside the same row before; beside a new one, the column's formula if Excel fills it."""
        column = self._left + place
        for row, came_from in enumerate(edit.came_from or [NO_ROW], self._first):
            cell = standing[came_from] if came_from != NO_ROW else None
            if cell is not None:
                set_down(self._sheet, row, column, cell)
                continue
            self._format(row, place, standing[0], edit.kinds)
            if calculated is not None and came_from == NO_ROW:
                sheet_cell(self._sheet, row, column).value = moved_formula(calculated, row, column)

    def _calculated_formulas(self) -> dict[int, Lifted]:
        """Place → a formula of a column that Excel fills by itself."""
        found = {}
        for place, column in enumerate(self._table.tableColumns):
            if column.calculatedColumnFormula is not None:
                cells = (lift(self._sheet, row, self._left + place) for row in range(self._first, self._last + 1))
                formula = next((cell for cell in cells if cell is not None and cell.is_formula), None)
                if formula is not None:
                    found[place] = formula
        return found

    def _resize(self, last: int, width: int) -> None:
        """Let the table end with another row and column, its totals row below."""
        if self._totals and last != self._last:
            self._move_totals(last)
        header = int(self._has_header)
        self._area = Area(self._first - header, self._left, last + self._totals, self._left + width - 1)
        self._last = last
        self._table.ref = str(self._area)
        if self._table.autoFilter is not None:
            self._table.autoFilter.ref = str(Area(self._area.first_row, self._left, last, self._area.last_column))

    def _move_totals(self, last: int) -> None:
        columns = range(self._left, self._area.last_column + 1)
        cells = {column: lift(self._sheet, self._last + 1, column) for column in columns}
        refuse_totals_that_name_cells(self._table.displayName, cells.values())
        for column in columns:
            remove(self._sheet, self._last + 1, column)
        for column, cell in cells.items():
            if cell is not None:
                set_down(self._sheet, last + 1, column, cell)

    def _name_columns(self, new_headers: Mapping[int, str]) -> None:
        """Write new headers on the sheet and in the table part, which must agree."""
        columns = self._table.tableColumns
        for place, header in sorted(new_headers.items()):
            if place < len(columns):
                columns[place].name = header
            else:
                columns.append(TableColumn(id=1 + max(column.id for column in columns), name=header))
            if self._has_header:
                cell = sheet_cell(self._sheet, self._area.first_row, self._left + place)
                if not cell.has_style and place:
                    cell._style = copy.copy(sheet_cell(self._sheet, self._area.first_row, self._left + place - 1)._style)
                put(self._sheet, self._area.first_row, self._left + place, header)

    def _format(self, row: int, place: int, like: Lifted | None, kinds: Mapping[int, Column]) -> None:
        """A cell's format is that of another, or where there is none that of its column's kind."""
        if like is not None:
            sheet_cell(self._sheet, row, self._left + place)._style = copy.copy(like.style)
        elif place in kinds:
            self._sheet.cell(row, self._left + place).number_format = number_format(kinds[place], self._currency)

    def _is_formatted(self, row: int, place: int) -> bool:
        cell: Any = self._sheet._cells.get((row, self._left + place))
        return cell is not None and cell.has_style

    def _is_blank(self, row: int, place: int) -> bool:
        cell: Any = self._sheet._cells.get((row, self._left + place))
        return cell is None or cell.value is None
