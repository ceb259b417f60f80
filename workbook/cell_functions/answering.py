"""From what Excel hands over to what it shows: arguments read, bodies asked, answers and faults laid out as cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from workbook.cell_functions.declared import MARK, Argument, CellFault, CellFunction, Holds
from workbook.cell_functions.given_cells import BLANK, Grid, as_grid, edges_of, is_nothing, value_of
from workbook.cell_functions.given_tables import GivenTables
from workbook.cell_functions.holidays import holidays_of
from workbook.refusals import Refusal
from workbook.table import Words
from workbook.uncollected import uncollected

Answer = list[list[Any]]
"""Rows of cells: None is a blank one."""

_NOT_ONE = Words("give one cell, not a range.", "只能给一个单元格，不能是区域。")
_SHAPE = Words("a range of another size than the others.", "区域大小与其他参数不一致。")
_TO_THE_RIGHT = Words("an answer of several dates goes to the right: give a column.", "结果有多个日期，向右填充：请给一列。")


def answer(function: CellFunction, given: Sequence[object]) -> Answer:
    """What the function shows for these arguments, in its own order; those that are not given at the end are left out.

    Never raises: a fault is a text that begins with #DUE!.
    """
    try:
        grids = [as_grid(each) for each in given]
        grids += [[[None]]] * (len(function.arguments) - len(grids))
        asked = dict(zip(function.arguments, grids, strict=True))
        return _table_answer(function, asked) if function.takes_tables else _cell_by_cell(function, asked)
    except (CellFault, Refusal) as fault:
        return [[_text(fault)]]
    except Exception as unexpected:  # a cell has no other way to say it; nothing may pass for a number
        return [[f"{MARK} {function.name}: {type(unexpected).__name__}: {unexpected}"]]


def _text(fault: Exception) -> str:
    return str(fault) if isinstance(fault, CellFault) else f"{MARK} {fault}"


def _table_answer(function: CellFunction, asked: Mapping[Argument, Grid]) -> Answer:
    values = _whole_values(asked)
    for argument, grid in asked.items():
        if not argument.is_whole_range:
            if len(grid) > 1 or len(grid[0]) > 1:
                raise CellFault(argument.name, _NOT_ONE)
            value = value_of(argument, grid[0][0])
            if value is not None:
                values[argument.name] = value
    edges = values.pop("edges", ())
    tables = GivenTables.of(((each, grid) for each, grid in asked.items() if each.holds is Holds.TABLE), edges=edges)
    with uncollected():
        rows: Answer = function.body(tables, **values)
    return rows


def _cell_by_cell(function: CellFunction, asked: Mapping[Argument, Grid]) -> Answer:
    whole = _whole_values(asked)
    whole |= {
        each.name: None if is_nothing(grid) else GivenTables.of([(each, grid)])
        for each, grid in asked.items()
        if each.holds is Holds.TABLE
    }
    whole = {name: value for name, value in whole.items() if value is not None}
    cells = {each: grid for each, grid in asked.items() if not each.is_whole_range}
    height = max((len(grid) for grid in cells.values()), default=1)
    width = max((len(grid[0]) for grid in cells.values()), default=1)
    for argument, grid in cells.items():
        if len(grid) not in (1, height) or len(grid[0]) not in (1, width):
            raise CellFault(argument.name, _SHAPE)
    known: dict[tuple[Any, ...], Any] = {}
    rows: Answer = []
    for row in range(height):
        line: list[Any] = []
        for column in range(width):
            at = [grid[row if len(grid) > 1 else 0][column if len(grid[0]) > 1 else 0] for grid in cells.values()]
            key = tuple((type(cell), str(cell)) for cell in at)
            if key not in known:
                known[key] = _one(function, dict(zip(cells, at, strict=True)), whole)
            found = known[key]
            if isinstance(found, CellFault) and height * width > 1:
                found = found.in_row(row + 1)
            line.append(_text(found) if isinstance(found, Exception) else found)
        rows.append(line)
    return _spread(function, rows)


def _one(function: CellFunction, cells: Mapping[Argument, Any], whole: Mapping[str, Any]) -> Any:
    """The answer for one cell of each argument, or the fault that there is instead."""
    values = dict(whole)
    try:
        for argument, cell in cells.items():
            value = value_of(argument, cell)
            if value is not None or argument.may_be_blank:
                values[argument.name] = value
        return shown(function.body(**values))
    except (CellFault, Refusal) as fault:
        return fault


def _whole_values(asked: Mapping[Argument, Grid]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for argument, grid in asked.items():
        if not argument.is_whole_range or argument.holds is Holds.TABLE:
            continue
        if not is_nothing(grid):
            values[argument.name] = (
                edges_of(argument, grid) if argument.holds is Holds.EDGES else holidays_of(argument, grid)
            )
        elif not argument.is_optional:
            raise CellFault(argument.name, BLANK)
    return values


def shown(value: Any) -> Any:
    """A value as a cell takes it: exact fractions and whole numbers become floats; several stay a tuple."""
    if isinstance(value, tuple):
        return tuple(map(shown, value))
    if isinstance(value, Fraction) or (isinstance(value, int) and not isinstance(value, bool)):
        return float(value)
    return value


def _spread(function: CellFunction, rows: Answer) -> Answer:
    """Answers of several values go to the right, in as many columns as the longest has."""
    if not any(isinstance(cell, tuple) for line in rows for cell in line):
        return rows
    if any(len(line) > 1 for line in rows):
        raise CellFault(function.arguments[0].name, _TO_THE_RIGHT)
    answers = [cell if isinstance(cell, tuple) else (cell,) for (cell,) in rows]
    width = max(map(len, answers))
    return [[*each, *[None] * (width - len(each))] for each in answers]
