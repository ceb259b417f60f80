"""Lines into rows, on a book in memory and on a file that is saved and opened again: added, changed, unchanged, refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.workbook.memory_book import MemoryBook, rows_of
from workbook.file_book import FileBook
from workbook.importing import ImportResult, import_file, import_source, parse_map, read_map, read_source
from workbook.importing.refusals import NoDestination
from workbook.port import Book, Cell, Columns
from workbook.schema import TABLES
from workbook.template.new_workbook import new_workbook

RAN_AT = dt.datetime(2024, 11, 1, 9, 0)
LEDGER = Path(__file__).parents[2].parent / "shared" / "data"


@dataclass
class Desk:
    """A workbook and a folder of files to import into it."""

    book: Book
    folder: Path

    def import_text(self, text: str, into: str, **options: str) -> ImportResult:
        """Import a CSV text: into a table by its headers, or as a map in TOML says. Then save, and open again."""
        path = self.folder / "late.csv"
        path.write_text(text, encoding="utf-8")
        target = TABLES[into] if into in TABLES else parse_map(into, TABLES, name="late.toml")
        result = import_source(self.book, read_source(path), target, ran_at=RAN_AT, **options)  # type: ignore[arg-type]
        self.reopen()
        return result

    def reopen(self) -> None:
        """From here on, what the file says."""
        if isinstance(self.book, FileBook):
            self.book.save()
            self.book = FileBook(self.book.path)

    def rows(self, table: str, *keys: str) -> list[tuple[Cell, ...]]:
        """The cells of some columns."""
        return rows_of(self.book, table, *keys)


NewDesk = Callable[..., Desk]


@pytest.fixture(params=["memory", "file"])
def new_desk(request: pytest.FixtureRequest, tmp_path: Path) -> NewDesk:
    def make(*, language: str = "en", currency: str = "USD", tables: dict[str, Columns] | None = None) -> Desk:
        if request.param == "memory":
            return Desk(MemoryBook(language=language, currency=currency, tables=tables), tmp_path)
        path = tmp_path / "book.xlsx"
        new_workbook(path, language=language, currency=currency, rows=tables, stamp=RAN_AT)
        return Desk(FileBook(path), tmp_path)

    return make


def counts(result: ImportResult, table: str) -> tuple[int, int, int, int]:
    each = result[table]
    return each.added, each.changed, each.unchanged, each.refused


def found(result: ImportResult) -> list[tuple[str, str, str]]:
    return [(issue.cell, issue.column, issue.code) for issue in result.issues]


INVOICES = """Invoice No;Customer;Kind;Invoice date;Due date;Amount;Disputed;Notes
00123;C1;invoice;31.01.2024;2024-03-01;1.234,50;yes;=1+1
124;C1;Credit note;01.02.2024;;-10;no;
"""


def test_values_are_stored_as_typed_cells(new_desk: NewDesk) -> None:
    desk = new_desk()
    result = desk.import_text(INVOICES, "Invoices", date_order="dmy", decimal="comma")
    assert counts(result, "Invoices") == (2, 0, 0, 0)
    keys = ("invoice_id", "customer_id", "kind", "invoice_date", "due_date", "amount", "is_disputed", "notes")
    assert desk.rows("Invoices", *keys) == [
        ("00123", "C1", "Invoice", dt.date(2024, 1, 31), dt.date(2024, 3, 1), 1234.5, "Yes", "=1+1"),
        ("124", "C1", "Credit note", dt.date(2024, 2, 1), None, -10.0, "No", None),
    ]
    if isinstance(desk.book, FileBook):
        cells = [cell for row in load_workbook(desk.book.path)["Invoices"].iter_rows() for cell in row]
        assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]


def test_words_are_those_of_the_workbook(new_desk: NewDesk) -> None:
    desk = new_desk(language="zh-CN")
    desk.import_text(INVOICES, "Invoices", date_order="dmy", decimal="comma")
    assert desk.rows("Invoices", "kind", "is_disputed") == [("发票", "是"), ("贷项通知", "否")]


def test_the_same_file_twice_changes_nothing(new_desk: NewDesk) -> None:
    desk = new_desk()
    for expected in ((2, 0, 0, 0), (0, 0, 2, 0)):
        assert counts(desk.import_text(INVOICES, "Invoices", date_order="dmy", decimal="comma"), "Invoices") == expected
    assert len(desk.rows("Invoices", "invoice_id")) == 2


def test_a_line_changes_what_differs_and_a_blank_clears_nothing(new_desk: NewDesk) -> None:
    limits: dict[str, Columns] = {
        "Customers": {
            "customer_id": ["C1", 2, "C3"],
            "name": ["A", "B", "C"],
            "credit_limit": [100, 1.10, None],
            "email": ["a@x", "b@x", None],
        }
    }
    desk = new_desk(tables=limits)
    text = "customer_id,name,credit_limit,email\nC1,,200.00,\n2,B,1.1,\nC3,C,5,c@x\nC4,D,7,\n"
    result = desk.import_text(text, "Customers")
    assert counts(result, "Customers") == (1, 2, 1, 0)
    assert desk.rows("Customers", "customer_id", "name", "credit_limit", "email") == [
        ("C1", "A", 200.0, "a@x"),
        (2, "B", 1.1, "b@x"),
        ("C3", "C", 5.0, "c@x"),
        ("C4", "D", 7.0, None),
    ]


def test_a_changed_customer_leaves_its_history(new_desk: NewDesk) -> None:
    before = {"customer_id": ["C1"], "name": ["A"], "limit_expires_on": [dt.date(2024, 12, 31)]}
    desk = new_desk(tables={"Customers": before})
    text = "customer_id,name,limit_expires_on,is_on_hold,credit_limit,currency\nC1,A,2025-12-31,yes,1.2340,KWD\nC2,B,,,,\n"
    desk.import_text(text, "Customers")
    history = desk.rows("CustomerHistory", "customer_id", "changed_on", "field", "old_value", "new_value", "reason")
    day = RAN_AT.date()
    assert sorted(history, key=lambda row: str(row[2])) == [
        ("C1", day, "credit_limit", None, "1.2340", "import late.csv"),
        ("C1", day, "currency", None, "KWD", "import late.csv"),
        ("C1", day, "is_on_hold", None, "yes", "import late.csv"),
        ("C1", day, "limit_expires_on", "2024-12-31", "2025-12-31", "import late.csv"),
    ]


def test_a_stored_date_text_or_number_is_compared_by_what_it_means(new_desk: NewDesk) -> None:
    stored: dict[str, Columns] = {
        "Invoices": {
            "invoice_id": [123],
            "customer_id": ["C1"],
            "invoice_date": ["2024/1/5"],
            "amount": ["1,234.50"],
            "is_disputed": [True],
            "kind": ["发票"],
            "due_date": [dt.datetime(2024, 2, 5, 13, 30)],
        }
    }
    desk = new_desk(tables=stored)
    headers = "invoice_id,customer_id,invoice_date,amount,is_disputed,kind,due_date\n"
    text = f"{headers}123,C1,2024-01-05,1234.5,y,INVOICE,20240205\n"
    assert counts(desk.import_text(text, "Invoices"), "Invoices") == (0, 0, 1, 0)
    longer = text.replace("\n123,", "\n00123,")
    assert counts(desk.import_text(longer, "Invoices"), "Invoices") == (1, 0, 0, 0)


def test_a_line_that_cannot_be_read_is_refused_whole_and_alone(new_desk: NewDesk) -> None:
    desk = new_desk(tables={"Customers": {"customer_id": ["C1", "C2"], "name": ["A", "B"], "phone": ["1", "2"]}})
    text = "customer_id,name,phone,credit_limit,is_on_hold\nC1,A,111,12.3456,no\nC2,B,222,5,no\n"
    text += ",E,5,5,no\nC9,,9,9,no\nC8,H,8,8,hm\n"
    result = desk.import_text(text, "Customers")
    assert counts(result, "Customers") == (0, 1, 0, 4)
    assert found(result) == [
        ("late.csv line 2", "credit_limit", "too_many_decimals"),
        ("late.csv line 4", "customer_id", "blank_required"),
        ("late.csv line 5", "name", "blank_required"),
        ("late.csv line 6", "is_on_hold", "not_yes_no"),
    ]
    assert desk.rows("Customers", "customer_id", "phone") == [("C1", "1"), ("C2", "222")]


def test_day_and_month_comma_and_point_are_never_guessed(new_desk: NewDesk) -> None:
    desk = new_desk()
    text = "invoice_id;customer_id;invoice_date;amount\nI1;C1;03/04/2024;5\nI2;C1;2024-04-03;1,234\nI3;C1;2024-04-03;1,23\n"
    result = desk.import_text(text, "Invoices")
    assert counts(result, "Invoices") == (1, 0, 0, 2)
    assert found(result) == [
        ("late.csv line 2", "invoice_date", "ambiguous_date"),
        ("late.csv line 3", "amount", "ambiguous_number"),
    ]
    told = "\n".join(result.lines("en"))
    assert "late.csv line 2, Invoice date: " in told
    assert "--date-order" in told
    assert "--decimal" in told
    for order, day in (("dmy", dt.date(2024, 4, 3)), ("mdy", dt.date(2024, 3, 4))):
        desk.import_text(text, "Invoices", date_order=order, decimal="comma")
        assert ("I1", day, 5.0) in desk.rows("Invoices", "invoice_id", "invoice_date", "amount")
    assert ("I2", 1.234) not in desk.rows("Invoices", "invoice_id", "amount")
    desk.import_text(text, "Invoices", date_order="dmy", decimal="point")
    assert ("I2", 1234.0) in desk.rows("Invoices", "invoice_id", "amount")


def test_issues_alike_are_told_once_with_their_lines(new_desk: NewDesk) -> None:
    desk = new_desk()
    text = "customer_id,name,is_on_hold\n" + "".join(f"C{at},A,hm\n" for at in range(12)) + "C0,,no\n"
    result = desk.import_text(text, "Customers")
    told = [line for line in result.lines("en") if line.startswith("late.csv line")]
    assert [line.partition(":")[0] for line in told] == [
        "late.csv line 2, 14, Customer ID",
        "late.csv line 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … (12 in all), On hold",
    ]
    listed = result.summary()["issue_list"]
    assert isinstance(listed, list)
    assert len(listed) == len(result.issues)


def test_options_overrule_the_map(new_desk: NewDesk) -> None:
    toml = """
