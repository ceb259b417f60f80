"""Where the columns of a file go: by their headers, or as a map says; and what is refused before a row is written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.workbook.memory_book import MemoryBook, rows_of
from workbook.importing import ImportMap, TableMap, import_source, parse_map, read_map
from workbook.importing.destination import destination_by_headers, table_named
from workbook.importing.refusals import (
    HeadersMeetInOneColumn,
    HeaderTwice,
    MapFault,
    NothingMatches,
    NotImportable,
    RequiredColumnsMissing,
    UnknownHeader,
    UnreadableConstant,
    UnreadableMap,
)
from workbook.importing.source import Source
from workbook.reading.cell_parsing import folded
from workbook.refusals import MissingColumn
from workbook.schema import TABLES
from workbook.table import Owner

RAN_AT = dt.datetime(2024, 11, 1, 9, 0)


def source_of(headers: str, *rows: str) -> Source:
    cells = [tuple(row.split(",")) for row in rows]
    names = tuple(headers.split(","))
    columns = tuple(zip(*cells, strict=True)) if cells else ((),) * len(names)
    return Source("late.csv", "utf-8, comma", names, columns, range(2, 2 + len(cells)))


@pytest.mark.parametrize(
    "headers",
    [
        "customer_id,name,credit_limit",
        "Customer ID,NAME,Credit  limit",
        "客户编号,客户名称,信用额度",
        "ＣＵＳＴＯＭＥＲ　ＩＤ,name,credit-limit",
        "Customer Number,Company Name,授信额度",
    ],
)
def test_headers_are_matched_by_key_label_and_synonym_whatever_their_spelling(headers: str) -> None:
    destination = destination_by_headers(source_of(headers, "C1,A,5"), TABLES["Customers"])
    assert destination.places == {"customer_id": 0, "name": 1, "credit_limit": 2}


def test_two_headers_for_one_column_are_refused_by_name() -> None:
    with pytest.raises(HeadersMeetInOneColumn, match=r"'Invoice Number' \(column A\) and 'Document Number' \(column C\)"):
        destination_by_headers(source_of("Invoice Number,Customer,Document Number"), TABLES["Invoices"])


def test_headers_that_are_no_column_are_said() -> None:
    source = source_of("customer_id,name,Shoe size,", "C1,A,44,x", "C2,B,45,")
    result = import_source(MemoryBook(), source, TABLES["Customers"], ran_at=RAN_AT)
    assert result.unmatched == ("Shoe size", "'' (column D)")
    assert any("Shoe size" in line for line in result.lines("en"))


def test_a_file_for_another_table_is_refused() -> None:
    with pytest.raises(NothingMatches, match="colour, weight"):
        destination_by_headers(source_of("colour,weight"), TABLES["Customers"])


def test_rows_must_be_known_by_something() -> None:
    with pytest.raises(RequiredColumnsMissing, match="invoice_id"):
        destination_by_headers(source_of("customer_id,amount"), TABLES["Invoices"])
    by_parts = destination_by_headers(source_of("receipt_id,invoice_id,amount"), TABLES["Allocations"])
    assert set(by_parts.places) == {"receipt_id", "invoice_id", "amount"}


def test_a_required_column_may_be_missing_only_where_rows_exist() -> None:
    limits = source_of("customer_id,credit_limit", "C1,500")
    with pytest.raises(RequiredColumnsMissing, match="name"):
        import_source(MemoryBook(), limits, TABLES["Customers"], ran_at=RAN_AT)
    book = MemoryBook(tables={"Customers": {"customer_id": ["C1"], "name": ["A"]}})
    assert import_source(book, limits, TABLES["Customers"], ran_at=RAN_AT)["Customers"].changed == 1


def test_a_table_is_named_as_staff_know_it() -> None:
    assert {table_named(name, TABLES).name for name in ("Invoices", "invoices", "应收发票")} == {"Invoices"}
    with pytest.raises(NotImportable, match="Customers"):
        table_named("Aging", TABLES)


def test_a_synonym_never_means_two_columns_of_one_table() -> None:
    for table in TABLES.values():
        if table.owner is Owner.USER:
            words = [
                word
                for column in table.columns
                for word in {folded(name) for name in (column.key, column.label.en, column.label.zh, *column.synonyms)}
            ]
            assert sorted({word for word in words if words.count(word) > 1}) == [], table.name


MAP = """
date_order = "dmy"
decimal = "comma"

