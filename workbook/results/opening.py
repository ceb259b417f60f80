"""What was open when the ledger began, beside the control account's balance of the day before (RULES §11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from functions.dates import date_of
from functions.frames import NO_DAY, lazy
from functions.ledger import Position
from functions.money import to_major_text
from functions.reconciliation import REASONS, likely_rows
from workbook.issue import Issue
from workbook.periods.locks import last_day
from workbook.periods.refusals import NotAPeriod
from workbook.results.ledger import WorkbookLedger
from workbook.results.report_words import said
from workbook.results.run import to_pandas

_MOST_NAMED = 5


@dataclass(frozen=True)
class Opening:
    """Of one currency, in minor units. ``row``: of ControlAccount; −1 where it gives no balance, ``theirs`` being 0 then.

    ``likely``: ids of rows that the difference may come from.
    """

    currency: str
    as_of: dt.date
    ours: int
    theirs: int
    row: int
    likely: tuple[str, ...] = ()

    @property
    def difference(self) -> int:
        """Ours less theirs; 0 where there is nothing to compare with."""
        return self.ours - self.theirs if self.row >= 0 else 0

    def told(self) -> str:
        """The two balances and the difference, in any language: ``1500.00 − 1400.00 = 100.00 (USD 2024-09-30)``."""
        ours, theirs, difference = (to_major_text(each, self.currency) for each in (self.ours, self.theirs, self.difference))
        return f"{ours} − {theirs} = {difference} ({self.currency} {self.as_of})"


def opening_balances(source: WorkbookLedger, position: Position) -> tuple[Opening, ...]:
    """By currency; nothing where ``ledger_starts_on`` is blank.

    Ours are the movements before that day as the position knows them: documents less ``opening_settled``, less receipts not
    yet used. Theirs is the row of ControlAccount whose period ends on the day before. ``likely``: ids of rows behind a
    difference, those first of which what was open, settled before, or the whole amount is the difference.
    """
    starts = source.policy.ledger_starts_day
    if starts == NO_DAY:
        return ()
    as_of = date_of(starts - 1)
    ours = _ours(position, starts)
    theirs = dict(_theirs(source, as_of))
    found = []
    for currency in sorted(ours.keys() | theirs.keys()):
        row, balance = theirs.get(currency, (-1, 0))
        gap = ours.get(currency, 0) - balance if row >= 0 else 0
        likely = tuple(_likely(source, currency, gap, starts)) if gap else ()
        found.append(Opening(currency, as_of, ours.get(currency, 0), balance, row, likely))
    return tuple(found)


def opening_issues(source: WorkbookLedger, openings: Sequence[Opening]) -> Iterator[Issue]:
    """``opening_differs`` at the balance of each that differs."""
    for each in openings:
        if each.difference:
            about = ", ".join(each.likely) or f"Invoices, Receipts < {each.as_of + dt.timedelta(days=1)}"
            issue = source.located("ControlAccount", each.row, "balance", "opening_differs")
            yield replace(issue, value=each.told(), about=about)


def opening_lines(openings: Sequence[Opening], language: str) -> list[str]:
    """What ``check`` says of it: that it ties out, or that nobody gave a balance to compare with."""
    told = []
    for each in openings:
        amount = f"{each.currency} {to_major_text(each.ours, each.currency)}"
        if each.row < 0:
            told.append(said("opening_not_given", language).format(amount=amount, day=each.as_of))
        elif not each.difference:
            told.append(said("opening_holds", language).format(amount=amount, day=each.as_of))
    return told


def _ours(position: Position, starts: int) -> dict[str, int]:
    moved = to_pandas(position.movements)
    moved = moved[moved["day"] < starts]
    return {str(currency): int(minor) for currency, minor in moved.groupby("currency")["amount_minor"].sum().items()}


def _theirs(source: WorkbookLedger, as_of: dt.date) -> Iterator[tuple[str, tuple[int, int]]]:
    read = source.tables.get("ControlAccount")
    if read is None:
        return
    columns = (read.columns[key] for key in ("period", "currency", "balance_minor", "row"))
    for period, currency, balance, row in zip(*columns, strict=True):
        try:
            is_opening = last_day(str(period)) == as_of
        except NotAPeriod:
            is_opening = False
        if is_opening:
            yield str(currency), (int(row), int(balance))


def _likely(source: WorkbookLedger, currency: str, gap: int, starts: int) -> list[str]:
    columns = source.tables["Invoices"].columns
    amount, settled, day = (
        np.asarray(columns[key], dtype=np.int64) for key in ("amount_minor", "opening_settled_minor", "invoice_day")
    )
    # A blank is a sentinel far below zero: nothing was settled.
    settled = np.maximum(settled, 0)
    of_opening = (day < starts) & (np.asarray(columns["currency"], dtype=object) == currency)
    fits = np.zeros(len(day), dtype=bool)
    for part in (np.abs(amount) - settled, settled, np.abs(amount)):
        fits |= part == abs(gap)
    found = sorted(str(columns["invoice_id"][at]) for at in np.flatnonzero(of_opening & fits))
    asked = lazy(pd.DataFrame({"currency": [currency], "difference_minor": [gap]}))
    rows = to_pandas(likely_rows(source.ledger, asked, period_end=starts - 1))
    rows = rows.assign(order=rows["reason"].map(REASONS.index)).sort_values(["order", "table", "reference_id"])
    return list(dict.fromkeys([*found, *map(str, rows["reference_id"])]))[:_MOST_NAMED]
