"""Excel's object model over sheets in memory: what xlwings and our own code ask for, and nothing else.

Every member that is asked for from outside is counted in ``Excel.calls``, as "Range.Value" when it is read or called and
"Range.Value=" when it is set. A member that is not here raises what COM raises for a name that it does not know.
``Excel.fails_at`` lets a call fail, for tests of what is left then.
"""

# ruff: noqa: N802, N803, N805  (the names are those of COM)

from __future__ import annotations

from typing import Any

from tests.excel_stand_in.com_objects import Collection, Com
from tests.excel_stand_in.ranges import Comment, Range
from tests.excel_stand_in.sheet_model import BookModel, Excel, SheetModel
from tests.excel_stand_in.tables import ListObject, ListObjects
from tests.excel_stand_in.windows_modules import refused
from workbook.addresses import Area

__all__ = ["Application", "ListObject", "Workbook", "Worksheet"]


class Application(Com):
    def __init__(self, excel: Excel) -> None:
        self._excel = excel

    def _setting(name: str) -> Any:
        def read(self: Application) -> Any:
            return self._excel.settings[name]

        def change(self: Application, value: Any) -> None:
            self._excel.settings[name] = value
            if name == "StatusBar" and value:
                self._excel.status_texts.append(value)

        return property(read, change)

    ScreenUpdating = _setting("ScreenUpdating")
    EnableEvents = _setting("EnableEvents")
    DisplayAlerts = _setting("DisplayAlerts")
    Calculation = _setting("Calculation")
    StatusBar = _setting("StatusBar")
    UserName = _setting("UserName")
    CutCopyMode = _setting("CutCopyMode")

    @property
    def Hwnd(self) -> int:
        return 1

    @property
    def Version(self) -> str:
        return "16.0"

    @property
    def Application(self) -> Application:
        return self

    @property
    def Workbooks(self) -> Collection:
        return Collection(self._excel, [(book.name, Workbook(book)) for book in self._excel.books])

    @property
    def ActiveSheet(self) -> Worksheet:
        return Worksheet(self._active())

    @property
    def Selection(self) -> Range:
        return Range(self._active(), self._active().selection)

    def _active(self) -> SheetModel:
        sheet = self._excel.books[-1].active
        assert sheet is not None
        return sheet

    @property
    def AutoCorrect(self) -> AutoCorrect:
        return AutoCorrect(self._excel)

    def Calculate(self) -> None:
        self._excel.calculated += 1

    def InputBox(self, Prompt: str, Title: str = "", Default: str = "", *_: Any, Type: int = 2, **__: Any) -> Any:
        self._excel.asked.append(Prompt)
        answer = self._excel.answers.pop(0)
        return Default if answer is ... else answer

    def GetOpenFilename(self, FileFilter: str = "", FilterIndex: int = 1, Title: str = "", *_: Any) -> Any:
        self._excel.asked.append(Title)
        return self._excel.answers.pop(0)

    def Goto(self, Reference: Range, Scroll: bool = False) -> None:
        _show(Reference._sheet)
        Reference._sheet.selection = Reference._area


class AutoCorrect(Com):
    def __init__(self, excel: Excel) -> None:
        self._excel = excel

    @property
    def AutoFillFormulasInLists(self) -> bool:
        return bool(self._excel.settings["AutoFillFormulasInLists"])

    @AutoFillFormulasInLists.setter
    def AutoFillFormulasInLists(self, value: bool) -> None:
        self._excel.settings["AutoFillFormulasInLists"] = value


def _show(sheet: SheetModel) -> None:
    if sheet.visible != -1:
        raise refused("Activate method of Worksheet class failed")
    sheet.book.active = sheet


class Workbook(Com):
    def __init__(self, book: BookModel) -> None:
        self._excel, self._book = book.excel, book

    @property
    def Name(self) -> str:
        return self._book.name

    @property
    def Path(self) -> str:
        return self._book.folder

    @property
    def FullName(self) -> str:
        return f"{self._book.folder}/{self._book.name}" if self._book.folder else self._book.name

    @property
    def FileFormat(self) -> int:
        return 51

    @property
    def Date1904(self) -> bool:
        return self._book.habits.is_1904

    @property
    def Application(self) -> Application:
        return Application(self._excel)

    @property
    def ActiveSheet(self) -> Worksheet:
        assert self._book.active is not None
        return Worksheet(self._book.active)

    @property
    def Worksheets(self) -> Worksheets:
        return Worksheets(self._book)

    @property
    def Sheets(self) -> Worksheets:
        return Worksheets(self._book)

    @property
    def Windows(self) -> Collection:
        assert self._book.active is not None
        return Collection(self._excel, [("", Window(self._book.active))])

    def Activate(self) -> None:
        self._excel.books.remove(self._book)
        self._excel.books.append(self._book)

    def Save(self) -> None:
        self._book.saved = self._book.snapshot()


class Worksheets(Collection):
    def __init__(self, book: BookModel) -> None:
        super().__init__(book.excel, [])
        self._book = book

    @property
    def _made(self) -> list[tuple[str, Any]]:
        return [(sheet.name, Worksheet(sheet)) for sheet in self._book.sheets]

    @property
    def Parent(self) -> Workbook:
        return Workbook(self._book)

    def Add(self, Before: Worksheet | None = None, After: Worksheet | None = None) -> Worksheet:
        if Before is not None and After is not None:
            raise refused("Add method of Sheets class failed")
        numbers = (number for number in range(1, 1000))
        taken = {sheet.name for sheet in self._book.sheets}
        sheet = SheetModel(self._book, next(f"Sheet{number}" for number in numbers if f"Sheet{number}" not in taken))
        beside = Before or After
        standing = beside._sheet if beside is not None else self._book.active
        at = self._book.sheets.index(standing) + (After is not None)
        self._book.sheets.insert(at, sheet)
        self._book.active = sheet
        return Worksheet(sheet)


