"""What was typed since the last run is noticed: customers into CustomerHistory, our own bank details as an issue."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.workbook.memory_book import MemoryBook, rows_of
from workbook.bank_details import account_numbers
from workbook.importing import Source, import_source
from workbook.schema import TABLES
from workbook.tasks.checking import check
from workbook.tasks.closing import close
from workbook.tasks.posting import post
from workbook.tasks.reminding import remind

RAN_AT = dt.datetime(2024, 11, 4, 9, 30)
OCTOBER, NOVEMBER = dt.date(2024, 10, 31), dt.date(2024, 11, 4)
HISTORY = ("customer_id", "changed_on", "field", "old_value", "new_value", "reason")


def ledger() -> MemoryBook:
    return MemoryBook(
        currency="USD",
        tables={
            "Customers": {
                "customer_id": ["C1", "C2"], "name": ["One", "Two"], "payment_terms": ["NET30", "NET30"],
                "credit_limit": [1000, None],
            },
            "PaymentTerms": {"terms_id": ["NET30"], "basis": ["invoice_date"], "days": [30]},
            "Invoices": {
                "invoice_id": ["INV-1", "CN-1", "CN-2"], "customer_id": ["C1"] * 3,
                "kind": ["", "credit_note", "credit_note"],
                "invoice_date": [dt.date(2024, 9, 1)] * 3, "amount": [600, 50, 70], "entered_by": ["LI", "Li ", "LI"],
                "approved_by": ["", "LI", ""],
            },
            "Letters": {
                "letter": ["first"], "language": ["en"], "channel": ["email"],
                "body": ["Pay to 1234 5678 9012 by {due_text}."],
            },
        },
    )  # fmt: skip


def codes(book: MemoryBook) -> list[tuple[Any, ...]]:
    return [(code, cell) for code, cell in rows_of(book, "Issues", "code", "cell")]


def test_a_change_typed_into_excel_is_recorded_by_the_next_run_with_its_date() -> None:
    book = ledger()
    close(book, as_of=OCTOBER, ran_at=RAN_AT)
    assert rows_of(book, "CustomerHistory", *HISTORY) == []
    book.update_rows(TABLES["Customers"], [0], {"credit_limit": [100], "email": ["a@one.test"]})
    book.append_rows(TABLES["Customers"], {"customer_id": ["C3"], "name": ["New"]})
    remind(book, as_of=NOVEMBER, ran_at=RAN_AT)
    expected = [
        ("C1", NOVEMBER, "email", None, "a@one.test", "typed into the workbook"),
        ("C1", NOVEMBER, "credit_limit", "1000", "100", "typed into the workbook"),
    ]
    assert rows_of(book, "CustomerHistory", *HISTORY) == expected
    close(book, as_of=NOVEMBER, ran_at=RAN_AT)
    assert rows_of(book, "CustomerHistory", *HISTORY) == expected
    assert dict(rows_of(book, "Credit", "customer_id", "headroom"))["C1"] < 0
    close(book, as_of=OCTOBER, ran_at=RAN_AT)
    assert dict(rows_of(book, "Credit", "customer_id", "headroom"))["C1"] > 0


def test_an_import_and_a_post_record_what_was_typed_and_what_they_change_once_each() -> None:
    book = ledger()
    close(book, as_of=OCTOBER, ran_at=RAN_AT)
    book.update_rows(TABLES["Customers"], [1], {"phone": ["555"]})
    post(book, what="customer", fields=("customer_id=C2", "phone=556"), ran_at=RAN_AT, by="LI")
    phones = [("555", "typed into the workbook"), ("556", "post")]
    assert rows_of(book, "CustomerHistory", "new_value", "reason") == phones
    source = Source("c.csv", "", ("customer_id", "phone"), (("C2",), ("557",)), [2])
    import_source(book, source, TABLES["Customers"], ran_at=RAN_AT)
    close(book, as_of=NOVEMBER, ran_at=RAN_AT)
    assert ("557", "import c.csv") in rows_of(book, "CustomerHistory", "new_value", "reason")


def test_who_gives_money_away_alone_is_found_by_check_and_close() -> None:
    book = ledger()
    book.append_rows(TABLES["Settings"], {"key": ["approval_above"], "value": [60]})
    lines = check(book, ran_at=RAN_AT, as_of=OCTOBER).lines
    assert sum("Approved by whoever entered it" in line for line in lines) == 1
    close(book, as_of=OCTOBER, ran_at=RAN_AT)
    found: dict[Any, Any] = dict(rows_of(book, "Issues", "code", "key"))
    assert (found["self_approved"], found["unapproved_over"]) == ("CN-1", "CN-2")
    close(book, as_of=dt.date(2024, 8, 31), ran_at=RAN_AT)
    assert not {"self_approved", "unapproved_over"} & {code for code, _ in codes(book)}


def test_other_bank_details_of_ours_are_told_until_a_close_has_told_them() -> None:
    book = ledger()
    book.append_rows(TABLES["Settings"], {"key": ["bank_account"], "value": ["DE11 2222 3333"]})
    close(book, as_of=OCTOBER, ran_at=RAN_AT)
    assert not any(code == "bank_details_changed" for code, _ in codes(book))
    row = len(rows_of(book, "Settings", "key")) - 1
    book.update_rows(TABLES["Settings"], [row], {"value": ["DE11 2222 3334"]})
    book.update_rows(TABLES["Letters"], [0], {"body": ["Please pay to 1234 5678 9013 by {due_text}."]})
    remind(book, as_of=OCTOBER, ran_at=RAN_AT)
    told = check(book, ran_at=RAN_AT, as_of=OCTOBER).lines
    assert sum("Our own bank details were changed" in line for line in told) == 2
    close(book, as_of=OCTOBER, ran_at=RAN_AT)
    assert [cell for code, cell in codes(book) if code == "bank_details_changed"] == ["Letters!E2", f"Settings!B{row + 2}"]
    close(book, as_of=OCTOBER, ran_at=RAN_AT)
    assert not any(code == "bank_details_changed" for code, _ in codes(book))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Pay DE89 3704 0044 0532 0130 00 now", ["DE89370400440532013000"]),
        ("账号：6222021234567890123", ["6222021234567890123"]),
        ("Your invoice of 2024-10-31 over {total_text}", []),
        ("Call 12345", []),
        ("", []),
    ],
)
def test_account_numbers_are_found_whatever_their_blanks(text: str, numbers: list[str]) -> None:
    assert account_numbers(text) == numbers
