"""Contracts billed, the bank matched, the books reconciled and locked, month by month from the command line.

Four months; with ``DUEBOOK_WHOLE_YEAR=1`` in the environment the whole year.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

from tests.stories.office import Office
from tests.workbook.command import duebook
from workbook.file_book import FileBook
from workbook.periods.log_faults import log_faults

IS_YEAR = bool(os.environ.get("DUEBOOK_WHOLE_YEAR"))
MONTHS = range(1, 13 if IS_YEAR else 5)
EDITED, FOUND = 3, 4
"""The month in which an invoice of February is changed behind its lock, and the one that tells."""
MONTHLY, QUARTERLY, MILESTONES = 1_000.00, 3_000.00, {2: 1_500.00, 4: 3_500.00}


def billed_in(month: int) -> dict[str, float]:
    """Customer → what the contracts bill in a month."""
    bills = {"C1": MONTHLY, "C2": QUARTERLY if month % 3 == 1 else 0.0, "C3": MILESTONES.get(month, 0.0)}
    return {customer: amount for customer, amount in bills.items() if amount and month > 0}


def office_of(folder: Path) -> Office:
    office = Office(folder)
    for customer, name in (("C1", "Brightwater Ltd"), ("C2", "Harbour Mill GmbH"), ("C3", "Kestrel Holding")):
        office.types("Customers", customer_id=customer, name=name, payment_terms="NET30", credit_limit=20_000)
    first = dt.date(2024, 1, 5)
    for sheet in ("Contracts", "Milestones", "ControlAccount"):
        assert duebook("sheet", office.path, sheet).exit_code == 0
    common = {"signed_on": dt.date(2023, 12, 1), "payment_terms": "NET30", "ends_on": dt.date(2025, 6, 30)}
    office.types("Contracts", contract_id="K1", customer_id="C1", billing_rule="monthly", billing_amount=MONTHLY,
                 next_bill_on=first, **common)  # fmt: skip
    office.types("Contracts", contract_id="K2", customer_id="C2", billing_rule="quarterly", billing_amount=QUARTERLY,
                 next_bill_on=first, **common)  # fmt: skip
    office.types("Contracts", contract_id="K3", customer_id="C3", billing_rule="milestones", amount=5_000, **common)
    for month, percent in ((2, 30), (4, 70)):
        office.types("Milestones", contract_id="K3", bill_on=dt.date(2024, month, 5), percent=percent)
    return office


def runs(*arguments: object) -> str:
    done = duebook(*arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def pays(office: Office, month: int) -> dict[str, str]:
    """The bank's file of a month: last month's invoices, each paid in full, and a fee. Line → the invoice it is for."""
    rows = ["Transaction ID,Account,Booked on,Currency,Amount,Counterparty,Reference,Remittance text"]
    truth = {}
    for invoice in office.rows("Invoices"):
        if invoice["invoice_date"].month == month - 1:
            line = f"L{month:02}-{len(rows)}"
            truth[line] = invoice["invoice_id"]
            amount, number = invoice["amount"], invoice["invoice_id"]
            rows.append(
                f"{line},6200,2024-{month:02}-20,USD,{amount:.2f},{invoice['customer_id']} pays,REF-{line},for {number}"
            )
    rows.append(f"L{month:02}-fee,6200,2024-{month:02}-28,USD,-12.50,Our own bank,FEE-{month},Monthly fee")
    path = office.path.with_name(f"bank-{month:02}.csv")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    runs("import", office.path, path, "--table", "BankStatement", "--by", "LI")
    return truth


def test_months_from_contract_to_cash(tmp_path: Path) -> None:
    office = office_of(tmp_path)
    balance, right, wrong = 0.0, 0, 0
    for month in MONTHS:
        last = dt.date(2024, month, calendar.monthrange(2024, month)[1])
        in_spite = ["--yes"] if month > FOUND else []  # of what the change left overdue
        runs("bill", office.path, "--as-of", last, "--post", "--by", "LI", *in_spite)
        if IS_YEAR or month == MONTHS[0]:  # posts nothing twice
            runs("bill", office.path, "--as-of", last, "--post", "--by", "LI", *in_spite)
        new = [row for row in office.rows("Invoices") if row["invoice_date"].month == month]
        assert {row["customer_id"]: row["amount"] for row in new} == billed_in(month)

        truth = pays(office, month)
        if truth:
            runs("match", office.path, "--as-of", last)
            certain = [row for row in office.rows("Matches") if row["confidence"] == "Certain" and row["line_id"] in truth]
            right += sum(truth[row["line_id"]] == row["invoice_id"] for row in certain)
            wrong += sum(truth[row["line_id"]] != row["invoice_id"] for row in certain)
            office.ticks(*(row["line_id"] for row in certain))
            runs("match", office.path, "--as-of", last, "--post", "--by", "LI")

        paid = sum(billed_in(month - 1).values())
        opening, balance = balance, balance + sum(billed_in(month).values()) - paid
        # An invoice of an earlier month was changed behind the lock: the general ledger knows nothing of it.
        behind = 50.0 if month >= FOUND else 0.0
        office.types("ControlAccount", period=f"{last:%Y-%m}", currency="USD", balance=balance)
        done = duebook("reconcile", office.path, "--period", f"{last:%Y-%m}")
        assert done.exit_code == (1 if behind else 0), done.output
        compared = [row for row in office.rows("Reconciliation") if row["theirs"] not in ("", None)]
        assert [(row["ours"], row["theirs"]) for row in compared] == [(balance + behind, balance)]

        summary = json_of(office, "close", office.path, "--as-of", last, "--lock", "--by", "LI")
        assert summary["currencies"]["USD"]["balance"] == f"{balance + behind:.2f}"
        assert all(check["holds"] for check in summary["tie_out"])
        if IS_YEAR or month == FOUND:
            runs("bridge", office.path, "--from", last.replace(day=1), "--to", last)
            (total,) = (row for row in office.rows("Bridge") if row["customer_id"] in ("", None))
            assert (total["closing"], total["invoiced"]) == (balance + behind, sum(billed_in(month).values()))
            assert total["opening"] == opening + behind

        locks = [row for row in office.rows("Issues") if "lock" in str(row["code"])]
        if month == EDITED:
            office.corrects("Invoices", first_invoice_of(office, month=2), amount=MONTHLY + 50)
        if month >= FOUND:
            assert [row["value"] for row in locks if row["code"] == "changed_after_lock"][:1] == [
                "1000.00 → 1050.00 (2024-02)"
            ]
        else:
            assert locks == []
    assert log_faults(FileBook(office.path)) == []  # each line of so many runs follows the one before
    assert (right, wrong) == (sum(len(billed_in(month)) for month in MONTHS[:-1]), 0)


def first_invoice_of(office: Office, month: int) -> str:
    return next(
        str(row["invoice_id"])
        for row in office.rows("Invoices")
        if row["invoice_date"].month == month and row["customer_id"] == "C1"
    )


def json_of(office: Office, *arguments: object) -> dict[str, Any]:
    """Run a command and read what it tells machines."""
    path = office.path.with_name("told.json")
    runs(*arguments, "--json", path)
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told
