"""The tables of a ledger as a function of a cell is given them: ranges with a header row, read as a workbook is.

What was not given is empty, but for the payment terms and the ladder that every new workbook holds, and for customers,
who are then those that the documents name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from functions.ledger import Policy
from workbook.cell_functions.declared import Argument, CellFault
from workbook.cell_functions.given_cells import BLANK, ERROR_TEXTS, EXCEL_ERRORS, Grid, is_nothing, plain_cell
from workbook.editing.planned_edits import empty_table
from workbook.editing.table_layout import places_of
from workbook.issue import Issue
from workbook.issue_texts import ISSUE_TEXTS
from workbook.port import Cell, Fault, RawTable
from workbook.reading.cell_parsing import folded, ids
from workbook.reading.cell_parsing.texts import text_of
from workbook.reading.columns import is_all_none
from workbook.refusals import DuplicateColumn
from workbook.results.ledger import read_policy
from workbook.schema import TABLES
from workbook.settings import find_setting, parse_settings
from workbook.table import Table, Words
from workbook.template.default_rows import default_rows

_DEFAULTS = ("PaymentTerms", "ReminderLevels")
_NAMING_CUSTOMERS = ("Invoices", "Receipts")


@dataclass(frozen=True)
class GivenTables:
    """A ``ReadableBook`` of ranges. ``arguments``: table → the argument that it was given as."""

    raws: Mapping[str, RawTable]
    arguments: Mapping[str, str]
    edges: tuple[int, ...] = ()
    _made: dict[str, RawTable] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, given: Iterable[tuple[Argument, Grid]], *, edges: tuple[int, ...] = ()) -> GivenTables:
        """The tables of these arguments; those left out are not there. Raises CellFault."""
        raws, arguments = {}, {}
        for argument, grid in given:
            if not is_nothing(grid):
                raws[argument.table] = raw_table(argument.name, TABLES[argument.table], grid)
                arguments[argument.table] = argument.name
            elif not argument.is_optional:
                raise CellFault(argument.name, BLANK)
        return cls(raws, arguments, edges)

    @property
    def name(self) -> str:
        """What messages call it."""
        return "the ranges given"

    @cached_property
    def language(self) -> str:
        """``en`` or ``zh-CN``: what Settings says, else the language of the headers of the first table."""
        if "Settings" in self.raws:
            return self._settings_of_cells["language"]
        for table, raw in self.raws.items():
            zh = {folded(column.label.zh) for column in TABLES[table].columns}
            return "zh-CN" if any(folded(header) in zh for header in raw.headers) else "en"
        return "en"

    @property
    def base_currency(self) -> str:
        """What Settings says, else the default."""
        return self._settings_of_cells["base_currency"]

    @cached_property
    def _settings_of_cells(self) -> Mapping[str, str]:
        raw = self.raws.get("Settings")
        cells: dict[str, Cell] = {}
        if raw is not None:
            places = places_of(raw, TABLES["Settings"])
            names = map(text_of, raw.columns[places["key"]])
            cells = dict(zip(names, raw.columns[places["value"]], strict=True))
        settings, _ = parse_settings(cells)
        return MappingProxyType({"language": settings.language, "base_currency": settings.base_currency})

    @cached_property
    def policy(self) -> Policy:
        """The terms, the ladder and the settings among the tables given, on their own. Raises CellFault."""
        policy, issues = read_policy(self, tables=self.raws)
        for issue in issues:
            raise self.fault_of(issue)
        return policy

    def fault_of(self, issue: Issue) -> CellFault:
        """An issue as the fault of the argument, and of the row of its range, that it was found in."""
        title = ISSUE_TEXTS[issue.code].title
        column = TABLES[issue.table][issue.column].label
        why = Words(f"{column.en}: {title.en}.", f"{column.zh}：{title.zh}。")
        return CellFault(self.arguments.get(issue.table, issue.table), why, row=issue.row + 2, found=issue.value)

    @property
    def folder(self) -> Path | None:
        """Ranges lie in no folder."""
        return None

    def table_names(self) -> tuple[str, ...]:
        """Those given, those that are always there, and those that have defaults."""
        core = (table.name for table in TABLES.values() if table.is_core)
        return tuple(dict.fromkeys([*self.raws, *core, *_DEFAULTS]))

    def let_go(self) -> None:
        """Nothing is kept but what was given."""

    def read_table(self, name: str) -> RawTable | None:
        """The range, or what stands for one that was not given."""
        if name not in self._made and name in self.table_names():
            self._made[name] = self._table(name)
        return self._made.get(name)

    def _table(self, name: str) -> RawTable:
        raw = self.raws.get(name)
        if name == "Settings":
            return self._settings(raw or empty_table(TABLES[name], "en"))
        if raw is not None:
            return raw
        if name == "Customers":
            return _keyed("Customers", {"customer_id": (named := self._named_customers()), "name": named})
        if name in _DEFAULTS:
            return _keyed(name, default_rows(language="en", currency=self.base_currency)[name])
        return empty_table(TABLES[name], "en")

    def _named_customers(self) -> list[str]:
        named: dict[str, None] = {}
        for name in _NAMING_CUSTOMERS:
            if name in self.raws:
                raw = self.raws[name]
                place = places_of(raw, TABLES[name])["customer_id"]
                named |= dict.fromkeys(ids(raw.columns[place]).values)
        named.pop("", None)
        return list(named)

    def _settings(self, raw: RawTable) -> RawTable:
        """With the edges that the function was given instead of the workbook's."""
        if not self.edges:
            return raw
        places = places_of(raw, TABLES["Settings"])
        names = [text_of(cell) for cell in raw.columns[places["key"]]]
        kept = [at for at, name in enumerate(names) if (found := find_setting(name)) is None or found.key != "bucket_edges"]
        columns = [[column[at] for at in kept] + [None] for column in raw.columns]
        columns[places["key"]][-1] = "bucket_edges"
        columns[places["value"]][-1] = ";".join(map(str, self.edges))
        return replace(raw, columns=tuple(columns))


