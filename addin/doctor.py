"""Is all well? What Excel needs to run Duebook, looked at one by one; each fault says how it is mended."""

from __future__ import annotations

import datetime as dt
import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import xlwings

from addin.dialogs import tell
from addin.install import LISTS, packages_folder, wanted
from addin.machine import Machine, this_machine
from addin.vba_text import XLWINGS_MODULE, committed_modules
from workbook.outcome import Outcome
from workbook.refusals import NoSuchFile

ROOMS = ("functions", "workbook", "addin")
_VBA_VERSION = re.compile(r'XLWINGS_VERSION As String = "([^"]+)"')
_DLL_VERSION = re.compile(r'"xlwings(?:32|64)-([^"]+)\.dll"')
_REINSTALL = "duebook addin install"
_MACROS_ARE_OFF = 4


class State(StrEnum):
    """What was found. Only a fault keeps Duebook from working."""

    WELL = "ok"
    NOTE = "note"
    FAULT = "FAULT"


@dataclass(frozen=True)
class Finding:
    """``mend``: what to do about it."""

    state: State
    text: str
    mend: str = ""

    @property
    def line(self) -> str:
        return f"{self.state:<5}  {self.text}" + (f" Mend: {self.mend}" if self.mend else "")


def status(*, ran_at: dt.datetime, book: Path | None = None, machine: Machine | None = None) -> Outcome:
    """Every finding on a line; errors where there is a fault. ``book``: a workbook whose folder is looked at too.

    Raises NoSuchFile.
    """
    if book is not None and not book.exists():
        raise NoSuchFile(book)
    found = list(findings(machine or this_machine(), book))
    faults = sum(each.state is State.FAULT for each in found)
    summary = {"findings": [{"state": str(each.state), "text": each.text, "mend": each.mend} for each in found]}
    return Outcome(lines=(*(each.line for each in found), f"{faults} faults"), summary=summary, has_errors=bool(faults))


def show_status() -> None:
    """The same in Excel, for the workbook whose ribbon was clicked."""
    book = xlwings.Book.caller()
    path = Path(book.fullname)
    # Not there: it was never saved, or its name is an address on the web.
    outcome = status(ran_at=dt.datetime.now(), book=path if path.exists() else None)
    tell(book.app, "\n".join(outcome.lines))


def findings(machine: Machine, book: Path | None = None) -> Iterator[Finding]:
    """What there is to say, in the order in which things depend on each other."""
    yield _well(f"Python {platform.python_version()} ({sys.maxsize.bit_length() + 1} bits): {machine.interpreter}")
    yield _well(f"Duebook {version('duebook')}, xlwings {xlwings.__version__}")
    yield from _packages()
    yield from _vba()
    yield from _settings(machine)
    yield from _excel(machine)
    if machine.platform == "win32":
        yield from _libraries(machine)
        yield from _trust(machine.trust() or {})
    if book is not None:
        yield from _beside(book)


def shadows(folder: Path) -> list[str]:
    """What in a folder would be imported in the place of Duebook, or of what it needs, if Python looked there first."""
    names = (*ROOMS, "xlwings", "pandas", "openpyxl", "narwhals", "lxml")
    spelled = ((f"{name}.py", name) for name in names)
    return [each for pair in spelled for each in pair if _is_importable(folder / each)]


def _is_importable(path: Path) -> bool:
    return path.is_file() if path.suffix == ".py" else path.is_dir() and any(path.glob("*.py"))


def _packages() -> Iterator[Finding]:
    folder = packages_folder()
    for name in ROOMS:
        where = Path(import_module(name).__file__ or "").resolve()
        if str(where.parents[1]) == folder:
            yield _well(f"{name}: {where}")
        else:
            mend = f"rename {where}, or take its folder off Python's path."
            yield _fault(f"{name} is another one, {where}; the others are in {folder}.", mend)


def _vba() -> Iterator[Finding]:
    text = committed_modules()[XLWINGS_MODULE]
    named = {*_VBA_VERSION.findall(text), *_DLL_VERSION.findall(text)}
    if named == {xlwings.__version__}:
        yield _well(f"The VBA of new workbooks is xlwings' of {xlwings.__version__}, and names its DLL")
    else:
        told = f"The VBA of new workbooks is xlwings' of {', '.join(sorted(named))}; installed is {xlwings.__version__}."
        yield _fault(told, f"pip install xlwings=={min(named)}")


