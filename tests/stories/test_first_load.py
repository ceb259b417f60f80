"""A first load as docs/first-load.md tells it: its files, its commands, and what goes wrong on the way."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from pathlib import Path

import pytest
from click.testing import Result

from tests.workbook.command import duebook
from tests.workbook.memory_book import rows_of
from workbook.file_book import FileBook
from workbook.results.figures import work_out
from workbook.schema import TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "first-load.md").read_text("utf-8")
COMMANDS = [shlex.split(line)[1:] for line in re.findall(r"^    (duebook .*)$", PAGE, re.MULTILINE)]
FILES = dict(re.findall(r"^```csv (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
LOAD = 7
"""How many of the commands come before the first month."""


def runs(command: list[str]) -> Result:
    done = duebook(*command)
    assert done.exit_code == 0, f"{' '.join(command)}\n{done.output}"
    return done


@pytest.fixture(scope="module")
def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder after step 5."""
    folder = tmp_path_factory.mktemp("load")
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        told = [runs(command) for command in COMMANDS[:LOAD]][-1]
    assert "The opening items sum to the control account: USD 1950.00 on 2024-09-30" in told.stdout
    return folder


@pytest.fixture
def loaded(loaded_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workbook after step 5, in a folder of its own, which the commands run in."""
    for path in loaded_once.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path / "receivables.xlsx"


def check(as_of: str = "2024-10-01") -> Result:
    return duebook("check", "receivables.xlsx", "--as-of", as_of)


def test_the_commands_of_the_page_end_in_a_locked_month_that_ties_out(loaded: Path) -> None:
    told = [runs(command).stdout for command in COMMANDS[LOAD:]]
    assert [command[0] for command in COMMANDS] == [
        *("new", "import", "import", "import", "import", "import", "check"),
        *("post", "import", "import", "reconcile", "bridge", "close"),
    ]
    assert "USD: ours 1450.00, theirs 1450.00, difference 0.00" in told[3]
    assert re.search(r"Opening: 1950\.00", told[4])
    assert "Locked, with a copy kept: 2024-10" in told[5]
    open_items = dict(rows_of(FileBook(loaded), "OpenItems", "invoice_id", "open"))
    # The receipt of October pays what was left of the oldest item, to the cent; C2's credit note its invoice.
    assert open_items == {"INV-117": 800, "INV-121": 240, "INV-130": 500}
    assert not [code for (code,) in rows_of(FileBook(loaded), "Issues", "code") if code == "opening_differs"]
    assert ("24117034",) in rows_of(FileBook(loaded), "Invoices", "tax_invoice_number")


@pytest.mark.parametrize(
    ("line", "difference", "named"),
    [
        ("INV-77,C1,invoice,2024-06-05,2024-07-04,310.00,10.00,,", "2250.00 − 1950.00 = 300.00", "INV-77"),
        ("INV-117,C1,invoice,2024-09-12,2024-10-12,890.00,,,", "2040.00 − 1950.00 = 90.00", "R-88"),
    ],
    ids=["one too many, settled in part", "digits swapped, and a receipt of that amount"],
)
def test_a_load_that_differs_names_the_difference_and_likely_rows(
    loaded: Path, line: str, difference: str, named: str
) -> None:
    Path("late.csv").write_text(f"{FILES['open-items.csv'].splitlines()[0]}\n{line}\n", "utf-8")
    runs(["import", "receivables.xlsx", "late.csv", "--table", "Invoices"])
    checked = check()
    assert checked.exit_code == 1
    (told,) = (each for each in checked.stdout.splitlines() if "do not sum" in each)
    assert told.startswith("error: 'Control account'!C2 (ControlAccount.balance)")
    assert named in told
    figures = work_out(FileBook(loaded), as_of=dt.date(2024, 10, 31))
    assert [issue.value for issue in figures.issues if issue.code == "opening_differs"] == [f"{difference} (USD 2024-09-30)"]
    assert figures.has_errors()


def test_a_load_without_a_balance_to_compare_with_says_so(loaded: Path) -> None:
    book = FileBook(loaded)
    book.update_rows(TABLES["ControlAccount"], [0], {"period": ["2024-08"]})
    book.save()
    checked = check()
    assert checked.exit_code == 0
    assert "The opening items sum to USD 1950.00 on 2024-09-30; ControlAccount has no balance of that day" in checked.stdout


@pytest.mark.parametrize(
    "command",
    [
        ("close", "--as-of", "2024-09-30"),
        ("check", "--as-of", "2024-09-30"),
        ("remind", "--as-of", "2024-09-30"),
        ("statements", "--from", "2024-09-01", "--to", "2024-10-31", "--out", "statements"),
        ("bridge", "--from", "2024-09-30", "--to", "2024-10-31"),
        ("reconcile", "--period", "2024-09"),
    ],
    ids=lambda command: str(command[0]),
)
def test_a_day_before_the_ledger_begins_is_refused_with_that_reason(loaded: Path, command: tuple[str, ...]) -> None:
    before = loaded.read_bytes()
    task, *options = command
    done = duebook(task, loaded, *options)
    assert done.exit_code == 2
    assert "The ledger starts on 2024-10-01 (ledger_starts_on in Settings)" in done.stderr
    assert loaded.read_bytes() == before
