"""Installing: xlwings' settings and its add-in, so that Excel finds this Python; undone to the last line by uninstalling.

What was changed is noted in ``~/.duebook/addin.json``: of the settings only the lines that were replaced, of the add-in a
copy of the file that was there. Uninstalling puts these back; what somebody changed since is theirs, and stays.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import xlwings

import functions
from addin.machine import Machine, this_machine
from addin.wrappers import UDFS
from addin.xlwings_settings import Settings, added_items, with_item, without_items
from workbook.outcome import Outcome
from workbook.package.atomic_save import write_whole

LISTS = {"PYTHONPATH", "UDF MODULES"}
"""Settings that hold several values: ours is added to them."""


@dataclass
class Journal:
    """``settings``: key → the lines that were there, and ours. ``files``: what xlwings put → a copy of what was there."""

    had_settings: bool = True
    ended_in_a_line: bool = True
    settings: dict[str, tuple[list[str], str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)


def packages_folder() -> str:
    """The folder that this Duebook is imported from."""
    return str(Path(functions.__file__ or "").resolve().parents[1])


def wanted(machine: Machine) -> dict[str, str]:
    """What xlwings' settings must say: which Python, where Duebook is, which functions, and that it stays running."""
    return {
        machine.interpreter_key: machine.interpreter,
        "PYTHONPATH": packages_folder(),
        "UDF MODULES": UDFS,
        "USE UDF SERVER": "True",
        "SHOW CONSOLE": "False",
    }


def install(*, ran_at: dt.datetime, machine: Machine | None = None) -> Outcome:
    """Write xlwings' settings and install its add-in. Raises NotASetting, NotWritable; installing twice changes nothing."""
    machine = machine or this_machine()
    journal = _read(machine) or Journal(had_settings=machine.settings.exists())
    lines = [*_write_settings(machine, journal), *_install_addin(machine, journal)]
    lines.append("Now: duebook addin status. In Excel: docs/excel.md.")
    return Outcome(lines=tuple(lines))


def uninstall(*, ran_at: dt.datetime, machine: Machine | None = None) -> Outcome:
    """Put back what installing changed, but for what was changed since. Raises NotWritable."""
    machine = machine or this_machine()
    journal = _read(machine)
    if journal is None:
        return Outcome(lines=(f"There is nothing to undo: no {machine.journal}.",))
    done: list[str] = []
    left: list[str] = []
    for line, is_done in (*_remove_addin(machine, journal), *_restore_settings(machine, journal)):
        (done if is_done else left).append(line)
    if left:
        _write(machine, journal)
        return Outcome(lines=(*done, *left, f"Kept, to undo the rest later: {machine.journal}"), has_errors=True)
    _forget(machine, journal)
    return Outcome(lines=(*done, f"Removed: {machine.journal}"))


# The settings


def _write_settings(machine: Machine, journal: Journal) -> Iterator[str]:
    settings = machine.read_settings()
    if not journal.settings:
        journal.ended_in_a_line = settings.ends_in_a_line
    changed = {}
    for key, ours in wanted(machine).items():
        before = settings[key]
        value = with_item(before, ours) if key in LISTS else ours
        if before == value and settings.lines_of(key):
            continue
        line = settings.line(key, value)
        earlier, last = journal.settings.get(key, ([], ""))
        present = settings.lines_of(key)
        # An upgrade replaces our own line: what was there before it stays noted.
        journal.settings[key] = (earlier if present == [last] else present, line)
        settings.put(key, [line])
        changed[key] = (before, value)
    if not changed:
        yield f"Unchanged: {machine.settings}"
        return
    _make_folder(machine.settings.parent, journal)
    _write(machine, journal)  # first: what is not noted cannot be undone
    write_whole(machine.settings, settings.written)
    yield f"Wrote {machine.settings}"
    for key, (before, value) in changed.items():
        yield f"  {key} = {value}" + (f" (it was {before}; uninstall puts it back)" if before else "")


