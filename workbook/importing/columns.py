"""The columns of some rows as plain values: everything but money first, as a row's currency decides how money is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbook.importing.plain_values import Plain, plain_money, plain_values
from workbook.importing.text_columns import read_repeating, with_numbers
from workbook.port import Cell
from workbook.reading.amount_signs import sign_flaws
from workbook.reading.columns import Values, read_money
from workbook.reading.context import ReadingContext
from workbook.reading.row_currencies import row_currencies
from workbook.table import CurrencyOf, Kind, Table

CURRENCY_SOURCES = ("currency", "customer_id", "invoice_id", "receipt_id")
"""The columns that say which currency a row is in."""

_OF_THE_CURRENCY = frozenset({"too_many_decimals", "amount_too_large"})

RowFlaw = tuple[int, str, str]
"""Row, column, code."""


@dataclass(frozen=True)
class ReadColumns:
    """Columns that are not money: ``typed`` as parsed, ``plain`` for comparing and storing."""

    typed: dict[str, Values]
    plain: dict[str, list[Plain]]
    flaws: list[RowFlaw]


def read_others(table: Table, cells: Mapping[str, Sequence[Cell]], context: ReadingContext) -> ReadColumns:
    """Every given column that is not money."""
    found = ReadColumns({}, {}, [])
    for key, column_cells in cells.items():
        column = table[key]
        if column.kind is Kind.MONEY:
            continue
        parsed = read_repeating(column, column_cells, context)
        found.typed[key] = parsed.values
        found.plain[key] = plain_values(column, parsed.values, column_cells)
        found.flaws.extend((row, key, code) for row, code in parsed.flaws)
    return found


def read_amounts(
    table: Table,
    cells: Mapping[str, Sequence[Cell]],
    known: Mapping[str, Sequence[Plain]],
    flaws: list[RowFlaw],
    context: ReadingContext,
    *,
    count: int,
) -> dict[str, list[Plain]]:
    """Every given money column, its flaws added. ``known`` says, by ``CURRENCY_SOURCES``, which currency each row is in."""
    found: dict[str, list[Plain]] = {}
    currency_unknown = {row for row, key, _ in flaws if key == "currency"}
    for key, column_cells in cells.items():
        column = table[key]
        if column.kind is not Kind.MONEY:
            continue
        currencies = currencies_of_rows(column.currency_of, table, known, context, count=count)
        parsed = read_money(with_numbers(column_cells, context.decimal), currencies, context)
        assert isinstance(parsed.values, np.ndarray)
        found[key] = plain_money(parsed.values, currencies)
        # Nobody knows how many decimals an amount of an unknown currency may have.
        judged = [flaw for flaw in parsed.flaws if flaw[0] not in currency_unknown or flaw[1] not in _OF_THE_CURRENCY]
        flaws.extend((row, key, code) for row, code in [*judged, *sign_flaws(column.sign, parsed.values)])
    return found


def currencies_of_rows(
    currency_of: CurrencyOf, table: Table, known: Mapping[str, Sequence[Plain]], context: ReadingContext, *, count: int
) -> list[str]:
    """The currency of each row, its own, the customer's … or the base currency (``row_currencies``)."""
    texts = {key: [str(value or "") for value in known[key]] for key in CURRENCY_SOURCES if key in known}
    return row_currencies(currency_of, table, texts, context, count=count)
