"""What follows from the reminders: the days to come, the customers' behaviour, the effect, the limitation of debts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import pytest

from functions.behaviour import customer_behaviour, risk_of
from functions.dunning import Proposals, propose_reminders
from functions.frames import NO_DAY, NO_MINOR
from functions.ledger import Ledger, Policy, Position, ReminderLevel
from functions.limitation import limitation_days, limitation_issues
from functions.position import ledger_position
from functions.reminder_calendar import reminder_calendar
from functions.reminder_effect import reminder_effect
from tests.engines import Engine
from tests.functions.reminder_runs import CUSTOMER, LADDER, D, overdue, sent
from tests.functions.small_ledger import small_ledger, small_position
from tests.tables import Row, day

POLICY = Policy(reminder_levels=LADDER)


@dataclass
class Office:
    """Customers with items, whose reminders are sent day after day while nothing is paid."""

    items: list[Row]
    tables: dict[str, list[Row]]
    levels: tuple[ReminderLevel, ...]

    @property
    def policy(self) -> Policy:
        return Policy(reminder_levels=self.levels)

    def on(self, as_of: int) -> tuple[Ledger, Position, Proposals]:
        engine = Engine("polars")
        ledger, position = small_ledger(engine, **self.tables), small_position(engine, as_of, self.items)
        return ledger, position, propose_reminders(ledger, position, policy=self.policy, message_prefix=str(as_of))

    def sends(self, days: range) -> Iterator[tuple[int, list[Row], list[Row]]]:
        """Each day's messages and lines, which go into the log before the next."""
        for as_of in days:
            _, _, proposed = self.on(as_of)
            messages, lines = Engine.rows(proposed.messages), Engine.rows(proposed.items)
            self.tables["reminder_log"] += [
                sent(line["level"], as_of, line["item_id"], customer_id=line["customer_id"], currency=line["currency"])
                for line in lines
            ]
            yield as_of, messages, lines


def an_office(seed: int, *, customers: int, most_items: int, same_interval: bool) -> Office:
    """Items around their due day, some reminded before, some promised, disputed or without address; a ladder of its own."""
    dice = random.Random(seed)
    days = sorted(dice.sample(range(-9, 40), 7))
    levels = tuple(
        ReminderLevel(
            number, each, dice.choice(("email", "phone", "letter", "lawyer")), letter=f"L{number}",
            min_interval_days=0 if each <= 0 else dice.choice((0, 5)) if same_interval else dice.randrange(9),
            min_amount_minor=dice.choice((0, 0, 50_00)),
        )
        for number, each in enumerate(days, start=1)
    )  # fmt: skip
    office = Office([], {"customers": [], "reminder_log": [], "activities": [], "legal_cases": []}, levels)
    for number in range(customers):
        customer = f"C{number}"
        contact = {name: CUSTOMER[name] if dice.random() < 0.9 else "" for name in ("email", "phone", "address")}
        office.tables["customers"].append({"customer_id": customer, **contact, "channel": dice.choice(("", "", "sms"))})
        for item in range(dice.randint(1, most_items)):
            late, name = dice.randint(-12, 45), f"I{number}-{item}"
            amount = dice.choice((100_00, 200_00, 20_00))
            owed = {"customer_id": customer, "amount_minor": amount, "open_base_minor": amount}
            office.items.append(overdue(late, name, is_disputed=dice.random() < 0.1, **owed))
            was_sent = [level for level in levels if level.days <= late and (level.days <= 0) == (late <= 0)]
            if was_sent and dice.random() < 0.5:
                office.tables["reminder_log"].append(
                    sent(dice.choice(was_sent).level, D - dice.randint(1, 9), name, customer_id=customer)
                )
        if dice.random() < 0.3:
            promise: dict[str, Any] = {
                "activity_day": D - 2,
                "promise_day": D + dice.randint(-1, 6),
                "promise_minor": NO_MINOR,
            }
            promise |= {"activity_id": f"A{number}", "customer_id": customer, "outcome": "promised"}
            office.tables["activities"].append(promise)
        if dice.random() < 0.1:
            office.tables["legal_cases"].append({"customer_id": customer, "opened_day": D - 1})
    return office


