"""Reports name texts that the workbook lists already by their numbers, and leave the list as it is."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import pytest

from tests.workbook.rich_workbook import rich_workbook
from workbook.file_book import FileBook
from workbook.package.draft import Draft
from workbook.package.package_index import read_package
from workbook.package.shared_texts import shared_texts
from workbook.package.workbook_part import WorkbookPart
from workbook.tasks.closing import close

LIST = "xl/sharedStrings.xml"


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger as Excel saves it, which lists its texts."""
    return rich_workbook(tmp_path_factory.mktemp("listing") / "book.xlsm")


def with_list(path: Path, target: Path, listed: str) -> Path:
    """The workbook with another list of shared strings."""
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for member in before.infolist():
            after.writestr(member, listed if member.filename == LIST else before.read(member))
    return target


@pytest.mark.parametrize(
    ("listed", "expected"),
    {
        "the last of two that are equal": ("<si><t>a</t></si><si><t>b</t></si><si><t>a</t></si>", {"a": 2, "b": 1}),
        "one in several formats, and one with its reading, count and are left": (
            "<si><r><t>a</t></r></si><si><t>b</t><rPh sb='0' eb='1'><t>c</t></rPh></si><si><t>c</t></si>",
            {"c": 2},
        ),
        "texts that are spelled otherwise": ("<si><t>a&amp;b</t></si><si><t>x_x0041_</t></si><si><t>b</t></si>", {"b": 2}),
        "blanks at an end": ('<si><t xml:space="preserve"> a</t></si><si><t xml:space="preserve">b</t></si>', {"b": 1}),
        "a text like a formula": ("<si><t>=1+1</t></si><si><t>b</t></si>", {"b": 1}),
        "an empty item, which some readers do not count": ("<si/><si><t>a</t></si>", {}),
        "an item without its text": ("<si><t></t></si><si><t>a</t></si>", {}),
        "a comment, in which an item may stand": ("<!-- <si><t>x</t></si> --><si><t>a</t></si>", {}),
    }.values(),
)  # fmt: skip
def test_a_text_is_shared_only_where_nothing_can_be_read_in_two_ways(
    listing: Path, tmp_path: Path, listed: str, expected: dict[str, int]
) -> None:
    whole = f'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{listed}</sst>'
    package = read_package(with_list(listing, tmp_path / "other.xlsm", whole))
    draft = Draft(package.parts)
    wanted = {"a", "b", "c", " a", "=1+1", "a&b", "x_x0041_", "xA", "", "not there"}
    assert shared_texts(draft, WorkbookPart(draft, package.workbook_part), wanted) == expected


def test_a_close_names_the_ledgers_texts_by_their_numbers_and_leaves_the_list_as_it_is(
    listing: Path, tmp_path: Path
) -> None:
    listed = zipfile.ZipFile(listing).read(LIST)
    book = FileBook(listing)
    close(book, as_of=dt.date(2025, 6, 30), ran_at=dt.datetime(2025, 7, 1, 9))
    closed = tmp_path / "closed.xlsm"
    book.save(closed)
    package = read_package(closed)
    assert zipfile.ZipFile(closed).read(LIST) == listed
    items = package.parts.read(package.sheets["Open items"])
    by_number, inline = len(re.findall(rb' t="s"', items)), len(re.findall(rb' t="inlineStr"', items))
    assert by_number > inline > 0
