"""Workbooks that take seconds to make, made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.workbook.command import ClosedSample, closed_sample, small_workbook


@pytest.fixture(scope="session")
def sample_in_english(tmp_path_factory: pytest.TempPathFactory) -> ClosedSample:
    """The smallest sample in English, closed. Its files are not to be changed."""
    return closed_sample(tmp_path_factory.mktemp("sample"), language="en")


@pytest.fixture(scope="session")
def sample_in_chinese(tmp_path_factory: pytest.TempPathFactory) -> ClosedSample:
    """The same sample in Chinese."""
    return closed_sample(tmp_path_factory.mktemp("sample"), language="zh-CN")


@pytest.fixture(scope="session")
def _small_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_workbook(tmp_path_factory.mktemp("small") / "book.xlsx")


@pytest.fixture
def small_book(_small_book: Path, tmp_path: Path) -> Path:
    """A workbook of one's own with the small ledger."""
    return Path(shutil.copy(_small_book, tmp_path / "book.xlsx"))
