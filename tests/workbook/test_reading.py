"""Tables → typed columns; a bad cell is an issue with its address and leaves its row out, a bad header stops (RULES §12)."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.dates import FIRST_DAY, LAST_DAY, date_of
from functions.frames import NO_MINOR
from functions.issues import SEVERITY
from functions.ledger import SHAPES
from functions.money import to_major_text
from workbook.port import Cell, Fault, RawTable
from workbook.reading.canonical_names import canonical_names
from workbook.reading.cell_parsing import is_blank
from workbook.reading.context import ReadingContext
from workbook.reading.rows import LeftOutRow, ReadTable, read_rows
from workbook.refusals import DuplicateColumn, MissingColumn
from workbook.schema import TABLES
from workbook.table import Column, CurrencyOf, Kind, Owner, Table, Words

CONTEXT = ReadingContext("CNY", customer_currency={"ACME": "JPY"})


def column(key: str, kind: Kind, zh: str = "", *, is_required: bool = False, choices: tuple[str, ...] = ()) -> Column:
    return Column(key, Words(key.replace("_", " ").capitalize(), zh), kind, is_required=is_required, choices=choices)


BILLS = Table(
    "Bills",
    Words("Bills", "账单"),
    Owner.USER,
    (
        column("bill_id", Kind.ID, "账单编号", is_required=True),
        column("customer_id", Kind.ID, "客户", is_required=True),
        column("kind", Kind.CHOICE, "类型", choices=("invoice", "credit_note")),
        column("bill_date", Kind.DATE, "日期", is_required=True),
        column("currency", Kind.ID, "币种"),
        column("amount", Kind.MONEY, "金额", is_required=True),
        column("late_rate", Kind.RATE, "利率"),
        column("days", Kind.INTEGER, "天数"),
        column("is_held", Kind.YES_NO, "暂扣"),
    ),
    key=("bill_id",),
)
DAY = dt.date(2024, 1, 5)
GOOD: dict[str, Cell] = {"bill_id": "B1", "customer_id": "C1", "bill_date": DAY, "amount": 10.0}


def raw_table(*rows: dict[str, Cell], sheet: str = "Bills", faults: dict[tuple[int, int], Fault] | None = None) -> RawTable:
    """The rows under the headers that any of them has, in a table whose headers stand in B4."""
    headers = tuple(dict.fromkeys(header for row in rows for header in row))
    columns = tuple([row.get(header, "") for row in rows] for header in headers)
    return RawTable("Bills", sheet, headers, columns, first_row=5, first_column=2, faults=faults or {})


def bills(*changes: dict[str, Cell]) -> RawTable:
    """Good bills B1, B2, …, each with its changes."""
    return raw_table(*({**GOOD, "bill_id": f"B{at}", **change} for at, change in enumerate(changes, 1)))


def read(raw: RawTable, table: Table = BILLS, context: ReadingContext = CONTEXT) -> ReadTable:
    return read_rows(raw, table, context)


def found(result: ReadTable) -> list[tuple[int, str, str]]:
    return [(issue.row, issue.column, issue.code) for issue in result.issues]


# Headers


def test_columns_are_found_by_key_or_label_in_any_order_and_staff_keep_their_own() -> None:
    row: dict[str, Cell] = {"Our remark": "x", "金额": 1.5, "BILL DATE": DAY, "ｃustomer_id": "C1", " bill-id ": "B1"}
    result = read(raw_table(row))
    assert result.columns["bill_id"] == ["B1"]
    assert result.columns["amount_minor"].tolist() == [150]  # type: ignore[union-attr]
    assert result.places == {"bill_id": 4, "customer_id": 3, "bill_date": 2, "amount": 1}
    assert "Our remark" not in result.frame()


def test_a_missing_required_column_stops_before_any_cell_is_read() -> None:
    with pytest.raises(MissingColumn, match="Bills has no column bill_date, amount"):
        read(raw_table({"bill_id": object(), "customer_id": object()}))  # type: ignore[dict-item]


def test_two_columns_of_one_name_stop_with_both_addresses() -> None:
    with pytest.raises(DuplicateColumn, match="'My sheet'!C4 and 'My sheet'!F4"):
        read(raw_table({**GOOD, "客户": "C1"}, sheet="My sheet"))


def test_a_synonym_serves_only_where_no_header_has_the_own_name() -> None:
    context = replace(CONTEXT, synonyms={"Debtor": "customer_id", "No.": "bill_id", "Due": "no_such_column"})
    row: dict[str, Cell] = {"Debtor": "other", "Due": "", **GOOD}
    assert read(raw_table(row), context=context).columns["customer_id"] == ["C1"]
    del row["customer_id"]
    assert read(raw_table(row), context=context).columns["customer_id"] == ["other"]
    assert "late_rate" not in read(bills({}), context=replace(CONTEXT, synonyms={"Amount": "late_rate"})).places
    with pytest.raises(DuplicateColumn):
        read(raw_table({**row, "customer_id": "C1", "bill id": "B1"}), context=context)


# Cells and rows


def test_a_bad_cell_leaves_its_row_out_and_says_where_it_stands() -> None:
    result = read(bills({}, {"amount": "ten"}, {"bill_date": "5/1/2024", "late_rate": "x"}))
    assert result.columns["row"].tolist() == [0]  # type: ignore[union-attr]
    assert found(result) == [
        (1, "amount", "not_a_number"),
        (2, "bill_date", "ambiguous_date"),
        (2, "late_rate", "not_a_rate"),
    ]
    assert [(issue.cell, issue.value) for issue in result.issues[:2]] == [("Bills!E6", "ten"), ("Bills!D7", "5/1/2024")]


def test_bare_serial_numbers_count_from_1904_where_the_workbook_does() -> None:
    raw = bills({"bill_date": 43834.0})
    of_1904 = read(replace(raw, is_1904=True)).columns["bill_day"]
    assert [date_of(int(day)) for day in of_1904] == [DAY]
    assert [date_of(int(day)) for day in read(raw).columns["bill_day"]] == [dt.date(2020, 1, 4)]


def test_left_out_rows_tell_what_they_add_up_to() -> None:
    changes: list[dict[str, Cell]] = [
        {"bill_date": "soon"}, {"amount": "ten", "customer_id": "ACME"}, {"currency": "Taler", "amount": 1.5},
    ]  # fmt: skip
    result = read(bills(*changes))
    assert result.left_out == [
        LeftOutRow(0, "C1", "CNY", 1000),
        LeftOutRow(1, "ACME", "JPY", NO_MINOR),
        LeftOutRow(2, "C1", "", NO_MINOR),
    ]


@pytest.mark.parametrize(
    ("sheet", "shown"),
    [("发票", "发票"), ("Q1", "'Q1'"), ("R1C1", "'R1C1'"), ("2024", "'2024'"), ("It's", "'It''s'"), ("A_2", "A_2")],
)
def test_addresses_quote_sheet_names_as_excel_does(sheet: str, shown: str) -> None:
    assert read(raw_table({**GOOD, "amount": ""}, sheet=sheet)).issues[0].cell == f"{shown}!E5"


def test_rows_without_anything_in_our_columns_are_not_there() -> None:
    blank: dict[str, Cell] = {**dict.fromkeys(GOOD, ""), "bill_id": " \xa0", "amount": None, "Our remark": "checked"}
    result = read(raw_table(blank, GOOD, blank, dict.fromkeys(GOOD)))
    assert result.columns["row"].tolist() == [1]  # type: ignore[union-attr]
    assert (result.issues, result.left_out) == ([], [])


def test_a_blank_required_cell_is_an_issue() -> None:
    result = read(bills({"amount": ""}, {"customer_id": "\u200b"}, {"bill_date": None}))
    assert found(result) == [(at, key, "blank_required") for at, key in enumerate(("amount", "customer_id", "bill_date"))]


def test_cells_that_excel_could_not_calculate_are_issues_and_not_blanks() -> None:
    blank = dict.fromkeys(GOOD, "")
    faults = {(0, 3): Fault("error_cell", "#REF!"), (1, 0): Fault("not_calculated"), (0, 9): Fault("error_cell", "#N/A")}
    result = read(raw_table({**GOOD, "amount": ""}, blank, faults=faults))  # type: ignore[arg-type]
    assert found(result)[0] == (0, "amount", "error_cell")
    assert result.issues[0].value == "#REF!"
    assert (1, "bill_id", "not_calculated") in found(result)
    assert len(result) == 0


def test_a_table_without_rows_has_columns_without_values() -> None:
    result = read(RawTable("Bills", "Bills", tuple(GOOD), ((),) * 4, 5, 2))
    assert (len(result), result.issues, result.left_out) == (0, [], [])
    assert result.frame().dtypes["amount_minor"] == np.int64
    assert result.frame().dtypes["bill_id"] == "str"


# Currencies


def test_a_row_is_in_its_own_currency_else_its_customers_else_the_base() -> None:
    result = read(bills({"currency": "usd"}, {"customer_id": "ACME", "amount": 500.0}, {}, {"currency": "RMB"}))
    assert result.columns["currency"] == ["USD", "JPY", "CNY", "CNY"]
    assert result.columns["amount_minor"].tolist() == [1000, 500, 1000, 1000]  # type: ignore[union-attr]
    assert found(read(bills({"customer_id": "ACME", "amount": 0.5}))) == [(0, "amount", "too_many_decimals")]


def test_an_unknown_currency_is_an_issue_and_its_amount_is_not_judged() -> None:
    assert found(read(bills({"currency": "XXX", "amount": 0.0001}))) == [(0, "currency", "unknown_currency")]


@pytest.mark.parametrize(
    ("of", "receipt_id", "decimals"),
    [
        (CurrencyOf.RECEIPT, "R1", 0), (CurrencyOf.RECEIPT, "I1", 3), (CurrencyOf.RECEIPT, "unknown", 3),
        (CurrencyOf.INVOICE, "R1", 3), (CurrencyOf.BASE, "R1", 2), (CurrencyOf.CUSTOMER, "R1", 2),
    ],
)  # fmt: skip
def test_amounts_without_a_currency_take_that_of_what_they_name(of: CurrencyOf, receipt_id: str, decimals: int) -> None:
    amount = replace(column("amount", Kind.MONEY), currency_of=of)
    columns = (column("receipt_id", Kind.ID), column("invoice_id", Kind.ID), amount)
    table = Table("T", Words("", ""), Owner.USER, columns, key=())
    context = ReadingContext("CNY", invoice_currency={"I1": "KWD"}, receipt_currency={"R1": "JPY"})
    result = read(raw_table({"receipt_id": receipt_id, "invoice_id": "I1", "amount": 7.0}), table, context)
    assert result.columns["amount_minor"].tolist() == [7 * 10**decimals]  # type: ignore[union-attr]


# Keys


def test_identical_rows_count_once_and_rows_that_differ_not_at_all() -> None:
    changes: list[dict[str, Cell]]
    changes = [{}, {"bill_id": "B1"}, {"amount": 5.0}, {"bill_id": "B3", "amount": 6.0}, {"bill_id": "01"}, {"bill_id": "1"}]
    result = read(bills(*changes))
    assert found(result) == [
        (1, "bill_id", "duplicate_identical"), (2, "bill_id", "duplicate_differs"), (3, "bill_id", "duplicate_differs"),
    ]  # fmt: skip
    assert result.columns["bill_id"] == ["B1", "01", "1"]
    assert [row.row for row in result.left_out] == [2, 3]


def test_a_row_that_cannot_be_read_differs_from_its_namesake() -> None:
    result = read(bills({}, {"bill_id": "B1", "amount": "ten"}))
    assert (0, "bill_id", "duplicate_differs") in found(result)
    assert len(result) == 0
    # Without what cannot be read the two would be the same.
    assert len(read(bills({}, {"bill_id": "B1", "late_rate": "x"}))) == 0


def test_rows_that_mean_the_same_are_identical_however_they_are_typed() -> None:
    same: dict[str, Cell] = {"bill_id": "B1 ", "currency": "cny", "amount": "10.00", "bill_date": "2024年1月5日"}
    assert found(read(bills({}, same))) == [(1, "bill_id", "duplicate_identical")]


def test_an_id_as_number_and_as_text_is_one_with_a_warning() -> None:
    result = read(bills({"bill_id": 1001.0}, {"bill_id": "1001"}, {"bill_id": 1002.0}))
    assert found(result) == [(0, "bill_id", "number_as_id"), (1, "bill_id", "duplicate_identical")]
    assert result.columns["bill_id"] == ["1001", "1002"]


def test_a_blank_id_is_filled_from_what_the_row_is_otherwise_known_by() -> None:
    table = TABLES["Allocations"]
    row: dict[str, Cell] = {"receipt_id": "R-17", "invoice_id": "INV-5", "amount": 5.0, "allocated_on": DAY}
    changes = [{}, {"allocated_on": ""}, {"allocation_id": "A1"}, {"invoice_id": "I6", "amount": "x"}, {}]
    result = read(raw_table(*({**row, **change} for change in changes)), table)
    assert result.filled_ids == {0: "R-17/INV-5/2024-01-05", 1: "R-17/INV-5"}
    assert result.columns["allocation_id"] == ["R-17/INV-5/2024-01-05", "R-17/INV-5", "A1"]
    assert found(result) == [(3, "amount", "not_a_number"), (4, "allocation_id", "duplicate_identical")]


def test_a_key_of_several_columns_is_compared_whole() -> None:
    typed = (("USD", 7.1), ("EUR", 7.8), ("USD", 7.2))
    rows: list[dict[str, Cell]] = [{"rate_date": DAY, "currency": code, "rate": rate} for code, rate in typed]
    result = read(raw_table(*rows), TABLES["ExchangeRates"])
    assert found(result) == [(at, "rate_date", "duplicate_differs") for at in (0, 2)]
    assert result.columns["currency"] == ["EUR"]


def test_what_goes_the_other_way_is_another_kind_of_row() -> None:
    row: dict[str, Cell] = {"receipt_id": "R1", "customer_id": "C1", "receipt_date": DAY}
    result = read(raw_table({**row, "amount": -5.0}, {**row, "receipt_id": "R2", "amount": 0.0}), TABLES["Receipts"])
    assert found(result) == [(0, "amount", "amount_not_positive"), (1, "amount", "amount_not_positive")]
    invoice: dict[str, Cell] = {"invoice_id": "I1", "customer_id": "C1", "invoice_date": DAY, "amount": 0.0}
    result = read(raw_table(invoice), TABLES["Invoices"])
    assert (found(result), len(result)) == ([(0, "amount", "zero_amount")], 1)


# Whole tables


@pytest.mark.parametrize("frame", sorted(set(SHAPES) - {"left_out_receipts"}))
def test_each_table_gives_the_columns_that_the_rules_take(frame: str) -> None:
    (table,) = (table for name, table in TABLES.items() if re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() == frame)
    names = {each for of_column in table.columns for each in canonical_names(of_column)} | {"row"}
    assert set(SHAPES[frame]) <= names


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=5),
            st.sampled_from(["", "invoice", "credit_note"]),
            st.integers(FIRST_DAY, LAST_DAY),
            st.sampled_from(["CNY", "JPY", "KWD"]),
            st.integers(1 - 2**51, 2**51 - 1),
            st.integers(0, 10**9 - 1),
            st.integers(-(10**6), 10**6),
            st.booleans(),
        ),
        unique_by=lambda row: row[0],
    ),
    st.booleans(),
)
def test_what_was_written_is_read_back(
    rows: Sequence[tuple[str, str, int, str, int, int, int, bool]], is_text: bool
) -> None:
    def number(text: str) -> Cell:
        return text if is_text else float(text)

    written: list[dict[str, Cell]] = [
        {
            "bill_id": bill_id, "customer_id": "C1", "kind": kind, "currency": currency, "is_held": is_held,
            "bill_date": date_of(day).isoformat() if is_text else date_of(day),
            "amount": number(to_major_text(minor, currency)),
            "late_rate": number(f"{Decimal(digits).scaleb(-6):f}"), "days": number(str(days)),
        }
        for bill_id, kind, day, currency, minor, digits, days, is_held in rows
    ]  # fmt: skip
    result = read(raw_table({**GOOD, "bill_id": "\ufdd0"}, *written), context=replace(CONTEXT, decimal="point"))
    assert result.issues == []
    frame = result.frame().iloc[1:]
    rates = [
        Decimal(digits).scaleb(-scale)
        for digits, scale in zip(frame["late_rate_digits"].tolist(), frame["late_rate_scale"].tolist(), strict=True)
    ]
    typed = zip(
        *(frame[name].tolist() for name in ("bill_id", "kind", "bill_day", "currency", "amount_minor")),
        [int(rate.scaleb(6)) for rate in rates],
        *(frame[name].tolist() for name in ("days", "is_held")),
        strict=True,
    )
    half_width = {ord("０") + digit: str(digit) for digit in range(10)}
    assert list(typed) == [(row[0].translate(half_width), *row[1:]) for row in rows]


ANYTHING = st.one_of(
    st.none(), st.just(""), st.text(max_size=4), st.booleans(), st.integers(), st.floats(), st.dates(), st.datetimes(),
    st.times(), st.timedeltas(),
    st.sampled_from(["B1", "B2", 1.0, "1", "CNY", "invoice", DAY, "2024-01-05", "是", "1,234", 0.5]),
)  # fmt: skip


@given(st.lists(st.lists(ANYTHING, min_size=9, max_size=9), max_size=6))
@example([[None] * 8 + [False]])
def test_whatever_is_in_the_cells_each_row_is_used_or_blank_or_an_issue(rows: list[list[Cell]]) -> None:
    raw = RawTable("Bills", "Bills", BILLS.keys, tuple(zip(*rows, strict=True)) or ((),) * 9, 5, 2)
    result = read(raw)
    used, left_out = set(result.columns["row"].tolist()), {row.row for row in result.left_out}  # type: ignore[union-attr]
    repeated = {issue.row for issue in result.issues if issue.code == "duplicate_identical"}
    # A row that is only begun is left out as well, with no more than a warning.
    assert left_out == {issue.row for issue in result.issues if SEVERITY[issue.code] == "error" or issue.code == "draft_row"}
    assert not used & left_out
    blank = {at for at, row in enumerate(rows) if all(map(is_blank, row))}
    assert len(used) + len(left_out | repeated) + len(blank) == len(rows)
    assert used | left_out | repeated | blank == set(range(len(rows)))
    frame = result.frame()
    assert not frame.isna().any(axis=None)
    assert {str(kind) for kind in frame.dtypes} == {"int64", "bool", "str"}
    assert frame["bill_day"].between(FIRST_DAY, LAST_DAY).all()
    assert frame["amount_minor"].abs().lt(2**51).all()
