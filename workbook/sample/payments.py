"""How the ordinary customers pay: each habit is a way to settle a customer's invoices, in order of date."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import defaultdict
from collections.abc import Callable, Sequence

from workbook.sample.customers import Trader
from workbook.sample.journal import Journal
from workbook.sample.office_days import month_starts, office_day
from workbook.sample.records import Invoice, Receipt

_METHODS = {"bank_transfer": 84, "cheque": 5, "bank_bill": 6, "commercial_bill": 2, "netting": 1, "card": 1, "cash": 1}
_BOUNCE_SHARE = 0.05
_SHORT_SHARE = 0.02
_BANK_CHARGE_SHARE = 0.2
_OVERPAID_SHARE = 0.01
_STOPPED_DAYS = (120, 380)
_BILL_DAYS = (90, 120, 180)


def pay_invoices(journal: Journal, rng: random.Random, trader: Trader, invoices: Sequence[Invoice]) -> None:
    """Record what this trader paid for these invoices by the as-of date. Draws follow the habit, invoice by invoice."""
    # What is disputed today has not been paid; with a closed dispute it was paid like any other.
    payable = [each for each in invoices if each.dispute is None or each.dispute.closed_on]
    _SETTLE[trader.habit](journal, rng, trader, payable)


def _late_by(low: float, high: float) -> Callable[[random.Random], int]:
    """Draws the days from the due date to the payment: log-evenly from ``low`` to ``high``."""
    return lambda rng: round(math.exp(rng.uniform(math.log(low), math.log(high))))


def _on_time(rng: random.Random) -> int:
    return max(-8, min(5, round(rng.gauss(-1.5, 3))))


def _each(days_late: Callable[[random.Random], int]) -> Settle:
    def settle(journal: Journal, rng: random.Random, trader: Trader, invoices: Sequence[Invoice]) -> None:
        for invoice in invoices:
            due = invoice.parts[-1].due_date
            _pay(journal, rng, trader, invoice, due + dt.timedelta(days=days_late(rng)))

    return settle


def _stopped(journal: Journal, rng: random.Random, trader: Trader, invoices: Sequence[Invoice]) -> None:
    """Paid late, then not at all; what is older than ten months has partly been written off."""
    until = journal.ago(rng.randint(*_STOPPED_DAYS))
    for invoice in invoices:
        day = invoice.parts[-1].due_date + dt.timedelta(days=rng.randint(10, 40))
        if day < until:
            _pay(journal, rng, trader, invoice, day)
        elif invoice.invoice_date < journal.ago(300) and rng.random() < 0.5:
            journal.write_off(invoice, journal.ago(rng.randint(5, 60)), journal.owed(invoice), "bad_debt")


def _in_parts(journal: Journal, rng: random.Random, trader: Trader, invoices: Sequence[Invoice]) -> None:
    """About half when it is due, the rest six weeks later."""
    for invoice in invoices:
        due = invoice.parts[-1].due_date
        half = round(journal.owed(invoice) * rng.uniform(0.4, 0.7))
        first = journal.moneys.round_down(half, invoice.currency, 1_000) or half
        _pay(journal, rng, trader, invoice, due + dt.timedelta(days=rng.randint(0, 12)), amount=first)
        _pay(journal, rng, trader, invoice, due + dt.timedelta(days=rng.randint(35, 60)))


def _for_discount(journal: Journal, rng: random.Random, trader: Trader, invoices: Sequence[Invoice]) -> None:
    """Within the discount days, less the discount; now and then too late, and in full."""
    for invoice in invoices:
        terms = journal.terms[trader.customer.terms]
        # The contract may have terms of its own, without discount.
        start = invoice.baseline_date or invoice.invoice_date
        is_early = terms.discount_days > 0 and rng.random() < 0.85
        days = rng.randint(2, terms.discount_days) if is_early else rng.randint(25, 40)
        day = office_day(max(start + dt.timedelta(days=days), journal.starts_on))
        owed = journal.owed(invoice)
        discount = round(owed * terms.discount_ppm / 1_000_000) if is_early else 0
        if day <= journal.as_of and owed > discount:
            journal.receive(
                trader.customer, day, owed - discount, pays={invoice: owed - discount}, discounts={invoice: discount},
                currency=invoice.currency,
            )  # fmt: skip


def _once_a_month(journal: Journal, rng: random.Random, trader: Trader, invoices: Sequence[Invoice]) -> None:
    """On one day of the month after, everything that fell due by the end of a month, in one transfer."""
    pay_day = rng.randint(10, 25)
    due: dict[dt.date, list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        due[invoice.parts[-1].due_date.replace(day=1)].append(invoice)
    for month in sorted(due):
        day = _pay_day(journal, (month + dt.timedelta(days=31)).replace(day=pay_day))
        owed = {invoice: journal.owed(invoice) for invoice in due[month] if journal.owed(invoice) > 0}
        if owed and day <= journal.as_of:
            _send(journal, trader, day, owed, sum(owed.values()))


def _in_lumps(journal: Journal, rng: random.Random, trader: Trader, invoices: Sequence[Invoice]) -> None:
    """Every month a round sum against whatever is due, oldest first; never more than that."""
    waiting = sorted(invoices, key=lambda each: (each.parts[-1].due_date, each.invoice_date))
    first = 0
    for month in month_starts(journal.starts_on, journal.as_of):
        day = office_day(month.replace(day=rng.randint(18, 28)), not_after=journal.as_of)
        if day > journal.as_of or day.month != month.month or rng.random() < 0.1:
            continue
        due: dict[Invoice, int] = {}
        while first < len(waiting) and journal.owed(waiting[first]) <= 0:
            first += 1
        for invoice in waiting[first:]:
            if invoice.parts[-1].due_date > day:
                break
            due[invoice] = journal.owed(invoice)
        total = sum(due.values())
        share = rng.uniform(0.6, 1.0)
        lump = journal.moneys.round_down(round(total * share), trader.customer.currency, 10_000) or total
        if lump > 0:
            _send(journal, trader, day, _oldest_first(due, lump), lump)


def _oldest_first(due: dict[Invoice, int], amount: int) -> dict[Invoice, int]:
    paid = {}
    for invoice, owed in due.items():
        part = min(owed, amount)
        amount -= part
        if part > 0:
            paid[invoice] = part
    return paid


def _pay(
    journal: Journal, rng: random.Random, trader: Trader, invoice: Invoice, day: dt.date, *, amount: int | None = None
) -> None:
    """One payment of one invoice, if its day has come: with the odd short or excess sum, bill, or cheque that bounces."""
    day = _pay_day(journal, max(day, invoice.invoice_date))
    owed = journal.owed(invoice)
    paying = owed if amount is None else min(amount, owed)
    if day > journal.as_of or paying <= 0:
        return
    is_abroad = invoice.currency != journal.moneys.base
    method = "bank_transfer" if is_abroad else rng.choices(list(_METHODS), list(_METHODS.values()))[0]
    matures_on = day + dt.timedelta(days=rng.choice(_BILL_DAYS)) if method.endswith("_bill") else None
    short = _shortfall(journal, rng, invoice, paying, is_abroad=is_abroad) if amount is None else 0
    is_over = not short and rng.random() < _OVERPAID_SHARE
    # Who pays a part never pays too much of it.
    excess = paying // 50 if is_over and amount is None else 0
    receipt = _send(
        journal, trader, day, {invoice: paying - short}, paying - short + excess, method=method, matures_on=matures_on
    )
    if short:
        _give_up(journal, invoice, day + dt.timedelta(days=18), short, "bank_charge" if is_abroad else "small_difference")
    if excess and rng.random() < 0.5:
        _pay_back(journal, receipt, day + dt.timedelta(days=30), excess)
    if method == "cheque" and not excess and rng.random() < _BOUNCE_SHARE:
        _bounce(journal, rng, trader, invoice, receipt)


def _pay_day(journal: Journal, day: dt.date) -> dt.date:
    """An office day on or soon after; what was open when the ledger began was paid after that."""
    day = max(day, journal.starts_on + dt.timedelta(days=day.day))
    return office_day(day)


def _shortfall(journal: Journal, rng: random.Random, invoice: Invoice, paying: int, *, is_abroad: bool) -> int:
    if is_abroad and rng.random() < _BANK_CHARGE_SHARE:
        short = journal.moneys.minor(rng.choice((108, 144, 180, 252)), invoice.currency)
    elif not is_abroad and rng.random() < _SHORT_SHARE:
        short = journal.moneys.minor(rng.uniform(0.01, 9.99), invoice.currency)
    else:
        return 0
    return short if short * 10 < paying else 0


def _give_up(journal: Journal, invoice: Invoice, day: dt.date, amount: int, reason: str) -> None:
    if day <= journal.as_of:
        journal.write_off(invoice, day, amount, reason)


def _pay_back(journal: Journal, receipt: Receipt, day: dt.date, amount: int) -> None:
    if day <= journal.as_of:
        journal.refund(receipt, day, amount, "多付退回 overpayment paid back")


def _bounce(journal: Journal, rng: random.Random, trader: Trader, invoice: Invoice, receipt: Receipt) -> None:
    """The bank returns the cheque; a transfer follows."""
    assert receipt.receipt_date is not None
    back_on = receipt.receipt_date + dt.timedelta(days=rng.randint(3, 6))
    if back_on > journal.as_of:
        return
    journal.bounce(receipt, back_on, "退票 cheque returned unpaid")
    again_on = back_on + dt.timedelta(days=rng.randint(5, 20))
    if again_on <= journal.as_of and (owed := journal.owed(invoice)) > 0:
        _send(journal, trader, again_on, {invoice: owed}, owed)


def _send(
    journal: Journal,
    trader: Trader,
    day: dt.date,
    parts: dict[Invoice, int],
    amount: int,
    *,
    method: str = "bank_transfer",
    matures_on: dt.date | None = None,
) -> Receipt:
    currency = next(iter(parts)).currency
    if trader.names_invoices:
        return journal.receive(
            trader.customer, day, amount, pays=parts, currency=currency, method=method, matures_on=matures_on
        )
    return journal.receive(
        trader.customer, day, amount, means=parts, currency=currency, method=method, matures_on=matures_on
    )


Settle = Callable[[Journal, random.Random, Trader, Sequence[Invoice]], None]
_SETTLE: dict[str, Settle] = {
    "on_time": _each(_on_time),
    "a_little_late": _each(_late_by(3, 25)),
    "late": _each(_late_by(15, 60)),
    "slow": _each(_late_by(40, 110)),
    "in_parts": _in_parts,
    "in_lumps": _in_lumps,
    "once_a_month": _once_a_month,
    "for_discount": _for_discount,
    "stopped": _stopped,
}
