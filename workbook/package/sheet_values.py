"""The values of a sheet's cells, through calamine.

calamine hands over a dense rectangle and keeps room for every cell of it: one forgotten cell in the sheet's last corner
would take all memory and end the program without a word, so that the rectangle is measured first.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from workbook.addresses import LAST_ROW, column_number
from workbook.package.package_index import Package
from workbook.package.plain_copy import CDATA, in_utf8_for_reading, with_first_rows, without_cdata
from workbook.port import Cell
from workbook.refusals import DamagedWorkbook, SheetTooLarge

_NEAR_COLUMNS, _NEAR_ROWS = 26, 99_999
_NEAR = _NEAR_COLUMNS * _NEAR_ROWS
# Patterns that begin with a fixed text are searched for several times faster.
_FAR = [re.compile(rb'%sc(?! r="[A-Z][0-9]{1,5}"[\s/>])[\s/>]' % begin) for begin in (b"<", b":")]
"""A cell beyond Z99999, or one that does not say where it stands, or not as programs write it."""
_ODD = [re.compile(rb'%sc(?! r="[A-Z]{1,3}[0-9]{1,7}"[\s/>])[\s/>]' % begin) for begin in (b"<", b":")]
_LONGEST = 12  # letters or digits, far more than any sheet has
_COLUMN, _ROW = rb'r="([A-Z]{%d,12})[0-9]', rb'r="[A-Z]*([0-9]{%d,12})"'
# In quotes may stand what XML does not allow there: calamine reads over it.
_ROW_OR_CELL = re.compile(rb'<(?:[^\s<>/:]+:)?(row|c)(?=[\s/>])((?:[^<>"\']|"[^"]*"|\'[^\']*\')*+)')
_SAYS_ROW = re.compile(rb"""\sr\s*=\s*["']\s*0*([0-9]{1,12})""")
_SAYS_CELL = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{1,12})0*([0-9]{1,12})""")


class SheetValues:
    """Values by sheet. The workbook stays open in calamine, which has its shared strings in memory.

    ``file``: where the package lies as it is, if it does; calamine then needs no copy of it.
    """

    def __init__(self, package: Package, file: Path | None = None) -> None:
        self._package = package
        self._file = file
        self._workbook: CalamineWorkbook | None = None

    def opened(self, sheet: str, part: bytes) -> CalamineWorkbook:
        """The workbook in calamine, when the sheet is none that would fill all memory; ``part`` is its XML.

        Raises SheetTooLarge, DamagedWorkbook.
        """
        limits, spanned = self._package.parts.limits, extent(part)
        if spanned == _NEAR > min(limits.cells, limits.blank_cells):  # somebody wants less than is asked of any sheet
            spanned = _extent_by_counting(part)
        if spanned > limits.cells:
            raise SheetTooLarge(self._package.path.name, sheet, spanned, "DUEBOOK_LIMIT_CELLS")
        if spanned > max(limits.blank_cells, len(part)):  # fewer than a byte a cell
            raise SheetTooLarge(self._package.path.name, sheet, spanned, "DUEBOOK_LIMIT_BLANK_CELLS")
        parts = self._package.parts
        with self._faults_as_refusals():
            if CDATA in part:
                return _in_memory(without_cdata(parts, self._package.sheets[sheet]))
            if self._workbook is None:
                content = in_utf8_for_reading(parts)
                is_there = self._file is not None and content is parts.raw
                opened = CalamineWorkbook.from_path(str(self._file)) if is_there else _in_memory(content)
                self._workbook = opened
            return self._workbook

    def rows(self, workbook: CalamineWorkbook, sheet: str, last_row: int | None = None) -> Sequence[Sequence[Cell]]:
        """The rows of a sheet from row 1, column A, up to ``last_row`` or the last that is there; ``""`` is a blank cell.

        ``workbook`` is the one that ``opened`` gave for the sheet, whose XML nobody needs to hold any more.
        """
        with self._faults_as_refusals():
            return workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=last_row)

    def each_row(self, workbook: CalamineWorkbook, sheet: str) -> Iterator[Sequence[Cell]]:
        """The same rows one after another, for who needs none of them for long: together they take much room."""
        with self._faults_as_refusals():
            found = workbook.get_sheet_by_name(sheet)
            rows = iter(found.iter_rows())
        # calamine begins with row 1 here, and with the first column that holds anything.
        left = found.start[1] if found.start is not None else 0
        return ([*[""] * left, *row] for row in rows) if left else rows

    def _faults_as_refusals(self) -> AbstractContextManager[None]:
        return faults_as_refusals(self._package)


class SheetHeads:
    """The first rows of the sheets that have tables, down to the last of their header rows, without the rows below."""

    def __init__(self, package: Package) -> None:
        self._package = package
        last_rows: dict[str, int] = {}
        for entry in package.tables:
            part = package.sheets[entry.sheet]
            last_rows[part] = max(last_rows.get(part, 0), entry.first_row - 1)
        copy, self._cut = with_first_rows(package.parts, last_rows)
        with faults_as_refusals(package):
            self._workbook = _in_memory(copy)

    def rows(self, sheet: str) -> Sequence[Sequence[Cell]] | None:
        """The rows of a sheet from row 1, column A; None where only the whole sheet tells where its rows are."""
        if self._package.sheets[sheet] not in self._cut:
            return None
        with faults_as_refusals(self._package):
            return self._workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def _in_memory(content: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


@contextmanager
def faults_as_refusals(package: Package) -> Iterator[None]:
    """What calamine says of a workbook that it cannot read as a DamagedWorkbook."""
    try:
        yield
    except (CalamineError, OSError, ValueError) as error:
        raise DamagedWorkbook(package.path, str(error)) from error
    except BaseException as error:
        # A panic of calamine's Rust code derives from BaseException, and its type cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedWorkbook(package.path, str(error)) from error


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
    """At most how many cells the rectangle from A1 to the outermost cell of a sheet has.

    It is not told exactly where that would take long and nothing depends on it.
    """
    # Before and behind the cells stand attributes that look like theirs: xmlns:r="http…".
    first, last = max(0, part.find(b"sheetData")), part.rfind(b"sheetData")
    far = [
        found.start() for found in (each.search(part, first, last) for each in _patterns(part, first, last, _FAR)) if found
    ]
    if not far:
        return _NEAR
    if any(each.search(part, min(far), last) for each in _patterns(part, min(far), last, _ODD)):
        return _extent_by_counting(part[first:last])
    beyond = part[min(far) : last]
    column = max(_NEAR_COLUMNS, column_number(_greatest(beyond, _COLUMN).decode()))
    if column > _NEAR_COLUMNS or len(part) < LAST_ROW * _NEAR_COLUMNS:
        beyond = part[first:last]
        column = column_number(_greatest(beyond, _COLUMN).decode())
    return int(_greatest(beyond, _ROW)) * column


def _patterns(part: bytes, first: int, last: int, patterns: Sequence[re.Pattern[bytes]]) -> Sequence[re.Pattern[bytes]]:
    """The one for names without a prefix; the other too where there may be one: a colon, if not of the time in some text."""
    return patterns if part.find(b":", first, last) >= 0 else patterns[:1]


def _extent_by_counting(cells: bytes) -> int:
    """The same where some cell does not say where it stands, or not as programs write it: every tag is looked at."""
    row = column = last_row = last_column = 0
    for found in _ROW_OR_CELL.finditer(cells):
        if found[1] == b"row":
            said = _SAYS_ROW.search(found[2])
            row, column = int(said[1]) if said else row + 1, 0
        elif said := _SAYS_CELL.search(found[2]):
            column, row = column_number(said[1].decode()), max(row, int(said[2]))
        else:
            column += 1
        last_row, last_column = max(last_row, row), max(last_column, column)
    return last_row * last_column


def _greatest(cells: bytes, pattern: bytes) -> bytes:
    """The greatest of the numbers, or of the column letters, that a pattern finds when it is given their length."""
    # Upwards, since a short one is met near the beginning and only the last search goes through the whole part.
    length = 0
    while length < _LONGEST and re.search(pattern % (length + 1), cells):
        length += 1
    # Of one length, the greatest text is the greatest number.
    return max(re.findall(pattern % length, cells)) if length else b""
