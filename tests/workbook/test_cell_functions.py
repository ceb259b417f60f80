"""The functions of cells: what each answers, that tables spill what a close writes, and how faults name their argument."""

from __future__ import annotations

import datetime as dt
import runpy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.workbook.given_ranges import CUSTOMERS, INVOICES, RECEIPTS, SMALL, Range, arguments, as_range
from tests.workbook.memory_book import MemoryBook
from workbook.cell_functions import CATALOGUE, MARK, Holds, answer, ledger_answers
from workbook.cell_functions.frames import fastest_frames
from workbook.cell_functions.given_cells import EXCEL_ERRORS
from workbook.cell_functions.told_tables import EXPLANATION_CODES, event_words
from workbook.labels import WORDS
from workbook.reading.rows import pandas_frame
from workbook.results.ledger import FrameOf
from workbook.sample import sample_ledger
from workbook.schema import TABLES
from workbook.tasks.closing import close
from workbook.template.default_rows import default_rows

ROOT = Path(__file__).resolve().parents[2]
AS_OF = dt.date(2024, 5, 31)
NOW = dt.datetime(2024, 6, 1, 9, 0)
LATER = dt.datetime(2024, 3, 31)

SPILLS = {
    "AR_OPEN_ITEMS": "OpenItems",
    "AR_AGING": "Aging",
    "AR_CREDIT": "Credit",
    "AR_ALLOCATE": "Applications",
    "AR_REMINDERS": "Reminders",
}
"""Function → the table of a close that it spills."""


def ask(name: str, *given: Any) -> Any:
    """The answer of a function whose arguments are single cells: one value, or the texts of a fault."""
    rows = answer(CATALOGUE[name], given)
    assert len(rows) == 1
    return rows[0][0] if len(rows[0]) == 1 else tuple(rows[0])


def spilled(name: str, tables: Mapping[str, Range | None] = SMALL, **values: Any) -> list[list[Any]]:
    return answer(CATALOGUE[name], arguments(name, tables, **values))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


D = dt.datetime(2024, 1, 31)

