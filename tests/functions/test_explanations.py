"""The very events behind a figure, line by line."""

from __future__ import annotations

from typing import Any

from functions.explanations import explain_interest, explain_level, explain_open
from functions.frames import NO_DAY, NO_MINOR, Frame
from functions.interest import late_interest
from functions.ledger import Policy
from functions.position import ledger_position
from tests.engines import Engine
from tests.functions.reminder_runs import LADDER
from tests.ledgers import crowd, ledger_on, rows_of
from tests.tables import Row, day, numbered, row

DUE = day("2024-04-30")


def lines_of(frame: Frame, *columns: str) -> list[tuple[Any, ...]]:
    rows = sorted(rows_of(frame), key=lambda each: (each["item_id"], int(each["line"])))
    return [tuple(each[name] for name in columns) for each in rows]


def told(**tables: list[Row]) -> dict[str, list[Row]]:
    usual = {"customer_id": "C1", "currency": "CNY", "invoice_day": DUE - 30, "due_day": DUE}
    return numbered(
        {
            "customers": [row("customers", "C1", currency="CNY", email="a@example.com")],
            "invoices": [
                row("invoices", "I1", amount_minor=100_00, **usual),
                row("invoices", "I2", amount_minor=1, **usual),
            ],
            **tables,
        }
    )


def test_an_open_amount_is_what_was_owed_less_each_settlement(engine: Engine) -> None:
    paid = {"customer_id": "C1", "currency": "CNY"}
    tables = told(
        receipts=[
            row("receipts", "R1", receipt_day=DUE + 5, amount_minor=60_00, **paid),
            row("receipts", "R2", receipt_day=DUE + 30, amount_minor=50_00, **paid),
        ],
        allocations=[
            row(
                "allocations",
                "A1",
                receipt_id="R1",
                invoice_id="I1",
                amount_minor=60_00,
                discount_minor=1_00,
                allocated_day=DUE + 9,
            ),
            row("allocations", "A2", receipt_id="R2", invoice_id="I1", amount_minor=29_00),
        ],
        write_offs=[
            row("write_offs", "W1", invoice_id="I1", amount_minor=19_00, written_off_day=DUE + 20, reason="bad_debt")
        ],
    )
    position = ledger_position(ledger_on(tables, engine), policy=Policy(allocation_policy="explicit_only"), as_of=DUE + 60)
    shown = lines_of(
        explain_open(position, invoice_id="I1"),
        "line",
        "code",
        "from_day",
        "to_day",
        "reference_id",
        "amount_minor",
        "total_minor",
    )
    assert shown == [
        (1, "owed", DUE - 30, DUE, "I1", 100_00, 100_00),
        (2, "discount", DUE + 9, DUE + 5, "R1", -1_00, 99_00),
        (3, "allocation", DUE + 9, DUE + 5, "R1", -60_00, 39_00),
        (4, "write_off", DUE + 20, DUE + 20, "W1", -19_00, 20_00),
        (5, "allocation", DUE + 30, DUE + 30, "R2", -20_00, 0),
        (6, "write_off_reversed", DUE + 30, DUE + 30, "A2", 9_00, 9_00),
        (7, "recovery", DUE + 30, DUE + 30, "R2", -9_00, 0),
    ]


