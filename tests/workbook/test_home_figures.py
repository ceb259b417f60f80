"""Home's own formulas, worked out by another program, say what the close said, to the cent."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tests.workbook.command import duebook
from workbook.package.formula_refs import TableMentioned, mentions
from workbook.schema import TABLES
from workbook.template.home_figures import HOME_FIGURES

LANGUAGES = ("en", "zh-CN")


def sample_closed_twice(folder: Path, language: str) -> tuple[Path, Mapping[str, Any]]:
    """A sample closed for two days, so that results of the first would show; what the second close said."""
    book, summary = folder / "book.xlsx", folder / "summary.json"
    duebook("new", book, "--sample", "--customers", 30, "--invoices", 300, "--language", language)
    for as_of in ("2025-12-31", "2026-03-31"):
        duebook("close", book, "--as-of", as_of, "--json", summary)
    told: Mapping[str, Any] = json.loads(summary.read_text(encoding="utf-8"))
    return book, told


def worked_out_by_libreoffice(book: Path, folder: Path) -> dict[str, Any]:
    """Label → what Home shows, in a LibreOffice with the settings that it comes with."""
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "ods",
         "--outdir", str(folder / "out"), str(book)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    opened = CalamineWorkbook.from_path(folder / "out" / f"{book.stem}.ods")
    rows = opened.get_sheet_by_index(0).to_python(skip_empty_area=False)
    return {str(row[2]): row[3] for row in rows if len(row) > 3}


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_works_out_what_the_close_said(language: str, tmp_path: Path) -> None:
    book, told = sample_closed_twice(tmp_path, language)
    shown = worked_out_by_libreoffice(book, tmp_path)
    figures = {figure.code: shown[figure.label.in_language(language)] for figure in HOME_FIGURES}
    base = {name: Decimal(amount) for name, amount in told["base"].items() if name != "currency"}
    buckets = [amount for name, amount in base.items() if name not in ("unapplied", "balance")]
    meant = {
        "open_base": sum(buckets),
        "overdue_base": sum(buckets) - base["not_due"],
        "balance_base": base["balance"],
        "over_limit": len(told["over_limit"]),
        "messages": told["reminders"]["messages"],
        "held": sum(told["reminders"]["held"].values()),
        "errors": told["issues"]["error"],
    }
    assert figures.pop("closed_as_of").isoformat()[:10] == told["as_of"] == "2026-03-31"
    assert {code: Decimal(str(value)).quantize(Decimal("0.01")) for code, value in figures.items()} == meant
    assert meant["overdue_base"] > 0
    assert meant["messages"] > 0
    assert meant["held"] > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_that_home_names_is_on_its_sheet(language: str, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    duebook("new", book, "--language", language)
    headers = {
        table.name: [sheet.cell(1, place + 1).value for place in range(len(TABLES[table.name].columns))]
        for sheet in openpyxl.load_workbook(book)
        for table in sheet.tables.values()
    }
    for figure in HOME_FIGURES:
        named = [each for each in mentions(figure.text(language)[1:]) if isinstance(each, TableMentioned)]
        assert named, figure.code
        for each in named:
            assert set(each.columns) <= {*headers[each.table]}, figure.code