@pytest.mark.parametrize("seed", range(4))
def test_the_calendar_is_what_the_days_to_come_will_propose(seed: int) -> None:
    """Where a customer has one item, which is when nothing but its own ladder moves it."""
    office = an_office(seed, customers=25, most_items=1, same_interval=True)
    ledger, position, today = office.on(D)
    told = Engine.rows(reminder_calendar(ledger, position, today, policy=office.policy, days_ahead=9))
    shown = {(each["send_day"], each["customer_id"]): each for each in told}
    due = {}
    for as_of, messages, _ in office.sends(range(D, D + 10)):
        due |= {(as_of, message["customer_id"]): message for message in messages if as_of > D}
    assert len(due) > 5
    assert sorted(shown) == sorted(due)
    for key, message in due.items():
        each = shown[key]
        told_of = (each["level"], each["channel"], each["letter"], each["is_notice"], each["items"], each["amount_minor"])
        assert told_of == (
            message["level"], message["channel"], message["letter"], message["is_notice"], 1, message["total_minor"],
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(10, 13))
def test_no_level_is_sent_twice_or_skipped_and_nothing_while_held(seed: int) -> None:
    office = an_office(seed, customers=10, most_items=3, same_interval=False)
    ladder = [level.level for level in office.levels if not level.is_notice]
    notices = {level.level for level in office.levels if level.is_notice}
    before = list(office.tables["reminder_log"])
    reached = {each["item_id"]: each["level"] for each in before}
    promised = {each["customer_id"]: each["promise_day"] + POLICY.promise_grace_days for each in office.tables["activities"]}
    legal = {each["customer_id"] for each in office.tables["legal_cases"]}
    items = {each["item_id"]: each for each in office.items}
    count = 0
    for as_of, _, lines in office.sends(range(D, D + 16)):
        assert len({line["item_id"] for line in lines}) == len(lines)
        for line in lines:
            item, level, last = items[line["item_id"]], line["level"], reached.get(line["item_id"], 0)
            assert level > last, "no level twice"
            assert not item.get("is_disputed")
            assert item["customer_id"] not in legal
            is_covered = item["due_day"] < D - 2  # overdue when the promise was made
            assert not (is_covered and as_of <= promised.get(item["customer_id"], NO_DAY))
            if level in notices:
                assert as_of <= item["due_day"]
            else:
                assert as_of > item["due_day"]
                assert level == min(each for each in ladder if each > last), "no level skipped"
            reached[line["item_id"]] = level
            count += 1
    assert count > 5


def test_behaviour_is_derived_from_what_was_paid_and_sent(engine: Engine) -> None:
    items = [
        overdue(40, "I1"),  # paid up eight days after the reminder of level 5
        overdue(30, "I2"),
        overdue(30, "P#1", plan_id="P"),  # on its day
        overdue(10, "P#2", plan_id="P"),  # a day late
        overdue(-5, "P#3", plan_id="P"),
        overdue(3, "I4", is_disputed=True, disputed_day=D - 12),
    ]
    paid = [
        {"item_id": "I1", "amount_minor": 100_00, "paid_day": D - 20, "step": "allocation"},
        {"item_id": "P#1", "amount_minor": 100_00, "paid_day": D - 30, "step": "oldest_due_first"},
        {"item_id": "P#2", "amount_minor": 100_00, "paid_day": D - 9, "step": "oldest_due_first"},
        {"item_id": "I2", "amount_minor": 10_00, "paid_day": D - 24, "step": "allocation"},
    ]
    position = small_position(engine, D, items, paid)
    position = replace(position, documents=engine.frame(
        [{"invoice_id": name, "customer_id": "C1", "invoice_day": D - 60, "amount_minor": 100_00} for name in ("I4", "I9")],
        {"invoice_id": nw.String, "customer_id": nw.String, "invoice_day": nw.Int64, "amount_minor": nw.Int64},
    ))  # fmt: skip
    promise = {"customer_id": "C1", "outcome": "promised", "invoice_id": "I2"}
    ledger = small_ledger(
        engine,
        customers=[CUSTOMER, {"customer_id": "C2"}],
        activities=[
            {"activity_id": "A1", "activity_day": D - 25, "promise_day": D - 23, "promise_minor": 10_00, **promise},
            {"activity_id": "A2", "activity_day": D - 15, "promise_day": D - 12, "promise_minor": 90_00, **promise},
        ],
        reminder_log=[sent(4, D - 33), sent(5, D - 28), sent(6, D - 12), sent(4, D - 8, "P#2"), sent(4, D - 9, "I2")],
        invoices=[
            {"invoice_id": "I4", "customer_id": "C1", "is_disputed": True, "disputed_day": D - 12},
            {"invoice_id": "I9", "customer_id": "C1", "disputed_day": D - 40, "dispute_closed_day": D - 30},
        ],
    )
    quiet, busy = NO_MINOR, {row["customer_id"]: row for row in Engine.rows(risk_of(_behaviour(ledger, position)))}
    assert busy["C1"] == {
        "customer_id": "C1", "promises_kept": 1, "promises_broken": 1, "promises_live": 0, "promises_replaced": 0,
        "instalments_kept": 1, "instalments_missed": 1, "disputes": 2, "disputes_open": 1, "dispute_days": 12,
        "items_paid": 3, "pays_after_level": 0, "risk": 1,
    }  # fmt: skip
    assert (busy["C2"]["items_paid"], busy["C2"]["pays_after_level"], busy["C2"]["risk"]) == (0, quiet, 1)


