"""How much a workbook may hold: a limit refuses what is above it, lets pass what is at it, and is raised from outside."""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from tests.workbook.book_contract import DAY, INVOICES, invoices
from tests.workbook.command import duebook, small_workbook
from tests.workbook.laid_tables import raising, saved
from tests.workbook.mutations import parts_of, zipped
from workbook.file_book import FileBook
from workbook.package.limits import Limits
from workbook.refusals import NotALimit, SheetTooLarge, TooLarge

DEFAULTS = Limits()
NAMES = [field.name for field in fields(Limits)]
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def variable(name: str) -> str:
    return f"DUEBOOK_LIMIT_{name.upper()}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return saved(tmp_path / "book.xlsx", invoices(("A1", "C1", DAY, 1)))


def with_parts(path: Path, **parts: bytes) -> None:
    """More members, by the last part of their names."""
    path.write_bytes(zipped({**parts_of(path.read_bytes()), **{f"xl/media/{name}": text for name, text in parts.items()}}))


def with_cell(path: Path, address: str, *, more: bytes = b"") -> None:
    parts = parts_of(path.read_bytes())
    row = re.sub("[A-Z]", "", address).encode()
    cell = b'<row r="%s"><c r="%s"><v>1</v></c></row>' % (row, address.encode())
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", cell + b"</sheetData>" + more)
    path.write_bytes(zipped(parts))


def read_and_append(path: Path) -> None:
    book = FileBook(path)
    book.append_rows(INVOICES, {"invoice_id": ["A2"]})
    book.save(path.with_name("out.xlsx"))


# A workbook that has exactly as much of each as ``found`` says, which a limit one smaller refuses.


def members(path: Path) -> int:
    return len(parts_of(path.read_bytes()))


def part_bytes(path: Path) -> int:
    with_parts(path, large=random.Random(1).randbytes(70_000))
    return 70_000


def total_bytes(path: Path) -> int:
    return sum(map(len, parts_of(path.read_bytes()).values()))


def ratio(path: Path) -> int:
    with_parts(path, large=bytes(1_200_000))
    with zipfile.ZipFile(path) as package:
        large = package.getinfo("xl/media/large")
    return large.file_size // large.compress_size


def cells(path: Path) -> int:
    with_cell(path, "AA200")
    return 27 * 200


def blank_cells(path: Path) -> int:
    with_cell(path, "AAA1000")
    return 703 * 1000


def texts(path: Path) -> int:
    path.write_bytes(zipped({**parts_of(path.read_bytes()), STRINGS: b"<sst>" + b"<si/>" * 7 + b"</sst>"}))
    return 7


def tree_bytes(path: Path) -> int:
    parts = parts_of(path.read_bytes())
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].ljust(60_000)
    path.write_bytes(zipped(parts))
    return 60_000


def output_bytes(path: Path) -> int:
    read_and_append(path)
    before, after = (parts_of(each.read_bytes()) for each in (path, path.with_name("out.xlsx")))
    return max(len(text) for name, text in after.items() if before.get(name) != text)


MAKERS: tuple[Callable[[Path], int], ...] = (
    members, part_bytes, total_bytes, ratio, cells, blank_cells, texts, tree_bytes, output_bytes,
)  # fmt: skip


def test_every_limit_is_tried() -> None:
    assert [maker.__name__ for maker in MAKERS] == NAMES


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
def test_a_limit_lets_pass_what_is_at_it_and_refuses_what_is_above(
    maker: Callable[[Path], int], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = maker.__name__
    monkeypatch.setenv(variable("ratio"), "10000")
    found = maker(path)
    path.with_name("out.xlsx").unlink(missing_ok=True)
    before = path.read_bytes()
    monkeypatch.setenv(variable(name), str(found - 1))
    with pytest.raises((TooLarge, SheetTooLarge)) as refusal:
        read_and_append(path)
    assert f"set {variable(name)} to {found} or more" in str(refusal.value)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    monkeypatch.setenv(variable(name), str(found))
    if name == "total_bytes":  # what is written is larger than what was read
        assert FileBook(path).read_table("Invoices") is not None
        with pytest.raises(TooLarge, match=variable(name)):
            read_and_append(path)
    else:
        read_and_append(path)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("given", ["0", "-1", "1.5", "1e9", "1,000", "many", " 5", "٣", "²", "0x10", "9" * 5000])
def test_a_limit_that_is_no_whole_number_is_refused_by_its_name(
    name: str, given: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable(name), given)
    with pytest.raises(NotALimit, match=variable(name)) as refusal:
        FileBook(path)
    assert len(str(refusal.value)) < 500


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert Limits.from_environment({variable(name): "" for name in NAMES}) == DEFAULTS
    assert Limits.from_environment({variable("members"): "30000"}).members == 30_000


def test_the_command_line_says_which_variable_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = small_workbook(tmp_path / "book.xlsx")
    monkeypatch.setenv(variable("members"), "3")
    for command in (("check", book), ("sheet", book, "Contracts"), ("import", book, book, "--table", "Invoices")):
        result = duebook(*command)
        assert result.exit_code == 2
        assert re.fullmatch(
            r"duebook: .*: \d+ parts, where 3 is the limit\..* set DUEBOOK_LIMIT_MEMBERS to \d+ or more\.\n", result.stderr
        )


def test_members_are_counted_before_their_directory_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Of a million entries, the list alone would take a gigabyte.
    monkeypatch.setenv(variable("members"), "3")
    monkeypatch.setattr(zipfile, "ZipFile", raising(AssertionError("read before it was counted")))
    with pytest.raises(TooLarge, match="parts, where 3 is the limit"):
        FileBook(path)


def test_a_source_to_import_is_held_to_the_same_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = small_workbook(tmp_path / "book.xlsx")
    source = saved(tmp_path / "source.xlsx", invoices(("A1", "C1", DAY, 1)))
    with_cell(source, "AAA1000")
    before = book.read_bytes()
    monkeypatch.setenv(variable("blank_cells"), str(703 * 1000 - 1))
    result = duebook("import", book, source, "--table", "Invoices")
    assert result.exit_code == 2
    assert "source.xlsx: sheet Invoices reaches too far" in result.stderr
    assert book.read_bytes() == before
    monkeypatch.setenv(variable("blank_cells"), str(703 * 1000))
    assert "reaches too far" not in duebook("import", book, source, "--table", "Invoices").stderr


def test_what_is_dense_may_be_larger_than_what_is_blank(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_cell(path, "AA200", more=b"<x>" + b" " * 6000 + b"</x>")
    monkeypatch.setenv(variable("blank_cells"), "100")
    assert FileBook(path).read_table("Invoices") is not None


def test_every_limit_is_described() -> None:
    page = (Path(__file__).parents[2] / "docs" / "safety.md").read_text("utf-8")
    for name in NAMES:
        assert f"`{variable(name)}` | {getattr(DEFAULTS, name):,} |" in page, name
