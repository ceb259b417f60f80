"""Aging: how late what is owed is, by customer and currency (RULES §6)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

import narwhals as nw

from functions.frames import NO_MINOR, Frame, flag, integer, stack, text
from functions.ledger import Policy, Position


def bucket_codes(edges: Sequence[int]) -> tuple[str, ...]:
    """(0, 30, 60) → ("not_due", "d1_30", "d31_60", "over_60"). An edge belongs to the younger bucket."""
    between = [f"d{low + 1}_{high}" for low, high in pairwise(edges)]
    return ("not_due", *between, f"over_{edges[-1]}")


def bucket_of(days: nw.Expr, edges: Sequence[int]) -> nw.Expr:
    """The bucket code of days overdue; negative days have yet to run, and are not due."""
    *codes, oldest = bucket_codes(edges)
    code: nw.Expr = text(oldest)
    for edge, name in reversed(list(zip(edges, codes, strict=True))):
        code = nw.when(days <= edge).then(text(name)).otherwise(code)
    return code


def days_overdue_on(due_day: int, *, as_of: int) -> int:
    """Days from the due day to ``as_of``; negative: days still to run."""
    return as_of - due_day


def bucket_of_days(days: int, edges: Sequence[int]) -> str:
    """The bucket code of one number of days overdue, as ``bucket_of``."""
    return bucket_codes(edges)[bisect_left(edges, days)]


def aged_items(position: Position, *, policy: Policy) -> Frame:
    """The open items with days_overdue (from the due date; D − due date) and bucket (by the policy's basis)."""
    return aged(position.items, policy=policy, as_of=position.as_of)


def aged(items: Frame, *, policy: Policy, as_of: int) -> Frame:
    """Those of the items with anything open, as ``aged_items``; ``items`` have invoice_day, due_day, open_minor."""
    basis = "invoice_day" if policy.aging_basis == "invoice_date" else "due_day"
    aged = items.filter(nw.col("open_minor") > 0).with_columns(
        days_overdue=integer(as_of) - nw.col("due_day"), _age=integer(as_of) - nw.col(basis)
    )
    return aged.with_columns(bucket=bucket_of(nw.col("_age"), policy.bucket_edges)).drop("_age")


def aging_by_customer(position: Position, *, policy: Policy) -> Frame:
    """One row a customer and currency with anything open or unapplied.

    customer_id, currency, one ``<bucket>_minor`` a bucket, unapplied_minor (≤ 0), balance_minor (their sum),
    balance_base_minor (NO_MINOR when a row of it has no rate), overdue_minor and oldest_days (by due date; 0 when nothing is
    overdue), open_items.
    """
    codes = bucket_codes(policy.bucket_edges)
    buckets = [f"{code}_minor" for code in codes]
    zero = integer(0)
    items = aged_items(position, policy=policy)
    is_late = nw.col("days_overdue") > 0
    items = items.with_columns(
        **{f"{code}_minor": nw.when(nw.col("bucket") == code).then(nw.col("open_minor")).otherwise(zero) for code in codes},
        unapplied_minor=zero,
        base_minor=nw.col("open_base_minor"),
        overdue_minor=nw.when(is_late).then(nw.col("open_minor")).otherwise(zero),
        oldest_days=nw.when(is_late).then(nw.col("days_overdue")).otherwise(zero),
        open_items=integer(1),
    )
    unapplied = position.unapplied.filter(nw.col("unapplied_minor") != 0).with_columns(
        **dict.fromkeys(buckets, zero),
        unapplied_minor=-nw.col("unapplied_minor"),
        base_minor=nw.when(nw.col("unapplied_base_minor") == NO_MINOR)
        .then(integer(NO_MINOR))
        .otherwise(-nw.col("unapplied_base_minor")),
        overdue_minor=zero,
        oldest_days=zero,
        open_items=zero,
    )
    sums = [*buckets, "unapplied_minor", "balance_base_minor", "overdue_minor", "open_items", "without_rate"]
    rows = stack(
        [items, unapplied],
        ["customer_id", "currency", *buckets, "unapplied_minor", "base_minor", "overdue_minor", "oldest_days", "open_items"],
    )
    has_no_rate = nw.col("base_minor") == NO_MINOR
    rows = rows.with_columns(
        balance_base_minor=nw.when(has_no_rate).then(zero).otherwise(nw.col("base_minor")), without_rate=flag(has_no_rate)
    )
    aging = rows.group_by("customer_id", "currency").agg(
        **{name: nw.col(name).sum() for name in sums}, oldest_days=nw.col("oldest_days").max()
    )
    aging = aging.with_columns(nw.col(*sums, "oldest_days").cast(nw.Int64))
    return aging.with_columns(
        balance_minor=nw.sum_horizontal(*buckets, "unapplied_minor").cast(nw.Int64),
        balance_base_minor=nw.when(nw.col("without_rate") > 0)
        .then(integer(NO_MINOR))
        .otherwise(nw.col("balance_base_minor")),
    ).drop("without_rate")
