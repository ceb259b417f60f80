"""Add a table of ours to a workbook, on a sheet of its own."""

from __future__ import annotations

import datetime as dt

from workbook.outcome import Outcome
from workbook.port import Book
from workbook.posting.entry_form import form_rows
from workbook.refusals import Refusal
from workbook.results.report_words import said
from workbook.schema import TABLES
from workbook.schema.entry import ENTRY


class NoSuchTable(Refusal):
    """A table that Duebook does not know."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not a table of Duebook. The tables are: {', '.join(TABLES)}.")


def add_sheet(book: Book, *, table: str, ran_at: dt.datetime, language: str | None = None) -> Outcome:
    """Add the table, empty (a form: not yet filled in), unless it is there already. Raises NoSuchTable."""
    language = language or book.language
    by_folded = {name.casefold(): each for name, each in TABLES.items()}
    wanted = by_folded.get(table.casefold())
    if wanted is None:
        raise NoSuchTable(table)
    if book.read_table(wanted.name) is not None:
        return Outcome(lines=(f"{wanted.name} {said('already_there', language)}.",))
    book.add_table(wanted)
    if wanted.name == ENTRY.name:
        book.append_rows(wanted, form_rows(book.language))
    return Outcome(lines=(f"{said('added_sheet', language)}: {wanted.name}",), writes_book=True)
