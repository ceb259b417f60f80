"""A statement goes out, the customer fills it in and sends it back: one balance is agreed, another is not, one invoice is
contested."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from tests.workbook.command import duebook
from tests.workbook.memory_book import rows_of
from tests.workbook.test_statement_files import LAST, story_book
from workbook.file_book import FileBook

REPLIED = "2024-05-06"


def fill_in(path: Path, answers: dict[tuple[str, str], dict[int, object]]) -> None:
    """Answers by (first cell of the row, currency): place → what the customer types."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        for row in book.worksheets[-1].iter_rows():
            for (first, currency), typed in answers.items():
                if row[0].value == first and row[2].value == currency:
                    for place, value in typed.items():
                        row[place].value = value
        book.save(path)
        return
    docx = pytest.importorskip("docx")
    word = docx.Document(str(path))
    for table in word.tables:
        for row in table.rows:
            cells = row.cells
            typed = answers.get((cells[0].text, cells[2].text), {}) if len(cells) > 3 else {}
            for place, value in typed.items():
                cells[place].text = str(value)
    word.save(str(path))


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_a_reply_becomes_balances_and_a_dispute(form: str, tmp_path: Path) -> None:
    book = story_book(tmp_path / "book.xlsx", "zh-CN")
    assert duebook("statements", book, "--to", LAST, "--out", tmp_path, "--as", form).exit_code == 0
    reply = tmp_path / f"statement-C1-2024-04-30.{form}"
    fill_in(
        reply,
        {
            ("C1", "EUR"): {4: "是"},
            ("C1", "USD"): {5: "700.50"},
            ("INV-2", "USD"): {4: "是", 5: "数量不符 & \"少\""},
        },
    )  # fmt: skip
    done = duebook("replies", book, reply, "--as-of", REPLIED)
    assert done.exit_code == 0, done.output
    assert "sees a balance that differs by: -100.00" in done.output
    on = dt.date.fromisoformat(REPLIED)
    wanted = ("customer_id", "as_of", "currency", "stated_balance", "replied_on")
    assert rows_of(FileBook(book), "Confirmations", *wanted) == [
        ("C1", LAST, "EUR", -10.0, on),
        ("C1", LAST, "USD", 700.5, on),
    ]
    disputes = rows_of(FileBook(book), "Invoices", "invoice_id", "is_disputed", "disputed_on", "dispute_reason")
    assert [each for each in disputes if each[1] == "Yes"] == [("INV-2", "Yes", on, '数量不符 & "少"')]
    # The same file again adds nothing and moves no day.
    assert duebook("replies", book, reply, "--as-of", "2024-05-20").exit_code == 0
    assert len(rows_of(FileBook(book), "Confirmations", "customer_id")) == 2
    again = rows_of(FileBook(book), "Invoices", "invoice_id", "is_disputed", "disputed_on", "dispute_reason")
    assert again == disputes


def test_what_is_not_the_customers_to_say_is_told_and_not_taken(tmp_path: Path) -> None:
    book = story_book(tmp_path / "book.xlsx", "en")
    assert duebook("statements", book, "--to", LAST, "--out", tmp_path, "--customer", "C1").exit_code == 0
    reply = tmp_path / "statement-C1-2024-04-30.xlsx"
    # Another customer's invoice, and another day.
    fill_in(reply, {("INV-1", "USD"): {0: "INV-9", 4: "Yes"}, ("C1", "USD"): {1: dt.date(2024, 3, 31), 5: 1}})
    done = duebook("replies", book, reply, "--as-of", REPLIED)
    assert done.exit_code == 1
    assert "no invoice of this customer" in done.output
    assert "no statement or confirmation of this was made" in done.output
    assert "Yes" not in [each[0] for each in rows_of(FileBook(book), "Invoices", "is_disputed")]
    assert FileBook(book).read_table("Confirmations") is None


def test_a_file_that_is_no_reply_is_refused(tmp_path: Path) -> None:
    book = story_book(tmp_path / "book.xlsx", "en")
    done = duebook("replies", book, book)
    assert (done.exit_code, "holds no reply" in done.output) == (2, True), done.output
