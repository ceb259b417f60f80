"""Every workbook of others, edited: a sheet added, rows added to its first table, a cell changed; all the rest is as it was.

A file is refused with a reason that is known beforehand, or all of this holds for it.
"""

from __future__ import annotations

import gc
import os
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from tests.workbook.corpus_checks import (
    NO_CORPUS,
    WORKBOOKS,
    cells_by_calamine,
    formulas_by_openpyxl,
    has_libreoffice,
    lost_features,
    opens_in_calamine,
    opens_in_libreoffice,
    untouched_parts_equal,
)
from workbook.addresses import Area, address
from workbook.file_book import FileBook
from workbook.package.cell_formulas import has_formula
from workbook.package.cell_xml import CellWriter
from workbook.package.draft import Draft
from workbook.package.edits import Edited
from workbook.package.package_index import Package, read_package
from workbook.package.packing import packed
from workbook.package.sheet_draft import SheetDraft
from workbook.package.sheet_rows import joined
from workbook.package.sheet_scan import SheetScan
from workbook.package.stale_formulas import Formulas, TablePlace, stale_cells
from workbook.package.verification import verify
from workbook.package.workbook_part import WorkbookPart
from workbook.port import Cell, RawTable
from workbook.refusals import (
    BinaryWorkbook,
    DamagedWorkbook,
    DeclaresADocumentType,
    DuplicateParts,
    EncryptedWorkbook,
    NoRoom,
    NotAWorkbook,
    NotEditable,
    NotVerified,
    OldWorkbook,
    Refusal,
    SheetTooLarge,
    Signed,
    TooLarge,
)
from workbook.schema import TABLES
from workbook.table import Column, Kind, Owner, Table, Words

ALL_IN_LIBREOFFICE = "DUEBOOK_ALL_IN_LIBREOFFICE"
_A_SAMPLE, _SHARES = 40, 8
_LARGE = 500_000  # bytes of a workbook that openpyxl takes long to open
_MARKED = re.compile(rb"\b[cv]m\s*=")  # a cell whose value Excel keeps elsewhere

REFUSED = (
    BinaryWorkbook, DamagedWorkbook, DeclaresADocumentType, DuplicateParts, EncryptedWorkbook, NotAWorkbook, NotEditable,
    OldWorkbook, SheetTooLarge, Signed, TooLarge,
)  # fmt: skip
"""Reasons to leave a workbook alone."""

REPORT = {"item_id": ["A#1", "=1+1"], "open": [1.5, -2]}

pytestmark = pytest.mark.skipif(not WORKBOOKS, reason=NO_CORPUS)


@dataclass
class Edit:
    """A workbook before and after its edits, and the areas of sheets that were there that were written."""

    package: Package
    after: Package
    changed: tuple[str, ...]
    written: dict[str, list[Area]]
    grew: bool
    no_room: NoRoom | None

    @cached_property
    def stale(self) -> dict[str, set[tuple[int, int]]]:
        """Sheet → cells whose stored results had to go: they follow from what was written. A bare splice looks at none."""
        if not self.grew:
            return {}
        return {sheet: set(cells) for sheet, cells in stale_cells(formulas_of(self.after), self.written).items()}

    def is_written(self, sheet: str, row: int, column: int) -> bool:
        cell = Area(row, column, row, column)
        return any(cell.overlaps(area) for area in self.written.get(sheet, ()))


def formulas_of(package: Package) -> Formulas:
    """All that formulas of a package can refer to."""
    parts = {sheet: package.parts.read(part) for sheet, part in package.sheets.items()}
    tables = {
        entry.name.casefold(): TablePlace(entry.sheet, entry.data_area, entry.columns, entry.area)
        for entry in package.tables
        if entry.first_row <= entry.last_row
    }
    names = WorkbookPart(Draft(package.parts), package.workbook_part).names()
    return Formulas({sheet: part for sheet, part in parts.items() if SheetScan(part).has_any_formula}, tables, names)


def edited(path: Path, target: Path) -> Edit:
    """A report on a sheet of its own; a row more, and another value in a cell of the first table, else in any cell."""
    package = read_package(path)
    book, written, no_room = FileBook(path), dict[str, list[Area]](), None
    book.write_table(TABLES["OpenItems"], REPORT)
    raw = next((raw for name in book.table_names() if (raw := book.read_table(name)) and raw.name != "OpenItems"), None)
    if raw is not None:
        try:
            written = grown(book, raw, package)
            book.prepared(target)
        except NoRoom as refusal:
            book, written, no_room = FileBook(path), {}, refusal
            book.write_table(TABLES["OpenItems"], REPORT)
    book.save(target)
    assert book.receipt is not None
    changed = (*book.receipt.changed, *book.receipt.removed)
    if not written:
        written, spliced = with_another_cell(target)
        changed += spliced
    return Edit(package, read_package(target), changed, written, grew=raw is not None and no_room is None, no_room=no_room)


