"""Which level an item is at, and when the next one comes (RULES §8), the same cases on every engine."""

from __future__ import annotations

from functions.frames import NO_DAY
from functions.ladder import ladder_issues
from functions.ledger import ReminderLevel
from tests.engines import Engine
from tests.functions.reminder_runs import LADDER, D, overdue, remind, sent
from tests.tables import day


def test_example_8_an_item_never_reminded_starts_at_the_first_dunning_level_however_late(engine: Engine) -> None:
    levels = tuple(ReminderLevel(n, days, "email") for n, days in enumerate((1, 7, 15, 30), 1))
    assert remind(engine, [overdue(60)], levels=levels).levels == {"I1": 1}


def test_example_8_an_interval_of_14_days_holds_on_the_14th_and_sends_on_the_15th(engine: Engine) -> None:
    levels = tuple(ReminderLevel(n, days, "email", min_interval_days=14) for n, days in enumerate((1, 7, 15, 30), 1))
    item, log = {"item_id": "I1", "due_day": day("2024-04-01")}, [sent(1, day("2024-05-01"))]
    held = remind(engine, [item], as_of=day("2024-05-14"), levels=levels, reminder_log=log).held["I1"]
    assert (held["reason"], held["since_day"], held["until_day"]) == ("too_soon", day("2024-05-01"), day("2024-05-15"))
    assert remind(engine, [item], as_of=day("2024-05-15"), levels=levels, reminder_log=log).levels == {"I1": 2}


def test_an_item_never_reminded_is_at_the_level_whose_day_has_come(engine: Engine) -> None:
    expected = {-8: 0, -7: 1, -6: 1, -4: 1, -3: 2, -2: 2, -1: 3, 0: 3, 1: 4, 6: 4, 7: 4, 90: 4}
    run = remind(engine, [overdue(days, f"{days}") for days in expected])
    assert run.levels == {f"{days}": level for days, level in expected.items() if level}
    assert run.reasons == {"-8": "not_yet"}


def test_a_missed_day_catches_up_at_the_latest_notice(engine: Engine) -> None:
    # Level 2 was due yesterday, the run was not made: level 2 today, not level 1.
    assert remind(engine, [overdue(-2)], reminder_log=[sent(1, D - 5)]).levels == {"I1": 2}


def test_a_notice_is_not_sent_twice_nor_after_a_later_one(engine: Engine) -> None:
    for level in (2, 3):
        run = remind(engine, [overdue(-2)], reminder_log=[sent(level, D - 1)])
        assert run.reasons == {"I1": "waiting"}
    assert run.held["I1"]["until_day"] == D + 3  # a day after the due date, with the first dunning level


def test_a_notice_is_never_sent_after_the_due_date(engine: Engine) -> None:
    by_invoice_date = ReminderLevel(2, 60, "email", basis="invoice_date")
    levels = (ReminderLevel(1, -7, "email"), by_invoice_date, ReminderLevel(3, 10, "email"))
    run = remind(engine, [overdue(5, invoice_day=D - 60), overdue(-3, "I2", invoice_day=D - 20)], levels=levels)
    assert run.levels == {"I2": 1}
    assert run.reasons == {"I1": "not_yet"}
    assert run.states["I1"] == {
        "item_id": "I1", "last_level": 0, "last_sent_day": NO_DAY, "next_level": 3, "next_day": D + 5
    }  # fmt: skip


def test_a_notice_whose_day_lies_after_the_due_date_is_not_announced(engine: Engine) -> None:
    by_invoice_date = ReminderLevel(2, 60, "email", basis="invoice_date")
    levels = (ReminderLevel(1, -7, "email"), by_invoice_date, ReminderLevel(3, 10, "email"))
    run = remind(engine, [overdue(-3, invoice_day=D - 20)], levels=levels, reminder_log=[sent(1, D - 1)])
    assert run.reasons == {"I1": "waiting"}
    assert (run.states["I1"]["next_level"], run.states["I1"]["next_day"]) == (3, D + 13)


def test_a_level_may_be_sent_with_the_invoice(engine: Engine) -> None:
    levels = (ReminderLevel(1, 0, "email", basis="invoice_date"), ReminderLevel(2, -3, "email"))
    run = remind(engine, [overdue(-30, invoice_day=D), overdue(-30, "I2", invoice_day=D + 1)], levels=levels)
    assert run.levels == {"I1": 1}
    assert run.reasons == {"I2": "not_yet"}
    assert (run.states["I2"]["next_level"], run.states["I2"]["next_day"]) == (1, D + 1)


