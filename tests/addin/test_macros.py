"""The macros as buttons run them: through xlwings' own Book.caller(), over a stand-in for Excel."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from addin import macros
from addin.open_session import OpenSession
from addin.ribbon import MACROS, buttons
from functions.dates import day_of
from tests.excel_stand_in.opening import book_of, called_from, xlwings_book
from tests.excel_stand_in.sheet_model import XL_AUTOMATIC, XL_MANUAL, BookModel
from tests.excel_stand_in.windows_modules import message_box, refused
from tests.workbook.command import small_workbook
from tests.workbook.memory_book import rows_of
from tests.workbook.test_sending import served
from workbook.addresses import Area
from workbook.letters.journal import ACCEPTED, Journal
from workbook.live_book import LiveBook

YES, NO, CANCEL = 6, 7, False
DEFAULT: Any = ...
"""To a question: what stands in its field already."""


class Office:
    """A workbook open in Excel, somebody who answers what is asked, and what is told them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.model: BookModel = book_of(path)
        self.excel = self.model.excel
        self.model.active = self.model.sheet("Invoices")
        self.model.active.selection = Area(3, 2, 4, 2)

    def runs(self, macro: str, *answers: Any, presses: tuple[int, ...] = ()) -> str:
        """Press the button; what the last message says."""
        self.excel.answers, self.excel.asked, self.excel.status_texts = list(answers), [], []
        message_box.shown, message_box.presses = [], list(presses)
        with called_from(self.model):
            getattr(macros, macro)()
        assert self.excel.answers == []
        return message_box.shown[-1] if message_box.shown else ""

    def rows(self, table: str, *keys: str) -> list[tuple[Any, ...]]:
        return rows_of(LiveBook(xlwings_book(self.model)), table, *keys)

    def contents(self, *but: str) -> dict[str, Any]:
        """What stands on every sheet, with the areas of its tables."""
        return {
            sheet.name: (
                {place: (cell.value, cell.formula) for place, cell in sheet.cells.items() if not cell.is_blank()},
                [(table.name, str(table.area), table.filters) for table in sheet.tables],
            )
            for sheet in self.model.sheets
            if sheet.name not in but
        }

    def is_as_it_was_found(self) -> bool:
        settings = self.excel.settings
        return (
            (settings["ScreenUpdating"], settings["EnableEvents"], settings["StatusBar"]) == (True, True, False)
            and settings["Calculation"] == XL_AUTOMATIC
            and self.model.active is self.model.sheet("Invoices")
            and self.model.active.selection == Area(3, 2, 4, 2)
        )


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_workbook(tmp_path_factory.mktemp("ledger") / "book.xlsx")


