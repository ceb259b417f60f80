"""What every host of a workbook does alike, a file on disk and Excel itself: one suite, to be inherited for each.

A host's test class provides the fixture ``host``.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import pytest

from tests.workbook.laid_tables import Laid
from workbook.port import Book, Cell, RawTable
from workbook.refusals import DuplicateColumn, MissingColumn, MissingTable, NoRoom, UserOwnedTable
from workbook.schema import TABLES, aging_table

OPEN_ITEMS = TABLES["OpenItems"]
INVOICES = TABLES["Invoices"]
AGING = TABLES["Aging"]
DAY = dt.date(2024, 1, 31)

INVOICE_HEADERS = ("Invoice ID", "Customer ID", "Invoice date", "Amount")


class Host(ABC):
    """Opens workbooks, and opens them again to see what is in them."""

    @abstractmethod
    def book(self, *tables: Laid) -> Book:
        """A workbook that holds these tables."""

    @abstractmethod
    def again(self, book: Book) -> Book:
        """The same workbook saved, closed and opened."""


def by_header(raw: RawTable | None) -> dict[str, list[Cell]]:
    assert raw is not None
    return {
        header: [None if cell == "" else cell for cell in column]
        for header, column in zip(raw.headers, raw.columns, strict=True)
    }


def invoices(*rows: Sequence[Cell], row: int = 1, column: int = 1) -> Laid:
    return Laid("Invoices", INVOICE_HEADERS, rows, row=row, column=column)


def open_items_with_remarks(*rows: Sequence[Cell]) -> Laid:
    return Laid("OpenItems", ("Called?", "Item ID", "open", "Remark"), rows)


class BookContract:
    """The suite."""

    def test_cells_are_read_as_they_are_typed(self, host: Host) -> None:
        moment = dt.datetime(2024, 1, 31, 12, 30)
        row = ("00123", 123, 1.5, True, DAY, moment, None, " 客户 ")
        raw = host.book(Laid("Things", ("a", "b", "c", "d", "e", "f", "g", "h"), [row])).read_table("Things")
        assert raw is not None
        found = [column[0] for column in raw.columns]
        assert found[:2] == ["00123", 123]
        assert found[2:6] == [1.5, True, DAY, moment]
        assert found[6] in ("", None)
        assert found[7] == " 客户 "
        assert type(found[3]) is bool
        assert raw.faults == {}
        assert not raw.has_formulas

    def test_a_table_says_where_it_stands(self, host: Host) -> None:
        raw = host.book(invoices(("A1", "C1", DAY, 1), row=5, column=3)).read_table("Invoices")
        assert raw is not None
        assert (raw.sheet, raw.headers, raw.first_row, raw.first_column) == ("Invoices", INVOICE_HEADERS, 6, 3)

    def test_names_of_tables_are_alike_in_upper_and_lower_case(self, host: Host) -> None:
        book = host.book(invoices(("A1", "C1", DAY, 1)))
        assert book.read_table("INVOICES") == book.read_table("Invoices")
        assert book.table_names() == ("Invoices",)

    def test_a_table_that_is_not_there_is_none(self, host: Host) -> None:
        assert host.book(invoices(("A1", "C1", DAY, 1))).read_table("Receipts") is None

    def test_blank_rows_of_a_table_are_handed_over(self, host: Host) -> None:
        raw = host.book(invoices((None,) * 4, ("A1", "C1", DAY, 1), (None,) * 4, (None,) * 4)).read_table("Invoices")
        assert raw is not None
        assert len(raw) == 4
        assert by_header(raw)["Invoice ID"] == [None, "A1", None, None]

    def test_the_language_is_that_of_settings_else_english(self, host: Host) -> None:
        settings = Laid("Settings", ("设置项", "值"), [("base_currency", "CNY"), ("language", "zh-CN")])
        assert host.book(settings).language == "zh-CN"
        assert host.book(invoices(("A1", "C1", DAY, 1))).language == "en"

    def test_a_report_gets_its_sheet_and_reads_back_as_written(self, host: Host) -> None:
        book = host.book(invoices(("A1", "C1", DAY, 1)))
        columns: Mapping[str, Sequence[Cell]] = {
            "item_id": ["A1#1", "00123"], "invoice_date": [DAY, None], "open": [12.34, -0.01], "days_overdue": [5, None],
            "bucket": ["1–30 days", None],
        }  # fmt: skip
        book.write_table(OPEN_ITEMS, columns)
        for seen in (book, host.again(book)):
            found = by_header(seen.read_table("OpenItems"))
            assert found["Item ID"] == ["A1#1", "00123"]
            assert found["Invoice date"] == [DAY, None]
            assert found["Open"] == [12.34, -0.01]
            assert found["Days overdue"] == [5, None]
            assert found["Bucket"] == ["1–30 days", None]
            assert "OpenItems" in seen.table_names()

    @pytest.mark.parametrize(
        "text",
        [
            "=1+1", "#N/A", "#REF!", "+49 30 1234", "TRUE", "2024-01-31", "00123", "a\nb", "tab\there", "  around  ",
            "_x000a_ is not a line", "bell\x07", "甲乙丙𠮷", "<&>\"'", "return\r\nfeed", "x" * 32767,
        ],
    )  # fmt: skip
    def test_a_text_stays_the_text_that_it_was(self, host: Host, text: str) -> None:
        book = host.book(invoices(("A1", "C1", DAY, 1)))
        book.write_table(OPEN_ITEMS, {"item_id": ["A1#1"], "name": [text]})
        raw = host.again(book).read_table("OpenItems")
        assert by_header(raw)["Name"] == [text]
        assert raw is not None
        assert not raw.has_formulas

    def test_numbers_keep_every_digit(self, host: Host) -> None:
        numbers: list[Cell] = [0.1, 1 / 3, -1e-7, 22517998136852.47, 2251799813685.247, 0.0, 123456789012345, 5e-324]
        book = host.book(invoices(("A1", "C1", DAY, 1)))
        book.write_table(OPEN_ITEMS, {"item_id": list("abcdefgh"), "open": numbers})
        assert by_header(host.again(book).read_table("OpenItems"))["Open"] == numbers

    def test_a_table_is_added_empty_and_only_once(self, host: Host) -> None:
        book = host.book(invoices(("A1", "C1", DAY, 1)))
        book.add_table(TABLES["Orders"])
        book.add_table(TABLES["Orders"])
        book = host.again(book)
        raw = book.read_table("Orders")
        assert raw is not None
        assert raw.headers == tuple(column.label.en for column in TABLES["Orders"].columns)
        assert len(raw) == 1
        assert all(cells == [None] for cells in by_header(raw).values())
        assert book.table_names().count("Orders") == 1

    def test_a_shorter_report_leaves_nothing_of_the_longer_one(self, host: Host) -> None:
        book = host.book(invoices(("A1", "C1", DAY, 1)))
        book.write_table(OPEN_ITEMS, {"item_id": ["1", "2", "3"], "open": [1, 2, 3]})
        book = host.again(book)
        book.write_table(OPEN_ITEMS, {"item_id": ["2"], "open": [5]})
        book = host.again(book)
        assert by_header(book.read_table("OpenItems"))["Item ID"] == ["2"]
        # Had rows stayed below, the table could not grow over them again.
        book.write_table(OPEN_ITEMS, {"item_id": ["1", "2", "3", "4"]})
        assert by_header(host.again(book).read_table("OpenItems"))["Item ID"] == ["1", "2", "3", "4"]

    def test_a_report_may_shrink_and_grow_before_it_is_saved(self, host: Host) -> None:
        rows = [(None, str(row), row, None) for row in range(9)]
        book = host.book(open_items_with_remarks(*rows))
        for count in (2, 9, 0, 12):
            book.write_table(OPEN_ITEMS, {"item_id": [str(row) for row in range(count)]})
        found = by_header(host.again(book).read_table("OpenItems"))
        assert found["Item ID"] == [str(row) for row in range(12)]
        assert found["open"] == [None] * 12

    def test_an_empty_report_keeps_one_blank_row(self, host: Host) -> None:
        book = host.book(open_items_with_remarks((None, "1", 10, None), (None, "2", 20, None)))
        book.write_table(OPEN_ITEMS, {"item_id": [], "open": []})
        raw = host.again(book).read_table("OpenItems")
        assert raw is not None
        assert len(raw) == 1
        assert all(cells == [None] for cells in by_header(raw).values())

    def test_what_staff_wrote_beside_a_row_goes_where_the_row_goes(self, host: Host) -> None:
        rows = [(True, "A#1", 10, "calls back on Monday"), (None, 7, 20, "see file"), (None, "C#1", 30, None)]
        book = host.book(open_items_with_remarks(*rows))
        book.write_table(OPEN_ITEMS, {"item_id": ["new", "7", "A#1"], "open": [1.0, 2.0, 3.0]})
        for seen in (book, host.again(book)):
            found = by_header(seen.read_table("OpenItems"))
            assert found["Item ID"] == ["new", "7", "A#1"]
            assert found["open"] == [1, 2, 3]
            assert found["Called?"] == [None, None, True]
            assert found["Remark"] == [None, "see file", "calls back on Monday"]

    def test_columns_stay_where_staff_put_them_and_missing_ones_come_at_the_right(self, host: Host) -> None:
        book = host.book(Laid("Aging", ("Remark", "Currency", "customer_id"), [("good", "CNY", "C1")]))
        book.write_table(AGING, {"customer_id": ["C1"], "currency": ["CNY"], "balance": [5]})
        for seen in (book, host.again(book)):
            raw = seen.read_table("Aging")
            assert raw is not None
            others = tuple(column.label.en for column in AGING.columns if column.key not in ("currency", "customer_id"))
            assert raw.headers == ("Remark", "Currency", "customer_id", *others)
            assert by_header(raw)["Remark"] == ["good"]
            assert by_header(raw)["Balance"] == [5]

    def test_buckets_of_other_edges_go_with_their_stale_amounts(self, host: Host) -> None:
        book = host.book(invoices(("A1", "C1", DAY, 1)))
        book.write_table(AGING, {"customer_id": ["C1"], "currency": ["CNY"], "d1_30": [99], "over_120": [98]})
        book = host.again(book)
        other = aging_table(("not_due", "d1_45", "over_45"))
        book.write_table(other, {"customer_id": ["C1"], "currency": ["CNY"], "d1_45": [5]})
        raw = host.again(book).read_table("Aging")
        assert raw is not None
        assert raw.headers[3:9] == ("Not due", "1–45 days", "Over 45 days", "61–90 days", "91–120 days", "Over 120 days")
        assert {header: cells for header, cells in by_header(raw).items() if cells != [None]} == {
            "Customer ID": ["C1"], "Currency": ["CNY"], "1–45 days": [5],
        }  # fmt: skip

    def test_staff_keep_their_tables(self, host: Host) -> None:
        book = host.book(invoices(("A1", "C1", DAY, 1)))
        with pytest.raises(UserOwnedTable, match="Invoices"):
            book.write_table(INVOICES, {"invoice_id": ["A2"]})

    def test_rows_are_added_below_the_last_one_that_holds_anything(self, host: Host) -> None:
        book = host.book(invoices(("A1", "C1", DAY, 1), (None,) * 4))
        book.append_rows(INVOICES, {"invoice_id": ["A2", "A3", "A4"], "customer_id": ["C1"] * 3, "amount": [2, 3, None]})
        book.append_rows(INVOICES, {"invoice_id": ["A5"]})
        for seen in (book, host.again(book)):
            found = by_header(seen.read_table("Invoices"))
            assert found["Invoice ID"] == ["A1", "A2", "A3", "A4", "A5"]
            assert found["Amount"] == [1, 2, 3, None, None]
            assert found["Invoice date"] == [DAY, None, None, None, None]

    def test_a_table_of_staff_that_is_not_there_is_added_with_its_first_rows(self, host: Host) -> None:
        book = host.book(invoices(("A1", "C1", DAY, 1)))
        book.append_rows(TABLES["Orders"], {"order_id": ["O1"], "order_date": [DAY]})
        assert by_header(host.again(book).read_table("Orders"))["Order ID"] == ["O1"]

    def test_rows_are_updated_in_named_columns_only(self, host: Host) -> None:
        book = host.book(invoices((None, "C1", DAY, 1), ("A2", "C2", DAY, 2), (None, "C3", DAY, 3)))
        book.update_rows(INVOICES, [2, 0], {"invoice_id": ["I-3", "I-1"]})
        for seen in (book, host.again(book)):
            found = by_header(seen.read_table("Invoices"))
            assert found["Invoice ID"] == ["I-1", "A2", "I-3"]
            assert found["Customer ID"] == ["C1", "C2", "C3"]
            assert found["Amount"] == [1, 2, 3]

    def test_a_value_without_a_column_is_refused_and_a_blank_one_is_not_missed(self, host: Host) -> None:
        book = host.book(invoices(("A1", "C1", DAY, 1)))
        with pytest.raises(MissingColumn, match="notes"):
            book.append_rows(INVOICES, {"invoice_id": ["A2"], "notes": ["something"]})
        with pytest.raises(MissingTable, match="Receipts"):
            book.update_rows(TABLES["Receipts"], [0], {"notes": ["something"]})
        book.append_rows(INVOICES, {"invoice_id": ["A2"], "notes": [None]})
        assert by_header(host.again(book).read_table("Invoices"))["Invoice ID"] == ["A1", "A2"]

    def test_two_columns_of_one_name_are_refused(self, host: Host) -> None:
        book = host.book(Laid("Aging", ("customer_id", "Customer ID", "currency"), [("C1", "C2", "CNY")]))
        with pytest.raises(DuplicateColumn, match=r"A1.*B1"):
            book.write_table(AGING, {"customer_id": ["C1"]})

    def test_a_table_does_not_grow_over_what_stands_below(self, host: Host) -> None:
        below = Laid("Note", ("x",), [("y",)], row=4, column=2, sheet="Invoices")
        book = host.book(invoices(("A1", "C1", DAY, 1)), below)
        book.append_rows(INVOICES, {"invoice_id": ["A2"]})
        with pytest.raises(NoRoom, match=r"table Note is in the way at B4:B5"):
            book.append_rows(INVOICES, {"invoice_id": ["A3"]})
        again = host.again(book)
        assert by_header(again.read_table("Invoices"))["Invoice ID"] == ["A1", "A2"]
        assert by_header(again.read_table("Note")) == {"x": ["y"]}
