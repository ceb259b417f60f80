"""The bridge from one balance to a later one: what was invoiced, paid, credited and given up in between (RULES §11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import narwhals as nw

from functions.aging import aging_by_customer
from functions.back_dated import without_back_dated
from functions.exchange import with_base_on
from functions.frames import (
    NO_DAY,
    NO_MINOR,
    Frame,
    flag,
    has_minor,
    integer,
    left_join,
    materialise,
    stack,
    sum_by,
    text,
)
from functions.ledger import Ledger, Policy, Position
from functions.movements import ACCOUNT, moved_between
from functions.position import BeforeLedger, ledger_position
from functions.statements import EmptyPeriod

PART_OF: Mapping[str, str] = MappingProxyType({
    "invoice": "invoiced", "debit_note": "invoiced", "interest_note": "invoiced", "receipt": "receipts",
    "credit_note": "credits", "discount": "discounts", "write_off": "write_offs", "recovery": "recoveries",
    "refund": "refunds", "reversal": "reversals",
})  # fmt: skip
"""Kind of movement → its part of the bridge. What was settled before the ledger began goes with its document."""

PARTS = tuple(dict.fromkeys(PART_OF.values()))
SCOPES = ("account", "in_base", "total", "total_in_base")
_SUMS = tuple(f"{name}_minor" for name in ("opening", *PARTS, "back_dated", "rate_difference", "closing"))
BRIDGE = ("scope", "customer_id", "currency", *_SUMS)


@dataclass(frozen=True)
class Lock:
    """The last locked period: its last day, and the day on which it was locked."""

    to_day: int
    locked_on_day: int


@dataclass(frozen=True)
class Bridge:
    """rows: ``BRIDGE``, a row an account (customer and currency), a customer in base currency, a currency, and all in base.

    Amounts have the sign with which they add: opening + parts + back_dated + rate_difference = closing, in every row. Those
    in base currency have the scope in_base or total_in_base. without_rate: customer_id, currency of the accounts that are
    missing there, since a rate is missing for one of their amounts.
    """

    rows: Frame = field(repr=False)
    without_rate: Frame = field(repr=False)


def bridge(ledger: Ledger, *, policy: Policy, from_day: int, to_day: int, lock: Lock | None = None) -> Bridge:
    """From the balance at the end of the day before ``from_day`` to that at the end of ``to_day``.

    The balances are open items less what is unapplied, the parts are the movements: two ways that must meet. What entries
    that are back-dated behind the ``lock`` change is in no other part, and not in the opening: it is the opening as it was
    locked. In base currency each movement counts at the rate of its own day, the balances at those of theirs, and the
    rate_difference is what is left between them; in its own currency an account has none.

    Raises EmptyPeriod, and BeforeLedger when the period begins before the ledger.
    """
    if to_day < from_day:
        raise EmptyPeriod(from_day, to_day)
    if from_day < policy.ledger_starts_day:
        raise BeforeLedger(from_day, policy.ledger_starts_day)
    as_locked = ledger
    if lock is not None:
        as_locked = without_back_dated(ledger, locked_to_day=lock.to_day, locked_on_day=lock.locked_on_day)
    # The day before the ledger's first is asked for its balance alone.
    before = ledger_position(as_locked, policy=replace(policy, ledger_starts_day=NO_DAY), as_of=from_day - 1)
    expected = ledger_position(as_locked, policy=policy, as_of=to_day)
    after = expected if lock is None else ledger_position(ledger, policy=policy, as_of=to_day)
    moved = moved_between(before.movements, expected.movements, from_day=from_day)
    moved = with_base_on(
        moved, ledger.exchange_rates, base_currency=policy.base_currency, day="day", of="amount_minor", name="base_minor"
    )
    ends = {
        "opening": _balances(before, policy), "expected": _balances(expected, policy), "closing": _balances(after, policy)
    }  # fmt: skip
    accounts = materialise(_accounts(moved, ends))
    own, base = _valued(accounts, "minor"), _valued(accounts, "base")
    priced = base.filter(nw.col("without_rate") == 0)
    rows = [
        own.with_columns(scope=text("account")),
        _summed(priced, ["customer_id"]).with_columns(scope=text("in_base"), currency=text(policy.base_currency)),
        _summed(own, ["currency"]).with_columns(scope=text("total"), customer_id=text("")),
        _summed(priced.with_columns(currency=text(policy.base_currency)), ["currency"]).with_columns(
            scope=text("total_in_base"), customer_id=text("")
        ),
    ]
    without_rate = base.filter(nw.col("without_rate") > 0).select(*ACCOUNT)
    return Bridge(rows=materialise(stack(rows, BRIDGE)), without_rate=without_rate)


def _balances(position: Position, policy: Policy) -> Frame:
    """The accounts' balances from what is open and unapplied; NO_MINOR in base currency where a rate is missing."""
    return aging_by_customer(position, policy=policy).select(*ACCOUNT, "balance_minor", "balance_base_minor")


