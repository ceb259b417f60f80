"""A customer handed to the lawyers: the folder holds all of that customer and nothing of anybody else."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from tests.stories.office import Office, on
from tests.workbook.command import duebook
from workbook.reminders.hand_over_files import file_name_of

OTHERS = ("ELSE-2", "Otherwise", "INV-2", "R-2", "987", "HEAD", "other@else.test")
"""Ids, names and amounts of the customers that are none of the lawyer's business."""


def office_with_a_debtor(folder: Path) -> Office:
    office = Office(folder)
    contact = {"phone": "555 0100", "address": "1 Quay Street", "payment_terms": "NET30"}
    office.types("Customers", customer_id="HEAD", name="Otherwise Holding", **contact)
    office.types("Customers", customer_id="C1", name="=Bright & Söhne 光明", group_id="HEAD", email="a@b.test", **contact)
    office.types("Customers", customer_id="ELSE-2", name="Otherwise Ltd", email="other@else.test", **contact)
    office.types("Contracts", contract_id="K-1", customer_id="C1", signed_on=on("01-02"), late_rate=0.1, title="Supply")
    office.types("Invoices", invoice_id="INV-1", customer_id="C1", contract_id="K-1", invoice_date=on("02-01"), amount=1000)
    office.types("Invoices", invoice_id="INV-2", customer_id="ELSE-2", invoice_date=on("02-01"), amount=987)
    office.types("Receipts", receipt_id="R-1", customer_id="C1", receipt_date=on("03-12"), amount=400)
    office.types("Receipts", receipt_id="R-2", customer_id="ELSE-2", receipt_date=on("03-12"), amount=98)
    # A slip of the pen names the invoice of another customer.
    office.types(
        "Activities", activity_date=on("03-20"), customer_id="C1", invoice_id="INV-2", channel="Phone call",
        outcome="Refused to pay", notes="will not pay",
    )  # fmt: skip
    for place, note in enumerate(
        ("paid with INV-2.", "ask otherwise ltd （光明）", "says 12, sees nobody", "of K-1, INV-1")
    ):
        office.types("Activities", activity_date=on(f"03-2{place + 1}"), customer_id="C1", channel="Phone call", notes=note)
    office.reminds("03-15")
    return office


def everything_in(content: bytes) -> str:
    """All the text of a package: its parts, its properties, its defined names."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "\n".join(
            package.read(name).decode("utf-8", "replace") for name in package.namelist() if name.endswith((".xml", ".rels"))
        )


def test_the_hand_over_holds_the_case_and_no_one_elses(tmp_path: Path) -> None:
    office = office_with_a_debtor(tmp_path)
    done = duebook("legal", office.path, "C1", "--out", tmp_path / "out", "--as-of", "2024-04-02", "--agent", "Lex & Co")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[:2] == [
        "Legal case opened: C1 (2024-04-02)",
        "Left out of the hand-over, because they name other customers: Activities!I3, Activities!I4",
    ]
    folder = tmp_path / "out" / "legal-C1-2024-04-02"
    assert sorted(each.name for each in folder.iterdir()) == ["hand-over.docx", "hand-over.xlsx"]

    workbook = openpyxl.load_workbook(folder / "hand-over.xlsx")
    rows = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in workbook.worksheets}
    # 1,000.00 for the ten days to the payment of 12 March, 600.00 for the 21 days since, at 10 % of 365 days: 6.19.
    assert rows["The claim"] == [
        ["Currency", "Open", "Overdue", "Of it in dispute", "Unapplied receipts and credits", "Interest to date"],
        ["USD", 600, 600, 0, 0, 6.19],
    ]
    assert [row[-2:] for row in rows["Statement of account"][1:]] == [[1000, 1000], [-400, 600]]
    assert [row[0] for row in rows["Receipts"][1:]] == ["R-1"]
    assert [row[:2] for row in rows["Reminder log"][1:]] == [["20240315-C1-USD-D", dt.datetime(2024, 3, 15)]]
    assert rows["Activities"][0] == ["Activity date", "Channel", "Outcome", "Notes"]
    name = workbook["Customers"]["B2"]
    assert (name.value, name.data_type) == ("=Bright & Söhne 光明", "s")

    document = Document(str(folder / "hand-over.docx"))
    told = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert document.paragraphs[0].text == "Hand-over for collection: =Bright & Söhne 光明 (C1)"
    for expected in ("600.00", "6.19", "10 %", "will not pay", "INV-1", "Refused to pay"):
        assert expected in told, expected
    for file in folder.iterdir():
        text = everything_in(file.read_bytes())
        assert "INV-1" in text
        assert [each for each in OTHERS if each in text] == [], file.name

    # From then on reminders hold, and a second hand-over opens no second case.
    assert office.reminds("04-03")["INV-1"].reason == "In legal collection"
    again = duebook("legal", office.path, "C1", "--out", tmp_path / "out", "--as-of", "2024-04-05")
    assert again.stdout.splitlines()[0] == "A legal case is open already: C1 (2024-04-02)"
    assert [(each["customer_id"], each["agent"]) for each in office.rows("LegalCases")] == [("C1", "Lex & Co")]
    assert office.rows("RunLog")[-1]["arguments"] == "C1 --as-of 2024-04-05"


@pytest.mark.parametrize(
    ("customer", "day", "said"), [("C9", "2024-04-02", "no customer C9"), ("HEAD", "2024-04-02", "owes nothing")]
)
def test_a_hand_over_of_nothing_is_refused_and_opens_no_case(tmp_path: Path, customer: str, day: str, said: str) -> None:
    office = office_with_a_debtor(tmp_path)
    before = office.path.read_bytes()
    refused = duebook("legal", office.path, customer, "--out", tmp_path / "out", "--as-of", day)
    assert (refused.exit_code, said in refused.stderr) == (2, True)
    assert office.path.read_bytes() == before
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("customer", "name"), [("../up", "__up"), ("A/B:C", "A_B_C"), ("客户1 ", "客户1_"), ("...", "_")])
def test_an_id_never_leads_out_of_the_folder(customer: str, name: str) -> None:
    assert file_name_of(customer) == name
