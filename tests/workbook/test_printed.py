"""What is made, as it comes out of a printer: printed to PDF by LibreOffice in both languages and read back."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from tests.workbook.command import AS_OF, SMALL, duebook
from workbook.letters.word_template import TABLE_LABELS
from workbook.schema import TABLES
from workbook.statements import as_pdf
from workbook.statements.as_pdf import pdfs
from workbook.statements.words import STATEMENT_WORDS
from workbook.template.new_workbook import new_workbook

_NEEDED = ("soffice", "pdftotext", "pdffonts", "fc-list")
LANGUAGES = ("en", "zh-CN")
NAME = "鹤汀青砚仪器 & Söhne"
PRINTED = {"en": ("--zip", "--pdf"), "zh-CN": ("--zip",)}
FORMS = {"en": "xlsx", "zh-CN": "docx"}
LISTS = ("Reminders", "RemindersHeld", "WorkList", "ReminderCalendar")
AMOUNT = 12_345_678.9


def _why_not() -> str:
    missing = [program for program in _NEEDED if shutil.which(program) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    fonts = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=True).stdout
    return "" if fonts.strip() else "no font with Chinese characters"


_REASON = _why_not()
pytestmark = pytest.mark.skipif(bool(_REASON), reason=_REASON)


def _files(folder: Path, language: str) -> dict[str, bytes]:
    """A day's lists and letter, a statement in both forms and a hand-over of a customer with a long name and a large sum."""
    customers = {
        **SMALL["Customers"],
        "name": [NAME, "Second Ltd"],
        "channel": ["letter", "phone"],
        "language": [language] * 2,
    }
    invoices = {
        **SMALL["Invoices"], "amount": [AMOUNT, 250.5], "purchase_order": ["PO-7", "PO-8"], "due_date": [None, AS_OF],
        "tax_invoice_number": ["24000000000000000001", None],
    }  # fmt: skip
    days = [dt.date(2024, 1, 5)]
    log = {
        "message_id": ["M-1"], "sent_on": days, "customer_id": ["C2"], "item_id": ["INV-2"], "invoice_id": ["INV-2"],
        "due_date": [AS_OF], "level": [4], "channel": ["email"], "letter": ["first"], "currency": ["USD"], "amount": [200],
    }  # fmt: skip
    book, day = folder / "book.xlsx", AS_OF + dt.timedelta(9)
    rows = {**SMALL, "Customers": customers, "Invoices": invoices, "ReminderLog": log}
    new_workbook(book, language=language, currency="USD", rows=rows)
    form = FORMS[language]
    for command in (
        ("remind", book, "--as-of", day, "--out", folder, "--letters", "one-docx"),
        ("statements", book, "--to", day, "--customer", "C1", "--out", folder, "--as", form, *PRINTED[language]),
        *([("legal", book, "C1", "--as-of", day, "--out", folder)] if language == "zh-CN" else []),
    ):
        done = duebook(*command)
        assert done.exit_code in (0, 1), done.output
    made = {
        "book.xlsx": book, "letters.docx": folder / f"letters-{day}.docx", "merge.xlsx": folder / f"reminders-{day}.xlsx",
        f"statement.{form}": _unpacked(folder / f"statements-{day}.zip", f"statement-C1-{day}.{form}"),
        "hand-over.docx": folder / f"legal-C1-{day}" / "hand-over.docx",
    }  # fmt: skip
    _leave_the_lists(book)
    return {f"{language}-{name}": path.read_bytes() for name, path in made.items() if path.exists()}


def _unpacked(archive: Path, name: str) -> Path:
    """The file of an archive, beside which the English one has its PDF."""
    with zipfile.ZipFile(archive) as package:
        first, *printed = package.namelist()
        assert first == name
        assert [name.removesuffix(".pdf") for name in printed] == [Path(first).stem] * (archive.parent.name == "en")
        assert all(package.read(name).startswith(b"%PDF-") for name in printed)
        return Path(package.extract(first, archive.parent))


def _leave_the_lists(book: Path) -> None:
    """Take the other sheets away: printing those takes ten times as long."""
    opened = openpyxl.load_workbook(book)
    for sheet in opened.worksheets:
        if not set(LISTS) & set(sheet.tables):
            opened.remove(sheet)
    opened.save(book)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The PDFs of both languages, made in one call of LibreOffice."""
    folder = tmp_path_factory.mktemp("printed")
    files: dict[str, bytes] = {}
    for language in LANGUAGES:
        (folder / language).mkdir()
        files |= _files(folder / language, language)
    calls = []
    run = subprocess.run
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(as_pdf.subprocess, "run", lambda *given, **how: calls.append(given) or run(*given, **how))
        made = pdfs(files, label="")
    assert len(calls) == 1
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return {name.removesuffix(".pdf"): folder / name for name in made}


def text_of(pdf: Path) -> str:
    """Its text without blanks and line breaks: a header that was wrapped reads as it was written."""
    return "".join(subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout.split())


def lacking(pdf: Path, *texts: str) -> list[str]:
    """Those of the texts that are not on the pages."""
    text = text_of(pdf)
    return [each for each in texts if "".join(each.split()) not in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_lists_and_statements_are_printed_whole(printed: Mapping[str, Path], language: str) -> None:
    pdf = {name.removeprefix(f"{language}-"): path for name, path in printed.items() if name.startswith(f"{language}-")}
    assert {"book", "letters", "merge", "statement"} <= set(pdf)
    for name, path in pdf.items():
        assert "##" not in text_of(path), name
        fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
        assert fonts
        assert all(line.split()[-5] == "yes" for line in fonts), f"{name}: a font is not embedded"
    told = (NAME, "12,345,678.90", "INV-1")
    labels = [words.in_language(language) for words in TABLE_LABELS.values()]
    assert lacking(pdf["letters"], *told, *labels, "PO-7") == []
    words = [STATEMENT_WORDS[each].in_language(language) for each in ("statement", "opening", "charged", "aging", "reply")]
    assert lacking(pdf["statement"], *told, *words, "PO-7", "24000000000000000001") == []
    assert lacking(pdf["merge"], NAME, "USD 12,345,678.90", *TABLES["Reminders"].keys) == []
    headers = [column.label.in_language(language) for name in LISTS for column in TABLES[name].columns]
    assert lacking(pdf["book"], *told[:2], *(piece for header in headers for piece in _pieces(header))) == []
    if language == "zh-CN":
        assert lacking(pdf["hand-over"], *told, "债权移交材料", "未核销收款与贷项") == []


def _pieces(header: str) -> list[str]:
    """What stays together where a header is wrapped beside others: its words, or its characters."""
    return header.split() if header.isascii() else list(header)
