"""Numbers written as text. Which of comma and point marks the decimals is never guessed (RULES §12)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from workbook.reading.cell_parsing.column import Unreadable, plain

DecimalMark = Literal["point", "comma"]

_MARKS = {"point": ".", "comma": ","}
_SIGN = r"(?:[A-Z]{0,3}[$¢£¤¥\u0e3f\u20a0-\u20cf\ufdfc]|[元圆円])?"
"""A currency sign, letters before it included (US$, HK$)."""

_WRITTEN = re.compile(
    rf"(?P<open>\()? ?(?P<lead>[-+])? ?{_SIGN} ?(?P<inner>[-+])? ?"
    rf"(?P<figure>[.,]?[0-9](?:[0-9.,'’ ]*[0-9])?[.,]?)"
    rf" ?{_SIGN} ?(?P<trail>-)? ?(?P<close>\))?"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?P<by>[.,'’ ])[0-9]{3})(?:(?P=by)[0-9]{3})*|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")
"""Thousands, or lakhs and crores: 1,234,567 or 12,34,567."""


def read_number(text: str, *, decimal: DecimalMark | None = None) -> Decimal:
    """The number that a text means, exactly.

    Read: thousands separators (comma, point, space, apostrophe), a currency sign, full-width digits, a minus before or
    behind, parentheses for a negative. Without ``decimal``, a mark has one meaning when both occur (the last one marks
    decimals), when it occurs twice (thousands), or when what follows it is not three digits (decimals). Raises
    Unreadable: ``ambiguous_number`` for 1,234 and 1.234, else ``not_a_number``.
    """
    written = plain(text).replace("\N{MINUS SIGN}", "-")
    found = _WRITTEN.fullmatch(written)
    if found is None or bool(found["open"]) != bool(found["close"]):
        raise Unreadable("not_a_number")
    signs = [sign for sign in (found["open"], found["lead"], found["inner"], found["trail"]) if sign]
    if len(signs) > 1:
        raise Unreadable("not_a_number")
    size = _size(found["figure"], decimal)
    return -size if signs and signs[0] in "(-" else size


def _size(figure: str, decimal: DecimalMark | None) -> Decimal:
    if figure.isdigit():
        return Decimal(figure)
    mark = _MARKS[decimal] if decimal else _mark_of(figure)
    whole, _, fraction = figure.partition(mark)
    if not (whole == "" or whole.isdigit() or _GROUPED.fullmatch(whole)) or not (fraction == "" or fraction.isdigit()):
        raise Unreadable("not_a_number")
    return Decimal("".join(filter(str.isdigit, whole)) + "." + fraction)


def _mark_of(figure: str) -> str:
    """The character that must be the decimal mark, given the digits around it."""
    points, commas = figure.count("."), figure.count(",")
    if points and commas:
        return "." if figure.rindex(".") > figure.rindex(",") else ","
    mark, other = (".", ",") if points else (",", ".")
    if points + commas != 1:
        return other
    before, _, after = figure.partition(mark)
    if len(after) == 3 and len(before) in (1, 2, 3) and before.isdigit() and before[0] != "0":
        raise Unreadable("ambiguous_number")
    return mark