def grown(book: FileBook, raw: RawTable, package: Package) -> dict[str, list[Area]]:
    """Append a row to a table, change its first cell, and answer where that was."""
    columns = tuple(
        Column(f"key of place {place}", Words(header, header), Kind.TEXT)
        for place, header in enumerate(raw.headers)
        if header and raw.headers.count(header) == 1
    )
    table = Table(raw.name, Words(raw.name, raw.name), Owner.USER, columns, key=())
    first = columns[0].key
    book.append_rows(table, {first: ["a new row"]})
    book.update_rows(table, [0], {first: ["another value"]})
    now = book.read_table(raw.name)
    assert now is not None
    row = max(at for at, value in enumerate(now.columns[raw.headers.index(columns[0].label.en)]) if value)
    entry = package.table(raw.name)
    assert entry is not None
    rows = [now.first_row, now.first_row + row]
    if entry.totals_rows and len(now) > len(raw):
        rows += [entry.area.last_row, entry.area.last_row + 1]
    return {raw.sheet: [Area(at, entry.area.first_column, at, entry.area.last_column) for at in rows]}


def with_another_cell(path: Path) -> tuple[dict[str, list[Area]], tuple[str, ...]]:
    """Splice another value into the first cell that holds a plain one; nothing where there is none."""
    package = read_package(path)
    draft = Draft(package.parts)
    for name, part in [*package.sheets.items()]:
        sheet = SheetDraft(draft, name, part)
        writer = CellWriter(sheet.prefix, name, is_1904=package.is_1904, quoted=lambda style: style)
        for row, _ in sheet.rows.rows(1, sheet.rows.last_row):
            apart = sheet.taken_apart(row)
            for at, cell in enumerate(apart.cells):
                if not cell.content or has_formula(cell) or _MARKED.search(cell.attributes):
                    continue
                cells = [each.xml for each in apart.cells]
                cells[at] = writer.cell(row, cell.column, "another value", cell.style).encode()
                opening = sheet.opening(row, apart.attributes)
                sheet.put_row(row, joined(opening, cells, apart.rest, sheet.prefix))
                sheet.flush()
                path.write_bytes(packed(draft))
                verify(path, path, package, Edited(path.read_bytes(), (part,)), {})
                return {name: [Area(row, cell.column, row, cell.column)]}, (part,)
    return {}, ()


def check(edit: Edit) -> None:
    """All that was not to change is as it was."""
    before, after = edit.package.raw, edit.after.raw
    assert untouched_parts_equal(before, after, edit.changed) == []
    check_features(edit)
    check_cells(edit)
    if len(before) < _LARGE or os.environ.get(ALL_IN_LIBREOFFICE):
        check_formulas(edit)
    assert opens_in_calamine(after) or not opens_in_calamine(before)


def check_features(edit: Edit) -> None:
    lost = lost_features(edit.package.raw, edit.after.raw)
    assert lost.pop("formula_results", 0) <= sum(map(len, edit.stale.values()))
    for seen in ("rich_text", "phonetic_text", *(("formulas",) if edit.grew else ())):
        assert lost.pop(seen, 0) <= 1  # what the one cell held that was given another value
    lost.pop("shared_formulas", 0)  # spelled out one by one
    assert lost == {}


def check_cells(edit: Edit) -> None:
    before, after = cells_by_calamine(edit.package.raw), cells_by_calamine(edit.after.raw)
    assert set(before) <= set(after)
    for sheet, rows in before.items():
        found = after[sheet]
        if isinstance(rows, str) or isinstance(found, str):
            assert type(rows) is type(found)
            continue
        stale = edit.stale.get(sheet, set())
        for row in range(1, max(len(rows), len(found)) + 1):
            if rows[row - 1 : row] == found[row - 1 : row]:
                continue
            for column in range(1, len((*rows[row - 1 : row], *found[row - 1 : row])[0]) + 1):
                was, value = cell_at(rows, row, column), cell_at(found, row, column)
                is_right = value == was if (row, column) not in stale else value == ""
                assert is_right or edit.is_written(sheet, row, column), f"{sheet}!{address(row, column)}"


