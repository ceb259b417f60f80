"""What Excel hands to a function: cells and ranges as they come, and the one value that a cell of an argument holds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from functions.dates import date_of
from functions.frames import NO_DAY
from workbook.cell_functions.declared import MARK, Argument, CellFault, Holds
from workbook.issue_texts import ISSUE_TEXTS
from workbook.labels import WORDS
from workbook.port import Cell
from workbook.reading.cell_parsing import (
    Parsed,
    choice_lookup,
    choices,
    dates,
    ids,
    integers,
    is_blank,
    rates,
    texts,
    yes_no,
)
from workbook.setting_values import BadValue, SettingKind, read_value
from workbook.table import Words

Grid = Sequence[Sequence[Any]]
"""Rows of cells, as xlwings hands over a range."""

MISSING = -2147352572
"""What VBA hands over for an optional argument that was left out."""

EXCEL_ERRORS: Mapping[int, str] = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
    -2146826245: "#GETTING_DATA",
    -2146826243: "#SPILL!",
    -2146826242: "#CONNECT!",
    -2146826241: "#BLOCKED!",
    -2146826240: "#UNKNOWN!",
    -2146826239: "#FIELD!",
    -2146826238: "#CALC!",
}
"""Error cells, as the numbers that COM makes of them; xlwings names the older ones itself."""

ERROR_TEXTS = frozenset(EXCEL_ERRORS.values())

BLANK = Words("blank; a value is needed.", "不能为空。")
ERROR_CELL = Words("an Excel error in the cell.", "单元格为 Excel 错误值。")
_NOT_A_CHOICE = Words("is none of:", "可选值：")
_EDGES = Words("edges begin at 0 and increase, such as 0;30;60.", "分段须从 0 开始递增，如 0;30;60。")
_NOT_BELOW_ZERO = Words("must not be negative.", "不能为负数。")


def as_grid(given: object) -> Grid:
    """A cell, a row or a range as rows of cells."""
    if not isinstance(given, list | tuple):
        return [[given]]
    if not given or not isinstance(given[0], list | tuple):
        return [list(given)]
    return given


def is_nothing(grid: Grid) -> bool:
    """Left out, or a single blank cell."""
    return len(grid) == 1 and len(grid[0]) == 1 and is_blank(plain_cell(grid[0][0]))


def plain_cell(cell: Any) -> Cell:
    """A cell as reading takes it: what was left out is blank, an error its name, a moment without its time zone."""
    if type(cell) is int:
        return None if cell == MISSING else EXCEL_ERRORS.get(cell, cell)
    if isinstance(cell, dt.datetime):
        return dt.datetime(*cell.timetuple()[:6])
    return cell  # type: ignore[no-any-return]


def is_error(cell: Cell) -> bool:
    """An error of Excel's, or a text of ours that stands for one."""
    return isinstance(cell, str) and (cell in ERROR_TEXTS or cell.startswith(MARK))


def value_of(argument: Argument, cell: Any) -> Any:
    """The value, None where it is blank. Raises CellFault."""
    cell = plain_cell(cell)
    if is_blank(cell):
        if argument.is_optional or argument.may_be_blank:
            return None
        raise CellFault(argument.name, BLANK)
    if is_error(cell):
        raise CellFault(argument.name, ERROR_CELL, found=cell)
    return _READ[argument.holds](argument, cell)


def _only(parsed: Parsed[Any], argument: Argument, cell: Cell) -> Any:
    if parsed.flaws:
        code = _CODE_OF_NUMBERS.get(argument.holds, parsed.flaws[0][1])
        if parsed.flaws[0][1] == "ambiguous_number":
            code = "ambiguous_number"
        raise CellFault(argument.name, _sentence(ISSUE_TEXTS[code].title), found=cell)
    return parsed.values[0]


_CODE_OF_NUMBERS = {Holds.NUMBER: "not_a_number"}


def _sentence(title: Words) -> Words:
    return Words(f"{title.en}.", f"{title.zh}。")


def _date(argument: Argument, cell: Cell) -> dt.date | None:
    day = int(_only(dates([cell]), argument, cell))
    return None if day == NO_DAY else date_of(day)


def _number(argument: Argument, cell: Cell) -> Fraction:
    parsed = rates([cell], is_signed=argument.holds is Holds.NUMBER)
    _only(Parsed(parsed.values.digits, parsed.flaws), argument, cell)
    return Fraction(int(parsed.values.digits[0]), int(10 ** int(parsed.values.scale[0])))


def _whole(argument: Argument, cell: Cell) -> int:
    return int(_only(integers([cell]), argument, cell))


def _yes_no(argument: Argument, cell: Cell) -> bool:
    return bool(_only(yes_no([cell]), argument, cell))


def _text(argument: Argument, cell: Cell) -> str:
    return str(_only(texts([cell]), argument, cell))


def _id(argument: Argument, cell: Cell) -> str:
    return str(_only(ids([cell]), argument, cell))


def _choice(argument: Argument, cell: Cell) -> str:
    parsed = choices([cell], choice_lookup(argument.choices, WORDS))
    if parsed.flaws:
        listed = Words(
            f"{_NOT_A_CHOICE.en} {', '.join(argument.choices)}.", f"{_NOT_A_CHOICE.zh}{'、'.join(argument.choices)}。"
        )
        raise CellFault(argument.name, listed, found=cell)
    return parsed.values[0]


_READ: Mapping[Holds, Callable[[Argument, Cell], Any]] = {
    Holds.DATE: _date,
    Holds.NUMBER: _number,
    Holds.WHOLE: _whole,
    Holds.RATE: _number,
    Holds.YES_NO: _yes_no,
    Holds.TEXT: _text,
    Holds.ID: _id,
    Holds.CHOICE: _choice,
}


def edges_of(argument: Argument, grid: Grid) -> tuple[int, ...]:
    """Bucket edges: one cell such as 0;30;60, or a range of numbers. Raises CellFault."""
    cells = [plain_cell(cell) for line in grid for cell in line]
    for at, cell in enumerate(cells, 1):
        if is_error(cell):
            raise CellFault(argument.name, ERROR_CELL, row=at if len(cells) > 1 else None, found=cell)
    if len(cells) > 1:
        written: Cell = ";".join(re.sub(r"\.0$", "", str(cell)) for cell in cells if not is_blank(cell))
    else:
        written = cells[0]
    try:
        edges: Any = read_value(written, SettingKind.EDGES)
    except BadValue:
        raise CellFault(argument.name, _EDGES, found=written) from None
    return tuple(edges)


def at_least_zero(argument: str, value: Fraction | int) -> None:
    """Raises CellFault for a negative number."""
    if value < 0:
        raise CellFault(argument, _NOT_BELOW_ZERO, found=float(value))
