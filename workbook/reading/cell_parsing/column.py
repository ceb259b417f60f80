"""What every kind of column shares: the result, what counts as blank, how two spellings of a word are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from workbook.port import Cell

Values = TypeVar("Values", covariant=True)
Value = TypeVar("Value")

Flaw = tuple[int, str]
"""The offset of a cell in its column, and the code of what is wrong with it."""

_UNSEEN_CODES = (0xAD, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
_UNSEEN = "".join(map(chr, _UNSEEN_CODES))  # soft hyphen, zero-width characters, direction marks
_WHITE = "".join(character for character in map(chr, range(0x3001)) if character.isspace())
UNSEEN = re.compile(f"[{_UNSEEN}]")
"""Characters without width, which ``str.strip`` leaves in place."""

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE0: "¢", 0xFFE1: "£", 0xFFE5: "¥", 0x3000: " "}
_GAPS = re.compile(r"\s+")
_BETWEEN_WORDS = re.compile(r"[\s_-]+")


class Unreadable(ValueError):
    """A cell whose value cannot be read; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Parsed(Generic[Values]):
    """A column's values, one a cell, and its flaws in order. A cell with a flaw holds the blank of its kind."""

    values: Values
    flaws: list[Flaw]


def trimmed(text: str) -> str:
    """Without the spaces, NBSP and zero-width characters around it."""
    return text.strip(_WHITE + _UNSEEN)


def half_width(text: str) -> str:
    """Full-width digits, letters and signs as their usual forms (０ → 0, （ → (, ￥ → ¥)."""
    return text.translate(_HALF_WIDTH)


def plain(text: str) -> str:
    """Trimmed and half-width, each run of spaces as one: the form that numbers and dates are looked for in."""
    return _GAPS.sub(" ", half_width(trimmed(text)))


def folded(text: str) -> str:
    """The form in which words are compared: case, width, spaces, underscores and hyphens do not matter."""
    return _BETWEEN_WORDS.sub("", unicodedata.normalize("NFKC", UNSEEN.sub("", text)).casefold())


def is_blank(cell: Cell) -> bool:
    """Nothing in it, or nothing to be seen."""
    return cell is None or (type(cell) is str and not trimmed(cell))


def stragglers(column: Sequence[Cell], usual: frozenset[type]) -> list[tuple[int, Cell]]:
    """The cells of a mixed column that are neither blank nor of a usual type."""
    others = [(at, cell) for at, cell in enumerate(column) if type(cell) not in usual and cell is not None and cell != ""]
    return [(at, cell) for at, cell in others if not is_blank(cell)]


def each_text_once(read: Callable[[str], Value]) -> Callable[[str], Value]:
    """``read`` with its answers kept, Unreadable ones too: dates and rates repeat down a column."""
    known: dict[str, Value | Unreadable] = {}

    def remembered(text: str) -> Value:
        if text not in known:
            try:
                known[text] = read(text)
            except Unreadable as unreadable:
                known[text] = unreadable
        answer = known[text]
        if isinstance(answer, Unreadable):
            raise answer
        return answer

    return remembered
