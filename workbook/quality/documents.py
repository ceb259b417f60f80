"""Invoices and receipts that are probably wrong: ``functions.quality`` on a workbook, and what looks into numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

import narwhals as nw
import numpy as np

from functions.frames import Frame, integer, lazy
from functions.money import exponent
from functions.quality import (
    due_before_invoice as _due_before_invoice,
)
from functions.quality import (
    number_gaps,
    on_days_off,
    receipts_before_invoices,
    repeated_documents,
)
from functions.quality import (
    round_amounts as _round_amounts,
)
from workbook.quality.checks import Finding
from workbook.reading.cell_parsing import ids
from workbook.reading.rows import TypedColumn, pandas_frame
from workbook.results.ledger import WorkbookLedger
from workbook.results.run import to_pandas

_MOST_DIGITS = 9  # of a number; what stands before them belongs to the series
_DAYS_APART = 6
"""Numbers one character apart are doubted within so many days: what recurs weekly has the same amount, and is no mistake."""
_MOST_LISTED = 5


def repeated(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """Documents that have customer, kind, currency, amount and date in common with another."""
    groups: dict[Hashable, list[tuple[str, int]]] = defaultdict(list)
    for row, invoice, *key in _rows(repeated_documents(source.ledger.invoices, as_of=as_of)):
        groups[tuple(key)].append((invoice, int(row)))
    for group in groups.values():
        names = sorted(invoice for invoice, _ in group)
        for invoice, row in group:
            yield Finding("Invoices", row, "invoice_id", tuple(each for each in names if each != invoice))


def numbers_alike(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """Documents of one customer, kind and amount, a few days apart, whose numbers differ by one character or two swapped."""
    columns = ["row", "invoice_id", "invoice_day", "customer_id", "kind", "currency", "amount_minor"]
    known = source.ledger.invoices.filter(nw.col("invoice_day") <= as_of).select(*columns)
    alike = ["customer_id", "currency", "amount_minor"]
    known = known.with_columns(_one=integer(1)).with_columns(_count=nw.col("_one").sum().over(*alike))
    known = known.filter(nw.col("_count") > 1).select(*columns)
    groups: dict[Hashable, list[tuple[str, int, int]]] = defaultdict(list)
    for row, invoice, day, customer, kind, *key in _rows(known):
        groups[customer, kind or "invoice", *key].append((invoice, int(day), int(row)))
    others: dict[int, set[str]] = defaultdict(set)
    for group in groups.values():
        days = {invoice: (day, row) for invoice, day, row in group}
        for one, other in one_character_apart(days) if len(group) > 1 else ():
            if 0 < abs(days[one][0] - days[other][0]) <= _DAYS_APART:  # of one day, it is said to be repeated already
                others[days[one][1]].add(other)
                others[days[other][1]].add(one)
    for row, names in others.items():
        yield Finding("Invoices", row, "invoice_id", tuple(sorted(names)))


def one_character_apart(numbers: Iterable[str]) -> set[tuple[str, str]]:
    """The pairs, in order, that differ by one character, replaced, missing or swapped with its neighbour."""
    by_mark: dict[tuple[str, str], set[str]] = defaultdict(set)
    for number in set(numbers):
        by_mark["missing", number].add(number)
        for at in range(len(number)):
            # A replaced character meets at its own place, a missing one where it is missing, a swap at what is swapped.
            by_mark["replaced", f"{number[:at]}\0{number[at + 1 :]}"].add(number)
            by_mark["missing", number[:at] + number[at + 1 :]].add(number)
            if at and number[at - 1] != number[at]:
                swapped = "".join(sorted(number[at - 1 : at + 1]))
                by_mark["swapped", f"{number[: at - 1]}\0{swapped}\0{number[at + 1 :]}"].add(number)
    pairs = ((kind, one, other) for (kind, _), found in by_mark.items() for one, other in combinations(sorted(found), 2))
    return {(one, other) for kind, one, other in pairs if kind != "missing" or len(one) != len(other)}


def gaps(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """The first number after the first gap of each series; a series is what stands before a document's last digits."""
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    frame, widths = _numbers(source, as_of)
    for series, row, before, number in _rows(number_gaps(frame)):
        found[series].append((int(before), int(number), int(row)))
    for series, steps in found.items():
        steps.sort()
        missing = (at for before, number, _ in steps for at in range(before + 1, number))
        first = tuple(f"{series}{at:0{widths[series]}d}" for at, _ in zip(missing, range(_MOST_LISTED), strict=False))
        yield Finding("Invoices", steps[0][2], "invoice_id", first, sum(number - before - 1 for before, number, _ in steps))


