"""The declared tables: what must hold for every one of them, so that reading, writing and importing can rely on it."""

from __future__ import annotations

import pytest

from functions.ledger import SHAPES
from workbook.reading.canonical_names import canonical_names
from workbook.reading.cell_parsing import folded
from workbook.schema import DEFAULT_BUCKETS, TABLES, UnknownTable, aging_table, table, tables_with_buckets
from workbook.table import Column, CurrencyOf, Kind, Owner, Sign, Table

USER_TABLES = [each for each in TABLES.values() if each.owner is Owner.USER]
WITH_A_BLANK_KEY = ("Holidays", "ControlAccount", "Confirmations")
"""A blank country is every country, a blank currency the base or the customer's."""
EVENTS = ("Invoices", "Receipts", "Allocations", "WriteOffs", "RepaymentPlans", "Orders", "Activities")
NOT_IN_THE_ROWS_CURRENCY = {
    ("WorkList", "total_base"): CurrencyOf.BASE,
    ("ReminderEffect", "cost"): CurrencyOf.BASE,
    ("Customers", "credit_limit"): CurrencyOf.CUSTOMER,
    ("Customers", "guarantee"): CurrencyOf.CUSTOMER,
    ("Activities", "promise_amount"): CurrencyOf.CUSTOMER,
    ("Allocations", "amount"): CurrencyOf.RECEIPT,
    ("Allocations", "discount"): CurrencyOf.RECEIPT,
    ("WriteOffs", "amount"): CurrencyOf.INVOICE,
    ("RepaymentPlans", "amount"): CurrencyOf.INVOICE,
    **dict.fromkeys([("ReminderLevels", key) for key in ("min_amount", "fee", "cost")], CurrencyOf.BASE),
    **dict.fromkeys([("OpenItems", "open_base"), ("Aging", "balance_base")], CurrencyOf.BASE),
}


def columns() -> list[tuple[Table, Column]]:
    return [(each, column) for each in TABLES.values() for column in each.columns]


def name_of(each: Table) -> str:
    return each.name


def test_a_rate_that_staff_type_is_never_negative() -> None:
    rates = [column for each in USER_TABLES for column in each.columns if column.kind is Kind.RATE]
    assert {column.sign for column in rates} == {Sign.NOT_BELOW_ZERO}


def test_what_a_user_opens_stands_in_the_order_of_work() -> None:
    assert [name for name, each in TABLES.items() if each.is_shown_at_first] == [
        "Customers", "Invoices", "Receipts", "Allocations", "Activities", "OpenItems", "Aging", "Credit", "Reminders",
        "RemindersHeld", "Issues", "Settings", "PaymentTerms", "ReminderLevels", "Letters",
    ]  # fmt: skip
    assert {name for name, each in TABLES.items() if each.is_core} == {"Customers", "Invoices", "Receipts", "Settings"}
    assert {name for name, each in TABLES.items() if each.is_log} == {
        "Applications", "ReminderLog", "Statements", "CustomerHistory", "LastSeen", "Periods", "RunLog",
    }  # fmt: skip


@pytest.mark.parametrize("declared", TABLES.values(), ids=name_of)
def test_a_header_names_one_column_of_its_table_and_no_other(declared: Table) -> None:
    owner: dict[str, str] = {}
    for column in declared.columns:
        for header in {folded(text) for text in (column.key, column.label.en, column.label.zh)}:
            assert owner.setdefault(header, column.key) == column.key, header
    for column in declared.columns:
        for synonym in column.synonyms:
            header = folded(synonym)
            assert header not in owner, f"{synonym} is {owner.get(header)} and {column.key}"
            owner[header] = column.key


def test_every_table_and_column_has_a_header_in_both_languages_and_what_staff_fill_in_has_help() -> None:
    for declared, column in columns():
        assert column.label.en.strip(), (declared.name, column.key)
        assert column.label.zh.strip(), (declared.name, column.key)
        if declared.owner is Owner.USER:
            assert column.help.en.endswith("."), (declared.name, column.key)
            assert column.help.zh.endswith("。"), (declared.name, column.key)
    for declared in TABLES.values():
        assert declared.label.en, declared.name
        assert declared.label.zh, declared.name
        assert declared.help.en, declared.name
        assert declared.help.zh, declared.name
    for language in ("en", "zh-CN"):
        assert len({each.label.in_language(language) for each in TABLES.values()}) == len(TABLES)