def test_after_a_level_the_next_one_waits_for_its_day(engine: Engine) -> None:
    log = [sent(4, D - 3)]
    waiting = remind(engine, [overdue(6)], reminder_log=log)
    assert waiting.reasons == {"I1": "waiting"}
    assert (waiting.held["I1"]["since_day"], waiting.held["I1"]["until_day"]) == (D - 3, D + 1)
    assert remind(engine, [overdue(7)], reminder_log=log).levels == {"I1": 5}


def test_levels_are_climbed_one_by_one_however_late(engine: Engine) -> None:
    assert remind(engine, [overdue(61)], reminder_log=[sent(4, D - 20), sent(5, D - 10)]).levels == {"I1": 6}


def test_above_the_highest_level_nothing_is_sent(engine: Engine) -> None:
    run = remind(engine, [overdue(99)], reminder_log=[sent(8, D - 20), sent(4, D - 10)])
    assert run.reasons == {"I1": "ladder_done"}
    assert run.states["I1"] == {
        "item_id": "I1", "last_level": 8, "last_sent_day": D - 10, "next_level": 0, "next_day": NO_DAY
    }  # fmt: skip


def test_levels_may_be_numbered_below_zero_and_at_zero(engine: Engine) -> None:
    levels = (ReminderLevel(-2, -7, "email"), ReminderLevel(-1, -3, "email"), ReminderLevel(0, 1, "email"))
    run = remind(engine, [overdue(-2), overdue(-5, "I2"), overdue(1, "I3")], levels=levels)
    assert run.levels == {"I1": -1, "I2": -2, "I3": 0}
    again = remind(engine, [overdue(-2)], levels=levels, reminder_log=[sent(-2, D - 1)])
    assert again.levels == {"I1": -1}


def test_a_log_line_of_tomorrow_does_not_exist_yet(engine: Engine) -> None:
    assert remind(engine, [overdue(1)], reminder_log=[sent(4, D + 1)]).levels == {"I1": 4}


def test_running_again_on_the_day_proposes_nothing_new_though_no_interval_is_set(engine: Engine) -> None:
    # 60 days late: the day of every level has come, but one level goes out per run.
    items = [overdue(60), overdue(-2, "I2"), overdue(3, "I3", currency="USD")]
    first = remind(engine, items)
    log = [sent(line["level"], D, item, currency=line["currency"]) for item, line in first.lines.items()]
    second = remind(engine, items, reminder_log=log)
    assert second.messages == {}
    assert second.reasons == {"I1": "waiting", "I2": "waiting", "I3": "waiting"}
    assert (second.held["I1"]["until_day"], second.states["I1"]["next_level"]) == (D + 1, 5)
    assert remind(engine, items, as_of=D + 1, reminder_log=log).levels["I1"] == 5


def test_a_list_sent_by_half_leaves_the_other_half(engine: Engine) -> None:
    run = remind(engine, [overdue(60), overdue(61, "I2")], reminder_log=[sent(4, D)])
    assert (run.levels, run.reasons) == ({"I2": 4}, {"I1": "waiting"})


def test_without_levels_nothing_is_proposed(engine: Engine) -> None:
    run = remind(engine, [overdue(1), overdue(0, "I2"), overdue(-5, "I3")], levels=())
    assert run.reasons == {"I1": "ladder_done", "I2": "not_yet", "I3": "not_yet"}


def test_a_ladder_must_climb_day_by_day() -> None:
    def ladder(*days: int) -> list[ReminderLevel]:
        return [ReminderLevel(n, day, "email") for n, day in enumerate(days, 1)]

    assert ladder_issues(LADDER) == []
    assert ladder_issues(reversed(LADDER)) == []
    assert ladder_issues(ladder(1, 7, 7, 30)) == [3]
    assert ladder_issues(ladder(-1, -3, 1)) == [2]
    assert ladder_issues(ladder(1, 30, 7, 15)) == [3, 4]


def test_levels_counted_from_the_invoice_date_climb_apart_and_stay_below_dunning() -> None:
    with_invoice = ReminderLevel(1, 0, "email", basis="invoice_date")
    assert ladder_issues([with_invoice, ReminderLevel(2, -7, "email"), ReminderLevel(3, 1, "email")]) == []
    assert ladder_issues([ReminderLevel(0, 1, "email"), with_invoice]) == [1]
