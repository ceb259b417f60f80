"""Edits through openpyxl, which loads a whole workbook and writes it anew: what it has no model of is lost."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.workbook.properties import CalcProperties

from workbook.package.edits import AddSheet, AppendRows, Edit, RewriteRows
from workbook.package.openpyxl_table import OpenpyxlTable
from workbook.package.package_index import Package
from workbook.refusals import NotEditable
from workbook.template.table_sheet import add_table_sheet


class OpenpyxlEngine:
    """An ``Engine``. Formulas come out without their stored results, which Excel works out when it opens the file."""

    keeps_stored_values = False

    def apply(self, package: Package, edits: Sequence[Edit], *, currency: str) -> bytes:
        """The package with the edits made. Raises NotEditable, NoRoom, TextTooLong."""
        book = _load(package)
        for edit in edits:
            if isinstance(edit, AddSheet):
                add_table_sheet(book, edit.table, language=edit.language, currency=currency)
                continue
            table = _find(book, edit.table, currency)
            if isinstance(edit, RewriteRows):
                table.rewrite(edit)
            elif isinstance(edit, AppendRows):
                table.append(edit)
            else:
                table.update(edit)
        book.calculation = book.calculation or CalcProperties()
        book.calculation.fullCalcOnLoad = True
        with _stumbling_refused(package):
            saved = io.BytesIO()
            book.save(saved)
            return saved.getvalue()


def _load(package: Package) -> Workbook:
    with _stumbling_refused(package):
        return openpyxl.load_workbook(io.BytesIO(package.raw), keep_vba=package.has_macros, rich_text=True)


@contextmanager
def _stumbling_refused(package: Package) -> Iterator[None]:
    """openpyxl raises whatever its model stumbles over, on files that Excel and calamine read."""
    with warnings.catch_warnings():
        # It warns of extensions that it drops; that it loses what it has no model of is said of this engine as a whole.
        warnings.simplefilter("ignore")
        try:
            yield
        except Exception as error:
            raise NotEditable(package.path, f"{type(error).__name__}: {error}") from error


def _find(book: Workbook, name: str, currency: str) -> OpenpyxlTable:
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            if table.displayName.casefold() == name.casefold():
                return OpenpyxlTable(sheet, table, currency)
    raise LookupError(f"openpyxl did not load table {name}")
