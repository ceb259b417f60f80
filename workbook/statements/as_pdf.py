"""Files → PDF, by LibreOffice where it is installed: many files in one call, since starting it takes longer than a file."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from workbook.progress import step_by_step
from workbook.refusals import Refusal

_BATCH = 100
_SECONDS_A_FILE, _SECONDS_TO_START = 20, 120


class NoLibreOffice(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "A PDF is made by LibreOffice, which is not found here (soffice). Install it, or leave --pdf out and save the "
            "files as PDF from Excel or Word."
        )


class NotConverted(Refusal):
    def __init__(self, name: str, reason: str) -> None:
        why = " ".join(reason.split())[:300]
        super().__init__(
            f"LibreOffice made no PDF of {name} ({why or 'it did not say why'}). Leave --pdf out, or try again."
        )


def office_program() -> str:
    """LibreOffice on this machine. Raises NoLibreOffice."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise NoLibreOffice
    return program


def pdfs(files: Mapping[str, bytes], *, label: str) -> dict[str, bytes]:
    """File name → its PDF under the same stem. Raises NoLibreOffice, NotConverted."""
    program = office_program()
    names = list(files)
    batches = [names[start : start + _BATCH] for start in range(0, len(names), _BATCH)]
    made: dict[str, bytes] = {}
    # A profile of its own: an office that somebody has open would take the call and do nothing.
    with tempfile.TemporaryDirectory(prefix="duebook-") as folder:
        for batch in step_by_step(batches, label):
            made |= _converted(program, {name: files[name] for name in batch}, Path(folder))
    return made


def _converted(program: str, files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    # Plain names inside: how LibreOffice spells an id of another script in a file name is not ours to know.
    sources = {f"{place}{Path(name).suffix}": name for place, name in enumerate(files)}
    for plain, name in sources.items():
        (folder / plain).write_bytes(files[name])
    command = [
        program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", "pdf", "--outdir", str(folder), *(str(folder / plain) for plain in sources),
    ]  # fmt: skip
    seconds = _SECONDS_TO_START + _SECONDS_A_FILE * len(files)
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=seconds, check=False)
    except subprocess.TimeoutExpired as slow:
        raise NotConverted(next(iter(files)), f"it took more than {seconds} seconds") from slow
    made: dict[str, bytes] = {}
    for plain, name in sources.items():
        result = (folder / plain).with_suffix(".pdf")
        if not result.exists():
            raise NotConverted(name, done.stderr or done.stdout)
        made[str(Path(name).with_suffix(".pdf"))] = result.read_bytes()
        result.unlink()
        (folder / plain).unlink()
    return made
