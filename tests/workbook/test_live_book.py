"""The workbook open in Excel: what every host does, over a stand-in for Excel's objects beneath the real xlwings code.

What staff added stays, tables grow over nothing, calls do not grow with rows, and a change that fails half-way leaves the
workbook as it was.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from tests.excel_stand_in.cells import ErrorValue, formula_of
from tests.excel_stand_in.opening import book_of, xlwings_book
from tests.excel_stand_in.sheet_model import BookModel
from tests.excel_stand_in.windows_modules import ComError, refused
from tests.workbook.book_contract import (
    AGING,
    DAY,
    INVOICES,
    OPEN_ITEMS,
    BookContract,
    Host,
    by_header,
    invoices,
    open_items_with_remarks,
)
from tests.workbook.command import AS_OF, small_workbook
from tests.workbook.laid_tables import Laid, workbook_of
from workbook.addresses import Area
from workbook.file_book import FileBook
from workbook.live.refusals import NotPutBack, NotTakenOver, SavedInExcel, SheetIsProtected
from workbook.live_book import LiveBook
from workbook.port import Book, Fault
from workbook.refusals import NoRoom, TextTooLong
from workbook.schema import TABLES
from workbook.tasks.closing import close

RAN_AT = dt.datetime(2024, 5, 2, 9, 30)
ONE_INVOICE = invoices(("A1", "C1", DAY, 1))


class LiveHost(Host):
    """Workbooks of the stand-in, and the LiveBooks that were opened on them."""

    def __init__(self, **habits: Any) -> None:
        self._habits = habits
        self._opened: list[tuple[LiveBook, BookModel]] = []

    def book(self, *tables: Laid) -> LiveBook:
        return self._open(book_of(workbook_of(*tables), folder="C:/office", **self._habits))

    def again(self, book: Any) -> LiveBook:
        book.save()
        (saved,) = [model.saved for opened, model in self._opened if opened is book]
        assert saved is not None
        return self._open(saved)

    def _open(self, model: BookModel) -> LiveBook:
        book = LiveBook(xlwings_book(model))
        self._opened.append((book, model))
        return book


class TestLiveBook(BookContract):
    @pytest.fixture
    def host(self) -> Host:
        return LiveHost()


class TestLiveBookWhereATextCellShowsItsApostrophe(BookContract):
    @pytest.fixture
    def host(self) -> Host:
        return LiveHost(keeps_apostrophe_in_text_cells=True)


def opened(source: Workbook | Path, **habits: Any) -> tuple[LiveBook, BookModel]:
    model = book_of(source, **habits)
    return LiveBook(xlwings_book(model)), model


def column(model: BookModel, sheet: str, letter: str) -> list[Any]:
    """What stands in a column, formulas as formulas, down to its last cell that holds something."""
    at = Area.parse(f"{letter}1").first_column
    cells = model.sheet(sheet).cells
    last = max((row for (row, each), cell in cells.items() if each == at and not cell.is_blank()), default=0)
    found = [model.sheet(sheet).seen(row, at) for row in range(1, last + 1)]
    return [cell.formula or cell.value for cell in found]


# Reading


def test_an_error_is_a_fault_of_its_cell() -> None:
    book, model = opened(workbook_of(invoices(("A1", "C1", DAY, 1), ("A2", "C2", DAY, 2))))
    model.sheet("Invoices").cell(3, 4).value = ErrorValue.of("#REF!")
    raw = book.read_table("Invoices")
    assert raw is not None
    assert raw.faults == {(1, 3): Fault("error_cell", "#REF!")}
    assert by_header(raw)["Amount"] == [1, None]


def test_formulas_are_noticed_and_their_results_read() -> None:
    book, _ = opened(workbook_of(invoices(("A1", "C1", DAY, "=10+5"))), formula_results={"=10+5": 15.0})
    raw = book.read_table("Invoices")
    assert raw is not None
    assert raw.has_formulas
    assert by_header(raw)["Amount"] == [15]


def test_amounts_in_a_currency_format_keep_all_their_digits() -> None:
    workbook = workbook_of(invoices(("A1", "C1", DAY, 1.234567)))
    workbook["Invoices"]["D2"].number_format = "$#,##0.00"
    book, _ = opened(workbook)
    assert by_header(book.read_table("Invoices"))["Amount"] == [1.234567]


@pytest.mark.parametrize("epoch", [dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)])
def test_days_are_days_whatever_year_the_workbook_counts_from(epoch: dt.datetime) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

    is_1904 = epoch.year == 1904
    book, model = opened(workbook_of(ONE_INVOICE, epoch=CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900))
    raw = book.read_table("Invoices")
    assert raw is not None
    assert raw.is_1904 == is_1904
    assert by_header(raw)["Invoice date"] == [DAY]
    book.append_rows(INVOICES, {"invoice_id": ["A2"], "invoice_date": [dt.date(2024, 2, 1)]})
    book.apply()
    assert by_header(book.read_table("Invoices"))["Invoice date"] == [DAY, dt.date(2024, 2, 1)]
    assert (model.sheet("Invoices").cell(3, 3).value == 45323) == (not is_1904)


def test_a_moment_is_read_to_the_millisecond() -> None:
    book, model = opened(workbook_of(Laid("Things", ("a",), [(dt.datetime(2024, 1, 31, 12, 30),)])))
    model.sheet("Things").cell(2, 1).value -= 1e-10
    assert by_header(book.read_table("Things"))["a"] == [dt.datetime(2024, 1, 31, 12, 30)]


def test_a_time_of_the_day_and_a_day_of_early_1900_are_what_excel_shows() -> None:
    workbook = workbook_of(Laid("Things", ("a", "b"), [(dt.time(12, 30), dt.date(1900, 1, 5))]))
    book, _ = opened(workbook)
    assert by_header(book.read_table("Things")) == {"a": [dt.time(12, 30)], "b": [dt.date(1900, 1, 5)]}


# Calls


def calls_to_read_and_write(rows: int) -> tuple[Counter[str], Counter[str]]:
    table, ids = TABLES["ReminderItems"], [f"{row:05}#1" for row in range(rows)]
    laid = Laid("ReminderItems", ("message_id", "item_id", "amount", "Remark"), [("M1", each, 1.0, None) for each in ids])
    book, model = opened(workbook_of(laid, ONE_INVOICE))
    calls = model.excel.calls
    calls.clear()
    assert len(book.read_table("ReminderItems") or ()) == rows
    read = Counter(calls)
    kept = len(ids) - 1
    book.write_table(
        table, {"message_id": ["M1"] * kept, "item_id": ids[1:], "amount": [2.5] * kept, "due_date": [DAY] * kept}
    )
    calls.clear()
    book.apply()
    return read, Counter(calls)


def test_ten_thousand_rows_take_as_many_calls_as_ten() -> None:
    assert calls_to_read_and_write(10_000) == calls_to_read_and_write(10)


def test_a_table_is_one_block_to_read_and_one_to_write_for_each_run_of_our_columns() -> None:
    read, _ = calls_to_read_and_write(50)
    assert read["Range.Value"] == 1
    assert read["Range.Value2"] == 0
    rows = [{"item_id": str(row)} for row in range(50)]
    book, model = opened(workbook_of(ONE_INVOICE))
    book.write_table(OPEN_ITEMS, {"item_id": [row["item_id"] for row in rows]})
    book.apply()
    book.write_table(OPEN_ITEMS, {"item_id": [row["item_id"] for row in rows[1:]]})
    model.excel.calls.clear()
    book.apply()
    assert model.excel.calls["Range.Value="] == 1


def test_scattered_rows_are_updated_in_one_block_of_their_column() -> None:
    ids = ["" if row % 2 else f"A{row}" for row in range(400)]
    book, model = opened(workbook_of(invoices(*((each or None, "C1", DAY, 1) for each in ids))))
    missing = [row for row, each in enumerate(ids) if not each]
    book.update_rows(INVOICES, missing, {"invoice_id": [f"I{row}" for row in missing]})
    model.excel.calls.clear()
    book.apply()
    assert model.excel.calls["Range.Value="] == 1
    assert by_header(book.read_table("Invoices"))["Invoice ID"] == [
        each or f"I{row}" for row, each in enumerate(ids)
    ]  # fmt: skip


# What staff added stays


def test_a_formula_of_staff_moves_with_its_row_and_fills_new_ones() -> None:
    headers = ("item_id", "open", "Twice", "Note")
    rows = [("A", 1, "=B2*2", "a"), ("B", 2, "=B3*2", "=$A$1")]
    book, model = opened(workbook_of(Laid("OpenItems", headers, rows)))
    book.write_table(OPEN_ITEMS, {"item_id": ["new", "B", "A"], "open": [5, 6, 7]})
    book.apply()
    assert column(model, "OpenItems", "B") == ["open", 5, 6, 7]
    assert column(model, "OpenItems", "C") == ["Twice", "=B2*2", "=B3*2", "=B4*2"]
    assert column(model, "OpenItems", "D") == ["Note", None, "=$A$1", "a"]
    assert book.orphaned_remarks == []


def test_a_note_moves_with_its_row() -> None:
    workbook = workbook_of(open_items_with_remarks((None, "A", 1, None), (None, "B", 2, None)))
    workbook["OpenItems"]["C2"].comment = Comment("ask Li", "Wang")
    workbook["OpenItems"]["B3"].comment = Comment("gone", "Wang")
    book, model = opened(workbook)
    raw = book.read_table("OpenItems")
    assert raw is not None
    assert raw.notes == {(0, 2): "ask Li", (1, 1): "gone"}
    book.write_table(OPEN_ITEMS, {"item_id": ["C", "A"], "open": [3, 1]})
    book.apply()
    assert model.sheet("OpenItems").notes == {(3, 3): "ask Li"}
    assert [remark.value for remark in book.orphaned_remarks] == ["gone"]


def test_a_conversation_stays_where_it_is_as_nothing_can_move_it() -> None:
    workbook = workbook_of(open_items_with_remarks((None, "A", 1, None), (None, "B", 2, None)))
    workbook["OpenItems"]["C2"].comment = Comment("[Threaded comment]", "Wang")
    book, model = opened(workbook)
    model.sheet("OpenItems").threads = {(2, 3)}
    book.write_table(OPEN_ITEMS, {"item_id": ["B", "A"]})
    book.apply()
    assert model.sheet("OpenItems").notes == {(2, 3): "[Threaded comment]"}


def test_a_formula_in_a_column_whose_format_is_text_stays_a_formula() -> None:
    book, model = opened(workbook_of(open_items_with_remarks((None, "A", 1, "=1+1"), (None, "B", 2, "=2"))))
    for row, text in ((2, ""), (3, "=2")):
        cell = model.sheet("OpenItems").cell(row, 4)
        cell.number_format = "@"
        cell.formula, cell.value = ("", text) if text else (cell.formula, cell.value)
    book.write_table(OPEN_ITEMS, {"item_id": ["B", "A"]})
    book.apply()
    assert column(model, "OpenItems", "D") == ["Remark", "=2", "=1+1"]
    assert [model.sheet("OpenItems").cell(row, 4).formula for row in (2, 3)] == ["", "=1+1"]
    assert {model.sheet("OpenItems").cell(row, 4).number_format for row in (2, 3)} == {"@"}
    assert model.excel.settings["AutoFillFormulasInLists"]


def test_a_column_of_staff_in_too_many_formats_keeps_them_where_they_are() -> None:
    workbook = workbook_of(open_items_with_remarks(*((None, f"A{row}", 1, "x") for row in range(600))))
    for row in range(2, 602, 2):
        workbook["OpenItems"].cell(row, 4).number_format = "0.00"
    book, model = opened(workbook)
    book.write_table(OPEN_ITEMS, {"item_id": [f"A{row}" for row in reversed(range(600))]})
    model.excel.calls.clear()
    book.apply()
    assert model.excel.calls["Range.NumberFormat"] < 1000
    assert model.sheet("OpenItems").cell(2, 4).number_format == "0.00"
    assert set(column(model, "OpenItems", "D")[1:]) == {"x"}


def test_what_staff_wrote_keeps_its_kind_and_its_format_where_a_column_holds_several() -> None:
    rows = [(None, "A", 1, "00123"), (None, "B", 2, dt.date(2024, 2, 1)), (None, "C", 3, "=1+1 said"), (None, "D", 4, 12)]
    book, model = opened(workbook_of(open_items_with_remarks(*rows[:2], rows[3])))
    model.sheet("OpenItems").cell(4, 4).value = "=1+1 said"
    book.write_table(OPEN_ITEMS, {"item_id": ["D", "B", "A"], "open": [1, 2, 3]})
    book.apply()
    assert by_header(book.read_table("OpenItems"))["Remark"] == ["=1+1 said", dt.date(2024, 2, 1), "00123"]
    assert [model.sheet("OpenItems").cell(row, 4).formula for row in (2, 3, 4)] == ["", "", ""]


def test_a_filter_stays_on_and_hides_no_row_from_the_writer() -> None:
    book, model = opened(workbook_of(open_items_with_remarks((None, "A", 1, None), (None, "B", 2, None))))
    (table,) = model.sheet("OpenItems").tables
    table.filters = {2: {"Criteria1": "=B", "Operator": 1}}
    model.sheet("OpenItems").hidden_rows = {2}
    book.write_table(OPEN_ITEMS, {"item_id": ["C", "B", "E"]})
    book.apply()
    assert column(model, "OpenItems", "B") == ["Item ID", "C", "B", "E"]
    assert table.filters == {2: {"Criteria1": "=B", "Operator": 1}}
    assert model.sheet("OpenItems").hidden_rows == {2, 4}


def test_a_filter_that_excel_does_not_tell_is_named_as_lost() -> None:
    book, model = opened(workbook_of(open_items_with_remarks((None, "A", 1, None))))
    (table,) = model.sheet("OpenItems").tables
    table.filters = {3: {"Operator": 8}}
    live = book.tables["openitems"]
    book.write_table(OPEN_ITEMS, {"item_id": ["C"]})
    book.apply()
    assert table.filters == {}
    assert live.lost_filters == [3]


def test_new_rows_look_like_the_row_above() -> None:
    workbook = workbook_of(ONE_INVOICE)
    workbook["Invoices"]["C2"].number_format = "dd.mm.yyyy"
    workbook["Invoices"]["D2"].number_format = "#,##0.00 [$EUR]"
    book, model = opened(workbook)
    book.append_rows(INVOICES, {"invoice_id": ["A2"], "invoice_date": [DAY], "amount": [12.5]})
    book.apply()
    sheet = model.sheet("Invoices")
    assert [sheet.seen(3, place).number_format for place in (3, 4)] == ["dd.mm.yyyy", "#,##0.00 [$EUR]"]
    assert str(sheet.tables[0].area) == "A1:D3"


def test_a_column_of_one_formula_does_not_make_a_blank_row_count_and_is_filled() -> None:
    headers = ("invoice_id", "amount", "Twice")
    rows = [("A1", 5, "=[@amount]*2"), (None, None, "=[@amount]*2")]
    book, model = opened(workbook_of(Laid("Invoices", headers, rows)))
    book.append_rows(INVOICES, {"invoice_id": ["A2", "A3"], "amount": [6, 7]})
    book.apply()
    assert column(model, "Invoices", "A") == ["invoice_id", "A1", "A2", "A3"]
    assert column(model, "Invoices", "C") == ["Twice", *["=[@amount]*2"] * 3]


def test_a_formula_filled_down_beforehand_stays() -> None:
    rows = [("A1", DAY, 5), (None, '=""', None)]
    book, model = opened(workbook_of(Laid("Invoices", ("invoice_id", "due_date", "amount"), rows)))
    book.append_rows(INVOICES, {"invoice_id": ["A2"], "due_date": [None], "amount": [7]})
    book.apply()
    assert [formula_of(model.sheet("Invoices").seen(3, place)) for place in (1, 2, 3)] == ["A2", '=""', "7"]
    assert str(model.sheet("Invoices").tables[0].area) == "A1:C3"


# Room


@pytest.mark.parametrize("content", ["note", "=1/0", '=""'])
def test_a_table_does_not_grow_over_a_cell(content: str) -> None:
    workbook = workbook_of(ONE_INVOICE)
    workbook["Invoices"]["D3"] = content
    workbook["Invoices"]["E3"] = "beside"
    book, model = opened(workbook)
    before = state_of(model)
    with pytest.raises(NoRoom, match=r"D3"):
        book.append_rows(INVOICES, {"invoice_id": ["A2"]})
    book.apply()
    assert state_of(model) == before


def test_a_table_does_not_grow_over_merged_cells() -> None:
    workbook = workbook_of(ONE_INVOICE)
    workbook["Invoices"].merge_cells("B4:C5")
    book, _ = opened(workbook)
    book.append_rows(INVOICES, {"invoice_id": ["A2"]})
    with pytest.raises(NoRoom, match="merged cell is in the way at Invoices!"):
        book.append_rows(INVOICES, {"invoice_id": ["A3"]})


def with_totals(formula: str) -> tuple[LiveBook, BookModel]:
    workbook = workbook_of(invoices(("A1", "C1", DAY, 1), ("A2", "C1", DAY, 2)))
    sheet = workbook["Invoices"]
    sheet["A4"], sheet["D4"] = "Total", formula
    table = sheet.tables["Invoices"]
    table.ref, table.totalsRowCount = "A1:D4", 1
    return opened(workbook)


def test_the_totals_row_moves_down_as_a_table_grows() -> None:
    book, model = with_totals("=SUBTOTAL(109,Invoices[Amount])")
    book.append_rows(INVOICES, {"invoice_id": ["A3", "A4"], "amount": [3, 4]})
    book.apply()
    assert column(model, "Invoices", "A") == ["Invoice ID", "A1", "A2", "A3", "A4", "Total"]
    assert column(model, "Invoices", "D") == ["Amount", 1, 2, 3, 4, "=SUBTOTAL(109,Invoices[Amount])"]
    assert by_header(book.read_table("Invoices"))["Amount"] == [1, 2, 3, 4]


def test_a_totals_row_that_would_leave_out_the_new_rows_is_refused() -> None:
    book, model = with_totals("=SUM(D2:D3)")
    before = state_of(model)
    book.append_rows(INVOICES, {"invoice_id": ["A3"]})
    with pytest.raises(NoRoom, match="totals row whose formula names cells"):
        book.apply()
    assert state_of(model) == before


def test_a_protected_sheet_is_named_before_anything_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    book, _ = opened(workbook_of(ONE_INVOICE))
    monkeypatch.setattr("workbook.live.native.is_protected", lambda sheet: sheet.name == "Invoices")
    book.append_rows(INVOICES, {"invoice_id": ["A2"]})
    with pytest.raises(SheetIsProtected, match="Invoices"):
        book.apply()


def test_another_file_is_for_excel_to_save(tmp_path: Path) -> None:
    book, _ = opened(workbook_of(ONE_INVOICE))
    with pytest.raises(SavedInExcel, match=r"book\.xlsx"):
        book.save(tmp_path / "other.xlsx")


# All or nothing


def state_of(model: BookModel) -> dict[str, Any]:
    """All that a user would miss: contents, formats, places, notes, filters, sheets."""
    return {
        sheet.name: {
            "cells": {place: (cell.value, cell.formula) for place, cell in sheet.cells.items() if not cell.is_blank()},
            "formats": {
                place: cell.number_format
                for place, cell in sheet.cells.items()
                for table in sheet.tables
                if table.body.overlaps(Area(*place, *place)) and cell.number_format != "General"
            },
            "tables": [(table.name, str(table.area), table.has_totals, table.filters) for table in sheet.tables],
            "notes": dict(sheet.notes),
            "visible": sheet.visible,
        }
        for sheet in model.sheets
    }


def worked_on() -> tuple[LiveBook, BookModel]:
    """A workbook with a filter, notes and remarks, on which rewriting, adding rows, updating and adding a sheet are due."""
    workbook = workbook_of(
        open_items_with_remarks((None, "A", 1, "keep"), (True, "B", 2, "=1+1"), (None, "C", 3, dt.date(2024, 2, 1))),
        invoices(("A1", "C1", DAY, 1), (None, "C2", DAY, 2)),
        Laid("Aging", ("customer_id", "currency", "Mine"), [("C1", "CNY", "x")]),
    )
    workbook["OpenItems"]["C2"].comment = Comment("ask Li", "Wang")
    workbook["Invoices"]["A4"], workbook["Invoices"]["D4"] = "Total", "=SUBTOTAL(109,[Amount])"
    table = workbook["Invoices"].tables["Invoices"]
    table.ref, table.totalsRowCount = "A1:D4", 1
    book, model = opened(workbook)
    model.sheet("OpenItems").tables[0].filters = {2: {"Criteria1": "=B", "Operator": 1}}
    book.write_table(OPEN_ITEMS, {"item_id": ["B", "new"], "open": [5, 6]})
    book.append_rows(INVOICES, {"invoice_id": ["A9", "A10"], "amount": [9, 10]})
    book.update_rows(INVOICES, [1], {"invoice_id": ["I-2"]})
    book.write_table(AGING, {"customer_id": ["C1", "C2", "C3"], "currency": ["CNY"] * 3, "balance": [1, 2, 3]})
    book.append_rows(TABLES["Orders"], {"order_id": ["O1"], "order_date": [DAY]})
    return book, model


class FailsOnce:
    """Excel fails at the nth of the calls that change something."""

    def __init__(self, nth: int, error: BaseException) -> None:
        self.left, self.error = nth, error

    def __call__(self, call: str, _target: object) -> BaseException | None:
        changes = call.endswith("=") or call.split(".")[1] in ("Resize", "Add", "AutoFill", "AutoFilter", "ClearContents")
        if changes:
            self.left -= 1
        return self.error if changes and self.left == 0 else None


def test_wherever_excel_fails_the_workbook_is_as_it_was() -> None:
    book, model = worked_on()
    counting = FailsOnce(0, refused("never"))
    model.excel.fails_at = counting
    book.apply()
    done = state_of(model)
    changes = -counting.left
    assert changes > 100
    for nth in range(1, changes + 1, 2):
        book, model = worked_on()
        before = state_of(model)
        failure = FailsOnce(nth, KeyboardInterrupt() if nth % 4 == 1 else refused("no more memory"))
        model.excel.fails_at = failure
        try:
            book.apply()
        except (ComError, KeyboardInterrupt):
            assert state_of(model) == before, nth
        else:  # a named style, or a filter put back, that there is a way around
            assert failure.left <= 0
            assert {name: each["cells"] for name, each in state_of(model).items()} == {
                name: each["cells"] for name, each in done.items()
            }


def test_what_cannot_be_put_back_is_said() -> None:
    book, model = worked_on()

    def fails_for_good(call: str, _target: object) -> BaseException | None:
        return refused("gone") if call == "Range.Value=" or call == "Range.Formula2=" else None

    model.excel.fails_at = fails_for_good
    with pytest.raises(NotPutBack, match="close it without saving"):
        book.apply()


def test_what_excel_makes_something_else_of_is_not_left_there(monkeypatch: pytest.MonkeyPatch) -> None:
    book, model = opened(workbook_of(open_items_with_remarks((None, "A", 1, None))))
    before = state_of(model)
    monkeypatch.setattr("workbook.live.blocks.spelled", lambda value, is_text_cell: "=1+1" if value == "B" else value)
    monkeypatch.setattr("workbook.live.blocks.spelled_otherwise", lambda value, is_text_cell: "=1+1")
    book.write_table(OPEN_ITEMS, {"item_id": ["B"]})
    with pytest.raises(NotTakenOver, match="OpenItems!B2"):
        book.apply()
    assert state_of(model) == before


@pytest.mark.parametrize(
    "text", ["x" * 32767, "=" + "1" * 9000, "'" * 9000, "'t Hooft", "1/2", "May 2024", "-5", "+x", "@y", "5%"]
)
@pytest.mark.parametrize("column_key", ["value", "table"])  # cells in no format, and in the format of text
@pytest.mark.parametrize("keeps_apostrophe", [False, True])
def test_a_text_arrives_whole_whatever_it_looks_like(text: str, column_key: str, keeps_apostrophe: bool) -> None:
    book, _ = opened(workbook_of(ONE_INVOICE), keeps_apostrophe_in_text_cells=keeps_apostrophe)
    book.write_table(TABLES["Issues"], {"code": ["a", "b"], column_key: [text, "plain"]})
    book.apply()
    raw = book.read_table("Issues")
    assert by_header(raw)[TABLES["Issues"][column_key].label.en] == [text, "plain"]
    assert raw is not None
    assert not raw.has_formulas


def test_a_number_in_a_cell_whose_format_is_text_stays_a_number() -> None:
    book, _ = opened(workbook_of(ONE_INVOICE))
    book.write_table(OPEN_ITEMS, {"item_id": [123, "00123"], "name": [1.5, True]})
    book.apply()
    found = by_header(book.read_table("OpenItems"))
    assert (found["Item ID"], found["Name"]) == ([123, "00123"], [1.5, True])


def test_a_text_that_no_cell_can_hold_is_refused_and_nothing_changed() -> None:
    book, model = opened(workbook_of(open_items_with_remarks((None, "A", 1, None))))
    before = state_of(model)
    book.write_table(OPEN_ITEMS, {"item_id": ["A"], "name": ["x" * 32768]})
    with pytest.raises(TextTooLong, match="32768"):
        book.apply()
    assert state_of(model) == before


# The two hosts


def test_a_close_writes_the_same_into_a_file_and_into_an_open_workbook(tmp_path: Path) -> None:
    path = small_workbook(tmp_path / "book.xlsx")
    in_file: Book = FileBook(path)
    live, _ = opened(path)
    for book in (in_file, live):
        close(book, as_of=AS_OF, ran_at=RAN_AT, by="Wang")
    in_file.save()
    live.apply()
    saved = FileBook(path)
    assert sorted(live.table_names()) == sorted(saved.table_names())
    for name in saved.table_names():
        of_file, of_live = saved.read_table(name), live.read_table(name)
        assert of_file is not None
        assert of_live is not None
        differing = {"File hashes", "Changed parts", "Cells written", "Chain hash"} if name == "RunLog" else set()
        there, here = by_header(of_file), by_header(of_live)
        assert {key: cells for key, cells in here.items() if key not in differing} == {
            key: cells for key, cells in there.items() if key not in differing
        }, name
        assert (of_live.sheet, of_live.first_row, of_live.first_column) == (of_file.sheet, of_file.first_row, 1)


def test_a_sheet_that_comes_later_stands_and_looks_like_one_that_was_there(tmp_path: Path) -> None:
    path = small_workbook(tmp_path / "book.xlsx")
    in_file = FileBook(path)
    live, model = opened(path)
    shown = model.active
    for book in (in_file, live):
        book.add_table(TABLES["Orders"])
    in_file.save()
    live.apply()
    saved = book_of(path)
    assert [sheet.name for sheet in model.sheets] == [sheet.name for sheet in saved.sheets]
    assert model.active is shown
    ours, theirs = model.sheet("Orders"), saved.sheet("Orders")
    for place in range(1, len(TABLES["Orders"].columns) + 1):
        for row in (1, 2):
            there, here = theirs.seen(row, place), ours.seen(row, place)
            assert (here.value, here.look.get("Style")) == (there.value, there.look.get("Style"))
        assert ours.seen(2, place).number_format == theirs.seen(2, place).number_format
    assert ours.frozen == (1, 1)
    home, same = model.sheet("Home"), saved.sheet("Home")
    assert {place: cell.value for place, cell in home.cells.items() if not cell.is_blank()} == {
        place: cell.value for place, cell in same.cells.items() if not cell.is_blank()
    }
    assert "#'Orders'!A1" in home.links.values()
