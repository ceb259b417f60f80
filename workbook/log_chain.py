"""The lines of RunLog as a chain: each holds a hash over its own cells and the hash of the line before it.

A line that was changed, taken out or put in later does not fit its neighbours any more, and what a lock keeps of the chain
(``log_hash`` in Periods) does not fit a log whose end was cut off. Whoever works out all later hashes anew and those in
Periods too leaves no trace here: the locked copies, and copies elsewhere, are what is left to compare with.

A cell of the chain is the line's number and its hash, ``17-3f5a…``: where lines stand on the sheet does not count. Blank
cells do not count either, so that a column of a later version changes no earlier hash, nor do spaces, formats of dates, and
whether a number is kept as a text. Lines of earlier versions have no hash: the first one that has covers them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from functions.dates import date_of
from functions.frames import NO_DAY
from workbook.editing.table_layout import places_of
from workbook.port import Book, Cell, Columns, RawTable
from workbook.reading.cell_parsing import dates, is_blank
from workbook.schema import TABLES
from workbook.table import Kind

RUN_LOG = TABLES["RunLog"]

_LINK = re.compile("([0-9]{1,9})-([0-9a-f]{64})")


@dataclass(frozen=True)
class Line:
    """A line of the log. ``row``: its offset; ``content``: its filled cells; ``number``: 0 for a line without a hash."""

    row: int
    run_id: str
    content: str
    link: str
    number: int

    def follows(self, before: str) -> bool:
        """Whether its hash is that of its cells behind the link ``before``."""
        return self.link == _link(self.number, before, self.content)


def append_lines(book: Book, columns: Columns) -> None:
    """Append lines to RunLog, each chained to the one before it, unless they bring their links along.

    A log of an earlier version gets the column first. Raises what appending raises.
    """
    raw = book.read_table(RUN_LOG.name)
    if raw is not None and "chain" not in places_of(raw, RUN_LOG):
        book.write_table(RUN_LOG, _filled_rows(raw))
        raw = book.read_table(RUN_LOG.name)
    columns = {key: list(cells) for key, cells in columns.items() if key != "chain"} | {
        "chain": list(columns.get("chain", [None] * _count(columns)))
    }
    standing = [] if raw is None else lines_of(raw)
    for at, given in enumerate(columns["chain"]):
        (line,) = _lines({key: [cells[at]] for key, cells in columns.items()}, is_1904=False)
        if is_blank(given):
            number, before = _end_of(standing, line.run_id)
            link = _link(number + 1, before, line.content)
            columns["chain"][at] = link
            line = Line(line.row, line.run_id, line.content, link, number + 1)
        standing.append(line)
    book.append_rows(RUN_LOG, columns)


def link_again(raw: RawTable, row: int) -> str:
    """The link of a line as its cells stand now, in its place in the chain; "" for a line that has none."""
    lines = lines_of(raw)
    line = next((each for each in lines if each.row == row and each.number), None)
    if line is None:
        return ""
    earlier = [each for each in lines if each.number < line.number]
    return _link(line.number, _end_of(earlier, line.run_id)[1], line.content)


def end_of_chain(raw: RawTable | None) -> str:
    """What a lock keeps: the link of the last line, or that of the lines without a hash where no other is there."""
    number, link = _end_of([] if raw is None else lines_of(raw), "")
    return link if number else f"0-{link}"


def number_of(link: str) -> int | None:
    """The number in a link; None where it is none."""
    found = _LINK.fullmatch(link)
    return None if found is None else int(found[1])


def lines_of(raw: RawTable) -> list[Line]:
    """The lines that hold anything, in the order of the sheet."""
    places = places_of(raw, RUN_LOG)
    return list(_lines({key: raw.columns[place] for key, place in places.items()}, is_1904=raw.is_1904))


def root_of(lines: Iterable[Line], run_id: str) -> str:
    """What the first link stands on, whose line is ``run_id``: the lines without a hash that are older ("": all of them)."""
    older = (each for each in lines if not each.link and (not run_id or each.run_id < run_id))
    return _hash("\x1e".join(sorted(each.content for each in older)))


def _end_of(lines: Sequence[Line], run_id: str) -> tuple[int, str]:
    """The greatest number and its link; 0 and what ``run_id`` would stand on where there is none."""
    last = max(lines, key=lambda each: each.number, default=None)
    if last is None or not last.number:
        return 0, root_of(lines, run_id)
    return last.number, last.link


def _link(number: int, before: str, content: str) -> str:
    return f"{number}-" + _hash("\x1e".join((str(number), before, content)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _count(columns: Columns) -> int:
    return max((len(cells) for cells in columns.values()), default=0)


def _filled_rows(raw: RawTable) -> Columns:
    filled = [row for row in range(len(raw)) if not all(is_blank(column[row]) for column in raw.columns)]
    return {key: [raw.columns[place][row] for row in filled] for key, place in places_of(raw, RUN_LOG).items()}


def _lines(columns: Mapping[str, Sequence[Cell]], *, is_1904: bool) -> Iterator[Line]:
    texts = {key: _texts(key, cells, is_1904=is_1904) for key, cells in columns.items()}
    keys = sorted(texts.keys() - {"chain"})
    for row in range(_count(columns)):
        content = "\x1f".join(f"{key}={texts[key][row]}" for key in keys if texts[key][row])
        link = texts["chain"][row] if "chain" in texts else ""
        if content or link:
            yield Line(row, texts["run_id"][row] if "run_id" in texts else "", content, link, number_of(link) or 0)


def _texts(key: str, cells: Sequence[Cell], *, is_1904: bool) -> list[str]:
    if RUN_LOG[key].kind is not Kind.DATE:
        return [_text(cell) for cell in cells]
    days = dates(cells, is_1904=is_1904).values.tolist()
    return [_text(cell) if day == NO_DAY else date_of(day).isoformat() for cell, day in zip(cells, days, strict=True)]


def _text(cell: Cell) -> str:
    """A cell as a text, the same however Excel keeps it: a moment or a number may have become one behind a text."""
    if is_blank(cell):
        return ""
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
