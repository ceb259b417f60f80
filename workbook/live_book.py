"""A workbook that is open in Excel behind the port ``Book``: changes are kept as edits until they are applied at once.

So a task that is refused half-way has changed nothing. ``apply`` keeps each table before it is changed; should Excel fail
while the edits are carried out, everything is put back. Saving is the user's: ``save`` is for who asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from xlwings import Book as ExcelBook

from workbook.editing.planned_edits import appended, empty_table, rewritten, updated
from workbook.editing.staff_columns import OrphanedRemark
from workbook.editing.table_layout import places_of
from workbook.live import native
from workbook.live.journal import Journal
from workbook.live.live_table import LiveTable
from workbook.live.new_sheet import add_sheet
from workbook.live.refusals import NotPutBack, SavedInExcel, SheetIsProtected
from workbook.live.room import LiveRoom
from workbook.package.edits import AddSheet, AppendRows, Edit, RewriteRows
from workbook.periods.refusals import LockNeedsFile
from workbook.port import Columns, RawTable
from workbook.refusals import MissingTable, UserOwnedTable
from workbook.settings import Settings, parse_settings
from workbook.table import Owner, Table


class LiveBook:
    """The workbook open in Excel. ``progress`` is told the table that is being read or written.

    ``orphaned_remarks`` collects what staff wrote beside rows that ``write_table`` no longer found. ``journal`` holds the
    tables as they stood before ``apply``.
    """

    def __init__(self, book: ExcelBook, progress: Callable[[str], None] | None = None) -> None:
        self._book = book
        self._progress = progress or (lambda table: None)
        self.orphaned_remarks: list[OrphanedRemark] = []
        self.journal = Journal()
        self._forget()

    def _forget(self) -> None:
        self._edits: list[Edit] = []
        self._edited: dict[str, RawTable] = {}  # by folded name: tables as they will be
        self._read: dict[str, RawTable] = {}  # as they are
        self._calculated: dict[str, frozenset[int]] = {}
        for kept in ("_settings", "tables"):
            self.__dict__.pop(kept, None)

    @property
    def name(self) -> str:
        """The file name, for messages."""
        return self._book.name

    @property
    def path(self) -> Path | None:
        """The file that Excel saves it to, for the journal of what was sent, which lies beside it."""
        folder = native.folder_of(self._book)
        return None if folder is None else folder / self.name

    @property
    def digest(self) -> str:
        """Not to be told: what is open differs from the file, if there is one."""
        return ""

    @property
    def language(self) -> str:
        """``en`` or ``zh-CN``: what Settings says, else English."""
        return self._settings.language

    @cached_property
    def _settings(self) -> Settings:
        from workbook.schema.reference import SETTINGS

        raw = self.read_table(SETTINGS.name)
        places = places_of(raw, SETTINGS) if raw is not None else {}
        if raw is None or not {"key", "value"} <= places.keys():
            return parse_settings({})[0]
        names = map(str, raw.columns[places["key"]])
        return parse_settings(dict(zip(names, raw.columns[places["value"]], strict=True)))[0]

    @cached_property
    def tables(self) -> dict[str, LiveTable]:
        """The Excel tables that are there, by folded name."""
        is_1904 = native.counts_from_1904(self._book)
        found = [each for sheet in self._book.sheets for each in sheet.tables]
        return {each.name.casefold(): LiveTable(each, is_1904=is_1904) for each in found}

    @property
    def folder(self) -> Path | None:
        """Not told: what lies beside the file is for runs on the file."""
        return None

    def content(self) -> bytes:
        """Only Excel could write it. Raises LockNeedsFile."""
        raise LockNeedsFile(self.name)

    def table_names(self) -> tuple[str, ...]:
        """The names of every Excel table in the workbook, those to be added included."""
        added = tuple(edit.table.name for edit in self._edits if isinstance(edit, AddSheet))
        return tuple(table.name for table in self.tables.values()) + added

    def let_go(self) -> None:
        """Nothing is kept: Excel has it."""

    def read_table(self, name: str) -> RawTable | None:
        """The table's cells as they are, or will be after ``apply``; None where it is not there."""
        folded = name.casefold()
        if folded in self._edited:
            return self._edited[folded]
        table = self.tables.get(folded)
        if table is None:
            return None
        if folded not in self._read:
            self._progress(table.name)
            self._read[folded] = table.read()
        return self._read[folded]

    def write_table(self, table: Table, columns: Columns) -> None:
        """Rewrite a table of ours, adding its sheet if need be. Columns that staff added are carried along by the row's key.

        Raises UserOwnedTable, NoRoom where it would grow over something, DuplicateColumn.
        """
        if table.owner is not Owner.ADDIN:
            raise UserOwnedTable(table.name)
        plan = rewritten(self._standing(table), table, columns, self.language, self._calculated_places(table.name))
        self._take(plan.edit, plan.before, plan.after)
        self.orphaned_remarks.extend(plan.orphaned_remarks)

    def append_rows(self, table: Table, columns: Columns) -> None:
        """Add rows below a table's last row that holds anything, adding its sheet if need be.

        Raises NoRoom where it would grow over something, MissingColumn where a value has no column, DuplicateColumn.
        """
        plan = appended(self._standing(table), table, columns, self._calculated_places(table.name))
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
        raw = self.read_table(table.name)
        if raw is None:
            self._edits.append(AddSheet(table, self.language))
            raw = self._edited[table.name.casefold()] = empty_table(table, self.language)
        return raw

    def _take(self, edit: Edit, before: RawTable, after: RawTable) -> None:
        LiveRoom(self.tables, self._edited).refuse_to_grow_over(before, after)
        self._edits.append(edit)
        self._edited[after.name.casefold()] = after
        if after.name.casefold() == "settings":
            self.__dict__.pop("_settings", None)

    def _calculated_places(self, name: str) -> frozenset[int]:
        """The columns that Excel fills: those that hold one formula from top to bottom."""
        folded = name.casefold()
        if folded not in self._calculated:
            table = self.tables.get(folded)
            self._calculated[folded] = frozenset(table.calculated()) if table is not None else frozenset()
        return self._calculated[folded]

    def apply(self) -> None:
        """Carry out the edits in the open workbook, all or none of them; what stood before is in ``journal``.

        Raises Refusal; what Excel itself raises is raised again when everything is back, NotPutBack should that fail too.
        """
        self._refuse_protected()
        journal = Journal()
        try:
            for edit in self._edits:
                self._carry_out(edit, journal)
        except BaseException:
            self._put_back(journal)
            raise
        self.journal = journal
        self._forget()

    def _carry_out(self, edit: Edit, journal: Journal) -> None:
        currency = self._settings.base_currency
        if isinstance(edit, AddSheet):
            self._progress(edit.table.name)
            add_sheet(self._book, edit.table, edit.language, currency, journal.added)
            standing = self.__dict__.pop("tables", {})
            self.__dict__["tables"] = {**self.tables, **standing}
            return
        table = self.tables[edit.table.casefold()]
        self._progress(table.name)
        table.currency = currency
        journal.keep(table)
        if isinstance(edit, RewriteRows):
            table.rewrite(edit)
        elif isinstance(edit, AppendRows):
            table.append(edit)
        else:
            table.update(edit)

    def take_back(self, journal: Journal) -> None:
        """Put everything back as ``journal`` kept it, all of it or nothing. Raises what Excel raises, NotPutBack."""
        now = Journal()
        for name in journal.tables:
            if name.casefold() in self.tables:
                now.keep(self.tables[name.casefold()])
        try:
            journal.put_back(self._book, self.tables)
        except BaseException:
            self._put_back(now)
            raise
        self._forget()

    def _put_back(self, journal: Journal) -> None:
        self._forget()
        try:
            journal.put_back(self._book, self.tables)
        except Exception as error:
            raise NotPutBack(self.name) from error

    def _refuse_protected(self) -> None:
        touched = {edit.table.casefold() for edit in self._edits if not isinstance(edit, AddSheet)}
        for name in touched & self.tables.keys():
            if native.is_protected(self.tables[name].sheet):
                raise SheetIsProtected(self.tables[name].sheet.name)

    def save(self, target: Path | None = None) -> None:
        """Apply what is still to be done, and let Excel save the workbook in place. Raises SavedInExcel for a ``target``."""
        if target is not None:
            raise SavedInExcel(self.name)
        self.apply()
        self._book.save()