@pytest.fixture
def office(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return Office(Path(shutil.copy(ledger, tmp_path / "book.xlsx")))


def customers_file(folder: Path) -> Path:
    path = folder / "Customers of may.csv"
    path.write_text("customer_id,name\nC2,Second & Co\nC9,Ninth\n", encoding="utf-8")
    return path


def test_close_writes_its_reports_and_leaves_excel_as_it_was(office: Office) -> None:
    before = office.contents()
    told = office.runs("close", "2024-04-30")
    assert office.excel.asked == ["As of which day? Write it as 2024-10-31."]
    assert "2024-04-30" in told
    assert [item for (item,) in office.rows("OpenItems", "item_id")] == ["INV-1", "INV-2"]
    assert office.rows("RunLog", "task", "arguments") == [("close", "--as-of 2024-04-30 --by Wang Fang")]
    assert office.is_as_it_was_found()
    assert any("reading Invoices" in text for text in office.excel.status_texts)
    assert any("writing OpenItems" in text for text in office.excel.status_texts)
    assert office.model.saved is None  # it is the user who saves

    assert office.runs("undo") == "Undone: Month end"
    after = office.contents("Run log")
    assert after == {name: each for name, each in before.items() if name != "Run log"}
    assert [task for (task,) in office.rows("RunLog", "task")] == ["close", "undo"]
    assert office.is_as_it_was_found()
    assert office.runs("undo") == "There is no action of Duebook to undo."


def test_check_tells_and_changes_nothing(office: Office) -> None:
    before = office.contents()
    assert "errors" in office.runs("check")
    assert office.contents() == before
    assert office.runs("undo") == "There is no action of Duebook to undo."


def test_remind_writes_its_lists_beside_the_workbook(office: Office) -> None:
    told = office.runs("remind", "2024-04-30")
    lists = sorted(path.name for path in office.path.parent.glob("reminders-*"))
    assert lists == ["reminders-2024-04-30.csv", "reminders-2024-04-30.xlsx"]
    assert all(name in told for name in lists)
    assert office.rows("Reminders", "customer_id")


def test_what_was_sent_while_the_workbook_was_open_in_excel_is_not_proposed_again(office: Office) -> None:
    gone = {
        "message_id": "20240430-C1-USD-D", "sent_day": day_of(dt.date(2024, 4, 30)), "customer_id": "C1", "item_id": "INV-1",
        "invoice_id": "INV-1", "due_day": day_of(dt.date(2024, 3, 31)), "level": 4, "channel": "email", "letter": "first",
        "collector": "", "currency": "USD", "amount_minor": 10_000,
    }  # fmt: skip
    Journal.beside(office.path).tell(ACCEPTED, "20240430-C1-USD-D", [gone])
    told = office.runs("close", "2024-04-30")
    assert "logged now: 1" in told
    assert office.rows("ReminderLog", "customer_id", "level", "amount") == [("C1", 4, 100)]
    assert [customer for (customer,) in office.rows("Reminders", "customer_id")] == ["C2"]


def test_a_workbook_that_is_kept_online_gets_no_lists_and_is_told_so(office: Office) -> None:
    office.model.folder = "https://office.test/documents"
    assert "were not written" in office.runs("remind", "2024-04-30")
    assert not list(office.path.parent.glob("reminders-*"))


def test_reminders_are_marked_as_sent_after_a_yes(office: Office) -> None:
    before = office.contents()
    assert office.runs("mark_sent", "2024-04-30", presses=(NO,)) == message_box.shown[-1]
    assert len(message_box.shown) == 1  # the question
    assert office.contents() == before
    office.runs("mark_sent", "2024-04-30", presses=(YES,))
    assert office.rows("ReminderLog", "customer_id")
    assert office.rows("Reminders", "sent") == [("Yes",), ("Yes",)]
    assert office.is_as_it_was_found()


def test_each_message_is_written_beside_the_workbook_in_a_file_of_its_kind(office: Office) -> None:
    told = office.runs("letters", "2024-04-30")
    mails = office.path.parent / "emails-2024-04-30"
    assert {path.name for path in mails.iterdir()} == {"20240430-C1-USD-D.eml", "20240430-C2-USD-N.eml"}
    assert "sms-2024-04-30.csv" in told
    assert office.is_as_it_was_found()


def test_e_mails_go_out_after_a_dry_run_and_a_yes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch) as box:
        assert office.runs("send_mails", "2024-04-30", presses=(NO,)).endswith("What is sent cannot be taken back.")
        assert "20240430-C1-USD-D: ann@one.example" in message_box.shown[0]
        assert (box.taken, office.rows("ReminderLog", "customer_id")) == ([], [])
        told = office.runs("send_mails", "2024-04-30", presses=(YES,))
        assert told.startswith("E-mails sent and logged: 2")
        assert box.taken == ["ann@one.example", "bo@two.example"]
        assert office.rows("ReminderLog", "customer_id") == [("C1",), ("C2",)]
        assert office.rows("Reminders", "sent") == [("Yes",), ("Yes",)]
        # Nothing is left to be asked about.
        assert "would send: 0" in office.runs("send_mails", "2024-04-30")
    assert office.is_as_it_was_found()


def test_a_file_is_imported_into_the_table_that_its_name_tells(office: Office, tmp_path: Path) -> None:
    before = office.contents("Run log")
    office.runs("import_file", str(customers_file(tmp_path)), DEFAULT)
    assert office.rows("Customers", "customer_id", "name")[1:] == [("C2", "Second & Co"), ("C9", "Ninth")]
    assert office.rows("CustomerHistory", "field", "changed_by") == [("name", "Wang Fang")]
    assert office.is_as_it_was_found()
    office.runs("undo")
    assert office.contents("Run log") == before


def test_a_sheet_is_added_and_taken_away_again(office: Office) -> None:
    before = office.contents()
    told = office.runs("add_sheet", "Contracts")
    assert "Contracts" in office.excel.asked[0]
    assert "Contracts" in told
    assert office.rows("Contracts", "contract_id") == []
    assert any(table.name == "Contracts" for sheet in office.model.sheets for table in sheet.tables)
    assert office.is_as_it_was_found()
    office.runs("undo")
    assert office.contents("Run log") == {name: each for name, each in before.items() if name != "Run log"}