ANSWERS: tuple[tuple[str, tuple[Any, ...], Any], ...] = (
    ("AR_DUE_DATE", (D, "net 30"), day("2024-03-01")),
    ("AR_DUE_DATE", (D, "NET30"), day("2024-03-01")),
    ("AR_DUE_DATE", (D, "30 days"), day("2024-03-01")),
    ("AR_DUE_DATE", (D, "净30天"), day("2024-03-01")),
    ("AR_DUE_DATE", (D, 30.0), day("2024-03-01")),
    ("AR_DUE_DATE", (D, "EOM"), day("2024-01-31")),
    ("AR_DUE_DATE", (dt.datetime(2019, 1, 15), "EOM+45"), day("2019-03-17")),
    ("AR_DUE_DATE", (dt.datetime(2019, 1, 15), "45 days eom"), day("2019-03-17")),
    ("AR_DUE_DATE", (dt.datetime(2019, 1, 15), "月结 45 天"), day("2019-03-17")),
    ("AR_DUE_DATE", (D, "1 month"), day("2024-02-29")),
    ("AR_DUE_DATE", (D, "2/10 net 30"), day("2024-03-01")),
    ("AR_DUE_DATE", (D, "30@30;50@60;20@90"), (day("2024-03-01"), day("2024-03-31"), day("2024-04-30"))),
    ("AR_DUE_DATE", (D, "COD"), day("2024-01-31")),
    ("AR_DUE_DATE", (45322.0, "net 30"), day("2024-03-01")),
    ("AR_DUE_DATE", ("2024年1月31日", "net 31", ((dt.datetime(2024, 3, 1),),)), day("2024-03-04")),
    ("AR_DUE_DATE", (D, "net 31", ((dt.datetime(2024, 3, 4),),)), day("2024-03-05")),
    ("AR_DUE_DATE", (D, "net 31", None, "previous"), day("2024-03-01")),
    ("AR_DUE_DATE", (dt.datetime(2024, 3, 1), "net 30", (("Holiday", "Working day"), (D, "No"))), day("2024-04-01")),
    ("AR_DUE_DATE", (D, "T7", None, None, (("Terms ID", "Basis", "Days"), ("T7", "Invoice date", 7.0))), day("2024-02-07")),
    ("AR_DISCOUNT_DATE", (D, "2/10 net 30"), day("2024-02-10")),
    ("AR_DISCOUNT_DATE", (D, "2%/10, net 30"), day("2024-02-10")),
    ("AR_DISCOUNT_DATE", (D, "net 30"), None),
    ("AR_DAYS_OVERDUE", (D, dt.datetime(2024, 3, 1)), 30.0),
    ("AR_DAYS_OVERDUE", (dt.datetime(2024, 3, 1), D), -30.0),
    ("AR_BUCKET", (0.0,), "Not due"),
    ("AR_BUCKET", (30.0,), "1–30 days"),
    ("AR_BUCKET", (121.0, None, "zh-CN"), "120天以上"),
    ("AR_BUCKET", (31.0, "0;45"), "1–45 days"),
    ("AR_BUCKET", (46.0, ((0.0, 45.0),)), "Over 45 days"),
    ("AR_LATE_INTEREST", (100_000.0, D, dt.datetime(2024, 3, 1), 0.1825), 1500.0),
    ("AR_LATE_INTEREST", (100.0, D, dt.datetime(2024, 2, 15), "10%"), 0.41),
    ("AR_LATE_INTEREST", (100.0, D, dt.datetime(2024, 2, 15), 0.10, 360.0, "JPY"), 0.0),
    ("AR_LATE_INTEREST", (100.0, dt.datetime(2024, 3, 1), D, 0.10), 0.0),
    ("AR_HEADROOM", (1100.0, 1100.0), 0.0),
    ("AR_HEADROOM", (1100.0, 1100.01), -0.01),
    ("AR_HEADROOM", (0.1, 0.3, 0.2), 0.0),
    ("AR_HEADROOM", (None, 5.0), None),
    ("AR_CREDIT_STATUS", (1100.0, 1100.0), "Watch"),
    ("AR_CREDIT_STATUS", (1100.0, 1100.01), "Over the limit"),
    ("AR_CREDIT_STATUS", (1100.0, 1.0, None, 61.0), "Blocked: overdue"),
    ("AR_CREDIT_STATUS", (None, 1.0, None, None, True), "On hold"),
    ("AR_CREDIT_STATUS", (9.0, 1.0, None, None, None, D, dt.datetime(2024, 2, 1), None, None, "zh-CN"), "额度过期"),
    ("AR_REMINDER_LEVEL", (60.0,), 4.0),
    ("AR_REMINDER_LEVEL", (60.0, 4.0), 5.0),
    ("AR_REMINDER_LEVEL", (-2.0,), 2.0),
    ("AR_REMINDER_LEVEL", (-60.0,), None),
    ("AR_REMINDER_LEVEL", (9.0, None, (("Level", "Days from due", "Channel"), (7.0, 5.0, "E-mail"))), 7.0),
    ("AR_DSO", (12_000.0, 9_000.0), 120.0),
    ("AR_DSO", (12_000.0, 0.0), None),
    ("AR_CEI", (100.0, 200.0, 50.0, 50.0), 100.0),
    ("AR_CEI", (100.5, 99.5, 0.0, 200.0), None),
    ("AR_AMOUNT_IN_WORDS", (0.0,), "人民币零元整"),
    ("AR_AMOUNT_IN_WORDS", (0.05,), "人民币伍分"),
    ("AR_AMOUNT_IN_WORDS", (10.0,), "人民币壹拾元整"),
    ("AR_AMOUNT_IN_WORDS", (100_000_000.01,), "人民币壹亿元零壹分"),
    ("AR_AMOUNT_IN_WORDS", (1001.0,), "人民币壹仟零壹元整"),
    ("AR_AMOUNT_IN_WORDS", (-1001.5,), "人民币负壹仟零壹元伍角"),
    ("AR_AMOUNT_IN_WORDS", (16_409.02,), "人民币壹万陆仟肆佰零玖元零贰分"),
    ("AR_AMOUNT_IN_WORDS", (5.0, "USD", "zh-CN"), "美元伍元整"),
    ("AR_AMOUNT_IN_WORDS", (0.0, None, "en"), "Zero and 00/100 CNY"),
    ("AR_AMOUNT_IN_WORDS", (0.05, "usd", "en"), "Zero and 05/100 USD"),
    ("AR_AMOUNT_IN_WORDS", (10.0, "JPY", "en"), "Ten JPY"),
    ("AR_AMOUNT_IN_WORDS", (100_000_000.01, "EUR", "en"), "One hundred million and 01/100 EUR"),
    ("AR_AMOUNT_IN_WORDS", (-1001.0, "KWD", "en"), "Minus one thousand and one and 000/1000 KWD"),
)  # fmt: skip

