"""Records as cells: what every table of the sample shares."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from functions.money import exponent
from workbook.port import Cell, Columns
from workbook.sample.journal import Journal
from workbook.sample.numbering import Numbers
from workbook.sample.office_days import office_day

CLERK = "xujing"
CONTROLLER = "gumingyuan"
"""Who enters what, and who approves what gives money away."""

_LAGS = (0, 0, 0, 0, 1, 1, 2, 4)


@dataclass(frozen=True)
class Pen:
    """Writes the journal's records: numbers, amounts in major units, and the day each was entered on."""

    journal: Journal
    numbers: Numbers
    rng: random.Random

    def entered(self, day: dt.date) -> dt.date:
        """The office day, within the week as a rule, on which something of that day was entered. One draw."""
        late = day + dt.timedelta(days=self.rng.choice(_LAGS))
        return min(office_day(late), self.journal.as_of)


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Columns:
    """Rows as columns."""
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    return dict(zip(header, map(list, columns), strict=True))


def major(minor: int | None, currency: str) -> float | int | None:
    """The amount as a cell holds it; the nearest float reads back to the same minor units."""
    if minor is None:
        return None
    decimals = exponent(currency)
    return minor / 10**decimals if decimals else minor


def or_blank(text: str) -> str | None:
    """A blank cell for a blank text."""
    return text or None
