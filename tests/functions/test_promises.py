"""Promises to pay (RULES §8), the same cases on every engine. Grace is 3 days, unless a case says otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from functions.frames import NO_MINOR
from functions.ledger import Policy
from functions.promises import promises_to_pay
from tests.engines import Engine
from tests.functions.small_ledger import small_ledger, small_position
from tests.tables import Row, day

MADE = day("2024-05-06")
DUE = day("2024-04-01")
PROMISED = day("2024-05-10")
DEADLINE = day("2024-05-13")


def promise(activity_id: str = "A1", **changes: Any) -> dict[str, Any]:
    """Made on 6 May for 10 May, by customer C1, for everything that is overdue."""
    return {"activity_id": activity_id, "activity_day": MADE, "customer_id": "C1", "promise_day": PROMISED, **changes}


def payment(item_id: str, amount_minor: int, on: int, step: str = "allocation") -> dict[str, Any]:
    return {"item_id": item_id, "amount_minor": amount_minor, "paid_day": on, "step": step}


def judge(
    engine: Engine,
    activities: Iterable[Row],
    *,
    as_of: int,
    items: Iterable[Row] = ({"item_id": "I1", "due_day": DUE},),
    paid: Iterable[Row] = (),
    plans: Iterable[Row] = (),
    max_promises: int = 2,
) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
    """The state of each promise by its id; the hold (since, until) of each held item."""
    ledger = small_ledger(engine, activities=activities, repayment_plans=plans)
    position = small_position(engine, as_of, items, paid)
    result = promises_to_pay(ledger, position, policy=Policy(promise_grace_days=3, max_promises=max_promises))
    states = {row["activity_id"]: row["state"] for row in engine.rows(result.states)}
    holds = engine.rows(result.holds)
    assert len({row["item_id"] for row in holds}) == len(holds)
    return states, {row["item_id"]: (row["since_day"], row["until_day"]) for row in holds}


def test_a_promise_holds_to_the_last_day_of_grace(engine: Engine) -> None:
    assert judge(engine, [promise()], as_of=DEADLINE) == ({"A1": "live"}, {"I1": (MADE, DEADLINE + 1)})


def test_a_promise_unkept_after_its_grace_is_broken_and_holds_nothing(engine: Engine) -> None:
    assert judge(engine, [promise()], as_of=DEADLINE + 1) == ({"A1": "broken"}, {})


def test_a_payment_on_the_last_day_of_grace_keeps_the_promise(engine: Engine) -> None:
    states, _ = judge(engine, [promise()], as_of=DEADLINE + 5, paid=[payment("I1", 100_00, DEADLINE)])
    assert states == {"A1": "kept"}


def test_a_payment_one_day_after_the_grace_comes_too_late(engine: Engine) -> None:
    states, _ = judge(engine, [promise()], as_of=DEADLINE + 5, paid=[payment("I1", 100_00, DEADLINE + 1)])
    assert states == {"A1": "broken"}


def test_what_was_paid_before_the_promise_does_not_count_towards_its_amount(engine: Engine) -> None:
    made = [promise(promise_minor=60_00)]
    assert judge(engine, made, as_of=DEADLINE + 1, paid=[payment("I1", 60_00, MADE - 1)])[0] == {"A1": "broken"}
    assert judge(engine, made, as_of=DEADLINE + 1, paid=[payment("I1", 60_00, MADE)])[0] == {"A1": "kept"}


def test_a_promise_of_everything_needs_what_was_open_on_its_day(engine: Engine) -> None:
    before, rest = payment("I1", 40_00, MADE - 1), payment("I1", 60_00, PROMISED)
    assert judge(engine, [promise()], as_of=DEADLINE + 1, paid=[before, rest])[0] == {"A1": "kept"}
    assert judge(engine, [promise()], as_of=DEADLINE + 1, paid=[before, {**rest, "amount_minor": 59_99}])[0] == {
        "A1": "broken"
    }


def test_what_is_paid_on_the_day_of_the_promise_was_still_open_when_it_was_made(engine: Engine) -> None:
    paid = [payment("I1", 40_00, MADE), payment("I1", 20_00, PROMISED)]
    assert judge(engine, [promise()], as_of=DEADLINE + 1, paid=paid)[0] == {"A1": "broken"}


def test_a_write_off_does_not_keep_a_promise_but_discounts_credits_and_recoveries_do(engine: Engine) -> None:
    written_off = [payment("I1", 50_00, PROMISED), payment("I1", 50_00, PROMISED, "write_off")]
    assert judge(engine, [promise()], as_of=DEADLINE + 1, paid=written_off)[0] == {"A1": "broken"}
    steps = ("linked_credit", "allocation", "discount", "recovery", "oldest_due_first")
    in_five_ways = [payment("I1", 20_00, PROMISED, step) for step in steps]
    assert judge(engine, [promise()], as_of=DEADLINE + 1, paid=in_five_ways)[0] == {"A1": "kept"}


def test_a_partial_promise_once_kept_no_longer_holds_the_rest(engine: Engine) -> None:
    kept = judge(engine, [promise(promise_minor=60_00)], as_of=PROMISED, paid=[payment("I1", 60_00, PROMISED)])
    assert kept == ({"A1": "kept"}, {})


def test_a_promise_without_invoice_covers_what_was_overdue_on_its_day(engine: Engine) -> None:
    items = [
        {"item_id": "overdue", "due_day": MADE - 1},
        {"item_id": "due that day", "due_day": MADE},
        {"item_id": "of another", "due_day": MADE - 1, "customer_id": "C2"},
    ]
    _, holds = judge(engine, [promise()], as_of=MADE + 1, items=items)
    assert holds == {"overdue": (MADE, DEADLINE + 1)}


def test_a_promise_for_an_invoice_covers_every_part_of_it_and_nothing_else(engine: Engine) -> None:
    items = [
        {"item_id": "I1#1", "invoice_id": "I1", "due_day": DUE},
        {"item_id": "I1#2", "invoice_id": "I1", "part": 2, "due_day": MADE + 20},
        {"item_id": "I2", "due_day": DUE},
    ]
    _, holds = judge(engine, [promise(invoice_id="I1")], as_of=MADE, items=items)
    assert set(holds) == {"I1#1", "I1#2"}


def test_a_promise_for_an_invoice_of_another_customer_covers_nothing(engine: Engine) -> None:
    items = [{"item_id": "I1", "due_day": DUE, "customer_id": "C2"}]
    assert judge(engine, [promise(invoice_id="I1", promise_minor=1)], as_of=MADE, items=items) == ({"A1": "live"}, {})


def test_an_item_settled_before_the_promise_takes_no_part_in_it(engine: Engine) -> None:
    items = [{"item_id": "I1", "due_day": DUE}, {"item_id": "I2", "due_day": DUE}]
    paid = [payment("I1", 100_00, MADE - 1), payment("I2", 100_00, PROMISED)]
    assert judge(engine, [promise()], as_of=DEADLINE + 1, items=items, paid=paid)[0] == {"A1": "kept"}


def test_a_newer_promise_replaces_one_whose_time_had_not_run_out(engine: Engine) -> None:
    newer = promise("A2", activity_day=DEADLINE, promise_day=DEADLINE + 10)
    states, holds = judge(engine, [promise(), newer], as_of=DEADLINE + 5)
    assert states == {"A1": "replaced", "A2": "live"}
    assert holds == {"I1": (DEADLINE, DEADLINE + 14)}


def test_a_newer_promise_leaves_one_broken_whose_time_had_run_out(engine: Engine) -> None:
    newer = promise("A2", activity_day=DEADLINE + 1, promise_day=DEADLINE + 10)
    assert judge(engine, [promise(), newer], as_of=DEADLINE + 5)[0] == {"A1": "broken", "A2": "live"}


def test_of_two_promises_on_one_day_the_higher_id_is_the_newer(engine: Engine) -> None:
    states, holds = judge(engine, [promise("A2", promise_day=PROMISED + 7), promise("A1")], as_of=PROMISED)
    assert states == {"A1": "replaced", "A2": "live"}
    assert holds == {"I1": (MADE, DEADLINE + 8)}


def test_promises_of_another_scope_do_not_replace_each_other(engine: Engine) -> None:
    items = [{"item_id": "I1", "due_day": DUE}, {"item_id": "I2", "due_day": DUE}]
    activities = [promise("A1", invoice_id="I1"), promise("A2", invoice_id="I2", activity_day=MADE + 1)]
    assert judge(engine, activities, as_of=PROMISED, items=items)[0] == {"A1": "live", "A2": "live"}


def test_the_newest_promise_that_covers_an_item_decides_even_of_another_scope(engine: Engine) -> None:
    general, narrow = promise("A1", promise_day=PROMISED + 30), promise("A2", invoice_id="I1", activity_day=MADE + 1)
    items = [{"item_id": "I1", "due_day": DUE}, {"item_id": "I2", "due_day": DUE}]
    states, holds = judge(engine, [general, narrow], as_of=DEADLINE + 1, items=items)
    assert states == {"A1": "live", "A2": "broken"}
    assert set(holds) == {"I2"}


def test_after_the_most_broken_promises_a_promise_no_longer_holds(engine: Engine) -> None:
    broken = [promise(f"A{n}", activity_day=MADE - 30 * n, promise_day=MADE - 30 * n + 1) for n in (1, 2)]
    old = [{"item_id": "I1", "due_day": MADE - 90}]
    states, holds = judge(engine, [*broken, promise("A9")], as_of=PROMISED, items=old)
    assert (states, holds) == ({"A1": "broken", "A2": "broken", "A9": "live"}, {})
    _, holds = judge(engine, [*broken, promise("A9")], as_of=PROMISED, items=old, max_promises=3)
    assert set(holds) == {"I1"}


def test_broken_promises_of_one_customer_do_not_count_against_another(engine: Engine) -> None:
    broken = promise("A1", customer_id="C2", activity_day=MADE - 30, promise_day=MADE - 29)
    items = [{"item_id": "I1", "due_day": DUE}, {"item_id": "I2", "due_day": DUE, "customer_id": "C2"}]
    states, holds = judge(engine, [broken, promise("A2")], as_of=PROMISED, items=items, max_promises=1)
    assert (states, set(holds)) == ({"A1": "broken", "A2": "live"}, {"I1"})


def test_only_activities_with_a_promise_day_that_promise_and_happened_are_promises(engine: Engine) -> None:
    activities = [
        promise("blank outcome", outcome=""),
        promise("promised", outcome="promised"),
        promise("refused", outcome="refused"),
        {"activity_id": "no day", "activity_day": MADE, "customer_id": "C1", "outcome": "promised"},
        promise("tomorrow", activity_day=PROMISED + 1, promise_day=PROMISED + 9),
    ]
    assert set(judge(engine, activities, as_of=PROMISED)[0]) == {"blank outcome", "promised"}


def test_an_amount_is_not_reached_by_payments_in_two_currencies_together(engine: Engine) -> None:
    items = [{"item_id": "I1", "due_day": DUE}, {"item_id": "I2", "due_day": DUE, "currency": "USD"}]
    half_each = [payment("I1", 50_00, PROMISED), payment("I2", 50_00, PROMISED)]
    made = [promise(promise_minor=100_00)]
    assert judge(engine, made, as_of=DEADLINE + 1, items=items, paid=half_each)[0] == {"A1": "broken"}
    whole = [payment("I2", 100_00, PROMISED)]
    assert judge(engine, made, as_of=DEADLINE + 1, items=items, paid=whole)[0] == {"A1": "kept"}


def test_activities_without_an_id_are_told_apart(engine: Engine) -> None:
    made = [promise("", promise_minor=70_00), promise("", promise_minor=30_00, invoice_id="I1")]
    paid = [payment("I1", 30_00, PROMISED)]
    position = small_position(engine, DEADLINE + 1, [{"item_id": "I1", "due_day": DUE}], paid)
    ledger = small_ledger(engine, activities=made)
    result = promises_to_pay(ledger, position, policy=Policy(promise_grace_days=3))
    judged = [(row["needed_minor"], row["paid_minor"], row["state"]) for row in engine.rows(result.states)]
    assert judged == [(70_00, 30_00, "broken"), (30_00, 30_00, "kept")]


@pytest.mark.parametrize(
    ("agreed", "as_of", "state", "held"),
    [
        (MADE + 2, MADE + 1, "live", ["I1"]),  # not yet agreed
        (MADE + 2, MADE + 3, "replaced", []),
        (MADE + 2, DEADLINE + 1, "replaced", []),
        (MADE, MADE, "replaced", []),
        (DEADLINE + 1, DEADLINE + 5, "broken", []),
    ],
)
def test_a_plan_agreed_in_time_replaces_a_promise_about_what_it_moves(
    engine: Engine, agreed: int, as_of: int, state: str, held: list[str]
) -> None:
    """400.00 overdue and promised; a plan moves it all to the month after."""
    is_planned = agreed <= as_of
    item = {"item_id": "I1#P1#1" if is_planned else "I1", "invoice_id": "I1", "original_due_day": DUE}
    item |= {"plan_id": "P1", "due_day": MADE + 30} if is_planned else {"due_day": DUE}
    plans = [{"plan_id": "P1", "invoice_id": "I1", "due_day": MADE + 30, "amount_minor": 100_00, "agreed_day": agreed}]
    assert judge(engine, [promise()], as_of=as_of, items=[item], plans=plans) == (
        {"A1": state}, dict.fromkeys(held, (MADE, DEADLINE + 1)),
    )  # fmt: skip


def test_a_promise_is_about_the_instalment_that_was_overdue_where_the_plan_was_there_before(engine: Engine) -> None:
    late, later = ({"item_id": f"I1#P1#{part}", "invoice_id": "I1", "plan_id": "P1", "original_due_day": DUE - 60,
                    "due_day": DUE if part == 1 else MADE + 30} for part in (1, 2))  # fmt: skip
    plans = [{"plan_id": "P1", "invoice_id": "I1", "agreed_day": DUE - 20, "due_day": DUE}]
    _, holds = judge(engine, [promise()], as_of=MADE + 1, items=[late, later], plans=plans)
    assert set(holds) == {"I1#P1#1"}


def test_no_activities_make_no_promises(engine: Engine) -> None:
    assert judge(engine, [], as_of=PROMISED) == ({}, {})


def test_a_blank_amount_is_told_from_zero(engine: Engine) -> None:
    assert judge(engine, [promise(promise_minor=NO_MINOR)], as_of=PROMISED)[0] == {"A1": "live"}
    assert judge(engine, [promise(promise_minor=0)], as_of=PROMISED)[0] == {"A1": "kept"}