FAULTS: tuple[tuple[str, tuple[Any, ...], str], ...] = (
    ("AR_DUE_DATE", (None, "net 30"), "argument invoice_date: blank"),
    ("AR_DUE_DATE", ("31/1/24x", "net 30"), "argument invoice_date: Not a date"),
    ("AR_DUE_DATE", ("05/01/2024", "net 30"), "argument invoice_date: Day or month first?"),
    ("AR_DUE_DATE", (D, "whenever"), "argument terms: terms not understood"),
    ("AR_DUE_DATE", (D, "50@30;40@60"), "argument terms: terms not understood"),
    ("AR_DUE_DATE", (D, "net 30", ((D,), ("soon",))), "argument calendar, row 2: Not a date"),
    ("AR_DUE_DATE", (D, "net 30", None, "upwards"), "argument rolling: is none of"),
    ("AR_DUE_DATE", (D, "T1", None, None, (("Terms ID", "Basis"), ("T1", "moon"))), "argument payment_terms, row 2: Basis"),
    ("AR_DAYS_OVERDUE", (True, D), "argument due_date: Not a date"),
    ("AR_DAYS_OVERDUE", (D, f"{MARK} argument x"), "argument as_of: an Excel error"),
    ("AR_DAYS_OVERDUE", (((D,), (D,)), ((D,), (D,), (D,))), "argument due_date: a range of another size"),
    ("AR_BUCKET", (1.5,), "argument days: Not a whole number"),
    ("AR_BUCKET", (1.0, "30;60"), "argument edges: edges begin at 0"),
    ("AR_LATE_INTEREST", (1.005, D, D, 0.1), "argument amount: more decimals"),
    ("AR_LATE_INTEREST", (1.0, D, D, -0.1), "argument rate: Not a usable rate"),
    ("AR_LATE_INTEREST", (1.0, D, D, 0.1, 364.0), "argument basis: 365 or 360"),
    ("AR_LATE_INTEREST", ("1,234", D, D, 0.1), "argument amount: Comma or point?"),
    ("AR_HEADROOM", (-1.0, 0.0), "argument limit: must not be negative"),
    ("AR_CREDIT_STATUS", (1.0, 1.0, None, None, None, D), "argument expires_on: give as_of too"),
    ("AR_DSO", ("much", 1.0), "argument receivables: Not a number"),
    ("AR_AMOUNT_IN_WORDS", (1.0, "XYZ"), "argument currency_code: not a currency"),
    ("AR_AMOUNT_IN_WORDS", (0.005,), "argument amount: too large, or more decimals"),
    ("AR_AMOUNT_IN_WORDS", (1.0, "KWD"), "argument amount: too large, or more decimals"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "given", "expected"), ANSWERS)
def test_what_a_cell_shows(name: str, given: tuple[Any, ...], expected: Any) -> None:
    assert ask(name, *given) == expected


