"""The workbook in a file: what every host does, what staff added stays, and tables grow over nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import TableFormula

from tests.workbook.book_contract import (
    DAY,
    INVOICES,
    OPEN_ITEMS,
    BookContract,
    Host,
    by_header,
    invoices,
    open_items_with_remarks,
)
from tests.workbook.laid_tables import Laid, saved, with_part, workbook_of
from workbook.editing.staff_columns import OrphanedRemark
from workbook.file_book import FileBook
from workbook.package.edits import Engine
from workbook.package.openpyxl_engine import OpenpyxlEngine
from workbook.refusals import (
    NoRoom,
)
from workbook.schema import TABLES

ROOT = Path(__file__).parents[2]
RECEIPTS = TABLES["Receipts"]
ONE_INVOICE = invoices(("A1", "C1", DAY, 1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.xlsx"


class FileHost(Host):
    def __init__(self, folder: Path, engine: Engine | None = None) -> None:
        self._folder = folder
        self._engine = engine
        self._count = 0

    def book(self, *tables: Laid) -> FileBook:
        self._count += 1
        return FileBook(saved(self._folder / f"book{self._count}.xlsx", *tables), self._engine)

    def again(self, book: Any) -> FileBook:
        book.save()
        return FileBook(book.path, self._engine)


class TestFileBook(BookContract):
    @pytest.fixture
    def host(self, tmp_path: Path) -> Host:
        return FileHost(tmp_path)


class TestFileBookThroughOpenpyxl(BookContract):
    @pytest.fixture
    def host(self, tmp_path: Path) -> Host:
        return FileHost(tmp_path, OpenpyxlEngine())


def test_remarks_on_rows_that_are_gone_are_handed_over(path: Path) -> None:
    rows = [(None, "A#1", 10, "promised"), (True, "B#1", 20, None), (None, None, None, "loose")]
    book = FileBook(saved(path, open_items_with_remarks(*rows)))
    book.write_table(OPEN_ITEMS, {"item_id": ["C#1"]})
    assert book.orphaned_remarks == [
        OrphanedRemark("OpenItems", "A#1", "Remark", "promised"),
        OrphanedRemark("OpenItems", "B#1", "Called?", True),
        OrphanedRemark("OpenItems", "", "Remark", "loose"),
    ]


def test_of_rows_with_one_key_each_keeps_its_own_remark(path: Path) -> None:
    book = FileBook(saved(path, open_items_with_remarks((None, "A", 1, "first"), (None, "A", 2, "second"))))
    book.write_table(OPEN_ITEMS, {"item_id": ["A", "B", "A", "A"]})
    assert by_header(book.read_table("OpenItems"))["Remark"] == ["first", None, "second", None]
    assert book.orphaned_remarks == []


def test_a_formula_of_staff_moves_with_its_row_and_fills_new_ones(path: Path) -> None:
    headers = ("item_id", "open", "Twice", "Note")
    workbook = workbook_of(Laid("OpenItems", headers, [("A", 1, "=B2*2", "a"), ("B", 2, "=B3*2", "=$A$1")]))
    table = workbook["OpenItems"].tables["OpenItems"]
    table._initialise_columns()
    for column, header in zip(table.tableColumns, headers, strict=True):
        column.name = header
    table.tableColumns[2].calculatedColumnFormula = TableFormula(attr_text="B2*2")
    workbook["OpenItems"]["D2"].font = Font(italic=True)
    workbook.save(path)
    target = path.with_name("out.xlsx")
    book = FileBook(path)
    book.write_table(OPEN_ITEMS, {"item_id": ["new", "B", "A"], "open": [5, 6, 7]})
    book.save(target)
    sheet = openpyxl.load_workbook(target)["OpenItems"]
    assert [cell.value for cell in sheet["B"]] == ["open", 5, 6, 7]
    assert [cell.value for cell in sheet["C"]] == ["Twice", "=B2*2", "=B3*2", "=B4*2"]
    assert [cell.value for cell in sheet["D"]] == ["Note", None, "=$A$1", "a"]
    assert sheet["D4"].font.italic
    assert book.orphaned_remarks == []


def test_a_note_pinned_to_a_cell_of_ours_moves_with_its_row_and_a_link_goes(path: Path) -> None:
    workbook = workbook_of(open_items_with_remarks((None, "A", 1, None), (None, "B", 2, None)))
    workbook["OpenItems"]["C2"].comment = Comment("ask Li", "Wang")
    workbook["OpenItems"]["B2"].hyperlink = "https://example.com/A"
    workbook.save(path)
    book = FileBook(path)
    book.write_table(OPEN_ITEMS, {"item_id": ["B", "C", "A"], "open": [2, 3, 1]})
    book.save()
    sheet = openpyxl.load_workbook(path)["OpenItems"]
    assert [cell.comment.text if cell.comment else None for cell in sheet["C"]] == [None, None, None, "ask Li"]
    assert all(cell.hyperlink is None for cell in sheet["B"])


def test_a_note_on_a_row_that_is_gone_is_handed_over(path: Path) -> None:
    workbook = workbook_of(open_items_with_remarks((None, "A", 1, None), (None, "B", 2, "later")))
    workbook["OpenItems"]["C3"].comment = Comment("ask Li", "Wang")
    workbook.save(path)
    book = FileBook(path)
    book.write_table(OPEN_ITEMS, {"item_id": ["C", "B", "A"]})
    assert book.orphaned_remarks == []
    book.write_table(OPEN_ITEMS, {"item_id": ["C"]})
    assert book.orphaned_remarks == [
        OrphanedRemark("OpenItems", "B", "open", "ask Li"),
        OrphanedRemark("OpenItems", "B", "Remark", "later"),
    ]


WITHOUT_STAFFS = Laid("OpenItems", ("item_id", "open"), [("A", 1), ("B", 2), ("C", 3)])


def test_a_note_is_kept_also_where_staff_added_no_column(path: Path) -> None:
    workbook = workbook_of(WITHOUT_STAFFS)
    workbook["OpenItems"]["B4"].comment = Comment("ask Li", "Wang")
    workbook["OpenItems"]["B2"].comment = Comment("paid?", "Wang")
    workbook.save(path)
    book = FileBook(path)
    book.write_table(OPEN_ITEMS, {"item_id": ["C", "D"], "open": [3, 4]})
    assert book.orphaned_remarks == [OrphanedRemark("OpenItems", "A", "open", "paid?")]
    book.save()
    comment = openpyxl.load_workbook(path)["OpenItems"]["B2"].comment
    assert comment is not None
    assert comment.text == "ask Li"


SHEET_OF_ITEMS = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<sheetData>", "<sheetData>"),  # as openpyxl writes it
        ('<row r="', '<row spans="1:2" r="'),
        ("<sheetData>", "<sheetData><!-- told by nobody -->"),
        ("<sheetData>", '<sheetData xml:lang="en">'),
    ],
)
def test_columns_are_known_by_what_the_sheet_calls_them_however_it_is_written(path: Path, old: str, new: str) -> None:
    """A sheet of ours is read no further than its headers; what they say counts, not the names that the table keeps."""
    saved(path, Laid("OpenItems", ("item_id", "Remark"), [(f"I{at}", "x" * 40_000) for at in range(30)]))
    with_part(path, "xl/tables/table1.xml", lambda text: text.replace('name="Remark"', 'name="open"'))
    with_part(path, SHEET_OF_ITEMS, lambda text: text.replace(old, new))
    book = FileBook(path)
    book.write_table(OPEN_ITEMS, {"item_id": ["I7", "new"], "open": [3, 4]})
    table = by_header(book.read_table("OpenItems"))
    assert table["Remark"][0][:2] == "xx"
    assert table["Remark"][1] in ("", None)
    assert len(book.orphaned_remarks) == 29


def test_a_filter_is_taken_off_so_that_no_new_row_is_hidden(path: Path) -> None:
    workbook = workbook_of(open_items_with_remarks((None, "A", 1, None), (None, "B", 2, None)))
    sheet = workbook["OpenItems"]
    sheet.tables["OpenItems"].autoFilter = AutoFilter(ref="A1:D3")
    sheet.tables["OpenItems"].autoFilter.add_filter_column(1, ["B"])
    sheet.row_dimensions[2].hidden = True
    workbook.save(path)
    book = FileBook(path)
    book.write_table(OPEN_ITEMS, {"item_id": ["C", "D", "E"]})
    book.save()
    sheet = openpyxl.load_workbook(path)["OpenItems"]
    table = sheet.tables["OpenItems"]
    assert not any(sheet.row_dimensions[row].hidden for row in range(1, 5))
    assert table.autoFilter.filterColumn == []
    assert table.autoFilter.ref == table.ref


def test_new_rows_look_like_the_row_above_and_keep_the_lists(path: Path) -> None:
    workbook = workbook_of(invoices(("A1", "C1", DAY, 1)))
    sheet = workbook["Invoices"]
    sheet["C2"].number_format = "dd.mm.yyyy"
    sheet["D2"].number_format = "#,##0.00 €"
    rule = DataValidation(type="list", formula1='"C1,C2"')
    rule.add("B2")
    sheet.add_data_validation(rule)
    workbook.save(path)
    book = FileBook(path)
    book.append_rows(INVOICES, {"invoice_id": ["A2"], "invoice_date": [DAY], "amount": [12.5]})
    book.save()
    sheet = openpyxl.load_workbook(path)["Invoices"]
    assert [sheet[address].number_format for address in ("C3", "D3")] == ["dd.mm.yyyy", "#,##0.00 €"]
    assert sheet.tables["Invoices"].ref == "A1:D3"
    assert str(sheet.data_validations.dataValidation[0].sqref) == "B2:B3"


def test_a_column_that_excel_calculates_does_not_make_a_blank_row_count(path: Path) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Invoices")
        columns = [{"header": "invoice_id"}, {"header": "amount"}, {"header": "Twice", "formula": "[@amount]*2"}]
        sheet.add_table("A1:C4", {"name": "Invoices", "columns": columns})
        sheet.write_row("A2", ["A1", 5])
    book = FileBook(path)
    book.append_rows(INVOICES, {"invoice_id": ["A2", "A3", "A4"], "amount": [6, 7, 8]})
    target = path.with_name("out.xlsx")
    book.save(target)
    sheet = openpyxl.load_workbook(target)["Invoices"]
    assert [cell.value for cell in sheet["A"]] == ["invoice_id", "A1", "A2", "A3", "A4"]
    formulas = [cell.value for cell in sheet["C"]][1:]
    assert len(set(formulas)) == 1
    assert "amount" in formulas[0]


def test_a_formula_filled_down_beforehand_stays(path: Path) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Invoices")
        columns = [{"header": header} for header in ("invoice_id", "due_date", "amount")]
        sheet.add_table("A1:C3", {"name": "Invoices", "columns": columns})
        sheet.write_row("A2", ["A1", DAY.isoformat(), 5])
        sheet.write_formula("B3", '=""', None, "")
    # Excel says that the formula was calculated, and that its result is an empty text.
    with_part(path, "xl/worksheets/sheet1.xml", lambda text: text.replace('<c r="B3">', '<c r="B3" t="str">'))
    book = FileBook(path)
    book.append_rows(INVOICES, {"invoice_id": ["A2"], "due_date": [None], "amount": [7]})
    target = path.with_name("out.xlsx")
    book.save(target)
    table = openpyxl.load_workbook(target)["Invoices"]
    assert [cell.value for cell in table[3]] == ["A2", '=""', 7]
    assert table.tables["Invoices"].ref == "A1:C3"


@pytest.mark.parametrize("content", ["note", "=1/0", '=""'])
def test_a_table_does_not_grow_over_a_cell(path: Path, content: str) -> None:
    workbook = workbook_of(ONE_INVOICE)
    workbook["Invoices"]["D3"] = content
    workbook["Invoices"]["E3"] = "beside"
    workbook.save(path)
    before = path.read_bytes()
    book = FileBook(path)
    with pytest.raises(NoRoom, match=r"D3"):
        book.append_rows(INVOICES, {"invoice_id": ["A2"]})
    book.save()
    assert path.read_bytes() == before


def test_a_table_does_not_grow_over_merged_cells(path: Path) -> None:
    workbook = workbook_of(ONE_INVOICE)
    workbook["Invoices"].merge_cells("B3:C4")
    workbook.save(path)
    before = path.read_bytes()
    book = FileBook(path)
    book.append_rows(INVOICES, {"invoice_id": ["A2"]})
    with pytest.raises(NoRoom, match="merged cell is in the way at Invoices!B3:C4"):
        book.save()
    assert path.read_bytes() == before


def with_totals(path: Path, formula: str) -> Path:
    workbook = workbook_of(invoices(("A1", "C1", DAY, 1), ("A2", "C1", DAY, 2)))
    sheet = workbook["Invoices"]
    sheet["A4"], sheet["D4"] = "Total", formula
    sheet["D4"].font = Font(bold=True)
    table = sheet.tables["Invoices"]
    table.ref, table.totalsRowCount = "A1:D4", 1
    workbook.save(path)
    return path


def test_the_totals_row_moves_down_as_a_table_grows(path: Path) -> None:
    book = FileBook(with_totals(path, "=SUBTOTAL(109,Invoices[Amount])"))
    book.append_rows(INVOICES, {"invoice_id": ["A3", "A4"], "amount": [3, 4]})
    book.save()
    sheet = openpyxl.load_workbook(path)["Invoices"]
    assert [cell.value for cell in sheet["A"]] == ["Invoice ID", "A1", "A2", "A3", "A4", "Total"]
    assert sheet["D6"].value == "=SUBTOTAL(109,Invoices[Amount])"
    assert sheet["D6"].font.bold
    assert sheet["D4"].value == 3
    assert sheet.tables["Invoices"].ref == "A1:D6"
    assert by_header(FileBook(path).read_table("Invoices"))["Amount"] == [1, 2, 3, 4]


def test_a_totals_row_that_would_leave_out_the_new_rows_is_refused(path: Path) -> None:
    book = FileBook(with_totals(path, "=SUM(D2:D3)"))
    book.append_rows(INVOICES, {"invoice_id": ["A3"]})
    with pytest.raises(NoRoom, match="totals row whose formula names cells"):
        book.save()
