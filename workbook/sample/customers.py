"""The ordinary customers of the sample: who they are, how big, and how they pay."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook.sample.journal import Journal
from workbook.sample.names import Company
from workbook.sample.records import Contract, Customer

COLLECTORS = ("chenyu", "liwen", "mbrooks", "zhaoqi")
COLLECTOR_ABROAD = "mbrooks"

_CURRENCY_WEIGHTS = (4, 1)
_HABITS = {
    "on_time": 30, "a_little_late": 24, "late": 13, "slow": 6, "in_parts": 7, "in_lumps": 8, "once_a_month": 8,
    "for_discount": 2, "stopped": 2,
}  # fmt: skip
_TERMS_AT_HOME = {"NET30": 40, "NET60": 25, "EOM30": 20, "NET45": 10, "NET15": 5}
_TERMS_ABROAD = {"NET30": 40, "NET60": 40, "EOM30": 20}
_CHANNELS = {"": 88, "letter": 4, "sms": 4, "email": 4}
_DISCOUNT_TERMS = "2/10NET30"
_CONTRACT_SHARE = 0.35
_LATE_RATES = (0.1, 0.1825)


@dataclass(frozen=True)
class Trader:
    """A customer and its way to trade: how often it buys (``weight``), for how much as a rule, and how it pays."""

    customer: Customer
    habit: str
    names_invoices: bool
    weight: float
    typical_yuan: float
    contract: Contract | None = None


def ordinary_traders(
    journal: Journal, rng: random.Random, at_home: Sequence[Company], abroad: Sequence[Company]
) -> list[Trader]:
    """Open accounts for these companies. Draws: each customer's traits in the order written below."""
    traders = [_trader(journal, rng, company, is_abroad=False) for company in at_home]
    return traders + [_trader(journal, rng, company, is_abroad=True) for company in abroad]


def _trader(journal: Journal, rng: random.Random, company: Company, *, is_abroad: bool) -> Trader:
    habit = pick(rng, _HABITS)
    terms = pick(rng, _TERMS_ABROAD if is_abroad else _TERMS_AT_HOME)
    customer = journal.open_account(
        Customer(
            company=company,
            currency=_currency_abroad(journal, rng) if is_abroad else journal.moneys.base,
            terms=_DISCOUNT_TERMS if habit == "for_discount" else terms,
            collector=COLLECTOR_ABROAD if is_abroad else rng.choice(COLLECTORS),
            language="en" if is_abroad else "zh-CN",
            channel="" if is_abroad else pick(rng, _CHANNELS),
            has_email=rng.random() < 0.99,
            do_not_remind=rng.random() < 0.01,
            # Data are verified within a year, as the settings ask for.
            verified_on=journal.ago(min(rng.randint(20, 420), 360)),
        )
    )
    return Trader(
        customer,
        habit,
        # A lump is for the account as a whole; of the others, some send no remittance advice.
        names_invoices=habit != "in_lumps" and rng.random() < 0.85,
        weight=rng.lognormvariate(0, 0.8),
        typical_yuan=rng.lognormvariate(10.4, 0.9),
        contract=_contract(journal, rng, customer) if rng.random() < _CONTRACT_SHARE else None,
    )


def _currency_abroad(journal: Journal, rng: random.Random) -> str:
    """Mostly the first of them."""
    return rng.choices(journal.moneys.abroad, _CURRENCY_WEIGHTS[: len(journal.moneys.abroad)])[0]


def _contract(journal: Journal, rng: random.Random, customer: Customer) -> Contract:
    signed_on = journal.starts_on - dt.timedelta(days=rng.randint(5, 300))
    moneys, currency = journal.moneys, customer.currency
    contract = Contract(
        customer,
        signed_on,
        title=f"年度供货框架合同 Annual supply agreement {signed_on.year}",
        amount=moneys.round_down(moneys.minor(rng.uniform(3e5, 4e6), currency), currency, 10_000),
        late_rate=rng.choice(_LATE_RATES),
        ends_on=journal.ago(-rng.randint(30, 500)),
    )
    journal.contracts.append(contract)
    return contract


def pick(rng: random.Random, weights: Mapping[str, int]) -> str:
    """One of the keys, by weight. One draw."""
    return rng.choices(list(weights), list(weights.values()))[0]
