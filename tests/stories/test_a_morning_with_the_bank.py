"""The bank's statement of a week: imported, matched, ticked and posted from the command line."""

from __future__ import annotations

from itertools import accumulate
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
L10,6200,2024-03-06,USD,30.25,Brightwater,REF-10,first half
L11,6200,2024-03-07,USD,30.25,Brightwater,REF-11,the rest
L12,6200,2024-03-07,USD,490.00,Harbour Mill,REF-12,INV-202403-0011 less 2%
L13,6200,2024-03-07,USD,300.00,OSPREY TEXTILS,REF-13,INV-202402-0012 CN-202402-0001
L14,6200,2024-03-07,USD,220.00,Osprey Textiles Ltd,REF-14,thanks
L15,6200,2024-03-07,USD,510.00,Kestrel Holding,REF-15,
L16,6200,2024-03-07,USD,125.00,Osprey Textiles Ltd,REF-16,24100000000000000007
L17,6200,2024-03-07,USD,99.00,Osprey Textiles Ltd,REF-17,your order PO 450099
"""


def office_of(folder: Path) -> Office:
    office = Office(folder)
    for customer, name, head in (
        ("C1", "Brightwater Ltd", ""), ("C2", "Harbour Mill GmbH", ""), ("C3", "Kestrel Holding", "C3"),
        ("C4", "Kestrel North", "C3"), ("C5", "Osprey Textiles GmbH", ""),
    ):  # fmt: skip
        office.types("Customers", customer_id=customer, name=name, payment_terms="NET30", group_id=head)
    for number, customer, amount in (
        (1, "C1", 800), (2, "C1", 300), (3, "C1", 200), (4, "C2", 250), (5, "C2", 1000), (8, "C3", 400), (9, "C4", 300),
        (10, "C1", 60.5), (12, "C5", 350), (13, "C5", 150), (14, "C5", 70), (15, "C3", 210), (16, "C4", 300),
    ):  # fmt: skip
        office.types(
            "Invoices", invoice_id=f"INV-202402-{number:04}", customer_id=customer, invoice_date=on("02-10"), amount=amount
        )
    office.types(
        "Invoices", invoice_id="INV-202403-0011", customer_id="C2", invoice_date=on("03-01"), amount=500,
        payment_terms="2/10NET30",
    )  # fmt: skip
    for number, key, value, amount in (
        (17, "tax_invoice_number", "24100000000000000007", 125), (18, "purchase_order", "PO450099", 99),
    ):  # fmt: skip
        office.types(
            "Invoices", invoice_id=f"INV-202402-{number:04}", customer_id="C5", invoice_date=on("02-10"), amount=amount,
            **{key: value},
        )  # fmt: skip
    office.types(
        "Invoices", invoice_id="CN-202402-0001", customer_id="C5", kind="credit_note", invoice_date=on("02-20"), amount=-50
    )
    office.types("Receipts", receipt_id="R-1", customer_id="C2", receipt_date=on("03-05"), amount=40, bank_reference="REF-9")
    return office


def newest_first_with_balances(text: str, *, opening: float) -> list[str]:
    """The export as a bank writes it: the header, then the newest line first, each with the balance after it."""
    header, *lines = text.splitlines()
    balances = list(accumulate((float(line.split(",")[4]) for line in lines), initial=opening))[1:]
    dated = [f"{line},{balance:.2f}\n" for line, balance in zip(lines, balances, strict=True)]
    return [f"{header},Balance\n", *reversed(dated)]


def told(office: Office) -> dict[str, Any]:
    return {
        row["line_id"]: (row["customer_id"], row["invoice_id"], row["amount"], row["confidence"], row["match_reason"])
        for row in office.rows("Matches")
    }


def test_a_morning_with_the_bank(tmp_path: Path) -> None:
    office = office_of(tmp_path)
    statement = tmp_path / "week.csv"
    # Somebody cleaned the file up: a line is gone, and the balance of the next one says so.
    whole = newest_first_with_balances(LINES, opening=1000)
    statement.write_text("".join(line for line in whole if not line.startswith("L5,")), encoding="utf-8")
    refused = duebook("import", office.path, statement, "--table", "BankStatement")
    assert refused.exit_code == 2
    assert "week.csv line 13: the balance is USD 3567.50" in refused.stderr
    statement.write_text("".join(whole), encoding="utf-8")
    done = duebook("import", office.path, statement, "--table", "BankStatement")
    assert done.exit_code == 0
    assert "Balances proved, 6200 USD: opening 1000.00 and 17 lines come to the closing 6187.00" in done.stdout
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
    assert found["L10"][1:] == ("INV-202402-0010", 30.25, "Medium", "Several lines sum to an invoice")
    assert found["L12"][1:] == ("INV-202403-0011", 490, "High", "Invoices named, less discount")
    netted = [
        (row["invoice_id"], row["credit_note_id"], row["amount"], row["confidence"], row["explanation"])
        for row in office.rows("Matches")
        if row["line_id"] == "L13"
    ]
    why = "The text names the invoices; the payer deducted Credit note CN-202402-0001."
    assert netted == [
        ("INV-202402-0012", "", 300, "Certain", why), ("INV-202402-0012", "CN-202402-0001", 50, "Certain", why),
    ]  # fmt: skip
    assert [row["invoice_id"] for row in office.rows("Matches") if row["line_id"] == "L14"] == [
        "INV-202402-0013", "INV-202402-0014",
    ]  # fmt: skip
    of_parent = [(row["customer_id"], row["amount"]) for row in office.rows("Matches") if row["line_id"] == "L15"]
    assert of_parent == [("C3", 210), ("C4", 300)]
    assert found["L16"][1:] == ("INV-202402-0017", 125, "Certain", "Invoices named, amount equal")
    assert found["L17"][1:4] == ("INV-202402-0018", 99, "High")
    assert [row["is_not_customer"] for row in office.rows("BankStatement") if row["line_id"] == "L8"] == ["Yes"]
    assert len(office.rows("Receipts")) == 1, "nothing is posted on its own"

    # Staff tick what is right; the parent's line is two receipts on one line.
    office.ticks("L1", "L2", "L4", "L7", "L10", "L11", "L12", "L13", "L14", "L15", "L16", "L17")
    done = duebook("match", office.path, "--as-of", "2024-03-31", "--post", "--by", "LI")
    assert done.exit_code == 0, done.output
    assert "Posted: receipts 14, allocations 17" in done.stdout
    receipts = [
        (row["receipt_id"], row["customer_id"], row["amount"], row["bank_line_id"], row["bank_reference"], row["method"])
        for row in office.rows("Receipts")[1:]
    ]
    assert [each for each in receipts if each[3] in ("L1", "L2", "L4", "L7")] == [
        ("BR-L1", "C1", 800, "L1", "REF-1", "Bank transfer"),
        ("BR-L2", "C1", 500, "L2", "REF-2", "Bank transfer"),
        ("BR-L4", "C2", 970, "L4", "REF-4", "Bank transfer"),
        ("BR-L7-1", "C3", 400, "L7", "REF-7", "Bank transfer"),
        ("BR-L7-2", "C4", 300, "L7", "REF-7", "Bank transfer"),
    ]
    assert told(office)["L1"][3:] == ("Certain", "Receipt of this line")
    allocated = {(row["receipt_id"], row["invoice_id"]): row["amount"] for row in office.rows("Allocations")}
    assert allocated["CN-202402-0001", "INV-202402-0012"] == 50
    # On the day of the line: the note is older, and its month may be locked.
    noted = [row["allocated_on"] for row in office.rows("Allocations") if row["receipt_id"] == "CN-202402-0001"]
    assert noted == [on("03-07")]
    assert allocated["BR-L13", "INV-202402-0012"] == 300
    assert [row["discount"] for row in office.rows("Allocations") if row["receipt_id"] == "BR-L12"] == [10]

    # Again: nothing is posted twice, and the file of the same week adds nothing.
    again = duebook("match", office.path, "--as-of", "2024-03-31", "--post")
    assert "Nothing is accepted" in again.stdout
    assert duebook("import", office.path, statement, "--table", "BankStatement").exit_code == 0
    assert len(office.rows("Receipts")) == 15
    assert len(office.rows("Allocations")) == 17
    done = duebook("close", office.path, "--as-of", "2024-03-31")
    assert done.exit_code == 0, done.output
    assert {row["invoice_id"]: row["open"] for row in office.rows("OpenItems")} == {
        "INV-202402-0004": 210, "INV-202402-0005": 30,
    }  # fmt: skip