def _settings(machine: Machine) -> Iterator[Finding]:
    if not machine.settings.exists():
        yield _fault(f"xlwings' settings are not there: {machine.settings}.", _REINSTALL)
        return
    settings = machine.read_settings()
    yield _well(f"xlwings' settings: {machine.settings}")
    for key, ours in wanted(machine).items():
        present = settings[key]
        is_ours = ours in present.split(";") if key in LISTS else present.casefold() == ours.casefold()
        if is_ours:
            yield _well(f"{key} = {present}")
        elif key in ("USE UDF SERVER", "SHOW CONSOLE"):
            yield _note(f"{key} is {present or 'not set'}, not {ours}: slower, or with a window, but it works.")
        else:
            yield _fault(f"{key} is {present or 'not set'}, not {ours}.", _REINSTALL)
    interpreter = settings[machine.interpreter_key]
    if interpreter and not Path(interpreter).exists():
        yield _fault(f"{interpreter}, which Excel is to start, is not there.", f"install Python again, then {_REINSTALL}")
    if settings["CONDA PATH"] and settings["CONDA ENV"]:
        yield _note(
            f"xlwings also starts the conda environment {settings['CONDA ENV']}, as CONDA PATH and CONDA ENV are set."
        )
    if settings["ADD_WORKBOOK_TO_PYTHONPATH"].casefold() != "false":
        yield _note("Other workbooks of xlwings import from their own folder first; those that duebook new makes do not.")


def _excel(machine: Machine) -> Iterator[Finding]:
    if not machine.excel:
        yield _note("There is no Excel on this machine: only the files were checked. The command line needs none.")
        return
    yield _well(f"Excel: {machine.excel}")
    if machine.addin is not None and machine.addin.exists():
        yield _well(f"xlwings' add-in: {machine.addin}")
    else:
        yield _note(f"xlwings' add-in is not there ({machine.addin}). Workbooks from duebook new do without. {_REINSTALL}")
    script = machine.script(xlwings.__version__)
    if script is not None and script.exists():
        yield _well(f"The script by which Excel starts Python: {script}")
    elif script is not None:
        yield _fault(f"Excel may not start Python: there is no {script}.", _REINSTALL)


def _libraries(machine: Machine) -> Iterator[Finding]:
    folders = [Path(machine.interpreter).parent, Path(machine.interpreter).parent.parent]
    for bits in (64, 32):
        name = f"xlwings{bits}-{xlwings.__version__}.dll"
        found = next((folder / name for folder in folders if (folder / name).exists()), None)
        if found is not None:
            yield _well(f"The DLL for Excel of {bits} bits: {found}")
        else:
            mend = f"pip install --force-reinstall xlwings=={xlwings.__version__}"
            yield _fault(f"{name} is neither in {folders[0]} nor in {folders[1]}.", mend)


def _trust(trusted: dict[str, object]) -> Iterator[Finding]:
    if trusted.get("VBAWarnings") == _MACROS_ARE_OFF:
        mend = (
            "File > Options > Trust Center > Macro Settings, or a trusted location; a policy may have to be changed by IT."
        )
        yield _fault("Excel is set to run no macros, and not to ask.", mend)
    else:
        yield _well("Excel runs macros, or asks")
    locations = trusted.get("trusted_locations")
    if isinstance(locations, list) and locations:
        yield _well(f"Trusted locations: {', '.join(map(str, locations))}")
    if not trusted.get("AccessVBOM"):
        yield _note(
            "Trust access to the VBA project object model is off, as it should be: only xlwings' Import Functions needs it, "
            "and workbooks from duebook new hold their functions already."
        )


def _beside(book: Path) -> Iterator[Finding]:
    found = shadows(book.resolve().parent)
    if found:
        mend = "rename them, or move the workbook; a workbook from duebook new does not look there."
        yield _note(f"Beside {book.name} there are {', '.join(found)}, which Python may take for its own. To mend: {mend}")
    else:
        yield _well(f"Nothing beside {book.name} stands in Python's way")


def _well(text: str) -> Finding:
    return Finding(State.WELL, text)


def _note(text: str) -> Finding:
    return Finding(State.NOTE, text)


def _fault(text: str, mend: str) -> Finding:
    return Finding(State.FAULT, text, mend)
