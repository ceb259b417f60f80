"""What xlwings has no words for, asked of Excel's own objects. On Windows only: these are the names of COM."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlwings import App, Book, Range, Sheet
from xlwings.main import Table

_LIST, _ANY_VALUE = 3, 0  # xlValidateList, xlValidateInputOnly
_STOP = 1
_LANDSCAPE, _A4 = 2, 9
_TEXT = 2  # InputBox: the type of the answer


@dataclass(frozen=True)
class Filter:
    """The filter of one column, as Excel tells it; what it does not tell is left out."""

    column: int
    criteria: dict[str, Any]


def counts_from_1904(book: Book) -> bool:
    return bool(book.api.Date1904)


def full_name(book: Book) -> str:
    """Path and name, or an address where it is kept online."""
    return str(book.api.FullName)


def folder_of(book: Book) -> Path | None:
    """Its folder on this computer; None where it was never saved, or is kept online."""
    folder = str(book.api.Path or "")
    return Path(folder) if folder and "://" not in folder else None


def is_protected(sheet: Sheet) -> bool:
    return bool(sheet.api.ProtectContents)


def has_formulas(cells: Range) -> bool:
    """Whether any of them holds a formula; None is Excel's answer for some."""
    return cells.api.HasFormula is not False


def plain_values(cells: Range) -> Any:
    """Values with neither days nor currencies: every number a float with all its digits."""
    return cells.api.Value2


def formulas(cells: Range) -> Any:
    """Formulas, and values as texts where there are none."""
    try:
        return cells.api.Formula2
    except Exception:  # an Excel without dynamic arrays
        return cells.api.Formula


def put_formulas(cells: Range, block: Any) -> None:
    """Formulas and values. Not as ``Value``: Excel would put the sign @ before a formula that may fill several cells."""
    correct = cells.api.Application.AutoCorrect
    fills = correct.AutoFillFormulasInLists
    correct.AutoFillFormulasInLists = False  # else a formula in a column of blanks would fill all of it
    try:
        try:
            cells.api.Formula2  # noqa: B018  (asked for first: xlwings would try for ever to set what is not there)
        except Exception:  # an Excel without dynamic arrays
            cells.api.Formula = block
        else:
            cells.api.Formula2 = block
    finally:
        correct.AutoFillFormulasInLists = fills


def holds_a_conversation(cell: Range) -> bool:
    """Whether its note stands for a threaded comment, which would be lost with it."""
    try:
        return cell.api.CommentThreaded is not None
    except Exception:  # an Excel that knows none
        return False


def filters_of(table: Table) -> list[Filter]:
    """The filters that are on."""
    auto_filter = table.api.AutoFilter if table.api.ShowAutoFilter else None
    if auto_filter is None or not auto_filter.FilterMode:
        return []
    found = []
    for column in range(1, auto_filter.Filters.Count + 1):
        each = auto_filter.Filters(column)
        if each.On:
            told = {name: _asked(each, name) for name in ("Criteria1", "Operator", "Criteria2")}
            found.append(Filter(column, {name: value for name, value in told.items() if value is not None}))
    return found


def _asked(each: Any, name: str) -> Any:
    try:
        value = getattr(each, name)
    except Exception:  # Excel has none to tell, or only one that it does not tell
        return None
    return None if name == "Operator" and value == 0 else value


def take_off(table: Table, filters: list[Filter]) -> None:
    for each in filters:
        table.api.Range.AutoFilter(Field=each.column)


def put_on(table: Table, filters: list[Filter]) -> list[int]:
    """The filters again; answers the columns whose filter could not be told and stays off (by colour, by icon)."""
    lost = []
    for each in filters:
        if "Criteria1" not in each.criteria:
            lost.append(each.column)
            continue
        try:
            table.api.Range.AutoFilter(Field=each.column, **each.criteria)
        except Exception:  # criteria that Excel tells and does not take back
            lost.append(each.column)
    return lost


def style_of(cells: Range) -> str:
    return str(cells.api.Style.Name)


def give_style(cells: Range, name: str) -> bool:
    """Whether the workbook has the style, which the cells then have too."""
    try:
        cells.api.Style = name
    except Exception:  # a workbook that was not made by Duebook
        return False
    return True


def give_help(cells: Range, *, title: str, text: str, words: list[str], refusal: str) -> None:
    """An input message, and a list to pick from where there are words; without a ``refusal`` it takes anything else too."""
    rule = cells.api.Validation
    rule.Delete()
    joined = ",".join(words)
    if words and len(joined) <= 255 and not any("," in word for word in words):
        rule.Add(Type=_LIST, AlertStyle=_STOP, Formula1=joined)
        rule.ErrorTitle, rule.ErrorMessage, rule.ShowError = "Duebook", refusal, bool(refusal)
    else:
        rule.Add(Type=_ANY_VALUE)
    rule.IgnoreBlank = True
    rule.InputTitle, rule.InputMessage = title[:32], text[:255]


def link_to(cell: Range, location: str) -> None:
    cell.api.Hyperlinks.Add(Anchor=cell.api, Address="", SubAddress=location)


def colour_tab(sheet: Sheet, colour: str) -> None:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    sheet.api.Tab.Color = red + 256 * green + 65536 * blue


def show(sheet: Sheet) -> None:
    """Bring the sheet into view, without taking the focus from another program as xlwings does."""
    sheet.api.Activate()


def freeze(sheet: Sheet, *, rows: int, columns: int) -> None:
    """Keep the first rows and columns of the sheet in view, which must be the one that is shown."""
    window = sheet.api.Parent.Windows(1)
    window.FreezePanes = False
    window.SplitRow, window.SplitColumn = rows, columns
    window.FreezePanes = True


def set_up_print(sheet: Sheet) -> None:
    page = sheet.api.PageSetup
    with contextlib.suppress(Exception):  # Excel refuses all of it on a computer without a printer
        page.Orientation, page.PaperSize = _LANDSCAPE, _A4
        page.Zoom = False
        page.FitToPagesWide, page.FitToPagesTall = 1, False
        page.PrintTitleRows = "$1:$1"
        page.LeftFooter, page.RightFooter = "&A", "&P / &N"


def user_name(app: App) -> str:
    return str(app.api.UserName or "")


def asked_for(app: App, prompt: str, default: str) -> str | None:
    """What somebody typed into a small window; None where it was cancelled."""
    answer = app.api.InputBox(Prompt=prompt, Title="Duebook", Default=default, Type=_TEXT)
    return None if answer is False else str(answer)


def file_chosen(app: App, title: str, filters: str) -> str | None:
    """The file that somebody chose; None where it was cancelled."""
    answer = app.api.GetOpenFilename(filters, 1, title)
    return None if answer is False else str(answer)


def go_to(cell: Range) -> None:
    cell.api.Application.Goto(cell.api, True)
