"""One Excel table of an open workbook: where it stands, its cells in one block, and its rows written anew, added, updated.

What stands beside it is never touched. A filter is taken off while rows are written, since Excel skips hidden rows in some
operations, and is put on again; a totals row is taken up and put down again below the last row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cached_property
from typing import Any

from xlwings import Range, Sheet
from xlwings.main import Table as ExcelTable

from workbook.addresses import Area
from workbook.editing.staff_columns import NO_ROW
from workbook.live import native
from workbook.live.blocks import formats_of, give_formats, groups, write_block
from workbook.live.cell_values import AS_TEXT, Content, Typed, cells_of, error_text, is_error, rows_of
from workbook.package.edits import AppendRows, RewriteRows, UpdateCells
from workbook.package.formula_refs import CellsMentioned, mentions, moved
from workbook.port import Fault, RawTable
from workbook.reading.cell_parsing import is_blank
from workbook.refusals import NoRoom
from workbook.table import Column, Kind
from workbook.template.styles import cell_style, column_width, number_format

_SCATTERED = 20  # so many runs of rows, and a column is written as a whole instead


class LiveTable:
    """A ListObject. ``currency``: the base currency, whose decimals new amounts are shown with."""

    def __init__(self, table: ExcelTable, *, is_1904: bool, currency: str = "") -> None:
        self._table = table
        self._is_1904 = is_1904
        self.currency = currency
        self.lost_filters: list[int] = []

    @cached_property
    def name(self) -> str:
        return self._table.name

    @cached_property
    def sheet(self) -> Sheet:
        return self._table.parent

    @cached_property
    def header_rows(self) -> int:
        return int(bool(self._table.show_headers))

    @property
    def totals_rows(self) -> int:
        return int(bool(self._table.show_totals))

    @property
    def area(self) -> Area:
        """The whole of it, header and totals rows included."""
        return Area.parse(self._table.range.address)

    @property
    def body(self) -> Area:
        """Its data rows; there is always one."""
        whole = self.area
        return Area(
            whole.first_row + self.header_rows, whole.first_column, whole.last_row - self.totals_rows, whole.last_column
        )

    # Reading

    def read(self) -> RawTable:
        """Its cells: one block, and a second one where amounts in a currency format would lose digits."""
        body = self.body
        cells = self._range(Area(body.first_row - self.header_rows, body.first_column, body.last_row, body.last_column))
        rows = rows_of(cells.raw_value)
        if any(isinstance(value, Decimal) for row in rows for value in row):
            plain = rows_of(native.plain_values(cells))
            rows = tuple(
                tuple(exact if isinstance(value, Decimal) else value for value, exact in zip(row, exacts, strict=True))
                for row, exacts in zip(rows, plain, strict=True)
            )
        headers = rows[0] if self.header_rows else tuple(column.name for column in self._table.columns)
        columns = list(zip(*rows[self.header_rows :], strict=True))
        faults = {
            (row, place): Fault("error_cell", error_text(value))
            for place, column in enumerate(columns)
            if int in set(map(type, column))
            for row, value in enumerate(column)
            if is_error(value)
        }
        return RawTable(
            name=self.name,
            sheet=self.sheet.name,
            headers=tuple("" if header is None else str(header) for header in headers),
            columns=tuple(cells_of(column) for column in columns),
            first_row=body.first_row,
            first_column=body.first_column,
            faults=faults,
            has_formulas=native.has_formulas(self._range(body)),
            notes={(row - body.first_row, column - body.first_column): text for row, column, text in self.notes()},
            is_1904=self._is_1904,
        )

    def calculated(self) -> dict[int, tuple[int, str]]:
        """Place → sheet row and text of the formula of a column that holds one formula from top to bottom."""
        body = self.body
        cells = self._range(body)
        if not native.has_formulas(cells):
            return {}
        found = {}
        for place, column in enumerate(zip(*rows_of(native.formulas(cells)), strict=True)):
            first = str(column[0])
            if not first.startswith("="):
                continue
            if all(text == first or text == f"={moved(first[1:], row)}" for row, text in enumerate(column)):
                found[place] = (body.first_row, first)
        return found

    def contents(self, places: Sequence[int], rows: range | None = None) -> dict[int, list[Content]]:
        """What stands in columns, formulas as formulas, by place; days as numbers. ``rows``: sheet rows, all if left out."""
        body = self.body
        rows = rows if rows is not None else range(body.first_row, body.last_row + 1)
        found: dict[int, list[Content]] = {}
        for group in groups(places) if rows else ():
            cells = self._range(self._part(rows, group))
            values = rows_of(native.plain_values(cells))
            formulas = rows_of(native.formulas(cells)) if native.has_formulas(cells) else values
            for at, place in enumerate(group):
                together = ((value[at], text[at]) for value, text in zip(values, formulas, strict=True))
                found[place] = [_content(value, text) for value, text in together]
        return found

    # Writing

    def rewrite(self, edit: RewriteRows) -> None:
        """All rows anew. Our cells look like the column's first one; staff's values and formulas move with their rows."""
        old = self.body
        rows = range(old.first_row, old.first_row + max(1, edit.row_count))
        width = max([old.width, *(place + 1 for place in edit.new_headers)])
        theirs = [place for place in range(old.width) if place not in edit.columns]
        standing = self.contents(theirs)
        looks = {place: formats_of(self.sheet, self._column(old, place)) for place in theirs}
        calculated = self.calculated() if theirs else {}
        notes = self._notes_taken_off(old) if edit.came_from or edit.row_count == 0 else {}
        with self._free_to_grow(old, rows.stop - 1, width):
            self._name_columns(edit.new_headers, old.width)
            ours = {
                place: self._look(place, rows, edit.kinds.get(place), is_new=place >= old.width) for place in edit.columns
            }
            for group in groups([*edit.columns]):
                columns = [edit.columns[place] for place in group]
                self._write(rows, group, columns, [ours[place] for place in group])
            for group in groups(theirs):
                carried = [_carried(standing[place], edit.came_from, rows, calculated.get(place)) for place in group]
                given = [self._looks_carried(looks[place], edit.came_from, rows, old, place) for place in group]
                self._write(rows, group, carried, given)
        self._put_notes(notes, edit, old)

    def append(self, edit: AppendRows) -> None:
        """Rows from an offset on, looking like the row above them.

        A blank value leaves a cell as it is: a formula that somebody filled down beforehand stays, and a column that Excel
        calculates gets its formula.
        """
        old = self.body
        calculated = self.calculated()
        rows = range(old.first_row + edit.at, old.first_row + edit.at + edit.row_count)
        places = sorted({*edit.columns, *calculated})
        standing = self.contents(places, range(rows.start, min(rows.stop, old.last_row + 1)))
        pattern = rows.start - 1 if edit.at else rows.start
        with self._free_to_grow(old, max(old.last_row, rows.stop - 1), old.width):
            source = Area(pattern, old.first_column, pattern, old.last_column)
            self._fill_look(source, Area(pattern, old.first_column, rows.stop - 1, old.last_column))
            blank: Sequence[Content] = [None] * len(rows)
            for group in groups(places):
                columns, given = [], []
                for place in group:
                    values = edit.columns.get(place, blank)
                    columns.append(_appended(values, standing.get(place, []), rows, calculated.get(place)))
                    given.append(self._format_given(place, rows, edit.kinds.get(place)))
                self._write(rows, group, columns, given)

    def update(self, edit: UpdateCells) -> None:
        """New values in cells that stand; their formats stay."""
        body = self.body
        order = sorted(range(len(edit.rows)), key=lambda at: edit.rows[at])
        rows = [body.first_row + edit.rows[at] for at in order]
        runs = groups(rows)
        for place, values in edit.columns.items():
            ordered = dict(zip(rows, (values[at] for at in order), strict=True))
            if len(runs) > _SCATTERED and self._update_between(place, ordered):
                continue
            for run in runs:
                shown = self._range(self._part(run, range(place, place + 1))).number_format
                self._write(run, range(place, place + 1), [[ordered[row] for row in run]], [shown])

    def _update_between(self, place: int, values: Mapping[int, Content]) -> bool:
        """Write a column from the first row to the last at once, if what stands between can be put back as it is."""
        rows = range(min(values), max(values) + 1)
        shown = self._range(self._part(rows, range(place, place + 1))).number_format
        standing = self.contents([place], rows)[place]
        if shown is None or any(isinstance(value, Typed) for value in standing):
            return False
        if shown == AS_TEXT and not all(value is None or isinstance(value, str) for value in standing):
            return False
        column = [values.get(row, value) for row, value in zip(rows, standing, strict=True)]
        self._write(rows, range(place, place + 1), [column], [shown])
        return True

    def resize(self, old: Area, last_row: int, width: int) -> None:
        """Reach from its first cell to another last data row and width; what it no longer covers is emptied."""
        if last_row < old.last_row:
            self._range(Area(last_row + 1, old.first_column, old.last_row, old.last_column)).clear_contents()
        right = old.first_column + width - 1
        if right < old.last_column:
            self._range(Area(old.first_row - self.header_rows, right + 1, old.last_row, old.last_column)).clear_contents()
        if (last_row, right) != (old.last_row, old.last_column):
            self._table.resize(
                self._range(Area(old.first_row - self.header_rows, old.first_column, last_row, right))
            )  # fmt: skip

    def put_back(
        self,
        body: Area,
        headers: Sequence[str],
        columns: Sequence[Sequence[Content]],
        looks: Sequence[Sequence[tuple[int, str]]],
        notes: Sequence[tuple[int, int, str]],
        *,
        has_totals: bool,
    ) -> None:
        """The table as it once stood: its rows, headers, number formats, notes and totals, which Excel remembers."""
        rows = range(body.first_row, body.last_row + 1)
        now = self.body
        self._notes_taken_off(now)
        with self._free_to_grow(now, body.last_row, body.width):
            if self.read_headers() != tuple(headers):
                self._name_columns(dict(enumerate(headers)), body.width)
            for place, look in enumerate(looks):
                give_formats(self.sheet, self._column(body, place), look)
            self._write(rows, range(body.width), columns, [look[0][1] if len(look) == 1 else None for look in looks])
        if has_totals and not self.totals_rows:
            self._table.show_totals = True
        for row, column, text in notes:
            self.sheet.range((row, column)).add_note(text)

    def read_headers(self) -> tuple[str, ...]:
        """The names of its columns."""
        row = self._table.header_row_range if self.header_rows else None
        if row is None:
            return tuple(column.name for column in self._table.columns)
        names = [name for name, *_ in zip(*rows_of(row.raw_value), strict=True)]
        return tuple("" if name is None else str(name) for name in names)

    def notes(self) -> list[tuple[int, int, str]]:
        """The notes beside its rows: row and column of the sheet, and text."""
        body, found = self.body, []
        for note in self.sheet.notes:
            at = note.location
            row, column = at.row, at.column
            if body.overlaps(Area(row, column, row, column)) and not native.holds_a_conversation(at):
                found.append((row, column, note.text))
        return found

    @contextmanager
    def unfiltered(self) -> Iterator[None]:
        """Without its filters, which are put on again; ``lost_filters`` are those that Excel does not tell."""
        filters = native.filters_of(self._table)
        try:
            native.take_off(self._table, filters)
            yield
        finally:
            self.lost_filters += native.put_on(self._table, filters)

    @contextmanager
    def _free_to_grow(self, old: Area, last_row: int, width: int) -> Iterator[None]:
        with self.unfiltered():
            has_totals = bool(self.totals_rows)
            moves = (last_row, width) != (old.last_row, old.width)
            if has_totals and moves:
                self._refuse_totals_that_name_cells()
                self._table.show_totals = False
            self.resize(old, last_row, width)
            yield
            if has_totals and moves:
                self._table.show_totals = True

    def _refuse_totals_that_name_cells(self) -> None:
        """The totals that Excel makes name the column and need nothing done; others would leave out the new rows."""
        totals = self._table.totals_row_range
        if totals is None:
            return
        for (text,) in zip(*rows_of(native.formulas(totals)), strict=True):
            found = mentions(text[1:]) if isinstance(text, str) and text.startswith("=") else ()
            if any(isinstance(each, CellsMentioned) for each in found):
                raise NoRoom(self.name, totals.address.replace("$", ""), "a totals row whose formula names cells is")

    def _name_columns(self, new_headers: Mapping[int, str], old_width: int) -> None:
        area = self.area
        if not self.header_rows:
            return
        for group in groups([*new_headers]):
            row, left = area.first_row, area.first_column
            cells = Area(row, left + group.start, row, left + group.stop - 1)
            write_block(self.sheet, cells, [[new_headers[place]] for place in group], [None] * len(group), is_1904=False)
        if any(place >= old_width for place in new_headers):
            last = Area(area.first_row, area.first_column + old_width - 1, area.first_row, area.first_column + old_width - 1)
            self._fill_look(last, Area(last.first_row, last.first_column, last.last_row, area.last_column))

    # How cells look

    def _look(self, place: int, rows: range, kind: Column | None, *, is_new: bool) -> str | None:
        """Let a column of ours look like its first cell, or as its kind says where it is new; answers its number format."""
        first = self._part(rows[:1], range(place, place + 1))
        whole = self._part(rows, range(place, place + 1))
        if is_new and kind is not None:
            native.give_style(self._range(first), cell_style(kind))
            self._range(first).column_width = column_width(kind, "en")
        given = self._format_given(place, rows[:1], kind)
        self._fill_look(first, whole)
        return given

    def _format_given(self, place: int, rows: range, kind: Column | None) -> str | None:
        """The number format of cells, after giving them that of their kind where they have none, or one that spoils it."""
        cells = self._range(self._part(rows, range(place, place + 1)))
        found = cells.number_format
        is_spoiling = found == AS_TEXT and kind is not None and kind.kind not in (Kind.TEXT, Kind.ID)
        if kind is None or not (found == "General" or is_spoiling):
            return found
        wanted = number_format(kind, self.currency)
        if wanted != found:
            cells.number_format = wanted
        return wanted

    def _fill_look(self, source: Area, whole: Area) -> None:
        if source != whole:
            self._range(source).autofill(self._range(whole), "fill_formats")

    def _looks_carried(
        self, looks: Sequence[tuple[int, str]], came_from: Sequence[int], rows: range, old: Area, place: int
    ) -> str | None:
        """The number format of a column of staff's, whose cells keep theirs where they differ."""
        if not looks:
            return None
        whole = self._part(rows, range(place, place + 1))
        if len(looks) == 1:
            if rows.stop - 1 > old.last_row:
                self._range(whole).number_format = looks[0][1]
            return looks[0][1]
        each = [shown for count, shown in looks for _ in range(count)]
        shown = [each[row] if row != NO_ROW else each[0] for row in came_from] or each[:1]
        give_formats(self.sheet, whole, _runs(shown))
        return None

    # Notes

    def _notes_taken_off(self, body: Area) -> dict[tuple[int, int], str]:
        """Place → text of the notes beside its rows, which are taken off: they follow their rows."""
        found = {}
        for note in list(self.sheet.notes):
            at = note.location
            place = (at.row, at.column)
            if body.overlaps(Area(*place, *place)) and not native.holds_a_conversation(at):
                found[place] = note.text
                note.delete()
        return found

    def _put_notes(self, notes: Mapping[tuple[int, int], str], edit: RewriteRows, old: Area) -> None:
        goes_to = {offset: row for row, offset in enumerate(edit.came_from) if offset != NO_ROW}
        for (row, column), text in notes.items():
            new_row = goes_to.get(row - old.first_row)
            if new_row is not None:
                self.sheet.range((old.first_row + new_row, column)).add_note(text)

    # Cells

    def _range(self, area: Area) -> Range:
        return self.sheet.range(str(area))

    def _part(self, rows: range, places: range) -> Area:
        left = self._left
        return Area(rows.start, left + places.start, rows.stop - 1, left + places.stop - 1)

    @cached_property
    def _left(self) -> int:
        return self.area.first_column

    def _column(self, body: Area, place: int) -> Area:
        return Area(body.first_row, body.first_column + place, body.last_row, body.first_column + place)

    def _write(
        self, rows: range, places: range, columns: Sequence[Sequence[Content]], formats: Sequence[str | None]
    ) -> None:
        write_block(self.sheet, self._part(rows, places), columns, formats, is_1904=self._is_1904)


