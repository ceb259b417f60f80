"""The calendar that a function is given: a table of Holidays with its headers, or plain dates, each a holiday."""

from __future__ import annotations

from workbook.cell_functions.declared import Argument, CellFault
from workbook.cell_functions.given_cells import ERROR_CELL, Grid, is_error, plain_cell
from workbook.cell_functions.given_tables import raw_table
from workbook.issue_texts import ISSUE_TEXTS
from workbook.reading.cell_parsing import dates, folded, is_blank
from workbook.reading.context import ReadingContext
from workbook.reading.rows import read_rows
from workbook.schema import TABLES
from workbook.table import Words

_HOLIDAYS = TABLES["Holidays"]
_HEADERS = frozenset(
    folded(name) for name in (_HOLIDAYS["holiday"].key, _HOLIDAYS["holiday"].label.en, _HOLIDAYS["holiday"].label.zh)
)


def holidays_of(argument: Argument, grid: Grid) -> dict[int, bool]:
    """Day → is a working day after all. Raises CellFault, which names the row of the range."""
    if any(isinstance(cell, str) and folded(cell) in _HEADERS for cell in grid[0]):
        read = read_rows(raw_table(argument.name, _HOLIDAYS, grid), _HOLIDAYS, ReadingContext("CNY"))
        for issue in read.issues:
            raise CellFault(argument.name, _title(issue.code), row=issue.row + 2, found=issue.value)
        days, is_working = read.columns["holiday_day"], read.columns["is_working_day"]
        return {int(day): bool(flag) for day, flag in zip(days, is_working, strict=True)}
    known: dict[int, bool] = {}
    for row, line in enumerate(grid, 1):
        for given in line:
            cell = plain_cell(given)
            if is_blank(cell):
                continue
            if is_error(cell):
                raise CellFault(argument.name, ERROR_CELL, row=row, found=cell)
            parsed = dates([cell])
            if parsed.flaws:
                raise CellFault(argument.name, _title(parsed.flaws[0][1]), row=row, found=cell)
            known[int(parsed.values[0])] = False
    return known


def _title(code: str) -> Words:
    title = ISSUE_TEXTS[code].title
    return Words(f"{title.en}.", f"{title.zh}。")
