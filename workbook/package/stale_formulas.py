"""Formulas whose stored results are out of date because cells that they depend on were changed.

Excel works everything out anew when a workbook asks for it on loading; LibreOffice takes a stored result for good, so that
a result that is out of date is taken away, and so are those that follow from it. Formulas that depend on nothing that was
changed keep theirs. INDIRECT and OFFSET say nothing of what they depend on: both programs work them out at every loading.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from workbook.addresses import Area
from workbook.package.formula_refs import CellsMentioned, Mention, NameMentioned, TableMentioned, mentions
from workbook.package.sheet_scan import FormulaCell, SheetScan

_MOST_ROUNDS = 20


@dataclass(frozen=True)
class TablePlace:
    """Where a table's data stand, and its column names; ``whole`` holds its header and totals rows too."""

    sheet: str
    area: Area
    columns: tuple[str, ...]
    whole: Area

    def area_of(self, mention: TableMentioned, row: int) -> list[Area]:
        """The cells that a structured reference means, written in a sheet's row."""
        area = self.whole if mention.reaches_beyond_data else self.area
        rows = (row, row) if mention.is_this_row else (area.first_row, area.last_row)
        names = [name.casefold() for name in self.columns]
        places = [names.index(name.casefold()) for name in mention.columns if name.casefold() in names]
        if len(places) < len(mention.columns) or not places:  # all of them, or one that is spelled in another way
            return [Area(rows[0], self.area.first_column, rows[1], self.area.last_column)]
        first = self.area.first_column
        return [Area(rows[0], first + place, rows[1], first + place) for place in places]


@dataclass(frozen=True)
class Formulas:
    """What dependencies are told from. ``sheets``: part by name; ``names``: name, sheet ("" for all), formula."""

    sheets: Mapping[str, bytes]
    tables: Mapping[str, TablePlace]  # by folded name
    names: Sequence[tuple[str, str, str]]


class _Changed:
    """The cells that are other ones than before: areas that were written, and formulas that follow from them."""

    def __init__(self, areas: Mapping[str, Sequence[Area]]) -> None:
        self.areas = {sheet.casefold(): list(found) for sheet, found in areas.items()}
        self._cells: defaultdict[str, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))

    @property
    def sheets(self) -> set[str]:
        """Folded names of the sheets that have such cells."""
        return {*self.areas, *self._cells}

    def add(self, sheet: str, row: int, column: int) -> None:
        insort(self._cells[sheet.casefold()][column], row)

    def touches(self, sheet: str, area: Area) -> bool:
        """Whether any of them lies in an area of a sheet."""
        if any(area.overlaps(each) for each in self.areas.get(sheet, ())):
            return True
        if sheet not in self._cells:
            return False
        for column, rows in self._cells[sheet].items():
            if area.first_column <= column <= area.last_column:
                at = bisect_left(rows, area.first_row)
                if at < len(rows) and rows[at] <= area.last_row:
                    return True
        return False


def stale_cells(formulas: Formulas, areas: Mapping[str, Sequence[Area]]) -> dict[str, list[tuple[int, int]]]:
    """Sheet → (row, column) of the formula cells that depend, through whatever chain, on the areas that were changed."""
    changed = _Changed(areas)
    stale: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    reader = _Reader(formulas)
    for round_ in count():
        found = 0
        # Most chains run down and to the right or the other way, so that one round each way follows them to their ends.
        order = [*formulas.sheets.items()][:: -1 if round_ % 2 else 1]
        for sheet, part in order:
            if not reader.may_depend(sheet, part, changed):
                continue
            # Where a chain winds on, a step a round: better too many worked out anew than too few.
            is_whole = round_ > _MOST_ROUNDS and sheet.casefold() in changed.sheets
            for cell in reader.formulas(sheet, part)[:: -1 if round_ % 2 else 1]:
                place = (cell.row, cell.column)
                if place not in stale[sheet] and (is_whole or reader.depends(sheet, cell, changed)):
                    stale[sheet].add(place)
                    changed.add(sheet, *place)
                    if cell.reach is not None:
                        changed.areas.setdefault(sheet.casefold(), []).append(cell.reach)
                    found += 1
        if not found:
            break
    return {sheet: sorted(cells) for sheet, cells in stale.items() if cells}


