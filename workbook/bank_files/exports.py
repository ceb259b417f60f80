"""A bank's export as a table (CSV or a sheet): its lines like any import, and its running balance proved and kept.

The balances become rows of BankBalances, as far as they are new.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from functions.dates import date_of
from functions.money import exponent, to_major_text
from workbook.bank_files.in_and_out import with_one_amount
from workbook.bank_files.new_parts import new_parts
from workbook.bank_files.refusals import BalanceBreaks
from workbook.bank_files.running_balance import BookedLine, Proof, prove
from workbook.bank_files.statement import Statement, StatementLine, date_span
from workbook.bank_files.taking import balances_source, refuse_changes, refuse_gaps
from workbook.importing.destination import destination_by_headers, destination_by_map, words_of_columns
from workbook.importing.known_currencies import context_of
from workbook.importing.mapping import ImportMap, TableMap
from workbook.importing.result import ImportResult, Note
from workbook.importing.source import Source
from workbook.importing.task import PlannedRows, import_source, plan_rows
from workbook.port import Book, Cell
from workbook.reading.cell_parsing import DateOrder, DecimalMark, folded
from workbook.reading.context import ReadingContext
from workbook.schema.bank import BANK_STATEMENT
from workbook.schema.reference import BANK_BALANCES
from workbook.table import Table

_PROVED_BY = ("account", "booked_on", "amount", "balance")


def import_export(
    book: Book,
    source: Source,
    into: ImportMap | Table,
    *,
    ran_at: dt.datetime,
    date_order: DateOrder | None = None,
    decimal: DecimalMark | None = None,
    by: str = "",
    reason: str = "",
) -> ImportResult:
    """``import_source`` of a file with bank lines; then the balances that its running balance proves, or the word
    that it has none.

    Raises BalanceBreaks, LineChanged, DoesNotFollow, and what ``import_source`` raises, before a row is written.
    """
    if isinstance(into, Table):
        amount = BANK_STATEMENT["amount"]
        source = with_one_amount(source, (amount.key, amount.label.en, amount.label.zh, *amount.synonyms))
    else:
        date_order, decimal = date_order or into.date_order, decimal or into.decimal
    context = context_of(book, date_order=date_order, decimal=decimal)
    if _gives_balances_without_ids(source, into):
        source, into = _with_column(source, into, "line_id", list(map(str, source.lines)))
        ids = _derived_ids(_proved(source, _plan(book, source, into, context)))
        source, into = _with_column(source, into, "line_id", [ids.get(at, "") for at in range(len(source))])
    plan = _plan(book, source, into, context)
    refuse_changes(source.name, plan)
    proved = _proved(source, plan)
    known = {str(each) for (each,) in plan.existing.by_key}
    statements = [part for each in proved for part in new_parts(each.statement(), known)]
    balances = balances_source(source.name, source.described, statements)
    if statements:
        refuse_gaps(book, source.name, balances, statements)
    result = import_source(book, source, into, ran_at=ran_at, date_order=date_order, decimal=decimal, by=by, reason=reason)
    notes = tuple(each.note() for each in proved) or (Note("not_proved"),)
    if not statements:
        return replace(result, notes=notes)
    return replace(
        result.joined(import_source(book, balances, BANK_BALANCES, ran_at=ran_at, decimal="point", by=by)), notes=notes
    )


def _plan(book: Book, source: Source, into: ImportMap | Table, context: ReadingContext) -> PlannedRows:
    if isinstance(into, Table):
        destination = destination_by_headers(source, into)
    else:
        destination = destination_by_map(source, _of_lines(into), BANK_STATEMENT)
    return plan_rows(book, source, destination, context)


def _of_lines(into: ImportMap) -> TableMap:
    return next(each for each in into.tables if each.table == BANK_STATEMENT.name)


def _gives_balances_without_ids(source: Source, into: ImportMap | Table) -> bool:
    """Whether the bank numbers no line, and its balances can tell one line from another."""
    if isinstance(into, Table):
        key_of = words_of_columns(into)
        given = {key_of.get(folded(header)) for header in source.headers}
    else:
        given = {*_of_lines(into).columns, *_of_lines(into).constants}
    return "balance" in given and "line_id" not in given


def _with_column(
    source: Source, into: ImportMap | Table, key: str, cells: Sequence[Cell]
) -> tuple[Source, ImportMap | Table]:
    """The source with a column of ours behind its own, or instead of one put there before; a map takes it from there."""
    width = len(source.headers) - (source.headers[-1:] == (key,))
    taken = replace(source, headers=(*source.headers[:width], key), columns=(*source.columns[:width], cells))
    if isinstance(into, Table):
        return taken, into
    tables = tuple(
        replace(each, columns={**each.columns, key: key}) if each.table == BANK_STATEMENT.name else each
        for each in into.tables
    )
    return taken, replace(into, tables=tables)


def _derived_ids(proved: Iterable[_ProvedLines]) -> dict[int, str]:
    """Row of the source → an id that another export gives the same line too: account, day, amount and balance after it.

    Only money that went out and came back the same day makes two alike; these are counted.
    """
    found: dict[int, str] = {}
    for each in proved:
        seen: Counter[str] = Counter()
        for at, line in enumerate(each.proof.lines):
            amounts = (to_major_text(minor, each.currency) for minor in (line.amount, each.proof.closing(at)))
            line_id = "/".join((each.account, f"{date_of(line.day):%Y%m%d}", *amounts))
            seen[line_id] += 1
            found[each.rows[line.place]] = line_id if seen[line_id] == 1 else f"{line_id}/{seen[line_id]}"
    return found


@dataclass(frozen=True)
class _ProvedLines:
    """The lines of an account on a statement, proved.

    By place: ``line_ids``, ``rows`` of the source.
    """

    account: str
    currency: str
    statement_id: str
    proof: Proof
    line_ids: Sequence[str]
    rows: Sequence[int]

    def note(self) -> Note:
        """What was proved, for the console."""
        lines = self.proof.lines
        opening, closing = self.proof.before[0], self.proof.closing(len(lines) - 1)
        return Note(
            "proved",
            {
                "account": f"{self.account} {self.currency}",
                "count": len(lines),
                "opening": to_major_text(opening, self.currency),
                "closing": to_major_text(closing, self.currency),
            },
        )

    def statement(self) -> Statement:
        """All of it, in the order in which it was booked."""
        lines = tuple(
            StatementLine("", date_of(each.day), each.amount, "", "", "", "", self.line_ids[each.place])
            for each in self.proof.lines
        )
        first, last = date_span([line.booked_on for line in lines])
        return Statement(
            account=self.account,
            statement_id=self.statement_id,
            currency=self.currency,
            from_date=first,
            to_date=last,
            opening_minor=self.proof.before[0],
            closing_minor=self.proof.closing(len(lines) - 1),
            lines=lines,
        )


def _proved(source: Source, plan: PlannedRows) -> list[_ProvedLines]:
    """Each account's lines, those without a balance left out. Raises BalanceBreaks."""
    lines = plan.lines
    columns = {key: lines.column(key) for key in ("line_id", "account", "statement_id", "booked_on", "currency")}
    money = [lines.column(key) for key in ("amount", "balance")]
    unreadable = {at for at, key, _ in lines.flaws if key in _PROVED_BY and at in lines.refused()}
    of_account: dict[tuple[str, str, str], list[BookedLine]] = defaultdict(list)
    seen: set[tuple[object, ...]] = set()
    for at, (line_id, account, statement_id, day, currency) in enumerate(zip(*columns.values(), strict=True)):
        amount, balance = (column[at] for column in money)
        row = (line_id, account, statement_id, day, amount, balance)
        # The same line twice in the file is one, with a warning (RULES §12); one that cannot be read is an issue of its own.
        if row in seen or account is None or day is None or amount is None or at in unreadable:
            continue
        seen.add(row)
        code = str(currency or plan.context.base_currency)
        scale = 10 ** exponent(code)
        minor = [None if each is None else round(float(each) * scale) for each in (amount, balance)]
        assert minor[0] is not None
        of_account[str(account), code, str(statement_id or "")].append(BookedLine(at, int(day), minor[0], minor[1]))
    found = []
    for (account_id, code, number), booked in sorted(of_account.items()):
        proof = prove(booked)
        if proof is None:
            continue
        if proof.broken is not None:
            raise _refusal(source, plan, proof, code, unreadable)
        ids = [str(each or "") for each in columns["line_id"]]
        found.append(_ProvedLines(account_id, code, number, proof, ids, lines.rows))
    return found


def _refusal(source: Source, plan: PlannedRows, proof: Proof, currency: str, unreadable: set[int]) -> BalanceBreaks:
    broken = proof.broken
    assert broken is not None
    before = broken.place if broken.before is None else broken.before
    between = [at for at in unreadable if min(before, broken.place) < at < max(before, broken.place)]
    amounts = (broken.expected, broken.found, broken.found - broken.expected)
    return BalanceBreaks(
        source.place(plan.lines.rows[broken.place]),
        [to_major_text(each, currency) for each in amounts],
        currency,
        source.place(plan.lines.rows[min(between)]) if between else "",
    )
