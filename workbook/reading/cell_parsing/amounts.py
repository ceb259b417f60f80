"""Amounts as whole minor units, rates as exact decimals, whole numbers (RULES §2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import numpy as np
from numpy.typing import NDArray

from functions.frames import NO_MINOR
from workbook.port import Cell
from workbook.reading.cell_parsing.column import Flaw, Parsed, Unreadable, each_text_once, plain, stragglers
from workbook.reading.cell_parsing.numbers import DecimalMark, read_number

Integers = NDArray[np.int64]

_TOO_LARGE = 2**51
_NOISE = 5e-15
"""Relative: half a unit of the fifteenth digit, the last one that Excel keeps. What is smaller was not typed."""
_FLOATS = frozenset({float})
NO_SCALE = -1
"""The scale of a blank rate, whose digits are 0: it counts for nothing, and can be told from a typed 0."""

_RATE_DIGITS = 9
_RATE_SCALE = 18  # what the exact product of the rules can divide by
_FLOAT_DIGITS = 15


def money(column: Sequence[Cell], *, exponent: int | Integers, decimal: DecimalMark | None = None) -> Parsed[Integers]:
    """Minor units, NO_MINOR where blank. ``exponent``: how many decimals the currency has, one for all or one a row.

    ``too_many_decimals``: more than the currency has, beyond float noise; ``amount_too_large``: 2^51 minor units or more;
    ``not_a_number``; ``ambiguous_number``: a text that needs ``decimal``.
    """
    count = len(column)
    if set(map(type, column)) == _FLOATS:
        majors = np.fromiter(column, np.float64, count)
        others: list[tuple[int, Cell]] = []
        is_number = np.isfinite(majors)
    else:
        majors = np.fromiter((cell if type(cell) is float else np.nan for cell in column), np.float64, count)
        others = stragglers(column, _FLOATS)
        is_number = np.isfinite(majors)
        others += [(at, column[at]) for at in np.flatnonzero(~is_number).tolist() if type(column[at]) is float]
    minors, flaws = _minors_of_floats(majors, is_number, exponent)
    for at, cell in others:
        try:
            minors[at] = _minor_of(_exact(cell, decimal), exponent if isinstance(exponent, int) else int(exponent[at]))
        except Unreadable as unreadable:
            flaws.append((at, unreadable.code))
    return Parsed(minors, sorted(flaws))


def _minors_of_floats(
    majors: NDArray[np.float64], is_number: NDArray[np.bool_], exponent: int | Integers
) -> tuple[Integers, list[Flaw]]:
    scale = np.power(10.0, exponent)
    with np.errstate(invalid="ignore", over="ignore"):  # blanks are NaN here
        rounded = np.rint(majors * scale)
        is_large = is_number & ~(np.abs(rounded) < _TOO_LARGE)
        is_finer = is_number & ~is_large & (np.abs(majors - rounded / scale) > _NOISE * np.abs(majors))
    is_good = is_number & ~is_large & ~is_finer
    if is_good.all():
        return rounded.astype(np.int64), []
    flaws = [(int(at), "amount_too_large") for at in np.flatnonzero(is_large)]
    flaws += [(int(at), "too_many_decimals") for at in np.flatnonzero(is_finer)]
    return np.where(is_good, np.where(is_good, rounded, 0.0).astype(np.int64), NO_MINOR), flaws


def _exact(cell: Cell, decimal: DecimalMark | None) -> Decimal:
    if isinstance(cell, str):
        return read_number(cell, decimal=decimal)
    if isinstance(cell, int) and not isinstance(cell, bool):
        return Decimal(cell)
    if isinstance(cell, float) and np.isfinite(cell):
        return Decimal(repr(cell))
    raise Unreadable("not_a_number")


def _minor_of(major: Decimal, exponent: int) -> int:
    if major and major.adjusted() + exponent > 16:  # 10^16 and more: beyond 2^51 whatever the digits
        raise Unreadable("amount_too_large")
    digits, scale = _as_ratio(major)
    numerator, denominator = digits * int(10**exponent), int(10**scale)
    minor = (2 * abs(numerator) + denominator) // (2 * denominator)
    if minor >= _TOO_LARGE:
        raise Unreadable("amount_too_large")
    if abs(abs(numerator) - minor * denominator) > _NOISE * abs(numerator):
        raise Unreadable("too_many_decimals")
    return minor if numerator >= 0 else -minor


def _as_ratio(number: Decimal) -> tuple[int, int]:
    """(digits, scale): the number is digits ÷ 10**scale, scale as small as it can be and not negative."""
    sign, figures, power = number.as_tuple()
    assert isinstance(power, int)  # finite
    digits = int("".join(map(str, figures))) * (-1 if sign else 1)
    while power < 0 and digits % 10 == 0:
        digits, power = digits // 10, power + 1
    return (digits * 10**power, 0) if power > 0 else (digits, -power)


@dataclass(frozen=True)
class Rates:
    """Exact decimals: digits ÷ 10**scale, at most nine digits, scale from 0 to 18. A blank is 0 with the scale NO_SCALE."""

    digits: Integers
    scale: Integers


def rates(column: Sequence[Cell], *, decimal: DecimalMark | None = None, is_signed: bool = False) -> Parsed[Rates]:
    """Rates of at most nine significant digits, never negative. A text with a percent sign is a hundredth of its number.

    ``is_signed``: ratios that are shown and never multiplied with; they may be negative and as long as a float's digits.
    A float's digits are those of its shortest spelling; what arithmetic left behind beyond the fifteenth digit is
    rounded away (0.30000000000000004 is 0.3). ``not_a_rate``: anything else; ``ambiguous_number``: needs ``decimal``.
    """
    digits = np.zeros(len(column), np.int64)
    scale = np.full(len(column), NO_SCALE, np.int64)
    flaws: list[Flaw] = []
    exactly = partial(_rate_of, is_signed=is_signed)
    read_text = each_text_once(lambda text: exactly(_rate_as_text(text, decimal)))
    for at, cell in stragglers(column, frozenset()):
        try:
            digits[at], scale[at] = read_text(cell) if isinstance(cell, str) else exactly(_exact(cell, decimal))
        except Unreadable as unreadable:
            flaws.append((at, "ambiguous_number" if unreadable.code == "ambiguous_number" else "not_a_rate"))
    return Parsed(Rates(digits, scale), flaws)


def _rate_as_text(text: str, decimal: DecimalMark | None) -> Decimal:
    written = plain(text)
    percent = written.endswith("%")
    number = read_number(written.removesuffix("%"), decimal=decimal)
    return number.scaleb(-2) if percent else number


def _rate_of(number: Decimal, *, is_signed: bool) -> tuple[int, int]:
    most_digits = _FLOAT_DIGITS if is_signed else _RATE_DIGITS
    if len(number.normalize().as_tuple().digits) >= _FLOAT_DIGITS:
        number = Decimal(f"{number:.{_FLOAT_DIGITS - 1}e}")
    if number.adjusted() >= most_digits:
        raise Unreadable("not_a_rate")
    digits, scale = _as_ratio(number)
    if abs(digits) >= 10**most_digits or scale > _RATE_SCALE or (digits < 0 and not is_signed):
        raise Unreadable("not_a_rate")
    return digits, scale


def integers(column: Sequence[Cell], *, decimal: DecimalMark | None = None) -> Parsed[Integers]:
    """Whole numbers below 2^51 in size, 0 where blank.

    ``not_an_integer``; ``ambiguous_number``: a text that needs ``decimal``.
    """
    read: Callable[[Cell], Decimal] = partial(_exact, decimal=decimal)
    values = np.zeros(len(column), np.int64)
    flaws: list[Flaw] = []
    for at, cell in stragglers(column, frozenset()):
        try:
            number = read(cell)
        except Unreadable as unreadable:
            flaws.append((at, "ambiguous_number" if unreadable.code == "ambiguous_number" else "not_an_integer"))
            continue
        if number == number.to_integral_value() and abs(number) < _TOO_LARGE:
            values[at] = int(number)
        else:
            flaws.append((at, "not_an_integer"))
    return Parsed(values, flaws)
