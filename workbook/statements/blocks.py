"""What a document to a customer is made of, whatever file it becomes: headings, paragraphs, facts and grids."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from functions.money import exponent, to_major_text


class Amount(NamedTuple):
    """Minor units of a currency."""

    minor: int
    currency: str

    def text(self) -> str:
        """With thousands separators: -1,234.50."""
        whole, _, decimals = to_major_text(abs(self.minor), self.currency).partition(".")
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{int(whole):,}{'.' + decimals if exponent(self.currency) else ''}"


Value = str | int | dt.date | Amount | None


def value_text(value: Value) -> str:
    """As a reader sees it."""
    if isinstance(value, Amount):
        return value.text()
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Heading:
    """``level`` 0 is the document's title."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A text, with the line breaks in it."""

    text: str


@dataclass(frozen=True)
class Facts:
    """A label and what belongs to it, line by line."""

    rows: Sequence[tuple[str, Value]]


@dataclass(frozen=True)
class Grid:
    """A table. ``name``: of the Excel table that it is, so that a reply can be read back.

    ``ends_with_total``: the last row is a sum. ``to_fill``: places of the columns that the customer fills in;
    ``to_explain``: those of them that take a sentence; ``choices``: place → what may be picked there.
    """

    headers: Sequence[str]
    rows: Sequence[Sequence[Value]]
    name: str = ""
    ends_with_total: bool = False
    to_fill: frozenset[int] = frozenset()
    to_explain: frozenset[int] = frozenset()
    choices: dict[int, tuple[str, ...]] = field(default_factory=dict)


Block = Heading | Paragraph | Facts | Grid


@dataclass(frozen=True)
class Page:
    """A sheet of a workbook, or a part of a letter that begins on a new page."""

    name: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Document:
    """All that goes to one customer. ``author`` is our company; ``is_wide``: a letter of it is on paper turned sideways."""

    title: str
    author: str
    pages: Sequence[Page]
    is_wide: bool = False
