"""What staff asked for: linked credits, allocations, write-offs and refunds, each accepted or refused (RULES §5, step 1).

Whether a row is refused depends on ids, customers, currencies and running totals of what was asked, refused rows included;
never on what was applied, and never on the position of a row. So all rows are judged together, in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from functions.documents import Documents
from functions.findings import all_findings, findings, first_fault
from functions.frames import (
    NO_DAY,
    Frame,
    between,
    has_day,
    integer,
    largest,
    left_join,
    materialise,
    running_total,
    smallest,
    stack,
    text,
)
from functions.ledger import Ledger

REQUEST_ORDER = ("effective_day", "kind_order", "request_id")
"""By effective date, then linked credits before allocations before write-offs before refunds, then by id."""

LINKED_CREDIT, ALLOCATION, WRITE_OFF, REFUND = range(4)

_TABLE_OF = {LINKED_CREDIT: "invoices", ALLOCATION: "allocations", WRITE_OFF: "write_offs", REFUND: "receipts"}
_KEY_FIELDS = {
    LINKED_CREDIT: {"unknown_invoice": "related_invoice_id", "other_customer": "related_invoice_id"},
    ALLOCATION: {"unknown_receipt": "receipt_id", "unknown_invoice": "invoice_id", "other_customer": "invoice_id"},
    WRITE_OFF: {"unknown_invoice": "invoice_id"},
    REFUND: {"unknown_receipt": "related_id", "other_customer": "related_id"},
}

_REQUEST = (
    "row",
    "request_id",
    "kind_order",
    "effective_day",
    "paid_day",
    "source",
    "source_id",
    "source_holds_minor",
    "invoice_id",
    "invoice_minor",
    "owed_minor",
    "customer_id",
    "currency",
    "source_minor",
    "asked_minor",
    "discount_minor",
    "code",
)
_JUDGED = tuple(column for column in _REQUEST if column not in ("source_holds_minor", "owed_minor"))


@dataclass(frozen=True)
class Requests:
    """Judged requests that take effect by D.

    rows: row, request_id, kind_order, effective_day, paid_day, source ("receipt" | "credit_note" | ""), source_id,
    invoice_id, invoice_minor (the invoice's amount), customer_id, currency, source_minor (asked of the source), asked_minor
    (asked of the invoice: with the discount), discount_minor, code ("" accepted).
    """

    rows: Frame
    issues: Frame


def sources_of(documents: Documents, *, as_of: int) -> Frame:
    """What can pay: receipts and credit notes of all dates.

    source, source_id, row, customer_id, currency, source_day, holds_minor (0 once reversed), is_held, is_reversed (by D).
    """
    is_reversed = has_day("reversed_day") & (nw.col("reversed_day") <= as_of)
    receipts = documents.receipts.with_columns(
        source=text("receipt"),
        source_id=nw.col("receipt_id"),
        source_day=nw.col("receipt_day"),
        is_reversed=is_reversed,
        holds_minor=nw.when(is_reversed).then(integer(0)).otherwise(nw.col("amount_minor")),
    )
    credits = documents.credits.with_columns(
        source=text("credit_note"),
        source_id=nw.col("invoice_id"),
        source_day=nw.col("invoice_day"),
        is_reversed=nw.lit(False),
        is_held=nw.lit(False),
        holds_minor=nw.col("amount_minor") - nw.col("opening_settled_minor"),
    )
    columns = [
        "source",
        "source_id",
        "row",
        "customer_id",
        "currency",
        "source_day",
        "holds_minor",
        "is_held",
        "is_reversed",
    ]
    return stack([receipts, credits], columns)


def judge_requests(ledger: Ledger, documents: Documents, sources: Frame, *, as_of: int) -> Requests:
    """Every linked credit, allocation, write-off and refund in effect at D, accepted or refused with the first reason.

    Unknown ids first, then another customer, another currency, then the running total of what was asked of the source, and
    of the invoice. An allocation may also take what was written off of its invoice before: that is a recovery.
    """
    asked = [
        _linked_credits(documents),
        _allocations(ledger.allocations, documents, sources),
        _write_offs(ledger.write_offs, documents),
        _refunds(documents, sources),
    ]
    rows = materialise(stack(asked, _REQUEST).filter(nw.col("effective_day") <= as_of))
    rows = running_total(rows, "asked_of_source", of="source_minor", within=["source", "source_id"], order=REQUEST_ORDER)
    rows = materialise(running_total(rows, "asked_of_invoice", of="asked_minor", within=["invoice_id"], order=REQUEST_ORDER))
    is_write_off = nw.col("kind_order") == WRITE_OFF
    fits = is_write_off & (nw.col("code") == "") & (nw.col("asked_of_invoice") <= nw.col("owed_minor"))
    rows = rows.with_columns(_written_off=nw.when(fits).then(nw.col("asked_minor")).otherwise(integer(0)))
    rows = running_total(rows, "written_off_before", of="_written_off", within=["invoice_id"], order=REQUEST_ORDER)
    may_recover = nw.when(nw.col("kind_order") == ALLOCATION).then(nw.col("written_off_before")).otherwise(integer(0))
    rows = rows.with_columns(_most=nw.col("owed_minor") + may_recover)
    is_link = nw.col("kind_order") == LINKED_CREDIT
    too_much_of_source = (nw.col("source") != "") & (nw.col("asked_of_source") > nw.col("source_holds_minor"))
    too_much_of_invoice = (nw.col("kind_order") != REFUND) & (nw.col("asked_of_invoice") > nw.col("_most"))
    rows = rows.with_columns(
        code=nw.when((nw.col("code") != "") | is_link)
        .then(nw.col("code"))
        .otherwise(first_fault({"over_asked": too_much_of_source, "over_settled": too_much_of_invoice}))
    )
    rows = materialise(_links_within_notes(materialise(rows)).select(*_JUDGED))
    return Requests(rows=rows, issues=_refusals(rows))


def _links_within_notes(rows: Frame) -> Frame:
    """A linked credit, which is never refused for its amount, takes no more than its note still holds."""
    of_notes = rows.filter(nw.col("source") == "credit_note")
    is_link = nw.col("kind_order") == LINKED_CREDIT
    counts = (nw.col("code") == "") & ~is_link
    of_notes = of_notes.with_columns(_taken=nw.when(counts).then(nw.col("source_minor")).otherwise(integer(0)))
    of_notes = running_total(of_notes, "_taken_before", of="_taken", within=["source_id"], order=REQUEST_ORDER)
    held = between(nw.col("source_holds_minor") - nw.col("_taken_before"), integer(0), nw.col("asked_minor"))
    of_notes = of_notes.with_columns(asked_minor=nw.when(is_link).then(held).otherwise(nw.col("asked_minor")))
    return stack([rows.filter(nw.col("source") != "credit_note"), of_notes], _REQUEST)


def _refusals(rows: Frame) -> Frame:
    found = []
    for kind, table in _TABLE_OF.items():
        fields = {**_KEY_FIELDS[kind], "other_currency": "currency", "over_asked": "amount", "over_settled": "amount"}
        found.append(findings(rows.filter(nw.col("kind_order") == kind), table=table, key="request_id", fields=fields))
    return all_findings(found)


def _with_source(frame: Frame, sources: Frame, on: str) -> Frame:
    # A receipt and a credit note of one id: the receipt is meant.
    receipts = sources.filter(nw.col("source") == "receipt")
    credits = sources.filter(nw.col("source") == "credit_note")
    credits = credits.join(receipts.select("source_id"), on="source_id", how="anti")
    named = stack(
        [receipts, credits], ["source_id", "source", "customer_id", "currency", "source_day", "holds_minor", "is_reversed"]
    )
    named = named.select(
        "source",
        "source_day",
        "is_reversed",
        nw.col("source_id").alias(on),
        source_customer="customer_id",
        source_currency="currency",
        source_holds_minor="holds_minor",
    )
    fill = {
        "source": "",
        "source_day": NO_DAY,
        "is_reversed": False,
        "source_customer": "",
        "source_currency": "",
        "source_holds_minor": 0,
    }
    return left_join(frame, named, on, fill)


def _with_invoice(frame: Frame, documents: Documents, on: str = "invoice_id") -> Frame:
    named = documents.invoices.select(
        nw.col("invoice_id").alias(on),
        invoice_customer="customer_id",
        invoice_currency="currency",
        invoice_day="invoice_day",
        invoice_minor="amount_minor",
        owed_minor=nw.col("amount_minor") - nw.col("opening_settled_minor"),
    )
    fill = {"invoice_customer": "", "invoice_currency": "", "invoice_day": NO_DAY, "invoice_minor": 0, "owed_minor": 0}
    return left_join(frame, named, on, fill)


def _linked_credits(documents: Documents) -> Frame:
    """A credit note that names an invoice asks for no more than the invoice owed at first: the rest is not bound to it."""
    links = documents.credits.filter(nw.col("related_invoice_id") != "").drop("invoice_day", strict=True)
    days = documents.credits.select("invoice_id", source_day="invoice_day")
    links = left_join(links, days, "invoice_id", {"source_day": NO_DAY})
    links = _with_invoice(links, documents, on="related_invoice_id")
    links = links.with_columns(holds=nw.col("amount_minor") - nw.col("opening_settled_minor"))
    asked = smallest("holds", "owed_minor")
    return links.with_columns(
        request_id=nw.col("invoice_id"),
        kind_order=integer(LINKED_CREDIT),
        effective_day=largest("source_day", "invoice_day"),
        paid_day=largest("source_day", "invoice_day"),
        source=text("credit_note"),
        source_id=nw.col("invoice_id"),
        source_holds_minor=nw.col("holds"),
        source_minor=asked,
        asked_minor=asked,
        discount_minor=integer(0),
        code=first_fault(
            {
                "unknown_invoice": nw.col("invoice_customer") == "",
                "other_customer": nw.col("invoice_customer") != nw.col("customer_id"),
                "other_currency": nw.col("invoice_currency") != nw.col("currency"),
            }
        ),
    ).with_columns(invoice_id=nw.col("related_invoice_id"))


def _allocations(allocations: Frame, documents: Documents, sources: Frame) -> Frame:
    asked = _with_invoice(_with_source(allocations, sources, on="receipt_id"), documents)
    # Of a receipt that bounced, nothing was ever allocated.
    asked = asked.filter(~nw.col("is_reversed"))
    own_day = nw.when(has_day("allocated_day")).then(nw.col("allocated_day")).otherwise(nw.col("source_day"))
    return asked.with_columns(own_day=own_day.cast(nw.Int64)).with_columns(
        request_id=nw.col("allocation_id"),
        kind_order=integer(ALLOCATION),
        effective_day=largest("own_day", "source_day", "invoice_day"),
        paid_day=largest("source_day", "invoice_day"),
        source_id=nw.col("receipt_id"),
        customer_id=nw.col("source_customer"),
        currency=nw.col("source_currency"),
        source_minor=nw.col("amount_minor"),
        asked_minor=nw.col("amount_minor") + nw.col("discount_minor"),
        code=first_fault(
            {
                "unknown_receipt": nw.col("source") == "",
                "unknown_invoice": nw.col("invoice_customer") == "",
                "other_customer": nw.col("invoice_customer") != nw.col("source_customer"),
                "other_currency": nw.col("invoice_currency") != nw.col("source_currency"),
            }
        ),
    )


def _write_offs(write_offs: Frame, documents: Documents) -> Frame:
    asked = _with_invoice(write_offs, documents)
    return asked.with_columns(
        request_id=nw.col("write_off_id"),
        kind_order=integer(WRITE_OFF),
        effective_day=largest("written_off_day", "invoice_day"),
        paid_day=largest("written_off_day", "invoice_day"),
        source=text(""),
        source_id=text(""),
        source_holds_minor=integer(0),
        customer_id=nw.col("invoice_customer"),
        currency=nw.col("invoice_currency"),
        source_minor=integer(0),
        asked_minor=nw.col("amount_minor"),
        discount_minor=integer(0),
        code=first_fault({"unknown_invoice": nw.col("invoice_customer") == ""}),
    )


def _refunds(documents: Documents, sources: Frame) -> Frame:
    asked = _with_source(documents.refunds, sources, on="related_id")
    return asked.with_columns(
        request_id=nw.col("receipt_id"),
        kind_order=integer(REFUND),
        effective_day=largest("receipt_day", "source_day"),
        paid_day=largest("receipt_day", "source_day"),
        source_id=nw.col("related_id"),
        invoice_id=text(""),
        invoice_minor=integer(0),
        owed_minor=integer(0),
        source_minor=nw.col("amount_minor"),
        asked_minor=integer(0),
        discount_minor=integer(0),
        code=first_fault(
            {
                "unknown_receipt": nw.col("source") == "",
                "other_customer": nw.col("source_customer") != nw.col("customer_id"),
                "other_currency": nw.col("source_currency") != nw.col("currency"),
            }
        ),
    )
