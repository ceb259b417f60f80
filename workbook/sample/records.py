"""What the sample is made of, before it becomes cells: records that point to each other, amounts in minor units.

Records are compared by identity. They have no numbers yet: documents are numbered by date when all of them are there, as
a real ledger's are.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workbook.sample.names import Company


@dataclass(frozen=True, eq=False, slots=True)
class Customer:
    """Who it is and how it trades. ``code`` is its id where the story needs a certain one."""

    company: Company
    currency: str
    terms: str
    collector: str
    language: str
    code: str = ""
    channel: str = ""
    has_email: bool = True
    has_phone: bool = True
    has_address: bool = True
    do_not_remind: bool = False
    is_legal: bool = False
    verified_on: dt.date | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class CreditLine:
    """What a customer may owe. A limit of None is unlimited, 0 is cash only. ``head`` is the group's head."""

    limit: int | None = None
    expires_on: dt.date | None = None
    guarantee: int | None = None
    is_on_hold: bool = False
    head: Customer | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Contract:
    customer: Customer
    signed_on: dt.date
    title: str
    amount: int
    terms: str = ""
    late_rate: float | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Order:
    customer: Customer
    order_date: dt.date
    currency: str
    amount: int
    closed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """``began_on`` None: nobody wrote the date down, so it counts since the invoice date."""

    reason: str
    began_on: dt.date | None
    closed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One due date of an invoice and what falls due on it. ``number`` is blank for an invoice's only item."""

    due_date: dt.date
    amount: int
    number: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Invoice:
    """A document of any kind; a credit note's amount is kept positive here and written negative."""

    customer: Customer
    kind: str
    invoice_date: dt.date
    currency: str
    amount: int
    tax: int
    parts: tuple[Part, ...] = ()
    terms: str = ""
    due_date: dt.date | None = None
    baseline_date: dt.date | None = None
    contract: Contract | None = None
    order: Order | None = None
    purchase_order: str = ""
    related: Invoice | None = None
    opening_settled: int = 0
    charged_to: dt.date | None = None
    dispute: Dispute | None = None
    notes: str = ""
    entered_on: dt.date | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Receipt:
    """Money in (``receipt``), bounced (``reversal``) or paid back (``refund``). A draft has neither date nor amount yet."""

    customer: Customer
    kind: str
    receipt_date: dt.date | None
    currency: str
    amount: int | None
    method: str = "bank_transfer"
    related: Receipt | Invoice | None = None
    matures_on: dt.date | None = None
    is_held: bool = False
    remittance: tuple[Invoice, ...] = ()
    notes: str = ""
    entered_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    source: Receipt | Invoice
    invoice: Invoice
    amount: int
    allocated_on: dt.date
    discount: int = 0


@dataclass(frozen=True, slots=True)
class WriteOff:
    invoice: Invoice
    amount: int
    written_off_on: dt.date
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A repayment plan of one invoice: the last part of its amount in new parts."""

    invoice: Invoice
    agreed_on: dt.date
    parts: tuple[Part, ...]
    cancelled_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """A line of the contact log; a promise names a day and, unless it is for everything, an amount."""

    customer: Customer
    activity_date: dt.date
    channel: str
    outcome: str
    invoice: Invoice | None = None
    promise_date: dt.date | None = None
    promise_amount: int | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One item in a message that was sent. ``item`` is what follows the invoice's id in the item's id."""

    invoice: Invoice
    sent_on: dt.date
    due_date: dt.date
    level: int
    amount: int
    item: str = ""


@dataclass(frozen=True, slots=True)
class LegalCase:
    customer: Customer
    opened_on: dt.date
    stage: str
    agent: str
    cost: int
    next_date: dt.date | None = None
    closed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a customer's master record, as CustomerHistory keeps it."""

    customer: Customer
    changed_on: dt.date
    field: str
    old_value: str
    new_value: str
    reason: str
