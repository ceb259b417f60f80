"""Which column of a sheet is which column of ours: by key or by label in either language, in any order."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.issue import cell_address
from workbook.port import RawTable
from workbook.reading.cell_parsing import folded
from workbook.refusals import DuplicateColumn, MissingColumn
from workbook.table import Table


def match_headers(raw: RawTable, table: Table, synonyms: Mapping[str, str]) -> dict[str, int]:
    """Column key → its place among ``raw.headers``, in the table's order. Case, width, spaces and underscores do not matter.

    ``synonyms``: further header → key; one counts only where no header has the column's own name. Raises MissingColumn,
    DuplicateColumn.
    """
    headers = [folded(header) for header in raw.headers]
    own = _own_names(table)
    others = {folded(header): key for header, key in synonyms.items() if key in table}
    places = _places([own.get(header) for header in headers], raw, table)
    further = [None if header in own else others.get(header) for header in headers]
    places |= _places([key if key not in places else None for key in further], raw, table)
    missing = [key for key in table.required if key not in places]
    if missing:
        raise MissingColumn(table.name, missing)
    return {key: places[key] for key in table.keys if key in places}


def _own_names(table: Table) -> dict[str, str]:
    names = {folded(column.key): column.key for column in table.columns}
    for column in table.columns:
        names.setdefault(folded(column.label.en), column.key)
        names.setdefault(folded(column.label.zh), column.key)
    names.pop("", None)
    return names


def _places(keys: list[str | None], raw: RawTable, table: Table) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, key in enumerate(keys):
        if key is None:
            continue
        if key in places:
            twice = [cell_address(raw, -1, each) for each in (places[key], place)]
            raise DuplicateColumn(table.name, raw.headers[place], twice)
        places[key] = place
    return places
