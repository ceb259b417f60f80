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
from workbook.refusals import Refusal
from workbook.reminders.hand_over import HandOver, Section
from workbook.table import Column, Kind, Words

_NOT_OF_A_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]|^\.+|[. ]+$')
_WIDEST = 48
_IN_THE_DOCUMENT = ("Claim", "Customers", "Contracts", "PaymentTerms", "OpenItems", "InterestByItem", "ReminderLog",
                    "Activities", "Statement")  # fmt: skip
_FONTS = {"en": "Calibri", "zh-CN": "Microsoft YaHei"}

TITLE = Words("Hand-over for collection: {name} ({customer})", "债权移交材料：{name}（{customer}）")
AS_OF = Words("As of {day}", "截至 {day}")
BY = Words("Handed over by {company}", "移交方：{company}")
NOTHING_OF = Words("None.", "无。")
SEE_WORKBOOK = Words(
    "The workbook beside this document holds all of it, with invoices, receipts and what each receipt paid.",
    "同文件夹的工作簿含全部明细，包括发票、收款及各笔收款的清账情况。",
)


class NoWordDocuments(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "Word documents need python-docx, which is not installed: pip install 'duebook[documents]', and run again."
        )


def file_name_of(customer: str) -> str:
    """A customer's id as part of a file name: signs that no file system takes become underscores."""
    return _NOT_OF_A_FILE_NAME.sub("_", customer) or "_"


def hand_over_files(content: HandOver, out: Path) -> Mapping[Path, bytes]:
    """The folder legal-CUSTOMER-DATE within ``out``: its workbook and its document. Raises NoWordDocuments."""
    folder = out / f"legal-{file_name_of(content.customer_id)}-{content.as_of}"
    return {folder / "hand-over.xlsx": _workbook(content), folder / "hand-over.docx": _document(content)}


def _heading(content: HandOver) -> str:
    return TITLE.in_language(content.language).format(name=content.name, customer=content.customer_id)


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12))


def _workbook(content: HandOver) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.remove(book.worksheets[0])
    for section in content.filled:
        sheet = book.create_sheet(section.title[:31])
        sheet.append([each.label.in_language(content.language) for each in section.columns])
        for cell in sheet[1]:
            cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        for at, (row, currency) in enumerate(zip(section.rows, section.currencies, strict=True), start=2):
            for place, (declared, value) in enumerate(zip(section.columns, row, strict=True), start=1):
                cell = sheet.cell(at, place, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # text, whatever it begins with
                    cell.quotePrefix = begins_like_a_formula(value)
                cell.number_format = _format(declared, currency or content.base_currency)
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
    try:
        from docx import Document
        from docx.enum.section import WD_ORIENT
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt
    except ImportError as missing:
        raise NoWordDocuments from missing
    document = Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = Cm(1.8)
    for name in ("Normal", "Title", "Heading 1"):
        font = document.styles[name].font
        font.name = _FONTS["en"]
        # Without a font of its own for Chinese, a program shows boxes.
        document.styles[name].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONTS["zh-CN"])
    document.styles["Normal"].font.size = Pt(9)
    document.add_heading(_heading(content), 0)
    document.add_paragraph(AS_OF.in_language(content.language).format(day=content.as_of))
    if content.company_name:
        document.add_paragraph(BY.in_language(content.language).format(company=content.company_name))
    document.add_paragraph(SEE_WORKBOOK.in_language(content.language))
    for name in _IN_THE_DOCUMENT:
        section = content.sections[name]
        document.add_heading(section.title, 1)
        if not section.rows:
            document.add_paragraph(NOTHING_OF.in_language(content.language))
            continue
        table = document.add_table(rows=1, cols=len(section.columns), style="Table Grid")
        for cell, declared in zip(table.rows[0].cells, section.columns, strict=True):
            cell.paragraphs[0].add_run(declared.label.in_language(content.language)).bold = True
        for row, currency in _rows(section, content):
            cells = table.add_row().cells
            for cell, declared, value in zip(cells, section.columns, row, strict=True):
                cell.text = _shown(declared, value, currency)
                if declared.kind in (Kind.MONEY, Kind.RATE, Kind.INTEGER):
                    cell.paragraphs[0].alignment = 2  # to the right
    properties = document.core_properties
    properties.author = properties.last_modified_by = content.company_name
    properties.title, properties.comments = _heading(content), ""
    properties.created = properties.modified = _noon(content.as_of)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
