"""Messages: what goes into one, how it is sent, and why it is held as a whole (RULES §8), on every engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from functions.dunning import propose_reminders
from functions.frames import NO_MINOR
from functions.ledger import Policy, ReminderLevel
from tests.engines import Engine
from tests.functions.reminder_runs import CUSTOMER, LADDER, D, Run, overdue, read, remind, sent
from tests.functions.small_ledger import small_ledger, small_position


def test_one_message_per_customer_and_currency_at_the_highest_level_of_its_items(engine: Engine) -> None:
    items = [
        overdue(20, amount_minor=70_00, open_base_minor=70_00),
        overdue(3, "I2", amount_minor=30_00, open_base_minor=30_00),
        overdue(3, "I3", currency="USD", amount_minor=5_00, open_base_minor=36_25),
        overdue(3, "I4", customer_id="C2"),
    ]
    customers = [CUSTOMER, {**CUSTOMER, "customer_id": "C2"}]
    run = remind(engine, items, customers=customers, reminder_log=[sent(5, D - 10)])
    assert run.levels == {"I1": 6, "I2": 4, "I3": 4, "I4": 4}
    assert set(run.messages) == {"20240515-C1-CNY-D", "20240515-C1-USD-D", "20240515-C2-CNY-D"}
    assert run.messages["20240515-C1-CNY-D"] == {
        "message_id": "20240515-C1-CNY-D", "customer_id": "C1", "currency": "CNY", "is_notice": False, "channel": "phone",
        "level": 6, "letter": "", "items": 2, "total_minor": 100_00, "total_base_minor": 100_00, "overdue_minor": 100_00,
        "oldest_due_day": D - 20, "max_days_overdue": 20,
    }  # fmt: skip
    assert run.messages["20240515-C1-USD-D"]["total_base_minor"] == 36_25
    assert run.lines["I2"] == {
        "message_id": "20240515-C1-CNY-D", "item_id": "I2", "invoice_id": "I2", "customer_id": "C1", "currency": "CNY",
        "level": 4, "due_day": D - 3, "amount_minor": 30_00,
    }  # fmt: skip


def test_notices_and_dunning_never_share_a_message(engine: Engine) -> None:
    run = remind(engine, [overdue(0), overdue(1, "I2")])
    notice, dunning = run.messages["20240515-C1-CNY-N"], run.messages["20240515-C1-CNY-D"]
    assert (notice["is_notice"], notice["overdue_minor"], notice["letter"]) == (True, 0, "notice")
    assert (dunning["is_notice"], dunning["overdue_minor"], dunning["letter"]) == (False, 100_00, "first")
    assert (run.lines["I1"]["message_id"], run.lines["I2"]["message_id"]) == (notice["message_id"], dunning["message_id"])


def test_only_what_is_left_of_an_item_is_reminded(engine: Engine) -> None:
    position = small_position(
        engine,
        D,
        [overdue(5), overdue(5, "I2")],
        [
            {"item_id": "I1", "amount_minor": 40_00, "paid_day": D - 1, "step": "allocation"},
            {"item_id": "I2", "amount_minor": 100_00, "paid_day": D - 1, "step": "allocation"},
        ],
    )
    ledger = small_ledger(engine, customers=[CUSTOMER])
    run = read(propose_reminders(ledger, position, policy=Policy(reminder_levels=LADDER), message_prefix="P"), position)
    assert {item: line["amount_minor"] for item, line in run.lines.items()} == {"I1": 60_00}


def credit(amount_minor: int, currency: str = "CNY") -> dict[str, Any]:
    return {
        "source_id": f"R{amount_minor}{currency}",
        "customer_id": "C1",
        "currency": currency,
        "unapplied_minor": amount_minor,
    }


def test_unapplied_cash_of_the_message_s_total_holds_it(engine: Engine) -> None:
    items = [overdue(5), overdue(6, "I2")]
    covered = remind(engine, items, unapplied=[credit(150_00), credit(50_00)])
    assert covered.reasons == {"I1": "covered_by_credit", "I2": "covered_by_credit"}
    one_cent_less = remind(engine, items, unapplied=[credit(150_00), credit(49_99), credit(1_00, "USD")])
    assert one_cent_less.levels == {"I1": 4, "I2": 4}


def test_a_message_under_the_tolerance_in_base_currency_is_held(engine: Engine) -> None:
    levels = (ReminderLevel(1, 1, "email", min_amount_minor=50_00),)
    dollars = [overdue(5, amount_minor=3_00, open_base_minor=20_00, currency="USD"),
               overdue(5, "I2", amount_minor=3_00, open_base_minor=29_99, currency="USD")]  # fmt: skip
    assert remind(engine, dollars, levels=levels).reasons == {"I1": "below_tolerance", "I2": "below_tolerance"}
    dollars[1]["open_base_minor"] = 30_00
    assert remind(engine, dollars, levels=levels).levels == {"I1": 1, "I2": 1}


def test_a_message_without_a_rate_is_never_under_the_tolerance(engine: Engine) -> None:
    levels = (ReminderLevel(1, 1, "email", min_amount_minor=50_00),)
    run = remind(engine, [overdue(5, amount_minor=1, open_base_minor=NO_MINOR, currency="XAF")], levels=levels)
    assert run.messages["20240515-C1-XAF-D"]["total_base_minor"] == NO_MINOR


def test_the_tolerance_and_the_interval_are_those_of_the_message_s_highest_level(engine: Engine) -> None:
    levels = (ReminderLevel(1, 1, "email", min_amount_minor=500_00), ReminderLevel(2, 7, "email", min_amount_minor=10_00))
    run = remind(engine, [overdue(9), overdue(1, "I2")], levels=levels, reminder_log=[sent(1, D - 5)])
    assert run.levels == {"I1": 2, "I2": 1}


def test_the_interval_counts_from_the_customer_s_last_dunning_message_in_that_currency(engine: Engine) -> None:
    levels = tuple(replace(level, min_interval_days=5) for level in LADDER)
    items = [overdue(3, "new"), overdue(3, "new in USD", currency="USD"), overdue(-3, "notice")]
    run = remind(engine, items, levels=levels, reminder_log=[sent(4, D - 4, "old")])
    assert run.reasons == {"new": "too_soon", "notice": "too_soon"}
    assert run.levels == {"new in USD": 4}


def test_notices_do_not_count_towards_the_interval(engine: Engine) -> None:
    levels = tuple(replace(level, min_interval_days=5) for level in LADDER)
    assert remind(engine, [overdue(3)], levels=levels, reminder_log=[sent(3, D - 4, "old")]).levels == {"I1": 4}


CHANNELS = ("email", "sms", "phone", "letter", "visit", "lawyer")
BY_CHANNEL = tuple(ReminderLevel(n, n, channel) for n, channel in enumerate(CHANNELS, 1))


def through(engine: Engine, customers: Mapping[str, Mapping[str, Any]], channels: Iterable[str]) -> Run:
    """One customer, one item and one message for each channel and kind of customer, at the channel's level."""
    pairs = [(channel, name) for channel in channels for name in customers]
    return remind(
        engine,
        [overdue(50, f"{channel} {name}", customer_id=f"{channel} {name}") for channel, name in pairs],
        levels=BY_CHANNEL,
        customers=[{**customers[name], "customer_id": f"{channel} {name}"} for channel, name in pairs],
        reminder_log=[
            sent(CHANNELS.index(channel), D - 9, f"{channel} {name}")
            for channel, name in pairs
            if CHANNELS.index(channel) > 0
        ],
    )


