"""Edits through openpyxl, for pipelines that insist on it: it loads a whole workbook and writes it anew.

What it has no model of is lost. So before anything is saved, what this very workbook would lose is named, and the engine
goes on only where that is accepted.
"""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.workbook import Workbook
from openpyxl.workbook.properties import CalcProperties

from workbook.package.edits import AddSheet, AppendRows, Edit, Edited, Record, RewriteRows, UpdateCells, cells_written
from workbook.package.openpyxl_loading import loaded, saved
from workbook.package.openpyxl_losses import described, losses_of_resaving
from workbook.package.openpyxl_table import OpenpyxlTable
from workbook.package.package_index import Package
from workbook.package.parts import Parts, folded, is_copied
from workbook.refusals import WouldLose
from workbook.template.table_sheet import add_table_sheet


class OpenpyxlEngine:
    """An ``Engine``. Formulas come out without their stored results, which Excel works out when it opens the file."""

    def __init__(self, *, accept_loss: bool = False) -> None:
        self._accept_loss = accept_loss

    def apply(self, package: Package, edits: Sequence[Edit], *, currency: str, record: Record | None = None) -> Edited:
        """The package with the edits made. Raises WouldLose, NotEditable, NoRoom, TextTooLong."""
        if not self._accept_loss:
            lost = losses_of_resaving(package)
            if lost:
                raise WouldLose(package.path, described(lost))
        book = loaded(package)
        for edit in edits:
            if isinstance(edit, AddSheet):
                add_table_sheet(book, edit.table, language=edit.language, currency=currency, has_chart=False)
            else:
                _carry_out(book, edit, currency)
        # Every part is written anew; which come out as they were is seen only when the line of the log is written.
        last = record(Edited(b"", tuple(sorted(package.parts)), cells_written=cells_written(edits))) if record else None
        if last is not None:
            _carry_out(book, last, currency)
        book.calculation = book.calculation or CalcProperties()
        book.calculation.fullCalcOnLoad = True
        return _compared(package, saved(book, package), edits)


def _compared(package: Package, content: bytes, edits: Sequence[Edit]) -> Edited:
    before, after = package.parts, Parts(package.path, content)
    both = [part for part in after if part in before]
    return Edited(
        content,
        changed=tuple(sorted(part for part in both if not is_copied(part, before, after))),
        added=tuple(sorted(part for part in after if part not in before)),
        removed=tuple(sorted(part for part in before if folded(part) not in set(map(folded, after)))),
        cells_written=cells_written(edits),
    )


def _carry_out(book: Workbook, edit: RewriteRows | AppendRows | UpdateCells, currency: str) -> None:
    table = _find(book, edit.table, currency)
    if isinstance(edit, RewriteRows):
        table.rewrite(edit)
    elif isinstance(edit, AppendRows):
        table.append(edit)
    else:
        table.update(edit)


def _find(book: Workbook, name: str, currency: str) -> OpenpyxlTable:
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            if table.displayName.casefold() == name.casefold():
                return OpenpyxlTable(sheet, table, currency)
    raise LookupError(f"openpyxl did not load table {name}")
