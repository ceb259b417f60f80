"""A sheet for a table of ours in an open workbook: its headers, formats, lists and print setup, and a line on Home.

Where the workbook has the named styles of the template, its cells get them; elsewhere they get the number formats alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, count

from xlwings import Book, Sheet

from workbook import labels
from workbook.addresses import Area, column_letters
from workbook.live import native
from workbook.posting.entry_form import FORM, choices_shown
from workbook.schema import TABLES
from workbook.schema.entry import ENTRY
from workbook.table import Column, Kind, Owner, Table, Words
from workbook.template.home import TITLE_CELL, TITLE_STYLE, TITLES, home_entry
from workbook.template.sheet_order import place_among
from workbook.template.styles import LOG_COLOUR, TAB_COLOURS, cell_style, column_width, header_style, number_format

_LONGEST_TITLE = 31
_HEADER_HEIGHT = 36
_STYLE = "TableStyleLight1"
_PICK = Words("Pick one of the list.", "请从列表中选择。")
_REQUIRED = Words("Required. ", "必填。")


@dataclass(frozen=True)
class AddedSheet:
    """A sheet that was added for a table, and where its line on Home stands ("" where there is none)."""

    name: str
    table: str
    home: str = ""
    home_line: str = ""


def add_sheet(book: Book, table: Table, language: str, currency: str, added: list[AddedSheet]) -> None:
    """Add the table's sheet in its place in the order of work, with one blank row. The sheet in view stays the same.

    It is in ``added`` as soon as it is there, so that it can be taken away should the rest fail.
    """
    shown = book.sheets.active
    sheets = list(book.sheets)
    at = place_among([tuple(each.name for each in sheet.tables) for sheet in sheets], table)
    name = _free_name(table.label.in_language(language), {sheet.name.casefold() for sheet in sheets})
    beside = {"after": sheets[-1]} if at is None else {"before": sheets[at]}
    try:
        sheet = book.sheets.add(name, **beside)
    except BaseException:
        # It may be there already, and not yet have its name.
        taken = {each.name for each in sheets}
        added += [AddedSheet(each.name, table.name) for each in book.sheets if each.name not in taken]
        raise
    added.append(AddedSheet(name, table.name))
    for place, column in enumerate(table.columns, start=1):
        _dress_column(sheet, place, table, column, language, currency)
    headers = [column.label.in_language(language) for column in table.columns]
    right = column_letters(len(headers))
    sheet.range(f"A1:{right}1").raw_value = [headers]
    sheet.range("A1:A1").row_height = _HEADER_HEIGHT
    sheet.tables.add(source=sheet.range(f"A1:{right}2"), name=table.name, table_style_name=_STYLE, has_headers=True)
    native.freeze(sheet, rows=1, columns=2 if table.columns[1].key == "name" else 1)
    native.colour_tab(sheet, LOG_COLOUR if table.is_log else TAB_COLOURS[table.owner])
    native.set_up_print(sheet)
    _link_from_home(book, table, name, language, added)
    native.show(shown)
    if table.is_log:
        sheet.visible = False


def _free_name(name: str, taken: set[str]) -> str:
    """The name, with a number where another sheet is called so."""
    numbered = (f"{name[: _LONGEST_TITLE - len(str(number)) - 1]} {number}" for number in count(2))
    return next(each for each in chain([name], numbered) if each.casefold() not in taken)


def _dress_column(sheet: Sheet, place: int, table: Table, column: Column, language: str, currency: str) -> None:
    letter = column_letters(place)
    whole, first = sheet.range(f"{letter}1:{letter}1048576"), sheet.range(f"{letter}2:{letter}2")
    whole.number_format = number_format(column, currency)  # for rows to come
    whole.column_width = column_width(column, language)
    sheet.range(f"{letter}1:{letter}1").number_format = "General"
    native.give_style(sheet.range(f"{letter}1:{letter}1"), header_style(table, column))
    native.give_style(first, cell_style(column))
    if table.owner is Owner.USER or column.help.en:
        required = _REQUIRED.in_language(language) if column.is_required else ""
        native.give_help(
            sheet.range(f"{letter}2:{letter}1048576"),
            title=column.label.in_language(language),
            text=required + column.help.in_language(language),
            words=_words(column, language),
            refusal=_PICK.in_language(language),
        )
    if table.name == ENTRY.name and column.key == "entry":
        _offer_by_row(sheet, letter, column, language)


def _offer_by_row(sheet: Sheet, letter: str, column: Column, language: str) -> None:
    """A form holds another thing in each row, and offers what goes with it; it refuses nothing, as rows may be moved."""
    for row, field in enumerate(FORM, start=2):
        native.give_help(
            sheet.range(f"{letter}{row}:{letter}{row}"),
            title=field.label.in_language(language),
            text=column.help.in_language(language),
            words=choices_shown(field, language),
            refusal="",
        )


def _words(column: Column, language: str) -> list[str]:
    if column.kind is Kind.YES_NO:
        return [labels.yes_no(True, language), labels.yes_no(False, language)]
    return [labels.words(code, language) for code in column.choices]


def _link_from_home(book: Book, table: Table, name: str, language: str, added: list[AddedSheet]) -> None:
    """A line about the sheet below all that Home holds, unless a sheet of that name is staff's own."""
    home = next((each for each in book.sheets if each.name in TITLES), None)
    if home is None or native.style_of(home.range(TITLE_CELL)) != TITLE_STYLE or table.name not in TABLES:
        return
    row = Area.parse(home.used_range.address).last_row + 1
    entry = home_entry(table, name, language)
    line = Area(row, min(entry.cells), row, max(entry.cells))
    added[-1] = AddedSheet(name, table.name, home.name, str(line))
    for column, (text, style) in entry.cells.items():
        cell = home.range((row, column))
        cell.raw_value = f"'{text}"
        if column == entry.link_column:
            native.link_to(cell, entry.location)
        native.give_style(cell, style)
    home.range((row, entry.link_column)).row_height = entry.height
