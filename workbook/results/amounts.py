"""Amounts as letters print them."""

from __future__ import annotations

from functions.money import exponent, to_major_text


def amount_text(minor: int, currency: str) -> str:
    """The amount with its currency and thousands separators: CNY 1,234.50."""
    whole, _, decimals = to_major_text(int(minor), currency).partition(".")
    return f"{currency} {int(whole):,}{'.' + decimals if exponent(currency) else ''}"
