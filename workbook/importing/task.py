"""The task: a file into the tables of a workbook. Every fault of structure is found before the first row is written."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from workbook.editing.table_layout import places_of
from workbook.importing.customer_history import Change, history_rows
from workbook.importing.destination import (
    Destination,
    destination_by_headers,
    destination_by_map,
    refuse_unreadable_constants,
    table_named,
    unmatched_headers,
)
from workbook.importing.existing import ExistingRows, existing_rows, refuse_missing_columns
from workbook.importing.known_currencies import context_of, with_currencies
from workbook.importing.last_seen import note_typed_changes, remember
from workbook.importing.lines import Lines, read_lines
from workbook.importing.mapping import ImportMap, read_map
from workbook.importing.refusals import NoDestination, RequiredColumnsMissing
from workbook.importing.result import ImportResult, TableResult
from workbook.importing.source import Source, read_bytes, read_source
from workbook.importing.unknown_orders import unknown_orders
from workbook.importing.upsert import Upsert, upsert
from workbook.issue import Issue
from workbook.log_chain import append_lines
from workbook.outcome import Outcome
from workbook.periods.entering import DATE_OF, days_of_rows, refuse_locked
from workbook.port import Book, Cell
from workbook.reading.cell_parsing import DateOrder, DecimalMark
from workbook.reading.context import ReadingContext
from workbook.schema import TABLES
from workbook.table import Table
from workbook.tasks.row_counts import counts_text


def import_file(
    book: Book,
    *,
    source: Path,
    ran_at: dt.datetime,
    table: str | None = None,
    map: Path | None = None,
    date_order: DateOrder | None = None,
    decimal: DecimalMark | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    by: str = "",
    reason: str = "",
    language: str | None = None,
) -> Outcome:
    """Import a file into one ``table``, or as a ``map`` says, and log the run if it changed anything.

    ``date_order`` and ``decimal`` say what is never guessed, whatever the map says. Raises Refusal, with nothing written.
    """
    if (table is None) == (map is None):
        raise NoDestination(source.name)
    into = read_map(map, TABLES) if map is not None else table_named(str(table), TABLES)
    result = None
    if isinstance(into, Table) and into.name == "BankStatement":
        result = _import_bank_file(book, source, encoding=encoding, ran_at=ran_at, by=by)
    if result is None:
        read = read_source(source, encoding=encoding, sheet=sheet)
        note_typed_changes(book, on=ran_at.date())
        take = _import_export if _has_bank_lines(into) else import_source
        result = take(book, read, into, date_order=date_order, decimal=decimal, ran_at=ran_at, by=by, reason=reason)
    if result.has_changes:
        remember(book)
        options = {
            "table": table,
            "map": map and map.name,
            "date-order": date_order,
            "decimal": decimal,
            "by": by,
            "reason": reason,
        }
        arguments = " ".join([result.source, *(f"--{name} {value}" for name, value in options.items() if value)])
        _log_run(book, result, arguments, ran_at=ran_at, digest=hashlib.sha256(source.read_bytes()).hexdigest())
    return Outcome(
        lines=tuple(result.lines(language or book.language)),
        summary=result.summary(),
        has_errors=result.has_errors,
        writes_book=result.has_changes,
    )


def _import_bank_file(
    book: Book, source: Path, *, encoding: str | None, ran_at: dt.datetime, by: str
) -> ImportResult | None:
    """A bank's own file (CAMT.053, MT940, OFX); None where it is none of them: a table then."""
    # Imported where used: whoever imports a CSV file waits for no reader of statements.
    from workbook.bank_files.reading import read_statements
    from workbook.bank_files.taking import import_statements

    found = read_statements(source, read_bytes(source), encoding=encoding)
    return None if found is None else import_statements(book, source.name, *found, ran_at=ran_at, by=by)


def _has_bank_lines(into: ImportMap | Table) -> bool:
    names = {each.table for each in into.tables} if isinstance(into, ImportMap) else {into.name}
    return "BankStatement" in names


def _import_export(book: Book, source: Source, into: ImportMap | Table, **options: Any) -> ImportResult:
    from workbook.bank_files.exports import import_export

    return import_export(book, source, into, **options)