def _accounts(moved: Frame, ends: Mapping[str, Frame]) -> Frame:
    """One row an account, with every amount twice: ``_minor`` in its own currency, ``_base`` in base currency."""
    zero = integer(0)
    # An opening settlement takes away what its document brings: of an invoice it is negative, of a credit note positive.
    of_invoice = nw.when(nw.col("amount_minor") < 0).then(text("invoiced")).otherwise(text("credits"))
    part: nw.Expr = of_invoice
    for kind, name in PART_OF.items():
        part = nw.when(nw.col("kind") == kind).then(text(name)).otherwise(part)
    moved = moved.with_columns(part=part, lacks_rate=flag(~has_minor("base_minor")))
    moved = moved.with_columns(base_minor=nw.when(has_minor("base_minor")).then(nw.col("base_minor")).otherwise(zero))
    columns = {}
    for name in PARTS:
        is_it = nw.col("part") == name
        columns[f"{name}_minor"] = nw.when(is_it).then(nw.col("amount_minor")).otherwise(zero)
        columns[f"{name}_base"] = nw.when(is_it).then(nw.col("base_minor")).otherwise(zero)
    sums = {name: name for name in (*columns, "lacks_rate")}
    parts = sum_by(moved.with_columns(**columns), ACCOUNT, **sums)
    keys = stack([moved, *ends.values()], ACCOUNT).unique(ACCOUNT)
    accounts = left_join(keys, parts, ACCOUNT, dict.fromkeys(sums, 0))
    for name, balances in ends.items():
        named = balances.rename({"balance_minor": f"{name}_minor", "balance_base_minor": f"{name}_base"})
        accounts = left_join(accounts, named, ACCOUNT, {f"{name}_minor": 0, f"{name}_base": 0})
    return accounts


def _valued(accounts: Frame, ending: str) -> Frame:
    """The accounts in one valuation, with what is left between the two ways as rate_difference; without_rate counts."""
    lacks = nw.col("lacks_rate") if ending == "base" else integer(0)
    for name in ("opening", "expected", "closing"):
        lacks = lacks + flag(nw.col(f"{name}_{ending}") == NO_MINOR)
    amounts = {f"{name}_minor": nw.col(f"{name}_{ending}") for name in ("opening", *PARTS, "expected", "closing")}
    valued = accounts.select(*ACCOUNT, without_rate=lacks, **amounts)
    explained = nw.col("opening_minor")
    for name in PARTS:
        explained = explained + nw.col(f"{name}_minor")
    return valued.with_columns(
        back_dated_minor=nw.col("closing_minor") - nw.col("expected_minor"),
        rate_difference_minor=nw.col("expected_minor") - explained,
    ).drop("expected_minor")


def _summed(valued: Frame, keys: Sequence[str]) -> Frame:
    return sum_by(valued, keys, **{name: name for name in _SUMS})
