"""What the rows of a table have around its own cells: the tag that opens each, cells to the left and to the right."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workbook.addresses import column_letters
from workbook.package.cell_formulas import has_formula
from workbook.package.sheet_draft import SheetDraft


@dataclass
class RowFrames:
    """``before``: of each row its opening tag and the cells to the left; ``after``: the cells to the right."""

    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    have_formulas: bool = False  # among the table's cells, which are to be replaced


def row_frames(sheet: SheetDraft, rows: range, left: int, right: int, *, are_shown: bool) -> RowFrames:
    """The frames of a sheet's rows, for a table from column ``left`` to ``right``; ``are_shown``: hidden ones too."""
    if not sheet.rows.is_changed(rows.start, rows.stop - 1):
        tags = _tags_of_bare_rows(sheet, rows, left, right)
        if tags is not None:
            kept = {tag: sheet.kept_attributes(tag, is_shown=are_shown).decode() for tag in {b"", *tags.values()}}
            before = [f'<{sheet.prefix}row r="{row}"{kept[tags.get(row, b"")]}>' for row in rows]
            return RowFrames(before, [""] * len(rows))
    frames = RowFrames()
    for row in rows:
        apart = sheet.taken_apart(row)
        frames.have_formulas |= any(left <= cell.column <= right and has_formula(cell) for cell in apart.cells)
        opening = sheet.opening(row, apart.attributes, is_shown=are_shown)
        frames.before.append(b"".join([opening, *(cell.xml for cell in apart.cells if cell.column < left)]).decode())
        frames.after.append(b"".join([*(cell.xml for cell in apart.cells if cell.column > right), apart.rest]).decode())
    return frames


def _tags_of_bare_rows(sheet: SheetDraft, rows: range, left: int, right: int) -> dict[int, bytes] | None:
    """Row → what its tag says, where all that the rows hold are plain cells of the table; else None.

    Most tables have nothing beside them; searches through all of their bytes tell so faster than a look at each row.
    """
    numbers, xml = sheet.rows.stretch(rows.start, rows.stop - 1)
    p = re.escape(sheet.prefix.encode())
    columns = "|".join(map(column_letters, range(left, right + 1))).encode()
    tags = re.findall(rb'<%srow r="[0-9]+"([^<>]*?)(?:/>|>(?=<%sc |</%srow>))' % (p, p, p), xml)
    if len(tags) != len(numbers) or any(tag.count(b'"') % 2 or b"'" in tag for tag in set(tags)):
        return None
    # Each begins with a fixed text, so that it is searched for several times faster.
    odd = (
        rb'<%sc(?! r="(?:%s)[0-9])' % (p, columns),  # a cell beside the table
        rb"<%sf[\s/>]" % p,
        rb"</%sc>(?!<%sc |</%srow>)" % (p, p, p),  # something behind a cell that is none
        rb"/>(?!<%sc |</%srow>|<%srow |\Z)" % (p, p, p),
    )
    return None if any(re.search(each, xml) for each in odd) else dict(zip(numbers, tags, strict=True))
