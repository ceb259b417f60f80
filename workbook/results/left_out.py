"""The rows that no figure counts: how many, whose, and what they add up to (RULES §12)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from functions.frames import NO_MINOR
from functions.money import to_major_text
from workbook.reading.rows import ReadTable, TypedColumn


@dataclass(frozen=True)
class LeftOut:
    """A row that is left out, and what could be read of it: "" and NO_MINOR where nothing."""

    table: str
    customer_id: str
    currency: str
    amount_minor: int


def left_out_by_customer(rows: Iterable[LeftOut]) -> Mapping[str, int]:
    """Customer → rows left out; "" for those of which it cannot be read whose they are."""
    return Counter(row.customer_id for row in rows)


def left_out_amounts(rows: Iterable[LeftOut]) -> dict[str, dict[str, str]]:
    """Table → currency → the sum in major units, of tables whose rows say their currency; unreadable amounts add nothing."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        if row.currency and row.amount_minor != NO_MINOR:
            sums[row.table][row.currency] += row.amount_minor
    return {
        table: {currency: to_major_text(minor, currency) for currency, minor in sorted(by_currency.items())}
        for table, by_currency in sorted(sums.items())
    }


def left_out_rows(tables: Mapping[str, ReadTable], left_out: Set[tuple[str, int]]) -> Sequence[LeftOut]:
    """Rows that could not be read, and rows that could but that a rule refused: those of ``left_out``, (table, row)."""
    rows: list[LeftOut] = []
    for name, read in tables.items():
        wanted = {row for table, row in left_out if table == name}
        unreadable = {row.row: LeftOut(name, row.customer_id, row.currency, row.amount_minor) for row in read.left_out}
        rows += [unreadable[row] for row in sorted(wanted & unreadable.keys())]
        refused = wanted - unreadable.keys()
        if refused:
            rows += _refused(name, read.columns, refused)
    return rows


def _refused(table: str, columns: Mapping[str, TypedColumn], wanted: set[int]) -> list[LeftOut]:
    numbers = [int(row) for row in columns["row"]]
    blank = [""] * len(numbers)
    owners, currencies = columns.get("customer_id", blank), columns.get("currency", blank)
    amounts = columns.get("amount_minor", [NO_MINOR] * len(numbers))
    together = zip(numbers, owners, currencies, amounts, strict=True)
    return [
        LeftOut(table, str(owner), str(currency), int(amount)) for row, owner, currency, amount in together if row in wanted
    ]
