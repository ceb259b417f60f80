"""Ids and free text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from workbook.port import Cell
from workbook.reading.cell_parsing.column import UNSEEN, Flaw, Parsed, trimmed

_WIDE_DIGITS = {ord("０") + digit: ord("0") + digit for digit in range(10)}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNUSUAL = re.compile(f"{UNSEEN.pattern}|{_CONTROL.pattern}|[０-９]")
_DIGITS_KEPT = 10**15
"""Excel keeps fifteen digits of a number: of a longer one typed as an id, the last digits are lost."""


def ids(column: Sequence[Cell]) -> Parsed[list[str]]:
    """Ids as texts, "" where blank, without the spaces and zero-width characters around them, digits half-width.

    A whole number is its digits; ``number_as_id`` warns where the column holds the same id as text too, so that it is
    said that both were taken for one. ``not_an_id``: a number with decimals or of more than fifteen digits, a date, a
    yes/no: what was typed can no longer be told. ``id_with_control_characters``: a line break or the like inside it.
    ``00123`` and ``123`` are different ids.
    """
    if set(map(type, column)) == {str}:
        cells: Sequence[str] = column  # type: ignore[assignment]  # just looked
        # One search through the joined column is much cheaper than one a cell.
        if _UNUSUAL.search("".join(cells)) is None:
            return Parsed(list(map(str.strip, cells)), [])
    values: list[str] = []
    numbers: list[int] = []
    flaws: list[Flaw] = []
    for at, cell in enumerate(column):
        if isinstance(cell, str):
            value = trimmed(cell).translate(_WIDE_DIGITS)
            is_clean = _CONTROL.search(value) is None
            values.append(value if is_clean else "")
            if not is_clean:
                flaws.append((at, "id_with_control_characters"))
        elif cell is None:
            values.append("")
        elif isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < _DIGITS_KEPT and cell == int(cell):
            values.append(str(int(cell)))
            numbers.append(at)
        else:
            values.append("")
            flaws.append((at, "not_an_id"))
    typed_as_text = {value for value, cell in zip(values, column, strict=True) if type(cell) is str}
    flaws.extend((at, "number_as_id") for at in numbers if values[at] in typed_as_text)
    return Parsed(values, sorted(flaws))


def texts(column: Sequence[Cell]) -> Parsed[list[str]]:
    """Text as typed, less what is blank around it; "" where blank. A number or date in such a column is its usual text."""
    if set(map(type, column)) == {str}:
        cells: Sequence[str] = column  # type: ignore[assignment]  # just looked
        if UNSEEN.search("\n".join(cells)) is None:
            return Parsed(list(map(str.strip, cells)), [])
    return Parsed(list(map(text_of, column)), [])


def text_of(cell: Cell) -> str:
    """One cell as text: 13800138000.0 is "13800138000", a date 2024-01-05, yes/no TRUE or FALSE."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return trimmed(cell)
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _DIGITS_KEPT else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def as_words(column: Sequence[Cell]) -> Sequence[str]:
    """The cells as texts, untouched where they are texts already: for columns that repeat a few words."""
    if set(map(type, column)) == {str}:
        return column  # type: ignore[return-value]  # just looked
    return [cell if isinstance(cell, str) else text_of(cell) for cell in column]
