"""What a workbook of the stand-in is in memory: Excel itself, its workbooks, sheets and tables. Nothing of COM."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.excel_stand_in import cells as excel_cells
from tests.excel_stand_in.cells import Cell, Habits
from workbook.addresses import Area

XL_AUTOMATIC, XL_MANUAL = -4105, -4135


class Excel:
    """The whole program: its workbooks, its settings, what was asked of it."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.fails_at: Callable[[str, Any], BaseException | None] | None = None
        self.books: list[BookModel] = []
        self.settings: dict[str, Any] = {
            "ScreenUpdating": True, "EnableEvents": True, "DisplayAlerts": True, "Calculation": XL_AUTOMATIC,
            "StatusBar": False, "UserName": "Wang Fang", "CutCopyMode": False, "AutoFillFormulasInLists": True,
        }  # fmt: skip
        self.status_texts: list[str] = []
        self.calculated = 0
        self.answers: list[Any] = []  # to InputBox and GetOpenFilename, in order
        self.asked: list[str] = []

    def counted(self, target: object, name: str) -> None:
        call = f"{type(target).__name__}.{name}"
        self.calls[call] += 1
        if self.fails_at is not None and (error := self.fails_at(call, target)) is not None:
            raise error


class BookModel:
    """A workbook: its sheets in order, which is in view, what was saved last."""

    def __init__(self, excel: Excel, name: str, folder: str = "", habits: Habits | None = None) -> None:
        self.excel, self.name, self.folder = excel, name, folder
        self.habits = habits or Habits()
        self.styles: set[str] = {"Normal"}
        self.sheets: list[SheetModel] = []
        self.active: SheetModel | None = None
        self.saved: BookModel | None = None
        excel.books.append(self)

    def sheet(self, name: str) -> SheetModel:
        return next(sheet for sheet in self.sheets if sheet.name == name)

    def snapshot(self) -> BookModel:
        """A copy that shares nothing but Excel with this one."""
        return copy.deepcopy(self, {id(self.excel): self.excel, id(self.saved): None})


class SheetModel:
    """A sheet: the cells that hold something or look like something, its tables, what is hidden, merged and selected."""

    def __init__(self, book: BookModel, name: str) -> None:
        self.book, self.name = book, name
        self.cells: dict[tuple[int, int], Cell] = {}
        self.tables: list[TableModel] = []
        self.merged: list[Area] = []
        self.hidden_rows: set[int] = set()
        self.widths: dict[int, float] = {}
        self.heights: dict[int, float] = {}
        self.formats: dict[int, str] = {}  # of whole columns
        self.notes: dict[tuple[int, int], str] = {}
        self.threads: set[tuple[int, int]] = set()
        self.links: dict[tuple[int, int], str] = {}
        self.lists: list[tuple[Area, dict[str, Any]]] = []
        self.visible = -1
        self.tab: int | None = None
        self.frozen = (0, 0)
        self.page: dict[str, Any] = {}
        self.selection = Area(1, 1, 1, 1)

    def cell(self, row: int, column: int) -> Cell:
        """The cell, made if it is not there."""
        found = self.cells.get((row, column))
        if found is None:
            found = self.cells[(row, column)] = Cell(number_format=self.formats.get(column, "General"))
        return found

    def seen(self, row: int, column: int) -> Cell:
        """The cell, or a blank one that is not kept."""
        found = self.cells.get((row, column))
        return found if found is not None else Cell(number_format=self.formats.get(column, "General"))

    def holds(self, area: Area) -> list[tuple[int, int]]:
        """The places in an area that hold something."""
        return [
            place for place, cell in self.cells.items()
            if not cell.is_blank()
            and area.first_row <= place[0] <= area.last_row and area.first_column <= place[1] <= area.last_column
        ]  # fmt: skip


class TableModel:
    """An Excel table: its name, its area with header and totals rows, its filter by column."""

    def __init__(self, sheet: SheetModel, name: str, area: Area) -> None:
        self.sheet, self.name, self.area = sheet, name, area
        self.has_header, self.has_totals = True, False
        self.totals: dict[int, str | float] = {}
        self.filters: dict[int, dict[str, Any]] = {}
        self.shows_buttons = True
        self.style = "TableStyleMedium2"

    @property
    def body(self) -> Area:
        area = self.area
        return Area(
            area.first_row + self.has_header, area.first_column, area.last_row - self.has_totals, area.last_column
        )  # fmt: skip


def apply_filters(table: TableModel) -> None:
    """Hide the rows whose text is not the one asked for; other criteria are kept and hide nothing."""
    body = table.body
    rows = range(body.first_row, body.last_row + 1)
    table.sheet.hidden_rows.clear()
    for column, each in table.filters.items():
        wanted = each["Criteria1"]
        texts = [wanted] if isinstance(wanted, str) else list(wanted)
        plain = {str(text).removeprefix("=") for text in texts}
        for row in rows:
            value = excel_cells.formula_of(table.sheet.seen(row, table.area.first_column + column - 1))
            if str(value) not in plain:
                table.sheet.hidden_rows.add(row)


def name_columns(table: TableModel) -> None:
    """Headers are texts, and none is blank; of two that are alike the second gets a number."""
    seen: set[str] = set()
    for column in range(table.area.first_column, table.area.last_column + 1):
        cell = table.sheet.cell(table.area.first_row, column)
        name = str(excel_cells.formula_of(cell)) or f"Column{column - table.area.first_column + 1}"
        number = 1
        free = name
        while free.casefold() in seen:
            number += 1
            free = f"{name}{number}"
        cell.value, cell.formula = free, ""
        seen.add(free.casefold())
