"""Whatever happens to a save, the workbook is the old one or the new one, whole, and the next run works."""

from __future__ import annotations

import os
import random
import re
import stat
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.workbook.book_contract import DAY, INVOICES, by_header, invoices
from tests.workbook.laid_tables import raising, saved
from workbook.file_book import FileBook
from workbook.outcome import Outcome
from workbook.package.atomic_save import write_whole
from workbook.package.one_writer import beside
from workbook.refusals import CannotSave, NotWritable
from workbook.saving import save_outcome

ROOT = Path(__file__).parents[2]
PICTURE_BYTES = 2_000_000

only_posix = pytest.mark.skipif(sys.platform == "win32", reason="kills, forks and limits of POSIX")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.xlsx"


def large_workbook(path: Path) -> Path:
    """One invoice, and a picture that takes a while to be written."""
    saved(path, invoices(("A1", "C1", DAY, 1)))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/media/picture.png", random.Random(1).randbytes(PICTURE_BYTES))
    return path


def with_invoice(path: Path, invoice_id: str) -> FileBook:
    book = FileBook(path)
    book.append_rows(INVOICES, {"invoice_id": [invoice_id]})
    return book


def invoice_ids(path: Path) -> list[object]:
    return list(by_header(FileBook(path).read_table("Invoices"))["Invoice ID"])


def is_whole(path: Path) -> bool:
    with zipfile.ZipFile(path) as package:
        return package.testzip() is None


def names_beside(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir() if each != path)


