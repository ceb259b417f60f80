"""Before the month end somebody looks through what colleagues typed: found, told apart by severity, and nothing written."""

from __future__ import annotations

import re
from pathlib import Path

from tests.stories.office import Office, on
from tests.workbook.command import duebook


def test_what_colleagues_typed_is_doubted_cell_by_cell_until_it_is_put_right(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.types(
        "Customers", customer_id="C7", name="Brightwater Ltd", email="ap@brightwater.example", payment_terms="NET30"
    )
    office.types("Customers", customer_id="C07", name="BRIGHTWATER Limited", email="ap.brightwater.example")
    for number, day in (("INV-01", "02-01"), ("INV-02", "02-05"), ("INV-05", "02-09")):
        office.types("Invoices", invoice_id=number, customer_id="C7", invoice_date=on(day), amount=100 + int(number[-1]))
    office.types(
        "Invoices", invoice_id="INV-6", customer_id="C7", invoice_date=on("02-09"), amount=105, due_date=on("01-31")
    )
    before = office.path.read_bytes()

    def checked(*options: str) -> tuple[int, list[str]]:
        done = duebook("check", office.path, "--as-of", "2024-03-31", *options)
        return done.exit_code, done.stdout.splitlines()

    status, lines = checked()
    assert status == 0
    assert office.path.read_bytes() == before
    found = {tuple(re.findall(r"^warning: (\w+)![A-Z]+(\d+) \(\w+\.(\w+)\)", line)[0]): line for line in lines[:-1]}
    found = {place: line for place, line in found.items() if place[0] != "Settings"}  # blank names of ours
    assert set(found) == {
        *(("Customers", row, key) for row in "23" for key in ("customer_id", "name")), ("Customers", "3", "email"),
        ("Invoices", "4", "invoice_id"), ("Invoices", "5", "invoice_id"), ("Invoices", "5", "due_date"),
    }  # fmt: skip
    assert "It differs from C7 only by leading zeros" in found["Customers", "3", "customer_id"]
    assert "Probably one customer: C07." in found["Customers", "2", "name"]
    assert [line for line in lines if "INV-03, INV-04" in line or "INV-3, INV-4" in line] != []
    assert lines[-1] == f"0 errors, {len(lines) - 1} warnings"

    # In Chinese, the same cells.
    assert any("Customers!B2" in line and "疑似同一客户：C07。" in line for line in checked("--language", "zh-CN")[1])

    # Repeated invoices are to stop the night's run; numbers are another department's affair.
    office.corrects("Settings", "severity.invoice_repeated", value="错误")
    office.corrects("Settings", "severity.number_gap", value="Off")
    office.corrects("Customers", "C07", email="ap@brightwater.example")
    status, lines = checked()
    assert status == 1
    assert [line.split(" (")[0] for line in lines if line.startswith("error")] == [
        "error: Invoices!A4",
        "error: Invoices!A5",
    ]
    assert not any("INV-03" in line or "INV-3" in line or "Customers!G3" in line for line in lines)
