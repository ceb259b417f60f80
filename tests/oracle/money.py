"""Rounding, and amounts in base currency (RULES §2)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from functions.ledger import Policy
from tests.oracle.rows import Tables

_EXPONENTS = {"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}


def half_away(value: Fraction) -> int:
    """The nearest whole number; a half goes away from zero."""
    size = abs(value)
    whole, rest = divmod(size.numerator, size.denominator)
    whole += 1 if 2 * rest >= size.denominator else 0
    return -whole if value < 0 else whole


def exponent(currency: str) -> int:
    """Decimals of the currency in ISO 4217; two for all the tests use but a few."""
    return _EXPONENTS.get(currency, 2)


class Rates:
    """For each currency the latest rate on or before the day; one for the base currency."""

    def __init__(self, tables: Tables, policy: Policy, as_of: int) -> None:
        self._base = policy.base_currency
        self._rates: dict[str, Decimal] = {}
        for row in sorted(tables.get("exchange_rates", []), key=lambda each: each["rate_day"]):
            if row["rate_day"] <= as_of:
                self._rates[row["currency"]] = Decimal(row["rate_digits"]).scaleb(-row["rate_scale"])
        self._rates[self._base] = Decimal(1)

    def knows(self, currency: str) -> bool:
        """Is there a rate?"""
        return currency in self._rates

    def base_minor(self, amount_minor: int, currency: str) -> int | None:
        """The amount in minor units of the base currency, rounded once; None without a rate."""
        if currency not in self._rates:
            return None
        major = Fraction(amount_minor, 10 ** exponent(currency))
        return half_away(major * Fraction(self._rates[currency]) * 10 ** exponent(self._base))
