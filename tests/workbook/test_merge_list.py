"""The mail-merge list of a day: what Word wants in the .xlsx, and a .csv that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

from tests.workbook.command import AS_OF, duebook
from workbook.file_book import FileBook
from workbook.schema import TABLES
from workbook.tasks.merge_list import merge_lists

HEADERS = list(TABLES["Reminders"].keys)


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory, _small_book: Path) -> tuple[Path, Path]:
    """The two lists of the small ledger, whose first customer has texts that look like formulas."""
    folder = tmp_path_factory.mktemp("lists") / "today"
    result = duebook("remind", _small_book, "--as-of", AS_OF, "--out", folder, "-o", folder.with_name("out.xlsx"))
    assert result.exit_code == 0, result.output
    files = folder / f"reminders-{AS_OF}.xlsx", folder / f"reminders-{AS_OF}.csv"
    assert result.stdout.splitlines()[-2:] == [str(file) for file in files]
    assert sorted(folder.iterdir()) == sorted(files)
    assert FileBook(_small_book).read_table("ReminderItems") is None
    return files


def test_the_workbook_has_its_headers_in_row_1_and_a_row_a_message(lists: tuple[Path, Path]) -> None:
    workbook = openpyxl.load_workbook(lists[0])
    sheet, _ = workbook.worksheets
    headers, *rows = sheet.iter_rows()
    assert [cell.value for cell in headers] == HEADERS
    assert [row[HEADERS.index("customer_id")].value for row in rows] == ["C1", "C2"]
    cells = dict(zip(HEADERS, rows[0], strict=True))
    assert (cells["total"].value, cells["total"].data_type) == (100, "n")
    assert (cells["oldest_due_date"].value, cells["oldest_due_date"].data_type) == (dt.datetime(2024, 3, 31), "d")
    assert (cells["total_text"].value, cells["oldest_due_date_text"].value) == ("USD 100.00", "2024-03-31")
    # Text stays text, whatever it begins with.
    assert [(cells[key].value, cells[key].data_type) for key in ("name", "contact_name", "phone", "address")] == [
        ("=1+1 & Sons", "s"), ("@Ann", "s"), ("+1 555 0100", "s"), ("-3 Quay Street", "s"),
    ]  # fmt: skip
    assert (
        workbook.defined_names["MergeList"].attr_text == f"Reminders!$A$1:${get_column_letter(len(HEADERS))}${1 + len(rows)}"
    )


def test_the_csv_neutralises_texts_and_leaves_numbers_alone(lists: tuple[Path, Path]) -> None:
    content = lists[1].read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")  # or Excel would take Chinese for something else
    first, second = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert list(first) == HEADERS
    assert [first[key] for key in ("name", "contact_name", "phone", "address")] == [
        "'=1+1 & Sons", "'@Ann", "'+1 555 0100", "'-3 Quay Street",
    ]  # fmt: skip
    assert [second[key] for key in ("name", "total", "total_text")] == ["Second Ltd", "200.0", "USD 200.00"]
    # Two days are still to run.
    assert second["max_days_overdue"] == "-2"
    assert (first["max_days_overdue"], first["overdue"]) == ("30", "100.0")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra", "＝1", "＋1", "－1", "＠a"])
def test_every_beginning_of_a_formula_is_neutralised(text: str) -> None:
    messages = pd.DataFrame({"message_id": [text], "items": [-1]})
    ((_, content),) = [
        each for each in merge_lists(messages, Path("lists"), as_of=AS_OF).items() if each[0].suffix == ".csv"
    ]
    _, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert row == [f"'{text}", "-1"]