date_order = "dmy"
[[table]]
name = "Orders"
columns = { order_id = "a", customer_id = "b", order_date = "c", amount = "d" }
"""
    desk = new_desk()
    desk.import_text("a,b,c,d\nO1,C1,03/04/2024,5\n", toml)
    assert desk.rows("Orders", "order_date") == [(dt.date(2024, 4, 3),)]
    desk.import_text("a,b,c,d\nO1,C1,03/04/2024,5\n", toml, date_order="mdy")
    assert desk.rows("Orders", "order_date") == [(dt.date(2024, 3, 4),)]


def test_decimals_are_those_of_the_rows_currency_else_the_customers_else_the_base(new_desk: NewDesk) -> None:
    desk = new_desk(tables={"Customers": {"customer_id": ["J", "K"], "name": ["A", "B"], "currency": ["JPY", "KWD"]}})
    lines = ["J,,100", "J,,100.5", "K,,1.2345", "K,,1.2340", "X,,1.5", "X,JPY,1.5", "X,XXQ,1.5555"]
    text = "invoice_id,customer_id,currency,amount,invoice_date\n"
    text += "".join(f"I{at},{line},2024-01-05\n" for at, line in enumerate(lines))
    result = desk.import_text(text, "Invoices")
    assert found(result) == [
        ("late.csv line 3", "amount", "too_many_decimals"),
        ("late.csv line 4", "amount", "too_many_decimals"),
        ("late.csv line 7", "amount", "too_many_decimals"),
        ("late.csv line 8", "currency", "unknown_currency"),
    ]
    # The stored row says the currency that the line leaves out; an allocation is in that of its receipt.
    desk.import_text("invoice_id,currency,customer_id,amount,invoice_date\nI9,KWD,X,1,2024-01-05\n", "Invoices")
    later = desk.import_text("invoice_id,customer_id,amount,invoice_date\nI9,X,1.2340,2024-01-05\n", "Invoices")
    assert counts(later, "Invoices") == (0, 1, 0, 0)
    desk.import_text("receipt_id,customer_id,receipt_date,amount,currency\nR1,X,2024-02-01,1,KWD\n", "Receipts")
    part = desk.import_text("receipt_id,invoice_id,amount\nR1,I9,0.5670\nR2,I9,0.5670\n", "Allocations")
    assert counts(part, "Allocations") == (2, 0, 0, 0)
    yen = desk.import_text("receipt_id,invoice_id,amount\nR1,I0,0.5670\nR3,I0,0.5\n", "Allocations")
    assert found(yen) == [("late.csv line 3", "amount", "too_many_decimals")]


def test_a_row_without_id_is_known_by_its_other_columns(new_desk: NewDesk) -> None:
    desk = new_desk()
    text = "receipt_id,invoice_id,amount,allocated_on\nR1,I1,5,2024-01-05\nR1,I1,6,2024-01-06\nR1,I2,7,\n"
    assert counts(desk.import_text(text, "Allocations"), "Allocations") == (3, 0, 0, 0)
    assert counts(desk.import_text(text, "Allocations"), "Allocations") == (0, 0, 3, 0)
    # The next run fills the ids in; the same line is still that row, and so is one that gives the id.
    desk.book.update_rows(TABLES["Allocations"], [0], {"allocation_id": ["R1/I1/2024-01-05"]})
    desk.reopen()
    assert counts(desk.import_text(text.replace(",5,", ",4,"), "Allocations"), "Allocations") == (0, 1, 2, 0)
    with_id = "allocation_id,receipt_id,invoice_id,amount,allocated_on\nR1/I1/2024-01-06,R1,I1,8,2024-01-06\n"
    assert counts(desk.import_text(with_id, "Allocations"), "Allocations") == (0, 1, 0, 0)
    stored = [("R1/I1/2024-01-05", 4.0), ("R1/I1/2024-01-06", 8.0), (None, 7.0)]
    assert desk.rows("Allocations", "allocation_id", "amount") == stored


def test_one_row_named_with_and_without_its_id_is_not_changed_twice(new_desk: NewDesk) -> None:
    stored = {"allocation_id": ["A1"], "receipt_id": ["R1"], "invoice_id": ["I1"], "amount": [5]}
    desk = new_desk(tables={"Allocations": stored})
    text = "allocation_id,receipt_id,invoice_id,amount\nA1,R1,I1,6\n,R1,I1,7\n"
    result = desk.import_text(text, "Allocations")
    assert {code for _, _, code in found(result)} == {"duplicate_differs"}
    assert desk.rows("Allocations", "amount") == [(5,)]


def test_a_stored_text_of_two_meanings_is_not_read_by_the_options_of_the_file(new_desk: NewDesk) -> None:
    stored = {"order_id": ["O1"], "customer_id": ["C1"], "order_date": ["03/04/2024"], "amount": [5]}
    desk = new_desk(tables={"Orders": stored})
    text = "order_id,customer_id,order_date,amount\nO1,C1,03/04/2024,5\n"
    assert counts(desk.import_text(text, "Orders", date_order="dmy"), "Orders") == (0, 1, 0, 0)
    assert desk.rows("Orders", "order_date") == [(dt.date(2024, 4, 3),)]


def test_rows_that_fit_one_line_alike_are_not_guessed_between(new_desk: NewDesk) -> None:
    twice: dict[str, Columns] = {"Customers": {"customer_id": ["C1", "C1"], "name": ["A", "B"]}}
    desk = new_desk(tables=twice)
    result = desk.import_text("customer_id,name\nC1,A\n", "Customers")
    assert found(result) == [("late.csv line 2", "customer_id", "several_rows_match")]
    assert counts(result, "Customers") == (0, 0, 0, 1)


def test_identical_lines_count_once_and_contradicting_ones_not_at_all(new_desk: NewDesk) -> None:
    desk = new_desk()
    result = desk.import_text("customer_id,name\nC1,A\nC2,B\nC1,A\nC2,Bee\nC3,C\n", "Customers")
    assert counts(result, "Customers") == (2, 0, 1, 2)
    assert found(result) == [
        ("late.csv line 3", "customer_id", "duplicate_differs"),
        ("late.csv line 4", "customer_id", "duplicate_identical"),
        ("late.csv line 5", "customer_id", "duplicate_differs"),
    ]
    assert desk.rows("Customers", "customer_id") == [("C1",), ("C3",)]


UNIQUE = """
[[table]]
name = "Customers"
columns = { customer_id = "cust", name = "who", phone = "tel" }
unique = true

