"""What tests ask of a workbook that was changed: what is as it was, what is missing, and which programs open it.

Everything answers, also where a program fails on a nasty file.
"""

from __future__ import annotations

import io
import os
import shutil
import struct
import subprocess
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from python_calamine import CalamineWorkbook

from workbook.package.features import features
from workbook.package.parts import Parts, folded
from workbook.package.sheet_values import extent
from workbook.port import Cell
from workbook.refusals import Refusal

SHARED = Path(os.environ.get("DUEBOOK_SHARED", Path(__file__).parents[3] / "shared"))
CORPUS = SHARED / "corpus"
WORKBOOKS = sorted(path for path in CORPUS.rglob("*") if path.suffix in (".xlsx", ".xlsm"))
NO_CORPUS = f"no workbooks at {CORPUS}; DUEBOOK_SHARED names the folder above"

# ``extent`` says no less of any sheet: all that is not wider than Z nor longer than 999,999 rows.
_MOST_CELLS = 26 * 999_999
_LOCAL_HEADER = struct.Struct("<4s5HIIIHH")
_TIMEOUT_SECONDS = 120


def untouched_parts_equal(before: bytes, after: bytes, changed: Collection[str]) -> list[str]:
    """The members of ``before`` that are not in ``changed`` and do not stand in ``after`` as they were.

    As they were: the same compressed bytes, checksum, sizes, date and way of compression. Names of ``changed`` may begin
    with a slash, as parts do; upper and lower case are one.
    """
    expected = {folded(name) for name in changed}
    there = _members(after)
    return [
        name for name, members in _members(before).items() if folded(name) not in expected and there.get(name) != members
    ]


def _members(raw: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """By name, as damaged files repeat names: what a copy keeps of each member."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        for member in package.infolist():
            header = _LOCAL_HEADER.unpack_from(raw, member.header_offset)
            start = member.header_offset + _LOCAL_HEADER.size + header[-2] + header[-1]
            packed = raw[start : start + member.compress_size]
            # Not the flags: whether sizes stand before or behind the bytes changes nothing.
            kept = (packed, member.CRC, member.file_size, member.compress_size, member.date_time, member.compress_type)
            found[member.filename].append(kept)
    return found


def lost_features(before: bytes, after: bytes) -> dict[str, int]:
    """Every feature that ``after`` holds fewer of, one that only changed its form included: feature → how many."""
    return dict(features(before) - features(after))


def cells_by_calamine(raw: bytes) -> dict[str, Sequence[Sequence[Cell]] | str]:
    """The rows of each worksheet, or why calamine does not read it; empty where it does not open the workbook."""
    workbook = _opened_by_calamine(raw)
    if not isinstance(workbook, CalamineWorkbook):
        return {}
    return {name: _rows(workbook, name) for name in workbook.sheet_names}


def opens_in_calamine(raw: bytes) -> bool:
    """Whether calamine opens the workbook and reads all of its sheets."""
    workbook = _opened_by_calamine(raw)
    return isinstance(workbook, CalamineWorkbook) and not any(
        isinstance(_rows(workbook, name), str) for name in workbook.sheet_names
    )


def _opened_by_calamine(raw: bytes) -> Any:
    reason = _spans_too_many_cells(raw)
    return reason or _or_why_not(lambda: CalamineWorkbook.from_filelike(io.BytesIO(raw)))


def _spans_too_many_cells(raw: bytes) -> str:
    # calamine keeps room for every cell of the rectangle: a forgotten one in the last corner would take all memory.
    try:
        parts = Parts(Path("workbook"), raw)
        sheets = [part for part in parts if "/worksheets/" in part.casefold() and part.casefold().endswith(".xml")]
        spanned = max((extent(parts.read(part)) for part in sheets), default=0)
    except Refusal as refusal:
        return str(refusal)
    return f"it spans {spanned} cells" if spanned > _MOST_CELLS else ""


def _rows(workbook: CalamineWorkbook, sheet: str) -> Sequence[Sequence[Cell]] | str:
    rows: Sequence[Sequence[Cell]] | str = _or_why_not(
        lambda: workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    )
    return rows


def _or_why_not(read: Callable[[], Any]) -> Any:
    """What a call returns, or the text of what it raises, a panic of Rust code included."""
    try:
        return read()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    except BaseException as error:
        # A panic derives from BaseException, and its type cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        return f"{type(error).__name__}: {error}"


def formulas_by_openpyxl(raw: bytes) -> dict[str, dict[str, str]] | None:
    """Sheet → address → formula, array formulas with their area; None where openpyxl does not open the workbook."""
    workbook = _opened_by_openpyxl(raw)
    if isinstance(workbook, str):
        return None
    return {
        sheet.title: {
            cell.coordinate: _formula(cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
        }
        for sheet in workbook.worksheets
    }


def _formula(value: Any) -> str:
    if isinstance(value, ArrayFormula):
        return f"{{{value.text}}} {value.ref}"
    return f"{{table}} {value.ref} {value.r1} {value.r2}" if isinstance(value, DataTableFormula) else str(value)


def opens_in_openpyxl(raw: bytes) -> bool:
    """Whether openpyxl opens the workbook."""
    return not isinstance(_opened_by_openpyxl(raw), str)


def _opened_by_openpyxl(raw: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what it does not keep
        return _or_why_not(lambda: openpyxl.load_workbook(io.BytesIO(raw)))


def has_libreoffice() -> bool:
    """Whether LibreOffice is installed."""
    return shutil.which("soffice") is not None


def opens_in_libreoffice(
    paths: Sequence[Path], folder: Path, *, timeout_seconds: int = _TIMEOUT_SECONDS
) -> dict[Path, bool]:
    """Whether LibreOffice opens each file and saves it again, as ``.xlsx`` in ``folder``; one start for all of them.

    File names may repeat in different folders. A file that makes it hang or crash takes those behind it along, so that these
    are tried once more, each by itself.
    """
    profile = folder / "profile"
    inbox, outbox = folder / "in", folder / "out"
    for each in (inbox, outbox):
        each.mkdir(parents=True, exist_ok=True)
    copies = {path: inbox / f"{at:04}{path.suffix}" for at, path in enumerate(paths)}
    for path, copy in copies.items():
        shutil.copyfile(path, copy)
    _convert(list(copies.values()), outbox, profile, timeout_seconds)
    for copy in copies.values() if len(copies) > 1 else ():
        if not _converted(copy, outbox).exists():
            _convert([copy], outbox, profile, timeout_seconds // 4)
    return {path: _converted(copy, outbox).exists() for path, copy in copies.items()}


def _convert(files: Sequence[Path], outbox: Path, profile: Path, timeout_seconds: int) -> None:
    # A profile of its own: another LibreOffice that runs would take the call over, and answer for all of them.
    command = ["soffice", f"-env:UserInstallation={profile.absolute().as_uri()}", "--headless", "--norestore"]
    process = subprocess.Popen(
        [*command, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(outbox), *map(str, files)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout_seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)  # soffice is a script: its program would outlive it
        process.wait()


def _converted(copy: Path, outbox: Path) -> Path:
    return outbox / f"{copy.stem}.xlsx"
