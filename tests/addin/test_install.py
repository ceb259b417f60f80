"""Installing, looking whether all is well, uninstalling: on a home of its own, with Excel and without, and nothing lost."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlwings

from addin import doctor, install
from addin.machine import Machine, addin_as_shipped
from addin.xlwings_settings import NotASetting
from workbook.outcome import Outcome
from workbook.refusals import NoSuchFile

NOW = dt.datetime(2024, 5, 1, 9, 0)
INSTALLED = ("INTERPRETER_WIN", "PYTHONPATH", "UDF MODULES", "USE UDF SERVER", "SHOW CONSOLE")

# As a user may have it: a remark, another program's settings, one of ours with another value, one twice, no last line end.
THEIRS = (
    b"a remark without quotes\r\n"
    b'"LICENSE_KEY","their key"\r\n'
    b'"Interpreter_Win","C:\\Other\\python.exe"\r\n'
    b'"UDF MODULES","theirs;others"\r\n'
    b"\r\n"
    b'"SHOW CONSOLE","True"\r\n'
    b'"SHOW CONSOLE","False"\r\n'
    b'"ONEDRIVE_WIN","D:\\B\xfccher"'
)


@dataclass
class Xlwings:
    """Stands in for xlwings' own command, which copies its add-in to where Excel starts, and takes it away."""

    addin: Path
    script: Path
    works: bool = True
    calls: list[tuple[str, ...]] = field(default_factory=list)

    def __call__(self, *arguments: str) -> str:
        self.calls.append(arguments)
        if not self.works:
            return "Error: Failed to install the add-in: If Excel is running, quit Excel and try again."
        if arguments == ("addin", "install"):
            for path in (self.addin, self.script):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(addin_as_shipped())
            return "Successfully installed the xlwings add-in!"
        self.addin.unlink()
        return "Successfully removed the add-in!"


def machine_with(home: Path, *, excel: str = "", platform: str = "linux", **trust: object) -> Machine:
    addins, scripts = home / "XLSTART", home / "Scripts"
    run = Xlwings(addins / "xlwings.xlam", scripts / f"xlwings-{xlwings.__version__}.applescript")
    return Machine(
        platform=platform, excel=excel, home=home, settings=home / ".xlwings" / "xlwings.conf", addins=addins,
        scripts=scripts, interpreter=sys.executable, run_xlwings=run, trust=lambda: trust,
    )  # fmt: skip


def put_in(machine: Machine) -> Outcome:
    return install.install(ran_at=NOW, machine=machine)


def take_out(machine: Machine) -> Outcome:
    return install.uninstall(ran_at=NOW, machine=machine)


