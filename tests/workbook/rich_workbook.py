"""A workbook as an office makes it of ours in a year: charts, pivots, slicers, buttons, notes, all that openpyxl would lose.

Our sheets come from the template, closed a month ago. The office's own sheets, and what hangs on them, are the parts in
``rich_parts/package/``, laid out as in the package, as Excel saves them; ``{{…}}`` in them stands for what depends on the
ledger. The macros Refresh and CallList in ``vbaProject.bin`` were put there with pyOpenVBA.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tests.workbook.memory_book import MemoryBook
from tests.workbook.rich_parts.binding import STAMP, bind, picture, printer_settings, zipped
from tests.workbook.rich_parts.filling import Filling, SharedStrings, range_of
from workbook.port import Cell, Columns
from workbook.schema import TABLES
from workbook.tasks.closing import close
from workbook.template.default_rows import default_rows
from workbook.template.new_workbook import build_workbook

LAST_CLOSE = dt.date(2024, 3, 31)
STAFF_SHEETS = ("Dashboard", "Pivot", "Workings", "Branches")

LEDGER: Mapping[str, Columns] = {
    "Customers": {
        "customer_id": ["C1", "C2", "C3"], "name": ["Harbour Ltd", "Mill & Sons", "Quay GmbH"],
        "payment_terms": ["NET30", "NET30", "NET30"], "email": ["ap@harbour.test", "ap@mill.test", "ap@quay.test"],
    },
    "Invoices": {
        "invoice_id": [f"I-{number}" for number in range(101, 109)],
        "customer_id": ["C1", "C2", "C3", "C1", "C2", "C3", "C1", "C2"],
        "invoice_date": [
            dt.date(2024, month, day)
            for month, day in ((1, 10), (1, 20), (2, 5), (2, 15), (2, 25), (3, 4), (3, 15), (3, 28))
        ],
        "amount": [1200, 450.5, 980, 310.25, 2200, 75, 640, 128.4],
    },
    "Receipts": {
        "receipt_id": ["R-1", "R-2", "R-3"], "customer_id": ["C1", "C2", "C1"], "amount": [1200, 450.5, 310.25],
        "receipt_date": [dt.date(2024, 2, 20), dt.date(2024, 3, 5), dt.date(2024, 4, 12)],
    },
}  # fmt: skip
"""R-3 pays I-104 after the last close: the item that stands first in OpenItems is gone at the next."""

BRANCHES = ("North", "South", "North", "South", "North", "South", "North", "South")
REMARKS = {"I-104": ("yes", "waits for a copy"), "I-105": (None, "pays in May"), "I-107": ("yes", None)}
NOTE_BESIDE = "I-106"

_REPORTS = ("OpenItems", "Applications", "Aging", "Credit", "Reminders", "RemindersHeld", "RunLog")
"""What the last close wrote. Somebody has since deleted the sheet of ReminderItems: the next run adds it again."""

_PACKAGE = Path(__file__).parent / "rich_parts" / "package"
_X14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
_XM = 'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
_BAR_ID = "{7A3C5E19-2B4D-4F60-8A1C-3D5E7F901B2C}"


def rich_workbook(path: Path) -> Path:
    """Write the workbook, an .xlsm; the same bytes each time."""
    book = _template()
    packed = io.BytesIO()
    book.save(packed)
    with zipfile.ZipFile(packed) as saved:
        parts = {name: saved.read(name) for name in saved.namelist()}
    sheets = {sheet.title: f"xl/worksheets/sheet{number}.xml" for number, sheet in enumerate(book.worksheets, start=1)}
    _add_rules_of_excel_2010(parts, sheets["Invoices"], book["Invoices"])
    parts[sheets["Home"]] = parts[sheets["Home"]].replace(b"<sheetPr>", b'<sheetPr codeName="Sheet1">')  # as in the macros
    strings = SharedStrings(parts)
    fill = Filling(
        strings,
        parts,
        sheets,
        [list(row) for row in book["Invoices"].iter_rows(values_only=True)],
        open_amount=_sum_of(book["Open items"], "Open"),
        overdue=_sum_of(book["Aging"], "Overdue"),
    )
    for file in sorted(each for each in _PACKAGE.rglob("*") if each.is_file()):
        name = file.relative_to(_PACKAGE).as_posix()
        for sheet in STAFF_SHEETS:
            name = name.replace(f"/{sheet}.xml", f"/{Path(sheets[sheet]).name}")
        parts[name] = file.read_bytes() if file.suffix == ".bin" else fill(file.read_text("utf-8")).encode()
    parts["xl/sharedStrings.xml"] = strings.part()
    parts["xl/media/image1.png"] = picture()
    parts["xl/printerSettings/printerSettings1.bin"] = printer_settings()
    bind(parts)
    path.write_bytes(zipped(parts))
    return path


def column_of_invoices(header: str, last_row: int) -> str:
    """``Amount``, 9 → ``$L$2:$L$9``; staff's own columns included."""
    return range_of([*(column.label.en for column in TABLES["Invoices"].columns), "Branch", "Checked"], header, last_row)