def raw_table(argument: str, table: Table, grid: Grid) -> RawTable:
    """A range as a table: its first row the headers, in either language; error cells told apart. Raises CellFault."""
    headers = tuple(text_of(plain_cell(cell)) for cell in grid[0])
    rows = grid[1:]
    columns = _by_column(rows, len(headers))
    faults: dict[tuple[int, int], Fault] = {}
    for place, column in enumerate(columns):
        if is_all_none(column):
            continue
        kinds = set(map(type, column))
        if int in kinds or (str in kinds and not ERROR_TEXTS.isdisjoint(column)):
            columns[place] = _without_errors(column, place, faults)
    # Errors in an argument are named by it and by the row of the range, so that its name serves as the sheet's.
    raw = RawTable(table.name, argument, headers, tuple(columns), first_row=2, first_column=1, faults=faults)
    try:
        places = places_of(raw, table)
    except DuplicateColumn as doubled:
        raise CellFault(argument, Words(f"{doubled}", "列名重复。"), row=1) from doubled
    absent = [table[key] for key in table.required if key not in places]
    if absent:
        raise CellFault(argument, _no_column([each.label for each in absent], table.name), row=1)
    return raw


_BLOCK = 200
"""Rows turned at a time: few enough to stay in the processor's cache, which makes it five times as fast."""


def _by_column(rows: Grid, width: int) -> list[Sequence[Cell]]:
    columns: list[list[Cell]] = [[] for _ in range(width)]
    for first in range(0, len(rows), _BLOCK):
        for column, cells in zip(columns, zip(*rows[first : first + _BLOCK], strict=True), strict=True):
            column.extend(cells)
    return list(columns)


def _without_errors(column: Sequence[Cell], place: int, faults: dict[tuple[int, int], Fault]) -> list[Cell]:
    cells: list[Cell] = []
    for row, cell in enumerate(column):
        text = EXCEL_ERRORS.get(cell) if type(cell) is int else cell
        if isinstance(text, str) and text in ERROR_TEXTS:
            faults[row, place] = Fault("error_cell", text)
            cells.append("")
        else:
            cells.append(cell)
    return cells


def _no_column(labels: Sequence[Words], table: str) -> Words:
    en, zh = (" / ".join(getattr(label, language) for label in labels) for language in ("en", "zh"))
    return Words(
        f"no column {en} in the first row. Give the table with its headers: {table}[#All].",
        f"首行缺少列“{zh}”。请连同标题行选取，如 {table}[#All]。",
    )


def _keyed(name: str, columns: Mapping[str, Sequence[Cell]]) -> RawTable:
    return RawTable(name, name, tuple(columns), tuple(columns.values()), first_row=2, first_column=1)


DEFAULT_CURRENCY = Policy.base_currency
ALL_OF_TIME = dt.date(2099, 12, 31)
"""As of the last day that a ledger may hold, every row counts."""
