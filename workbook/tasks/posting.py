"""Post a new row, or a plan with all its parts: judged like lines of an import and by the rules, credit checked first.

Looking is apart from doing: ``proposal`` says all that there is to say of a row and changes nothing, ``carry_out`` appends
it. In between somebody may have to say that it is meant all the same.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from functions.issues import ERROR
from functions.money import to_major_text
from workbook import labels
from workbook.importing.customer_history import Change
from workbook.importing.issue_texts import severity_of
from workbook.importing.known_currencies import settings_of
from workbook.importing.last_seen import note_typed_changes, remember
from workbook.importing.task import write_rows
from workbook.issue import Issue
from workbook.outcome import Outcome
from workbook.periods.entering import refuse_locked
from workbook.port import Book, Cell
from workbook.posting.entry_sheet import EntryToPost, clear_entry, posting_from_entry
from workbook.posting.fields import Field, typed_fields
from workbook.posting.judging import CreditAnswer, DuePart, Judgement, judged
from workbook.posting.kinds import POSTINGS, Posting
from workbook.posting.refusals import CreditDoubt, EntryTakesNoFields, RowIsWrong, issue_line
from workbook.posting.row import NewRows, Typed, new_rows
from workbook.posting.words import said
from workbook.reading.cell_parsing import DateOrder, DecimalMark, choice_lookup, folded
from workbook.schema import TABLES
from workbook.tasks.run_log import Run, append_run

ENTRY_SHEET = "entry"
"""The name under which what stands on the Entry sheet is posted."""


@dataclass(frozen=True)
class Declared:
    """Who says that it happens, who agreed, and why: taken down as told, not proved."""

    by: str = ""
    approved_by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Proposal:
    """A row that could be posted on ``as_of``, and what is to be said of it. Nothing is changed yet."""

    row: NewRows
    judgement: Judgement
    as_of: dt.date
    declared: Declared

    def doubt(self, language: str) -> CreditDoubt | None:
        """Why to ask before it is posted."""
        credit, reasons = self.judgement.credit, self.reasons
        if credit is None or not reasons:
            return None
        return CreditDoubt(
            [self._reason(each, credit, language) for each in reasons],
            reasons=reasons,
            missing_minor=credit.missing_minor,
            currency=credit.currency,
            language=language,
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """The codes of ``doubt``. Without a limit there is nothing that could be exceeded, whatever the rate."""
        credit = self.judgement.credit
        if credit is None:
            return ()
        return tuple(
            each for each in credit.reasons if each != "no_exchange_rate" or credit.headroom_after_minor is not None
        )

    def _reason(self, code: str, credit: CreditAnswer, language: str) -> str:
        is_of_group = code == "over_limit" and credit.head
        return said(
            f"group_{code}" if is_of_group else code,
            language,
            id=self.row.row_id,
            customer=self.judgement.customer_id,
            head=credit.head,
            missing=_amount(credit.missing_minor, credit.currency),
            currency=self.judgement.currency,
            days=credit.block_days,
        )

    def lines(self, language: str) -> list[str]:
        """What is posted, when it falls due, what headroom is left, and what deserves a look."""
        judgement = self.judgement
        told = [f"{self._posted(language)}{_due(judgement, language)}"]
        credit = judgement.credit
        if credit is not None:
            told.append(_headroom(judgement.customer_id, credit, language))
        if (doubt := self.doubt(language)) is not None:
            told.append(said("in_spite", language, why=doubt.why))
        return told + [_remark(each, self.row.posting, language) for each in self.remarks]

    def _posted(self, language: str) -> str:
        judgement, posting = self.judgement, self.row.posting
        if posting.changes:
            fields = ", ".join(posting.table[key].label.in_language(language) for key in self.changed_fields)
            code = "customer_added" if self.row.planned is None else "customer_changed" if fields else "customer_same"
            return said(code, language, id=self.row.row_id, fields=fields)
        kind = choice_lookup(posting.kinds, labels.WORDS).get(folded(str(self.row.first.get("kind", ""))))
        what = labels.words(kind or posting.name, language)
        values = {"what": what, "id": self.row.row_id, "customer": judgement.customer_id}
        if not judgement.currency:
            return said("posted_of", language, **values)
        return said("posted", language, **values, amount=_amount(judgement.amount_minor, judgement.currency))

    @property
    def changed_fields(self) -> tuple[str, ...]:
        """The columns that get another value, of a row that is there already."""
        planned = self.row.planned
        changed = {key for update in planned.upsert.updates for key in update.values} if planned else set()
        return tuple(key for key in self.row.posting.table.keys if key in changed)

    @property
    def changes_book(self) -> bool:
        """Whether there is anything to write."""
        return self.row.planned is None or bool(self.changed_fields)

    @property
    def remarks(self) -> tuple[Issue, ...]:
        """What is no reason not to post it: of the cells, and of the rules."""
        found = {(each.column, each.code): each for each in (*self.row.warnings, *self.judgement.remarks)}
        credit = self.judgement.credit
        if credit is not None and "no_exchange_rate" in credit.reasons and "no_exchange_rate" not in self.reasons:
            table, currency = self.row.posting.table_name, self.judgement.currency
            found["currency", "no_exchange_rate"] = Issue("no_exchange_rate", table, 0, "currency", "", currency)
        return tuple(found.values())

    @property
    def has_errors(self) -> bool:
        """It is posted, and some figure cannot be computed of it."""
        return any(severity_of(each.code) == ERROR for each in self.remarks)

    def summary(self) -> dict[str, object]:
        """For machines. Amounts are decimal strings in major units, None where the row has none."""
        judgement, credit = self.judgement, self.judgement.credit
        told: dict[str, object] = {
            "posted": self.row.posting.name,
            "as_of": self.as_of.isoformat(),
            "id": self.row.row_id,
            "customer_id": judgement.customer_id,
            "currency": judgement.currency,
            "amount": to_major_text(judgement.amount_minor, judgement.currency) if judgement.currency else None,
            "due": [
                {"due_date": part.due.isoformat(), "amount": to_major_text(part.amount_minor, judgement.currency)}
                for part in judgement.parts
            ],
            "warnings": [{"column": each.column, "code": each.code} for each in self.remarks],
        }
        if self.row.posting.changes:
            told["changed"] = list(self.changed_fields)
        if credit is not None:
            after = credit.headroom_after_minor
            told["credit"] = {
                "currency": credit.currency,
                "headroom": None if after is None else to_major_text(after, credit.currency),
                "missing": to_major_text(credit.missing_minor, credit.currency),
                "in_spite_of": list(self.reasons),
            }
        return told


def post(
    book: Book,
    *,
    what: str,
    ran_at: dt.datetime,
    fields: Sequence[str] = (),
    as_of: dt.date | None = None,
    date_order: DateOrder | None = None,
    decimal: DecimalMark | None = None,
    by: str = "",
    approved_by: str = "",
    reason: str = "",
    yes: bool = False,
    language: str | None = None,
) -> Outcome:
    """Post ``what``, by its name in ``POSTINGS``, from ``fields`` as FIELD=VALUE; or ``entry``, what the Entry sheet holds.

    ``as_of`` is the day of posting, the run's own if left out. ``yes``: post it although the credit check says no.
    Raises CreditDoubt otherwise, and Refusal, with nothing changed.
    """
    language = language or book.language
    declared = Declared(by or settings_of(book).user_name, approved_by, reason)
    if what == ENTRY_SHEET:
        if fields:
            raise EntryTakesNoFields(str(fields[0]), language)
        return post_entry(book, ran_at=ran_at, as_of=as_of, declared=declared, yes=yes, language=language)
    planned = proposal(
        book,
        POSTINGS[what.replace("-", "_")],
        typed_fields(fields, language=language),
        typed=Typed(date_order, decimal),
        as_of=as_of or ran_at.date(),
        declared=declared,
        language=language,
    )
    return carry_out(book, planned, ran_at=ran_at, yes=yes, language=language)


def post_entry(
    book: Book,
    *,
    ran_at: dt.datetime,
    wanted: str = "",
    as_of: dt.date | None = None,
    declared: Declared = Declared(),
    yes: bool = False,
    language: str | None = None,
) -> Outcome:
    """Post what the Entry sheet holds, and empty it. ``wanted``: "invoice" or "receipt", for who means only that.

    Raises CreditDoubt unless ``yes``, and Refusal, with nothing changed.
    """
    language = language or book.language
    entry = posting_from_entry(book, wanted=wanted, language=language)
    planned = proposal(
        book,
        entry.posting,
        entry.fields,
        typed=Typed(is_1904=entry.is_1904),
        as_of=as_of or ran_at.date(),
        declared=declared,
        language=language,
    )
    return carry_out(book, planned, ran_at=ran_at, yes=yes, language=language, entry=entry)


def proposal(
    book: Book,
    posting: Posting,
    fields: Sequence[Field],
    *,
    as_of: dt.date,
    typed: Typed,
    declared: Declared = Declared(),
    language: str,
) -> Proposal:
    """The rows that could be posted, judged. Raises RowIsWrong, AlreadyThere, and every other Refusal but CreditDoubt."""
    stamps: dict[str, Cell] = {"entered_on": as_of, "entered_by": declared.by, "approved_by": declared.approved_by}
    rows = new_rows(book, posting, fields, stamps, typed, posted_on=as_of, language=language)
    if posting.date_key:
        dates = [row.get(posting.date_key) for row in rows.rows]
        refuse_locked(book, posting.table, dates, reason=declared.reason)
    judgement = judged(book, rows, as_of=as_of, language=language)
    if judgement.wrong:
        table = posting.table
        raise RowIsWrong(table.label.in_language(language), table, judgement.wrong, language)
    return Proposal(rows.with_id(judgement.row_id), judgement, as_of, declared)


def carry_out(
    book: Book,
    planned: Proposal,
    *,
    ran_at: dt.datetime,
    yes: bool = False,
    language: str,
    entry: EntryToPost | None = None,
) -> Outcome:
    """Append the rows or change the one that is there, empty the Entry sheet they came from, log the run.

    Raises CreditDoubt unless ``yes``.
    """
    doubt = planned.doubt(language)
    if doubt is not None and not yes:
        raise doubt
    told = planned.lines(language)
    changes = planned.row.planned
    note_typed_changes(book, on=ran_at.date())
    if changes is None:
        book.append_rows(TABLES[planned.row.posting.table_name], planned.row.columns)
    elif planned.changes_book:
        declared = planned.declared
        change = Change(ran_at.date(), declared.by, declared.approved_by, declared.reason or "post")
        write_rows(book, planned.row.posting.table, changes, change)
    else:
        return Outcome(lines=tuple(told), summary=planned.summary())
    remember(book)
    if entry is not None:
        clear_entry(book, entry)
        told.append(said("entry_is_empty", language))
    _log(book, planned, ran_at=ran_at, is_confirmed=doubt is not None, is_from_entry=entry is not None)
    return Outcome(lines=tuple(told), summary=planned.summary(), has_errors=planned.has_errors, writes_book=True)


def _log(book: Book, planned: Proposal, *, ran_at: dt.datetime, is_confirmed: bool, is_from_entry: bool) -> None:
    declared, judgement = planned.declared, planned.judgement
    options = {"approved-by": declared.approved_by, "reason": declared.reason}
    given = [
        planned.row.posting.name, planned.row.row_id, *(["(Entry)"] if is_from_entry else []),
        *(f"--{name} {value}" for name, value in options.items() if value), *(["--yes"] if is_confirmed else []),
    ]  # fmt: skip
    run = Run("post", ran_at=ran_at, as_of=planned.as_of, by=declared.by, what=" ".join(given))
    currency = judgement.currency
    totals = {currency: to_major_text(judgement.amount_minor, currency)} if currency else {}
    append_run(book, run, totals=json.dumps(totals, separators=(",", ":")) if totals else None)


def _amount(minor: int, currency: str) -> str:
    return f"{currency} {to_major_text(minor, currency)}"


def _due(judgement: Judgement, language: str) -> str:
    """When it falls due: behind a comma, each part with its amount where there are several."""
    days = [_due_day(part, language) for part in judgement.parts]
    if len(days) > 1:
        amounts = [_amount(part.amount_minor, judgement.currency) for part in judgement.parts]
        days = [said("due_part", language, amount=amount, due=day) for amount, day in zip(amounts, days, strict=True)]
    joint = "，" if language.startswith("zh") else ", "
    return "".join(f"{joint}{day}" for day in days)


def _due_day(part: DuePart, language: str) -> str:
    code = "due" if part.due == part.contractual else "due_by_terms"
    return said(code, language, day=part.due, contractual=part.contractual)


def _headroom(customer: str, credit: CreditAnswer, language: str) -> str:
    if credit.headroom_after_minor is None:
        return said("unlimited", language, customer=customer)
    amount = _amount(credit.headroom_after_minor, credit.currency)
    code = "headroom_of_group" if credit.head else "headroom"
    return said(code, language, customer=customer, head=credit.head, amount=amount)


def _remark(issue: Issue, posting: Posting, language: str) -> str:
    severity = labels.words(severity_of(issue.code), language)
    return f"{severity}: {issue_line(issue, posting.table, language)}"
