"""The bank's side of the sample: a statement a month and account, whose movements are the receipts that reach the bank."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from workbook.port import Cell, Columns
from workbook.sample.cells import major, table
from workbook.sample.journal import Journal
from workbook.sample.office_days import month_starts, months_back

_BANKED = ("bank_transfer", "cheque", "card")
_ACCOUNT = "6200 0001 000"
_OPENING_YUAN = 1_250_000


def bank_balances(journal: Journal) -> Columns:
    """Opening + what came in − what bounced or was paid back = closing, from the ledger's first month to the as-of date."""
    moved = _movements(journal)
    header = ("account", "statement_id", "currency", "from_date", "to_date", "opening", "closing")
    rows: list[tuple[Cell, ...]] = []
    for number, currency in enumerate((journal.moneys.base, *journal.moneys.abroad), 1):
        account = f"{_ACCOUNT}{number}"
        balance = journal.moneys.minor(_OPENING_YUAN, currency)
        for start in month_starts(journal.starts_on, journal.as_of):
            end = min(months_back(start, -1) - dt.timedelta(days=1), journal.as_of)
            opening, balance = balance, balance + moved[currency, start]
            rows.append((
                account, f"{start:%Y-%m}", currency, start, end, major(opening, currency), major(balance, currency),
            ))  # fmt: skip
    return table(header, rows)


def _movements(journal: Journal) -> dict[tuple[str, dt.date], int]:
    """(currency, first day of the month) → what the receipts moved on the account."""
    moved: dict[tuple[str, dt.date], int] = defaultdict(int)
    for receipt in journal.receipts:
        if receipt.method in _BANKED and receipt.receipt_date and receipt.amount:
            signed = receipt.amount if receipt.kind == "receipt" else -receipt.amount
            moved[receipt.currency, receipt.receipt_date.replace(day=1)] += signed
    return moved
