"""The ledger that ``benchmarks.closing`` closes: most invoices paid, some in part, about a fifth open."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

from workbook.port import Cell, Columns

_TERMS = {"NET30": 30, "NET60": 60, "EOM": 15}
_DAYS = 400
_SHORT_SHARE = 0.2


def ledger_rows(*, invoices: int, receipts: int, customers: int, as_of: str, seed: int = 7) -> Mapping[str, Columns]:
    """Table → column → values. Customers pay some weeks after the due date, several invoices at a time; a fifth of them
    was short of something the last time.
    """
    draw = random.Random(seed)
    last = dt.date.fromisoformat(as_of)
    ids = [f"C{number:05d}" for number in range(customers)]
    currency = {customer: draw.choice(["CNY", "CNY", "CNY", "USD"]) for customer in ids}
    documents = [_invoice(draw, number, draw.choice(ids), currency, last) for number in range(invoices)]
    payments = _receipts(draw, documents, receipts, last)
    return {
        "Customers": _columns([_customer(draw, customer, currency[customer]) for customer in ids]),
        "Invoices": _columns([{key: cell for key, cell in each.items() if key != "paid_on"} for each in documents]),
        "Receipts": _columns(payments),
        "ExchangeRates": {"rate_date": [last - dt.timedelta(_DAYS)], "currency": ["USD"], "rate": [7.25]},
    }


def _customer(draw: random.Random, customer: str, currency: str) -> dict[str, Cell]:
    number = int(customer[1:])
    return {
        "customer_id": customer,
        "name": f"{draw.choice(['Harbour', '东方', 'Northern', '华新'])} {number} {draw.choice(['Trading', '有限公司'])}",
        "collector": f"K{number % 12:02d}",
        "contact_name": f"Contact {number}",
        "email": f"ap{number}@customer.example",
        "phone": f"+86 21 {number:08d}",
        "address": f"{number} Harbour Road",
        "language": draw.choice(["en", "zh-CN"]),
        "payment_terms": draw.choice([*_TERMS]),
        "currency": currency,
        "credit_limit": float(draw.randrange(200, 4_000) * 1_000),
    }


def _invoice(draw: random.Random, number: int, customer: str, currency: Mapping[str, str], last: dt.date) -> dict[str, Cell]:
    issued = last - dt.timedelta(draw.randrange(_DAYS))
    terms = draw.choice([*_TERMS])
    due = issued + dt.timedelta(_TERMS[terms])
    paid = due + dt.timedelta(draw.randrange(-5, 70))
    amount = draw.randrange(1_000, 9_000_000) / 100
    is_open = paid > last
    return {
        "invoice_id": f"INV-2024-{number:07d}",
        "customer_id": customer,
        "kind": "invoice",
        "purchase_order": f"PO-{draw.randrange(30_000)}",
        "invoice_date": issued,
        "payment_terms": terms,
        "due_date": issued + dt.timedelta(30) if draw.random() < 0.5 else None,
        "currency": currency[customer],
        "amount": amount,
        "tax": round(amount * 0.13, 2),
        "is_disputed": is_open and draw.random() < 0.05,
        "notes": f"货到 {draw.randrange(90)} 天" if draw.random() < 0.2 else None,
        "paid_on": None if is_open else paid,
    }


def _receipts(
    draw: random.Random, documents: Sequence[Mapping[str, Cell]], count: int, last: dt.date
) -> list[dict[str, Cell]]:
    """As many receipts as asked, as far as there are paid invoices; each pays those since the customer's last."""
    of_customer: dict[str, list[Mapping[str, Cell]]] = defaultdict(list)
    paid = [each for each in documents if each["paid_on"] is not None]
    for each in sorted(paid, key=lambda each: (str(each["paid_on"]), each["invoice_id"])):
        of_customer[str(each["customer_id"])].append(each)
    # A customer's last paid invoice ends a receipt, and as many of the others as it takes.
    others = [(customer, at) for customer, own in of_customer.items() for at in range(len(own) - 1)]
    ends = set(draw.sample(others, max(0, min(len(others), count - len(of_customer)))))
    found: list[dict[str, Cell]] = []
    for customer, own in of_customer.items():
        is_short, cents = draw.random() < _SHORT_SHARE, 0
        for at, each in enumerate(own):
            cents += round(float(str(each["amount"])) * 100)
            is_last = at == len(own) - 1
            if is_last or (customer, at) in ends:
                taken = cents * 6 // 10 if is_last and is_short else cents
                found.append(_receipt(draw, len(found), each, taken))
                cents = 0
    return found


def _receipt(draw: random.Random, number: int, settles: Mapping[str, Cell], cents: int) -> dict[str, Cell]:
    return {
        "receipt_id": f"R-{number:07d}",
        "customer_id": settles["customer_id"],
        "kind": "receipt",
        "receipt_date": settles["paid_on"],
        "currency": settles["currency"],
        "amount": cents / 100,
        "method": draw.choice(["bank_transfer", "bank_transfer", "cheque", "card"]),
        "bank_reference": f"B{draw.randrange(10**9):09d}",
        "remittance": str(settles["invoice_id"]),
    }


def _columns(rows: Sequence[Mapping[str, Cell]]) -> Columns:
    return {key: [row[key] for row in rows] for key in rows[0]}