@pytest.mark.parametrize("declared", TABLES.values(), ids=name_of)
def test_a_row_is_known_by_columns_that_are_there_and_filled(declared: Table) -> None:
    assert len(declared.keys) == len(declared.columns)
    assert declared.key
    assert set(declared.key) | set(declared.key_without_id) <= set(declared.keys)
    if declared.owner is Owner.USER and not declared.key_without_id and declared.name not in WITH_A_BLANK_KEY:
        assert set(declared.key) <= set(declared.required)
    for key in declared.key_without_id:
        assert declared[key].kind is not Kind.MONEY, "an amount that is corrected must not make another row"


def test_kinds_follow_the_names() -> None:
    for declared, column in columns():
        is_flag = column.key.startswith(("is_", "do_not_")) or (declared.name, column.key) == ("Reminders", "sent")
        assert (column.kind is Kind.YES_NO) == is_flag, (declared.name, column.key)
        assert (column.kind is Kind.CHOICE) == bool(column.choices), (declared.name, column.key)
        # A tax id is the tax office's: it names no row of ours, and may be typed as a number too long for an id.
        if column.key.endswith("_id") and column.key != "tax_id":
            assert column.kind is Kind.ID, (declared.name, column.key)
        if column.key.endswith(("_on", "_date")):
            assert column.kind is Kind.DATE, (declared.name, column.key)


def test_amounts_are_in_the_rows_own_currency_but_for_those_that_cannot_be() -> None:
    for declared, column in columns():
        if column.kind is Kind.MONEY:
            expected = CurrencyOf.BASE if declared.name == "Credit" else CurrencyOf.ROW
            expected = NOT_IN_THE_ROWS_CURRENCY.get((declared.name, column.key), expected)
            assert column.currency_of is expected, (declared.name, column.key)


def test_events_say_since_when_they_are_known_and_gifts_who_approved_them() -> None:
    for declared in USER_TABLES:
        assert ("entered_on" in declared) == ("entered_by" in declared) == (declared.name in EVENTS), declared.name
    assert {each.name for each in USER_TABLES if "approved_by" in each} == {
        "Invoices", "Receipts", "WriteOffs", "RepaymentPlans",
    }  # fmt: skip


def test_the_rules_find_every_column_that_they_take() -> None:
    frames = {"".join(word.capitalize() for word in name.split("_")): shape for name, shape in SHAPES.items()}
    del frames["LeftOutReceipts"]  # made while reading
    for name, shape in frames.items():
        offered = {canonical for column in TABLES[name].columns for canonical in canonical_names(column)}
        assert {each for each in shape if each != "row"} <= offered | {"rate_digits", "rate_scale"}, name


def test_aging_has_the_buckets_of_the_ledgers_own_edges() -> None:
    assert DEFAULT_BUCKETS == ("not_due", "d1_30", "d31_60", "d61_90", "d91_120", "over_120")
    assert [key for key in TABLES["Aging"].keys if key in DEFAULT_BUCKETS] == list(DEFAULT_BUCKETS)
    own = aging_table(("not_due", "d1_7", "over_7"))
    assert own.keys[2:7] == ("currency", "not_due", "d1_7", "over_7", "unapplied")
    assert (own["d1_7"].label.en, own["over_7"].label.zh) == ("1–7 days", "7天以上")
    tables = tables_with_buckets(("not_due", "d1_7", "over_7"))
    assert tables["OpenItems"]["bucket"].choices == ("not_due", "d1_7", "over_7")
    assert list(tables) == list(TABLES)


def test_an_unknown_table_is_named_beside_those_that_there_are() -> None:
    assert table("Invoices") is TABLES["Invoices"]
    with pytest.raises(UnknownTable, match="'Invoice'; the tables are: Entry, Customers"):
        table("Invoice")
