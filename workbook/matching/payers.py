"""Who paid: a name as a bank writes it, found among those of the customers, in Chinese and in Latin letters.

Names of customers are often in both. They are compared without legal forms, punctuation, width and case; a bank cuts long
names short; what is left is compared by rapidfuzz. Nothing is taken for clear that fits two customers about as well.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from workbook.company_names import taken_apart_name

_DIGITS = re.compile(r"\d+")
_CUT_SHORT = 12  # letters at least of a name that a bank has cut off
_ALIKE = 88.0  # of 100
_APART = 5.0
_AT_ONCE = 500


class Payers:
    """Customers by name. ``names``: (customer_id, name)."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for customer_id, name in names:
            for each in spellings(name):
                self._by_name[each].add(customer_id)
        self._known = sorted(self._by_name)

    def of(self, names: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Each name → the customers that it may be, in order: one if that is clear, none if nobody fits."""
        found: dict[str, tuple[str, ...]] = {}
        unknown = []
        for name in dict.fromkeys(names):
            exact = {customer for each in spellings(name) for customer in self._by_name.get(each, ())}
            if exact or not spellings(name):
                found[name] = tuple(sorted(exact))
            else:
                unknown.append(name)
        for start in range(0, len(unknown), _AT_ONCE):
            found |= self._alike(unknown[start : start + _AT_ONCE])
        return {name: found[name] for name in names}

    def _alike(self, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
        asked = [(name, each) for name in names for each in spellings(name)]
        if not self._known or not asked:
            return dict.fromkeys(names, ())
        scores = process.cdist(
            [each for _, each in asked], self._known, scorer=fuzz.ratio, score_cutoff=_ALIKE, dtype=np.float32
        )
        best: dict[str, dict[str, float]] = {name: {} for name in names}
        for (name, each), row in zip(asked, scores, strict=True):
            near = {self._known[at]: float(row[at]) for at in np.flatnonzero(row)}
            if len(each) >= _CUT_SHORT:
                near |= dict.fromkeys(self._beginning_with(each), 100.0)
            for known, score in near.items():
                # Branch 2 and branch 3 are alike and are two.
                if _DIGITS.findall(known) == _DIGITS.findall(each):
                    for customer in self._by_name[known]:
                        best[name][customer] = max(best[name].get(customer, 0.0), score)
        return {name: _clear(of) for name, of in best.items()}

    def _beginning_with(self, start: str) -> list[str]:
        at = bisect_left(self._known, start)
        found = []
        while at < len(self._known) and self._known[at].startswith(start):
            found.append(self._known[at])
            at += 1
        return found


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
