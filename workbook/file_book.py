"""A workbook on disk behind the port ``Book``: calamine reads the values, changes are kept as edits until it is saved.

What was written is read back at once, though the file changes only in ``save``; the engine that edits is loaded there.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from workbook.editing.planned_edits import appended, empty_table, rewritten, updated
from workbook.editing.staff_columns import OrphanedRemark
from workbook.editing.table_layout import places_of
from workbook.package.atomic_save import refuse_if_not_writable, write_whole
from workbook.package.edits import AddSheet, Edit, Engine
from workbook.package.open_elsewhere import refuse_if_open
from workbook.package.package_index import Package, package_of, read_package
from workbook.package.sheet_room import SheetRoom
from workbook.package.table_values import TableValues
from workbook.port import Columns, RawTable
from workbook.refusals import ChangedMeanwhile, FormulasWouldLoseTheirValues, MissingTable, UserOwnedTable, WrongSuffix
from workbook.settings import Settings, parse_settings
from workbook.table import Owner, Table


class FileBook:
    """The workbook in a file. Opening raises a named UnreadableWorkbook.

    ``orphaned_remarks`` collects what staff wrote beside rows that ``write_table`` no longer found. ``engine`` carries out
    the edits; without one, openpyxl does.
    """

    def __init__(self, path: Path, engine: Engine | None = None) -> None:
        self.path = path
        self.orphaned_remarks: list[OrphanedRemark] = []
        self._given_engine = engine
        self._open(read_package(path))

    def _open(self, package: Package) -> None:
        self._package = package
        self._values = TableValues(package)
        self._edits: list[Edit] = []
        self._edited: dict[str, RawTable] = {}  # by folded name: tables as they will be
        self._prepared: tuple[int, bytes] | None = None  # after how many edits: the package
        self._has_formulas: dict[str, bool] = {}  # by folded name, of the tables that were read
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

    def table_names(self) -> tuple[str, ...]:
        """The names of every Excel table in the workbook, those to be added included."""
        added = tuple(edit.table.name for edit in self._edits if isinstance(edit, AddSheet))
        return tuple(entry.name for entry in self._package.tables) + added

    def read_table(self, name: str) -> RawTable | None:
        """The table's cells as they are, or will be after ``save``; None where it is not there.

        Upper and lower case are one, as in Excel. Raises DuplicateTable, DamagedWorkbook, SheetTooLarge.
        """
        if name.casefold() in self._edited:
            return self._edited[name.casefold()]
        entry = self._package.table(name)
        if entry is None:
            return None
        raw = self._values.read(entry)
        self._has_formulas[entry.name.casefold()] = raw.has_formulas
        return raw

    def write_table(self, table: Table, columns: Columns) -> None:
        """Rewrite a table of ours, adding its sheet if need be. Columns that staff added are carried along by the row's key.

        Raises UserOwnedTable, NoRoom where it would grow over something, DuplicateColumn.
        """
        if table.owner is not Owner.ADDIN:
            raise UserOwnedTable(table.name)
        plan = rewritten(self._standing(table), table, columns, self.language, self._calculated(table.name))
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
        if self._is_in_place(target):
            tables = [] if self._engine.keeps_stored_values else self._tables_with_formulas()
            if tables:
                raise FormulasWouldLoseTheirValues(path, tables)
        else:
            suffix = ".xlsm" if self._package.has_macros else ".xlsx"
            if path.suffix.lower() != suffix:
                raise WrongSuffix(path, suffix)
        refuse_if_open(path)
        refuse_if_not_writable(path)

    def save(self, target: Path | None = None) -> None:
        """Write the workbook, whole or not at all: in place, or to ``target``, which leaves the workbook as it is.

        Raises CannotSave: open elsewhere, changed since it was read, read-only, or formulas would lose their values.
        """
        in_place = self._is_in_place(target)
        if in_place and not self._edits:
            return
        path = target or self.path
        content = self.prepared(target)
        saved = package_of(content, path)

        def refuse_if_changed_or_opened() -> None:
            refuse_if_open(path)
            if in_place and not self._is_unchanged():
                raise ChangedMeanwhile(path)

        write_whole(path, content, before_replacing=refuse_if_changed_or_opened)
        if in_place:
            self._open(saved)

    def prepared(self, target: Path | None = None) -> bytes:
        """The workbook as ``save`` would write it: what can be refused is refused here, and nothing is written.

        It is kept until the next change, so that a save that follows does not make it again. Raises CannotSave, NoRoom,
        TextTooLong.
        """
        self.refuse_target(target)
        if self._prepared is None or self._prepared[0] != len(self._edits):
            content = self._package.raw
            if self._edits:
                content = self._engine.apply(self._package, self._edits, currency=self._settings.base_currency)
            self._prepared = (len(self._edits), content)
        return self._prepared[1]

    def _tables_with_formulas(self) -> list[str]:
        """The tables that this run has read, or another run will read, in which a formula stands."""
        from workbook.schema import TABLES

        ours = {name.casefold() for name in TABLES}
        return [
            entry.name
            for entry in self._package.tables
            if self._has_formulas.get(entry.name.casefold(), False)
            or (entry.name.casefold() in ours - self._has_formulas.keys() and self._values.has_formulas(entry))
        ]

    @cached_property
    def _engine(self) -> Engine:
        if self._given_engine is not None:
            return self._given_engine
        from workbook.package.openpyxl_engine import OpenpyxlEngine

        return OpenpyxlEngine()

    def _is_in_place(self, target: Path | None) -> bool:
        return target is None or os.path.realpath(target) == os.path.realpath(self.path)

    def _is_unchanged(self) -> bool:
        try:
            return self.path.read_bytes() == self._package.raw
        except OSError:
            return False
