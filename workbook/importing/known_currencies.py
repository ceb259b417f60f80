"""What reading a file depends on besides its cells: the base currency, and the currencies of the rows it names."""

from __future__ import annotations

from dataclasses import replace

from workbook.editing.table_layout import places_of
from workbook.importing.destination import Destination
from workbook.labels import WORDS
from workbook.port import Book
from workbook.reading.cell_parsing import DateOrder, DecimalMark, ids
from workbook.reading.context import ReadingContext
from workbook.reading.row_currencies import currency_codes, row_currencies
from workbook.schema import TABLES
from workbook.settings import Settings, parse_settings
from workbook.table import CurrencyOf, Kind


def settings_of(book: Book) -> Settings:
    """The settings of a workbook, defaults for those that cannot be read. Raises DuplicateColumn."""
    settings = TABLES["Settings"]
    raw = book.read_table(settings.name)
    cells = {}
    if raw is not None:
        places = places_of(raw, settings)
        if {"key", "value"} <= places.keys():
            cells = dict(zip(map(str, raw.columns[places["key"]]), raw.columns[places["value"]], strict=True))
    return parse_settings(cells)[0]


def context_of(book: Book, *, date_order: DateOrder | None = None, decimal: DecimalMark | None = None) -> ReadingContext:
    """The workbook's base currency, the words of its choices, and what the options say. Raises DuplicateColumn."""
    base_currency = settings_of(book).base_currency
    return ReadingContext(base_currency=base_currency, words=WORDS, date_order=date_order, decimal=decimal)


def with_currencies(context: ReadingContext, book: Book, destination: Destination) -> ReadingContext:
    """The currencies by customer, invoice and receipt, as far as the amounts for this table depend on them."""
    table = destination.table
    asked = {table[key].currency_of for key in destination.keys if table[key].kind is Kind.MONEY}
    if "currency" in table.key:
        asked.add(CurrencyOf.ROW)
    if "currency" in destination.constants:
        asked.discard(CurrencyOf.ROW)
    if asked & {CurrencyOf.ROW, CurrencyOf.CUSTOMER, CurrencyOf.INVOICE, CurrencyOf.RECEIPT}:
        context = replace(context, customer_currency=_currency_by_id(book, "Customers", "customer_id", context))
    if asked & {CurrencyOf.INVOICE, CurrencyOf.RECEIPT}:
        context = replace(
            context,
            invoice_currency=_currency_by_id(book, "Invoices", "invoice_id", context),
            receipt_currency=_currency_by_id(book, "Receipts", "receipt_id", context),
        )
    return context


def _currency_by_id(book: Book, name: str, id_key: str, context: ReadingContext) -> dict[str, str]:
    table = TABLES[name]
    raw = book.read_table(name)
    if raw is None:
        return {}
    places = places_of(raw, table)
    if id_key not in places:
        return {}
    texts = {key: ids(raw.columns[places[key]]).values for key in {id_key, "customer_id"} & places.keys()}
    if "currency" in places:
        texts["currency"] = currency_codes(raw.columns[places["currency"]]).values
    found = row_currencies(CurrencyOf.ROW, table, texts, context, count=len(raw))
    return dict(zip(texts[id_key], found, strict=True))
