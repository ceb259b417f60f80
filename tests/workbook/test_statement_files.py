"""Files to customers: what they say, and that any name comes through as text."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbook.command import duebook, small_workbook
from tests.workbook.memory_book import rows_of
from workbook.file_book import FileBook
from workbook.port import Columns
from workbook.progress import shown_by, step_by_step
from workbook.statements.as_letter import letter_bytes
from workbook.statements.blocks import Amount, Document, Grid, Page
from workbook.statements.file_names import file_name
from workbook.template.new_workbook import new_workbook

LAST = dt.date(2024, 4, 30)
NASTY = {
    "C1": '=1+1 & "Sons"\n<Ltd>',
    "c1": "+SUM(A1) 'x' 公司",
    "CON": "@evil\t|x",
    "a/b": "-3; é\u200b",
    "A:B": "Zoë & Co",
}


def text_of(content: bytes) -> str:
    """Every text of a file, in order: cells or paragraphs, a line a row."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if "word/document.xml" in package.namelist():
            return _letter_text(package.read("word/document.xml"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = []
    for sheet in book.worksheets:
        rows.append(f"[{sheet.title}]")
        for row in sheet.iter_rows(values_only=True):
            cells = ["" if cell is None else _shown(cell) for cell in row]
            if any(cells):
                rows.append(" | ".join(cells).rstrip(" |"))
    return "\n".join(rows) + "\n"


def _shown(cell: Any) -> str:
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def _letter_text(xml: bytes) -> str:
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    lines = []

    def said(node: ElementTree.Element) -> str:
        parts = {f"{word}t": lambda each: each.text or "", f"{word}br": lambda _: "\n", f"{word}tab": lambda _: "\t"}
        return "".join(parts[each.tag](each) for each in node.iter() if each.tag in parts)

    body = ElementTree.fromstring(xml)[0]
    for block in body:
        if block.tag == f"{word}tbl":
            lines += [" | ".join(map(said, row.iter(f"{word}tc"))).rstrip(" |") for row in block.iter(f"{word}tr")]
        elif said(block).strip():
            lines.append(said(block))
    return "\n".join(lines) + "\n"


def story_book(path: Path, language: str, **tables: Columns) -> Path:
    """April of a customer: an invoice half paid, a bounce, a concession, an unused payment, a second currency."""
    day = dt.date
    rows: dict[str, Columns] = {
        "Settings": {
            "key": ["company_name", "bank_account"], "value": ["Ours & Sons", "Ours & Sons\nFirst Bank, 0012 3456"],
        },
        "Customers": {
            "customer_id": ["C1", "C2"], "name": ["Quay & Sons", "Second Ltd"], "contact_name": ["Ann", "Bo"],
            "address": ["3 Quay Street", "4 Low Road"], "language": [language, ""], "payment_terms": ["NET30", "NET30"],
        },
        "Invoices": {
            "invoice_id": ["INV-1", "INV-2", "INV-3", "INV-9"], "customer_id": ["C1", "C1", "C1", "C2"],
            "invoice_date": [day(2024, 2, 20), day(2024, 4, 3), day(2024, 4, 9), day(2024, 4, 9)],
            "amount": [1000, 250.5, 80, 77.77], "currency": ["USD", "USD", "EUR", "USD"],
            "purchase_order": [None, "PO 7/24", None, "PO 8"], "tax_invoice_number": ["044001", "044002", None, None],
        },
        "Receipts": {
            "receipt_id": ["R-1", "R-2", "R-3", "R-4"], "customer_id": ["C1", "C1", "C1", "C1"],
            "kind": ["receipt", "receipt", "reversal", "receipt"], "related_id": [None, None, "R-2", None],
            "receipt_date": [day(2024, 3, 25), day(2024, 4, 8), day(2024, 4, 12), day(2024, 4, 20)],
            "amount": [400, 100, 100, 90], "currency": ["USD", "USD", "USD", "EUR"],
        },
        "ExchangeRates": {"rate_date": [day(2024, 1, 1)], "currency": ["EUR"], "rate": [1.1]},
        "WriteOffs": {
            "write_off_id": ["W-1", "W-2"], "invoice_id": ["INV-1", "INV-1"], "amount": [50, 60],
            "written_off_on": [day(2024, 4, 15), day(2024, 4, 16)], "reason": ["concession", "bad_debt"],
        },
    }  # fmt: skip
    new_workbook(path, language="en", currency="USD", rows={**rows, **tables})
    return path


@pytest.mark.parametrize("form", ["xlsx", "docx"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_statement_says_what_it_should(
    language: str, form: str, tmp_path: Path, is_golden: Callable[[str, str], None]
) -> None:
    book = story_book(tmp_path / "book.xlsx", language)
    out = tmp_path / "out"
    done = duebook("statements", book, "--to", LAST, "--out", out, "--as", form, "--json", tmp_path / "s.json")
    assert done.exit_code == 0, done.output
    is_golden(f"statement.{form}.{language}.txt", text_of((out / f"statement-C1-2024-04-30.{form}").read_bytes()))
    told = json.loads((tmp_path / "s.json").read_text("utf-8"))
    # What was written off without a word is still on the statement: 1000 − 400 + 250.50 − 50, and C2's 77.77.
    assert told["currencies"] == {
        "EUR": {"opening": "0.00", "closing": "-10.00"},
        "USD": {"opening": "600.00", "closing": "878.27"},
    }
    assert {each["name"] for each in told["tie_out"] if each["holds"]} == {each["name"] for each in told["tie_out"]}
    logged = rows_of(FileBook(book), "Statements", "kind", "customer_id", "currency", "opening", "closing", "file")
    assert logged[1] == ("Statement of account", "C1", "USD", 600.0, 800.5, f"statement-C1-2024-04-30.{form}")
    assert [each[1] for each in logged] == ["C1", "C1", "C2"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_confirmation_asks_for_the_balances(language: str, tmp_path: Path, is_golden: Callable[[str, str], None]) -> None:
    book = story_book(tmp_path / "book.xlsx", language)
    done = duebook("statements", book, "--to", LAST, "--customer", "C1", "--out", tmp_path, "--confirmation", "--as", "docx")
    assert done.exit_code == 0, done.output
    assert not list(tmp_path.glob("*C2*"))
    awaited = rows_of(FileBook(book), "Confirmations", "customer_id", "as_of", "currency", "stated_balance")
    assert awaited == [("C1", LAST, "EUR", None), ("C1", LAST, "USD", None)]
    is_golden(f"confirmation.{language}.txt", text_of((tmp_path / "confirmation-C1-2024-04-30.docx").read_bytes()))


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_any_name_comes_through_as_text_under_a_file_name_of_its_own(form: str, tmp_path: Path) -> None:
    ids = list(NASTY)
    customers = {"customer_id": ids, "name": list(NASTY.values()), "payment_terms": ["NET30"] * len(ids)}
    invoices = {
        "invoice_id": [f"=I{place}" for place in range(len(ids))], "customer_id": ids, "amount": [10] * len(ids),
        "invoice_date": [LAST] * len(ids),
    }  # fmt: skip
    book = small_workbook(tmp_path / "book.xlsx", Customers=customers, Invoices=invoices, Receipts={})
    done = duebook("statements", book, "--to", LAST, "--out", tmp_path / "out", "--as", form)
    assert done.exit_code == 0, done.output
    texts = {path.name.casefold(): path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert len(texts) == len(ids)
    for customer, name in NASTY.items():
        content = texts[file_name("statement", customer, LAST.isoformat(), f".{form}").casefold()]
        assert name.replace("\u200b", "") in text_of(content).replace("\u200b", "")
        if form == "xlsx":
            cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet for cell in row]
            assert all(cell.data_type != "f" for cell in cells)


@pytest.mark.parametrize("is_wide", [False, True])
@pytest.mark.parametrize("texts", [1, 3, 6])
def test_a_letters_amounts_and_days_are_on_one_line_however_much_stands_beside_them(texts: int, is_wide: bool) -> None:
    largest = Amount(-(2**51), "USD")
    row = [*["INV-2024-OF-A-VERY-LONG-SERIES-000001"] * texts, LAST, largest, largest]
    grid = Grid(["A header of some words"] * texts + ["Date", "Amount", "Balance"], [row, row])
    content = letter_bytes(Document("", "", [Page("", [grid])], is_wide=is_wide))
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        (table,) = ElementTree.fromstring(package.read("word/document.xml")).iter(f"{word}tbl")
    widths = [int(column.get(f"{word}w", "")) for column in table.iter(f"{word}gridCol")]
    (half_points,) = {int(size.get(f"{word}val", "")) for size in table.iter(f"{word}sz")}
    assert sum(widths) == (16_838 if is_wide else 11_906) - 2 * 1_021
    for text, width in zip([LAST.isoformat(), largest.text(), largest.text()], widths[-3:], strict=True):
        assert (
            width >= len(text) * half_points * 10 * 0.507 + 160
        )  # what a digit of Calibri takes, and the margins of a cell


@given(st.lists(st.text(alphabet=st.sampled_from("aAbB1ſs_~./:é\u0301 *中ß-"), min_size=1, max_size=70), unique=True))
def test_file_names_are_safe_on_windows_and_never_collide(ids: list[str]) -> None:
    names = [file_name("statement", each, "2024-04-30", ".xlsx") for each in ids]
    assert len({name.upper() for name in names} & {name.upper() for name in names}) == len(ids)
    for name in names:
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
        assert len(name) < 120
        assert not name.startswith(("con.", "nul."))


def test_files_are_zipped_on_request_and_the_archive_is_the_same_on_every_run(tmp_path: Path) -> None:
    book = story_book(tmp_path / "book.xlsx", "en")
    archives = []
    for form in ("xlsx", "docx", "xlsx", "docx"):
        done = duebook("statements", book, "--to", LAST, "--out", tmp_path / "out", "--zip", "--as", form)
        assert done.exit_code == 0, done.output
        (path,) = (tmp_path / "out").iterdir()
        archives.append(path.read_bytes())
    assert archives[:2] == archives[2:]
    assert archives[0] != archives[1]
    done = duebook("statements", book, "--to", LAST, "--out", tmp_path / "out", "--zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["statement-C1-2024-04-30.xlsx", "statement-C2-2024-04-30.xlsx"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--from", "2024-05-01", "--to", LAST), "Give --from the earlier day"),
        (("--to", LAST, "--customer", "C7"), "There is no customer 'C7'"),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_written(
    options: tuple[object, ...], says: str, tmp_path: Path
) -> None:
    book = story_book(tmp_path / "book.xlsx", "en")
    before = book.read_bytes()
    done = duebook("statements", book, *options, "--out", tmp_path / "out")
    assert (done.exit_code, says in done.output) == (2, True), done.output
    assert book.read_bytes() == before
    assert not (tmp_path / "out").exists()


def test_a_pdf_without_libreoffice_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = story_book(tmp_path / "book.xlsx", "en")
    before = book.read_bytes()
    monkeypatch.setattr("workbook.statements.as_pdf.shutil.which", lambda name: None)
    done = duebook("statements", book, "--to", LAST, "--out", tmp_path / "out", "--pdf")
    assert (done.exit_code, "LibreOffice, which is not found" in done.output) == (2, True), done.output
    assert book.read_bytes() == before
    assert not (tmp_path / "out").exists()


def test_long_work_is_shown_to_whoever_watches() -> None:
    seen = []

    def steps(work: Collection[object], label: str) -> Iterator[object]:
        seen.append((label, len(work)))
        yield from work

    with shown_by(steps):
        assert list(step_by_step(["a", "b"], "Making")) == ["a", "b"]
    assert list(step_by_step(["c"], "Making")) == ["c"]
    assert seen == [("Making", 2)]
