"""A month is locked; the next month finds what was changed behind the lock, with before and after."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from tests.stories.office import Office
from tests.workbook.command import duebook, small_workbook
from tests.workbook.memory_book import rows_of
from workbook import saving
from workbook.file_book import FileBook
from workbook.periods.locks import locked_to
from workbook.results.figures import work_out
from workbook.schema import TABLES

APRIL = dt.date(2024, 4, 30)


@pytest.fixture(scope="module")
def locked_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = small_workbook(tmp_path_factory.mktemp("locked") / "book.xlsx")
    done = duebook("close", book, "--as-of", APRIL, "--lock", "--by", "LI")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == "Locked, with a copy kept: 2024-04 (book.locked-2024-04.xlsx)"
    return book


@pytest.fixture
def locked(locked_once: Path, tmp_path: Path) -> Path:
    """The small ledger, April locked. The one receipt pays its invoice oldest first."""
    for path in locked_once.parent.glob("*.xlsx"):
        shutil.copy(path, tmp_path)
    return tmp_path / locked_once.name


def found(book: Path, day: str = "2024-05-31") -> list[tuple[object, ...]]:
    """What a later close lists of locks: code, key, value."""
    done = duebook("close", book, "--as-of", day)
    assert done.exit_code == 0, done.output
    rows = rows_of(FileBook(book), "Issues", "code", "key", "value")
    return [row for row in rows if "lock" in str(row[0])]


def edit(book: Path, table: str, row: int, **cells: object) -> None:
    opened = FileBook(book)
    opened.update_rows(TABLES[table], [row], {key: [cell] for key, cell in cells.items()})  # type: ignore[list-item]
    opened.save()


def test_a_lock_writes_who_paid_what_and_since_when_it_is_known(locked: Path) -> None:
    opened, today = FileBook(locked), dt.date.today()
    (allocation,) = rows_of(opened, "Allocations", "receipt_id", "invoice_id", "amount", "allocated_on", "entered_by")
    assert allocation == ("R-1", "INV-2", 50.5, dt.date(2024, 4, 20), "LI")
    assert {row for table in ("Invoices", "Receipts", "Allocations") for row in rows_of(opened, table, "entered_on")} == {
        (today,)
    }
    copy = locked.parent / "book.locked-2024-04.xlsx"
    assert copy.stat().st_mode & 0o222 == 0
    assert rows_of(FileBook(copy), "Allocations", "amount") == [(50.5,)]
    assert found(locked) == []
    # An older item that comes to light later does not take the money back.
    office = Office.__new__(Office)
    object.__setattr__(office, "path", locked)
    office.types(
        "Invoices",
        invoice_id="INV-0",
        customer_id="C2",
        amount=80,
        invoice_date=dt.date(2024, 5, 2),
        due_date=dt.date(2024, 3, 1),
    )
    assert found(locked) == []
    assert dict(rows_of(FileBook(locked), "OpenItems", "invoice_id", "open")) == {"INV-0": 80, "INV-1": 100, "INV-2": 200}


def test_what_is_changed_added_and_removed_behind_the_lock_is_told_with_before_and_after(locked: Path) -> None:
    edit(locked, "Invoices", 0, amount=120, notes="typed anew")
    edit(locked, "Receipts", 0, receipt_id="R-9")
    edit(locked, "Allocations", 0, receipt_id="R-9")
    found_ = found(locked)
    assert ("changed_after_lock", "INV-1", "100.00 → 120.00 (2024-04)") in found_
    assert ("added_after_lock", "R-9", "2024-04") in found_
    removed = [value for code, _, value in found_ if code == "removed_after_lock"]
    assert len(removed) == 1
    assert str(removed[0]).startswith("Receipts R-1: receipt_id R-1; customer_id C2; ")
    (locked.parent / "book.locked-2024-04.xlsx").unlink()
    assert sorted(str(code) for code, *_ in found(locked)) == ["changed_after_lock", "locked_copy_missing"]


def test_what_ends_later_and_where_rows_stand_is_no_change(locked: Path) -> None:
    edit(locked, "Invoices", 0, is_disputed=True, disputed_on=dt.date(2024, 5, 3), notes="calls back")
    opened = FileBook(locked)
    rows = opened.read_table("Invoices")
    assert rows is not None
    keys = ("invoice_id", "customer_id", "invoice_date", "amount", "entered_on", "is_disputed", "disputed_on")
    both = rows_of(opened, "Invoices", *keys)
    swapped = {key: [row[at] for row in reversed(both)] for at, key in enumerate(keys)}
    opened.update_rows(TABLES["Invoices"], [0, 1], swapped)
    opened.save()
    assert found(locked) == []


def test_the_figures_as_locked_come_from_the_copy(locked: Path) -> None:
    edit(locked, "Invoices", 0, amount=120)
    out = locked.parent / "as-locked.xlsx"
    assert duebook("close", locked, "--as-locked", "2024-04").exit_code == 2
    assert duebook("close", locked, "--as-locked", "2024-03", "-o", out).exit_code == 2
    done = duebook("close", locked, "--as-locked", "2024-04", "-o", out)
    assert done.exit_code == 0, done.output
    assert dict(rows_of(FileBook(out), "OpenItems", "invoice_id", "open")) == {"INV-1": 100, "INV-2": 200}


def as_known(book: Path, known_on: dt.date) -> tuple[list[str], set[object]]:
    """What a close of April as known on a day says of the lock, and the codes of what it lists."""
    out = book.with_name("known.xlsx")
    done = duebook("close", book, "--as-of", APRIL, "--known-on", known_on, "-o", out)
    assert done.exit_code in (0, 1), done.output
    listed = {
        code for (code,) in rows_of(FileBook(out), "Issues", "code") if str(code).startswith("known") or "lock" in str(code)
    }
    return [line for line in done.stdout.splitlines() if "known then" in line or "later lock" in line], listed


def test_as_known_when_it_was_locked_april_is_what_was_locked_as_far_as_rows_were_only_added(locked: Path) -> None:
    today = dt.date.today()
    same = ["As known then, the figures are those that were locked: 2024-04"]
    opened = FileBook(locked)
    late = {"invoice_id": "INV-8", "customer_id": "C1", "invoice_date": APRIL, "amount": 40}
    late |= {"entered_on": today + dt.timedelta(days=1)}
    opened.append_rows(TABLES["Invoices"], {key: [cell] for key, cell in late.items()})  # type: ignore[list-item]
    opened.save()
    assert as_known(locked, today)[0] == same
    # With what was known a day later there is nothing to be the same as, and nothing wrong.
    assert as_known(locked, today + dt.timedelta(days=1)) == ([], set())
    # Before the lock, nobody had said since when the rows were known.
    told, listed = as_known(locked, today - dt.timedelta(days=1))
    assert (len(told), listed) == (1, {"known_before_lock"})


@pytest.mark.parametrize(
    ("table", "row", "cells", "codes"),
    [
        ("Invoices", 0, {"amount": 120}, {"changed_after_lock", "known_on_differs"}),
        ("Invoices", 0, {"entered_on": dt.date(2099, 1, 1)}, {"changed_after_lock", "known_on_differs"}),
        ("Receipts", 0, {"receipt_id": "R-9"}, {"added_after_lock", "removed_after_lock", "known_on_differs"}),
        ("PaymentTerms", 0, {"days": 3}, {"known_on_differs"}),
    ],
    ids=["changed", "entered later, it says", "removed and added", "terms changed"],
)
def test_as_known_then_says_when_it_cannot_be_what_was_locked(
    locked: Path, table: str, row: int, cells: dict[str, object], codes: set[str]
) -> None:
    if table == "PaymentTerms":
        row = rows_of(FileBook(locked), table, "terms_id").index(("NET30",))
    edit(locked, table, row, **cells)
    told, listed = as_known(locked, dt.date.today())
    assert told == [
        "As known then, the figures are not those that were locked (see Issues; --as-locked gives them), period: 2024-04"
    ]
    assert codes <= listed


def test_into_a_locked_period_nothing_is_entered_without_a_reason(locked: Path, tmp_path: Path) -> None:
    late = ("invoice", "invoice_id=INV-7", "customer_id=C1", "amount=5")
    refused = duebook("post", locked, *late, "invoice_date=2024-04-30", "--as-of", "2024-05-06")
    assert (refused.exit_code, "--reason" in refused.stderr) == (2, True)
    assert duebook("post", locked, *late, "invoice_date=2024-05-01", "--as-of", "2024-05-06").exit_code == 0
    source = tmp_path / "receipts.csv"
    source.write_text("receipt_id,customer_id,receipt_date,amount\nR-5,C1,2024-04-29,10\n", "utf-8")
    before = locked.read_bytes()
    refused = duebook("import", locked, source, "--table", "Receipts")
    assert (refused.exit_code, locked.read_bytes() == before) == (2, True)
    assert duebook("import", locked, source, "--table", "Receipts", "--reason", "late news").exit_code == 0
    assert [row for row in rows_of(FileBook(locked), "RunLog", "arguments") if "late news" in str(row[0])]


def test_a_period_is_unlocked_with_a_reason_and_locked_again(locked: Path) -> None:
    assert duebook("close", locked, "--as-of", APRIL, "--lock").exit_code == 2
    assert duebook("unlock", locked, "2024-04", "--reason", "typo").exit_code == 2
    assert duebook("unlock", locked, "2024-03", "--reason", "typo", "--approved-by", "WANG").exit_code == 2
    assert duebook("unlock", locked, "2024-04", "--reason", "typo", "--approved-by", "WANG").exit_code == 0
    edit(locked, "Invoices", 0, amount=120)
    done = duebook("close", locked, "--as-of", APRIL, "--lock")
    assert done.exit_code == 0, done.output
    assert (locked.parent / "book.locked-2024-04-2.xlsx").exists()
    assert found(locked) == []
    assert len(rows_of(FileBook(locked), "Periods", "period")) == 2


def test_a_lock_that_is_interrupted_leaves_the_period_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = small_workbook(tmp_path / "book.xlsx")
    before = book.read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr(FileBook, "save", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            saving.save_outcome(*_locking(book))
    assert book.read_bytes() == before
    assert (tmp_path / "book.locked-2024-04.xlsx").exists()
    assert locked_to(FileBook(book)) is None
    # The stale copy gives way to that of the lock that is finished.
    assert duebook("close", book, "--as-of", APRIL, "--lock").exit_code == 0
    assert locked_to(FileBook(book)) == APRIL
    assert found(book) == []


def _locking(book: Path) -> tuple[FileBook, object]:
    from workbook.tasks.closing import close

    opened = FileBook(book)
    return opened, close(opened, as_of=APRIL, ran_at=dt.datetime(2024, 5, 3, 9), lock=True)


@pytest.mark.parametrize(
    ("invoice", "locked_period"), [("INV-1", True), ("INV-9", False)], ids=["both before the lock", "a later invoice"]
)
def test_an_allocation_without_a_day_is_judged_by_the_days_of_what_it_joins(
    locked: Path, tmp_path: Path, invoice: str, locked_period: bool
) -> None:
    """It counts from the later of the two on, and is held by the lock of that day."""
    opened = FileBook(locked)
    later = {"invoice_id": "INV-9", "customer_id": "C2", "invoice_date": dt.date(2024, 5, 2), "amount": 30}
    opened.append_rows(TABLES["Invoices"], {key: [cell] for key, cell in later.items()})
    opened.save()
    source = tmp_path / "allocations.csv"
    source.write_text(f"allocation_id,receipt_id,invoice_id,amount\nA-9,R-1,{invoice},1\n", "utf-8")
    done = duebook("import", locked, source, "--table", "Allocations")
    assert done.exit_code == (2 if locked_period else 0), done.output
    assert ("Allocations is dated 2024-04-20" in done.stderr) == locked_period
    if not locked_period:
        changes = [issue.code for issue in work_out(FileBook(locked), as_of=dt.date(2024, 5, 31)).issues]
        assert "added_after_lock" not in changes
