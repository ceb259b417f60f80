"""Spoil workbooks at random and see that each is refused in one line, or saved with all that was not touched as it was.

    python -m tests.workbook.fuzz_workbooks --seconds 3600 --seed 1

Each workbook is tried in a process of its own, with limits on memory and time. What is neither refused nor saved is a
finding: it is named, and its file is kept. The same seed and number make the same file: ``--seed 1 --first 42 --runs 1``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.workbook.corpus_checks import WORKBOOKS
from tests.workbook.limited import limit
from tests.workbook.mutations import mutated
from workbook.file_book import FileBook
from workbook.package import new_sheet  # noqa: F401  # slow to import: before the first child is made
from workbook.package.parts import Parts, folded, is_copied
from workbook.port import Cell
from workbook.refusals import NotVerified, Refusal
from workbook.schema import TABLES
from workbook.table import Column, Kind, Owner, Table, Words

CPU_SECONDS = 20
WALL_SECONDS = 120
MORE_BYTES = 2 << 30
_LARGEST_FROM_CORPUS = 150_000
_AGAIN_BYTES = 400_000  # a workbook above it is tried, and not spoiled once more


class Unsound(Exception):
    """A workbook was saved, and is not what it should be."""


@dataclass(frozen=True)
class Outcome:
    """What became of a spoiled workbook: ``refused``, ``saved`` or ``finding``; and how that is told from others."""

    kind: str
    detail: str
    text: str = ""


def try_workbook(path: Path, target: Path, dice: random.Random) -> Outcome:
    """Open it, read all tables, edit some and save to ``target``; then see that the rest is as it was."""
    try:
        book = FileBook(path)
        for name in book.table_names():
            book.read_table(name)
        for name in dict.fromkeys(dice.sample(book.table_names(), min(3, len(book.table_names())))):
            _edit(book, name, dice)
        if dice.random() < 0.7:
            book.write_table(TABLES["OpenItems"], {"item_id": ["=A#1", "A#2"], "open": [1.5, -2]})
        if dice.random() < 0.3:
            book.append_rows(TABLES["RunLog"], {"run_id": ["now"], "task": ["close"]})
        book.save(target)
    except Refusal as refusal:
        if "\n" in str(refusal) or len(str(refusal)) > 1500:
            raise Unsound(f"a refusal of several lines, or a very long one: {refusal}") from refusal
        if target.exists():
            raise Unsound("refused, and written") from refusal
        return Outcome("refused", type(refusal).__name__, str(refusal))
    _refuse_other_parts(path, target, book)
    after = FileBook(target)
    for name in after.table_names():
        after.read_table(name)
    return Outcome("saved", "")


def _edit(book: FileBook, name: str, dice: random.Random) -> None:
    """Rows appended to a table, or cells changed, as if it were a user's own."""
    raw = book.read_table(name)
    headers = [header for header in dict.fromkeys(raw.headers if raw is not None else ()) if header.strip()]
    if raw is None or not headers:
        return
    columns = tuple(
        Column(f"column_{at}", Words(header, header), Kind.TEXT)
        for at, header in enumerate(headers[: dice.choice((1, 3, 9))])
    )
    table = Table(name, Words(name, name), Owner.USER, columns, key=(columns[0].key,))
    values: list[Cell] = [dice.choice(("=1+1", "text", 1.5, -3, True, "")) for _ in columns]
    if dice.random() < 0.3 and len(raw):
        row = dice.randrange(len(raw))
        book.update_rows(table, [row], {column.key: [value] for column, value in zip(columns, values, strict=True)})
    else:
        count = dice.choice((1, 2, 40))
        book.append_rows(table, {column.key: [value] * count for column, value in zip(columns, values, strict=True)})


def _refuse_other_parts(path: Path, target: Path, book: FileBook) -> None:
    before, after = Parts(path, path.read_bytes()), Parts(target, target.read_bytes())
    if book.receipt is None:
        raise Unsound("saved without a receipt")
    touched = {folded(part) for part in (*book.receipt.changed, *book.receipt.removed)}
    for part in before:
        if folded(part) not in touched and not is_copied(part, before, after):
            raise Unsound(f"part {part} is not what it was")


# A process for each


