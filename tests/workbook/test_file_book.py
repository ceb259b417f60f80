"""The workbook in a file: what every host does, and what only a file can get wrong."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation
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
from tests.workbook.laid_tables import Laid, saved, workbook_of
from workbook.edits import Edit
from workbook.file_book import FileBook
from workbook.package_index import Package
from workbook.port import Fault
from workbook.refusals import (
    BinaryWorkbook,
    ChangedMeanwhile,
    DamagedWorkbook,
    DuplicateTable,
    EncryptedWorkbook,
    FormulasWouldLoseTheirValues,
    IsAFolder,
    NoRoom,
    NoSuchFile,
    NotAWorkbook,
    NotWritable,
    OldWorkbook,
    OpenElsewhere,
    Refusal,
    SheetTooLarge,
    TextTooLong,
    WrongSuffix,
)
from workbook.schema import TABLES
from workbook.staff_columns import OrphanedRemark

ROOT = Path(__file__).parents[2]
RECEIPTS = TABLES["Receipts"]
ONE_INVOICE = invoices(("A1", "C1", DAY, 1))


class FileHost(Host):
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def book(self, *tables: Laid) -> FileBook:
        self._count += 1
        return FileBook(saved(self._folder / f"book{self._count}.xlsx", *tables))

    def again(self, book: Any) -> FileBook:
        book.save()
        return FileBook(book.path)


class TestFileBook(BookContract):
    @pytest.fixture
    def host(self, tmp_path: Path) -> Host:
        return FileHost(tmp_path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.xlsx"


def with_part(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """The same package with one part changed, as a text."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(content.decode()) if name == part else content)
    path.write_bytes(packed.getvalue())
    return path


# What cannot be opened


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
    with pytest.raises(DamagedWorkbook, match="document type"):
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


# What a table is, whatever wrote the file


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
    rows = [("A1", "C1", DAY, 1), ("A2", "#REF!", DAY, 2), ("A3", "C3", DAY, "=1+2")]
    workbook = workbook_of(invoices(*rows, row=4, column=2))
    workbook["Invoices"]["B20"] = "=1/0"
    workbook.save(path)
    raw = FileBook(path).read_table("Invoices")
    assert raw is not None
    assert raw.faults == {(1, 1): Fault("error_cell", "#REF!"), (2, 3): Fault("not_calculated")}
    assert raw.has_formulas


