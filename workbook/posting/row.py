"""New rows as an import would read them, with what was left blank filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from functions.issues import ERROR
from workbook import labels
from workbook.editing.planned_edits import empty_table
from workbook.editing.table_layout import places_of
from workbook.importing.destination import Destination
from workbook.importing.existing import refuse_missing_columns
from workbook.importing.issue_texts import severity_of
from workbook.importing.known_currencies import context_of
from workbook.importing.source import Source
from workbook.importing.task import PlannedRows, plan_rows
from workbook.issue import Issue, cell_address
from workbook.port import Book, Cell, RawTable
from workbook.posting.fields import Field, fields_by_row
from workbook.posting.kinds import Posting
from workbook.posting.refusals import AlreadyThere, NothingGiven, RowIsWrong
from workbook.reading.cell_parsing import DateOrder, DecimalMark
from workbook.refusals import MissingTable
from workbook.table import Table


@dataclass(frozen=True)
class Typed:
    """How what was typed is meant: what is never guessed, and from which day a bare number counts dates."""

    date_order: DateOrder | None = None
    decimal: DecimalMark | None = None
    is_1904: bool = False


@dataclass(frozen=True)
class NewRows:
    """``rows``: column → the cell to write, blank ones left out; all with the same columns. ``planned``: what an import
    would do, where a row that is there already is changed by it instead (then ``rows`` are as typed).
    """

    posting: Posting
    rows: tuple[Mapping[str, Cell], ...]
    warnings: tuple[Issue, ...] = ()
    planned: PlannedRows | None = None

    @property
    def first(self) -> Mapping[str, Cell]:
        """The row, where it is one; of several, what they have in common is the same in each."""
        return self.rows[0]

    @property
    def row_id(self) -> str:
        """The number of the document; "" where it is still to be given."""
        return str(self.first.get(self.posting.id_key) or "")

    @property
    def columns(self) -> dict[str, list[Cell]]:
        """To append."""
        return {key: [row[key] for row in self.rows] for key in self.first}

    def with_id(self, row_id: str) -> NewRows:
        """The rows under the id that a run would know them by, unless they have one."""
        if self.row_id or not row_id:
            return self
        return replace(self, rows=tuple({self.posting.id_key: row_id, **row} for row in self.rows))


def new_rows(
    book: Book,
    posting: Posting,
    fields: Sequence[Field],
    stamps: Mapping[str, Cell],
    typed: Typed,
    *,
    posted_on: dt.date,
    language: str,
) -> NewRows:
    """The rows that the fields describe; blank fields get the day of posting, the kind, the currency, and ``stamps``.

    Raises UnknownField, FieldTwice, PartsDoNotPair, NothingGiven, and what ``rows_given`` raises.
    """
    given = fields_by_row(fields, posting.table, posting.parts, language=language)
    if not given[0]:
        raise NothingGiven(posting.table, language)
    if posting.is_dated_today and posting.date_key not in given[0]:
        given = tuple({**row, posting.date_key: Field(posting.date_key, posted_on)} for row in given)
    return rows_given(book, posting, given, stamps, typed, language=language)


def rows_given(
    book: Book,
    posting: Posting,
    given: Sequence[Mapping[str, Field]],
    stamps: Mapping[str, Cell],
    typed: Typed,
    *,
    language: str,
) -> NewRows:
    """The rows of these fields by column, each with the same columns; blank ones get the kind, the currency, ``stamps``.

    Raises MissingTable, MissingColumn; RowIsWrong with every issue that an import would name; AlreadyThere for an id that
    the table has.
    """
    table = posting.table
    raw = book.read_table(table.name)
    if raw is None:
        if table.is_core:
            raise MissingTable(book.name, table.name)
        raw = empty_table(table, book.language)  # its sheet comes with its first row
    refuse_missing_columns(raw, table, given[0])
    source, destination = _as_a_file(posting, table, given, typed)
    planned = plan_rows(book, source, destination, context_of(book, date_order=typed.date_order, decimal=typed.decimal))
    _refuse_what_is_wrong(raw, posting, table, given, planned, language)
    upsert = planned.upsert
    if posting.changes and not upsert.added_count:
        rows = tuple({key: each.cell for key, each in row.items()} for row in given)
        return NewRows(posting, rows, tuple(upsert.issues), planned)
    added = [{key: values[at] for key, values in upsert.added.items()} for at in range(len(given))]
    places = places_of(raw, table)
    filled = [_filled(book, posting, planned, row, stamps) for row in added]
    keys = [key for key in table.keys if key in places and any(row.get(key) for row in (*added, *filled))]
    rows = tuple(
        {key: more.get(key) if row.get(key) is None else row[key] for key in keys}
        for row, more in zip(added, filled, strict=True)
    )
    return NewRows(posting, rows, tuple(upsert.issues))


def _refuse_what_is_wrong(
    raw: RawTable, posting: Posting, table: Table, given: Sequence[Mapping[str, Field]], planned: PlannedRows, language: str
) -> None:
    upsert = planned.upsert
    wrong = [each for each in upsert.issues if severity_of(each.code) == ERROR]
    named = {each.column for each in wrong}
    # An import names one missing column at a time; who types one row wants to know them all.
    is_change = posting.changes and bool(upsert.target_rows)
    wrong += [
        Issue("blank_required", table.name, 0, key, "", "")
        for key in table.required
        if key not in given[0] and key not in named and not is_change
    ]
    if wrong:
        raise RowIsWrong(table.label.in_language(language), table, wrong, language)
    if upsert.target_rows and not posting.changes:
        at = upsert.target_rows[0]
        keys = table.key if posting.id_key in given[0] else table.key_without_id
        row_id = " / ".join(str(given[0][key].cell) for key in keys if key in given[0])
        raise AlreadyThere(row_id, table, cell_address(raw, at, places_of(raw, table)[posting.id_key]), language)


def _filled(
    book: Book, posting: Posting, planned: PlannedRows, row: Mapping[str, Cell], stamps: Mapping[str, Cell]
) -> dict[str, Cell]:
    """What blank cells of a new row become."""
    filled = dict(stamps)
    if posting.kinds:
        filled["kind"] = labels.words(posting.kinds[0], book.language)
    if {"customer_id", "currency"} <= set(posting.table.keys) and not posting.changes:
        context = planned.context
        own = context.customer_currency.get(str(row["customer_id"])) or context.base_currency
        # Customers are looked up for amounts only: in a row without one, blank says the same.
        filled["currency"] = own if context.customer_currency else None
    return filled


def _as_a_file(
    posting: Posting, table: Table, given: Sequence[Mapping[str, Field]], typed: Typed
) -> tuple[Source, Destination]:
    """The fields as a file of a line a row, whose headers are the columns' own keys."""
    keys = tuple(given[0])
    faults: dict[tuple[int, int], Any] = {
        (at, place): row[key].fault
        for at, row in enumerate(given)
        for place, key in enumerate(keys)
        if row[key].fault is not None
    }
    source = Source(
        name=posting.name,
        described="",
        headers=keys,
        columns=tuple(tuple(row[key].cell for row in given) for key in keys),
        lines=list(range(1, len(given) + 1)),
        faults=faults,
        is_1904=typed.is_1904,
    )
    return source, Destination(table, {key: place for place, key in enumerate(keys)})
