"""What a package holds is counted, whoever wrote it and however odd it is."""

from __future__ import annotations

import base64
import io
import re
import time
import zipfile
from collections.abc import Callable
from functools import cache

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from tests.workbook.corpus_checks import NO_CORPUS, WORKBOOKS, formulas_by_openpyxl
from workbook.package.feature_words import FEATURES, INVISIBLE_EXTENSIONS, MADE_ANEW
from workbook.package.features import features
from workbook.package.parts import Parts

_PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

OFFICE_COUNTS = {
    "worksheets": 2, "chart_sheets": 1, "charts": 2, "tables": 1, "merged_cells": 1, "hyperlinks": 1, "defined_names": 1,
    "cell_values": 17, "formulas": 5, "formula_results": 4, "array_formulas": 2, "dynamic_arrays": 1, "rich_text": 1,
    "rich_values": 1, "data_validations": 1, "conditional_formats": 2, "extended_conditional_formats": 1, "sparklines": 1,
    "filters": 2, "filter_criteria": 1, "outline_groups": 2, "sheet_protection": 1, "protected_ranges": 1,
    "ignored_errors": 1, "headers_and_footers": 1, "header_pictures": 1, "backgrounds": 1, "page_breaks": 1, "shapes": 1,
    "pictures": 1, "drawing_links": 1, "form_controls": 2, "comments": 1, "formatted_comments": 1, "comment_boxes": 1,
    "document_properties": 1, "number_formats": 1, "cell_styles": 2,
}  # fmt: skip