@pytest.mark.parametrize(("name", "given", "fault"), FAULTS)
def test_a_fault_names_its_argument(name: str, given: tuple[Any, ...], fault: str) -> None:
    said = ask(name, *given)
    assert said.startswith(f"{MARK} {fault}"), said


def test_every_function_of_one_value_has_answers_and_faults() -> None:
    of_one_value = {name for name, function in CATALOGUE.items() if not function.takes_tables}
    assert {name for name, _, _ in ANSWERS} == of_one_value
    assert {name for name, _, _ in FAULTS} >= of_one_value - {"AR_DISCOUNT_DATE", "AR_REMINDER_LEVEL", "AR_CEI"}


def test_a_range_gives_a_range_and_each_fault_its_row() -> None:
    rows = answer(CATALOGUE["AR_DAYS_OVERDUE"], [((D,), (None,), (dt.datetime(2024, 2, 10),)), dt.datetime(2024, 2, 20)])
    assert [len(row) for row in rows] == [1, 1, 1]
    assert rows[0] == [20.0]
    assert rows[1][0].startswith(f"{MARK} argument due_date, row 2: blank")
    assert rows[2] == [10.0]
    across = answer(CATALOGUE["AR_DAYS_OVERDUE"], [((D, D),), ((D,), (dt.datetime(2024, 2, 1),))])
    assert across == [[0.0, 0.0], [1.0, 1.0]]


def test_instalments_of_a_column_go_to_the_right() -> None:
    rows = answer(CATALOGUE["AR_DUE_DATE"], [((D,), (D,)), (("50@10;50@20",), ("net 5",))])
    assert rows == [[day("2024-02-10"), day("2024-02-20")], [day("2024-02-05"), None]]
    (fault,) = answer(CATALOGUE["AR_DUE_DATE"], [((D, D),), "50@10;50@20"])
    assert fault[0].startswith(f"{MARK} argument invoice_date: an answer of several dates")


@pytest.fixture(scope="module", params=["en", "zh-CN"])
def closed(request: pytest.FixtureRequest) -> MemoryBook:
    """The sample, closed in a workbook in memory."""
    language: str = request.param
    columns = sample_ledger(seed=1, customers=25, invoices=120, as_of=AS_OF, currency="CNY")
    filled = {**default_rows(language=language, currency="CNY"), **columns}
    settings = zip(filled["Settings"]["key"], filled["Settings"]["value"], strict=True)
    kept = [row for row in settings if row[0] not in ("base_currency", "language")]
    filled["Settings"] = {"key": [key for key, _ in kept], "value": [value for _, value in kept]}
    book = MemoryBook(language=language, currency="CNY", tables=filled)
    close(book, as_of=AS_OF, ran_at=NOW)
    return book


@pytest.mark.parametrize("frame_of", [pandas_frame, fastest_frames()], ids=["pandas", "fastest"])
@pytest.mark.parametrize("name", SPILLS)
def test_a_function_spills_what_a_close_writes(
    closed: MemoryBook, name: str, frame_of: FrameOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_answers, "fastest_frames", lambda: frame_of)
    tables = {table: as_range(closed, table) for table in TABLES}
    rows = spilled(name, tables, as_of=dt.datetime(2024, 5, 31))
    written = as_range(closed, SPILLS[name])
    assert written is not None
    # A cell is given no letters: what they say stands on the sheet only.
    kept = [place for place, header in enumerate(written[0]) if header not in OF_LETTERS or SPILLS[name] != "Reminders"]
    written = tuple(tuple(row[place] for place in kept) for row in written)
    assert tuple(rows[0]) == written[0]
    told = [row for row in rows[1:] if not str(row[0]).startswith(MARK)]
    assert len(told) > 5
    assert [_as_written(row) for row in told] == [list(row) for row in written[1:]]
    assert str(rows[-1][0]).startswith(f"{MARK} rows left out"), "the sample has rows that cannot be used"


