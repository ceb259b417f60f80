"""The figures of a ledger as of a day, each worked out when it is first asked for.

A close asks for all of them (``figures.py``), the function of a cell for the one that it shows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from functions.aging import aged_items, aging_by_customer, bucket_codes
from functions.credit import credit_by_customer
from functions.dates import date_of, day_of
from functions.discounts import unearned_discounts
from functions.dunning import Proposals, propose_reminders
from functions.exposure import unknown_orders
from functions.findings import all_findings
from functions.frames import Frame
from functions.issues import LEAVES_OUT
from functions.ladder import ladder_issues
from functions.ledger import Position
from functions.limitation import limitation_days, limitation_issues
from functions.position import BeforeLedger, ledger_position
from functions.promises import Promises, promises_to_pay
from workbook.bank_details import changed_bank_details
from workbook.issue import Issue
from workbook.periods.behind_the_lock import Located, as_known, changes_behind_locks
from workbook.periods.locks import Lock
from workbook.periods.log_faults import log_faults
from workbook.port import ReadableBook
from workbook.reading.rows import pandas_frame
from workbook.refusals import Refusal
from workbook.results.contract_bills import contract_bills
from workbook.results.duties import duty_findings
from workbook.results.ledger import TABLE_OF, FrameOf, WorkbookLedger, read_ledger
from workbook.results.left_out import LeftOut, left_out_rows

if TYPE_CHECKING:
    from workbook.letters.messages import Composed


class TooEarly(Refusal):
    """An as-of date before the ledger began."""

    def __init__(self, as_of: dt.date, starts: dt.date) -> None:
        super().__init__(
            f"The ledger starts on {starts} (ledger_starts_on in Settings): what was paid before is known only as a sum. "
            f"Choose an as-of date from {starts} on instead of {as_of}."
        )


class Run:
    """One reading of a ledger, and its figures as pandas frames with the rules' own columns, in a fixed order.

    ``frame_of`` and ``shares_cells`` as for ``read_ledger``. ``judges_all``: whether credit, discounts and letters are
    looked through for issues too, where the figure that is asked for does not rest on them. ``as_locked``: the lock whose
    figures those of ``known_on`` must be. What each figure holds is said
    where it is made, in functions/. Raises Refusal; TooEarly as soon as a figure is asked for.
    """

    def __init__(
        self,
        book: ReadableBook,
        *,
        as_of: dt.date,
        known_on: dt.date | None = None,
        frame_of: FrameOf = pandas_frame,
        shares_cells: bool = True,
        judges_all: bool = True,
    ) -> None:
        known_day = None if known_on is None else day_of(known_on)
        self.as_of = as_of
        self._judges_all = judges_all
        self._frame_of = frame_of
        self.source = read_ledger(
            book, as_of=day_of(as_of), known_on=known_day, frame_of=frame_of, shares_cells=shares_cells
        )
        self._changed_details = changed_bank_details(book) if judges_all else []
        self._behind_locks: Sequence[Located] = ()
        self.as_locked: Lock | None = None
        if judges_all and known_on is not None:
            known = as_known(book, self.source, as_of=as_of, known_on=known_on)
            self._behind_locks, self.as_locked = known.faults, known.lock
        elif judges_all:
            self._behind_locks = changes_behind_locks(book, self.source)
        self._log_faults = log_faults(book) if judges_all else []
        book.let_go()

    @property
    def base_currency(self) -> str:
        """The currency of every ``_base`` column and of the credit figures."""
        return self.source.policy.base_currency

    @property
    def bucket_codes(self) -> tuple[str, ...]:
        """The aging buckets of this ledger's settings."""
        return bucket_codes(self.source.policy.bucket_edges)

    @cached_property
    def position(self) -> Position:
        """What everything else is worked out from."""
        try:
            return ledger_position(self.source.ledger, policy=self.source.policy, as_of=day_of(self.as_of))
        except BeforeLedger as early:
            raise TooEarly(self.as_of, date_of(early.starts)) from early

    @cached_property
    def aging_frame(self) -> Frame:
        """The aging on the rules' own engine."""
        return aging_by_customer(self.position, policy=self.source.policy)

    @cached_property
    def proposals(self) -> Proposals:
        """The reminders on the rules' own engine."""
        return propose_reminders(
            self.source.ledger,
            self.position,
            policy=self.source.policy,
            message_prefix=f"{self.as_of:%Y%m%d}",
            promises=self.promises,
        )

    @cached_property
    def promises(self) -> Promises:
        """The promises to pay and what they hold, on the rules' own engine."""
        return promises_to_pay(self.source.ledger, self.position, policy=self.source.policy)

    @cached_property
    def open_items(self) -> pd.DataFrame:
        """Every open item with its age and its place on the ladder."""
        items = aged_items(self.position, policy=self.source.policy)
        items = items.join(self.proposals.states, on="item_id", how="inner")
        items = items.join(self._limits, on="item_id", how="inner")
        return in_order(items, "customer_id", "currency", "due_day", "item_id")

    @cached_property
    def _limits(self) -> Frame:
        """Until when each open item can be claimed."""
        return limitation_days(self.source.ledger, self.position, policy=self.source.policy)

    @cached_property
    def applications(self) -> pd.DataFrame:
        """Which receipt or credit paid which item."""
        return in_order(self.position.applications, "paid_day", "invoice_id", "item_id", "receipt_id", "step")

    @cached_property
    def unapplied(self) -> pd.DataFrame:
        """What each receipt and credit holds, and what of it is not used."""
        return in_order(self.position.unapplied, "customer_id", "currency", "source_day", "source_id")

    @cached_property
    def aging(self) -> pd.DataFrame:
        """A row a customer and currency."""
        return in_order(self.aging_frame, "customer_id", "currency")

    @cached_property
    def credit(self) -> pd.DataFrame:
        """A row a customer."""
        return in_order(self._credit[0], "customer_id")

    @cached_property
    def messages(self) -> pd.DataFrame:
        """The reminders to send."""
        return in_order(self.proposals.messages, "message_id")

    @cached_property
    def message_items(self) -> pd.DataFrame:
        """Their lines."""
        return in_order(self.proposals.items, "message_id", "due_day", "item_id")

    @cached_property
    def letters(self) -> Composed:
        """The reminders to send, in words."""
        from workbook.letters.composing import compose  # it reads a run

        return compose(self)

    @cached_property
    def held(self) -> pd.DataFrame:
        """The open items that are not reminded, each with its reason."""
        return in_order(self.proposals.held, "customer_id", "currency", "item_id")

    @cached_property
    def issues(self) -> tuple[Issue, ...]:
        """What is wrong: of the cells first, then what the rules found, then of the ladder and its letters."""
        findings = [self.position.issues]
        if self._judges_all:
            discounts = unearned_discounts(self.source.ledger, self.position, policy=self.source.policy)
            limits = limitation_issues(self.position, self._limits, policy=self.source.policy)
            orders = unknown_orders(self.source.ledger, as_of=day_of(self.as_of))
            findings += [self._credit[1], discounts, limits, orders]
            bills = contract_bills(self.source, as_of=day_of(self.as_of), frame_of=self._frame_of)
            findings += [] if bills is None else [bills.issues]
            duties = duty_findings(self.source, as_of=day_of(self.as_of), frame_of=self._frame_of)
            findings += [] if duties is None else [duties]
        found = to_pandas(all_findings(findings))
        of_details = (each.issue for each in self._changed_details)
        letters = self.letters.issues if self._judges_all else ()
        behind_locks = (issue for issue, _ in (*self._behind_locks, *self._log_faults))
        of_cells = (*self.source.issues, *_located(self.source, found), *_ladder_faults(self.source))
        return (*of_cells, *letters, *of_details, *behind_locks)

    @cached_property
    def issue_rows(self) -> tuple[tuple[int, str], ...]:
        """Of each issue, its row on the sheet and the key of that row."""
        details = [(each.row, each.key) for each in self._changed_details]
        details += [row for _, row in (*self._behind_locks, *self._log_faults)]
        others = self.issues[: len(self.issues) - len(details)]
        return (*(row_of(self.source, issue) for issue in others), *details)

    @cached_property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Every row that is left out of the figures, or that is asked for and not applied."""
        left_out = frozenset((issue.table, issue.row) for issue in self.issues if issue.code in LEAVES_OUT)
        return tuple(left_out_rows(self.source.tables, left_out))

    @cached_property
    def _credit(self) -> tuple[Frame, Frame]:
        return credit_by_customer(self.source.ledger, self.position, policy=self.source.policy)


def to_pandas(frame: Frame) -> pd.DataFrame:
    """The rows as a pandas frame, from whatever engine the rules ran on."""
    collected = frame.collect()
    if collected.implementation.is_pandas():
        native: pd.DataFrame = collected.to_native()
        return native
    return pandas_frame(
        {each.name: each.to_list() if each.dtype == nw.String else each.to_numpy() for each in collected.iter_columns()}
    )


def in_order(frame: Frame, *by: str) -> pd.DataFrame:
    """The rows as a pandas frame, sorted."""
    return to_pandas(frame).sort_values(list(by), kind="stable").reset_index(drop=True)


def _located(source: WorkbookLedger, found: pd.DataFrame) -> Iterable[Issue]:
    ordered = found.sort_values(["table", "row", "code"], kind="stable")
    for each in ordered.to_dict("records"):
        yield source.located(TABLE_OF[each["table"]], int(each["row"]), each["field"], each["code"])


def row_of(source: WorkbookLedger, issue: Issue) -> tuple[int, str]:
    """The row on the sheet that an issue stands in, and the key of that row."""
    raw, read = source.raws[issue.table], source.tables[issue.table]
    cells = [raw.columns[read.places[key]][issue.row] for key in read.table.key if key in read.places]
    return raw.first_row + issue.row, " / ".join("" if cell is None else str(cell) for cell in cells)


def _ladder_faults(source: WorkbookLedger) -> Iterable[Issue]:
    faulty = set(ladder_issues(source.policy.reminder_levels))
    if faulty:
        read = source.tables["ReminderLevels"]
        for row, level in zip(read.columns["row"], read.columns["level"], strict=True):
            if int(level) in faulty:
                yield source.located("ReminderLevels", int(row), "days_from_due", "ladder_not_increasing")
