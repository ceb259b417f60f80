"""Spoiled workbooks are refused in one line, or saved with every untouched part as it was."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.comments import Comment

from tests.workbook.book_contract import DAY, INVOICES, by_header, invoices
from tests.workbook.fuzz_workbooks import Outcome, try_workbook
from tests.workbook.laid_tables import saved, workbook_of
from tests.workbook.limited import can_limit
from tests.workbook.mutations import header_fields, parts_of, with_field, zipped
from workbook.file_book import FileBook
from workbook.refusals import (
    DamagedWorkbook,
    DuplicateColumn,
    NotEditable,
    Refusal,
    SheetTooLarge,
    TooLarge,
    UnreadableWorkbook,
)
from workbook.schema import TABLES

ROOT = Path(__file__).parents[2]
WORKBOOK, RELATIONSHIPS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
SHEET, TABLE, STRINGS = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml", "xl/sharedStrings.xml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return saved(tmp_path / "book.xlsx", invoices(("A1", "C1", DAY, 1)))


def spoil(path: Path, part: str, pattern: str, new: str) -> Path:
    """What a pattern finds in a part is replaced, once."""
    parts = parts_of(path.read_bytes())
    text, count = re.subn(pattern, lambda _: new, parts[part].decode(), count=1, flags=re.S)
    assert count == 1
    path.write_bytes(zipped({**parts, part: text.encode()}))
    return path


def with_everything_done(path: Path) -> FileBook:
    """A row appended, a cell changed, a sheet added that comes first among the tabs, and one that is hidden."""
    book = FileBook(path)
    book.append_rows(INVOICES, {"invoice_id": ["=A2"], "amount": [2]})
    book.update_rows(INVOICES, [0], {"amount": [3]})
    book.add_table(TABLES["Customers"])
    book.append_rows(TABLES["RunLog"], {"run_id": ["now"]})
    book.save(path.with_name("out.xlsx"))
    return book


@pytest.mark.skipif(not can_limit(), reason="memory cannot be limited here")
def test_some_hundred_workbooks_spoiled_by_dice(tmp_path: Path) -> None:
    command = ["-m", "tests.workbook.fuzz_workbooks", "--runs", "80", "--seed", "7", "--without-corpus", "--keep", tmp_path]
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    counts = {kind: int(count) for kind, count in re.findall(r"'([a-zA-Z ]+)': (\d+)", done.stdout.splitlines()[-2])}
    assert sum(counts.values()) == 80
    assert counts["saved"] > 10
    assert counts["refused DamagedWorkbook"] > 10


def test_each_field_of_each_header_of_the_zip_damaged_by_itself(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    refused = survived = 0
    for at, field in enumerate(header_fields(whole)):
        value = random.Random(at).choice([0, 1, 8, 0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF])
        path.write_bytes(with_field(whole, field, value))
        outcome = tried(path, tmp_path / "saved.xlsx", at)
        refused += outcome.kind == "refused"
        survived += outcome.kind == "saved"
    assert refused > 100
    assert survived > 50  # dates, versions, numbers of disks: nobody reads them


def tried(path: Path, target: Path, seed: int) -> Outcome:
    outcome = try_workbook(path, target, random.Random(seed))
    target.unlink(missing_ok=True)
    return outcome


def test_a_hidden_sheet_is_added_where_there_is_none_of_ours(path: Path) -> None:
    book = FileBook(path)
    book.append_rows(TABLES["RunLog"], {"run_id": ["now"]})
    book.save()
    raw = FileBook(path).read_table("RunLog")
    assert raw is not None
    assert raw.columns[0] == ("now",)
    assert b'state="hidden"' in parts_of(path.read_bytes())[WORKBOOK]


# Well formed, and against the rules of the format: what is needed of it says why it cannot be edited.
BREAKS_THE_FORMAT = [
    pytest.param(WORKBOOK, 'sheetId="1"', 'sheetId="B2:A1"', id="the number of a sheet is none"),
    pytest.param(STYLES, r'<cellXfs.*</cellXfs>', '<cellXfs count="0"/>', id="no formats of cells"),
    pytest.param(STYLES, 'numFmtId="[0-9]+"', 'numFmtId="none"', id="the number of a format is none"),
    pytest.param(STYLES, r"<fonts.*</fonts>", "<fonts/>", id="no fonts"),
    pytest.param(TABLE, r"<tableColumns.*</tableColumns>", "", id="no columns of a table"),
    pytest.param(TABLE, '<tableColumn id="1"', '<tableColumn id="x"', id="the number of a column is none"),
    pytest.param(SHEET, "<sheetData>", '<mergeCells><mergeCell ref="#REF!"/></mergeCells><sheetData>', id="merged nowhere"),
    pytest.param(SHEET, "<sheetData>", '<cols><col min="x" max="2"/></cols><sheetData>', id="a column that is none"),
    pytest.param(SHEET, '<dimension ref="[^"]*"', '<dimension ref="A0"', id="a dimension of no cell"),
    pytest.param(SHEET, '<row r="2"', '<row r="1"', id="a row twice"),
    pytest.param(SHEET, '<row r="2"', '<row r="99999999999"', id="a row beyond the sheet"),
    pytest.param(SHEET, r"<sheetData>(.*)</sheetData>", "<sheetData/><sheetData/>", id="rows in two places"),
    pytest.param(WORKBOOK, r"<sheets>.*</sheets>", "", id="no sheets"),
    pytest.param(WORKBOOK, '<workbookView ', '<workbookView firstSheet="-" ', id="a first sheet that is none"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "pattern", "new"), BREAKS_THE_FORMAT)
def test_a_part_that_breaks_the_rules_of_its_format(path: Path, part: str, pattern: str, new: str) -> None:
    before = spoil(path, part, pattern, new).read_bytes()
    outcome = tried(path, path.with_name("out.xlsx"), 1)
    assert outcome.kind in ("refused", "saved")
    try:
        with_everything_done(path)
    except Refusal:
        assert not path.with_name("out.xlsx").exists()
    assert path.read_bytes() == before


def test_a_workbook_without_its_list_of_sheets_cannot_be_edited(path: Path) -> None:
    spoil(path, WORKBOOK, r"<sheets>.*</sheets>", "")
    book = FileBook(path)
    book.add_table(TABLES["Customers"])
    with pytest.raises(NotEditable, match="StopIteration"):
        book.save()


def test_a_sheet_that_is_listed_and_not_there_is_damage(path: Path) -> None:
    # The name of its part was free, and a sheet that was added stood for it.
    parts = parts_of(path.read_bytes())
    del parts[SHEET]
    path.write_bytes(zipped(parts))
    with pytest.raises(DamagedWorkbook, match=r"sheet1\.xml is missing"):
        FileBook(path)


def test_a_sheet_whose_relationship_is_lost_is_damage(path: Path) -> None:
    # The id was free too: the sheet of that name then showed what stands on the one that was added.
    spoil(path, RELATIONSHIPS, '<Relationship [^>]*Target="[^"]*worksheets/sheet1.xml"[^>]*>', "")
    with pytest.raises(DamagedWorkbook, match="sheet Invoices has no part"):
        FileBook(path)


def test_a_note_that_is_pinned_to_no_cell_is_damage(path: Path) -> None:
    workbook = workbook_of(invoices(("A1", "C1", DAY, 1)))
    workbook["Invoices"]["A2"].comment = Comment("ask Li", "Wang")
    workbook.save(path)
    spoil(path, "xl/comments/comment1.xml", 'ref="A2"', 'ref="Tahoma"')
    with pytest.raises(DamagedWorkbook, match="a note on sheet Invoices: 'Tahoma'"):
        FileBook(path).read_table("Invoices")


def test_an_array_formula_that_fills_no_cells_is_damage(path: Path) -> None:
    row = '<row r="9"><c r="A9"><f t="array" ref="#REF!">1</f><v>1</v></c></row></sheetData>'
    spoil(path, SHEET, "</sheetData>", row)
    with pytest.raises(DamagedWorkbook, match="sheet Invoices: '#REF!'"):
        with_everything_done(path)


def test_a_number_in_a_column_of_days_reads_back_as_that_number(path: Path) -> None:
    # Excel counts a day that never was before the first of March 1900, and has none below zero.
    book = FileBook(path)
    numbers = [0, 0.5, 1, 1.5, 59, 60, 61, 61.25, -3, -0.5]
    book.append_rows(INVOICES, {"invoice_id": list(map(str, numbers)), "invoice_date": numbers})
    book.save()
    assert len(by_header(FileBook(path).read_table("Invoices"))["Invoice date"]) == 1 + len(numbers)


def test_a_refusal_is_one_line_whatever_the_names_in_it() -> None:
    # Headers hold line breaks, and a name may hold what moves a terminal's cursor or turns the direction of writing.
    said = str(DuplicateColumn("Invoices", "Amount\r\nin\u2028USD\x1b[2J\u202e", ["Invoices!B1", "Invoices!C1"]))
    assert said.startswith("Table Invoices has more than one column Amount in USD [2J  (Invoices!B1 and Invoices!C1).")


def test_a_reason_quotes_no_more_than_one_can_read(path: Path) -> None:
    assert len(str(DamagedWorkbook(path, "x" * 10_000))) < 700
    assert len(str(NotEditable(path, "<" * 10_000))) < 700


def test_a_claim_of_texts_that_would_end_the_process_is_refused(path: Path) -> None:
    parts = parts_of(path.read_bytes())
    path.write_bytes(zipped({**parts, STRINGS: b"<x:sst xmlns:x=\"y\" uniqueCount = '+04294967295'/>"}))
    with pytest.raises(TooLarge, match="DUEBOOK_LIMIT_TEXTS"):
        FileBook(path)


@pytest.mark.parametrize(
    "spelled",
    [
        'x=">" r="XFD1048576"',
        "x='<' r='XFD1048576'",
        'r ="XFD1048576"',
        "r='XFD1048576'",
        'r="xfd1048576"',
        's="0" r="XFD1048576"',
        'r="XFD01048576"',
        'r=" XFD1048576"',
    ],
)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_the_last_corner_is_seen_however_it_is_spelled(path: Path, spelled: str, prefix: str) -> None:
    cell = f'<{prefix}row r="1048576"><{prefix}c {spelled}><{prefix}v>1</{prefix}v></{prefix}c></{prefix}row></sheetData>'
    spoil(path, SHEET, "</sheetData>", cell)
    with pytest.raises(SheetTooLarge):
        FileBook(path).read_table("Invoices")


def test_a_zip_that_can_be_read_in_two_ways_is_read_in_the_way_that_was_checked(path: Path) -> None:
    other = saved(path.with_name("other.xlsx"), invoices(("B9", "C9", DAY, 9)))
    inner, outer = bytearray(path.read_bytes()), bytearray(other.read_bytes())
    outer[-2:] = len(inner).to_bytes(2, "little")
    path.write_bytes(bytes(outer + inner))
    try:
        book = FileBook(path)
    except UnreadableWorkbook:
        return
    book.append_rows(INVOICES, {"invoice_id": ["A2"]})
    book.save(path.with_name("out.xlsx"))  # what was read is what calamine reads back
    assert by_header(FileBook(path.with_name("out.xlsx")).read_table("Invoices"))["Invoice ID"] == [
        *by_header(book.read_table("Invoices"))["Invoice ID"]
    ]


@pytest.mark.parametrize("encoding", ["punycode", "idna", "zip", "rot13", "undefined", "x-none", "1048576"])
def test_an_encoding_that_no_part_has_is_damage(path: Path, encoding: str) -> None:
    for part in (STYLES, WORKBOOK):
        whole = path.read_bytes()
        text = re.sub(
            rb"^(<\?xml[^>]*\?>)?", b'<?xml version="1.0" encoding="%s"?>' % encoding.encode(), parts_of(whole)[part]
        )
        path.write_bytes(zipped({**parts_of(whole), part: text}))
        with pytest.raises(UnreadableWorkbook):
            with_everything_done(path)
        path.write_bytes(whole)


def test_rows_that_only_a_comment_shows_do_not_hide_those_below_the_table(path: Path) -> None:
    spoil(
        path, SHEET, "</sheetData>",
        '<row r="3"><c r="A3" t="inlineStr"><is><t>mine</t></is></c></row></sheetData><!-- <row r="1"> -->',
    )  # fmt: skip
    with pytest.raises(Refusal, match="in the way"):
        with_everything_done(path)


def duplicated(path: Path) -> Path:
    return spoil(path, TABLE, 'name="Amount"', 'name="Invoice ID"')


@pytest.mark.parametrize("change", [duplicated])
def test_a_column_of_which_there_are_two_is_refused_or_the_sheet_counts(path: Path, change: Callable[[Path], Path]) -> None:
    # Excel takes the names from the sheet's cells, and so do we.
    change(path)
    try:
        with_everything_done(path)
    except DuplicateColumn:
        return
    assert path.with_name("out.xlsx").exists()