def _behaviour(ledger: Ledger, position: Position) -> Any:
    return customer_behaviour(ledger, position, policy=POLICY)


def test_a_payment_counts_from_the_day_after_the_reminder_and_never_above_what_was_asked_for(engine: Engine) -> None:
    position = small_position(
        engine,
        D,
        [overdue(40), overdue(40, "I2")],
        [
            {"item_id": "I1", "amount_minor": 10_00, "paid_day": D - 30, "step": "allocation"},  # that very day
            {"item_id": "I1", "amount_minor": 20_00, "paid_day": D - 23, "step": "allocation"},  # the seventh day
            {"item_id": "I1", "amount_minor": 30_00, "paid_day": D - 22, "step": "linked_credit"},  # the eighth
            {"item_id": "I1", "amount_minor": 5_00, "paid_day": D - 21, "step": "write_off"},
            {"item_id": "I2", "amount_minor": 90_00, "paid_day": D - 1, "step": "allocation"},
        ],
    )
    said = {"message_id": "M1", "channel": "email", "letter": "first", "collector": "LI"}
    log = [
        sent(4, D - 30, amount_minor=100_00, **said),
        sent(5, D - 30, "I2", amount_minor=40_00, **said),
        sent(4, D + 1, "I2", amount_minor=40_00, **said | {"message_id": "M2"}),  # not yet
    ]
    ledger = small_ledger(engine, customers=[CUSTOMER], reminder_log=log)
    levels = (ReminderLevel(4, 1, "email", cost_minor=3_00), ReminderLevel(5, 7, "email", cost_minor=1_50))
    rows = Engine.rows(reminder_effect(ledger, position, policy=Policy(reminder_levels=levels)))
    keys = ("level", "messages", "items", "amount_minor", "paid_7_minor", "paid_14_minor", "paid_30_minor", "cost_minor")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        (4, 0, 1, 100_00, 20_00, 50_00, 50_00, 0),
        (5, 1, 1, 40_00, 0, 0, 40_00, 1_50),  # the message spoke at level 5: its cost stands there
    ]


