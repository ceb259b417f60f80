"""How cells look, by the kind of their column: number formats, widths, named styles, colours by owner."""

from __future__ import annotations

import math
import unicodedata

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

from functions.money import exponent
from workbook.table import Column, Kind, Owner, Table, Words

SHARES = frozenset({"annual_rate", "late_rate", "specific_loss_rate", "utilisation"})
"""Rates that are parts of a whole and so shown in percent; the others are exchange rates and bare percentages."""

ISO_DATE = "yyyy-mm-dd"
AS_TEXT = "@"
_INTEGER = "0"
_RATE = "0.00######"
_SHARE = "0.00%"
_GENERAL = "General"

TAB_COLOURS = {Owner.USER: "2F5D8C", Owner.ADDIN: "3F7D58"}
HOME_COLOUR = "404040"
LOG_COLOUR = "A6A6A6"
_FONTS = {"en": "Calibri", "zh-CN": "Microsoft YaHei"}

_HEADER_FILLS = {"required": "1F4266", "optional": "5B87B5", "ours": TAB_COLOURS[Owner.ADDIN]}
_ANY_AMOUNT = Column("amount", Words("Amount", "金额"), Kind.MONEY)

_WIDTHS = {
    Kind.TEXT: 24, Kind.ID: 16, Kind.DATE: 13, Kind.MONEY: 17, Kind.RATE: 13, Kind.INTEGER: 11, Kind.YES_NO: 11,
    Kind.CHOICE: 18,
}  # fmt: skip
_OWN_WIDTHS = {
    "name": 58, "address": 56, "email": 30, "notes": 44, "remittance": 30, "subject": 52, "body": 100, "meaning": 100,
    "value": 40, "key": 24, "what_to_do": 110, "explanation": 60, "status_reason": 60, "description": 36, "tax_id": 24,
    "tax_invoice_number": 24, "contact_name": 26, "entry": 40, "field": 22,
    "dispute_reason": 30, "arguments": 40, "totals": 40, "tie_out": 40, "file_hashes": 40, "reason": 34, "currency": 9,
    "item_id": 36, "message_id": 30, "code": 26, "ran_at": 24,
}  # fmt: skip
_LONG = frozenset({
    "body", "meaning", "what_to_do", "explanation", "status_reason", "notes", "arguments", "totals", "tie_out", "value",
})  # fmt: skip
"""Excel shows a cell of more than 255 characters as #### when its format is text, so the format of these is not."""
_WRAPPED = frozenset({"body"})
_LINE_HEIGHT, _TALLEST_ROW = 15.5, 409
_FILTER_BUTTON = 4  # the room that the button takes in a header


def number_format(column: Column, currency: str) -> str:
    """The Excel number format of a column; ``currency`` is the base currency, whose decimals all amounts are shown with.

    Ids and short texts are text, so that 00123 keeps its zeros when someone types it. Raises UnknownCurrency.
    """
    match column.kind:
        case Kind.MONEY:
            decimals = exponent(currency)
            figure = "#,##0." + "0" * decimals if decimals else "#,##0"
            return f"{figure}_);[Red]-{figure}_)"
        case Kind.DATE:
            return ISO_DATE
        case Kind.INTEGER:
            return _INTEGER
        case Kind.RATE:
            return _SHARE if column.key in SHARES else _RATE
        case Kind.TEXT | Kind.ID:
            return _GENERAL if column.key in _LONG else AS_TEXT
        case Kind.CHOICE | Kind.YES_NO:
            return _GENERAL


def column_width(column: Column, language: str) -> float:
    """Wide enough for what the column holds, and for its header on two lines beside the filter button."""
    label = column.label.in_language(language)
    longest_word = max(map(display_width, label.split()))
    return max(
        _OWN_WIDTHS.get(column.key, _WIDTHS[column.kind]),
        longest_word + _FILTER_BUTTON,
        display_width(label) / 2 + _FILTER_BUTTON,
    )


