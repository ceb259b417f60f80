"""A statement goes out, the customer fills it in and sends it back: one balance is agreed, another is not, one invoice is
contested."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.workbook.command import duebook
from tests.workbook.memory_book import rows_of
from tests.workbook.test_statement_files import LAST, story_book
from workbook.file_book import FileBook
from workbook.statements.reply_tables import REPLY, REPLY_ITEMS

REPLIED = "2024-05-06"


def fill_in(path: Path, answers: dict[tuple[str, str], dict[str, object]]) -> None:
    """Answers by (first cell of the row, currency): column → what the customer types."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        _type_into([list(row) for row in book.worksheets[-1].iter_rows()], answers, "value")
        book.save(path)
        return
    docx = pytest.importorskip("docx")
    word = docx.Document(str(path))
    for table in word.tables:
        _type_into([list(row.cells) for row in table.rows], answers, "text")
    word.save(str(path))


def _type_into(rows: list[list[Any]], answers: dict[tuple[str, str], dict[str, object]], attribute: str) -> None:
    places: dict[str, int] = {}
    for cells in rows:
        texts = [getattr(cell, attribute) for cell in cells]
        found = {_COLUMNS[text]: place for place, text in enumerate(texts) if text in _COLUMNS}
        places = found if "currency" in found else places
        if places and len(texts) > places["currency"]:
            for key, value in answers.get((texts[0], texts[places["currency"]]), {}).items():
                setattr(cells[places[key]], attribute, value if attribute == "value" else str(value))


_COLUMNS = {
    label: column.key
    for table in (REPLY, REPLY_ITEMS)
    for column in table.columns
    for label in (column.label.en, column.label.zh)
}


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_a_reply_becomes_balances_and_a_dispute(form: str, tmp_path: Path) -> None:
    book = story_book(tmp_path / "book.xlsx", "zh-CN")
    assert duebook("statements", book, "--to", LAST, "--out", tmp_path, "--as", form).exit_code == 0
    reply = tmp_path / f"statement-C1-2024-04-30.{form}"
    fill_in(
        reply,
        {
            ("C1", "EUR"): {"is_agreed": "是"},
            ("C1", "USD"): {"stated_balance": "700.50", "remarks": "已付 100 & <见附件>"},
            ("INV-2", "USD"): {"is_disputed": "是", "dispute_reason": "数量不符 & \"少\""},
        },
    )  # fmt: skip
    done = duebook("replies", book, reply, "--as-of", REPLIED)
    assert done.exit_code == 0, done.output
    assert "sees a balance that differs by: -100.00" in done.output
    on = dt.date.fromisoformat(REPLIED)
    wanted = ("customer_id", "as_of", "currency", "stated_balance", "replied_on", "remarks")
    assert rows_of(FileBook(book), "Confirmations", *wanted) == [
        ("C1", LAST, "EUR", -10.0, on, None),
        ("C1", LAST, "USD", 700.5, on, "已付 100 & <见附件>"),
    ]
    disputes = rows_of(FileBook(book), "Invoices", "invoice_id", "is_disputed", "disputed_on", "dispute_reason")
    assert [each for each in disputes if each[1] == "Yes"] == [("INV-2", "Yes", on, '数量不符 & "少"')]
    # The same file again adds nothing and moves no day.
    assert duebook("replies", book, reply, "--as-of", "2024-05-20").exit_code == 0
    assert len(rows_of(FileBook(book), "Confirmations", "customer_id")) == 2
    again = rows_of(FileBook(book), "Invoices", "invoice_id", "is_disputed", "disputed_on", "dispute_reason")
    assert again == disputes


def test_a_remark_alone_is_kept_and_leaves_the_balance_that_was_stated(tmp_path: Path) -> None:
    book = story_book(tmp_path / "book.xlsx", "en")
    assert duebook("statements", book, "--to", LAST, "--out", tmp_path, "--customer", "C1", "--confirmation").exit_code == 0
    reply = tmp_path / "confirmation-C1-2024-04-30.xlsx"
    wanted = ("currency", "stated_balance", "replied_on", "remarks")
    first, second = dt.date(2024, 5, 6), dt.date(2024, 5, 8)
    fill_in(reply, {("C1", "EUR"): {"stated_balance": 5}})
    assert duebook("replies", book, reply, "--as-of", first).exit_code == 0
    fill_in(reply, {("C1", "EUR"): {"stated_balance": None, "remarks": "See our mail"}, ("C1", "USD"): {"remarks": "Later"}})
    assert duebook("replies", book, reply, "--as-of", second).exit_code == 0
    assert rows_of(FileBook(book), "Confirmations", *wanted) == [
        ("EUR", 5.0, second, "See our mail"), ("USD", None, second, "Later"),
    ]  # fmt: skip


def test_what_is_not_the_customers_to_say_is_told_and_not_taken(tmp_path: Path) -> None:
    book = story_book(tmp_path / "book.xlsx", "en")
    assert duebook("statements", book, "--to", LAST, "--out", tmp_path, "--customer", "C1").exit_code == 0
    reply = tmp_path / "statement-C1-2024-04-30.xlsx"
    # Another customer's invoice, and another day.
    fill_in(
        reply,
        {
            ("INV-1", "USD"): {"invoice_id": "INV-9", "is_disputed": "Yes"},
            ("C1", "USD"): {"as_of": dt.date(2024, 3, 31), "stated_balance": 1},
        },
    )
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
