"""What the rules say of a row before it is posted: is it of use, when does it fall due, does the customer's credit bear it.

They are asked of the ledger as it would be with the row in it, so that a row that is posted is one that counts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from functions.dates import date_of, day_of
from functions.document_check import REASONS, check_documents
from functions.documents import Documents, resolve_documents
from functions.frames import NO_MINOR, Frame
from functions.groups import effective_groups
from functions.issues import LEAVES_OUT
from functions.open_items import schedule_items
from functions.position import ledger_position
from workbook.editing.planned_edits import appended
from workbook.issue import Issue
from workbook.package.edits import AppendRows
from workbook.port import Book, RawTable
from workbook.posting.row import NewRow
from workbook.refusals import MissingTable
from workbook.results.ledger import FRAME_OF, WorkbookLedger, read_ledger
from workbook.results.run import TooEarly, to_pandas


@dataclass(frozen=True)
class DuePart:
    """A part of a document and when it falls due; ``contractual`` is the day before it was moved to a working day."""

    amount_minor: int
    due: dt.date
    contractual: dt.date


@dataclass(frozen=True)
class CreditAnswer:
    """The check of RULES §7, in ``currency``, the base currency. ``reasons`` not to post, gravest first.

    ``headroom_after_minor`` is None without a limit. ``head``: whose limit it is where it is a group's, else "".
    """

    currency: str
    missing_minor: int
    headroom_after_minor: int | None
    reasons: tuple[str, ...]
    head: str = ""
    block_days: int = 0


@dataclass(frozen=True)
class Judgement:
    """``wrong``: what keeps the row out of the ledger; ``remarks``: what else the rules say of it."""

    wrong: tuple[Issue, ...]
    remarks: tuple[Issue, ...] = ()
    customer_id: str = ""
    currency: str = ""
    amount_minor: int = 0
    parts: tuple[DuePart, ...] = ()
    credit: CreditAnswer | None = None


def judged(book: Book, row: NewRow, *, as_of: dt.date) -> Judgement:
    """The row as the ledger of this day would have it; of the document's own day where that is later. Raises TooEarly."""
    document_date = row.cells[row.posting.date_key]
    assert isinstance(document_date, dt.date)
    trial = _BookWithRow(book, row)
    date = max(as_of, document_date)
    day = day_of(date)
    source = read_ledger(trial, as_of=day)
    if day < source.policy.ledger_starts_day:
        raise TooEarly(date, date_of(source.policy.ledger_starts_day))
    documents = resolve_documents(source.ledger, policy=source.policy, as_of=day)
    issues = _issues_of(source, documents, row, trial.at)
    wrong = tuple(each for each in issues if each.code in LEAVES_OUT)
    if wrong:
        return Judgement(wrong)
    read = source.tables[row.posting.table_name]
    place = list(read.columns["row"]).index(trial.at)
    uses_credit = row.posting.uses_credit
    return Judgement(
        wrong=(),
        remarks=tuple(issues),
        customer_id=str(read.columns["customer_id"][place]),
        currency=str(read.columns["currency"][place]),
        amount_minor=int(read.columns["amount_minor"][place]),
        parts=_due_parts(source, documents, trial.at, day) if uses_credit else (),
        credit=_credit(source, trial.at, day) if uses_credit else None,
    )


class _BookWithRow:
    """A book as it would be with a row more, to be read. ``at``: the offset of that row in its table."""

    def __init__(self, book: Book, row: NewRow) -> None:
        self._book, self._table = book, row.posting.table
        raw = book.read_table(self._table.name)
        plan = None if raw is None else appended(raw, self._table, row.columns)
        if plan is None:
            raise MissingTable(book.name, self._table.name)
        assert isinstance(plan.edit, AppendRows)
        self._after, self.at = plan.after, plan.edit.at

    @property
    def name(self) -> str:
        """The file name, for messages."""
        return self._book.name

    def table_names(self) -> tuple[str, ...]:
        """The tables of the book."""
        return self._book.table_names()

    def let_go(self) -> None:
        """What the book beneath keeps."""
        self._book.let_go()

    def read_table(self, name: str) -> RawTable | None:
        """The table as it would be."""
        return self._after if name.casefold() == self._table.name.casefold() else self._book.read_table(name)


def _issues_of(source: WorkbookLedger, documents: Documents, row: NewRow, at: int) -> list[Issue]:
    """What reading and the rules of documents find wrong with the row, with the values as they were typed."""
    name = row.posting.table_name
    found = [(each.column, each.code) for each in source.issues if (each.table, each.row) == (name, at)]
    of_rules = documents.issues.filter(nw.col("table") == FRAME_OF[name], nw.col("row") == at)
    found += _rows(of_rules, "field", "code")
    return [Issue(code, name, at, column, "", row.cells.get(column)) for column, code in dict.fromkeys(found)]


def _due_parts(source: WorkbookLedger, documents: Documents, at: int, day: int) -> tuple[DuePart, ...]:
    own = documents.invoices.filter(nw.col("row") == at)
    items = schedule_items(own, source.ledger.repayment_plans, policy=source.policy, as_of=day).items
    parts = sorted(_rows(items, "part", "amount_minor", "due_day", "contractual_due_day"))
    return tuple(DuePart(amount, date_of(due), date_of(contractual)) for _, amount, due, contractual in parts)


def _credit(source: WorkbookLedger, at: int, day: int) -> CreditAnswer:
    """The document against what its customer, or its customer's group, has left without it."""
    ledger, policy = source.ledger, source.policy
    own = ledger.invoices.filter(nw.col("row") == at).with_columns(document_id=nw.col("invoice_id"))
    others = replace(ledger, invoices=ledger.invoices.filter(nw.col("row") != at))
    before = ledger_position(others, policy=policy, as_of=day)
    check = check_documents(own, others, before, policy=policy)
    ((customer, missing, after),) = _rows(check.answers, "customer_id", "missing_minor", "headroom_after_minor")
    reasons = {reason for (reason,) in _rows(check.reasons, "reason")}
    groups, _ = effective_groups(ledger.customers)
    ((head,),) = _rows(groups.filter(nw.col("customer_id") == customer), "group_id")
    return CreditAnswer(
        currency=policy.base_currency,
        missing_minor=int(missing),
        headroom_after_minor=None if after == NO_MINOR else int(after),
        reasons=tuple(each for each in REASONS if each in reasons),
        head=str(head),
        block_days=policy.overdue_block_days,
    )


def _rows(frame: Frame, *columns: str) -> list[tuple[Any, ...]]:
    found = to_pandas(frame.select(*columns))
    return list(zip(*(found[column].tolist() for column in columns), strict=True))
