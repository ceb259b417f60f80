"""Cells that hold one of a few words: choices, yes and no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from workbook.port import Cell
from workbook.reading.cell_parsing.column import Flaw, Parsed, folded, is_blank
from workbook.reading.cell_parsing.texts import as_words
from workbook.table import Words

_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "t", "1", "是", "对", "√", "✓", "✔", "x"), True),
    **dict.fromkeys(("no", "n", "false", "f", "0", "否", "不"), False),
}
_TICKS = frozenset("√✓✔")


def choice_lookup(codes: Iterable[str], words: Mapping[str, Words]) -> dict[str, str]:
    """Folded word → code: each code itself, then its words in both languages. ``words`` are by code."""
    codes = tuple(codes)
    lookup = {folded(code): code for code in codes}
    for code in codes:
        if code in words:
            lookup.setdefault(folded(words[code].en), code)
            lookup.setdefault(folded(words[code].zh), code)
    return lookup


def choices(column: Sequence[Cell], lookup: Mapping[str, str]) -> Parsed[list[str]]:
    """Codes, "" where blank. ``lookup`` is of ``choice_lookup``. ``not_a_choice``: none of its words."""
    words = as_words(column)
    code_of = {word: "" if is_blank(word) else lookup.get(folded(word)) for word in set(words)}
    codes = list(map(code_of.__getitem__, words))
    if None not in code_of.values():
        return Parsed([code or "" for code in codes], [])
    flaws: list[Flaw] = [(at, "not_a_choice") for at, code in enumerate(codes) if code is None]
    return Parsed([code or "" for code in codes], flaws)


def yes_no(column: Sequence[Cell]) -> Parsed[NDArray[np.bool_]]:
    """Flags, False where blank: yes/no, true/false, y/n, 1/0, 是/否, a tick, an x, or Excel's own TRUE and FALSE.

    An x is a mark, so yes; but in a column that has ticks it may be meant as their opposite: ``not_yes_no``, as is any other
    word.
    """
    words = as_words(column)
    flag_of = {word: False if is_blank(word) else _YES_NO.get(folded(word)) for word in set(words)}
    if any(folded(word) in _TICKS for word in flag_of):
        flag_of = {word: None if folded(word) == "x" else flag for word, flag in flag_of.items()}
    found = list(map(flag_of.__getitem__, words))
    flaws: list[Flaw] = [(at, "not_yes_no") for at, flag in enumerate(found) if flag is None]
    return Parsed(np.fromiter(map(bool, found), np.bool_, len(found)), flaws)
