"""An amount in words, as cheques and receipts have it: 人民币壹佰元整, or One hundred and 00/100 USD.

The numerals are those of cn2an and num2words. What one of them says of currencies is not used but for 元, 角 and 分: they
know few currencies, and ours are all of ISO 4217.
"""

from __future__ import annotations

from fractions import Fraction

from functions.money import exponent

MOST = 10**13
"""Amounts from here on are not put into words."""

_CHINESE = {"CNY": "人民币", "USD": "美元", "EUR": "欧元", "HKD": "港元", "JPY": "日元", "GBP": "英镑"}
_FEN = 2  # the decimals for which Chinese has words: 角 and 分


class NotInWords(ValueError):
    """An amount too large, one with more decimals than its currency, or one of a currency with more than 角 and 分."""


def amount_in_words(amount: Fraction, *, currency: str, language: str) -> str:
    """The amount in ``en`` or ``zh-CN``. Raises NotInWords, UnknownCurrency."""
    decimals = exponent(currency)
    minor = amount * 10**decimals
    if minor.denominator != 1 or abs(amount) >= MOST:
        raise NotInWords(str(float(amount)))
    return (
        _chinese(int(minor), currency, decimals) if language.startswith("zh") else _english(int(minor), currency, decimals)
    )


def _chinese(minor: int, currency: str, decimals: int) -> str:
    from cn2an import an2cn

    if decimals > _FEN:
        raise NotInWords(currency)
    whole, part = divmod(abs(minor), 10**decimals)
    words = str(an2cn(f"{whole}.{part:0{decimals}d}" if part else str(whole), "rmb"))
    return f"{_CHINESE.get(currency, currency)}{'负' if minor < 0 else ''}{words}"


def _english(minor: int, currency: str, decimals: int) -> str:
    from num2words import num2words

    unit = 10**decimals
    whole, part = divmod(abs(minor), unit)
    words = f"{'minus ' if minor < 0 else ''}{num2words(whole)}".replace(",", "")
    cents = f" and {part:0{decimals}d}/{unit}" if decimals else ""
    return f"{words[0].upper()}{words[1:]}{cents} {currency}"
