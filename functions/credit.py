"""Credit control: limit, headroom and status of every customer as of a day (RULES §7)."""

from __future__ import annotations

import narwhals as nw

from functions.exchange import rates_at, with_base
from functions.exposure import exposure_by_customer
from functions.findings import all_findings, findings, first_fault
from functions.frames import NO_MINOR, Frame, has_day, has_minor, integer, left_join, materialise, sum_by
from functions.groups import effective_groups
from functions.ledger import Ledger, Policy, Position

CREDIT = (
    "customer_id", "group_id", "credit_limit_minor", "guarantee_minor", "open_items_minor", "open_orders_minor",
    "bills_minor", "unapplied_minor", "exposure_minor", "group_exposure_minor", "headroom_minor", "utilisation_bp",
    "overdue_minor", "max_days_overdue", "status",
)  # fmt: skip

STATUSES = ("on_hold", "limit_expired", "over_limit", "overdue_block", "watch", "ok")
"""In order: a customer's status is the first that holds."""


def credit_by_customer(ledger: Ledger, position: Position, *, policy: Policy) -> tuple[Frame, Frame]:
    """One row for every customer with the columns of ``CREDIT``, and the findings (table, row, key, field, code).

    Amounts are minor units of the base currency, int64, each total under 2^55. Headroom = limit + guarantee − exposure,
    utilisation = exposure ÷ (limit + guarantee) in basis points, half away from zero. A blank limit is unlimited:
    limit, headroom and utilisation are NO_MINOR; it does not expire. An expired limit counts as 0. A group has its head's
    limit (and expiry), the sum of its members' guarantees and of their exposure (``group_exposure_minor``), and every
    member shows these; ``group_id`` is the head's, blank for who is alone. Holds and overdue items are each customer's
    own. A breach is strict: exposure equal to the limit is allowed.
    """
    credit, issues = standing_by_customer(ledger, position, policy=policy)
    credit = _with_utilisation(credit)
    credit = credit.with_columns(
        credit_limit_minor=_where_limited(nw.col("limit_minor")),
        headroom_minor=_where_limited(nw.col("covered_minor") - nw.col("group_exposure_minor")),
        status=first_fault(status_holds(policy)),
    )
    return credit.select(*CREDIT), issues


def standing_by_customer(ledger: Ledger, position: Position, *, policy: Policy) -> tuple[Frame, Frame]:
    """What headroom and status come from, one row for every customer, and the findings.

    The columns of ``exposure_by_customer`` and customer_id, group_id, head_id, is_on_hold, is_limited, is_expired,
    limit_minor, guarantee_minor and group_exposure_minor (all three as ``credit_by_customer`` shows them), covered_minor
    (limit + guarantee; 0 where there is no limit).
    """
    as_of = position.as_of
    rates = rates_at(ledger.exchange_rates, base_currency=policy.base_currency, as_of=as_of)
    groups, group_issues = effective_groups(ledger.customers)
    exposure, exposure_issues = exposure_by_customer(ledger, position, rates=rates, policy=policy)
    limits, limit_issues = _own_limits(ledger.customers, groups, rates, as_of)
    own = materialise(exposure.join(limits, on="customer_id", how="inner"))

    totals = sum_by(own, ["head_id"], group_exposure_minor="exposure_minor", guarantee_minor="own_guarantee_minor")
    of_head = {"limit_minor": "own_limit_minor", "is_limited": "has_limit", "is_expired": "has_expired"}
    heads = own.select(head_id="customer_id", **of_head)
    credit = left_join(own, totals, "head_id", {"group_exposure_minor": 0, "guarantee_minor": 0})
    credit = left_join(credit, heads, "head_id", {"limit_minor": 0, "is_limited": False, "is_expired": False})
    # What may be owed; 0 where there is no limit, so that no product of a blank overflows.
    covered = nw.when(nw.col("is_limited")).then(nw.col("limit_minor") + nw.col("guarantee_minor")).otherwise(integer(0))
    return credit.with_columns(covered_minor=covered), all_findings([group_issues, limit_issues, exposure_issues])