def row_height(column: Column, text: str, language: str) -> float | None:
    """Points that a row needs to show a wrapped text whole, as far as Excel allows; None where nothing wraps."""
    if column.key not in _WRAPPED:
        return None
    width = column_width(column, language)
    lines = sum(max(1, math.ceil(display_width(line) / width)) for line in text.split("\n"))
    return min(lines * _LINE_HEIGHT, _TALLEST_ROW)


def display_width(text: str) -> int:
    """Columns of a fixed-width font: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def cell_style(column: Column) -> str:
    """The named style of a column's cells."""
    if column.key in _LONG:
        return "Duebook wrapped text" if column.key in _WRAPPED else "Duebook long text"
    if column.kind is Kind.RATE:
        return "Duebook share" if column.key in SHARES else "Duebook rate"
    return f"Duebook {column.kind.value.replace('_', ' ')}"


def header_style(table: Table, column: Column) -> str:
    """The named style of a column's header: by owner, and darker where staff must fill it in."""
    if table.owner is Owner.ADDIN:
        return "Duebook header, ours"
    return "Duebook header, required" if column.is_required else "Duebook header, optional"


def add_named_styles(workbook: Workbook, language: str, currency: str) -> None:
    """The styles that ``cell_style``, ``header_style`` and Home name, unless the workbook has them already."""
    present = set(workbook.named_styles)
    font = _FONTS[language]
    for style in (*_cell_styles(currency), *_header_styles(), *_home_styles()):
        if style.name not in present:
            style.font.name = font
            workbook.add_named_style(style)


def _cell_styles(currency: str) -> list[NamedStyle]:
    top, left = Alignment(vertical="top"), Alignment(vertical="top", horizontal="left")
    centre = Alignment(vertical="top", horizontal="center")
    styles = {
        "text": (AS_TEXT, left), "wrapped text": (_GENERAL, Alignment(vertical="top", horizontal="left", wrap_text=True)),
        "long text": (_GENERAL, left), "id": (AS_TEXT, left), "date": (ISO_DATE, centre),
        "money": (number_format(_ANY_AMOUNT, currency), top),
        "rate": (_RATE, top), "share": (_SHARE, top), "integer": (_INTEGER, centre), "yes no": (_GENERAL, centre),
        "choice": (_GENERAL, left),
    }  # fmt: skip
    return [
        NamedStyle(name=f"Duebook {name}", number_format=shape, alignment=alignment, font=Font(size=11))
        for name, (shape, alignment) in styles.items()
    ]


def _header_styles() -> list[NamedStyle]:
    return [
        NamedStyle(
            name=f"Duebook header, {name}",
            font=Font(size=11, bold=True, color="FFFFFF"),
            fill=PatternFill("solid", fgColor=fill),
            alignment=Alignment(vertical="center", wrap_text=True),
            border=Border(right=Side(style="thin", color="FFFFFF")),
        )
        for name, fill in _HEADER_FILLS.items()
    ]


def _home_styles() -> list[NamedStyle]:
    wrapped, number = Alignment(vertical="center", wrap_text=True), Alignment(vertical="center", horizontal="center")
    rule = Border(bottom=Side(style="medium", color=HOME_COLOUR))
    return [
        NamedStyle(name="Duebook title", font=Font(size=20, bold=True, color=HOME_COLOUR)),
        NamedStyle(name="Duebook company", font=Font(size=13, color=HOME_COLOUR)),
        NamedStyle(name="Duebook legend", font=Font(size=11, color=HOME_COLOUR)),
        NamedStyle(name="Duebook section", font=Font(size=13, bold=True, color=HOME_COLOUR), border=rule),
        NamedStyle(name="Duebook step", font=Font(size=11, bold=True, color=HOME_COLOUR), alignment=number),
        NamedStyle(name="Duebook link", font=Font(size=11, underline="single", color="1F5FA8"), alignment=wrapped),
        NamedStyle(
            name="Duebook figure",
            font=Font(size=11, bold=True, color="404040"),
            alignment=Alignment(horizontal="left", vertical="top"),
        ),
        NamedStyle(name="Duebook remark", font=Font(size=11, color="404040"), alignment=wrapped),
    ]
