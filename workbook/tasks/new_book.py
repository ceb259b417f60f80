"""A new workbook: empty, or filled with a made-up ledger."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from functions.money import is_currency
from workbook.outcome import Outcome
from workbook.refusals import Refusal, WrongSuffix
from workbook.results.report_words import said
from workbook.template.additions import Additions
from workbook.template.new_workbook import new_workbook


class AlreadyThere(Refusal):
    """A new workbook never takes the place of a file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is already there. Choose another name, or move it away first: nothing was written.")


class NotACurrency(Refusal):
    """A base currency that ISO 4217 does not know."""

    def __init__(self, code: str) -> None:
        super().__init__(f"{code} is not a currency code of ISO 4217. Write three letters such as CNY, USD or EUR.")


def new_book(
    book: Path,
    *,
    ran_at: dt.datetime,
    language: str = "en",
    currency: str = "CNY",
    sample: bool = False,
    seed: int = 1,
    customers: int = 60,
    invoices: int = 600,
    as_of: dt.date | None = None,
    bank: bool = False,
    additions: Additions | None = None,
) -> Outcome:
    """Make a workbook in ``language`` with ``currency`` as its base; ``sample`` fills it as of a month end from a seed.

    ``bank``: with a bank statement, whose last month of receipts nobody has typed yet.

    Raises AlreadyThere, NotACurrency, WrongSuffix.
    """
    suffix = additions.suffix if additions else ".xlsx"
    if book.suffix.lower() != suffix:
        raise WrongSuffix(book, suffix)
    currency = currency.upper()
    if not is_currency(currency):
        raise NotACurrency(currency)
    if book.exists():
        raise AlreadyThere(book)
    rows = None
    if sample:
        from workbook.sample import sample_ledger

        day = as_of or last_month_end(ran_at.date())
        rows = sample_ledger(seed=seed, customers=customers, invoices=invoices, as_of=day, currency=currency)
        if bank:
            from workbook.sample.bank_lines import with_bank_statement

            rows, _ = with_bank_statement(rows, seed=seed, as_of=day)
    new_workbook(book, language=language, currency=currency, rows=rows, stamp=ran_at, additions=additions)
    return Outcome(lines=(f"{said('made', language)}: {book}",), files=())


def last_month_end(day: dt.date) -> dt.date:
    """The last day of the month before."""
    return day.replace(day=1) - dt.timedelta(days=1)
