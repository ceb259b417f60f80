"""Shortcuts for columns of texts, which is all that a CSV file has: they change how fast a column is read, never how."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from workbook.port import Cell
from workbook.reading.cell_parsing import DecimalMark, Parsed, Rates
from workbook.reading.columns import Values, read_column
from workbook.reading.context import ReadingContext
from workbook.table import Column, Kind

_REPEATING = frozenset({Kind.DATE, Kind.INTEGER, Kind.RATE})
_TEXTS = {str}

# Numbers of one meaning (cell_parsing.numbers), and few enough digits that the double nearest to them is exact enough.
_WITH_POINT = re.compile(r"-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3}(?=\.))(?:\.[0-9]{1,2})?")
_WITH_COMMA = re.compile(r"-?(?:[0-9]{1,12}|[0-9]{1,3}(?:\.[0-9]{3}){1,3}(?=,))(?:,[0-9]{1,2})?")


def read_repeating(column: Column, cells: Sequence[Cell], context: ReadingContext) -> Parsed[Values]:
    """As ``read_column``; where the same few dates or numbers stand again and again, each is read once."""
    if column.kind not in _REPEATING or set(map(type, cells)) != _TEXTS:
        return read_column(column, cells, context)
    place_of = {text: place for place, text in enumerate(dict.fromkeys(cells))}
    if len(place_of) * 2 > len(cells):
        return read_column(column, cells, context)
    once = read_column(column, list(place_of), context)
    places = np.fromiter(map(place_of.__getitem__, cells), np.int64, len(cells))
    code_of = dict(once.flaws)
    flaws = [(at, code_of[place]) for at, place in enumerate(places.tolist()) if place in code_of] if code_of else []
    if isinstance(once.values, Rates):
        return Parsed(Rates(once.values.digits[places], once.values.scale[places]), flaws)
    assert isinstance(once.values, np.ndarray)
    return Parsed(once.values[places], flaws)


def with_numbers(cells: Sequence[Cell], decimal: DecimalMark | None) -> Sequence[Cell]:
    """The cells, texts that are plainly a number being that number: a column of numbers is read as a whole."""
    if str not in set(map(type, cells)):
        return cells
    point = _WITH_POINT.fullmatch if decimal != "comma" else None
    comma = _WITH_COMMA.fullmatch if decimal != "point" else None

    def number(cell: Cell) -> Cell:
        if type(cell) is not str or not cell:
            return cell
        if point is not None and point(cell):
            return float(cell.replace(",", ""))
        if comma is not None and comma(cell):
            return float(cell.replace(".", "").replace(",", "."))
        return cell

    return list(map(number, cells))
