"""Which row of the workbook each line is, by the table's key, and which lines are one row."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from workbook.importing.columns import currencies_of_rows
from workbook.importing.existing import ExistingRows, Key
from workbook.importing.lines import Lines
from workbook.reading.context import ReadingContext
from workbook.reading.derived_ids import derived_ids
from workbook.table import CurrencyOf

NEW = -1


@dataclass(frozen=True)
class Matches:
    """By line: ``targets`` is its row in the workbook, or NEW; ``identities`` are equal for lines of one row.

    ``without_key`` are the lines that are no row at all; each has a flaw that says so.
    """

    targets: list[int]
    identities: list[Hashable]
    without_key: set[int]


def match_lines(lines: Lines, existing: ExistingRows, context: ReadingContext) -> Matches:
    """Find each line's row: by the table's key, or by what stands for an id that is blank.

    Adds the flaws ``blank_required`` (no key) and ``several_rows_match``.
    """
    table = lines.destination.table
    without_id = _lines_without_id(lines)
    without_key = _lines_without_key(lines, without_id)
    keys = _keys(lines, without_id, context)
    by_other_columns = _other_keys(lines, without_id)
    targets: list[int] = []
    identities: list[Hashable] = []
    for at, key in enumerate(keys):
        if at in by_other_columns:
            found = existing.by_other_columns.get(by_other_columns[at], ())
        else:
            found = existing.by_key.get(key, ())
        if at in without_key:
            found = ()
        if len(found) > 1:
            lines.flaws.append((at, table.key[0], "several_rows_match"))
        targets.append(found[0] if len(found) == 1 else NEW)
        identities.append(found[0] if len(found) == 1 else key)
    return Matches(targets, identities, without_key)


def _lines_without_id(lines: Lines) -> list[int]:
    table = lines.destination.table
    if not table.key_without_id:
        return []
    (id_key,) = table.key
    unreadable = {at for at, key, _ in lines.flaws if key == id_key}
    return [at for at, value in enumerate(lines.column(id_key)) if value is None and at not in unreadable]


def _lines_without_key(lines: Lines, without_id: Sequence[int]) -> set[int]:
    """The lines in which a required column of their key is blank, or could not be read."""
    table = lines.destination.table
    asked: list[tuple[str, Iterable[int]]] = [(key, without_id) for key in table.key_without_id]
    if not table.key_without_id:
        asked = [(key, range(len(lines))) for key in table.key]
    known = {(at, key) for at, key, _ in lines.flaws}
    found = {at for at, key in known if key in table.key}
    for key, positions in asked:
        if not table[key].is_required:
            continue
        column = lines.column(key)
        blank = [at for at in positions if column[at] is None]
        lines.flaws.extend((at, key, "blank_required") for at in blank if (at, key) not in known)
        found.update(blank)
    return found


def _keys(lines: Lines, without_id: Sequence[int], context: ReadingContext) -> list[Key]:
    """The values of the table's key, ids that are blank as the next run will fill them in."""
    table = lines.destination.table
    columns = {key: lines.column(key) for key in table.key}
    if "currency" in columns:
        columns["currency"] = currencies_of_rows(CurrencyOf.ROW, table, lines.values, context, count=len(lines))
    keys = list(zip(*columns.values(), strict=True))
    if without_id:
        typed = {key: lines.typed_column(key) for key in table.key_without_id}
        for at, derived in derived_ids(table, typed, without_id).items():
            keys[at] = (derived,)
    return keys


def _other_keys(lines: Lines, without_id: Sequence[int]) -> dict[int, Key]:
    columns = [lines.column(key) for key in lines.destination.table.key_without_id]
    return {at: tuple([column[at] for column in columns]) for at in without_id}
