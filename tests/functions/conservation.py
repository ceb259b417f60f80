"""What must hold of every result, whoever worked it out (RULES §§5, 6, 8, 11)."""

from __future__ import annotations

from collections import defaultdict

from tests import oracle
from tests.functions.verdicts import Results
from tests.ledgers import Case

_NOT_FROM_THE_SOURCE = {"discount", "write_off_reversed", "write_off", "opening_settled"}


def assert_all_money_is_accounted_for(results: Results, *cases: Case) -> None:
    """Nothing is settled twice, lost or shown twice; the two ways to the balance meet."""
    _invoices_are_open_plus_settled(results)
    _receipts_are_applied_plus_refunded_plus_unapplied(results)
    _buckets_and_unapplied_are_the_balance(results, *cases)
    _proposed_and_held_are_what_is_open(results)


def _invoices_are_open_plus_settled(results: Results) -> None:
    settled: dict[str, int] = defaultdict(int)
    for row in results.applications:
        settled[row["item_id"]] += row["amount_minor"]
        assert (row["amount_minor"] < 0) == (row["step"] == "write_off_reversed"), row
    by_invoice: dict[str, int] = defaultdict(int)
    for item in results.items:
        assert 0 <= item["settled_minor"] <= item["amount_minor"], item
        assert item["open_minor"] == item["amount_minor"] - item["settled_minor"], item
        assert item["settled_minor"] == settled.pop(item["item_id"], 0), item
        assert item["open_minor"] > 0 or not item["is_disputed"], item
        by_invoice[item["invoice_id"]] += item["amount_minor"]
    assert not settled, "something settles an item that is not there"
    invoices = {row["invoice_id"]: row["amount_minor"] for row in results.documents if row["kind"] != "credit_note"}
    assert by_invoice == invoices


def _receipts_are_applied_plus_refunded_plus_unapplied(results: Results) -> None:
    applied: dict[str, int] = defaultdict(int)
    recovered = reversed_ = 0
    for row in results.applications:
        if row["step"] not in _NOT_FROM_THE_SOURCE:
            applied[row["receipt_id"]] += row["amount_minor"]
        recovered += row["amount_minor"] if row["step"] == "recovery" else 0
        reversed_ -= row["amount_minor"] if row["step"] == "write_off_reversed" else 0
    assert recovered == reversed_
    told: dict[str, int] = defaultdict(int)
    for source in results.unapplied:
        assert source["unapplied_minor"] >= 0, source
        assert source["refunded_minor"] >= 0, source
        accounted_for = source["applied_minor"] + source["refunded_minor"] + source["unapplied_minor"]
        assert source["amount_minor"] == accounted_for, source
        # A receipt and a credit note may have one id.
        told[source["source_id"]] += source["applied_minor"]
    assert {key: total for key, total in told.items() if total} == dict(applied)


def _buckets_and_unapplied_are_the_balance(results: Results, *cases: Case) -> None:
    balances: dict[tuple[str, str], int] = {}
    for case in cases:
        balances |= oracle.position(case.tables, case.policy, case.as_of).balances
    open_minor: dict[tuple[str, str], int] = defaultdict(int)
    for item in results.items:
        open_minor[item["customer_id"], item["currency"]] += item["open_minor"]
    not_buckets = {"unapplied_minor", "balance_minor", "balance_base_minor", "overdue_minor"}
    for row in results.aging:
        account = row["customer_id"], row["currency"]
        buckets = sum(value for name, value in row.items() if name.endswith("_minor") and name not in not_buckets)
        assert buckets == open_minor.pop(account, 0), row
        assert row["unapplied_minor"] <= 0, row
        assert buckets + row["unapplied_minor"] == row["balance_minor"] == balances.pop(account, 0), row
    assert not any(open_minor.values())
    assert not any(balances.values())


def _proposed_and_held_are_what_is_open(results: Results) -> None:
    open_items = {row["item_id"]: row["open_minor"] for row in results.items if row["open_minor"] > 0}
    told = [(row["item_id"], row["amount_minor"]) for row in (*results.lines, *results.held)]
    assert len(told) == len(open_items)
    assert dict(told) == open_items
    lines: dict[str, int] = defaultdict(int)
    for line in results.lines:
        lines[line["message_id"]] += line["amount_minor"]
    assert lines == {message["message_id"]: message["total_minor"] for message in results.messages}
