"""What a close wrote reads back as the figures it came from (RULES §11), and what staff wrote beside it is never lost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.table import TableColumn

from functions.issues import SEVERITY
from tests.workbook.command import ClosedSample, small_workbook
from tests.workbook.memory_book import rows_of
from workbook.editing.table_layout import places_of
from workbook.file_book import FileBook
from workbook.labels import WORDS, bucket_words
from workbook.port import Cell, Columns
from workbook.reading.canonical_names import canonical_names
from workbook.reading.context import ReadingContext
from workbook.reading.rows import ReadTable, read_rows
from workbook.results.figures import Figures, work_out
from workbook.schema import DEFAULT_BUCKETS, TABLES
from workbook.tasks.closing import CLOSE_WRITES, close

TOLD_FOR_PEOPLE: Mapping[str, set[str]] = {
    "OpenItems": {"name"},
    "Aging": {"name", "left_out_rows"},
    "Credit": {"name", "utilisation_digits", "utilisation_scale", "status_reason"},
    "Reminders": {
        "sent", "name", "contact_name", "email", "phone", "address", "language", "total_text", "overdue_text",
        "oldest_due_date_text", "interest_minor", "interest_text", "subject", "body",
    },
    "RemindersHeld": {"explanation"},
}  # fmt: skip
"""Columns that a table has besides the figures: names, contacts, texts."""


@cache
def figures_of(sample: ClosedSample) -> Figures:
    """Worked out once more, from the workbook before it was closed."""
    return work_out(FileBook(sample.book), as_of=sample.as_of)


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
    figures = figures_of(sample)
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
    used = limited["utilisation_digits"] / 10.0 ** limited["utilisation_scale"]
    covered = limited["credit_limit_minor"] + limited["guarantee_minor"]
    assert used.tolist() == pytest.approx((limited["group_exposure_minor"] / covered).tolist(), abs=0.000051)


def test_issues_read_back_too(sample_in_english: ClosedSample) -> None:
    figures = figures_of(sample_in_english)
    written = FileBook(sample_in_english.closed)
    read = read_back(written, "Issues", base_currency=figures.base_currency).frame()
    rows: dict[tuple[str, str], dict[Hashable, Any]] = {(row["cell"], row["code"]): row for row in read.to_dict("records")}
    assert len(read) == len(rows) == len(figures.issues) > 0
    for issue in figures.issues:
        table = TABLES[issue.table]
        raw = written.read_table(table.name)
        assert raw is not None
        row = rows[issue.cell, issue.code]
        assert (row["table"], row["column"]) == (table.label.en, table[issue.column].label.en)
        assert (row["row"], row["severity"]) == (int(re.sub(".*[A-Z]", "", issue.cell)), SEVERITY[issue.code])
        keys = [raw.columns[places_of(raw, table)[key]][row["row"] - raw.first_row] for key in table.key]
        assert row["key"] == " / ".join(map(str, keys))


# What staff write beside our rows


def put_beside(path: Path, table: str, header: str, remarks: Mapping[str, Cell]) -> None:
    """Staff add a column to a table of ours in Excel, with remarks beside the rows that hold these words."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[FileBook(path).read_table(table).sheet]  # type: ignore[union-attr]
    listed = sheet.tables[table]
    bounds: tuple[Any, ...] = range_boundaries(listed.ref)
    left, top, right, bottom = bounds
    listed.tableColumns.append(TableColumn(id=len(listed.tableColumns) + 1, name=header))
    listed.ref = listed.autoFilter.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right + 1)}{bottom}"
    sheet.cell(top, right + 1).value = header
    for words, remark in remarks.items():
        values = list(sheet.iter_rows(top + 1, bottom, values_only=True))
        (at,) = (at for at, row in enumerate(values) if words in row)
        sheet.cell(top + 1 + at, right + 1).value = remark
    workbook.save(path)


def closed(path: Path, day: str) -> FileBook:
    """The workbook closed as of a day and saved, and opened again."""
    book = FileBook(path)
    close(book, as_of=dt.date.fromisoformat(day), ran_at=dt.datetime(2024, 6, 3, 9))
    book.save()
    return FileBook(path)


def remarks_at_the_foot(book: FileBook) -> list[tuple[Cell, ...]]:
    rows = rows_of(book, "Issues", "code", "severity", "table", "key", "column", "value")
    codes = [row[0] for row in rows]
    at = codes.index("remark_of_a_gone_row") if "remark_of_a_gone_row" in codes else len(rows)
    assert set(codes[at:]) <= {"remark_of_a_gone_row"}
    return [row[1:] for row in rows[at:]]


def beside(book: FileBook, table: str, key: str, header: str) -> dict[Cell, Cell]:
    """Key → what stands in staff's own column."""
    raw = book.read_table(table)
    assert raw is not None
    keys, remarks = raw.columns[places_of(raw, TABLES[table])[key]], raw.columns[raw.headers.index(header)]
    return {key: remark for key, remark in zip(keys, remarks, strict=True) if remark not in (None, "")}


def test_what_staff_write_beside_our_rows_is_never_lost(tmp_path: Path) -> None:
    three: Columns = {
        "invoice_id": ["INV-1", "INV-2", "INV-3"], "customer_id": ["C1", "C2", "C2"], "amount": [100, 250.5, "about 9"],
        "invoice_date": [dt.date(2024, 3, 1), dt.date(2024, 4, 2), dt.date(2024, 4, 3)],
    }  # fmt: skip
    path = small_workbook(tmp_path / "book.xlsx", Invoices=three)
    assert remarks_at_the_foot(closed(path, "2024-04-30")) == []
    put_beside(path, "OpenItems", "Called", {"INV-1": "Ann pays on Monday", "INV-2": dt.date(2024, 5, 2)})
    put_beside(path, "Issues", "Asked", {"about 9": "Bo looks it up"})

    # INV-1 is paid, and INV-3 is corrected: their rows are gone from Open items and Issues.
    book = FileBook(path)
    paid: Mapping[str, Cell] = {"receipt_id": "R-2", "customer_id": "C1", "receipt_date": dt.date(2024, 5, 6), "amount": 100}
    book.append_rows(TABLES["Receipts"], {key: [cell] for key, cell in paid.items()})
    book.update_rows(TABLES["Invoices"], [2], {"amount": [9]})
    book.save()
    gone = [
        ("Warning", "Open items", "INV-1", "Called", "Ann pays on Monday"),
        ("Warning", "Issues", "Invoices; INV-3; Amount; not_a_number", "Asked", "Bo looks it up"),
    ]
    book = closed(path, "2024-05-31")
    assert beside(book, "OpenItems", "item_id", "Called") == {"INV-2": dt.date(2024, 5, 2)}
    assert {item for (item,) in rows_of(book, "OpenItems", "item_id")} == {"INV-2", "INV-3"}
    assert remarks_at_the_foot(book) == gone

    # There they stay until staff delete them; a remark on one moves with it.
    put_beside(path, "Issues", "Done", {"Bo looks it up": "x"})
    book = FileBook(path)
    first = [code for (code,) in rows_of(book, "Issues", "code")].index("remark_of_a_gone_row")
    book.update_rows(TABLES["Issues"], [first], {key: [""] for key in TABLES["Issues"].keys})
    book.save()
    book = closed(path, "2024-05-31")
    assert remarks_at_the_foot(book) == gone[1:]
    assert beside(book, "Issues", "value", "Done") == {"Bo looks it up": "x"}
