"""A ledger in which every text and every amount is one customer's alone, so that each can be searched for in a file.

``secrets_of`` tells what only a customer's own file may hold; ``foreign_in`` looks into a file: into every part of a package
and of an e-mail, whatever is packed within what.
"""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import html
import io
import random
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from lxml import etree

from functions.money import to_major_text
from workbook.port import Cell, Columns
from workbook.schema import TABLES
from workbook.table import Kind

AS_OF = dt.date(2024, 4, 30)
_LETTERS = "BCDFGHKLMNPQRSTVWXZ"
_CHARACTERS = "衡澜翊骏曦芮琛瑞霖岚泓钧"
_CURRENCIES = ("USD", "EUR", "JPY")
_RATES: Columns = {"rate_date": [dt.date(2023, 1, 1)] * 2, "currency": ["EUR", "JPY"], "rate": [1.1, 0.0071]}
_INTEREST: Columns = {
    "from_date": [dt.date(2023, 1, 1)] * 3, "currency": list(_CURRENCIES), "annual_rate": [0.0731, 0.0817, 0.0613],
}  # fmt: skip
_DAYS = 300
_CHANNELS = ("email", "letter", "")
_LENGTH, _CHINESE_LENGTH, _FEWEST_DIGITS = 7, 5, 5
_RUNS = {_LENGTH: re.compile(f"[{_LETTERS}]{{{_LENGTH},}}"),
         _CHINESE_LENGTH: re.compile(f"[{_CHARACTERS}]{{{_CHINESE_LENGTH},}}")}  # fmt: skip
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


class _Making:
    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self._used: set[str] = set()
        self.rows: dict[str, list[dict[str, Cell]]] = defaultdict(list)

    def word(self, letters: str = _LETTERS, length: int = _LENGTH) -> str:
        """A text that stands nowhere else, nor within another."""
        while True:
            made = "".join(self.draw.choices(letters, k=length))
            if made not in self._used:
                self._used.add(made)
                return made

    def amount(self, currency: str) -> float:
        """Of seven digits and more, and no other amount of the ledger."""
        while True:
            minor = self.draw.randrange(1_234_567, 98_765_432)
            if str(minor) not in self._used:
                self._used.add(str(minor))
                return float(minor) if currency == "JPY" else minor / 100

    def day(self, first: int = 0, last: int = _DAYS) -> dt.date:
        return AS_OF - dt.timedelta(self.draw.randrange(first, last))

    def customer(self, number: int, some_invoice: str) -> str:
        """A customer's rows in every table; by a slip one contact and its note name ``some_invoice`` of another.

        Returns an invoice of its own.
        """
        draw, word = self.draw, self.word
        customer, currency = f"K{word()}", draw.choice(_CURRENCIES)
        language = draw.choice(["en", "zh-CN", ""])
        name = f"{word()} & Sons" if language != "zh-CN" else f"{word(_CHARACTERS, _CHINESE_LENGTH)}贸易公司"
        contract, order, plan = f"K-{word()}", f"O-{word()}", f"P-{word()}"
        own = {"customer_id": customer}
        self.rows["Customers"].append({
            **own, "name": name, "tax_id": f"T{word()}", "contact_name": f"{word()} <{word()}>",
            "email": f"{word().lower()}@{word().lower()}.example",
            "phone": f"+86 21 {draw.randrange(10**7, 10**8)}", "address": f"{word()} Road\n{word()}", "language": language,
            "payment_terms": "NET30", "currency": currency, "channel": draw.choice(_CHANNELS),
            "credit_limit": self.amount(currency), "guarantee": self.amount(currency), "notes": f"note {word()}",
        })  # fmt: skip
        self.rows["Contracts"].append({
            "contract_id": contract, **own, "signed_on": self.day(200), "title": f"title {word()}",
            "amount": self.amount(currency), "currency": currency,
        })  # fmt: skip
        self.rows["Orders"].append({
            "order_id": order, **own, "order_date": self.day(200), "currency": currency, "amount": self.amount(currency),
        })  # fmt: skip
        invoices = []
        for place in range(draw.randrange(3, 7)):
            invoice, day = f"I-{word()}", self.day(0 if place else 60)
            invoices.append(invoice)
            self.rows["Invoices"].append({
                "invoice_id": invoice, **own, "contract_id": contract if place == 0 else None,
                "order_id": order if place == 1 else None, "purchase_order": f"PO-{word()}", "invoice_date": day,
                "currency": currency, "amount": self.amount(currency), "tax_invoice_number": f"F{word()}",
                "is_disputed": place == 2, "disputed_on": day if place == 2 else None,
                "dispute_reason": f"because {word()}" if place == 2 else None, "notes": f"remark {word()}",
            })  # fmt: skip
        for _ in range(draw.randrange(3)):
            self.rows["Receipts"].append({
                "receipt_id": f"R-{word()}", **own, "receipt_date": self.day(), "currency": currency,
                "amount": self.amount(currency), "bank_reference": f"B-{word()}", "remittance": f"for {word()}",
                "notes": f"said {word()}",
            })  # fmt: skip
        for invoice, text in ((invoices[0], "call"), (some_invoice, "slip")):
            is_promise = number % 4 == 1 and text == "call"
            self.rows["Activities"].append({
                "activity_id": f"A-{word()}", "activity_date": self.day(), **own, "invoice_id": invoice or None,
                "channel": "phone", "outcome": "promised" if is_promise else "reached",
                "promise_date": AS_OF - dt.timedelta(90) if is_promise else None,
                "promise_amount": self.amount(currency) if text == "call" else None,
                "notes": f"{text} {word() if text == 'call' else some_invoice}",
            })  # fmt: skip
        self.rows["WriteOffs"].append({
            "write_off_id": f"W-{word()}", "invoice_id": invoices[0], "amount": 11.0 + number, "written_off_on": AS_OF,
            "reason": draw.choice(["concession", "bad_debt"]),
        })  # fmt: skip
        self.rows["RepaymentPlans"].append({
            "plan_id": plan, "invoice_id": invoices[1], "due_date": self.day(), "amount": 1000.0 + number,
            "agreed_on": self.day(200), "cancelled_on": None,
        })  # fmt: skip
        return invoices[1]


