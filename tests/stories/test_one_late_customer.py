"""One late customer, from the invoice over three reminders to the payment, day by day, with the ladder of a new workbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.office import Held, Office, Sent, on, quick_reminders

__all__ = ["quick_reminders"]


@pytest.mark.usefixtures("quick_reminders")
def test_one_late_customer(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.types(
        "Customers", customer_id="C1", name="Brightwater Ltd", payment_terms="NET30", collector="LI",
        email="ap@brightwater.test", phone="555 0100", address="1 Quay Street",
    )  # fmt: skip
    office.types("Invoices", invoice_id="INV-1", customer_id="C1", invoice_date=on("02-13"), amount=1000)

    # It is due on 14 March. Three friendly notices go before: a week, three days and a day ahead. On that day: nothing.
    assert office.reminds("03-06") == {"INV-1": Held("Not yet time", until="03-07")}
    assert office.reminds("03-07") == {"INV-1": Sent(1, "E-mail", "upcoming", 1000)}
    assert office.reminds("03-11") == {"INV-1": Sent(2, "E-mail", "upcoming", 1000)}
    assert office.reminds("03-13") == {"INV-1": Sent(3, "Text message", "due_tomorrow", 1000)}
    assert office.reminds("03-14") == {"INV-1": Held("Waiting for the next level", since="03-13", until="03-15")}

    # A day late: the first reminder.
    assert office.reminds("03-15") == {"INV-1": Sent(4, "E-mail", "first", 1000)}

    # The customer finds fault with the goods: the call of the seventh day is not made until that is settled.
    office.corrects("Invoices", "INV-1", is_disputed="Yes", disputed_on=on("03-20"), dispute_reason="two crates short")
    assert office.reminds("03-21") == {"INV-1": Held("Disputed", since="03-20")}
    office.corrects("Invoices", "INV-1", dispute_closed_on=on("03-26"))
    assert office.reminds("03-26") == {"INV-1": Sent(5, "Phone call", "call", 1000)}

    # The third reminder's day comes three days later, too soon after that call: seven days lie between the two.
    assert office.reminds("03-27") == {"INV-1": Held("Waiting for the next level", since="03-26", until="03-29")}
    assert office.reminds("04-01") == {"INV-1": Held("Too soon after the last reminder", since="03-26", until="04-02")}
    assert office.reminds("04-02") == {"INV-1": Sent(6, "Letter", "second", 1000)}

    # Now it promises to pay by the 12th, and pays a part. The visit of 13 April is put off while the promise may be kept.
    office.types(
        "Activities", activity_date=on("04-05"), customer_id="C1", channel="Phone call", outcome="Promised to pay",
        promise_date=on("04-12"),
    )  # fmt: skip
    office.types("Receipts", receipt_id="R-1", customer_id="C1", receipt_date=on("04-10"), amount=400)
    assert office.reminds("04-13") == {"INV-1": Held("Promise to pay", since="04-05", until="04-16")}

    assert office.agrees_on_pandas("04-13")

    # The promise is broken: someone is to drive there for the rest.
    assert office.reminds("04-16", really=False) == {"INV-1": Sent(7, "Visit", "visit", 600)}
    # But the bank statement of that morning has it. Nothing is left to remind of.
    office.types("Receipts", receipt_id="R-2", customer_id="C1", receipt_date=on("04-15"), amount=600)
    assert office.reminds("04-16") == {}

    # The log tells the story.
    log = office.rows("ReminderLog")
    assert [
        (f"{each['sent_on']:%m-%d}", each["level"], each["channel"], each["letter"], each["amount"]) for each in log
    ] == [
        ("03-07", 1, "E-mail", "upcoming", 1000),
        ("03-11", 2, "E-mail", "upcoming", 1000),
        ("03-13", 3, "Text message", "due_tomorrow", 1000),
        ("03-15", 4, "E-mail", "first", 1000),
        ("03-26", 5, "Phone call", "call", 1000),
        ("04-02", 6, "Letter", "second", 1000),
    ]
    assert {(each["customer_id"], each["item_id"], each["collector"], each["currency"]) for each in log} == {
        ("C1", "INV-1", "LI", "USD")
    }
    # And what staff left blank has been filled in.
    (promise,) = office.rows("Activities")
    assert promise["activity_id"]