@cache
def office_workbook() -> bytes:
    """A workbook with a bit of everything that XlsxWriter can write."""
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed)
    sheet, other = book.add_worksheet("Data"), book.add_worksheet("Other")
    bold, red = book.add_format({"bold": True}), book.add_format({"num_format": '0.00" pcs"'})
    sheet.add_table("A1:B4", {"columns": [{"header": "item"}, {"header": "n"}], "data": [["a", 1], ["b", 2], ["c", 3]]})
    sheet.write_formula("D1", "=B2+B3", red, 3)
    sheet.write_formula("D2", '=""', None, "")
    sheet.write_formula("D3", "=1+1", None, "")
    sheet.write_array_formula("D4:D4", "{=SUM(B2:B4*2)}", None, 12)
    sheet.write_dynamic_array_formula("E1:E1", "=UNIQUE(A2:A4)", None, "a")
    sheet.write_rich_string("G1", "plain ", bold, "bold")
    sheet.write_url("G2", "https://example.org", None, "link")
    sheet.merge_range("G4:H4", "merged")
    sheet.write_comment("A2", "note")
    sheet.data_validation("J1", {"validate": "list", "source": ["x", "y"]})
    sheet.conditional_format("B2:B4", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("B2:B4", {"type": "cell", "criteria": ">", "value": 1, "format": bold})
    sheet.add_sparkline("K1", {"range": "Data!B2:B4"})
    sheet.insert_textbox("L1", "read me")
    sheet.insert_button("L9", {"caption": "go"})
    sheet.insert_button("L12", {"caption": "stop"})
    sheet.insert_image("L15", "dot.png", {"image_data": io.BytesIO(_PNG), "url": "https://example.org"})
    sheet.embed_image("M1", "dot.png", {"image_data": io.BytesIO(_PNG)})
    sheet.set_header("&C&G", {"image_center": "dot.png", "image_data_center": io.BytesIO(_PNG)})
    sheet.set_background(io.BytesIO(_PNG))
    sheet.protect()
    sheet.unprotect_range("B2:B4")
    sheet.ignore_errors({"number_stored_as_text": "A1:A9"})
    sheet.set_h_pagebreaks([20])
    other.set_row(2, None, None, {"level": 1})
    other.set_column("C:C", None, None, {"level": 1})
    other.write_column("A1", ["h", 1, 2, 3, 4])
    other.autofilter("A1:A5")
    other.filter_column("A", "x > 2")
    book.define_name("Rate", "=0.05")
    book.set_custom_property("Cost centre", "17")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Data!$B$2:$B$4"})
    sheet.insert_chart("N1", chart)
    on_sheet = book.add_chart({"type": "bar"})
    on_sheet.add_series({"values": "=Data!$B$2:$B$4"})
    book.add_chartsheet("Chart").set_chart(on_sheet)
    book.close()
    # A stored "" is marked as a text; without the mark it is no result.
    return changed(packed.getvalue(), lambda _, text: text.replace(b'<c r="D2"><f>', b'<c r="D2" t="str"><f>'))


def changed(raw: bytes, change: Callable[[str, bytes], bytes], name: Callable[[str], str] = str) -> bytes:
    """A package with its members changed, and their names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            target.writestr(name(member), change(member, source.read(member)))
    return packed.getvalue()


def with_part(kind: str, text: bytes, *, on: str = "xl/worksheets/sheet1.xml") -> bytes:
    """The workbook above with one part more, which ``on`` leads to."""
    folder, _, part = on.rpartition("/")
    relationships = f"{folder}/_rels/{part}.rels".lstrip("/")
    link = f'<Relationship Id="added" Type="{_OFFICE}/{kind}" Target="/added/part.xml"/></Relationships>'.encode()

    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"</Relationships>", link) if name == relationships else content

    packed = io.BytesIO(changed(office_workbook(), change))
    with zipfile.ZipFile(packed, "a") as package:
        package.writestr("added/part.xml", text)
    return packed.getvalue()


def _is_xml(name: str) -> bool:
    return name.endswith(".xml") and "[" not in name


def in_strict_namespaces(name: str, text: bytes) -> bytes:
    strict = text.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    return strict.replace(_OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships")


def with_prefixes(name: str, text: bytes) -> bytes:
    if not _is_xml(name) or b'xmlns="' not in text:
        return text
    return re.sub(rb"<(/?)([A-Za-z]\w*)(?=[\s/>])", rb"<\1any:\2", text).replace(b' xmlns="', b' xmlns:any="')


def in_utf16(name: str, text: bytes) -> bytes:
    return text.decode().replace('"UTF-8"', '"UTF-16"').encode("utf-16") if _is_xml(name) else text


def test_a_bit_of_everything_is_counted() -> None:
    counted = features(office_workbook())
    assert counted.pop("chart_details") > 0
    assert counted == OFFICE_COUNTS


@pytest.mark.parametrize(
    ("change", "name"),
    [
        pytest.param(in_strict_namespaces, str, id="strict namespaces"),
        pytest.param(with_prefixes, str, id="prefixed elements"),
        pytest.param(in_utf16, str, id="UTF-16"),
        pytest.param(lambda _, text: text, lambda name: name.replace("/", "\\"), id="backslashes in names"),
    ],
)
def test_another_spelling_of_the_same_package_counts_alike(
    change: Callable[[str, bytes], bytes], name: Callable[[str], str]
) -> None:
    spelled = changed(office_workbook(), change, name)
    assert spelled != office_workbook()
    assert features(spelled) == features(office_workbook())


@pytest.mark.parametrize(
    ("kind", "text", "code", "count"),
    [
        ("slicer", b'<slicers xmlns="x"><slicer/><slicer/></slicers>', "slicers", 2),
        ("timeline", b'<timelines xmlns="x"><timeline/></timelines>', "timelines", 1),
        ("threadedComment", b"<ThreadedComments><threadedComment/></ThreadedComments>", "threaded_comments", 1),
        ("person", b"<personList><person/><person/></personList>", "persons", 2),
        ("ctrlProp", b"<formControlPr/>", "form_controls", 0),  # the old drawing shows the control
        ("control", b"<ocx/>", "activex_controls", 1),
        ("oleObject", b"\xd0\xcf\x11\xe0", "embedded_objects", 1),
        ("connections", b"<connections><connection/><connection/></connections>", "connections", 2),
        ("queryTable", b"<queryTable/>", "query_tables", 1),
        ("pivotTable", b"<pivotTableDefinition/>", "pivot_tables", 1),
        ("externalLink", b"<externalLink/>", "external_links", 1),
        ("chartEx", b"<chartSpace/>", "newer_charts", 1),
        ("diagramData", b"<dataModel/>", "smart_art", 1),
        ("printerSettings", b"\x00\x01", "printer_settings", 1),
        ("calcChain", b"<calcChain><c/></calcChain>", "other_parts", 0),  # Excel makes it again
        ("somethingOfNextYear", b"<unheard/>", "other_parts", 1),
    ],
)
def test_a_part_is_found_by_the_relationship_that_leads_to_it(kind: str, text: bytes, code: str, count: int) -> None:
    assert features(with_part(kind, text))[code] - features(office_workbook())[code] == count


def test_a_fallback_for_old_programs_counts_once() -> None:
    text = (
        b'<wsDr xmlns="d" xmlns:mc="m"><mc:AlternateContent><mc:Choice><sp/></mc:Choice><mc:Fallback><sp/></mc:Fallback>'
        b"</mc:AlternateContent><grpSp><sp/><cxnSp/></grpSp></wsDr>"
    )
    assert features(with_part("drawing", text))["shapes"] - features(office_workbook())["shapes"] == 3


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"<wsDr><sp></wsDr>", id="not well-formed"),
        pytest.param(b'<!DOCTYPE wsDr [<!ENTITY a "aaa">]><wsDr>&a;</wsDr>', id="document type"),
    ],
)
def test_a_part_that_cannot_be_read_is_opaque(text: bytes) -> None:
    assert features(with_part("drawing", text)) == features(office_workbook()) + features(b"")


def test_bytes_that_are_no_package_are_opaque() -> None:
    for raw in (b"", b"PK", b"not a zip", office_workbook()[:-100]):
        assert features(raw) == {"opaque_parts": 1}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            b"<worksheet><sheetData><row>" + b"<is><f <v " * 100_000 + b"</row></sheetData></worksheet>", id="unclosed"
        ),
        pytest.param(
            b"<worksheet><sheetData><row>" + b"\"str\"'s'" * 100_000 + b"</row></sheetData></worksheet>", id="quotes"
        ),
        pytest.param(b"<!---->" * 1_000 + b"<!DOCTYPE worksheet>", id="comments"),
    ],
)
def test_hostile_bytes_take_no_longer(text: bytes) -> None:
    packed = with_part("worksheet", text, on="xl/workbook.xml")
    began = time.perf_counter()
    assert features(packed)["worksheets"] == OFFICE_COUNTS["worksheets"] + 1
    assert time.perf_counter() - began < 5


def test_every_feature_has_words_in_both_languages_and_signs_of_its_own() -> None:
    signs = [sign for feature in FEATURES.values() for sign in (*feature.signs, *feature.along)]
    signs += [*MADE_ANEW, *INVISIBLE_EXTENSIONS]
    assert len(signs) == len(set(signs))
    for language in ("en", "zh-CN"):
        words = [feature.words.in_language(language) for feature in FEATURES.values()]
        assert all(words)
        assert len(words) == len(set(words))


@pytest.mark.skipif(not WORKBOOKS, reason=NO_CORPUS)
def test_counts_of_workbooks_of_others_are_those_of_other_readers() -> None:
    compared = 0
    for at, path in enumerate(WORKBOOKS):
        raw = path.read_bytes()
        counted = features(raw)
        assert counted
        assert min(counted.values()) > 0
        if at % 3:  # openpyxl takes its time
            continue
        formulas = formulas_by_openpyxl(raw)
        if formulas is None or counted["opaque_parts"]:
            continue
        assert counted["formulas"] == sum(map(len, formulas.values())), path.name
        assert counted["formula_results"] <= counted["formulas"]
        assert counted["worksheets"] + counted["macro_sheets"] >= len(formulas), path.name
        kinds = [name for name in Parts(path, raw) if "/charts/chart" in name.casefold() and name.endswith(".xml")]
        assert counted["charts"] <= len(kinds), path.name
        compared += 1
    assert compared > len(WORKBOOKS) / 3 * 0.9
