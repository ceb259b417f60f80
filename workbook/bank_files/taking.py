"""The statements of a bank's file into BankStatement and BankBalances, upserted like any import: twice changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from functions.dates import date_of, day_of
from functions.money import exponent, to_major_text
from workbook.bank_files.new_parts import new_parts
from workbook.bank_files.refusals import DoesNotFollow, LineChanged
from workbook.bank_files.statement import Statement
from workbook.importing.destination import destination_by_headers
from workbook.importing.known_currencies import context_of
from workbook.importing.result import ImportResult
from workbook.importing.source import Source
from workbook.importing.task import PlannedRows, import_source, plan_rows
from workbook.port import Book, Cell
from workbook.schema.bank import BANK_STATEMENT
from workbook.schema.reference import BANK_BALANCES
from workbook.table import Table

_FIXED = frozenset({"account", "booked_on", "currency", "amount", "opening", "closing"})
"""What never changes of a line, or of a statement, that a bank has booked."""


def import_statements(
    book: Book, name: str, kind: str, statements: Sequence[Statement], *, ran_at: dt.datetime, by: str = ""
) -> ImportResult:
    """Add the lines and the balances that the book does not have. Raises LineChanged, DoesNotFollow, and what
    ``import_source`` raises, before a row is written.
    """
    lines = _lines(name, kind, statements)
    planned = _planned(book, lines, BANK_STATEMENT)
    refuse_changes(name, planned)
    statements = _new(book, name, kind, statements, {str(each) for (each,) in planned.existing.by_key})
    balances = balances_source(name, kind, statements)
    refuse_gaps(book, name, balances, statements)
    taken = import_source(book, lines, BANK_STATEMENT, ran_at=ran_at, decimal="point", by=by)
    return taken.joined(import_source(book, balances, BANK_BALANCES, ran_at=ran_at, decimal="point", by=by))


def _new(book: Book, name: str, kind: str, statements: Sequence[Statement], known: set[str]) -> list[Statement]:
    """Of statements that are a download of any span of days: what of them is new. The others are whole or not at all."""
    existing = _planned(book, balances_source(name, kind, statements), BANK_BALANCES).existing.values
    read_until: dict[object, dt.date] = {}
    for account, day in zip(existing.get("account", ()), existing.get("to_date", ()), strict=True):
        if day is not None:
            read_until[account] = max(date_of(int(day)), read_until.get(account, dt.date.min))
    found: list[Statement] = []
    for each in statements:
        found += new_parts(each, known, read_until=read_until.get(each.account)) if each.is_download else [each]
    return found


def _planned(book: Book, source: Source, table: Table) -> PlannedRows:
    return plan_rows(book, source, destination_by_headers(source, table), context_of(book, decimal="point"))


def refuse_changes(name: str, plan: PlannedRows) -> None:
    """What a bank booked does not change. Raises LineChanged."""
    changed = {row for update in plan.upsert.updates if _FIXED & update.values.keys() for row in update.rows}
    if changed:
        key = "line_id" if "line_id" in plan.existing.values else "statement_id"
        raise LineChanged(name, [str(plan.existing.values[key][row]) for row in sorted(changed)])


def refuse_gaps(book: Book, name: str, balances: Source, statements: Sequence[Statement]) -> None:
    """A statement that begins the day after another of its account opens with the closing balance of that one.

    ``balances``: ``balances_source`` of the statements. Raises DoesNotFollow, LineChanged.
    """
    plan = _planned(book, balances, BANK_BALANCES)
    refuse_changes(name, plan)
    known = plan.existing.values
    columns = [known[key] for key in ("account", "currency", "to_date", "statement_id", "closing")] if known else []
    ends = {
        (account, currency, day): (str(number), closing)
        for account, currency, day, number, closing in zip(*columns, strict=True)
    }
    for each in statements:
        before = ends.get((each.account, each.currency, day_of(each.from_date) - 1))
        assert each.opening_minor is not None
        opening = each.opening_minor / 10 ** exponent(each.currency)  # as plain values are
        if before is not None and before[1] != opening:
            until = each.from_date - dt.timedelta(days=1)
            raise DoesNotFollow(name, each.statement_id, str(opening), before[0], str(before[1]), until)


def _source(name: str, kind: str, rows: dict[str, list[Cell]]) -> Source:
    count = len(next(iter(rows.values())))
    return Source(name, kind, tuple(rows), tuple(rows.values()), range(1, count + 1))


def _lines(name: str, kind: str, statements: Sequence[Statement]) -> Source:
    pairs = [(statement, line) for statement in statements for line in statement.lines]
    return _source(
        name,
        kind,
        {
            "line_id": [line.line_id for _, line in pairs],
            "account": [statement.account for statement, _ in pairs],
            "statement_id": [statement.statement_id for statement, _ in pairs],
            "booked_on": [line.booked_on for _, line in pairs],
            "currency": [statement.currency for statement, _ in pairs],
            "amount": [to_major_text(line.amount_minor, statement.currency) for statement, line in pairs],
            "counterparty": [line.counterparty for _, line in pairs],
            "reference": [line.reference for _, line in pairs],
            "remittance": [line.remittance for _, line in pairs],
        },
    )


def balances_source(name: str, kind: str, statements: Sequence[Statement]) -> Source:
    """The rows of BankBalances."""
    return _source(
        name,
        kind,
        {
            "account": [each.account for each in statements],
            "statement_id": [each.statement_id for each in statements],
            "currency": [each.currency for each in statements],
            "from_date": [each.from_date for each in statements],
            "to_date": [each.to_date for each in statements],
            "opening": [to_major_text(each.opening_minor or 0, each.currency) for each in statements],
            "closing": [to_major_text(each.closing_minor, each.currency) for each in statements],
        },
    )
