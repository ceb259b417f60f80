"""The command line as users and other programs meet it: what it says, what it writes, and with which status it ends."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.workbook.command import AS_OF, ClosedSample, duebook, small_workbook
from tests.workbook.memory_book import rows_of
from workbook.file_book import FileBook
from workbook.port import Cell, Columns
from workbook.sample import FEWEST_CUSTOMERS, FEWEST_INVOICES, sample_ledger
from workbook.schema import TABLES
from workbook.tasks import TASKS
from workbook.template.new_workbook import new_workbook

ROOT = Path(__file__).parents[2]


def summary_of(task: str, book: Path, *options: object) -> dict[str, Any]:
    """The JSON summary of a task that is not refused."""
    target = book.with_name(f"{task}.json")
    result = duebook(task, book, *options, "--json", target)
    assert result.exit_code in (0, 1), result.output
    summary: dict[str, Any] = json.loads(target.read_text("utf-8"))
    return summary


# Exit status


def test_warnings_alone_end_with_0(tmp_path: Path) -> None:
    twice: Columns = {
        "invoice_id": ["INV-1"] * 2, "customer_id": ["C1"] * 2, "invoice_date": [AS_OF] * 2, "amount": [100] * 2
    }  # fmt: skip
    result = duebook("check", small_workbook(tmp_path / "book.xlsx", Invoices=twice), "--as-of", AS_OF)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("warning: Invoices!A3 (Invoices.invoice_id): The same row twice")
    assert result.stdout.splitlines()[-1] == "0 errors, 1 warnings"


def test_a_bad_cell_ends_with_1_and_never_stops_a_run(tmp_path: Path) -> None:
    bad: Columns = {
        "invoice_id": ["INV-1", "INV-2"], "customer_id": ["C1", "C2"], "invoice_date": [AS_OF, "05/04/2024"],
        "amount": [100, 250.5],
    }  # fmt: skip
    book = small_workbook(tmp_path / "book.xlsx", Invoices=bad)
    result = duebook("close", book, "--as-of", AS_OF, "--json", tmp_path / "summary.json")
    assert result.exit_code == 1
    told = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    left_out = {"left_out_rows": 1, "left_out_amounts": {"Invoices": {"USD": "250.50"}}}
    assert told["issues"] == {"error": 1, "warning": 0, **left_out}
    assert told["currencies"]["USD"]["not_due"] == "100.00"
    ((cell, code, value),) = rows_of(FileBook(book), "Issues", "cell", "code", "value")
    assert re.fullmatch(r"Invoices!\w+3", str(cell))
    assert (code, value) == ("ambiguous_date", "05/04/2024")


def test_the_sample_closes_with_warnings_only_into_another_file(sample_in_english: ClosedSample) -> None:
    assert sample_in_english.result.exit_code == 0, sample_in_english.result.output
    assert sample_in_english.summary["issues"]["error"] == 0
    assert sample_in_english.summary["issues"]["warning"] > 0
    assert sample_in_english.book.read_bytes() == sample_in_english.bytes_before


def test_another_file_is_written_even_where_nothing_changes(small_book: Path, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer_id,name\nC2,Second Ltd\n")
    result = duebook("import", small_book, tmp_path / "customers.csv", "--table", "Customers", "-o", tmp_path / "out.xlsx")
    assert result.exit_code == 0
    assert (tmp_path / "out.xlsx").read_bytes() == small_book.read_bytes()


# The summary


def test_the_summary_has_the_keys_that_its_page_describes(sample_in_english: ClosedSample) -> None:
    page = (ROOT / "docs" / "json-summary.md").read_text("utf-8")
    first, second, _ = re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE)
    described = {name.rpartition(".")[2] for name in _names(first, of_keys=True)}
    summary = dict(sample_in_english.summary)
    currencies, base, reminders = summary["currencies"], summary["base"], summary["reminders"]
    written = {*summary, *base, *reminders, *summary["issues"], *(key for totals in currencies.values() for key in totals)}
    written |= {"receipt", *sample_in_english.receipt}
    assert {"not_due", "d1_30", "d31_60", "over_120", "open_items", "messages", "left_out_rows"} <= described <= written
    everywhere = {part for name in _names(first, of_keys=False) for part in name.split(".")}
    assert written - everywhere == {"d61_90", "d91_120"}  # the page's "…"
    assert (
        {key for check in summary["tie_out"] for key in check} == {"name", "currency", "holds", "difference"} <= everywhere
    )
    assert {check["name"] for check in summary["tie_out"]} == set(_names(second, of_keys=True))


def _names(table: str, *, of_keys: bool) -> list[str]:
    """What stands in backticks in a table's first column, or in all of it."""
    return [name for row in table.splitlines() for name in re.findall("`([^`]+)`", row.split("|")[1] if of_keys else row)]


