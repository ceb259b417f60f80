"""Everything a run works out as of a day, from the workbook's ledger to the tie-out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from functions.aging import aged_items, aging_by_customer, bucket_codes
from functions.credit import credit_by_customer
from functions.dates import date_of, day_of
from functions.discounts import unearned_discounts
from functions.dunning import propose_reminders
from functions.findings import all_findings
from functions.frames import Frame
from functions.issues import LEAVES_OUT, SEVERITY
from functions.ladder import ladder_issues
from functions.position import BeforeLedger, ledger_position
from functions.tie_out import CHECKS, tie_out
from workbook.issue import Issue
from workbook.port import Book
from workbook.refusals import Refusal
from workbook.results.ledger import TABLE_OF, WorkbookLedger, read_ledger


class TooEarly(Refusal):
    """An as-of date before the ledger began."""

    def __init__(self, as_of: dt.date, starts: dt.date) -> None:
        super().__init__(
            f"The ledger starts on {starts} (ledger_starts_on in Settings): what was paid before is known only as a sum. "
            f"Choose an as-of date from {starts} on instead of {as_of}."
        )


@dataclass(frozen=True)
class TieOut:
    """One check of RULES §11 in one currency ("" for a count of rows); ``difference_minor`` is 0 where it holds."""

    name: str
    currency: str
    difference_minor: int

    @property
    def holds(self) -> bool:
        """Nothing differs, not by a cent."""
        return self.difference_minor == 0


@dataclass(frozen=True)
class Figures:
    """The results of a run as pandas frames with the rules' own columns, in a fixed order, and what was found wrong."""

    as_of: dt.date
    known_on: dt.date | None
    source: WorkbookLedger = field(repr=False)
    open_items: pd.DataFrame = field(repr=False)
    applications: pd.DataFrame = field(repr=False)
    unapplied: pd.DataFrame = field(repr=False)
    aging: pd.DataFrame = field(repr=False)
    credit: pd.DataFrame = field(repr=False)
    messages: pd.DataFrame = field(repr=False)
    message_items: pd.DataFrame = field(repr=False)
    held: pd.DataFrame = field(repr=False)
    issues: tuple[Issue, ...] = field(repr=False)
    tie_out: tuple[TieOut, ...]

    @property
    def base_currency(self) -> str:
        """The currency of every ``_base`` column and of the credit figures."""
        return self.source.policy.base_currency

    @property
    def bucket_codes(self) -> tuple[str, ...]:
        """The aging buckets of this ledger's settings."""
        return bucket_codes(self.source.policy.bucket_edges)

    @cached_property
    def left_out(self) -> frozenset[tuple[str, int]]:
        """(table, row) of every row that is left out of the figures, or that is asked for and not applied."""
        return frozenset((issue.table, issue.row) for issue in self.issues if issue.code in LEAVES_OUT)

    def has_errors(self) -> bool:
        """An error was found, or something does not tie out: the run ends with status 1."""
        is_wrong = any(SEVERITY[issue.code] == "error" for issue in self.issues)
        return is_wrong or not all(check.holds for check in self.tie_out)


def work_out(book: Book, *, as_of: dt.date, known_on: dt.date | None = None) -> Figures:
    """Read the book and work out every figure as of a day. Writes nothing. Raises Refusal."""
    day = day_of(as_of)
    source = read_ledger(book, as_of=day, known_on=None if known_on is None else day_of(known_on))
    policy = source.policy
    try:
        position = ledger_position(source.ledger, policy=policy, as_of=day)
    except BeforeLedger as early:
        raise TooEarly(as_of, date_of(early.starts)) from early
    aging = aging_by_customer(position, policy=policy)
    credit, credit_issues = credit_by_customer(source.ledger, position, policy=policy)
    proposals = propose_reminders(source.ledger, position, policy=policy, message_prefix=f"{as_of:%Y%m%d}")
    items = aged_items(position, policy=policy).join(proposals.states, on="item_id", how="inner")
    discount_issues = unearned_discounts(source.ledger, position, policy=policy)
    found = _native(all_findings([position.issues, credit_issues, discount_issues]))
    return Figures(
        as_of=as_of,
        known_on=known_on,
        source=source,
        open_items=_sorted(items, "customer_id", "currency", "due_day", "item_id"),
        applications=_sorted(position.applications, "paid_day", "invoice_id", "item_id", "receipt_id", "step"),
        unapplied=_sorted(position.unapplied, "customer_id", "currency", "source_day", "source_id"),
        aging=_sorted(aging, "customer_id", "currency"),
        credit=_sorted(credit, "customer_id"),
        messages=_sorted(proposals.messages, "message_id"),
        message_items=_sorted(proposals.items, "message_id", "due_day", "item_id"),
        held=_sorted(proposals.held, "customer_id", "currency", "item_id"),
        issues=(*source.issues, *_located(source, found), *_ladder_faults(source)),
        tie_out=(*_tie_out(tie_out(position, aging, proposals)), *_rows_accounted_for(source)),
    )


def _native(frame: Frame) -> pd.DataFrame:
    native: pd.DataFrame = frame.collect().to_native()
    return native


def _sorted(frame: Frame, *by: str) -> pd.DataFrame:
    return _native(frame).sort_values(list(by), kind="stable").reset_index(drop=True)


def _located(source: WorkbookLedger, found: pd.DataFrame) -> Iterable[Issue]:
    ordered = found.sort_values(["table", "row", "code"], kind="stable")
    for each in ordered.to_dict("records"):
        yield source.located(TABLE_OF[each["table"]], int(each["row"]), each["field"], each["code"])


def _ladder_faults(source: WorkbookLedger) -> Iterable[Issue]:
    faulty = set(ladder_issues(source.policy.reminder_levels))
    if faulty:
        read = source.tables["ReminderLevels"]
        for row, level in zip(read.columns["row"], read.columns["level"], strict=True):
            if int(level) in faulty:
                yield source.located("ReminderLevels", int(row), "days_from_due", "ladder_not_increasing")


def _tie_out(frame: Frame) -> Iterable[TieOut]:
    rows = _native(frame).to_dict("records")
    for row in sorted(rows, key=lambda row: (CHECKS.index(row["name"]), row["currency"])):
        yield TieOut(row["name"], row["currency"], int(row["difference_minor"]))


def _rows_accounted_for(source: WorkbookLedger) -> Iterable[TieOut]:
    """Every row read is used or is an issue."""
    lost = 0
    for read in source.tables.values():
        repeated = sum(issue.code == "duplicate_identical" for issue in read.issues)
        lost += abs(read.rows_found - len(read) - len(read.left_out) - repeated)
    yield TieOut("every_row_is_used_or_an_issue", "", lost)
