"""Which invoices of contracts are due to be issued: dates by rule, amounts, and what keeps a contract from being billed."""

from __future__ import annotations

from dataclasses import dataclass, field

import narwhals as nw

from functions.dates import day_frame, month_frame
from functions.findings import findings, first_fault
from functions.frames import (
    NO_DAY,
    Frame,
    has_day,
    has_minor,
    integer,
    largest,
    left_join,
    materialise,
    parameter,
    running_total,
    smallest,
    stack,
    sum_by,
    text,
    times_ratio,
)
from functions.terms import WHOLE_PPM

MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
RULES = ("once", *MONTHS, "milestones")
"""How a contract may be billed."""

ROUNDED_OFF_PPM = 1_000
"""Milestones that miss 100 % by no more than a tenth of a percent are thirds typed as 33.3: the last one takes the rest."""

CONTRACT = {
    **dict.fromkeys(("contract_id", "customer_id", "currency", "payment_terms", "billing_rule"), nw.String),
    **dict.fromkeys(("row", "amount_minor", "billing_amount_minor", "signed_day", "next_bill_day", "ends_day"), nw.Int64),
}
MILESTONE = {"contract_id": nw.String, "bill_day": nw.Int64, "share_ppm": nw.Int64}
BILLED = {
    **dict.fromkeys(("contract_id", "currency"), nw.String),
    **dict.fromkeys(("bill_day", "invoice_day", "amount_minor"), nw.Int64),
}
"""The columns of what is asked for; ``share_ppm`` is in millionths, a credit note of ``BILLED`` is negative."""

BILL = ("contract_id", "customer_id", "currency", "bill_day", "amount_minor", "next_day")

_FIELDS = {
    "unknown_customer": "customer_id",
    "contract_without_terms": "payment_terms",
    "no_billing_amount": "billing_amount",
    "contract_past_end": "ends_on",
    "billed_over_amount": "amount",
    "milestones_not_whole": "billing_rule",
}


@dataclass(frozen=True)
class Bills:
    """bills: ``BILL`` rows that are due to be issued; next_day: the bill of its contract after this one (NO_DAY: none).

    issues: what keeps a contract from being billed, or deserves a look, as findings of contracts.
    """

    bills: Frame = field(repr=False)
    issues: Frame = field(repr=False)


def due_bills(contracts: Frame, milestones: Frame, billed: Frame, customers: Frame, *, as_of: int) -> Bills:
    """Every bill of every contract dated up to ``as_of`` that no invoice stands for yet.

    ``billed``: the invoices that name a contract, with the day of the bill that each stands for. ``customers``: customer_id
    and has_terms (whether an invoice without terms of its own would get any).

    Monthly, quarterly, yearly: on ``next_bill_day`` and every so many months later, on the same day, clipped to the month's
    end; a contract that was ever billed on the 31st goes back to the 31st after February. Once: on ``next_bill_day``, else
    the day it was signed. Milestones: on their days, each the rounded running share of the contract's amount less the one
    before (RULES §2), the last of percents that were rounded off all that is left; a share that comes to nothing is no bill,
    and the next one has it. Left out, with an issue: a bill after the contract's end, without an amount, without terms, or
    that would bill the contract above its amount.
    """
    contracts = materialise(_known(contracts, customers))
    billed = materialise(billed)
    planned, not_whole = _of_milestones(contracts, milestones)
    due = stack([_recurring(contracts, billed, as_of=as_of), _once(contracts), planned], _DUE)
    due = due.filter(nw.col("bill_day") <= as_of)
    stands = billed.filter(nw.col("amount_minor") > 0).select("contract_id", "bill_day").unique(["contract_id", "bill_day"])
    due = left_join(due, stands.with_columns(is_billed=nw.lit(True)), ["contract_id", "bill_day"], {"is_billed": False})
    due = due.filter(~nw.col("is_billed")).drop("is_billed")
    due = due.with_columns(
        code=first_fault(
            {
                "unknown_customer": ~nw.col("is_customer"),
                "contract_without_terms": ~nw.col("has_terms"),
                "no_billing_amount": ~has_minor("bill_minor") | (nw.col("bill_minor") <= 0),
                "contract_past_end": has_day("ends_day") & (nw.col("bill_day") > nw.col("ends_day")),
            }
        )
    )
    due = materialise(_within_amount(due, contracts, billed, as_of=as_of))
    over = _over_amount(contracts, billed, as_of=as_of)
    faulty = stack([due.filter(nw.col("code") != ""), over, not_whole], ["row", "contract_id", "code"])
    faulty = faulty.unique(["row", "contract_id", "code"])
    return Bills(
        bills=due.filter(nw.col("code") == "").with_columns(amount_minor=nw.col("bill_minor")).select(*BILL),
        issues=findings(faulty, table="contracts", key="contract_id", fields=_FIELDS),
    )


