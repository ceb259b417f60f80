"""Sales: what was invoiced less what was credited, at the rate of each document's day (RULES §10)."""

from __future__ import annotations

import narwhals as nw

from functions.dates import day_frame
from functions.exchange import with_base_on
from functions.findings import findings, first_fault
from functions.frames import NO_DAY, Frame, has_minor, left_join, materialise, sum_by
from functions.ledger import Ledger, Policy, Position

SALE = ("invoice_id", "customer_id", "currency", "day", "month", "sales_minor")


def sales_by_document(ledger: Ledger, position: Position, *, policy: Policy) -> tuple[Frame, Frame]:
    """``SALE`` rows, one a document by the position's day, and the findings (``no_exchange_rate``).

    Invoices and debit notes count up, credit notes down, tax included; interest notes are no sales. sales_minor is in
    the base currency, at the latest rate on or before the document's day, rounded half away from zero; a document without a
    rate is a finding and has no row. month: year × 12 + month − 1.
    """
    sold = position.documents.filter(nw.col("kind") != "interest_note")
    is_credit = nw.col("kind") == "credit_note"
    signed = nw.when(is_credit).then(-nw.col("amount_minor")).otherwise(nw.col("amount_minor"))
    sold = sold.select("row", "invoice_id", "customer_id", "currency", day="invoice_day", signed_minor=signed)
    sold = with_base_on(
        sold, ledger.exchange_rates, base_currency=policy.base_currency, day="day", of="signed_minor", name="sales_minor"
    )
    sold = materialise(sold.with_columns(code=first_fault({"no_exchange_rate": ~has_minor("sales_minor")})))
    issues = findings(sold, table="invoices", key="invoice_id", fields={"no_exchange_rate": "currency"})
    priced = left_join(sold.filter(nw.col("code") == ""), day_frame(sold), "day", {"month": NO_DAY})
    return materialise(priced.select(*SALE)), issues


def sales_by_month(sales: Frame) -> Frame:
    """customer_id, month, sales_minor: one row a customer and month with a document; ``sales`` of ``sales_by_document``."""
    return sum_by(sales, ["customer_id", "month"], sales_minor="sales_minor")


def sales_in_period(sales: Frame, *, from_day: int, to_day: int) -> Frame:
    """customer_id, sales_minor: of the documents of these days, both included."""
    within = sales.filter(nw.col("day") >= from_day, nw.col("day") <= to_day)
    return sum_by(within, ["customer_id"], sales_minor="sales_minor")
