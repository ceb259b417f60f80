"""Customers as of a day, alike on every engine."""

from __future__ import annotations

from itertools import permutations

import narwhals as nw
import pytest

from functions.history import restore_as_of
from tests.engines import Engine

_SHAPE = {
    "row": nw.Int64, "customer_id": nw.String, "changed_day": nw.Int64, "field": nw.String, "old_value": nw.String,
}  # fmt: skip

# Day, customer, field, old value. C1's limit: 100 until day 10, 200 until day 20, 300 until day 30, 400 since.
_CHANGES = (
    (20, "C1", "credit_limit", "200"),
    (10, "C1", "credit_limit", "100"),
    (30, "C1", "credit_limit", "300"),
    (15, "C1", "collector", ""),
    (25, "C2", "credit_limit", "900"),
)


def _restored(engine: Engine, *changes: tuple[int, str, str, str], as_of: int) -> dict[tuple[str, str], str]:
    history = [
        {"row": number, "changed_day": day, "customer_id": customer_id, "field": name, "old_value": old}
        for number, (day, customer_id, name, old) in enumerate(changes, start=2)
    ]
    found = engine.rows(restore_as_of(engine.frame(history, _SHAPE), as_of=as_of))
    restored = {(each["customer_id"], each["field"]): each["value"] for each in found}
    assert len(restored) == len(found), "one row an attribute"
    return restored


@pytest.mark.parametrize(
    ("as_of", "limit"),
    [
        pytest.param(9, "100", id="before every change"),
        pytest.param(10, "200", id="a change holds from its day on"),
        pytest.param(19, "200", id="the day before the next"),
        pytest.param(20, "300", id="and that day"),
        pytest.param(29, "300", id="the earliest change after, not the latest"),
        pytest.param(30, None, id="after the last change today's value stands"),
    ],
)
def test_a_value_is_the_old_one_of_the_earliest_later_change(engine: Engine, as_of: int, limit: str | None) -> None:
    assert _restored(engine, *_CHANGES, as_of=as_of).get(("C1", "credit_limit")) == limit


def test_attributes_and_customers_are_restored_apart(engine: Engine) -> None:
    assert _restored(engine, *_CHANGES, as_of=12) == {
        ("C1", "credit_limit"): "200",
        ("C1", "collector"): "",  # it was blank, which is not the same as unchanged
        ("C2", "credit_limit"): "900",
    }


def test_no_history_restores_nothing(engine: Engine) -> None:
    assert _restored(engine, as_of=0) == {}


def test_two_changes_of_one_day_do_not_depend_on_their_rows(engine: Engine) -> None:
    changes = [(day, "C1", "collector", old) for day, old in ((5, "李"), (5, "Zoe"), (5, "ann"), (6, "A"))]
    restored = [_restored(engine, *order, as_of=4) for order in permutations(changes)]
    assert restored == [{("C1", "collector"): "Zoe"}] * len(restored)
