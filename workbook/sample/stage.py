"""Where the planted stories play: customers of their own, amounts in yuan, days counted back from the as-of date."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from functions.ledger import ReminderLevel
from workbook.sample.customers import COLLECTOR_ABROAD, COLLECTORS
from workbook.sample.journal import Journal
from workbook.sample.names import Company
from workbook.sample.office_days import office_day
from workbook.sample.records import CreditLine, Customer, Invoice, Receipt


@dataclass
class Stage:
    """Opens accounts and writes documents for the stories. ``regulars`` are the customers and since when they play."""

    journal: Journal
    ladder: Sequence[ReminderLevel]
    at_home: Iterator[Company]
    abroad: Iterator[Company]
    regulars: dict[Customer, int] = field(default_factory=dict)

    def customer(
        self,
        *,
        limit: float | None = 1_000_000,
        guarantee: float | None = None,
        expired_days_ago: int | None = None,
        is_on_hold: bool = False,
        head: Customer | None = None,
        is_abroad: bool = False,
        plays_since: int = 140,
        **traits: Any,
    ) -> Customer:
        """A new customer on net 30, in good order unless the traits say otherwise. Before it plays, it paid on time."""
        moneys = self.journal.moneys
        customer = Customer(
            **{
                "company": next(self.abroad if is_abroad else self.at_home),
                "currency": moneys.abroad[0] if is_abroad else moneys.base,
                "terms": "NET30",
                "collector": COLLECTOR_ABROAD if is_abroad else COLLECTORS[len(self.regulars) % len(COLLECTORS)],
                "language": "en" if is_abroad else "zh-CN",
                "verified_on": self.journal.ago(30 + 9 * len(self.regulars)),
                **traits,
            }
        )
        line = CreditLine(
            limit=self._limit(limit, customer.currency),
            expires_on=None if expired_days_ago is None else self.journal.ago(expired_days_ago),
            guarantee=self._limit(guarantee, customer.currency),
            is_on_hold=is_on_hold,
            head=head,
        )
        self.regulars[customer] = plays_since
        return self.journal.open_account(customer, line)

    def _limit(self, yuan: float | None, currency: str) -> int | None:
        """To two significant digits, as limits are granted."""
        if not yuan:
            return None if yuan is None else 0
        minor = self.journal.moneys.minor(yuan, currency)
        return round(minor, 2 - len(str(minor)))

    def yuan(self, yuan: float, customer: Customer) -> int:
        """Minor units of the customer's currency worth so many yuan."""
        return self.journal.moneys.minor(yuan, customer.currency)

    def invoice(self, customer: Customer, yuan: float, *, overdue: int, **details: Any) -> Invoice:
        """An invoice on net 30 that fell due so many days ago; negative: falls due in so many days."""
        return self.journal.issue(customer, self.journal.ago(30 + overdue), self.yuan(yuan, customer), **details)

    @property
    def dunning(self) -> list[ReminderLevel]:
        """The ladder without its notices, from the lowest level up."""
        return sorted((level for level in self.ladder if not level.is_notice), key=lambda level: level.level)

    def remind(self, invoice: Invoice, *overdue: int) -> None:
        """Log reminders, each sent when the invoice was so many days overdue: one level after the other."""
        for level, days in zip(self.dunning, overdue, strict=False):
            self.journal.remind(invoice, invoice.parts[0].due_date + dt.timedelta(days=days), level.level)

    def remind_at_every_level(self, invoice: Invoice) -> None:
        """Log the whole ladder, each level a day after it came."""
        self.remind(invoice, *(level.days + 1 for level in self.dunning))

    def pay(self, days_ago: int, *invoices: Invoice, method: str = "bank_transfer") -> Receipt:
        """One receipt for all that is owed on these invoices."""
        return self.journal.pay_off(self.journal.ago(days_ago), *invoices, method=method)

    def pay_part(self, days_ago: int, invoice: Invoice, amount: int, **details: Any) -> Receipt:
        """A receipt for a part of an invoice."""
        day = self.journal.ago(days_ago)
        return self.journal.receive(
            invoice.customer, day, amount, pays={invoice: amount}, currency=invoice.currency, **details
        )


def earlier_trade(stage: Stage, rng: random.Random, count: int) -> None:
    """What the planted customers bought and paid before their stories: ``count`` invoices, all settled on time.

    Draws: who, how long before, how much, and how many days before the due date it was paid.
    """
    journal = stage.journal
    customers = list(stage.regulars)
    for _ in range(count):
        customer = rng.choice(customers)
        earliest = (journal.as_of - journal.starts_on).days
        days = rng.randint(min(stage.regulars[customer], earliest - 50), earliest)
        invoice_date = office_day(journal.ago(days), not_after=journal.as_of)
        amount = journal.moneys.minor(rng.lognormvariate(10.6, 0.5), customer.currency)
        invoice = journal.issue(customer, invoice_date, amount)
        paid_on = invoice.parts[-1].due_date - dt.timedelta(days=rng.randint(0, 6))
        journal.pay_off(office_day(paid_on, not_after=journal.as_of), invoice)
