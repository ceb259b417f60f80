"""Exposure, headroom and status by customer, in base currency (RULES §7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from functions.frames import NO_MINOR
from functions.ledger import Policy
from tests.oracle.calendar_days import is_filled
from tests.oracle.money import Rates, half_away
from tests.oracle.position import Position, position
from tests.oracle.rows import Issue, Row, Tables


@dataclass
class _Account:
    """One customer's amounts in base currency."""

    customer: Row
    group_id: str = ""
    limit: int | None = None
    guarantee: int = 0
    open_items: int = 0
    open_orders: int = 0
    bills: int = 0
    unapplied: int = 0
    overdue: int = 0
    max_days_overdue: int = 0
    max_undisputed_days_overdue: int = 0
    members: list[_Account] = field(default_factory=list)

    def exposure(self, policy: Policy) -> int:
        orders = self.open_orders if policy.orders_in_exposure else 0
        unapplied = self.unapplied if policy.unapplied_in_exposure else 0
        return self.open_items + self.bills + orders - unapplied

    def is_expired(self, as_of: int) -> bool:
        expires = self.customer["limit_expires_day"]
        return self.limit is not None and is_filled(expires) and as_of > expires


def credit(tables: Tables, policy: Policy, as_of: int) -> tuple[list[Row], list[Issue]]:
    """One row a customer; and what was wrong with limits, groups, bills and rates."""
    now = position(tables, policy, as_of)
    rates = Rates(tables, policy, as_of)
    accounts = {row["customer_id"]: _Account(row) for row in tables["customers"]}
    issues = _groups(accounts)
    issues += [
        ("orders", order["order_id"], "unknown_customer")
        for order in _open_orders(tables, as_of)
        if order["customer_id"] not in accounts
    ]
    for account in accounts.values():
        issues += _limits(account, rates, as_of)
        issues += _exposures(account, now, tables, rates)
    rows = []
    for account in accounts.values():
        head = accounts[account.group_id] if account.group_id else account
        rows.append(_row(account, head, policy, as_of))
    return rows, sorted(issues)


def _groups(accounts: dict[str, _Account]) -> list[Issue]:
    """Who belongs to whom. A head's own group is ignored: groups do not nest."""
    issues: list[Issue] = []
    named: dict[str, str] = {}
    for customer_id, account in accounts.items():
        group_id = account.customer["group_id"]
        if group_id and group_id not in accounts:
            issues.append(("customers", customer_id, "unknown_group"))
        elif group_id and group_id != customer_id:
            named[customer_id] = group_id
    for customer_id, group_id in named.items():
        if customer_id in named.values():
            issues.append(("customers", customer_id, "nested_group"))
            continue
        accounts[customer_id].group_id = group_id
        accounts[group_id].members.append(accounts[customer_id])
        if accounts[customer_id].customer["credit_limit_minor"] != NO_MINOR:
            issues.append(("customers", customer_id, "member_limit_ignored"))
    return issues


def _limits(account: _Account, rates: Rates, as_of: int) -> list[Issue]:
    """Limit and guarantee in base currency; without a rate they are nothing, and an issue where they would count."""
    currency = account.customer["currency"]
    limit, guarantee = account.customer["credit_limit_minor"], account.customer["guarantee_minor"]
    account.guarantee = rates.base_minor(guarantee, currency) or 0
    if limit != NO_MINOR:
        account.limit = rates.base_minor(limit, currency) or 0
    limit_counts = account.limit is not None and not account.group_id and not account.is_expired(as_of)
    if rates.knows(currency) or not (guarantee or (limit_counts and limit)):
        return []
    return [("customers", account.customer["customer_id"], "no_exchange_rate")]


