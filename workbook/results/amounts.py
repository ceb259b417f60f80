"""Amounts as letters print them."""

from __future__ import annotations

from functools import cache

from functions.money import exponent


def amount_text(minor: int, currency: str) -> str:
    """The amount with its currency and thousands separators: CNY 1,234.50. Raises UnknownCurrency."""
    decimals, unit = _scale(currency)
    whole, rest = divmod(abs(int(minor)), unit)
    sign = "-" if minor < 0 else ""
    return f"{currency} {sign}{whole:,}.{rest:0{decimals}d}" if decimals else f"{currency} {sign}{whole:,}"


@cache
def _scale(currency: str) -> tuple[int, int]:
    decimals = exponent(currency)
    return decimals, 10**decimals
