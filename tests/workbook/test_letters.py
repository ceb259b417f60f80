"""What reminders say, and the files they leave in: filled in, judged with their cells, safe whatever a name holds."""

from __future__ import annotations

import csv
import datetime as dt
import email
import email.policy
import io
import re
import zipfile
from pathlib import Path
from typing import IO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.workbook.command import AS_OF, SMALL, duebook, small_workbook
from workbook.file_book import FileBook
from workbook.letters.addresses import NotAnAddress, addresses_in
from workbook.letters.attachments import Attachments
from workbook.letters.fields import FIELDS, Template, filled, flaw_of
from workbook.letters.text_messages import parts_of
from workbook.port import Cell, Columns
from workbook.results.amounts import amount_text
from workbook.results.run import Run
from workbook.statements.blocks import Document
from workbook.template.default_letters import default_letters

SETTINGS = {
    "key": ["base_currency", "company_name", "bank_account"],
    "value": ["USD", "Quay & Sons", "First Bank 12-34"],
}
NASTY = "=cmd|'/c'!A1 \"Q\" & <b>Łódź</b> 鹤汀\r\nBcc: evil@x.test"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def customers(**columns: list[Cell]) -> Columns:
    return {**SMALL["Customers"], **columns}


def reminded(folder: Path, *options: object, **tables: Columns) -> Path:
    """The folder of the files that a run leaves."""
    book = small_workbook(folder / "book.xlsx", **{"Settings": SETTINGS, **tables})
    result = duebook("remind", book, "--as-of", AS_OF, "--out", folder / "out", *options)
    assert result.exit_code == 0, result.output
    return folder / "out"


