"""Exports of banks as tables: the running balance is proved in whatever order the lines stand, and kept."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbook.memory_book import MemoryBook, rows_of
from workbook.bank_files.in_and_out import with_one_amount
from workbook.bank_files.refusals import BalanceBreaks, DoesNotFollow, LineChanged
from workbook.bank_files.running_balance import BookedLine, prove
from workbook.importing import import_file
from workbook.importing.refusals import RequiredColumnsMissing
from workbook.importing.source import Source
from workbook.outcome import Outcome

RAN_AT = dt.datetime(2024, 4, 1, 9)
HEADER = "交易流水号,账号,交易日期,币种,交易金额,账户余额,对方户名,附言\n"
MARCH = [
    "77001,6200,2024-03-05,CNY,100.50,1100.50,澄陵砺衡物流有限公司,货款",
    "77002,6200,2024-03-05,CNY,-0.50,1100.00,本行,手续费",
    "77003,6200,2024-03-08,CNY,900.00,2000.00,Alder,INV-1",
    "77004,6200,2024-03-08,CNY,-500.00,1500.00,Birch,",
]
APRIL = ["77005,6200,2024-04-01,CNY,25.00,1525.00,Alder,"]


@pytest.fixture
def book() -> MemoryBook:
    return MemoryBook()


def brought_in(book: MemoryBook, folder: Path, lines: list[str], *, header: str = HEADER, **options: object) -> Outcome:
    path = folder / "export.csv"
    path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    given: dict[str, object] = {"table": "BankStatement", **options}
    return import_file(book, source=path, ran_at=RAN_AT, **given)  # type: ignore[arg-type]


def balances(book: MemoryBook) -> Sequence[tuple[object, ...]]:
    return rows_of(book, "BankBalances", "statement_id", "from_date", "to_date", "opening", "closing")


WHOLE = [("20240308/77004", dt.date(2024, 3, 5), dt.date(2024, 3, 8), 1000, 1500)]


@pytest.mark.parametrize(
    "order",
    [
        pytest.param([0, 1, 2, 3], id="oldest first"),
        pytest.param([3, 2, 1, 0], id="newest first"),
        pytest.param([2, 3, 0, 1], id="newest day first, its lines as they came"),
        pytest.param([1, 0, 3, 2], id="oldest day first, its lines turned"),
    ],
)
def test_a_running_balance_is_proved_and_kept_in_whatever_order_the_bank_lists_its_lines(
    order: list[int], book: MemoryBook, tmp_path: Path
) -> None:
    done = brought_in(book, tmp_path, [MARCH[at] for at in order])
    assert balances(book) == WHOLE
    assert any("6200 CNY: opening 1000.00 and 4 lines come to the closing 1500.00" in line for line in done.lines)
    assert done.summary["notes"] == ["proved"]
    assert sorted(rows_of(book, "BankStatement", "line_id", "balance")) == [
        ("77001", 1100.5), ("77002", 1100), ("77003", 2000), ("77004", 1500),
    ]  # fmt: skip
    again = brought_in(book, tmp_path, [MARCH[at] for at in order])
    assert not again.writes_book
    assert balances(book) == WHOLE


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        pytest.param(
            [MARCH[0], MARCH[1], MARCH[3]],
            r"line 4: the balance is CNY 1500.00, but .* come to 600.00, a difference of 900.00.*a line is missing",
            id="a line is missing",
        ),
        pytest.param(
            [MARCH[3], MARCH[2].replace("900.00", "901.00"), MARCH[1], MARCH[0]],
            r"line 3: the balance is CNY 2000.00, but .* come to 2001.00, a difference of -1.00",
            id="newest first, an amount was changed",
        ),
        pytest.param(
            [MARCH[0], MARCH[1], MARCH[2].replace("900.00", "9oo"), MARCH[3]],
            r"line 5: the balance .*line 4 cannot be read: correct it",
            id="an amount is no number",
        ),
        pytest.param(
            [MARCH[0], MARCH[1].replace("03-05", "O3-05"), MARCH[2], MARCH[3]],
            r"line 4: the balance .*line 3 cannot be read: correct it",
            id="a day is no day",
        ),
        pytest.param(
            [MARCH[0], MARCH[1], MARCH[2].replace("2000.00", "2x"), MARCH[3]],
            r"line 5: the balance .*line 4 cannot be read: correct it",
            id="a balance is no number",
        ),
    ],
)
def test_where_the_balance_breaks_the_line_is_named_and_nothing_is_imported(
    lines: list[str], says: str, book: MemoryBook, tmp_path: Path
) -> None:
    with pytest.raises(BalanceBreaks, match=says):
        brought_in(book, tmp_path, lines)
    assert rows_of(book, "BankStatement", "line_id") == []
    assert balances(book) == []


def test_exports_that_overlap_count_no_line_and_no_balance_twice(book: MemoryBook, tmp_path: Path) -> None:
    brought_in(book, tmp_path, MARCH[:2])
    brought_in(book, tmp_path, [*reversed(APRIL), *reversed(MARCH[1:])])
    assert balances(book) == [
        ("20240305/77002", dt.date(2024, 3, 5), dt.date(2024, 3, 5), 1000, 1100),
        # The rest of March, and April: books are reconciled by the month.
        ("20240308/77004", dt.date(2024, 3, 8), dt.date(2024, 3, 8), 1100, 1500),
        ("20240401/77005", dt.date(2024, 4, 1), dt.date(2024, 4, 1), 1500, 1525),
    ]
    assert len(rows_of(book, "BankStatement", "line_id")) == 5


def test_a_line_that_comes_again_with_another_amount_is_refused(book: MemoryBook, tmp_path: Path) -> None:
    brought_in(book, tmp_path, MARCH)
    with pytest.raises(LineChanged, match="77004"):
        brought_in(book, tmp_path, [*MARCH[:3], "77004,6200,2024-03-08,CNY,-400.00,1600.00,Birch,"])


def test_an_export_of_the_next_day_opens_with_what_the_one_before_closed_with(book: MemoryBook, tmp_path: Path) -> None:
    brought_in(book, tmp_path, MARCH)
    with pytest.raises(DoesNotFollow, match=r"opens with 1510.*closes with 1500"):
        brought_in(book, tmp_path, ["77009,6200,2024-03-09,CNY,1.00,1511.00,Alder,"])


def test_an_export_without_balances_says_that_it_was_not_proved(book: MemoryBook, tmp_path: Path) -> None:
    header, lines = HEADER.replace("账户余额,", ""), [re.sub(r",[\d.]+,(?=\D)", ",", each, count=1) for each in MARCH]
    done = brought_in(book, tmp_path, lines, header=header)
    assert len(rows_of(book, "BankStatement", "line_id")) == 4
    assert balances(book) == []
    assert any(line.startswith("Not proved against balances") for line in done.lines)
    assert done.summary["notes"] == ["not_proved"]
    chinese = brought_in(MemoryBook(), tmp_path, lines, header=header, language="zh-CN")
    assert any(line.startswith("未与余额核对") for line in chinese.lines)


def test_accounts_and_statements_in_one_file_are_proved_each_for_itself(book: MemoryBook, tmp_path: Path) -> None:
    header = "Line ID,Account,Statement ID,Date,Currency,Amount,Balance,Payer\n"
    lines = [
        "1,A,S-1,2024-03-01,USD,5.00,15.00,x", "2,B,S-9,2024-03-01,JPY,500,700,x", "3,A,S-1,2024-03-02,USD,-1.00,,x",
        "4,B,S-9,2024-03-02,JPY,100,800,x", "5,A,S-1,2024-03-03,USD,2.00,16.00,x",
    ]  # fmt: skip
    brought_in(book, tmp_path, lines, header=header)
    told = rows_of(book, "BankBalances", "account", "statement_id", "currency", "opening", "closing")
    assert told == [("A", "S-1", "USD", 10, 16), ("B", "S-9", "JPY", 200, 800)]
    with pytest.raises(BalanceBreaks, match="line 6: "):
        brought_in(MemoryBook(), tmp_path, [each.replace("-1.00", "-1.01") for each in lines], header=header)


def test_a_map_may_say_which_column_the_balance_is(book: MemoryBook, tmp_path: Path) -> None:
    rules = tmp_path / "bank.toml"
    rules.write_text(
        'date_order = "dmy"\ndecimal = "comma"\n[[table]]\nname = "BankStatement"\nconstants = { account = "DE1" }\n'
        'columns = { line_id = "Nr", booked_on = "Buchung", amount = "Betrag", balance = "Saldo danach", currency = "W" }\n',
        encoding="utf-8",
    )
    header = "Nr;Buchung;Betrag;Saldo danach;W\n"
    lines = ["1;05.03.2024;1.000,00;3.500,00;EUR", "2;06.03.2024;-500,00;3.000,00;EUR"]
    brought_in(book, tmp_path, lines, header=header, table=None, map=rules)
    assert rows_of(book, "BankBalances", "account", "opening", "closing") == [("DE1", 2500, 3000)]
    with pytest.raises(BalanceBreaks, match=r"line 3: the balance is EUR 3000\.01"):
        brought_in(MemoryBook(), tmp_path, [lines[0], lines[1].replace("3.000,00", "3.000,01")], header=header,
                   table=None, map=rules)  # fmt: skip


def test_where_the_bank_numbers_no_line_its_balances_tell_one_from_another(book: MemoryBook, tmp_path: Path) -> None:
    header = HEADER.split(",", 1)[1]
    march, april = ([each.split(",", 1)[1] for each in lines] for lines in (MARCH, APRIL))
    brought_in(book, tmp_path, march[:3], header=header)
    # The next export is newest first, and overlaps; a comma of thousands is no other line.
    told = [each.replace("2000.00", '"2,000.00"') for each in [*march[1:], *april]]
    brought_in(book, tmp_path, told[::-1], header=header)
    assert rows_of(book, "BankStatement", "line_id", "amount") == [
        ("6200/20240305/100.50/1100.50", 100.5), ("6200/20240305/-0.50/1100.00", -0.5),
        ("6200/20240308/900.00/2000.00", 900), ("6200/20240401/25.00/1525.00", 25),
        ("6200/20240308/-500.00/1500.00", -500),
    ]  # fmt: skip
    assert [row[3:] for row in balances(book)] == [(1000, 2000), (2000, 1500), (1500, 1525)]
    again = brought_in(book, tmp_path, told, header=header)
    assert not again.writes_book


def test_money_that_goes_and_comes_back_the_same_day_is_two_lines(book: MemoryBook, tmp_path: Path) -> None:
    lines = ["6200,2024-03-05,5,105", "6200,2024-03-05,-5,100", "6200,2024-03-05,5,105"]
    brought_in(book, tmp_path, lines, header="账号,交易日期,金额,余额\n")
    assert [row[0] for row in rows_of(book, "BankStatement", "line_id")] == [
        "6200/20240305/5.00/105.00", "6200/20240305/-5.00/100.00", "6200/20240305/5.00/105.00/2",
    ]  # fmt: skip


def test_a_map_without_ids_gets_them_from_the_balances_too(book: MemoryBook, tmp_path: Path) -> None:
    rules = tmp_path / "bank.toml"
    rules.write_text(
        '[[table]]\nname = "BankStatement"\nconstants = { account = "DE1", currency = "EUR" }\n'
        'columns = { booked_on = "Buchung", amount = "Betrag", balance = "Saldo" }\n',
        encoding="utf-8",
    )
    brought_in(book, tmp_path, ["2024-03-05,1,3", "2024-03-06,2,5"], header="Buchung,Betrag,Saldo\n", table=None, map=rules)
    assert [row[0] for row in rows_of(book, "BankStatement", "line_id")] == [
        "DE1/20240305/1.00/3.00", "DE1/20240306/2.00/5.00",
    ]  # fmt: skip


def test_without_ids_and_balances_no_line_can_be_known(book: MemoryBook, tmp_path: Path) -> None:
    with pytest.raises(RequiredColumnsMissing, match="no column for line_id"):
        brought_in(book, tmp_path, ["6200,2024-03-05,5"], header="账号,交易日期,金额\n")


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        ("流水号,账号,交易日期,借方发生额,贷方发生额,余额\n", "0.00,100.50,1100.50", "0.50,,1100"),
        ("Line ID,Account,Date,Paid out,Paid in,Balance\n", ",100.50,1100.50", "-0.5,-,1100"),
    ],
)
def test_amounts_in_two_columns_are_one_signed_amount(
    header: str, first: str, second: str, book: MemoryBook, tmp_path: Path
) -> None:
    brought_in(book, tmp_path, [f"1,6200,2024-03-05,{first}", f"2,6200,2024-03-06,{second}"], header=header)
    assert sorted(rows_of(book, "BankStatement", "line_id", "amount")) == [("1", 100.5), ("2", -0.5)]
    assert [row[3:] for row in balances(book)] == [(1000, 1100)]


def test_a_line_with_an_amount_in_both_columns_is_an_issue_of_that_line(book: MemoryBook, tmp_path: Path) -> None:
    done = brought_in(book, tmp_path, ["1,6200,2024-03-05,3,4"], header="流水号,账号,交易日期,借方金额,贷方金额\n")
    assert done.has_errors
    assert any("line 2, Amount: Not a number" in line for line in done.lines)


def test_a_file_with_an_amount_keeps_its_columns_as_they_are() -> None:
    source = Source("a.csv", "", ("Amount", "Debit", "Credit"), (["1"], ["2"], [""]), [2])
    assert with_one_amount(source, ("amount",)) is source


LINES = st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 5).filter(bool), st.booleans()), min_size=1, max_size=8)


@given(st.integers(-9, 9), LINES, st.sampled_from(["as booked", "newest first", "days turned"]))
def test_any_list_of_lines_is_proved_to_its_balances_however_it_is_turned(
    opening: int, drawn: list[tuple[int, int, bool]], order: str
) -> None:
    booked, running = [], opening
    for at, (day, amount, is_told) in enumerate(sorted(drawn, key=lambda each: each[0])):
        running += amount
        booked.append(BookedLine(at, day, amount, running if is_told else None))
    if not any(line.balance is not None for line in booked):
        assert prove(booked) is None
        return
    listed = {
        "as booked": booked,
        "newest first": booked[::-1],
        "days turned": sorted(booked, key=lambda line: -line.day),
    }[order]
    proof = prove(listed)
    assert proof is not None
    assert proof.broken is None
    # With a day for each line and every balance told, there is one order only.
    if len({line.day for line in booked}) == len(booked):
        assert proof.lines == tuple(booked)
        assert (proof.before[0], proof.closing(len(booked) - 1)) == (opening, running)


@given(st.lists(st.integers(1, 9), min_size=3, max_size=8), st.data())
def test_a_changed_amount_is_found_at_its_line(amounts: list[int], data: st.DataObject) -> None:
    running, lines = 100, []
    for at, amount in enumerate(amounts):
        running += amount
        lines.append(BookedLine(at, at, amount, running))
    changed = data.draw(st.integers(1, len(lines) - 1))
    lines[changed] = lines[changed]._replace(amount=lines[changed].amount + 50)
    proof = prove(lines if data.draw(st.booleans()) else lines[::-1])
    assert proof is not None
    assert proof.broken is not None
    assert proof.broken.place == changed
    assert proof.broken.expected - proof.broken.found == 50
