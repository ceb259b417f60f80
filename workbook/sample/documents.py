"""What the ordinary customers bought: invoices, credit and debit notes, disputes, orders."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from workbook.sample.customers import Trader
from workbook.sample.journal import Journal
from workbook.sample.office_days import office_day
from workbook.sample.records import Dispute, Invoice, Order

_CREDIT_SHARE = 0.04
_LINKED_SHARE = 0.7
_RETURN_DAYS = 40
_DEBIT_SHARE = 0.01
_DISPUTE_SHARE = 0.012
_OPENING_SHARE = 0.03
_OPENING_DAYS = 45
_REASONS = (
    "短少 short delivery",
    "价格不符 price differs from the order",
    "质量问题 quality claim",
    "票据未到 tax invoice not received",
)


def issue_documents(journal: Journal, rng: random.Random, traders: Sequence[Trader], count: int) -> dict[int, list[Invoice]]:
    """Issue ``count`` documents to the traders by weight; the result is each trader's payable ones by date, by its index.

    Draws: the orders, who buys each time, then the days, then each document's traits in order of date.
    """
    order_books = [_orders(journal, rng, trader) for trader in traders]
    buyers = rng.choices(range(len(traders)), [trader.weight for trader in traders], k=count)
    days = sorted(_day(journal, rng) for _ in range(count))
    rng.shuffle(buyers)
    payable: dict[int, list[Invoice]] = defaultdict(list)
    for buyer, day in zip(buyers, days, strict=True):
        earlier = payable[buyer]
        if earlier and rng.random() < _CREDIT_SHARE:
            _credit(journal, rng, earlier[-1], day)
        else:
            earlier.append(_charge(journal, rng, traders[buyer], day, order_books[buyer]))
    return payable


def _day(journal: Journal, rng: random.Random) -> dt.date:
    """An office day of the ledger's months; a third of the invoices go out in a month's last week, a few are older."""
    if rng.random() < _OPENING_SHARE:
        return office_day(journal.starts_on - dt.timedelta(days=rng.randint(1, _OPENING_DAYS)), not_after=journal.as_of)
    day = journal.ago(rng.randint(0, (journal.as_of - journal.starts_on).days))
    if rng.random() < 0.3:
        day = min(day.replace(day=rng.randint(22, 28)), journal.as_of)
    return office_day(day, not_after=journal.as_of)


@dataclass
class _Backlog:
    """An order and what of it is still to be delivered."""

    order: Order
    amount: int

    def takes(self, amount: int, day: dt.date) -> bool:
        is_open = self.order.closed_on is None or day <= self.order.closed_on
        return is_open and self.order.order_date <= day and amount <= self.amount


def _charge(journal: Journal, rng: random.Random, trader: Trader, day: dt.date, backlogs: Sequence[_Backlog]) -> Invoice:
    customer = trader.customer
    amount = journal.moneys.minor(trader.typical_yuan * rng.lognormvariate(0, 0.7), customer.currency)
    is_debit = rng.random() < _DEBIT_SHARE
    is_on_contract = trader.contract is not None and rng.random() < 0.8
    accepted = office_day(day + dt.timedelta(days=rng.randint(3, 12)), not_after=journal.as_of)
    backlog = next((each for each in backlogs if not is_debit and each.takes(amount, day)), None)
    if backlog:
        backlog.amount -= amount
    return journal.issue(
        customer,
        day,
        max(1, amount // 20) if is_debit else amount,
        kind="debit_note" if is_debit else "invoice",
        # Terms run from acceptance for some contracts, once the goods were accepted.
        baseline_date=accepted if is_on_contract and rng.random() < 0.15 and accepted > day else None,
        contract=trader.contract if is_on_contract else None,
        order=backlog.order if backlog else None,
        opening_settled=_opening(rng, amount) if day < journal.starts_on and not is_debit else 0,
        dispute=_dispute(journal, rng, day) if rng.random() < _DISPUTE_SHARE else None,
        purchase_order=f"PO{day:%y%m}{rng.randrange(10_000):04d}" if rng.random() < 0.6 else "",
        notes="运费补收 freight charged afterwards" if is_debit else "",
    )


def _opening(rng: random.Random, amount: int) -> int:
    """What was paid before the ledger began: something on a third of the invoices it took over."""
    return round(amount * rng.uniform(0.2, 0.7)) if rng.random() < 0.3 else 0


def _credit(journal: Journal, rng: random.Random, last: Invoice, day: dt.date) -> None:
    """A return on the latest invoice, or a rebate that names none."""
    share = rng.uniform(0.05, 0.3)
    is_recent = (day - last.invoice_date).days <= _RETURN_DAYS
    if rng.random() < _LINKED_SHARE and is_recent:
        amount = max(1, round((last.amount - last.opening_settled) * share))
        journal.issue(
            last.customer, day, min(amount, max(1, journal.owed(last))), kind="credit_note", currency=last.currency,
            related=last, notes="退货 goods returned",
        )  # fmt: skip
    else:
        journal.issue(
            last.customer, day, max(1, round(last.amount * share / 3)), kind="credit_note", currency=last.currency,
            notes="季度返利 quarterly rebate",
        )  # fmt: skip


def _dispute(journal: Journal, rng: random.Random, day: dt.date) -> Dispute:
    reason = rng.choice(_REASONS)
    began = day + dt.timedelta(days=rng.randint(3, 25))
    closed = began + dt.timedelta(days=rng.randint(10, 80))
    if began > journal.as_of:
        return Dispute(reason, None)
    return Dispute(reason, began, closed if closed <= journal.as_of else None)


def _orders(journal: Journal, rng: random.Random, trader: Trader) -> list[_Backlog]:
    """A third of the customers have an open order, a quarter an older one that was delivered and closed."""
    orders = []
    if rng.random() < 0.35:
        orders.append(_order(journal, rng, trader, rng.randint(2, 60)))
    if rng.random() < 0.25:
        days = rng.randint(120, 300)
        orders.append(_order(journal, rng, trader, days, closed_on=journal.ago(days - rng.randint(20, 60))))
    return [_Backlog(order, order.amount) for order in orders]


def _order(journal: Journal, rng: random.Random, trader: Trader, days: int, closed_on: dt.date | None = None) -> Order:
    currency = trader.customer.currency
    amount = journal.moneys.minor(trader.typical_yuan * rng.uniform(0.4, 1.4), currency)
    ordered_on = office_day(journal.ago(days), not_after=journal.as_of)
    order = Order(trader.customer, ordered_on, currency, max(1, journal.moneys.round_down(amount, currency, 100)), closed_on)
    journal.orders.append(order)
    return order
