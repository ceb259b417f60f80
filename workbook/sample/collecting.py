"""What the credit controllers did about the ordinary customers: weekly reminder runs, calls, promises."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from functions.ledger import ReminderLevel
from workbook.sample.customers import Trader
from workbook.sample.journal import Journal
from workbook.sample.records import Activity, Invoice

RUN_WEEKS = 17
"""Reminders have been sent from the workbook for so long, on Mondays, the last time in the week before the as-of date."""

_SENT_SHARE = 0.93
_CALL_SHARE = 0.35
_CALL_DAYS = 10
_OUTCOMES = ("reached", "no_answer", "promised", "other", "refused")
_OUTCOME_WEIGHTS = (40, 25, 25, 6, 4)
_NOTES = {
    "reached": "会计已收到发票，正在走付款流程 invoice received, in the approval run",
    "no_answer": "",
    "promised": "承诺付款 promised to pay",
    "other": "联系人出差，下周再联系 contact travelling, call again next week",
    "refused": "称资金紧张，暂不付款 short of funds, will not pay now",
}


def reminder_runs(as_of: dt.date) -> list[dt.date]:
    """The Mondays on which reminders were sent, oldest first."""
    last = as_of - dt.timedelta(days=1 + (as_of - dt.timedelta(days=1)).weekday())
    return [last - dt.timedelta(weeks=weeks) for weeks in range(RUN_WEEKS - 1, -1, -1)]


def collect(
    journal: Journal,
    rng: random.Random,
    trader: Trader,
    invoices: Sequence[Invoice],
    *,
    ladder: Sequence[ReminderLevel],
    runs: Sequence[dt.date],
) -> None:
    """Remind the trader of its invoices by the ladder, and call where that does not help.

    Draws: one a message (a few were forgotten), then the calls', by run.
    """
    if trader.customer.do_not_remind or not trader.customer.has_email:
        return
    chase = _Chase(journal, ladder)
    live = [each for each in invoices if _last_payment(journal, each) > runs[0] or journal.owed(each) > 0]
    for run in runs:
        for is_notice in (True, False):
            lines = chase.lines(live, run, is_notice=is_notice)
            if lines and rng.random() < _SENT_SHARE:
                chase.send(lines, run, is_notice=is_notice)
    for invoice in live:
        called_on = invoice.parts[-1].due_date + dt.timedelta(days=_CALL_DAYS)
        if called_on <= journal.as_of and _owed_on(journal, invoice, called_on) > 0 and rng.random() < _CALL_SHARE:
            _call(journal, rng, invoice, called_on)


class _Chase:
    """One customer's way up the ladder."""

    def __init__(self, journal: Journal, ladder: Sequence[ReminderLevel]) -> None:
        self.journal = journal
        ordered = [level for level in sorted(ladder, key=lambda level: level.level) if level.basis == "due_date"]
        self.notices = [level for level in ordered if level.is_notice]
        self.dunning = [level for level in ordered if not level.is_notice]
        self.reached: dict[Invoice, int] = {}
        self.last_dunned: dt.date | None = None

    def lines(self, invoices: Sequence[Invoice], run: dt.date, *, is_notice: bool) -> list[tuple[Invoice, ReminderLevel]]:
        """What a run on this day would remind of, each at its level; nothing if it is too soon for the customer."""
        lines = []
        for invoice in invoices:
            overdue = (run - invoice.parts[-1].due_date).days
            if (overdue <= 0) != is_notice or invoice.invoice_date > run or invoice.dispute:
                continue
            level = self._level(invoice, overdue, is_notice=is_notice)
            if level and _owed_on(self.journal, invoice, run) > 0:
                lines.append((invoice, level))
        if not lines or is_notice or self.last_dunned is None:
            return lines
        highest = max((level for _, level in lines), key=lambda level: level.level)
        return lines if (run - self.last_dunned).days >= highest.min_interval_days else []

    def send(self, lines: Sequence[tuple[Invoice, ReminderLevel]], run: dt.date, *, is_notice: bool) -> None:
        for invoice, level in lines:
            self.journal.remind(invoice, run, level.level, amount=_owed_on(self.journal, invoice, run))
            self.reached[invoice] = level.level
        if not is_notice:
            self.last_dunned = run

    def _level(self, invoice: Invoice, overdue: int, *, is_notice: bool) -> ReminderLevel | None:
        """The latest notice whose day has come, unless sent; or the dunning level after the last, if its day has come."""
        reached = self.reached.get(invoice)
        if is_notice:
            latest = next((level for level in reversed(self.notices) if level.days <= overdue), None)
            return latest if latest and (reached is None or latest.level > reached) else None
        following = next((level for level in self.dunning if reached is None or level.level > reached), None)
        return following if following and following.days <= overdue else None


def _call(journal: Journal, rng: random.Random, invoice: Invoice, called_on: dt.date) -> None:
    outcome = rng.choices(_OUTCOMES, _OUTCOME_WEIGHTS)[0]
    promised = None
    if outcome == "promised":
        # Some keep their word, some are days late, some have not paid to this day.
        paid_on = _last_payment(journal, invoice)
        near = paid_on + dt.timedelta(days=rng.randint(-8, 4)) if journal.owed(invoice) <= 0 else dt.date.min
        promised = max(near, called_on + dt.timedelta(days=rng.randint(5, 12)))
    call = Activity(invoice.customer, called_on, "phone", outcome, invoice, promised, None, _NOTES[outcome])
    journal.activities.append(call)


def _owed_on(journal: Journal, invoice: Invoice, day: dt.date) -> int:
    return invoice.amount - sum(amount for paid_on, amount in journal.settled[invoice] if paid_on <= day)


def _last_payment(journal: Journal, invoice: Invoice) -> dt.date:
    return max((paid_on for paid_on, _ in journal.settled[invoice]), default=invoice.invoice_date)