def test_interest_is_its_stretches_and_their_running_sum(engine: Engine) -> None:
    rate = {"currency": "CNY", "annual_rate_digits": 1, "annual_rate_scale": 1}
    rates = [
        row("interest_rates", from_day=0, **rate),
        row("interest_rates", from_day=DUE + 31, **rate | {"annual_rate_digits": 2}),
    ]
    tables = told(
        interest_rates=rates,
        receipts=[row("receipts", "R1", customer_id="C1", currency="CNY", receipt_day=DUE + 10, amount_minor=40_00)],
    )
    ledger, policy = ledger_on(tables, engine), Policy()
    interest = late_interest(ledger, ledger_position(ledger, policy=policy, as_of=DUE + 40), policy=policy)
    shown = lines_of(
        explain_interest(interest, policy=policy, invoice_id="I1"),
        "line", "code", "from_day", "to_day", "number", "amount_minor", "total_minor",
    )  # fmt: skip
    assert shown == [
        (1, "interest", DUE + 1, DUE + 10, 10**10, 100_00, 27),
        (2, "interest", DUE + 11, DUE + 30, 10**10, 60_00, 60),
        (3, "interest", DUE + 31, DUE + 40, 2 * 10**10, 60_00, 93),
    ]
    without = ledger_on(told(), engine)
    blank = late_interest(without, ledger_position(without, policy=policy, as_of=DUE + 3), policy=policy)
    explained = explain_interest(blank, policy=policy, invoice_id="I1")
    assert lines_of(explained, "number", "total_minor") == [(NO_MINOR, NO_MINOR)]


def test_a_level_is_what_was_sent_promised_and_held(engine: Engine) -> None:
    log = {"customer_id": "C1", "currency": "CNY", "item_id": "I1"}
    promise = {"customer_id": "C1", "outcome": "promised"}
    tables = told(
        reminder_log=[
            row("reminder_log", message_id="M1", sent_day=DUE + 1, level=4, **log),
            row("reminder_log", message_id="M2", sent_day=DUE + 8, level=5, **log),
            row("reminder_log", message_id="M9", sent_day=DUE + 99, level=6, **log),
        ],
        activities=[
            row(
                "activities",
                "V1",
                activity_day=DUE + 2,
                promise_day=DUE + 4,
                promise_minor=10_00,
                invoice_id="I1",
                **promise,
            ),
            row("activities", "V2", activity_day=DUE + 9, promise_day=DUE + 12, promise_minor=NO_MINOR, **promise),
            row("activities", "V3", activity_day=DUE + 9, promise_day=DUE + 12, invoice_id="I2", **promise),
        ],
    )
    ledger, policy = ledger_on(tables, engine), Policy(reminder_levels=LADDER)
    position = ledger_position(ledger, policy=policy, as_of=DUE + 10)
    explained = explain_level(ledger, position, policy=policy, invoice_id="I1")
    shown = lines_of(explained, "code", "from_day", "to_day", "reference_id", "number", "amount_minor", "total_minor")
    assert shown == [
        ("due", DUE, NO_DAY, "", 10, 100_00, 0),
        ("reminded", DUE + 1, NO_DAY, "M1", 4, 0, 0),
        ("broken", DUE + 2, DUE + 7, "V1", 0, 10_00, 0),
        ("reminded", DUE + 8, NO_DAY, "M2", 5, 0, 0),
        ("live", DUE + 9, DUE + 15, "V2", 0, 100_01, 0),
        ("held", DUE + 9, DUE + 16, "promise", 0, 100_00, 0),
        ("next_level", DUE + 15, NO_DAY, "", 6, 0, 0),
    ]


def test_the_last_line_of_an_explanation_is_the_figure_that_it_explains() -> None:
    whole = crowd(91, 40).whole
    ledger, policy = ledger_on(whole.tables, Engine("polars")), whole.policy
    position = ledger_position(ledger, policy=policy, as_of=whole.as_of)
    interest = late_interest(ledger, position, policy=policy)
    charged = {each["item_id"]: each["interest_minor"] for each in rows_of(interest.items)}
    items = rows_of(position.items)
    seen = 0
    for invoice_id in sorted({each["invoice_id"] for each in items})[:60]:
        own = {each["item_id"]: each["open_minor"] for each in items if each["invoice_id"] == invoice_id}
        assert dict(lines_of(explain_open(position, invoice_id=invoice_id), "item_id", "total_minor")) == own
        told_ = dict(lines_of(explain_interest(interest, policy=policy, invoice_id=invoice_id), "item_id", "total_minor"))
        assert told_ == {key: amount for key, amount in charged.items() if key in own}
        seen += len(told_)
    assert seen > 20