def private_ledger(seed: int, customers: int) -> Mapping[str, Columns]:
    """Table → columns. Amounts have seven digits and more, texts seven letters that stand nowhere else."""
    making, invoice = _Making(seed), ""
    for number in range(customers):
        invoice = making.customer(number, invoice)
    tables: dict[str, Columns] = {
        name: {key: [row[key] for row in rows] for key in rows[0]} for name, rows in making.rows.items() if rows
    }
    settings: Columns = {"key": ["company_name", "bank_account"], "value": ["Ours Ltd", "First Bank 0012-34"]}
    return {**tables, "ExchangeRates": _RATES, "InterestRates": _INTEREST, "Settings": settings}


@dataclass
class Secrets:
    """What stands in one customer's rows and in nobody else's. ``numbers``: amounts, in major and in minor units."""

    words: set[str] = field(default_factory=set)
    numbers: set[Decimal] = field(default_factory=set)

    def add_amount(self, amount: Decimal) -> None:
        """As long as it is one that nothing else is by chance."""
        major = abs(amount).normalize()
        if len(major.as_tuple().digits) >= _FEWEST_DIGITS:
            self.numbers |= {major, (major * 100).normalize()}


def secrets_of(tables: Mapping[str, Columns], figures: Iterable[tuple[str, str, int]]) -> dict[str, Secrets]:
    """Customer → its secrets: what staff typed, and ``figures`` made of it as (customer, currency, minor units)."""
    owners = {str(each): str(each) for each in tables["Customers"]["customer_id"]}
    for name, key in (("Invoices", "invoice_id"), ("Receipts", "receipt_id")):
        owners |= dict(zip(map(str, tables[name][key]), map(str, tables[name]["customer_id"]), strict=True))
    found: dict[str, Secrets] = defaultdict(Secrets)
    for name, columns in tables.items():
        of = next((columns[key] for key in ("customer_id", "invoice_id") if key in columns), None)
        if of is None:
            continue  # of nobody
        for key, cells in columns.items():
            if key == "invoice_id" and name == "Activities":
                continue  # by a slip another's
            kind = TABLES[name][key].kind
            for whose, cell in zip(of, cells, strict=True):
                own = found[owners[str(whose)]]
                if kind is Kind.MONEY and isinstance(cell, float):
                    own.add_amount(Decimal(repr(cell)))
                elif kind in (Kind.TEXT, Kind.ID) and isinstance(cell, str) and not cell.startswith("slip "):
                    own.words |= words_in(cell)
    for customer, currency, minor in figures:
        found[customer].add_amount(Decimal(to_major_text(minor, currency)))
    return _without_what_is_shared(found)


