"""What stands in cells, and what Excel makes of a value that is put into one.

A text that is put into a cell is taken as if somebody had typed it: it may become a number, a day, TRUE, an error or a
formula, unless the cell's format is text or an apostrophe comes first. That is what a writer has to reckon with.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.excel_stand_in.windows_modules import Time, refused

ERRORS = {
    "#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042,
    "#GETTING_DATA": 2043, "#SPILL!": 2045, "#CALC!": 2050,
}  # fmt: skip
TEXT = "@"
LONGEST = 32767
_ERROR_BASE = -2146828288
_EPOCHS = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}
_SECONDS = 86_400
_NUMBER = re.compile(r"[+-]?(?:\d+(?:,\d{3})*|\d*)\.?\d+(?:[eE][+-]?\d+)?%?|[+-]?\d+\.")
_ISO_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_SHORT_DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})(?:[-/](\d{4}))?")
_MONTH = re.compile(r"([A-Z][a-z]{2})[a-z]* (\d{1,4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class ErrorValue(int):
    """An error in a cell, as COM hands it over: a whole number, where numbers are always floats."""

    @classmethod
    def of(cls, text: str) -> ErrorValue:
        return cls(_ERROR_BASE + ERRORS[text])

    @property
    def text(self) -> str:
        return next(text for text, code in ERRORS.items() if _ERROR_BASE + code == self)


@dataclass(slots=True)
class Cell:
    """``value``: None, a float, text, bool or ErrorValue. Days are floats, and their format says that they are days."""

    value: Any = None
    formula: str = ""
    number_format: str = "General"
    is_quoted: bool = False
    look: dict[str, Any] = field(default_factory=dict)

    def is_blank(self) -> bool:
        return self.value is None and not self.formula

    def copied(self) -> Cell:
        return Cell(self.value, self.formula, self.number_format, self.is_quoted, dict(self.look))


@dataclass(frozen=True)
class Habits:
    """What differs between Excels, or is not known for sure: tests run with either."""

    is_1904: bool = False
    keeps_apostrophe_in_text_cells: bool = False
    formula_results: dict[str, Any] = field(default_factory=dict)


def is_day_format(number_format: str) -> bool:
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format)
    return plain != "General" and any(sign in plain.lower() for sign in ("y", "d", "h:", "ss"))


def is_currency_format(number_format: str) -> bool:
    return any(sign in number_format for sign in "$€¥£")


def put(cell: Cell, given: Any, habits: Habits) -> None:
    """Range.Value = given."""
    cell.formula, cell.is_quoted = "", False
    if given is None or given == "":
        cell.value = None
    elif isinstance(given, bool):
        cell.value = given
    elif isinstance(given, dt.datetime):
        cell.value = serial(given.replace(tzinfo=None), habits)
        if cell.number_format == "General":
            cell.number_format = "m/d/yyyy"
    elif isinstance(given, int | float | Decimal):
        cell.value = _as_text(float(given)) if cell.number_format == TEXT else float(given)
    elif isinstance(given, str):
        _type_in(cell, given, habits)
    else:
        raise refused(f"a cell cannot hold a {type(given).__name__}")


def _type_in(cell: Cell, text: str, habits: Habits) -> None:
    if len(text) > LONGEST:
        raise refused("Application-defined or object-defined error")
    if text.startswith("'") and not (cell.number_format == TEXT and habits.keeps_apostrophe_in_text_cells):
        cell.value, cell.is_quoted = text[1:], True
    elif cell.number_format == TEXT:
        cell.value = text
    elif text[0] == "=" and len(text) > 1:
        cell.formula, cell.value = text, _result(text, habits)
    elif text[0] in "+-@" and len(text) > 1 and not _NUMBER.fullmatch(text):
        # Excel puts an equals sign before it, and refuses what is then no formula.
        if not re.fullmatch(r"[+\-@][\w(][\w().:+*/-]*", text):
            raise refused("Application-defined or object-defined error")
        cell.formula, cell.value = f"={text}", _result(f"={text}", habits)
    else:
        cell.value, number_format = _understood(text, habits)
        if number_format and cell.number_format == "General":
            cell.number_format = number_format


def _understood(text: str, habits: Habits) -> tuple[Any, str]:
    typed = text.strip()
    if typed.upper() in ("TRUE", "FALSE"):
        return typed.upper() == "TRUE", ""
    if typed.upper() in ERRORS:
        return ErrorValue.of(typed.upper()), ""
    if _NUMBER.fullmatch(typed):
        plain = typed.replace(",", "").rstrip("%")
        return float(plain) / (100 if typed.endswith("%") else 1), "0%" if typed.endswith("%") else ""
    day = _day(typed)
    return (serial(day, habits), "m/d/yyyy") if day is not None else (text, "")


def _day(text: str) -> dt.datetime | None:
    try:
        if found := _ISO_DAY.fullmatch(text):
            return dt.datetime(*map(int, found.groups()))
        if found := _SHORT_DAY.fullmatch(text):
            month, day, year = found.groups()
            return dt.datetime(int(year or 2024), int(month), int(day))
        found = _MONTH.fullmatch(text)
        if found and found[1] in _MONTHS:
            number = int(found[2])
            return dt.datetime(number if number > 31 else 2024, _MONTHS.index(found[1]) + 1, 1 if number > 31 else number)
    except ValueError:
        return None
    return None


def _result(formula: str, habits: Habits) -> Any:
    if formula in habits.formula_results:
        return habits.formula_results[formula]
    if formula == '=""':
        return ""
    return ErrorValue.of("#DIV/0!") if formula == "=1/0" else 0.0


def _as_text(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


def serial(moment: dt.datetime, habits: Habits) -> float:
    """A moment as the workbook counts days."""
    passed = moment - _EPOCHS[habits.is_1904]
    days = passed.days + (passed.seconds + passed.microseconds / 1e6) / _SECONDS
    return days - (not habits.is_1904 and days < 61)  # 29 February 1900, which Excel believes in


def value_of(cell: Cell, habits: Habits) -> Any:
    """Range.Value: days as moments, amounts in a currency format as decimals of four places."""
    if isinstance(cell.value, float):
        if is_day_format(cell.number_format):
            moment = _EPOCHS[habits.is_1904] + dt.timedelta(days=cell.value)
            return Time(*moment.timetuple()[:6], moment.microsecond, tzinfo=dt.UTC)
        if is_currency_format(cell.number_format):
            return Decimal(repr(round(cell.value, 4)))
    return plain_value_of(cell)


def plain_value_of(cell: Cell) -> Any:
    """Range.Value2: days and amounts as plain numbers."""
    return int(cell.value) if isinstance(cell.value, ErrorValue) else cell.value


def formula_of(cell: Cell) -> Any:
    """Range.Formula: of a cell without one, its value as a text."""
    if cell.formula:
        return cell.formula
    if cell.value is None:
        return ""
    if isinstance(cell.value, bool):
        return str(cell.value).upper()
    if isinstance(cell.value, ErrorValue):
        return cell.value.text
    return _as_text(cell.value) if isinstance(cell.value, float) else cell.value