def cell_at(rows: Sequence[Sequence[Cell]], row: int, column: int) -> Cell:
    return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else ""


def check_formulas(edit: Edit) -> None:
    """openpyxl opens it if it opens the original, and finds the same formulas."""
    before, after = formulas_by_openpyxl(edit.package.raw), formulas_by_openpyxl(edit.after.raw)
    assert (before is None) == (after is None)
    for sheet, formulas in (before or {}).items():
        found = (after or {})[sheet]
        odd = [Area.parse(cell) for cell in {*formulas, *found} if formulas.get(cell) != found.get(cell)]
        assert all(edit.is_written(sheet, cell.first_row, cell.first_column) for cell in odd), f"{sheet}: {odd}"


@pytest.mark.parametrize("at", range(_SHARES))
def test_whatever_an_edit_did_not_touch_is_as_it_was(at: int, tmp_path: Path) -> None:
    refused: dict[str, Refusal] = {}
    checked = 0
    for path in WORKBOOKS[at::_SHARES]:
        target = tmp_path / path.name
        try:
            edit = edited(path, target)
        except NotVerified:
            # What calamine does not open cannot be read back.
            assert not opens_in_calamine(path.read_bytes()), path.name
            assert not target.exists()
            continue
        except Refusal as refusal:
            refused[path.name] = refusal
            assert not target.exists()
            continue
        try:
            check(edit)
        except AssertionError as error:
            raise AssertionError(f"{path.name}: {error}") from error
        checked += 1
    assert checked > 0.85 * len(WORKBOOKS[at::_SHARES]), refused
    assert [name for name, reason in refused.items() if "\n" in str(reason)] == []
    assert [name for name, reason in refused.items() if not isinstance(reason, REFUSED)] == []


def test_another_library_that_keeps_what_it_does_not_know_makes_the_same_workbook(tmp_path: Path) -> None:
    """The same cell changed by both: each cell of every sheet reads alike, and each finds the same features kept."""
    wolfxl: Any = pytest.importorskip("wolfxl", reason="wolfxl, which edits packages part by part, is not installed")
    compared = 0
    for path in WORKBOOKS[:: max(1, len(WORKBOOKS) // _A_SAMPLE)]:
        ours, theirs = (tmp_path / f"{name}{path.suffix}" for name in ("ours", "theirs"))
        ours.write_bytes(path.read_bytes())
        try:
            written, _ = with_another_cell(ours)
        except Refusal:
            continue
        if not written or not changed_by(wolfxl, path, theirs, written):
            continue
        assert cells_by_calamine(ours.read_bytes()) == cells_by_calamine(theirs.read_bytes()), path.name
        assert lost_features(theirs.read_bytes(), ours.read_bytes()) == {}, path.name
        compared += 1
    assert compared > _A_SAMPLE / 2


def changed_by(library: Any, path: Path, target: Path, written: Mapping[str, Sequence[Area]]) -> bool:
    """Let another library write the same value; whether it made something of it that can be read."""
    was_saved = _is_saved_by(library, path, target, written)
    gc.collect()  # its workbook may end in the thread that opened it only, and ours checks sums in others
    return was_saved and opens_in_calamine(target.read_bytes())


def _is_saved_by(library: Any, path: Path, target: Path, written: Mapping[str, Sequence[Area]]) -> bool:
    ((sheet, (cell,)),) = written.items()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = library.load_workbook(str(path), modify=True)
            book[sheet][address(cell.first_row, cell.first_column)] = "another value"
            book.save(str(target))
    except (OSError, ValueError, KeyError, AttributeError):
        return False
    return True


@pytest.mark.skipif(not has_libreoffice(), reason="LibreOffice is not installed")
def test_libreoffice_opens_what_was_edited_wherever_it_opens_the_original(tmp_path: Path) -> None:
    step = 1 if os.environ.get(ALL_IN_LIBREOFFICE) else max(1, len(WORKBOOKS) // _A_SAMPLE)
    made: dict[Path, Path] = {}
    for at, path in enumerate(WORKBOOKS[::step]):
        target = tmp_path / f"{at:04}{path.suffix}"
        try:
            edited(path, target)
        except Refusal:
            continue
        made[target] = path
    opened = opens_in_libreoffice([*made], tmp_path / "after", timeout_seconds=60 + 5 * len(made))
    failed = [path for target, path in made.items() if not opened[target]]
    before = opens_in_libreoffice(failed, tmp_path / "before") if failed else {}
    assert [path.name for path in failed if before[path]] == []
