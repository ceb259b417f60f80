"""The chart beside a table of ours: it comes with the sheet, covers the table's rows, and is staff's own from then on."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.workbook.command import duebook
from tests.workbook.corpus_checks import has_libreoffice, opens_in_libreoffice
from workbook.file_book import FileBook
from workbook.package.package_index import read_package
from workbook.schema import TABLES

AS_OF = dt.date(2024, 5, 31)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("chart") / "book.xlsx"
    made = duebook("new", path, "--sample", "--customers", 25, "--invoices", 120, "--as-of", AS_OF)
    assert made.exit_code == 0, made.output
    return path


def charts(path: Path) -> dict[str, list[str]]:
    """Each chart's part, with the ranges that it shows."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist() if "/charts/chart" in name}
    return {name: re.findall(r"<(?:c:)?f>([^<]*)<", text) for name, text in parts.items()}


def test_the_effects_sheet_comes_with_a_chart_of_its_rows(sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(sample.read_bytes())
    for day in (AS_OF, AS_OF + dt.timedelta(5)):  # the second run keeps the chart that is there
        told = duebook("remind", path, "--as-of", day)
        assert told.exit_code == 0, told.output
        area = read_package(path).table("ReminderEffect").area  # type: ignore[union-attr]
        last = area.last_row
        assert last > 4
        (ranges,) = charts(path).values()
        sheet = "'Effect of reminders'"
        assert sorted(ranges) == [f"{sheet}!$A$2:$B${last}", f"{sheet}!$L$2:$L${last}", f"{sheet}!L1"]
    assert len(openpyxl.load_workbook(path)["Effect of reminders"]._charts) == 1  # type: ignore[attr-defined]
    if not has_libreoffice():
        pytest.skip("LibreOffice is not installed: all but its opening the chart is tested")
    assert opens_in_libreoffice([path], tmp_path / "opened", timeout_seconds=120)[path]


def test_the_chart_follows_its_sheet_to_another_name(sample: Path, tmp_path: Path) -> None:
    before = openpyxl.load_workbook(sample)
    before.create_sheet("Effect of reminders")["A1"] = "staff's own"
    path = tmp_path / "book.xlsx"
    before.save(path)
    book = FileBook(path)
    book.add_table(TABLES["ReminderEffect"])
    book.save()
    (ranges,) = charts(path).values()
    assert {each.rpartition("!")[0] for each in ranges} == {"'Effect of reminders 2'"}