def _numbers(source: WorkbookLedger, as_of: int) -> tuple[Frame, Mapping[str, int]]:
    """The numbers of all rows, those left out too, since they are typed; and how many digits each series writes at least."""
    raw, read = source.raws["Invoices"], source.tables["Invoices"]
    issued = {int(row) for row, *_ in _rows(source.ledger.invoices.filter(nw.col("invoice_day") <= as_of).select("row"))}
    given = dict(zip(map(int, read.columns["row"]), map(str, read.columns["invoice_id"]), strict=True))
    left_out = [each.row for each in read.left_out]
    cells = raw.columns[read.places["invoice_id"]]
    given |= dict(zip(left_out, ids([cells[row] for row in left_out]).values, strict=True))
    split = [(row, *apart) for row, name in given.items() if (apart := series_and_digits(name))[1]]
    widths: dict[str, int] = {}
    for _, series, digits in split:
        widths[series] = min(len(digits), widths.get(series, len(digits)))
    columns: dict[str, TypedColumn] = {
        "series": [series for _, series, _ in split],
        "number": np.array([int(digits) for _, _, digits in split], dtype=np.int64),
        "row": np.array([row for row, _, _ in split], dtype=np.int64),
        "is_issued": np.array([row in issued for row, _, _ in split], dtype=np.bool_),
    }
    return lazy(pandas_frame(columns)), widths


def series_and_digits(name: str) -> tuple[str, str]:
    """What stands before an id's last digits, and these, nine at most: ``INV-2024-0007`` is ``INV-2024-`` and ``0007``."""
    series = name.rstrip("0123456789")
    series = name[: max(len(series), len(name) - _MOST_DIGITS)]
    return series, name[len(series) :]


def due_before_invoice(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """Typed due dates that lie before the document's own date."""
    for (row,) in _rows(_due_before_invoice(source.ledger.invoices, as_of=as_of)):
        yield Finding("Invoices", int(row), "due_date")


def receipts_before_invoices_they_pay(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """Allocations of a receipt to an invoice that is dated after it."""
    ledger = source.ledger
    found = receipts_before_invoices(ledger.allocations, ledger.receipts, ledger.invoices, as_of=as_of)
    for row, invoice in _rows(found):
        yield Finding("Allocations", int(row), "receipt_id", (invoice,))


def days_off(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """Invoices and receipts above the threshold that are dated or were entered on a day off; none without a threshold."""
    base, threshold = source.settings.base_currency, source.settings.weekend_entry_above
    if threshold is None:
        return
    above = threshold * 10 ** exponent(base)
    frames = (("Invoices", source.ledger.invoices, "invoice"), ("Receipts", source.ledger.receipts, "receipt"))
    for name, frame, stem in frames:
        documents = frame.select("row", "currency", "amount_minor", "entered_day", day=nw.col(f"{stem}_day"))
        found = on_days_off(
            documents, source.ledger.exchange_rates,
            holidays=dict(source.policy.holidays), above_minor=above, base_currency=base, as_of=as_of,
        )  # fmt: skip
        for row, is_by_date in _rows(found):
            yield Finding(name, int(row), f"{stem}_date" if is_by_date else "entered_on")


def round_amounts(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """Large round amounts of customers whose amounts are hardly ever round."""
    for (row,) in _rows(_round_amounts(source.ledger.invoices, as_of=as_of)):
        yield Finding("Invoices", int(row), "amount")


def _rows(frame: Frame) -> list[tuple[Any, ...]]:
    """The rows as plain values, in no order that matters."""
    columns = to_pandas(frame)
    return list(zip(*(columns[name].tolist() for name in columns), strict=True))
