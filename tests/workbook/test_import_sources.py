"""Files as other programs write them: encodings, delimiters, quotes, sheets, and where each row stands."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.importing import read_source
from workbook.importing.refusals import BrokenQuotes, EmptySource, NoSuchSheet, NoSuchSource, NotText, UnknownEncoding
from workbook.importing.source import Source
from workbook.importing.text_columns import with_numbers
from workbook.reading.cell_parsing import DecimalMark, read_number
from workbook.refusals import EncryptedWorkbook, OldWorkbook, Refusal


def read(folder: Path, content: str | bytes, encoding: str = "utf-8", name: str = "late.csv") -> Source:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return read_source(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le-marked", "utf-16-be-marked"])
def test_an_encoding_is_recognised_and_told(tmp_path: Path, encoding: str) -> None:
    text = "客户编号,名称\nC1,深圳市朗驰电子有限公司\nC2,朱镕喆𠮷\n"
    marks = {"utf-16-le-marked": b"\xff\xfe", "utf-16-be-marked": b"\xfe\xff"}
    raw = marks[encoding] + text.encode(encoding.removesuffix("-marked")) if encoding in marks else text.encode(encoding)
    source = read(tmp_path, raw)
    assert source.headers == ("客户编号", "名称")
    assert source.columns[1] == ("深圳市朗驰电子有限公司", "朱镕喆𠮷")
    assert source.described == f"{encoding.replace('-le-marked', '').replace('-be-marked', '')}, comma"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("Müller GmbH", "cp1252"), ("Société Générale", "cp1252"), ("Ångström AB", "cp1252"), ("Żabka", "cp1250")],
)
def test_western_text_in_an_old_code_page_is_refused_rather_than_turned_into_chinese(
    tmp_path: Path, name: str, encoding: str
) -> None:
    with pytest.raises(UnknownEncoding, match="Save it from Excel as 'CSV UTF-8'"):
        read(tmp_path, f"id,name\nC1,{name}\n", encoding)
    assert read_source(tmp_path / "late.csv", encoding=encoding).columns[1] == (name,)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotText):
        read(tmp_path, b"a,b\x00\n1,2\n")
    with pytest.raises(NotText):
        read(tmp_path, "a,b\n1,2\n".encode("utf-16-le"))


@pytest.mark.parametrize(("name", "delimiter"), [("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("pipe", "|")])
def test_a_delimiter_is_found(tmp_path: Path, name: str, delimiter: str) -> None:
    source = read(tmp_path, "\n".join(delimiter.join(row) for row in (["id", "name", "amount"], ["1", "A B", "2.50"])))
    assert source.headers == ("id", "name", "amount")
    assert source.described == f"utf-8, {name}"


@pytest.mark.parametrize(
    ("text", "name", "row"),
    [
        pytest.param('id,name\n1,"Smith, J; Sons; Co"\n2,"a;b;c"\n', "comma", ("1", "Smith, J; Sons; Co"), id="in quotes"),
        pytest.param("id;amount;tax\n1;1,50;0,25\n2;3,00;1,00\n", "semicolon", ("1", "1,50", "0,25"), id="decimal commas"),
        pytest.param("Net, EUR;Tax, EUR\n1,50;0,25\n2,00;0,10\n", "semicolon", ("1,50", "0,25"), id="commas everywhere"),
        pytest.param('"Name, first";sum\n"Smith, J";1,50\n', "semicolon", ("Smith, J", "1,50"), id="commas beside quotes"),
        pytest.param("id,note\n1,a|b|c\n2,d\n", "comma", ("1", "a|b|c"), id="pipes in a text"),
        pytest.param("sep=;\nid;name\n1;A\n", "semicolon", ("1", "A"), id="Excel's own declaration"),
        pytest.param("id\n1\n2\n", "comma", ("1",), id="one column"),
    ],
)
def test_a_delimiter_is_told_from_the_same_sign_in_texts_and_amounts(
    tmp_path: Path, text: str, name: str, row: tuple[str, ...]
) -> None:
    source = read(tmp_path, text)
    assert source.described == f"utf-8, {name}"
    assert tuple(column[0] for column in source.columns) == row


def test_every_row_knows_its_line_whatever_is_above_it(tmp_path: Path) -> None:
    source = read(tmp_path, '\nid,note\r\n1,"two\r\nlines"\r\n\r\n , \r\n2,x\r\n')
    assert source.columns == (("1", "2"), ("two\nlines", "x"))
    assert [source.place(row) for row in range(len(source))] == ["late.csv line 3", "late.csv line 7"]
    declared = read(tmp_path, "sep=,\nid,note\n1,x\n")
    assert declared.place(0) == "late.csv line 3"


def test_values_of_a_csv_stay_text(tmp_path: Path) -> None:
    source = read(tmp_path, "id,amount,date\n00123,1e3,2024-01-05\n")
    assert source.columns == (("00123",), ("1e3",), ("2024-01-05",))


def test_trailing_blanks_may_be_left_out_but_cells_without_a_header_are_noticed(tmp_path: Path) -> None:
    source = read(tmp_path, "id,name,notes\n1,A\n2,B,x,\n3,C, Inc,x\n")
    assert source.columns[2] == ("", "x", " Inc")
    assert source.too_wide == {2}


def test_quotes_that_never_end_are_refused_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(BrokenQuotes, match=r"late\.csv line 3"):
        read(tmp_path, 'id,name\n1,A\n2,"B\n3,C\n')


@pytest.mark.parametrize("content", ["", "\n\n", " , \n"])
def test_a_file_without_headers_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(EmptySource):
        read(tmp_path, content)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoSuchSource, match=r"none\.csv"):
        read_source(tmp_path / "none.csv")


def sheet_file(folder: Path) -> Path:
    book = openpyxl.Workbook()
    first = book.worksheets[0]
    first.title = "Export"
    first["B3"], first["C3"] = "id", "amount"
    first["A2"] = 2024  # a number above the headers is no header row
    first["B4"], first["C4"] = "X1", 12.5
    first["B6"], first["C6"] = "X2", "#N/A"
    first["C6"].data_type = "e"
    second = book.create_sheet("Other")
    second["A1"], second["A2"] = "id", "Y1"
    path = folder / "late.xlsx"
    book.save(path)
    return path


def test_a_sheet_keeps_types_rows_and_error_cells(tmp_path: Path) -> None:
    source = read_source(sheet_file(tmp_path))
    assert source.headers == ("", "id", "amount")
    assert source.columns[1:] == (("X1", "X2"), (12.5, ""))
    assert [source.place(row) for row in range(2)] == ["late.xlsx row 4", "late.xlsx row 6"]
    assert [(at, fault.kind) for at, fault in source.faults.items()] == [((1, 2), "error_cell")]


def test_a_sheet_may_be_named(tmp_path: Path) -> None:
    path = sheet_file(tmp_path)
    assert read_source(path, sheet="Other").columns == (("Y1",),)
    with pytest.raises(NoSuchSheet, match="Export, Other"):
        read_source(path, sheet="Third")


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", OldWorkbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), EncryptedWorkbook),
        (b"PK\x03\x04 cut off", Refusal),
    ],
)
def test_other_kinds_of_workbooks_are_refused(tmp_path: Path, content: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read(tmp_path, content, name="late.xlsx")


@given(
    text=st.from_regex(r"-?[0-9]{1,4}([.,][0-9]{1,4}){0,3}", fullmatch=True),
    decimal=st.sampled_from([None, "point", "comma"]),
)
def test_the_shortcut_for_columns_of_numbers_reads_as_the_reader_of_numbers(text: str, decimal: DecimalMark | None) -> None:
    (found,) = with_numbers([text], decimal)
    if isinstance(found, float):
        assert found == float(read_number(text, decimal=decimal))
    else:
        assert found == text


def test_the_shortcut_leaves_what_has_two_meanings_alone() -> None:
    assert with_numbers(["1,234", "1.234", "", 5, None], None) == ["1,234", "1.234", "", 5, None]
    assert with_numbers(["1.50", "1,50"], None) == [1.5, 1.5]
