"""What is owed as of a day: the frames of ``functions.ledger.Position`` as lists of rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from functions.frames import NO_DAY, NO_MINOR
from functions.ledger import Policy
from tests.oracle.allocation import Outcome, apply_cash
from tests.oracle.documents import Document, cut_into_items, documents
from tests.oracle.money import Rates
from tests.oracle.rows import Issue, Row, Tables
from tests.oracle.sources import Source, sources


@dataclass(frozen=True)
class Position:
    """Rows with the columns of the engines' frames, but ``row``; ``balances`` says what is owed without who paid what.

    ``written_off``: item_id, write_off_id, customer_id, currency and what stays written off, amount_minor.
    """

    as_of: int
    items: list[Row]
    applications: list[Row]
    unapplied: list[Row]
    documents: list[Row]
    receipts: list[Row]
    issues: list[Issue]
    balances: dict[tuple[str, str], int]
    written_off: list[Row]


def position(tables: Tables, policy: Policy, as_of: int) -> Position:
    """Documents, receipts and what became of them (RULES §§1 to 5)."""
    counted, left_out = documents(tables, policy, as_of)
    plan_issues = cut_into_items(counted, tables, as_of)
    payers = sources(tables, counted, as_of)
    outcome = apply_cash(tables, counted, payers, policy=policy, as_of=as_of)
    rates = Rates(tables, policy, as_of)
    existing = [document for document in counted.values() if document.day <= as_of]
    invoices = [document for document in existing if not document.is_credit]
    paying = payers.existing(as_of)
    without_rate = [
        ("invoices", invoice.invoice_id, "no_exchange_rate")
        for invoice in invoices
        if invoice.open > 0 and not rates.knows(invoice.currency)
    ] + [
        ("receipts" if source.kind == "receipt" else "invoices", source.source_id, "no_exchange_rate")
        for source in paying
        if source.left > 0 and not rates.knows(source.currency)
    ]
    return Position(
        as_of,
        [row for invoice in invoices for row in _item_rows(invoice, rates, as_of)],
        [each.as_row() for each in outcome.slices],
        [_unapplied_row(source, rates) for source in paying],
        [_document_row(document) for document in existing],
        [_receipt_row(source) for source in paying if source.kind == "receipt"],
        sorted(left_out + plan_issues + payers.issues + outcome.issues + without_rate),
        _balances(existing, paying, outcome),
        [
            {
                "item_id": each.item.item_id,
                "write_off_id": each.write_off_id,
                "customer_id": each.invoice.customer_id,
                "currency": each.invoice.currency,
                "amount_minor": each.amount - each.reversed,
            }
            for each in outcome.slices
            if each.step == "write_off"
        ],
    )


def _item_rows(invoice: Document, rates: Rates, as_of: int) -> list[Row]:
    rows = []
    for item in invoice.items:
        base = rates.base_minor(item.open, invoice.currency)
        is_disputed = item.open > 0 and invoice.in_dispute(as_of)
        rows.append(
            {
                "item_id": item.item_id,
                "invoice_id": invoice.invoice_id,
                "customer_id": invoice.customer_id,
                "currency": invoice.currency,
                "kind": invoice.kind,
                "part": item.part,
                "plan_id": item.plan_id,
                "invoice_day": invoice.day,
                "due_day": item.due_day,
                "contractual_due_day": item.contractual_due_day,
                "original_due_day": item.original_due_day,
                "amount_minor": item.amount,
                "settled_minor": item.settled,
                "open_minor": item.open,
                "open_base_minor": NO_MINOR if base is None else base,
                "is_disputed": is_disputed,
                "disputed_day": invoice.dispute_start if is_disputed else NO_DAY,
            }
        )
    return rows


def _unapplied_row(source: Source, rates: Rates) -> Row:
    base = rates.base_minor(source.left, source.currency)
    return {
        "source_id": source.source_id,
        "source": source.kind,
        "customer_id": source.customer_id,
        "currency": source.currency,
        "source_day": source.day,
        "amount_minor": source.holds,
        "applied_minor": source.applied,
        "refunded_minor": source.refunded,
        "unapplied_minor": source.left,
        "unapplied_base_minor": NO_MINOR if base is None else base,
    }


def _document_row(document: Document) -> Row:
    return {
        "invoice_id": document.invoice_id,
        "kind": document.kind,
        "customer_id": document.customer_id,
        "currency": document.currency,
        "invoice_day": document.day,
        "amount_minor": document.amount,
        "order_id": document.row["order_id"],
        "opening_settled_minor": document.opening_settled,
    }


def _receipt_row(source: Source) -> Row:
    return {
        "receipt_id": source.source_id,
        "customer_id": source.customer_id,
        "currency": source.currency,
        "receipt_day": source.day,
        "amount_minor": source.row["amount_minor"],
        "method": source.row["method"],
        "matures_day": source.row["matures_day"],
    }


def _balances(existing: list[Document], paying: list[Source], outcome: Outcome) -> dict[tuple[str, str], int]:
    """Documents less receipts, discounts and write-offs, plus refunds and recoveries (RULES §6)."""
    balances: dict[tuple[str, str], int] = defaultdict(int)
    for document in existing:
        sign = -1 if document.is_credit else 1
        balances[document.customer_id, document.currency] += sign * document.owed_at_first
    for source in paying:
        if source.kind == "receipt":
            balances[source.customer_id, source.currency] -= source.holds
        balances[source.customer_id, source.currency] += source.refunded
    for account, taken in outcome.movements.items():
        balances[account] -= taken
    return dict(balances)
