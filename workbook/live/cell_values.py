"""Values as Excel's object model hands them over and takes them, and as the port ``Book`` knows them.

Numbers come as floats, days as moments, amounts in a currency format as decimals of four places, errors as whole numbers,
blanks as None. A text that is handed over is taken as if it were typed: "=1+1", "1/2" and "00123" would become something
else, unless the cell's format is text, or an apostrophe comes first, which Excel takes for a mark and not for text.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbook.labels import WORDS
from workbook.package.cell_xml import LONGEST_TEXT, NotACellValue
from workbook.port import Cell
from workbook.refusals import TextTooLong

AS_TEXT = "@"
BLANK = ""
_ERRORS = {
    2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A",
    2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!", 2048: "#UNKNOWN!", 2049: "#FIELD!",
    2050: "#CALC!",
}  # fmt: skip
_ERROR_BASE = -2146828288
_PAST_1900, _EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_LEAP_DAY_OF_LOTUS = 61  # 1900-02-29, which never was, is day 60 in Excel
_SECONDS = 86_400
_OUR_WORDS = frozenset(word for words in WORDS.values() for word in (words.en, words.zh))

Block = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Typed:
    """What is to be taken as if it were typed: a formula, or an error."""

    text: str


Content = Cell | Typed


def rows_of(values: Any) -> Block:
    """A block by row; a single cell comes without its row."""
    return tuple(values) if isinstance(values, tuple | list) else ((values,),)


def is_error(value: object) -> bool:
    """Whether it stands for an error cell: the only whole numbers that come are those of errors."""
    return isinstance(value, int) and not isinstance(value, bool)


def error_text(value: int) -> str:
    """-2146826246 → "#N/A"."""
    return _ERRORS.get(value - _ERROR_BASE, "#ERROR!")


def cells_of(column: Sequence[Any]) -> list[Cell]:
    """A column as it came, as values of the port; errors are blank (and faults)."""
    kinds = set(map(type, column))
    if kinds <= {float, bool}:
        return list(column)
    if kinds <= {str, type(None)}:
        return [value or BLANK for value in column]
    return [_cell_of(value) for value in column]


def _cell_of(value: Any) -> Cell:
    if value is None or is_error(value):
        return BLANK
    if isinstance(value, dt.datetime):
        return _moment(value.replace(tzinfo=None))
    if isinstance(value, str | bool | float):
        return value
    return float(value)


def _moment(moment: dt.datetime) -> Cell:
    """A day where it is midnight; a time where there is no day. COM counts the days of early 1900 without Excel's error."""
    plain = dt.datetime(*moment.timetuple()[:6], moment.microsecond) + dt.timedelta(microseconds=500)
    plain = plain.replace(microsecond=plain.microsecond // 1000 * 1000)  # a part of a day is no exact number of seconds
    days = (plain.date() - _PAST_1900).days
    if days == 0:
        return plain.time()
    if 0 < days < _LEAP_DAY_OF_LOTUS - 1:
        plain += dt.timedelta(days=1)
    return plain.date() if plain.time() == dt.time() else plain


def number_of(value: Cell, *, is_1904: bool, where: str) -> Any:
    """What a cell is to hold: a float for days, times and numbers; None for a blank. Raises NotACellValue, TextTooLong."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise TextTooLong(where, len(value))
    if value is None or isinstance(value, str | bool):
        return value if value != BLANK else None
    if isinstance(value, dt.datetime):
        if value.tzinfo is not None:
            raise NotACellValue(where, value)
        return _day(value.date(), is_1904=is_1904, where=where) + _part_of_day(value.time())
    if isinstance(value, dt.date):
        return float(_day(value, is_1904=is_1904, where=where))
    if isinstance(value, dt.timedelta):
        return value.total_seconds() / _SECONDS
    if isinstance(value, dt.time):
        return _part_of_day(value)
    if not math.isfinite(value):
        raise NotACellValue(where, value)
    return float(value)


def _day(day: dt.date, *, is_1904: bool, where: str) -> int:
    days = (day - (_EPOCH_1904 if is_1904 else _PAST_1900)).days
    days -= not is_1904 and days < _LEAP_DAY_OF_LOTUS
    if days < (0 if is_1904 else 1):
        raise NotACellValue(where, day)
    return days


def _part_of_day(time: dt.time) -> float:
    return (time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6) / _SECONDS


def spelled(value: Any, *, is_text_cell: bool) -> Any:
    """How a value is handed over so that Excel keeps it as it is. "" empties a cell; None would be the null of databases."""
    if value is None:
        return ""
    if isinstance(value, Typed):
        return value.text
    if not isinstance(value, str):
        return value
    if is_text_cell:
        return f"'{value}" if value.startswith("'") else value
    # The longest of texts has no room for an apostrophe, and is neither a number nor a day.
    return value if value in _OUR_WORDS or len(value) == LONGEST_TEXT else f"'{value}"


def spelled_otherwise(value: str, *, is_text_cell: bool) -> str:
    """The other spelling, should Excel not have kept the first: whether a text cell shows an apostrophe is not certain."""
    return value if spelled(value, is_text_cell=is_text_cell) != value else f"'{value}"


def is_kept(meant: Any, found: Any) -> bool:
    """Whether a cell holds what it was to hold. A number in a cell whose format is text becomes its text."""
    if isinstance(meant, Typed):
        return True
    if meant is None or isinstance(meant, bool):
        return type(found) is type(meant) and bool(found == meant)
    if isinstance(meant, str):
        return isinstance(found, str) and _one_line_end(found) == _one_line_end(meant)
    if isinstance(found, str):
        return _is_number(found, meant)
    return isinstance(found, float) and found == meant


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n")


def _is_number(text: str, number: float) -> bool:
    try:
        return float(text) == number
    except ValueError:
        return False
