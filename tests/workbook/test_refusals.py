"""What the command line refuses: exit status 2, one line that says what to do, and nothing written."""

from __future__ import annotations

import re
import shlex
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from tests.workbook.command import duebook
from tests.workbook.memory_book import rows_of
from workbook.file_book import FileBook
from workbook.outcome import Outcome
from workbook.refusals import CannotSave
from workbook.saving import save_outcome
from workbook.schema import TABLES
from workbook.tasks.row_counts import counts_text

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
CLOSE = "close book.xlsx --as-of 2024-04-30"


@dataclass(frozen=True)
class Case:
    """What a user types in a folder with ``book.xlsx``, after ``arrange`` has changed it, and hears: a pattern."""

    types: str
    hears: str
    arrange: Callable[[Path], object] = lambda book: None


def holding(content: bytes) -> Callable[[Path], object]:
    return lambda book: book.write_bytes(content)


def without_table(name: str) -> Callable[[Path], object]:
    def arrange(book: Path) -> None:
        workbook = openpyxl.load_workbook(book)
        del workbook[name].tables[name]
        workbook.save(book)

    return arrange


def with_header(table: str, before: str, after: str) -> Callable[[Path], object]:
    def arrange(book: Path) -> None:
        workbook = openpyxl.load_workbook(book)
        (cell,) = (cell for cell in workbook[table][1] if cell.value == before)
        cell.value = after
        workbook[table].tables[table].tableColumns[cell.column - 1].name = after
        workbook.save(book)

    return arrange


def used_before(table: str) -> Callable[[Path], object]:
    def arrange(path: Path) -> None:
        book = FileBook(path)
        book.append_rows(TABLES["RunLog"], {"run_id": ["1"], "rows_read": [counts_text({table: 3})]})
        book.save()

    return arrange


def with_setting(key: str, value: str) -> Callable[[Path], object]:
    def arrange(path: Path) -> None:
        book = FileBook(path)
        settings = book.read_table("Settings")
        assert settings is not None
        book.update_rows(TABLES["Settings"], [list(settings.columns[0]).index(key)], {"value": [value]})
        book.save()

    return arrange


def with_a_calculated_amount(book: Path) -> None:
    """The first invoice's amount becomes a formula whose result Excel has stored."""
    workbook = openpyxl.load_workbook(book)
    sheet = workbook["Invoices"]
    (header,) = (cell for cell in sheet[1] if cell.value == "Amount")
    sheet.cell(2, header.column).value = "=50*2"
    part = f"xl/worksheets/sheet{workbook.sheetnames.index('Invoices') + 1}.xml"
    workbook.save(book)
    with zipfile.ZipFile(book) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert parts[part].count(b"<f>50*2</f><v></v>") + parts[part].count(b"<f>50*2</f><v />") == 1
    parts[part] = parts[part].replace(b"<v></v>", b"<v>100</v>").replace(b"<v />", b"<v>100</v>")
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def opened_by_ann(book: Path) -> None:
    name = "Ann Lee"
    (book.parent / f"~${book.name}").write_bytes(
        bytes([len(name)]) + name.encode().ljust(54) + b"\x07\x00" + name.encode("utf-16-le")
    )


def beginning_in_may_and_opened_by_ann(book: Path) -> None:
    with_setting("ledger_starts_on", "2024-05-01")(book)
    opened_by_ann(book)


