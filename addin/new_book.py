"""A new workbook, with macros and a ribbon where its name ends in .xlsm."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from addin.ribbon import custom_ui
from addin.wrappers import UDFS
from workbook.outcome import Outcome
from workbook.tasks import new_book as plain
from workbook.template.additions import PACKAGE, Addition, Additions

MACRO_ENABLED = ".xlsm"
CONFIG_SHEET = "xlwings.conf"
CONFIG: dict[str, str] = {
    # Else a file in the workbook's folder, functions.py or pandas.py, would be run in the place of the real one.
    "ADD_WORKBOOK_TO_PYTHONPATH": "False",
    "UDF MODULES": UDFS,
    "USE UDF SERVER": "True",
}
"""Settings of xlwings that belong to the workbook, and so stand before those of the machine."""

_WORKBOOK_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_PROJECT_TYPE = "application/vnd.ms-office.vbaProject"
_PROJECT = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_RIBBON = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
_CODE_NAMES = ("ThisWorkbook", "Sheet1")  # the two modules that the project brings; Excel makes those of the other sheets


def new_book(book: Path, *, language: str = "en", **options: Any) -> Outcome:
    """Make a workbook; ``options`` are those of ``workbook.tasks.new_book``, which says what is refused."""
    additions = macros_and_ribbon(language) if book.suffix.lower() == MACRO_ENABLED else None
    return plain.new_book(book, language=language, additions=additions, **options)


def macros_and_ribbon(language: str) -> Additions:
    """What makes a workbook macro-enabled; the ribbon's words are in ``language``."""
    project = files("addin").joinpath("vba", "vbaProject.bin").read_bytes()
    return Additions(
        suffix=MACRO_ENABLED,
        content_type=_WORKBOOK_TYPE,
        parts=(
            Addition("/xl/vbaProject.bin", project, _PROJECT, content_type=_PROJECT_TYPE),
            Addition("/customUI/customUI.xml", custom_ui(language), _RIBBON, owner=PACKAGE),
        ),
        code_names=_CODE_NAMES,
        hidden_sheets={CONFIG_SHEET: CONFIG},
    )
