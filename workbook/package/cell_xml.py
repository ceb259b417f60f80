"""Values as the XML of cells: a text stays a text, a number keeps every digit, a date is the workbook's own count of days.

Texts are written inline, so that the list of shared strings keeps its bytes. Whole columns are written at once, since most
of a report's time would go into its cells otherwise.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

from workbook.addresses import column_letters
from workbook.port import Cell
from workbook.refusals import TextTooLong

LONGEST_TEXT = 32_767
"""Characters in a cell, by Excel's limits."""
FORMULA_SIGNS = ("=", "+", "-", "@")
"""Excel takes a text that begins so for a formula when somebody edits its cell, unless the cell is marked as quoted."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SEPARATOR = "\x1e"
_SPECIAL = re.compile("[\x00-\x08\x0b-\x1d\x1f\ud800-\udfff\ufffe\uffff&<>]|_x[0-9A-Fa-f]{4}_")
_PAST_1900, _EPOCH_1904 = dt.date(1899, 12, 30).toordinal(), dt.date(1904, 1, 1).toordinal()
_LEAP_DAY_OF_LOTUS = 61  # 1900-02-29, which never was, is day 60 in Excel
_SECONDS = 86_400


class NotACellValue(ValueError):
    """A value that no cell can hold: a number that is none, a day before the count of days begins."""

    def __init__(self, where: str, value: object) -> None:
        super().__init__(f"{where}: {value!r} is not a value of a cell")


def encoded(text: str) -> str:
    """Characters that XML cannot hold, as Excel spells them: ``_x000B_``; markup escaped."""
    text = _LIKE_AN_ESCAPE.sub("_x005F_", text)
    return escape(_UNPRINTABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def encoded_column(texts: Sequence[str]) -> Sequence[str]:
    """The texts of a column, encoded; one search over all of them tells whether any needs it."""
    joined = _SEPARATOR.join(texts)
    if joined.count(_SEPARATOR) == len(texts) - 1 and not _SPECIAL.search(joined):
        return texts
    done: dict[str, str] = {}
    return [done[text] if text in done else done.setdefault(text, encoded(text)) for text in texts]


class CellWriter:
    """Cells of one sheet: its prefix and the system that its dates count by.

    ``quoted``: the format of a cell → the same format for a text that begins like a formula. ``sheet`` names it in messages.
    """

    def __init__(self, prefix: str, sheet: str, *, is_1904: bool, quoted: Callable[[int], int]) -> None:
        self._p = prefix
        self._sheet = sheet
        self._is_1904 = is_1904
        self._quoted = quoted
        self._text_opens = f' t="inlineStr"><{prefix}is><{prefix}t>'
        self._kept_text_opens = f' t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">'
        self._text_closes = f"</{prefix}t></{prefix}is></{prefix}c>"

    def cell(self, row: int, column: int, value: Cell, style: int) -> str:
        """One cell; a blank one keeps its format. Raises TextTooLong, NotACellValue."""
        if isinstance(value, str) and value:
            style = self._style_of(value, style)
        opening = self._opening(column_letters(column), row, style)
        if value is None or value == "":
            return f"{opening}/>" if style else ""
        if isinstance(value, str):
            self._refuse_long([value], [row], column)
            kept = self._kept_text_opens if _needs_keeping(value) else self._text_opens
            return f"{opening}{kept}{encoded(value)}{self._text_closes}"
        return f"{opening}{self._number_tail(value, row, column)}"

    def formula(self, row: int, column: int, text: str, style: int) -> str:
        """A formula whose result the program that opens the workbook works out; ``text`` is without its equals sign."""
        return f"{self._opening(column_letters(column), row, style)}><{self._p}f>{escape(text)}</{self._p}f></{self._p}c>"

    def column(self, rows: Sequence[int], column: int, values: Sequence[Cell], style: int) -> Column:
        """The cells of a column, a blank one left out. Raises TextTooLong, NotACellValue."""
        letters = column_letters(column)
        opening = self._opening(letters, "%s", style)
        kinds = set(map(type, values))
        if kinds == {str} and "" not in values and not self._has_formula_signs(values):
            self._refuse_long(values, rows, column)
            keeps = any(map(_needs_keeping, values))
            texts = encoded_column(values)  # type: ignore[arg-type]  # all are str
            opens = self._kept_text_opens if keeps else self._text_opens
            return Column(f"{opening}{opens}%s{self._text_closes}", [rows, texts])
        if kinds == {int}:
            return Column(f"{opening}><{self._p}v>%d</{self._p}v></{self._p}c>", [rows, values])
        if kinds == {float} and all(map(math.isfinite, values)):  # type: ignore[arg-type]  # all are float
            return Column(f"{opening}><{self._p}v>%r</{self._p}v></{self._p}c>", [rows, values])
        if kinds == {dt.date}:
            serials = [self._day(value, row, column) for row, value in zip(rows, values, strict=True)]
            return Column(f"{opening}><{self._p}v>%d</{self._p}v></{self._p}c>", [rows, serials])
        return Column("%s", [self._one_by_one(rows, column, values, style)])

    def _one_by_one(self, rows: Sequence[int], column: int, values: Sequence[Cell], style: int) -> list[str]:
        """A column of several kinds, or with blanks, which leave no cell."""
        letters, tails = column_letters(column), {}
        texts = [value for value in values if isinstance(value, str) and value]
        if texts and len(set(texts)) == len(texts):
            encoded_texts = dict(zip(texts, encoded_column(texts), strict=True))
        else:
            encoded_texts = {text: encoded(text) for text in set(texts)}
        cells = []
        for row, value in zip(rows, values, strict=True):
            if value is None or value == "":
                cells.append("")
                continue
            key = (type(value), value)
            if key not in tails:
                tails[key] = self._styled_tail(value, encoded_texts, row, column, style)
            cells.append(f'<{self._p}c r="{letters}{row}"{tails[key]}')
        return cells

    def _styled_tail(self, value: Cell, encoded_texts: dict[str, str], row: int, column: int, style: int) -> str:
        if not isinstance(value, str):
            return _style_attribute(style) + self._number_tail(value, row, column)
        self._refuse_long([value], [row], column)
        opens = self._kept_text_opens if _needs_keeping(value) else self._text_opens
        return f"{_style_attribute(self._style_of(value, style))}{opens}{encoded_texts[value]}{self._text_closes}"

    def _opening(self, letters: str, row: int | str, style: int) -> str:
        return f'<{self._p}c r="{letters}{row}"{_style_attribute(style)}'

    def _style_of(self, text: str, style: int) -> int:
        return self._quoted(style) if text.startswith(FORMULA_SIGNS) else style

    def _has_formula_signs(self, texts: Sequence[Cell]) -> bool:
        return not {text[0] for text in texts if isinstance(text, str)}.isdisjoint(FORMULA_SIGNS)

    def _refuse_long(self, texts: Sequence[Cell], rows: Sequence[int], column: int) -> None:
        for text, row in zip(texts, rows, strict=True):
            if isinstance(text, str) and len(text) > LONGEST_TEXT:
                raise TextTooLong(f"{self._sheet}!{column_letters(column)}{row}", len(text))

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


def _needs_keeping(text: Cell) -> bool:
    """Whether a text begins or ends with a blank, which a reader may drop unless it is told to keep it."""
    return isinstance(text, str) and (text[:1].isspace() or text[-1:].isspace())
