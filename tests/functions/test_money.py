"""Exponents come from ISO 4217, and an amount's text is exact."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.money import UnknownCurrency, exponent, is_currency, to_major_text


def test_currencies_have_the_decimals_of_iso_4217() -> None:
    assert {code: exponent(code) for code in ("JPY", "CNY", "USD", "KWD", "CLF")} == {
        "JPY": 0, "CNY": 2, "USD": 2, "KWD": 3, "CLF": 4,
    }  # fmt: skip


@pytest.mark.parametrize("code", ["XXX", "XAU", "RMB", "cny", ""])
def test_gold_and_misspelt_codes_are_no_currencies_of_amounts(code: str) -> None:
    assert not is_currency(code)
    with pytest.raises(UnknownCurrency, match=repr(code)):
        exponent(code)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(-1234, "CNY", "-12.34"), (5, "CNY", "0.05"), (-5, "KWD", "-0.005"), (500, "JPY", "500"), (0, "USD", "0.00")],
)
def test_an_amount_is_written_with_all_its_decimals(minor: int, currency: str, text: str) -> None:
    assert to_major_text(minor, currency) == text


@given(st.integers(-(2**62), 2**62), st.sampled_from(["JPY", "CNY", "KWD"]))
def test_the_text_of_an_amount_is_the_amount(minor: int, currency: str) -> None:
    assert Decimal(to_major_text(minor, currency)).scaleb(exponent(currency)) == minor