def import_source(
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
    """Upsert the rows of a source into the tables of a book, which is not saved. Raises Refusal before a row is changed."""
    if isinstance(into, ImportMap):
        destinations = [destination_by_map(source, each, TABLES[each.table]) for each in into.tables]
        date_order, decimal = date_order or into.date_order, decimal or into.decimal
    else:
        destinations = [destination_by_headers(source, into)]
    context = context_of(book, date_order=date_order, decimal=decimal)
    for at, destination in enumerate(destinations):
        is_filled_before = any(each.table is destination.table for each in destinations[:at])
        _refuse_structure(book, source, destination, context, is_filled_before=is_filled_before)
    results: list[TableResult] = []
    issues: list[Issue] = []
    for destination in destinations:
        planned = _import_one(book, source, destination, context, ran_at=ran_at, by=by, reason=reason)
        results.append(planned.tally(destination.table))
        issues.extend(planned.issues)
    return ImportResult(
        source=source.name,
        described=source.described,
        tables=tuple(results),
        unmatched=unmatched_headers(source, destinations),
        issues=tuple(issues),
    )


def _refuse_structure(
    book: Book, source: Source, destination: Destination, context: ReadingContext, *, is_filled_before: bool
) -> None:
    """What makes every line of no use. Raises MissingColumn, DuplicateColumn, UnreadableConstant, RequiredColumnsMissing."""
    table = destination.table
    raw = book.read_table(table.name)
    refuse_missing_columns(raw, table, destination.keys)
    refuse_unreadable_constants(destination, context)
    missing = [key for key in table.required if key not in destination.keys]
    if missing and not is_filled_before and existing_rows(raw, table, (), context).is_empty:
        raise RequiredColumnsMissing(source.name, table.name, missing, source.headers)


def _import_one(
    book: Book,
    source: Source,
    destination: Destination,
    context: ReadingContext,
    *,
    ran_at: dt.datetime,
    by: str,
    reason: str,
) -> Upsert:
    """Plan one table and write what is planned. Tables imported before are read as they have become."""
    plan = plan_rows(book, source, destination, context)
    refuse_locked(book, destination.table, _dates(book, destination.table, plan.upsert), reason=reason)
    write_rows(book, destination.table, plan, Change(ran_at.date(), by, reason=f"import {source.name}"))
    return plan.upsert


def _dates(book: Book, table: Table, planned: Upsert) -> Iterator[Cell]:
    """The days of the rows that come and of those that change, as they are and as they will be."""
    if table.name not in DATE_OF:
        return
    asked = (DATE_OF[table.name], "receipt_id", "invoice_id")
    added = {key: planned.added[key] for key in asked if key in planned.added}
    new = ({key: cells[at] for key, cells in added.items()} for at in range(planned.added_count))
    yield from days_of_rows(book, table, new)
    raw = book.read_table(table.name)
    places = {} if raw is None else {key: place for key, place in places_of(raw, table).items() if key in asked}
    for update in planned.updates:
        assert raw is not None
        before = [{key: raw.columns[place][row] for key, place in places.items()} for row in update.rows]
        after = [{**row, **{key: cells[at] for key, cells in update.cells.items()}} for at, row in enumerate(before)]
        yield from days_of_rows(book, table, [*before, *after])


@dataclass(frozen=True)
class PlannedRows:
    """What the rows of a source would do to a table: ``upsert`` says what to write, ``context`` how they were read.

    ``lines`` as they were read, money in major units.
    """

    lines: Lines
    existing: ExistingRows
    upsert: Upsert
    context: ReadingContext


def plan_rows(book: Book, source: Source, destination: Destination, context: ReadingContext) -> PlannedRows:
    """Read the rows and match them with those that the book has. Nothing is written. Raises DuplicateColumn."""
    table = destination.table
    raw = book.read_table(table.name)
    context = with_currencies(context, book, destination)
    workbook_context = replace(context, date_order=None, decimal=None, is_1904=raw is not None and raw.is_1904)
    existing = existing_rows(raw, table, destination.keys, workbook_context)
    lines = read_lines(source, destination, replace(context, is_1904=source.is_1904))
    lines.flaws.extend(unknown_orders(book, lines))
    return PlannedRows(lines, existing, upsert(lines, existing, context, language=book.language), context)


def write_rows(book: Book, table: Table, plan: PlannedRows, change: Change) -> None:
    """Write what is planned. What becomes of a customer is kept in CustomerHistory."""
    planned = plan.upsert
    if table.name == "Customers" and planned.updates:
        book.append_rows(TABLES["CustomerHistory"], history_rows(table, plan.existing, planned, change))
    for update in planned.updates:
        book.update_rows(table, update.rows, update.cells)
    if planned.added_count:
        book.append_rows(table, planned.added)


def _log_run(book: Book, result: ImportResult, arguments: str, *, ran_at: dt.datetime, digest: str) -> None:
    """Append the run to RunLog. Its "rows read" are those of the ledger, which an import does not read: blank."""
    refused = {each.table: each.refused for each in result.tables if each.refused}
    append_lines(
        book,
        {
            "run_id": [f"{ran_at:%Y%m%d-%H%M%S-%f}-import"],
            "ran_at": [ran_at.isoformat(sep=" ", timespec="seconds")],
            "task": ["import"],
            "arguments": [arguments],
            "version": [version("duebook")],
            "rows_left_out": [counts_text(refused)],
            "totals": [json.dumps(result.summary()["tables"], separators=(",", ":"))],
            "file_hashes": ["; ".join(filter(None, (book.digest, digest)))],
        },
    )
