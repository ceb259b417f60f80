"""Delimited text as rows: the encoding recognised, the delimiter found, quotes honoured, every value left as text."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from workbook.importing.refusals import BrokenQuotes, NotText, UnknownEncoding, UnreadableInEncoding

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = "\t|;,"
"""In order of preference where two fit equally: where a file has both, its commas are those of decimals."""
_SAMPLE = 50
_NAMES = {"\t": "tab", "|": "pipe", ";": "semicolon", ",": "comma"}


@dataclass(frozen=True)
class DelimitedText:
    """The rows that hold anything, each with the line of the file that it begins on."""

    rows: list[list[str]]
    lines: list[int]
    encoding: str
    delimiter: str

    @property
    def described(self) -> str:
        """For the summary: "utf-8, semicolon"."""
        return f"{self.encoding}, {_NAMES[self.delimiter]}"


def read_delimited(path: Path, raw: bytes, *, encoding: str | None = None) -> DelimitedText:
    """The rows of a CSV file given as bytes. Raises UnknownEncoding, UnreadableInEncoding, NotText, BrokenQuotes."""
    text, found = decode(path, raw, encoding=encoding)
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as Excel keeps the lines of a cell
    text, delimiter = _declared_delimiter(text)
    skipped_lines = 0 if delimiter is None else 1
    delimiter = delimiter or find_delimiter(text)
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for row in reader:
            if any(map(str.strip, row)):
                rows.append(row)
                lines.append(begins + skipped_lines)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BrokenQuotes(path, begins + skipped_lines, str(error)) from error
    return DelimitedText(rows, lines, found, delimiter)


def decode(path: Path, raw: bytes, *, encoding: str | None = None) -> tuple[str, str]:
    """The text and the encoding it was read in: the one asked for, that of a byte order mark, strict utf-8, else gb18030.

    Western text in an old code page often passes as gb18030 with nonsense for its accented letters. Chinese as people
    write it is nearly all in the older, smaller GB 2312, such nonsense is not: text that is mostly outside is refused.
    """
    if encoding is not None:
        return _decoded_as_asked(path, raw, encoding), encoding
    for mark, marked in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return _decoded_as_asked(path, raw, marked), marked
    try:
        text, found = raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        try:
            text, found = raw.decode("gb18030"), "gb18030"
        except UnicodeDecodeError as error:
            raise UnknownEncoding(path) from error
        foreign = [character for character in text if character > "\x7f"]
        usual = sum(len(character.encode("gb2312", "ignore")) > 0 for character in foreign)
        if usual * 2 < len(foreign):
            raise UnknownEncoding(path) from None
    return _without_nulls(path, text), found


def _decoded_as_asked(path: Path, raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableInEncoding(path, encoding) from error
    return _without_nulls(path, text)


def _without_nulls(path: Path, text: str) -> str:
    # UTF-16 without its mark passes as utf-8 full of nulls; so does a binary file.
    if "\0" in text:
        raise NotText(path)
    return text.removeprefix("\ufeff")


def _declared_delimiter(text: str) -> tuple[str, str | None]:
    """Excel's own convention: a first line ``sep=;`` names the delimiter."""
    first, end, rest = text.partition("\n")
    first = first.strip('"')
    if first[:4].lower() == "sep=" and len(first) == 5 and first[4] in _DELIMITERS and end:
        return rest, first[4]
    return text, None


def find_delimiter(text: str) -> str:
    """The delimiter by which the first rows have as many cells as the header, quotes honoured; a comma for one column."""
    best, best_fit = ",", (False, 0.0)
    for delimiter in _DELIMITERS:
        fit = _fit(text, delimiter)
        if fit > best_fit:
            best, best_fit = delimiter, fit
    return best


def _fit(text: str, delimiter: str) -> tuple[bool, float]:
    """(quotes stand where this delimiter allows them, share of the first rows as wide as the header)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    widths: list[int] = []
    is_clean = True
    try:
        widths.extend(len(row) for row in islice((row for row in reader if any(map(str.strip, row))), _SAMPLE))
    except csv.Error:
        is_clean = False
    if not widths or widths[0] < 2:
        return False, 0.0
    return is_clean, sum(width == widths[0] for width in widths) / len(widths)
