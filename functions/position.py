"""What is owed as of a day: open items, what settled them, what is unapplied, and the movements they must tie out to."""

from __future__ import annotations

import narwhals as nw

from functions.allocation import Allocation, allocate_receipts
from functions.documents import Documents, resolve_documents
from functions.exchange import rates_at, with_base
from functions.findings import all_findings, findings
from functions.frames import NO_MINOR, Frame, has_day, left_join, materialise, stack, sum_by, text
from functions.ledger import Ledger, Policy, Position
from functions.open_items import Schedule, schedule_items
from functions.requests import REFUND, WRITE_OFF

_ITEM = (
    "item_id",
    "invoice_id",
    "row",
    "customer_id",
    "currency",
    "kind",
    "part",
    "plan_id",
    "invoice_day",
    "due_day",
    "contractual_due_day",
    "original_due_day",
    "amount_minor",
    "settled_minor",
    "open_minor",
    "open_base_minor",
    "is_disputed",
    "disputed_day",
)

_RECEIPT = ("row", "receipt_id", "customer_id", "currency", "receipt_day", "amount_minor", "method", "matures_day")

_MOVEMENT = ("customer_id", "currency", "day", "kind", "reference_id", "amount_minor")


class BeforeLedger(ValueError):
    """An as-of date before ``ledger_starts_on``: what was paid before is only known as a sum (RULES §3)."""

    def __init__(self, as_of: int, starts: int) -> None:
        super().__init__(f"as of day {as_of}: the ledger starts on day {starts}")
        self.as_of = as_of
        self.starts = starts


def ledger_position(ledger: Ledger, *, policy: Policy, as_of: int) -> Position:
    """Everything owed and everything unapplied at the end of the day ``as_of`` (RULES §§1–5).

    Events dated later do not exist yet. The frames are described in ``ledger.Position``. Raises BeforeLedger.
    """
    if as_of < policy.ledger_starts_day:
        raise BeforeLedger(as_of, policy.ledger_starts_day)
    documents = resolve_documents(ledger, policy=policy, as_of=as_of)
    schedule = schedule_items(documents.invoices, ledger.repayment_plans, policy=policy, as_of=as_of)
    allocation = allocate_receipts(ledger, documents, schedule, policy=policy, as_of=as_of)
    rates = rates_at(ledger.exchange_rates, base_currency=policy.base_currency, as_of=as_of)
    items = materialise(_settled_items(schedule, allocation, rates))
    unapplied = materialise(with_base(allocation.sources, rates, of="unapplied_minor", name="unapplied_base_minor"))
    received = documents.receipts.filter(nw.col("receipt_day") <= as_of)
    receipts = received.filter(~has_day("reversed_day") | (nw.col("reversed_day") > as_of))
    return Position(
        as_of=as_of,
        items=items,
        applications=allocation.applications,
        unapplied=unapplied.rename({"holds_minor": "amount_minor"}).select(
            "source_id", "source", "row", "customer_id", "currency", "source_day", "amount_minor", "applied_minor",
            "refunded_minor", "unapplied_minor", "unapplied_base_minor",
        ),
        documents=_existing(documents, as_of),
        receipts=receipts.select(*_RECEIPT),
        movements=materialise(_movements(documents, received, allocation, as_of)),
        issues=materialise(
            all_findings([documents.issues, schedule.issues, allocation.issues, *_without_rate(items, unapplied)])
        ),
    )  # fmt: skip


def _settled_items(schedule: Schedule, allocation: Allocation, rates: Frame) -> Frame:
    settled = sum_by(allocation.applications, ["item_id"], settled_minor="amount_minor")
    items = left_join(schedule.items, settled, "item_id", {"settled_minor": 0})
    items = items.with_columns(open_minor=nw.col("amount_minor") - nw.col("settled_minor"))
    # A paid item is not in dispute.
    items = items.with_columns(is_disputed=nw.col("in_dispute") & (nw.col("open_minor") > 0))
    return with_base(items, rates, of="open_minor", name="open_base_minor").select(*_ITEM)