[[table]]
name = "Receipts"
columns = { receipt_id = "No", receipt_date = "Paid", amount = "Sum", customer_id = "Cust" }
constants = { currency = "USD", is_held = false }
skip_when_blank = "Paid"
"""


def test_a_map_is_read() -> None:
    read = parse_map(MAP, TABLES, name="late.toml")
    assert (read.date_order, read.decimal) == ("dmy", "comma")
    assert read.tables == (
        TableMap(
            "Receipts",
            {"receipt_id": "No", "receipt_date": "Paid", "amount": "Sum", "customer_id": "Cust"},
            {"currency": "USD", "is_held": False},
            skip_when_blank="Paid",
        ),
    )


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("date_order", "date_ordr", "a map has no entry date_ordr"),
        ('"dmy"', '"ydm"', "date_order is 'ydm'. It is one of: dmy, mdy, ymd"),
        ("skip_when_blank", "skip_if_blank", "table Receipts has no entry skip_if_blank"),
        ('name = "Receipts"', 'name = "Recipts"', "'Recipts' is no table to import into"),
        ('name = "Receipts"', 'name = "Aging"', "'Aging' is no table to import into"),
        ("receipt_date =", "reciept_date =", "table Receipts has no column reciept_date"),
        ('currency = "USD"', 'currncy = "USD"', "table Receipts has no column currncy"),
        ('currency = "USD"', 'amount = "5"', "amount is both a column and a constant"),
        ("[[table]]", "[other]", "has no entry other"),
        ('columns = { receipt_id = "No"', "columns = { receipt_id = 5", "needs columns ="),
    ],
)
def test_what_a_map_misspells_is_named(wrong: str, right: str, said: str) -> None:
    assert wrong in MAP
    with pytest.raises(MapFault) as refused:
        parse_map(MAP.replace(wrong, right, 1), TABLES, name="late.toml")
    assert str(refused.value).startswith("late.toml: ")
    assert said in str(refused.value)


def test_a_map_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMap, match="late"):
        parse_map("name = [", TABLES, name="late.toml")
    with pytest.raises(UnreadableMap, match=r"none\.toml"):
        read_map(tmp_path / "none.toml", TABLES)


def by_map(**entry: object) -> ImportMap:
    return ImportMap((TableMap("Customers", {"customer_id": "id", "name": "who"}, **entry),))  # type: ignore[arg-type]


def test_a_map_names_headers_that_are_there_once() -> None:
    book = MemoryBook()
    with pytest.raises(UnknownHeader, match=r"no column 'who'.*id, whom"):
        import_source(book, source_of("id,whom", "C1,A"), by_map(), ran_at=RAN_AT)
    with pytest.raises(HeaderTwice, match=r"'Who' \(column B\) and 'WHO' \(column C\)"):
        import_source(book, source_of("id,Who,WHO", "C1,A,B"), by_map(), ran_at=RAN_AT)
    exact = import_source(book, source_of("id,who,WHO", "C1,A,B"), by_map(), ran_at=RAN_AT)
    assert (exact["Customers"].added, exact.unmatched) == (1, ("WHO",))


def test_a_constant_that_no_cell_could_hold_is_refused() -> None:
    into = by_map(constants={"verified_on": "3/4/2024"})
    with pytest.raises(UnreadableConstant, match="verified_on = '3/4/2024'"):
        import_source(MemoryBook(), source_of("id,who", "C1,A"), into, ran_at=RAN_AT)


def test_nothing_is_written_when_a_later_table_of_the_map_is_refused() -> None:
    book = MemoryBook()
    both = ImportMap(
        (
            TableMap("Customers", {"customer_id": "id", "name": "id"}),
            TableMap("Orders", {"order_id": "id", "customer_id": "id"}),
        )
    )
    with pytest.raises(RequiredColumnsMissing, match="no column for order_date, amount"):
        import_source(book, source_of("id", "C1"), both, ran_at=RAN_AT)
    assert rows_of(book, "Customers", "customer_id") == []
    assert book.is_saved


def test_a_column_that_the_workbook_lost_is_refused() -> None:
    book = MemoryBook()
    raw = book.read_table("Customers")
    assert raw is not None
    at = TABLES["Customers"].keys.index("email")
    book._put(type(raw)(
        name=raw.name, sheet=raw.sheet, first_row=2, first_column=1,
        headers=raw.headers[:at] + raw.headers[at + 1 :], columns=raw.columns[:at] + raw.columns[at + 1 :],
    ))  # fmt: skip
    with pytest.raises(MissingColumn, match="email"):
        import_source(book, source_of("customer_id,name,email", "C1,A,a@b.c"), TABLES["Customers"], ran_at=RAN_AT)
