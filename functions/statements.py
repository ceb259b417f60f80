"""Statements of account: what a customer was told it owed before, what happened since, what it owes now (RULES §11)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import narwhals as nw

from functions.aging import aged
from functions.frames import (
    NO_DAY,
    Frame,
    integer,
    left_join,
    materialise,
    running_total,
    stack,
    sum_by,
    text,
)
from functions.ledger import Ledger, Policy, Position
from functions.movements import ACCOUNT, EVENT, moved_between
from functions.position import BeforeLedger, ledger_position
from functions.write_offs import TOLD_REASON, write_offs_by_reason

STATEMENT = ("customer_id", "currency", "opening_minor", "closing_minor", "lines")
LINE = ("customer_id", "currency", "line", "day", "kind", "reference_id", "amount_minor", "balance_minor")
STATEMENT_ITEM = (
    "customer_id", "currency", "item_id", "invoice_id", "kind", "invoice_day", "due_day", "amount_minor", "open_minor",
    "is_disputed", "days_overdue", "bucket",
)  # fmt: skip

KIND_ORDER = (
    "invoice", "debit_note", "interest_note", "opening_settled", "credit_note", "receipt", "reversal", "refund", "discount",
    "write_off", "recovery",
)  # fmt: skip
"""The order of the lines of one day."""

_ACCOUNT, _EVENT = ACCOUNT, EVENT


class EmptyPeriod(ValueError):
    """A statement that ends before it begins."""

    def __init__(self, from_day: int, to_day: int) -> None:
        super().__init__(f"a statement from day {from_day} to day {to_day}")


@dataclass(frozen=True)
class Statements:
    """statements: one row a customer and currency that ever had a movement: opening_minor, closing_minor, lines (how many).

    lines: every movement of the period, numbered from 1 in each statement: day, kind (one of ``KIND_ORDER``), reference_id
    (of the document, receipt, write-off or item), amount_minor (what it adds to the balance), balance_minor (after it).
    items: what is open at the end; unapplied: what of receipts and credit notes is not used then (the columns of the
    position). Σ open − Σ unapplied of an account is its closing. Minor units of the statement's currency.
    buckets: customer_id, currency, bucket, open_minor: the items by age, as the customer sees them.
    not_told: customer_id, currency, not_told_minor: by how much the closing is above the ledger's balance.
    owed_before: customer_id, currency, owed_minor: what was open less what was unapplied on the day before the first, told
    likewise. It must be the opening, which comes from the movements.
    """

    statements: Frame = field(repr=False)
    lines: Frame = field(repr=False)
    items: Frame = field(repr=False)
    unapplied: Frame = field(repr=False)
    buckets: Frame = field(repr=False)
    not_told: Frame = field(repr=False)
    owed_before: Frame = field(repr=False)


def statements(ledger: Ledger, *, policy: Policy, from_day: int, to_day: int, closing: Position | None = None) -> Statements:
    """The statement of every customer and currency from ``from_day`` to ``to_day``, both included.

    The opening is the balance at the end of the day before, as it was then; the closing that at the end of ``to_day``. Each
    movement stands on the day on which it took effect. A receipt that bounces stays, and its reversal is a movement of its
    own day; what the bounce undoes besides (a discount taken, say) follows on that day. Of write-offs only concessions are
    told to the customer: without the others and what was recovered of them, balances are the ledger's plus what stays
    written off. ``closing`` is the position as of ``to_day``, where the caller has it already.

    Raises EmptyPeriod, and BeforeLedger when the period begins before the ledger.
    """
    if to_day < from_day:
        raise EmptyPeriod(from_day, to_day)
    if from_day < policy.ledger_starts_day:
        raise BeforeLedger(from_day, policy.ledger_starts_day)
    # The day before the ledger's first is asked for its balance alone, which is what the opening settlements leave.
    before = ledger_position(ledger, policy=replace(policy, ledger_starts_day=NO_DAY), as_of=from_day - 1)
    after = closing or ledger_position(ledger, policy=policy, as_of=to_day)
    write_offs = materialise(write_offs_by_reason(ledger, after))
    written_off_before = materialise(write_offs_by_reason(ledger, before))
    told_before = told_movements(before, written_off_before)
    told_after = materialise(told_movements(after, write_offs))
    opening = sum_by(told_before, _ACCOUNT, opening_minor="amount_minor")
    lines = materialise(_lines(told_after, told_before, opening, from_day))
    hidden, hidden_before = (each.filter(nw.col("reason") != TOLD_REASON) for each in (write_offs, written_off_before))
    items = materialise(aged(_items(after, hidden), policy=policy, as_of=to_day).select(*STATEMENT_ITEM))
    return Statements(
        statements=materialise(_statements(told_after, opening, lines)),
        lines=lines.select(*LINE),
        items=items,
        unapplied=after.unapplied.filter(nw.col("unapplied_minor") > 0),
        buckets=sum_by(items, [*_ACCOUNT, "bucket"], open_minor="open_minor"),
        not_told=sum_by(hidden, _ACCOUNT, not_told_minor="amount_minor"),
        owed_before=materialise(_owed(before, hidden_before)),
    )


def told_movements(position: Position, write_offs: Frame) -> Frame:
    """The position's movements as the customer is told of them; ``write_offs`` are those of ``write_offs_by_reason``.

    customer_id, currency, day, kind, reference_id, amount_minor: one row an event. Of the write-offs the concessions, and
    what was recovered of them, under the write-off's id.
    """
    own = position.movements.filter(~nw.col("kind").is_in(["write_off", "recovery"]))
    told = write_offs.filter(nw.col("reason") == TOLD_REASON)
    kind = nw.when(nw.col("is_recovery") == 1).then(text("recovery")).otherwise(text("write_off"))
    told = told.with_columns(kind=kind, reference_id=nw.col("write_off_id"), amount_minor=-nw.col("amount_minor"))
    return sum_by(stack([own, told], [*_EVENT, "amount_minor"]), _EVENT, amount_minor="amount_minor")


def _lines(after: Frame, before: Frame, opening: Frame, from_day: int) -> Frame:
    """The movements of the period, in order, with the running balance."""
    moved = moved_between(before, after, from_day=from_day)
    moved = moved.with_columns(_one=integer(1), kind_order=_kind_order())
    moved = left_join(moved, opening, _ACCOUNT, {"opening_minor": 0})
    order = ["day", "kind_order", "reference_id", "event_day"]
    moved = running_total(moved, "line", of="_one", within=_ACCOUNT, order=order)
    moved = running_total(moved, "balance_minor", of="amount_minor", within=_ACCOUNT, order=order)
    return moved.with_columns(balance_minor=nw.col("opening_minor") + nw.col("balance_minor"))


def _kind_order() -> nw.Expr:
    order = integer(len(KIND_ORDER))
    for place, kind in enumerate(KIND_ORDER):
        order = nw.when(nw.col("kind") == kind).then(integer(place)).otherwise(order)
    return order


def _statements(told: Frame, opening: Frame, lines: Frame) -> Frame:
    accounts = sum_by(told, _ACCOUNT, closing_minor="amount_minor")
    # An account whose only receipt bounced has movements in both, or in neither.
    counts = lines.group_by(*_ACCOUNT).agg(lines=nw.col("line").max())
    accounts = left_join(accounts, opening, _ACCOUNT, {"opening_minor": 0})
    return left_join(accounts, counts, _ACCOUNT, {"lines": 0}).select(*STATEMENT)


def _items(position: Position, hidden: Frame) -> Frame:
    """The open items, with what was written off of them without a word still open."""
    kept = sum_by(hidden, ["item_id"], kept_minor="amount_minor")
    items = left_join(position.items, kept, "item_id", {"kept_minor": 0})
    items = items.with_columns(open_minor=nw.col("open_minor") + nw.col("kept_minor"))
    return items.filter(nw.col("open_minor") > 0)


def _owed(position: Position, hidden: Frame) -> Frame:
    """What is open less what is unapplied, without who paid when."""
    owed = [
        _items(position, hidden).select(*_ACCOUNT, minor="open_minor"),
        position.unapplied.select(*_ACCOUNT, minor=-nw.col("unapplied_minor")),
    ]
    return sum_by(stack(owed, [*_ACCOUNT, "minor"]), _ACCOUNT, owed_minor="minor")