def word_text(content: bytes) -> str:
    """A .docx as a reader sees it: a line a paragraph or break."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        tree = etree.fromstring(package.read("word/document.xml"))
    lines = []
    for paragraph in tree.iter(f"{WORD}p"):
        pieces = [
            "\n" if piece.tag in (f"{WORD}br", f"{WORD}cr") else piece.text or ""
            for piece in paragraph.iter(f"{WORD}t", f"{WORD}br", f"{WORD}cr")
        ]
        lines.append("".join(pieces))
    return "\n".join(lines).strip() + "\n"


@pytest.mark.parametrize(("language", "customer"), [("en", "C1-USD-D"), ("zh-CN", "C1-USD-D")])
def test_a_merged_letter_reads_like_the_golden_one(tmp_path: Path, language: str, customer: str) -> None:
    own = customers(channel=["letter", "letter"], language=[language, language], name=['Ann "Q" & <b>Łódź 鹤汀', "B"])
    folder = reminded(tmp_path, "--letters", "docx", Customers=own)
    content = (folder / f"letters-{AS_OF}" / f"{AS_OF:%Y%m%d}-{customer}.docx").read_bytes()
    golden = Path(__file__).parents[1] / "golden" / f"letter.{language}.txt"
    assert word_text(content) == golden.read_text("utf-8")
    assert "MERGEFIELD" not in zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()


def test_a_name_full_of_tricks_stays_a_name(tmp_path: Path) -> None:
    own = customers(name=[NASTY, "B"], contact_name=[NASTY, "+1"], channel=["email", "sms"])
    folder = reminded(tmp_path, "--letters", "all", Customers=own)
    (path,) = (folder / f"emails-{AS_OF}").iterdir()
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert set(mail.keys()) == {"To", "Subject", "MIME-Version", "Content-Type", "X-Unsent"}
    (to,) = mail["To"].addresses
    assert (to.addr_spec, to.display_name) == ("ann@one.example", " ".join(NASTY.split()))
    html = mail.get_body(("html",))
    assert html is not None
    assert "<b>" not in html.get_content()
    assert "&lt;b&gt;Łódź&lt;/b&gt; 鹤汀" in html.get_content()
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == f"statement-C1-{AS_OF}.xlsx"
    made = ("--customer", "C1", "--to", AS_OF, "--out", folder)
    assert duebook("statements", tmp_path / "book.xlsx", *made).exit_code == 0
    with (folder / f"statement-C1-{AS_OF}.xlsx").open("rb") as of_the_command:
        assert cells_of(io.BytesIO(attached.get_payload(decode=True))) == cells_of(of_the_command)
    with zipfile.ZipFile(io.BytesIO(attached.get_payload(decode=True))) as package:
        parts = b"".join(package.read(name) for name in package.namelist())
    assert not re.search(rb"INV-2|bo@two|Low Road|Second", parts)
    rows = list(csv.DictReader(io.StringIO((folder / f"sms-{AS_OF}.csv").read_text("utf-8-sig"))))
    assert [(row["customer_id"], row["phone"], row["parts"]) for row in rows] == [("C2", "555 0200", "1")]


def cells_of(content: IO[bytes]) -> list[list[tuple[object, ...]]]:
    return [list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(content)]


def test_a_statement_is_made_once_a_customer_and_a_setting_puts_the_items_or_nothing_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = customers(channel=["email", "letter"])
    due_soon = {key: [*cells, cells[0]] for key, cells in SMALL["Invoices"].items()}
    due_soon |= {"invoice_id": ["INV-1", "INV-2", "INV-3"], "invoice_date": [*SMALL["Invoices"]["invoice_date"], AS_OF]}
    due_soon["due_date"] = [None, None, AS_OF + dt.timedelta(1)]
    made: list[str] = []

    def counted(document: Document) -> bytes:
        made.append(document.title)
        return b"a workbook"

    monkeypatch.setattr("workbook.letters.attachments.workbook_bytes", counted)
    attached = {}
    for kind in ("statement", "List of items", "no_attachment"):
        settings = {"key": [*SETTINGS["key"], "reminder_attachment"], "value": [*SETTINGS["value"], kind]}
        book = small_workbook(tmp_path / f"{kind}.xlsx", Settings=settings, Customers=own, Invoices=due_soon)
        run = Run(FileBook(book), as_of=AS_OF)
        messages = run.letters.messages
        assert list(messages) == ["20240430-C1-USD-D", "20240430-C1-USD-N", "20240430-C2-USD-N"]
        attachments = Attachments(run, messages.values())
        attached[kind] = [attachments.of(message) for message in messages.values() if message.channel == "email"]
    assert [each and each.name for each in attached["statement"]] == [f"statement-C1-{AS_OF}.xlsx"] * 2
    assert made == [f"Statement of account C1 {AS_OF}"]
    assert attached["no_attachment"] == [None, None]
    dunning, notice = attached["List of items"]
    assert dunning is not None
    assert notice is not None
    ((_, *items),) = cells_of(io.BytesIO(dunning.content))
    assert (dunning.name, notice.name) == ("20240430-C1-USD-D.xlsx", "20240430-C1-USD-N.xlsx")
    assert [(row[0], row[5]) for row in items] == [("INV-1", 100), ("Total", 100)]


def test_a_text_with_a_flaw_is_an_issue_with_its_cell_and_no_letter_is_written(tmp_path: Path) -> None:
    letters = {
        "letter": ["first", "upcoming"], "language": ["en", "en"], "channel": ["email", "email"],
        "subject": ["{nmae}", "x"], "body": ["Dear {name", "Hello\nPay {bank_account}"],
    }  # fmt: skip
    settings = {"key": ["base_currency", "bank_account"], "value": ["USD", None]}
    own = customers(email=["ann@one.test\r\nBcc: x@y.test", "bo@two.test"])
    book = small_workbook(tmp_path / "book.xlsx", Letters=letters, Settings=settings, Customers=own)
    before = book.read_bytes()
    told = duebook("check", book, "--as-of", AS_OF)
    assert told.exit_code == 1
    for found in ("Letters.subject): Unknown field", "Letters.body): Brace", "Settings.value): Nothing to fill",
                  "Customers.email): Not an e-mail", "ReminderLevels.letter): Letter without a text"):  # fmt: skip
        assert re.search(rf"'?\w+ ?\w*'?![A-Z]+\d+ \({re.escape(found)}", told.output), found
    refused = duebook("remind", book, "--as-of", AS_OF, "--out", tmp_path / "out", "--letters", "eml")
    assert refused.exit_code == 2
    assert "have no text (20240430-C1-USD-D)" in refused.output
    assert (book.read_bytes(), (tmp_path / "out").exists()) == (before, False)


def test_a_template_of_staff_is_used_and_a_field_it_invents_is_refused_by_name(tmp_path: Path) -> None:
    own = customers(channel=["letter", "letter"])
    folder = reminded(tmp_path, "--letters", "template", Customers=own)
    ours = (folder / "letter-template.docx").read_bytes()
    again = ["--as-of", AS_OF, "--out", folder, "--letters", "one-docx", "--template", tmp_path / "own.docx"]

    def restyled(old: str, new: str) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(ours)) as source, zipfile.ZipFile(content, "w") as target:
            for name in source.namelist():
                target.writestr(name, source.read(name).decode().replace(old, new))
        (tmp_path / "own.docx").write_bytes(content.getvalue())

    restyled("MERGEFIELD date ", "MERGEFIELD collector_phone ")
    result = duebook("remind", tmp_path / "book.xlsx", *again)
    assert (result.exit_code, "do not exist: collector_phone." in result.output) == (2, True)
    restyled("<w:body>", "<w:body><w:p><w:r><w:t>OUR OWN HEAD</w:t></w:r></w:p>")
    result = duebook("remind", tmp_path / "book.xlsx", *again)
    assert result.exit_code == 0, result.output
    text = word_text((folder / f"letters-{AS_OF}.docx").read_bytes())
    assert text.count("OUR OWN HEAD") == 2
    assert "INV-1" in text
    assert "INV-2" in text


def test_every_default_text_is_whole_and_names_how_to_pay_where_the_customer_reads_it() -> None:
    for each in default_letters():
        assert not flaw_of(each.subject), each
        assert not flaw_of(each.body), each
        if each.channel in ("email", "letter"):
            assert "{how_to_pay}" in each.body
            assert "{invoices}" in each.body.split("\n")


def test_a_line_whose_fields_are_all_blank_is_left_out() -> None:
    values = dict.fromkeys(FIELDS, "") | {"name": "{total_text}"}
    assert filled("To {name}:\nInterest to {name}: {interest_text}\nBye", values) == "To {total_text}:\nBye"
    assert (
        filled("Interest to {name}: {interest_text}", {**values, "interest_text": "1.00"})
        == "Interest to {total_text}: 1.00"
    )
    assert filled("Interest: {interest_text}\n{name}, {address}\n{{x}}", values) == "{total_text}, \n{x}"


def _stand_in(braces: re.Match[str]) -> str:
    return "\ue000" if braces[0] == "{{" else "\ue001"


@given(
    pieces=st.lists(
        st.sampled_from(["{", "}", "{{", "}}", "{name}", "{ name }", "{address}", "{0}", "{}", "%s", " ", "x", "\n"])
    ),
    name=st.sampled_from(["", " ", "{address}", "{0}", "x"]),
    address=st.sampled_from(["", "y"]),
)
def test_a_text_that_is_taken_apart_once_reads_like_one_filled_in_piece_by_piece(
    pieces: list[str], name: str, address: str
) -> None:
    text, values = "".join(pieces), {"name": name, "address": address}
    if flaw_of(text):
        assert "{" in text or "}" in text
        return
    told, template = [], Template(text)
    for line in text.split("\n"):
        fields = re.findall(r"\{([^{}]*)\}", re.sub(r"\{\{|\}\}", _stand_in, line))
        if not fields or any(values[field.strip()].strip() for field in fields):
            line = re.sub(r"\{([^{}]+)\}", lambda match: values[match[1].strip()], re.sub(r"\{\{|\}\}", _stand_in, line))
            told.append(line.replace("\ue000", "{").replace("\ue001", "}"))
    for _ in range(2):
        template.filled(dict.fromkeys(values, "other"))  # what was filled in before leaves no trace
        assert template.filled(values) == "\n".join(told)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(123450, "CNY", "CNY 1,234.50"), (-5, "CNY", "CNY -0.05"), (-123456789, "USD", "USD -1,234,567.89"),
     (7, "KWD", "KWD 0.007"), (1234567, "JPY", "JPY 1,234,567"), (0, "CNY", "CNY 0.00")],
)  # fmt: skip
def test_an_amount_keeps_its_sign_and_its_decimals(minor: int, currency: str, text: str) -> None:
    assert amount_text(minor, currency) == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [("", 0), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
     ("€" * 152, 2), ("€" * 153, 3), ("汉" * 70, 1), ("汉" * 71, 2), ("汉" * 134, 2), ("汉" * 135, 3),
     ("😀" * 35, 1), ("😀" * 66, 2), ("😀" * 67, 3)],
)  # fmt: skip
def test_a_text_message_is_counted_in_the_parts_that_networks_send(text: str, parts: int) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    "cell", ["", "a", "a@b.test\nBcc: c@d.test", "a@b.test, nobody", "a b@c.test", "<a@b.test>", "a@b..test", "a@b@c.test"]
)
def test_what_is_no_address_is_refused_whole(cell: str) -> None:
    with pytest.raises(NotAnAddress):
        addresses_in(cell)


@given(st.text(max_size=40) | st.from_regex(r"[a-z]{1,5}@[a-z]{1,5}\.test[\r\n\x85\u2028; ,].{0,20}", fullmatch=True))
def test_no_address_that_is_taken_can_end_a_header(cell: str) -> None:
    try:
        found = addresses_in(cell)
    except NotAnAddress:
        return
    for address in found:
        assert re.fullmatch(r"[!-~]+@[A-Za-z0-9.-]+", address)


def test_addresses_are_set_apart_by_semicolons_and_hosts_spelled_as_dns_does() -> None:
    assert addresses_in(" a@b.test; c@bücher.test；a@b.test ") == ("a@b.test", "c@xn--bcher-kva.test")


def test_interest_stands_beside_the_total(tmp_path: Path) -> None:
    rates = {"from_date": [dt.date(2024, 1, 1)], "currency": ["USD"], "annual_rate": [0.365]}
    folder = reminded(tmp_path, InterestRates=rates)
    sheet = openpyxl.load_workbook(folder / f"reminders-{AS_OF}.xlsx")["Reminders"]
    headers, first, second = ([cell.value for cell in row] for row in sheet.iter_rows())
    told = [dict(zip(headers, row, strict=True)) for row in (first, second)]
    assert [(row["total"], row["interest"]) for row in told] == [(100, 3), (200, 0)]
    assert told[0]["interest_text"] == "USD 3.00"
    assert "INV-1 of 2024-03-01, due 2024-03-31: USD 100.00 (30 days overdue)" in str(told[0]["body"])
