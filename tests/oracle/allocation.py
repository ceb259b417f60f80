"""Cash application (RULES §5), one request after the other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from functions.frames import NO_DAY
from functions.ledger import Policy
from tests.oracle.documents import Document, Item
from tests.oracle.rows import Issue, Row, Tables
from tests.oracle.sources import Source, Sources

LINKED_CREDIT, ALLOCATION, WRITE_OFF, REFUND = range(4)
_TABLES = {LINKED_CREDIT: "invoices", ALLOCATION: "allocations", WRITE_OFF: "write_offs", REFUND: "receipts"}


@dataclass
class Request:
    """One thing that staff asked for."""

    kind: int
    request_id: str
    day: int
    source: Source | None
    invoice: Document | None
    asks_source: int
    asks_invoice: int
    fault: str
    cash: int = 0
    discount: int = 0

    @property
    def order(self) -> tuple[int, int, str]:
        """By effective date, then kind, then id: never by row position."""
        return self.day, self.kind, self.request_id


@dataclass
class Slice:
    """A piece of an item that something settled."""

    item: Item
    invoice: Document
    amount: int
    step: str
    paid_day: int
    receipt_id: str = ""
    reversed: int = 0
    write_off_id: str = ""

    def as_row(self) -> Row:
        return {
            "receipt_id": self.receipt_id,
            "item_id": self.item.item_id,
            "invoice_id": self.invoice.invoice_id,
            "customer_id": self.invoice.customer_id,
            "currency": self.invoice.currency,
            "amount_minor": self.amount,
            "paid_day": self.paid_day,
            "step": self.step,
        }


@dataclass
class Outcome:
    """What settled what, and what the ledger balance moved by without saying who paid what."""

    slices: list[Slice]
    issues: list[Issue]
    movements: dict[tuple[str, str], int]
    """(customer, currency) → discounts and write-offs taken less write-offs recovered."""


def apply_cash(tables: Tables, documents: dict[str, Document], payers: Sources, *, policy: Policy, as_of: int) -> Outcome:
    """Opening, step 1 and step 2. The documents' items and the sources are changed in place."""
    outcome = Outcome([], [], defaultdict(int))
    for invoice in documents.values():
        if not invoice.is_credit and invoice.day <= as_of:
            _settle(outcome, invoice, invoice.opening_settled, "opening_settled", invoice.day)
    requests = sorted((r for r in _requests(tables, documents, payers) if r.day <= as_of), key=lambda each: each.order)
    _refuse(requests)
    for request in requests:
        if request.fault:
            outcome.issues.append((_TABLES[request.kind], request.request_id, request.fault))
            if request.source is not None:
                request.source.is_barred = True
        else:
            _apply(outcome, request)
    if policy.allocation_policy == "oldest_due_first":
        _pay_oldest_first(outcome, documents, payers, policy=policy, as_of=as_of)
    return outcome


def _requests(tables: Tables, documents: dict[str, Document], payers: Sources) -> list[Request]:
    invoices = {key: document for key, document in documents.items() if not document.is_credit}
    requests = []
    for note in documents.values():
        if note.is_credit and note.row["related_invoice_id"]:
            source, invoice = payers.credits[note.invoice_id], invoices.get(note.row["related_invoice_id"])
            ask = min(source.holds, invoice.owed_at_first) if invoice else 0
            day, fault = _latest(source, invoice), _mismatch(source, invoice)
            requests.append(Request(LINKED_CREDIT, note.invoice_id, day, source, invoice, ask, ask, fault))
    for row in tables.get("allocations", []):
        payer, invoice = payers.named(row["receipt_id"]), invoices.get(row["invoice_id"])
        if payer is not None and payer.is_reversed:
            continue  # as if it had never been received
        day = max(row["allocated_day"], _latest(payer, invoice))
        cash, discount = row["amount_minor"], row["discount_minor"]
        fault = _mismatch(payer, invoice)
        requests.append(
            Request(ALLOCATION, row["allocation_id"], day, payer, invoice, cash, cash + discount, fault, cash, discount)
        )
    for row in tables.get("write_offs", []):
        invoice = invoices.get(row["invoice_id"])
        day = max(row["written_off_day"], _latest(None, invoice))
        fault = "" if invoice else "unknown_invoice"
        requests.append(Request(WRITE_OFF, row["write_off_id"], day, None, invoice, 0, row["amount_minor"], fault))
    for row in payers.refunds:
        payer = payers.named(row["related_id"])
        day = max(row["receipt_day"], _latest(payer, None))
        fault = _refund_fault(row, payer)
        requests.append(Request(REFUND, row["receipt_id"], day, payer, None, row["amount_minor"], 0, fault))
    return requests


def _latest(source: Source | None, invoice: Document | None) -> int:
    days = [each.day for each in (source, invoice) if each is not None]
    return max(days, default=NO_DAY)


def _mismatch(source: Source | None, invoice: Document | None) -> str:
    if source is None:
        return "unknown_receipt"
    if invoice is None:
        return "unknown_invoice"
    if source.customer_id != invoice.customer_id:
        return "other_customer"
    return "other_currency" if source.currency != invoice.currency else ""


