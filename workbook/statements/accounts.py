"""The statements of the rules, customer by customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals as nw

from functions.frames import Frame
from functions.statements import Statements
from workbook.reading.rows import ReadTable
from workbook.results.run import in_order

Row = Mapping[str, Any]
Key = tuple[str, str]

DOCUMENTS = ("invoice", "debit_note", "interest_note", "credit_note")
"""The kinds of lines whose reference is a document of the Invoices sheet."""

References = Mapping[str, tuple[str, str]]
"""Invoice → the customer's purchase order and the number of the tax invoice, blank where there is none."""


@dataclass(frozen=True)
class Account:
    """What stands between us and a customer in one currency; rows in the rules' own columns, in the order of the file.

    Lines and items have ``purchase_order`` and ``tax_invoice_number`` besides, blank where they are of no document.
    """

    customer_id: str
    currency: str
    opening_minor: int
    closing_minor: int
    lines: Sequence[Row] = field(repr=False)
    items: Sequence[Row] = field(repr=False)
    unapplied: Sequence[Row] = field(repr=False)
    buckets: Mapping[str, int] = field(repr=False)

    @property
    def is_empty(self) -> bool:
        """Nothing was owed, nothing happened, nothing is owed or unapplied: nobody writes to tell that."""
        return not (self.opening_minor or self.closing_minor or self.lines or self.items or self.unapplied)


@dataclass(frozen=True)
class Addressee:
    """Who gets the file. ``language``: the customer's, else the workbook's."""

    customer_id: str
    name: str
    contact_name: str
    address: str
    language: str


def accounts_by_customer(
    found: Statements, references: References, of: Collection[str] | None = None
) -> dict[str, list[Account]]:
    """Customer → its accounts by currency, empty ones left out; customers in order. ``of``: these customers only."""
    if of is not None:
        is_wanted = nw.col("customer_id").is_in(sorted(of))
        parts = {
            name: getattr(found, name).filter(is_wanted) for name in ("statements", "lines", "items", "unapplied", "buckets")
        }
        found = replace(found, **parts)
    lines = _by_account(found.lines, "line")
    items = _by_account(found.items, "due_day", "invoice_day", "item_id")
    unapplied = _by_account(found.unapplied, "source_day", "source_id")
    buckets = _by_account(found.buckets, "bucket")
    by_customer: dict[str, list[Account]] = defaultdict(list)
    for row in in_order(found.statements, "customer_id", "currency").to_dict("records"):
        key = (row["customer_id"], row["currency"])
        account = Account(
            *key,
            opening_minor=int(row["opening_minor"]),
            closing_minor=int(row["closing_minor"]),
            lines=[_referenced(each, each["kind"], each["reference_id"], references) for each in lines.get(key, [])],
            items=[_referenced(each, each["kind"], each["invoice_id"], references) for each in items.get(key, [])],
            unapplied=unapplied.get(key, []),
            buckets={each["bucket"]: int(each["open_minor"]) for each in buckets.get(key, [])},
        )
        if not account.is_empty:
            by_customer[account.customer_id].append(account)
    return dict(by_customer)


def references_of(invoices: ReadTable) -> References:
    """What customers know our documents by."""
    columns = [invoices.columns[name] for name in ("invoice_id", "purchase_order", "tax_invoice_number")]
    return {str(invoice): (str(order), str(number)) for invoice, order, number in zip(*columns, strict=True)}


def _referenced(row: Row, kind: str, document: str, references: References) -> Row:
    order, number = references.get(document, ("", "")) if kind in DOCUMENTS else ("", "")
    return {**row, "purchase_order": order, "tax_invoice_number": number}


def _by_account(frame: Frame, *by: str) -> dict[Key, list[Row]]:
    rows: dict[Key, list[Row]] = defaultdict(list)
    for row in in_order(frame, "customer_id", "currency", *by).to_dict("records"):
        rows[row["customer_id"], row["currency"]].append({str(key): value for key, value in row.items()})
    return rows


def addressees(customers: ReadTable, *, language: str) -> dict[str, Addressee]:
    """Customer → who it is; ``language`` serves where the customer has none."""
    return {
        row["customer_id"]: Addressee(
            customer_id=row["customer_id"],
            name=row["name"],
            contact_name=row["contact_name"],
            address=row["address"],
            language=row["language"] or language,
        )
        for row in _rows(customers)
    }


def _rows(read: ReadTable) -> Iterable[Row]:
    wanted = ("customer_id", "name", "contact_name", "address", "language")
    columns = [read.columns[name] for name in wanted]
    for cells in zip(*columns, strict=True):
        yield dict(zip(wanted, cells, strict=True))
