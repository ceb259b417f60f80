"""Why an item is held, whatever its message (RULES §8), the same cases on every engine."""

from __future__ import annotations

import pytest

from functions.frames import NO_DAY
from functions.ledger import Policy
from tests.engines import Engine
from tests.functions.reminder_runs import CUSTOMER, D, overdue, remind
from tests.tables import day


@pytest.mark.parametrize(
    ("to_day", "reason"),
    [("2024-05-14", None), ("2024-05-13", "bank_not_current"), ("2024-05-15", None), ("2024-06-30", None)],
)
def test_the_whole_run_is_held_unless_the_bank_is_current_to_the_working_day_before(
    engine: Engine, to_day: str, reason: str | None
) -> None:
    balances = [{"account": "A", "to_day": day("2024-05-01")}, {"account": "A", "to_day": day(to_day)}]
    run = remind(engine, [overdue(5), overdue(-40, "I2"), overdue(5, "I3", customer_id="C9")], bank_balances=balances)
    assert run.reasons == (dict.fromkeys(("I1", "I2", "I3"), reason) if reason else {"I2": "not_yet", "I3": "no_contact"})
    if reason:
        assert run.held["I1"]["since_day"] == day(to_day)


def test_a_bank_holiday_before_the_run_asks_for_no_statement(engine: Engine) -> None:
    balances = [{"account": "A", "to_day": day("2024-05-13")}]
    policy = Policy(holidays=((day("2024-05-14"), False),))
    assert remind(engine, [overdue(5)], policy=policy, bank_balances=balances).levels == {"I1": 4}


def test_nobody_is_dunned_whose_receipt_could_not_be_read(engine: Engine) -> None:
    items = [overdue(5), overdue(5, "I2", customer_id="C2")]
    customers = [CUSTOMER, {**CUSTOMER, "customer_id": "C2"}]
    left_out = [{"customer_id": "C2"}, {"customer_id": "C2"}, {"customer_id": ""}]
    run = remind(engine, items, customers=customers, left_out_receipts=left_out)
    assert (run.levels, run.reasons) == ({"I1": 4}, {"I2": "left_out_rows"})


def test_a_legal_case_holds_from_its_day_until_the_day_it_is_closed(engine: Engine) -> None:
    cases = {
        "FROM ITS DAY": (D, NO_DAY),
        "NOT BEFORE": (D + 1, NO_DAY),
        "UNTIL IT IS CLOSED": (D - 9, D + 1),
        "NOT ON THE DAY IT IS CLOSED": (D - 9, D),
    }
    run = remind(
        engine,
        [overdue(5, each, customer_id=each) for each in cases],
        customers=[{**CUSTOMER, "customer_id": each} for each in cases],
        legal_cases=[{"customer_id": each, "opened_day": days[0], "closed_day": days[1]} for each, days in cases.items()],
    )
    assert run.reasons == {"FROM ITS DAY": "legal", "UNTIL IT IS CLOSED": "legal"}
    assert run.held["UNTIL IT IS CLOSED"]["since_day"] == D - 9


def test_staff_may_mark_a_customer_as_legal_or_not_to_be_reminded(engine: Engine) -> None:
    customers = [{**CUSTOMER, "is_legal": True}, {**CUSTOMER, "customer_id": "C2", "do_not_remind": True}]
    run = remind(engine, [overdue(5), overdue(5, "I2", customer_id="C2")], customers=customers)
    assert run.reasons == {"I1": "legal", "I2": "do_not_remind"}


def test_a_disputed_item_is_held_and_the_others_of_its_customer_are_not(engine: Engine) -> None:
    run = remind(engine, [overdue(5, is_disputed=True, disputed_day=D - 2), overdue(5, "I2")])
    assert (run.levels, run.reasons) == ({"I2": 4}, {"I1": "disputed"})
    assert run.held["I1"]["since_day"] == D - 2


def test_a_live_promise_holds_what_it_covers(engine: Engine) -> None:
    promise = {"activity_id": "A1", "customer_id": "C1", "activity_day": D - 2, "promise_day": D - 1}
    run = remind(engine, [overdue(5), overdue(1, "I2")], activities=[promise], policy=Policy(promise_grace_days=1))
    assert (run.levels, run.reasons) == ({"I2": 4}, {"I1": "promise"})
    assert (run.held["I1"]["since_day"], run.held["I1"]["until_day"]) == (D - 2, D + 1)
    late = remind(engine, [overdue(5)], activities=[promise], policy=Policy(promise_grace_days=0))
    assert late.levels == {"I1": 4}


def test_a_plan_holds_its_parts_until_one_of_them_is_overdue_on_any_invoice(engine: Engine) -> None:
    on_time = [overdue(0, "I1#P1#1", plan_id="P1"), overdue(-30, "I1#P1#2", plan_id="P1")]
    broken = [overdue(1, "I2#P2#1", plan_id="P2"), overdue(-2, "I3#P2#1", plan_id="P2")]
    plans = [{"plan_id": "P1", "agreed_day": D - 20}, {"plan_id": "P2", "agreed_day": D - 20}]
    run = remind(engine, [*on_time, *broken, overdue(5, "I4")], repayment_plans=plans)
    assert run.reasons == {"I1#P1#1": "on_plan", "I1#P1#2": "on_plan"}
    assert run.levels == {"I2#P2#1": 4, "I3#P2#1": 2, "I4": 4}
    assert (run.held["I1#P1#2"]["since_day"], run.held["I1#P1#2"]["until_day"]) == (D - 20, D + 1)
