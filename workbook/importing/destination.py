"""Where a file's columns go: matched by their headers, or as a map says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from functions.issues import ERROR
from workbook.importing.columns import read_amounts, read_others
from workbook.importing.issue_texts import severity_of, text_of_issue
from workbook.importing.mapping import TableMap
from workbook.importing.refusals import (
    HeadersMeetInOneColumn,
    HeaderTwice,
    NothingMatches,
    NotImportable,
    RequiredColumnsMissing,
    UnknownHeader,
    UnreadableConstant,
)
from workbook.importing.source import Source
from workbook.port import Cell
from workbook.reading.cell_parsing import folded, is_blank
from workbook.reading.context import ReadingContext
from workbook.table import Owner, Table


@dataclass(frozen=True)
class Destination:
    """``places`` are our column → its place in the file. Rows blank at ``skip_place`` are not for this table."""

    table: Table
    places: Mapping[str, int]
    constants: Mapping[str, Cell] = field(default_factory=dict)
    is_unique: bool = False
    skip_place: int | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that get values, in the table's order."""
        return tuple(key for key in self.table.keys if key in self.places or key in self.constants)

    @property
    def used_places(self) -> set[int]:
        """The columns of the file that serve."""
        return set(self.places.values()) | ({self.skip_place} if self.skip_place is not None else set())


def table_named(name: str, tables: Mapping[str, Table]) -> Table:
    """The table that staff keep under this name or label, in either language. Raises NotImportable."""
    importable = [table for table in tables.values() if table.owner is Owner.USER]
    for table in importable:
        if folded(name) in {folded(each) for each in (table.name, table.label.en, table.label.zh)}:
            return table
    raise NotImportable(name, [table.name for table in importable])


def destination_by_headers(source: Source, table: Table) -> Destination:
    """Each header is a column's key, its label in either language or one of its synonyms; case, width, spaces and hyphens
    do not matter. Raises HeadersMeetInOneColumn, NothingMatches, RequiredColumnsMissing.
    """
    key_of = words_of_columns(table)
    places: dict[str, int] = {}
    for place, header in enumerate(source.headers):
        key = key_of.get(folded(header))
        if key is None:
            continue
        if key in places:
            raise HeadersMeetInOneColumn(source.name, source.titled(places[key]), source.titled(place), table.name, key)
        places[key] = place
    if not places:
        raise NothingMatches(source.name, table.name, source.headers, [column.label.en for column in table.columns])
    return _with_its_key(source, Destination(table, places))


def destination_by_map(source: Source, table_map: TableMap, table: Table) -> Destination:
    """As the map says. Raises UnknownHeader, HeaderTwice, RequiredColumnsMissing."""
    skip = table_map.skip_when_blank
    destination = Destination(
        table=table,
        places={key: _place(source, header, table) for key, header in table_map.columns.items()},
        constants=table_map.constants,
        is_unique=table_map.is_unique,
        skip_place=_place(source, skip, table) if skip else None,
    )
    return _with_its_key(source, destination)


def unmatched_headers(source: Source, destinations: Iterable[Destination]) -> tuple[str, ...]:
    """The headers whose columns go nowhere; a column with values and without a header is named by its letter."""
    used = {place for destination in destinations for place in destination.used_places}
    return tuple(
        header or source.titled(place)
        for place, header in enumerate(source.headers)
        if place not in used and (header or not all(map(is_blank, source.columns[place])))
    )


def refuse_unreadable_constants(destination: Destination, context: ReadingContext) -> None:
    """A constant that no cell of its column could be would refuse every line. Raises UnreadableConstant."""
    table = destination.table
    cells = {key: [value] for key, value in destination.constants.items()}
    flaws = read_others(table, cells, context).flaws
    read_amounts(table, cells, {}, flaws, context, count=1)
    for _, key, code in flaws:
        # How many decimals an amount may have depends on the line.
        if severity_of(code) == ERROR and code != "too_many_decimals":
            what_to_do = text_of_issue(code).what_to_do.en
            raise UnreadableConstant(table.name, key, destination.constants[key], what_to_do)


def words_of_columns(table: Table) -> dict[str, str]:
    """Folded header → key. A column's own words come before synonyms, which no two columns share (a test of the schema)."""
    own = {folded(column.key): column.key for column in table.columns}
    for column in table.columns:
        own.setdefault(folded(column.label.en), column.key)
        own.setdefault(folded(column.label.zh), column.key)
    words = {folded(synonym): column.key for column in table.columns for synonym in column.synonyms} | own
    words.pop("", None)
    return words


def _place(source: Source, header: str, table: Table) -> int:
    """Where their header stands: as written, else whatever its case, width and spaces."""
    for wanted, found in ((header.strip(), source.headers), (folded(header), tuple(map(folded, source.headers)))):
        places = [place for place, each in enumerate(found) if each == wanted]
        if len(places) > 1:
            raise HeaderTwice(source.name, header, [source.titled(place) for place in places])
        if places:
            return places[0]
    raise UnknownHeader(source.name, header, table.name, source.headers)


def _with_its_key(source: Source, destination: Destination) -> Destination:
    """The destination, if its rows can be known at all: by their key, or by what stands for a blank id."""
    table, given = destination.table, set(destination.keys)
    ways = [table.key] if not table.key_without_id else [table.key_without_id, table.key]
    needed = [[key for key in way if table[key].is_required or way == table.key == (key,)] for way in ways]
    missing = [[key for key in way if key not in given] for way in needed]
    if all(missing):
        raise RequiredColumnsMissing(source.name, table.name, missing[0], source.headers)
    return destination
