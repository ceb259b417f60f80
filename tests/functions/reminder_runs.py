"""One reminder run as of Wednesday 15 May 2024, read back and checked for what holds in every run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from functions.dunning import Proposals, propose_reminders
from functions.holds import REASONS
from functions.ledger import Policy, Position, ReminderLevel
from tests.engines import Engine
from tests.functions.small_ledger import small_ledger, small_position
from tests.tables import Row, day

D = day("2024-05-15")

# Notices 1 to 3, dunning 4 to 8.
LADDER = (
    *(ReminderLevel(n, days, "email", letter="notice") for n, days in enumerate((-7, -3, -1), 1)),
    ReminderLevel(4, 1, "email", letter="first"),
    ReminderLevel(5, 7, "email", letter="second"),
    ReminderLevel(6, 15, "phone"),
    ReminderLevel(7, 30, "letter", letter="third"),
    ReminderLevel(8, 60, "lawyer"),
)
CUSTOMER = {"customer_id": "C1", "email": "ap@example.com", "phone": "021 555 0101", "address": "1 Nanjing Road"}


def overdue(days: int, item_id: str = "I1", **changes: Any) -> dict[str, Any]:
    """An item that many days overdue at D; a negative number is days still to run."""
    return {"item_id": item_id, "due_day": D - days, **changes}


def sent(level: int, on: int, item_id: str = "I1", **changes: Any) -> dict[str, Any]:
    return {"item_id": item_id, "level": level, "sent_day": on, "customer_id": "C1", "currency": "CNY", **changes}


@dataclass(frozen=True)
class Run:
    """A run's frames as rows: lines and holds by item, messages by id."""

    messages: Mapping[str, Row]
    lines: Mapping[str, Row]
    held: Mapping[str, Row]
    states: Mapping[str, Row]

    @property
    def levels(self) -> dict[str, int]:
        return {item_id: line["level"] for item_id, line in self.lines.items()}

    @property
    def reasons(self) -> dict[str, str]:
        return {item_id: hold["reason"] for item_id, hold in self.held.items()}


def remind(
    engine: Engine,
    items: Iterable[Row],
    *,
    as_of: int = D,
    levels: tuple[ReminderLevel, ...] = LADDER,
    policy: Policy | None = None,
    unapplied: Iterable[Row] = (),
    **tables: Iterable[Row],
) -> Run:
    """One run. Whatever the case, proposed + held is the open balance, and a message's total is the sum of its lines."""
    ledger = small_ledger(engine, **{"customers": [CUSTOMER], **tables})
    position = small_position(engine, as_of, items, unapplied=unapplied)
    policy = replace(policy or Policy(), reminder_levels=levels)
    return read(propose_reminders(ledger, position, policy=policy, message_prefix="20240515"), position)


def read(proposals: Proposals, position: Position) -> Run:
    """The proposals as rows; every one of them must agree with the position and with the others."""
    messages = Engine.rows(proposals.messages)
    lines, held, states = (Engine.rows(frame) for frame in (proposals.items, proposals.held, proposals.states))
    still_open = {row["item_id"]: row["open_minor"] for row in Engine.rows(position.items) if row["open_minor"] > 0}
    shown = sorted((row["item_id"], row["amount_minor"]) for row in [*lines, *held])
    assert shown == sorted(still_open.items())
    assert [row["item_id"] for row in states] == sorted(still_open)
    assert {row["reason"] for row in held} <= set(REASONS)
    for message in messages:
        own = [line for line in lines if line["message_id"] == message["message_id"]]
        assert message["total_minor"] == sum(line["amount_minor"] for line in own)
        assert message["items"] == len(own)
        assert message["level"] == max(line["level"] for line in own)
    assert {message["message_id"] for message in messages} == {line["message_id"] for line in lines}
    by_item = ({row["item_id"]: row for row in frame} for frame in (lines, held, states))
    return Run({message["message_id"]: message for message in messages}, *by_item)
