"""Templates as staff make them in Word: each is merged into whole, or refused with what to do; and whatever a name holds."""

from __future__ import annotations

import csv
import datetime as dt
import email
import email.policy
import html
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl.cell import Cell

from tests.workbook.test_letters import word_text
from workbook.letters.emails import draft
from workbook.letters.fields import FIELDS
from workbook.letters.messages import Line, Message, on_one_line, plain
from workbook.letters.outputs import letter_files
from workbook.letters.word import (
    FieldsNotFilled,
    NotATemplate,
    NoTextInTemplate,
    UnknownMergeFields,
    all_letters,
    letter,
    read_template,
)
from workbook.letters.word_template import letter_template
from workbook.tasks.merge_list import merge_lists

AS_OF = dt.date(2024, 4, 30)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOCUMENT, LINKS, TYPES = "word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"
Parts = dict[str, str]


def message(name: str, number: int = 1) -> Message:
    """A letter of two items to somebody of that name; every other field says which it is."""
    fields = {key: f"{key}-{number}" for key in FIELDS} | {"name": plain(name), "contact": plain(name)}
    lines = tuple(
        Line(
            item_id=f"I{place}", invoice_id=f"INV-{number}-{place}", purchase_order="", invoice_date=AS_OF, due_date=AS_OF,
            amount_minor=100, days_overdue=3, level=1,
        )
        for place in range(2)
    )  # fmt: skip
    return Message(
        message_id=f"M{number}", customer_id=f"C{number}", channel="letter", language="en", letter="first", currency="USD",
        fields=fields, lines=lines, total_minor=200, interest_minor=0, subject="Subject", body=f"Body {number}",
        before=f"Before {number}", after=f"After {number}", recipients=("a@b.test",),
    )  # fmt: skip


