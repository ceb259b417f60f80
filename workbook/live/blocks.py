"""Blocks of cells handed to Excel in one call, and read back: what Excel made of them must be what was meant."""

from __future__ import annotations

from collections.abc import Sequence

from xlwings import Sheet

from workbook.addresses import Area, address
from workbook.live import native
from workbook.live.cell_values import AS_TEXT, Content, Typed, is_kept, number_of, rows_of, spelled, spelled_otherwise
from workbook.live.refusals import NotTakenOver

_MOST_QUESTIONS = 200
_LONGEST_IN_A_BLOCK = 8_203  # characters: older Excels refuse a block with a longer text, and take it for a single cell


def write_block(
    sheet: Sheet, area: Area, columns: Sequence[Sequence[Content]], formats: Sequence[str | None], *, is_1904: bool
) -> None:
    """Write the columns of an area, and see that they are there. ``formats``: of each column, None where they differ.

    Raises NotTakenOver, NotACellValue, TextTooLong.
    """
    meant = [_meant(sheet, area, at, column, is_1904=is_1904) for at, column in enumerate(columns)]
    holds_formulas = [any(isinstance(value, Typed) for value in column) for column in meant]
    # A number or a formula that is put into a text cell would become its text: such a column is no text while it is written.
    loosened = [at for at, shown in enumerate(formats) if shown == AS_TEXT and not _is_all_text(meant[at])]
    are_text = [shown == AS_TEXT and at not in loosened for at, shown in enumerate(formats)]
    handed = [
        [spelled(value, is_text_cell=is_text) for value in column] for column, is_text in zip(meant, are_text, strict=True)
    ]
    cells = sheet.range(str(area))
    block = [
        tuple("" if isinstance(value, str) and len(value) > _LONGEST_IN_A_BLOCK else value for value in row)
        for row in zip(*handed, strict=True)
    ]
    for at in loosened:
        sheet.range(str(_column(area, at))).number_format = "General"
    if any(holds_formulas):
        native.put_formulas(cells, block)
    else:
        cells.raw_value = block
    found = zip(*rows_of(native.plain_values(cells)), strict=True)
    for at, (column, seen) in enumerate(zip(meant, found, strict=True)):
        if column != list(seen):
            for row, (value, there) in enumerate(zip(column, seen, strict=True)):
                if not is_kept(value, there):
                    _write_alone(sheet, area.first_row + row, area.first_column + at, value, is_text=are_text[at])
    for at in loosened:
        sheet.range(str(_column(area, at))).number_format = AS_TEXT


def _is_all_text(column: Sequence[object]) -> bool:
    return all(value is None or isinstance(value, str) for value in column)


def _column(area: Area, at: int) -> Area:
    return Area(area.first_row, area.first_column + at, area.last_row, area.first_column + at)


def _meant(sheet: Sheet, area: Area, at: int, column: Sequence[Content], *, is_1904: bool) -> list[object]:
    kinds = set(map(type, column))
    if kinds == {float}:
        where = f"{sheet.name}!{address(area.first_row, area.first_column + at)}"
        return [number_of(value, is_1904=is_1904, where=where) for value in column if not isinstance(value, Typed)]
    return [
        value
        if isinstance(value, Typed)
        else number_of(value, is_1904=is_1904, where=address(area.first_row + row, area.first_column + at))
        for row, value in enumerate(column)
    ]


def _write_alone(sheet: Sheet, row: int, column: int, meant: object, *, is_text: bool) -> None:
    """One cell that did not become what was meant: by itself, then in the other spelling. Raises NotTakenOver."""
    where = address(row, column)
    cell = sheet.range(where)
    if isinstance(meant, str):
        for spelling in (spelled(meant, is_text_cell=is_text), spelled_otherwise(meant, is_text_cell=is_text)):
            cell.raw_value = spelling
            if is_kept(meant, native.plain_values(cell)):
                return
    raise NotTakenOver(f"{sheet.name}!{where}")


def formats_of(sheet: Sheet, area: Area) -> list[tuple[int, str]]:
    """The number formats down a column as (how many rows, format): one question where all are alike.

    A column that is halved too often for an answer has none: [].
    """
    questions = 0

    def told(rows: range) -> list[tuple[int, str]]:
        nonlocal questions
        questions += 1
        if questions > _MOST_QUESTIONS:
            return []
        part = Area(rows.start, area.first_column, rows.stop - 1, area.last_column)
        found = sheet.range(str(part)).number_format
        if found is not None:
            return [(len(rows), found)]
        half = len(rows) // 2
        return [*told(rows[:half]), *told(rows[half:])]

    looks = told(range(area.first_row, area.last_row + 1))
    return looks if questions <= _MOST_QUESTIONS else []


def give_formats(sheet: Sheet, area: Area, formats: Sequence[tuple[int, str]]) -> None:
    """What ``formats_of`` told, given to a column."""
    row = area.first_row
    for count, number_format in formats:
        column = area.first_column
        sheet.range(str(Area(row, column, row + count - 1, column))).number_format = number_format
        row += count


def groups(places: Sequence[int]) -> list[range]:
    """Places beside each other, together: [0, 1, 4] → 0–1, 4."""
    found: list[range] = []
    for place in sorted(places):
        if found and found[-1].stop == place:
            found[-1] = range(found[-1].start, place + 1)
        else:
            found.append(range(place, place + 1))
    return found
