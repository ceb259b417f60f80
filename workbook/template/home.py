"""The Home sheet: what the last close found, what to do, in order, and a link to every sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from workbook.schema import TABLES
from workbook.table import Owner, Table, Words
from workbook.template.home_figures import HOME_FIGURES
from workbook.template.sheet_order import sheets_of_tables
from workbook.template.styles import HOME_COLOUR, number_format

TITLE = Words("Home", "首页")
_HEADING = Words("Accounts receivable", "应收账款管理")
_COMPANY = Words("Company: fill in company_name on the Settings sheet", "公司：请在“设置”表填写 company_name")
_FIGURES = Words("At a glance", "概览")
_TO_DO = Words("What to do, in order", "操作步骤")
_SHEETS = Words("Sheets", "工作表")
_LEGEND = Words(
    "Headers: dark blue must be filled in, light blue may be; green sheets are written by Duebook.",
    "表头：深蓝必填，浅蓝选填；绿色工作表由 Duebook 写入。",
)
_KEEPERS = {
    Owner.USER: Words("You fill it in", "由您填写"),
    Owner.ADDIN: Words("Duebook writes it", "由 Duebook 写入"),
}
_LOG = Words("Hidden: right-click any sheet tab, Unhide", "已隐藏：右击任一工作表标签，选“取消隐藏”")


@dataclass(frozen=True)
class _Step:
    table: str
    text: Words


_STEPS = (
    _Step("Settings", Words(
        "Fill in your company's name, and check the base currency and the buckets of the aging.",
        "填写公司名称，核对本位币与账龄分段。",
    )),
    _Step("Customers", Words(
        "List your customers: how to reach them, their payment terms and what they may owe.",
        "录入客户：联系方式、付款条件与信用额度。",
    )),
    _Step("Invoices", Words(
        "Enter invoices and credit notes, or bring them in with: duebook import BOOK FILE --table Invoices",
        "录入发票与贷项通知，或导入：duebook import BOOK FILE --table Invoices",
    )),
    _Step("Receipts", Words(
        "Enter what came in, bounced cheques and refunds.",
        "录入收款、退票与退款。",
    )),
    _Step("Allocations", Words(
        "Say which receipt pays which invoice, where the customer said so. The rest pays what fell due first.",
        "客户指定了付款对象的，在此对应；其余按到期先后自动清账。",
    )),
    _Step("Activities", Words(
        "Note calls, and what customers promised to pay and when.",
        "登记联系情况及客户承诺的付款日期与金额。",
    )),
    _Step("Issues", Words(
        "Close the month: duebook close BOOK --as-of 2024-10-31. Then look here first: what could not be used, and why.",
        "月末结账：duebook close BOOK --as-of 2024-10-31。先看此表：哪些数据未能采用及原因。",
    )),
    _Step("Aging", Words(
        "See who owes what, and how late it is.",
        "查看各客户欠款及逾期情况。",
    )),
    _Step("Credit", Words(
        "See who is over the limit before you ship or invoice more.",
        "发货或开票前，查看哪些客户超出额度。",
    )),
    _Step("Reminders", Words(
        "Prepare reminders: duebook remind BOOK --as-of 2024-10-31 --out DIR. Send them, then run it with --mark-sent.",
        "准备催款：duebook remind BOOK --as-of 2024-10-31 --out DIR。发出后加 --mark-sent 再运行一次。",
    )),
    _Step("RemindersHeld", Words(
        "See what is not reminded today, and why.",
        "查看今日未催的款项及原因。",
    )),
)  # fmt: skip

TITLES = (TITLE.en, TITLE.zh)
TITLE_CELL, TITLE_STYLE = (2, 2), "Duebook title"
_NUMBER, _LINK, _TEXT, _KEEPER = 2, 3, 4, 5
_WIDTHS = {"A": 3, "B": 5, "C": 32, "D": 100, "E": 40}
_LINE, _TITLE_LINE = 19, 34


def add_home(workbook: Workbook, *, language: str, company_name: str, currency: str) -> Worksheet:
    """The first sheet of a new workbook, when its other sheets are there."""
    sheet: Worksheet = workbook.create_sheet(TITLE.in_language(language), 0)
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = HOME_COLOUR
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    _say(sheet, *TITLE_CELL, _HEADING.in_language(language), TITLE_STYLE)
    _say(sheet, 3, _NUMBER, company_name or _COMPANY.in_language(language), "Duebook company")
    _say(sheet, 4, _NUMBER, _LEGEND.in_language(language), "Duebook legend")
    sheets = sheets_of_tables(workbook)
    row = _section(sheet, 6, _FIGURES.in_language(language))
    for figure in HOME_FIGURES:
        _say(sheet, row, _LINK, figure.label.in_language(language), "Duebook remark")
        cell = sheet.cell(row, _TEXT)
        cell.value, cell.style = figure.text(language), "Duebook figure"
        cell.number_format = number_format(figure.shown_like, currency)
        row += 1
    row = _section(sheet, row + 1, _TO_DO.in_language(language))
    for number, step in enumerate(_STEPS, start=1):
        _say(sheet, row, _NUMBER, number, "Duebook step")
        _link(sheet, row, home_entry(TABLES[step.table], sheets[step.table].title, language))
        _say(sheet, row, _TEXT, step.text.in_language(language), "Duebook remark")
        row += 1
    row = _section(sheet, row + 1, _SHEETS.in_language(language))
    for name in TABLES:
        if name in sheets:
            _entry(sheet, row, TABLES[name], sheets[name], language)
            row += 1
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return sheet


def link_from_home(workbook: Workbook, table: Table, language: str) -> None:
    """Add a link to a sheet that came later, below all that Home holds, which may be staff's own.

    No link where there is no Home, or where a sheet of that name is not ours.
    """
    home = next((workbook[title] for title in TITLES if title in workbook.sheetnames), None)
    if home is not None and home.cell(*TITLE_CELL).style == TITLE_STYLE:
        _entry(home, home.max_row + 1, table, sheets_of_tables(workbook)[table.name], language)


@dataclass(frozen=True)
class HomeEntry:
    """A line of Home about one sheet: the texts and named styles of its cells by column, and where its link leads."""

    cells: Mapping[int, tuple[str, str]]
    link_column: int
    location: str
    display: str
    height: float


def home_entry(table: Table, title: str, language: str) -> HomeEntry:
    """The line about the table's sheet, which is called ``title``."""
    keeper = _LOG if table.is_log else _KEEPERS[table.owner]
    cells = {
        _LINK: (table.label.in_language(language), "Duebook link"),
        _TEXT: (table.help.in_language(language), "Duebook remark"),
        _KEEPER: (keeper.in_language(language), "Duebook remark"),
    }
    quoted = title.replace("'", "''")
    return HomeEntry(cells, _LINK, f"'{quoted}'!A1", title, _LINE)


def _section(sheet: Worksheet, row: int, heading: str) -> int:
    for place in (_NUMBER, _LINK, _TEXT, _KEEPER):
        sheet.cell(row, place).style = "Duebook section"
    sheet.cell(row, _NUMBER).value = heading
    return row + 1


def _entry(sheet: Worksheet, row: int, table: Table, target: Worksheet, language: str) -> None:
    entry = home_entry(table, target.title, language)
    for place, (text, style) in entry.cells.items():
        _say(sheet, row, place, text, style)
    _link(sheet, row, entry)


def _link(sheet: Worksheet, row: int, entry: HomeEntry) -> None:
    text, style = entry.cells[entry.link_column]
    cell = sheet.cell(row, entry.link_column)
    cell.value = text
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=entry.location, display=entry.display)
    cell.style = style


def _say(sheet: Worksheet, row: int, place: int, text: str | int, style: str) -> None:
    cell = sheet.cell(row, place)
    cell.value = text
    sheet.row_dimensions[row].height = _TITLE_LINE if style == TITLE_STYLE else _LINE
    if isinstance(text, str):
        cell.data_type = "s"
    cell.style = style
