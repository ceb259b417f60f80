"""Everything a run works out as of a day, from the workbook's ledger to the tie-out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from functions.aging import bucket_codes
from functions.dates import day_of
from functions.frames import Frame
from functions.tie_out import CHECKS, tie_out
from workbook.issue import Issue
from workbook.letters.messages import Composed
from workbook.periods.locks import Lock
from workbook.port import ReadableBook
from workbook.quality.looking import quality_issues
from workbook.results.ledger import Source, WorkbookLedger
from workbook.results.left_out import LeftOut
from workbook.results.opening import Opening, opening_balances, opening_issues
from workbook.results.run import Run, row_of, to_pandas


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
    """The results of a run as pandas frames with the rules' own columns, in a fixed order, and what was found wrong.

    ``letters``: the messages in words.
    ``issue_rows``: of each issue, its row on the sheet and the key of that row. ``left_out``: every row that is left out of
    the figures, or that is asked for and not applied. ``opening``: what was open when the ledger began, by currency.
    ``as_locked``: the lock of the day, where the rows as known on a day are those that it locked.
    """

    as_of: dt.date
    known_on: dt.date | None
    source: Source = field(repr=False)
    open_items: pd.DataFrame = field(repr=False)
    applications: pd.DataFrame = field(repr=False)
    unapplied: pd.DataFrame = field(repr=False)
    aging: pd.DataFrame = field(repr=False)
    credit: pd.DataFrame = field(repr=False)
    messages: pd.DataFrame = field(repr=False)
    message_items: pd.DataFrame = field(repr=False)
    held: pd.DataFrame = field(repr=False)
    letters: Composed = field(repr=False)
    issues: tuple[Issue, ...] = field(repr=False)
    issue_rows: tuple[tuple[int, str], ...] = field(repr=False)
    left_out: tuple[LeftOut, ...] = field(repr=False)
    tie_out: tuple[TieOut, ...]
    opening: tuple[Opening, ...] = ()
    as_locked: Lock | None = None

    @property
    def base_currency(self) -> str:
        """The currency of every ``_base`` column and of the credit figures."""
        return self.source.policy.base_currency

    @property
    def bucket_codes(self) -> tuple[str, ...]:
        """The aging buckets of this ledger's settings."""
        return bucket_codes(self.source.policy.bucket_edges)

    def with_issue(self, issue: Issue, row: tuple[int, str]) -> Figures:
        """The same with one more thing found wrong."""
        return replace(self, issues=(*self.issues, issue), issue_rows=(*self.issue_rows, row))

    def has_errors(self) -> bool:
        """An error was found, or something does not tie out: the run ends with status 1."""
        is_wrong = any(self.source.settings.severity_of(issue.code) == "error" for issue in self.issues)
        return is_wrong or not all(check.holds for check in self.tie_out)


def work_out(book: ReadableBook, *, as_of: dt.date, known_on: dt.date | None = None, doubts: bool = False) -> Figures:
    """Read the book and work out every figure as of a day. Writes nothing. Raises Refusal.

    ``doubts``: the checks of data quality run too, which no figure needs; the setting ``quality_in_close`` asks for them as
    well.
    """
    return figures_of(Run(book, as_of=as_of, known_on=known_on), known_on=known_on, doubts=doubts)


def figures_of(run: Run, *, known_on: dt.date | None = None, doubts: bool = False) -> Figures:
    """Every figure of a run whose rows of ``known_on`` were read, as ``work_out``."""
    is_doubted = doubts or run.source.settings.quality_in_close
    doubted = quality_issues(run.source, as_of=day_of(run.as_of)) if is_doubted else ()
    opening = opening_balances(run.source, run.position)
    beside = (*opening_issues(run.source, opening), *doubted)
    # First what takes most room to work out and little to keep.
    tied = tuple(tie_out_lines(tie_out(run.position, run.aging_frame, run.proposals), CHECKS))
    issues = (*run.issues, *beside)
    return Figures(
        as_of=run.as_of,
        known_on=known_on,
        source=run.source.without_cells(),
        open_items=run.open_items,
        applications=run.applications,
        unapplied=run.unapplied,
        aging=run.aging,
        credit=run.credit,
        messages=run.messages,
        message_items=run.message_items,
        held=run.held,
        letters=run.letters,
        issues=issues,
        issue_rows=(*run.issue_rows, *(row_of(run.source, issue) for issue in beside)),
        left_out=run.left_out,
        tie_out=(*tied, *_rows_accounted_for(run.source)),
        opening=opening,
        as_locked=run.as_locked,
    )


def tie_out_lines(frame: Frame, order: Sequence[str]) -> Iterable[TieOut]:
    """The checks that the rules made, in this order of their names."""
    rows = to_pandas(frame).to_dict("records")
    for row in sorted(rows, key=lambda row: (order.index(row["name"]), row["currency"])):
        yield TieOut(row["name"], row["currency"], int(row["difference_minor"]))


def _rows_accounted_for(source: WorkbookLedger) -> Iterable[TieOut]:
    """Every row read is used or is an issue."""
    lost = 0
    for read in source.tables.values():
        repeated = sum(issue.code == "duplicate_identical" for issue in read.issues)
        lost += abs(read.rows_found - len(read) - len(read.left_out) - repeated)
    yield TieOut("every_row_is_used_or_an_issue", "", lost)
