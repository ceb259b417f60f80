"""A map: how another program's file is spread over our tables, as staff write it once in TOML.

::

    date_order = "dmy"                   # and decimal = "comma": what may not be guessed

    [[table]]
    name = "Receipts"
    columns = { receipt_id = "invoiceNumber", receipt_date = "SettledDate" }   # our column = their header
    constants = { currency = "USD" }     # the same in every row
    unique = true                        # many lines, one row a key
    skip_when_blank = "SettledDate"      # lines without it are not for this table
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from workbook.importing.refusals import MapFault, UnreadableMap
from workbook.port import Cell
from workbook.reading.cell_parsing import DateOrder, DecimalMark
from workbook.table import Owner, Table

_MAP_KEYS = ("date_order", "decimal", "table")
_TABLE_KEYS = ("name", "columns", "constants", "unique", "skip_when_blank")


@dataclass(frozen=True)
class TableMap:
    """What of a file goes to one table: ``columns`` are our key → their header, ``constants`` our key → a value."""

    table: str
    columns: Mapping[str, str]
    constants: Mapping[str, Cell] = field(default_factory=dict)
    is_unique: bool = False
    skip_when_blank: str = ""


@dataclass(frozen=True)
class ImportMap:
    """The tables in the order of the map, which is the order they are filled in."""

    tables: tuple[TableMap, ...]
    date_order: DateOrder | None = None
    decimal: DecimalMark | None = None


def read_map(path: Path, tables: Mapping[str, Table]) -> ImportMap:
    """The map in a file. Raises UnreadableMap, and MapFault where it names what ``tables`` do not have."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableMap(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise UnreadableMap(path, "it is not UTF-8 text") from error
    return parse_map(text, tables, name=path.name)


def parse_map(text: str, tables: Mapping[str, Table], *, name: str) -> ImportMap:
    """The map in a text; ``name`` is what messages call it. Raises UnreadableMap, MapFault."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableMap(Path(name), str(error)) from error
    _refuse_unknown(name, found, _MAP_KEYS, "a map")
    entries = found.get("table", [])
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise MapFault(name, "it names no table. Begin each with a line [[table]], then name = and columns =.")
    return ImportMap(
        tables=tuple(_table_map(entry, tables, name) for entry in entries),
        date_order=_choice(name, found, "date_order", get_args(DateOrder)),
        decimal=_choice(name, found, "decimal", get_args(DecimalMark)),
    )


def _table_map(entry: Mapping[str, Any], tables: Mapping[str, Table], name: str) -> TableMap:
    table_name = entry.get("name")
    importable = [each.name for each in tables.values() if each.owner is Owner.USER]
    if table_name not in importable:
        raise MapFault(name, f"{table_name!r} is no table to import into. Those are: {', '.join(importable)}.")
    table = tables[table_name]
    where = f"table {table_name}"
    _refuse_unknown(name, entry, _TABLE_KEYS, where)
    columns = entry.get("columns", {})
    constants = entry.get("constants", {})
    if not isinstance(columns, dict) or not columns or not all(isinstance(header, str) for header in columns.values()):
        raise MapFault(name, f'{where} needs columns = {{ our_column = "their header", … }}.')
    if not isinstance(constants, dict) or any(isinstance(value, dict | list) for value in constants.values()):
        raise MapFault(name, f"{where}: constants = {{ our_column = value, … }} holds one value a column.")
    for key in (*columns, *constants):
        if key not in table:
            raise MapFault(name, f"{where} has no column {key}. Its columns are: {', '.join(table.keys)}.")
    for key in columns:
        if key in constants:
            raise MapFault(name, f"{where}: {key} is both a column and a constant. Keep one of them.")
    is_unique = entry.get("unique", False)
    skip = entry.get("skip_when_blank", "")
    if not isinstance(is_unique, bool):
        raise MapFault(name, f"{where}: unique is true or false.")
    if not isinstance(skip, str):
        raise MapFault(name, f"{where}: skip_when_blank is one of their headers, as text.")
    return TableMap(table_name, columns, constants, is_unique, skip)


def _refuse_unknown(name: str, entry: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    unknown = [key for key in entry if key not in known]
    if unknown:
        raise MapFault(name, f"{where} has no entry {', '.join(unknown)}. What it may hold: {', '.join(known)}.")


def _choice(name: str, entry: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> Any:
    value = entry.get(key)
    if value is not None and value not in choices:
        raise MapFault(name, f"{key} is {value!r}. It is one of: {', '.join(choices)}.")
    return value