def depends_on(formulas: Formulas, text: str, areas: Mapping[str, Sequence[Area]]) -> bool:
    """Whether a formula that stands on no sheet mentions cells that were changed."""
    return _Reader(formulas).depends("", FormulaCell(1, 1, text), _Changed(areas))


class _Reader:
    """The formulas of a workbook and what they mention, read once."""

    def __init__(self, formulas: Formulas) -> None:
        self._all = formulas
        self._cells: dict[str, list[FormulaCell]] = {}
        self._shared: dict[tuple[str, str], FormulaCell] = {}
        self._names = {(name.casefold(), sheet.casefold()): text for name, sheet, text in formulas.names}
        self._order = [sheet.casefold() for sheet in formulas.sheets]

    def formulas(self, sheet: str, part: bytes) -> list[FormulaCell]:
        if sheet not in self._cells:
            self._cells[sheet] = list(SheetScan(part).formulas())
            for cell in self._cells[sheet]:
                if cell.group and cell.text:
                    self._shared[sheet, cell.group] = cell
        return self._cells[sheet]

    def may_depend(self, sheet: str, part: bytes, changed: _Changed) -> bool:
        """Whether any formula of a sheet can reach a cell that was changed: told from the names in its bytes."""
        if not SheetScan(part).has_any_formula:
            return False
        if sheet.casefold() in changed.sheets or self._names:
            return True
        tables = [name for name, place in self._all.tables.items() if place.sheet.casefold() in changed.sheets]
        wanted = {*changed.sheets, *tables}
        texts = {cell.text.casefold() for cell in self.formulas(sheet, part)}
        return any(
            (":" in text and "!" in text) or any(name in text.replace("''", "'") for name in wanted) for text in texts
        )

    def depends(self, sheet: str, cell: FormulaCell, changed: _Changed) -> bool:
        """Whether a formula mentions a cell that was changed."""
        master = self._shared.get((sheet, cell.group)) if cell.group and not cell.text else None
        text = master.text if master is not None else cell.text
        rows, columns = (cell.row - master.row, cell.column - master.column) if master is not None else (0, 0)
        return any(
            changed.touches(where, area)
            for seen in [set[tuple[str, str]]()]  # names already followed: some name each other, or each many
            for mention in mentions(text)
            for where, area in self._cells_of(mention, sheet, cell.row, cell.column, seen, rows, columns)
        )

    def _cells_of(
        self, mention: Mention, sheet: str, row: int, column: int, seen: set[tuple[str, str]], rows: int, columns: int
    ) -> Iterator[tuple[str, Area]]:
        """Folded sheet name and area of all that is mentioned."""
        if isinstance(mention, CellsMentioned):
            area = mention.moved(rows, columns)
            if area is not None:
                yield from ((where, area) for where in self._sheets_of(mention.sheet or sheet))
        elif isinstance(mention, TableMentioned):
            place = self._all.tables.get(mention.table.casefold()) if mention.table else self._around(sheet, row, column)
            if place is not None:
                yield from ((place.sheet.casefold(), area) for area in place.area_of(mention, row))
        else:
            yield from self._cells_of_name(mention, sheet, row, column, seen)

    def _cells_of_name(
        self, mention: NameMentioned, sheet: str, row: int, column: int, seen: set[tuple[str, str]]
    ) -> Iterator[tuple[str, Area]]:
        name = mention.name.casefold()
        if name in self._all.tables:
            place = self._all.tables[name]
            yield place.sheet.casefold(), place.area
            return
        scopes = ((mention.sheet or sheet).casefold(), "")
        scope = next((scope for scope in scopes if (name, scope) in self._names), None)
        if scope is not None and (name, scope) not in seen:
            seen.add((name, scope))
            for each in mentions(self._names[name, scope]):
                # A name that says its cells by their distance is spelled as seen from A1.
                yield from self._cells_of(each, sheet, row, column, seen, row - 1, column - 1)

    def _sheets_of(self, written: str) -> Iterable[str]:
        """The folded names of a sheet, or of all from one to another."""
        first, _, last = written.casefold().partition(":")
        if last and first in self._order and last in self._order:
            return self._order[self._order.index(first) : self._order.index(last) + 1]
        return (written.casefold(),)

    def _around(self, sheet: str, row: int, column: int) -> TablePlace | None:
        cell = Area(row, column, row, column)
        return next(
            (place for place in self._all.tables.values() if place.sheet == sheet and place.area.overlaps(cell)), None
        )
