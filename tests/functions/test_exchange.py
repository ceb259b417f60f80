"""Rates in force and amounts in base currency, alike on every engine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

import narwhals as nw
import pytest

from functions.exchange import rates_at, with_base
from functions.frames import NO_MINOR, Frame, sum_by
from functions.ledger import SHAPES
from functions.money import UnknownCurrency, exponent
from tests.engines import Engine

_AMOUNTS = {"row": nw.Int64, "currency": nw.String, "minor": nw.Int64}
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


def _rates(engine: Engine, *typed: tuple[str, int, str], base: str = "CNY", as_of: int = 100) -> Frame:
    """(currency, day, rate as staff would type it), in force on a day."""
    known = []
    for currency, day, rate in typed:
        _, digits, power = Decimal(rate).as_tuple()
        whole = int("".join(map(str, digits)))
        known.append({"currency": currency, "rate_day": day, "rate_digits": whole, "rate_scale": -int(power)})
    return rates_at(engine.frame(known, SHAPES["exchange_rates"]), base_currency=base, as_of=as_of)


def _converted(engine: Engine, rates: Frame, amounts: Sequence[tuple[str, int]]) -> list[int]:
    priced = with_base(_amounts(engine, amounts), rates, of="minor", name="base_minor")
    assert set(priced.collect_schema()) == {*_AMOUNTS, "base_minor"}
    return [row["base_minor"] for row in engine.rows(priced)]


def _amounts(engine: Engine, amounts: Sequence[tuple[str, int]]) -> Frame:
    numbered = [{"row": number, "currency": currency, "minor": minor} for number, (currency, minor) in enumerate(amounts)]
    return engine.frame(numbered, _AMOUNTS)


def test_two_cents_apart_are_rounded_apart_and_then_added(engine: Engine) -> None:
    # RULES, worked example 11: 0.01 USD at 7.25 is 0.07 each time, 0.14 together, though 0.02 would be 0.15.
    rates = _rates(engine, ("USD", 1, "7.25"))
    priced = with_base(_amounts(engine, [("USD", 1), ("USD", 1)]), rates, of="minor", name="base_minor")
    total = sum_by(priced, ["currency"], base_minor="base_minor")
    assert engine.rows(total) == [{"currency": "USD", "base_minor": 14}]
    assert _converted(engine, rates, [("USD", 2)]) == [15]


def test_halves_round_away_from_zero_on_both_sides(engine: Engine) -> None:
    rates = _rates(engine, ("USD", 1, "0.5"), ("EUR", 1, "0.25"))
    halves = [("USD", 1), ("USD", -1), ("USD", 3), ("USD", -3)]
    quarters = [("EUR", 1), ("EUR", -1), ("EUR", 2), ("EUR", -2), ("EUR", 0)]
    assert _converted(engine, rates, halves + quarters) == [1, -1, 2, -2, 0, 0, 1, -1, 0]


def test_the_latest_rate_on_or_before_the_day_is_in_force(engine: Engine) -> None:
    typed = (("USD", 10, "7.1"), ("USD", 20, "7.2"), ("USD", 21, "7.3"), ("EUR", 21, "7.9"))
    on_the_day = engine.rows(_rates(engine, *typed, as_of=20))
    in_force = [(row["currency"], row["rate_digits"], row["rate_power"]) for row in on_the_day]
    assert in_force == [("CNY", 1, 0), ("USD", 72, 1)]
    assert [row["rate_digits"] for row in engine.rows(_rates(engine, *typed, as_of=21))] == [1, 79, 73]
    assert [row["currency"] for row in engine.rows(_rates(engine, *typed, as_of=9))] == ["CNY"]


def test_the_base_currency_is_at_one_whatever_a_row_says(engine: Engine) -> None:
    rates = _rates(engine, ("CNY", 1, "7.25"))
    assert _converted(engine, rates, [("CNY", 12345), ("CNY", -1)]) == [12345, -1]


def test_without_a_rate_or_an_amount_the_base_amount_is_blank(engine: Engine) -> None:
    rates = _rates(engine, ("USD", 1, "7.25"))
    assert _converted(engine, rates, [("EUR", 5), ("USD", NO_MINOR), ("", 5)]) == [NO_MINOR] * 3


@pytest.mark.parametrize(
    ("base", "currency", "rate", "minor", "expected"),
    [
        pytest.param("CNY", "JPY", "0.05", 100, 500, id="100 yen are 5.00 yuan"),
        pytest.param("JPY", "CNY", "20", 500, 100, id="5.00 yuan are 100 yen"),
        pytest.param("KWD", "JPY", "3", 7, 21_000, id="the digits take what the power cannot"),
        pytest.param("KWD", "JPY", "1234567.89", 7, 8_641_975_230, id="digits beyond nine stay exact"),
        pytest.param("CNY", "VND", "0.000301234567", 10_000_000_000, 301_234_567, id="nine digits of a small rate"),
        pytest.param("USD", "CLF", "40.1234567", 10_000, 4012, id="four decimals to two"),
    ],
)
def test_decimals_of_both_currencies_count(
    engine: Engine, base: str, currency: str, rate: str, minor: int, expected: int
) -> None:
    assert _converted(engine, _rates(engine, (currency, 1, rate), base=base), [(currency, minor)]) == [expected]


def test_a_latest_rate_of_no_use_leaves_the_currency_without_one(engine: Engine) -> None:
    # An older rate must not come back in its place: that would be a wrong figure without a word.
    typed = (("USD", 1, "7.25"), ("USD", 2, "0"), ("EUR", 1, "8"), ("EUR", 2, "1e-19"), ("XAU", 1, "3000"), ("ABC", 1, "2"))
    assert [row["currency"] for row in engine.rows(_rates(engine, *typed))] == ["CNY"]


def test_no_rates_at_all(engine: Engine) -> None:
    assert _converted(engine, _rates(engine), [("CNY", 3), ("USD", 3)]) == [3, NO_MINOR]


@pytest.mark.parametrize("base", ["CNY", "JPY", "KWD"])
def test_large_amounts_and_long_rates_stay_exact(engine: Engine, base: str) -> None:
    chance = random.Random(base)
    currencies = [code for code in ("USD", "EUR", "JPY", "KWD", "VND", "CLF", "GBP") if code != base]
    typed = {code: Decimal(chance.randrange(1, 10**9)).scaleb(-chance.randrange(6, 14)) for code in currencies}
    amounts, expected = [], []
    for _ in range(300):
        code, minor = chance.choice(currencies), chance.randrange(-(2**51), 2**51) >> chance.randrange(50)
        exact = _WIDE.multiply(Decimal(minor), typed[code]).scaleb(exponent(base) - exponent(code), _WIDE)
        if abs(exact) < 2**62:
            amounts.append((code, minor))
            expected.append(int(exact.quantize(Decimal(1), context=_WIDE)))
    assert len(amounts) > 200
    rates = _rates(engine, *((code, 1, f"{rate:f}") for code, rate in typed.items()), base=base)
    assert _converted(engine, rates, amounts) == expected


def test_an_unknown_base_currency_is_refused(engine: Engine) -> None:
    with pytest.raises(UnknownCurrency, match="'XYZ'"):
        _rates(engine, base="XYZ")