def test_a_plan_and_its_end_lose_neither_payments_nor_instalments(engine: Engine) -> None:
    """600.00 reminded on day 0 and 200.00 paid on day 3; from day 5 a plan of 200.00 on days 15 and 35, cancelled on day 45.

    Of the plan the first part is paid on day 14, the second never.
    """
    begins = D - 55

    def told(days: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        due = begins - 5
        ledger = small_ledger(
            engine,
            customers=[CUSTOMER],
            invoices=[{"invoice_id": "I1", "customer_id": "C1", "kind": "invoice", "currency": "CNY", "amount_minor": 600_00,
                       "invoice_day": due - 30, "due_day": due}],
            receipts=[
                {"receipt_id": f"R{day}", "customer_id": "C1", "kind": "receipt", "currency": "CNY", "amount_minor": 200_00,
                 "receipt_day": begins + day, "method": "bank_transfer"}
                for day in (3, 14)
            ],
            repayment_plans=[
                {"plan_id": "P1", "invoice_id": "I1", "due_day": begins + day, "amount_minor": 200_00,
                 "agreed_day": begins + 5, "cancelled_day": begins + 45}
                for day in (15, 35)
            ],
            reminder_log=[sent(4, begins, invoice_id="I1", amount_minor=600_00, message_id="M1")],
        )  # fmt: skip
        position = ledger_position(ledger, policy=POLICY, as_of=begins + days)
        (effect,) = Engine.rows(reminder_effect(ledger, position, policy=POLICY))
        (customer,) = Engine.rows(_behaviour(ledger, position))
        windows = tuple(effect[f"paid_{window}_minor"] for window in (7, 14, 30))
        return windows, (customer["instalments_kept"], customer["instalments_missed"])

    assert told(4) == ((200_00, 200_00, 200_00), (0, 0))
    assert told(16) == ((200_00, 400_00, 400_00), (1, 0))
    assert told(36) == ((200_00, 400_00, 400_00), (1, 1))
    assert told(46) == ((200_00, 400_00, 400_00), (1, 1))


def test_what_came_in_for_an_invoice_is_shared_by_its_parts_that_are_no_more(engine: Engine) -> None:
    paid = {"item_id": "I1#P#1", "amount_minor": 150_00, "paid_day": D - 2, "step": "allocation"}
    items = [overdue(5, "I1#P#1", invoice_id="I1", amount_minor=200_00, plan_id="P")]
    log = [
        sent(level, D - 5, f"I1#{part}", invoice_id="I1", amount_minor=100_00, message_id="M1")
        for part, level in ((1, 5), (2, 4))
    ]
    ledger = small_ledger(engine, customers=[CUSTOMER], reminder_log=log)
    rows = Engine.rows(reminder_effect(ledger, small_position(engine, D, items, [paid]), policy=POLICY))
    assert [(row["level"], row["paid_7_minor"]) for row in rows] == [(4, 50_00), (5, 100_00)]


def test_limitation_runs_from_the_due_day_or_from_what_a_setting_lets_begin_it_anew(engine: Engine) -> None:
    as_of = day("2026-12-10")
    items = [
        {"item_id": "I1", "due_day": day("2024-02-29")},
        {"item_id": "I2", "due_day": day("2023-01-15")},
        {"item_id": "I3", "due_day": day("2023-11-30")},
        {"item_id": "I4", "due_day": day("2024-01-10")},
    ]
    paid = [{"item_id": "I2", "amount_minor": 1, "paid_day": day("2024-05-31"), "step": "allocation", "receipt_id": "R1"}]
    position = small_position(engine, as_of, items, paid)
    ledger = small_ledger(
        engine,
        customers=[CUSTOMER],
        reminder_log=[sent(4, day("2024-03-01"), "I3")],
        activities=[
            {
                "customer_id": "C1", "invoice_id": "I4", "activity_day": day("2025-07-01"),
                "promise_day": day("2025-08-01"), "promise_minor": NO_MINOR,
            }
        ],
    )  # fmt: skip

    def limits(policy: Policy) -> list[int]:
        return [row["limitation_day"] for row in Engine.rows(limitation_days(ledger, position, policy=policy))]

    assert limits(Policy()) == [day(each) for each in ("2027-02-28", "2027-05-31", "2026-11-30", "2027-01-10")]
    assert limits(Policy(limitation_by_promise=True))[3] == day("2028-07-01")
    bare = Policy(limitation_by_payment=False, limitation_years=2)
    assert limits(bare) == [day(each) for each in ("2026-02-28", "2025-01-15", "2025-11-30", "2026-01-10")]
    assert limits(Policy(limitation_by_reminder=True))[2] == day("2027-03-01")
    assert limits(Policy(limitation_years=0)) == [NO_DAY] * 4
    found = limitation_issues(position, limitation_days(ledger, position, policy=Policy()), policy=Policy())
    assert [(row["key"], row["code"]) for row in Engine.rows(found)] == [
        ("I1", "limitation_near"), ("I3", "limitation_passed"), ("I4", "limitation_near"),
    ]  # fmt: skip