def found(machine: Machine, book: Path | None = None) -> list[str]:
    return list(doctor.status(ran_at=NOW, book=book, machine=machine).lines)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def duebook_at(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user types it, with another home."""
    places = {"HOME": str(home), "USERPROFILE": str(home), "APPDATA": str(home / "AppData")}
    command = [sys.executable, "-m", "workbook.cli", *arguments]
    return subprocess.run(command, env={**os.environ, **places}, capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there may be an Excel, which this would install into")
def test_the_three_commands_on_a_machine_without_excel(tmp_path: Path) -> None:
    before = duebook_at(tmp_path, "addin", "status")
    assert before.returncode == 1
    assert "FAULT  xlwings' settings are not there" in before.stdout
    assert "There is no Excel on this machine" in before.stdout

    done = duebook_at(tmp_path, "addin", "install")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Wrote {tmp_path}/.xlwings/xlwings.conf" in done.stdout
    assert "There is no Excel on this machine: xlwings' add-in is not installed" in done.stdout
    # Read by xlwings itself, at the place where it looks.
    code = "import xlwings.utils as u, json; print(json.dumps(u.read_user_config()))"
    told = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "HOME": str(tmp_path)}, capture_output=True, text=True, check=True
    ).stdout
    for key in INSTALLED:
        assert f'"{key.lower()}": ' in told

    after = duebook_at(tmp_path, "addin", "status")
    assert (after.returncode, after.stdout.splitlines()[-1]) == (0, "0 faults")
    assert duebook_at(tmp_path, "addin", "uninstall").returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("theirs", [THEIRS, THEIRS + b"\r\n", b"", b'"USE UDF SERVER","True"\n'])
def test_uninstalling_gives_every_byte_back(theirs: bytes, tmp_path: Path) -> None:
    machine = machine_with(tmp_path, excel="Excel.Application.16")
    for path, content in ((machine.settings, theirs), (tmp_path / "XLSTART" / "xlwings.xlam", b"an older add-in")):
        path.parent.mkdir()
        path.write_bytes(content)
    before = everything(tmp_path)
    put_in(machine)
    assert (tmp_path / "XLSTART" / "xlwings.xlam").read_bytes() == addin_as_shipped()
    installed = everything(tmp_path)
    put_in(machine)
    assert everything(tmp_path) == installed, "installing twice is installing once"
    outcome = take_out(machine)
    assert not outcome.has_errors
    assert everything(tmp_path) == before


def test_what_was_there_is_kept_and_every_path_is_named(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, excel="Excel.Application.16")
    machine.settings.parent.mkdir()
    machine.settings.write_bytes(THEIRS)
    told = "\n".join(put_in(machine).lines)
    settings = machine.read_settings()
    assert settings["UDF MODULES"] == "addin.udfs;theirs;others"
    assert settings["INTERPRETER_WIN"] == sys.executable
    assert settings["LICENSE_KEY"] == "their key"
    kept = [line for line in THEIRS.splitlines() if not re.match(rb'"(interpreter|udf|show)', line, re.IGNORECASE)]
    assert [line for line in machine.settings.read_bytes().splitlines() if line in kept] == kept
    assert r"it was C:\Other\python.exe; uninstall puts it back" in told
    for path in everything(tmp_path):
        assert path.endswith("addin.json") or str(tmp_path / path) in told, path


def test_what_was_changed_since_stays_as_it_was_changed(tmp_path: Path) -> None:
    machine = machine_with(tmp_path)
    machine.settings.parent.mkdir()
    machine.settings.write_bytes(b'"UDF MODULES","theirs"\n"INTERPRETER_WIN","old"\n')
    put_in(machine)
    changed = machine.settings.read_text().replace("addin.udfs;theirs", "addin.udfs;theirs;newer")
    machine.settings.write_text(changed.replace(sys.executable, "newest") + '"MINE","1"\n')
    told = "\n".join(take_out(machine).lines)
    assert machine.settings.read_text() == '"UDF MODULES","theirs;newer"\n"INTERPRETER_WIN","newest"\n"MINE","1"\n'
    assert "INTERPRETER_WIN was changed since and stays: newest" in told


def test_an_upgrade_keeps_what_was_there_at_first(tmp_path: Path) -> None:
    machine = machine_with(tmp_path)
    machine.settings.parent.mkdir()
    machine.settings.write_bytes(b'"INTERPRETER_WIN","theirs"\n')
    put_in(machine)
    put_in(replace(machine, interpreter="/another/python"))
    assert machine.read_settings()["INTERPRETER_WIN"] == "/another/python"
    take_out(machine)
    assert machine.settings.read_bytes() == b'"INTERPRETER_WIN","theirs"\n'


def test_an_add_in_that_excel_holds_open_is_said_and_can_be_taken_away_later(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, excel="Excel.Application.16")
    run = machine.run_xlwings
    assert isinstance(run, Xlwings)
    run.works = False
    assert "Not installed" in "\n".join(put_in(machine).lines)
    assert any(line.startswith("note   xlwings' add-in is not there") for line in found(machine))
    run.works = True
    put_in(machine)
    addin = machine.addin
    assert addin is not None
    shutil.rmtree(addin.parent)
    addin.mkdir(parents=True)  # what cannot be deleted
    run.works = False
    outcome = take_out(machine)
    assert outcome.has_errors
    assert f"Not removed: {addin}" in "\n".join(outcome.lines)
    addin.rmdir()
    assert not take_out(machine).has_errors
    assert not machine.journal.exists()


@pytest.mark.parametrize("interpreter", ['C:\\a "quoted" folder\\python.exe', "C:\\两\\python.exe"])
def test_a_path_that_vba_would_read_as_another_is_refused_before_anything_is_written(
    interpreter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: "cp1252")  # a Windows of western Europe
    machine = replace(machine_with(tmp_path, platform="win32"), interpreter=interpreter)
    with pytest.raises(NotASetting, match="plainer name"):
        put_in(machine)
    assert list(tmp_path.iterdir()) == []


def test_on_windows_lines_end_as_vba_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: "cp936")
    machine = replace(machine_with(tmp_path, platform="win32"), interpreter="C:\\两\\python.exe")
    put_in(machine)
    raw = machine.settings.read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n") == len(INSTALLED)
    assert "C:\\两\\python.exe".encode("cp936") in raw


# What the doctor says


def spoil_settings(machine: Machine) -> Machine:
    machine.settings.write_bytes(b'"INTERPRETER_WIN","/no/such/python"\n"CONDA PATH","C:\\conda"\n"CONDA ENV","base"\n')
    return machine


def with_dlls(machine: Machine) -> Machine:
    folder = machine.home / "Scripts"
    folder.mkdir(exist_ok=True)
    (folder / "python.exe").write_bytes(b"")
    for bits in (32, 64):
        (machine.home / f"xlwings{bits}-{xlwings.__version__}.dll").write_bytes(b"")
    spoiled = replace(machine, interpreter=str(folder / "python.exe"))
    put_in(spoiled)
    return spoiled


SICK: dict[str, tuple[Callable[[Machine], Machine], str]] = {
    "settings of another Python": (
        spoil_settings,
        r"FAULT  INTERPRETER_WIN is /no/such/python.* Mend: duebook addin install",
    ),
    "a Python that is gone": (spoil_settings, r"FAULT  /no/such/python, which Excel is to start, is not there"),
    "functions not published": (spoil_settings, r"FAULT  UDF MODULES is not set, not addin\.udfs"),
    "conda beside it": (spoil_settings, r"note   xlwings also starts the conda environment base"),
    "no DLL": (
        lambda it: it,
        r"FAULT  xlwings64-[\d.]+\.dll is neither in .* Mend: pip install --force-reinstall xlwings==",
    ),
    "macros off": (lambda it: replace(it, trust=lambda: {"VBAWarnings": 4}), r"FAULT  Excel is set to run no macros"),
    "trusted folder": (
        lambda it: replace(it, trust=lambda: {"trusted_locations": ["C:\\Books"]}),
        r"ok     Trusted locations: C:\\Books",
    ),
    "no access to VBA": (lambda it: it, r"note   Trust access to the VBA project object model is off, as it should be"),
    "DLLs found": (with_dlls, r"ok     The DLL for Excel of 32 bits: .*xlwings32"),
}


@pytest.mark.parametrize(("spoil", "line"), SICK.values(), ids=SICK)
def test_the_doctor_names_what_is_missing_and_how_to_mend_it(
    spoil: Callable[[Machine], Machine], line: str, tmp_path: Path
) -> None:
    machine = machine_with(tmp_path, excel="Excel.Application.16", platform="win32")
    put_in(machine)
    told = found(spoil(machine))
    assert any(re.match(line, each) for each in told), "\n".join(told)


def test_versions_that_do_not_match_are_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlwings, "__version__", "9.9.9")
    assert any("installed is 9.9.9. Mend: pip install xlwings==" in line for line in found(machine_with(tmp_path)))


@pytest.mark.parametrize("place", ["book.xlsm", "https://company.sharepoint.com/book.xlsm"])
def test_the_button_shows_the_same_in_excel(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    name = place if ":" in place else str(tmp_path / place)
    app = SimpleNamespace(alert=lambda text, **_: shown.append(text))
    monkeypatch.setattr(xlwings.Book, "caller", lambda: SimpleNamespace(fullname=name, app=app))
    monkeypatch.setattr(doctor, "this_machine", lambda: machine_with(tmp_path))
    (tmp_path / "book.xlsm").write_bytes(b"")
    doctor.show_status()
    (text,) = shown
    assert text.splitlines() == found(machine_with(tmp_path), Path(name) if Path(name).exists() else None)


def test_a_workbook_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFile):
        found(machine_with(tmp_path), tmp_path / "gone.xlsm")


def test_another_module_of_our_name_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import functions

    (tmp_path / "functions.py").write_text("")
    (tmp_path / "pandas").mkdir()
    (tmp_path / "pandas" / "__init__.py").write_text("")
    book = tmp_path / "book.xlsm"
    book.write_bytes(b"")
    told = found(machine_with(tmp_path), book)
    assert any("Beside book.xlsm there are functions.py, pandas" in line for line in told)
    monkeypatch.setattr(functions, "__file__", str(tmp_path / "functions.py"))
    assert sum(line.startswith("FAULT") and "is another one" in line for line in found(machine_with(tmp_path))) >= 1