CASES = {
    "no such file": Case("check gone.xlsx", r"gone\.xlsx: there is no such file\. Check the name"),
    "a folder": Case("check sub", r"sub is a folder", lambda book: (book.parent / "sub").mkdir()),
    "not a workbook": Case(
        CLOSE, r"book\.xlsx is not an Excel workbook\. Open it in Excel", holding(b"invoice;amount\n1;2\n")
    ),
    "empty": Case(CLOSE, r"book\.xlsx is damaged.* \(Open and Repair\)", holding(b"")),
    "encrypted": Case(
        CLOSE, r"protected by a password.* take the password off", holding(OLE + "EncryptedPackage".encode("utf-16-le"))
    ),
    "a renamed xls": Case(CLOSE, r"Excel 97-2003 workbook .* save it as \.xlsx", holding(OLE)),
    "a core table is missing": Case(
        CLOSE, r"no table named Receipts\. Add it with: duebook sheet", without_table("Receipts")
    ),
    "a table used before is gone": Case(CLOSE, r"no table named Contracts", used_before("Contracts")),
    "a required column is missing": Case(
        CLOSE, r"Table Invoices has no column .*amount.*Add the header", with_header("Invoices", "Amount", "How much")
    ),
    "two columns of one name": Case(
        CLOSE,
        r"Table Invoices has more than one column .*\(Invoices!\w+ and Invoices!\w+\)\. Rename",
        with_header("Invoices", "Notes", "amount"),
    ),
    "a date that could be two": Case(
        "close book.xlsx --as-of 04/05/2024", r"'04/05/2024' is not a day: write it as 2024-10-31"
    ),
    "a date that is none": Case("remind book.xlsx --as-of 2023-02-29", r"'2023-02-29' is not a day: write it as"),
    "no date": Case("close book.xlsx", r"Say which day to close with --as-of"),
    "a day before the ledger began": Case(
        CLOSE,
        r"starts on 2024-05-01 \(ledger_starts_on in Settings\).* Choose",
        with_setting("ledger_starts_on", "2024-05-01"),
    ),
    "open in Excel": Case(CLOSE, r"book\.xlsx is open by Ann Lee\. Close it there, or .* -o", opened_by_ann),
    "open in Excel, but only checked": Case(
        "check book.xlsx --as-of 2024-04-30",
        r"starts on 2024-05-01",
        beginning_in_may_and_opened_by_ann,
    ),
    "open in Excel, with lists to write": Case(
        "remind book.xlsx --as-of 2024-04-30 --out lists", r"open by Ann Lee", opened_by_ann
    ),
    "what openpyxl would lose": Case(
        f"{CLOSE} --engine openpyxl", r"would lose 1 stored formula results.* --accept-loss", with_a_calculated_amount
    ),
    "what openpyxl would lose, with lists to write": Case(
        "remind book.xlsx --as-of 2024-04-30 --out lists --engine openpyxl", r"would lose", with_a_calculated_amount
    ),
    "no folder to write to": Case(f"{CLOSE} -o there/out.xlsx", r"out\.xlsx cannot be written \(there is no folder there\)"),
    "another kind of file": Case(f"{CLOSE} -o out.xlsm", r"Excel would not open out\.xlsm.* Name it out\.xlsx"),
    "no folder for the JSON": Case(f"{CLOSE} --json there/out.json", r"out\.json cannot be written"),
    "a new workbook over an old one": Case("new book.xlsx", r"book\.xlsx is already there"),
    "a demo over an old one": Case(
        "demo .", r"receivables\.xlsx is already there", lambda book: book.rename("receivables.xlsx")
    ),
    "no such currency": Case("new other.xlsx --currency BTC", r"BTC is not a currency code .* such as CNY"),
    "too small a sample": Case("new other.xlsx --sample --customers 3", r"Ask for at least \d+ customers"),
    "nothing to import": Case("import book.xlsx gone.csv --table Invoices", r"gone\.csv cannot be read .* Check the name"),
    "nowhere to import to": Case(
        "import book.xlsx some.csv", r"--table .* --map", lambda book: (book.parent / "some.csv").write_text("a\n1\n")
    ),
    "no such table": Case("sheet book.xlsx Invoces", r"Invoces is not a table of Duebook\. The tables are: .* Invoices,"),
}


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every file with its bytes, and every folder."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_refused_with_one_line_and_nothing_written(case: Case, small_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small_book.parent
    monkeypatch.chdir(folder)
    case.arrange(Path(small_book.name))
    before = contents(folder)

    result = duebook(*shlex.split(case.types))

    assert result.exit_code == 2
    assert result.stdout == ""
    *usage, answer = result.stderr.splitlines()
    # A wrong option is answered by click, below a line on how the command is used; everything else in one line.
    assert usage == [] or usage[0].startswith("Usage: duebook ")
    assert answer.startswith("Error: " if usage else "duebook: ")
    assert re.search(case.hears, answer)
    assert contents(folder) == before


def test_a_loss_is_accepted_where_it_is_asked_for(small_book: Path, tmp_path: Path) -> None:
    with_a_calculated_amount(small_book)
    before = small_book.read_bytes()
    asked = ("close", small_book, "--as-of", "2024-04-30", "-o", tmp_path / "out.xlsx")
    result = duebook(*asked, "--engine", "openpyxl", "--accept-loss")
    assert result.exit_code == 0, result.output
    assert small_book.read_bytes() == before
    assert FileBook(tmp_path / "out.xlsx").read_table("OpenItems") is not None
    assert ("INV-1", 100) in rows_of(FileBook(tmp_path / "out.xlsx"), "OpenItems", "invoice_id", "open")


def a_file_in_the_way(book: Path) -> None:
    book.with_name("lists").write_text("a file")


@pytest.mark.parametrize(
    ("arrange", "hears"), [(opened_by_ann, "open by Ann Lee"), (a_file_in_the_way, r"cannot be written")]
)
def test_what_comes_between_while_a_task_runs_is_refused_with_nothing_written(
    arrange: Callable[[Path], object], hears: str, small_book: Path
) -> None:
    book = FileBook(small_book)
    book.append_rows(TABLES["RunLog"], {"run_id": ["1"]})
    arrange(small_book)
    before = contents(small_book.parent)
    lists = small_book.with_name("lists") / "today.csv"
    with pytest.raises(CannotSave, match=hears):
        save_outcome(book, Outcome((), writes_book=True, writes={lists: b"list"}))
    assert contents(small_book.parent) == before
