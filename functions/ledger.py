"""What the rules take: the tables of a ledger as frames, and the policy that staff set.

Every frame carries ``row``, the caller's number of the row, so that an issue can say where it comes from; nothing else
may depend on it. Blanks are the sentinels of ``frames.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import narwhals as nw

from functions.frames import NO_DAY, Frame, lazy, parameter

_ID = _TEXT = nw.String
_DAY = _MINOR = _COUNT = nw.Int64
_FLAG = nw.Boolean

SHAPES: Mapping[str, Mapping[str, Any]] = {
    "customers": {
        "row": _COUNT,
        "customer_id": _ID,
        "name": _TEXT,
        "group_id": _ID,
        "collector": _ID,
        "email": _TEXT,
        "phone": _TEXT,
        "address": _TEXT,
        "language": _TEXT,
        "payment_terms": _ID,
        "currency": _ID,
        "credit_limit_minor": _MINOR,
        "limit_expires_day": _DAY,
        "guarantee_minor": _MINOR,
        "is_on_hold": _FLAG,
        "do_not_remind": _FLAG,
        "channel": _TEXT,
        "is_legal": _FLAG,
    },
    "contracts": {
        "row": _COUNT,
        "contract_id": _ID,
        "customer_id": _ID,
        "payment_terms": _ID,
        "late_rate_digits": _COUNT,
        "late_rate_scale": _COUNT,
    },
    "invoices": {
        "row": _COUNT,
        "invoice_id": _ID,
        "customer_id": _ID,
        "kind": _TEXT,
        "contract_id": _ID,
        "order_id": _ID,
        "invoice_day": _DAY,
        "baseline_day": _DAY,
        "payment_terms": _ID,
        "due_day": _DAY,
        "currency": _ID,
        "amount_minor": _MINOR,
        "related_invoice_id": _ID,
        "opening_settled_minor": _MINOR,
        "charged_to_day": _DAY,
        "is_disputed": _FLAG,
        "disputed_day": _DAY,
        "dispute_closed_day": _DAY,
        "entered_day": _DAY,
    },
    "receipts": {
        "row": _COUNT,
        "receipt_id": _ID,
        "customer_id": _ID,
        "kind": _TEXT,
        "related_id": _ID,
        "receipt_day": _DAY,
        "currency": _ID,
        "amount_minor": _MINOR,
        "method": _TEXT,
        "matures_day": _DAY,
        "is_held": _FLAG,
        "entered_day": _DAY,
    },
    "allocations": {
        "row": _COUNT,
        "allocation_id": _ID,
        "receipt_id": _ID,
        "invoice_id": _ID,
        "amount_minor": _MINOR,
        "discount_minor": _MINOR,
        "allocated_day": _DAY,
        "entered_day": _DAY,
    },
    "write_offs": {
        "row": _COUNT,
        "write_off_id": _ID,
        "invoice_id": _ID,
        "amount_minor": _MINOR,
        "written_off_day": _DAY,
        "reason": _TEXT,
        "entered_day": _DAY,
    },
    "repayment_plans": {
        "row": _COUNT,
        "plan_id": _ID,
        "invoice_id": _ID,
        "due_day": _DAY,
        "amount_minor": _MINOR,
        "agreed_day": _DAY,
        "cancelled_day": _DAY,
        "entered_day": _DAY,
    },
    "orders": {
        "row": _COUNT,
        "order_id": _ID,
        "customer_id": _ID,
        "order_day": _DAY,
        "currency": _ID,
        "amount_minor": _MINOR,
        "closed_day": _DAY,
        "entered_day": _DAY,
    },
    "activities": {
        "row": _COUNT,
        "activity_id": _ID,
        "activity_day": _DAY,
        "customer_id": _ID,
        "invoice_id": _ID,
        "outcome": _TEXT,
        "promise_day": _DAY,
        "promise_minor": _MINOR,
        "entered_day": _DAY,
    },
    "exchange_rates": {"row": _COUNT, "currency": _ID, "rate_day": _DAY, "rate_digits": _COUNT, "rate_scale": _COUNT},
    "interest_rates": {
        "row": _COUNT,
        "currency": _ID,
        "from_day": _DAY,
        "annual_rate_digits": _COUNT,
        "annual_rate_scale": _COUNT,
    },
    "reminder_log": {
        "row": _COUNT,
        "message_id": _ID,
        "sent_day": _DAY,
        "customer_id": _ID,
        "item_id": _ID,
        "invoice_id": _ID,
        "level": _COUNT,
        "channel": _TEXT,
        "letter": _ID,
        "collector": _ID,
        "currency": _ID,
        "amount_minor": _MINOR,
    },
    "legal_cases": {"row": _COUNT, "customer_id": _ID, "opened_day": _DAY, "closed_day": _DAY},
    "bank_balances": {"row": _COUNT, "account": _ID, "to_day": _DAY},
    "left_out_receipts": {"row": _COUNT, "customer_id": _ID},
}
"""Table → column → type. ``rate_digits`` ÷ 10**``rate_scale`` is the rate: at most nine digits, NO_SCALE where it is blank.

