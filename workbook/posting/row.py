"""One row as an import would read it, with what was left blank filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from functions.issues import ERROR
from workbook import labels
from workbook.editing.table_layout import places_of
from workbook.importing.destination import Destination
from workbook.importing.existing import refuse_missing_columns
from workbook.importing.issue_texts import severity_of
from workbook.importing.known_currencies import context_of
from workbook.importing.source import Source
from workbook.importing.task import plan_rows
from workbook.issue import Issue, cell_address
from workbook.port import Book, Cell
from workbook.posting.fields import Field, fields_by_column
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
class NewRow:
    """``cells``: column → the cell to write, blank ones left out. ``typed``: what the fields held, to be shown again."""

    posting: Posting
    cells: Mapping[str, Cell]
    warnings: tuple[Issue, ...] = ()
    typed: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def row_id(self) -> str:
        """The number of the document."""
        return str(self.cells[self.posting.id_key])

    @property
    def columns(self) -> dict[str, list[Cell]]:
        """To append."""
        return {key: [cell] for key, cell in self.cells.items()}


def new_row(
    book: Book, posting: Posting, fields: Sequence[Field], stamps: Mapping[str, Cell], typed: Typed, *, language: str
) -> NewRow:
    """The row that the fields describe; blank fields of it get the kind's default, the currency, and ``stamps``.

    Raises UnknownField, FieldTwice, NothingGiven, MissingTable, MissingColumn; RowIsWrong with every issue that an import
    would name; AlreadyThere for an id that the table has.
    """
    table = posting.table
    given = fields_by_column(fields, table, language=language)
    if not given:
        raise NothingGiven(table, language)
    raw = book.read_table(table.name)
    if raw is None:
        raise MissingTable(book.name, table.name)
    refuse_missing_columns(raw, table, given)
    source, destination = _as_a_file(posting, table, given, typed)
    context = context_of(book, date_order=typed.date_order, decimal=typed.decimal)
    planned = plan_rows(book, source, destination, context)
    issues = list(planned.upsert.issues)
    wrong = [each for each in issues if severity_of(each.code) == ERROR]
    named = {each.column for each in wrong}
    # An import names one missing column at a time; who types one row wants to know them all.
    wrong += [
        Issue("blank_required", table.name, 0, key, "", "")
        for key in table.required
        if key not in given and key not in named
    ]
    if wrong:
        raise RowIsWrong(table.label.in_language(language), table, wrong, language)
    if not planned.upsert.added_count:
        at = planned.upsert.target_rows[0]
        place = places_of(raw, table)[posting.id_key]
        raise AlreadyThere(str(given[posting.id_key].cell), table, cell_address(raw, at, place), language)
    cells = {key: values[0] for key, values in planned.upsert.added.items()}
    customer = str(cells["customer_id"])
    own_currency = planned.context.customer_currency.get(customer) or planned.context.base_currency
    kind = labels.words(posting.kinds[0], book.language) if posting.kinds else None
    places = places_of(raw, table)
    filled = {"kind": kind, "currency": own_currency, **stamps}
    cells |= {key: cell for key, cell in filled.items() if cell and key in places and cells.get(key) is None}
    return NewRow(posting, cells, tuple(issues), {key: each.cell for key, each in given.items()})


def _as_a_file(posting: Posting, table: Table, given: Mapping[str, Field], typed: Typed) -> tuple[Source, Destination]:
    """The fields as a file of one line, whose headers are the columns' own keys."""
    source = Source(
        name=posting.name,
        described="",
        headers=tuple(given),
        columns=tuple((each.cell,) for each in given.values()),
        lines=[1],
        faults={(0, place): each.fault for place, each in enumerate(given.values()) if each.fault is not None},
        is_1904=typed.is_1904,
    )
    return source, Destination(table, {key: place for place, key in enumerate(given)})
