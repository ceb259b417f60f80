"""Whatever form a workbook comes in, edits reach the cells that they mean, and what grows with a table grows."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from lxml import etree

from tests.workbook.book_contract import INVOICES, OPEN_ITEMS, by_header
from tests.workbook.corpus_checks import (
    cells_by_calamine,
    has_libreoffice,
    lost_features,
    opens_in_calamine,
    opens_in_libreoffice,
    opens_in_openpyxl,
    untouched_parts_equal,
)
from tests.workbook.laid_tables import Laid, workbook_of
from workbook.addresses import column_number
from workbook.file_book import FileBook
from workbook.package.edits import Remark
from workbook.package.package_index import read_package
from workbook.package.parts import Parts
from workbook.package.plain_copy import in_utf8_for_reading
from workbook.port import Cell
from workbook.refusals import NoRoom

DAY = dt.date(2024, 1, 31)
HEADERS = ("invoice_id", "customer_id", "invoice_date", "amount")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET, TABLE, BOOK = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml", "xl/workbook.xml"
TYPES, LINKS, STYLES = "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.xlsx"


FILTER_ON = '><filterColumn colId="0"><filters><filter val="A1"/></filters></filterColumn></autoFilter>'
Fill = Callable[[Any, Any], None]


def invoices_book(
    path: Path,
    fill: Fill = lambda book, sheet: None,
    *,
    sheet: str = "Invoices",
    options: Mapping[str, object] | None = None,
    table: Mapping[str, object] | None = None,
) -> Path:
    """Two invoices in A1:D3; ``fill`` adds what a test is about."""
    with xlsxwriter.Workbook(path, dict(options or {})) as book:
        page = book.add_worksheet(sheet)
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        page.add_table("A1:D3", {"name": "Invoices", "columns": [{"header": each} for each in HEADERS], **(table or {})})
        for row in (1, 2):
            page.write_row(row, 0, [f"A{row}", "C1"])
            page.write_datetime(row, 2, dt.datetime(2024, 1, 31), date)
            page.write_number(row, 3, row * 10)
        fill(book, page)
    return path


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(path: Path, parts: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def changed(path: Path, change: Callable[[str], str], *endings: str) -> Path:
    """The workbook with the parts whose names end so as a function makes them from their texts."""
    parts = parts_of(path).items()
    return packed(path, {name: change(text.decode()).encode() if name.endswith(endings) else text for name, text in parts})


# Forms that a workbook comes in


def strict(path: Path) -> Path:
    def spelled(text: str) -> str:
        text = text.replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
        )
        return text.replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")

    return changed(path, spelled, ".xml", ".rels")


def in_utf16(path: Path) -> Path:
    parts = parts_of(path)
    for name in (SHEET, TABLE, BOOK, STYLES, "xl/sharedStrings.xml"):
        parts[name] = parts[name].decode().replace("UTF-8", "UTF-16").encode("utf-16")
    return packed(path, parts)


def prefixed(path: Path) -> Path:
    def spelled(text: str) -> str:
        text = re.sub(r"<(/?)([A-Za-z])(?![\w.-]*:)", r"<\1p:\2", text)
        return text.replace("xmlns=", "xmlns:p=")

    return changed(path, spelled, SHEET, TABLE, BOOK, STYLES, TYPES, LINKS)


def without_references(path: Path) -> Path:
    """Only a cell behind a gap says where it stands."""

    def of_row(row: re.Match[str]) -> str:
        column = 0

        def of_cell(cell: re.Match[str]) -> str:
            nonlocal column
            before, column = column, column_number(cell[1])
            return "<c" if column == before + 1 else cell[0]

        return re.sub('<c r="([A-Z]+)[0-9]+"', of_cell, row[0])

    def spelled(text: str) -> str:
        return re.sub('<row r="[0-9]+"', "<row", re.sub("<row.*?</row>", of_row, text))

    return changed(path, spelled, SHEET)


def in_single_quotes(path: Path) -> Path:
    def spelled(text: str) -> str:
        return text.replace("'", "&apos;").replace('"', "'")

    return changed(path, spelled, SHEET, TABLE, BOOK, STYLES, TYPES)


def with_signs_in_attributes(path: Path) -> Path:
    def spelled(text: str) -> str:
        text = text.replace("<worksheet ", '<worksheet xmlns:o="urn:office" ').replace("<c ", '<c o:n="a>b" ')
        return re.sub("<row ", "<row o:n='1 > \"0\"' ", text)

    return changed(path, spelled, SHEET)


def with_comments(path: Path) -> Path:
    def spelled(text: str) -> str:
        text = text.replace("</row>", '</row><!-- <row r="9"><c r="A9"/></row> -->').replace(
            "<sheetData>", "<sheetData><?x <row?>"
        )
        return re.sub(r"<v>([0-9.]+)</v>", r"<v><![CDATA[\1]]></v>", text)

    return changed(path, spelled, SHEET)


def with_dimension(ref: str) -> Callable[[Path], Path]:
    return lambda path: changed(path, lambda text: re.sub('<dimension ref="[^"]*"', f'<dimension ref="{ref}"', text), SHEET)


def without_styles(path: Path) -> Path:
    parts = parts_of(path)
    del parts[STYLES]
    packed(path, parts)
    changed(path, lambda text: re.sub(r"<(?:Override|Relationship) [^>]*styles[^>]*/>", "", text), TYPES, LINKS)
    return changed(path, lambda text: re.sub(r' s="[0-9]+"', "", text), SHEET)


def with_absolute_targets(path: Path) -> Path:
    changed(path, lambda text: re.sub('Target="(?!/|http)', 'Target="/xl/', text), LINKS)
    return changed(path, lambda text: text.replace('Target="../', 'Target="/xl/'), "xl/worksheets/_rels/sheet1.xml.rels")


def with_backslashes(path: Path) -> Path:
    return packed(path, {name.replace("/", "\\"): text for name, text in parts_of(path).items()})


def with_macros(path: Path) -> Path:
    return changed(
        path,
        lambda text: text.replace(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
        TYPES,
    ).rename(path.with_suffix(".xlsm"))


def with_dates_in_iso(path: Path) -> Path:
    return changed(
        path, lambda text: re.sub(r'(<c r="C\d" s="\d+")><v>\d+</v>', r'\1 t="d"><v>2024-01-31T00:00:00</v>', text), SHEET
    )


def with_declared_markup(path: Path) -> Path:
    """As Excel writes it: row heights for a program that knows them, behind a marker for those that do not."""

    def spelled(text: str) -> str:
        known = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac"'
        mark = f'{known} xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
        return text.replace("<worksheet ", f"<worksheet {mark} ").replace("<row ", '<row x14ac:dyDescent="0.25" ')

    return changed(path, spelled, SHEET)


FORMS: Mapping[str, Callable[[Path], Path]] = {
    "as XlsxWriter writes it": lambda path: path,
    "strict": strict,
    "UTF-16": in_utf16,
    "prefixed namespaces": prefixed,
    "rows and cells that do not say where they stand": without_references,
    "single quotes": in_single_quotes,
    "signs in attributes": with_signs_in_attributes,
    "comments between rows": with_comments,
    "a dimension too small": with_dimension("A1"),
    "a dimension too large": with_dimension("A1:XFD1048576"),
    "a dimension elsewhere": with_dimension("X90:Z99"),
    "no formats": without_styles,
    "absolute targets": with_absolute_targets,
    "backslashes in names": with_backslashes,
    "macros": with_macros,
    "dates in ISO": with_dates_in_iso,
    "marked extensions": with_declared_markup,
}


def beside_the_table(book: Any, page: Any) -> None:
    bold = book.add_format({"bold": True})
    page.write("E1", "beside")
    page.write("E2", "_x005F_x000a_ stays")
    page.write_rich_string("E3", "one ", bold, "two")
    page.write("G2", "far")
    page.write_formula("G3", "=1+2", None, 3)
    page.write_formula("E4", "=E1", None, "beside")
    page.write("E5", True)
    page.write_formula("G6", "=1/0", None, "#DIV/0!")
    page.write("A6", "far below")
    other = book.add_worksheet('Bob\'s "own" <sheet>')
    other.write_row("B3", ["leading rows are blank", 7])


@pytest.mark.parametrize("is_1904", [False, True], ids=["1900", "1904"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_workbook_is_edited_and_keeps_the_rest(path: Path, form: str, is_1904: bool) -> None:
    invoices_book(path, beside_the_table, options={"date_1904": is_1904})
    cells_before = cells_by_calamine(path.read_bytes())
    path = FORMS[form](path)
    before = path.read_bytes()
    book = FileBook(path)
    book.append_rows(INVOICES, {"invoice_id": ["A3"], "invoice_date": [dt.date(2024, 2, 29)], "amount": [30.5]})
    book.update_rows(INVOICES, [0], {"customer_id": ["=C9"]})
    book.write_table(OPEN_ITEMS, {"item_id": ["A1#1", "A2#1"], "invoice_date": [DAY, None], "open": [1.25, 2]})
    book.save()
    after = path.read_bytes()
    assert book.receipt is not None
    assert untouched_parts_equal(before, after, (*book.receipt.changed, *book.receipt.removed)) == []
    assert lost_features(before, after) == {}
    assert opens_in_openpyxl(after) or not opens_in_openpyxl(before)
    assert opens_in_calamine(after) or not opens_in_calamine(before)

    found = by_header(FileBook(path).read_table("Invoices"))
    assert found["invoice_id"] == ["A1", "A2", "A3"]
    assert found["customer_id"] == ["=C9", "C1", None]
    assert [day_of(cell, is_1904) for cell in found["invoice_date"]] == [DAY, DAY, dt.date(2024, 2, 29)]
    assert found["amount"] == [10, 20, 30.5]
    report = by_header(FileBook(path).read_table("OpenItems"))
    assert (report["Item ID"], [day_of(cell, is_1904) for cell in report["Invoice date"]]) == (["A1#1", "A2#1"], [DAY, None])

    # calamine takes parts in UTF-16 for empty; what stands beside the table is compared once more without them.
    cells_after = cells_by_calamine(in_utf8_for_reading(Parts(path, after)))
    for sheet, rows in cells_before.items():
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if sheet != "Invoices" or not (row < 4 and column < 4):
                    assert cells_after[sheet][row][column] == cell, (sheet, row, column)


def day_of(cell: Cell, is_1904: bool) -> object:
    """The day that a cell holds, also where no format says that it is one."""
    if isinstance(cell, float):
        return dt.date(1904, 1, 1) + dt.timedelta(cell) if is_1904 else dt.date(1899, 12, 30) + dt.timedelta(cell)
    return cell.date() if isinstance(cell, dt.datetime) else cell


def test_a_cell_that_does_not_say_where_it_stands_stays_there_when_those_before_it_go(path: Path) -> None:
    labels = [column.label.en for column in OPEN_ITEMS.columns]
    rows = [[f"{label} {row}" for label in labels] for row in range(3)]
    workbook = workbook_of(Laid("OpenItems", labels, rows))
    for row in range(1, 5):
        workbook["OpenItems"].cell(row, len(labels) + 1).value = f"beside {row}"
    workbook.save(path)
    without_references(path)
    book = FileBook(path)
    book.write_table(OPEN_ITEMS, {"item_id": ["Item ID 1"]})
    book.save()
    sheet = openpyxl.load_workbook(path)["OpenItems"]
    for row in range(1, 5):
        assert sheet.cell(row, len(labels) + 1).value == f"beside {row}"
    assert by_header(FileBook(path).read_table("OpenItems"))["Item ID"] == ["Item ID 1"]


# A sheet that comes in the middle


def test_what_counts_tabs_counts_the_new_one(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        pages = [book.add_worksheet("Staff first"), book.add_chartsheet("A chart")]
        aging = book.add_worksheet("Ages")
        last = book.add_worksheet("Last")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Ages!$B$2:$B$3"})
        pages[1].set_chart(chart)
        aging.add_table("A1:B3", {"name": "Aging", "columns": [{"header": "customer_id"}, {"header": "currency"}]})
        for page in (pages[0], aging, last):
            book.define_name(f"'{page.name}'!Here", "=1")
        last.activate()
        last.set_first_sheet()
    counted = {key: tab_of(path, key) for key in ("activeTab", "firstSheet")}
    assert counted == {"activeTab": "Last", "firstSheet": "Last"}
    book = FileBook(path)
    book.write_table(OPEN_ITEMS, {"item_id": ["A"]})
    book.save()
    assert {key: tab_of(path, key) for key in counted} == counted
    root = etree.fromstring(parts_of(path)[BOOK])
    names = [each.get("name") for each in root.iterfind(f"{{{MAIN}}}sheets/{{{MAIN}}}sheet")]
    assert names == ["Staff first", "A chart", "Open items", "Ages", "Last"]
    own = root.iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName")
    scopes = {names[int(each.get("localSheetId", ""))] for each in own if each.get("name") == "Here"}
    assert scopes == {"Staff first", "Ages", "Last"}
    marked = [
        name
        for name, sheet in read_package(path).sheets.items()
        if b'tabSelected="1"' in read_package(path).parts.read(sheet)
    ]
    assert marked == ["Last"]


def tab_of(path: Path, key: str) -> str | None:
    root = etree.fromstring(parts_of(path)[BOOK])
    (view,) = root.iterfind(f"{{{MAIN}}}bookViews/{{{MAIN}}}workbookView")
    sheets = root.findall(f"{{{MAIN}}}sheets/{{{MAIN}}}sheet")
    return sheets[int(view.get(key, "0"))].get("name")


# What grows with a table


QUOTED = "Bob's"
REFERENCES: Mapping[str, tuple[str, str]] = {
    "the table": ("$A$1:$D$3", "$A$1:$D$4"),
    "its rows": ("$A$2:$D$3", "$A$2:$D$4"),
    "a column": ("$D$2:$D$3", "$D$2:$D$4"),
    "a column with its header": ("$D$1:$D$3", "$D$1:$D$4"),
    "two columns": ("$C$2:$D$3", "$C$2:$D$4"),
    "one cell": ("$D$3", "$D$3"),
    "the first row only": ("$A$2:$D$2", "$A$2:$D$2"),
    "from the second row": ("$D$3:$D$3", "$D$3:$D$3"),
    "to a column beside": ("$A$1:$E$3", "$A$1:$E$3"),
    "further down already": ("$D$2:$D$9", "$D$2:$D$9"),
    "whole columns": ("$A:$D", "$A:$D"),
    "whole rows": ("$1:$3", "$1:$3"),
}


def test_names_that_cover_a_column_or_the_table_reach_the_new_rows_and_no_others_do(path: Path) -> None:
    def fill(book: Any, page: Any) -> None:
        other = book.add_worksheet("Other")
        other.write("A1", 1)
        for at, (ref, _) in enumerate(REFERENCES.values()):
            book.define_name(f"There_{at}", f"='{QUOTED.replace(chr(39), chr(39) * 2)}'!{ref}")
            book.define_name(f"Elsewhere_{at}", f"=Other!{ref}")
        book.define_name("Sum", "=SUM('Bob''s'!$D$2:$D$3,Other!$D$2:$D$3)*2")
        page.print_area("A1:D3")

    added_row(invoices_book(path, fill, sheet=QUOTED))
    names = {name: each.attr_text for name, each in openpyxl.load_workbook(path).defined_names.items()}
    for at, (ref, expected) in enumerate(REFERENCES.values()):
        assert names[f"There_{at}"] == f"'Bob''s'!{expected}"
        assert names[f"Elsewhere_{at}"] == f"Other!{ref}"
    assert names["Sum"] == "SUM('Bob''s'!$D$2:$D$4,Other!$D$2:$D$3)*2"
    assert openpyxl.load_workbook(path)[QUOTED].print_area == "'Bob''s'!$A$1:$D$4"


def added_row(path: Path, **columns: Sequence[Cell]) -> FileBook:
    book = FileBook(path)
    book.append_rows(INVOICES, columns or {"invoice_id": ["A3"], "amount": [30]})
    book.save()
    return book


def test_rules_series_and_sparklines_over_a_column_reach_the_new_rows(path: Path) -> None:
    def fill(book: Any, page: Any) -> None:
        bold = book.add_format({"bold": True})
        page.data_validation("B2:B3", {"validate": "list", "source": "=$D$2:$D$3"})
        page.data_validation("C3:C3", {"validate": "date", "criteria": ">", "value": dt.date(2020, 1, 1)})
        page.data_validation("A2:A2", {"validate": "length", "criteria": "<", "value": 9})
        page.conditional_format("A2:D3", {"type": "formula", "criteria": "=$D2>$D$3", "format": bold})
        page.conditional_format("D2:D3", {"type": "data_bar", "data_bar_2010": True})
        page.conditional_format("F2:F3", {"type": "cell", "criteria": ">", "value": 1, "format": bold})
        page.add_sparkline("F1", {"range": "Invoices!D2:D3"})
        other = book.add_worksheet("Other")
        other.add_sparkline("A1", {"range": "Invoices!A3:D3"})
        other.data_validation("A2:A3", {"validate": "list", "source": "=Invoices!$A$2:$A$3"})
        chart = book.add_chart({"type": "line"})
        chart.add_series({"name": "=Invoices!$D$1", "categories": "=Invoices!$A$2:$A$3", "values": "=Invoices!$D$2:$D$3"})
        chart.add_series({"values": "=Invoices!$D$2:$D$2"})
        chart.add_series({"values": "=Other!$D$2:$D$3"})
        other.insert_chart("C1", chart)

    added_row(invoices_book(path, fill))
    parts = {name: text.decode() for name, text in parts_of(path).items() if name.endswith(".xml")}
    sheet, other, chart = parts[SHEET], parts["xl/worksheets/sheet2.xml"], parts["xl/charts/chart1.xml"]
    assert re.findall('<dataValidation [^>]*sqref="([^"]*)"', sheet) == ["B2:B4", "C3:C4", "A2"]
    assert re.findall("<formula1>(.*?)</formula1>", sheet)[0] == "$D$2:$D$4"
    assert re.findall('<conditionalFormatting sqref="([^"]*)"', sheet) == ["A2:D4", "D2:D4", "F2:F3"]
    assert "<formula>$D2&gt;$D$3</formula>" in sheet
    assert re.findall("<xm:sqref>(.*?)</xm:sqref>", sheet) == ["D2:D4", "F1"]
    assert re.findall("<xm:f>(.*?)</xm:f>", sheet) == ["Invoices!D2:D4"]
    assert re.findall("<xm:f>(.*?)</xm:f>", other) == ["Invoices!A3:D3"]
    assert re.findall("<formula1>(.*?)</formula1>", other) == ["Invoices!$A$2:$A$4"]
    assert re.findall("<c:f>(.*?)</c:f>", chart) == [
        "Invoices!$D$1", "Invoices!$A$2:$A$4", "Invoices!$D$2:$D$4", "Invoices!$D$2:$D$2", "Other!$D$2:$D$3",
    ]  # fmt: skip


def test_a_sparkline_in_the_only_row_of_a_table_stays_in_its_cell(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Invoices")
        page.add_table("A1:B2", {"name": "Invoices", "columns": [{"header": "invoice_id"}, {"header": "trend"}]})
        page.write("A2", "A1")
        page.add_sparkline("B2", {"range": "Invoices!D2:F2"})
    added_row(path, invoice_id=["A2"])
    assert re.findall("<xm:sqref>(.*?)</xm:sqref>", parts_of(path)[SHEET].decode()) == ["B2"]


@pytest.mark.parametrize(
    ("source", "expected", "is_refreshed"),
    [
        ('name="Invoices"', 'name="Invoices"', True),
        ('ref="A1:D3" sheet="Invoices"', 'ref="A1:D4" sheet="Invoices"', True),
        ('ref="A1:E4" sheet="Invoices"', 'ref="A1:E4" sheet="Invoices"', True),
        ('ref="A1:D3" sheet="Other"', 'ref="A1:D3" sheet="Other"', False),
        ('ref="A9:D12" sheet="Invoices"', 'ref="A9:D12" sheet="Invoices"', False),
        ('name="Amounts"', 'name="Amounts"', True),
        ('name="AllOfThem"', 'name="AllOfThem"', True),
        ('name="Elsewhere"', 'name="Elsewhere"', False),
        ('ref="Sheet!odd" sheet="Invoices"', 'ref="Sheet!odd" sheet="Invoices"', False),
    ],
)
def test_a_pivot_over_what_was_changed_is_refreshed_and_grows(
    path: Path, source: str, expected: str, is_refreshed: bool
) -> None:
    def fill(book: Any, page: Any) -> None:
        book.add_worksheet("Other").write("A1", 1)
        book.define_name("Amounts", "=Invoices!$D$1:$D$3")
        book.define_name("AllOfThem", "=Invoices[#All]")
        book.define_name("Elsewhere", "=Other!$A$1:$D$3")

    parts = parts_of(invoices_book(path, fill))
    cache = "xl/pivotCache/pivotCacheDefinition1.xml"
    parts[cache] = (
        f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}"><cacheSource type="worksheet"><worksheetSource {source}/>'
        '</cacheSource><cacheFields count="0"/></pivotCacheDefinition>'
    ).encode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml"
    parts[TYPES] = parts[TYPES].replace(
        b"</Types>", f'<Override PartName="/{cache}" ContentType="{kind}"/></Types>'.encode()
    )
    added_row(packed(path, parts))
    text = parts_of(path)[cache].decode()
    assert re.findall("<worksheetSource (.*?)/>", text) == [expected]
    assert ('refreshOnLoad="1"' in text) == is_refreshed


def test_formulas_that_name_the_rows_by_address_are_named_and_left_alone(path: Path) -> None:
    def fill(book: Any, page: Any) -> None:
        other = book.add_worksheet("My sums")
        for row, formula in enumerate(
            (
                "=SUM(Invoices!D2:D3)",
                "=SUM(Invoices[amount])",
                "=Invoices!D3",
                "=SUM(Invoices!$A$1:$D$3)",
                "=SUM(Invoices!D:D)",
            ),
            1,
        ):
            other.write_formula(f"B{row}", formula, None, 30)
        page.write_formula("F9", "=MAX(D2:D3)", None, 20)

    path = invoices_book(path, fill)
    book = added_row(path)
    assert book.receipt is not None
    assert set(book.receipt.remarks) == {
        Remark("formula_not_stretched", "Invoices", where) for where in ("My sums!B1", "My sums!B4", "Invoices!F9")
    }
    assert openpyxl.load_workbook(path)["My sums"]["B1"].value == "=SUM(Invoices!D2:D3)"


def test_a_filter_that_is_on_stays_on_and_the_new_rows_are_visible(path: Path) -> None:
    def fill(book: Any, page: Any) -> None:
        page.set_row(2, None, None, {"hidden": True})
        page.set_row(3, 30, None, {"hidden": True})

    path = invoices_book(path, fill)
    changed(
        path,
        lambda text: text.replace(
            '<autoFilter ref="A1:D3"/>',
            f'<autoFilter ref="A1:D3"{FILTER_ON}',
        ),
        TABLE,
    )
    book = added_row(path)
    assert book.receipt is not None
    assert book.receipt.remarks == (Remark("filter_stays_on", "Invoices", "Invoices"),)
    sheet = openpyxl.load_workbook(path)["Invoices"]
    assert sheet.tables["Invoices"].autoFilter.ref == "A1:D4"
    assert len(sheet.tables["Invoices"].autoFilter.filterColumn) == 1
    assert [bool(sheet.row_dimensions[row].hidden) for row in (2, 3, 4)] == [False, True, False]
    assert sheet.row_dimensions[4].height == 30


def test_rows_written_into_blank_ones_that_a_filter_hides_are_shown(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Invoices")
        columns = [{"header": "invoice_id"}, {"header": "amount"}]
        page.add_table("A1:B4", {"name": "Invoices", "columns": columns})
        page.write_row("A2", ["A1", 1])
        page.set_row(2, None, None, {"hidden": True})
        page.set_row(3, None, None, {"hidden": True})
    changed(path, lambda text: text.replace('<autoFilter ref="A1:B4"/>', f'<autoFilter ref="A1:B4"{FILTER_ON}'), TABLE)
    book = added_row(path, invoice_id=["A2"])
    assert book.receipt is not None
    assert book.receipt.remarks == (Remark("filter_stays_on", "Invoices", "Invoices"),)
    sheet = openpyxl.load_workbook(path)["Invoices"]
    assert [bool(sheet.row_dimensions[row].hidden) for row in (3, 4)] == [False, True]


def test_a_button_that_a_filter_hides_is_no_filter(path: Path) -> None:
    path = invoices_book(path)
    button = '<filterColumn colId="1" hiddenButton="1"/>'
    changed(
        path, lambda text: text.replace('<autoFilter ref="A1:D3"/>', f'<autoFilter ref="A1:D3">{button}</autoFilter>'), TABLE
    )
    book = added_row(path)
    assert book.receipt is not None
    assert book.receipt.remarks == ()
    assert button in parts_of(path)[TABLE].decode()


def test_calculated_columns_are_filled_as_excel_fills_them(path: Path) -> None:
    def fill(_: Any, page: Any) -> None:
        page.add_table(
            "A1:F3",
            {
                "name": "Invoices",
                "columns": [
                    *({"header": each} for each in HEADERS),
                    {"header": "gross", "formula": "=[@amount]*1.19"},
                    {"header": "running"},
                ],
            },
        )
        for row in (2, 3):
            page.write_row(f"A{row}", [f"A{row}", "C1", 45000, row])
            page.write_formula(f"F{row}", f"=SUM(D$2:D{row})", None, row)

    with xlsxwriter.Workbook(path) as book:
        fill(book, book.add_worksheet("Invoices"))
    running = "<calculatedColumnFormula>SUM(D$2:D2)</calculatedColumnFormula></tableColumn>"
    changed(path, lambda text: re.sub(r'(name="running")/>', rf"\1>{running}", text), TABLE)
    added_row(path, invoice_id=["A3", "A4"], amount=[4, 5])
    sheet = openpyxl.load_workbook(path)["Invoices"]
    assert [sheet[f"F{row}"].value for row in (4, 5)] == ["=SUM(D$2:D4)", "=SUM(D$2:D5)"]
    assert [sheet[f"E{row}"].value for row in (4, 5)] == ["=[[#This Row],amount]*1.19"] * 2


def test_a_calculated_column_of_array_formulas_gets_array_formulas(path: Path) -> None:
    def fill(_: Any, page: Any) -> None:
        page.add_table("A1:E3", {"name": "Invoices", "columns": [{"header": each} for each in (*HEADERS, "best")]})
        for row in (2, 3):
            page.write_row(f"A{row}", [f"A{row}", "C1", 45000, row])
            page.write_array_formula(f"E{row}:E{row}", f"{{=MAX(D$2:D{row}*1)}}", None, row)

    with xlsxwriter.Workbook(path) as book:
        fill(book, book.add_worksheet("Invoices"))
    best = '<calculatedColumnFormula array="1">MAX(D$2:D2*1)</calculatedColumnFormula></tableColumn>'
    changed(path, lambda text: re.sub(r'(name="best")/>', rf"\1>{best}", text), TABLE)
    added_row(path, invoice_id=["A3", "A4"], amount=[4, 5])
    sheet = openpyxl.load_workbook(path)["Invoices"]
    made = [sheet[f"E{row}"].value for row in (4, 5)]
    assert [(each.t, each.ref, each.text) for each in made] == [
        ("array", "E4", "=MAX(D$2:D4*1)"),
        ("array", "E5", "=MAX(D$2:D5*1)"),
    ]


# What is refused


def refusal_of(path: Path, add: Callable[[FileBook], None]) -> str:
    before = path.read_bytes()
    book = FileBook(path)
    with pytest.raises(NoRoom) as refused:  # noqa: PT012  # by the edit, or when all of them are carried out
        add(book)
        book.save()
    assert path.read_bytes() == before
    assert "\n" not in str(refused.value)
    return str(refused.value)


def append_one(book: FileBook) -> None:
    book.append_rows(INVOICES, {"invoice_id": ["A3"]})


@pytest.mark.parametrize(
    ("fill", "where"),
    [
        pytest.param(lambda book, page: page.write("B4", "note"), "B4", id="content"),
        pytest.param(lambda book, page: page.write_formula("C4", '=""', None, ""), "C4", id="a formula that shows nothing"),
        pytest.param(lambda book, page: page.merge_range("C4:C6", ""), "C4:C6", id="a merge"),
        pytest.param(
            lambda book, page: page.write_dynamic_array_formula("B9", "=SEQUENCE(2)", None, 1), None, id="elsewhere"
        ),
        pytest.param(
            lambda book, page: page.write_array_formula("C4:D5", "{=ROW(1:2)}", None, 1), "C4", id="an array formula"
        ),
        pytest.param(
            lambda book, page: page.write_array_formula("D4:F5", "{=ROW(1:2)}", None, 1), "D4", id="one that reaches beyond"
        ),
    ],
)
def test_what_is_in_the_way_below_is_named_and_nothing_written(path: Path, fill: Fill, where: str | None) -> None:
    invoices_book(path, fill)
    if where is None:
        append_one(book := FileBook(path))
        book.save()
    else:
        assert re.search(rf"\b{where}\b", refusal_of(path, append_one))


def test_an_error_that_was_pasted_below_is_in_the_way(path: Path) -> None:
    path = invoices_book(path, lambda _, page: page.write("B4", 1))
    changed(path, lambda text: text.replace('<c r="B4"><v>1</v></c>', '<c r="B4" t="e"><v>#N/A</v></c>'), SHEET)
    assert "B4" in refusal_of(path, append_one)


def test_cells_that_a_formula_fills_are_not_updated(path: Path) -> None:
    path = invoices_book(path, lambda _, page: page.write_array_formula("B2:B3", "{=ROW(1:2)}", None, 1))
    refused = refusal_of(path, lambda book: book.update_rows(INVOICES, [1], {"customer_id": ["C2"]}))
    assert "Invoices!B2" in refused
    book = FileBook(path)
    book.update_rows(INVOICES, [1], {"amount": [7]})
    book.save()
    assert by_header(FileBook(path).read_table("Invoices"))["amount"] == [10, 7]


def with_totals(path: Path, formula: str, fill: Fill = lambda book, page: None) -> Path:
    def filled(book: Any, page: Any) -> None:
        page.write("A4", "Total")
        page.write_formula("D4", formula, book.add_format({"bold": True}), 30)
        fill(book, page)

    invoices_book(path, filled)
    return changed(
        path, lambda text: text.replace('ref="A1:D3" totalsRowShown="0"', 'ref="A1:D4" totalsRowCount="1"'), TABLE
    )


def test_a_totals_row_does_not_move_onto_merged_cells(path: Path) -> None:
    with_totals(path, "=SUBTOTAL(109,Invoices[amount])", lambda _, page: page.merge_range("A5:B5", ""))
    assert "A5:B5" in refusal_of(path, append_one)


def test_what_covers_a_table_with_its_totals_still_does(path: Path) -> None:
    def fill(book: Any, page: Any) -> None:
        page.print_area("A1:D4")
        page.write_comment("D4", "checked")
        book.add_worksheet("Other").write_formula("A1", "=Invoices!D4", None, 30)

    with_totals(path, "=SUBTOTAL(109,Invoices[amount])", fill)
    book = added_row(path, invoice_id=["A3", "A4"], amount=[30, 40])
    sheet = openpyxl.load_workbook(path)["Invoices"]
    assert sheet["D6"].value == "=SUBTOTAL(109,Invoices[amount])"
    assert (sheet["D4"].value, sheet["D5"].value) == (30, 40)
    assert sheet.print_area == "'Invoices'!$A$1:$D$6"
    assert sheet["D6"].comment is not None
    assert sheet["D4"].comment is None
    # The formula elsewhere shows an amount now where it showed the total.
    assert book.receipt is not None
    assert Remark("formula_not_stretched", "Invoices", "Other!A1") in book.receipt.remarks


# Values


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_text_that_begins_like_a_formula_is_marked_as_a_text(path: Path, sign: str) -> None:
    path = invoices_book(path)
    book = FileBook(path)
    book.append_rows(INVOICES, {"invoice_id": [f"{sign}1+1"], "customer_id": ["C1"]})
    book.update_rows(INVOICES, [0], {"customer_id": [f"{sign}HYPERLINK(1)"]})
    book.write_table(OPEN_ITEMS, {"item_id": ["a", "b"], "name": [f"{sign}cmd|' /C calc'!A0", "plain"]})
    book.save()
    workbook = openpyxl.load_workbook(path)
    cells = [
        workbook["Invoices"]["A4"],
        workbook["Invoices"]["B2"],
        *(cell for cell in workbook["Open items"][2] if cell.value and str(cell.value).startswith(sign)),
    ]
    assert len(cells) == 3
    for cell in cells:
        assert cell.data_type == "s"
        assert cell.quotePrefix
    assert not workbook["Invoices"]["B3"].quotePrefix
    assert not workbook["Open items"]["A3"].quotePrefix


# Results that are out of date


def figures(book: Any, page: Any) -> None:
    """Formulas with wrong results stored, so that whoever works them out is seen to do so."""
    own, chain, other = (book.add_worksheet(name) for name in ("Own", "Chain", 'Bob\'s "x"'))
    book.define_name("Amounts", "=Invoices[amount]")
    book.define_name("Twice", "=2*SUM(Amounts)")
    book.define_name("Own!Local", "=Invoices!$D$2")
    stale = [
        "=SUM(Invoices[amount])",
        "=SUM(Amounts)",
        "=Twice",
        "=Local",
        "=Invoices!D2*2",
        "=SUM(Invoices!D:D)",
        "=A1+1",
        "=Chain!A1",
        "=COUNTA(Invoices[#Data])",
    ]
    kept = [
        "=SUM(Invoices[customer_id])",
        "=1+1",
        "=SUM(Own!F1:F9)",
        '="Invoices!D2"',
        "=Invoices!F9",
        "=SUM(Invoices!A9:D9)",
    ]
    for column, formulas in enumerate((stale, kept)):
        for row, formula in enumerate(formulas):
            own.write_formula(row, column, formula, None, 99)
    # A chain against the order in which cells stand, longer than any run over them.
    for row in range(1, 41):
        chain.write_formula(f"A{row}", f"=A{row + 1}" if row < 40 else "=Invoices!D2", None, 99)
    chain.write_formula("B1", "=B2", None, 99)
    other.write_formula("A1", "=Chain!A1", None, 99)
    other.write_formula("A2", "=1", None, 99)


STALE = {"Own": {f"A{row}" for row in range(1, 10)}, "Chain": {f"A{row}" for row in range(1, 41)}, 'Bob\'s "x"': {"A1"}}


def results(path: Path) -> dict[str, set[str]]:
    """Sheet → formulas whose result is stored."""
    workbook = openpyxl.load_workbook(path, data_only=True)
    formulas = openpyxl.load_workbook(path)
    return {
        sheet.title: {
            cell.coordinate
            for row in sheet.iter_rows()
            for cell in row
            if formulas[sheet.title][cell.coordinate].data_type == "f" and cell.value is not None
        }
        for sheet in workbook.worksheets
    }


def test_only_what_depends_on_a_changed_cell_loses_its_result(path: Path) -> None:
    path = invoices_book(path, figures)
    before = results(path)
    book = FileBook(path)
    book.update_rows(INVOICES, [0], {"amount": [15]})
    book.save()
    after = results(path)
    kept = {sheet: before[sheet] - STALE.get(sheet, set()) for sheet in before}
    # Of a table, the row that was changed counts as changed.
    kept["Own"] -= {"B1"}
    assert after == kept


@pytest.mark.skipif(not has_libreoffice(), reason="LibreOffice is not installed")
def test_libreoffice_works_out_what_was_taken_away_and_keeps_the_rest(path: Path, tmp_path: Path) -> None:
    path = invoices_book(path, figures)
    book = FileBook(path)
    book.update_rows(INVOICES, [0], {"amount": [15]})
    book.save()
    assert opens_in_libreoffice([path], tmp_path / "office") == {path: True}
    own = openpyxl.load_workbook(tmp_path / "office" / "out" / "0000.xlsx", data_only=True)["Own"]
    assert [own[f"A{row}"].value for row in range(1, 9)] == [35, 35, 70, 15, 30, 35, 36, 15]


def test_shared_formulas_lose_the_results_of_those_that_depend_only(path: Path) -> None:
    def fill(_: Any, page: Any) -> None:
        for row in (1, 2, 3):
            page.write_formula(f"F{row}", f"=D{row}", None, 99)

    path = invoices_book(path, fill)

    def shared(text: str) -> str:
        text = text.replace("<f>D1</f>", '<f t="shared" si="0" ref="F1:F3">D1</f>')
        return re.sub("<f>D[23]</f>", '<f t="shared" si="0"/>', text)

    changed(path, shared, SHEET)
    book = FileBook(path)
    book.update_rows(INVOICES, [1], {"amount": [15]})
    book.save()
    assert results(path)["Invoices"] == {"F1", "F2"}
    assert openpyxl.load_workbook(path)["Invoices"]["F3"].value == "=D3"


@pytest.mark.parametrize("touches_a_formula", [False, True])
def test_the_calculation_chain_goes_only_when_formulas_changed(path: Path, touches_a_formula: bool) -> None:
    def fill(_: Any, page: Any) -> None:
        page.write_formula("D2", "=5", None, 5)
        page.write_formula("F2", "=D2", None, 5)
        page.write_formula("F4", "=D2", None, 5)

    parts = parts_of(invoices_book(path, fill))
    parts["xl/calcChain.xml"] = f'<calcChain xmlns="{MAIN}"><c r="D2" i="1"/><c r="F2"/><c r="F4"/></calcChain>'.encode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    parts[TYPES] = parts[TYPES].replace(
        b"</Types>", f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/></Types>'.encode()
    )
    parts[LINKS] = parts[LINKS].replace(
        b"</Relationships>",
        f'<Relationship Id="rId99" Type="{OFFICE}/calcChain" Target="calcChain.xml"/></Relationships>'.encode(),
    )
    packed(path, parts)
    book = FileBook(path)
    book.update_rows(INVOICES, [0], {"amount" if touches_a_formula else "customer_id": ["C9"]})
    book.append_rows(INVOICES, {"invoice_id": ["A3"]})  # a formula stands beside its row
    book.save()
    after = parts_of(path)
    assert ("xl/calcChain.xml" in after) != touches_a_formula
    assert (b"calcChain" in after[TYPES]) != touches_a_formula
    assert (b"calcChain" in after[LINKS]) != touches_a_formula
    assert b'fullCalcOnLoad="1"' in after[BOOK]