[[table]]
name = "Orders"
columns = { order_id = "no", customer_id = "cust", order_date = "day", amount = "sum" }
constants = { currency = "EUR" }
skip_when_blank = "day"
"""


def test_many_lines_of_one_key_make_one_row_and_the_first_value_wins(new_desk: NewDesk) -> None:
    desk = new_desk()
    text = (
        "cust,who,tel,no,day,sum\n"
        "C1,A,,1,2024-01-05,5\n"
        "C1,A,77,2,,5\n"
        "C1,A,,3,2024-01-06,5\n"
        "C1,Bee,77,4,2024-01-07,5\n"
        "C2,,,5,2024-01-08,5\n"
        "C2,B,,6,2024-01-09,bad\n"
    )
    result = desk.import_text(text, UNIQUE)
    assert counts(result, "Customers") == (2, 0, 0, 1)
    assert counts(result, "Orders") == (4, 0, 0, 1)
    assert result["Orders"].skipped == 1
    assert found(result) == [("late.csv line 5", "name", "line_differs"), ("late.csv line 7", "amount", "not_a_number")]
    assert desk.rows("Customers", "customer_id", "name", "phone") == [("C1", "A", "77"), ("C2", "B", None)]
    assert desk.rows("Orders", "order_id", "currency") == [("1", "EUR"), ("3", "EUR"), ("4", "EUR"), ("5", "EUR")]
    assert counts(desk.import_text(text, UNIQUE), "Customers") == (0, 0, 2, 1)


def test_a_refused_line_gives_nothing_to_the_row_of_its_key(new_desk: NewDesk) -> None:
    toml = """
