"""A hand-over as files: a workbook with a sheet a section, and a Word document that says it in order."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping
from pathlib import Path

from functions.money import exponent
from workbook.package.cell_xml import begins_like_a_formula
from workbook.port import Cell
from workbook.reminders.hand_over import HandOver, Section
from workbook.statements.as_letter import letter_bytes
from workbook.statements.blocks import Amount, Block, Document, Grid, Heading, Page, Paragraph, Value
from workbook.table import Column, Kind, Words

_NOT_OF_A_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]|^\.+|[. ]+$')
_WIDEST = 48
_IN_THE_DOCUMENT = ("Claim", "Customers", "Contracts", "PaymentTerms", "OpenItems", "InterestByItem", "ReminderLog",
                    "Activities", "Statement")  # fmt: skip
_HEADER_FILL = "E6ECF2"

_SIDES = {Kind.MONEY: "right", Kind.RATE: "right", Kind.INTEGER: "center"}

TITLE = Words("Hand-over for collection: {name} ({customer})", "债权移交材料：{name}（{customer}）")
AS_OF = Words("As of {day}", "截至 {day}")
BY = Words("Handed over by {company}", "移交方：{company}")
NOTHING_OF = Words("None.", "无。")
SEE_WORKBOOK = Words(
    "The workbook beside this document holds all of it, with invoices, receipts and what each receipt paid.",
    "同文件夹的工作簿含全部明细，包括发票、收款及各笔收款的清账情况。",
)


def file_name_of(customer: str) -> str:
    """A customer's id as part of a file name: signs that no file system takes become underscores."""
    return _NOT_OF_A_FILE_NAME.sub("_", customer) or "_"


def hand_over_files(content: HandOver, out: Path) -> Mapping[Path, bytes]:
    """The folder legal-CUSTOMER-DATE within ``out``: its workbook and its document."""
    folder = out / f"legal-{file_name_of(content.customer_id)}-{content.as_of}"
    return {folder / "hand-over.xlsx": _workbook(content), folder / "hand-over.docx": _document(content)}


def _heading(content: HandOver) -> str:
    return TITLE.in_language(content.language).format(name=content.name, customer=content.customer_id)


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12))


def _workbook(content: HandOver) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill

    book = Workbook()
    book.remove(book.worksheets[0])
    for section in content.filled:
        sheet = book.create_sheet(section.title[:31])
        sheet.append([each.label.in_language(content.language) for each in section.columns])
        sheet.print_title_rows = "1:1"
        for cell, declared in zip(sheet[1], section.columns, strict=True):
            cell.font, cell.fill = Font(name="Calibri", size=11, bold=True), PatternFill("solid", fgColor=_HEADER_FILL)
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=_SIDES.get(declared.kind, "left"))
        for at, (row, currency) in enumerate(zip(section.rows, section.currencies, strict=True), start=2):
            for place, (declared, value) in enumerate(zip(section.columns, row, strict=True), start=1):
                cell = sheet.cell(at, place, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # text, whatever it begins with
                    cell.quotePrefix = begins_like_a_formula(value)
                cell.number_format = _format(declared, currency or content.base_currency)
                cell.alignment = Alignment(vertical="top", horizontal=_SIDES.get(declared.kind, "left"), wrap_text=True)
        for place, declared in enumerate(section.columns, start=1):
            shown = [declared.label.in_language(content.language)]
            shown += [_shown(declared, row[place - 1], currency) for row, currency in _rows(section, content)]
            width = max(sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) for text in shown)
            sheet.column_dimensions[sheet.cell(1, place).column_letter].width = min(width, _WIDEST) + 2
        sheet.freeze_panes = "A2"
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    book.properties.creator = book.properties.lastModifiedBy = content.company_name or None
    book.properties.title = _heading(content)
    book.properties.created = book.properties.modified = _noon(content.as_of)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _rows(section: Section, content: HandOver) -> list[tuple[tuple[Cell, ...], str]]:
    return [(row, currency or content.base_currency) for row, currency in zip(section.rows, section.currencies, strict=True)]


def _format(declared: Column, currency: str) -> str:
    match declared.kind:
        case Kind.MONEY:
            return "#,##0" + ("." + "0" * exponent(currency) if exponent(currency) else "")
        case Kind.DATE:
            return "yyyy-mm-dd"
        case Kind.RATE:
            return "0.00##%"
        case Kind.TEXT | Kind.ID | Kind.CHOICE:
            return "@"
    return "General"


def _shown(declared: Column, value: Cell, currency: str) -> str:
    if value is None:
        return ""
    if declared.kind is Kind.MONEY and isinstance(value, float):
        return f"{value:,.{exponent(currency)}f}"
    if declared.kind is Kind.RATE and isinstance(value, float):
        return f"{value * 100:.4f}".rstrip("0").rstrip(".") + " %"
    return str(value)


def _document(content: HandOver) -> bytes:
    blocks: list[Block] = [
        Heading(_heading(content), 0),
        Paragraph(AS_OF.in_language(content.language).format(day=content.as_of)),
    ]
    if content.company_name:
        blocks.append(Paragraph(BY.in_language(content.language).format(company=content.company_name)))
    blocks.append(Paragraph(SEE_WORKBOOK.in_language(content.language)))
    for name in _IN_THE_DOCUMENT:
        section = content.sections[name]
        blocks.append(Heading(section.title))
        if not section.rows:
            blocks.append(Paragraph(NOTHING_OF.in_language(content.language)))
            continue
        rows = [
            [_told(declared, value, currency) for declared, value in zip(section.columns, row, strict=True)]
            for row, currency in _rows(section, content)
        ]
        blocks.append(Grid([each.label.in_language(content.language) for each in section.columns], rows))
    return letter_bytes(Document(_heading(content), content.company_name, [Page("", blocks)], is_wide=True))


def _told(declared: Column, value: Cell, currency: str) -> Value:
    """A cell as a document's block takes it."""
    if declared.kind is Kind.MONEY and isinstance(value, float):
        return Amount(round(value * 10 ** exponent(currency)), currency)
    return _shown(declared, value, currency)
