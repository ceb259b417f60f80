"""One customer's file holds that customer's data only: every kind of file that leaves the house, searched part by part."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from functions.dates import day_of
from functions.statements import statements
from tests.workbook.memory_book import MemoryBook
from tests.workbook.private_ledger import AS_OF, Secrets, foreign_in, private_ledger, secrets_of, texts_within
from workbook.letters.attachments import Attachments
from workbook.letters.outputs import letter_files
from workbook.port import Columns
from workbook.reminders.hand_over import hand_over
from workbook.reminders.hand_over_files import hand_over_files
from workbook.results.run import Run, to_pandas
from workbook.statements.accounts import accounts_by_customer, addressees, references_of
from workbook.statements.content import Period, Sender
from workbook.statements.files import KINDS, customer_files
from workbook.template.default_rows import default_rows


@dataclass(frozen=True)
class Office:
    """A workbook whose reminders, statements, confirmations and hand-overs were made, and whose data is whose."""

    customers: list[str]
    secrets: Mapping[str, Secrets]
    files: Mapping[Path, bytes]

    def of(self, customer: str) -> dict[str, bytes]:
        """What was made for a customer, by the path within the folder."""
        return {str(path): content for path, content in self.files.items() if customer in str(path)}


def office(seed: int, customers: int, handed_over: int) -> Office:
    """The ledger of a seed, and the files of its customers: of all of them, hand-overs of the first few."""
    tables: Mapping[str, Columns] = private_ledger(seed, customers)
    run = Run(MemoryBook(currency="USD", tables={**default_rows(language="en", currency="USD"), **tables}), as_of=AS_OF)
    out = Path("out")
    messages = list(run.letters.messages.values())
    made = dict(letter_files(messages, out, kind="all", as_of=AS_OF, attachments=Attachments(run, messages)))
    first, last = AS_OF - dt.timedelta(200), AS_OF
    told = statements(
        run.source.ledger, policy=run.source.policy, from_day=day_of(first), to_day=day_of(last), closing=run.position
    )
    accounts = accounts_by_customer(told, references_of(run.source.tables["Invoices"]))
    who = addressees(run.source.tables["Customers"], language="en")
    settings = run.source.settings
    sender = Sender(settings.company_name, settings.bank_account, run.bucket_codes, run.source.policy.aging_basis)
    for kind in KINDS:
        for form in ("xlsx", "docx"):
            files = customer_files(accounts, who, sender, Period(first, last), kind=kind, form=form, label="")
            made |= {out / name: content for name, content in files.items()}
    ids = sorted(accounts)
    for customer in ids[:handed_over]:
        made |= hand_over_files(hand_over(run, customer, language="en"), out)
    figures = [
        (str(row["customer_id"]), str(row["currency"]), int(row[key]))
        for frame in (run.open_items, run.messages, to_pandas(told.statements), to_pandas(told.lines), run.aging)
        for row in frame.to_dict("records")
        for key in row
        if str(key).endswith("_minor") and not str(key).endswith("base_minor")
    ]
    return Office(ids, secrets_of(tables, figures), {path.relative_to(out): content for path, content in made.items()})


@pytest.fixture(scope="module")
def made() -> Office:
    """Eighteen customers in both languages and three currencies, whose reminders leave by e-mail and on paper."""
    return office(11, 18, 1)


def test_no_file_holds_a_text_or_an_amount_of_another_customer(made: Office) -> None:
    assert all(len(own.words) > 10 and len(own.numbers) > 5 for own in made.secrets.values())
    kinds: set[str] = set()
    for customer in made.customers:
        for path, content in made.of(customer).items():
            kinds.add(path.split("/")[0].split("-")[0] + Path(path).suffix)
            assert foreign_in(content, customer, made.secrets) == [], path
            assert any(customer in text for text in texts_within(content)), f"{path} is searched at all"
    assert kinds == {
        "letters.docx", "emails.eml", "statement.xlsx", "statement.docx", "confirmation.xlsx", "confirmation.docx",
        "legal.xlsx", "legal.docx",
    }  # fmt: skip


def _statement_of(made: Office, customer: str, form: str = "xlsx") -> bytes:
    return next(
        content for path, content in made.of(customer).items() if path.startswith("statement") and path.endswith(form)
    )


def _in_the_properties(content: bytes, secret: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.properties.keywords = secret
    return _saved(book)


def _in_a_defined_name(content: bytes, secret: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.defined_names["Of"] = DefinedName("Of", attr_text=f'"{secret}"')
    return _saved(book)


def _in_a_comment(content: bytes, secret: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0]["A1"].comment = Comment(secret, "")
    return _saved(book)


def _in_a_cell(content: bytes, secret: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[-1]["Z99"] = secret
    return _saved(book)


def _in_an_attribute_of_a_part(content: bytes, secret: str) -> bytes:
    packed = io.BytesIO(content)
    with zipfile.ZipFile(packed, "a") as package:
        package.writestr("custom/item1.xml", f'<?xml version="1.0"?><kept of="{secret}"/>')
    return packed.getvalue()


def _in_a_package_within(content: bytes, secret: str) -> bytes:
    packed = io.BytesIO(content)
    with zipfile.ZipFile(packed, "a") as package:
        package.writestr("embedded.xlsx", _in_an_attribute_of_a_part(content, secret))
    return packed.getvalue()


def _in_a_name_of_a_part(content: bytes, secret: str) -> bytes:
    packed = io.BytesIO(content)
    with zipfile.ZipFile(packed, "a") as package:
        package.writestr(f"custom/{secret}.txt", "")
    return packed.getvalue()


def _saved(book: openpyxl.Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    "planted",
    [_in_the_properties, _in_a_defined_name, _in_a_comment, _in_a_cell, _in_an_attribute_of_a_part, _in_a_package_within,
     _in_a_name_of_a_part],
)  # fmt: skip
def test_what_is_planted_of_another_customer_is_found_wherever_it_lies(made: Office, planted: object) -> None:
    assert callable(planted)
    customer, other = made.customers[:2]
    content, theirs = _statement_of(made, customer), made.secrets[other]
    assert foreign_in(content, customer, made.secrets) == []
    word, number = min(theirs.words), min(theirs.numbers)
    assert foreign_in(planted(content, f"of {word.lower()}."), customer, made.secrets) == [word]
    assert foreign_in(planted(content, f"{number:,f}"), customer, made.secrets) == [f"{number:f}"]


def test_text_cut_into_runs_is_found_in_a_letter(made: Office) -> None:
    docx = pytest.importorskip("docx")
    customer, other = made.customers[:2]
    letter = docx.Document(io.BytesIO(_statement_of(made, customer, "docx")))
    paragraph = letter.add_paragraph()
    word = min(made.secrets[other].words)
    for character in word:
        paragraph.add_run(character).bold = True
    kept = io.BytesIO()
    letter.save(kept)
    assert foreign_in(kept.getvalue(), customer, made.secrets) == [word]
