"""What a close wrote reads back as the figures it came from (RULES §11), and what staff wrote beside it is never lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from tests.workbook.command import AS_OF, ClosedSample, duebook, small_workbook
from tests.workbook.memory_book import rows_of
from workbook.canonical_names import canonical_names
from workbook.closing import CLOSE_WRITES, close
from workbook.figures import Figures, work_out
from workbook.file_book import FileBook
from workbook.labels import WORDS, bucket_words
from workbook.port import Cell
from workbook.reading import ReadTable, read_rows
from workbook.reading_context import ReadingContext
from workbook.schema import DEFAULT_BUCKETS, TABLES
from workbook.staff_columns import OrphanedRemark

TOLD_FOR_PEOPLE: Mapping[str, set[str]] = {
    "OpenItems": {"name"},
    "Aging": {"name", "left_out_rows"},
    "Credit": {"name", "utilisation_digits", "utilisation_scale", "status_reason"},
    "Reminders": {
        "sent", "name", "contact_name", "email", "phone", "address", "language", "total_text", "overdue_text",
        "oldest_due_date_text",
    },
    "RemindersHeld": {"explanation"},
}  # fmt: skip
"""Columns that a table has besides the figures: names, contacts, texts."""


def frames(figures: Figures) -> Mapping[str, pd.DataFrame]:
    """Table → the frame of the figures that it holds."""
    return {
        "OpenItems": figures.open_items,
        "Applications": figures.applications,
        "Aging": figures.aging,
        "Credit": figures.credit,
        "Reminders": figures.messages,
        "ReminderItems": figures.message_items,
        "RemindersHeld": figures.held,
    }


def read_back(book: FileBook, table: str, *, base_currency: str) -> ReadTable:
    raw = book.read_table(table)
    assert raw is not None, table
    buckets = {code: bucket_words(code) for code in DEFAULT_BUCKETS}
    return read_rows(raw, TABLES[table], ReadingContext(base_currency, words={**WORDS, **buckets}))


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_table_reads_back_as_the_figures(
    language: str, sample_in_english: ClosedSample, sample_in_chinese: ClosedSample
) -> None:
    sample = sample_in_english if language == "en" else sample_in_chinese
    figures = work_out(FileBook(sample.book), as_of=sample.as_of)
    written = FileBook(sample.closed)
    assert written.language == language
    assert {*frames(figures), "Issues"} == set(CLOSE_WRITES)
    for name, frame in frames(figures).items():
        read = read_back(written, name, base_currency=figures.base_currency)
        assert read.issues == [], name
        assert len(read) == len(frame) > 0, name
        declared = {each for column in TABLES[name].columns for each in canonical_names(column)}
        figured = declared & set(frame.columns)
        assert declared - figured == TOLD_FOR_PEOPLE.get(name, set()), name
        for column in sorted(figured):
            assert list(read.columns[column]) == frame[column].tolist(), (name, column)


def test_names_contacts_and_percentages_read_back_too(sample_in_english: ClosedSample) -> None:
    book, base = FileBook(sample_in_english.closed), "CNY"
    customers = {row[0]: row[1:] for row in rows_of(book, "Customers", "customer_id", "name", "contact_name", "email")}
    for table in ("OpenItems", "Aging", "Credit"):
        named = rows_of(book, table, "customer_id", "name")
        assert [name for _, name in named] == [customers[customer][0] for customer, _ in named]
    for row in rows_of(book, "Reminders", "customer_id", "name", "contact_name", "email"):
        assert row[1:] == customers[row[0]]
    credit = read_back(book, "Credit", base_currency=base).frame()
    limited = credit[(credit["credit_limit_minor"] > 0) & (credit["exposure_minor"] >= 0)]
    assert len(limited) > 5
    for row in limited.to_dict("records"):
        used = row["utilisation_digits"] / 10 ** row["utilisation_scale"]
        covered = row["credit_limit_minor"] + row["guarantee_minor"]
        assert used == pytest.approx(row["group_exposure_minor"] / covered, abs=0.000051)


# What staff write beside our rows


def put_beside(book: FileBook, table: str, header: str, remarks: Mapping[str, Cell]) -> None:
    """Staff add a column to a table of ours, with a remark beside the rows of these keys, as Excel saves it."""
    raise NotImplementedError


def ran(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(18))
