"""A workbook is saved whole or not at all, where it may be, and under a name that Excel opens."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workbook.book_contract import (
    DAY,
    INVOICES,
    by_header,
    invoices,
)
from tests.workbook.laid_tables import raising, saved, with_part, workbook_of
from workbook.file_book import FileBook
from workbook.package.edits import Edit, Edited, Record
from workbook.package.openpyxl_engine import OpenpyxlEngine
from workbook.package.package_engine import PackageEngine
from workbook.package.package_index import Package
from workbook.port import Fault
from workbook.refusals import (
    ChangedMeanwhile,
    NotVerified,
    NotWritable,
    OpenElsewhere,
    Signed,
    TextTooLong,
    WouldLose,
    WrongSuffix,
)

ROOT = Path(__file__).parents[2]
ONE_INVOICE = invoices(("A1", "C1", DAY, 1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.xlsx"


class Breaking:
    """An engine that fails when everything has been read and nothing written."""

    def apply(self, package: Package, edits: Sequence[Edit], *, currency: str, record: Record | None = None) -> Edited:
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


def test_what_is_prepared_is_refused_or_made_once_and_not_written(path: Path) -> None:
    class Counting(PackageEngine):
        count = 0

        def apply(self, package: Package, edits: Sequence[Edit], *, currency: str, record: Record | None = None) -> Edited:
            self.count += 1
            return super().apply(package, edits, currency=currency, record=record)

    before = saved(path, ONE_INVOICE).read_bytes()
    engine = Counting()
    book = FileBook(path, engine=engine)
    book.append_rows(INVOICES, {"invoice_id": ["A2"]})
    content = book.prepared()
    assert path.read_bytes() == before
    book.save()
    assert path.read_bytes() == content
    assert engine.count == 1
    book.append_rows(INVOICES, {"invoice_id": ["x" * 40_000]})
    with pytest.raises(TextTooLong):
        book.prepared()
    assert path.read_bytes() == content


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
    for attempt in (book.refuse_target, book.save):
        with pytest.raises(OpenElsewhere, match=f"open by {by}" if by else r"is open\."):
            attempt()
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


def with_a_calculated_amount(path: Path) -> Path:
    """One invoice whose amount is a formula, as a program leaves it that has worked it out: 3."""
    saved(path, invoices(("A1", "C1", DAY, "=1+2")))
    return with_part(path, "xl/worksheets/sheet1.xml", lambda text: text.replace("<f>1+2</f><v></v>", "<f>1+2</f><v>3</v>"))


def test_formulas_keep_their_stored_results(path: Path) -> None:
    book = FileBook(with_a_calculated_amount(path))
    book.append_rows(INVOICES, {"invoice_id": ["A2"], "amount": [4]})
    book.save()
    raw = FileBook(path).read_table("Invoices")
    assert by_header(raw)["Amount"] == [3, 4]
    assert raw is not None
    assert raw.has_formulas
    assert raw.faults == {}


def test_openpyxl_names_what_it_would_lose_and_writes_only_where_that_is_accepted(path: Path) -> None:
    before = with_a_calculated_amount(path).read_bytes()
    for target in (None, path.with_name("out.xlsx")):
        careful = FileBook(path, engine=OpenpyxlEngine())
        careful.append_rows(INVOICES, {"invoice_id": ["A2"]})
        with pytest.raises(WouldLose, match=r"would lose 1 stored formula results, .* --accept-loss"):
            careful.save(target)
    assert path.read_bytes() == before
    assert only_file_in(path)
    bold = FileBook(path, engine=OpenpyxlEngine(accept_loss=True))
    bold.append_rows(INVOICES, {"invoice_id": ["A2"]})
    bold.save()
    raw = FileBook(path).read_table("Invoices")
    assert raw is not None
    assert raw.faults == {(0, 3): Fault("not_calculated")}


def test_a_signed_workbook_is_read_and_never_written(path: Path) -> None:
    saved(path, ONE_INVOICE)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    before = path.read_bytes()
    book = appended_to(path)
    for target in (None, path.with_name("out.xlsx")):
        with pytest.raises(Signed, match="digitally signed"):
            book.save(target)
    assert path.read_bytes() == before
    assert only_file_in(path)


def test_a_receipt_tells_what_was_changed(path: Path) -> None:
    book = appended_to(saved(path, ONE_INVOICE))
    before = book.digest
    book.save()
    assert book.receipt is not None
    assert book.receipt.summary() == {
        "changed_parts": ["/xl/tables/table1.xml", "/xl/worksheets/sheet1.xml"],
        "added_parts": [],
        "removed_parts": [],
        "cells_written": {"Invoices": 1},
        "sha256_before": before,
        "sha256_after": hashlib.sha256(path.read_bytes()).hexdigest(),
        "remarks": [],
    }


def test_what_does_not_read_back_as_it_was_meant_does_not_take_the_place_of_the_workbook(path: Path) -> None:
    class Careless(PackageEngine):
        spoil: Callable[[str], str]

        def apply(self, package: Package, edits: Sequence[Edit], *, currency: str, record: Record | None = None) -> Edited:
            edited = super().apply(package, edits, currency=currency, record=record)
            spoiled = path.with_name("spoiled.xlsx")
            spoiled.write_bytes(edited.content)
            content = with_part(spoiled, self.part, self.spoil).read_bytes()
            spoiled.unlink()
            return replace(edited, content=content)

        def __init__(self, part: str, spoil: Callable[[str], str]) -> None:
            self.part, self.spoil = part, spoil

    before = saved(path, ONE_INVOICE).read_bytes()
    sheet = "xl/worksheets/sheet1.xml"
    for engine, reason in (
        (Careless(sheet, lambda text: text.replace(">A2<", ">A3<")), "Invoices!A3 reads 'A3'"),
        (Careless(sheet, lambda text: text.replace("</sheetData>", "")), "mismatched tag"),
        (Careless("xl/tables/table1.xml", lambda text: text.replace("A1:D3", "A1:D2")), "table Invoices stands at A1:D2"),
        (Careless("xl/styles.xml", lambda text: text + " "), "part /xl/styles.xml is not what it was"),
    ):
        book = FileBook(path, engine=engine)
        book.append_rows(INVOICES, {"invoice_id": ["A2"]})
        with pytest.raises(NotVerified, match=reason):
            book.save()
        assert path.read_bytes() == before
    assert only_file_in(path)


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