def _template() -> Workbook:
    """Our sheets after the last close, with what openpyxl can add to them; empty sheets for the office's own."""
    defaults = {name: rows for name, rows in default_rows(language="en", currency="EUR").items() if name != "Settings"}
    closed = MemoryBook(language="en", currency="EUR", tables={**defaults, **LEDGER})
    close(closed, as_of=LAST_CLOSE, ran_at=dt.datetime(*STAMP))
    book = build_workbook(language="en", currency="EUR", rows={**LEDGER, **{name: _rows(closed, name) for name in _REPORTS}})
    for sheet in STAFF_SHEETS:
        book.create_sheet(sheet)
    book["Branches"].sheet_state = "veryHidden"
    _add_columns(book["Invoices"], "Invoices", {"Branch": BRANCHES, "Checked": [None] * len(BRANCHES)})
    _add_remarks(book["Open items"])
    _add_rules(book["Invoices"])
    _add_names(book)
    book.properties.creator = "Wang"
    book.properties.created = dt.datetime(*STAMP)
    book.custom_doc_props.append(StringProperty(name="Department", value="Receivables"))
    return book


def _rows(book: MemoryBook, name: str) -> Columns:
    raw = book.read_table(name)
    assert raw is not None
    keys = {column.label.en: column.key for column in TABLES[name].columns}
    return {keys[header]: list(cells) for header, cells in zip(raw.headers, raw.columns, strict=True)}


def _add_columns(sheet: Worksheet, table: str, columns: Mapping[str, Sequence[Cell]]) -> None:
    """Columns that staff put at the right of a table."""
    for header, cells in columns.items():
        place = sheet.max_column + 1
        for row, cell in enumerate([header, *cells], start=1):
            sheet.cell(row, place).value = cell
    sheet.tables[table].ref = f"A1:{get_column_letter(sheet.max_column)}{sheet.max_row}"


def _add_remarks(open_items: Worksheet) -> None:
    items = [str(open_items.cell(row, 1).value) for row in range(2, open_items.max_row + 1)]
    called, remarks = zip(*(REMARKS.get(item, (None, None)) for item in items), strict=True)
    _add_columns(open_items, "OpenItems", {"Called?": called, "Remark": remarks})
    open_items.cell(items.index(NOTE_BESIDE) + 2, open_items.max_column).comment = Comment("ask Li", "Wang")


def _add_rules(invoices: Worksheet) -> None:
    """A drop-down list and a colour, each on a whole column by address."""
    checked = DataValidation(type="list", formula1='"Yes,No"', allow_blank=True)
    checked.add(_reach(invoices, "Checked"))
    invoices.add_data_validation(checked)
    red = CellIsRule(operator="greaterThan", formula=["1000"], fill=PatternFill("solid", bgColor="FFFFC7CE"))
    invoices.conditional_formatting.add(_reach(invoices, "Amount"), red)


def _reach(invoices: Worksheet, header: str) -> str:
    return column_of_invoices(header, invoices.max_row).replace("$", "")


def _add_names(book: Workbook) -> None:
    """Names and print areas; those of slicers hold nothing, as Excel has it."""
    invoices = book["Invoices"]
    invoices.print_area = invoices.tables["Invoices"].ref
    book["Dashboard"].print_area = "A1:L31"
    amounts = f"Invoices!{column_of_invoices('Amount', invoices.max_row)}"
    names = {"InvoiceAmounts": amounts, "VatRate": "0.19", "Slicer_Branch": "#N/A", "Slicer_Customer_ID": "#N/A"}
    for name, text in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=text)


def _add_rules_of_excel_2010(parts: dict[str, bytes], part: str, invoices: Worksheet) -> None:
    """On whole columns of Invoices: a data bar, and a drop-down list that stands on another sheet."""
    amounts, branches = _reach(invoices, "Amount"), _reach(invoices, "Branch")
    bar = (
        f'<conditionalFormatting sqref="{amounts}"><cfRule type="dataBar" priority="9"><dataBar><cfvo type="min"/>'
        '<cfvo type="max"/><color rgb="FF63C384"/></dataBar>'
        f'<extLst><ext {_X14} uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}"><x14:id>{_BAR_ID}</x14:id></ext></extLst>'
        "</cfRule></conditionalFormatting>"
    )
    extensions = (
        f'<extLst><ext {_X14} uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}"><x14:conditionalFormattings>'
        f'<x14:conditionalFormatting {_XM}><x14:cfRule type="dataBar" id="{_BAR_ID}">'
        '<x14:dataBar minLength="0" maxLength="100"><x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/>'
        '<x14:negativeFillColor rgb="FFFF0000"/><x14:axisColor rgb="FF000000"/></x14:dataBar></x14:cfRule>'
        f"<xm:sqref>{amounts}</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext>"
        f'<ext {_X14} uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}"><x14:dataValidations {_XM} count="1">'
        '<x14:dataValidation type="list" allowBlank="1" showInputMessage="1" showErrorMessage="1"><x14:formula1>'
        f"<xm:f>Branches!$A$1:$A$2</xm:f></x14:formula1><xm:sqref>{branches}</xm:sqref></x14:dataValidation>"
        "</x14:dataValidations></ext></extLst>"
    )
    sheet = parts[part].decode().replace("<dataValidations", f"{bar}<dataValidations", 1)
    parts[part] = sheet.replace("</worksheet>", f"{extensions}</worksheet>").encode()


def _sum_of(sheet: Worksheet, header: str) -> float:
    (cells,) = [column[1:] for column in sheet.iter_cols(values_only=True) if column[0] == header]
    return round(sum(cell for cell in cells if isinstance(cell, int | float)), 2)
