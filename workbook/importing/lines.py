"""The lines of a file that are meant for one table, read: plain values by column, and what is wrong with each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from functions.issues import ERROR
from workbook.importing.columns import RowFlaw, read_others
from workbook.importing.destination import Destination
from workbook.importing.issue_texts import severity_of
from workbook.importing.plain_values import Plain
from workbook.importing.source import Source
from workbook.issue import Issue
from workbook.port import Cell
from workbook.reading.cell_parsing import is_blank
from workbook.reading.columns import Values, blank_values
from workbook.reading.context import ReadingContext


@dataclass(frozen=True)
class Lines:
    """``rows`` are offsets in the source; everything else is by position among them.

    ``values`` hold everything but money at first. ``flaws`` are (position, column, code).
    """

    source: Source
    destination: Destination
    rows: Sequence[int]
    cells: Mapping[str, Sequence[Cell]]
    typed: dict[str, Values]
    values: dict[str, list[Plain]]
    flaws: list[RowFlaw]

    def __len__(self) -> int:
        return len(self.rows)

    def refused(self) -> set[int]:
        """The positions of lines with an error."""
        return {at for at, _, code in self.flaws if severity_of(code) == ERROR}

    def column(self, key: str) -> Sequence[Plain]:
        """The values of a column; all blank where the file has none."""
        return self.values.get(key) or [None] * len(self)

    def typed_column(self, key: str) -> Values:
        """A column that is not money as it was parsed; all blank where the file has none."""
        if key in self.typed:
            return self.typed[key]
        return blank_values(self.destination.table[key].kind, len(self))

    def issues(self) -> list[Issue]:
        """The flaws in the order of the file, each with the line it stands on and what was found there."""
        order = {key: at for at, key in enumerate(self.destination.table.keys)}
        found = sorted(set(self.flaws), key=lambda flaw: (flaw[0], order[flaw[1]], flaw[2]))
        return [self._issue(*flaw) for flaw in found]

    def _issue(self, at: int, key: str, code: str) -> Issue:
        row = self.rows[at]
        fault = self.source.faults.get((row, self.destination.places.get(key, -1)))
        value = fault.text if fault else self.cells[key][at] if key in self.cells else ""
        return Issue(code, self.destination.table.name, row, key, self.source.place(row), value)


def read_lines(source: Source, destination: Destination, context: ReadingContext) -> Lines:
    """The lines for this table, everything but money read. Lines blank at ``skip_place`` are not among them."""
    table = destination.table
    rows = _rows_for(source, destination)
    cells: dict[str, Sequence[Cell]] = {}
    for key in destination.keys:
        if key in destination.constants:
            cells[key] = [destination.constants[key]] * len(rows)
        else:
            column = source.columns[destination.places[key]]
            cells[key] = column if len(rows) == len(source) else [column[row] for row in rows]
    found = read_others(table, cells, context)
    lines = Lines(source, destination, rows, cells, found.typed, found.plain, found.flaws)
    at_row = {row: at for at, row in enumerate(rows)} if source.faults or source.too_wide else {}
    key_of = dict.fromkeys(destination.used_places, destination.keys[0])
    key_of |= {place: key for key, place in destination.places.items()}
    lines.flaws.extend(
        (at_row[row], key_of[place], fault.kind)
        for (row, place), fault in source.faults.items()
        if row in at_row and place in key_of
    )
    slipped = [at_row[row] for row in source.too_wide if row in at_row]
    lines.flaws.extend((at, destination.keys[0], "cells_without_header") for at in slipped)
    return lines


def _rows_for(source: Source, destination: Destination) -> Sequence[int]:
    place = destination.skip_place
    if place is None:
        return range(len(source))
    # An error cell is handed over as blank; nobody knows whether it is one, so its line stays and is refused.
    return [row for row, cell in enumerate(source.columns[place]) if not is_blank(cell) or (row, place) in source.faults]
