"""Workbooks of other programs, nasty and fuzzed ones among them: each is read, or refused with a reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbook.file_book import FileBook
from workbook.refusals import NotEditable, Refusal, UnreadableWorkbook
from workbook.schema import TABLES

SHARED = Path(os.environ.get("DUEBOOK_SHARED", Path(__file__).parents[3] / "shared"))
CORPUS = SHARED / "corpus"
WORKBOOKS = sorted(path for path in CORPUS.rglob("*") if path.suffix in (".xlsx", ".xlsm", ".xlsb", ".xls"))

pytestmark = pytest.mark.skipif(not WORKBOOKS, reason=f"no workbooks at {CORPUS}; DUEBOOK_SHARED names the folder above")


def test_every_workbook_is_read_or_refused() -> None:
    refused: dict[str, str] = {}
    tables = 0
    for path in WORKBOOKS:
        try:
            book = FileBook(path)
            for name in book.table_names():
                raw = book.read_table(name)
                assert raw is not None
                assert len(raw.headers) == len(raw.columns)
                assert {len(column) for column in raw.columns} == {len(raw)}
                tables += 1
            assert book.language in ("en", "zh-CN")
        except Refusal as refusal:
            refused[path.name] = str(refusal)
    assert tables > 30
    assert all(name in message and "\n" not in message for name, message in refused.items())
    # Excel opens nearly all of them; what it does not open are the fuzzed ones.
    assert len(refused) < len(WORKBOOKS) / 10


def test_a_table_of_ours_is_added_to_workbooks_of_others(tmp_path: Path) -> None:
    added = 0
    for path in WORKBOOKS[::12]:
        target = tmp_path / path.name
        try:
            book = FileBook(path)
            book.write_table(TABLES["OpenItems"], {"item_id": ["A#1"], "open": [1.5]})
            book.save(target)
        except (UnreadableWorkbook, NotEditable):
            assert not target.exists()
            continue
        raw = FileBook(target).read_table("OpenItems")
        assert raw is not None
        assert raw.columns[0] == ("A#1",)
        assert set(book.table_names()) == set(FileBook(target).table_names())
        added += 1
    assert added > len(WORKBOOKS[::12]) / 2
