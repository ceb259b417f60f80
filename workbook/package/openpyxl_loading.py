"""A package through openpyxl and back: what it has no model of is lost on the way."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import openpyxl
from openpyxl.workbook import Workbook

from workbook.package.package_index import Package
from workbook.refusals import NotEditable, NotWritable


def loaded(package: Package) -> Workbook:
    """The workbook as openpyxl understands it. Raises NotEditable."""
    with _stumbling_refused(package):
        return openpyxl.load_workbook(io.BytesIO(package.raw), keep_vba=package.has_macros, rich_text=True)


def saved(book: Workbook, package: Package) -> bytes:
    """The workbook as openpyxl writes it; ``package`` is what it was loaded from. Raises NotEditable."""
    with _stumbling_refused(package):
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()


@contextmanager
def _stumbling_refused(package: Package) -> Iterator[None]:
    """openpyxl raises whatever its model stumbles over, on files that Excel and calamine read."""
    with warnings.catch_warnings():
        # It warns of some of what it drops; all of it is counted elsewhere.
        warnings.simplefilter("ignore")
        try:
            yield
        except OSError as error:  # its own temporary files, on a disk that is full
            raise NotWritable(package.path, error.strerror or str(error)) from error
        except Exception as error:
            raise NotEditable(package.path, f"{type(error).__name__}: {error}") from error
