"""How much money is a believable amount in a currency, and the exchange rates of the sample."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from functions.money import exponent
from workbook.port import Columns
from workbook.sample.office_days import month_starts

_PER_DOLLAR = {
    "USD": 1.0, "CNY": 7.2, "EUR": 0.92, "GBP": 0.79, "HKD": 7.8, "JPY": 150.0, "SGD": 1.35, "AUD": 1.52, "CAD": 1.37,
    "CHF": 0.88, "TWD": 32.0, "KRW": 1350.0, "INR": 83.5, "THB": 36.0, "VND": 25_000.0, "MYR": 4.7, "IDR": 15_900.0,
    "KWD": 0.307, "AED": 3.67, "SEK": 10.6, "NOK": 10.8, "DKK": 6.9, "PLN": 4.0, "BRL": 5.1, "MXN": 17.5, "ZAR": 18.6,
}  # fmt: skip
"""Rough units a dollar. A sample needs magnitudes only: others count as one a dollar, or a hundred without decimals."""

_ABROAD = ("USD", "EUR")
_WRITTEN_IN = "CNY"


@dataclass(frozen=True)
class Moneys:
    """The base currency and those of customers abroad. Amounts in the stories are written in yuan and come out alike."""

    base: str
    abroad: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        exponent(self.base)  # raises UnknownCurrency
        object.__setattr__(self, "abroad", tuple(code for code in _ABROAD if code != self.base))

    def minor(self, yuan: float, currency: str = "") -> int:
        """What ``yuan`` are worth in the currency (blank: base), in whole minor units, at least one."""
        code = currency or self.base
        units = yuan * _per_dollar(code) / _per_dollar(_WRITTEN_IN)
        return max(1, round(units * 10.0 ** exponent(code)))

    def round_down(self, minor: int, currency: str, yuan: float) -> int:
        """The amount as people say it: down to whole steps of about ``yuan`` (a power of ten in the currency)."""
        return minor - minor % self.step(yuan, currency)

    def step(self, yuan: float, currency: str) -> int:
        """The power of ten of minor units that is at most ``yuan``, and at least 1."""
        return int("1" + "0" * (len(str(self.minor(yuan, currency))) - 1))


def _per_dollar(currency: str) -> float:
    return _PER_DOLLAR.get(currency, 1.0 if exponent(currency) else 100.0)


def exchange_rates(rng: random.Random, moneys: Moneys, *, since: dt.date, as_of: dt.date) -> Columns:
    """One rate a month and currency, six significant digits, wandering a percent or so a month. One draw a row."""
    rows: dict[str, list[str | float | dt.date]] = {"rate_date": [], "currency": [], "rate": []}
    for currency in moneys.abroad:
        rate = _per_dollar(moneys.base) / _per_dollar(currency)
        for day in month_starts(since, as_of):
            rate *= 1 + rng.uniform(-0.012, 0.012)
            rows["rate_date"].append(day)
            rows["currency"].append(currency)
            rows["rate"].append(float(f"{rate:.6g}"))
    return rows
