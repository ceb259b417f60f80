"""The macros on a Mac: the workbook is saved, closed while its file is written, and opened again where it was.

There is no Mac here. The stand-in knows only what xlwings' own classes know, and asks are answered by a program that is
called like the Mac's.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw
from openpyxl import load_workbook

from addin import macros, osascript
from tests.workbook.command import small_workbook
from tests.workbook.memory_book import rows_of
from workbook.file_book import FileBook
from workbook.package.open_elsewhere import refuse_if_open

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a program without a suffix is called")

OSASCRIPT = """#!{python}
import json, pathlib, sys
folder = pathlib.Path(__file__).parent
answers = json.loads((folder / "answers.json").read_text())
with (folder / "asked.jsonl").open("a") as asked:
    asked.write(json.dumps(sys.argv[1:]) + "\\n")
answer = answers.pop(0)
(folder / "answers.json").write_text(json.dumps(answers))
if answer is None:
    print("36:41: execution error: User canceled. (-128)", file=sys.stderr)
    sys.exit(1)
print(answer)
"""


class Cells:
    def __init__(self, sheet: Sheet, address: str) -> None:
        self.sheet, self.address = sheet, address

    @property
    def row(self) -> int:
        return int("".join(filter(str.isdigit, self.address.split(":")[0])))

    def select(self) -> None:
        self.sheet.book.app.selection = self


class Sheet:
    def __init__(self, book: Book, name: str) -> None:
        self.book, self.name = book, name

    def activate(self) -> None:
        self.book.sheets.active = self

    def range(self, address: str) -> Cells:
        return Cells(self, address)


class Sheets:
    def __init__(self, book: Book, names: list[str]) -> None:
        self._all = {name: Sheet(book, name) for name in names}
        self.active = self._all[names[0]]

    def __getitem__(self, name: str) -> Sheet:
        return self._all[name]


class Book:
    def __init__(self, app: App, path: Path) -> None:
        self.app, self.fullname, self.name = app, str(path), path.name
        self.sheets = Sheets(self, load_workbook(path, read_only=True).sheetnames)
        self._owner_file = path.with_name(f"~${path.name}")
        self._owner_file.write_bytes(b"\x04Wang")
        app.selection = self.sheets.active.range("A1")

    def save(self) -> None:
        self.app.done.append("save")

    def close(self) -> None:
        self._owner_file.unlink()
        self.app.done.append("close")


class Books:
    def __init__(self, app: App) -> None:
        self._app = app

    def open(self, fullname: str) -> Book:
        self._app.done.append("open")
        self._app.book = Book(self._app, Path(fullname))
        return self._app.book


class App:
    """Excel with one workbook open."""

    pid = 4711

    def __init__(self, path: Path) -> None:
        self.done: list[str] = []
        self.told: list[str] = []
        self.presses: list[str] = []
        self.selection: Cells | None = None
        self.status_bar: Any = False
        self.books = Books(self)
        self.book = Book(self, path)

    def alert(self, prompt: str, title: str | None = None, buttons: str = "ok", mode: str | None = None) -> str:
        self.told.append(prompt)
        return self.presses.pop(0) if buttons == "yes_no" else "ok"


class Mac:
    def __init__(self, path: Path, folder: Path) -> None:
        self.path, self.folder = path, folder
        self.app = App(path)

    def runs(self, macro: str, *answers: str | None, presses: tuple[str, ...] = ()) -> str:
        """Press the button; what the last message says."""
        (self.folder / "answers.json").write_text(json.dumps(answers))
        self.app.told, self.app.presses, self.app.done = [], list(presses), []
        getattr(macros, macro)()
        assert json.loads((self.folder / "answers.json").read_text()) == []
        assert self.app.status_bar is False
        return self.app.told[-1] if self.app.told else ""

    def asked(self) -> list[list[str]]:
        return [json.loads(line) for line in (self.folder / "asked.jsonl").read_text().splitlines()]

    def rows(self, table: str, *keys: str) -> list[tuple[Any, ...]]:
        return rows_of(FileBook(self.path), table, *keys)


@pytest.fixture
def mac(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mac:
    folder, temporary = tmp_path / "bin", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    (folder / "osascript").write_text(OSASCRIPT.format(python=sys.executable))
    (folder / "osascript").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(osascript, "user_name", lambda: "Wang Fang")
    found = Mac(small_workbook(tmp_path / "book.xlsx"), folder)
    monkeypatch.setattr(xw.Book, "caller", lambda: found.app.book)
    return found


def test_a_close_goes_into_the_closed_file_which_is_open_again_at_the_selected_cells(mac: Mac) -> None:
    sheet = mac.app.book.sheets["Invoices"]
    sheet.activate()
    sheet.range("B3:B4").select()
    told = mac.runs("close", "2024-04-30")
    assert "2024-04-30" in told
    assert mac.app.done == ["save", "close", "open"]
    assert mac.asked()[0][-3:-1] == ["As of which day? Write it as 2024-10-31.", last_month_end()]
    assert [item for (item,) in mac.rows("OpenItems", "item_id")] == ["INV-1", "INV-2"]
    assert mac.rows("RunLog", "task", "arguments") == [("close", "--as-of 2024-04-30 --by Wang Fang")]
    assert mac.app.book.sheets.active.name == "Invoices"
    assert mac.app.selection is not None
    assert mac.app.selection.address == "B3:B4"


def last_month_end() -> str:
    return (dt.date.today().replace(day=1) - dt.timedelta(days=1)).isoformat()


def test_an_undo_puts_the_workbook_back_after_a_yes_and_keeps_the_run_log(mac: Mac) -> None:
    assert mac.runs("undo") == "There is no action of Duebook to undo."
    before = mac.rows("OpenItems", "item_id")
    mac.runs("close", "2024-04-30")
    assert mac.rows("OpenItems", "item_id") != before
    assert mac.runs("undo", presses=("no",)).startswith("Undo puts back the whole workbook")
    assert mac.rows("OpenItems", "item_id") != before
    assert mac.runs("undo", presses=("yes",)) == "Undone: Month end"
    assert mac.rows("OpenItems", "item_id") == before
    assert [task for (task,) in mac.rows("RunLog", "task")] == ["close", "undo"]
    assert mac.runs("undo") == "There is no action of Duebook to undo."


def test_a_check_closes_nothing(mac: Mac) -> None:
    before = mac.path.read_bytes()
    assert "errors" in mac.runs("check")
    assert mac.app.done == ["save"]
    assert mac.path.read_bytes() == before


def test_a_file_is_chosen_and_imported(mac: Mac, tmp_path: Path) -> None:
    source = tmp_path / "Customers of may.csv"
    source.write_text("customer_id,name\nC9,Ninth\n", encoding="utf-8")
    assert "1" in mac.runs("import_file", str(source), "Customers")
    assert ("C9",) in mac.rows("Customers", "customer_id")


def test_cancel_is_silent_and_a_quote_in_a_question_runs_nothing(mac: Mac) -> None:
    assert mac.runs("close", None) == ""
    assert mac.app.done == ["save"]
    assert osascript_answers(mac, 'a "quoted" day') == 'a "quoted" day'
    script = mac.asked()[-1]
    assert not any("quoted" in part for part in script[:6])


def osascript_answers(mac: Mac, prompt: str) -> str | None:
    (mac.folder / "answers.json").write_text(json.dumps([prompt]))
    return osascript.asked_for(prompt, "", "Duebook")


def test_a_failure_while_the_file_is_written_opens_the_workbook_again_as_it_was(
    mac: Mac, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mac.path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        assert "No space left" in mac.runs("close", "2024-04-30")
    assert mac.app.done == ["save", "close", "open"]
    assert mac.path.read_bytes() == before


def test_a_workbook_that_was_never_saved_is_told_so(mac: Mac) -> None:
    mac.app.book.fullname = "Book1"
    assert "save it in a folder of yours first" in mac.runs("check")


def test_an_issue_leads_to_its_cell(mac: Mac) -> None:
    shutil.copy(small_workbook(mac.path.with_name("faulty.xlsx"), Receipts=FAULTY), mac.path)
    mac.runs("close", "2024-04-30")
    where = next(cell for (cell,) in mac.rows("Issues", "cell") if "Receipts" in cell)
    row = [cell for (cell,) in mac.rows("Issues", "cell")].index(where)
    issues = FileBook(mac.path).read_table("Issues")
    assert issues is not None
    mac.app.book.sheets[issues.sheet].range(f"A{issues.first_row + row}").select()
    assert mac.runs("go_to_issue") == ""
    assert mac.app.selection is not None
    assert f"{mac.app.book.sheets.active.name}!{mac.app.selection.address}" == where


FAULTY = {"receipt_id": ["R-1"], "customer_id": ["C2"], "receipt_date": ["20/4"], "amount": [50.5]}


def test_the_stand_in_knows_nothing_that_xlwings_does_not(mac: Mac) -> None:
    pairs = (
        (mac.app, xw.App), (mac.app.book, xw.Book), (mac.app.books, xw.main.Books), (mac.app.book.sheets, xw.main.Sheets),
        (mac.app.book.sheets.active, xw.Sheet), (mac.app.selection, xw.Range),
    )  # fmt: skip
    own = {"done", "told", "presses", "book"}
    for stand_in, real in pairs:
        known = {name for name in dir(stand_in) if not name.startswith("_")} - own
        assert {name for name in known if not hasattr(real, name)} == set(), real


def test_the_owner_file_of_an_open_workbook_would_keep_a_task_off(mac: Mac) -> None:
    with pytest.raises(Exception, match="open"):
        refuse_if_open(mac.path)