OF_LETTERS = {
    label
    for key in ("interest", "interest_text", "subject", "body")
    for label in (TABLES["Reminders"][key].label.en, TABLES["Reminders"][key].label.zh)
}


def _as_written(row: list[Any]) -> list[Any]:
    moments = (dt.datetime(each.year, each.month, each.day) if type(each) is dt.date else each for each in row)
    return [None if each == "" else float(each) if type(each) is int else each for each in moments]


def test_what_is_given_alone_is_enough() -> None:
    rows = spilled("AR_OPEN_ITEMS", as_of=LATER)
    places = [rows[0].index(header) for header in ("Item ID", "Due date", "Open", "Days overdue", "Bucket")]
    assert [[row[place] for place in places] for row in rows[1:]] == [
        ["I2", day("2024-03-02"), 30.0, 29, "1–30 days"],
        ["I3", day("2024-03-16"), 70.0, 15, "1–30 days"],
    ]


def test_edges_of_the_argument_go_before_those_of_settings() -> None:
    settings = (("key", "value"), ("Bucket edges", "0;100"), ("language", "zh-CN"))
    rows = spilled("AR_AGING", {**SMALL, "Settings": settings}, as_of=LATER, edges="0;20")
    assert rows[0][3:6] == ["未到期", "1–20天", "20天以上"]
    assert spilled("AR_AGING", {**SMALL, "Settings": settings}, as_of=LATER)[0][4] == "1–100天"


def test_headers_decide_the_language_of_the_answer() -> None:
    customers = (("客户编号", "客户名称"), *(row[:2] for row in CUSTOMERS[1:]))
    rows = spilled("AR_AGING", {**SMALL, "Customers": customers}, as_of=LATER)
    assert rows[0][:3] == ["客户编号", "客户名称", "币种"]


def test_a_statement_runs_from_balance_to_balance() -> None:
    rows = spilled("AR_STATEMENT", customer="C1", from_date=dt.datetime(2024, 1, 15), to_date=LATER)
    assert [row[2:] for row in rows[1:]] == [
        ["Opening balance", None, None, 100.0],
        ["Invoice", "I2", 50.0, 150.0],
        ["Receipt", "R1", -120.0, 30.0],
        ["Closing balance", None, None, 30.0],
    ]


EXPLAINED: Mapping[str, list[list[Any]]] = {
    "open": [
        ["I2", "CNY", "Invoiced", day("2024-02-01"), day("2024-03-02"), "I2", 50.0, 50.0],
        ["I2", "CNY", "Oldest due first", day("2024-02-10"), day("2024-02-10"), "R1", -20.0, 30.0],
    ],
    "interest": [["I2", "CNY", day("2024-03-03"), day("2024-03-31"), 30.0, 0.1825, 0.44]],
    "level": [
        ["I2", "CNY", "Due", day("2024-03-02"), None, None, 29, 30.0, None],
        ["I2", "CNY", "Next level", day("2024-03-03"), None, None, 4, None, None],
    ],
}


@pytest.mark.parametrize("about", EXPLAINED)
def test_an_explanation_lists_the_events(about: str) -> None:
    rates = (("From date", "Currency", "Annual rate"), (dt.datetime(2024, 1, 1), "CNY", 0.1825))
    rows = spilled("AR_EXPLAIN", {**SMALL, "InterestRates": rates}, invoice_id="I2", as_of=LATER, about=about)
    assert rows[1:] == EXPLAINED[about]


@pytest.mark.parametrize("code", EXPLANATION_CODES)
def test_every_event_of_an_explanation_has_words(code: str) -> None:
    assert event_words(code, "en")
    assert event_words(code, "zh-CN") != event_words(code, "en")


def _with(rows: Range, row: int, column: int, cell: Any) -> Range:
    changed = [list(each) for each in rows]
    changed[row][column] = cell
    return tuple(map(tuple, changed))


