"""Payments that are not one customer's, or less than its invoices: parents that pay for others, credit notes deducted."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook.port import Cell

_NEAR_DAYS = 10
_MOST_PARENTS = 12
_LEAST_KEPT = 0.3

Rows = list[dict[str, Cell]]


@dataclass(frozen=True)
class Payment:
    """Money that came in, or (negative) went out. ``payer`` sent it; ``paid``: customer → invoice → what is settled of it,
    as staff would allocate it, with what the ``credits`` (credit note → amount) settle; ``meant``: what may be named.
    ``is_whole``: it pays invoices, each in full, and nothing else.
    """

    receipt_id: str
    payer: str
    day: dt.date
    currency: str
    amount: float
    reference: Cell
    paid: Mapping[str, Mapping[str, float]]
    meant: tuple[str, ...]
    credits: Mapping[str, float]
    is_whole: bool


def paid_by_parents(rng: random.Random, payments: Sequence[Payment], customers: Rows) -> list[Payment]:
    """Some customers become subsidiaries of others, in ``customers`` too, and the parents pay for both in one sum.

    The parent's limit grows by the subsidiary's, as it covers the group. Draws: the order in which parents are looked for.
    """
    row_of = {str(each["customer_id"]): each for each in customers}
    in_groups = {str(row["group_id"]) for row in customers if row["group_id"]}
    taken = in_groups | {customer for customer, row in row_of.items() if row["group_id"]}
    free = [at for at, each in enumerate(payments) if each.is_whole and each.payer in row_of]
    rng.shuffle(free)
    joined: dict[int, Payment] = {}
    gone: set[int] = set()
    for first in free:
        parent = payments[first]
        if len(joined) == _MOST_PARENTS or parent.payer in taken:
            continue
        second = next((at for at in free if _fits(parent, payments[at], taken)), None)
        if second is None:
            continue
        child = payments[second]
        taken |= {parent.payer, child.payer}
        joined[first] = replace(
            parent,
            day=max(parent.day, child.day),
            amount=round(parent.amount + child.amount, 3),
            paid={**parent.paid, **child.paid},
            meant=parent.meant + child.meant,
        )
        gone.add(second)
        _make_subsidiary(row_of[parent.payer], row_of[child.payer])
    return [joined.get(at, each) for at, each in enumerate(payments) if at not in gone]


def _fits(parent: Payment, child: Payment, taken: set[str]) -> bool:
    is_near = abs((parent.day - child.day).days) <= _NEAR_DAYS
    return is_near and child.is_whole and child.payer not in {parent.payer, *taken} and child.currency == parent.currency


def _make_subsidiary(parent: dict[str, Cell], child: dict[str, Cell]) -> None:
    child["group_id"] = parent["customer_id"]
    limits = parent["credit_limit"], child["credit_limit"]
    if all(isinstance(each, int | float) for each in limits):
        parent["credit_limit"] = sum(float(str(each)) for each in limits)
    child["credit_limit"] = None


def less_credit_notes(rng: random.Random, payments: Sequence[Payment], notes: Iterable[Mapping[str, Cell]]) -> list[Payment]:
    """Payers deduct credit notes that no invoice has used: their next payment of whole invoices is that much less.

    Half of them name the note. ``notes``: the rows of Invoices that may be deducted. Draws: which notes are named.
    """
    found = list(payments)
    used: set[int] = set()
    for note in sorted(notes, key=lambda each: str(each["invoice_id"])):
        amount, day = abs(float(str(note["amount"]))), note["invoice_date"]
        assert isinstance(day, dt.date)
        of_customer = [
            at
            for at, each in enumerate(found)
            if at not in used
            and (each.payer, each.currency) == (str(note["customer_id"]), note["currency"])
            and each.is_whole
            and each.day >= day
            and each.amount * (1 - _LEAST_KEPT) > amount
        ]
        if not of_customer:
            continue
        at = min(of_customer, key=lambda at: (found[at].day, found[at].receipt_id))
        used.add(at)
        credit_id = str(note["invoice_id"])
        is_named = rng.random() < 0.5
        found[at] = replace(
            found[at],
            amount=round(found[at].amount - amount, 3),
            credits={credit_id: amount},
            meant=found[at].meant + ((credit_id,) if is_named and found[at].meant else ()),
        )
    return found
