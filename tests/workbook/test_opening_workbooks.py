"""What a file is told to be when it is no workbook, and what its tables hold, whatever program wrote it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.workbook.book_contract import (
    DAY,
    INVOICES,
    by_header,
    invoices,
)
from tests.workbook.laid_tables import Laid, raising, saved, with_part, workbook_of
from workbook.file_book import FileBook
from workbook.port import Cell, Fault
from workbook.refusals import (
    BinaryWorkbook,
    DamagedWorkbook,
    DeclaresADocumentType,
    DuplicateTable,
    EncryptedWorkbook,
    IsAFolder,
    NoSuchFile,
    NotAWorkbook,
    OldWorkbook,
    Refusal,
    SheetTooLarge,
)
from workbook.schema import TABLES

ROOT = Path(__file__).parents[2]
RECEIPTS = TABLES["Receipts"]
ONE_INVOICE = invoices(("A1", "C1", DAY, 1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.xlsx"


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("empty.xlsx", b"", DamagedWorkbook),
        ("table.xlsx", b"invoice;amount\n1;2\n", NotAWorkbook),
        ("page.xlsx", b"<html><table></table></html>", NotAWorkbook),
        ("cut.xlsx", b"PK\x03\x04" + b"\x00" * 100, DamagedWorkbook),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, OldWorkbook),
        ("renamed.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, OldWorkbook),
        (
            "locked.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"),
            EncryptedWorkbook,
        ),
    ],
)
def test_a_file_that_is_no_workbook_is_named_for_what_it_is(
    tmp_path: Path, name: str, content: bytes, refusal: type[Refusal]
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(refusal, match=name) as caught:
        FileBook(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_no_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFile, match=r"gone\.xlsx"):
        FileBook(tmp_path / "gone.xlsx")
    with pytest.raises(IsAFolder):
        FileBook(tmp_path)


def test_other_packages_are_not_workbooks(tmp_path: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(NotAWorkbook):
        FileBook(path)
    binary = with_part(
        saved(tmp_path / "binary.xlsx", ONE_INVOICE),
        "[Content_Types].xml",
        lambda text: text.replace(
            "openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "ms-excel.sheet.binary.macroEnabled.main"
        ),
    )
    with pytest.raises(BinaryWorkbook, match="xlsb"):
        FileBook(binary)


def test_every_cut_of_a_workbook_is_damaged(path: Path) -> None:
    whole = saved(path, ONE_INVOICE).read_bytes()
    for length in range(4, len(whole) - 1, len(whole) // 40):
        path.write_bytes(whole[:length])
        with pytest.raises(DamagedWorkbook):
            FileBook(path)


def test_a_flipped_byte_is_found_when_the_table_is_read_or_does_no_harm(path: Path) -> None:
    whole = saved(path, ONE_INVOICE).read_bytes()
    sound = FileBook(path).read_table("Invoices")
    refused = 0
    for at in range(0, len(whole), 61):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :])
        try:
            found = FileBook(path).read_table("Invoices")
        except Refusal:
            refused += 1
        else:
            assert found == sound or found is None
    assert refused > 10


def test_entities_that_grow_without_end_are_refused(path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    with_part(saved(path, ONE_INVOICE), "xl/workbook.xml", lambda text: bomb + text[text.find("<workbook") :])
    with pytest.raises(DeclaresADocumentType, match="document type"):
        FileBook(path)


def test_a_forgotten_cell_in_the_last_corner_does_not_end_the_program(path: Path) -> None:
    workbook = workbook_of(ONE_INVOICE)
    workbook["Invoices"]["XFD1048576"] = "x"
    workbook.save(path)
    with pytest.raises(SheetTooLarge, match=r"Invoices.*Ctrl\+End"):
        FileBook(path).read_table("Invoices")


def test_a_forgotten_cell_far_below_is_no_obstacle(path: Path) -> None:
    workbook = workbook_of(ONE_INVOICE)
    workbook["Invoices"]["D1048576"] = "x"
    workbook.save(path)
    raw = FileBook(path).read_table("Invoices")
    assert by_header(raw)["Invoice ID"] == ["A1"]


def test_a_panic_of_the_reader_is_a_refusal(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    panic = type("PanicException", (BaseException,), {})  # as pyo3 names what Rust code throws
    book = FileBook(saved(path, ONE_INVOICE))
    for thrown, expected in ((panic("index out of bounds"), DamagedWorkbook), (KeyboardInterrupt(), KeyboardInterrupt)):
        monkeypatch.setattr(
            "workbook.package.sheet_values.CalamineWorkbook", type("Reader", (), {"from_filelike": raising(thrown)})
        )
        with pytest.raises(expected):
            book.read_table("Invoices")


def test_dates_counted_from_1904_are_the_same_days(path: Path) -> None:
    raw = FileBook(saved(path, ONE_INVOICE, epoch=CALENDAR_MAC_1904)).read_table("Invoices")
    assert raw is not None
    assert raw.is_1904
    assert by_header(raw)["Invoice date"] == [DAY]
    book = FileBook(path)
    book.append_rows(INVOICES, {"invoice_id": ["A2"], "invoice_date": [DAY]})
    book.save()
    assert by_header(FileBook(path).read_table("Invoices"))["Invoice date"] == [DAY, DAY]


def test_the_totals_row_is_no_data(path: Path) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Invoices")
        columns = [{"header": "invoice_id", "total_string": "Total"}, {"header": "amount", "total_function": "sum"}]
        sheet.add_table("B3:C6", {"name": "Invoices", "columns": columns, "total_row": True})
        for row, amount in ((3, 1.5), (4, 2.5)):
            sheet.write_row(row, 1, [f"A{row}", amount])
    raw = FileBook(path).read_table("Invoices")
    assert raw is not None
    assert by_header(raw) == {"invoice_id": ["A3", "A4"], "amount": [1.5, 2.5]}
    assert (raw.first_row, raw.first_column, raw.has_formulas) == (4, 2, False)


def test_shared_rich_and_inline_strings_are_texts(path: Path) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.add_table("A1:B2", {"name": "Things", "columns": [{"header": "rich"}, {"header": "inline"}]})
        sheet.write_rich_string("A2", "one ", workbook.add_format({"bold": True}), "two", " three")
    with_part(
        path,
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace("</row></sheetD", '<c r="B2" t="inlineStr"><is><t>四五</t></is></c></row></sheetD'),
    )
    assert by_header(FileBook(path).read_table("Things")) == {"rich": ["one two three"], "inline": ["四五"]}


def test_a_dimension_that_lies_is_not_believed(path: Path) -> None:
    saved(path, invoices(("A1", "C1", DAY, 1), ("A2", "C2", DAY, 2), row=3, column=2))
    with_part(path, "xl/worksheets/sheet1.xml", lambda text: text.replace('ref="B3:E5"', 'ref="A1"'))
    assert by_header(FileBook(path).read_table("Invoices"))["Invoice ID"] == ["A1", "A2"]


def test_a_hidden_header_row_leaves_the_names_of_the_columns(path: Path) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        columns = [{"header": "invoice_id"}, {"header": "amount"}]
        sheet.add_table("A2:B3", {"name": "Invoices", "header_row": False, "columns": columns})
        sheet.write_row(1, 0, ["A1", 1])
        sheet.write_row(2, 0, ["A2", 2])
    raw = FileBook(path).read_table("Invoices")
    assert raw is not None
    assert by_header(raw) == {"invoice_id": ["A1", "A2"], "amount": [1, 2]}
    assert raw.first_row == 2


def test_tables_whose_names_differ_by_case_only_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "book.xlsx", ONE_INVOICE, Laid("Invoicez", ("x",), [("y",)]))
    with_part(path, "xl/tables/table2.xml", lambda text: text.replace("Invoicez", "INVOICES"))
    with pytest.raises(DuplicateTable, match="on Invoices and Invoicez"):
        FileBook(path).read_table("invoices")


def test_errors_and_formulas_never_calculated_are_faults_where_they_stand(path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [("A1", "C1", DAY, 1), ("A2", "#REF!", DAY, 2), ("A3", "C3", DAY, "=1+2")]
    workbook = workbook_of(invoices(*rows, row=4, column=2))
    workbook["Invoices"]["B20"] = "=1/0"
    workbook.save(path)
    raw = FileBook(path).read_table("Invoices")
    assert raw is not None
    assert raw.faults == {(1, 1): Fault("error_cell", "#REF!"), (2, 3): Fault("not_calculated")}
    assert raw.has_formulas


def test_openpyxl_is_loaded_only_to_make_a_new_sheet(path: Path) -> None:
    saved(path, ONE_INVOICE)
    code = (
        "import sys; from pathlib import Path; from workbook.file_book import FileBook; from workbook.schema import TABLES\n"
        f"book = FileBook(Path({str(path)!r})); book.read_table('Invoices'); book.language\n"
        "book.append_rows(TABLES['Invoices'], {'invoice_id': ['A2']})\n"
        "book.save()\n"
        "assert 'openpyxl' not in sys.modules\n"
        "book.add_table(TABLES['Orders']); book.save()\n"
        "assert 'openpyxl' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
