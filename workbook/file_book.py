"""A workbook on disk behind the port ``Book``: calamine reads the values, changes are kept as edits until it is saved.

What was written is read back at once, though the file changes only in ``save``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from workbook.editing.planned_edits import appended, empty_table, rewritten, updated
from workbook.editing.staff_columns import OrphanedRemark
from workbook.editing.table_layout import layout_of, places_of
from workbook.log_chain import link_again
from workbook.memory import give_back_now
from workbook.package.atomic_save import holds, refuse_if_not_writable, write_whole
from workbook.package.edits import AddSheet, AppendRows, Edit, Edited, Engine, UpdateCells
from workbook.package.open_elsewhere import refuse_if_open
from workbook.package.package_engine import PackageEngine
from workbook.package.package_index import Package, read_package
from workbook.package.receipt import Receipt, cells_text, parts_text
from workbook.package.sheet_room import SheetRoom
from workbook.package.table_values import TableValues
from workbook.package.verification import verify
from workbook.port import Columns, RawTable
from workbook.refusals import ChangedMeanwhile, MissingTable, Signed, UserOwnedTable, WrongSuffix
from workbook.schema import TABLES
from workbook.settings import Settings, parse_settings
from workbook.table import Owner, Table


class FileBook:
    """The workbook in a file. Opening raises a named UnreadableWorkbook.

    ``orphaned_remarks`` collects what staff wrote beside rows that ``write_table`` no longer found. ``engine`` carries out
    the edits; without one, they are made in the package itself. ``receipt`` tells what the last save changed.
    """

    def __init__(self, path: Path, engine: Engine | None = None) -> None:
        self.path = path
        self.orphaned_remarks: list[OrphanedRemark] = []
        self.receipt: Receipt | None = None
        self._given_engine = engine
        self._open(read_package(path))

    def _open(self, package: Package) -> None:
        self._package = package
        self._values = TableValues(package)
        self._edits: list[Edit] = []
        self._edited: dict[str, RawTable] = {}  # by folded name: tables as they will be
        self._prepared: tuple[int, Edited] | None = None  # after how many edits: what they made
        self.__dict__.pop("_settings", None)

    @property
    def name(self) -> str:
        """The file name, for messages."""
        return self.path.name

    @property
    def digest(self) -> str:
        """SHA-256 of the file as it was read, in hexadecimal."""
        return hashlib.sha256(self._package.raw).hexdigest()

    @property
    def language(self) -> str:
        """``en`` or ``zh-CN``: what Settings says, else English."""
        return self._settings.language

    @cached_property
    def _settings(self) -> Settings:
        """For the words and formats of new sheets; what is wrong with the table's cells is for its reader to say."""
        from workbook.schema.reference import SETTINGS

        raw = self.read_table(SETTINGS.name)
        places = places_of(raw, SETTINGS) if raw is not None else {}
        if raw is None or not {"key", "value"} <= places.keys():
            return parse_settings({})[0]
        names = map(str, raw.columns[places["key"]])
        return parse_settings(dict(zip(names, raw.columns[places["value"]], strict=True)))[0]

    @property
    def folder(self) -> Path | None:
        """Where the file lies."""
        return self.path.parent

    def table_names(self) -> tuple[str, ...]:
        """The names of every Excel table in the workbook, those to be added included."""
        added = tuple(edit.table.name for edit in self._edits if isinstance(edit, AddSheet))
        return tuple(entry.name for entry in self._package.tables) + added

    def let_go(self) -> None:
        """Forget what calamine keeps of the file: its texts, above all."""
        self._values = TableValues(self._package)
        give_back_now()

    def read_table(self, name: str) -> RawTable | None:
        """The table's cells as they are, or will be after ``save``; None where it is not there.

        Upper and lower case are one, as in Excel. Raises DuplicateTable, DamagedWorkbook, SheetTooLarge.
        """
        if name.casefold() in self._edited:
            return self._edited[name.casefold()]
        entry = self._package.table(name)
        if entry is None:
            return None
        return self._values.read(entry)

    def write_table(self, table: Table, columns: Columns) -> None:
        """Rewrite a table of ours, adding its sheet if need be. Columns that staff added are carried along by the row's key.

        Raises UserOwnedTable, NoRoom where it would grow over something, DuplicateColumn.
        """
        if table.owner is not Owner.ADDIN:
            raise UserOwnedTable(table.name)
        raw = self._outline(table) or self._standing(table)
        plan = rewritten(raw, table, columns, self.language, self._calculated(table.name))
        self._take(plan.edit, plan.before, plan.after)
        self.orphaned_remarks.extend(plan.orphaned_remarks)

    def append_rows(self, table: Table, columns: Columns) -> None:
        """Add rows below a table's last row that holds anything, adding its sheet if need be.

        Raises NoRoom where it would grow over something, MissingColumn where a value has no column, DuplicateColumn.
        """
        plan = appended(self._standing(table), table, columns, self._calculated(table.name))
        if plan is not None:
            self._take(plan.edit, plan.before, plan.after)

    def update_rows(self, table: Table, rows: Sequence[int], columns: Columns) -> None:
        """Set named columns of existing rows.

        Raises MissingTable, MissingColumn, DuplicateColumn; IndexError where there is no such row.
        """
        raw = self.read_table(table.name)
        if raw is None:
            raise MissingTable(self.name, table.name)
        plan = updated(raw, table, rows, columns)
        self._take(plan.edit, plan.before, plan.after)

    def add_table(self, table: Table) -> None:
        """Add a table of ours, empty, on a sheet of its own, unless it is there."""
        self._standing(table)

    def _outline(self, table: Table) -> RawTable | None:
        """The table without its cells, where nobody wants them: nothing is carried on from one that staff left alone."""
        entry = self._package.table(table.name)
        if entry is None or table.name.casefold() in self._edited:
            return None
        outline = self._values.outline(entry)
        is_wanted = outline is None or outline.notes or layout_of(outline, table, self.language).staff_places
        return None if is_wanted else outline

    def _standing(self, table: Table) -> RawTable:
        """The table as it is, after adding a sheet for one that is not there."""
        raw = self.read_table(table.name)
        if raw is None:
            self._edits.append(AddSheet(table, self.language))
            raw = self._edited[table.name.casefold()] = empty_table(table, self.language)
        return raw

    def _take(self, edit: Edit, before: RawTable, after: RawTable) -> None:
        SheetRoom(self._package, self._values, self._edited).refuse_to_grow_over(before, after)
        self._edits.append(edit)
        self._edited[after.name.casefold()] = after
        if after.name.casefold() == "settings":
            self.__dict__.pop("_settings", None)

    def _calculated(self, name: str) -> frozenset[int]:
        entry = self._package.table(name)
        return entry.calculated if entry is not None else frozenset()

    def refuse_target(self, target: Path | None = None) -> None:
        """Raise the CannotSave that ``save`` would raise of the place where it is to write, before the work is done."""
        path = target or self.path
        if self._package.is_signed:
            raise Signed(self.path)
        if not self._is_in_place(target):
            suffix = ".xlsm" if self._package.has_macros else ".xlsx"
            if path.suffix.lower() != suffix:
                raise WrongSuffix(path, suffix)
        elif not self._is_unchanged():
            raise ChangedMeanwhile(path)
        refuse_if_open(path)
        refuse_if_not_writable(path)

    def save(self, target: Path | None = None) -> None:
        """Write the workbook, whole or not at all: in place, or to ``target``, which leaves the workbook as it is.

        What was written is read back before it takes the place of the file; ``receipt`` then tells what was changed.
        Raises CannotSave: open elsewhere, changed since it was read, read-only, not verified.
        """
        in_place = self._is_in_place(target)
        if in_place and not self._edits:
            return
        path = target or self.path
        edited = self._applied(target)
        verified: list[Package] = []

        def read_back(written: Path) -> None:
            verified.append(verify(written, path, self._package, edited, self._expected()))

        def refuse_if_changed_or_opened() -> None:
            refuse_if_open(path)
            if in_place and not self._is_unchanged():
                raise ChangedMeanwhile(path)

        write_whole(path, edited.content, verify=read_back, before_replacing=refuse_if_changed_or_opened)
        self.receipt = Receipt.of(edited, before=self.digest, after=hashlib.sha256(edited.content).hexdigest())
        if in_place:
            self._open(verified[0])

    def prepared(self, target: Path | None = None) -> bytes:
        """The workbook as ``save`` would write it: what can be refused is refused here, and nothing is written.

        It is kept until the next change, so that a save that follows does not make it again. Raises CannotSave, NoRoom,
        TextTooLong.
        """
        return self._applied(target).content

    def content(self) -> bytes:
        """The workbook as ``save`` would write it, wherever that is. Raises NoRoom, TextTooLong."""
        return self._made().content

    def _applied(self, target: Path | None) -> Edited:
        self.refuse_target(target)
        return self._made()

    def _made(self) -> Edited:
        if self._prepared is None or self._prepared[0] != len(self._edits):
            edited = Edited(self._package.raw, changed=())
            self.let_go()
            if self._edits:
                currency = self._settings.base_currency
                edited = self._engine.apply(self._package, self._edits, currency=currency, record=self._receipt_line)
                give_back_now()
            self._prepared = (len(self._edits), edited)
        return self._prepared[1]

    def _receipt_line(self, edited: Edited) -> UpdateCells | None:
        """What was changed, for the line of this run in the run log, if it has one."""
        table = TABLES["RunLog"]
        raw = self._edited.get(table.name.casefold())
        logged = [edit for edit in self._edits if isinstance(edit, AppendRows) and edit.table.casefold() == "runlog"]
        if raw is None or not logged:
            return None
        there = places_of(raw, table)
        cells: Columns = {"changed_parts": [parts_text(edited)], "cells_written": [cells_text(edited)]}
        row = logged[-1].at
        told = updated(raw, table, [row], {key: values for key, values in cells.items() if key in there}).after
        link = link_again(told, row)  # the hash of the line is one over these cells too
        cells = {**cells, **({"chain": [link]} if link else {})}
        plan = updated(raw, table, [row], {key: values for key, values in cells.items() if key in there})
        self._edited[table.name.casefold()] = plan.after
        return plan.edit if isinstance(plan.edit, UpdateCells) else None

    def _expected(self) -> dict[str, tuple[RawTable, Sequence[int]]]:
        """The tables that were written as they must read, and the places of their columns that were."""
        written: dict[str, set[int]] = {}
        for edit in self._edits:
            if not isinstance(edit, AddSheet):
                written.setdefault(edit.table.casefold(), set()).update(edit.columns)
        return {name: (self._edited[name], sorted(places)) for name, places in written.items()}

    @cached_property
    def _engine(self) -> Engine:
        return self._given_engine if self._given_engine is not None else PackageEngine()

    def _is_in_place(self, target: Path | None) -> bool:
        return target is None or os.path.realpath(target) == os.path.realpath(self.path)

    def _is_unchanged(self) -> bool:
        try:
            return holds(self.path, self._package.raw)
        except OSError:
            return False