def fill_in(office: Office, **entries: Any) -> None:
    """Add the Entry sheet, and fill in its form."""
    office.runs("add_sheet", "Entry")
    (sheet,) = [each for each in office.model.sheets for table in each.tables if table.name == "Entry"]
    rows = {str(sheet.seen(row, 1).value): row for row in range(2, 40)}
    for name, entry in entries.items():
        sheet.cell(rows[name.replace("_", " ")], 2).value = entry


def test_an_invoice_is_posted_from_the_entry_sheet_after_a_yes_where_credit_is_doubtful(office: Office) -> None:
    fill_in(office, What_to_post="Invoice", Customer_ID="C1", Document_number="INV-9", Date="2024-04-30", Amount=5.0)
    customers = office.model.sheet("Customers")
    limit = next(column for column in range(1, 30) if customers.seen(1, column).value == "Credit limit")
    customers.cell(2, limit).value = 50.0
    before = office.contents()
    office.runs("post_invoice", presses=(NO,))
    assert "USD" in message_box.shown[0]
    assert office.contents() == before
    told = office.runs("post_invoice", presses=(YES,))
    assert "INV-9" in told
    assert office.rows("Invoices", "invoice_id", "amount", "entered_by")[-1] == ("INV-9", 5, "Wang Fang")
    assert office.rows("RunLog", "task")[-1] == ("post",)
    assert office.is_as_it_was_found()
    office.runs("undo")
    assert office.contents("Run log") == {name: each for name, each in before.items() if name != "Run log"}


def test_a_receipt_is_posted_and_nothing_else_by_its_button(office: Office) -> None:
    fill_in(office, What_to_post="Receipt", Customer_ID="C1", Document_number="R-9", Date="2024-04-30", Amount=5.0)
    before = office.contents()
    assert "Receipt" in office.runs("post_invoice")
    assert office.contents() == before
    office.runs("post_receipt")
    assert office.rows("Receipts", "receipt_id", "amount")[-1] == ("R-9", 5)


def test_an_issue_leads_to_its_cell(office: Office) -> None:
    issues = office.model.sheet("Issues")
    office.model.active = issues
    issues.selection = Area(2, 1, 2, 1)
    place = next(column for column in range(1, 20) if issues.seen(1, column).value == "Cell")
    issues.cell(2, place).value = "Invoices!G2"
    assert office.runs("go_to_issue") == ""
    assert office.model.active is office.model.sheet("Invoices")
    assert office.model.active.selection == Area(2, 7, 2, 7)


def test_an_issue_whose_sheet_is_hidden_is_told(office: Office) -> None:
    issues = office.model.active = office.model.sheet("Issues")
    issues.selection = Area(2, 1, 2, 1)
    place = next(column for column in range(1, 20) if issues.seen(1, column).value == "Cell")
    issues.cell(2, place).value = "'Run log'!A2"
    assert office.runs("go_to_issue").startswith("'Run log'!A2 is not there, or hidden")


def test_without_a_selected_issue_it_says_so(office: Office) -> None:
    assert office.runs("go_to_issue") == "Select a row of Issues first."


@pytest.mark.parametrize(
    ("macro", "answers"), [("close", (CANCEL,)), ("import_file", (CANCEL,)), ("import_file", ("a.csv", CANCEL))]
)  # fmt: skip
def test_cancel_is_silent(office: Office, macro: str, answers: tuple[Any, ...]) -> None:
    before = office.contents()
    assert office.runs(macro, *answers) == ""
    assert office.contents() == before
    assert office.is_as_it_was_found()


def test_a_refusal_is_its_one_line(office: Office) -> None:
    before = office.contents()
    assert office.runs("close", "30/04/2024") == "30/04/2024 is not a day. Write it as 2024-10-31."
    assert "nowhere.csv cannot be read" in office.runs("import_file", "nowhere.csv", "Customers")
    assert "Nothing is not a table" in office.runs("add_sheet", "Nothing")
    assert office.contents() == before
    assert office.is_as_it_was_found()