def _refund_fault(row: Row, source: Source | None) -> str:
    if source is None:
        return "unknown_receipt"
    if source.customer_id != row["customer_id"]:
        return "other_customer"
    return "other_currency" if source.currency != row["currency"] else ""


def _refuse(requests: list[Request]) -> None:
    """Decide what is refused, from running totals of what was asked, refused rows included."""
    asked_of_source: dict[int, int] = defaultdict(int)
    asked_of_invoice: dict[str, int] = defaultdict(int)
    written_off: dict[str, int] = defaultdict(int)
    for request in requests:
        source, invoice = request.source, request.invoice
        if source is not None:
            asked_of_source[id(source)] += request.asks_source
        if invoice is not None:
            asked_of_invoice[invoice.invoice_id] += request.asks_invoice
        if request.fault or request.kind == LINKED_CREDIT:
            continue
        if source is not None and asked_of_source[id(source)] > (0 if source.is_reversed else source.holds):
            request.fault = "over_asked"
        elif invoice is not None:
            limit = invoice.owed_at_first
            if request.kind == ALLOCATION:
                limit += written_off[invoice.invoice_id]
            if asked_of_invoice[invoice.invoice_id] > limit:
                request.fault = "over_settled"
        if request.kind == WRITE_OFF and not request.fault and invoice is not None:
            written_off[invoice.invoice_id] += request.asks_invoice


def _apply(outcome: Outcome, request: Request) -> None:
    source, invoice = request.source, request.invoice
    if request.kind == REFUND:
        assert source is not None
        source.refunded += request.asks_source
        return
    assert invoice is not None
    account = invoice.customer_id, invoice.currency
    if request.kind == WRITE_OFF:
        _settle(outcome, invoice, request.asks_invoice, "write_off", request.day, write_off_id=request.request_id)
        outcome.movements[account] += request.asks_invoice
        return
    assert source is not None
    paid_day = max(source.day, invoice.day)
    if request.kind == LINKED_CREDIT:
        taken = min(request.asks_invoice, invoice.open, source.left)
        _settle(outcome, invoice, taken, "linked_credit", paid_day, source.source_id)
        source.applied += taken
        return
    # The discount first, and only on what is open: nothing is recovered by giving something away.
    discount = min(request.discount, invoice.open)
    _settle(outcome, invoice, discount, "discount", paid_day, source.source_id)
    within = min(request.cash, invoice.open)
    _settle(outcome, invoice, within, "allocation", paid_day, source.source_id)
    _recover(outcome, invoice, request.cash - within, paid_day, source.source_id)
    outcome.movements[account] += discount - (request.cash - within)
    source.applied += request.cash


def _settle(
    outcome: Outcome, invoice: Document, amount: int, step: str, paid_day: int, receipt_id: str = "", write_off_id: str = ""
) -> None:
    """Settlements fill the earliest items first."""
    for item in invoice.items:
        taken = min(amount, item.open)
        if taken > 0:
            item.settled += taken
            amount -= taken
            outcome.slices.append(Slice(item, invoice, taken, step, paid_day, receipt_id, write_off_id=write_off_id))
    assert amount == 0, "more was settled than was open"


def _recover(outcome: Outcome, invoice: Document, amount: int, paid_day: int, receipt_id: str) -> None:
    """Money above the open amount takes the place of what was written off, in the order in which it was."""
    written_off = [each for each in outcome.slices if each.invoice is invoice and each.step == "write_off"]
    for each in written_off:
        taken = min(amount, each.amount - each.reversed)
        if taken > 0:
            each.reversed += taken
            amount -= taken
            outcome.slices.append(Slice(each.item, invoice, -taken, "write_off_reversed", paid_day))
            outcome.slices.append(Slice(each.item, invoice, taken, "recovery", paid_day, receipt_id))
    assert amount == 0, "more was recovered than was written off"


def _pay_oldest_first(
    outcome: Outcome, documents: dict[str, Document], payers: Sources, *, policy: Policy, as_of: int
) -> None:
    """What remains of each receipt, then of each credit, pays the oldest open items of the customer in that currency."""
    queue = [
        (item.due_day, invoice.day, invoice.invoice_id, item.plan_id != "", item.part, item, invoice)
        for invoice in documents.values()
        if policy.allocate_to_disputed or not invoice.in_dispute(as_of)
        for item in invoice.items
        if item.open > 0
    ]
    queue.sort(key=lambda each: each[:5])
    paying = [source for source in payers.existing(as_of) if not source.is_held and not source.is_barred]
    for source in sorted(paying, key=lambda each: (each.kind != "receipt", each.day, each.source_id)):
        for *_, item, invoice in queue:
            if (invoice.customer_id, invoice.currency) != (source.customer_id, source.currency):
                continue
            taken = min(source.left, item.open)
            if taken > 0:
                item.settled += taken
                source.applied += taken
                paid_day = max(source.day, invoice.day)
                outcome.slices.append(Slice(item, invoice, taken, "oldest_due_first", paid_day, source.source_id))
