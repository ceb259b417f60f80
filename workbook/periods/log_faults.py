"""What was done to the run log behind our back: lines changed, taken out, put in, moved; its end cut off; a lock gone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from workbook.editing.table_layout import places_of
from workbook.issue import Issue, cell_address
from workbook.log_chain import RUN_LOG, Line, lines_of, number_of, root_of
from workbook.periods.behind_the_lock import Located
from workbook.periods.locks import all_locks
from workbook.port import RawTable, ReadableBook
from workbook.schema import TABLES


def log_faults(book: ReadableBook) -> list[Located]:
    """Each fault once, at the line where it shows.

    ``log_line_changed``: its cells do not give its hash. ``log_line_missing``: numbers before it are not there.
    ``log_line_added``: it has no hash, or the number of another line. ``log_reordered``: told once, of the first line that
    stands behind a later one. ``log_cut_off``: a lock knows a later line, or another one of that number.
    ``lock_removed``: a line tells of a lock that Periods does not have.
    """
    raw = book.read_table(RUN_LOG.name)
    lines = [] if raw is None else lines_of(raw)
    faults = [] if raw is None else [_of_line(raw, *each) for each in _line_faults(lines)]
    faults += _cut_off(book, lines)
    return faults + ([] if raw is None else [_of_line(raw, *each) for each in _removed_locks(book, raw, lines)])


def _line_faults(lines: list[Line]) -> Iterator[tuple[Line, str, str]]:
    chained = sorted((each for each in lines if each.number), key=lambda each: (each.number, each.row))
    for line in lines:
        if line.link and not line.number:
            yield line, "log_line_changed", line.link
    if not chained:
        return
    for line in lines:
        if not line.link and line.run_id > chained[0].run_id:
            yield line, "log_line_added", line.run_id
    number, before = 0, {root_of(lines, chained[0].run_id)}
    in_place: set[Line] = set()
    while chained:
        line = chained[0]
        alike = [each for each in chained if each.number == line.number]
        chained = chained[len(alike) :]
        if line.number > number + 1:
            missing = f"{number + 1}" if line.number == number + 2 else f"{number + 1}–{line.number - 1}"
            yield line, "log_line_missing", missing
            fitting = alike[:1]
        else:
            fitting = [each for each in alike if any(map(each.follows, before))][:1]
            if not fitting:
                yield line, "log_line_changed", line.run_id
                fitting = alike[:1]
        yield from ((each, "log_line_added", each.run_id) for each in alike if each not in fitting)
        number, before = line.number, {each.link for each in alike}
        in_place.update(fitting)
    moved = next((now for was, now in pairwise(each for each in lines if each in in_place) if now.number < was.number), None)
    if moved is not None:
        yield moved, "log_reordered", moved.run_id


def _cut_off(book: ReadableBook, lines: list[Line]) -> Iterator[Located]:
    periods = book.read_table("Periods")
    if periods is None:
        return
    links, last = {each.link for each in lines}, max((each.number for each in lines), default=0)
    numbers = {each.number for each in lines}
    for lock in all_locks(book):
        number = number_of(lock.log_hash)
        if number is None:
            continue
        # A lock is logged by a line of its own, behind the one that it keeps.
        is_cut_off = last < number + 1
        is_another = number in numbers and lock.log_hash not in links and number > 0
        if is_cut_off or is_another:
            place = places_of(periods, TABLES["Periods"])["log_hash"]
            address = cell_address(periods, lock.row, place)
            issue = Issue("log_cut_off", "Periods", lock.row, "log_hash", address, lock.log_hash)
            yield issue, (periods.first_row + lock.row, lock.period)


def _removed_locks(book: ReadableBook, raw: RawTable, lines: list[Line]) -> Iterator[tuple[Line, str, str]]:
    places = places_of(raw, RUN_LOG)
    if not {"task", "arguments"} <= places.keys():
        return
    kept = {number_of(lock.log_hash) for lock in all_locks(book)}
    for line in lines:
        task, arguments = (str(raw.columns[places[key]][line.row] or "") for key in ("task", "arguments"))
        is_lock = task == "close" and "--lock" in arguments.split()
        if line.number and is_lock and line.number - 1 not in kept:
            yield line, "lock_removed", arguments


def _of_line(raw: RawTable, line: Line, code: str, value: str) -> Located:
    place = places_of(raw, RUN_LOG).get("run_id" if code == "lock_removed" else "chain", 0)
    issue = Issue(code, RUN_LOG.name, line.row, "chain", cell_address(raw, line.row, place), value)
    return issue, (raw.first_row + line.row, line.run_id)
