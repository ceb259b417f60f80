"""The numbers that a payer writes: which invoices a text names, however they are spaced and hyphenated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
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
        self._own: dict[str, tuple[str, ...]] = {}
        self._loose: dict[str, tuple[str, ...]] = {}
        for invoice_id, number, is_own in numbers:
            runs = _runs(number)
            if len(runs) > _MOST_RUNS or not _has_digits(runs):
                continue
            _add(self._own if is_own else self._loose, "".join(runs), invoice_id)
            if is_own and len(runs) > 2 and not runs[0].isdigit():
                _add(self._loose, "".join(runs[1:]), invoice_id)  # INV-202401-0001 quoted as 202401-0001

    def named_in(self, text: str) -> Named:
        """What the text names. Of numbers that overlap, the longest is meant."""
        runs = _runs(text)
        found: list[tuple[int, int, tuple[str, ...], bool]] = []
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


def _add(index: dict[str, tuple[str, ...]], number: str, invoice_id: str) -> None:
    # A set for each number would take most of the time: nearly all are of one invoice.
    standing = index.get(number, ())
    if invoice_id not in standing:
        index[number] = (*standing, invoice_id)


def _has_digits(runs: Sequence[str]) -> bool:
    """Enough of them to be a number that means something."""
    return bool(runs) and (
        (len(runs[-1]) >= _FEWEST_DIGITS and runs[-1].isdigit())
        or sum(map(len, filter(str.isdigit, runs))) >= _FEWEST_DIGITS
    )


def _runs(text: str) -> list[str]:
    """Letters and digits in runs, full width as half width: "INV 2024-01" → INV, 2024, 01."""
    runs: list[str] = _RUNS.findall((text if text.isascii() else unicodedata.normalize("NFKC", text)).upper())
    return runs
