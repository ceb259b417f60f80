"""The ledger beside the control account, the bank and what customers confirm; the rows that a difference may come from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace

import narwhals as nw
import pandas as pd

from functions.dates import date_of, day_of
from functions.frames import NO_DAY, NO_MINOR, lazy
from functions.ledger import Ledger
from functions.money import to_major_text
from functions.position import ledger_position
from functions.reconciliation import REASONS, likely_rows
from workbook.labels import words
from workbook.outcome import Outcome
from workbook.periods.locks import last_day
from workbook.periods.refusals import NotAPeriod
from workbook.port import Book
from workbook.results.report_words import said
from workbook.results.run import Run as Reading
from workbook.results.run import TooEarly, to_pandas
from workbook.results.writing import columns_to_write
from workbook.schema import TABLES
from workbook.tasks.run_log import Run, append_run

OUTSIDE_THE_BANK = frozenset({"bank_bill", "commercial_bill", "cash", "netting"})
"""Methods of receipts that no bank statement shows (RULES §3)."""

_COLUMNS = (
    "comparison", "customer_id", "currency", "to_day", "ours_minor", "theirs_minor", "difference_minor", "reference_id",
    "reason", "row_day", "amount_minor",
)  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """Two balances on a day, in minor units; ``customer_id`` is "" for all of the currency."""

    comparison: str
    customer_id: str
    currency: str
    as_of: dt.date
    ours: int
    theirs: int

    @property
    def difference(self) -> int:
        """Ours less theirs."""
        return self.ours - self.theirs


def reconcile(book: Book, *, period: str, ran_at: dt.datetime, language: str | None = None, by: str = "") -> Outcome:
    """Write Reconciliation: each balance of others beside ours, and below a difference the rows it may come from.

    ControlAccount by currency at the period's end; the bank by what its balances moved in the period's month; Confirmations
    about a day in it, and those that came in it about an earlier day. Raises Refusal, before anything is changed; TooEarly
    for a period that ends before the ledger starts.
    """
    language = language or book.language
    to_date = last_day(period)
    from_date = to_date.replace(day=1)
    run = Reading(book, as_of=to_date)
    if day_of(to_date) < run.source.policy.ledger_starts_day:
        raise TooEarly(to_date, date_of(run.source.policy.ledger_starts_day))
    compared = [*_control_account(run, to_date), *_bank(run, from_date, to_date), *_confirmed(run, from_date, to_date)]
    rows = pd.DataFrame(
        [row for each in compared for row in (_row(each), *_likely(run.source.ledger, each))], columns=list(_COLUMNS)
    )
    table = TABLES["Reconciliation"]
    book.write_table(table, columns_to_write(table, rows, language=language, base_currency=run.base_currency))
    told = [_line(each, language) for each in compared] or [said("nothing_to_compare", language)]
    differing = [each for each in compared if each.difference]
    what = f"--period {period}"
    append_run(book, Run("reconcile", ran_at=ran_at, as_of=to_date, by=by, what=what), totals="; ".join(told))
    return Outcome(
        lines=(f"{said('reconciled', language)} {from_date} – {to_date}", *told),
        summary={"period": period, "compared": len(compared), "differing": len(differing)},
        has_errors=bool(differing),
        writes_book=True,
    )


def _balances(run: Reading, as_of: dt.date) -> dict[tuple[str, str], int]:
    """(customer, currency) → the ledger's balance at the end of the day."""
    policy = replace(run.source.policy, ledger_starts_day=NO_DAY)
    moved = to_pandas(ledger_position(run.source.ledger, policy=policy, as_of=day_of(as_of)).movements)
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for customer, currency, minor in zip(moved["customer_id"], moved["currency"], moved["amount_minor"], strict=True):
        sums[str(customer), str(currency)] += int(minor)
    return sums


def _rows(run: Reading, table: str) -> list[dict[str, object]]:
    read = run.source.tables.get(table)
    return [] if read is None else [{str(key): cell for key, cell in row.items()} for row in read.frame().to_dict("records")]


def _control_account(run: Reading, to_date: dt.date) -> list[Compared]:
    ours: dict[str, int] = defaultdict(int)
    for (_, currency), minor in _balances(run, to_date).items():
        ours[currency] += minor
    rows = [row for row in _rows(run, "ControlAccount") if _is_of(str(row["period"]), to_date)]
    theirs = {str(row["currency"]): int(str(row["balance_minor"])) for row in rows}
    return [Compared("control_account", "", each, to_date, ours[each], theirs[each]) for each in sorted(theirs)]


def _is_of(period: str, to_date: dt.date) -> bool:
    try:
        return last_day(period) == to_date
    except NotAPeriod:
        return False


