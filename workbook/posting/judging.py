"""What the rules say of rows before they are posted: are they of use, when do they fall due, does the credit bear them.

They are asked of the ledger as it would be with the rows in it, so that a row that is posted is one that counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import narwhals as nw

from functions.dates import date_of, day_of
from functions.document_check import REASONS, check_documents
from functions.documents import Documents, resolve_documents
from functions.frames import NO_MINOR, Frame
from functions.groups import effective_groups
from functions.issues import LEAVES_OUT
from functions.ledger import Ledger, Position
from functions.open_items import schedule_items
from functions.position import ledger_position
from workbook.editing.planned_edits import appended, empty_table, updated
from workbook.issue import Issue
from workbook.package.edits import AppendRows
from workbook.port import Book, RawTable
from workbook.posting.refusals import NotWhatIsOpen, SpoilsAnotherRow
from workbook.posting.row import NewRows
from workbook.results.ledger import FRAME_OF, TABLE_OF, WorkbookLedger, read_ledger
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
    """``wrong``: what keeps a row out of the ledger; ``remarks``: what else the rules say of it.

    ``row_id``: what a run knows the row by, where it was typed without an id. ``amount_minor`` is in ``currency``, "" where
    the row has no amount; of a plan, what its parts sum to.
    """

    wrong: tuple[Issue, ...]
    remarks: tuple[Issue, ...] = ()
    customer_id: str = ""
    currency: str = ""
    amount_minor: int = 0
    parts: tuple[DuePart, ...] = ()
    credit: CreditAnswer | None = None
    row_id: str = ""


def judged(book: Book, new: NewRows, *, as_of: dt.date, language: str) -> Judgement:
    """The rows as the ledger of this day would have them; of their own day where that is later.

    Raises TooEarly; SpoilsAnotherRow, NotWhatIsOpen.
    """
    posting = new.posting
    own_date = new.first.get(posting.date_key)
    date = max(as_of, own_date) if isinstance(own_date, dt.date) else as_of
    day = day_of(date)
    trial = BookWithRows(book, new)
    source = read_ledger(trial, as_of=day)
    if day < source.policy.ledger_starts_day:
        raise TooEarly(date, date_of(source.policy.ledger_starts_day))
    found = list(_of_the_cells(source, new, trial.rows))
    documents = resolve_documents(source.ledger, policy=source.policy, as_of=day)
    before: Position | None = None
    if posting.asks_of_others:
        after = ledger_position(source.ledger, policy=source.policy, as_of=day)
        before = ledger_position(
            without_rows(source.ledger, posting.table_name, trial.rows), policy=source.policy, as_of=day
        )
        spoiled = _spoiled(source, before, after, new, trial.rows)
        found += _of_the_rules(after.issues, new, trial.rows)
    else:
        spoiled = []
        found += _of_the_rules(documents.issues, new, trial.rows)
    found += _unknown_references(source, new, trial.rows)
    issues = list(dict.fromkeys(found))
    wrong = tuple(each for each in issues if each.code in LEAVES_OUT)
    if wrong:
        return Judgement(wrong)
    if spoiled:
        raise SpoilsAnotherRow(_id_of(source, new, trial.rows[0]), spoiled, language)
    told = _told(source, new, trial.rows)
    if before is not None:
        _refuse_other_than_open(before, told, new, language)
    return replace(
        told,
        remarks=tuple(issues),
        parts=_due_parts(source, documents, new, trial.rows, day),
        credit=_credit(source, posting.table_name, trial.rows[0], day) if posting.uses_credit else None,
    )


class BookWithRows:
    """A book as it would be with rows more, or changed, to be read. ``rows``: the offsets of those rows in their table."""

    def __init__(self, book: Book, new: NewRows) -> None:
        self._book, self._table = book, new.posting.table
        raw = book.read_table(self._table.name) or empty_table(self._table, book.language)
        if new.planned is not None:
            self.rows = list(new.planned.upsert.target_rows)
            for update in new.planned.upsert.updates:
                raw = updated(raw, self._table, update.rows, update.cells).after
            self._after = raw
            return
        plan = appended(raw, self._table, new.columns)
        assert plan is not None
        assert isinstance(plan.edit, AppendRows)
        self._after = plan.after
        self.rows = list(range(plan.edit.at, plan.edit.at + len(new.rows)))

    @property
    def name(self) -> str:
        """The file name, for messages."""
        return self._book.name

    @property
    def folder(self) -> Path | None:
        """Where the book lies."""
        return self._book.folder

    def table_names(self) -> tuple[str, ...]:
        """The tables of the book, and the one that the rows are for."""
        return (*self._book.table_names(), self._table.name)

    def let_go(self) -> None:
        """What the book beneath keeps."""
        self._book.let_go()

    def read_table(self, name: str) -> RawTable | None:
        """The table as it would be."""
        return self._after if name.casefold() == self._table.name.casefold() else self._book.read_table(name)


def _of_the_cells(source: WorkbookLedger, new: NewRows, rows: list[int]) -> Iterable[Issue]:
    """What reading finds wrong with the rows, with the values as they were typed."""
    name = new.posting.table_name
    for each in source.issues:
        if each.table == name and each.row in rows:
            yield _issue(new, rows, each.row, each.column, each.code)


def _of_the_rules(issues: Frame, new: NewRows, rows: list[int]) -> Iterable[Issue]:
    """What the rules find wrong with the rows."""
    frame = FRAME_OF[new.posting.table_name]
    own = issues.filter(nw.col("table") == frame, nw.col("row").is_in(rows))
    for row, column, code in rows_of_frame(own, "row", "field", "code"):
        yield _issue(new, rows, row, column, code)


_REFERENCES: Mapping[str, tuple[str, str]] = {
    "customer_id": ("Customers", "unknown_customer"),
    "invoice_id": ("Invoices", "unknown_invoice"),
    "order_id": ("Orders", "unknown_order"),
}


def _unknown_references(source: WorkbookLedger, new: NewRows, rows: list[int]) -> Iterable[Issue]:
    """What no rule of the ledger asks of a contract, an order, an activity or a customer: are those it names known?"""
    posting = new.posting
    for key, (table, code) in _REFERENCES.items():
        if key in posting.table and table != posting.table_name and (named := new.first.get(key)):
            if table == "Orders" and not len(source.tables.get(table, ())):
                continue  # nobody keeps orders here: the id is somebody else's
            read = source.tables[posting.table_name]
            found = [value for row, value in zip(read.columns["row"], read.columns[key], strict=True) if int(row) in rows]
            if not set(found) <= set(source.tables[table].columns[key]) and named:
                yield _issue(new, rows, rows[0], key, code)
    terms = new.first.get("payment_terms") if posting.table_name in ("Customers", "Contracts") else None
    if terms and str(terms) not in {each.terms_id for each in source.policy.payment_terms}:
        yield _issue(new, rows, rows[0], "payment_terms", "unknown_payment_terms")


def _issue(new: NewRows, rows: list[int], row: int, column: str, code: str) -> Issue:
    return Issue(code, new.posting.table_name, 0, column, "", new.rows[rows.index(row)].get(column))


def _spoiled(source: WorkbookLedger, before: Position, after: Position, new: NewRows, rows: list[int]) -> list[Issue]:
    """Other rows that count without the new ones, and would not with them."""
    known, found = (
        {each for each in rows_of_frame(position.issues, "table", "row", "field", "code") if each[3] in LEAVES_OUT}
        for position in (before, after)
    )
    own = FRAME_OF[new.posting.table_name]
    return [
        source.located(TABLE_OF[table], row, column, code)
        for table, row, column, code in sorted(found - known)
        if not (table == own and row in rows)
    ]


def without_rows(ledger: Ledger, table_name: str, rows: list[int]) -> Ledger:
    """The ledger as it is without some rows of a table."""
    name = FRAME_OF[table_name]
    frame: Frame = getattr(ledger, name)
    return replace(ledger, **{name: frame.filter(~nw.col("row").is_in(rows))})


def _id_of(source: WorkbookLedger, new: NewRows, row: int) -> str:
    return new.row_id or source.tables[new.posting.table_name].filled_ids.get(row, "")


def _told(source: WorkbookLedger, new: NewRows, rows: list[int]) -> Judgement:
    """Whose the rows are, and what they come to."""
    posting = new.posting
    read = source.tables[posting.table_name]
    places = [place for place, row in enumerate(read.columns["row"]) if int(row) in rows]
    own = {name: [column[place] for place in places] for name, column in read.columns.items()}
    customer, currency = own.get("customer_id"), own.get("currency")
    if customer is None or currency is None:
        documents = source.tables["Invoices"].columns
        at = (
            list(documents["invoice_id"]).index(own["invoice_id"][0])
            if "invoice_id" in own and own["invoice_id"][0]
            else None
        )
        customer = customer if customer is not None or at is None else [documents["customer_id"][at]]
        currency = currency if currency is not None or at is None else [documents["currency"][at]]
    minors = [int(each) for each in own.get("amount_minor", [])]
    has_amount = bool(minors) and NO_MINOR not in minors and currency is not None
    return Judgement(
        wrong=(),
        customer_id=str(customer[0]) if customer else "",
        currency=str(currency[0]) if has_amount and currency else "",
        amount_minor=sum(minors) if has_amount else 0,
        row_id=_id_of(source, new, rows[0]),
    )


def _refuse_other_than_open(before: Position, told: Judgement, new: NewRows, language: str) -> None:
    """A plan is for what is open, no write-off for more; a refund pays back what is unapplied. Raises NotWhatIsOpen."""
    name = new.posting.name
    match name:
        case "plan" | "write_off":
            source_id = str(new.first["invoice_id"])
            left = sum(
                minor for (minor,) in rows_of_frame(before.items.filter(nw.col("invoice_id") == source_id), "open_minor")
            )
        case "refund":
            source_id = str(new.first["related_id"])
            held = before.unapplied.filter(nw.col("source_id") == source_id)
            left = sum(minor for (minor,) in rows_of_frame(held, "unapplied_minor"))
        case _:
            return
    asked = told.amount_minor
    if asked > left or (name == "plan" and asked != left):
        rule = {"plan": "plan_is_not_what_is_open", "write_off": "write_off_over_open", "refund": "refund_over_unapplied"}
        raise NotWhatIsOpen(
            rule[name], told.row_id, source_id, asked_minor=asked, left_minor=left, currency=told.currency,
            language=language,
        )  # fmt: skip


def _due_parts(source: WorkbookLedger, documents: Documents, new: NewRows, rows: list[int], day: int) -> tuple[DuePart, ...]:
    """When an invoice falls due, by its terms; a plan, as it says."""
    match new.posting.table_name:
        case "Invoices":
            own = documents.invoices.filter(nw.col("row").is_in(rows))
            items = schedule_items(own, source.ledger.repayment_plans, policy=source.policy, as_of=day).items
            parts = sorted(rows_of_frame(items, "part", "amount_minor", "due_day", "contractual_due_day"))
            return tuple(DuePart(amount, date_of(due), date_of(contractual)) for _, amount, due, contractual in parts)
        case "RepaymentPlans":
            own = source.ledger.repayment_plans.filter(nw.col("row").is_in(rows))
            planned = sorted(rows_of_frame(own, "due_day", "amount_minor"))
            return tuple(DuePart(amount, date_of(due), date_of(due)) for due, amount in planned)
    return ()


def _credit(source: WorkbookLedger, table_name: str, at: int, day: int) -> CreditAnswer:
    """The document against what its customer, or its customer's group, has left without it."""
    ledger, policy = source.ledger, source.policy
    frame: Frame = getattr(ledger, FRAME_OF[table_name])
    own = frame.filter(nw.col("row") == at)
    if table_name == "Orders":
        own = own.with_columns(document_id=nw.col("order_id"), order_id=nw.lit("", dtype=nw.String))
    else:
        own = own.with_columns(document_id=nw.col("invoice_id"))
    others = without_rows(ledger, table_name, [at])
    before = ledger_position(others, policy=policy, as_of=day)
    check = check_documents(own, others, before, policy=policy)
    ((customer, missing, after),) = rows_of_frame(check.answers, "customer_id", "missing_minor", "headroom_after_minor")
    reasons = {reason for (reason,) in rows_of_frame(check.reasons, "reason")}
    groups, _ = effective_groups(ledger.customers)
    ((head,),) = rows_of_frame(groups.filter(nw.col("customer_id") == customer), "group_id")
    return CreditAnswer(
        currency=policy.base_currency,
        missing_minor=int(missing),
        headroom_after_minor=None if after == NO_MINOR else int(after),
        reasons=tuple(each for each in REASONS if each in reasons),
        head=str(head),
        block_days=policy.overdue_block_days,
    )


def rows_of_frame(frame: Frame, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of a frame of few rows, as tuples of plain values."""
    found = to_pandas(frame.select(*columns))
    return list(zip(*(found[column].tolist() for column in columns), strict=True))
