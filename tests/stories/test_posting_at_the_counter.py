"""A morning of posting from the command line: an invoice, a receipt, one invoice too many, and the Entry sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.stories.office import Office, on
from tests.workbook.command import duebook
from workbook import cli
from workbook.file_book import FileBook
from workbook.port import Cell
from workbook.posting.entry_form import FORM
from workbook.posting.kinds import POSTINGS
from workbook.schema import TABLES


def entry_at(label: str) -> int:
    """The offset of a row of the form."""
    return [row.label.en for row in FORM].index(label)


def test_a_morning_of_posting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path)
    office.types("Customers", customer_id="C1", name="Brightwater Ltd", payment_terms="NET30", credit_limit=1000)
    posting = ("--as-of", "2024-03-04", "--by", "LI")

    # A first invoice: its due date follows from the customer's terms.
    first = ("invoice_id=INV-1", "customer_id=C1", "invoice_date=2024-03-01", "amount=800.00")
    done = duebook("post", office.path, "invoice", *first, *posting)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[:2] == [
        "Posted: Invoice INV-1, customer C1, USD 800.00, due 2024-03-31",
        "Headroom left of customer C1: USD 200.00",
    ]

    # The second is 50.25 too much. Nobody is there to be asked, so it is refused, and the file stays as it is.
    second = ("invoice_id=INV-2", "customer_id=C1", "invoice_date=2024-03-04", "amount=250.25")
    before = office.path.read_bytes()
    refused = duebook("post", office.path, "invoice", *second, *posting)
    assert refused.exit_code == 2
    assert refused.stderr == (
        "duebook: INV-2 takes customer C1 over the credit limit: USD 50.25 is missing. "
        "Nothing was posted: add --yes to post it all the same.\n"
    )
    # At a terminal it is a question, and here the answer is no.
    monkeypatch.setattr(cli, "_is_at_a_terminal", lambda: True)
    asked: list[str] = []
    monkeypatch.setattr("click.confirm", lambda question, err: asked.append(question))
    assert duebook("post", office.path, "invoice", *second, *posting).exit_code == 2
    assert asked == ["INV-2 takes customer C1 over the credit limit: USD 50.25 is missing. Post it all the same?"]
    assert office.path.read_bytes() == before

    # The customer pays a part, typed on the Entry sheet; somebody mistyped the number of the customer at first.
    assert duebook("sheet", office.path, "Entry").exit_code == 0
    typed: dict[str, Cell] = {
        "What to post": "Receipt",
        "Customer ID": "C7",
        "Document number": "R-1",
        "Date": on("03-04"),
        "Amount": 50.25,
    }
    book = FileBook(office.path)
    book.update_rows(TABLES["Entry"], [entry_at(label) for label in typed], {"entry": list(typed.values())})
    book.save()
    before = office.path.read_bytes()
    refused = duebook("post", office.path, "entry", *posting)
    assert refused.exit_code == 2
    assert "Customer ID (customer_id) 'C7': Unknown customer" in refused.stderr
    assert office.path.read_bytes() == before
    office.corrects("Entry", "Customer ID", entry="C1")
    done = duebook("post", office.path, "entry", *posting)
    assert done.exit_code == 0, done.output
    assert [row["entry"] for row in office.rows("Entry") if row["entry"]] == ["Receipt"]

    # Now there is room for the second invoice, to the last cent; not for the same number twice.
    done = duebook("post", office.path, "invoice", *second, *posting)
    assert (done.exit_code, done.stdout.splitlines()[1]) == (0, "Headroom left of customer C1: USD 0.00")
    assert "INV-2 is in Invoices already (Invoices!A3)" in duebook("post", office.path, "invoice", *second, *posting).stderr
    # A third one goes over the limit, and the boss agrees.
    third = ("invoice_id=INV-3", "customer_id=C1", "invoice_date=2024-03-04", "amount=0.01")
    done = duebook(
        "post", office.path, "invoice", *third, *posting, "--yes", "--approved-by", "WANG", "--reason", "one cent"
    )
    assert done.exit_code == 0
    assert "Posted in spite of this: INV-3 takes customer C1 over the credit limit: USD 0.01 is missing." in done.stdout

    # The sheets say who entered what, and the log how it came about.
    assert [
        (
            row["invoice_id"],
            row["amount"],
            row["kind"],
            row["currency"],
            row["due_date"],
            row["entered_by"],
            row["approved_by"],
        )
        for row in office.rows("Invoices")
    ] == [
        ("INV-1", 800, "Invoice", "USD", "", "LI", ""),
        ("INV-2", 250.25, "Invoice", "USD", "", "LI", ""),
        ("INV-3", 0.01, "Invoice", "USD", "", "LI", "WANG"),
    ]
    assert [row["arguments"] for row in office.rows("RunLog")] == [
        "invoice INV-1 --as-of 2024-03-04 --by LI",
        "receipt R-1 (Entry) --as-of 2024-03-04 --by LI",
        "invoice INV-2 --as-of 2024-03-04 --by LI",
        "invoice INV-3 --approved-by WANG --reason one cent --yes --as-of 2024-03-04 --by LI",
    ]
    # What was posted is what a close counts.
    done = duebook("close", office.path, "--as-of", "2024-03-31")
    assert done.exit_code == 0, done.output
    assert [(row["invoice_id"], row["open"], row["due_date"]) for row in office.rows("OpenItems")] == [
        ("INV-1", 749.75, on("03-31")), ("INV-2", 250.25, on("04-03")), ("INV-3", 0.01, on("04-03")),
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "words"), [("en", "Invoice,Credit note,Receipt"), ("zh-CN", "发票,贷项通知,收款")])
def test_the_entry_sheet_is_a_form_with_lists(tmp_path: Path, language: str, words: str) -> None:
    path = tmp_path / "receivables.xlsx"
    assert duebook("new", path, "--language", language).exit_code == 0
    assert duebook("sheet", path, "Entry").exit_code == 0
    workbook = load_workbook(path)
    (sheet,) = (each for each in workbook.worksheets if "Entry" in each.tables)
    assert workbook.sheetnames.index(sheet.title) == 1, "behind Home, before what it posts to"
    assert [sheet.cell(row, 1).value for row in range(2, len(FORM) + 2)] == [row.label.in_language(language) for row in FORM]
    assert [sheet.cell(row, 3).value for row in range(2, len(FORM) + 2)] == [
        row.meaning.in_language(language) for row in FORM
    ]
    (rule,) = (each for each in sheet.data_validations.dataValidation if "B2" in each.sqref)
    assert (rule.type, rule.showErrorMessage, bool(rule.prompt)) == ("list", False, True)
    assert len(rule.formula1) <= 255
    offered = {
        field: [cell.value for (cell,) in workbook[name][area]]
        for field, name, area in re.findall(r'A2="([^"]+)",(\w+)!([$A-Z0-9:]+)', rule.formula1)
    }
    what = FORM[0].label.in_language(language)
    assert offered[what][:3] == words.split(",")
    assert len(offered[what]) == len(POSTINGS)
    assert set(offered) == {row.label.in_language(language) for row in FORM if row.choices}
    assert sheet["B4"].number_format == "@", "00123 keeps its zeros"
