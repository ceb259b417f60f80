"""How much room texts take, counted in the width of a digit."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from workbook.statements.blocks import Amount, Grid, value_text

NARROWEST, WIDEST = 11, 30
"""Of a column; an amount is never cut, whatever its width."""
_SENTENCE = 22
_AROUND = 3.0


@lru_cache(4096)  # headers, kinds and days come again in every file
def places(text: str) -> int:
    """How wide a text is: a Chinese character takes two digits."""
    return len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a width; words are broken a little before the end."""
    room = max(width * 0.95 - 1, 1)
    return sum(max(1, -int(-places(line) // room)) for line in text.split("\n"))


def column_widths(grids: Sequence[Grid], columns: int, *, narrowest: float = NARROWEST) -> list[float]:
    """The widths of columns that stand below each other, wide enough for what is in them up to WIDEST."""
    widths = [float(narrowest)] * columns
    for grid in grids:
        for place, header in enumerate(grid.headers):
            texts = [min(places(header), WIDEST), *([_SENTENCE] if place in grid.to_explain else [])]
            for row in grid.rows:
                value = row[place]
                wide = max(map(places, value_text(value).split("\n")))
                texts.append(wide if isinstance(value, Amount) else min(wide, WIDEST))
            widths[place] = max(widths[place], max(texts) + _AROUND)
    return widths
