"""Error cells and formulas without a stored value are found in the bytes of a sheet part."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from workbook.addresses import Area, column_letters, column_number
from workbook.package.sheet_scan import SheetScan
from workbook.port import Fault

NOT_CALCULATED = Fault("not_calculated")


def sheet(*rows: str, prefix: str = "") -> bytes:
    """A part with these rows, whose elements are written without prefix, and with what stands around them in real ones."""
    whole = (row if row.startswith("<row") else f'<row r="{at}" spans="1:3">{row}</row>' for at, row in enumerate(rows, 1))
    body = "".join(whole)
    around = (
        '<worksheet xmlns="urn:x" xmlns:x14="urn:14" xmlns:xm="urn:m"><cols><col min="1" max="3"/></cols>'
        f"<sheetData>{body}</sheetData>"
        '<conditionalFormatting sqref="A1"><cfRule type="cellIs"><formula>"e"</formula></cfRule></conditionalFormatting>'
        '<rowBreaks count="1"/><extLst><ext><x14:cfRule><xm:f>A1</xm:f></x14:cfRule></ext></extLst></worksheet>'
    )
    if prefix:
        around = re.sub(r"<(/?)(?=[a-z]+[\s/>])(?!x14:|xm:)", rf"<\1{prefix}:", around).replace("xmlns=", f"xmlns:{prefix}=")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{around}'.encode()


CASES = {
    "an error value": ('<c r="A1" t="e"><v>#REF!</v></c>', {(1, 1): Fault("error_cell", "#REF!")}),
    "attributes in another order": ("<c t='e' s='2' r='B1'><v>#N/A</v></c>", {(1, 2): Fault("error_cell", "#N/A")}),
    "an error that a formula gives": (
        '<c r="A1" t="e" vm="1"><f>A2>#REF!</f><v>#DIV/0!</v></c>', {(1, 1): Fault("error_cell", "#DIV/0!")},
    ),
    "an error formula that holds no value": ('<c r="A1" t="e"><f>1/0</f></c>', {(1, 1): NOT_CALCULATED}),
    "text that looks like an error": ('<c r="A1" t="inlineStr"><is><t>#1 t="e" #REF!</t></is></c>', {}),
    "text of a formula that looks like one": ('<c r="A1" t="str"><f>"#N/A"</f><v>#N/A</v></c>', {}),
    "a formula without a value": ('<c r="A1"><f>B1</f></c><c r="B1"><v>1</v></c>', {(1, 1): NOT_CALCULATED}),
    "a formula with an empty value": ('<c r="A1"><f>B1</f><v></v></c><c r="C1"><f>1</f><v/></c>', {
        (1, 1): NOT_CALCULATED, (1, 3): NOT_CALCULATED,
    }),
    "a formula whose value is the empty text": (
        '<c r="A1" t="str"><f>""</f><v></v></c><c r="B1" t="str"><f>""</f><v/></c>', {},
    ),
    "a formula of text without a value": ('<c r="A1" t="str"><f>B1</f></c>', {(1, 1): NOT_CALCULATED}),
    "a shared formula": (
        '<c r="A1"><f t="shared" ref="A1:B1" si="0">C1</f><v>3</v></c><c r="B1"><f t="shared" si="0"/></c>',
        {(1, 2): NOT_CALCULATED},
    ),
    "an array formula with its value": ('<c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>2</v></c>', {}),
    "a formula that mentions an error": ('<c r="A1"><f>IF(B1&gt;2,"a","#REF!")</f><v>2</v></c>', {}),
    "white space between the elements": (
        '<c r="A1" t="e">\n <f>1/0</f>\n <v> #DIV/0!\n</v>\n</c>\n<c r="B1">\n<f>1</f>\n</c>',
        {(1, 1): Fault("error_cell", "#DIV/0!"), (1, 2): NOT_CALCULATED},
    ),
    "cells that do not say where they are": (
        '<c t="e"><v>#NUM!</v></c><c r="D1"><v>1</v></c><c/><c><f>1</f></c>',
        {(1, 1): Fault("error_cell", "#NUM!"), (1, 6): NOT_CALCULATED},
    ),
    "a styled cell before the formula": ('<c r="A1" s="1"/><c r="B1"><f>1</f></c>', {(1, 2): NOT_CALCULATED}),
}  # fmt: skip


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("case", CASES)
def test_cells_without_a_value_are_told_from_blank_ones(case: str, prefix: str) -> None:
    cells, faults = CASES[case]
    assert SheetScan(sheet(cells, prefix=prefix)).faults() == faults


def test_rows_that_do_not_say_their_number_follow_the_one_above() -> None:
    part = sheet('<row r="7"><c/></row>', "<row/>", "<row><c/><c><f>1</f></c></row>")
    assert SheetScan(part).faults() == {(9, 2): NOT_CALCULATED}
    assert SheetScan(sheet("<row><c><f>1</f></c></row>", '<row><c t="e"><v>#N/A</v></c></row>')).faults() == {
        (1, 1): NOT_CALCULATED,
        (2, 1): Fault("error_cell", "#N/A"),
    }


def test_formulas_are_looked_for_within_an_area() -> None:
    scan = SheetScan(sheet('<c r="A1"><v>1</v></c>', '<c r="B2"><f>A1</f><v>1</v></c><c r="C2"><f>A1</f></c>'))
    assert scan.has_formulas(Area.parse("B2"))
    assert scan.has_formulas(Area.parse("A1:B9"))
    assert not scan.has_formulas(Area.parse("A1:A9"))
    assert not scan.has_formulas(Area.parse("A3:Z9"))
    assert not SheetScan(sheet('<c r="A1"><v>1</v></c>')).has_formulas(Area.parse("A1:Z9"))


def parsed_faults(part: bytes) -> dict[tuple[int, int], Fault]:
    """The same by parsing the part, cell by cell: slow and obvious."""
    faults: dict[tuple[int, int], Fault] = {}
    row_number = 0
    for row in etree.fromstring(part).iter("{*}row"):
        row_number = int(row.get("r", row_number + 1))
        column = 0
        for cell in row.iter("{*}c"):
            reference = cell.get("r")
            column = column_number(re.sub("[0-9]", "", reference)) if reference else column + 1
            formula, value = cell.find("{*}f"), cell.find("{*}v")
            text = "" if value is None else (value.text or "").strip()
            if formula is not None and not text and not (cell.get("t") == "str" and value is not None):
                faults[row_number, column] = NOT_CALCULATED
            elif cell.get("t") == "e" and text.startswith("#"):
                faults[row_number, column] = Fault("error_cell", text)
    return faults


CONTENTS = st.tuples(
    st.sampled_from(["", "<f>A1</f>", '<f t="shared" si="1"/>', '<f ca="1">IF(A1&gt;1,"#","e")</f>']),
    st.sampled_from(["", "<v/>", "<v></v>", "<v>#N/A</v>", "<v>12</v>", '<v xml:space="preserve"> </v>']),
).map("".join)
TYPES = st.sampled_from(["", ' t="e"', ' t="str"', " t='n'", ' t="b"'])


@given(
    st.lists(st.tuples(st.booleans(), st.lists(st.tuples(st.booleans(), TYPES, CONTENTS), max_size=4)), max_size=4),
    st.sampled_from(["", "x"]),
)
def test_the_scan_finds_what_parsing_finds(rows: list[tuple[bool, list[tuple[bool, str, str]]]], prefix: str) -> None:
    written = []
    for at, (is_numbered, cells) in enumerate(rows):
        row = 3 * at + 2
        elements = []
        for place, (is_placed, kind, content) in enumerate(cells):
            reference = f' r="{column_letters(2 * place + 1)}{row}"' if is_placed and is_numbered else ""
            elements.append(f"<c{reference}{kind}>{content}</c>")
        number = f' r="{row}"' if is_numbered else ""
        written.append(f"<row{number}>{''.join(elements)}</row>")
    part = sheet(*written, prefix=prefix)
    assert SheetScan(part).faults() == parsed_faults(part)