def test_excel_failing_half_way_leaves_the_workbook_and_excel_as_they_were(office: Office, tmp_path: Path) -> None:
    before = office.contents()
    written = []

    def fails_in_the_run_log(call: str, target: Any) -> BaseException | None:
        if call in ("Range.Value=", "Range.Formula2="):
            written.append(target._sheet.name)
        at_first = call == "Range.Value=" and written.count("Run log") == 1
        return refused("There isn't enough memory.") if at_first and written[-1] == "Run log" else None

    office.excel.fails_at = fails_in_the_run_log
    told = office.runs("import_file", str(customers_file(tmp_path)), DEFAULT)
    office.excel.fails_at = None
    assert "Customers" in written
    assert told == "Excel did not go along, and the workbook is as it was: There isn't enough memory."
    assert office.contents() == before
    assert office.is_as_it_was_found()
    assert office.runs("undo") == "There is no action of Duebook to undo."


def test_where_excel_calculates_on_demand_it_is_asked_to_once_and_stays_so(office: Office) -> None:
    office.excel.settings["Calculation"] = XL_MANUAL
    office.runs("add_sheet", "Contracts")
    assert office.excel.calculated == 1
    assert office.excel.settings["Calculation"] == XL_MANUAL


def test_undo_asks_before_it_takes_back_what_somebody_typed_since(office: Office, tmp_path: Path) -> None:
    office.runs("import_file", str(customers_file(tmp_path)), DEFAULT)
    customers = office.model.sheet("Customers")
    customers.cell(2, 2).value = "typed since"
    after = office.contents()
    assert office.runs("undo", presses=(NO,)).startswith("Customers was changed since.")
    assert office.contents() == after
    assert office.runs("undo", presses=(YES,)) == "Undone: Import"
    assert customers.cell(2, 2).value == "=1+1 & Sons"


def test_undo_asks_before_it_takes_away_a_sheet_that_somebody_filled(office: Office) -> None:
    office.runs("add_sheet", "Contracts")
    (sheet,) = [each for each in office.model.sheets for table in each.tables if table.name == "Contracts"]
    sheet.cell(2, 1).value = "K-1"
    assert office.runs("undo", presses=(NO,)).startswith("Contracts was changed since.")
    assert sheet in office.model.sheets
    office.runs("undo", presses=(YES,))
    assert sheet not in office.model.sheets


def test_an_undo_that_fails_half_way_leaves_everything_and_can_be_tried_again(office: Office, tmp_path: Path) -> None:
    office.runs("import_file", str(customers_file(tmp_path)), DEFAULT)
    after, failed = office.contents(), []

    def fails_once(call: str, _target: Any) -> BaseException | None:
        if call == "ListObject.Resize" and not failed:
            failed.append(call)
            return refused("no")
        return None

    office.excel.fails_at = fails_once
    assert "the workbook is as it was: no" in office.runs("undo")
    assert office.contents() == after
    assert office.runs("undo") == "Undone: Import"


def test_what_can_be_undone_is_data_in_a_folder_of_the_user(office: Office, tmp_path: Path) -> None:
    office.runs("add_sheet", "Contracts")
    (kept,) = (tmp_path / "temporary" / "duebook-undo").iterdir()
    assert json.loads(kept.read_text("utf-8"))["added"][0]["table"] == "Contracts"
    kept.write_text('{"tables": 1}', encoding="utf-8")
    assert office.runs("undo") == "There is no action of Duebook to undo."


def test_filters_of_staff_stay_on(office: Office, tmp_path: Path) -> None:
    (customers,) = office.model.sheet("Customers").tables
    customers.filters = {1: {"Criteria1": "=C1", "Operator": 1}}
    office.runs("import_file", str(customers_file(tmp_path)), DEFAULT)
    assert customers.filters == {1: {"Criteria1": "=C1", "Operator": 1}}


def test_a_macro_speaks_the_language_of_the_workbook(office: Office) -> None:
    settings = office.model.sheet("Settings")
    row = next(row for row in range(1, 60) if settings.seen(row, 1).value == "language")
    settings.cell(row, 2).value = "zh-CN"
    assert office.runs("undo") == "没有可撤销的 Duebook 操作。"


def test_each_button_has_its_function() -> None:
    pressed = {each.macro for each in buttons() if each.module == MACROS}
    assert {name for name in pressed if not callable(getattr(macros, name, None))} == set()


def test_the_day_that_is_proposed_is_the_end_of_the_last_month(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(macros, "ask_day", lambda app, prompt, default, language: seen.append(default) or default)
    monkeypatch.setattr(OpenSession, "does", lambda self, task, **arguments: "")
    office.runs("close")
    assert seen == [dt.date.today().replace(day=1) - dt.timedelta(days=1)]
