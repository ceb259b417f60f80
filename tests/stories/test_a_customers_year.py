"""A customer's year as its credit controller lives it: it pays, promises, breaks, disputes, agrees a plan, goes to court."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.stories.office import Held, Office, Sent, on, quick_reminders
from tests.workbook.command import duebook


def reminds(office: Office, day: str) -> dict[str, Sent | Held]:
    """The run of a day, sent. What is on the list and what is held are together what is open, to the cent."""
    told = office.reminds(day)
    listed = [*office.rows("ReminderItems"), *office.rows("RemindersHeld")]
    assert all(each["explanation"] for each in office.rows("RemindersHeld"))
    assert len({each["item_id"] for each in listed}) == len(listed)
    assert office.rows("RunLog")[-1]["tie_out"] == "holds"
    return told


__all__ = ["quick_reminders"]


@pytest.mark.usefixtures("quick_reminders")
def test_a_customers_year(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.types(
        "Customers", customer_id="H1", name="Harbour Foods", payment_terms="NET30", collector="LI", contact_name="Ms. Reed",
        email="ap@harbour.test", phone="555 0100", address="1 Quay Street",
    )  # fmt: skip

    # Winter: it pays when it is reminded, as it does every time.
    office.types("Invoices", invoice_id="INV-1", customer_id="H1", invoice_date=on("01-10"), amount=1000)
    assert office.reminds("02-10") == {"INV-1": Sent(4, "E-mail", "first", 1000)}
    office.types("Receipts", receipt_id="R-1", customer_id="H1", receipt_date=on("02-12"), amount=1000)

    # Spring: somebody has to call, and gets a promise, which is kept.
    office.types("Invoices", invoice_id="INV-2", customer_id="H1", invoice_date=on("03-01"), amount=2000)
    assert office.reminds("04-01") == {"INV-2": Sent(4, "E-mail", "first", 2000)}
    # In the fortnight to come, if nothing is paid: the call of the seventh day, the letter of the fifteenth.
    assert [(each["send_on"], each["channel"], each["amount"]) for each in office.rows("ReminderCalendar")] == [
        (on("04-07"), "Phone call", 2000), (on("04-15"), "Letter", 2000),
    ]  # fmt: skip
    assert office.reminds("04-08") == {"INV-2": Sent(5, "Phone call", "call", 2000)}
    (call,) = office.rows("WorkList")
    assert (call["rank"], call["collector"], call["contact_name"], call["phone"]) == (1, "LI", "Ms. Reed", "555 0100")
    assert (call["total"], call["max_days_overdue"], call["risk"], call["last_contact"]) == (2000, 8, 1, "")
    office.types(
        "Activities", activity_date=on("04-08"), customer_id="H1", invoice_id="INV-2", channel="Phone call",
        outcome="Promised to pay", promise_date=on("04-15"), notes="after the trade fair",
    )  # fmt: skip
    office.types("Receipts", receipt_id="R-2", customer_id="H1", receipt_date=on("04-15"), amount=2000)

    # Summer: a second promise, and nothing comes.
    office.types("Invoices", invoice_id="INV-3", customer_id="H1", invoice_date=on("05-02"), amount=3000)
    assert office.reminds("06-03") == {"INV-3": Sent(4, "E-mail", "first", 3000)}
    office.types(
        "Activities", activity_date=on("06-05"), customer_id="H1", invoice_id="INV-3", channel="E-mail",
        outcome="Promised to pay", promise_date=on("06-20"),
    )  # fmt: skip
    assert office.reminds("06-10") == {"INV-3": Held("Promise to pay", since="06-05", until="06-24")}
    assert office.reminds("06-24") == {"INV-3": Sent(5, "Phone call", "call", 3000)}
    # Whoever calls sees what was said before, and that this customer has kept one promise and broken one.
    (call,) = office.rows("WorkList")
    assert call["last_contact"] == "2024-06-05 E-mail: Promised to pay 2024-06-20"
    assert call["contact_before"] == "2024-04-08 Phone call: Promised to pay 2024-04-15. after the trade fair"
    assert (call["promises_kept"], call["promises_broken"], call["risk"]) == (1, 1, 1)

    # A plan is agreed, and another invoice is disputed. Neither is reminded, and both say why.
    for due, amount in (("07-31", 1500), ("08-31", 1500)):
        office.types(
            "RepaymentPlans", plan_id="P1", invoice_id="INV-3", due_date=on(due), amount=amount, agreed_on=on("07-01")
        )
    office.types(
        "Invoices", invoice_id="INV-4", customer_id="H1", invoice_date=on("06-15"), amount=500, is_disputed="Yes",
        disputed_on=on("07-10"), dispute_reason="two crates short",
    )  # fmt: skip
    office.types("Receipts", receipt_id="R-3", customer_id="H1", receipt_date=on("07-30"), amount=1500)
    held = reminds(office, "08-05")
    assert held["INV-4"] == Held("Disputed", since="07-10")
    assert held["INV-3"] == Held("On a repayment plan", since="07-01", until="09-01")
    assert office.agrees_on_pandas("08-05")
    # The second instalment is missed, and the plan stops holding anything.
    assert reminds(office, "09-02")["INV-3"] == Sent(4, "E-mail", "first", 1500)

    # The year in a line.
    (behaviour,) = office.rows("CustomerBehaviour")
    assert {key: behaviour[key] for key in behaviour if key not in ("customer_id", "name", "collector")} == {
        "promises_kept": 1, "promises_broken": 1, "promises_live": 0, "promises_replaced": 0, "instalments_kept": 1,
        "instalments_missed": 1, "disputes": 1, "disputes_open": 1, "dispute_days": 54, "items_paid": 3,
        "pays_after_level": 0, "risk": 1,
    }  # fmt: skip
    effect = {(each["level"], each["channel"]): each for each in office.rows("ReminderEffect")}
    assert [effect[4, "E-mail"][key] for key in ("messages", "amount", "paid_7", "paid_14", "paid_30")] == [
        3, 6000, 1000, 3000, 3000,
    ]  # fmt: skip
    assert effect[5, "Phone call"]["share_30"] == 0.4

    # Autumn: to the lawyer. Nothing more goes out, and what the lawyer gets says it all.
    done = duebook("legal", office.path, "H1", "--out", tmp_path, "--as-of", "2024-10-15", "--agent", "Lex & Co")
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "legal-H1-2024-10-15").iterdir()} == {"hand-over.docx", "hand-over.xlsx"}
    assert {each.reason for each in reminds(office, "10-16").values() if isinstance(each, Held)} == {"In legal collection"}
    assert office.rows("ReminderCalendar") == []

    # Years later nobody has moved: the debts can soon no longer be claimed, and a check says so in time.
    assert duebook("close", office.path, "--as-of", "2024-12-31").exit_code == 0
    limits = {each["item_id"]: each["limitation_date"] for each in office.rows("OpenItems")}
    assert limits == {"INV-3#P1#2": dt.date(2027, 8, 31), "INV-4": dt.date(2027, 7, 15)}
    quiet, warned, late = (duebook("check", office.path, "--as-of", day).stdout for day in _DAYS)
    assert "can no longer be claimed" not in quiet
    assert warned.count("Soon it can no longer be claimed") == 1
    assert late.count("The time to claim it is over") == 1


_DAYS = ("2027-04-15", "2027-04-16", "2027-07-16")
