"""The bank's statement of a week: imported, matched, ticked and posted from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.stories.office import Office, on
from tests.workbook.command import duebook

LINES = """\
Transaction ID,Account,Booked on,Currency,Amount,Counterparty,Reference,Remittance text
L1,6200,2024-03-04,USD,800.00,BRIGHTWATER LTD,REF-1,payment of INV-202402-0001
L2,6200,2024-03-04,USD,500.00,Brightwater Limited,REF-2,inv 202402 0002 and 0003: inv-202402-0003
L3,6200,2024-03-05,USD,250.00,Harbour Mill,REF-3,
L4,6200,2024-03-05,USD,970.00,Harbour Mill GmbH,REF-4,thanks
L5,6200,2024-03-05,USD,-12.50,Our own bank,REF-5,Monthly fee
L6,6200,2024-03-06,USD,60.00,Somebody Else,REF-6,hello
L7,6200,2024-03-06,USD,700.00,Kestrel Holding,REF-7,for INV-202402-0008 INV-202402-0009
L8,6200,2024-03-06,USD,75.00,Owl & Co,REF-8,Interest credited by the bank
L9,6200,2024-03-06,USD,40.00,Harbour Mill,REF-9,
"""


def office_of(folder: Path) -> Office:
    office = Office(folder)
    for customer, name, head in (
        ("C1", "Brightwater Ltd", ""), ("C2", "Harbour Mill GmbH", ""), ("C3", "Kestrel Holding", "C3"),
        ("C4", "Kestrel North", "C3"),
    ):  # fmt: skip
        office.types("Customers", customer_id=customer, name=name, payment_terms="NET30", group_id=head)
    for number, customer, amount in (
        (1, "C1", 800), (2, "C1", 300), (3, "C1", 200), (4, "C2", 250), (5, "C2", 1000), (8, "C3", 400), (9, "C4", 300),
        (10, "C1", 60.5),
    ):  # fmt: skip
        office.types(
            "Invoices", invoice_id=f"INV-202402-{number:04}", customer_id=customer, invoice_date=on("02-10"), amount=amount
        )
    office.types("Receipts", receipt_id="R-1", customer_id="C2", receipt_date=on("03-05"), amount=40, bank_reference="REF-9")
    return office


def told(office: Office) -> dict[str, Any]:
    return {
        row["line_id"]: (row["customer_id"], row["invoice_id"], row["amount"], row["confidence"], row["match_reason"])
        for row in office.rows("Matches")
    }


def test_a_morning_with_the_bank(tmp_path: Path) -> None:
    office = office_of(tmp_path)
    statement = tmp_path / "week.csv"
    statement.write_text(LINES, encoding="utf-8")
    assert duebook("import", office.path, statement, "--table", "BankStatement").exit_code == 0
    assert duebook("sheet", office.path, "BankRules").exit_code == 0
    office.types("BankRules", pattern="interest credited", is_not_customer="Yes")

    done = duebook("match", office.path, "--as-of", "2024-03-31")
    assert done.exit_code == 0, done.output
    found = told(office)
    assert found["L1"] == ("C1", "INV-202402-0001", 800, "Certain", "Invoices named, amount equal")
    assert found["L3"] == ("C2", "INV-202402-0004", 250, "High", "Customer and amount")
    assert found["L4"] == ("C2", "INV-202402-0005", 970, "Medium", "Customer, and amount a little short")
    assert found["L6"][3:] == ("", "Nothing found")
    assert found["L9"] == ("C2", "", 40, "High", "Receipt with this reference")
    assert "L5" not in found
    assert "L8" not in found
    both = [(row["customer_id"], row["amount"]) for row in office.rows("Matches") if row["line_id"] == "L7"]
    assert both == [("C3", 400), ("C4", 300)]
    assert [row["is_not_customer"] for row in office.rows("BankStatement") if row["line_id"] == "L8"] == ["Yes"]
    assert len(office.rows("Receipts")) == 1, "nothing is posted on its own"

    # Staff tick what is right; the parent's line is two receipts on one line.
    office.ticks("L1", "L2", "L4", "L7")
    done = duebook("match", office.path, "--as-of", "2024-03-31", "--post", "--by", "LI")
    assert done.exit_code == 0, done.output
    assert "Posted: receipts 5, allocations 6" in done.stdout
    receipts = [
        (row["receipt_id"], row["customer_id"], row["amount"], row["bank_line_id"], row["bank_reference"], row["method"])
        for row in office.rows("Receipts")[1:]
    ]
    assert receipts == [
        ("BR-L1", "C1", 800, "L1", "REF-1", "Bank transfer"),
        ("BR-L2", "C1", 500, "L2", "REF-2", "Bank transfer"),
        ("BR-L4", "C2", 970, "L4", "REF-4", "Bank transfer"),
        ("BR-L7-1", "C3", 400, "L7", "REF-7", "Bank transfer"),
        ("BR-L7-2", "C4", 300, "L7", "REF-7", "Bank transfer"),
    ]
    assert told(office)["L1"][3:] == ("Certain", "Receipt of this line")

    # Again: nothing is posted twice, and the file of the same week adds nothing.
    again = duebook("match", office.path, "--as-of", "2024-03-31", "--post")
    assert "Nothing is accepted" in again.stdout
    assert duebook("import", office.path, statement, "--table", "BankStatement").exit_code == 0
    assert len(office.rows("Receipts")) == 6
    done = duebook("close", office.path, "--as-of", "2024-03-31")
    assert done.exit_code == 0, done.output
    assert {row["invoice_id"]: row["open"] for row in office.rows("OpenItems")} == {
        "INV-202402-0004": 210, "INV-202402-0005": 30, "INV-202402-0010": 60.5,
    }  # fmt: skip
