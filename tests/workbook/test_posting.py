"""Posting one row: read like a line of an import, judged by the rules, credit first; nothing is written that is wrong."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Mapping
from typing import Any

import pytest

from tests.workbook.memory_book import MemoryBook, rows_of
from workbook.importing import Source, import_source
from workbook.outcome import Outcome
from workbook.port import Columns
from workbook.posting.entry_form import FORM, WHAT
from workbook.posting.fields import Field, fields_by_column
from workbook.posting.kinds import POSTINGS
from workbook.posting.refusals import (
    AlreadyThere,
    CreditDoubt,
    EntryOfAnotherKind,
    EntrySaysNotWhat,
    EntryTakesNoFields,
    FieldTwice,
    NotAField,
    NothingGiven,
    RowIsWrong,
    UnknownField,
)
from workbook.posting.words import POSTING_WORDS
from workbook.refusals import MissingTable
from workbook.results.run import TooEarly
from workbook.schema import TABLES
from workbook.tasks.adding_sheets import add_sheet
from workbook.tasks.posting import Declared, post, post_entry

RAN_AT = dt.datetime(2024, 5, 2, 9, 30)
DAY = dt.date(2024, 5, 1)

LEDGER: Mapping[str, Columns] = {
    "Customers": {
        "customer_id": ["C1", "C2", "C3", "HEAD", "SUB", "HOLD", "OLD", "FREE"],
        "name": ["One", "Two", "Three", "Head", "Member", "Held", "Expired", "Free"],
        "payment_terms": ["NET30", "THIRDS", "", "NET30", "NET30", "NET30", "NET30", "NET30"],
        "currency": ["USD", "USD", "EUR", "USD", "EUR", "USD", "USD", "JPY"],
        "credit_limit": [1000, None, 500, 1000, None, 1000, 1000, None],
        "guarantee": [None, None, None, None, 100, None, None, None],
        "group_id": ["", "", "", "HEAD", "HEAD", "", "", ""],
        "is_on_hold": ["", "", "", "", "", "yes", "", ""],
        "limit_expires_on": [None, None, None, None, None, None, dt.date(2024, 4, 30), None],
    },
    "PaymentTerms": {
        "terms_id": ["NET30", "THIRDS"], "basis": ["invoice_date"] * 2, "days": [30, None],
        "instalments": ["", "30@30;50@60;20@90"],
    },
    "ExchangeRates": {"rate_date": [dt.date(2024, 1, 1)], "currency": ["EUR"], "rate": [1.1]},
    "Invoices": {
        "invoice_id": ["INV-1", "INV-2"], "customer_id": ["C1", "HEAD"], "invoice_date": [dt.date(2024, 4, 20)] * 2,
        "amount": [600, 700],
    },
}  # fmt: skip


def ledger(**tables: Columns) -> MemoryBook:
    return MemoryBook(currency="USD", tables={**LEDGER, **tables})


def posted(book: MemoryBook, what: str, *fields: str, **options: Any) -> Outcome:
    return post(book, what=what, fields=fields, ran_at=RAN_AT, **options)


def invoice(row_id: str, customer: str, amount: str, *more: str) -> tuple[str, ...]:
    return f"invoice_id={row_id}", f"customer_id={customer}", f"invoice_date={DAY}", f"amount={amount}", *more


def snapshot(book: MemoryBook) -> dict[str, Any]:
    return {name: book.read_table(name) for name in book.table_names()}


def test_an_invoice_is_appended_with_what_was_left_blank() -> None:
    book = ledger()
    outcome = posted(book, "invoice", *invoice("INV-9", "C1", "400.00"), by="LI", reason="by phone")
    assert outcome.lines == (
        "Posted: Invoice INV-9, customer C1, USD 400.00, due 2024-05-31",
        "Headroom left of customer C1: USD 0.00",
    )
    assert (outcome.writes_book, outcome.has_errors) == (True, False)
    keys = (
        "invoice_id",
        "customer_id",
        "kind",
        "invoice_date",
        "due_date",
        "currency",
        "amount",
        "entered_on",
        "entered_by",
    )
    assert rows_of(book, "Invoices", *keys)[-1] == (
        "INV-9", "C1", "Invoice", DAY, None, "USD", 400, RAN_AT.date(), "LI"
    )  # fmt: skip
    ((task, arguments, as_of, totals),) = rows_of(book, "RunLog", "task", "arguments", "as_of", "totals")
    assert (task, as_of, totals) == ("post", RAN_AT.date(), '{"USD":"400.00"}')
    assert arguments == "invoice INV-9 --reason by phone --as-of 2024-05-02 --by LI"


def test_a_receipt_needs_no_credit_and_says_what_it_is() -> None:
    book = ledger()
    outcome = posted(book, "receipt", "receipt_id=R-1", "customer=HOLD", "date=2024-05-01", "amount=99", "method=cheque")
    assert outcome.lines == ("Posted: Receipt R-1, customer HOLD, USD 99.00",)
    assert rows_of(book, "Receipts", "receipt_id", "kind", "method", "currency", "amount", "entered_on") == [
        ("R-1", "Receipt", "Cheque", "USD", 99, RAN_AT.date())
    ]


def test_words_are_those_of_the_workbook_and_fields_may_be_named_in_either_language() -> None:
    book = MemoryBook(language="zh-CN", currency="USD", tables=LEDGER)
    fields = ("发票编号=INV-9", "Customer ID=C1", "开票日期=2024年5月1日", "金额=１００", "Kind=debit_note")
    assert posted(book, "invoice", *fields).lines == (
        "已登记：借项通知 INV-9，客户 C1，USD 100.00，到期日 2024-05-31",
        "客户 C1 剩余可用额度：USD 300.00",
    )
    assert rows_of(book, "Invoices", "kind", "invoice_date", "amount")[-1] == ("借项通知", DAY, 100)


@pytest.mark.parametrize(
    ("more", "due"),
    [
        ((), "due 2024-05-31"),
        (("payment_terms=THIRDS",), "USD 30.00 due 2024-05-31, USD 50.00 due 2024-06-30, USD 20.00 due 2024-07-30"),
        (("baseline_date=2024-05-10",), "due 2024-06-09"),
        (("due_date=2024-08-01", "payment_terms=THIRDS"), "due 2024-08-01"),
    ],
)
def test_the_due_date_is_worked_out_and_said_but_the_cell_stays_as_typed(more: tuple[str, ...], due: str) -> None:
    book = ledger()
    outcome = posted(book, "invoice", *invoice("INV-9", "C1", "100", *more))
    assert outcome.lines[0] == f"Posted: Invoice INV-9, customer C1, USD 100.00, {due}"
    typed = dt.date(2024, 8, 1) if "due_date=2024-08-01" in more else None
    assert rows_of(book, "Invoices", "due_date", "invoice_id")[-1] == (typed, "INV-9")


def test_a_due_date_moved_to_a_working_day_is_shown_beside_the_one_of_the_terms() -> None:
    book = ledger(Settings={"key": ["day_rolling"], "value": ["next"]})
    assert (
        posted(book, "invoice", *invoice("INV-9", "C1", "1", "baseline_date=2024-05-02"))
        .lines[0]
        .endswith("due 2024-06-03 (2024-06-01 by the terms)")
    )


@pytest.mark.parametrize(
    ("customer", "amount", "missing", "why"),
    [
        # What is left is 400.00: one cent more is a breach, none is not.
        ("C1", "400.01", 1, "INV-9 takes customer C1 over the credit limit: USD 0.01 is missing."),
        # 500.00 EUR at 1.1 are 550.00 USD; 500.01 EUR are 550.011, which is 550.01.
        ("C3", "500.01", 1, "INV-9 takes customer C3 over the credit limit: USD 0.01 is missing."),
        # The head's 1000.00 and a guarantee of 100.00 EUR, less its 700.00: 410.00 USD for all. 400.00 EUR are 440.00.
        (
            "SUB", "400.00", 3000,
            "INV-9 takes the group of HEAD, to which customer SUB belongs, over its credit limit: USD 30.00 is missing.",
        ),
        ("HOLD", "1", 0, "Customer HOLD is on hold."),
        (
            "OLD", "20.50", 2050,
            "The credit limit of customer OLD has expired. INV-9 takes customer OLD over the credit limit: USD 20.50 is "
            "missing.",
        ),
    ],
)  # fmt: skip
def test_the_credit_check_names_the_amount_missing_and_asks(customer: str, amount: str, missing: int, why: str) -> None:
    book = ledger()
    before = snapshot(book)
    fields = invoice("INV-9", customer, amount, "due_date=2024-06-30")
    with pytest.raises(CreditDoubt) as doubt:
        posted(book, "invoice", *fields)
    assert str(doubt.value) == f"{why} Nothing was posted: add --yes to post it all the same."
    assert doubt.value.question == f"{why} Post it all the same?"
    assert (doubt.value.missing_minor, doubt.value.currency) == (missing, "USD")
    assert snapshot(book) == before
    outcome = posted(book, "invoice", *fields, yes=True, approved_by="WANG")
    assert outcome.lines[-1] == f"Posted in spite of this: {why}"
    credit = outcome.summary["credit"]
    assert isinstance(credit, dict)
    assert credit["in_spite_of"] == list(doubt.value.reasons)
    assert rows_of(book, "Invoices", "invoice_id", "approved_by")[-1] == ("INV-9", "WANG")
    ((arguments,),) = rows_of(book, "RunLog", "arguments")
    assert arguments == "invoice INV-9 --approved-by WANG --yes --as-of 2024-05-02"


def test_an_invoice_that_is_over_90_days_old_blocks_the_customer() -> None:
    book = ledger()
    with pytest.raises(CreditDoubt, match="Customer C1 is blocked"):
        posted(book, "invoice", *invoice("INV-9", "C1", "1"), as_of=dt.date(2024, 9, 1))


def test_an_order_that_is_billed_makes_room_for_its_invoice() -> None:
    order: Columns = {"order_id": ["O1"], "customer_id": ["C1"], "order_date": [DAY], "amount": [400]}
    book = ledger(Orders=order)
    with pytest.raises(CreditDoubt, match=r"USD 400\.00 is missing"):
        posted(book, "invoice", *invoice("INV-9", "C1", "400"))
    assert posted(book, "invoice", *invoice("INV-9", "C1", "400", "order_id=O1")).lines[1].endswith("USD 0.00")


def test_without_a_rate_it_asks_where_there_is_a_limit_and_tells_where_there_is_none() -> None:
    book = ledger()
    with pytest.raises(CreditDoubt, match="There is no exchange rate for GBP"):
        posted(book, "invoice", *invoice("INV-9", "C1", "1", "currency=gbp"))
    outcome = posted(book, "invoice", *invoice("INV-9", "FREE", "100"))
    assert outcome.has_errors
    assert outcome.lines[0] == "Posted: Invoice INV-9, customer FREE, JPY 100, due 2024-05-31"
    assert outcome.lines[1] == "Customer FREE has no credit limit"
    assert outcome.lines[2].startswith("Error: Currency (currency) 'JPY': No exchange rate")


def test_an_invoice_of_a_day_to_come_is_judged_as_of_that_day() -> None:
    book = ledger()
    fields = ("invoice_id=INV-9", "customer_id=C1", "invoice_date=2024-06-03", "amount=400.01")
    with pytest.raises(CreditDoubt, match=r"USD 0\.01 is missing"):
        posted(book, "invoice", *fields)


WRONG = [
    ("invoice", ("customer_id=C1", "amount=1"), [("invoice_id", "blank_required"), ("invoice_date", "blank_required")]),
    ("invoice", invoice("INV-9", "C1", "1,234"), [("amount", "ambiguous_number")]),
    ("invoice", invoice("INV-9", "C1", "1.0005"), [("amount", "too_many_decimals")]),
    ("invoice", invoice("INV-9", "C1", "1", "due_date=03/04/2024"), [("due_date", "ambiguous_date")]),
    ("invoice", invoice("INV-9", "C1", "-1"), [("amount", "negative_amount")]),
    ("invoice", invoice("INV-9", "C1", "1", "kind=credit_note"), [("kind", "not_a_choice")]),
    ("invoice", invoice("INV-9", "NOBODY", "1"), [("customer_id", "unknown_customer")]),
    ("invoice", invoice("INV-9", "C3", "1"), [("due_date", "no_due_date")]),
    ("invoice", invoice("INV-9", "C1", "1", "payment_terms=NET3"), [("payment_terms", "unknown_payment_terms")]),
    ("receipt", ("receipt_id=R", "customer=NOBODY", "date=2024-05-01", "amount=1"), [("customer_id", "unknown_customer")]),
    ("receipt", ("receipt_id=R", "customer=C1", "date=2024-05-01", "amount=-1"), [("amount", "amount_not_positive")]),
    ("receipt", ("receipt_id=R", "customer=C1", "date=2024-05-01", "amount=1", "kind=refund"), [("kind", "not_a_choice")]),
]


@pytest.mark.parametrize(("what", "fields", "issues"), WRONG)
def test_what_is_wrong_is_named_by_column_and_value_and_nothing_is_written(
    what: str, fields: tuple[str, ...], issues: list[tuple[str, str]]
) -> None:
    book = ledger()
    before = snapshot(book)
    with pytest.raises(RowIsWrong) as refusal:
        posted(book, what, *fields, yes=True)
    assert [(each.column, each.code) for each in refusal.value.issues] == issues
    value = dict(field.split("=") for field in fields).get(issues[0][0], "")
    assert value in str(refusal.value)
    assert snapshot(book) == before


def test_a_row_is_wrong_for_what_an_import_would_refuse_it_for() -> None:
    cells = {
        "invoice_id": "INV-9",
        "customer_id": "C1",
        "invoice_date": "3/4/24",
        "amount": "1,5,0",
        "is_disputed": "perhaps",
    }
    source = Source("file.csv", "utf-8", tuple(cells), tuple((cell,) for cell in cells.values()), [2])
    imported = import_source(ledger(), source, TABLES["Invoices"], ran_at=RAN_AT)
    with pytest.raises(RowIsWrong) as refusal:
        posted(ledger(), "invoice", *(f"{key}={cell}" for key, cell in cells.items()))
    told = [(each.column, each.code, each.value) for each in imported.issues]
    assert told == [(each.column, each.code, each.value) for each in refusal.value.issues]
    assert len(told) == 3


def test_date_order_and_decimal_are_options_as_they_are_of_an_import() -> None:
    book = ledger()
    fields = ("invoice_id=INV-9", "customer_id=C1", "invoice_date=03/04/2024", "amount=1.234,50")
    with pytest.raises(CreditDoubt, match=r"USD 834\.50 is missing"):
        posted(book, "invoice", *fields, date_order="dmy", decimal="comma")
    posted(book, "invoice", *fields, date_order="dmy", decimal="comma", yes=True)
    assert rows_of(book, "Invoices", "invoice_date", "amount")[-1] == (dt.date(2024, 4, 3), 1234.5)


def test_an_id_that_is_there_is_refused_with_its_cell() -> None:
    book = ledger()
    with pytest.raises(AlreadyThere, match=r"INV-2 is in Invoices already \(Invoices!A3\)"):
        posted(book, "invoice", *invoice("INV-2", "C1", "1"))


def test_a_wrong_name_is_answered_with_the_right_one() -> None:
    with pytest.raises(
        UnknownField, match=r"ammount is not a column of Invoices\. Did you mean Amount \(amount\)\?"
    ) as near:
        posted(ledger(), "invoice", "ammount=1")
    assert near.value.nearest == "amount"
    with pytest.raises(UnknownField, match=r"Its columns are: receipt_id, customer_id"):
        posted(ledger(), "receipt", "quux=1")
    with pytest.raises(FieldTwice, match="Date and invoice_date are both"):
        posted(ledger(), "invoice", "Date=2024-05-01", "invoice_date=2024-05-02")
    with pytest.raises(NotAField, match="amount is not of the form FIELD=VALUE"):
        posted(ledger(), "invoice", "amount")
    with pytest.raises(NothingGiven, match="invoice_id, customer_id, invoice_date, amount at least"):
        posted(ledger(), "invoice", "notes= ")


def test_a_day_before_the_ledger_began_is_refused() -> None:
    book = ledger(Settings={"key": ["ledger_starts_on"], "value": ["2025-01-01"]})
    with pytest.raises(TooEarly):
        posted(book, "invoice", *invoice("INV-9", "C1", "1"))


def test_columns_that_a_workbook_lacks_are_not_filled_in() -> None:
    book = ledger()
    raw = book.read_table("Invoices")
    assert raw is not None
    keys = ("Invoice ID", "Customer ID", "Invoice date", "Amount", "Branch")
    columns = tuple(raw.columns[raw.headers.index(key)] if key in raw.headers else ["x", "y"] for key in keys)
    book._put(type(raw)("Invoices", raw.sheet, keys, columns, raw.first_row, raw.first_column))
    posted(book, "invoice", *invoice("INV-9", "C1", "1"), by="LI")
    after = book.read_table("Invoices")
    assert after is not None
    assert [column[-1] for column in after.columns] == ["INV-9", "C1", DAY, 1, ""]


# The Entry sheet


def entry(book: MemoryBook, **entries: Any) -> MemoryBook:
    """Fill in the form by the English names of its rows, with underscores; add it first where it is not there."""
    add_sheet(book, table="Entry", ran_at=RAN_AT)
    rows = {label.replace(" ", "_"): at for at, label in enumerate(row.label.en for row in FORM)}
    for name, cell in entries.items():
        book.update_rows(TABLES["Entry"], [rows[name]], {"entry": [cell]})
    return book


def test_the_entry_sheet_is_posted_and_emptied_but_for_what_to_post() -> None:
    book = entry(
        ledger(), What_to_post="Invoice", Customer_ID="C1", Document_number="INV-9", Date=DAY, Amount="400", Notes="by phone"
    )  # fmt: skip
    outcome = posted(book, "entry", by="LI")
    assert outcome.lines == (
        "Posted: Invoice INV-9, customer C1, USD 400.00, due 2024-05-31",
        "Headroom left of customer C1: USD 0.00",
        "The Entry sheet is empty again",
    )
    assert rows_of(book, "Invoices", "invoice_id", "amount", "notes", "entered_by")[-1] == ("INV-9", 400, "by phone", "LI")
    assert [row for row in rows_of(book, "Entry", "field", "entry") if row[1]] == [("What to post", "Invoice")]
    assert rows_of(book, "RunLog", "arguments") == [("invoice INV-9 (Entry) --as-of 2024-05-02 --by LI",)]


def test_a_doubt_leaves_the_entry_sheet_as_it_is_until_somebody_says_yes() -> None:
    book = entry(
        ledger(), What_to_post="Invoice", Customer_ID="C1", Document_number="INV-9", Date=DAY, Amount=500
    )  # fmt: skip
    before = snapshot(book)
    with pytest.raises(CreditDoubt, match=r"USD 100\.00 is missing"):
        post_entry(book, ran_at=RAN_AT, wanted="invoice")
    assert snapshot(book) == before
    post_entry(book, ran_at=RAN_AT, wanted="invoice", declared=Declared(by="LI"), yes=True)
    assert rows_of(book, "Invoices", "invoice_id", "entered_by")[-1] == ("INV-9", "LI")


def test_a_button_may_say_what_to_post_but_not_another_thing_than_the_sheet() -> None:
    filled = {
        "Customer_ID": "C1",
        "Document_number": "R-1",
        "Date": "2024-05-01",
        "Amount": 5,
        "Method": "Cheque",
        "Held": "Yes",
    }
    book = entry(ledger(), **filled)
    with pytest.raises(
        EntrySaysNotWhat, match=r"\(Entry!B2\): pick one of Invoice, Credit note, .*Customer beside What to post"
    ):
        posted(book, "entry")
    post_entry(book, ran_at=RAN_AT, wanted="receipt")
    assert rows_of(book, "Receipts", "receipt_id", "method", "is_held") == [("R-1", "Cheque", "Yes")]
    entry(book, What_to_post="Receipt")
    with pytest.raises(EntryOfAnotherKind, match=r"holds: Receipt\. To post: Invoice, change its first row"):
        post_entry(book, ran_at=RAN_AT, wanted="invoice")
    entry(book, What_to_post="Cheese")
    with pytest.raises(EntrySaysNotWhat):
        post_entry(book, ran_at=RAN_AT)


def test_what_the_document_has_no_column_for_is_refused_not_dropped() -> None:
    book = entry(ledger(), What_to_post="Receipt", Customer_ID="C1", Due_date="2024-06-01")
    with pytest.raises(UnknownField, match="Due date is not a column of Receipts"):
        posted(book, "entry")


def test_further_columns_may_stand_in_rows_below_the_form() -> None:
    book = entry(ledger(), What_to_post="Invoice", Customer_ID="C1", Document_number="INV-9", Date=DAY, Amount=5)
    book.append_rows(TABLES["Entry"], {"field": ["Purchase order", "Dispute reason"], "entry": ["PO 7", ""]})
    posted(book, "entry")
    assert rows_of(book, "Invoices", "invoice_id", "purchase_order")[-1] == ("INV-9", "PO 7")


def test_the_entry_sheet_must_be_there_and_takes_no_fields() -> None:
    with pytest.raises(MissingTable, match=r"duebook sheet memory\.xlsx Entry"):
        posted(ledger(), "entry")
    with pytest.raises(EntryTakesNoFields, match="leave amount=1 out"):
        posted(ledger(), "entry", "amount=1")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_row_of_the_form_is_a_column_of_something_that_is_posted(language: str) -> None:
    offered: dict[str, set[str]] = {name: set() for name in POSTINGS}
    for row in FORM[1:]:
        for posting in POSTINGS.values():
            name = (
                posting.form.get(row.code, row.label.in_language(language)) if row.code else row.label.in_language(language)
            )
            try:
                offered[posting.name].update(fields_by_column([Field(name, "x")], posting.table, language=language))
            except UnknownField:
                continue
        assert any(offered.values()), row.label
    assert FORM[0].label == WHAT
    for name, posting in POSTINGS.items():
        assert {*posting.table.required, posting.id_key, *filter(None, [posting.date_key])} <= offered[name], name


def test_both_languages_name_the_same_values() -> None:
    for code, words in POSTING_WORDS.items():
        named = [sorted(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in (words.en, words.zh)]
        assert named[0] == named[1], code
