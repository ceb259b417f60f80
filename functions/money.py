"""Amounts: whole minor units of one currency, whose exponent comes from ISO 4217 (RULES §2)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from types import MappingProxyType

from iso4217 import Currency


class UnknownCurrency(ValueError):
    """A code that ISO 4217 does not list, or lists without minor units (gold, the testing code)."""

    def __init__(self, currency: str) -> None:
        super().__init__(f"{currency!r} is not a currency of ISO 4217 that amounts can be kept in")
        self.currency = currency


@cache
def exponents() -> Mapping[str, int]:
    """Every ISO 4217 currency that has minor units → how many decimals it has (JPY 0, CNY 2, KWD 3)."""
    return MappingProxyType({each.code: each.exponent for each in Currency if each.exponent is not None})


def is_currency(currency: str) -> bool:
    """Whether amounts can be kept in it: an upper-case ISO 4217 code with minor units."""
    return currency in exponents()


def exponent(currency: str) -> int:
    """How many decimals the currency has. Raises UnknownCurrency."""
    try:
        return exponents()[currency]
    except KeyError:
        raise UnknownCurrency(currency) from None


def half_away(value: Fraction) -> int:
    """The nearest whole number, a half away from zero: the one way in which amounts and measures are rounded (RULES §2)."""
    whole, rest = divmod(abs(value).numerator, value.denominator)
    whole += 2 * rest >= value.denominator
    return -whole if value < 0 else whole


def to_major_text(minor: int, currency: str) -> str:
    """The amount in major units as a plain decimal: -1234 CNY is "-12.34", 500 JPY is "500". Raises UnknownCurrency."""
    decimals = exponent(currency)
    digits = f"{abs(minor):0{decimals + 1}d}"
    whole, fraction = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    return f"{'-' if minor < 0 else ''}{whole}{'.' if fraction else ''}{fraction}"