_DUE = (*CONTRACT, "is_customer", "has_terms", "bill_day", "bill_minor", "next_day")


def _known(contracts: Frame, customers: Frame) -> Frame:
    known = customers.select("customer_id", "has_terms", is_customer=nw.lit(True))
    contracts = left_join(contracts, known, "customer_id", {"is_customer": False, "has_terms": False})
    return contracts.with_columns(has_terms=nw.col("has_terms") | (nw.col("payment_terms") != ""))


def _recurring(contracts: Frame, billed: Frame, *, as_of: int) -> Frame:
    steps = parameter(
        contracts,
        {"billing_rule": list(MONTHS), "step": list(MONTHS.values())},
        {"billing_rule": nw.String, "step": nw.Int64},
    )
    running = contracts.join(steps, on="billing_rule", how="inner")
    running = running.filter(has_day("next_bill_day"), nw.col("next_bill_day") <= as_of)
    days = day_frame(contracts)
    months = month_frame(contracts)
    running = running.join(days.rename({"day": "next_bill_day", "month": "from_month"}), on="next_bill_day", how="inner")
    ends = months.select(from_month="month", from_last_day="month_last_day")
    running = running.join(ends, on="from_month", how="inner")
    # A next bill at a month's end may have been clipped: the day it was meant for is the latest it was ever billed on.
    ever = billed.join(days.select("day_of_month", bill_day="day"), on="bill_day", how="inner")
    ever = ever.group_by("contract_id").agg(ever_day=nw.col("day_of_month").max())
    running = left_join(running, ever, "contract_id", {"ever_day": 0})
    is_end = nw.col("next_bill_day") == nw.col("from_last_day")
    wanted = nw.when(is_end).then(largest("day_of_month", "ever_day")).otherwise(nw.col("day_of_month"))
    running = running.with_columns(wanted_day=wanted)
    past = months.filter(nw.col("month_first_day") <= as_of)
    running = running.join(past, how="cross").filter(nw.col("month") >= nw.col("from_month"))
    elapsed = nw.col("month") - nw.col("from_month")
    running = running.filter(elapsed - (elapsed // nw.col("step")) * nw.col("step") == 0)
    after = months.select(after_month="month", after_first="month_first_day", after_last="month_last_day")
    running = running.with_columns(after_month=nw.col("month") + nw.col("step"))
    running = running.join(after, on="after_month", how="inner")
    running = running.with_columns(
        bill_day=smallest(nw.col("month_first_day") + nw.col("wanted_day") - 1, nw.col("month_last_day")),
        next_day=smallest(nw.col("after_first") + nw.col("wanted_day") - 1, nw.col("after_last")),
        bill_minor=nw.col("billing_amount_minor"),
    )
    is_last = has_day("ends_day") & (nw.col("next_day") > nw.col("ends_day"))
    running = running.with_columns(next_day=nw.when(is_last).then(integer(NO_DAY)).otherwise(nw.col("next_day")))
    return running.select(*_DUE)


def _once(contracts: Frame) -> Frame:
    once = contracts.filter(nw.col("billing_rule") == "once")
    return once.with_columns(
        bill_day=nw.when(has_day("next_bill_day")).then(nw.col("next_bill_day")).otherwise(nw.col("signed_day")),
        bill_minor=nw.when(has_minor("billing_amount_minor"))
        .then(nw.col("billing_amount_minor"))
        .otherwise(nw.col("amount_minor")),
        next_day=integer(NO_DAY),
    ).select(*_DUE)


def _of_milestones(contracts: Frame, milestones: Frame) -> tuple[Frame, Frame]:
    """The bills of every milestone, and the contracts whose milestones are not the whole."""
    planned = contracts.filter(nw.col("billing_rule") == "milestones")
    totals = sum_by(milestones, ["contract_id"], total_ppm="share_ppm")
    last = milestones.group_by("contract_id").agg(last_day=nw.col("bill_day").max())
    judged = left_join(planned, totals, "contract_id", {"total_ppm": 0})
    is_whole = (nw.col("total_ppm") - WHOLE_PPM).abs() <= ROUNDED_OFF_PPM
    not_whole = judged.filter(~is_whole).select("row", "contract_id", code=text("milestones_not_whole"))
    parts = milestones.join(planned, on="contract_id", how="inner")
    parts = running_total(parts, "to_ppm", of="share_ppm", within=["contract_id"], order=["bill_day"])
    parts = left_join(parts, totals, "contract_id", {"total_ppm": 0})
    parts = left_join(parts, last, "contract_id", {"last_day": NO_DAY})
    whole = nw.when(has_minor("amount_minor")).then(nw.col("amount_minor")).otherwise(integer(0))
    parts = parts.with_columns(from_ppm=nw.col("to_ppm") - nw.col("share_ppm"), _power=integer(6), _whole=whole)
    takes_rest = is_whole & (nw.col("bill_day") == nw.col("last_day"))
    parts = parts.with_columns(to_ppm=nw.when(takes_rest).then(integer(WHOLE_PPM)).otherwise(nw.col("to_ppm")))
    parts = times_ratio(parts, "_from", of="_whole", digits="from_ppm", power="_power")
    parts = times_ratio(parts, "_to", of="_whole", digits="to_ppm", power="_power")
    parts = parts.with_columns(bill_minor=nw.col("_to") - nw.col("_from"), next_day=integer(NO_DAY))
    is_nothing = (nw.col("_whole") > 0) & (nw.col("bill_minor") == 0)
    return parts.filter(~is_nothing).select(*_DUE), not_whole


def _billed_before(contracts: Frame, billed: Frame, *, as_of: int) -> Frame:
    """contract_id, before_minor: what was invoiced on each contract by then, in its own currency, less credit notes."""
    own = billed.filter(nw.col("invoice_day") <= as_of).join(
        contracts.select("contract_id", "currency"), on=["contract_id", "currency"], how="inner"
    )
    return sum_by(own, ["contract_id"], before_minor="amount_minor")


def _within_amount(due: Frame, contracts: Frame, billed: Frame, *, as_of: int) -> Frame:
    due = left_join(due, _billed_before(contracts, billed, as_of=as_of), "contract_id", {"before_minor": 0})
    counted = nw.when(nw.col("code") == "").then(nw.col("bill_minor")).otherwise(integer(0))
    due = running_total(
        due.with_columns(_counted=counted), "_sum", of="_counted", within=["contract_id"], order=["bill_day"]
    )
    is_over = has_minor("amount_minor") & (nw.col("before_minor") + nw.col("_sum") > nw.col("amount_minor"))
    code = nw.when((nw.col("code") == "") & is_over).then(text("billed_over_amount")).otherwise(nw.col("code"))
    return due.with_columns(code=code).select(*_DUE, "code")


def _over_amount(contracts: Frame, billed: Frame, *, as_of: int) -> Frame:
    judged = left_join(contracts, _billed_before(contracts, billed, as_of=as_of), "contract_id", {"before_minor": 0})
    judged = judged.filter(has_minor("amount_minor"), nw.col("before_minor") > nw.col("amount_minor"))
    return judged.select("row", "contract_id", code=text("billed_over_amount"))
