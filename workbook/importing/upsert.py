"""What an import does to one table: rows to add, cells to change, lines refused. Nothing is written here.

A line is a row of the workbook by the table's key: known, its values replace what differs; unknown, it is added. A blank
cell never clears a value, and a line with an error is refused whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook.importing.columns import CURRENCY_SOURCES, read_amounts
from workbook.importing.existing import ExistingRows
from workbook.importing.lines import Lines
from workbook.importing.matching import NEW, Matches, match_lines
from workbook.importing.plain_values import Plain, stored_cells
from workbook.importing.repeated_lines import merge_lines, refuse_repeated
from workbook.importing.result import TableResult
from workbook.issue import Issue
from workbook.port import Cell
from workbook.reading.context import ReadingContext
from workbook.table import Kind, Table


@dataclass(frozen=True)
class Update:
    """New values for the same rows of the workbook, by column: plain, and as cells to write."""

    rows: tuple[int, ...]
    values: Mapping[str, Sequence[Plain]]
    cells: Mapping[str, Sequence[Cell]]


@dataclass(frozen=True)
class Upsert:
    """What is to be written to one table, and the tally. ``added`` rows by column; blank columns are left out.

    ``changed`` and ``unchanged`` count rows of the workbook, and lines that repeat another word for word; ``refused`` and
    ``skipped`` count lines. ``target_rows``: the offsets of the rows that are there already.
    """

    added: Mapping[str, Sequence[Cell]]
    updates: Sequence[Update]
    added_count: int
    changed_count: int
    unchanged_count: int
    refused_count: int
    skipped_count: int
    issues: Sequence[Issue]
    target_rows: Sequence[int] = ()

    def tally(self, table: Table) -> TableResult:
        """The counts, without the rows."""
        return TableResult(
            table=table.name,
            added=self.added_count,
            changed=self.changed_count,
            unchanged=self.unchanged_count,
            refused=self.refused_count,
            skipped=self.skipped_count,
        )


def upsert(lines: Lines, existing: ExistingRows, context: ReadingContext, *, language: str) -> Upsert:
    """Match the lines with the rows that exist, and find what differs. Adds every flaw to ``lines``."""
    matches = match_lines(lines, existing, context)
    _read_money(lines, existing, matches, context)
    if lines.destination.is_unique:
        kept, repeated = merge_lines(lines, matches), 0
    else:
        kept, repeated = refuse_repeated(lines, matches)
    new = _complete(lines, [at for at in kept if matches.targets[at] == NEW])
    known = [at for at in kept if matches.targets[at] != NEW]
    changed_rows = _changed_rows(lines, existing, matches, known)
    changed_count = len({row for rows in changed_rows.values() for row in rows})
    return Upsert(
        added=_added(lines, new, language),
        updates=_updates(lines, changed_rows, {matches.targets[at]: at for at in known}, language),
        added_count=len(new),
        changed_count=changed_count,
        unchanged_count=len(known) - changed_count + repeated,
        refused_count=len(lines.refused()),
        skipped_count=len(lines.source) - len(lines),
        issues=lines.issues(),
        target_rows=[matches.targets[at] for at in known],
    )


def _read_money(lines: Lines, existing: ExistingRows, matches: Matches, context: ReadingContext) -> None:
    """Read the money columns, each line in its currency: where the line does not say, its row in the workbook may."""
    table = lines.destination.table
    if not any(table[key].kind is Kind.MONEY for key in lines.cells):
        return
    known: dict[str, Sequence[Plain]] = {}
    for key in CURRENCY_SOURCES:
        if key in lines.values or key in existing.values:
            column, before = lines.column(key), existing.values.get(key)
            known[key] = (
                column
                if before is None
                else [
                    before[target] if value is None and target != NEW else value
                    for value, target in zip(column, matches.targets, strict=True)
                ]
            )
    lines.values.update(read_amounts(table, lines.cells, known, lines.flaws, context, count=len(lines)))


def _complete(lines: Lines, new: Sequence[int]) -> list[int]:
    """The new rows that have every required value; the others get a flaw."""
    table = lines.destination.table
    incomplete: set[int] = set()
    for key in table.required:
        column = lines.column(key)
        blank = [at for at in new if column[at] is None]
        lines.flaws.extend((at, key, "blank_required") for at in blank)
        incomplete.update(blank)
    return [at for at in new if at not in incomplete]


def _changed_rows(
    lines: Lines, existing: ExistingRows, matches: Matches, known: Sequence[int]
) -> dict[str, tuple[int, ...]]:
    """By column, the rows of the workbook whose value is another one than the line's."""
    found: dict[str, tuple[int, ...]] = {}
    blank: list[Plain] = []
    for key in lines.cells:
        column, before = lines.values[key], existing.values.get(key, blank)
        pairs = ((column[at], matches.targets[at]) for at in known)
        rows = tuple(sorted(row for value, row in pairs if value is not None and value != before[row]))
        if rows:
            found[key] = rows
    return found


def _added(lines: Lines, new: Sequence[int], language: str) -> dict[str, list[Cell]]:
    if not new:
        return {}
    table = lines.destination.table
    columns = {key: [lines.values[key][at] for at in new] for key in lines.cells}
    return {
        key: stored_cells(table[key], values, language)
        for key, values in columns.items()
        if any(value is not None for value in values)
    }


def _updates(
    lines: Lines, changed_rows: Mapping[str, tuple[int, ...]], line_of: Mapping[int, int], language: str
) -> list[Update]:
    """One update for all columns that change in the same rows."""
    table = lines.destination.table
    together: defaultdict[tuple[int, ...], dict[str, list[Plain]]] = defaultdict(dict)
    for key, rows in changed_rows.items():
        together[rows][key] = [lines.values[key][line_of[row]] for row in rows]
    return [
        Update(rows, values, {key: stored_cells(table[key], column, language) for key, column in values.items()})
        for rows, values in together.items()
    ]
