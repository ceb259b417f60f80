"""Cell addresses: ``C7`` ↔ row 7, column 3, and the rectangles that tables stand in. Rows and columns count from 1."""

from __future__ import annotations

import re
from dataclasses import dataclass

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_AREA = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")


def column_letters(column: int) -> str:
    """3 → ``C``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """``C`` → 3."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    """(7, 3) → ``C7``."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, its corners included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @classmethod
    def parse(cls, text: str) -> Area:
        """``A1:C9`` or ``B2``. Raises ValueError when it is neither, or not on a sheet."""
        found = _AREA.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is not an area of cells")
        left, top, right, bottom = found.groups()
        area = cls(int(top), column_number(left), int(bottom or top), column_number(right or left))
        is_tall = 1 <= area.first_row <= area.last_row <= LAST_ROW
        if not (is_tall and 1 <= area.first_column <= area.last_column <= LAST_COLUMN):
            raise ValueError(f"{text!r} is not an area of a sheet")
        return area

    def __str__(self) -> str:
        return f"{address(self.first_row, self.first_column)}:{address(self.last_row, self.last_column)}"

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.last_column - self.first_column + 1

    @property
    def is_one_cell(self) -> bool:
        """Whether it is a single cell."""
        return (self.first_row, self.first_column) == (self.last_row, self.last_column)

    @property
    def is_whole_columns(self) -> bool:
        """Whether it reaches from the first row of a sheet to the last."""
        return (self.first_row, self.last_row) == (1, LAST_ROW)

    @property
    def is_whole_rows(self) -> bool:
        """Whether it reaches from the first column of a sheet to the last."""
        return (self.first_column, self.last_column) == (1, LAST_COLUMN)

    def spanning(self, other: Area) -> Area:
        """The smallest area that holds both."""
        return Area(
            min(self.first_row, other.first_row),
            min(self.first_column, other.first_column),
            max(self.last_row, other.last_row),
            max(self.last_column, other.last_column),
        )

    def overlaps(self, other: Area) -> bool:
        """Whether they have a cell in common."""
        return not (
            self.last_row < other.first_row
            or other.last_row < self.first_row
            or self.last_column < other.first_column
            or other.last_column < self.first_column
        )
