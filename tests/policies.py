"""Settings for the generated ledgers: a fixed catalogue of terms and ladders, and every switch both ways."""

from __future__ import annotations

from functions.ledger import PaymentTerms, Policy, ReminderLevel
from tests.dice import Dice

_UNEVEN = ((500_000, 1), (250_000, 0), (250_000, 40))
_QUARTERS = tuple((250_000, days) for days in (0, 15, 30, 45))

TERMS = (
    PaymentTerms("NET0"),
    PaymentTerms("NET30", days=30),
    PaymentTerms("EOM1", basis="end_of_month", months=1),
    PaymentTerms("EOM45", basis="end_of_month", days=45),
    PaymentTerms("TENTH", days=5, day_of_month=10),
    PaymentTerms("MIXED", "end_of_month", months=1, day_of_month=31, instalments=_UNEVEN),
    PaymentTerms("PARTS", days=7, instalments=((300_000, 30), (500_000, 60), (200_000, 90))),
    PaymentTerms("QUARTERS", discount_ppm=20_000, discount_days=10, instalments=_QUARTERS),
)

_NOTICES = (
    ReminderLevel(1, -7, "email"),
    ReminderLevel(2, 5, "sms", basis="invoice_date"),
    ReminderLevel(3, 0, "letter", min_interval_days=3),
)
_DUNNING = (
    ReminderLevel(4, 1, "email", min_interval_days=7),
    ReminderLevel(5, 15, "phone", min_interval_days=14, min_amount_minor=50_00),
    ReminderLevel(6, 30, "letter", min_amount_minor=100_00),
    ReminderLevel(8, 60, "lawyer", min_interval_days=30),
)
LADDERS = (_NOTICES + _DUNNING, _NOTICES + _DUNNING, _DUNNING, _NOTICES, (*reversed(_DUNNING), *_NOTICES), ())


def policy_of(dice: Dice) -> Policy:
    """Settings; holidays and make-up working days lie around the day."""
    holidays = {dice.as_of + dice.number(-40, 40): dice.chance(50) for _ in range(dice.number(0, 8))}
    return Policy(
        base_currency=dice.pick(["CNY", "CNY", "USD", "JPY", "KWD"]),
        bucket_edges=dice.pick([(0, 30, 60, 90, 120), (0, 30, 60, 90, 120), (0, 7), (0,)]),
        aging_basis=dice.pick(["due_date", "due_date", "invoice_date"]),
        allocation_policy=dice.pick(["oldest_due_first", "oldest_due_first", "explicit_only"]),
        allocate_to_disputed=dice.chance(40),
        day_rolling=dice.pick(["none", "next", "previous", "modified_next"]),
        overdue_block_days=dice.pick([60, 0, 30]),
        watch_percent=dice.pick([80, 100, 0]),
        orders_in_exposure=dice.chance(70),
        unapplied_in_exposure=dice.chance(70),
        promise_grace_days=dice.pick([3, 0]),
        max_promises=dice.pick([2, 2, 1, 0]),
        payment_terms=TERMS,
        reminder_levels=dice.pick(LADDERS),
        holidays=tuple(sorted(holidays.items())),
    )
