"""The bills that are due, as rows of the Billing sheet."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from functions.billing import Bills
from functions.dates import date_of, day_of
from workbook.number_pattern import NumberPattern
from workbook.port import Book, Columns
from workbook.results.ledger import WorkbookLedger
from workbook.results.run import in_order
from workbook.results.writing import columns_to_write
from workbook.schema import TABLES


def proposed_bills(source: WorkbookLedger, bills: Bills | None, *, as_of: dt.date) -> pd.DataFrame:
    """Billing's rows in the rules' own columns, and next_day; by day, customer and contract, numbered in that order.

    ``bills``: ``contract_bills``. A number that an invoice has is not given again, nor is a gap below it filled.
    """
    if bills is None:
        return pd.DataFrame(columns=["contract_id", "bill_day", "amount_minor", "currency", "customer_id", "next_day"])
    due = in_order(bills.bills, "bill_day", "customer_id", "contract_id")
    customers, contracts = source.tables["Customers"].columns, source.tables["Contracts"].columns
    names = dict(zip(customers["customer_id"], customers["name"], strict=True))
    titles = dict(zip(contracts["contract_id"], contracts["title"], strict=True))
    taken = {str(each) for each in source.tables["Invoices"].columns["invoice_id"]}
    pattern = NumberPattern.parse(source.settings.invoice_number_pattern)
    numbers = []
    for day in due["bill_day"]:
        numbers.append(pattern.next_number(date_of(int(day)), taken))
        taken.add(numbers[-1])
    return due.assign(
        invoice_id=numbers,
        invoice_day=due["bill_day"],
        name=[names[each] for each in due["customer_id"]],
        title=[titles[each] for each in due["contract_id"]],
        proposed_day=day_of(as_of),
    )


def billing_columns(book: Book, bills: pd.DataFrame, source: WorkbookLedger) -> Columns:
    """The cells of the Billing sheet."""
    base_currency = source.settings.base_currency
    return columns_to_write(TABLES["Billing"], bills, language=book.language, base_currency=base_currency)