@contextmanager
def running(function: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs a function of this module on the workbook; it hears and says lines."""
    code = f"import sys; from pathlib import Path; from {__name__} import {function}; {function}(Path(sys.argv[1]))"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code, path], cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def saves_and_is_killed(path: Path) -> None:
    """Says how long a save takes; then hears an invoice and after how many seconds a child that saves it is to be killed."""
    took = []
    for number in range(3):
        book = with_invoice(path, f"unharmed {number}")
        book.prepared()
        started = time.perf_counter()
        book.save()
        took.append(time.perf_counter() - started)
    print(statistics.median(took), flush=True)
    for line in sys.stdin:
        invoice_id, seconds = line.split()
        at_the_save, saving = os.pipe()
        child = os.fork()
        if child == 0:
            with suppress(BaseException):  # never back into the loop of the parent
                book = with_invoice(path, invoice_id)
                book.prepared()
                os.write(saving, b"!")
                book.save()
            os._exit(0)
        os.close(saving)
        os.read(at_the_save, 1)
        os.close(at_the_save)
        time.sleep(float(seconds))
        os.kill(child, 9)
        os.waitpid(child, 0)
        print("killed", flush=True)


@only_posix
def test_fifty_saves_killed_at_random_moments_leave_the_old_workbook_or_the_new_one(path: Path) -> None:
    large_workbook(path)
    dice = random.Random(50)
    were_writing = 0
    with running("saves_and_is_killed", path) as killer:
        takes = float(heard(killer))
        standing, before = invoice_ids(path), path.read_bytes()
        assert standing == ["A1", "unharmed 0", "unharmed 1", "unharmed 2"]
        for number in range(50):
            # More often early than late: a machine that is busy, or was, still has them killed while they write.
            tell(killer, f"K{number} {2 * takes * dice.random() ** 3}")
            assert heard(killer) == "killed"
            if path.read_bytes() != before:
                standing, before = [*standing, f"K{number}"], path.read_bytes()
                assert is_whole(path)
                assert invoice_ids(path) == standing
            temporary = [name for name in names_beside(path) if name.endswith(".tmp")]
            were_writing += len(temporary)
            assert len(temporary) <= 1  # each save takes away what the one before it has left
    assert were_writing > 0
    with_invoice(path, "last").save()
    assert invoice_ids(path) == [*standing, "last"]
    assert names_beside(path) == []


def saves_when_told(path: Path) -> None:
    """Hears an invoice, says when it is ready to save it; hears that it may, and says "saved" or why not."""
    for line in sys.stdin:
        book = with_invoice(path, line.strip())
        book.prepared()
        print("ready", flush=True)
        sys.stdin.readline()
        try:
            book.save()
        except CannotSave as refusal:
            print(refusal, flush=True)
        else:
            print("saved", flush=True)


@only_posix
def test_of_two_runs_at_once_one_is_refused_and_no_row_of_the_other_is_lost(path: Path) -> None:
    large_workbook(path)
    standing = invoice_ids(path)
    with running("saves_when_told", path) as first, running("saves_when_told", path) as second:
        for number in range(10):
            for process in (first, second):
                tell(process, f"{number} of {process.pid}")
            assert [heard(first), heard(second)] == ["ready", "ready"]
            for process in (first, second):
                tell(process, "save")
            answers = {process.pid: heard(process) for process in (first, second)}
            (saved_by,) = (pid for pid, answer in answers.items() if answer == "saved")
            (refused,) = (answer for answer in answers.values() if answer != "saved")
            by = rf"(.+ \(process {saved_by}\) since .+|another run)"
            assert re.search(rf"is being written by {by}\. Wait|was changed by someone else.*\. Run again", refused)
            standing.append(f"{number} of {saved_by}")
            assert invoice_ids(path) == standing
            assert names_beside(path) == []
    assert is_whole(path)


def saves_on_a_full_disk(path: Path) -> None:
    """Says why the workbook cannot be saved where only half of it finds room."""
    import resource

    book = with_invoice(path, "A2")
    room = len(book.prepared()) // 2
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    try:
        book.save()
    except CannotSave as refusal:
        print(refusal, flush=True)


@only_posix
def test_a_disk_that_fills_up_is_refused_in_one_line_and_leaves_the_old_workbook_alone(path: Path) -> None:
    before = large_workbook(path).read_bytes()
    with running("saves_on_a_full_disk", path) as process:
        assert heard(process) == (
            f"{path} cannot be written (File too large). Check the folder and your permissions, or use -o."
        )
        assert process.wait() == 0
    assert path.read_bytes() == before
    assert names_beside(path) == []


def test_what_killed_saves_have_left_of_this_workbook_is_swept_and_nothing_else(path: Path) -> None:
    path = path.with_name("a+b (1).xlsx")
    token = "0123456789abcdef"
    left = [beside(path, f".{token}.tmp"), beside(path, f".{token[::-1]}.tmp"), beside(path, ".lock")]
    others = [
        beside(path.with_name("aab (1).xlsx"), f".{token}.tmp"),
        beside(path, ".tmp"),
        path.with_name(f"{path.name}.{token}.tmp"),
        path.with_name("~$a+b.xlsx"),
    ]
    for each in (*left, *others):
        each.write_bytes(b"x")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert names_beside(path) == sorted(each.name for each in others)


def test_what_does_not_read_back_is_not_put_in_place(path: Path) -> None:
    path.write_bytes(b"old")
    seen: list[bytes] = []

    def refuse(temporary: Path) -> None:
        seen.append(temporary.read_bytes())
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        write_whole(path, b"new", verify=refuse, before_replacing=raising(AssertionError("not verified yet")))
    assert seen == [b"new"]
    assert path.read_bytes() == b"old"
    assert names_beside(path) == []


@only_posix
def test_the_content_is_on_the_disk_before_it_is_put_in_place_and_the_name_right_after(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    replace = os.replace

    def syncing(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "content")

    def replacing(source: Path, target: Path) -> None:
        done.append("in place")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(os, "replace", replacing)
    write_whole(path, b"new", verify=lambda temporary: done.append("verified"))
    assert done == ["content", "verified", "in place", "folder"]


@only_posix
@pytest.mark.parametrize("permissions", [0o600, 0o666])
def test_who_may_read_a_workbook_is_the_same_while_it_is_written_and_afterwards(
    permissions: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(b"old")
    path.chmod(permissions)
    meanwhile: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: meanwhile.append(stat.S_IMODE(os.fstat(descriptor).st_mode)))
    write_whole(path, b"new")
    assert meanwhile[0] & ~permissions == 0
    assert stat.S_IMODE(path.stat().st_mode) == permissions


@pytest.mark.parametrize("code", [5, 32])
def test_a_file_that_windows_does_not_let_go_is_said_to_be_open(
    code: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(b"old")
    error = PermissionError(13, "Access is denied")
    error.winerror = code  # type: ignore[attr-defined, unused-ignore]  # only Windows declares it
    monkeypatch.setattr(os, "replace", raising(error))
    with pytest.raises(NotWritable, match=r"another program, such as Excel, has it open"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert names_beside(path) == []


def test_a_run_killed_between_its_lists_and_the_workbook_may_be_run_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved(path, invoices(("A1", "C1", DAY, 1))).read_bytes()
    letters = path.with_name("letters.csv")
    outcome = Outcome((), writes_book=True, writes={letters: b"Ann"})
    replace = os.replace

    def killed_at_the_workbook(source: Path, target: Path) -> None:
        if target == path:
            raise KeyboardInterrupt
        replace(source, target)

    book = with_invoice(path, "A2")
    with monkeypatch.context() as a_run:
        a_run.setattr(os, "replace", killed_at_the_workbook)
        with pytest.raises(KeyboardInterrupt):
            save_outcome(book, outcome)
    assert path.read_bytes() == before
    assert letters.read_bytes() == b"Ann"
    save_outcome(with_invoice(path, "A2"), outcome)
    assert invoice_ids(path) == ["A1", "A2"]
    assert names_beside(path) == ["letters.csv"]
