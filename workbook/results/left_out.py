"""The rows that no figure counts: how many, whose, and what they add up to (RULES §12)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from functions.frames import NO_MINOR
from functions.money import to_major_text
from workbook.reading.rows import TypedColumn
from workbook.results.figures import Figures


@dataclass(frozen=True)
class _Row:
    customer_id: str
    currency: str
    amount_minor: int


def left_out_by_customer(figures: Figures) -> Mapping[str, int]:
    """Customer → rows left out; "" for those of which it cannot be read whose they are."""
    return Counter(row.customer_id for _, row in _rows(figures))


def left_out_amounts(figures: Figures) -> dict[str, dict[str, str]]:
    """Table → currency → the sum in major units, of tables whose rows say their currency; unreadable amounts add nothing."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for table, row in _rows(figures):
        if row.currency and row.amount_minor != NO_MINOR:
            sums[table][row.currency] += row.amount_minor
    return {
        table: {currency: to_major_text(minor, currency) for currency, minor in sorted(by_currency.items())}
        for table, by_currency in sorted(sums.items())
    }


def _rows(figures: Figures) -> list[tuple[str, _Row]]:
    """Rows that could not be read, and rows that could but that a rule refused."""
    rows = []
    for name, read in figures.source.tables.items():
        wanted = {row for table, row in figures.left_out if table == name}
        unreadable = {row.row: _Row(row.customer_id, row.currency, row.amount_minor) for row in read.left_out}
        rows += [(name, unreadable[row]) for row in sorted(wanted & unreadable.keys())]
        refused = wanted - unreadable.keys()
        if refused:
            rows += [(name, row) for row in _refused(read.columns, refused)]
    return rows


def _refused(columns: Mapping[str, TypedColumn], wanted: set[int]) -> list[_Row]:
    numbers = [int(row) for row in columns["row"]]
    blank = [""] * len(numbers)
    owners, currencies = columns.get("customer_id", blank), columns.get("currency", blank)
    amounts = columns.get("amount_minor", [NO_MINOR] * len(numbers))
    together = zip(numbers, owners, currencies, amounts, strict=True)
    return [_Row(str(owner), str(currency), int(amount)) for row, owner, currency, amount in together if row in wanted]