def field(name: str, instruction: str = "MERGEFIELD") -> str:
    """A field as Word writes it."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} {name} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>«x»</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def template(path: Path, change: Callable[[Parts], None]) -> Path:
    """Ours, changed."""
    with zipfile.ZipFile(io.BytesIO(letter_template())) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return path


def _before_the_text(parts: Parts, markup: str) -> None:
    parts[DOCUMENT] = parts[DOCUMENT].replace("<w:body>", f"<w:body>{markup}")


def _with_part(parts: Parts, kind: str, markup: str) -> None:
    parts[f"word/{kind}1.xml"] = markup
    parts[LINKS] = parts[LINKS].replace(
        "</Relationships>", f'<Relationship Id="rId9" Type="{R}/{kind}" Target="{kind}1.xml"/></Relationships>'
    )
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts[TYPES] = parts[TYPES].replace(
        "</Types>", f'<Override PartName="/word/{kind}1.xml" ContentType="{word}.{kind}+xml"/></Types>'
    )


def without_settings(parts: Parts) -> None:
    del parts["word/settings.xml"]
    parts[LINKS] = re.sub(r'<Relationship Id="rId2"[^>]*/>', "", parts[LINKS])
    parts[TYPES] = re.sub(r'<Override PartName="/word/settings.xml"[^>]*/>', "", parts[TYPES])


def cut_into_runs(parts: Parts) -> None:
    whole = '<w:instrText xml:space="preserve"> MERGEFIELD phone </w:instrText></w:r>'
    cut = (
        '<w:instrText xml:space="preserve"> MERGE</w:instrText></w:r><w:proofErr w:type="spellStart"/><w:r><w:instrText>'
        'FIELD ph</w:instrText></w:r><w:r><w:rPr><w:b/></w:rPr><w:instrText xml:space="preserve">one </w:instrText></w:r>'
    )
    _before_the_text(parts, f"<w:p>{field('phone').replace(whole, cut)}</w:p>")
    assert "FIELD ph<" in parts[DOCUMENT]


def simple_field(parts: Parts) -> None:
    _before_the_text(parts, '<w:p><w:fldSimple w:instr=" MERGEFIELD phone "><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>')


def in_a_table_within_a_table(parts: Parts) -> None:
    start, end = parts[DOCUMENT].index("<w:tbl>"), parts[DOCUMENT].index("</w:tbl>") + len("</w:tbl>")
    inner = parts[DOCUMENT][start:end]
    columns = '<w:tblPr/><w:tblGrid><w:gridCol w:w="9000"/></w:tblGrid>'
    outer = f"<w:tbl>{columns}<w:tr><w:tc><w:tcPr/>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    parts[DOCUMENT] = parts[DOCUMENT][:start] + outer + f"<w:p>{field('phone')}</w:p>" + parts[DOCUMENT][end:]


def in_a_text_box(parts: Parts) -> None:
    text = f"<w:txbxContent><w:p>{field('phone')}</w:p></w:txbxContent>"
    choice = f'<mc:Choice Requires="wps">{text}</mc:Choice><mc:Fallback>{text}</mc:Fallback>'
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    _before_the_text(parts, f'<w:p><w:r><mc:AlternateContent xmlns:mc="{space}">{choice}</mc:AlternateContent></w:r></w:p>')


def in_a_header(parts: Parts) -> None:
    _with_part(parts, "header", f'<w:hdr xmlns:w="{W}"><w:p>{field("phone")}</w:p></w:hdr>')
    parts[DOCUMENT] = parts[DOCUMENT].replace("<w:document ", f'<w:document xmlns:r="{R}" ').replace(
        "<w:sectPr>", '<w:sectPr><w:headerReference w:type="default" r:id="rId9"/>'
    )  # fmt: skip


def within_an_if(parts: Parts) -> None:
    says = field("phone") + '<w:r><w:instrText xml:space="preserve"> = "phone-1" "phone-1" "phone-2" </w:instrText></w:r>'
    whole = field("", "IF")
    opened, rest = whole.split('<w:r><w:instrText xml:space="preserve"> IF  </w:instrText></w:r>')
    _before_the_text(
        parts, f'<w:p>{opened}<w:r><w:instrText xml:space="preserve"> IF </w:instrText></w:r>{says}{rest}</w:p>'
    )


WHOLE = (without_settings, cut_into_runs, simple_field, in_a_table_within_a_table, in_a_text_box, in_a_header)


@pytest.mark.parametrize("change", WHOLE)
def test_a_template_as_word_leaves_it_is_filled_in_for_each_letter(change: Callable[[Parts], None], tmp_path: Path) -> None:
    content = read_template(template(tmp_path / "own.docx", change))
    merged = all_letters([message("Ann", 1), message("Bo", 2)], content)
    pages = text_by_page(merged)
    assert len(pages) == 2
    for number, page in enumerate(pages, start=1):
        assert ("phone-" in page) == (change is not without_settings)
        assert {int(each) for each in re.findall(r"(?:Before|phone|INV|Total|company_name)-?\s?(\d)", page)} == {number}
        assert page.count(f"INV-{number}-") == 2
    with zipfile.ZipFile(io.BytesIO(merged)) as package:
        assert "MERGEFIELD" not in "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    assert "phone-1" in "".join(text_by_page(letter(message("Ann", 1), content))) or change is without_settings


def text_by_page(content: bytes) -> list[str]:
    """What each letter of a .docx says, its header first: letters are set apart by page breaks, or sections of their own."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = etree.fromstring(package.read(DOCUMENT))[0]
        links = {each.get("Id"): each.get("Target") for each in etree.fromstring(package.read(LINKS))}
        pages, page = [], ""
        for node in body.iter():
            if node.tag == f"{{{W}}}t":
                page += f"{node.text} "
            elif node.tag == f"{{{W}}}br" and node.get(f"{{{W}}}type") == "page":
                pages, page = [*pages, page], ""
            elif node.tag == f"{{{W}}}headerReference":
                header = etree.fromstring(package.read(f"word/{links[node.get(f'{{{R}}}id')]}"))
                pages, page = [*pages, f"{''.join(header.itertext())} {page}"], ""
        return [*pages, page] if page.strip() else pages


def in_a_footnote(parts: Parts) -> None:
    _with_part(
        parts,
        "footnotes",
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="1"><w:p>{field("phone")}</w:p></w:footnote></w:footnotes>',
    )


def in_small_letters(parts: Parts) -> None:
    parts[DOCUMENT] = parts[DOCUMENT].replace("MERGEFIELD date ", "mergefield date ")


def items_without_their_anchor(parts: Parts) -> None:
    parts[DOCUMENT] = parts[DOCUMENT].replace("MERGEFIELD item_invoice ", "MERGEFIELD item_order ")


def without_an_end(parts: Parts) -> None:
    parts[DOCUMENT] = parts[DOCUMENT].replace('<w:fldChar w:fldCharType="end"/>', "", 1)


