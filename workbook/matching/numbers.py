"""The numbers that a payer writes: which invoices a text names, however they are spaced and hyphenated."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

_RUNS = re.compile(r"[A-Z]+|[0-9]+")
_FEWEST_DIGITS = 4
_MOST_RUNS = 8
"""Runs of letters or digits that one number has: INV-202401-0001 has three."""


@dataclass(frozen=True)
class Named:
    """Invoices in order of their ids. ``is_sure``: each by a number that is its own, invoice number or tax invoice."""

    invoice_ids: tuple[str, ...] = ()
    is_sure: bool = False


class NumberIndex:
    """Invoices by the numbers that a payer may quote.

    ``numbers``: (invoice_id, number, whether the number is the invoice's own rather than a purchase order's). A number of
    fewer than four digits names nothing: it could be anything.
    """

    def __init__(self, numbers: Iterable[tuple[str, str, bool]]) -> None:
        self._own: dict[str, set[str]] = defaultdict(set)
        self._loose: dict[str, set[str]] = defaultdict(set)
        for invoice_id, number, is_own in numbers:
            runs = _runs(number)
            if sum(map(len, filter(str.isdigit, runs))) < _FEWEST_DIGITS or len(runs) > _MOST_RUNS:
                continue
            (self._own if is_own else self._loose)["".join(runs)].add(invoice_id)
            if is_own and len(runs) > 2 and not runs[0].isdigit():
                self._loose["".join(runs[1:])].add(invoice_id)  # INV-202401-0001 quoted as 202401-0001

    def named_in(self, text: str) -> Named:
        """What the text names. Of numbers that overlap, the longest is meant."""
        runs = _runs(text)
        found: list[tuple[int, int, set[str], bool]] = []
        for start in range(len(runs)):
            for end in range(min(len(runs), start + _MOST_RUNS), start, -1):
                number = "".join(runs[start:end])
                own = self._own.get(number)
                if ids := own or self._loose.get(number):
                    found.append((start, end, ids, own is not None and len(own) == 1))
                    break
        longest = [
            each for each in found
            if not any(o[0] <= each[0] and each[1] <= o[1] and o[:2] != each[:2] for o in found)
        ]  # fmt: skip
        invoice_ids = sorted({invoice_id for _, _, of, _ in longest for invoice_id in of})
        return Named(tuple(invoice_ids), bool(invoice_ids) and all(is_sure for *_, is_sure in longest))


def _runs(text: str) -> tuple[str, ...]:
    """Letters and digits in runs, full width as half width: "INV 2024-01" → INV, 2024, 01."""
    return tuple(_RUNS.findall(unicodedata.normalize("NFKC", text).upper()))
