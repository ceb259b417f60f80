"""The currency of each row: its own, else that of the customer, invoice or receipt it names, else the base currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from functions.money import is_currency
from workbook.port import Cell
from workbook.reading.cell_parsing import Flaw, Parsed
from workbook.reading.cell_parsing.column import plain
from workbook.reading.cell_parsing.texts import as_words
from workbook.reading.context import ReadingContext
from workbook.table import CurrencyOf, Table

_SPELLINGS = {"RMB": "CNY"}


def currency_codes(column: Sequence[Cell]) -> Parsed[list[str]]:
    """ISO 4217 codes, "" where blank; RMB is CNY. ``unknown_currency``: not a code that amounts can be kept in."""
    words = as_words(column)
    code_of = {word: _code(word) for word in set(words)}
    unknown = {word for word, code in code_of.items() if code and not is_currency(code)}
    flaws: list[Flaw] = [(at, "unknown_currency") for at, word in enumerate(words) if word in unknown] if unknown else []
    code_of |= dict.fromkeys(unknown, "")
    return Parsed(list(map(code_of.__getitem__, words)), flaws)


def _code(word: str) -> str:
    code = plain(word).upper()
    return _SPELLINGS.get(code, code)


def row_currencies(
    currency_of: CurrencyOf, table: Table, texts: Mapping[str, list[str]], context: ReadingContext, *, count: int
) -> list[str]:
    """The currency of ``count`` rows; ``texts`` holds the columns ``currency``, ``customer_id`` … that the table has.

    An allocation's receipt may be a credit note, so that its currency is looked for among the invoices too.
    """
    customer = ("customer_id", context.customer_currency)
    receipt = (("receipt_id", context.receipt_currency), ("receipt_id", context.invoice_currency))
    invoice = ("invoice_id", context.invoice_currency)
    own = list(texts["currency"]) if "currency" in texts else [""] * count
    if currency_of is CurrencyOf.ROW:
        return _first_known(own, (customer,), texts, context.base_currency)
    if currency_of is CurrencyOf.CUSTOMER:
        is_of_customers = table.key == ("customer_id",)
        return _first_known(own if is_of_customers else [""] * count, (customer,), texts, context.base_currency)
    if currency_of is CurrencyOf.INVOICE:
        return _first_known([""] * count, (invoice, *receipt), texts, context.base_currency)
    if currency_of is CurrencyOf.RECEIPT:
        return _first_known([""] * count, (*receipt, invoice), texts, context.base_currency)
    return [context.base_currency] * count


def _first_known(
    found: list[str], lookups: Sequence[tuple[str, Mapping[str, str]]], texts: Mapping[str, list[str]], base: str
) -> list[str]:
    for key, known in lookups:
        if key in texts and "" in found:
            found = [code or known.get(name, "") for code, name in zip(found, texts[key], strict=True)]
    return [code or base for code in found] if "" in found else found
