"""What somebody typed to be posted, field by field, and which column of the table each is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from workbook.importing.destination import words_of_columns
from workbook.port import Cell, Fault
from workbook.posting.refusals import FieldTwice, NotAField, PartsDoNotPair, UnknownField
from workbook.reading.cell_parsing import folded, is_blank
from workbook.table import Table

_NEAR = 0.6  # of difflib's measure, where 1 is the same word


@dataclass(frozen=True)
class Field:
    """A value under the name that somebody gave it: a column's key, its header in either language, or a synonym."""

    name: str
    cell: Cell
    fault: Fault | None = None

    @property
    def is_blank(self) -> bool:
        """Nothing was typed; an error of Excel is not nothing."""
        return self.fault is None and is_blank(self.cell)


def typed_fields(texts: Iterable[str], *, language: str) -> list[Field]:
    """``["amount=100"]`` → its field. A value may hold further equals signs. Raises NotAField."""
    found = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise NotAField(text, language)
        found.append(Field(name.strip(), value))
    return found


def fields_by_column(fields: Sequence[Field], table: Table, *, language: str) -> dict[str, Field]:
    """Column key → its field; blank ones are left out. Raises UnknownField, which names the nearest column; FieldTwice."""
    (row,) = fields_by_row(fields, table, (), language=language)
    return row


def fields_by_row(
    fields: Sequence[Field], table: Table, parts: Sequence[str], *, language: str
) -> tuple[dict[str, Field], ...]:
    """Column key → its field, for each row: the first value of each column of ``parts`` belongs to the first row, the second
    to the second; any other column is given once, for all of them. Blank ones are left out.

    Raises UnknownField, which names the nearest column; FieldTwice; PartsDoNotPair.
    """
    key_of = words_of_columns(table)
    found: dict[str, list[Field]] = {}
    for field in fields:
        if field.is_blank:
            continue
        key = key_of.get(folded(field.name))
        if key is None:
            near = get_close_matches(folded(field.name), key_of, n=1, cutoff=_NEAR)
            raise UnknownField(field.name, table, key_of[near[0]] if near else "", language)
        if key in found and key not in parts:
            raise FieldTwice(found[key][0].name, field.name, table[key], language)
        found.setdefault(key, []).append(field)
    counts = {key: len(found[key]) for key in parts if key in found}
    if len(set(counts.values())) > 1:
        raise PartsDoNotPair(counts, language)
    rows = max(counts.values(), default=1)
    return tuple({key: given[row if key in parts else 0] for key, given in found.items()} for row in range(rows))
