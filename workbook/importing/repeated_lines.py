"""Lines of one key in one file: the same row twice, a contradiction, or many lines that describe one row."""

from __future__ import annotations

from workbook.importing.lines import Lines
from workbook.importing.matching import Matches
from workbook.importing.plain_values import Plain
from workbook.reading.duplicate_rows import find_duplicates


def refuse_repeated(lines: Lines, matches: Matches) -> tuple[list[int], int]:
    """Identical lines of one key count once, lines that differ are all refused (RULES §12).

    Returns the lines that stand for a row, and how many only repeat one of them. Adds the flaws ``duplicate_identical`` (a
    warning) and ``duplicate_differs``.
    """
    refused = lines.refused()
    columns = list(lines.values.values())
    found = find_duplicates(
        matches.identities,
        lambda at: at not in matches.without_key,
        refused,
        lambda at: tuple([column[at] for column in columns]),
    )
    place = lines.destination.table.key[0]
    lines.flaws.extend((at, place, "duplicate_identical") for at in found.repeated)
    lines.flaws.extend((at, place, "duplicate_differs") for at in found.differing)
    out = refused | set(found.repeated) | set(found.differing)
    return [at for at in range(len(lines)) if at not in out], len(found.repeated)


def merge_lines(lines: Lines, matches: Matches) -> list[int]:
    """Many lines, one row a key: the first line stands for it, with blanks filled from the lines below.

    A line with another value than the lines before it is refused: ``line_differs`` at each such column.
    """
    refused = lines.refused()
    columns = lines.values
    first_of: dict[object, int] = {}
    for at, identity in enumerate(matches.identities):
        if at in refused:
            continue
        first = first_of.setdefault(identity, at)
        if first == at:
            continue
        fills: dict[str, Plain] = {}
        differing = []
        for key, column in columns.items():
            value, standing = column[at], column[first]
            if value is None or value == standing:
                continue
            if standing is None:
                fills[key] = value
            else:
                differing.append(key)
        lines.flaws.extend((at, key, "line_differs") for key in differing)
        if not differing:
            for key, value in fills.items():
                columns[key][first] = value
    return list(first_of.values())
