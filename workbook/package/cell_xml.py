"""Values as the XML of cells: a text stays a text, a number keeps every digit, a date is the workbook's own count of days.

Texts are written inline, or as the number of one in the list of shared strings, which keeps its bytes. Whole columns are
written at once, since most of a report's time would go into its cells otherwise.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from xml.sax.saxutils import escape

from workbook.addresses import column_letters
from workbook.port import Cell
from workbook.refusals import TextTooLong

LONGEST_TEXT = 32_767
"""Characters in a cell, by Excel's limits."""
FORMULA_SIGNS = "=+\\-@＝＋－＠"
"""For a class of characters. Excel takes a text that begins so, the wide ones where Chinese or Japanese is typed, for a
formula when somebody edits its cell, unless the cell is marked as quoted.
"""

_BEGINS_LIKE_A_FORMULA = re.compile(rf"\s*[{FORMULA_SIGNS}]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SEPARATOR = "\x1e"
_SPECIAL = re.compile("[\x00-\x08\x0b-\x1d\x1f\ud800-\udfff\ufffe\uffff&<>]|_x[0-9A-Fa-f]{4}_")
# In texts joined by the separator: one that is to be encoded, begins like a formula, or begins or ends with a blank.
_NOT_PLAIN_AT_AN_END = re.compile(rf"\A[{FORMULA_SIGNS}\s]|{_SEPARATOR}[{FORMULA_SIGNS}\s]|\s{_SEPARATOR}|\s\Z")
_NOT_PLAIN = re.compile(rf"{_SPECIAL.pattern}|{_NOT_PLAIN_AT_AN_END.pattern}")
_PAST_1900, _EPOCH_1904 = dt.date(1899, 12, 30).toordinal(), dt.date(1904, 1, 1).toordinal()
_LEAP_DAY_OF_LOTUS = 61  # 1900-02-29, which never was, is day 60 in Excel
_SECONDS = 86_400


class NotACellValue(ValueError):
    """A value that no cell can hold: a number that is none, a day before the count of days begins."""

    def __init__(self, where: str, value: object) -> None:
        super().__init__(f"{where}: {value!r} is not a value of a cell")


def begins_like_a_formula(text: str) -> bool:
    """Whether Excel would make a formula of a text that somebody edits; blanks before the sign do not keep it from that."""
    return _BEGINS_LIKE_A_FORMULA.match(text) is not None


def encoded(text: str) -> str:
    """Characters that XML cannot hold, as Excel spells them: ``_x000B_``; markup escaped."""
    if not _SPECIAL.search(text) and _SEPARATOR not in text:
        return text
    text = _LIKE_AN_ESCAPE.sub("_x005F_", text)
    return escape(_UNPRINTABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def _are_plain(texts: Sequence[str]) -> bool:
    """Whether texts can be written as they stand: one search over all of them is faster than a look at each."""
    joined = _SEPARATOR.join(texts)
    is_separated = joined.count(_SEPARATOR) == len(texts) - 1
    if not is_separated or max(map(len, texts)) > LONGEST_TEXT:
        return False
    # Most columns hold nothing that one would have to look at closely; the searches for that take a third of the time.
    needs_a_look = not joined.replace(_SEPARATOR, "").isprintable() or any(sign in joined for sign in ("&", "<", ">", "_x"))
    return not (_NOT_PLAIN if needs_a_look else _NOT_PLAIN_AT_AN_END).search(joined)


class CellWriter:
    """Cells of one sheet: its prefix and the system that its dates count by.

    ``quoted``: the format of a cell → the same format for a text that begins like a formula. ``sheet`` names it in messages.
    ``shared``: text → its number in the workbook's list (``shared_texts.py``).
    """

    def __init__(
        self,
        prefix: str,
        sheet: str,
        *,
        is_1904: bool,
        quoted: Callable[[int], int],
        shared: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._p = prefix
        self._sheet = sheet
        self._is_1904 = is_1904
        self._quoted = quoted
        self._shared = shared
        self._text_opens = f' t="inlineStr"><{prefix}is><{prefix}t>'
        self._kept_text_opens = f' t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">'
        self._text_closes = f"</{prefix}t></{prefix}is></{prefix}c>"

    def cell(self, row: int, column: int, value: Cell, style: int) -> str:
        """One cell; a blank one keeps its format. Raises TextTooLong, NotACellValue."""
        if value is None or value == "":
            return f"{self._opening(column_letters(column), row, style)}/>" if style else ""
        return f'<{self._p}c r="{column_letters(column)}{row}"{self._styled_tail(value, row, column, style)}'

    def formula(self, row: int, column: int, text: str, style: int, *, is_array: bool = False) -> str:
        """A formula whose result the program that opens the workbook works out; ``text`` is without its equals sign."""
        letters = column_letters(column)
        kind = f' t="array" ref="{letters}{row}"' if is_array else ""
        return f"{self._opening(letters, row, style)}><{self._p}f{kind}>{escape(text)}</{self._p}f></{self._p}c>"

    def column(self, rows: Sequence[int], column: int, values: Sequence[Cell], style: int) -> Column:
        """The cells of a column, a blank one left out. Raises TextTooLong, NotACellValue."""
        letters = column_letters(column)
        opening = self._opening(letters, "%s", style)
        kinds = set(map(type, values))
        if kinds == {str} and "" not in values:
            texts = self._texts(opening, rows, values)  # type: ignore[arg-type]  # all are str
            return texts if texts is not None else Column("%s", [self._one_by_one(rows, column, values, style)])
        if kinds == {int}:
            return Column(f"{opening}><{self._p}v>%d</{self._p}v></{self._p}c>", [rows, values])
        if kinds == {float} and all(map(math.isfinite, values)):  # type: ignore[arg-type]  # all are float
            return Column(f"{opening}><{self._p}v>%r</{self._p}v></{self._p}c>", [rows, values])
        if kinds == {dt.date}:
            serials = [self._day(value, row, column) for row, value in zip(rows, values, strict=True)]
            return Column(f"{opening}><{self._p}v>%d</{self._p}v></{self._p}c>", [rows, serials])
        return Column("%s", [self._one_by_one(rows, column, values, style)])

    def _texts(self, opening: str, rows: Sequence[int], texts: Sequence[str]) -> Column | None:
        """A column of texts, none blank; None where some must be looked at one by one."""
        numbers = list(map(self._shared.get, texts))
        if None not in numbers:
            return Column(f'{opening} t="s"><{self._p}v>%d</{self._p}v></{self._p}c>', [rows, numbers])
        if not _are_plain(texts):
            return None
        if numbers.count(None) == len(numbers):
            return Column(f"{opening}{self._text_opens}%s{self._text_closes}", [rows, texts])
        tails = [
            self._shared_tail(number) if number is not None else f"{self._text_opens}{text}{self._text_closes}"
            for text, number in zip(texts, numbers, strict=True)
        ]
        return Column(f"{opening}%s", [rows, tails])

    def _one_by_one(self, rows: Sequence[int], column: int, values: Sequence[Cell], style: int) -> list[str]:
        """A column of several kinds, or with blanks, which leave no cell."""
        start = f'<{self._p}c r="{column_letters(column)}'
        tails: dict[tuple[type, Cell], str] = {}
        cells = []
        for row, value in zip(rows, values, strict=True):
            if value is None or value == "":
                cells.append("")
                continue
            key = (type(value), value)
            if key not in tails:
                tails[key] = self._styled_tail(value, row, column, style)
            cells.append(f'{start}{row}"{tails[key]}')
        return cells

    def _styled_tail(self, value: Cell, row: int, column: int, style: int) -> str:
        """What stands behind a cell's place."""
        if not isinstance(value, str):
            return _style_attribute(style) + self._number_tail(value, row, column)
        if len(value) > LONGEST_TEXT:
            raise TextTooLong(f"{self._sheet}!{column_letters(column)}{row}", len(value))
        number = self._shared.get(value)
        if number is not None:
            return f"{_style_attribute(style)}{self._shared_tail(number)}"
        style = self._quoted(style) if begins_like_a_formula(value) else style
        # A reader may drop a blank at either end unless it is told to keep it.
        opens = self._kept_text_opens if value[:1].isspace() or value[-1:].isspace() else self._text_opens
        return f"{_style_attribute(style)}{opens}{encoded(value)}{self._text_closes}"

    def _shared_tail(self, number: int) -> str:
        return f' t="s"><{self._p}v>{number}</{self._p}v></{self._p}c>'

    def _opening(self, letters: str, row: int | str, style: int) -> str:
        return f'<{self._p}c r="{letters}{row}"{_style_attribute(style)}'

    def _number_tail(self, value: Cell, row: int, column: int) -> str:
        if isinstance(value, bool):
            return f' t="b"><{self._p}v>{int(value)}</{self._p}v></{self._p}c>'
        return f"><{self._p}v>{self._serial(value, row, column)!r}</{self._p}v></{self._p}c>"

    def _serial(self, value: Cell, row: int, column: int) -> int | float:
        where = f"{self._sheet}!{column_letters(column)}{row}"
        if isinstance(value, dt.datetime):
            if value.tzinfo is not None:
                raise NotACellValue(where, value)
            seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
            return self._day(value, row, column) + seconds / _SECONDS
        if isinstance(value, dt.date):
            return self._day(value, row, column)
        if isinstance(value, dt.timedelta):
            return value.total_seconds() / _SECONDS
        if isinstance(value, dt.time):
            return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / _SECONDS
        if isinstance(value, int | float) and math.isfinite(value):
            return value
        raise NotACellValue(where, value)

    def _day(self, value: Cell, row: int, column: int) -> int:
        if not isinstance(value, dt.date):
            raise NotACellValue(f"{self._sheet}!{column_letters(column)}{row}", value)
        day = value.toordinal() - (_EPOCH_1904 if self._is_1904 else _PAST_1900)
        day -= not self._is_1904 and day < _LEAP_DAY_OF_LOTUS
        if day < (0 if self._is_1904 else 1):
            raise NotACellValue(f"{self._sheet}!{column_letters(column)}{row}", value)
        return day


class Column:
    """Cells of a column as a piece of a row's pattern, and what is filled in row by row."""

    def __init__(self, pattern: str, arguments: Sequence[Sequence[object]]) -> None:
        self.pattern = pattern
        self.arguments = arguments


def rows_xml(openings: Sequence[str], columns: Sequence[Column], rests: Sequence[str], prefix: str) -> list[str]:
    """Rows from the tags that open them, their columns from left to right, and what stands behind the cells of each."""
    pattern = "%s" + "".join(column.pattern for column in columns) + f"%s</{prefix}row>"
    arguments = [openings, *(each for column in columns for each in column.arguments), rests]
    return [pattern % each for each in zip(*arguments, strict=True)]


def _style_attribute(style: int) -> str:
    return f' s="{style}"' if style else ""
