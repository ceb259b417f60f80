"""The rows that a table of the workbook holds before an import, and how an incoming row is found among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbook.editing.table_layout import places_of
from workbook.importing.columns import CURRENCY_SOURCES, currencies_of_rows, read_amounts, read_others
from workbook.importing.plain_values import Plain
from workbook.port import RawTable
from workbook.reading.columns import Values, blank_values
from workbook.reading.context import ReadingContext
from workbook.reading.derived_ids import derived_ids
from workbook.refusals import MissingColumn
from workbook.table import CurrencyOf, Table

Key = tuple[Plain, ...]


@dataclass(frozen=True)
class ExistingRows:
    """``values`` are plain, by column, for every row of the table; ``by_key`` and ``by_other_columns`` give row offsets.

    ``by_other_columns``: by ``key_without_id``. Rows with nothing there, as at the end of a table, are in neither.
    """

    values: Mapping[str, Sequence[Plain]] = field(default_factory=dict)
    by_key: Mapping[Key, Sequence[int]] = field(default_factory=dict)
    by_other_columns: Mapping[Key, Sequence[int]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is no row that an incoming one could be."""
        return not self.by_key and not self.by_other_columns


def refuse_missing_columns(raw: RawTable | None, table: Table, keys: Iterable[str]) -> None:
    """Raises MissingColumn where the workbook's table lacks a column that is to get values, DuplicateColumn."""
    if raw is None:
        return
    places = places_of(raw, table)
    missing = [key for key in keys if key not in places]
    if missing:
        raise MissingColumn(table.name, missing)


def existing_rows(raw: RawTable | None, table: Table, keys: Iterable[str], context: ReadingContext) -> ExistingRows:
    """The rows as they stand, with the columns of ``keys`` and those that rows are known by. Raises DuplicateColumn."""
    if raw is None or not len(raw):
        return ExistingRows()
    places = places_of(raw, table)
    wanted = [key for key in table.keys if key in {*keys, *table.key, *table.key_without_id, *CURRENCY_SOURCES}]
    cells = {key: raw.columns[places[key]] for key in wanted if key in places}
    found = read_others(table, cells, context)
    values, flaws = found.plain, found.flaws
    values |= read_amounts(table, cells, values, flaws, context, count=len(raw))
    blank: list[Plain] = [None] * len(raw)
    identifying = [values.get(key, blank) for key in (*table.key, *table.key_without_id)]
    rows = [row for row, parts in enumerate(zip(*identifying, strict=True)) if any(part is not None for part in parts)]
    keyed = dict(values)
    if "currency" in table.key:
        keyed["currency"] = list(currencies_of_rows(CurrencyOf.ROW, table, values, context, count=len(raw)))
    if table.key_without_id:
        (id_key,) = table.key
        keyed[id_key] = _filled(table, found.typed, values.get(id_key, blank), rows)
    return ExistingRows(
        values=values,
        by_key=_index(rows, [keyed.get(key, blank) for key in table.key]),
        by_other_columns=_index(rows, [keyed.get(key, blank) for key in table.key_without_id]),
    )


def _filled(table: Table, typed: Mapping[str, Values], ids: Sequence[Plain], rows: Sequence[int]) -> list[Plain]:
    """The ids, blank ones as the next run will fill them in."""
    complete = {key: typed.get(key, blank_values(table[key].kind, len(ids))) for key in table.key_without_id}
    filled = derived_ids(table, complete, [row for row in rows if ids[row] is None])
    return [filled.get(row) if value is None else value for row, value in enumerate(ids)]


def _index(rows: Sequence[int], columns: Sequence[Sequence[Plain]]) -> dict[Key, list[int]]:
    index: defaultdict[Key, list[int]] = defaultdict(list)
    if columns:
        for row in rows:
            index[tuple([column[row] for column in columns])].append(row)
    return dict(index)
