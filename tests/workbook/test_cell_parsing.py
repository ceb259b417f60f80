"""Cells → values: lenient where one meaning is possible, an issue where two are (RULES §12)."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.dates import FIRST_DAY, LAST_DAY, date_of, day_of
from functions.frames import NO_DAY, NO_MINOR
from workbook.port import Cell
from workbook.reading.cell_parsing import (
    NO_SCALE,
    DateOrder,
    DecimalMark,
    Unreadable,
    choice_lookup,
    choices,
    dates,
    ids,
    integers,
    money,
    rates,
    read_number,
    texts,
    yes_no,
)
from workbook.table import Words

LEDGER_DATES = st.dates(date_of(FIRST_DAY), date_of(LAST_DAY))


# Ids and texts


@pytest.mark.parametrize("typed", ["A-17", " A-17\t", "\xa0A-17\xa0", "\u200bA-17\ufeff", "\u3000A-１７", "A-17\u200e\n"])
def test_what_cannot_be_seen_around_an_id_is_not_part_of_it(typed: str) -> None:
    assert ids([typed]).values == ["A-17"]
    assert ids([typed, None]).values == ["A-17", ""]


def test_leading_zeros_make_another_id() -> None:
    assert ids(["00123", "123", 123.0]).values == ["00123", "123", "123"]


def test_a_number_is_warned_of_only_where_the_same_id_is_also_text() -> None:
    assert ids([1001.0, 1002.0, "1003"]).flaws == []
    assert ids([1001.0, 1002, "1002", ""]).flaws == [(1, "number_as_id")]


@pytest.mark.parametrize("typed", [12.5, 1e15, True, dt.date(2024, 1, 5), dt.timedelta(1)])
def test_what_excel_made_of_an_id_cannot_be_undone(typed: Cell) -> None:
    assert ids(["A", typed]).values == ["A", ""]
    assert ids(["A", typed]).flaws == [(1, "not_an_id")]


@pytest.mark.parametrize("typed", ["A\nB", "A\x1fB", "A\tB"])
def test_an_id_of_two_lines_is_an_issue(typed: str) -> None:
    found = ids(["A", typed, "B"])
    assert (found.values, found.flaws) == (["A", "", "B"], [(1, "id_with_control_characters")])


def test_texts_take_what_is_there_and_keep_what_is_inside() -> None:
    found = texts([" 上海  ＡＢＣ １号\n", 13800138000.0, 0.5, dt.date(2024, 1, 5), True, None])
    assert found.values == ["上海  ＡＢＣ １号", "13800138000", "0.5", "2024-01-05", "TRUE", ""]
    assert found.flaws == []


# Dates


@given(LEDGER_DATES, st.sampled_from(["", " 23:59", "T00:00:00", " 9:05:07.25 PM"]))
def test_every_spelling_that_begins_with_the_year_is_read(day: dt.date, time: str) -> None:
    spellings = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y.%m.%d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f" {day.year} 年 {day.month} 月 {day.day} 日\xa0",
    ]
    written: list[Cell] = [spelling + time for spelling in spellings]
    wide = day.isoformat().translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    found = dates([*written, wide, day, dt.datetime(day.year, day.month, day.day, 23, 59), float(f"{day:%Y%m%d}")])
    assert found.flaws == []
    assert set(found.values.tolist()) == {day_of(day)}


@given(LEDGER_DATES)
def test_the_order_of_day_and_month_is_said_or_the_date_is_an_issue(day: dt.date) -> None:
    dmy, mdy = f"{day.day}/{day.month}/{day.year}", f"{day:%m-%d-%Y}"
    assert dates([dmy, mdy]).flaws == [(0, "ambiguous_date"), (1, "ambiguous_date")]
    assert dates([dmy], date_order="dmy").values.tolist() == [day_of(day)]
    assert dates([mdy], date_order="mdy").values.tolist() == [day_of(day)]
    assert dates([dmy], date_order="ymd").flaws == [(0, "ambiguous_date")]


@pytest.mark.parametrize(
    ("typed", "order", "code"),
    [
        ("13/02/2012", None, "ambiguous_date"),  # a column that holds one may hold 05/02/2012 too
        ("13/02/2012", "mdy", "not_a_date"),
        ("32/13/2012", None, "not_a_date"),
        ("24/01/05", None, "ambiguous_date"),
        ("01/05/85", "dmy", "ambiguous_date"),  # 1985 or 2085
        ("2024-02-30", None, "not_a_date"),
        ("2024-01/05", None, "not_a_date"),
        ("2024-01-05 25:00", None, "not_a_date"),
        ("2024-01-05T16:00:00Z", None, "not_a_date"),  # the next day in China
        ("45321", None, "not_a_date"),
        ("soon", None, "not_a_date"),
        (True, None, "not_a_date"),
        (dt.time(9), None, "not_a_date"),
        (-1.0, None, "not_a_date"),
        (20241350.0, None, "not_a_date"),
        (20240105.5, None, "not_a_date"),
        ("1979-12-31", None, "date_out_of_range"),
        (dt.date(2100, 1, 1), None, "date_out_of_range"),
        (29220.0, None, "date_out_of_range"),
        (22040105.0, None, "date_out_of_range"),
    ],
)
def test_a_date_that_cannot_be_told_is_an_issue(typed: Cell, order: DateOrder | None, code: str) -> None:
    found = dates([dt.date(2024, 1, 5), typed, ""], date_order=order)
    assert found.flaws == [(1, code)]
    assert found.values.tolist() == [day_of(dt.date(2024, 1, 5)), NO_DAY, NO_DAY]


def test_two_digit_years_follow_the_order_that_was_said() -> None:
    assert dates(["05/01/79"], date_order="dmy").values.tolist() == [day_of(dt.date(2079, 1, 5))]
    assert dates(["05/01/80"], date_order="dmy").flaws == [(0, "ambiguous_date")]
    assert dates(["24/01/05"], date_order="ymd").values.tolist() == [day_of(dt.date(2024, 1, 5))]
    assert dates(["05.01.24 10:30"], date_order="dmy").values.tolist() == [day_of(dt.date(2024, 1, 5))]


def test_a_bare_serial_number_counts_in_the_date_system_of_its_workbook() -> None:
    assert dates([45296.75, 45296, ""]).values.tolist() == [day_of(dt.date(2024, 1, 5))] * 2 + [NO_DAY]
    assert dates([43834.0], is_1904=True).values.tolist() == [day_of(dt.date(2024, 1, 5))]


def test_days_are_those_between_1980_and_2099() -> None:
    edges = [dt.date(1980, 1, 1), dt.date(2099, 12, 31)]
    assert dates(edges).flaws == []
    assert dates([29221.0, 73050.0]).values.tolist() == [day_of(edge) for edge in edges]


# Numbers written as text


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1,234.56", "1234.56"), ("1.234,56", "1234.56"), ("1,234,567", "1234567"), ("1.234.567", "1234567"),
        ("12,5", "12.5"), ("1234,567", "1234.567"), ("0.125", "0.125"), ("1 234,567", "1234.567"),
        ("1\u202f234\xa0567.5", "1234567.5"), ("1'234.50", "1234.50"), ("12,34,567.89", "1234567.89"), (".5", "0.5"),
        ("7.", "7"), ("００１２．５０", "12.50"), ("¥1,234.50", "1234.50"), ("￥１２", "12"), ("US$ 12.5", "12.5"),
        ("12.5 €", "12.5"), ("100元", "100"), ("+12", "12"), ("-12.5", "-12.5"), ("\u221212.5", "-12.5"),
        ("12.5-", "-12.5"), ("(12.5)", "-12.5"), ("（１２．５）", "-12.5"), ("-$12", "-12"), ("$-12", "-12"),
        ("($1,234.00)", "-1234.00"),
    ],
)  # fmt: skip
def test_a_number_that_has_one_meaning_is_read(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "point", "comma"),
    [
        ("1,234", "1234", "1.234"), ("1.234", "1.234", "1234"), ("-12.345", "-12.345", "-12345"),
        ("¥123,456", "123456", "123.456"),
    ],
)  # fmt: skip
def test_comma_or_point_is_said_or_the_number_is_an_issue(typed: str, point: str, comma: str) -> None:
    with pytest.raises(Unreadable, match="ambiguous_number"):
        read_number(typed)
    assert read_number(typed, decimal="point") == Decimal(point)
    assert read_number(typed, decimal="comma") == Decimal(comma)


@pytest.mark.parametrize(
    "typed",
    ["", "-", "n/a", "1,2,3", "1.2.3", "12,3456,789", "1,234.5.6", "--5", "-5-", "(5", "(-5)", "1e5", "5%", "٣", "5²"],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable, match="not_a_number"):
        read_number(typed)


def test_long_runs_of_spaces_are_read_in_one_pass() -> None:
    gap = " " * 30_000  # with the square of it in steps, these would take minutes
    assert money(["-" + gap + "x", "5" + gap + "x", gap + "5" + gap], exponent=0).values.tolist() == [NO_MINOR, NO_MINOR, 5]
    assert dates(["2024年1月5" + gap + "x", "2024" + gap + "x"]).flaws == [(0, "not_a_date"), (1, "not_a_date")]
    assert ids([gap + "A" + gap + "B" + gap]).values == ["A" + gap + "B"]
    assert yes_no(["x" + gap + "x"]).flaws == [(0, "not_yes_no")]


@given(
    st.decimals(-(10**9), 10**9, places=3), st.integers(0, 3), st.sampled_from(["", ",", "."]), st.sampled_from([".", ","])
)
def test_a_number_is_never_read_as_another(number: Decimal, places: int, group: str, mark: str) -> None:
    if group == mark:
        group = ""
    number = round(number, places)
    written = f"{number:,.{places}f}".translate({ord(","): group, ord("."): mark})
    decimal: DecimalMark = "point" if mark == "." else "comma"
    assert read_number(written, decimal=decimal) == number
    assert _read_or_refused(written) in (number, "ambiguous_number")


def _read_or_refused(text: str) -> Decimal | str:
    try:
        return read_number(text)
    except Unreadable as unreadable:
        return unreadable.code


# Money


@given(st.lists(st.tuples(st.integers(-(2**51) + 1, 2**51 - 1), st.sampled_from([0, 2, 3, 4])), min_size=1))
def test_amounts_that_were_written_are_read_back(amounts: list[tuple[int, int]]) -> None:
    minors = [minor for minor, _ in amounts]
    exponents = np.array([exponent for _, exponent in amounts])
    as_floats = [minor / 10**exponent for minor, exponent in amounts]
    as_texts = [f"{Decimal(minor).scaleb(-exponent):f}" for minor, exponent in amounts]
    assert money(as_floats, exponent=exponents).values.tolist() == minors
    assert money(as_floats, exponent=exponents).flaws == []
    assert money([None, *as_floats], exponent=np.array([2, *exponents])).values.tolist() == [NO_MINOR, *minors]
    assert money(as_texts, exponent=exponents, decimal="point").values.tolist() == minors


def test_float_noise_is_not_a_decimal() -> None:
    assert money([0.1 + 0.2, "0.30000000000000004", 1.1 * 3, ""], exponent=2).values.tolist() == [30, 30, 330, NO_MINOR]


@pytest.mark.parametrize("typed", [1.005, 0.001, -12.345, 123456789.123, "1.0051", "0.005"])
def test_more_decimals_than_the_currency_has_are_not_rounded(typed: Cell) -> None:
    found = money([1.0, typed], exponent=2)
    assert (found.values.tolist(), found.flaws) == ([100, NO_MINOR], [(1, "too_many_decimals")])


@pytest.mark.parametrize("sign", [1, -1])
def test_amounts_end_below_two_to_the_fifty_first(sign: int) -> None:
    largest = sign * (2**51 - 1)
    assert money([float(largest), largest, str(largest)], exponent=0).values.tolist() == [largest] * 3
    beyond: list[Cell] = [sign * 2.0**51, sign * 2**51, str(sign * 2**51), sign * 1e300, sign * 10**400, f"{sign * 10**30}"]
    found = money(beyond, exponent=0)
    assert found.flaws == [(at, "amount_too_large") for at in range(len(beyond))]
    assert set(found.values.tolist()) == {NO_MINOR}
    assert money([sign * 1e300], exponent=2).flaws == [(0, "amount_too_large")]


def test_each_row_has_the_decimals_of_its_currency() -> None:
    found = money([500.0, 500.5, 0.125, "0.125"], exponent=np.array([0, 0, 3, 2]))
    assert found.values.tolist() == [500, NO_MINOR, 125, NO_MINOR]
    assert found.flaws == [(1, "too_many_decimals"), (3, "too_many_decimals")]


def test_what_is_no_amount_is_an_issue_and_a_blank_is_not() -> None:
    column: list[Cell] = [True, dt.date(2024, 1, 5), "abc", "1,234", float("nan"), float("inf"), "", " \xa0", None]
    found = money(column, exponent=2)
    codes = ["not_a_number"] * 3 + ["ambiguous_number"] + ["not_a_number"] * 2
    assert found.flaws == list(enumerate(codes))
    assert set(found.values.tolist()) == {NO_MINOR}


# Rates and whole numbers


@given(st.integers(0, 10**9 - 1), st.integers(0, 18))
def test_a_rate_of_nine_digits_is_exact(digits: int, scale: int) -> None:
    number = Decimal(digits).scaleb(-scale)
    column: list[Cell] = [float(number), f"{number:f}", f"{number.scaleb(2):f}%"]
    found = rates(column, decimal="point")
    assert found.flaws == []
    for read_digits, read_scale in zip(found.values.digits.tolist(), found.values.scale.tolist(), strict=True):
        assert Decimal(read_digits).scaleb(-read_scale) == number


def test_a_rate_is_what_was_typed_not_what_a_float_makes_of_it() -> None:
    found = rates([0.0000612, 0.1 + 0.2, 14.999999999999998, 7.25, "18.25 %", 7, ""])
    assert found.values.digits.tolist() == [612, 3, 15, 725, 1825, 7, 0]
    assert found.values.scale.tolist() == [7, 1, 0, 2, 4, 0, NO_SCALE]
    assert found.flaws == []


@pytest.mark.parametrize("typed", [1 / 3, 7.123456789, 1e9, 1e-19, -0.5, True, "a", "5%%", dt.date(2024, 1, 5)])
def test_what_is_no_rate_is_an_issue(typed: Cell) -> None:
    found = rates([typed])
    assert found.flaws == [(0, "not_a_rate")]
    assert found.values.scale.tolist() == [NO_SCALE]


def test_a_ratio_that_is_shown_may_be_negative_and_long() -> None:
    found = rates([-0.0059, 100_000.0001, 1e15], is_signed=True)
    assert found.values.digits.tolist() == [-59, 1_000_000_001, 0]
    assert found.values.scale.tolist() == [4, 4, NO_SCALE]
    assert found.flaws == [(2, "not_a_rate")]


def test_whole_numbers_are_whole() -> None:
    found = integers([30.0, "３０", -7, "-7", "", 1.5, "30 days", True, 2.0**51])
    assert found.values.tolist() == [30, 30, -7, -7] + [0] * 5
    assert found.flaws == [(at, "not_an_integer") for at in (5, 6, 7, 8)]


# Words


def test_a_choice_is_its_code_or_its_word_in_either_language() -> None:
    words = {"credit_note": Words("Credit memo", "贷项通知单"), "invoice": Words("Bill", "发票")}
    column = ["credit_note", "CREDIT  NOTE", "Ｃredit memo", "贷项通知单", " bill\xa0", "", None, "refund", 5.0]
    found = choices(column, choice_lookup(words, words))
    assert found.values == ["credit_note"] * 4 + ["invoice", "", "", "", ""]
    assert found.flaws == [(7, "not_a_choice"), (8, "not_a_choice")]


def test_yes_and_no_in_both_languages() -> None:
    yes: list[Cell] = ["Yes", "Y", "TRUE", "1", "是", "x", "Ｘ", True, 1.0, 1]
    no: list[Cell] = ["no", "N", "false", "0", "否", False, 0.0, 0, "", " ", None]
    assert yes_no(yes).values.tolist() == [True] * len(yes)
    assert yes_no(no).values.tolist() == [False] * len(no)
    assert yes_no([*yes, *no]).flaws == []


def test_an_x_beside_ticks_may_mean_either() -> None:
    assert yes_no(["√", "x", ""]).flaws == [(1, "not_yes_no")]
    assert yes_no(["√", "✓", ""]).values.tolist() == [True, True, False]
    assert yes_no(["perhaps", 2.0, "×"]).flaws == [(at, "not_yes_no") for at in range(3)]
