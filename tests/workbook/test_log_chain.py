"""The chain of the run log: what was done to its lines shows, whichever program wrote and kept the workbook."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.excel_stand_in.opening import book_of, xlwings_book
from tests.workbook.command import AS_OF, duebook, small_workbook
from tests.workbook.memory_book import MemoryBook, rows_of
from workbook.file_book import FileBook
from workbook.live_book import LiveBook
from workbook.log_chain import RUN_LOG, append_lines, end_of_chain, lines_of
from workbook.periods.log_faults import log_faults
from workbook.port import Cell

Row = dict[str, Cell]
FIRST, LAST = 1, 5


def line(number: int, **cells: Cell) -> Row:
    """What a run of the day ``number`` tells of itself."""
    return {"run_id": f"2024010{number}-090000-0-close", "task": "close", "as_of": dt.date(2024, 1, number), **cells}


def log_of(rows: Sequence[Row]) -> MemoryBook:
    """A workbook whose log holds these rows as they are, chained or not."""
    book = MemoryBook()
    keys = RUN_LOG.keys
    book.write_table(RUN_LOG, {key: [row.get(key) for row in rows] for key in keys})
    return book


def chained(*rows: Row, before: Sequence[Row] = ()) -> list[Row]:
    """The rows of a log in which each was appended by a run, below rows that an earlier version wrote."""
    book = log_of(before)
    for row in rows:
        append_lines(book, {key: [cell] for key, cell in row.items()})
    return [dict(zip(RUN_LOG.keys, row, strict=True)) for row in rows_of(book, "RunLog", *RUN_LOG.keys)]


def faults(rows: Sequence[Row]) -> list[tuple[str, Cell]]:
    """(code, value) of each fault of such a log."""
    return [(issue.code, issue.value) for issue, _ in log_faults(log_of(rows))]


def five() -> list[Row]:
    return chained(*map(line, range(FIRST, LAST + 1)))


def test_a_log_as_it_was_written_has_no_faults() -> None:
    rows = five()
    assert faults(rows) == []
    assert [str(row["chain"]).partition("-")[0] for row in rows] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("key", ["run_id", "task", "as_of", "totals"])
@pytest.mark.parametrize("at", range(5))
def test_a_cell_that_was_changed_shows_at_its_line_alone(key: str, at: int) -> None:
    rows = five()
    rows[at][key] = dt.date(2023, 12, 31) if key == "as_of" else "20240101-edited"
    assert [code for code, _ in faults(rows)] == ["log_line_changed"]
    ((issue, (row, _)),) = log_faults(log_of(rows))
    assert (issue.cell, row) == (f"'Run log'!N{at + 2}", at + 2)


def test_a_line_that_was_taken_out_shows_at_the_one_after_it() -> None:
    rows = five()
    assert faults(rows[1:]) == [("log_line_missing", "1")]
    assert faults(rows[:1] + rows[3:]) == [("log_line_missing", "2–3")]


def test_a_line_that_was_copied_or_typed_shows() -> None:
    rows = five()
    assert [code for code, _ in faults([*rows, dict(rows[2], totals="0")])] == ["log_line_added"]
    assert faults([*rows, line(6)]) == [("log_line_added", line(6)["run_id"])]
    assert [code for code, _ in faults([*rows, line(6, chain="6-abc")])] == ["log_line_changed"]


def test_a_sorted_log_is_told_once_and_goes_on() -> None:
    rows = list(reversed(five()))
    assert [code for code, _ in faults(rows)] == ["log_reordered"]
    book = log_of(rows)
    append_lines(book, {key: [cell] for key, cell in line(6).items()})
    assert [issue.code for issue, _ in log_faults(book)] == ["log_reordered"]
    raw = book.read_table("RunLog")
    assert end_of_chain(raw).startswith("6-")


def test_lines_of_an_earlier_version_are_covered_by_the_first_that_is_chained() -> None:
    old = [line(1), line(2)]
    rows = chained(line(3), line(4), before=old)
    assert faults(rows) == []
    assert faults([rows[1], rows[0], *rows[2:]]) == []
    assert [code for code, _ in faults(rows[1:])] == ["log_line_changed"]
    assert [code for code, _ in faults([dict(rows[0], task="check"), *rows[1:]])] == ["log_line_changed"]
    # A run of an earlier version, later on: it chains nothing.
    assert [code for code, _ in faults([*rows, line(5)])] == ["log_line_added"]


def test_what_excel_makes_of_cells_that_nobody_changed_does_not_count() -> None:
    (row,) = chained(line(1, ran_at="2024-01-01 09:00:00", rows_read="7", arguments="a  b ", totals=None))
    other: Row = {
        "ran_at": dt.datetime(2024, 1, 1, 9),
        "rows_read": 7.0,
        "arguments": "a b",
        "as_of": dt.datetime(2024, 1, 1),
        "totals": "",
    }
    assert faults([row | other]) == []
    assert faults([row | {"as_of": 45292}]) == []  # the format of the date taken away
    assert faults([row | {"as_of": "2024-01-01"}]) == []
    assert [code for code, _ in faults([row | {"rows_read": 8.0}])] == ["log_line_changed"]


def engines() -> list[tuple[str, ...]]:
    return [(), ("--engine", "openpyxl", "--accept-loss")]


@pytest.mark.parametrize("engine", engines(), ids=["package", "openpyxl"])
def test_runs_from_the_command_line_are_chained_with_what_they_changed(tmp_path: Path, engine: tuple[str, ...]) -> None:
    book = small_workbook(tmp_path / "book.xlsx")
    source = tmp_path / "receipts.csv"
    source.write_text("receipt_id,customer_id,receipt_date,amount\nR-5,C1,2024-04-29,10\n", "utf-8")
    for command in (
        ("remind", book, "--as-of", AS_OF, *engine),
        ("import", book, source, "--table", "Receipts", "--by", " LI\n", *engine),
        ("post", book, "activity", "customer_id=C1", "channel=phone", "--as-of", AS_OF, "--by", "@李", *engine),
    ):
        done = duebook(*command)
        assert done.exit_code == 0, done.output
    opened = FileBook(book)
    raw = opened.read_table("RunLog")
    assert raw is not None
    assert [each.number for each in lines_of(raw)] == [1, 2, 3]
    assert all(row[0] for row in rows_of(opened, "RunLog", "cells_written"))
    assert log_faults(opened) == []
    # What a line says of the parts that were changed is under its hash too.
    opened.update_rows(RUN_LOG, [0], {"cells_written": ["none"]})
    assert [issue.code for issue, _ in log_faults(opened)] == ["log_line_changed"]


@pytest.fixture(scope="module")
def locked_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = small_workbook(tmp_path_factory.mktemp("locked") / "book.xlsx")
    for command in (("remind", book, "--as-of", AS_OF), ("close", book, "--as-of", AS_OF, "--lock", "--by", "LI")):
        done = duebook(*command)
        assert done.exit_code == 0, done.output
    return book


@pytest.fixture
def locked(locked_once: Path, tmp_path: Path) -> Path:
    """A workbook whose log has two lines, the second of a lock."""
    return Path(shutil.copy(locked_once, tmp_path))


def kept(book: Path, keep: Callable[[list[tuple[Cell, ...]]], list[tuple[Cell, ...]]], table: str = "RunLog") -> None:
    """Somebody edits a hidden sheet in a program of theirs: its rows are what ``keep`` makes of them."""
    opened = load_workbook(book)
    (sheet,) = (each for each in opened.worksheets if table in each.tables)
    rows = keep([tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)])  # type: ignore[misc]
    sheet.delete_rows(2, sheet.max_row)
    for row in rows or [(None,)]:
        sheet.append(row)
    sheet.tables[
        table
    ].ref = f"{sheet.tables[table].ref.partition(':')[0]}:{sheet.cell(max(2, len(rows) + 1), sheet.max_column).coordinate}"
    opened.save(book)


def told(book: Path) -> list[tuple[str, str]]:
    """What the next run finds about the log: code and cell."""
    return [(issue.code, issue.cell) for issue, _ in log_faults(FileBook(book))]


def test_cutting_the_end_off_shows_at_the_lock(locked: Path) -> None:
    assert told(locked) == []
    kept(locked, lambda rows: rows[:-1])  # the line of the lock itself
    assert told(locked) == [("log_cut_off", "Periods!L2")]
    kept(locked, lambda rows: [])
    assert told(locked) == [("log_cut_off", "Periods!L2")]


def test_a_log_that_was_worked_out_anew_is_not_the_one_of_the_lock(locked: Path) -> None:
    def forged(rows: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
        lines = [dict(zip(RUN_LOG.keys, row, strict=True)) | {"chain": None} for row in rows]
        lines[0]["totals"] = "nothing to see"
        return [tuple(row.values()) for row in chained(*lines)]

    kept(locked, forged)
    assert told(locked) == [("log_cut_off", "Periods!L2")]


def test_a_lock_that_was_taken_out_of_periods_shows_in_the_log(locked: Path) -> None:
    kept(locked, lambda rows: [], "Periods")
    assert told(locked) == [("lock_removed", "'Run log'!A3")]


def test_check_and_close_name_the_line(locked: Path) -> None:
    opened = FileBook(locked)
    opened.update_rows(RUN_LOG, [0], {"arguments": ["--as-of 2024-03-30"]})
    opened.save()
    out = locked.with_name("out.xlsx")
    assert duebook("close", locked, "--as-of", "2024-05-31", "-o", out).exit_code == 0
    found = [row for row in rows_of(FileBook(out), "Issues", "code", "row", "cell") if row[0] == "log_line_changed"]
    assert found == [("log_line_changed", 2, "'Run log'!N2")]
    done = duebook("check", locked, "--as-of", "2024-05-31")
    assert "warning: 'Run log'!N2 (RunLog.chain): Line of the run log changed" in done.stdout
    assert done.exit_code == 0


def test_a_log_without_the_column_gets_it_and_keeps_what_staff_wrote(tmp_path: Path) -> None:
    book = small_workbook(tmp_path / "book.xlsx")
    assert duebook("post", book, "activity", "customer_id=C1", "--as-of", AS_OF).exit_code == 0
    opened = load_workbook(book)
    (sheet,) = (each for each in opened.worksheets if "RunLog" in each.tables)
    place = [cell.value for cell in sheet[1]].index("Chain hash") + 1
    sheet.cell(1, place).value, sheet.cell(2, place).value = "Remark", "seen by WANG"
    sheet.tables["RunLog"].tableColumns[place - 1].name = "Remark"
    opened.save(book)
    for day in ("2024-05-02", "2024-05-03"):
        done = duebook("post", book, "activity", "customer_id=C1", "--as-of", day)
        assert done.exit_code == 0, done.output
    now = FileBook(book)
    raw = now.read_table("RunLog")
    assert raw is not None
    assert raw.columns[raw.headers.index("Remark")][0] == "seen by WANG"
    assert [each.number for each in lines_of(raw)] == [0, 1, 2]
    assert log_faults(now) == []
    now.update_rows(RUN_LOG, [0], {"task": ["check"]})
    assert [issue.code for issue, _ in log_faults(now)] == ["log_line_changed"]


def test_lines_written_into_an_open_workbook_are_chained_to_those_of_the_file(locked: Path) -> None:
    live = LiveBook(xlwings_book(book_of(locked)))
    for number in (6, 7):
        told = line(number, ran_at="2024-01-06 09:00:00", rows_read="7", arguments="=1+1 --by 李", totals="007")
        append_lines(live, {key: [cell] for key, cell in told.items()})
        live.apply()
    raw = live.read_table("RunLog")
    assert raw is not None
    assert [each.number for each in lines_of(raw)] == [1, 2, 3, 4]
    assert log_faults(live) == []
    live.update_rows(RUN_LOG, [2], {"rows_read": ["8"]})
    assert [issue.code for issue, _ in log_faults(live)] == ["log_line_changed"]