def _bank(run: Reading, from_date: dt.date, to_date: dt.date) -> list[Compared]:
    """What statements moved in the period, without lines that are no customer's, beside receipts through the bank.

    A statement that goes over the period's first or last day counts by those of its lines that are in it.
    """
    days = range(day_of(from_date), day_of(to_date) + 1)
    theirs: dict[str, int] = defaultdict(int)
    over: dict[tuple[object, object], list[range]] = defaultdict(list)
    for row in _rows(run, "BankBalances"):
        span = range(int(str(row["from_day"])), int(str(row["to_day"])) + 1)
        if row["from_day"] in days and row["to_day"] in days:
            theirs[str(row["currency"])] += int(str(row["closing_minor"])) - int(str(row["opening_minor"]))
        elif span.start < days.stop and days.start < span.stop:
            over[row["account"], row["currency"]].append(span)
    for row in _rows(run, "BankStatement"):
        is_over = any(row["booked_day"] in span for span in over[row["account"], row["currency"]])
        counts = is_over - bool(row["is_not_customer"])
        if row["booked_day"] in days and counts:
            theirs[str(row["currency"])] += counts * int(str(row["amount_minor"]))
    ours: dict[str, int] = defaultdict(int)
    receipts = _rows(run, "Receipts")
    method = {row["receipt_id"]: str(row["method"]) for row in receipts}
    for row in receipts:
        # A reversal or refund without a method goes the way that its receipt came.
        way = str(row["method"]) or method.get(row["related_id"], "")
        if way not in OUTSIDE_THE_BANK and row["receipt_day"] in days:
            sign = -1 if row["kind"] in ("reversal", "refund") else 1
            ours[str(row["currency"])] += sign * int(str(row["amount_minor"]))
    return [Compared("bank", "", each, to_date, ours[each], theirs[each]) for each in sorted(theirs)]


def _confirmed(run: Reading, from_date: dt.date, to_date: dt.date) -> list[Compared]:
    """Replies about a day in the period, or that came in it about an earlier one: each beside the balance of its own day.

    Of a day before the ledger starts there is no balance.
    """
    days = range(day_of(from_date), day_of(to_date) + 1)
    balances: dict[int, dict[tuple[str, str], int]] = {}
    found = []
    for row in _rows(run, "Confirmations"):
        day, stated = int(str(row["as_of_day"])), int(str(row["stated_balance_minor"]))
        is_of_period = day in days or row["replied_day"] in days
        is_known = run.source.policy.ledger_starts_day <= day < days.stop
        if is_of_period and is_known and stated != NO_MINOR:
            customer, currency = str(row["customer_id"]), str(row["currency"])
            if day not in balances:
                balances[day] = _balances(run, date_of(day))
            ours = balances[day].get((customer, currency), 0)
            found.append(Compared("confirmation", customer, currency, date_of(day), ours, stated))
    return sorted(found, key=lambda each: (each.customer_id, each.currency, each.as_of))


def _row(each: Compared) -> tuple[object, ...]:
    amounts = (each.ours, each.theirs, each.difference)
    return (each.comparison, each.customer_id, each.currency, day_of(each.as_of), *amounts, "", "", NO_DAY, NO_MINOR)


def _likely(ledger: Ledger, each: Compared) -> list[tuple[object, ...]]:
    """The likely rows of one difference; of a customer's, the customer's own; of the bank's, receipts."""
    if not each.difference:
        return []
    asked = lazy(pd.DataFrame({"currency": [each.currency], "difference_minor": [each.difference]}))
    rows = likely_rows(ledger, asked, period_end=day_of(each.as_of))
    if each.customer_id:
        rows = rows.filter(nw.col("customer_id") == each.customer_id)
    if each.comparison == "bank":
        rows = rows.filter(nw.col("table") == "receipts")
    found = to_pandas(rows).to_dict("records")
    found.sort(key=lambda row: (REASONS.index(row["reason"]), row["table"], row["reference_id"]))
    head = each.comparison, each.customer_id, each.currency, day_of(each.as_of), NO_MINOR, NO_MINOR, NO_MINOR
    return [(*head, row["reference_id"], row["reason"], row["day"], row["amount_minor"]) for row in found]


def _line(each: Compared, language: str) -> str:
    ours, theirs, difference = (
        f"{said(code, language)} {to_major_text(minor, each.currency)}"
        for code, minor in (("ours", each.ours), ("theirs", each.theirs), ("difference", each.difference))
    )
    where = " ".join(filter(None, (words(each.comparison, language), each.customer_id, each.currency)))
    return f"{where}: {ours}, {theirs}, {difference}"
