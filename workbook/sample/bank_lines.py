"""A bank statement for a made-up ledger, with the truth of each line: what a test of matching is measured by.

The ledger is as it would be had staff not typed the receipts of the last weeks yet: those are taken out, with their
allocations, and stand on the statement only. Payers write what payers write: numbers without hyphens, within other words,
the tax invoice's instead, or nothing; banks cut names short and write them in either script.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbook.port import Cell, Columns
from workbook.sample.cells import table

_BANKED = ("bank_transfer", "cheque", "card")
_CHINESE = re.compile("[\u3400-\u9fff]+")
_LONGEST_NAME = 35
_STYLES = {"as_it_is": 45, "bare": 10, "spaced": 10, "within_words": 10, "tax_invoice": 5, "nothing": 20}
_NAMES = {"chinese": 45, "latin": 35, "cut": 10, "slip": 10}
_OTHERS = (
    ("Bank", "Monthly account fee", -25.0),
    ("Payroll", "Salaries of the month", -88_000.0),
    ("Bank", "Interest", 3.21),
)


@dataclass(frozen=True)
class LineTruth:
    """``receipt_id``: the receipt that is recorded of the line, "" where it is not. ``paid``: invoice → amount, as staff
    would allocate it; empty where the customer left it to them, who then may only pay ``meant`` ones. Without customer: it
    is no customer's.
    """

    customer_id: str = ""
    receipt_id: str = ""
    paid: Mapping[str, float] = field(default_factory=dict)
    meant: frozenset[str] = frozenset()


Rows = list[dict[str, Cell]]


def with_bank_statement(
    ledger: Mapping[str, Columns], *, seed: int, as_of: dt.date, days: int = 60, untyped_days: int = 30
) -> tuple[Mapping[str, Columns], Mapping[str, LineTruth]]:
    """The ledger with a BankStatement of so many days and without the receipts of the last ``untyped_days``; line → truth.

    Draws, from a stream of its own, receipt by receipt: how the payer writes the numbers, and how the bank the name.
    """
    rng = random.Random(f"{seed}:bank lines")
    receipts = _rows(ledger["Receipts"])
    names = {str(each["customer_id"]): str(each["name"]) for each in _rows(ledger["Customers"])}
    tax_numbers = {str(each["invoice_id"]): str(each["tax_invoice_number"] or "") for each in _rows(ledger["Invoices"])}
    accounts = {str(each["currency"]): str(each["account"]) for each in _rows(ledger["BankBalances"])}
    paid: dict[str, dict[str, float]] = defaultdict(dict)
    for each in _rows(ledger["Allocations"]):
        paid[str(each["receipt_id"])][str(each["invoice_id"])] = _number(each["amount"])
    untyped = _untyped(receipts, as_of, untyped_days)
    lines: Rows = []
    truth: dict[str, LineTruth] = {}
    seen: set[str] = set()
    for each in receipts:
        receipt_id, day = str(each["receipt_id"]), each["receipt_date"]
        is_line = isinstance(day, dt.date) and (as_of - day).days < days and each["method"] in _BANKED and each["amount"]
        if not is_line or receipt_id in seen:
            continue
        assert isinstance(day, dt.date)
        seen.add(receipt_id)
        customer, meant = str(each["customer_id"]), str(each["remittance"] or "").split()
        sign = 1 if each["kind"] == "receipt" else -1
        line_id = f"L{len(lines) + 1:05d}"
        lines.append({
            "line_id": line_id, "account": accounts[str(each["currency"])], "booked_on": day, "currency": each["currency"],
            "amount": sign * _number(each["amount"]), "counterparty": _name(rng, names[customer]),
            "reference": each["bank_reference"], "remittance": _text(rng, meant, tax_numbers),
        })  # fmt: skip
        is_typed = receipt_id not in untyped
        truth[line_id] = LineTruth(customer, receipt_id if is_typed else "", paid[receipt_id], frozenset(meant))
    for counterparty, text, amount in _OTHERS:
        line_id = f"L{len(lines) + 1:05d}"
        lines.append({
            "line_id": line_id, "account": next(iter(accounts.values())), "booked_on": as_of, "amount": amount,
            "currency": next(iter(accounts)), "counterparty": counterparty, "reference": None, "remittance": text,
        })  # fmt: skip
        truth[line_id] = LineTruth()
    kept = {
        "Receipts": [each for each in receipts if str(each["receipt_id"]) not in untyped],
        "Allocations": [each for each in _rows(ledger["Allocations"]) if str(each["receipt_id"]) not in untyped],
        "BankStatement": lines,
    }
    return {**ledger, **{name: _columns(rows) for name, rows in kept.items()}}, truth


def _untyped(receipts: Sequence[Mapping[str, Cell]], as_of: dt.date, days: int) -> set[str]:
    """Plain receipts of the last days that no other row names: those stand for themselves."""
    named = {str(each["related_id"]) for each in receipts if each["related_id"]}
    found = set()
    for each in receipts:
        day = each["receipt_date"]
        is_recent = isinstance(day, dt.date) and (as_of - day).days < days
        is_plain = each["kind"] == "receipt" and each["method"] in _BANKED and not each["is_held"] and each["amount"]
        if is_recent and is_plain and str(each["receipt_id"]) not in named:
            found.add(str(each["receipt_id"]))
    return found


def _text(rng: random.Random, invoices: Sequence[str], tax_numbers: Mapping[str, str]) -> str:
    style = rng.choices(list(_STYLES), list(_STYLES.values()))[0]
    if not invoices or style == "nothing":
        return "thank you"
    if style == "tax_invoice" and all(tax_numbers.get(each) for each in invoices):
        return " ".join(tax_numbers[each] for each in invoices)
    if style == "bare":
        return " ".join(each.replace("-", "") for each in invoices)
    if style == "spaced":
        return ", ".join(each.replace("-", " ").lower() for each in invoices)
    if style == "within_words":
        return "".join(f"付{each}货款" for each in invoices)
    return " ".join(invoices)


def _name(rng: random.Random, name: str) -> str:
    style = rng.choices(list(_NAMES), list(_NAMES.values()))[0]
    chinese = "".join(_CHINESE.findall(name))
    latin = " ".join(_CHINESE.sub(" ", name).split())
    if style == "chinese" and chinese:
        return chinese
    if style == "slip":
        at = rng.randrange(2, len(latin) - 2)
        return latin[:at] + latin[at + 1 :]
    return latin.upper()[: _LONGEST_NAME if style == "cut" else None]


def _rows(columns: Columns) -> Rows:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _columns(rows: Rows) -> Columns:
    header = tuple(rows[0])
    return table(header, [tuple(each[key] for key in header) for each in rows])


def _number(cell: Cell) -> float:
    assert isinstance(cell, int | float)
    return float(cell)
