"""A published ledger of 2,466 real invoices, imported and closed from the command line. It is not part of the project."""

from __future__ import annotations

import json
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.workbook.command import duebook
from tests.workbook.memory_book import rows_of
from workbook.file_book import FileBook
from workbook.schema import TABLES

REAL = Path(__file__).parents[2].parent / "shared" / "data"
LINES, MAP = REAL / "late_payment_histories.csv", REAL / "late_payment_histories.toml"

pytestmark = pytest.mark.skipif(not (LINES.exists() and MAP.exists()), reason=f"the real ledger is not in {REAL}")


def imported(book: Path, map: Path) -> Path:
    """A new workbook with the real ledger in it, as the map says."""
    assert duebook("new", book, "--currency", "USD").exit_code == 0
    result = duebook("import", book, LINES, "--map", map)
    assert result.exit_code == 0, result.output
    assert "Invoices: 2466 added, 0 changed, 0 unchanged, 0 refused" in result.stdout
    return book


def totals(book: Path) -> dict[str, Any]:
    """Of the close of January 2013, in dollars."""
    result = duebook("close", book, "--as-of", "2013-01-31", "--json", book.with_suffix(".json"))
    assert result.exit_code == 0, result.output
    summary = json.loads(book.with_suffix(".json").read_text("utf-8"))
    assert all(check["holds"] for check in summary["tie_out"])
    assert list(summary["currencies"]) == ["USD"]
    usd: dict[str, Any] = summary["currencies"]["USD"]
    assert usd["balance"] == "5846.87"
    return usd


@pytest.fixture(scope="module")
def unallocated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger without its Allocations: nobody said which receipt paid what."""
    folder = tmp_path_factory.mktemp("real")
    tables = re.split(r"(?m)^(?=\[\[table\]\])", MAP.read_text("utf-8"))
    kept = [table for table in tables if 'name = "Allocations"' not in table]
    assert len(kept) == len(tables) - 1
    (folder / "map.toml").write_text("".join(kept), "utf-8")
    return imported(folder / "book.xlsx", folder / "map.toml")


def test_with_its_allocations(tmp_path: Path) -> None:
    assert totals(imported(tmp_path / "real.xlsx", MAP)) == {
        "not_due": "4820.19", "d1_30": "940.29", "d31_60": "86.39", "d61_90": "0.00", "d91_120": "0.00", "over_120": "0.00",
        "unapplied": "0.00", "balance": "5846.87", "debit_balances": "5846.87", "credit_balances": "0.00", "open_items": 94,
    }  # fmt: skip


def test_paid_oldest_first_disputed_invoices_too(unallocated: Path, tmp_path: Path) -> None:
    book = FileBook(Path(shutil.copy(unallocated, tmp_path / "book.xlsx")))
    settings = book.read_table("Settings")
    assert settings is not None
    row = list(settings.columns[0]).index("allocate_to_disputed")
    book.update_rows(TABLES["Settings"], [row], {"value": ["yes"]})
    book.save()
    usd = totals(book.path)
    assert [usd[key] for key in ("not_due", "d1_30", "d31_60", "open_items")] == ["4900.46", "860.02", "86.39", 95]
    assert usd["unapplied"] == "0.00"


def test_paid_oldest_first_but_for_disputed_invoices(unallocated: Path, tmp_path: Path) -> None:
    book = Path(shutil.copy(unallocated, tmp_path / "book.xlsx"))
    disputed = rows_of(FileBook(book), "Invoices", "is_disputed")
    assert disputed.count(("Yes",)) == 561
    usd = totals(book)
    gross = sum(Decimal(usd[key]) for key in usd if re.match("not_due|d[0-9]|over", key))
    assert (gross, usd["unapplied"], usd["open_items"]) == (Decimal("21776.64"), "-15929.77", 339)