def test_the_summary_says_what_stands_in_the_workbook(sample_in_english: ClosedSample) -> None:
    summary, book = sample_in_english.summary, FileBook(sample_in_english.closed)
    assert (summary["as_of"], summary["known_on"]) == (sample_in_english.as_of.isoformat(), None)
    assert summary["customers"] == len(rows_of(book, "Customers", "customer_id"))
    items = rows_of(book, "OpenItems", "currency", "open")
    for currency, totals in summary["currencies"].items():
        amounts = {key: Decimal(text) for key, text in totals.items() if key != "open_items"}
        assert all(re.fullmatch(r"-?\d+\.\d\d", totals[key]) for key in amounts)
        buckets = [amount for key, amount in amounts.items() if re.match("not_due|d[0-9]|over", key)]
        opens = [Decimal(str(amount)) for of, amount in items if of == currency]
        assert sum(buckets) == sum(opens)
        assert totals["open_items"] == len(opens)
        assert sum(buckets) + amounts["unapplied"] == amounts["balance"]
        assert amounts["debit_balances"] + amounts["credit_balances"] == amounts["balance"]
    assert sum(totals["open_items"] for totals in summary["currencies"].values()) == len(items)
    breaches = [customer for customer, left in rows_of(book, "Credit", "customer_id", "headroom") if _below_zero(left)]
    assert summary["over_limit"] == breaches != []
    assert summary["reminders"]["messages"] == len(rows_of(book, "Reminders", "message_id")) > 0
    assert sum(summary["reminders"]["held"].values()) == len(rows_of(book, "RemindersHeld", "item_id"))
    severities = Counter(str(severity).lower() for (severity,) in rows_of(book, "Issues", "severity"))
    assert severities == {"warning": summary["issues"]["warning"]}
    assert all(check["holds"] and Decimal(check["difference"]) == 0 for check in summary["tie_out"])


def _below_zero(cell: Cell) -> bool:
    return isinstance(cell, int | float) and cell < 0


# What the figures do not depend on


def test_the_order_of_rows_changes_nothing(sample_in_english: ClosedSample, tmp_path: Path) -> None:
    rows = sample_ledger(seed=1, customers=FEWEST_CUSTOMERS, invoices=FEWEST_INVOICES, as_of=sample_in_english.as_of)
    book = tmp_path / "shuffled.xlsx"
    shuffled = {name: _shuffled(columns) for name, columns in rows.items() if name != "Settings"}
    new_workbook(book, language="en", currency="CNY", rows={**shuffled, "Settings": rows["Settings"]})
    assert shuffled["Invoices"] != rows["Invoices"]
    assert summary_of("check", book, "--as-of", sample_in_english.as_of) == sample_in_english.summary


def _shuffled(columns: Columns) -> Columns:
    rows = list(zip(*columns.values(), strict=True))
    random.Random(7).shuffle(rows)
    return dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)) if rows else columns