def _restore_settings(machine: Machine, journal: Journal) -> Iterator[tuple[str, bool]]:
    if not journal.settings:
        return
    settings = machine.read_settings()
    kept = []
    for key, (before, ours) in journal.settings.items():
        present = settings.lines_of(key)
        if present == [ours]:
            settings.put(key, before)
        elif key in LISTS and present:
            _take_ours_out(settings, key, before, ours)
        elif present:
            kept.append(key)
    if not journal.ended_in_a_line and settings.lines:
        settings.lines[-1] = settings.lines[-1].rstrip("\r\n")
    if not settings.written.strip() and not journal.had_settings:
        machine.settings.unlink(missing_ok=True)
        yield f"Removed: {machine.settings}", True
    elif machine.settings.exists():
        write_whole(machine.settings, settings.written)
        yield f"Wrote {machine.settings}: as it was", True
    for key in kept:
        yield f"  {key} was changed since and stays: {settings[key]}", True
    journal.settings.clear()


def _take_ours_out(settings: Settings, key: str, before: list[str], ours: str) -> None:
    """Somebody has changed the list since: what we did not add stays."""
    others = without_items(settings[key], added_items(before, ours))
    settings.put(key, [settings.line(key, others)] if others or before else [])


# xlwings' add-in


def _install_addin(machine: Machine, journal: Journal) -> Iterator[str]:
    if not machine.excel or machine.addin is None:
        yield "There is no Excel on this machine: xlwings' add-in is not installed. Install Excel, then run this again."
        return
    places = _places(machine)
    for place in places:
        if place.exists() and str(place) not in journal.files:
            journal.files[str(place)] = _keep_copy(machine, place)
    _write(machine, journal)
    told = machine.run_xlwings("addin", "install")
    for place in places:
        if not place.exists():
            yield f"Not installed: {place}. xlwings says: {told}. Close Excel and run this again."
        else:
            journal.files.setdefault(str(place), "")
            yield f"Installed: {place}"
    _write(machine, journal)


def _remove_addin(machine: Machine, journal: Journal) -> Iterator[tuple[str, bool]]:
    told = ""
    if any(not copy for copy in journal.files.values()):
        told = machine.run_xlwings("addin", "remove") if machine.excel else "there is no Excel any more"
    for name, copy in list(journal.files.items()):
        place = Path(name)
        try:
            if copy:
                shutil.copyfile(copy, place)
            else:
                place.unlink(missing_ok=True)  # xlwings' own command leaves a Mac's script
        except OSError as error:
            said = f" (xlwings says: {told})" if told else ""
            yield f"Not removed: {place}: {error.strerror}{said}. Close Excel and run this again.", False
            continue
        yield (f"Put back: {place}" if copy else f"Removed: {place}"), True
        if copy:
            Path(copy).unlink(missing_ok=True)
        del journal.files[name]


def _places(machine: Machine) -> list[Path]:
    return [place for place in (machine.addin, machine.script(xlwings.__version__)) if place is not None]


def _keep_copy(machine: Machine, place: Path) -> str:
    copy = machine.journal.with_name(f"before-{place.name}")
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(place, copy)
    return str(copy)


# The journal


def _read(machine: Machine) -> Journal | None:
    if not machine.journal.exists():
        return None
    noted: dict[str, Any] = json.loads(machine.journal.read_text("utf-8"))
    noted["settings"] = {key: (list(before), ours) for key, (before, ours) in noted["settings"].items()}
    return Journal(**noted)


def _write(machine: Machine, journal: Journal) -> None:
    machine.journal.parent.mkdir(parents=True, exist_ok=True)
    write_whole(machine.journal, (json.dumps(asdict(journal), indent=2) + "\n").encode())


def _make_folder(folder: Path, journal: Journal) -> None:
    if not folder.exists():
        folder.mkdir(parents=True)
        journal.folders.append(str(folder))


def _forget(machine: Machine, journal: Journal) -> None:
    machine.journal.unlink(missing_ok=True)
    for folder in [*map(Path, journal.folders), machine.journal.parent]:
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
