"""What a close of the sample says and writes, as text that a reviewer can read."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.workbook.command import ClosedSample
from workbook.file_book import FileBook

Golden = Callable[[str, str], None]


def table_text(closed: ClosedSample, name: str) -> str:
    """A table as it stands on its sheet, cells between bars."""
    raw = FileBook(closed.closed).read_table(name)
    assert raw is not None
    rows = [raw.headers, *zip(*raw.columns, strict=True)]
    return "".join(" | ".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows)


def test_the_console_in_english(sample_in_english: ClosedSample, is_golden: Golden) -> None:
    is_golden("close.en.txt", sample_in_english.result.output)


def test_the_console_in_chinese(sample_in_chinese: ClosedSample, is_golden: Golden) -> None:
    is_golden("close.zh-CN.txt", sample_in_chinese.result.output)


def test_the_summary_for_machines(sample_in_english: ClosedSample, is_golden: Golden) -> None:
    is_golden("close.json", json.dumps(sample_in_english.summary, indent=2, ensure_ascii=False) + "\n")


def test_the_reports_in_english(sample_in_english: ClosedSample, is_golden: Golden) -> None:
    for name in ("Aging", "Credit", "RemindersHeld", "Issues"):
        is_golden(f"{name}.en.txt", table_text(sample_in_english, name))


def test_reasons_and_issues_in_chinese(sample_in_chinese: ClosedSample, is_golden: Golden) -> None:
    for name in ("RemindersHeld", "Issues"):
        is_golden(f"{name}.zh-CN.txt", table_text(sample_in_chinese, name))
