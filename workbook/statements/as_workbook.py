"""A document as an .xlsx file: a sheet a page, printed on the width of one sheet of paper.

The tables of the reply are Excel tables, found again by name when the file comes back. Nothing but the document's own texts
is in the package.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from functions.money import exponent
from workbook.package.cell_xml import LONGEST_TEXT, begins_like_a_formula
from workbook.statements.blocks import Amount, Document, Facts, Grid, Heading, Page, Paragraph, Value, value_text

_FEWEST_COLUMNS = 6
_NARROWEST, _WIDEST = 11, 30  # characters; an amount is never cut, whatever its width
_TO_FILL = PatternFill("solid", fgColor="FFF8CC")
_HEADER = PatternFill("solid", fgColor="E6ECF2")
_THIN = Side(style="thin", color="B8C2CC")
_LINE = Border(bottom=_THIN)
_TOTAL = Border(top=_THIN, bottom=Side(style="double", color="5A6875"))
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FONT = "Calibri"
_BOLD = Font(name=_FONT, bold=True)
_HEADINGS = (
    Font(name=_FONT, bold=True, size=16),
    Font(name=_FONT, bold=True, size=12, color="1F4E79"),
    Font(name=_FONT, bold=True),
)
_HEADING_POINTS = (24.0, 18.0, 15.0)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_RIGHT = Alignment(horizontal="right", vertical="top", wrap_text=True, indent=1)
_LEFT = Alignment(horizontal="left", vertical="top", wrap_text=True)
_OVER_THE_NEXT_CELLS = Alignment(vertical="center")
_LINE_POINTS = 15.0
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def workbook_bytes(document: Document) -> bytes:
    """The file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = _clean(document.author)
    book.properties.title = _clean(document.title)
    for page in document.pages:
        _SheetOf(book, page)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