def _content(value: Any, text: Any) -> Content:
    if isinstance(text, str) and text.startswith("=") and text != value:
        return Typed(text)
    if is_error(value):
        return Typed(error_text(value))
    plain: Content = value
    return plain


def _carried(
    standing: Sequence[Content], came_from: Sequence[int], rows: range, calculated: tuple[int, str] | None
) -> list[Content]:
    """What stood beside the same row before; beside a new one, the column's formula if Excel fills it."""
    column: list[Content] = []
    for row, offset in zip(rows, came_from or [NO_ROW], strict=True):
        if offset != NO_ROW:
            found = standing[offset]
            is_formula = isinstance(found, Typed) and found.text.startswith("=")
            column.append(_moved(found.text, row - rows.start - offset) if is_formula else found)  # type: ignore[union-attr]
        else:
            column.append(_filled(calculated, row) if came_from else None)
    return column


def _appended(
    values: Sequence[Content], standing: Sequence[Content], rows: range, calculated: tuple[int, str] | None
) -> list[Content]:
    """Values; where there is none, what stands there if it is a formula, else the column's formula."""
    column: list[Content] = []
    for at, (row, value) in enumerate(zip(rows, values, strict=True)):
        if isinstance(value, Typed) or not is_blank(value):
            column.append(value)
        elif at < len(standing) and standing[at] is not None:
            column.append(standing[at])
        else:
            column.append(_filled(calculated, row))
    return column


def _filled(calculated: tuple[int, str] | None, row: int) -> Content:
    return None if calculated is None else _moved(calculated[1], row - calculated[0])


def _moved(formula: str, rows: int) -> Typed:
    return Typed(f"={moved(formula[1:], rows)}" if formula.startswith("=") else formula)


def _runs(values: Sequence[str]) -> list[tuple[int, str]]:
    runs: list[tuple[int, str]] = []
    for value in values:
        if runs and runs[-1][1] == value:
            runs[-1] = (runs[-1][0] + 1, value)
        else:
            runs.append((1, value))
    return runs
