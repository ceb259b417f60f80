"""Excel's Range, and what belongs to cells: fonts, styles, lists to pick from, links, notes."""

# ruff: noqa: N802, N803, N805  (the names are those of COM)

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.excel_stand_in import cells as excel_cells
from tests.excel_stand_in import object_model as objects
from tests.excel_stand_in.cells import Cell
from tests.excel_stand_in.com_objects import Collection, Com
from tests.excel_stand_in.sheet_model import Excel, SheetModel, apply_filters, name_columns
from tests.excel_stand_in.windows_modules import refused
from workbook.addresses import Area

XL_FILL_FORMATS = 3
_MISSING: Any = object()
_LONGEST_IN_A_BLOCK = 8203


class Range(Com):
    def __init__(self, sheet: SheetModel, area: Area) -> None:
        self._excel, self._sheet, self._area = sheet.book.excel, sheet, area

    def _places(self) -> Iterator[tuple[int, int]]:
        area = self._area
        for row in range(area.first_row, area.last_row + 1):
            for column in range(area.first_column, area.last_column + 1):
                yield row, column

    def _read(self, of: Callable[[Cell], Any]) -> Any:
        area = self._area
        if area.is_one_cell:
            return of(self._sheet.seen(area.first_row, area.first_column))
        columns = range(area.first_column, area.last_column + 1)
        rows = range(area.first_row, area.last_row + 1)
        return tuple(tuple(of(self._sheet.seen(row, column)) for column in columns) for row in rows)

    def _write(self, given: Any) -> None:
        area = self._area
        for merged in self._sheet.merged:
            if merged.overlaps(area):
                raise refused("We can't do that to a merged cell.")
        rows = given if isinstance(given, list | tuple) else None
        for row, column in self._places():
            value = given
            if rows is not None:
                line, at = row - area.first_row, column - area.first_column
                if line >= len(rows) or at >= len(rows[line]):
                    raise AssertionError("a block that is smaller than its range: Excel would fill the rest with #N/A")
                value = rows[line][at]
                if isinstance(value, str) and len(value) > _LONGEST_IN_A_BLOCK:
                    raise refused("Application-defined or object-defined error")
            excel_cells.put(self._sheet.cell(row, column), value, self._sheet.book.habits)
        for table in self._sheet.tables:
            header = Area(table.area.first_row, table.area.first_column, table.area.first_row, table.area.last_column)
            if table.has_header and header.overlaps(area):
                name_columns(table)

    @property
    def Value(self) -> Any:
        habits = self._sheet.book.habits
        return self._read(lambda cell: excel_cells.value_of(cell, habits))

    @Value.setter
    def Value(self, given: Any) -> None:
        self._write(given)

    @property
    def Value2(self) -> Any:
        return self._read(excel_cells.plain_value_of)

    @Value2.setter
    def Value2(self, given: Any) -> None:
        self._write(given)

    @property
    def Formula(self) -> Any:
        return self._read(excel_cells.formula_of)

    @property
    def Formula2(self) -> Any:
        return self._read(excel_cells.formula_of)

    @Formula2.setter
    def Formula2(self, given: Any) -> None:
        self._write(given)

    @property
    def HasFormula(self) -> bool | None:
        return self._common(lambda cell: bool(cell.formula))

    @property
    def HasArray(self) -> bool:
        return False

    def _common(self, of: Callable[[Cell], Any]) -> Any:
        found = {of(self._sheet.seen(*place)) for place in self._places()}
        return found.pop() if len(found) == 1 else None

    @property
    def NumberFormat(self) -> str | None:
        return self._common(lambda cell: cell.number_format)

    @NumberFormat.setter
    def NumberFormat(self, value: str) -> None:
        if self._area.is_whole_columns:
            self._sheet.formats[self._area.first_column] = value
            for (_, column), cell in self._sheet.cells.items():
                if column == self._area.first_column:
                    cell.number_format = value
            return
        for place in self._places():
            self._sheet.cell(*place).number_format = value

    def _look(name: str) -> Any:
        def read(self: Range) -> Any:
            return self._common(lambda cell: cell.look.get(name))

        def change(self: Range, value: Any) -> None:
            for place in self._places():
                self._sheet.cell(*place).look[name] = value

        return property(read, change)

    WrapText = _look("WrapText")
    HorizontalAlignment = _look("HorizontalAlignment")
    VerticalAlignment = _look("VerticalAlignment")

    @property
    def Style(self) -> Style:
        return Style(self._excel, self._common(lambda cell: cell.look.get("Style", "Normal")))

    @Style.setter
    def Style(self, value: str) -> None:
        if value not in self._sheet.book.styles:
            raise refused(f"Style '{value}' not found.")
        for place in self._places():
            self._sheet.cell(*place).look["Style"] = value

    @property
    def Font(self) -> Look:
        return Look(self, "Font")

    @property
    def Interior(self) -> Look:
        return Look(self, "Interior")

    @property
    def Validation(self) -> Validation:
        return Validation(self._sheet, self._area)

    @property
    def Hyperlinks(self) -> Hyperlinks:
        return Hyperlinks(self._sheet)

    @property
    def Address(self) -> str:
        return self._address(True, True)

    def GetAddress(self, RowAbsolute: bool = True, ColumnAbsolute: bool = True, *_: Any) -> str:
        return self._address(RowAbsolute, ColumnAbsolute)

    def _address(self, row_absolute: bool, column_absolute: bool) -> str:
        corners = str(self._area).split(":")
        if self._area.is_one_cell:
            corners = corners[:1]
        spelled = []
        for corner in corners:
            letters = corner.rstrip("0123456789")
            spelled.append(f"{'$' * column_absolute}{letters}{'$' * row_absolute}{corner[len(letters) :]}")
        return ":".join(spelled)

    @property
    def Row(self) -> int:
        return self._area.first_row

    @property
    def Column(self) -> int:
        return self._area.first_column

    @property
    def Count(self) -> int:
        return self._area.width * (self._area.last_row - self._area.first_row + 1)

    @property
    def Rows(self) -> Collection:
        area = self._area
        rows = range(area.first_row, area.last_row + 1)
        made = [("", row) for row in rows]
        return Collection(self._excel, made)

    @property
    def Columns(self) -> Collection:
        return Collection(self._excel, [("", column) for column in range(self._area.width)])

    @property
    def Worksheet(self) -> objects.Worksheet:
        return objects.Worksheet(self._sheet)

    @property
    def Application(self) -> objects.Application:
        return objects.Application(self._excel)

    @property
    def EntireColumn(self) -> Range:
        return Range(self._sheet, Area(1, self._area.first_column, 1_048_576, self._area.last_column))

    @property
    def EntireRow(self) -> Range:
        return Range(self._sheet, Area(self._area.first_row, 1, self._area.last_row, 16_384))

    @property
    def Hidden(self) -> bool:
        return self._area.first_row in self._sheet.hidden_rows

    @property
    def ColumnWidth(self) -> float | None:
        return self._sheet.widths.get(self._area.first_column)

    @ColumnWidth.setter
    def ColumnWidth(self, value: float) -> None:
        self._sheet.widths.update(dict.fromkeys(range(self._area.first_column, self._area.last_column + 1), value))

    @property
    def RowHeight(self) -> float | None:
        return self._sheet.heights.get(self._area.first_row)

    @RowHeight.setter
    def RowHeight(self, value: float) -> None:
        self._sheet.heights.update(dict.fromkeys(range(self._area.first_row, self._area.last_row + 1), value))

    @property
    def MergeCells(self) -> bool | None:
        overlapping = [merged for merged in self._sheet.merged if merged.overlaps(self._area)]
        if not overlapping:
            return False
        return True if all(merged.spanning(self._area) == merged for merged in overlapping) else None

    @property
    def MergeArea(self) -> Range:
        merged = next((each for each in self._sheet.merged if each.overlaps(self._area)), self._area)
        return Range(self._sheet, merged)

    @property
    def ListObject(self) -> objects.ListObject | None:
        found = next((table for table in self._sheet.tables if table.area.overlaps(self._area)), None)
        return objects.ListObject(found) if found is not None else None

    @property
    def Comment(self) -> Comment | None:
        place = (self._area.first_row, self._area.first_column)
        return Comment(self._sheet, place) if place in self._sheet.notes else None

    @property
    def CommentThreaded(self) -> Comment | None:
        place = (self._area.first_row, self._area.first_column)
        return Comment(self._sheet, place) if place in self._sheet.threads else None

    def AddComment(self, Text: str) -> Comment:
        place = (self._area.first_row, self._area.first_column)
        if place in self._sheet.notes:
            raise refused("Application-defined or object-defined error")
        self._sheet.notes[place] = Text
        return Comment(self._sheet, place)

    def ClearContents(self) -> None:
        for place in self._sheet.holds(self._area):
            cell = self._sheet.cells[place]
            cell.value, cell.formula, cell.is_quoted = None, "", False

    def Clear(self) -> None:
        self.ClearContents()
        for place in [place for place in self._sheet.cells if self._area.overlaps(Area(*place, *place))]:
            del self._sheet.cells[place]
            self._sheet.notes.pop(place, None)
            self._sheet.links.pop(place, None)

    def Select(self) -> None:
        if self._sheet.book.active is not self._sheet:
            raise refused("Select method of Range class failed")
        self._sheet.selection = self._area

    def AutoFill(self, Destination: Range, Type: int = 0) -> None:
        source, goal = self._area, Destination._area
        if Type != XL_FILL_FORMATS or source.spanning(goal) != goal or source == goal:
            raise refused("AutoFill method of Range class failed")
        height = source.last_row - source.first_row + 1
        for row, column in Destination._places():
            like = self._sheet.seen(source.first_row + (row - source.first_row) % height, column)
            cell = self._sheet.cell(row, column)
            cell.number_format, cell.look = like.number_format, dict(like.look)

    def AutoFilter(
        self, Field: int, Criteria1: Any = _MISSING, Operator: int = 1, Criteria2: Any = _MISSING, **_: Any
    ) -> None:  # fmt: skip
        table = next(table for table in self._sheet.tables if table.area == self._area)
        table.filters.pop(Field, None)
        if Criteria1 is not _MISSING:
            table.filters[Field] = {"Criteria1": Criteria1, "Operator": Operator}
            if Criteria2 is not _MISSING:
                table.filters[Field]["Criteria2"] = Criteria2
        apply_filters(table)


