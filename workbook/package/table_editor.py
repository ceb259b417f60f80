"""One Excel table on its sheet: rows written, rows added, cells updated; what stands beside it keeps its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from workbook.addresses import Area
from workbook.editing.staff_columns import NO_ROW
from workbook.package.cell_formulas import formula_text, moved_cell, unshare
from workbook.package.cell_xml import CellWriter, Column, rows_xml
from workbook.package.edit_run import EditRun
from workbook.package.edits import AppendRows, RewriteRows, UpdateCells
from workbook.package.formula_refs import CellsMentioned, mentions, moved
from workbook.package.pins import Place, move_links, move_notes
from workbook.package.row_frames import row_frames
from workbook.package.sheet_draft import SheetDraft
from workbook.package.sheet_rows import CellXml, joined
from workbook.package.table_part import TablePart
from workbook.package.totals_row import TotalsMoved
from workbook.port import Cell
from workbook.reading.cell_parsing import is_blank
from workbook.table import Column as Kind

_ROWS_AT_ONCE = 8192


class TableEditor:
    """A table of a draft, edited in place. Raises NoRoom, NotEditable, TextTooLong."""

    def __init__(self, run: EditRun, sheet: SheetDraft, table: TablePart) -> None:
        self._run = run
        self._sheet = sheet
        self._table = table
        self._left = table.area.first_column
        self._array_columns = table.array_columns()
        self._writer = CellWriter(
            sheet.prefix, sheet.name, is_1904=run.is_1904, quoted=run.styles.quoted, shared=run.shared_texts
        )

    @property
    def _rows(self) -> range:
        """The sheet rows of the data."""
        return range(self._table.first_row, self._table.last_row + 1)

    def update(self, edit: UpdateCells) -> None:
        """New values in cells that stand; their formats stay."""
        first = self._table.first_row
        for row in edit.rows:
            self._free_of_shared_formulas(Area(first + row, self._left, first + row, self._table.area.last_column))
            for place in edit.columns:
                cell = Area(first + row, self._left + place, first + row, self._left + place)
                self._sheet.refuse_spilled(self._table.name, cell)
        for at, row in enumerate(edit.rows):
            values = {place: column[at] for place, column in edit.columns.items()}
            self._put_cells(first + row, values, edit.kinds)
            self._run.changed(self._sheet.name, Area(first + row, self._left, first + row, self._table.area.last_column))

    def append(self, edit: AppendRows) -> None:
        """Rows from an offset on, formatted like the row above them.

        A blank value leaves the cell as it is: a formula that somebody filled down beforehand stays, and a column that Excel
        calculates gets its formula. A filter that is on stays on; the new rows are visible.
        """
        start, old_last, width = self._table.first_row + edit.at, self._table.last_row, self._table.area.width
        last = max(old_last, start + edit.row_count - 1)
        written = Area(start, self._left, start + edit.row_count - 1, self._left + width - 1)
        self._refuse_what_is_in_the_way(written)
        self._free_of_shared_formulas(written)
        above = self._sheet.cells(max(start - 1, self._table.first_row))
        styles = {place: self._style(place, above.get(self._left + place), edit.kinds) for place in range(width)}
        formulas = self._calculated_formulas(old_last)
        with self._totals_moved(last):
            self._table.resize(last, width)
            for row in range(start, min(old_last, written.last_row) + 1):  # blank rows that stand already
                at = row - start
                values = {place: column[at] for place, column in edit.columns.items() if not is_blank(column[at])}
                self._put_cells(row, values, edit.kinds, styles=styles, formulas=formulas, is_shown=True)
            new_rows = range(max(start, old_last + 1), written.last_row + 1)
            if new_rows:

                def columns(stretch: range) -> list[Column]:
                    part = slice(stretch.start - start, stretch.stop - start)
                    return [
                        self._new_column(stretch, place, edit.columns.get(place, ())[part], styles[place], formulas)
                        for place in range(width)
                    ]

                self._write_rows(new_rows, columns, width, are_shown=True)
        self._run.changed(self._sheet.name, written)
        self._run.grew(self._sheet, self._table, old_last, has_new_rows=True)

    def rewrite(self, edit: RewriteRows) -> None:
        """All rows anew. Our cells are formatted like the column's first one; staff's move with their formats and notes."""
        old, width = self._table.area, max([self._table.area.width, *(place + 1 for place in edit.new_headers)])
        rows, old_last = range(self._table.first_row, self._table.first_row + max(1, edit.row_count)), self._table.last_row
        written = Area(rows.start, self._left, max(rows.stop - 1, old_last), self._left + width - 1)
        self._refuse_what_is_in_the_way(Area(rows.start, self._left, rows.stop - 1, written.last_column))
        self._free_of_shared_formulas(written)
        theirs = {place: self._lifted(place) for place in range(old.width) if place not in edit.columns}
        pattern = self._sheet.cells(rows.start)
        formulas = self._calculated_formulas(old_last)
        came_from = edit.came_from or [NO_ROW]
        with self._totals_moved(rows.stop - 1):
            self._table.resize(rows.stop - 1, width)
            self._name_columns(edit.new_headers)
            styles = [self._style(place, pattern.get(self._left + place), edit.kinds) for place in range(width)]

            def columns(stretch: range) -> list[Column]:
                part = slice(stretch.start - rows.start, stretch.stop - rows.start)
                return [
                    self._our_column(stretch, place, edit.columns[place][part], style, is_first=part.start == 0)
                    if place in edit.columns
                    else self._their_column(stretch, place, came_from[part], theirs[place], style, formulas.get(place))
                    for place, style in enumerate(styles)
                ]

            self._write_rows(rows, columns, width, are_shown=True)
            self._clear(range(rows.stop, old_last + 1), old)
        self._move_pins(edit, old, old_last)
        self._table.take_off_filter()
        self._run.changed(self._sheet.name, written)
        self._run.grew(self._sheet, self._table, old_last, has_new_rows=self._table.last_row > old_last)

    # What stands

    def _refuse_what_is_in_the_way(self, area: Area) -> None:
        self._sheet.refuse_merged(self._table.name, area)
        self._sheet.refuse_spilled(self._table.name, area)

    def _free_of_shared_formulas(self, area: Area) -> None:
        unshare(self._sheet, area)

    def _lifted(self, place: int) -> list[CellXml | None]:
        """The cells of a column, by offset."""
        return [self._sheet.cells(row).get(self._left + place) for row in self._rows]

    def _style(self, place: int, like: CellXml | None, kinds: Mapping[int, Kind]) -> int:
        """A cell's format is that of another, else that of its column on the sheet, else that of what it holds."""
        if like is not None:
            return like.style
        style = self._sheet.column_style(self._left + place)
        return style or (self._run.style_of_kind(kinds[place]) if place in kinds else 0)

    def _calculated_formulas(self, last: int) -> dict[int, tuple[int, str]]:
        """Place → the row and text of a formula of a column that Excel fills by itself."""
        wanted = self._table.calculated_formulas()
        found = {place: (0, text) for place, text in wanted.items() if text and not _names_cells_by_distance(text)}
        for row in range(last, self._table.first_row - 1, -1):
            if found.keys() == wanted.keys():
                break
            cells = self._sheet.cells(row)
            for place in wanted.keys() - found.keys():
                cell = cells.get(self._left + place)
                if cell is not None and formula_text(cell):
                    found[place] = row, formula_text(cell)
        return found

    # What is written

    def _put_cells(
        self,
        row: int,
        values: Mapping[int, Cell],
        kinds: Mapping[int, Kind],
        *,
        styles: Mapping[int, int] | None = None,
        formulas: Mapping[int, tuple[int, str]] | None = None,
        is_shown: bool = False,
    ) -> None:
        """Values in a row that stands; formulas where there is neither a value nor anything else."""
        apart = self._sheet.taken_apart(row)
        standing = {cell.column: cell for cell in apart.cells}
        cells = {cell.column: cell.xml for cell in apart.cells}
        for place in sorted({*values, *(formulas or ())}):
            column = self._left + place
            cell = standing.get(column)
            style = cell.style if cell is not None else (styles or {}).get(place) or self._style(place, None, kinds)
            if place in values:
                self._run.note_formula_gone(cell)
                cells[column] = self._writer.cell(row, column, values[place], style).encode()
            elif formulas and not (cell is not None and cell.content):
                cells[column] = self._formula_cell(row, place, style, formulas[place]).encode()
        ordered = [cells[column] for column in sorted(cells)]
        opening = self._sheet.opening(row, apart.attributes, is_shown=is_shown)
        self._sheet.put_row(row, joined(opening, ordered, apart.rest, self._sheet.prefix))

    def _formula_cell(self, row: int, place: int, style: int, formula: tuple[int, str]) -> str:
        from_row, text = formula
        self._run.formulas_changed = True
        text = moved(text, row - from_row) if from_row else text
        return self._writer.formula(row, self._left + place, text, style, is_array=place in self._array_columns)

    def _new_column(
        self, rows: range, place: int, values: Sequence[Cell], style: int, formulas: Mapping[int, tuple[int, str]]
    ) -> Column:
        if place in formulas:
            cells = [
                self._formula_cell(row, place, style, formulas[place])
                if is_blank(value)
                else self._writer.cell(row, self._left + place, value, style)
                for row, value in zip(rows, values or [None] * len(rows), strict=True)
            ]
            return Column("%s", [cells])
        # A blank cell keeps the format of the row above, so that what staff type there looks like the rest.
        return self._our_column(rows, place, values or [None] * len(rows), style, keeps_blanks=True)

    def _our_column(
        self,
        rows: range,
        place: int,
        values: Sequence[Cell],
        style: int,
        *,
        is_first: bool = False,
        keeps_blanks: bool = False,
    ) -> Column:
        """Values; of the blank ones only the table's first keeps its cell, which tells the format, unless all are kept."""
        column = self._writer.column(rows, self._left + place, values, style)
        if column.pattern == "%s" and style and (is_first or keeps_blanks):
            (cells,) = column.arguments
            kept = rows if keeps_blanks else rows[:1]
            blank = [self._writer.cell(row, self._left + place, None, style) for row in kept]
            return Column("%s", [[*(cell or empty for cell, empty in zip(cells, blank, strict=False)), *cells[len(kept) :]]])
        return column

    def _their_column(
        self,
        rows: range,
        place: int,
        came_from: Sequence[int],
        standing: Sequence[CellXml | None],
        style: int,
        calculated: tuple[int, str] | None,
    ) -> Column:
        """What stood beside the same row before; beside a new one, the column's formula if Excel fills it."""
        cells = []
        for row, offset in zip(rows, came_from, strict=True):
            cell = standing[offset] if offset != NO_ROW else None
            if cell is not None:
                self._run.note_formula_gone(cell)
                moved_xml = moved_cell(cell, self._sheet.prefix, self._table.first_row + offset, row)
                cells.append(moved_xml.decode())
            elif calculated is not None and offset == NO_ROW:
                cells.append(self._formula_cell(row, place, style, calculated))
            else:
                cells.append(self._writer.cell(row, self._left + place, None, style))
        return Column("%s", [cells])

    def _write_rows(
        self, rows: range, columns: Callable[[range], Sequence[Column]], width: int, *, are_shown: bool = False
    ) -> None:
        """The table's cells of whole rows; cells to its left and right, heights and formats of the rows stay.

        ``columns`` makes the cells of a stretch of rows, so that a large table never stands in memory as a whole.
        """
        right = self._left + width - 1
        written: list[bytes] = []
        lengths: list[int] = []
        for first in range(rows.start, rows.stop, _ROWS_AT_ONCE):
            stretch = range(first, min(first + _ROWS_AT_ONCE, rows.stop))
            frames = row_frames(self._sheet, stretch, self._left, right, are_shown=are_shown)
            self._run.formulas_changed |= frames.have_formulas
            made = rows_xml(frames.before, columns(stretch), frames.after, self._sheet.prefix)
            written.append("".join(made).encode())
            lengths += map(len, made) if len(written[-1]) == sum(map(len, made)) else (len(row.encode()) for row in made)
        self._sheet.put_rows(rows.start, written, lengths)
        self._sheet.grow_dimension(Area(rows.start, self._left, rows.stop - 1, right))

    def _clear(self, rows: Iterable[int], area: Area) -> None:
        """Leave no trace of the table's cells in rows that it no longer covers."""
        for row in rows:
            apart = self._sheet.taken_apart(row)
            kept = [cell.xml for cell in apart.cells if not area.first_column <= cell.column <= area.last_column]
            for cell in apart.cells:
                if area.first_column <= cell.column <= area.last_column:
                    self._run.note_formula_gone(cell)
            opening = self._sheet.opening(row, apart.attributes, is_shown=True)
            is_plain = opening == self._sheet.opening(row)
            self._sheet.put_row(row, joined(opening, kept, apart.rest, self._sheet.prefix) if kept or not is_plain else None)

    def _totals_moved(self, last: int) -> TotalsMoved:
        return TotalsMoved(self._run, self._sheet, self._table, last)

    def _name_columns(self, new_headers: Mapping[int, str]) -> None:
        """Write new headers on the sheet and in the table part, which must agree."""
        for place, header in sorted(new_headers.items()):
            self._table.name_column(place, header)
            if self._table.has_header:
                row, column = self._table.area.first_row, self._left + place
                apart = self._sheet.taken_apart(row)
                standing = {cell.column: cell for cell in apart.cells}
                beside = standing.get(column) or standing.get(column - 1)
                style = beside.style if beside is not None else 0
                cells = {cell.column: cell.xml for cell in apart.cells}
                cells[column] = self._writer.cell(row, column, header, style).encode()
                ordered = [cells[column] for column in sorted(cells)]
                opening = self._sheet.opening(row, apart.attributes)
                self._sheet.put_row(row, joined(opening, ordered, apart.rest, self._sheet.prefix))

    def _move_pins(self, edit: RewriteRows, old: Area, old_last: int) -> None:
        """A note moves with its row; so does a link of staff's, while one that stood on a cell of ours goes."""
        first = self._table.first_row
        goes_to = {offset: first + row for row, offset in enumerate(edit.came_from) if offset != NO_ROW}

        def with_its_row(place: Place) -> Place | None:
            row, column = place
            if not (first <= row <= old_last and old.first_column <= column <= old.last_column):
                return place
            new_row = goes_to.get(row - first)
            return None if new_row is None else (new_row, column)

        def if_staffs_with_its_row(place: Place) -> Place | None:
            is_ours = first <= place[0] <= old_last and place[1] - old.first_column in edit.columns
            return None if is_ours else with_its_row(place)

        move_notes(self._run.draft, self._sheet, with_its_row)
        move_links(self._sheet, if_staffs_with_its_row)


def _names_cells_by_distance(formula: str) -> bool:
    """Whether a formula means other cells in another row."""
    return any(isinstance(each, CellsMentioned) and not all(each.fixed) for each in mentions(formula))
