"""What holds of reminders whatever the ledger and the ladder, run after run: each run's list goes out before the next.

No item is reminded twice at one level, none once it is paid, none while it is disputed or promised; dunning climbs without
leaving a level out; and what is sent and what is held are together what is open.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from functions.dunning import propose_reminders
from functions.frames import NO_MINOR
from functions.ledger import Policy, ReminderLevel
from tests.engines import Engine
from tests.functions.reminder_runs import CUSTOMER, D, sent
from tests.functions.small_ledger import small_ledger, small_position
from tests.oracle.position import Position
from tests.oracle.promises import held_by_promise
from tests.tables import Row, row

RUNS = 5


@dataclass(frozen=True)
class Debt:
    """An item, when it is paid or paid in part, and from when to when it is disputed: days counted from D."""

    due: int
    amount: int
    paid: list[tuple[int, int]]
    disputed: tuple[int, int] | None

    def open_on(self, day: int) -> int:
        return self.amount - sum(minor for paid_on, minor in self.paid if paid_on <= day)

    def is_disputed_on(self, day: int) -> bool:
        return self.disputed is not None and self.disputed[0] <= day < self.disputed[1] and self.open_on(day) > 0


@st.composite
def debts(draw: st.DrawFn) -> Debt:
    amount = draw(st.sampled_from([20_00, 100_00, 300_00]))
    paid = draw(st.sampled_from([[], [], [amount], [amount // 4], [amount // 4, amount - amount // 4]]))
    begins = draw(st.integers(-10, 20))
    return Debt(
        due=draw(st.integers(-40, 12)),
        amount=amount,
        paid=[(draw(st.integers(-20, 30)), minor) for minor in paid],
        disputed=draw(st.none() | st.just((begins, begins + draw(st.integers(1, 20))))),
    )


@st.composite
def ladders(draw: st.DrawFn) -> tuple[ReminderLevel, ...]:
    """Levels in order of their days, their numbers with gaps, some with intervals and least amounts."""
    days = sorted(draw(st.sets(st.integers(-9, 30), min_size=1, max_size=7)))
    numbers = sorted(draw(st.sets(st.integers(1, 20), min_size=len(days), max_size=len(days))))
    channels = st.sampled_from(["email", "phone", "lawyer"])
    return tuple(
        ReminderLevel(
            number, day, draw(channels), min_interval_days=draw(st.sampled_from([0, 0, 3])),
            min_amount_minor=draw(st.sampled_from([0, 0, 50_00])),
        )
        for number, day in zip(numbers, days, strict=True)
    )  # fmt: skip


PROMISES = st.fixed_dictionaries(
    {
        "made": st.integers(-10, 15),
        "days": st.integers(0, 12),
        "of": st.integers(-1, 3),
        "minor": st.sampled_from([NO_MINOR, 50_00]),
    }
)


@settings(max_examples=25, phases=(Phase.explicit, Phase.generate))  # a run is too slow to shrink on
@given(
    ladder=ladders(),
    owed=st.lists(debts(), min_size=1, max_size=4),
    promises=st.lists(PROMISES, max_size=2),
    gaps=st.lists(st.integers(1, 12), min_size=RUNS, max_size=RUNS),
    most_promises=st.sampled_from([2, 1]),
)
def test_run_after_run_nothing_is_sent_twice_skipped_paid_disputed_or_promised(
    ladder: tuple[ReminderLevel, ...],
    owed: list[Debt],
    promises: list[dict[str, int]],
    gaps: list[int],
    most_promises: int,
) -> None:
    engine, policy = Engine("polars"), Policy(reminder_levels=ladder, max_promises=most_promises)
    named = {f"I{place}": debt for place, debt in enumerate(owed)}
    activities = [_promise(place, each) for place, each in enumerate(promises)]
    log: list[Row] = []
    sent_at: dict[str, list[int]] = defaultdict(list)
    day = 0
    for gap in gaps:
        position = small_position(engine, D + day, *_items(named, day))
        ledger = small_ledger(engine, customers=[CUSTOMER], activities=activities, reminder_log=log)
        proposed = propose_reminders(ledger, position, policy=policy, message_prefix=f"{day}")
        lines, held = Engine.rows(proposed.items), Engine.rows(proposed.held)

        listed = sorted((each["item_id"], each["amount_minor"]) for each in [*lines, *held])
        assert listed == sorted((name, debt.open_on(day)) for name, debt in named.items() if debt.open_on(day) > 0)
        items, paid = Engine.rows(position.items), Engine.rows(position.applications)
        now = Position(D + day, items, paid, [], [], [], [], {}, [])
        promised = held_by_promise({"activities": [row("activities", **each) for each in activities]}, now, policy)
        for line in lines:
            name, level = line["item_id"], line["level"]
            assert named[name].open_on(day) > 0, "paid"
            assert not named[name].is_disputed_on(day), "disputed"
            assert name not in promised, "promised"
            assert level not in sent_at[name], "twice at one level"
            assert level == _next(ladder, max(sent_at[name], default=0), day, named[name].due), "skipped, or out of turn"
            sent_at[name].append(level)
            log.append(sent(level, D + day, name))
        day += gap


def _next(ladder: tuple[ReminderLevel, ...], reached: int, day: int, due: int) -> int | None:
    """The level whose turn it is: before the due day the last notice that has come, after it the next dunning level."""
    if day <= due:
        come = [each.level for each in ladder if each.days <= 0 and due + each.days <= day]
        return come[-1] if come and come[-1] > reached else None
    return next((each.level for each in ladder if each.days > 0 and each.level > reached), None)


def _promise(place: int, given: dict[str, int]) -> dict[str, Any]:
    made = D + given["made"]
    invoice = f"I{given['of']}" if given["of"] >= 0 else ""
    return {"activity_id": f"A{place}", "customer_id": "C1", "activity_day": made, "promise_day": made + given["days"],
            "promise_minor": given["minor"], "outcome": "promised", "invoice_id": invoice}  # fmt: skip


def _items(named: dict[str, Debt], day: int) -> tuple[list[Row], list[Row]]:
    """The items and payments of a day, as the rules take them."""
    items = [
        {"item_id": name, "due_day": D + debt.due, "amount_minor": debt.amount, "is_disputed": debt.is_disputed_on(day)}
        for name, debt in named.items()
    ]
    paid = [
        {"item_id": name, "amount_minor": minor, "paid_day": D + paid_on, "step": "allocation"}
        for name, debt in named.items()
        for paid_on, minor in debt.paid
        if paid_on <= day
    ]
    return items, paid
