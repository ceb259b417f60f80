"""A table's cells → typed columns, and what is wrong with them (RULES §12, §2).

A bad cell never stops a run: it becomes an issue with its address, and where the issue is an error the row is left out. Only
a missing or doubled column stops, before any cell is looked at.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from functions.frames import NO_MINOR
from functions.issues import LEAVES_OUT
from workbook.issue import Issue, cell_address
from workbook.port import Cell, RawTable
from workbook.reading.amount_signs import sign_flaws
from workbook.reading.canonical_names import canonical_names
from workbook.reading.cell_parsing import Rates, is_blank
from workbook.reading.columns import Values, blank_offsets, blank_values, only, read_column, read_money
from workbook.reading.context import ReadingContext
from workbook.reading.derived_ids import derived_ids
from workbook.reading.duplicate_rows import find_duplicates
from workbook.reading.headers import match_headers
from workbook.reading.row_currencies import row_currencies
from workbook.table import CurrencyOf, Kind, Table

TypedColumn = list[str] | NDArray[np.int64] | NDArray[np.bool_]

_OWN_CURRENCY = frozenset({CurrencyOf.ROW, CurrencyOf.CUSTOMER})
_OF_THE_CURRENCY = frozenset({"too_many_decimals", "amount_too_large"})


@dataclass(frozen=True)
class LeftOutRow:
    """A row in error, and what could be read of it: "" and NO_MINOR where nothing."""

    row: int
    customer_id: str
    currency: str
    amount_minor: int


@dataclass(frozen=True)
class ReadTable:
    """The rows that count, as typed columns of one length, and what happened to the others.

    ``columns`` are named by ``canonical_names``, besides ``row``: the offset in the raw table. Texts are lists of str, the
    rest numpy int64 or bool. A blank is "", NO_DAY, NO_MINOR, no, a whole number 0, a rate of 0 with the scale NO_SCALE;
    ``currency`` is never blank. ``filled_ids``: row → the id that it was given because its cell was blank. ``places``:
    column key → its place in the raw table, of the columns that are there.
    """

    table: Table
    columns: dict[str, TypedColumn]
    issues: list[Issue] = field(repr=False)
    left_out: list[LeftOutRow] = field(repr=False)
    filled_ids: dict[int, str] = field(repr=False)
    places: dict[str, int] = field(repr=False)
    rows_found: int

    def __len__(self) -> int:
        return len(self.columns["row"])

    def without_cells(self) -> ReadTable:
        """The same, but for the columns: which rows count, and what happened to the others."""
        return replace(self, columns={"row": self.columns["row"]})

    def frame(self) -> pd.DataFrame:
        """The columns as a pandas frame: int64, bool and str, never a null."""
        return pandas_frame(self.columns)


def pandas_frame(columns: Mapping[str, TypedColumn]) -> pd.DataFrame:
    """Typed columns as a pandas frame: int64, bool and str, never a null."""
    values = {name: _strings(column) if isinstance(column, list) else column for name, column in columns.items()}
    return pd.DataFrame(values, copy=False)


def _strings(values: list[str]) -> ExtensionArray:
    # As pandas' own strings: the rules take a seventh less time on them than on objects, more than making them costs. Many
    # columns of a table are blank, and one blank repeated is made at once.
    return pd.array(values, dtype="str") if any(values) else pd.array([""], dtype="str").repeat(len(values))


def read_rows(raw: RawTable, table: Table, context: ReadingContext) -> ReadTable:
    """The rows of a table as found in a workbook. Raises MissingColumn, DuplicateColumn."""
    reading = _Reading(raw, table, context, match_headers(raw, table, context.synonyms))
    reading.read_cells()
    reading.refuse_faulty_cells()
    reading.refuse_blanks()
    filled_ids = reading.fill_ids()
    reading.refuse_duplicates()
    return reading.result(filled_ids)


class _Reading:
    """One table on its way from cells to columns."""

    def __init__(self, raw: RawTable, table: Table, context: ReadingContext, places: dict[str, int]) -> None:
        self._raw, self._table, self._places = raw, table, places
        self._context = replace(context, is_1904=context.is_1904 or raw.is_1904)
        self._count = len(raw)
        self._values: dict[str, Values] = {}
        self._flaws: list[tuple[int, str, str]] = []  # row, column, code
        self._required_blanks: dict[str, list[int]] = {}
        self._currency_of: dict[CurrencyOf, list[str]] = {}
        self._blank_rows: frozenset[int] = frozenset()

    def read_cells(self) -> None:
        """Every column; money last, because a row's currency decides how many decimals it may have."""
        in_order = sorted(self._table.columns, key=lambda column: column.kind is Kind.MONEY)
        for column in in_order:
            key = column.key
            if key not in self._places:
                self._values[key] = blank_values(column.kind, self._count)
            elif column.kind is Kind.MONEY:
                self._read_money(key, column.currency_of)
            else:
                parsed = read_column(column, self._cells(key), self._context)
                self._values[key] = parsed.values
                self._flaws.extend((at, key, code) for at, code in parsed.flaws)
            if column.is_required:
                self._required_blanks[key] = blank_offsets(column.kind, self._values[key], self._cells(key))
        self._blank_rows = self._find_blank_rows()
        if "currency" in self._table:
            self._values["currency"] = self._currencies(CurrencyOf.ROW)

    def _cells(self, key: str) -> Sequence[Cell]:
        return self._raw.columns[self._places[key]]

    def _read_money(self, key: str, currency_of: CurrencyOf) -> None:
        parsed = read_money(self._cells(key), self._currencies(currency_of), self._context)
        minors, flaws = parsed.values, parsed.flaws
        unknown = {at for at, column, _ in self._flaws if column == "currency"}
        if unknown and currency_of in _OWN_CURRENCY:
            # Nobody knows how many decimals such a row may have, so its amounts are not judged, nor used.
            minors = minors.copy()
            minors[list(unknown)] = NO_MINOR
            flaws = [(at, code) for at, code in flaws if at not in unknown or code not in _OF_THE_CURRENCY]
        self._values[key] = minors
        self._flaws.extend((at, key, code) for at, code in [*flaws, *sign_flaws(self._table[key].sign, minors)])

    def _currencies(self, currency_of: CurrencyOf) -> list[str]:
        if currency_of not in self._currency_of:
            texts = {key: values for key, values in self._values.items() if isinstance(values, list)}
            found = row_currencies(currency_of, self._table, texts, self._context, count=self._count)
            self._currency_of[currency_of] = found
        return self._currency_of[currency_of]

    def _find_blank_rows(self) -> frozenset[int]:
        """Rows with nothing in any column of ours, as Excel tables have at their end. Staff's own columns do not count."""
        if not self._places:
            return frozenset(range(self._count))
        first = next((key for key in self._required_blanks), next(iter(self._places)))
        rows: Iterable[int] = blank_offsets(self._table[first].kind, self._values[first], self._cells(first))
        places = set(self._places.values())
        faulty = {row for row, place in self._raw.faults if place in places}
        for place in places:
            rows = [row for row in rows if row not in faulty and is_blank(self._raw.columns[place][row])]
        return frozenset(rows)

    def refuse_faulty_cells(self) -> None:
        """Errors and formulas that were never calculated, which the host hands over as blank."""
        key_of = {place: key for key, place in self._places.items()}
        for (row, place), fault in self._raw.faults.items():
            if place in key_of:
                self._flaws.append((row, key_of[place], fault.kind))

    def refuse_blanks(self) -> None:
        """Required cells without a value, unless it is already said what is wrong with them."""
        known = {(row, key) for row, key, _ in self._flaws}
        blanks = [
            (row, key)
            for key, rows in self._required_blanks.items()
            for row in rows  # an amount in an unknown currency has no value either, but it is not blank
            if row not in self._blank_rows and (row, key) not in known and is_blank(self._cells(key)[row])
        ]
        drafts = self._drafts(blanks)
        self._flaws.extend((row, "amount", "draft_row") for row in sorted(drafts))
        self._flaws.extend((row, key, "blank_required") for row, key in blanks if row not in drafts)

    def _drafts(self, blanks: Iterable[tuple[int, str]]) -> set[int]:
        """Rows of which neither the amount nor any required date is typed yet: begun, not finished."""
        awaited = {key for key in self._table.required if self._table[key].kind in (Kind.MONEY, Kind.DATE)}
        if "amount" not in awaited or not any(self._table[key].kind is Kind.DATE for key in awaited):
            return set()
        blank_in = [{row for row, key in blanks if key == each} for each in awaited]
        return set.intersection(*blank_in)

    def fill_ids(self) -> dict[int, str]:
        """Give the rows without an id the one that follows from their other columns."""
        if not self._table.key_without_id:
            return {}
        (id_key,) = self._table.key
        ids = self._values[id_key]
        assert isinstance(ids, list)
        in_error = self._rows_in_error()
        rows = [row for row, value in enumerate(ids) if not value and row not in in_error and row not in self._blank_rows]
        filled = derived_ids(self._table, self._values, rows)
        for row, value in filled.items():
            ids[row] = value
        return filled

    def refuse_duplicates(self) -> None:
        """Rows of one key: the code of each stands at the first column of its key."""
        if not self._table.key:
            return
        keyed = [self._key_values(key) for key in self._table.key]
        keys: Sequence[Hashable] = keyed[0] if len(keyed) == 1 else list(zip(*keyed, strict=True))
        unreadable = self._rows_in_error()
        without_key = self._rows_in_error(self._table.key) | self._blank_rows
        is_single = len(keyed) == 1

        def has_key(row: int) -> bool:
            return row not in without_key and (not is_single or keys[row] != "")

        found = find_duplicates(keys, has_key, unreadable, self._whole_row)
        place = self._table.key[0]
        self._flaws.extend((row, place, "duplicate_identical") for row in found.repeated)
        self._flaws.extend((row, place, "duplicate_differs") for row in found.differing)

    def _key_values(self, key: str) -> list[str] | list[int]:
        values = self._values[key]
        if isinstance(values, Rates):
            raise TypeError(f"{self._table.name}.{key}: a rate cannot be part of a key")
        return values if isinstance(values, list) else values.tolist()

    def _whole_row(self, row: int) -> Hashable:
        return tuple(each[row] for values in self._values.values() for each in _typed(values))

    def _rows_in_error(self, columns: Container[str] | None = None) -> set[int]:
        """The rows that cannot count, for something in one of the columns, or in any."""
        errors = ((row, key) for row, key, code in self._flaws if code in LEAVES_OUT)
        return {row for row, key in errors if columns is None or key in columns}

    def result(self, filled_ids: dict[int, str]) -> ReadTable:
        """The typed columns of the rows that count."""
        in_error = self._rows_in_error()
        repeated = {row for row, _, code in self._flaws if code == "duplicate_identical"}
        unused = in_error | repeated | self._blank_rows
        left_out = self._left_out_rows(sorted(in_error))
        if unused:
            wanted = np.ones(self._count, np.bool_)
            wanted[list(unused)] = False
            rows = np.flatnonzero(wanted)
            values = {key: only(values, wanted) for key, values in self._values.items()}
        else:
            rows, values = np.arange(self._count), self._values
        columns: dict[str, TypedColumn] = {"row": rows.astype(np.int64)}
        for column in self._table.columns:
            columns |= zip(canonical_names(column), _typed(values[column.key]), strict=True)
        filled = {row: value for row, value in filled_ids.items() if row not in unused}
        found = self._count - len(self._blank_rows)
        return ReadTable(self._table, columns, self._issues(), left_out, filled, self._places, found)

    def _left_out_rows(self, rows: list[int]) -> list[LeftOutRow]:
        customers, amounts = self._values.get("customer_id"), self._values.get("amount")
        currency_of = self._table["amount"].currency_of if "amount" in self._table else CurrencyOf.ROW
        unknown = {row for row, _, code in self._flaws if code == "unknown_currency"}
        return [
            LeftOutRow(
                row,
                customers[row] if isinstance(customers, list) else "",
                "" if row in unknown else self._currencies(currency_of)[row],
                int(amounts[row]) if isinstance(amounts, np.ndarray) else NO_MINOR,
            )
            for row in rows
        ]

    def _issues(self) -> list[Issue]:
        found = []
        order = {key: at for at, key in enumerate(self._table.keys)}
        for row, key, code in sorted(self._flaws, key=lambda flaw: (flaw[0], order[flaw[1]], flaw[2])):
            place = self._places.get(key)
            if place is None:  # the id of a row that has no such column: the row itself is meant
                place = next(iter(self._places.values()))
            fault = self._raw.faults.get((row, place))
            value = fault.text if fault else self._raw.columns[place][row]
            found.append(Issue(code, self._table.name, row, key, cell_address(self._raw, row, place), value))
        return found


def _typed(values: Values) -> tuple[TypedColumn, ...]:
    return (values.digits, values.scale) if isinstance(values, Rates) else (values,)
