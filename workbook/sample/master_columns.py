"""The sample's tables of lasting facts: customers, contracts, orders, legal cases, changes, settings."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.port import Columns
from workbook.sample.cells import CLERK, CONTROLLER, Pen, major, or_blank, table
from workbook.sample.journal import Journal
from workbook.sample.numbering import in_order_of

COMPANY = "鹤汀青砚仪器股份有限公司 Heting Qingyan Instruments Corporation"
BANK_ACCOUNT = "Heting Bank 鹤汀银行 6200 0000 0000 0001, 鹤汀青砚仪器股份有限公司"


def master_tables(pen: Pen) -> Mapping[str, Columns]:
    """Table name → its columns."""
    return {
        "Settings": _settings(pen.journal),
        "Customers": _customers(pen),
        "Contracts": _contracts(pen),
        "Orders": _orders(pen),
        "LegalCases": _legal_cases(pen),
        "CustomerHistory": _customer_history(pen),
    }


def _settings(journal: Journal) -> Columns:
    values: dict[str, str] = {
        "company_name": COMPANY,
        "bank_account": BANK_ACCOUNT,
        "base_currency": journal.moneys.base,
        "ledger_starts_on": journal.starts_on.isoformat(),
        "holiday_country": "CN",
    }
    return table(("key", "value"), list(values.items()))


def _customers(pen: Pen) -> Columns:
    header = (
        "customer_id", "name", "group_id", "tax_id", "collector", "contact_name", "email", "phone", "address", "language",
        "payment_terms", "currency", "credit_limit", "limit_expires_on", "guarantee", "is_on_hold", "do_not_remind",
        "channel", "is_legal", "verified_on", "notes",
    )  # fmt: skip
    ids = pen.numbers.customers
    rows = []
    for customer in sorted(ids, key=lambda each: ids[each]):
        company, line = customer.company, pen.journal.credit[customer]
        # Staff mark what applies and leave the rest blank.
        rows.append((
            ids[customer], company.name, ids[line.head] if line.head else None, or_blank(company.tax_id), customer.collector,
            company.contact_name, company.email if customer.has_email else None,
            company.phone if customer.has_phone else None, company.address if customer.has_address else None,
            customer.language, customer.terms, customer.currency,
            major(line.limit, customer.currency), line.expires_on, major(line.guarantee, customer.currency),
            line.is_on_hold or None, customer.do_not_remind or None, or_blank(customer.channel), customer.is_legal or None,
            customer.verified_on, or_blank(customer.notes),
        ))  # fmt: skip
    return table(header, rows)


def _contracts(pen: Pen) -> Columns:
    header = (
        "contract_id", "customer_id", "signed_on", "title", "amount", "currency", "payment_terms", "late_rate", "ends_on",
    )  # fmt: skip
    numbers = pen.numbers
    return table(header, [
        (
            numbers.contracts[each], numbers.customers[each.customer], each.signed_on, each.title,
            major(each.amount, each.customer.currency), each.customer.currency, or_blank(each.terms), each.late_rate,
            each.ends_on,
        )
        for each in in_order_of(pen.journal.contracts, lambda each: each.signed_on)
    ])  # fmt: skip


def _orders(pen: Pen) -> Columns:
    header = ("order_id", "customer_id", "order_date", "currency", "amount", "closed_on", "entered_on", "entered_by")
    numbers = pen.numbers
    return table(header, [
        (
            numbers.orders[each], numbers.customers[each.customer], each.order_date, each.currency,
            major(each.amount, each.currency), each.closed_on, pen.entered(each.order_date), CLERK,
        )
        for each in in_order_of(pen.journal.orders, lambda each: each.order_date)
    ])  # fmt: skip


def _legal_cases(pen: Pen) -> Columns:
    header = ("customer_id", "opened_on", "closed_on", "stage", "agent", "cost", "next_date")
    return table(header, [
        (
            pen.numbers.customers[each.customer], each.opened_on, each.closed_on, each.stage, each.agent,
            major(each.cost, each.customer.currency), each.next_date,
        )
        for each in in_order_of(pen.journal.legal_cases, lambda each: each.opened_on)
    ])  # fmt: skip


def _customer_history(pen: Pen) -> Columns:
    header = ("customer_id", "changed_on", "field", "old_value", "new_value", "changed_by", "approved_by", "reason")
    return table(header, [
        (
            pen.numbers.customers[each.customer], each.changed_on, each.field, each.old_value, each.new_value, CLERK,
            CONTROLLER, each.reason,
        )
        for each in in_order_of(pen.journal.changes, lambda each: each.changed_on)
    ])  # fmt: skip