def of_another_kind(parts: Parts) -> None:
    parts[TYPES] = parts[TYPES].replace("document.main", "template.main")


def with_a_field_of_its_own_in_a_header(parts: Parts) -> None:
    in_a_header(parts)
    parts["word/header1.xml"] = parts["word/header1.xml"].replace("phone", "fax")


def without_the_text(parts: Parts) -> None:
    parts[DOCUMENT] = re.sub(r"MERGEFIELD body_\w+", "MERGEFIELD subject", parts[DOCUMENT])


@pytest.mark.parametrize(
    ("change", "refusal", "says"),
    [
        (in_a_footnote, FieldsNotFilled, "merge fields phone."),
        (within_an_if, FieldsNotFilled, "merge fields phone."),
        (in_small_letters, FieldsNotFilled, "merge fields date."),
        (items_without_their_anchor, FieldsNotFilled, "item_amount"),
        (without_an_end, NotATemplate, "a field has no end: MERGEFIELD company_name"),
        (of_another_kind, NotATemplate, "it is no Word document"),
        (with_a_field_of_its_own_in_a_header, UnknownMergeFields, "do not exist: fax."),
        (without_the_text, NoTextInTemplate, "no merge field for the text"),
    ],
)
def test_a_template_that_cannot_be_filled_in_is_refused_before_anything_is_written(
    change: Callable[[Parts], None], refusal: type[Exception], says: str, tmp_path: Path
) -> None:
    path = template(tmp_path / "own.docx", change)
    with pytest.raises(refusal, match=re.escape(says)):
        letter_files([message("Ann")], tmp_path, kind="docx", as_of=AS_OF, template=path)


NAMES = st.text(
    st.one_of(
        st.sampled_from("=+-@\"'&<>{}«»\n\r\t ,;|\\%_x0041é中文العربية한👩‍💻\u200b\u202e"), st.characters(codec="utf-8")
    ),
    min_size=1, max_size=40,
).filter(lambda name: bool(on_one_line(name)))  # fmt: skip


@settings(max_examples=60)
@given(NAMES)
@example("=cmd|'/c'!A1 \"Q\" & <b>Łódź</b>\r\n鹤汀")
@example("-1  two blanks\n\n+@")
@example("_x0041_ {name} MERGEFIELD \\\\")
def test_any_name_comes_through_every_file_as_it_is(name: str) -> None:
    given, shown = message(name), plain(name)
    lines = word_text(letter(given, letter_template())).split("\n")
    assert shown.split("\n") == lines[1 : 1 + len(shown.split("\n"))]
    said = replace(given, body=shown, before=shown, after="")
    mail = email.message_from_bytes(draft(said), policy=email.policy.default)
    texts = [mail.get_body((kind,)) for kind in ("plain", "html")]
    assert texts[0].get_content().replace("\r\n", "\n") == f"{shown}\n"
    assert all(html.escape(line) in texts[1].get_content() for line in shown.split("\n"))
    (to,) = mail["To"].addresses
    assert (to.addr_spec, to.display_name) == ("a@b.test", on_one_line(name))
    assert set(mail.keys()) == {"To", "Subject", "MIME-Version", "Content-Type", "X-Unsent"}
    named = pd.DataFrame({"message_id": ["M1"], "name": [shown], "items": [2]})
    files = {path.suffix: content for path, content in merge_lists(named, Path("lists"), as_of=AS_OF).items()}
    headers, row = csv.reader(io.StringIO(files[".csv"].decode("utf-8-sig"), newline=""))
    # Apostrophes before what a spreadsheet would take for a formula are all that is added.
    assert without_apostrophes(row[headers.index("name")]) == without_apostrophes(shown)
    sheet = openpyxl.load_workbook(io.BytesIO(files[".xlsx"])).worksheets[0]
    cell = next(cell for cell, header in zip(sheet[2], sheet[1], strict=True) if header.value == "name")
    assert (cell.value, cell.data_type) == (shown, "s")
    assert_text_is_quoted_where_it_must_be(cell, shown)


def without_apostrophes(text: str) -> str:
    return text.replace("'", "")


def assert_text_is_quoted_where_it_must_be(cell: Cell, text: str) -> None:
    assert cell.quotePrefix is bool(re.match(r"\s*[=+\-@＝＋－＠]", text))