def test_a_channel_needs_its_contact_and_a_lawyer_none(engine: Engine) -> None:
    without = {f"without {name}": {**CUSTOMER, name: ""} for name in ("email", "phone", "address")}
    run = through(engine, without, CHANNELS)
    assert set(run.reasons.values()) == {"no_contact"}
    assert set(run.held) == {
        "email without email", "sms without phone", "phone without phone", "letter without address", "visit without address"
    }  # fmt: skip
    assert len(run.lines) == len(CHANNELS) * len(without) - 5


def test_a_customer_s_channel_replaces_messages_but_no_call_visit_or_lawyer(engine: Engine) -> None:
    run = through(engine, {"by sms": {**CUSTOMER, "channel": "sms"}}, CHANNELS)
    assert {message["customer_id"].removesuffix(" by sms"): message["channel"] for message in run.messages.values()} == {
        "email": "sms", "sms": "sms", "letter": "sms", "phone": "phone", "visit": "visit", "lawyer": "lawyer"
    }  # fmt: skip


def test_the_channel_that_is_used_must_have_its_contact(engine: Engine) -> None:
    customers = [{**CUSTOMER, "channel": "letter", "address": ""}]
    assert remind(engine, [overdue(5)], customers=customers).reasons == {"I1": "no_contact"}


def test_the_first_reason_that_fits_is_given(engine: Engine) -> None:
    """The first customer has every reason to be held, each further one a reason less."""
    order = [
        "left_out_rows", "legal", "do_not_remind", "disputed", "promise", "covered_by_credit", "below_tolerance", "too_soon",
        "no_contact", "nothing",
    ]  # fmt: skip

    def having(reason: str) -> list[str]:
        return order[: order.index(reason) + 1]

    small, ladder = 1_00, (ReminderLevel(1, 1, "email", min_interval_days=7, min_amount_minor=50_00),)
    case: dict[str, Any] = {
        "items": [
            overdue(5, name, customer_id=name, is_disputed=name in having("disputed"),
                    amount_minor=small if name in having("below_tolerance") else 100_00)
            for name in order
        ],
        "customers": [
            {"customer_id": name, "do_not_remind": name in having("do_not_remind"), "email": "a@b" * (name == "nothing")}
            for name in order
        ],
        "left_out_receipts": [{"customer_id": name} for name in having("left_out_rows")],
        "legal_cases": [{"customer_id": name, "opened_day": D - 9} for name in having("legal")],
        "activities": [
            {"activity_id": name, "customer_id": name, "activity_day": D, "promise_day": D} for name in having("promise")
        ],
        "unapplied": [{**credit(small), "customer_id": name} for name in having("covered_by_credit")],
        "reminder_log": [sent(1, D - 1, "another", customer_id=name) for name in having("too_soon")],
    }  # fmt: skip
    run = remind(engine, **case, levels=ladder)
    assert run.reasons == {name: name for name in order if name != "nothing"}
    assert run.levels == {"nothing": 1}
    whole = remind(engine, **case, levels=ladder, bank_balances=[{"account": "A", "to_day": D - 30}])
    assert whole.reasons == dict.fromkeys(order, "bank_not_current")


def test_the_ladder_s_word_comes_after_the_plan_and_before_the_credit(engine: Engine) -> None:
    plan = [overdue(-90, "planned", plan_id="P1")]
    items = [*plan, overdue(-90, "early"), overdue(6, "waits"), overdue(99, "done"), overdue(1, "new")]
    log = [sent(4, D - 3, "waits"), sent(8, D - 3, "done")]
    run = remind(engine, items, reminder_log=log, unapplied=[credit(900_00)])
    assert run.reasons == {
        "planned": "on_plan", "early": "not_yet", "waits": "waiting", "done": "ladder_done", "new": "covered_by_credit"
    }  # fmt: skip
