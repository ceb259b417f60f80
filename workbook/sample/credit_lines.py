"""What the ordinary customers may owe, and how that came about."""

from __future__ import annotations

import random
from collections.abc import Sequence

from functions.money import exponent
from workbook.sample.customers import Trader
from workbook.sample.journal import Journal
from workbook.sample.records import Invoice

_UNLIMITED_SHARE = 0.06
_ON_HOLD_SHARE = 0.01
_EXPIRED_SHARE = 0.03
_GUARANTEE_SHARE = 0.1
_RAISED_SHARE = 0.1
_MONTHS = 15
_FLOOR_YUAN = 50_000


def grant_credit(journal: Journal, rng: random.Random, trader: Trader, invoices: Sequence[Invoice]) -> None:
    """A limit of some months' sales, as a credit manager rounds it. Draws: the traits in the order written below."""
    currency = trader.customer.currency
    monthly = sum(each.amount for each in invoices if each.currency == currency) / _MONTHS
    months = (invoices[0].parts[0].due_date - invoices[0].invoice_date).days / 30 + 1 if invoices else 1
    wanted = round(monthly * months * rng.uniform(1.1, 3.2))
    # The biggest single invoice fits as a rule, or there would have been no sale.
    biggest = max((each.amount for each in invoices), default=0)
    limit = _as_managers_say(max(wanted, round(biggest * 1.2), journal.moneys.minor(_FLOOR_YUAN, currency)))
    is_unlimited = rng.random() < _UNLIMITED_SHARE
    expires_in = rng.randint(-40, -5) if rng.random() < _EXPIRED_SHARE else rng.randint(30, 400)
    guarantee = round(limit * rng.choice((0.2, 0.3, 0.5))) if rng.random() < _GUARANTEE_SHARE else None
    journal.extend(
        trader.customer,
        limit=None if is_unlimited else limit,
        expires_on=None if is_unlimited or rng.random() < 0.4 else journal.ago(-expires_in),
        guarantee=guarantee,
        is_on_hold=rng.random() < _ON_HOLD_SHARE,
    )
    if not is_unlimited and rng.random() < _RAISED_SHARE:
        _record_raise(journal, rng, trader, limit)


def _record_raise(journal: Journal, rng: random.Random, trader: Trader, limit: int) -> None:
    """The limit was lower until some day in the past."""
    before = _as_managers_say(round(limit * 0.6))
    changed_on = journal.ago(rng.randint(40, 300))
    currency = trader.customer.currency
    journal.change(
        trader.customer, changed_on, "credit_limit", amount_text(before, currency), amount_text(limit, currency),
        "年度授信调整 yearly credit review",
    )  # fmt: skip


def amount_text(minor: int, currency: str) -> str:
    """An amount as CustomerHistory keeps it: in major units, with the currency's decimals."""
    decimals = exponent(currency)
    return f"{minor // 10**decimals}.{minor % 10**decimals:0{decimals}d}" if decimals else str(minor)


def _as_managers_say(minor: int) -> int:
    """Up to one and a half significant digits: 1, 1.5, 2, 2.5 … 9.5."""
    step = 10 ** (len(str(minor)) - 1) // 2 or 1
    return -(-minor // step) * step
