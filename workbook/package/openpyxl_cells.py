"""Single cells of an openpyxl sheet: values as they are meant, and formulas that move with their row."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Any

from openpyxl.formula.translate import Translator
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from workbook.addresses import address
from workbook.package.cell_xml import begins_like_a_formula
from workbook.port import Cell
from workbook.reading.cell_parsing import is_blank
from workbook.refusals import TextTooLong

LONGEST_TEXT = 32_767
"""Characters in a cell, by Excel's limits."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def sheet_cell(sheet: Worksheet, row: int, column: int) -> Any:
    """The cell of a place, made if need be; never a merged one, which tables do not have and edits refuse."""
    return sheet.cell(row, column)


def put(sheet: Worksheet, row: int, column: int, value: Cell) -> None:
    """Write a value: a text stays text whatever it begins with, a blank empties the cell. Raises TextTooLong."""
    if is_blank(value):
        if (row, column) in sheet._cells:
            empty(sheet_cell(sheet, row, column))
        return
    cell = sheet_cell(sheet, row, column)
    cell.hyperlink = None
    if not isinstance(value, str):
        cell.value = value
        return
    if len(value) > LONGEST_TEXT:
        raise TextTooLong(f"{sheet.title}!{address(row, column)}", len(value))
    cell.value = _encoded(value)
    # openpyxl takes =… for a formula and #N/A for an error.
    cell.data_type = "s"
    if begins_like_a_formula(value):
        cell.quotePrefix = True  # so that it stays text when somebody edits the cell


def _encoded(text: str) -> str:
    """Characters that XML cannot hold, as Excel spells them: ``_x000B_``."""
    text = _LIKE_AN_ESCAPE.sub("_x005F_", text)
    return _UNPRINTABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def empty(cell: Any) -> None:
    """Take everything out of a cell but its format."""
    cell.value = None
    cell.hyperlink = None
    cell.comment = None


def remove(sheet: Worksheet, row: int, column: int) -> None:
    """Leave no trace of a cell."""
    if (row, column) in sheet._cells:
        empty(sheet_cell(sheet, row, column))
        del sheet._cells[row, column]


@dataclass(frozen=True)
class Lifted:
    """A cell taken out of its place: value, format, link and note."""

    row: int
    column: int
    value: Any
    data_type: str
    style: Any
    hyperlink: Any
    comment: Any

    @property
    def is_formula(self) -> bool:
        return isinstance(self.value, ArrayFormula) or self.data_type == "f"


def lift(sheet: Worksheet, row: int, column: int) -> Lifted | None:
    """What stands in a place, or None where nothing does and nothing is formatted."""
    if (row, column) not in sheet._cells:
        return None
    cell = sheet_cell(sheet, row, column)
    return Lifted(
        row, column, cell.value, cell.data_type, copy.copy(cell._style), copy.copy(cell.hyperlink), copy.copy(cell.comment)
    )


def set_down(sheet: Worksheet, row: int, column: int, lifted: Lifted) -> None:
    """Put a lifted cell in another place; the cells that its formula names by their distance move with it."""
    cell = sheet_cell(sheet, row, column)
    cell._style = copy.copy(lifted.style)
    cell.value = moved_formula(lifted, row, column) if lifted.is_formula else lifted.value
    if not lifted.is_formula:
        cell.data_type = lifted.data_type
    cell._hyperlink = copy.copy(lifted.hyperlink)  # the setter would write the address into a blank cell
    if cell._hyperlink is not None:
        cell._hyperlink.ref = cell.coordinate
    cell.comment = copy.copy(lifted.comment)


def moved_formula(lifted: Lifted, row: int, column: int) -> Any:
    """A formula as Excel would copy it to another cell."""
    here, there = address(lifted.row, lifted.column), address(row, column)
    if isinstance(lifted.value, ArrayFormula):
        text = Translator(lifted.value.text, origin=here).translate_formula(there)
        return ArrayFormula(ref=there, text=text)
    if not isinstance(lifted.value, str):  # a what-if table, which belongs to its place
        return lifted.value
    return Translator(lifted.value, origin=here).translate_formula(there)
