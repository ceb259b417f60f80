"""Simple interest by actual days: amount × annual rate × days ÷ 365 or 360, exactly (RULES §9).

An annual rate is kept as ``rate_units``, units of 10**−11: 0.1825 is 18_250_000_000. So a share of interest is a fraction
of ``denominator(year_days)`` and shares at different rates add up before anything is rounded.
"""

from __future__ import annotations

from fractions import Fraction

import narwhals as nw

from functions.frames import NO_MINOR, Frame, flag, integer, left_join, parameter
from functions.money import half_away

YEARS = (365, 360)
"""The days of an interest year that there are (the setting ``interest_year_days``)."""

RATE_POWER = 11
"""An annual rate is kept in units of 10**−RATE_POWER."""

MOST_RATE = 10
"""Rates must be below this (1,000 % a year): so that no product leaves 64 bits."""


class UnknownYear(ValueError):
    """A year that is not one of ``YEARS``."""

    def __init__(self, year_days: int) -> None:
        super().__init__(f"an interest year of {year_days} days is not one of {', '.join(map(str, YEARS))}")


def denominator(year_days: int) -> int:
    """What a ``rest`` of interest is a fraction of. Raises UnknownYear."""
    if year_days not in YEARS:
        raise UnknownYear(year_days)
    return int(year_days * 10**RATE_POWER)


def simple_interest(amount_minor: int, *, days: int, annual_rate: Fraction, year_days: int = 365) -> int:
    """Interest in minor units, rounded half away from zero, once; none for days that have yet to run. Raises UnknownYear.

    100,000.00 at 18.25 % for 30 days: ``simple_interest(100_000_00, days=30, annual_rate=Fraction(1825, 10_000))`` is
    1_500_00.
    """
    if year_days not in YEARS:
        raise UnknownYear(year_days)
    return half_away(amount_minor * annual_rate * max(days, 0) / year_days)


def late_interest_of(amount_minor: int, *, due_day: int, as_of: int, annual_rate: Fraction, year_days: int = 365) -> int:
    """Late interest on an amount that is open from its due day to ``as_of``: from the day after the due day. UnknownYear."""
    return simple_interest(amount_minor, days=as_of - due_day, annual_rate=annual_rate, year_days=year_days)


def with_rate_units(frame: Frame, *, digits: str, scale: str) -> Frame:
    """Adds rate_units: the annual rate ``digits`` ÷ 10**``scale``; NO_MINOR where it is blank or of no use.

    ``digits`` are at most nine. Of no use is a rate of ``MOST_RATE`` or more, or one finer than a unit.
    """
    scales = range(RATE_POWER + 1)
    columns = {
        scale: list(scales),
        "_factor": [10 ** (RATE_POWER - each) for each in scales],
        "_most": [MOST_RATE * 10**each for each in scales],
    }
    known = parameter(frame, columns, dict.fromkeys(columns, nw.Int64))
    frame = left_join(frame, known, scale, {"_factor": 0, "_most": 0})
    is_usable = nw.col(digits) < nw.col("_most")
    # Nine digits without a decimal times the factor would be beyond 64 bits.
    frame = frame.with_columns(_digits=nw.when(is_usable).then(nw.col(digits)).otherwise(integer(0)))
    units = nw.when(is_usable).then(nw.col("_digits") * nw.col("_factor")).otherwise(integer(NO_MINOR))
    return frame.with_columns(rate_units=units.cast(nw.Int64)).drop("_factor", "_most", "_digits")


def with_interest(frame: Frame, *, amount: str, days: str, units: str, year_days: int) -> Frame:
    """Adds whole_minor and rest: the interest is whole_minor + rest ÷ ``denominator(year_days)``, 0 ≤ rest < that. Exact.

    0 ≤ amount < 2^51, 0 ≤ days < 2^16, 0 ≤ units < MOST_RATE × 10**RATE_POWER, all int64 columns. Raises UnknownYear.
    The product has up to 107 bits: first the amount's days are divided by the year, then what comes of it times the rate by
    10**RATE_POWER, in two parts. No step leaves int64. One division a step: nested ones make DuckDB's plan explode.
    """
    whole_of = denominator(year_days)
    unit, low, high = 10**RATE_POWER, 10**_LOW_POWER, 10 ** (RATE_POWER - _LOW_POWER)
    col = {name: nw.col(f"_{name}") for name in ("years", "left", "high", "low", "units", "carry", "rest", "over")}
    frame = frame.with_columns(_years=(nw.col(amount) // year_days).cast(nw.Int64), _units=nw.col(units))
    frame = frame.with_columns(_left=(nw.col(amount) - col["years"] * year_days) * nw.col(days))
    frame = frame.with_columns(_carry=(col["left"] // year_days).cast(nw.Int64))
    # amount × days = years × year_days + left: years × units ÷ unit is taken apart, left × units is already of the rest.
    frame = frame.with_columns(
        _years=col["years"] * nw.col(days) + col["carry"], _left=col["left"] - col["carry"] * year_days
    )
    frame = frame.with_columns(_over=(col["years"] // unit).cast(nw.Int64))
    frame = frame.with_columns(_years=col["years"] - col["over"] * unit)
    frame = frame.with_columns(_high=(col["years"] // low).cast(nw.Int64))
    frame = frame.with_columns(_low=col["years"] - col["high"] * low)
    frame = frame.with_columns(_carry=(col["high"] * col["units"] // high).cast(nw.Int64))
    frame = frame.with_columns(
        _rest=(col["high"] * col["units"] - col["carry"] * high) * low + col["low"] * col["units"],
        whole_minor=col["over"] * col["units"] + col["carry"],
    )
    frame = frame.with_columns(_carry=(col["rest"] // unit).cast(nw.Int64))
    frame = frame.with_columns(
        whole_minor=nw.col("whole_minor") + col["carry"],
        _rest=(col["rest"] - col["carry"] * unit) * year_days + col["left"] * col["units"],
    )
    frame = frame.with_columns(_carry=(col["rest"] // whole_of).cast(nw.Int64))
    frame = frame.with_columns(
        whole_minor=(nw.col("whole_minor") + col["carry"]).cast(nw.Int64),
        rest=(col["rest"] - col["carry"] * whole_of).cast(nw.Int64),
    )
    return frame.drop(*(f"_{name}" for name in col))


_LOW_POWER = 5


def rounded_interest(frame: Frame, name: str, *, year_days: int) -> Frame:
    """Adds ``name``: whole_minor + rest ÷ ``denominator(year_days)``, rounded half away from zero.

    whole_minor and rest may be sums of the ones that ``with_interest`` gave, of up to 200,000 rows.
    """
    whole_of = denominator(year_days)
    frame = frame.with_columns(_carry=(nw.col("rest") // whole_of).cast(nw.Int64))
    frame = frame.with_columns(_rest=nw.col("rest") - nw.col("_carry") * whole_of)
    rounded = nw.col("whole_minor") + nw.col("_carry") + flag(nw.col("_rest") * 2 >= whole_of)
    return frame.with_columns(rounded.cast(nw.Int64).alias(name)).drop("_carry", "_rest")
