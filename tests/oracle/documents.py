"""Which documents count, and the items that they fall into (RULES §3)."""

from __future__ import annotations

from dataclasses import dataclass, field

from functions.frames import NO_DAY
from functions.ledger import Policy
from tests.oracle.calendar_days import date_of, day_of, is_filled
from tests.oracle.rows import Issue, Row, Tables
from tests.oracle.terms import Part, scheduled


@dataclass
class Item:
    """One open item: a part of an invoice with a due day of its own."""

    item_id: str
    part: int
    plan_id: str
    due_day: int
    contractual_due_day: int
    original_due_day: int
    amount: int
    settled: int = 0

    @property
    def open(self) -> int:
        return self.amount - self.settled

    @property
    def filling_order(self) -> tuple[int, bool, int]:
        """Earliest first; on one day the schedule before the plan."""
        return self.due_day, self.plan_id != "", self.part


@dataclass
class Document:
    """A document that counts. The amount is positive for every kind."""

    row: Row
    kind: str
    amount: int
    schedule: list[Part] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    @property
    def invoice_id(self) -> str:
        return str(self.row["invoice_id"])

    @property
    def customer_id(self) -> str:
        return str(self.row["customer_id"])

    @property
    def currency(self) -> str:
        return str(self.row["currency"])

    @property
    def day(self) -> int:
        return int(self.row["invoice_day"])

    @property
    def opening_settled(self) -> int:
        return int(self.row["opening_settled_minor"])

    @property
    def is_credit(self) -> bool:
        return self.kind == "credit_note"

    @property
    def owed_at_first(self) -> int:
        """What an invoice owes, or a credit note holds, before anything in the ledger happened to it."""
        return self.amount - self.opening_settled

    @property
    def open(self) -> int:
        return sum(item.open for item in self.items)

    @property
    def dispute_start(self) -> int:
        return int(self.row["disputed_day"]) if is_filled(self.row["disputed_day"]) else self.day

    def in_dispute(self, as_of: int) -> bool:
        """Disputed from its day (or the invoice's) until the day it is closed; a paid one never is."""
        closed = self.row["dispute_closed_day"]
        was_disputed = self.row["is_disputed"] or (is_filled(self.row["disputed_day"]) and is_filled(closed))
        has_begun = self.dispute_start <= as_of
        is_closed = is_filled(closed) and closed <= as_of
        return bool(was_disputed and has_begun and not is_closed and self.open > 0)


def documents(tables: Tables, policy: Policy, as_of: int) -> tuple[dict[str, Document], list[Issue]]:
    """Every document that counts, of whatever day, by id; and an issue for each that is left out and exists at the day."""
    counted: dict[str, Document] = {}
    issues: list[Issue] = []
    for row in tables.get("invoices", []):
        kind = row["kind"] or ("credit_note" if row["amount_minor"] < 0 else "invoice")
        amount = abs(row["amount_minor"]) if kind == "credit_note" else row["amount_minor"]
        document = Document(row, kind, amount)
        code = _fault(document, tables, policy)
        if not code:
            counted[document.invoice_id] = document
        elif document.day <= as_of:
            issues.append(("invoices", document.invoice_id, code))
    return counted, issues


def _fault(document: Document, tables: Tables, policy: Policy) -> str:
    """Why the document cannot count, or "". Works out the schedule of an invoice on the way."""
    customers = {row["customer_id"]: row for row in tables["customers"]}
    if document.customer_id not in customers:
        return "unknown_customer"
    if document.amount < 0:
        return "negative_amount"
    if not 0 <= document.opening_settled <= document.amount:
        return "opening_settled_over_amount"
    if document.is_credit:
        return ""
    if is_filled(document.row["due_day"]):
        due = date_of(document.row["due_day"])
        document.schedule = [Part(1, due, due, document.amount)]
        return ""
    terms_id = _terms_id(document.row, tables, customers[document.customer_id])
    if not terms_id:
        return "no_due_date"
    for terms in policy.payment_terms:
        if terms.terms_id == terms_id:
            baseline = document.row["baseline_day"] if is_filled(document.row["baseline_day"]) else document.day
            document.schedule = scheduled(document.amount, date_of(baseline), terms, policy)
            return ""
    return "unknown_payment_terms"


def _terms_id(invoice: Row, tables: Tables, customer: Row) -> str:
    """The invoice's terms, else the contract's, else the customer's."""
    if invoice["payment_terms"]:
        return str(invoice["payment_terms"])
    for contract in tables.get("contracts", []):
        if contract["contract_id"] == invoice["contract_id"] and contract["payment_terms"]:
            return str(contract["payment_terms"])
    return str(customer["payment_terms"])


def cut_into_items(counted: dict[str, Document], tables: Tables, as_of: int) -> list[Issue]:
    """Give every invoice its items at the day: its schedule, and what a live plan makes of the last part of it."""
    issues: list[Issue] = []
    live = [
        row
        for row in tables.get("repayment_plans", [])
        if row["agreed_day"] <= as_of and (row["cancelled_day"] == NO_DAY or row["cancelled_day"] > as_of)
    ]
    plans: dict[str, dict[str, list[Row]]] = {}
    for row in live:
        invoice = counted.get(row["invoice_id"])
        if invoice is None or invoice.is_credit:
            issues.append(("repayment_plans", row["plan_id"], "unknown_invoice"))
        elif invoice.day <= as_of:
            plans.setdefault(invoice.invoice_id, {}).setdefault(row["plan_id"], []).append(row)
    for document in counted.values():
        if document.is_credit or document.day > as_of:
            continue
        possible = []
        for plan_id, rows in plans.get(document.invoice_id, {}).items():
            if sum(row["amount_minor"] for row in rows) > document.amount:
                issues.append(("repayment_plans", plan_id, "plan_over_amount"))
            else:
                possible.append((max(row["agreed_day"] for row in rows), plan_id, rows))
        if possible:
            _, plan_id, rows = max(possible, key=lambda each: each[:2])
            document.items = _planned_items(document, plan_id, rows)
        else:
            document.items = _scheduled_items(document)
        document.items.sort(key=lambda item: item.filling_order)
    return sorted(set(issues))


def _scheduled_items(document: Document) -> list[Item]:
    is_only = len(document.schedule) == 1
    return [
        Item(
            document.invoice_id if is_only else f"{document.invoice_id}#{part.number}",
            part.number,
            "",
            day_of(part.due),
            day_of(part.contractual_due),
            day_of(part.due),
            part.amount,
        )
        for part in document.schedule
    ]


def _planned_items(document: Document, plan_id: str, rows: list[Row]) -> list[Item]:
    kept = document.amount - sum(row["amount_minor"] for row in rows)
    items = []
    before = 0
    for part in document.schedule:
        amount = min(max(kept - before, 0), part.amount)
        before += part.amount
        if amount > 0:
            due, contractual = day_of(part.due), day_of(part.contractual_due)
            items.append(Item(f"{document.invoice_id}#{part.number}", part.number, "", due, contractual, due, amount))
    begins = kept
    for number, row in enumerate(sorted(rows, key=lambda each: each["due_day"]), start=1):
        item_id, due = f"{document.invoice_id}#{plan_id}#{number}", row["due_day"]
        original = day_of(_part_at(document.schedule, begins).due)
        items.append(Item(item_id, number, plan_id, due, due, original, row["amount_minor"]))
        begins += row["amount_minor"]
    return items


def _part_at(schedule: list[Part], position: int) -> Part:
    """The scheduled part in which the minor unit at this position lies."""
    end = 0
    for part in schedule:
        end += part.amount
        if position < end:
            return part
    return schedule[-1]
