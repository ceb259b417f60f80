"""Invoices, notes and receipts as the rules see them: kinds settled, signs settled, unusable rows set apart (RULES §3)."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from functions.dates import FIRST_DAY, LAST_DAY
from functions.findings import all_findings, findings, first_fault
from functions.frames import (
    NO_DAY,
    Frame,
    has_day,
    integer,
    largest,
    left_join,
    materialise,
    stack,
    text,
)
from functions.ledger import Ledger, Policy
from functions.terms import known_terms


@dataclass(frozen=True)
class Documents:
    """The usable documents of every date, and what is wrong with the others as of D.

    invoices: what is owed (row, invoice_id, customer_id, kind, order_id, invoice_day, baseline_day, payment_terms (those in
    effect), due_day (typed, else blank), currency, amount_minor, opening_settled_minor, is_disputed, disputed_day,
    dispute_closed_day). credits: credit notes, amount_minor positive, with related_invoice_id. receipts and refunds: the
    columns of the table; receipts also reversed_day (blank: not). A reversal has done its work here.
    """

    invoices: Frame
    credits: Frame
    receipts: Frame
    refunds: Frame
    issues: Frame


def resolve_documents(ledger: Ledger, *, policy: Policy, as_of: int) -> Documents:
    """Documents of all dates (ids are resolved against all), with issues for those dated up to ``as_of`` only."""
    invoices = materialise(_judged_invoices(ledger, policy))
    usable = invoices.filter(nw.col("code") == "").drop("code")
    receipts = materialise(_judged_receipts(ledger))
    found_receipts = receipts.filter(nw.col("receipt_day") <= as_of)
    receipts = receipts.filter(nw.col("code") == "").drop("code")
    received = receipts.filter(nw.col("kind") == "receipt")
    reversals = materialise(_judged_reversals(receipts.filter(nw.col("kind") == "reversal"), received))
    first = reversals.filter(nw.col("code") == "").select(receipt_id="related_id", reversed_day="effective_day")
    return Documents(
        invoices=usable.filter(nw.col("kind") != "credit_note"),
        credits=usable.filter(nw.col("kind") == "credit_note"),
        receipts=materialise(left_join(received, first, "receipt_id", {"reversed_day": NO_DAY})),
        refunds=receipts.filter(nw.col("kind") == "refund"),
        issues=all_findings(
            [
                findings(
                    invoices.filter(nw.col("invoice_day") <= as_of), table="invoices", key="invoice_id", fields=_FIELDS
                ),
                findings(found_receipts, table="receipts", key="receipt_id", fields=_FIELDS),
                findings(
                    reversals.filter(nw.col("effective_day") <= as_of), table="receipts", key="receipt_id", fields=_FIELDS
                ),
            ]
        ),
    )


_FIELDS = {
    "unknown_customer": "customer_id",
    "negative_amount": "amount",
    "opening_settled_over_amount": "opening_settled",
    "date_out_of_range": "invoice_date",
    "no_due_date": "due_date",
    "unknown_payment_terms": "payment_terms",
    "reversal_of_unknown": "related_id",
    "other_customer": "related_id",
    "other_currency": "related_id",
    "reversal_not_whole": "amount",
    "reversed_twice": "related_id",
}


def _judged_invoices(ledger: Ledger, policy: Policy) -> Frame:
    customers = ledger.customers.select("customer_id", is_customer=nw.lit(True), customer_terms="payment_terms")
    invoices = left_join(ledger.invoices, customers, "customer_id", {"is_customer": False, "customer_terms": ""})
    contracts = ledger.contracts.select("contract_id", contract_terms="payment_terms")
    invoices = left_join(invoices, contracts, "contract_id", {"contract_terms": ""})
    invoices = invoices.with_columns(
        kind=nw.when(nw.col("kind") != "")
        .then(nw.col("kind"))
        .otherwise(nw.when(nw.col("amount_minor") < 0).then(text("credit_note")).otherwise(text("invoice"))),
        baseline_day=nw.when(has_day("baseline_day")).then(nw.col("baseline_day")).otherwise(nw.col("invoice_day")),
        payment_terms=_first_filled("payment_terms", "contract_terms", "customer_terms"),
    )
    is_credit = nw.col("kind") == "credit_note"
    invoices = invoices.with_columns(
        is_negative=~is_credit & (nw.col("amount_minor") < 0),
        # Staff may type a credit note's amount with either sign.
        amount_minor=nw.when(is_credit).then(nw.col("amount_minor").abs()).otherwise(nw.col("amount_minor")),
    )
    invoices = left_join(invoices, known_terms(invoices, policy.payment_terms), "payment_terms", {"is_known": False})
    needs_terms = ~is_credit & ~has_day("due_day")
    invoices = invoices.with_columns(
        code=first_fault(
            {
                "unknown_customer": ~nw.col("is_customer"),
                "negative_amount": nw.col("is_negative"),
                "opening_settled_over_amount": (nw.col("opening_settled_minor") < 0)
                | (nw.col("opening_settled_minor") > nw.col("amount_minor")),
                "date_out_of_range": needs_terms & ~nw.col("baseline_day").is_between(FIRST_DAY, LAST_DAY),
                "no_due_date": needs_terms & (nw.col("payment_terms") == ""),
                "unknown_payment_terms": needs_terms & ~nw.col("is_known"),
            }
        )
    )
    return invoices.drop(
        "is_customer", "customer_terms", "contract_terms", "is_known", "is_negative", "contract_id", "entered_day"
    )


def _first_filled(*columns: str) -> nw.Expr:
    chosen: nw.Expr = text("")
    for column in reversed(columns):
        chosen = nw.when(nw.col(column) != "").then(nw.col(column)).otherwise(chosen)
    return chosen


def _judged_receipts(ledger: Ledger) -> Frame:
    customers = ledger.customers.select("customer_id", is_customer=nw.lit(True))
    receipts = left_join(ledger.receipts, customers, "customer_id", {"is_customer": False})
    kind = nw.when(nw.col("kind") == "").then(text("receipt")).otherwise(nw.col("kind"))
    receipts = receipts.with_columns(kind=kind, code=first_fault({"unknown_customer": ~nw.col("is_customer")}))
    return receipts.drop("is_customer", "entered_day")


def _judged_reversals(reversals: Frame, received: Frame) -> Frame:
    """A reversal is whole, once, of a receipt only; the first that is valid counts."""
    named = received.select(
        related_id="receipt_id", named="receipt_id", named_customer="customer_id", named_currency="currency",
        named_minor="amount_minor", named_day="receipt_day",
    )  # fmt: skip
    fill = {"named": "", "named_customer": "", "named_currency": "", "named_minor": 0, "named_day": NO_DAY}
    reversals = left_join(reversals, named, "related_id", fill)
    reversals = reversals.with_columns(
        effective_day=largest("receipt_day", "named_day"),
        code=first_fault(
            {
                "reversal_of_unknown": nw.col("named") == "",
                "other_customer": nw.col("customer_id") != nw.col("named_customer"),
                "other_currency": nw.col("currency") != nw.col("named_currency"),
                "reversal_not_whole": nw.col("amount_minor") != nw.col("named_minor"),
            }
        ),
    )
    valid = reversals.filter(nw.col("code") == "").with_columns(_one=integer(1))
    times = nw.col("_one").cum_sum().over("related_id", order_by=["effective_day", "receipt_id"])
    valid = valid.with_columns(_times=times.cast(nw.Int64))
    valid = valid.with_columns(code=nw.when(nw.col("_times") > 1).then(text("reversed_twice")).otherwise(text("")))
    return stack(
        [reversals.filter(nw.col("code") != ""), valid], ["row", "receipt_id", "related_id", "effective_day", "code"]
    )