def test_what_happens_after_the_day_changes_nothing(sample_in_english: ClosedSample, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(sample_in_english.closed.read_bytes())
    opened = FileBook(book)
    item, invoice, customer, open_amount = rows_of(opened, "OpenItems", "item_id", "invoice_id", "customer_id", "open")[0]
    later = sample_in_english.as_of + dt.timedelta(days=1)
    of_customer = {"customer_id": customer}
    events: Mapping[str, Mapping[str, Cell]] = {
        "Invoices": {"invoice_id": "NEW-1", **of_customer, "invoice_date": later, "due_date": later, "amount": 5},
        "Receipts": {"receipt_id": "NEW-R", **of_customer, "receipt_date": later, "amount": open_amount},
        "Allocations": {"receipt_id": "NEW-R", "invoice_id": invoice, "amount": 1, "allocated_on": later},
        "WriteOffs": {"invoice_id": invoice, "amount": 1, "written_off_on": later, "reason": "Bad debt"},
        "RepaymentPlans": {"plan_id": "NEW-P", "invoice_id": invoice, "due_date": later, "amount": 1, "agreed_on": later},
        "Activities": {"activity_date": later, **of_customer, "outcome": "Promised to pay", "promise_date": later},
        "LegalCases": {**of_customer, "opened_on": later},
        "ExchangeRates": {"rate_date": later, "currency": "USD", "rate": 9},
        "ReminderLog": {"message_id": "M", "sent_on": later, **of_customer, "item_id": item, "level": 9},
        "CustomerHistory": {**of_customer, "changed_on": later, "field": "notes", "old_value": "before", "new_value": ""},
    }
    for table, cells in events.items():
        opened.append_rows(TABLES[table], {key: [cell] for key, cell in cells.items()})
    opened.save()
    assert summary_of("check", book, "--as-of", sample_in_english.as_of) == sample_in_english.summary
    assert summary_of("check", book, "--as-of", later) != sample_in_english.summary


# Who is named


def test_logs_name_customers_by_id_only(sample_in_english: ClosedSample, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(sample_in_english.closed.read_bytes())
    customers = rows_of(FileBook(book), "Customers", "customer_id", "name", "contact_name", "email", "phone")
    # What cannot be used is said without being repeated.
    lines = [f'{customer},"{name}","{name}","{name}"' for customer, name, *_ in customers]
    (tmp_path / "again.csv").write_text("\n".join(["customer_id,name,limit_expires_on,channel", *lines]), "utf-8")
    said = [sample_in_english.result.output, json.dumps(sample_in_english.summary, ensure_ascii=False)]
    for task, *options, status in (
        ("check", "--as-of", sample_in_english.as_of, 0),
        ("import", tmp_path / "again.csv", "--table", "Customers", "-o", tmp_path / "out.xlsx", 1),
    ):
        result = duebook(task, book, *options, "--json", tmp_path / "summary.json")
        assert result.exit_code == status, result.output
        said += [result.output, (tmp_path / "summary.json").read_text("utf-8")]
    runs = rows_of(FileBook(book), "RunLog", *TABLES["RunLog"].keys)
    assert len(runs) == 1
    said += [str(cell) for cell in runs[0]]

    everything = "\n".join(said)
    assert sample_in_english.summary["over_limit"][0] in everything
    persons = {str(cell) for _, *cells in customers for cell in cells if cell is not None}
    assert len(persons) > 3 * FEWEST_CUSTOMERS
    assert {person for person in persons if person in everything} == set()


# Reminders


@dataclass(frozen=True)
class Reminded:
    """A closed sample in Chinese, twice reminded on one day with --mark-sent, the first time in English."""

    lines: list[Cell]
    logged: list[tuple[Cell, ...]]
    held: list[tuple[Cell, ...]]
    first: dict[str, Any]
    second: dict[str, Any]
    logged_then: list[tuple[Cell, ...]]


@pytest.fixture(scope="module")
def reminded(sample_in_chinese: ClosedSample, tmp_path_factory: pytest.TempPathFactory) -> Reminded:
    book = tmp_path_factory.mktemp("reminded") / "book.xlsx"
    book.write_bytes(sample_in_chinese.closed.read_bytes())
    before = len(rows_of(FileBook(book), "ReminderLog", "item_id"))
    day = ("--as-of", sample_in_chinese.as_of, "--mark-sent")

    def logged() -> list[tuple[Cell, ...]]:
        return rows_of(FileBook(book), "ReminderLog", "item_id", "sent_on")[before:]

    first = summary_of("remind", book, *day, "--language", "en")
    once, held = logged(), rows_of(FileBook(book), "RemindersHeld", "reason", "explanation")
    second = summary_of("remind", book, *day)
    lines = [item for (item,) in rows_of(FileBook(sample_in_chinese.closed), "ReminderItems", "item_id")]
    return Reminded(lines, once, held, first, second, logged())


def test_reminders_marked_as_sent_are_not_proposed_again_that_day(
    reminded: Reminded, sample_in_english: ClosedSample
) -> None:
    assert reminded.first["reminders"] == sample_in_english.summary["reminders"]
    assert Counter(item for item, _ in reminded.logged) == Counter(reminded.lines) != Counter()
    assert {sent_on for _, sent_on in reminded.logged} == {sample_in_english.as_of}

    assert reminded.second["reminders"]["messages"] == 0
    assert reminded.logged_then == reminded.logged
    held = sum(reminded.first["reminders"]["held"].values())
    assert sum(reminded.second["reminders"]["held"].values()) == held + len(reminded.lines)


# Languages


def test_a_chinese_workbook_speaks_chinese(sample_in_english: ClosedSample, sample_in_chinese: ClosedSample) -> None:
    assert sample_in_chinese.summary == sample_in_english.summary
    assert sample_in_chinese.result.stdout.startswith("截至 2024-05-31\n")
    book = FileBook(sample_in_chinese.closed)
    held = book.read_table("RemindersHeld")
    assert held is not None
    assert (held.sheet, held.headers[0], held.headers[-1]) == ("暂缓催款", "未清项编号", "说明")
    for table, *keys in (
        ("RemindersHeld", "reason", "explanation"), ("OpenItems", "kind", "bucket", "is_disputed"), ("Credit", "status"),
        ("Issues", "severity", "what_to_do"), ("Reminders", "channel"),
    ):  # fmt: skip
        cells = [cell for row in rows_of(book, table, *keys) for cell in row]
        assert cells, table
        assert [cell for cell in cells if not re.search("[\u4e00-\u9fff]", str(cell))] == [], table


def test_the_language_of_one_run_can_be_another(reminded: Reminded) -> None:
    assert ("Do not remind", "The customer is marked not to be reminded.") in reminded.held
    assert [words for row in reminded.held for words in row if re.search("[\u4e00-\u9fff]", str(words))] == []


# The demo, and the program as it is installed


def test_a_second_demo_leaves_the_first_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "duebook-demo").mkdir()
    assert duebook("demo").exit_code == 0
    assert (tmp_path / "duebook-demo-2" / "receivables.xlsx").exists()
    assert list((tmp_path / "duebook-demo").iterdir()) == []


def test_the_demo_closes_a_sample_and_names_the_files_to_open(tmp_path: Path) -> None:
    result = duebook("demo", tmp_path / "demo")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    files = [Path(line) for line in lines[lines.index("Files to open:") + 1 :]]
    assert [file.suffix for file in files] == [".xlsx", ".xlsx", ".csv"]
    assert sorted(files) == sorted((tmp_path / "demo").iterdir())
    told = "\n".join(lines)
    for pattern in (r"Over the limit: [1-9]", r"Reminders to send: [1-9]", r"Issues: 0 errors, [1-9]", r"every check holds"):
        assert re.search(pattern, told), pattern
    book = FileBook(files[0])
    for table in ("OpenItems", "Applications", "Aging", "Credit", "Reminders", "RemindersHeld", "Issues", "RunLog"):
        assert rows_of(book, table, *TABLES[table].key), table


def test_every_task_has_its_command_and_help() -> None:
    for task in TASKS:
        *above, name = task.name.split()
        assert re.search(rf"^  {name} ", duebook(*above, "--help").stdout, re.MULTILINE)
        assert task.help.en.split()[0] in duebook(*above, name, "--help").stdout


@pytest.mark.parametrize(("arguments", "status"), [(["check", "gone.xlsx"], 2), (["--version"], 0)])
def test_the_program_ends_with_the_status_of_its_task(arguments: list[str], status: int) -> None:
    done = program(*arguments)
    assert done.returncode == status
    assert len((done.stdout + done.stderr).splitlines()) == 1


def test_a_console_without_chinese_is_no_obstacle(small_book: Path, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer_id,name\nC2,Second Ltd\n")
    task = ("import", str(small_book), str(tmp_path / "customers.csv"), "--table", "Customers", "--language", "zh-CN")
    done = program(*task, PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^\?+ customers\.csv", done.stdout)


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "workbook.cli", *arguments],
        capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, **environment},
    )  # fmt: skip