class Worksheet(Com):
    def __init__(self, sheet: SheetModel) -> None:
        self._excel, self._sheet = sheet.book.excel, sheet

    @property
    def Name(self) -> str:
        return self._sheet.name

    @Name.setter
    def Name(self, value: str) -> None:
        others = {sheet.name.casefold() for sheet in self._sheet.book.sheets if sheet is not self._sheet}
        if not value or len(value) > 31 or set(value) & set("[]:*?/\\") or value.casefold() in others:
            raise refused("That name is already taken. Try a different one.")
        self._sheet.name = value

    @property
    def Index(self) -> int:
        return self._sheet.book.sheets.index(self._sheet) + 1

    @property
    def Parent(self) -> Workbook:
        return Workbook(self._sheet.book)

    @property
    def Application(self) -> Application:
        return Application(self._excel)

    @property
    def Visible(self) -> int:
        return self._sheet.visible

    @Visible.setter
    def Visible(self, value: int) -> None:
        value = -1 if value is True else int(value)
        shown = [sheet for sheet in self._sheet.book.sheets if sheet.visible == -1 and sheet is not self._sheet]
        if value != -1 and not shown:
            raise refused("Unable to set the Visible property of the Worksheet class")
        self._sheet.visible = value
        if value != -1 and self._sheet.book.active is self._sheet:
            self._sheet.book.active = shown[0]

    @property
    def ProtectContents(self) -> bool:
        return False

    @property
    def ListObjects(self) -> ListObjects:
        return ListObjects(self._sheet)

    @property
    def Tab(self) -> Tab:
        return Tab(self._sheet)

    @property
    def PageSetup(self) -> PageSetup:
        return PageSetup(self._sheet)

    @property
    def Comments(self) -> Collection:
        made = [("", Comment(self._sheet, place)) for place in sorted(self._sheet.notes)]
        return Collection(self._excel, made)

    @property
    def UsedRange(self) -> Range:
        places = [place for place, cell in self._sheet.cells.items() if not cell.is_blank()] or [(1, 1)]
        rows, columns = [row for row, _ in places], [column for _, column in places]
        return Range(self._sheet, Area(min(rows), min(columns), max(rows), max(columns)))

    def Range(self, cell1: str | Range, cell2: Range | None = None) -> Range:
        if isinstance(cell1, str) and cell2 is None:
            try:
                return Range(self._sheet, Area.parse(cell1))
            except ValueError as error:
                raise refused("Method 'Range' of object '_Worksheet' failed") from error
        corners = [Area.parse(each) if isinstance(each, str) else each._area for each in (cell1, cell2) if each is not None]
        return Range(self._sheet, corners[0].spanning(corners[-1]))

    def Cells(self, row: int, column: int) -> Range:
        return Range(self._sheet, Area(row, column, row, column))

    def Activate(self) -> None:
        _show(self._sheet)

    def Move(self, Before: Worksheet) -> None:
        sheets = self._sheet.book.sheets
        sheets.remove(self._sheet)
        sheets.insert(sheets.index(Before._sheet), self._sheet)

    def Delete(self) -> None:
        if self._excel.settings["DisplayAlerts"]:
            raise refused("A message box would ask whether to delete the sheet")
        book = self._sheet.book
        book.sheets.remove(self._sheet)
        if book.active is self._sheet:
            book.active = next(sheet for sheet in book.sheets if sheet.visible == -1)


class Tab(Com):
    def __init__(self, sheet: SheetModel) -> None:
        self._excel, self._sheet = sheet.book.excel, sheet

    @property
    def Color(self) -> int | None:
        return self._sheet.tab

    @Color.setter
    def Color(self, value: int) -> None:
        self._sheet.tab = value


class PageSetup(Com):
    def __init__(self, sheet: SheetModel) -> None:
        self._excel, self._sheet = sheet.book.excel, sheet

    def _kept(name: str) -> Any:
        return property(
            lambda self: self._sheet.page.get(name), lambda self, value: self._sheet.page.__setitem__(name, value)
        )

    Orientation = _kept("Orientation")
    PaperSize = _kept("PaperSize")
    Zoom = _kept("Zoom")
    FitToPagesWide = _kept("FitToPagesWide")
    FitToPagesTall = _kept("FitToPagesTall")
    PrintTitleRows = _kept("PrintTitleRows")
    LeftFooter = _kept("LeftFooter")
    RightFooter = _kept("RightFooter")


class Window(Com):
    def __init__(self, sheet: SheetModel) -> None:
        self._excel, self._sheet = sheet.book.excel, sheet
        self._split = [0, 0]

    @property
    def SplitRow(self) -> int:
        return self._sheet.frozen[0]

    @SplitRow.setter
    def SplitRow(self, value: int) -> None:
        self._sheet.frozen = (value, self._sheet.frozen[1])

    @property
    def SplitColumn(self) -> int:
        return self._sheet.frozen[1]

    @SplitColumn.setter
    def SplitColumn(self, value: int) -> None:
        self._sheet.frozen = (self._sheet.frozen[0], value)

    @property
    def FreezePanes(self) -> bool:
        return self._sheet.frozen != (0, 0)

    @FreezePanes.setter
    def FreezePanes(self, value: bool) -> None:
        if not value:
            self._sheet.frozen = (0, 0)
