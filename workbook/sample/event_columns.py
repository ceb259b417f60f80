"""The sample's tables of events: documents, receipts, what was made of them, and what was said and sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from functions.ledger import ReminderLevel
from workbook.port import Cell, Columns
from workbook.sample.cells import CLERK, CONTROLLER, Pen, major, or_blank, table
from workbook.sample.numbering import in_order_of, serial_ids
from workbook.sample.records import Invoice, Receipt, Reminder

_REPLACEABLE_CHANNELS = ("email", "sms", "letter")


def event_tables(pen: Pen, ladder: Sequence[ReminderLevel]) -> Mapping[str, Columns]:
    """Table name → its columns."""
    return {
        "Invoices": _invoices(pen),
        "Receipts": _receipts(pen),
        "Allocations": _allocations(pen),
        "WriteOffs": _write_offs(pen),
        "RepaymentPlans": _repayment_plans(pen),
        "Activities": _activities(pen),
        "ReminderLog": _reminder_log(pen, ladder),
    }


def _invoices(pen: Pen) -> Columns:
    header = (
        "invoice_id", "customer_id", "kind", "contract_id", "order_id", "purchase_order", "invoice_date", "baseline_date",
        "payment_terms", "due_date", "currency", "amount", "tax", "tax_invoice_number", "tax_invoice_date",
        "related_invoice_id", "opening_settled", "charged_to", "is_disputed", "disputed_on", "dispute_closed_on",
        "dispute_reason", "notes", "entered_on", "entered_by", "approved_by",
    )  # fmt: skip
    ordered = in_order_of(pen.numbers.invoices, lambda each: each.invoice_date)
    return table(header, [_invoice(pen, each, serial) for serial, each in enumerate(ordered, 1)])


def _invoice(pen: Pen, each: Invoice, serial: int) -> tuple[Cell, ...]:
    numbers, dispute = pen.numbers, each.dispute
    is_credit = each.kind == "credit_note"
    sign = -1 if is_credit else 1
    customer_id: str | int = numbers.customers[each.customer]
    if each in pen.journal.typed_as_number:
        customer_id = int(customer_id)
    has_tax_invoice = each.tax > 0
    return (
        numbers.invoices[each], customer_id, each.kind, numbers.contracts[each.contract] if each.contract else None,
        numbers.orders[each.order] if each.order else None, or_blank(each.purchase_order), each.invoice_date,
        each.baseline_date, or_blank(each.terms), each.due_date, each.currency, major(sign * each.amount, each.currency),
        major(sign * each.tax, each.currency), f"{each.invoice_date:%y}{serial:018d}" if has_tax_invoice else None,
        each.invoice_date if has_tax_invoice else None, numbers.invoices[each.related] if each.related else None,
        major(each.opening_settled or None, each.currency), each.charged_to,
        True if dispute and not dispute.closed_on else None, dispute.began_on if dispute else None,
        dispute.closed_on if dispute else None, dispute.reason if dispute else None, or_blank(each.notes),
        each.entered_on or pen.entered(each.invoice_date), CLERK, CONTROLLER if is_credit else None,
    )  # fmt: skip


def _receipts(pen: Pen) -> Columns:
    header = (
        "receipt_id", "customer_id", "kind", "related_id", "receipt_date", "currency", "amount", "method", "matures_on",
        "is_held", "bank_reference", "remittance", "notes", "entered_on", "entered_by", "approved_by",
    )  # fmt: skip
    as_of = pen.journal.as_of
    rows: list[tuple[Cell, ...]] = []
    for serial, each in enumerate(in_order_of(pen.numbers.receipts, lambda each: each.receipt_date or as_of), 1):
        rows.append(_receipt(pen, each, serial))
        if each in pen.journal.pasted_twice:
            rows.append(rows[-1])
    return table(header, rows)


def _receipt(pen: Pen, each: Receipt, serial: int) -> tuple[Cell, ...]:
    numbers = pen.numbers
    is_banked = each.receipt_date is not None and each.method in ("bank_transfer", "cheque", "card")
    day = each.receipt_date or pen.journal.as_of
    return (
        numbers.receipts[each], numbers.customers[each.customer], each.kind,
        numbers.of_source(each.related) if each.related else None, each.receipt_date, each.currency,
        major(each.amount, each.currency), each.method, each.matures_on, each.is_held or None,
        f"BK{day:%y%m%d}{serial:06d}" if is_banked else None,
        or_blank(" ".join(numbers.invoices[invoice] for invoice in each.remittance)), or_blank(each.notes),
        each.entered_on or pen.entered(day), CLERK, CONTROLLER if each.kind == "refund" else None,
    )  # fmt: skip


def _allocations(pen: Pen) -> Columns:
    header = (
        "allocation_id", "receipt_id", "invoice_id", "amount", "discount", "allocated_on", "entered_on", "entered_by",
    )  # fmt: skip
    ordered = in_order_of(pen.journal.allocations, lambda each: each.allocated_on)
    ids = serial_ids("AL", (each.allocated_on for each in ordered))
    numbers = pen.numbers
    return table(header, [
        (
            allocation_id, numbers.of_source(each.source), numbers.invoices[each.invoice],
            major(each.amount, each.invoice.currency), major(each.discount or None, each.invoice.currency),
            each.allocated_on, pen.entered(each.allocated_on), CLERK,
        )
        for allocation_id, each in zip(ids, ordered, strict=True)
    ])  # fmt: skip


def _write_offs(pen: Pen) -> Columns:
    header = (
        "write_off_id", "invoice_id", "amount", "written_off_on", "reason", "entered_on", "entered_by", "approved_by",
    )  # fmt: skip
    ordered = in_order_of(pen.journal.write_offs, lambda each: each.written_off_on)
    ids = serial_ids("WO", (each.written_off_on for each in ordered))
    return table(header, [
        (
            write_off_id, pen.numbers.invoices[each.invoice], major(each.amount, each.invoice.currency), each.written_off_on,
            each.reason, pen.entered(each.written_off_on), CLERK, CONTROLLER,
        )
        for write_off_id, each in zip(ids, ordered, strict=True)
    ])  # fmt: skip


def _repayment_plans(pen: Pen) -> Columns:
    header = (
        "plan_id", "invoice_id", "due_date", "amount", "agreed_on", "cancelled_on", "entered_on", "entered_by",
        "approved_by",
    )  # fmt: skip
    ordered = in_order_of(pen.journal.plans, lambda each: each.agreed_on)
    ids = serial_ids("RP", (each.agreed_on for each in ordered))
    return table(header, [
        (
            plan_id, pen.numbers.invoices[each.invoice], part.due_date, major(part.amount, each.invoice.currency),
            each.agreed_on, each.cancelled_on, pen.entered(each.agreed_on), CLERK, CONTROLLER,
        )
        for plan_id, each in zip(ids, ordered, strict=True)
        for part in each.parts
    ])  # fmt: skip


def _activities(pen: Pen) -> Columns:
    header = (
        "activity_id", "activity_date", "customer_id", "invoice_id", "channel", "outcome", "promise_date", "promise_amount",
        "notes", "entered_on", "entered_by",
    )  # fmt: skip
    ordered = in_order_of(pen.journal.activities, lambda each: each.activity_date)
    ids = serial_ids("ACT", (each.activity_date for each in ordered))
    numbers = pen.numbers
    return table(header, [
        (
            activity_id, each.activity_date, numbers.customers[each.customer],
            numbers.invoices[each.invoice] if each.invoice else None, each.channel, each.outcome, each.promise_date,
            major(each.promise_amount, each.customer.currency), or_blank(each.notes), each.activity_date,
            each.customer.collector,
        )
        for activity_id, each in zip(ids, ordered, strict=True)
    ])  # fmt: skip


def _reminder_log(pen: Pen, ladder: Sequence[ReminderLevel]) -> Columns:
    header = (
        "message_id", "sent_on", "customer_id", "item_id", "invoice_id", "due_date", "level", "channel", "letter",
        "collector", "currency", "amount",
    )  # fmt: skip
    levels = {level.level: level for level in ladder}
    ordered = in_order_of(pen.journal.reminders, lambda each: each.sent_on)
    return table(header, [_reminder(pen, each, levels[each.level]) for each in ordered])


def _reminder(pen: Pen, each: Reminder, level: ReminderLevel) -> tuple[Cell, ...]:
    invoice = each.invoice
    customer = invoice.customer
    customer_id, invoice_id = pen.numbers.customers[customer], pen.numbers.invoices[invoice]
    message_id = f"{each.sent_on:%Y%m%d}-{customer_id}-{invoice.currency}-{'N' if level.is_notice else 'D'}"
    channel = customer.channel if customer.channel and level.channel in _REPLACEABLE_CHANNELS else level.channel
    return (
        message_id, each.sent_on, customer_id, invoice_id + each.item, invoice_id, each.due_date, level.level, channel,
        or_blank(level.letter), customer.collector, invoice.currency, major(each.amount, invoice.currency),
    )  # fmt: skip
