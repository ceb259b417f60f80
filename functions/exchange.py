"""Exchange rates: the latest on or before a day, and amounts in the base currency (RULES §2).

A rate is base currency per unit as an exact decimal: ``rate_digits`` ÷ 10**``rate_scale``, at most nine digits. Between
minor units the exponents of the two currencies count too, so a rate in force is kept as
base minor = minor × ``rate_digits`` ÷ 10**``rate_power``.
"""

from __future__ import annotations

import narwhals as nw

from functions.frames import NO_MINOR, Frame, has_minor, integer, left_join, materialise, parameter, stack, times_ratio
from functions.money import exponent, exponents

_MOST_POWER = 18
"""What ``times_ratio`` divides by at most."""


def rates_at(exchange_rates: Frame, *, base_currency: str, as_of: int) -> Frame:
    """The rates in force: one row a currency, with ``currency``, ``rate_digits`` and ``rate_power`` (int64, 0 to 18).

    A currency's latest rate on or before the day; the base currency is always at 1, whatever a row says of it. A currency
    that has no rate yet has no row, nor has one whose latest is of no use: not above zero, of a currency without minor
    units, or finer than 10**-18 between minor units. A (currency, day) has one rate: reading refuses a second.
    Raises UnknownCurrency for the base currency.
    """
    base_exponent = exponent(base_currency)
    known = exchange_rates.filter(nw.col("rate_day") <= as_of, nw.col("currency") != base_currency)
    latest = known.group_by("currency").agg(rate_day=nw.col("rate_day").max())
    rates = _usable(known.join(latest, on=["currency", "rate_day"], how="inner"), base_exponent)
    base = parameter(exchange_rates, {"currency": [base_currency], "rate_digits": [1], "rate_power": [0]}, _RATE)
    return materialise(stack([base, rates], list(_RATE)))


_RATE = {"currency": nw.String, "rate_digits": nw.Int64, "rate_power": nw.Int64}


def _usable(rates: Frame, base_exponent: int) -> Frame:
    """The rates that are of use, with ``rate_digits`` and ``rate_power`` as between minor units."""
    rates = rates.join(_exponents(rates), on="currency", how="inner")
    rates = rates.with_columns(rate_power=nw.col("rate_scale") + nw.col("exponent") - base_exponent)
    rates = rates.filter(nw.col("rate_digits") > 0, nw.col("rate_power") <= _MOST_POWER)
    # 3 yen a unit, kept in fils: no power is left to divide by, so the digits take it. What they multiply is the result,
    # so they stay exact above nine digits too.
    rates = rates.with_columns(rate_digits=nw.col("rate_digits") * _missing_power("rate_power", most=base_exponent))
    return rates.with_columns(rate_power=nw.when(nw.col("rate_power") > 0).then(nw.col("rate_power")).otherwise(integer(0)))


def with_base(frame: Frame, rates: Frame, *, of: str, name: str) -> Frame:
    """A column ``name``: the minor units ``of`` each row's ``currency`` in base minor units, rounded half away from zero.

    ``rates`` are those of ``rates_at``. NO_MINOR where the currency has no rate, and where the amount is blank.
    |amount| < 2^51; the result is under 2^63.
    """
    return _converted(left_join(frame, rates, "currency", {"rate_digits": 0, "rate_power": 0}), of=of, name=name)


def with_base_on(frame: Frame, exchange_rates: Frame, *, base_currency: str, day: str, of: str, name: str) -> Frame:
    """As ``with_base``, each row at the latest rate on or before its own ``day``; ``exchange_rates`` are the ledger's.

    A day's latest rate that is of no use (``rates_at``) leaves the row without one. Raises UnknownCurrency.
    """
    base_exponent = exponent(base_currency)
    # By distinct currency and day, so that the rows do not each meet every rate.
    pairs = materialise(frame.select("currency", day).unique(["currency", day]))
    known = exchange_rates.select("currency", "rate_day", "rate_digits", "rate_scale")
    known = known.filter(nw.col("currency") != base_currency)
    latest = pairs.join(known.select("currency", "rate_day"), on="currency", how="inner")
    latest = latest.filter(nw.col("rate_day") <= nw.col(day)).group_by("currency", day).agg(nw.col("rate_day").max())
    rates = _usable(latest.join(known, on=["currency", "rate_day"], how="inner"), base_exponent)
    base = pairs.filter(nw.col("currency") == base_currency).with_columns(rate_digits=integer(1), rate_power=integer(0))
    rates = stack([base, rates], [*_RATE, day])
    return _converted(left_join(frame, rates, ["currency", day], {"rate_digits": 0, "rate_power": 0}), of=of, name=name)


def _converted(priced: Frame, *, of: str, name: str) -> Frame:
    # A blank amount would overflow on the way.
    amount = nw.when(has_minor(of)).then(nw.col(of)).otherwise(integer(0))
    priced = priced.with_columns(_converted=amount)
    priced = times_ratio(priced, name, of="_converted", digits="rate_digits", power="rate_power")
    is_known = (nw.col("rate_digits") > 0) & has_minor(of)
    converted = nw.when(is_known).then(nw.col(name)).otherwise(integer(NO_MINOR))
    return priced.with_columns(converted.alias(name)).drop("rate_digits", "rate_power", "_converted")


def _exponents(like: Frame) -> Frame:
    """Every currency's exponent, to join with."""
    known = exponents()
    columns = {"currency": nw.String, "exponent": nw.Int64}
    return parameter(like, {"currency": list(known), "exponent": list(known.values())}, columns)


def _missing_power(power: str, most: int) -> nw.Expr:
    """10**−power where the power is negative, else 1. It is at least −``most``."""
    factor = integer(1)
    for missing in range(1, most + 1):
        factor = nw.when(nw.col(power) <= -missing).then(integer(10**missing)).otherwise(factor)
    return factor
