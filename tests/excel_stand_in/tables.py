"""Excel's ListObject, its columns and its filter."""

# ruff: noqa: N802, N803, N805  (the names are those of COM)

from __future__ import annotations

from typing import Any

from tests.excel_stand_in import cells as excel_cells
from tests.excel_stand_in import object_model as objects
from tests.excel_stand_in import ranges
from tests.excel_stand_in.com_objects import Collection, Com
from tests.excel_stand_in.sheet_model import SheetModel, TableModel, name_columns
from tests.excel_stand_in.windows_modules import refused
from workbook.addresses import Area


class ListObjects(Collection):
    def __init__(self, sheet: SheetModel) -> None:
        super().__init__(sheet.book.excel, [(table.name, ListObject(table)) for table in sheet.tables])
        self._sheet = sheet

    def Add(
        self, SourceType: int, Source: ranges.Range, LinkSource: Any = None, XlListObjectHasHeaders: int = 0,
        Destination: Any = None, TableStyleName: str | None = None,
    ) -> ListObject:  # fmt: skip
        if SourceType != 1 or XlListObjectHasHeaders != 1:
            raise refused("only tables over cells, with headers")
        if any(table.area.overlaps(Source._area) for table in self._sheet.tables):
            raise refused("A table cannot overlap another table.")
        names = {table.name for sheet in self._sheet.book.sheets for table in sheet.tables}
        name = next(f"Table{number}" for number in range(1, 1000) if f"Table{number}" not in names)
        area = Source._area
        if area.first_row == area.last_row:
            area = Area(area.first_row, area.first_column, area.last_row + 1, area.last_column)
        table = TableModel(self._sheet, name, area)
        table.style = TableStyleName or table.style
        self._sheet.tables.append(table)
        name_columns(table)
        return ListObject(table)


class ListObject(Com):
    def __init__(self, table: TableModel) -> None:
        self._excel, self._table = table.sheet.book.excel, table

    @property
    def Name(self) -> str:
        return self._table.name

    @Name.setter
    def Name(self, value: str) -> None:
        tables = [table for sheet in self._table.sheet.book.sheets for table in sheet.tables if table is not self._table]
        if value.casefold() in {table.name.casefold() for table in tables} or " " in value:
            raise refused("A table with this name exists already, or the name is not valid")
        self._table.name = value

    @property
    def Parent(self) -> objects.Worksheet:
        return objects.Worksheet(self._table.sheet)

    @property
    def Range(self) -> ranges.Range:
        return ranges.Range(self._table.sheet, self._table.area)

    @property
    def DataBodyRange(self) -> ranges.Range | None:
        return ranges.Range(self._table.sheet, self._table.body)

    @property
    def HeaderRowRange(self) -> ranges.Range | None:
        area = self._table.area
        if not self._table.has_header:
            return None
        return ranges.Range(self._table.sheet, Area(area.first_row, area.first_column, area.first_row, area.last_column))

    @property
    def TotalsRowRange(self) -> ranges.Range | None:
        area = self._table.area
        if not self._table.has_totals:
            return None
        return ranges.Range(self._table.sheet, Area(area.last_row, area.first_column, area.last_row, area.last_column))

    @property
    def ShowHeaders(self) -> bool:
        return self._table.has_header

    @property
    def ShowTotals(self) -> bool:
        return self._table.has_totals

    @ShowTotals.setter
    def ShowTotals(self, value: bool) -> None:
        table, area = self._table, self._table.area
        if value == table.has_totals:
            return
        row = area.last_row + 1 if value else area.last_row
        places = [(row, column) for column in range(area.first_column, area.last_column + 1)]
        if value:
            if table.sheet.holds(Area(row, area.first_column, row, area.last_column)):
                raise AssertionError("Excel would push down what stands below the table")
            for at, text in table.totals.items():
                excel_cells.put(table.sheet.cell(row, area.first_column + at), text, table.sheet.book.habits)
        else:
            found = {at: table.sheet.seen(*place) for at, place in enumerate(places)}
            table.totals = {at: excel_cells.formula_of(cell) for at, cell in found.items() if not cell.is_blank()}
            for place in places:
                table.sheet.cells.pop(place, None)
        table.has_totals = value
        table.area = Area(area.first_row, area.first_column, row - (not value), area.last_column)

    @property
    def TableStyle(self) -> str:
        return self._table.style

    @TableStyle.setter
    def TableStyle(self, value: str) -> None:
        self._table.style = value

    @property
    def ShowAutoFilter(self) -> bool:
        return self._table.shows_buttons

    @property
    def AutoFilter(self) -> AutoFilter | None:
        return AutoFilter(self._table) if self._table.shows_buttons else None

    @property
    def ListColumns(self) -> Collection:
        area = self._table.area
        names = [
            str(excel_cells.formula_of(self._table.sheet.seen(area.first_row, column)))
            for column in range(area.first_column, area.last_column + 1)
        ]
        return Collection(self._excel, [(name, ListColumn(self._table, name)) for name in names])

    def Resize(self, Range: ranges.Range) -> None:
        table, goal = self._table, Range._area
        if table.has_totals:
            raise refused("Resize with a totals row: the stand-in does not know what Excel does")
        if (goal.first_row, goal.first_column) != (table.area.first_row, table.area.first_column):
            raise refused(
                "The headers must remain in the same row, and the resulting table must overlap the original table."
            )
        if goal.last_row <= goal.first_row:
            raise refused("A table has at least one row")
        others = [each for each in table.sheet.tables if each is not table]
        merged = any(each.overlaps(goal) for each in table.sheet.merged)
        if merged or any(each.area.overlaps(goal) for each in others):
            raise refused("The operation is not allowed. A table cannot overlap another table or merged cells.")
        table.area = goal
        name_columns(table)


class ListColumn(Com):
    def __init__(self, table: TableModel, name: str) -> None:
        self._excel, self._table, self._name = table.sheet.book.excel, table, name

    @property
    def Name(self) -> str:
        return self._name


class AutoFilter(Com):
    def __init__(self, table: TableModel) -> None:
        self._excel, self._table = table.sheet.book.excel, table

    @property
    def FilterMode(self) -> bool:
        return bool(self._table.filters)

    @property
    def Filters(self) -> Collection:
        made = [("", Filter(self._table, column)) for column in range(1, self._table.area.width + 1)]
        return Collection(self._excel, made)


class Filter(Com):
    """Of a column. Excel raises an error when criteria are asked for that there are not."""

    def __init__(self, table: TableModel, column: int) -> None:
        self._excel, self._table, self._column = table.sheet.book.excel, table, column

    @property
    def On(self) -> bool:
        return self._column in self._table.filters

    def _of(name: str) -> Any:
        def read(self: Filter) -> Any:
            criteria = self._table.filters.get(self._column, {})
            if name not in criteria:
                raise refused("Application-defined or object-defined error")
            return criteria[name]

        return property(read)

    Criteria1 = _of("Criteria1")
    Criteria2 = _of("Criteria2")
    Operator = _of("Operator")
