"""Sent is what was sent: lists on which staff ticked some messages, today's and older ones."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from tests.stories.office import Office, on
from tests.workbook.command import duebook
from workbook.port import Cell


def office_with_two_late_customers(folder: Path) -> Office:
    office = Office(folder)
    for number in (1, 2):
        office.types(
            "Customers", customer_id=f"C{number}", name=f"Customer {number}", payment_terms="NET30", collector="LI",
            email=f"ap@c{number}.test", phone="555 0100", address="1 Quay Street",
        )  # fmt: skip
        office.types(
            "Invoices", invoice_id=f"INV-{number}", customer_id=f"C{number}", invoice_date=on("02-13"), amount=1000 * number
        )
    return office


def tick(path: Path, **answers: Cell) -> Path:
    """Staff write into the column ``sent`` beside the messages of these customers, and save."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Reminders"]
    headers = [cell.value for cell in sheet[1]]
    customer, sent = headers.index("customer_id") + 1, headers.index("sent") + 1
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, sent).value = answers.get(str(sheet.cell(row, customer).value))
    workbook.save(path)
    return path


def log(office: Office) -> list[tuple[str, int, dt.datetime, str]]:
    rows = office.rows("ReminderLog")
    return [(each["item_id"], each["level"], each["sent_on"], each["collector"]) for each in rows]


def test_what_is_ticked_on_an_older_list_was_sent_and_the_rest_is_proposed_again(tmp_path: Path) -> None:
    office = office_with_two_late_customers(tmp_path)
    done = duebook("remind", office.path, "--as-of", "2024-03-15", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    listed = tick(tmp_path / "reminders-2024-03-15.xlsx", C1="Yes", C2="No")

    # The next morning; the workbook's own ReminderItems have been written anew by a run in between.
    assert duebook("remind", office.path, "--as-of", "2024-03-16").exit_code == 0
    done = duebook("remind", office.path, "--as-of", "2024-03-16", "--mark-sent", listed)
    assert done.exit_code == 0, done.output
    assert "Marked as sent: 1 (reminders-2024-03-15.xlsx)" in done.stdout
    assert log(office) == [("INV-1", 4, on("03-16"), "LI")]
    assert [each["customer_id"] for each in office.rows("Reminders")] == ["C2"]
    assert office.rows("RunLog")[-1]["arguments"].startswith("--mark-sent reminders-2024-03-15.xlsx --as-of 2024-03-16")

    # The same list once more, with both ticked now: the log has each item once a level.
    tick(listed, C1="Yes", C2="是")
    done = duebook("remind", office.path, "--mark-sent", listed, "--as-of", "2024-03-16")
    assert "Lines that the log has already: 1" in done.stdout
    assert log(office) == [("INV-1", 4, on("03-16"), "LI"), ("INV-2", 4, on("03-16"), "LI")]
    assert office.rows("Reminders") == []
    # And today's whole list needs no file.
    assert duebook("remind", office.path, "--as-of", "2024-03-21", "--mark-sent").exit_code == 0
    assert [each[:2] for each in log(office)] == [("INV-1", 4), ("INV-2", 4), ("INV-1", 5), ("INV-2", 5)]


def test_a_csv_is_enough_while_the_workbook_knows_what_its_messages_held(tmp_path: Path) -> None:
    office = office_with_two_late_customers(tmp_path)
    assert duebook("remind", office.path, "--as-of", "2024-03-15", "--out", tmp_path).exit_code == 0
    path = tmp_path / "reminders-2024-03-15.csv"
    text = path.read_text("utf-8-sig")
    assert text.count(",False,") == 2
    path.write_text(text.replace(",False,", ",yes,", 1), "utf-8-sig")
    assert duebook("remind", office.path, "--as-of", "2024-03-15", "--mark-sent", path).exit_code == 0
    assert [each[:2] for each in log(office)] == [("INV-1", 4)]
    # Now ReminderItems holds the other message only.
    before = office.path.read_bytes()
    refused = duebook("remind", office.path, "--as-of", "2024-03-15", "--mark-sent", path)
    assert (refused.exit_code, "20240315-C1-USD-D" in refused.stderr) == (2, True)
    assert office.path.read_bytes() == before


@pytest.mark.parametrize(
    ("answer", "day", "said"),
    [("No", "2024-03-15", "is ticked"), ("perhaps", "2024-03-15", "B2"), ("Yes", "2024-03-14", "made after 2024-03-14")],
)
def test_an_unclear_list_marks_nothing(tmp_path: Path, answer: str, day: str, said: str) -> None:
    office = office_with_two_late_customers(tmp_path)
    assert duebook("remind", office.path, "--as-of", "2024-03-15", "--out", tmp_path).exit_code == 0
    listed = tick(tmp_path / "reminders-2024-03-15.xlsx", C1=answer)
    before = office.path.read_bytes()
    refused = duebook("remind", office.path, "--as-of", day, "--mark-sent", listed)
    assert refused.exit_code == 2
    assert said in refused.stderr, refused.stderr
    assert office.path.read_bytes() == before