def test_reading_never_loads_openpyxl(path: Path) -> None:
    saved(path, ONE_INVOICE)
    code = (
        "import sys; from pathlib import Path; from workbook.file_book import FileBook\n"
        f"book = FileBook(Path({str(path)!r})); book.read_table('Invoices'); book.language\n"
        "book.append_rows(__import__('workbook.schema').schema.TABLES['Invoices'], {'invoice_id': ['A2']})\n"
        "assert 'openpyxl' not in sys.modules\n"
        "book.save()\n"
        "assert 'openpyxl' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


# What staff added


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
    workbook["OpenItems"]["D2"].font = openpyxl.styles.Font(italic=True)
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


def test_a_filter_is_taken_off_so_that_no_new_row_is_hidden(path: Path) -> None:
    workbook = workbook_of(open_items_with_remarks((None, "A", 1, None), (None, "B", 2, None)))
    sheet = workbook["OpenItems"]
    sheet.tables["OpenItems"].autoFilter = openpyxl.worksheet.filters.AutoFilter(ref="A1:D3")
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


# How a user's table grows


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
    sheet["D4"].font = openpyxl.styles.Font(bold=True)
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


# Saving


class Breaking:
    """An engine that fails when everything has been read and nothing written."""

    keeps_stored_values = True

    def apply(self, package: Package, edits: Sequence[Edit], *, currency: str) -> bytes:
        raise ArithmeticError("the engine broke")


def appended_to(path: Path) -> FileBook:
    book = FileBook(path)
    book.append_rows(INVOICES, {"invoice_id": ["A2"]})
    return book


def only_file_in(path: Path) -> bool:
    return [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_save_that_fails_leaves_the_old_file_whole_and_nothing_beside_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved(path, ONE_INVOICE).read_bytes()
    broken = FileBook(path, engine=Breaking())
    broken.append_rows(INVOICES, {"invoice_id": ["A2"]})
    with pytest.raises(ArithmeticError):
        broken.save()
    for name in ("fsync", "replace"):
        with monkeypatch.context() as broken_system:
            broken_system.setattr(os, name, raising(OSError(28, "No space left on device")))
            with pytest.raises(NotWritable, match="No space left"):
                appended_to(path).save()
            broken_system.setattr(os, name, raising(KeyboardInterrupt()))
            with pytest.raises(KeyboardInterrupt):
                appended_to(path).save()
    assert path.read_bytes() == before
    assert only_file_in(path)


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


def test_a_save_killed_at_any_moment_leaves_one_whole_workbook(path: Path) -> None:
    before = saved(path, ONE_INVOICE).read_bytes()
    code = (
        "import os, sys; from pathlib import Path; from workbook.file_book import FileBook\n"
        "from workbook.schema import TABLES\n"
        f"book = FileBook(Path({str(path)!r})); book.append_rows(TABLES['Invoices'], {{'invoice_id': ['A2']}})\n"
        "setattr(os, sys.argv[1], lambda *_: os._exit(9))\n"
        "book.save()\n"
    )
    for moment in ("fsync", "replace"):
        killed = subprocess.run([sys.executable, "-c", code, moment], cwd=ROOT, check=False)
        assert killed.returncode == 9
        assert path.read_bytes() == before


def test_saving_elsewhere_leaves_the_workbook_and_permissions_as_they_were(path: Path) -> None:
    before = saved(path, ONE_INVOICE).read_bytes()
    target = path.with_name("out.xlsx")
    book = appended_to(path)
    book.save(target)
    assert path.read_bytes() == before
    assert by_header(FileBook(target).read_table("Invoices"))["Invoice ID"] == ["A1", "A2"]
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(path.stat().st_mode)
    path.chmod(0o640)
    book.save()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert by_header(FileBook(path).read_table("Invoices"))["Invoice ID"] == ["A1", "A2"]


def test_nothing_to_write_changes_no_byte_in_place_and_copies_elsewhere(path: Path) -> None:
    before = saved(path, ONE_INVOICE).read_bytes()
    modified = path.stat().st_mtime_ns
    book = FileBook(path)
    book.save()
    assert path.stat().st_mtime_ns == modified
    book.save(path.with_name("copy.xlsx"))
    assert path.with_name("copy.xlsx").read_bytes() == before


def test_a_book_can_be_saved_twice(path: Path) -> None:
    book = appended_to(saved(path, ONE_INVOICE))
    book.save()
    digest = book.digest
    book.append_rows(INVOICES, {"invoice_id": ["A3"]})
    book.save()
    assert book.digest != digest
    assert by_header(FileBook(path).read_table("Invoices"))["Invoice ID"] == ["A1", "A2", "A3"]


def test_a_link_to_the_workbook_stays_a_link(path: Path) -> None:
    saved(path, ONE_INVOICE)
    link = path.with_name("link.xlsx")
    link.symlink_to(path)
    appended_to(link).save()
    assert link.is_symlink()
    assert by_header(FileBook(path).read_table("Invoices"))["Invoice ID"] == ["A1", "A2"]


def owner_file(name: str) -> bytes:
    ansi, wide = name.encode("ascii", "replace"), name.encode("utf-16-le")
    return bytes([len(ansi)]) + ansi.ljust(54, b" ") + len(name).to_bytes(2, "little") + wide.ljust(108, b" \x00"[:1])


@pytest.mark.parametrize(
    ("beside", "content", "by"),
    [
        ("~$book.xlsx", owner_file("王丽 Wang"), "王丽 Wang"),
        ("~$book.xlsx", b"\x04Anna", "Anna"),
        ("~$book.xlsx", b"", ""),
        (".~lock.book.xlsx#", "Öztürk,oz,pc7,31.01.2024 10:00,file:///x;".encode(), "Öztürk"),
    ],
)
def test_a_workbook_open_elsewhere_is_not_written_in_place_but_may_be_elsewhere(
    path: Path, beside: str, content: bytes, by: str
) -> None:
    before = saved(path, ONE_INVOICE).read_bytes()
    path.with_name(beside).write_bytes(content)
    book = appended_to(path)
    with pytest.raises(OpenElsewhere, match=f"open by {by}" if by else r"is open\."):
        book.save()
    assert path.read_bytes() == before
    book.save(path.with_name("out.xlsx"))
    assert by_header(FileBook(path.with_name("out.xlsx")).read_table("Invoices"))["Invoice ID"] == ["A1", "A2"]


def test_a_workbook_that_someone_changed_meanwhile_is_not_overwritten(path: Path) -> None:
    book = appended_to(saved(path, ONE_INVOICE))
    theirs = saved(path, invoices(("A9", "C9", DAY, 9))).read_bytes()
    with pytest.raises(ChangedMeanwhile):
        book.save()
    assert path.read_bytes() == theirs
    path.unlink()
    with pytest.raises(ChangedMeanwhile):
        book.save()
    assert list(path.parent.iterdir()) == []


def test_places_that_cannot_be_written_are_refused_before_the_work(path: Path) -> None:
    saved(path, ONE_INVOICE)
    book = appended_to(path)
    for target, reason in (
        (path.parent / "nowhere" / "out.xlsx", "there is no folder"),
        (path.parent, "Excel would not open"),
    ):
        with pytest.raises((NotWritable, WrongSuffix), match=reason):
            book.refuse_target(target)
    folder = path.parent / "folder.xlsx"
    folder.mkdir()
    with pytest.raises(NotWritable, match="it is a folder"):
        book.save(folder)
    path.chmod(0o444)
    before = path.read_bytes()
    with pytest.raises(NotWritable, match="read-only"):
        book.save()
    assert path.read_bytes() == before


def test_a_workbook_is_saved_under_a_name_that_excel_opens(path: Path) -> None:
    book = appended_to(saved(path, ONE_INVOICE))
    for name in ("out.xlsm", "out.xls", "out"):
        with pytest.raises(WrongSuffix, match=r"Name it out\.xlsx"):
            book.save(path.with_name(name))


def test_formulas_in_tables_that_were_read_keep_a_workbook_from_being_saved_in_place(path: Path) -> None:
    workbook = workbook_of(invoices(("A1", "C1", DAY, "=1+2")), Laid("Receipts", ("receipt_id",), [("R1",)]))
    workbook.save(path)
    before = path.read_bytes()
    unread = FileBook(path)
    unread.append_rows(RECEIPTS, {"receipt_id": ["R2"]})
    unread.save(path.with_name("unread.xlsx"))
    book = appended_to(path)
    with pytest.raises(FormulasWouldLoseTheirValues, match=r"formulas in Invoices: .* -o"):
        book.save()
    assert path.read_bytes() == before
    book.save(path.with_name("out.xlsx"))


BIN_PARTS = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'


def test_macros_stay_in_a_workbook(path: Path) -> None:
    macros = b"not really a project"
    workbook = workbook_of(ONE_INVOICE)
    workbook.save(path)
    book_path = path.with_suffix(".xlsm")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(book_path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                ).replace(b"<Override", BIN_PARTS + b"<Override", 1)
            if name == "xl/_rels/workbook.xml.rels":
                content = content.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
                    b'Target="vbaProject.bin"/></Relationships>',
                )
            target.writestr(name, content)
        target.writestr("xl/vbaProject.bin", macros)
    appended_to(book_path).save()
    with zipfile.ZipFile(book_path) as package:
        assert package.read("xl/vbaProject.bin") == macros
        assert b"macroEnabled.main+xml" in package.read("[Content_Types].xml")
    with pytest.raises(WrongSuffix, match=r"out\.xlsm"):
        appended_to(book_path).save(path.with_name("out.xlsx"))


def test_a_text_longer_than_a_cell_is_refused_by_its_address(path: Path) -> None:
    book = FileBook(saved(path, ONE_INVOICE))
    before = path.read_bytes()
    book.append_rows(INVOICES, {"invoice_id": ["x" * 32768]})
    with pytest.raises(TextTooLong, match="Invoices!A3 has 32768"):
        book.save()
    assert path.read_bytes() == before
