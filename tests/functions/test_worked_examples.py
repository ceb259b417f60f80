"""The worked examples of the rules, each by its number, on every engine and on the oracle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from functions.ledger import PaymentTerms, Policy, ReminderLevel
from tests.engines import ENGINES, Engine
from tests.functions.verdicts import Results, by_engine, by_oracle
from tests.ledgers import Case
from tests.tables import Row, day, numbered, row

Judge = Callable[..., Results]

TODAY = "2024-06-28"
NET30 = PaymentTerms("NET30", days=30)
LADDER = tuple(
    ReminderLevel(level, days, "email", min_interval_days=14) for level, days in enumerate((1, 7, 15, 30), start=1)
)


@pytest.fixture(params=["oracle", *ENGINES])
def judge(request: pytest.FixtureRequest) -> Judge:
    """The rules on an engine, or in plain Python: ``judge("items", "aging", on=day, policy=…, invoices=[…])``."""

    def decide(*wanted: str, on: str = TODAY, policy: Policy | None = None, **tables: list[Row]) -> Results:
        customers = tables.pop("customers", [customer()])
        case = Case(numbered({"customers": customers, **tables}), policy or Policy(payment_terms=(NET30,)), day(on))
        return by_oracle(case) if request.param == "oracle" else by_engine(case, Engine(request.param), *wanted)

    return decide


def customer(customer_id: str = "C1", **values: Any) -> Row:
    return row("customers", customer_id, **{"currency": "CNY", "payment_terms": "NET30", "email": "a@example.com", **values})


def invoice(invoice_id: str, amount_minor: int, **values: Any) -> Row:
    usual = {"customer_id": "C1", "currency": "CNY", "invoice_day": day("2024-06-01")}
    return row("invoices", invoice_id, amount_minor=amount_minor, **{**usual, **values})


def receipt(receipt_id: str, amount_minor: int, **values: Any) -> Row:
    usual = {"customer_id": "C1", "currency": "CNY", "kind": "receipt", "receipt_day": day("2024-06-10")}
    return row("receipts", receipt_id, amount_minor=amount_minor, **{**usual, **values})


def column(rows: list[Row], name: str, key: str) -> dict[Any, Any]:
    """A column by another."""
    return {each[key]: each[name] for each in rows}


def codes(results: Results) -> dict[str, str]:
    return {each["key"]: each["code"] for each in results.issues}


def test_example_1_instalments_then_a_linked_credit(judge: Judge) -> None:
    terms = PaymentTerms("PARTS", instalments=((300_000, 30), (500_000, 60), (200_000, 90)))
    policy = Policy(payment_terms=(terms,))
    sold = invoice("I1", 200_00, payment_terms="PARTS")
    paid = receipt("R1", 40_00, receipt_day=day("2024-06-10"))
    credited = invoice("N1", -100_00, related_invoice_id="I1", invoice_day=day("2024-06-20"))

    def parts(on: str) -> list[tuple[int, int]]:
        items = judge("items", on=on, policy=policy, invoices=[sold, credited], receipts=[paid]).items
        return [(each["amount_minor"], each["open_minor"]) for each in sorted(items, key=lambda each: int(each["part"]))]

    assert parts("2024-06-19") == [(60_00, 20_00), (100_00, 100_00), (40_00, 40_00)]
    assert parts("2024-06-20") == [(60_00, 0), (100_00, 20_00), (40_00, 40_00)]


@pytest.mark.parametrize(
    ("allocation_policy", "owed", "unapplied"), [("explicit_only", 60_00, -100_00), ("oldest_due_first", 0, -40_00)]
)
def test_example_2_an_unlinked_credit_under_both_policies(
    judge: Judge, allocation_policy: str, owed: int, unapplied: int
) -> None:
    results = judge(
        "items",
        "aging",
        policy=Policy(allocation_policy=allocation_policy, payment_terms=(NET30,)),
        invoices=[invoice("I1", 100_00), invoice("N1", -100_00)],
        receipts=[receipt("R1", 40_00)],
        allocations=[row("allocations", "A1", receipt_id="R1", invoice_id="I1", amount_minor=40_00)],
    )
    (aged,) = results.aging
    assert [each["open_minor"] for each in results.items] == [owed]
    assert (aged["not_due_minor"], aged["unapplied_minor"], aged["balance_minor"]) == (owed, unapplied, -40_00)


def test_example_3_a_receipt_of_the_day_after_does_not_exist_yet(judge: Judge) -> None:
    tables = {
        "invoices": [invoice("I1", 100_00, invoice_day=day("2024-06-14"))],
        "receipts": [receipt("R1", 110_00, receipt_day=day("2024-06-15"))],
    }
    before = judge("items", "unapplied", on="2024-06-14", **tables)
    assert column(before.items, "open_minor", "item_id") == {"I1": 100_00}
    assert before.unapplied == []
    after = judge("items", "unapplied", on="2024-06-15", **tables)
    assert column(after.items, "open_minor", "item_id") == {"I1": 0}
    assert column(after.unapplied, "unapplied_minor", "source_id") == {"R1": 10_00}


def test_example_4_an_edge_belongs_to_the_younger_bucket(judge: Judge) -> None:
    days_overdue = (-1, 0, 1, 30, 31, 60, 120, 121)
    # Each amount a power of two, so that a sum says which items are in it.
    invoices = [invoice(f"I{place}", 2**place, due_day=day(TODAY) - days) for place, days in enumerate(days_overdue)]
    (aged,) = judge("aging", invoices=[each | {"invoice_day": day("2024-01-01")} for each in invoices]).aging
    buckets = {
        name: [days for place, days in enumerate(days_overdue) if aged[f"{name}_minor"] >> place & 1]
        for name in ("not_due", "d1_30", "d31_60", "d61_90", "d91_120", "over_120")
    }
    assert buckets == {
        "not_due": [-1, 0],
        "d1_30": [1, 30],
        "d31_60": [31, 60],
        "d61_90": [],
        "d91_120": [120],
        "over_120": [121],
    }
    assert (aged["overdue_minor"], aged["oldest_days"], aged["balance_minor"]) == (255 - 3, 121, 255)


def test_example_5_end_of_month_terms(judge: Judge) -> None:
    terms = (
        PaymentTerms("EOM1", basis="end_of_month", months=1),
        PaymentTerms("EOM45", basis="end_of_month", days=45),
    )
    cases = {
        ("EOM1", "2017-02-10"): "2017-03-31",
        ("EOM1", "2016-01-22"): "2016-02-29",
        ("EOM1", "2017-01-22"): "2017-02-28",
        ("EOM45", "2019-01-01"): "2019-03-17",
        ("EOM45", "2019-01-15"): "2019-03-17",
        ("EOM45", "2019-01-31"): "2019-03-17",
    }
    invoices = [
        invoice(f"{terms_id} {begins}", 1, payment_terms=terms_id, invoice_day=day(begins)) for terms_id, begins in cases
    ]
    items = judge("items", policy=Policy(payment_terms=terms), invoices=invoices).items
    expected = {f"{terms_id} {begins}": day(due) for (terms_id, begins), due in cases.items()}
    assert column(items, "due_day", "invoice_id") == expected
    assert column(items, "contractual_due_day", "invoice_id") == expected


@pytest.mark.parametrize("allocation_policy", ["explicit_only", "oldest_due_first"])
def test_example_6_an_allocation_that_asks_too_much_is_refused_whole(judge: Judge, allocation_policy: str) -> None:
    results = judge(
        "items",
        "unapplied",
        "issues",
        policy=Policy(allocation_policy=allocation_policy, payment_terms=(NET30,)),
        customers=[customer("C1"), customer("C2")],
        invoices=[
            invoice("I1", 500_00),
            invoice("I2", 50_00, customer_id="C2"),
            invoice("I3", 60_00, customer_id="C2"),
        ],
        receipts=[receipt("R1", 300_00), receipt("R2", 100_00, customer_id="C2")],
        allocations=[
            row("allocations", "A0", receipt_id="R1", invoice_id="I1", amount_minor=330_00),
            row("allocations", "A1", receipt_id="R2", invoice_id="I2", amount_minor=80_00),
            row("allocations", "A2", receipt_id="R2", invoice_id="I3", amount_minor=60_00),
        ],
    )
    assert codes(results) == {"A0": "over_asked", "A1": "over_settled", "A2": "over_asked"}
    assert column(results.items, "open_minor", "item_id") == {"I1": 500_00, "I2": 50_00, "I3": 60_00}
    assert column(results.unapplied, "unapplied_minor", "source_id") == {"R1": 300_00, "R2": 100_00}


def test_example_7_exposure_equal_to_the_limit_is_allowed(judge: Judge) -> None:
    results = judge(
        "credit",
        customers=[customer(each, credit_limit_minor=1_100_00) for each in ("C1", "C2")],
        invoices=[invoice("I1", 1_100_00), invoice("I2", 1_100_01, customer_id="C2")],
    )
    assert column(results.credit, "headroom_minor", "customer_id") == {"C1": 0, "C2": -1}
    # Nothing is breached, but 80 % of the limit is reached.
    assert column(results.credit, "status", "customer_id") == {"C1": "watch", "C2": "over_limit"}


def test_example_8_a_never_reminded_item_begins_at_the_first_dunning_level(judge: Judge) -> None:
    policy = Policy(payment_terms=(NET30,), reminder_levels=LADDER)
    results = judge(
        "messages",
        "lines",
        "held",
        policy=policy,
        invoices=[invoice("I1", 100_00, invoice_day=day("2024-03-30"), due_day=day(TODAY) - 60)],
    )
    assert [(each["item_id"], each["level"], each["amount_minor"]) for each in results.lines] == [("I1", 1, 100_00)]
    assert [(each["level"], each["total_minor"], each["max_days_overdue"]) for each in results.messages] == [(1, 100_00, 60)]
    assert results.held == []


@pytest.mark.parametrize(("on", "levels", "reasons"), [("2024-06-14", [], ["too_soon"]), ("2024-06-15", [2], [])])
def test_example_8_the_next_reminder_waits_for_the_interval(
    judge: Judge, on: str, levels: list[int], reasons: list[str]
) -> None:
    results = judge(
        "lines",
        "held",
        on=on,
        policy=Policy(payment_terms=(NET30,), reminder_levels=LADDER),
        invoices=[invoice("I1", 100_00, invoice_day=day("2024-03-30"), due_day=day("2024-04-29"))],
        reminder_log=[
            row("reminder_log", sent_day=day("2024-06-01"), customer_id="C1", currency="CNY", item_id="I1", level=1),
        ],
    )
    assert [each["level"] for each in results.lines] == levels
    assert [each["reason"] for each in results.held] == reasons


def test_example_11_splitting_conserves_and_each_row_is_rounded_once(judge: Judge) -> None:
    quarters = PaymentTerms("QUARTERS", instalments=tuple((250_000, days) for days in (0, 30, 60, 90)))
    results = judge(
        "items",
        "aging",
        policy=Policy(payment_terms=(NET30, quarters)),
        customers=[customer("C1"), customer("C2")],
        invoices=[
            invoice("I1", 2, payment_terms="QUARTERS"),
            invoice("I2", 1, customer_id="C2", currency="USD"),
            invoice("I3", 1, customer_id="C2", currency="USD"),
        ],
        exchange_rates=[
            row("exchange_rates", currency="USD", rate_day=day("2024-06-01"), rate_digits=725, rate_scale=2),
        ],
    )
    parts = {each["part"]: each["amount_minor"] for each in results.items if each["invoice_id"] == "I1"}
    assert parts == {1: 1, 2: 0, 3: 1, 4: 0}
    assert column(results.aging, "balance_base_minor", "customer_id") == {"C1": 2, "C2": 14}