An exchange rate is base currency per unit, an interest rate a share a year (0.1825 is 18.25 %).
"""


@dataclass(frozen=True)
class PaymentTerms:
    """One row of PaymentTerms. ``instalments`` are (percent in millionths of the whole: 30 % is 300_000, days) pairs."""

    terms_id: str
    basis: str = "invoice_date"
    months: int = 0
    days: int = 0
    day_of_month: int = 0
    discount_ppm: int = 0
    discount_days: int = 0
    instalments: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class ReminderLevel:
    """One rung of the ladder. Amounts are in base currency; basis is due_date or invoice_date.

    ``cost_minor`` is what a message costs us.
    """

    level: int
    days: int
    channel: str
    basis: str = "due_date"
    letter: str = ""
    min_interval_days: int = 0
    min_amount_minor: int = 0
    cost_minor: int = 0

    @property
    def is_notice(self) -> bool:
        """Sent on or before the due date only: a negative or zero day, or counted from the invoice date."""
        return self.days <= 0 or self.basis == "invoice_date"


@dataclass(frozen=True)
class Policy:
    """The settings that the rules ask for, with their defaults."""

    base_currency: str = "CNY"
    ledger_starts_day: int = NO_DAY
    bucket_edges: tuple[int, ...] = (0, 30, 60, 90, 120)
    aging_basis: str = "due_date"
    allocation_policy: str = "oldest_due_first"
    allocate_to_disputed: bool = False
    day_rolling: str = "none"
    overdue_block_days: int = 60
    watch_percent: int = 80
    orders_in_exposure: bool = True
    unapplied_in_exposure: bool = True
    promise_grace_days: int = 3
    max_promises: int = 2
    interest_year_days: int = 365
    dso_days: int = 90
    limitation_years: int = 3
    limitation_warning_days: int = 90
    limitation_by_reminder: bool = False
    limitation_by_payment: bool = True
    limitation_by_promise: bool = False
    payment_terms: tuple[PaymentTerms, ...] = ()
    reminder_levels: tuple[ReminderLevel, ...] = ()
    holidays: tuple[tuple[int, bool], ...] = ()
    """(day, is a working day after all), of the country in ``holiday_country``."""


@dataclass(frozen=True)
class Ledger:
    """The tables, each a lazy frame of the columns in ``SHAPES``."""

    customers: Frame
    contracts: Frame
    invoices: Frame
    receipts: Frame
    allocations: Frame
    write_offs: Frame
    repayment_plans: Frame
    orders: Frame
    activities: Frame
    exchange_rates: Frame
    interest_rates: Frame
    reminder_log: Frame
    legal_cases: Frame
    bank_balances: Frame
    left_out_receipts: Frame

    @classmethod
    def of(cls, natives: Mapping[str, Any]) -> Ledger:
        """From native frames of one engine; a table that is not there is empty. ``customers`` must be there."""
        like = lazy(natives["customers"])
        return cls(
            **{
                name: lazy(natives[name]).select(*shape) if name in natives else empty(like, name)
                for name, shape in SHAPES.items()
            }
        )

    def as_known_on(self, day: int) -> Ledger:
        """The rows entered on or before the day; a blank ``entered_on`` was always known."""
        # NO_DAY is earlier than every day, so a blank passes.
        known = {
            each.name: getattr(self, each.name).filter(nw.col("entered_day") <= day)
            for each in fields(self)
            if "entered_day" in SHAPES[each.name]
        }
        return replace(self, **known)


def empty(like: Frame, table: str) -> Frame:
    """A table of no rows, on the engine of ``like``."""
    shape = SHAPES[table]
    return parameter(like, {name: [] for name in shape}, shape)


@dataclass(frozen=True)
class Position:
    """What is owed as of a day: the result of ``ledger_position``. Frames, all lazy; columns as listed there."""

    as_of: int
    items: Frame = field(repr=False)
    applications: Frame = field(repr=False)
    unapplied: Frame = field(repr=False)
    documents: Frame = field(repr=False)
    receipts: Frame = field(repr=False)
    movements: Frame = field(repr=False)
    issues: Frame = field(repr=False)
