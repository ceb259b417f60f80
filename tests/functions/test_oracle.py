"""The oracle proves itself before it judges anyone: what must hold of every ledger, on generated ones."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.ledger import Policy
from tests import oracle
from tests.functions.conservation import assert_all_money_is_accounted_for
from tests.functions.verdicts import by_oracle, differences, verdict
from tests.ledgers import Case, as_it_stood, cases, crowd, shuffled
from tests.oracle.calendar_days import day_of
from tests.oracle.money import half_away
from tests.oracle.terms import end_of_month, rolled, shares


@given(cases())
@settings(max_examples=200)
def test_all_money_is_accounted_for(case: Case) -> None:
    assert_all_money_is_accounted_for(by_oracle(case), case)


@given(cases())
@settings(max_examples=100)
def test_the_order_of_the_rows_says_nothing(case: Case) -> None:
    results = by_oracle(case)
    assert not differences(verdict(results, results), verdict(by_oracle(shuffled(case, 1)), results))


@given(cases())
@settings(max_examples=200)
def test_what_happened_after_the_day_says_nothing(case: Case) -> None:
    results = by_oracle(case)
    assert not differences(verdict(results, results), verdict(by_oracle(as_it_stood(case)), results))


def test_ledgers_of_strangers_are_one_ledger() -> None:
    many = crowd(2024, 30)
    alone, together = by_oracle(*many.cases), by_oracle(many.whole)
    assert not differences(verdict(alone, alone), verdict(together, alone))


def test_the_generated_ledgers_hold_every_step_code_status_and_reason() -> None:
    steps, codes, statuses, reasons = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for seed in range(20):
        for case in crowd(seed, 20).cases:
            position = oracle.position(case.tables, case.policy, case.as_of)
            credit, credit_issues = oracle.credit(case.tables, case.policy, case.as_of)
            steps.update(row["step"] for row in position.applications)
            codes.update(code for _, _, code in (*position.issues, *credit_issues))
            statuses.update(row["status"] for row in credit)
            reasons.update(row["reason"] for row in oracle.reminders(case.tables, case.policy, case.as_of).held)
    assert set(steps) == {
        "opening_settled",
        "linked_credit",
        "allocation",
        "discount",
        "write_off",
        "recovery",
        "write_off_reversed",
        "oldest_due_first",
    }
    assert set(codes) == {
        "unknown_customer",
        "negative_amount",
        "opening_settled_over_amount",
        "unknown_payment_terms",
        "no_due_date",
        "unknown_invoice",
        "unknown_receipt",
        "other_customer",
        "other_currency",
        "over_asked",
        "over_settled",
        "reversal_of_unknown",
        "reversal_not_whole",
        "reversed_twice",
        "plan_over_amount",
        "no_exchange_rate",
        "no_maturity",
        "unknown_group",
        "nested_group",
        "member_limit_ignored",
    }
    assert set(statuses) == {"on_hold", "limit_expired", "over_limit", "overdue_block", "watch", "ok"}
    assert set(reasons) == {
        "bank_not_current",
        "left_out_rows",
        "legal",
        "do_not_remind",
        "disputed",
        "promise",
        "on_plan",
        "not_yet",
        "waiting",
        "ladder_done",
        "covered_by_credit",
        "below_tolerance",
        "too_soon",
        "no_contact",
    }


@given(st.fractions(-1000, 1000, max_denominator=200) | st.integers(-99, 99).map(lambda whole: Fraction(2 * whole + 1, 2)))
def test_half_goes_away_from_zero(value: Fraction) -> None:
    exactly = Decimal(value.numerator) / Decimal(value.denominator)
    assert half_away(value) == int(exactly.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@given(st.integers(0, 10_000), st.lists(st.integers(1, 20), min_size=1, max_size=6))
def test_parts_sum_to_the_whole_and_keep_its_sign(amount: int, weights: list[int]) -> None:
    percents = [1_000_000 * weight // sum(weights) for weight in weights[:-1]]
    parts = shares(amount, [*percents, 1_000_000 - sum(percents)])
    assert sum(parts) == amount
    assert min(parts) >= 0
    assert shares(-amount, [*percents, 1_000_000 - sum(percents)]) == [-part for part in parts]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_the_end_of_a_month_is_the_day_before_the_next(day: date) -> None:
    last = end_of_month(day)
    assert (last.year, last.month) == (day.year, day.month)
    assert (last + timedelta(days=1)).day == 1


def test_a_due_date_rolls_over_weekends_holidays_and_make_up_days() -> None:
    # Saturday 31 August 2024, with Monday 2 September a holiday and Sunday 1 September worked instead.
    saturday, sunday, monday = date(2024, 8, 31), date(2024, 9, 1), date(2024, 9, 2)

    def roll(day: date, how: str, *, with_holidays: bool) -> date:
        holidays = ((day_of(monday), False), (day_of(sunday), True)) if with_holidays else ()
        return rolled(day, Policy(day_rolling=how, holidays=holidays))

    assert roll(saturday, "none", with_holidays=False) == saturday
    assert roll(saturday, "next", with_holidays=False) == monday
    assert roll(saturday, "next", with_holidays=True) == sunday
    assert roll(monday, "next", with_holidays=True) == date(2024, 9, 3)
    assert roll(monday, "previous", with_holidays=True) == sunday
    assert roll(saturday, "modified_next", with_holidays=False) == date(2024, 8, 30)
    assert roll(sunday, "modified_next", with_holidays=False) == monday