def _exposures(account: _Account, now: Position, tables: Tables, rates: Rates) -> list[Issue]:
    customer_id = account.customer["customer_id"]
    issues: list[Issue] = []
    for item in now.items:
        if item["customer_id"] != customer_id or item["open_minor"] == 0:
            continue
        base = 0 if item["open_base_minor"] == NO_MINOR else item["open_base_minor"]
        account.open_items += base
        days = now.as_of - item["due_day"]
        if days > 0:
            account.overdue += base
            account.max_days_overdue = max(account.max_days_overdue, days)
            if not item["is_disputed"]:
                account.max_undisputed_days_overdue = max(account.max_undisputed_days_overdue, days)
    for row in now.unapplied:
        if row["customer_id"] == customer_id and row["unapplied_base_minor"] != NO_MINOR:
            account.unapplied += row["unapplied_base_minor"]
    for row in now.receipts:
        if row["customer_id"] != customer_id or row["method"] != "commercial_bill":
            continue
        if not is_filled(row["matures_day"]):
            issues.append(("receipts", row["receipt_id"], "no_maturity"))
        if not is_filled(row["matures_day"]) or row["matures_day"] > now.as_of:
            base = rates.base_minor(row["amount_minor"], row["currency"])
            account.bills += base or 0
            if base is None:
                issues.append(("receipts", row["receipt_id"], "no_exchange_rate"))
    for order in _open_orders(tables, now.as_of):
        if order["customer_id"] != customer_id:
            continue
        remaining = max(order["amount_minor"] - _invoiced(order, now), 0)
        base = rates.base_minor(remaining, order["currency"])
        account.open_orders += base or 0
        if base is None and remaining > 0:
            issues.append(("orders", order["order_id"], "no_exchange_rate"))
    return issues


def _open_orders(tables: Tables, as_of: int) -> list[Row]:
    return [
        row
        for row in tables.get("orders", [])
        if row["order_day"] <= as_of and not (is_filled(row["closed_day"]) and row["closed_day"] <= as_of)
    ]


def _invoiced(order: Row, now: Position) -> int:
    """The invoices that name the order, in its currency."""
    return sum(
        document["amount_minor"]
        for document in now.documents
        if document["order_id"] == order["order_id"]
        and document["currency"] == order["currency"]
        and document["kind"] != "credit_note"
    )


def _row(account: _Account, head: _Account, policy: Policy, as_of: int) -> Row:
    group = [head, *head.members]
    exposure = sum(each.exposure(policy) for each in group)
    limit = 0 if head.is_expired(as_of) else head.limit
    guarantee = sum(each.guarantee for each in group)
    cover = None if limit is None else limit + guarantee
    headroom = NO_MINOR if cover is None else cover - exposure
    return {
        "customer_id": account.customer["customer_id"],
        "group_id": head.customer["customer_id"] if head.members else "",
        "credit_limit_minor": NO_MINOR if limit is None else limit,
        "guarantee_minor": guarantee,
        "open_items_minor": account.open_items,
        "open_orders_minor": account.open_orders,
        "bills_minor": account.bills,
        "unapplied_minor": account.unapplied,
        "exposure_minor": account.exposure(policy),
        "group_exposure_minor": exposure,
        "headroom_minor": headroom,
        "utilisation_bp": half_away(Fraction(exposure * 10_000, cover)) if cover else NO_MINOR,
        "overdue_minor": account.overdue,
        "max_days_overdue": account.max_days_overdue,
        "status": _status(account, head, exposure, cover, policy, as_of),
    }


def _status(account: _Account, head: _Account, exposure: int, cover: int | None, policy: Policy, as_of: int) -> str:
    """The first that holds."""
    if account.customer["is_on_hold"]:
        return "on_hold"
    if head.is_expired(as_of):
        return "limit_expired"
    if cover is not None and exposure > cover:
        return "over_limit"
    if account.max_undisputed_days_overdue > policy.overdue_block_days:
        return "overdue_block"
    if cover is not None and cover > 0 and exposure * 100 >= policy.watch_percent * cover:
        return "watch"
    return "ok"
