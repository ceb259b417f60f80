"""What an engine and what the oracle make of a ledger, in one form that can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

from functions.aging import aging_by_customer
from functions.credit import credit_by_customer
from functions.dunning import propose_reminders
from functions.frames import NO_DAY
from functions.position import ledger_position
from tests import oracle
from tests.engines import Engine
from tests.ledgers import Case, ledger_on, rows_of
from tests.tables import Row

Bag = Counter[tuple[tuple[str, Any], ...]]
Verdict = Mapping[str, Bag]
"""Name of a result → its rows, each as often as it is there."""


@dataclass
class Results:
    """The rows of every result. Issues have table, key and code; only an engine gives their row, and the movements."""

    items: list[Row] = field(default_factory=list)
    applications: list[Row] = field(default_factory=list)
    unapplied: list[Row] = field(default_factory=list)
    documents: list[Row] = field(default_factory=list)
    receipts: list[Row] = field(default_factory=list)
    issues: list[Row] = field(default_factory=list)
    aging: list[Row] = field(default_factory=list)
    credit: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    held: list[Row] = field(default_factory=list)
    movements: list[Row] = field(default_factory=list)


_OF_POSITION = ("items", "applications", "unapplied", "documents", "receipts", "issues", "movements")
_OF_REMINDERS = ("messages", "lines", "held")


def by_engine(case: Case, engine: Engine, *wanted: str) -> Results:
    """What the rules say of the ledger on the engine; only the wanted results (all), since an engine takes its time."""
    wanted = wanted or tuple(each.name for each in fields(Results))
    ledger = ledger_on(case.tables, engine)
    position = ledger_position(ledger, policy=case.policy, as_of=case.as_of)
    results = Results()
    for name in set(_OF_POSITION).intersection(wanted):
        setattr(results, name, rows_of(getattr(position, name)))
    if "aging" in wanted:
        results.aging = rows_of(aging_by_customer(position, policy=case.policy))
    if "credit" in wanted:
        credit, issues = credit_by_customer(ledger, position, policy=case.policy)
        results.credit = rows_of(credit)
        results.issues = results.issues + rows_of(issues)
    if set(_OF_REMINDERS).intersection(wanted):
        prefix = f"{date(1970, 1, 1) + timedelta(days=case.as_of):%Y%m%d}"
        proposals = propose_reminders(ledger, position, policy=case.policy, message_prefix=prefix)
        results.messages, results.lines, results.held = map(rows_of, (proposals.messages, proposals.items, proposals.held))
    return results


def by_oracle(*cases: Case) -> Results:
    """What plain Python says of ledgers that know nothing of each other."""
    whole = Results()
    for case in cases:
        position = oracle.position(case.tables, case.policy, case.as_of)
        credit, credit_issues = oracle.credit(case.tables, case.policy, case.as_of)
        reminders = oracle.reminders(case.tables, case.policy, case.as_of)
        for name in ("items", "applications", "unapplied", "documents", "receipts"):
            getattr(whole, name).extend(getattr(position, name))
        for table, key, code in (*position.issues, *credit_issues):
            whole.issues.append({"table": table, "key": key, "code": code})
        whole.aging.extend(oracle.aging(case.tables, case.policy, case.as_of))
        whole.credit.extend(credit)
        whole.messages.extend(reminders.messages)
        whole.lines.extend(reminders.items)
        whole.held.extend(reminders.held)
    return whole


def verdict(results: Results, like: Results) -> Verdict:
    """In the columns of ``like``: those that the oracle knows, or all but the number of the row."""
    bags = {
        name: _bag(getattr(results, name), getattr(like, name))
        for name in ("unapplied", "documents", "receipts", "credit", "messages", "lines", "held")
    }
    # When a dispute began says nothing where there is none.
    items = [row if row["is_disputed"] else row | {"disputed_day": NO_DAY} for row in results.items]
    issues = {(row["table"], row["key"], row["code"]) for row in results.issues}
    return bags | {
        "items": _bag(items, like.items),
        "applications": _summed(results.applications),
        "aging": _bag([row for row in results.aging if _says_something(row)], like.aging),
        "issues": Counter((("issue", issue),) for issue in issues),
    }


def differences(left: Verdict, right: Verdict) -> dict[str, tuple[list[Row], list[Row]]]:
    """For each result that differs: the rows that only the left has, and those that only the right has."""
    return {
        name: ([dict(row) for row in left[name] - right[name]], [dict(row) for row in right[name] - left[name]])
        for name in left
        if left[name] != right[name]
    }


def _bag(rows: Iterable[Row], like: list[Row]) -> Bag:
    columns = sorted(set(like[0]) - {"row"}) if like else None
    return Counter(tuple((name, row[name]) for name in columns or sorted(row)) for row in rows)


def _summed(applications: list[Row]) -> Bag:
    """Who paid what, when: an engine may cut it finer than the oracle."""
    columns = ("receipt_id", "item_id", "invoice_id", "customer_id", "currency", "paid_day", "step")
    sums: Bag = Counter()
    for row in applications:
        sums[tuple((name, row[name]) for name in columns)] += row["amount_minor"]
    return Counter({(*key, ("amount_minor", amount)): 1 for key, amount in sums.items() if amount != 0})


def _says_something(row: Row) -> bool:
    """An account of nothing but blanks and zeros may be there or not."""
    return any(value != 0 for name, value in row.items() if name.endswith("_minor") and name != "balance_base_minor")
