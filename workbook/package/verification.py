"""A workbook that was written is read back before it takes the place of the one that was there.

Parts that were not to change are compared byte by byte, changed ones must be well formed, and every value that was written
is read through calamine, which knows nothing of how it was written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from xml.parsers import expat

from workbook.addresses import address
from workbook.package.atomic_save import holds
from workbook.package.edits import Edited
from workbook.package.package_index import Package, package_of
from workbook.package.parts import Parts, folded, is_copied
from workbook.package.table_values import TableValues
from workbook.port import Cell, RawTable
from workbook.refusals import NotVerified, Refusal, TooLarge
from workbook.uncollected import uncollected

_LEAP_DAY_OF_LOTUS = 61
_NO_DAY = 60
_EPOCHS = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}


def verify(
    written: Path, target: Path, before: Package, edited: Edited, expected: Mapping[str, tuple[RawTable, Sequence[int]]]
) -> Package:
    """The package in ``written``, which is to become ``target``; raises NotVerified where it is not what was meant.

    ``expected``: the tables that were written as they must read, and the places of the columns whose values are ours.
    """
    try:
        if not holds(written, edited.content):
            raise NotVerified(target, "the disk does not hold what was written")
        after = package_of(edited.content, target)
        compare_parts(before.parts, after.parts, edited)
        _refuse_other_values(after, written, expected)
    except (NotVerified, TooLarge):
        raise
    except Refusal as refusal:
        raise NotVerified(target, str(refusal)) from refusal
    return after


def compare_parts(before: Parts, after: Parts, edited: Edited) -> None:
    """Raise NotVerified where a part that was not to change has other bytes, or a changed one is not well formed."""
    path = after.path
    touched = {folded(part) for part in (*edited.changed, *edited.added)}
    removed = set(map(folded, edited.removed))
    meant = {folded(part) for part in before} - removed | touched
    if meant != {folded(part) for part in after}:
        odd = sorted(meant ^ {folded(part) for part in after})
        raise NotVerified(path, f"parts {', '.join(odd)}")
    for part in after:
        if folded(part) in touched:
            _refuse_malformed(path, part, after.unpacked(after.member(part)))
        elif not is_copied(part, before, after):
            raise NotVerified(path, f"part {part} is not what it was")


def _refuse_malformed(path: Path, part: str, text: bytes) -> None:
    if not part.casefold().endswith((".xml", ".rels")):
        return
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(text, True)
    except expat.ExpatError as error:
        raise NotVerified(path, f"part {part}: {error}") from error


def _refuse_other_values(after: Package, written: Path, expected: Mapping[str, tuple[RawTable, Sequence[int]]]) -> None:
    values = TableValues(after, written)
    with uncollected():
        for name, (meant, places) in expected.items():
            _refuse_other_table(after, values, name, meant, places)


def _refuse_other_table(after: Package, values: TableValues, name: str, meant: RawTable, places: Sequence[int]) -> None:
    entry = after.table(name)
    if entry is None:
        raise NotVerified(after.path, f"table {name} is not there")
    if (entry.first_row, entry.last_row - entry.first_row + 1) != (meant.first_row, len(meant)):
        raise NotVerified(after.path, f"table {entry.name} stands at {entry.area}")
    headers, blocks = values.in_blocks(entry)
    if headers != meant.headers:
        odd = next(f"{theirs!r}" for ours, theirs in zip_longest(meant.headers, headers) if ours != theirs)
        raise NotVerified(after.path, f"table {entry.name} has a header {odd}")
    first = 0
    for columns in blocks:
        for place in places:
            found = columns[place]
            for at in _differences(meant.columns[place][first : first + len(found)], found, is_1904=after.is_1904):
                row = first + at
                if (row, place) not in values.faults(entry):  # a formula that is still to be worked out
                    where = f"{entry.sheet}!{address(entry.first_row + row, entry.area.first_column + place)}"
                    raise NotVerified(after.path, f"{where} reads {found[at]!r}")
        first += len(columns[0])


def _differences(meant: Sequence[Cell], found: Sequence[Cell], *, is_1904: bool) -> Iterator[int]:
    if ["" if cell is None else cell for cell in meant] == list(found):
        return
    for row, (ours, theirs) in enumerate(zip(meant, found, strict=True)):
        if ours != theirs and not _is_the_same(ours, theirs, is_1904=is_1904):
            yield row


def _is_the_same(ours: Cell, theirs: Cell, *, is_1904: bool) -> bool:
    """Whether a cell holds what was meant: a blank is a blank, and a day may be shown as a number, or the other way."""
    if ours is None or ours == "":
        return theirs is None or theirs == ""
    if isinstance(ours, int | float) and isinstance(theirs, dt.date | dt.time) and (ours < 0 or int(ours) == _NO_DAY):
        return True  # in a column that is formatted as days, and no day: whatever calamine makes of it
    return _as_number(ours, is_1904=is_1904) == _as_number(theirs, is_1904=is_1904)


def _as_number(cell: Cell, *, is_1904: bool) -> Cell:
    """Days as the workbook counts them, rounded to what a double holds of a second; anything else as it is."""
    epoch = _EPOCHS[is_1904]
    if isinstance(cell, dt.date):
        moment = cell if isinstance(cell, dt.datetime) else dt.datetime.combine(cell, dt.time())
        days = (moment - epoch) / dt.timedelta(days=1)
        # Excel counts a 29th of February 1900, which never was.
        return round(days - (not is_1904 and days < _LEAP_DAY_OF_LOTUS), 8)
    if isinstance(cell, dt.timedelta):
        return round(cell / dt.timedelta(days=1), 8)
    if isinstance(cell, dt.time):
        return round((dt.datetime.combine(epoch, cell) - epoch) / dt.timedelta(days=1), 8)
    return round(float(cell), 8) if isinstance(cell, int | float) and not isinstance(cell, bool) else cell
