"""The machine that Duebook is installed on: whether Excel is there, where its add-ins and settings lie, what it trusts."""

from __future__ import annotations

import locale
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from addin.xlwings_settings import Settings

ADDIN = "xlwings.xlam"
_SECONDS = 180  # xlwings starts Excel where none is open
_OFFICE = r"Software\Microsoft\Office\16.0\Excel\Security"
_OFFICE_BY_POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"


@dataclass(frozen=True)
class Machine:
    """``excel``: which one, "" for none. ``settings``: xlwings' file. ``addins``: the folder that Excel opens at its start.

    ``scripts``: where a Mac lets Excel start programs from. ``run_xlwings`` runs xlwings' own command and answers what it
    printed. ``trust``: what Excel is allowed, by name; None where there is nothing to look in.
    """

    platform: str
    excel: str
    home: Path
    settings: Path
    addins: Path | None
    scripts: Path | None
    interpreter: str
    run_xlwings: Callable[..., str]
    trust: Callable[[], dict[str, object] | None]

    @property
    def journal(self) -> Path:
        """What the installer changed, so that it can be undone."""
        return self.home / ".duebook" / "addin.json"

    def read_settings(self) -> Settings:
        """xlwings' settings as they stand: on Windows VBA reads them in the machine's code page, line by line."""
        is_windows = self.platform == "win32"
        return Settings(
            self.settings.read_bytes() if self.settings.exists() else b"",
            encoding=locale.getencoding() if is_windows else "utf-8",
            newline="\r\n" if is_windows else "\n",
        )

    @property
    def interpreter_key(self) -> str:
        return "INTERPRETER_MAC" if self.platform == "darwin" else "INTERPRETER_WIN"

    @property
    def addin(self) -> Path | None:
        """Where xlwings' add-in is, or goes."""
        return self.addins / ADDIN if self.addins is not None else None

    def script(self, version: str) -> Path | None:
        """Where the script is, or goes, by which a Mac's Excel starts Python."""
        return self.scripts / f"xlwings-{version}.applescript" if self.scripts is not None else None


def this_machine() -> Machine:
    """The machine that this runs on."""
    home = Path.home()
    containers = home / "Library" / "Containers" / "com.microsoft.Excel" / "Data"
    is_mac = sys.platform == "darwin"
    return Machine(
        platform=sys.platform,
        excel=_excel(),
        home=home,
        settings=containers / "xlwings.conf" if is_mac else home / ".xlwings" / "xlwings.conf",
        addins=_addins(home),
        scripts=home / "Library" / "Application Scripts" / "com.microsoft.Excel" if is_mac else None,
        interpreter=sys.executable,
        run_xlwings=run_xlwings,
        trust=_trust,
    )


def run_xlwings(*arguments: str) -> str:
    """xlwings' own command, and what it said. It ends well also where it fails: look at what it was to do."""
    command = [sys.executable, "-m", "xlwings.cli", *arguments]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return f"no answer within {_SECONDS} seconds; Excel may be waiting for one of its own windows to be closed"
    return (done.stdout + done.stderr).decode("utf-8", errors="replace").strip()


def addin_as_shipped() -> bytes:
    """The add-in that comes with the installed xlwings."""
    return files("xlwings").joinpath("addin", ADDIN).read_bytes()


def _addins(home: Path) -> Path | None:
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", home / "AppData" / "Roaming")) / "Microsoft" / "Excel" / "XLSTART"
    if sys.platform == "darwin":
        office = home / "Library" / "Group Containers" / "UBF8T346G9.Office" / "User Content.localized"
        return office / "Startup.localized" / "Excel"
    return None


if sys.platform == "win32":
    import winreg

    def _value(root: int, key: str, name: str = "") -> object:
        """A value of the registry; None where it is not there."""
        try:
            with winreg.OpenKey(root, key) as opened:
                return winreg.QueryValueEx(opened, name)[0]
        except OSError:
            return None

    def _excel() -> str:
        found = _value(winreg.HKEY_CLASSES_ROOT, r"Excel.Application\CurVer")
        return str(found) if found else ""

    def _trust() -> dict[str, object] | None:
        """By name: a policy of the organisation stands before the user's own setting. Only read, never changed."""
        names = ("AccessVBOM", "VBAWarnings", "BlockContentExecutionFromInternet")
        found: dict[str, object] = {}
        for name in names:
            by_policy = _value(winreg.HKEY_CURRENT_USER, _OFFICE_BY_POLICY, name)
            found[name] = _value(winreg.HKEY_CURRENT_USER, _OFFICE, name) if by_policy is None else by_policy
        found["trusted_locations"] = _trusted_locations()
        return found

    def _trusted_locations() -> list[str]:
        folders = []
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _OFFICE + r"\Trusted Locations") as locations:
                for number in range(winreg.QueryInfoKey(locations)[0]):
                    name = winreg.EnumKey(locations, number)
                    path = _value(winreg.HKEY_CURRENT_USER, _OFFICE + rf"\Trusted Locations\{name}", "Path")
                    folders.append(str(path))
        except OSError:
            pass
        return folders

else:

    def _excel() -> str:
        is_there = sys.platform == "darwin" and Path("/Applications/Microsoft Excel.app").exists()
        return "Microsoft Excel.app" if is_there else ""

    def _trust() -> dict[str, object] | None:
        return None