class Look(Com):
    """Font or Interior of a range."""

    def __init__(self, of: Range, name: str) -> None:
        self._excel, self._of, self._name = of._excel, of, name

    def _kept(name: str) -> Any:
        def read(self: Look) -> Any:
            return self._of._common(lambda cell: cell.look.get(f"{self._name}.{name}"))

        def change(self: Look, value: Any) -> None:
            for place in self._of._places():
                self._of._sheet.cell(*place).look[f"{self._name}.{name}"] = value

        return property(read, change)

    Bold = _kept("Bold")
    Color = _kept("Color")
    ColorIndex = _kept("ColorIndex")
    Name = _kept("Name")
    Size = _kept("Size")
    Underline = _kept("Underline")


class Style(Com):
    def __init__(self, excel: Excel, name: str | None) -> None:
        self._excel, self._name = excel, name

    @property
    def Name(self) -> str | None:
        return self._name


class Validation(Com):
    def __init__(self, sheet: SheetModel, area: Area) -> None:
        self._excel, self._sheet, self._area = sheet.book.excel, sheet, area

    def _rule(self) -> dict[str, Any]:
        found = next((rule for area, rule in self._sheet.lists if area == self._area), None)
        if found is None:
            raise refused("Application-defined or object-defined error")
        return found

    def _kept(name: str) -> Any:
        return property(lambda self: self._rule().get(name), lambda self, value: self._rule().__setitem__(name, value))

    IgnoreBlank = _kept("IgnoreBlank")
    InCellDropdown = _kept("InCellDropdown")
    InputTitle = _kept("InputTitle")
    InputMessage = _kept("InputMessage")
    ErrorTitle = _kept("ErrorTitle")
    ErrorMessage = _kept("ErrorMessage")
    ShowInput = _kept("ShowInput")
    ShowError = _kept("ShowError")

    def Delete(self) -> None:
        self._sheet.lists = [(area, rule) for area, rule in self._sheet.lists if not area.overlaps(self._area)]

    def Add(self, Type: int, AlertStyle: int = 1, Operator: int = 1, Formula1: str = "", Formula2: str = "") -> None:
        if any(area.overlaps(self._area) for area, _ in self._sheet.lists) or len(Formula1) > 255:
            raise refused("Application-defined or object-defined error")
        self._sheet.lists.append((self._area, {"Type": Type, "Formula1": Formula1}))


class Hyperlinks(Com):
    def __init__(self, sheet: SheetModel) -> None:
        self._excel, self._sheet = sheet.book.excel, sheet

    def Add(self, Anchor: Range, Address: str, SubAddress: str = "", ScreenTip: str = "", TextToDisplay: str = "") -> None:
        place = (Anchor._area.first_row, Anchor._area.first_column)
        self._sheet.links[place] = f"{Address}#{SubAddress}" if SubAddress else Address

    def Delete(self) -> None:
        self._sheet.links.clear()


class Comment(Com):
    def __init__(self, sheet: SheetModel, place: tuple[int, int]) -> None:
        self._excel, self._sheet, self._place = sheet.book.excel, sheet, place

    @property
    def Parent(self) -> Range:
        return Range(self._sheet, Area(*self._place, *self._place))

    def Text(self) -> str:
        return self._sheet.notes[self._place]

    def Delete(self) -> None:
        del self._sheet.notes[self._place]
