"""The VBA project of a macro-enabled workbook, built anew and committed, so that no user needs what builds it.

    python -m addin.build

writes ``addin/vba``: the modules as text, which is what to read and to compare, and ``vbaProject.bin``, which holds the
same (a test reads it back). Run it when a button, a function for cells or the version of xlwings changes. It needs pyOpenVBA
(the extra ``dev``), which builds the project without Excel.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from addin.vba_names import faults_of_module
from addin.vba_text import MACROS_MODULE, RIBBON_MODULE, WRAPPERS_MODULE, XLWINGS_MODULE, macros_module, ribbon_module
from addin.wrappers import has_functions

FOLDER = Path(__file__).with_name("vba")
PROJECT = "vbaProject.bin"
_DICTIONARY = "Dictionary"  # xlwings' VBA needs it on a Mac


class NotVba(Exception):
    """A module that VBA or Excel would refuse."""

    def __init__(self, module: str, faults: list[str]) -> None:
        super().__init__(f"{module}: {'; '.join(faults)}")


def file_name(module: str) -> str:
    """Where a module's text lies."""
    return f"{module}.cls" if module == _DICTIONARY else f"{module}.bas"


def modules() -> dict[str, str]:
    """Module → its text. Raises NotVba where one of ours would be refused."""
    xlwings = files("xlwings")
    ours = {MACROS_MODULE: macros_module(), RIBBON_MODULE: ribbon_module()}
    if has_functions():
        ours[WRAPPERS_MODULE] = _wrappers()
    for name, text in ours.items():
        faults = list(faults_of_module(text, is_for_cells=name == WRAPPERS_MODULE))
        if faults:
            raise NotVba(name, faults)
    return {
        **ours,
        XLWINGS_MODULE: xlwings.joinpath("xlwings.bas").read_bytes().decode("ascii"),
        _DICTIONARY: xlwings.joinpath("addin", "Dictionary.cls").read_bytes().decode("ascii"),
    }


def project(of: Mapping[str, str]) -> bytes:
    """The binary project that holds these modules, and one each for the workbook and its first sheet."""
    from pyopenvba import ExcelFile, VBAModuleKind

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsm"
        with ExcelFile.create_new(path) as book:
            built = book.vba_project()
            built.delete_module("Module1")
            for name, text in of.items():
                kind = VBAModuleKind.other if name == _DICTIONARY else VBAModuleKind.standard
                built.add_module(name, text, kind=kind)
            book.save()
        with zipfile.ZipFile(path) as package:
            return package.read(f"xl/{PROJECT}")


def _wrappers() -> str:
    done = subprocess.run([sys.executable, "-m", "addin.wrappers"], capture_output=True, check=True)
    return done.stdout.decode("ascii")


def main() -> None:
    """Write the modules and the project."""
    made = modules()
    for each in FOLDER.glob("*.bas"):
        if each.stem not in made:
            each.unlink()
    for name, text in made.items():
        (FOLDER / file_name(name)).write_bytes(text.encode("ascii"))
    (FOLDER / PROJECT).write_bytes(project(made))


if __name__ == "__main__":
    main()