class _SheetOf:
    """One page, written from top to bottom."""

    def __init__(self, book: Workbook, page: Page) -> None:
        self.sheet: Worksheet = book.create_sheet(page.name)
        grids = [block for block in page.blocks if isinstance(block, Grid)]
        self.columns = max([_FEWEST_COLUMNS, *(len(grid.headers) for grid in grids)])
        self.widths = _widths(grids, self.columns)
        self.row = 1
        for column, width in enumerate(self.widths, 1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width
        for block in page.blocks:
            self._write(block)
        self._print_on_one_width()

    def _write(self, block: object) -> None:
        match block:
            case Heading(text, level):
                self.row += 1 if level and self.row > 1 else 0
                cell = self._put(self.row, 1, text)
                cell.font = _HEADINGS[level]
                cell.alignment = _OVER_THE_NEXT_CELLS
                self.sheet.row_dimensions[self.row].height = _HEADING_POINTS[level]
                self.row += 1
            case Paragraph(text):
                self._across(1, text)
                self.row += 1
            case Facts(rows):
                for label, value in rows:
                    self._fact(label, value)
                self.row += 1
            case Grid():
                self._grid(block)

    def _fact(self, label: str, value: Value) -> None:
        name = self._put(self.row, 1, label)
        name.font = _BOLD
        name.alignment = _WRAPPED
        self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=1, end_column=2)
        if isinstance(value, str):
            self._across(3, value)
            return
        self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=3, end_column=4)
        self._put(self.row, 3, value)
        self.row += 1

    def _across(self, first: int, text: str) -> None:
        """A text over the columns from the first on, as high as it needs to be: a merged cell does not grow by itself."""
        cell = self._put(self.row, first, text)
        cell.alignment = _LEFT
        self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=first, end_column=self.columns)
        self._high_enough(_lines_of(text, sum(self.widths[first - 1 :])))
        self.row += 1

    def _high_enough(self, lines: int) -> None:
        if lines > 1:
            self.sheet.row_dimensions[self.row].height = _LINE_POINTS * lines

    def _grid(self, grid: Grid) -> None:
        first = self.row
        for column, header in enumerate(grid.headers, 1):
            cell = self._put(first, column, header)
            cell.font, cell.fill, cell.border = _BOLD, _HEADER, _LINE
            holds_amounts = all(row[column - 1] is None or isinstance(row[column - 1], Amount) for row in grid.rows)
            cell.alignment = _RIGHT if holds_amounts else _LEFT
        self._high_enough(max(_lines_of(text, width) for text, width in zip(grid.headers, self.widths, strict=False)))
        for row in grid.rows:
            self.row += 1
            for column, value in enumerate(row, 1):
                cell = self._put(self.row, column, value)
                if column - 1 in grid.to_fill:
                    cell.fill, cell.border = _TO_FILL, _BOX
            texts = zip(row, self.widths, strict=False)
            self._high_enough(max(_lines_of(value_text(value), width) for value, width in texts))
        if grid.ends_with_total:
            for column in range(1, len(grid.headers) + 1):
                cell = self.sheet.cell(self.row, column)
                cell.font, cell.border = _BOLD, _TOTAL
        if grid.name:
            self._name(grid, first)
        self.row += 2

    def _name(self, grid: Grid, first: int) -> None:
        reach = f"A{first}:{get_column_letter(len(grid.headers))}{self.row}"
        table = Table(displayName=grid.name, ref=reach)
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        self.sheet.add_table(table)
        for place, choices in grid.choices.items():
            letter = get_column_letter(place + 1)
            picked = DataValidation("list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            picked.add(f"{letter}{first + 1}:{letter}{self.row}")
            self.sheet.add_data_validation(picked)

    def _put(self, row: int, column: int, value: Value) -> Any:
        cell: Any = self.sheet.cell(row, column)
        assert isinstance(cell, SheetCell)
        if value is None or value == "":
            return cell
        if isinstance(value, Amount):
            cell.value = value.minor / 10.0 ** exponent(value.currency)
            cell.number_format = _amount_format(value.currency)
            cell.alignment = _RIGHT
        elif isinstance(value, str):
            cell.value = _clean(value)
            cell.data_type = "s"  # text, whatever it begins with
            cell.alignment = _LEFT
            if begins_like_a_formula(value):
                cell.quotePrefix = True
        else:
            cell.value = value
            cell.alignment = _LEFT
            if isinstance(value, dt.date):
                cell.number_format = "yyyy-mm-dd"
        return cell

    def _print_on_one_width(self) -> None:
        sheet = self.sheet
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = "landscape" if sum(self.widths) > _PORTRAIT_CHARACTERS else "portrait"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.oddFooter = HeaderFooterItem(center=_HeaderFooterPart("&P / &N"))


_PORTRAIT_CHARACTERS = 115


@lru_cache
def _amount_format(currency: str) -> str:
    decimals = exponent(currency)
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _clean(text: str) -> str:
    """A text as a cell may hold it: without the characters that no part of a package may hold."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub("[\ud800-\udfff\ufffe\uffff]", "", text)
    return _LIKE_AN_ESCAPE.sub("_x005F_", text)[:LONGEST_TEXT]


def _places(text: str) -> int:
    """How wide a text is in digits: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _widths(grids: Sequence[Grid], columns: int) -> list[float]:
    widths = [float(_NARROWEST)] * columns
    for grid in grids:
        for place, header in enumerate(grid.headers):
            texts = [min(_places(header), _WIDEST)]
            for row in grid.rows:
                value = row[place]
                wide = max(map(_places, value_text(value).split("\n")))
                texts.append(wide if isinstance(value, Amount) else min(wide, _WIDEST))
            widths[place] = max(widths[place], max(texts) + 3.0)
    return widths


def _lines_of(text: str, width: float) -> int:
    """How many lines a text takes in so many digits' width; words are broken a little before the end."""
    room = max(width * 0.95 - 1, 1)
    return sum(max(1, -int(-_places(line) // room)) for line in text.split("\n"))
