"""One process at a time writes a workbook; who is refused hears who writes, and a writer that was killed blocks nobody."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.workbook.command import AS_OF, duebook
from workbook.file_book import FileBook
from workbook.outcome import Outcome
from workbook.package import one_writer as module
from workbook.package.atomic_save import write_all, write_whole
from workbook.package.one_writer import beside, one_writer
from workbook.refusals import BeingWritten, NotWritable
from workbook.saving import save_outcome
from workbook.schema import TABLES

ROOT = Path(__file__).parents[2]

HOLDS = """
with one_writer(target):
    print("held", flush=True)
    sys.stdin.readline()
"""

# Whoever holds the lock makes a file that must not be there yet.
TAKES_TURNS = """
turns = 0
while turns < 200:
    try:
        with one_writer(target):
            os.close(os.open("inside", os.O_CREAT | os.O_EXCL))
            os.unlink("inside")
            turns += 1
    except BeingWritten:
        pass
print("done", flush=True)
"""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"old")
    return path


@contextmanager
def running(code: str, target: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs the code in the folder of the target."""
    head = (
        f"import os, sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path\n"
        "from workbook.package.one_writer import one_writer\n"
        "from workbook.refusals import BeingWritten\n"
        f"target = Path({str(target)!r})\n"
    )
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", head + code]
    with subprocess.Popen(command, cwd=target.parent, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def is_held_elsewhere(target: Path) -> bool:
    """What another thread finds: to it, this one is another run."""

    def is_refused() -> bool:
        try:
            with one_writer(target):
                return False
        except BeingWritten:
            return True

    with ThreadPoolExecutor(1) as other:
        return other.submit(is_refused).result()


def test_the_refused_hear_who_writes_until_that_process_ends_or_is_killed(target: Path) -> None:
    with running(HOLDS, target) as holder:
        assert heard(holder) == "held"
        says = rf"book\.xlsx is being written by .+ on .+ \(process {holder.pid}\) since \d{{4}}-\d\d-\d\d .* -o\.$"
        with pytest.raises(BeingWritten, match=says):
            write_whole(target, b"new")
        assert target.read_bytes() == b"old"
        write_whole(target.with_name("out.xlsx"), b"new")
        holder.kill()
        holder.wait()
        assert ".duebook-book.xlsx.lock" in names_in(target.parent)  # nobody was left to remove it
        write_whole(target, b"new")
    assert target.read_bytes() == b"new"
    assert names_in(target.parent) == ["book.xlsx", "out.xlsx"]


def test_a_task_is_refused_while_another_writes_but_may_look_and_may_write_elsewhere(small_book: Path) -> None:
    before = small_book.read_bytes()
    with running(HOLDS, small_book) as holder:
        assert heard(holder) == "held"
        refused = duebook("sheet", small_book, "Contracts")
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert f"(process {holder.pid}) since" in refused.stderr
        assert refused.stderr.count("\n") == 1
        assert duebook("check", small_book, "--as-of", AS_OF).exit_code == 0
        assert duebook("sheet", small_book, "Contracts", "-o", small_book.with_name("out.xlsx")).exit_code == 0
    assert small_book.read_bytes() == before


def test_lists_are_not_written_for_a_workbook_that_another_writes(small_book: Path) -> None:
    book = FileBook(small_book)
    book.append_rows(TABLES["RunLog"], {"run_id": ["1"]})
    outcome = Outcome((), writes_book=True, writes={small_book.with_name("letters.csv"): b"Ann"})
    with running(HOLDS, small_book) as holder:
        assert heard(holder) == "held"
        with pytest.raises(BeingWritten):
            save_outcome(book, outcome)
        assert not small_book.with_name("letters.csv").exists()


def test_processes_that_come_and_go_are_never_in_at_the_same_time(target: Path) -> None:
    with ExitStack() as all_of_them:
        processes = [all_of_them.enter_context(running(TAKES_TURNS, target)) for _ in range(3)]
        assert [heard(process) for process in processes] == ["done"] * 3
    assert names_in(target.parent) == ["book.xlsx"]


def test_a_run_takes_again_what_it_holds_and_gives_it_back_at_the_end(target: Path) -> None:
    def run_and_break() -> None:
        with one_writer(target):
            with one_writer(target) as is_held:
                assert is_held
            write_whole(target, b"new")
            assert is_held_elsewhere(target)
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        run_and_break()
    assert not is_held_elsewhere(target)
    assert names_in(target.parent) == ["book.xlsx"]


def test_many_files_are_written_with_one_look_for_what_was_left_and_only_that_is_taken_away(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = target.parent / "new" / "folder"
    folder.mkdir(parents=True)
    files = {folder / f"{number}.xlsx": b"%d" % number for number in range(20)}
    killed = beside(folder / "7.xlsx", f".{'a' * 16}.tmp")
    of_another = beside(folder / "else.xlsx", f".{'a' * 16}.tmp")
    for path in (killed, of_another):
        path.write_bytes(b"half")
    looks = []
    iterdir = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda self: looks.append(self) or iterdir(self))
    write_all(files)
    assert looks == [folder]
    assert {path: path.read_bytes() for path in files} == files
    assert names_in(folder) == sorted([of_another.name, *(path.name for path in files)])


def test_a_link_and_the_workbook_that_it_points_to_are_one(target: Path) -> None:
    (target.parent / "desk").mkdir()
    link = target.parent / "desk" / "link.xlsx"
    link.symlink_to(target)
    with one_writer(link):
        assert is_held_elsewhere(target)
        assert names_in(link.parent) == ["link.xlsx"]
        write_whole(target, b"new")


def test_a_lock_file_removed_between_opening_and_locking_is_not_held(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = module._is_locked_by_us
    removed: list[Path] = []

    def lock_too_late(descriptor: int) -> bool:
        if not removed:
            removed.append(beside(target, ".lock"))
            removed[0].unlink()
        return lock(descriptor)

    monkeypatch.setattr(module, "_is_locked_by_us", lock_too_late)
    with one_writer(target):
        assert removed
        assert is_held_elsewhere(target)


def test_where_nothing_can_be_locked_work_goes_on_and_nothing_of_others_is_swept(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = beside(target, f".{'0' * 16}.tmp")
    others.write_bytes(b"being written")

    def knows_no_locks(descriptor: int) -> bool:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(module, "_is_locked_by_us", knows_no_locks)
    with one_writer(target) as is_held:
        assert not is_held
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"
    assert names_in(target.parent) == sorted([others.name, "book.xlsx"])


def test_a_folder_that_cannot_be_written_is_refused_as_that(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = target.parent / "nowhere" / "book.xlsx"
    with one_writer(missing) as is_held:
        assert not is_held
    with pytest.raises(NotWritable, match="there is no folder"):
        write_whole(missing, b"new")
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != target.parent)
    with one_writer(target), pytest.raises(NotWritable, match="is read-only"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"


def test_a_link_in_the_place_of_the_lock_is_not_followed(target: Path) -> None:
    precious = target.parent / "precious"
    precious.write_bytes(b"theirs")
    beside(target, ".lock").symlink_to(precious)
    write_whole(target, b"new")
    assert precious.read_bytes() == b"theirs"
    assert target.read_bytes() == b"new"


def test_the_longest_name_that_a_file_can_have_is_locked_and_written(target: Path) -> None:
    longest = target.with_name("账" * 83 + ".xlsx")
    with one_writer(longest) as is_held:
        assert is_held
        assert is_held_elsewhere(longest)
        write_whole(longest, b"new")
    assert names_in(target.parent) == ["book.xlsx", longest.name]
