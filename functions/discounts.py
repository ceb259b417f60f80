"""Discounts for early payment: what the terms offer, and what was taken though it was not earned (RULES §4)."""

from __future__ import annotations

import narwhals as nw

from functions.findings import findings, first_fault
from functions.frames import NO_DAY, Frame, integer, left_join, materialise, parameter, sum_by, times_ratio
from functions.ledger import Ledger, PaymentTerms, Policy, Position

_PPM_POWER = 6


def discount_day_of(baseline_day: int, terms: PaymentTerms) -> int:
    """The last day on which the terms offer their discount, as ``discounts_offered``; NO_DAY where they offer none."""
    return baseline_day + terms.discount_days if terms.discount_ppm else NO_DAY


def discounts_offered(documents: Frame, *, policy: Policy) -> Frame:
    """invoice_id, discount_day, offered_minor: paid by baseline + discount days, an invoice may be paid less so much.

    ``documents``: invoice_id, baseline_day, payment_terms, amount_minor. One row for every document whose terms are known;
    terms without a discount offer 0. The amount is rounded half away from zero, once.
    """
    terms = policy.payment_terms
    columns: dict[str, list[str] | list[int]] = {
        "payment_terms": [each.terms_id for each in terms],
        "discount_ppm": [each.discount_ppm for each in terms],
        "discount_days": [each.discount_days for each in terms],
    }
    kinds = {name: nw.String if name == "payment_terms" else nw.Int64 for name in columns}
    offered = documents.join(parameter(documents, columns, kinds), on="payment_terms", how="inner")
    offered = offered.with_columns(discount_day=nw.col("baseline_day") + nw.col("discount_days"), _power=integer(_PPM_POWER))
    offered = times_ratio(offered, "offered_minor", of="amount_minor", digits="discount_ppm", power="_power")
    return offered.select("invoice_id", "discount_day", "offered_minor")


def unearned_discounts(ledger: Ledger, position: Position, *, policy: Policy) -> Frame:
    """Findings on allocations whose discount came too late, or is more than the terms offer on the whole invoice.

    The discount counts all the same: staff agreed to it. An invoice without terms has whatever discount was agreed.
    """
    taken = materialise(position.applications.filter(nw.col("step") == "discount"))
    per_invoice = sum_by(taken, ["invoice_id"], taken_minor="amount_minor")
    paid = taken.group_by("receipt_id", "invoice_id").agg(paid_day=nw.col("paid_day").max())
    offered = discounts_offered(position.documents, policy=policy)
    judged = ledger.allocations.filter(nw.col("discount_minor") > 0)
    judged = left_join(judged, paid, ["receipt_id", "invoice_id"], {"paid_day": NO_DAY})
    judged = judged.join(per_invoice, on="invoice_id", how="inner").join(offered, on="invoice_id", how="inner")
    is_late = (nw.col("offered_minor") > 0) & (nw.col("paid_day") > nw.col("discount_day"))
    is_too_much = nw.col("taken_minor") > nw.col("offered_minor")
    judged = judged.with_columns(code=first_fault({"discount_too_late": is_late, "discount_over_terms": is_too_much}))
    fields = {"discount_too_late": "discount", "discount_over_terms": "discount"}
    return findings(judged, table="allocations", key="allocation_id", fields=fields)
