"""Where the columns of a table stand: ours, wherever staff moved them to, and theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from workbook.labels import bucket_words
from workbook.port import RawTable
from workbook.reading.cell_parsing import folded
from workbook.reading.headers import match_headers
from workbook.table import Table


@dataclass(frozen=True)
class Layout:
    """The columns that a table has from now on. No column ever moves: formulas elsewhere may name its cells by address.

    ``headers``: all of them, those that are new at the right. ``place_of``: the place of each key of ours. ``cleared``:
    places of columns that are nobody's any more. Every other column is staff's own.
    """

    headers: tuple[str, ...]
    place_of: dict[str, int]
    cleared: frozenset[int]

    @property
    def staff_places(self) -> list[int]:
        """Where staff's own columns stand."""
        ours = {*self.place_of.values(), *self.cleared}
        return [place for place in range(len(self.headers)) if place not in ours]


def places_of(raw: RawTable, table: Table) -> dict[str, int]:
    """Column key → its place among the headers, for the columns that are there. Raises DuplicateColumn."""
    optional = tuple(replace(column, is_required=False) for column in table.columns)
    return match_headers(raw, replace(table, columns=optional), {})


def layout_of(raw: RawTable, table: Table, language: str) -> Layout:
    """Columns of ours that are missing are added at the right.

    The buckets of other edges, left by an earlier run, are nobody's: missing buckets take their places, in order, and what
    is left over of them is cleared of its stale amounts. Raises DuplicateColumn.
    """
    place_of = places_of(raw, table)
    taken = set(place_of.values())
    is_former = "not_due" in table
    former = [at for at, header in enumerate(raw.headers) if is_former and at not in taken and _names_a_bucket(header)]
    headers = list(raw.headers)
    for key in table.keys:
        if key in place_of:
            continue
        label = table[key].label.in_language(language)
        if former and _names_a_bucket(label):
            place_of[key] = former.pop(0)
            headers[place_of[key]] = label
        else:
            place_of[key] = len(headers)
            headers.append(label)
    return Layout(tuple(headers), place_of, frozenset(former))


def _names_a_bucket(header: str) -> bool:
    """Whether a header is the code or the name of an aging bucket, whatever its edges."""
    days = re.findall("[0-9]+", header)
    if len(days) > 2:
        return False
    codes = ("not_due",) if not days else (f"over_{days[0]}", f"d{days[0]}_{days[-1]}")
    names = {folded(name) for code in codes for name in (code, bucket_words(code).en, bucket_words(code).zh)}
    return folded(header) in names
