"""What a statement or a confirmation says: an account and its addressee → the blocks of a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from functions.dates import date_of
from functions.frames import NO_DAY
from workbook import labels
from workbook.statements.accounts import Account, Addressee, Row
from workbook.statements.blocks import Amount, Block, Document, Facts, Grid, Heading, Page, Paragraph, Value
from workbook.statements.reply_tables import EXPLAINED, FILLED_IN, KNOWN_BY, REPLY, REPLY_ITEMS
from workbook.statements.words import worded
from workbook.table import Kind, Table

_MOVEMENT_WORDS = {"discount": "discount", "write_off": "concession"}
"""A customer is told of concessions only, by that name."""

_AMOUNTS = ("charged", "credited", "balance")


@dataclass(frozen=True)
class Sender:
    """Our side of every file: who we are, where to pay, and how we age. ``bucket_codes`` in their order."""

    company_name: str
    bank_account: str
    bucket_codes: Sequence[str]
    aging_basis: str


@dataclass(frozen=True)
class Period:
    """From a day to a day, both included."""

    first: dt.date
    last: dt.date

    @classmethod
    def of_the_month(cls, last: dt.date, *, ledger_starts_day: int) -> Period:
        """From the first of the day's month on, or from the ledger's first day where that is later."""
        first = last.replace(day=1)
        return cls(first if ledger_starts_day == NO_DAY else min(max(first, date_of(ledger_starts_day)), last), last)

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"


def statement(accounts: Sequence[Account], to: Addressee, sender: Sender, period: Period) -> Document:
    """Opening, movements, closing, ages, what is unused and how to pay for each currency; then the reply."""
    language = to.language
    blocks: list[Block] = [*_head("statement", to, sender, ("period", str(period)))]
    for account in accounts:
        blocks += _statement_of(account, sender, period, language)
    blocks += _how_to_pay(accounts, to, sender)
    title = worded("statement", language)
    pages = Page(worded("statement_sheet", language), blocks), _reply(accounts, period.last, language)
    return Document(f"{title} {to.customer_id} {period.last}", sender.company_name, pages)


def confirmation(accounts: Sequence[Account], to: Addressee, sender: Sender, period: Period) -> Document:
    """The balances as of the last day, without what led to them, and the reply."""
    language = to.language
    last = period.last
    balances = Grid(
        [_header(REPLY, "currency", language), worded("balance", language)],
        [(account.currency, Amount(account.closing_minor, account.currency)) for account in accounts],
    )
    blocks: list[Block] = [
        *_head("confirmation", to, sender, ("as_of", last)),
        Paragraph(worded("confirmation_text", language, as_of=last)),
        Heading(worded("balances", language)),
        balances,
    ]
    title = worded("confirmation", language)
    pages = Page(worded("confirmation_sheet", language), blocks), _reply(accounts, last, language)
    return Document(f"{title} {to.customer_id} {last}", sender.company_name, pages)


def _head(title: str, to: Addressee, sender: Sender, when: tuple[str, Value]) -> Iterator[Block]:
    language = to.language
    yield Heading(worded(title, language), 0)
    facts: list[tuple[str, Value]] = [
        ("from", sender.company_name),
        ("to", to.name),
        ("attention", to.contact_name),
        ("address", to.address),
        ("customer_id", to.customer_id),
        when,
    ]
    yield Facts([(worded(code, language), value) for code, value in facts if value != ""])


def _statement_of(account: Account, sender: Sender, period: Period, language: str) -> Iterator[Block]:
    currency = account.currency

    def amount(minor: int) -> Amount:
        return Amount(minor, currency)

    yield Heading(worded("account_in", language, currency=currency))
    moved = [int(line["amount_minor"]) for line in account.lines]
    overdue = sum(int(item["open_minor"]) for item in account.items if item["days_overdue"] > 0)
    yield Facts(
        [
            (worded("opening", language), amount(account.opening_minor)),
            (worded("charged", language), amount(sum(minor for minor in moved if minor > 0))),
            (worded("credited", language), amount(-sum(minor for minor in moved if minor < 0))),
            (worded("closing", language), amount(account.closing_minor)),
            (worded("overdue", language), amount(overdue)),
        ]
    )
    yield Heading(worded("movements", language), 2)
    known_by = _known_by(account.lines)
    headers = [worded(code, language) for code in ("date", "document", "reference", *known_by, *_AMOUNTS)]
    blanks = [""] * (1 + len(known_by))
    rows: list[Sequence[Value]] = [
        (period.first, worded("opening", language), *blanks, None, None, amount(account.opening_minor)),
        *(_line(line, known_by, currency, language) for line in account.lines),
        (period.last, worded("closing", language), *blanks, None, None, amount(account.closing_minor)),
    ]
    yield Grid(headers, rows, ends_with_total=True)
    yield Heading(worded("aging" if sender.aging_basis == "due_date" else "aging_by_invoice_date", language), 2)
    yield _aging(account, sender, language)
    if account.unapplied:
        yield Heading(worded("unapplied_cash", language), 2)
        used = [worded(code, language) for code in ("date", "document", "reference", "amount")]
        yield Grid(
            used,
            [
                (
                    date_of(int(each["source_day"])),
                    labels.words(each["source"], language),
                    each["source_id"],
                    amount(int(each["unapplied_minor"])),
                )
                for each in account.unapplied
            ],
        )


def _known_by(rows: Sequence[Row]) -> list[str]:
    """By what the customer knows our documents, as far as any of them has it: a column of blanks tells nothing."""
    return [key for key in KNOWN_BY if any(row[key] for row in rows)]


def _line(line: Row, known_by: Sequence[str], currency: str, language: str) -> Sequence[Value]:
    minor = int(line["amount_minor"])
    kind = str(line["kind"])
    kind = _MOVEMENT_WORDS.get(kind, kind)
    charged, credited = (Amount(minor, currency), None) if minor > 0 else (None, Amount(-minor, currency))
    balance = Amount(int(line["balance_minor"]), currency)
    known = [line[key] for key in known_by]
    return date_of(int(line["day"])), labels.words(kind, language), line["reference_id"], *known, charged, credited, balance


def _aging(account: Account, sender: Sender, language: str) -> Grid:
    """The ages side by side, what is unused as a minus, and their sum: the closing balance."""
    unapplied = sum(int(each["unapplied_minor"]) for each in account.unapplied)
    amounts = [*(account.buckets.get(code, 0) for code in sender.bucket_codes), -unapplied]
    headers = [labels.words(code, language) for code in sender.bucket_codes]
    return Grid(
        [*headers, worded("unapplied", language), worded("balance", language)],
        [[Amount(minor, account.currency) for minor in (*amounts, sum(amounts))]],
    )


def _how_to_pay(accounts: Sequence[Account], to: Addressee, sender: Sender) -> Iterator[Block]:
    language = to.language
    yield Heading(worded("to_pay", language))
    if all(account.closing_minor <= 0 for account in accounts):
        yield Paragraph(worded("nothing_to_pay", language))
        return
    if sender.bank_account:
        yield Paragraph(f"{worded('pay_to', language)}\n{sender.bank_account}")
    else:
        yield Paragraph(worded("pay_as_usual", language))
    yield Paragraph(worded("quote", language, customer_id=to.customer_id))


def _reply(accounts: Sequence[Account], last: dt.date, language: str) -> Page:
    yes_no = (labels.yes_no(True, language), labels.yes_no(False, language))
    rows: list[Sequence[Value]] = []
    items: list[Sequence[Value]] = []
    known_by = _known_by([item for account in accounts for item in account.items])
    for account in accounts:
        currency = account.currency
        rows.append((account.customer_id, last, currency, Amount(account.closing_minor, currency), "", None, ""))
        items += [
            (
                item["invoice_id"],
                *(item[key] for key in known_by),
                date_of(int(item["due_day"])),
                currency,
                Amount(int(item["open_minor"]), currency),
                yes_no[0] if item["is_disputed"] else "",
                "",
            )
            for item in account.items
        ]
    blocks: list[Block] = [
        Heading(worded("reply", language)),
        Paragraph(worded("reply_text", language)),
        _to_fill(REPLY, REPLY.keys, rows, yes_no, language),
    ]
    if items:
        keys = [key for key in REPLY_ITEMS.keys if key in known_by or key not in KNOWN_BY]
        blocks += [Heading(worded("open_items", language), 2), _to_fill(REPLY_ITEMS, keys, items, yes_no, language)]
    blocks.append(Paragraph(worded("signed", language)))
    return Page(worded("reply_sheet", language), blocks)


def _to_fill(
    table: Table, keys: Sequence[str], rows: Sequence[Sequence[Value]], yes_no: tuple[str, str], language: str
) -> Grid:
    return Grid(
        [_header(table, key, language) for key in keys],
        rows,
        table.name,
        to_fill=frozenset(place for place, key in enumerate(keys) if key in FILLED_IN),
        to_explain=frozenset(place for place, key in enumerate(keys) if key in EXPLAINED),
        choices={place: yes_no for place, key in enumerate(keys) if table[key].kind is Kind.YES_NO},
    )


def _header(table: Table, key: str, language: str) -> str:
    return table[key].label.in_language(language)
