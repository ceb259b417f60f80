"""What a row of a table has around the table's own cells: the tag that opens it, cells to the left and to the right."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.package.sheet_draft import SheetDraft


@dataclass(frozen=True)
class RowFrame:
    """``before`` and ``after`` are the cells beside the table, which keep their bytes."""

    opening: str
    before: str = ""
    after: str = ""
    has_formulas: bool = False  # of the table's cells, which are to be replaced

    @classmethod
    def of(cls, sheet: SheetDraft, row: int, left: int, right: int, *, is_shown: bool) -> RowFrame:
        """The frame of a sheet's row, for a table from column ``left`` to ``right``."""
        xml = sheet.rows.xml(row)
        if xml is None:
            return cls(sheet.opening(row).decode())
        has_formulas = b"<" + sheet.prefix.encode() + b"f" in xml
        first, last = sheet.rows.spans(xml)
        if left <= first and last <= right:
            return cls(sheet.opening(row, sheet.rows.attributes(xml), is_shown=is_shown).decode(), has_formulas=has_formulas)
        apart = sheet.taken_apart(row)
        before = b"".join(cell.xml for cell in apart.cells if cell.column < left)
        after = b"".join(cell.xml for cell in apart.cells if cell.column > right)
        opening = sheet.opening(row, apart.attributes, is_shown=is_shown)
        return cls(opening.decode(), before.decode(), (after + apart.rest).decode(), has_formulas)
