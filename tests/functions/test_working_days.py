"""Working days, holidays and make-up working days (RULES §4, §8)."""

from __future__ import annotations

import pytest

from functions.frames import NO_DAY
from functions.working_days import UnknownRolling, is_working_day, last_working_day_before, rolled
from tests.tables import day

# China's May holiday of 2024: 1 to 5 May off, Sunday 28 April and Saturday 11 May worked.
OFF, WORKED = range(day("2024-05-01"), day("2024-05-06")), (day("2024-04-28"), day("2024-05-11"))
MAY = (*((each, False) for each in OFF), *((each, True) for each in WORKED))


def test_a_week_works_from_monday_to_friday() -> None:
    monday = day("2024-05-13")
    assert [is_working_day(monday + n) for n in range(7)] == [True] * 5 + [False] * 2


def test_days_before_1970_have_weekdays_too() -> None:
    assert is_working_day(day("1969-12-31"))
    assert not is_working_day(day("1969-12-28"))


def test_a_make_up_saturday_works_and_a_holiday_does_not() -> None:
    assert is_working_day(day("2024-05-11"), MAY)
    assert not is_working_day(day("2024-05-02"), MAY)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2024-05-14", "2024-05-13"),
        ("2024-05-13", "2024-05-11"),  # the Saturday before was worked
        ("2024-05-20", "2024-05-17"),
        ("2024-05-06", "2024-04-30"),  # over the whole holiday
        ("2024-04-29", "2024-04-28"),  # the Sunday before was worked
    ],
)
def test_the_last_working_day_before_is_strictly_before(as_of: str, expected: str) -> None:
    assert last_working_day_before(day(as_of), MAY) == day(expected)


@pytest.mark.parametrize(
    ("due", "rolling", "expected"),
    [
        ("2024-06-14", "next", "2024-06-14"),  # a working day never moves
        ("2024-06-15", "none", "2024-06-15"),
        ("2024-06-15", "next", "2024-06-17"),
        ("2024-06-15", "previous", "2024-06-14"),
        ("2024-06-15", "modified_next", "2024-06-17"),
        ("2024-06-29", "next", "2024-07-01"),
        ("2024-06-29", "modified_next", "2024-06-28"),  # 1 July is another month
        ("2024-12-28", "modified_next", "2024-12-30"),
        ("2024-05-03", "next", "2024-05-06"),
        ("2024-05-03", "previous", "2024-04-30"),
        ("2024-05-11", "next", "2024-05-11"),
    ],
)
def test_a_due_day_rolls_off_days_that_are_not_worked(due: str, rolling: str, expected: str) -> None:
    assert rolled(day(due), rolling, MAY) == day(expected)
    assert rolled(day(due), rolling, dict(MAY)) == day(expected)


def test_a_blank_day_stays_blank() -> None:
    assert rolled(NO_DAY, "next", MAY) == NO_DAY


def test_an_unknown_rolling_is_refused_even_on_a_working_day() -> None:
    with pytest.raises(UnknownRolling, match="modified_next"):
        rolled(day("2024-06-14"), "following")