[[table]]
name = "Customers"
columns = { customer_id = "cust", name = "who", phone = "tel", verified_on = "day" }
unique = true
"""
    desk = new_desk()
    text = "cust,who,tel,day\nC1,Bee,11,soon\nC1,A,,\nC1,Bee,22,\nC1,A,,2024-01-05\n"
    result = desk.import_text(text, toml)
    assert found(result) == [("late.csv line 2", "verified_on", "not_a_date"), ("late.csv line 4", "name", "line_differs")]
    assert desk.rows("Customers", "name", "phone", "verified_on") == [("A", None, dt.date(2024, 1, 5))]


def test_a_line_whose_cells_may_have_slipped_is_refused(new_desk: NewDesk) -> None:
    desk = new_desk()
    result = desk.import_text("customer_id,name,phone\nC1,Smith, Inc,55\nC2,B\n", "Customers")
    assert found(result) == [("late.csv line 2", "customer_id", "cells_without_header")]
    assert desk.rows("Customers", "customer_id", "phone") == [("C2", None)]


def test_a_sheet_is_imported_with_its_types(new_desk: NewDesk, tmp_path: Path) -> None:
    from openpyxl import Workbook

    exported = Workbook()
    sheet = exported.worksheets[0]
    sheet.append(["Receipt No.", "Customer", "Payment Date", "Amount Received"])
    sheet.append([7001, "C1", dt.datetime(2024, 1, 5), 0.1 + 0.2])
    sheet.append(["R2", "C1", "05/01/2024", 5])
    sheet.append(["R3", "C1", dt.datetime(2024, 1, 5), "=1/0"])
    exported.save(tmp_path / "bank.xlsx")
    desk = new_desk()
    result = import_source(desk.book, read_source(tmp_path / "bank.xlsx"), TABLES["Receipts"], ran_at=RAN_AT)
    desk.reopen()
    assert found(result) == [
        ("bank.xlsx row 3", "receipt_date", "ambiguous_date"),
        ("bank.xlsx row 4", "amount", "not_calculated"),
    ]
    assert desk.rows("Receipts", "receipt_id", "receipt_date", "amount") == [("7001", dt.date(2024, 1, 5), 0.3)]


def test_a_table_that_the_workbook_has_not_got_yet_is_added(new_desk: NewDesk) -> None:
    desk = new_desk()
    assert desk.book.read_table("ExchangeRates") is None
    rates = "rate_date,currency,rate\n2024-01-05,EUR,1.0871\n2024-01-06,EUR,1.0900\n"
    assert counts(desk.import_text(rates, "ExchangeRates"), "ExchangeRates") == (2, 0, 0, 0)
    assert counts(desk.import_text(rates.replace("1.0900", "1.09"), "ExchangeRates"), "ExchangeRates") == (0, 0, 2, 0)
    assert desk.rows("ExchangeRates", "rate_date", "rate") == [(dt.date(2024, 1, 5), 1.0871), (dt.date(2024, 1, 6), 1.09)]


def test_the_task_logs_a_run_that_changed_something_and_only_that(new_desk: NewDesk, tmp_path: Path) -> None:
    desk = new_desk()
    (tmp_path / "late.csv").write_text("customer_id,name\nC1,A\n,B\n")
    first = import_file(desk.book, source=tmp_path / "late.csv", table="Customers", by="Li", ran_at=RAN_AT)
    assert (first.writes_book, first.has_errors) == (True, True)
    again = import_file(desk.book, source=tmp_path / "late.csv", table="Customers", ran_at=RAN_AT)
    assert (again.writes_book, again.has_errors) == (False, True)
    ((task, arguments, refused),) = desk.rows("RunLog", "task", "arguments", "rows_left_out")
    assert (task, arguments, refused) == ("import", "late.csv --table Customers --by Li", "Customers 1")
    assert not any("B" in line.split() for line in first.lines)  # names stay out of logs that many read


def test_the_task_is_told_where_rows_go(new_desk: NewDesk, tmp_path: Path) -> None:
    with pytest.raises(NoDestination):
        import_file(new_desk().book, source=tmp_path / "late.csv", ran_at=RAN_AT)


@pytest.mark.skipif(not LEDGER.is_dir(), reason="the published ledger of 2,466 invoices is not beside this project")
def test_a_real_ledger_is_imported_once(new_desk: NewDesk) -> None:
    desk = new_desk()
    source = read_source(LEDGER / "late_payment_histories.csv")
    into = read_map(LEDGER / "late_payment_histories.toml", TABLES)
    rows = {"Customers": 100, "Invoices": 2466, "Receipts": 2466, "Allocations": 2466}
    for is_second in (False, True):
        result = import_source(desk.book, source, into, ran_at=RAN_AT)
        desk.reopen()
        assert not result.issues
        for table, count in rows.items():
            assert counts(result, table) == ((0, 0, count, 0) if is_second else (count, 0, 0, 0))
    assert {table: len(desk.rows(table, *TABLES[table].required)) for table in rows} == rows
    amounts = [row[0] for row in desk.rows("Invoices", "amount")]
    assert sum(round(float(str(amount)) * 100) for amount in amounts) == 14770318
    assert result.unmatched == ("countrycode", "PaperlessDate", "PaperlessBill", "DaysToSettle", "DaysLate")
