"""What stands on the Entry sheet: read to be posted, and emptied when it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbook import labels
from workbook.editing.table_layout import places_of
from workbook.issue import cell_address
from workbook.labels import WORDS
from workbook.port import Book, Cell, RawTable
from workbook.posting.entry_form import FORM, WHAT
from workbook.posting.fields import Field
from workbook.posting.kinds import POSTINGS, Posting
from workbook.posting.refusals import EntryOfAnotherKind, EntrySaysNotWhat
from workbook.reading.cell_parsing import choice_lookup, folded, is_blank
from workbook.refusals import MissingColumn, MissingTable
from workbook.schema.entry import ENTRY


@dataclass(frozen=True)
class EntryToPost:
    """What is asked for: a posting and its fields. ``rows``: offsets of what is to be emptied, once it is posted."""

    posting: Posting
    fields: tuple[Field, ...]
    rows: tuple[int, ...]
    is_1904: bool = False


def posting_from_entry(book: Book, *, wanted: str = "", language: str) -> EntryToPost:
    """What the Entry sheet asks for. ``wanted``: what is to be posted, should its first row not say, and no other thing.

    Raises MissingTable, MissingColumn, DuplicateColumn; EntrySaysNotWhat, EntryOfAnotherKind.
    """
    raw = book.read_table(ENTRY.name)
    if raw is None:
        raise MissingTable(book.name, ENTRY.name)
    names, entries = _column(raw, "field"), _column(raw, "entry")
    faults = {row: fault for (row, place), fault in raw.faults.items() if place == places_of(raw, ENTRY)["entry"]}
    fields = {
        row: Field(str(name).strip(), cell, faults.get(row))
        for row, (name, cell) in enumerate(zip(names, entries, strict=True))
        if not is_blank(name)
    }
    whats = [row for row, field in fields.items() if folded(field.name) in _WHAT]
    said = next((fields[row] for row in whats if not fields[row].is_blank), None)
    posting = POSTINGS.get(wanted) if said is None else _named(said)
    if posting is None:
        at = whats[0] if whats else 0
        cell = cell_address(raw, at, places_of(raw, ENTRY)["entry"])
        raise EntrySaysNotWhat(cell, WHAT.in_language(language), [_words(each, language) for each in POSTINGS], language)
    if wanted and posting.name != wanted:
        raise EntryOfAnotherKind(_words(posting.name, language), _words(wanted, language), language)
    filled = tuple(row for row, field in fields.items() if row not in whats and not field.is_blank)
    return EntryToPost(posting, tuple(_meant(fields[row], posting) for row in filled), filled, raw.is_1904)


def clear_entry(book: Book, entry: EntryToPost) -> None:
    """Empty the values that were posted. What to post stays: the next one is often of the same sort."""
    book.update_rows(ENTRY, entry.rows, {"entry": [""] * len(entry.rows)})


_WHAT = {folded(each) for each in (WHAT.en, WHAT.zh, "what")}


_CODES = {folded(name): row.code for row in FORM if row.code for name in (row.label.en, row.label.zh)}


def _meant(field: Field, posting: Posting) -> Field:
    """The field under the column that the form means by it, for this posting."""
    return replace(field, name=posting.form.get(_CODES.get(folded(field.name), ""), field.name))


def _named(field: Field) -> Posting | None:
    lookup = choice_lookup(POSTINGS, WORDS)
    return POSTINGS.get(lookup.get(folded(str(field.cell)), ""))


def _words(name: str, language: str) -> str:
    return labels.words(name, language)


def _column(raw: RawTable, key: str) -> Sequence[Cell]:
    places = places_of(raw, ENTRY)
    if key not in places:
        raise MissingColumn(ENTRY.name, [key])
    return raw.columns[places[key]]
