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
from workbook.sample.unusual_payments import Payment, Rows, less_credit_notes, paid_by_parents

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
    """``receipt_id``: the receipt that is recorded of the line, "" where it is not. ``paid``: customer → invoice → amount,
    as staff would allocate it, of the line and of the ``credits`` (credit notes) that the payer deducted; empty where the
    customer left it to them, who then may only pay ``meant`` ones. Without customers: it is no customer's.
    """

    customers: frozenset[str] = frozenset()
    receipt_id: str = ""
    paid: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    meant: frozenset[str] = frozenset()
    credits: frozenset[str] = frozenset()


def with_bank_statement(
    ledger: Mapping[str, Columns], *, seed: int, as_of: dt.date, days: int = 60, untyped_days: int = 30
) -> tuple[Mapping[str, Columns], Mapping[str, LineTruth]]:
    """The ledger with a BankStatement of so many days and without the receipts of the last ``untyped_days``; line → truth.

    Some of those not typed are paid by a parent, which the ledger then knows as one, or less a credit note. BankBalances
    move by what the lines move. Draws, from streams of their own: the unusual payments; then, payment by payment, how the
    payer writes the numbers, and how the bank the name.
    """
    customers = _rows(ledger["Customers"])
    untyped = _untyped(_rows(ledger["Receipts"]), as_of, untyped_days)
    payments = _payments(ledger, as_of, days)
    typed = [each for each in payments if each.receipt_id not in untyped]
    unusual = random.Random(f"{seed}:unusual payments")
    waiting = paid_by_parents(unusual, [each for each in payments if each.receipt_id in untyped], customers)
    waiting = less_credit_notes(unusual, waiting, _free_notes(ledger))

    rng = random.Random(f"{seed}:bank lines")
    names = {str(each["customer_id"]): str(each["name"]) for each in customers}
    tax_numbers = {str(each["invoice_id"]): str(each["tax_invoice_number"] or "") for each in _rows(ledger["Invoices"])}
    balances = _rows(ledger["BankBalances"])
    accounts = {str(each["currency"]): str(each["account"]) for each in balances}
    order = {each.receipt_id: at for at, each in enumerate(payments)}
    lines: Rows = []
    truth: dict[str, LineTruth] = {}
    for each in sorted([*typed, *waiting], key=lambda payment: order[payment.receipt_id]):
        line_id = f"L{len(lines) + 1:05d}"
        lines.append({
            "line_id": line_id, "account": accounts[each.currency], "booked_on": each.day, "currency": each.currency,
            "amount": each.amount, "counterparty": _name(rng, names[each.payer]), "reference": each.reference,
            "remittance": _text(rng, each.meant, tax_numbers),
        })  # fmt: skip
        is_typed = each.receipt_id not in untyped
        truth[line_id] = LineTruth(
            frozenset(each.paid) or frozenset({each.payer}), each.receipt_id if is_typed else "",
            {customer: of for customer, of in each.paid.items() if of}, frozenset(each.meant), frozenset(each.credits),
        )  # fmt: skip
        for credited in each.credits.values():
            _move(balances, each.currency, each.day, -credited)
    for counterparty, text, amount in _OTHERS:
        line_id = f"L{len(lines) + 1:05d}"
        lines.append({
            "line_id": line_id, "account": next(iter(accounts.values())), "booked_on": as_of, "amount": amount,
            "currency": next(iter(accounts)), "counterparty": counterparty, "reference": None, "remittance": text,
        })  # fmt: skip
        truth[line_id] = LineTruth()
        _move(balances, next(iter(accounts)), as_of, amount)
    kept = {
        "Customers": customers,
        "Receipts": [each for each in _rows(ledger["Receipts"]) if str(each["receipt_id"]) not in untyped],
        "Allocations": [each for each in _rows(ledger["Allocations"]) if str(each["receipt_id"]) not in untyped],
        "BankBalances": balances,
        "BankStatement": lines,
    }
    return {**ledger, **{name: _columns(rows) for name, rows in kept.items()}}, truth


def _payments(ledger: Mapping[str, Columns], as_of: dt.date, days: int) -> list[Payment]:
    """The receipts of the last days that pass through the bank, reversals and refunds negative, in their order."""
    paid: dict[str, dict[str, float]] = defaultdict(dict)
    for each in _rows(ledger["Allocations"]):
        paid[str(each["receipt_id"])][str(each["invoice_id"])] = _number(each["amount"])
    invoiced = {str(each["invoice_id"]): each["amount"] for each in _rows(ledger["Invoices"])}
    found: dict[str, Payment] = {}
    for each in _rows(ledger["Receipts"]):
        receipt_id, day, customer = str(each["receipt_id"]), each["receipt_date"], str(each["customer_id"])
        is_line = isinstance(day, dt.date) and (as_of - day).days < days and each["method"] in _BANKED and each["amount"]
        if not is_line or receipt_id in found:
            continue
        assert isinstance(day, dt.date)
        sign, pays = (1 if each["kind"] == "receipt" else -1), paid[receipt_id]
        is_all = bool(pays) and abs(sum(pays.values()) - _number(each["amount"])) < 0.005
        found[receipt_id] = Payment(
            receipt_id, customer, day, str(each["currency"]), sign * _number(each["amount"]), each["bank_reference"],
            {customer: pays}, tuple(str(each["remittance"] or "").split()), {},
            is_all and all(invoiced[invoice_id] == amount for invoice_id, amount in pays.items()),
        )  # fmt: skip
    return list(found.values())


def _free_notes(ledger: Mapping[str, Columns]) -> Rows:
    """Credit notes that name no invoice and that nothing names."""
    named = {str(each["receipt_id"]) for each in _rows(ledger["Allocations"])}
    named |= {str(each["related_id"]) for each in _rows(ledger["Receipts"]) if each["related_id"]}
    return [
        each
        for each in _rows(ledger["Invoices"])
        if each["kind"] == "credit_note" and not each["related_invoice_id"] and str(each["invoice_id"]) not in named
    ]


def _move(balances: Rows, currency: str, day: dt.date, amount: float) -> None:
    """What moved an account on a day is in its balances from then on."""
    for each in balances:
        first, last = each["from_date"], each["to_date"]
        assert isinstance(first, dt.date)
        assert isinstance(last, dt.date)
        for key, is_after in (("opening", first > day), ("closing", last >= day)):
            if each["currency"] == currency and is_after:
                each[key] = round(_number(each[key]) + amount, 3)


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
