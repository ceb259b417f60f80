"""The ledger of the sample as it grows: what was recorded, and what its people believe is still owed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from functions.ledger import PaymentTerms
from workbook.sample.currencies import Moneys
from workbook.sample.due_dates import parts_by_terms
from workbook.sample.records import (
    Activity,
    Allocation,
    Change,
    Contract,
    CreditLine,
    Customer,
    Dispute,
    Invoice,
    LegalCase,
    Order,
    Part,
    Plan,
    Receipt,
    Reminder,
    WriteOff,
)

_TAX_PERCENT = 13


@dataclass
class Journal:
    """Records in the order they came about; documents are numbered by date in the end.

    ``settled`` is what each invoice was paid or credited, and when, as the sample means it: for a customer that names no
    invoices the rules work it out afresh, oldest due first, and come to the same where nothing interferes. ``paid_by``
    is the same by receipt. ``typed_as_number`` are documents whose customer's id stands as a number in its cell,
    ``pasted_twice`` receipts whose row stands there twice.
    """

    as_of: dt.date
    starts_on: dt.date
    moneys: Moneys
    terms: Mapping[str, PaymentTerms]
    credit: dict[Customer, CreditLine] = field(default_factory=dict)
    contracts: list[Contract] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    write_offs: list[WriteOff] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    legal_cases: list[LegalCase] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    typed_as_number: set[Invoice] = field(default_factory=set)
    pasted_twice: set[Receipt] = field(default_factory=set)
    settled: dict[Invoice, list[tuple[dt.date, int]]] = field(default_factory=lambda: defaultdict(list))
    paid_by: dict[Receipt, list[tuple[Invoice, int]]] = field(default_factory=lambda: defaultdict(list))

    def ago(self, days: int) -> dt.date:
        """So many days before the as-of date; negative: after it."""
        return self.as_of - dt.timedelta(days=days)

    def open_account(self, customer: Customer, credit: CreditLine | None = None) -> Customer:
        """Enter a customer, with an unlimited line unless another is given."""
        self.credit[customer] = credit or CreditLine()
        return customer

    def extend(self, customer: Customer, **line: object) -> None:
        """Change the customer's credit line."""
        self.credit[customer] = replace(self.credit[customer], **line)  # type: ignore[arg-type]

    def issue(
        self,
        customer: Customer,
        invoice_date: dt.date,
        amount: int,
        *,
        kind: str = "invoice",
        currency: str = "",
        terms: str = "",
        due_date: dt.date | None = None,
        baseline_date: dt.date | None = None,
        contract: Contract | None = None,
        order: Order | None = None,
        related: Invoice | None = None,
        opening_settled: int = 0,
        charged_to: dt.date | None = None,
        dispute: Dispute | None = None,
        purchase_order: str = "",
        notes: str = "",
        entered_on: dt.date | None = None,
    ) -> Invoice:
        """Record a document. Its parts follow the typed due date, else its own, its contract's or its customer's terms."""
        currency = currency or customer.currency
        if kind == "credit_note":
            parts: tuple[Part, ...] = ()
        elif due_date is not None:
            parts = (Part(due_date, amount),)
        else:
            chosen = terms or (contract.terms if contract else "") or customer.terms
            parts = parts_by_terms(self.terms[chosen], baseline_date or invoice_date, amount)
        # Exports bear no tax, interest neither.
        is_taxed = currency == self.moneys.base and kind != "interest_note"
        tax = round(amount * _TAX_PERCENT / (100 + _TAX_PERCENT)) if is_taxed else 0
        invoice = Invoice(
            customer, kind, invoice_date, currency, amount, tax, parts, terms, due_date, baseline_date, contract, order,
            purchase_order, related, opening_settled, charged_to, dispute, notes, entered_on,
        )  # fmt: skip
        self.invoices.append(invoice)
        if opening_settled:
            self.settled[invoice].append((invoice_date, opening_settled))
        if related is not None:
            self.settled[related].append((max(invoice_date, related.invoice_date), min(amount, self.owed(related))))
        return invoice

    def owed(self, invoice: Invoice) -> int:
        """What is still to be paid on the invoice, by all that was recorded so far."""
        return invoice.amount - sum(amount for _, amount in self.settled[invoice])

    def receive(
        self,
        customer: Customer,
        receipt_date: dt.date,
        amount: int,
        *,
        pays: Mapping[Invoice, int] | None = None,
        means: Mapping[Invoice, int] | None = None,
        discounts: Mapping[Invoice, int] | None = None,
        currency: str = "",
        method: str = "bank_transfer",
        matures_on: dt.date | None = None,
        is_held: bool = False,
        notes: str = "",
    ) -> Receipt:
        """Record a receipt: staff allocate it to what it ``pays``; what it only ``means`` to pay is left to the rules."""
        allocated, meant = pays or {}, means or {}
        receipt = Receipt(
            customer, "receipt", receipt_date, currency or customer.currency, amount, method, None, matures_on, is_held,
            tuple(allocated) or tuple(meant), notes,
        )  # fmt: skip
        self.receipts.append(receipt)
        for invoice, part in allocated.items():
            discount = (discounts or {}).get(invoice, 0)
            day = max(receipt_date, invoice.invoice_date)
            self.allocations.append(Allocation(receipt, invoice, part, day, discount))
            self._settle(receipt, invoice, part + discount)
        for invoice, part in meant.items():
            self._settle(receipt, invoice, part)
        return receipt

    def _settle(self, receipt: Receipt, invoice: Invoice, amount: int) -> None:
        assert receipt.receipt_date is not None
        self.settled[invoice].append((max(receipt.receipt_date, invoice.invoice_date), amount))
        self.paid_by[receipt].append((invoice, amount))

    def pay_off(self, receipt_date: dt.date, *invoices: Invoice, method: str = "bank_transfer") -> Receipt:
        """One receipt for all that is owed on these invoices of one customer and currency, allocated by staff."""
        pays = {invoice: self.owed(invoice) for invoice in invoices}
        first = invoices[0]
        return self.receive(
            first.customer, receipt_date, sum(pays.values()), pays=pays, currency=first.currency, method=method
        )

    def apply_credit(self, note: Invoice, invoice: Invoice, on: dt.date, amount: int) -> None:
        """Staff settle an invoice with a credit note that names none."""
        self.allocations.append(Allocation(note, invoice, amount, on))
        self.settled[invoice].append((max(note.invoice_date, invoice.invoice_date), amount))

    def bounce(self, receipt: Receipt, on: dt.date, notes: str) -> Receipt:
        """Reverse a receipt whole: what it paid is owed again."""
        for invoice, amount in self.paid_by[receipt]:
            self.settled[invoice].append((on, -amount))
        return self._back(receipt, "reversal", on, receipt.amount or 0, notes)

    def refund(self, source: Receipt | Invoice, on: dt.date, amount: int, notes: str) -> Receipt:
        """Pay back what a receipt or a credit note still holds."""
        return self._back(source, "refund", on, amount, notes)

    def _back(self, source: Receipt | Invoice, kind: str, on: dt.date, amount: int, notes: str) -> Receipt:
        method = source.method if isinstance(source, Receipt) else "bank_transfer"
        back = Receipt(source.customer, kind, on, source.currency, amount, method, source, notes=notes)
        self.receipts.append(back)
        return back

    def write_off(self, invoice: Invoice, on: dt.date, amount: int, reason: str) -> None:
        """Give up an amount of an invoice."""
        self.write_offs.append(WriteOff(invoice, amount, on, reason))
        self.settled[invoice].append((on, amount))

    def remind(self, invoice: Invoice, sent_on: dt.date, level: int, *, amount: int | None = None) -> None:
        """Log that an invoice (with instalments: each part overdue that day) was reminded at a level."""
        owed = self.owed(invoice) if amount is None else amount
        for part in invoice.parts:
            if len(invoice.parts) == 1 or part.due_date < sent_on:
                self.reminders.append(Reminder(invoice, sent_on, part.due_date, level, min(part.amount, owed), part.number))

    def promise(self, invoice: Invoice, on: dt.date, until: dt.date, amount: int | None = None, *, notes: str = "") -> None:
        """Note a promise to pay the invoice by a day; without an amount, all of it."""
        self.activities.append(Activity(invoice.customer, on, "phone", "promised", invoice, until, amount, notes))

    def change(self, customer: Customer, on: dt.date, field_name: str, old: str, new: str, reason: str) -> None:
        """Note a change of the customer's master record."""
        self.changes.append(Change(customer, on, field_name, old, new, reason))