TABLE_FAULTS: Mapping[str, tuple[Callable[[], Mapping[str, Any]], str]] = {
    "no table": (lambda: {"invoices": None}, "argument invoices: blank"),
    "one cell": (lambda: {"invoices": "I1"}, "argument invoices, row 1: no column Invoice ID / Customer ID"),
    "no headers": (lambda: {"invoices": INVOICES[1:]}, "argument invoices, row 1: no column"),
    "one column": (lambda: {"invoices": tuple(row[:1] for row in INVOICES)}, "argument invoices, row 1: no column Customer"),
    "a column twice": (lambda: {"invoices": tuple((*row, row[0]) for row in INVOICES)}, "argument invoices, row 1: Table"),
    "as of nothing": (lambda: {"as_of": None}, "argument as_of: blank"),
    "as of a range": (lambda: {"as_of": ((LATER,), (LATER,))}, "argument as_of: give one cell"),
    "as of an error": (lambda: {"as_of": -2146826246}, "argument as_of: an Excel error in the cell."),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE_FAULTS)
def test_a_table_that_cannot_be_used_is_named(case: str) -> None:
    made, fault = TABLE_FAULTS[case]
    ((said,),) = spilled("AR_OPEN_ITEMS", **{"as_of": LATER, **made()})
    assert said.startswith(f"{MARK} {fault}"), said


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        *(
            (text, f"Amount: Excel error in the cell. 金额：单元格为 Excel 错误值。 ({text})")
            for text in EXCEL_ERRORS.values()
        ),
        *((code, "Amount: Excel error in the cell.") for code in EXCEL_ERRORS),
        ("many", "Amount: Not a number."),
        (True, "Amount: Not a number."),
        (0.001, "Amount: More decimals than the currency has."),
    ],
)
def test_a_row_that_cannot_be_used_is_told_below_the_others(cell: Any, why: str) -> None:
    rows = spilled("AR_ALLOCATE", {**SMALL, "Invoices": _with(INVOICES, 2, 4, cell)})
    assert [row[:2] for row in rows[1:-1]] == [["R1", "I1"]]
    assert f"1 (argument invoices, row 3: {why}" in rows[-1][0]
    assert set(rows[-1][1:]) == {None}


def test_a_table_of_headers_alone_is_an_empty_one() -> None:
    rows = spilled("AR_ALLOCATE", {**SMALL, "Receipts": RECEIPTS[:1]})
    assert len(rows) == 1


def test_what_nobody_foresaw_is_no_number_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(ledger_answers, "Run", broken)
    assert spilled("AR_ALLOCATE") == [[f"{MARK} AR_ALLOCATE: ZeroDivisionError: by nothing"]]


@pytest.mark.parametrize("function", CATALOGUE.values(), ids=lambda function: function.name)
def test_help_is_in_both_languages_and_short_enough_for_excel(function: Any) -> None:
    for each in (function, *function.arguments):
        assert each.help.en.isascii(), "VBA has no other letters for sure"
        assert any("一" <= letter <= "鿿" for letter in each.help.zh)
        assert len(f"{each.help.en} {each.help.zh}") <= 255
    required = [not each.is_optional for each in function.arguments]
    assert required == sorted(required, reverse=True), "what may be left out stands last"
    assert all(each.table in TABLES for each in function.tables)


def test_the_page_of_the_functions_is_what_its_script_makes_of_the_catalogue() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_cell_functions.py"))
    page: str = made["cell_functions_page"]()
    assert (ROOT / "docs" / "cell-functions.md").read_text("utf-8") == page, "run: python -m docs.make_cell_functions"


def test_no_argument_of_a_single_value_is_a_table_without_a_name() -> None:
    for function in CATALOGUE.values():
        assert all(bool(each.table) == (each.holds is Holds.TABLE) for each in function.arguments)
        assert not any(each.choices and each.holds is not Holds.CHOICE for each in function.arguments)


def test_kinds_of_movements_all_have_words() -> None:
    from functions.statements import KIND_ORDER

    assert set(KIND_ORDER) <= WORDS.keys()
