"""The values of a sheet's cells, through calamine.

calamine hands over a dense rectangle and keeps room for every cell of it: one forgotten cell in the sheet's last corner
would take all memory and end the program without a word, so that the rectangle is measured first.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from python_calamine import CalamineError, CalamineWorkbook

from workbook.addresses import column_number
from workbook.package.package_index import Package
from workbook.port import Cell
from workbook.refusals import DamagedWorkbook, SheetTooLarge

# Patterns that begin with a fixed text are searched for several times faster.
_WIDE_OR_LONG = re.compile(rb"""r=["'](?:[A-Za-z]{2}|[A-Za-z]?[0-9]{7})""")


class SheetValues:
    """Values by sheet. The workbook stays open in calamine, which has its shared strings in memory."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._workbook: CalamineWorkbook | None = None

    def rows(self, sheet: str, part: bytes, last_row: int | None = None) -> Sequence[Sequence[Cell]]:
        """The rows of a sheet from row 1, column A, up to ``last_row`` or the last that is there; ``""`` is a blank cell.

        ``part`` is the sheet's XML. Raises SheetTooLarge, DamagedWorkbook.
        """
        spanned = extent(part)
        if spanned > self._package.parts.limits.cells:
            raise SheetTooLarge(self._package.path.name, sheet, spanned, "DUEBOOK_LIMIT_CELLS")
        with self._faults_as_refusals():
            if self._workbook is None:
                self._workbook = CalamineWorkbook.from_filelike(io.BytesIO(self._package.raw))
            values = self._workbook.get_sheet_by_name(sheet)
            return values.to_python(skip_empty_area=False, nrows=last_row)

    @contextmanager
    def _faults_as_refusals(self) -> Iterator[None]:
        try:
            yield
        except (CalamineError, OSError, ValueError) as error:
            raise DamagedWorkbook(self._package.path, str(error)) from error
        except BaseException as error:
            # A panic of calamine's Rust code derives from BaseException, and its type cannot be imported.
            if type(error).__name__ != "PanicException":
                raise
            raise DamagedWorkbook(self._package.path, str(error)) from error


def column_slice(
    rows: Sequence[Sequence[Cell]], first_row: int, last_row: int, columns: range
) -> tuple[Sequence[Cell], ...]:
    """The cells of sheet rows ``first_row`` to ``last_row`` by column; what is outside ``rows`` is blank."""
    taken = rows[first_row - 1 : last_row]
    missing = max(0, last_row - first_row + 1) - len(taken)
    by_column: list[tuple[Cell, ...]] = list(zip(*taken, strict=True))
    blank: tuple[Cell, ...] = ("",) * (len(taken) + missing)
    padding: tuple[Cell, ...] = ("",) * missing
    return tuple(by_column[at - 1] + padding if at <= len(by_column) else blank for at in columns)


def extent(part: bytes) -> int:
    """At most how many cells the rectangle from A1 to the outermost cell of a sheet has."""
    # Before and behind the cells stand attributes that look like theirs: xmlns:r="http…".
    first, last = max(0, part.find(b"sheetData")), part.rfind(b"sheetData")
    if not _WIDE_OR_LONG.search(part, first, last):
        return 26 * 999_999
    cells = part[first:last]
    row = _greatest(cells, rb"""r=["'][A-Za-z]*([0-9]{%d,})["']""")
    column = _greatest(cells, rb"""r=["']([A-Za-z]{%d,})[0-9]""")
    return int(row[:12] or b"1") * column_number(column.decode() or "A")


def _greatest(cells: bytes, pattern: bytes) -> bytes:
    """The greatest of the numbers, or of the column letters, that a pattern finds when it is given their length."""
    # Upwards, since a short one is met near the beginning and only the last search goes through the whole part.
    length = 0
    while re.search(pattern % (length + 1), cells):
        length += 1
    # Of one length, the greatest text is the greatest number.
    return max(map(bytes.upper, re.findall(pattern % length, cells))) if length else b""
