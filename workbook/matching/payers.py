"""Who paid: a name as a bank writes it, found among those of the customers, in Chinese and in Latin letters.

Names of customers are often in both. They are compared without legal forms, punctuation, width and case; a bank cuts long
names short; what is left is compared by rapidfuzz. Nothing is taken for clear that fits two customers about as well.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from workbook.company_names import taken_apart_name

_DIGITS = re.compile(r"\d+")
_CUT_SHORT = 12  # letters at least of a name that a bank has cut off
_ALIKE = 88.0  # of 100
_APART = 5.0
_AT_ONCE = 500
_FEW_PAIRS = 100_000  # are compared sooner than threads for them begin


class Payers:
    """Customers by name. ``names``: (customer_id, name)."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for customer_id, name in names:
            for each in spellings(name):
                self._by_name[each].add(customer_id)
        # Branch 2 and branch 3 are alike and are two: only names with the same figures are compared.
        self._with_figures: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for each in sorted(self._by_name):
            self._with_figures[_figures(each)].append(each)

    def of(self, names: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Each name → the customers that it may be, in order: one if that is clear, none if nobody fits."""
        found: dict[str, tuple[str, ...]] = {}
        unknown: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
        for name in dict.fromkeys(names):
            parts = spellings(name)
            found[name] = tuple(sorted({customer for each in parts for customer in self._by_name.get(each, ())}))
            for each in () if found[name] else parts:
                unknown[_figures(each)].append((name, each))
        scores: dict[str, dict[str, float]] = defaultdict(dict)
        for figures, asked in unknown.items():
            known = self._with_figures.get(figures, [])
            for start in range(0, len(asked) if known else 0, _AT_ONCE):
                for name, near, score in self._near(asked[start : start + _AT_ONCE], known):
                    of_name = scores[name]
                    for customer in self._by_name[near]:
                        of_name[customer] = max(of_name.get(customer, 0.0), score)
        return {name: found[name] or _clear(scores.get(name, {})) for name in names}

    def _near(self, asked: Sequence[tuple[str, str]], known: Sequence[str]) -> Iterator[tuple[str, str, float]]:
        """(name, known name that is like it or that it is the beginning of, how much of 100). ``known`` is in order."""
        parts = [each for _, each in asked]
        workers = -1 if len(parts) * len(known) > _FEW_PAIRS else 1
        scores = process.cdist(parts, known, scorer=fuzz.ratio, score_cutoff=_ALIKE, dtype=np.float32, workers=workers)
        for row, at in zip(*(places.tolist() for places in np.nonzero(scores)), strict=True):
            yield asked[row][0], known[at], float(scores[row, at])
        for name, each in asked:
            if len(each) >= _CUT_SHORT:
                at = bisect_left(known, each)
                while at < len(known) and known[at].startswith(each):
                    yield name, known[at], 100.0
                    at += 1


def _figures(name: str) -> tuple[str, ...]:
    return tuple(_DIGITS.findall(name))


def _clear(scores: Mapping[str, float]) -> tuple[str, ...]:
    if not scores:
        return ()
    top = max(scores.values())
    return tuple(sorted(customer for customer, score in scores.items() if score > top - _APART))


def spellings(name: str) -> tuple[str, ...]:
    """The Chinese and the Latin part of a name, bare: "澄陵砺衡物流有限公司 Chengling Liheng Logistics Co., Ltd." is two.

    What is one character, or nothing but figures, says too little.
    """
    parts = taken_apart_name(name)
    latin = " ".join(parts.words)
    return tuple(each for each in (parts.chinese, latin) if len(each) > 1 and not each.replace(" ", "").isdigit())
