"""Small files made to take all memory or all time end in one clear line, in bounded memory, and write nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workbook.bombs import REFUSED, TRIED, book, zipped
from tests.workbook.book_contract import INVOICES
from tests.workbook.command import AS_OF, duebook
from tests.workbook.limited import can_limit, limit
from workbook.file_book import FileBook
from workbook.refusals import Refusal

ROOT = Path(__file__).parents[2]
MORE_BYTES = 1 << 30
CPU_SECONDS = 200
SECONDS_EACH = 20

pytestmark = pytest.mark.skipif(not can_limit(), reason="memory cannot be limited here")


def is_harmless(name: str, command: str) -> bool:
    """Whether a command does not look at what is wrong: cells where a sheet is added, tables of another's file, formats."""
    looks_at_cells = REFUSED[name][1] in ("DUEBOOK_LIMIT_CELLS", "DUEBOOK_LIMIT_BLANK_CELLS")
    if REFUSED[name][1] == "DUEBOOK_LIMIT_TREE_BYTES":
        return command in ("check", "import")
    return (command == "sheet" and looks_at_cells) or (command == "import" and name == "a table of the whole sheet")


def ran_in_a_child(function: str, folder: Path) -> Iterator[list[str]]:
    """What a function of this module says, line by line, in a process with limits."""
    code = f"import sys; from pathlib import Path; from {__name__} import {function}; {function}(Path(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, folder], cwd=ROOT, capture_output=True, text=True, check=False, timeout=900
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (lines[-1:], done.stderr[-2000:])
    yield from lines


def tell(*told: object) -> None:
    print(json.dumps(told), flush=True)


def refuses(folder: Path) -> None:
    """Says for each bomb and command: its name, the command, the exit status, what was said, what was written."""
    sound = folder / "sound.xlsx"
    sound.write_bytes(zipped(book()))
    assert duebook("check", sound).exit_code == 0  # all that takes room is there before the limits are
    limit(more_bytes=MORE_BYTES, cpu_seconds=CPU_SECONDS)
    for name in REFUSED:
        bomb = folder / "bomb.xlsx"
        raw = (folder / name.replace(" ", "_")).read_bytes()
        bomb.write_bytes(raw)
        for command in (
            ("check", bomb),
            ("close", bomb, "--as-of", AS_OF),
            ("sheet", bomb, "Contracts"),
            ("import", sound, bomb, "--table", "Invoices", "--sheet", "Invoices"),
        ):
            before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
            result = duebook(*command)
            changed = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} != before
            tell(name, command[0], result.exit_code, result.stderr, changed)


def test_bombs_are_refused_in_one_line_by_every_command(tmp_path: Path) -> None:
    for name, (make, _) in REFUSED.items():
        (tmp_path / name.replace(" ", "_")).write_bytes(make())
    told = [*ran_in_a_child("refuses", tmp_path)]
    assert len(told) == 4 * len(REFUSED)
    for name, command, status, said, changed in told:
        expected = REFUSED[str(name)][1]
        if not is_harmless(str(name), str(command)):
            assert status == 2, (name, command, said)
            assert not changed, (name, command)
            assert expected in said, (name, command, said)
            assert len(said.splitlines()) == 1, (name, command, said)
            assert len(said) < 600, (name, command, said)


def tries(folder: Path) -> None:
    """Says of each bomb how long it took to read and edit, and what came of it."""
    path, target = folder / "bomb.xlsx", folder / "saved.xlsx"
    path.write_bytes(zipped(book()))
    edit(path, target)
    limit(more_bytes=MORE_BYTES, cpu_seconds=CPU_SECONDS)
    for name, make in TRIED.items():
        path.write_bytes(make())
        started = time.process_time()
        try:
            edit(path, target)
        except Refusal as refusal:
            said = str(refusal)
        else:
            said = "saved"
        tell(name, time.process_time() - started, said)


def edit(path: Path, target: Path) -> None:
    edited = FileBook(path)
    edited.append_rows(INVOICES, {"invoice_id": ["A2"], "amount": [2]})
    edited.update_rows(INVOICES, [0], {"amount": [3]})
    edited.save(target)


def test_nothing_takes_long(tmp_path: Path) -> None:
    told = {str(name): (seconds, said) for name, seconds, said in ran_in_a_child("tries", tmp_path)}
    assert told.keys() == TRIED.keys()
    assert {name: each for name, each in told.items() if float(each[0]) > SECONDS_EACH} == {}
    assert all(len(said.splitlines()) == 1 for _, said in told.values())
    saved = {name for name, (_, said) in told.items() if said == "saved"}
    assert saved >= {
        "a dimension of the whole sheet", "rules of the whole sheet", "counts without end", "names that name each other",
        "a workbook in a workbook in a workbook", "formulas as long as they may be", "formulas that are all quotes",
    }  # fmt: skip