def in_a_process(path: Path, target: Path, dice: random.Random) -> Outcome:
    """``try_workbook`` in a child that may die, hang, or ask for all memory."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        outcome = _limited(path, target, dice)
        os.write(writes, json.dumps([outcome.kind, outcome.detail, outcome.text[-6000:]]).encode())
        os._exit(0)
    os.close(writes)
    said = bytearray()
    ends = time.monotonic() + WALL_SECONDS
    while select.select([reads], [], [], max(0, ends - time.monotonic()))[0]:
        piece = os.read(reads, 1 << 16)
        if not piece:
            break
        said += piece
    else:
        os.kill(child, signal.SIGKILL)
    os.close(reads)
    status = os.waitpid(child, 0)[1]
    if said and status == 0:
        return Outcome(*json.loads(said.decode()))
    return Outcome("finding", "hangs" if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (9, 24) else f"dies ({status})")


def _limited(path: Path, target: Path, dice: random.Random) -> Outcome:
    limit(more_bytes=MORE_BYTES, cpu_seconds=CPU_SECONDS)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where Rust says that it panics
    try:
        return try_workbook(path, target, dice)
    except BaseException as error:
        frames = [each for each in traceback.extract_tb(error.__traceback__) if "/workbook/" in each.filename]
        last = frames[-1] if frames else None
        where = f"{Path(last.filename).name}:{last.lineno}" if last else ""
        said = f": {error}" if isinstance(error, Unsound) else ""
        return Outcome("finding", f"{type(error).__name__} at {where}{said}", traceback.format_exc())


# Many of them


def own_workbooks(folder: Path) -> list[bytes]:
    """A new workbook, a sample, a closed one, and one with all that an office hangs on it."""
    from tests.workbook.command import AS_OF, duebook, small_workbook
    from tests.workbook.rich_workbook import rich_workbook

    closed, sample = folder / "closed.xlsx", folder / "sample.xlsx"
    small, rich = small_workbook(folder / "small.xlsx"), rich_workbook(folder / "rich.xlsm")
    for command in (
        ("close", small, "--as-of", AS_OF, "-o", closed),
        ("new", sample, "--sample", "--customers", 25, "--invoices", 120, "--as-of", "2024-05-31"),
    ):
        duebook(*command)
    return [path.read_bytes() for path in (small, closed, sample, rich, rich, rich)]


def from_corpus() -> list[bytes]:
    """The smaller workbooks of other programs, where they are at hand."""
    found = []
    for path in WORKBOOKS:
        if path.stat().st_size <= _LARGEST_FROM_CORPUS:
            try:
                FileBook(path)
            except Refusal:
                continue
            found.append(path.read_bytes())
    return found


def fuzz(sources: Sequence[bytes], *, seed: int, first: int, runs: int, seconds: float, keep: Path) -> Counter[str]:
    """Try spoiled workbooks until so many were tried, or so much time is over: how often each outcome was met."""
    counts: Counter[str] = Counter()
    ends = time.monotonic() + seconds
    number = first
    while number < first + runs and time.monotonic() < ends:
        dice = random.Random(f"{seed}:{number}")
        raw = mutated(dice.choice(sources), sources, dice)
        while dice.random() < 0.1 and len(raw) < _AGAIN_BYTES:
            try:
                raw = mutated(raw, sources, dice)
            except Exception:  # it is no zip any more
                break
        path, target = keep / "spoiled.xlsx", keep / "saved.xlsx"
        if _has_macros(raw):
            path, target = path.with_suffix(".xlsm"), target.with_suffix(".xlsm")
        path.write_bytes(raw)
        outcome = in_a_process(path, target, dice)
        target.unlink(missing_ok=True)
        key = f"{outcome.kind} {outcome.detail}".strip()
        counts[key] += 1
        if outcome.kind == "finding" and counts[key] <= 3:
            path.rename(keep / f"finding-{seed}-{number}{path.suffix}")
            print(f"{number}: {outcome.detail}\n{outcome.text}", flush=True)
        if outcome.detail == NotVerified.__name__:  # right, and worth a look
            print(f"{number}: {outcome.text}", flush=True)
        number += 1
        if number % 500 == 0:
            print(f"{number}: {dict(counts.most_common())}", flush=True)
    return counts


def _has_macros(raw: bytes) -> bool:
    return b"vbaProject.bin" in raw


def main(arguments: Sequence[str] | None = None) -> int:
    """1 when there is a finding."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--runs", type=int, default=sys.maxsize)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number to begin with")
    parser.add_argument("--keep", type=Path, help="where findings are kept")
    parser.add_argument("--without-corpus", action="store_true", help="spoil only workbooks that the tests make themselves")
    given = parser.parse_args(arguments)
    keep = given.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        sources = own_workbooks(Path(folder))
    if not given.without_corpus:
        sources += from_corpus()
    started = time.monotonic()
    counts = fuzz(sources, seed=given.seed, first=given.first, runs=given.runs, seconds=given.seconds, keep=keep)
    findings = {key: count for key, count in counts.items() if key.startswith("finding")}
    print(
        f"{counts.total()} workbooks of {len(sources)} in {time.monotonic() - started:.0f} s: {dict(counts.most_common())}"
    )
    print(f"{len(findings)} findings" + (f", kept in {keep}" if findings else ""))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
