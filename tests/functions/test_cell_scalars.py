"""One value in, one value out: each as the rule on frames says it."""

from __future__ import annotations

from random import Random

import pytest

from functions.aging import bucket_codes, bucket_of_days, days_overdue_on
from functions.credit import credit_by_customer, headroom_of, status_of
from functions.discounts import discount_day_of, discounts_offered
from functions.frames import NO_DAY, NO_MINOR
from functions.ladder import level_of_days
from functions.ledger import PaymentTerms, Policy, ReminderLevel
from functions.position import ledger_position
from functions.terms import due_days_of
from functions.working_days import UnknownRolling
from tests.engines import Engine
from tests.functions.reminder_runs import LADDER, D, overdue, remind, sent
from tests.ledgers import crowd, ledger_on, rows_of
from tests.oracle.aging import bucket_of
from tests.oracle.calendar_days import date_of, day_of
from tests.oracle.terms import scheduled
from tests.policies import TERMS
from tests.tables import day, numbered, row


@pytest.mark.parametrize("terms", TERMS, ids=lambda each: each.terms_id)
@pytest.mark.parametrize("rolling", ["none", "modified_next"])
def test_due_days_are_those_of_the_rule_on_every_day_of_years(terms: PaymentTerms, rolling: str) -> None:
    policy = Policy(day_rolling=rolling, holidays=((day("2024-05-01"), False), (day("2024-05-11"), True)))
    for baseline in range(day("2023-12-01"), day("2025-03-15"), 3):
        expected = tuple(day_of(part.due) for part in scheduled(100, date_of(baseline), terms, policy))
        assert due_days_of(baseline, terms, rolling=rolling, holidays=policy.holidays) == expected


def test_example_5_as_a_cell_asks_it() -> None:
    end_of_month = PaymentTerms("EOM1", basis="end_of_month", months=1)
    assert due_days_of(day("2017-02-10"), end_of_month) == (day("2017-03-31"),)
    assert due_days_of(day("2016-01-22"), end_of_month) == (day("2016-02-29"),)
    assert due_days_of(day("2024-05-31"), PaymentTerms("M", months=1)) == (day("2024-06-30"),)
    with pytest.raises(UnknownRolling):
        due_days_of(0, end_of_month, rolling="sometimes")


def test_a_discount_is_offered_until_its_day() -> None:
    terms = (PaymentTerms("2/10", days=30, discount_ppm=20_000, discount_days=10), PaymentTerms("NET", days=30))
    assert [discount_day_of(19_800, each) for each in terms] == [19_810, NO_DAY]
    usual = {"customer_id": "C1", "currency": "CNY", "amount_minor": 1, "invoice_day": 19_800, "payment_terms": "2/10"}
    tables = {"customers": [row("customers", "C1", currency="CNY")], "invoices": [row("invoices", "I1", **usual)]}
    ledger, policy = ledger_on(numbered(tables), Engine("polars")), Policy(payment_terms=terms)
    position = ledger_position(ledger, policy=policy, as_of=19_900)
    (offered,) = rows_of(discounts_offered(position.documents, policy=policy))
    assert offered["discount_day"] == 19_810


@pytest.mark.parametrize("edges", [(0, 30, 60, 90, 120), (0, 7), (0,)])
def test_the_bucket_of_days(edges: tuple[int, ...]) -> None:
    assert days_overdue_on(100, as_of=130) == 30
    assert days_overdue_on(100, as_of=99) == -1
    buckets = [bucket_of_days(days, edges) for days in range(-5, 200)]
    assert buckets == [bucket_of(days, edges) for days in range(-5, 200)]
    assert set(buckets) == set(bucket_codes(edges))


def test_example_7_as_a_cell_asks_it() -> None:
    assert headroom_of(1_100_00, 1_100_00) == 0
    assert headroom_of(1_000_00, 1_100_01, 100_00) == -1
    assert headroom_of(None, 5) is None
    policy = Policy()
    assert status_of(1_100_00, 1_100_00, policy=policy) == "watch"
    assert status_of(1_100_00, 1_100_01, policy=policy) == "over_limit"
    assert status_of(None, 1_100_01, policy=policy) == "ok"
    assert status_of(None, 1, has_expired=True, policy=policy) == "ok"


def test_the_status_of_one_customer_is_that_of_the_rule() -> None:
    many = crowd(81, 120)
    ledger = ledger_on(many.whole.tables, Engine("polars"))
    position = ledger_position(ledger, policy=many.whole.policy, as_of=many.whole.as_of)
    credit, _ = credit_by_customer(ledger, position, policy=many.whole.policy)
    late: dict[str, int] = {}
    for item in rows_of(position.items):
        if item["open_minor"] and not item["is_disputed"]:
            days = many.whole.as_of - item["due_day"]
            late[item["customer_id"]] = max(days, late.get(item["customer_id"], 0))
    customers = {each["customer_id"]: each for each in many.whole.tables["customers"]}
    seen = set()
    for each in rows_of(credit):
        customer = customers[each["customer_id"]]
        head = customers[each["group_id"] or each["customer_id"]]
        limit = None if each["credit_limit_minor"] == NO_MINOR else each["credit_limit_minor"]
        headroom = headroom_of(limit, each["group_exposure_minor"], each["guarantee_minor"])
        assert headroom == (None if each["headroom_minor"] == NO_MINOR else each["headroom_minor"])
        status = status_of(
            limit, each["group_exposure_minor"], each["guarantee_minor"], days_overdue=late.get(each["customer_id"], 0),
            is_on_hold=customer["is_on_hold"], policy=many.whole.policy,
            has_expired=head["limit_expires_day"] != NO_DAY and head["limit_expires_day"] < many.whole.as_of,
        )  # fmt: skip
        assert status == each["status"]
        seen.add(status)
    assert len(seen) >= 5


def test_the_level_of_days_is_that_of_a_run() -> None:
    random, engine = Random(3), Engine("polars")
    ladders = (LADDER, tuple(ReminderLevel(n, days, "email") for n, days in ((-2, -7), (-1, -3), (0, 1), (4, 20))))
    for ladder in ladders:
        numbers = [level.level for level in ladder]
        asked = [(days, random.choice([None, *numbers])) for days in (*range(-9, 3), 6, 7, 15, 20, 59, 60, 99)]
        items = [overdue(days, f"I{at}") for at, (days, _) in enumerate(asked)]
        log = [sent(last, D - 1, f"I{at}") for at, (_, last) in enumerate(asked) if last is not None]
        levels = remind(engine, items, levels=ladder, reminder_log=log).levels
        for at, (days, last) in enumerate(asked):
            assert level_of_days(days, last_level=last, levels=ladder) == levels.get(f"I{at}"), (days, last)


def test_example_8_as_a_cell_asks_it() -> None:
    ladder = tuple(ReminderLevel(n, days, "email") for n, days in enumerate((1, 7, 15, 30), 1))
    assert level_of_days(60, levels=ladder) == 1
    assert level_of_days(60, last_level=1, levels=ladder) == 2
    assert level_of_days(6, last_level=1, levels=ladder) is None
    assert level_of_days(60, last_level=4, levels=ladder) is None
    assert level_of_days(5, levels=()) is None