def _without_what_is_shared(found: Mapping[str, Secrets]) -> dict[str, Secrets]:
    words = Counter(each for own in found.values() for each in own.words)
    numbers = Counter(each for own in found.values() for each in own.numbers)
    return {
        customer: Secrets(
            {each for each in own.words if words[each] == 1}, {each for each in own.numbers if numbers[each] == 1}
        )
        for customer, own in found.items()
    }


def foreign_in(content: bytes, customer: str, secrets: Mapping[str, Secrets]) -> list[str]:
    """What a file holds of other customers; empty where it is ``customer``'s alone."""
    held = [_held_in(text) for text in texts_within(content)]
    words, numbers = (frozenset().union(*sets) for sets in zip(*held, strict=True))
    own, found = secrets[customer], []
    for other, theirs in secrets.items():
        if other != customer:
            found += [
                *sorted(theirs.words & words),
                *(f"{each:f}" for each in sorted((theirs.numbers - own.numbers) & numbers)),
            ]
    return found


@lru_cache(4096)  # many parts are the same in every file
def _held_in(text: str) -> tuple[frozenset[str], frozenset[Decimal]]:
    numbers = frozenset(Decimal(each.replace(",", "")).normalize() for each in _NUMBER.findall(text))
    return frozenset(words_in(text)), numbers


def words_in(text: str) -> set[str]:
    """Whatever could be one of the words that a ledger is made of, whole or within a longer one, in capitals or not."""
    return {
        run[start : start + length]
        for length, pattern in _RUNS.items()
        for run in pattern.findall(text.upper())
        for start in range(len(run) - length + 1)
    }


def texts_within(content: bytes) -> Iterator[str]:
    """The texts of a file: of each part its name and what is in it, as it stands and as a reader sees it."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            yield package.comment.decode("utf-8", "replace")
            for member in package.infolist():
                yield member.filename
                yield from texts_within(package.read(member))
    elif b"MIME-Version:" in content[:4000]:
        yield from _texts_of_mail(content)
    else:
        yield html.unescape(content.decode("utf-8", "replace"))
        if content.startswith(b"<") and not content.startswith(b"<!DOCTYPE html"):
            yield _as_read(content)


@lru_cache(256)
def _as_read(content: bytes) -> str:
    """The texts and attributes of a part without its markup, and those again together that are cut into runs."""
    told: list[str] = []
    for node in etree.fromstring(content).iter():
        told += [*map(str, node.attrib.values()), str(node.text or ""), str(node.tail or "")]
        if isinstance(node.tag, str) and etree.QName(node).localname in ("p", "si", "is"):
            told.append("".join(map(str, node.itertext())))
    return "\n".join(told)


def _texts_of_mail(content: bytes) -> Iterator[str]:
    mail = email.message_from_bytes(content, policy=email.policy.default)
    for part in mail.walk():
        for name, value in part.items():
            yield f"{name}: {value}"
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            yield from texts_within(payload)