def _existing(documents: Documents, as_of: int) -> Frame:
    columns = [
        "row",
        "invoice_id",
        "kind",
        "customer_id",
        "currency",
        "invoice_day",
        "amount_minor",
        "order_id",
        "opening_settled_minor",
        "baseline_day",
        "payment_terms",
    ]
    return stack([documents.invoices, documents.credits], columns).filter(nw.col("invoice_day") <= as_of)


def _without_rate(items: Frame, unapplied: Frame) -> list[Frame]:
    """Open rows in a currency that has no rate on or before D: their base figure cannot be computed."""
    is_unknown = nw.col("open_base_minor") == NO_MINOR
    open_rows = items.filter(is_unknown, nw.col("open_minor") > 0).select("row", "invoice_id").unique(["invoice_id"])
    code, fields = text("no_exchange_rate"), {"no_exchange_rate": "currency"}
    left = unapplied.filter(nw.col("unapplied_base_minor") == NO_MINOR, nw.col("unapplied_minor") > 0)
    receipts, credits = (left.filter(nw.col("source") == source) for source in ("receipt", "credit_note"))
    return [
        findings(open_rows.with_columns(code=code), table="invoices", key="invoice_id", fields=fields),
        findings(receipts.with_columns(code=code), table="receipts", key="source_id", fields=fields),
        findings(credits.with_columns(code=code), table="invoices", key="source_id", fields=fields),
    ]


def _movements(documents: Documents, received: Frame, allocation: Allocation, as_of: int) -> Frame:
    """Every event of the accounts with its sign, without who paid what: the other way to the balance (RULES §6, §11).

    customer_id, currency, day (on which it takes effect), kind (of the document; opening_settled, receipt, reversal,
    refund, discount, write_off, recovery), reference_id (the document's, the receipt's, the write-off's; the invoice's for a
    discount and a recovery), amount_minor (what it adds to the balance).
    """
    invoices = documents.invoices.filter(nw.col("invoice_day") <= as_of)
    credits = documents.credits.filter(nw.col("invoice_day") <= as_of)
    accepted = allocation.requests.filter(nw.col("code") == "")
    # Of a discount counts what was taken: none where a write-off has left nothing open.
    discounted = allocation.applications.filter(nw.col("step") == "discount")
    recovered = allocation.applications.filter(nw.col("step") == "write_off_reversed")
    bounced = received.filter(has_day("reversed_day"), nw.col("reversed_day") <= as_of)
    opening = text("opening_settled")
    return stack(
        [
            _events(invoices, "invoice_day", nw.col("kind"), "invoice_id", nw.col("amount_minor")),
            _events(invoices, "invoice_day", opening, "invoice_id", -nw.col("opening_settled_minor")),
            _events(credits, "invoice_day", nw.col("kind"), "invoice_id", -nw.col("amount_minor")),
            _events(credits, "invoice_day", opening, "invoice_id", nw.col("opening_settled_minor")),
            _events(received, "receipt_day", text("receipt"), "receipt_id", -nw.col("amount_minor")),
            _events(bounced, "reversed_day", text("reversal"), "receipt_id", nw.col("amount_minor")),
            _requested(accepted, REFUND, "refund", nw.col("source_minor")),
            _events(discounted, "effective_day", text("discount"), "invoice_id", -nw.col("amount_minor")),
            _requested(accepted, WRITE_OFF, "write_off", -nw.col("asked_minor")),
            _events(recovered, "effective_day", text("recovery"), "invoice_id", -nw.col("amount_minor")),
        ],
        _MOVEMENT,
    )


def _requested(accepted: Frame, kind_order: int, kind: str, amount: nw.Expr) -> Frame:
    of_kind = accepted.filter(nw.col("kind_order") == kind_order)
    return _events(of_kind, "effective_day", text(kind), "request_id", amount)


def _events(frame: Frame, day: str, kind: nw.Expr, reference: str, amount: nw.Expr) -> Frame:
    events = frame.select(
        "customer_id",
        "currency",
        day=nw.col(day),
        kind=kind,
        reference_id=nw.col(reference),
        amount_minor=amount.cast(nw.Int64),
    )
    return events.filter(nw.col("amount_minor") != 0)
