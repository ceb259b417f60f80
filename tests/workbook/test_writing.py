"""What was written reads back as what it was (RULES §11): frames → cells → frames, for every kind of column."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.dates import FIRST_DAY, LAST_DAY, day_of
from functions.frames import NO_DAY, NO_MINOR
from functions.money import UnknownCurrency
from workbook.editing.planned_edits import appended, empty_table
from workbook.labels import WORDS
from workbook.reading.cell_parsing import NO_SCALE
from workbook.reading.context import ReadingContext
from workbook.reading.rows import ReadTable, read_rows
from workbook.results.writing import NoCurrency, codes_to_write, columns_to_write
from workbook.schema import TABLES
from workbook.table import Column, CurrencyOf, Kind, Owner, Table, Words

THINGS = Table(
    "Things", Words("Things", "物"), Owner.USER, key=("thing_id",),
    columns=(
        Column("thing_id", Words("Thing ID", "编号"), Kind.ID, is_required=True),
        Column("notes", Words("Notes", "备注"), Kind.TEXT),
        Column("made_on", Words("Made on", "日期"), Kind.DATE),
        Column("currency", Words("Currency", "币种"), Kind.ID),
        Column("amount", Words("Amount", "金额"), Kind.MONEY),
        Column("amount_base", Words("Amount (base)", "本位币金额"), Kind.MONEY, currency_of=CurrencyOf.BASE),
        Column("rate", Words("Rate", "费率"), Kind.RATE),
        Column("count", Words("Count", "数量"), Kind.INTEGER),
        Column("is_held", Words("Held", "暂存"), Kind.YES_NO),
        Column("channel", Words("Channel", "渠道"), Kind.CHOICE, choices=("email", "sms", "phone")),
    ),
)  # fmt: skip
"""A table with a column of every kind."""

MINORS = st.one_of(st.just(NO_MINOR), st.integers(-(2**51) + 1, 2**51 - 1))
# A rate is kept without zeros at its end: 0.30 is 0.3.
RATES = st.one_of(
    st.just((0, NO_SCALE)),
    st.tuples(st.integers(0, 10**9 - 1), st.integers(0, 9)).filter(lambda rate: rate[1] == 0 or rate[0] % 10 != 0),
)
TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=8)
ROWS = st.lists(
    st.fixed_dictionaries({
        "notes": TEXTS,
        "made_day": st.one_of(st.just(NO_DAY), st.integers(FIRST_DAY, LAST_DAY)),
        "currency": st.sampled_from(["CNY", "JPY", "KWD", "USD"]),
        "amount_minor": MINORS,
        "amount_base_minor": MINORS,
        "rate": RATES,
        "count": st.integers(-(2**51) + 1, 2**51 - 1),
        "is_held": st.booleans(),
        "channel": st.sampled_from(["", "email", "sms", "phone"]),
    }),
    min_size=1,
    max_size=12,
)  # fmt: skip


def frame_of(rows: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    frame["thing_id"] = [f"T{at:03}" for at in range(len(rows))]
    frame["rate_digits"] = np.array([row["rate"][0] for row in rows], np.int64)  # type: ignore[index]
    frame["rate_scale"] = np.array([row["rate"][1] for row in rows], np.int64)  # type: ignore[index]
    return frame.drop(columns="rate")


def read_back(frame: pd.DataFrame, language: str) -> ReadTable:
    cells = columns_to_write(THINGS, frame, language=language, base_currency="JPY")
    plan = appended(empty_table(THINGS, language), THINGS, cells)
    assert plan is not None
    return read_rows(plan.after, THINGS, ReadingContext("JPY", words=WORDS))


@given(rows=ROWS, language=st.sampled_from(["en", "zh-CN"]))
def test_every_kind_of_column_reads_back_as_it_was_written(rows: list[dict[str, object]], language: str) -> None:
    frame = frame_of(rows)
    read = read_back(frame, language)
    assert read.issues == []
    for name in frame.columns:
        assert list(read.columns[name]) == frame[name].tolist(), name


def test_cells_are_what_a_user_expects_to_see() -> None:
    frame = pd.DataFrame({
        "thing_id": ["00123", "A", "B"], "notes": ["=1+1", "", "x"], "made_day": [day_of(dt.date(2024, 1, 31)), NO_DAY, 0],
        "currency": ["CNY", "", "KWD"], "amount_minor": [-1205, 1205, NO_MINOR], "amount_base_minor": [7, NO_MINOR, 0],
        "rate_digits": [123, NO_MINOR, 0], "rate_scale": [4, 4, NO_SCALE], "count": [3, NO_MINOR, 0],
        "is_held": [True, False, True], "channel": ["sms", "", "phone"], "row": [0, 1, 2],
    })  # fmt: skip
    cells = columns_to_write(THINGS, frame, language="zh-CN", base_currency="JPY")
    assert cells == {
        "thing_id": ["00123", "A", "B"], "notes": ["=1+1", None, "x"],
        "made_on": [dt.date(2024, 1, 31), None, dt.date(1970, 1, 1)], "currency": ["CNY", None, "KWD"],
        "amount": [-12.05, 1205.0, None], "amount_base": [7.0, None, 0.0], "rate": [0.0123, None, None],
        "count": [3, None, 0], "is_held": ["是", "否", "是"], "channel": ["短信", None, "电话"],
    }  # fmt: skip
    codes = codes_to_write(THINGS, frame, base_currency="JPY")
    assert codes["is_held"] == [True, False, True]
    assert codes["channel"] == ["sms", None, "phone"]
    assert {key: cells[key] for key in cells if key not in ("is_held", "channel")} == {
        key: codes[key] for key in codes if key not in ("is_held", "channel")
    }


def test_only_the_columns_that_the_frame_has_are_written() -> None:
    frame = pd.DataFrame({"thing_id": ["A"], "rate_digits": [1], "unknown": [1]})
    assert columns_to_write(THINGS, frame, language="en", base_currency="CNY") == {"thing_id": ["A"]}


def test_amounts_whose_decimals_nobody_can_tell_are_not_written() -> None:
    frame = pd.DataFrame({"thing_id": ["A"], "amount_minor": [100]})
    with pytest.raises(NoCurrency, match=r"Things\.amount"):
        columns_to_write(THINGS, frame, language="en", base_currency="CNY")
    with pytest.raises(UnknownCurrency):
        columns_to_write(THINGS, frame.assign(currency="XXY"), language="en", base_currency="CNY")


def test_an_empty_report_has_its_columns_and_no_rows() -> None:
    frame = frame_of([{"made_day": 0, "currency": "CNY", "amount_minor": 0, "rate": (0, 0), "is_held": True}]).iloc[:0]
    cells = columns_to_write(THINGS, frame, language="en", base_currency="CNY")
    assert all(list(values) == [] for values in cells.values())
    assert set(cells) == {"thing_id", "made_on", "currency", "amount", "rate", "is_held"}


def test_the_declared_tables_have_no_two_columns_of_one_canonical_name() -> None:
    from workbook.reading.canonical_names import canonical_names

    for table in TABLES.values():
        names = [name for column in table.columns for name in canonical_names(column)]
        assert len(names) == len(set(names)), table.name