def _own_limits(customers: Frame, groups: Frame, rates: Frame, as_of: int) -> tuple[Frame, Frame]:
    """Each customer's own limit in force and guarantee in base currency, 0 where blank, expired or without a rate."""
    customers = customers.select(
        "row", "customer_id", "currency", "credit_limit_minor", "limit_expires_day", "guarantee_minor", "is_on_hold"
    ).join(groups, on="customer_id", how="inner")
    has_expired = has_minor("credit_limit_minor") & has_day("limit_expires_day") & (nw.col("limit_expires_day") < as_of)
    customers = customers.with_columns(has_limit=has_minor("credit_limit_minor"), has_expired=has_expired)
    counts = nw.col("has_limit") & ~nw.col("has_expired") & ~nw.col("is_member")
    customers = customers.with_columns(
        limit=nw.when(counts).then(nw.col("credit_limit_minor")).otherwise(integer(0)),
        guarantee=nw.when(has_minor("guarantee_minor")).then(nw.col("guarantee_minor")).otherwise(integer(0)),
    )
    customers = with_base(customers, rates, of="limit", name="own_limit_minor")
    customers = with_base(customers, rates, of="guarantee", name="own_guarantee_minor")
    has_rate, has_amount = has_minor("own_limit_minor"), (nw.col("limit") != 0) | (nw.col("guarantee") != 0)
    customers = customers.with_columns(
        # Without a rate nothing is granted: never taken as unlimited.
        own_limit_minor=nw.when(has_rate).then(nw.col("own_limit_minor")).otherwise(integer(0)),
        own_guarantee_minor=nw.when(has_rate).then(nw.col("own_guarantee_minor")).otherwise(integer(0)),
        code=first_fault({"no_exchange_rate": has_amount & ~has_rate}),
    )
    customers = materialise(customers)
    issues = findings(customers, table="customers", key="customer_id", fields={"no_exchange_rate": "currency"})
    columns = ("group_id", "head_id", "is_on_hold", "has_limit", "has_expired", "own_limit_minor", "own_guarantee_minor")
    return customers.select("customer_id", *columns), issues


def _with_utilisation(credit: Frame) -> Frame:
    """Adds utilisation_bp. A long division of two digits a step, as the whole product could leave int64."""
    covered, used = nw.col("covered_minor"), nw.col("group_exposure_minor")
    credit = credit.with_columns(_by=nw.when(covered > 0).then(covered).otherwise(integer(1)), _size=used.abs())
    credit = credit.with_columns(_whole=(nw.col("_size") // nw.col("_by")).cast(nw.Int64))
    credit = credit.with_columns(_rest=(nw.col("_size") - nw.col("_whole") * nw.col("_by")) * 100)
    credit = credit.with_columns(_percent=(nw.col("_rest") // nw.col("_by")).cast(nw.Int64))
    credit = credit.with_columns(_rest=(nw.col("_rest") - nw.col("_percent") * nw.col("_by")) * 200 + nw.col("_by"))
    credit = credit.with_columns(_points=(nw.col("_rest") // (nw.col("_by") * 2)).cast(nw.Int64))
    size = nw.col("_whole") * 10_000 + nw.col("_percent") * 100 + nw.col("_points")
    signed = nw.when(used < 0).then(-size).otherwise(size)
    points = nw.when(covered > 0).then(signed).otherwise(integer(NO_MINOR))
    return credit.with_columns(utilisation_bp=points).drop("_by", "_size", "_whole", "_rest", "_percent", "_points")


def _where_limited(amount: nw.Expr) -> nw.Expr:
    return nw.when(nw.col("is_limited")).then(amount).otherwise(integer(NO_MINOR))


def status_holds(policy: Policy) -> dict[str, nw.Expr]:
    """Status → whether it fits a row of ``standing_by_customer``, in the order of ``STATUSES``."""
    covered, used = nw.col("covered_minor"), nw.col("group_exposure_minor")
    holds = {
        "on_hold": nw.col("is_on_hold"),
        "limit_expired": nw.col("is_expired"),
        "over_limit": nw.col("is_limited") & (used > covered),
        "overdue_block": nw.col("undisputed_days_overdue") > policy.overdue_block_days,
        "watch": (covered > 0) & (used * 100 >= covered * policy.watch_percent),
        "ok": nw.lit(True),
    }
    return {status: holds[status] for status in STATUSES}


def headroom_of(credit_limit_minor: int | None, exposure_minor: int, guarantee_minor: int = 0) -> int | None:
    """Limit + guarantee − exposure; nothing where there is no limit. One customer's ``headroom_minor``."""
    return None if credit_limit_minor is None else credit_limit_minor + guarantee_minor - exposure_minor


def status_of(
    credit_limit_minor: int | None,
    exposure_minor: int,
    guarantee_minor: int = 0,
    *,
    days_overdue: int = 0,
    is_on_hold: bool = False,
    has_expired: bool = False,
    policy: Policy,
) -> str:
    """One customer's ``status``. days_overdue: of the undisputed item longest overdue. An expired limit counts as 0."""
    is_expired = has_expired and credit_limit_minor is not None
    covered = None if credit_limit_minor is None else (0 if is_expired else credit_limit_minor) + guarantee_minor
    holds = {
        "on_hold": is_on_hold,
        "limit_expired": is_expired,
        "over_limit": covered is not None and exposure_minor > covered,
        "overdue_block": days_overdue > policy.overdue_block_days,
        "watch": covered is not None and covered > 0 and exposure_minor * 100 >= covered * policy.watch_percent,
        "ok": True,
    }
    return next(status for status in STATUSES if holds[status])
