"""The items of one message as a table: for the letter, for the e-mail's HTML, and as a workbook to attach.

Each holds one customer's data and nothing else.
"""

from __future__ import annotations

import datetime as dt
import io

from functions.money import exponent, to_major_text
from workbook.letters.messages import Line, Message
from workbook.letters.word_template import TABLE_LABELS
from workbook.package.cell_xml import begins_like_a_formula
from workbook.port import Cell
from workbook.results.amounts import amount_text

_WIDTHS = {"invoice": 18, "order": 18, "invoice_date": 13, "due_date": 13, "days": 13, "amount": 18}


def labels(language: str) -> dict[str, str]:
    """The headers, by the name of the column."""
    return {name: words.in_language(language) for name, words in TABLE_LABELS.items()}


def row_texts(line: Line, currency: str) -> dict[str, str]:
    """One item as texts, by the name of the column; the days blank where it is not overdue."""
    return {
        "invoice": line.invoice_id,
        "order": line.purchase_order,
        "invoice_date": line.invoice_date.isoformat(),
        "due_date": line.due_date.isoformat(),
        "days": str(line.days_overdue) if line.days_overdue > 0 else "",
        "amount": amount_text(line.amount_minor, currency),
    }


def item_workbook(message: Message, *, as_of: dt.date) -> bytes:
    """The items as an .xlsx, amounts as numbers, with the total below. Properties name our company only."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = message.currency
    book.properties.creator = message.fields["company_name"]
    book.properties.title = message.subject
    book.properties.created = book.properties.modified = dt.datetime.combine(as_of, dt.time())
    decimals = exponent(message.currency)
    amount_format = "#,##0" + ("." + "0" * decimals if decimals else "")
    told = labels(message.language)
    names = [name for name in told if name != "total"]

    def put(row: int, column: int, value: Cell, number_format: str = "General", *, is_bold: bool = False) -> None:
        cell = sheet.cell(row, column)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # text, whatever it begins with
            cell.quotePrefix = begins_like_a_formula(value)
        cell.number_format, cell.font = number_format, Font(name="Calibri", size=11, bold=is_bold)

    for place, name in enumerate(names, start=1):
        header = f"{told[name]} ({message.currency})" if name == "amount" else told[name]
        put(1, place, header, is_bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS[name]
    for row, line in enumerate(message.lines, start=2):
        put(row, 1, line.invoice_id, "@")
        put(row, 2, line.purchase_order or None, "@")
        put(row, 3, line.invoice_date, "yyyy-mm-dd")
        put(row, 4, line.due_date, "yyyy-mm-dd")
        put(row, 5, max(line.days_overdue, 0), "0")
        put(row, 6, float(to_major_text(line.amount_minor, message.currency)), amount_format)
    last = len(message.lines) + 2
    put(last, 1, told["total"], is_bold=True)
    put(last, 6, float(to_major_text(message.total_minor, message.currency)), amount_format, is_bold=True)
    sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
