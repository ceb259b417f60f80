"""Whatever an office hung on its workbook is there after a close, an import that lets its tables grow, and a reminder run.

A part that a run has no reason to change keeps its bytes. What covered a whole table or column covers the rows that came.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from tests.workbook.command import duebook
from tests.workbook.memory_book import rows_of
from tests.workbook.rich_parts.parts import NS, Parts
from tests.workbook.rich_workbook import (
    BRANCHES,
    NOTE_BESIDE,
    REMARKS,
    STAFF_SHEETS,
    column_of_invoices,
    rich_workbook,
)
from workbook.file_book import FileBook

AS_OF = dt.date(2024, 4, 30)

IMPORTED = {
    "Customers": "customer_id,name,payment_terms,email\nC4,Pier AG,NET30,ap@pier.test\n",
    "Invoices": "invoice_id,customer_id,invoice_date,amount\n"
    "I-109,C4,2024-04-02,1500.00\nI-110,C1,2024-04-09,99.90\nI-111,C4,2024-04-20,60.00\n",
    "Receipts": "receipt_id,customer_id,receipt_date,amount\nR-4,C2,2024-04-15,100.00\nR-5,C3,2024-04-18,75.00\n",
}
LAST_ROW = len(BRANCHES) + 1
LAST_ROW_IMPORTED = LAST_ROW + 3

WRITES = {
    "close": (
        "OpenItems", "Applications", "Aging", "Credit", "Reminders", "RemindersHeld", "Issues", "RunLog",
    ),
    "import": ("Customers", "Invoices", "Receipts", "RunLog"),
    "remind": ("Reminders", "RemindersHeld", "Issues", "ReminderLog", "RunLog"),
}  # fmt: skip
"""The tables that a task writes; a close and a reminder run also bring back the sheet of ReminderItems."""


@dataclass(frozen=True, eq=False)
class Run:
    """The workbook before and after some tasks in a row."""

    tasks: tuple[str, ...]
    path: Path
    before: Parts
    after: Parts
    cells_before: Mapping[str, Mapping[str, object]]

    @property
    def grows(self) -> bool:
        return "import" in self.tasks

    @property
    def last_row(self) -> int:
        """Of Invoices, afterwards."""
        return LAST_ROW_IMPORTED if self.grows else LAST_ROW

    @property
    def adds_a_sheet(self) -> bool:
        return self.tasks != ("import",)


@pytest.fixture(
    scope="module",
    params=[("close",), ("import",), ("remind",), ("close", "import", "remind")],
    ids=["close", "import", "remind", "all in a row"],
)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("rich")
    path = rich_workbook(folder / "book.xlsm")
    before, cells = Parts(path), cells_of(path)
    for task in request.param:
        do(task, path)
    return Run(request.param, path, before, Parts(path), cells)


def do(task: str, book: Path) -> None:
    commands: list[tuple[object, ...]] = [(task, book, "--as-of", AS_OF)]
    if task == "remind":
        commands = [(*commands[0], "--mark-sent")]
    elif task == "import":
        for table, lines in IMPORTED.items():
            (book.parent / f"{table}.csv").write_text(lines)
        commands = [(task, book, book.parent / f"{table}.csv", "--table", table) for table in IMPORTED]
    for command in commands:
        result = duebook(*command)
        assert result.exit_code == 0, result.output


def cells_of(path: Path) -> dict[str, dict[str, object]]:
    """Sheet → cell → value, of the office's own sheets."""
    book = CalamineWorkbook.from_path(path)
    return {
        sheet: {
            f"{chr(ord('A') + across)}{down}": value
            for down, row in enumerate(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False), start=1)
            for across, value in enumerate(row)
        }
        for sheet in STAFF_SHEETS
    }


# The bytes of parts


def sheets_that_come(run: Run) -> set[str]:
    """Those of the tables that a task writes and the workbook does not have yet."""
    come = {"Reminder items"} if run.adds_a_sheet else set()
    if "remind" in run.tasks:
        come |= {"Work list", "Reminder calendar", "Customer behaviour", "Effect of reminders"}
    return come


def parts_that_may_change(run: Run) -> set[str]:
    may = {"xl/workbook.xml", "xl/styles.xml", "xl/calcChain.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}
    tables = run.before.tables()
    for task in run.tasks:
        for table in WRITES[task]:
            may.update(tables[table])
        may.update(tables.get("LastSeen", ()))  # what the run saw of customers
    if "close" in run.tasks:
        # The note on a row of OpenItems moves with it, in both parts that hold it.
        may.update(run.before.beside("Open items", "comments"), run.before.beside("Open items", "vmlDrawing"))
    may.add(run.before.sheets["Home"])  # its figures are formulas over what is written, the run log among it
    if run.adds_a_sheet:
        may.add("docProps/app.xml")
    if run.grows:
        may |= {"xl/charts/chart1.xml"}
        may |= {"xl/pivotCache/pivotCacheDefinition1.xml", "xl/pivotCache/pivotCacheDefinition2.xml"}
    if stale_after(run):
        may.add(run.before.sheets["Dashboard"])
    return may


def test_a_part_that_there_is_no_reason_to_change_keeps_its_bytes(run: Run) -> None:
    may = parts_that_may_change(run)
    changed = [name for name, content in run.before.content.items() if run.after.content.get(name) != content]
    assert [name for name in changed if name not in may] == []


def test_no_part_is_lost_and_only_the_missing_sheet_comes(run: Run) -> None:
    before, after = set(run.before.content), set(run.after.content)
    assert before - after <= {"xl/calcChain.xml"}
    kinds = sorted(posixpath.dirname(name) for name in after - before)
    folders = ["xl/tables", "xl/worksheets", "xl/worksheets/_rels"]
    chart = ["xl/charts", "xl/drawings", "xl/drawings/_rels"] if "remind" in run.tasks else []  # of the effect
    assert kinds == sorted([*folders * len(sheets_that_come(run)), *chart])


def test_the_package_is_whole(run: Run) -> None:
    after = run.after
    types = after.xml("[Content_Types].xml")
    named = [each.get("PartName", "").lstrip("/") for each in types if each.get("PartName")]
    assert len(named) == len(set(named))
    assert set(named) <= set(after.content)
    suffixes = {each.get("Extension") for each in types if each.get("Extension")}
    assert [name for name in after.content if name not in named and name.rpartition(".")[2] not in suffixes] == []
    for part in after.content:
        reached = {target for _, target in after.targets(part).values()}
        assert reached <= set(after.content), part
        if part.endswith(".xml"):
            wanted = {str(each) for each in after.found(part, "//@r:id | //@r:embed")}
            relationships = posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")
            ids = {each.get("Id") for each in after.xml(relationships)} if relationships in after.content else set()
            assert wanted <= ids, part
    assert b"macroEnabled" in after.content["[Content_Types].xml"]


# What was there


@pytest.mark.parametrize(
    ("where", "path"),
    [
        pytest.param("xl/charts/", "//c:ser", id="a chart"),
        pytest.param("Dashboard", "//m:drawing", id="the drawing"),
        pytest.param("xl/drawings/", "//xdr:graphicFrame", id="its frames"),
        pytest.param("xl/drawings/", "//xdr:pic", id="a picture"),
        pytest.param("xl/drawings/", "//xdr:cNvSpPr[@txBox='1']", id="a text box"),
        pytest.param("xl/drawings/", "//xdr:sp[@macro='[0]!Refresh']", id="a shape with a macro"),
        pytest.param("Dashboard", "//m:control[m:controlPr/@macro='[0]!CallList']", id="a button with a macro"),
        pytest.param("xl/ctrlProps/", "/x14:formControlPr", id="its properties"),
        pytest.param("xl/drawings/", "//v:shape[.//x:FmlaMacro]", id="its shape"),
        pytest.param("Dashboard", "//x14:sparkline", id="a sparkline"),
        pytest.param("Dashboard", "//x14:cfRule[@type='dataBar']", id="a data bar of Excel 2010"),
        pytest.param("Invoices", "//x14:cfRule[@type='dataBar']", id="a data bar on a column"),
        pytest.param("Invoices", "//m:cfRule", id="conditional formats"),
        pytest.param("Dashboard", "//x14:dataValidation", id="a list that stands on another sheet"),
        pytest.param("Invoices", "//x14:dataValidation", id="such a list on a column"),
        pytest.param("Invoices", "//m:dataValidation", id="drop-down lists and help"),
        pytest.param("xl/threadedComments/", "//tc:threadedComment", id="a thread of comments"),
        pytest.param("xl/persons/", "//tc:person", id="who wrote them"),
        pytest.param("xl/comments", "//m:comment", id="notes"),
        pytest.param("xl/drawings/", "//x:ClientData[@ObjectType='Note']", id="their boxes"),
        pytest.param("Dashboard", "//m:c[@cm]/m:f[@t='array']", id="dynamic arrays"),
        pytest.param("xl/metadata.xml", "//xda:dynamicArrayProperties", id="what makes them dynamic"),
        pytest.param("Dashboard", "//m:hyperlink", id="a link out of the workbook"),
        pytest.param("Dashboard", "//m:pageSetup/@r:id", id="printer settings"),
        pytest.param("Dashboard", "//m:legacyDrawingHF", id="a picture in the page header"),
        pytest.param("xl/pivotTables/", "//m:dataField", id="pivots"),
        pytest.param("xl/pivotCache/", "//m:cacheField", id="their sources"),
        pytest.param("xl/slicers/", "//x14:slicer", id="slicers"),
        pytest.param("xl/slicerCaches/", "//x14:pivotTable | //x15:tableSlicerCache", id="what they slice"),
        pytest.param("xl/drawings/", "//sle:slicer", id="where they stand"),
        pytest.param("Dashboard", "//x14:slicer", id="a slicer on the sheet"),
        pytest.param("xl/workbook.xml", "//x14:slicerCache | //m:pivotCache", id="the workbook's list of both"),
        pytest.param("Workings", "//m:mergeCell | //m:row[@outlineLevel]", id="merged cells and groups of rows"),
        pytest.param("xl/workbook.xml", "//m:sheet[@state='veryHidden']", id="a sheet that only a macro shows"),
        pytest.param("xl/workbook.xml", "//m:definedName[not(@localSheetId)]", id="names"),
        pytest.param("xl/sharedStrings.xml", "//m:si[m:r]", id="a text in two colours"),
        pytest.param("docProps/custom.xml", "//cp:property", id="a property of the document"),
        pytest.param("customXml/", "//*", id="custom XML"),
    ],
)
def test_it_is_all_there(run: Run, where: str, path: str) -> None:
    count = len(run.before.found(where, path))
    assert count > 0
    assert len(run.after.found(where, path, among=run.before.content)) == count  # a sheet that comes may have its chart


def test_sheets_keep_their_order_ids_and_names_of_their_own(run: Run) -> None:
    def sheets(parts: Parts) -> dict[str, tuple[str | None, str | None]]:
        return {
            each.get("name", ""): (each.get("sheetId"), each.get("state", "visible"))
            for each in parts.workbook("m:sheets/m:sheet")
        }

    def local_names(parts: Parts) -> set[tuple[str | None, str]]:
        order = list(parts.sheets)
        found = parts.workbook("m:definedNames/m:definedName[@localSheetId]")
        return {(each.get("name"), order[int(each.get("localSheetId", ""))]) for each in found}

    before, after = sheets(run.before), sheets(run.after)
    assert [name for name in after if name in before] == list(before)
    assert {name: after[name] for name in before} == before
    assert len({sheet_id for sheet_id, _ in after.values()}) == len(after)
    assert after.keys() - before.keys() == sheets_that_come(run)
    assert local_names(run.before) <= local_names(run.after)


# What covered a whole table or column


@pytest.mark.parametrize(
    ("where", "path", "header"),
    [
        pytest.param("xl/charts/", "//c:cat//c:f/text()", "Invoice ID", id="the categories of a chart"),
        pytest.param("xl/charts/", "//c:val//c:f/text()", "Amount", id="the values of a chart"),
        pytest.param("Dashboard", "//x14:sparkline/xm:f/text()", "Amount", id="a sparkline"),
        pytest.param("xl/workbook.xml", "//m:definedName[@name='InvoiceAmounts']/text()", "Amount", id="a name"),
        pytest.param(
            "Invoices", "//m:dataValidation[contains(m:formula1, 'Yes,No')]/@sqref", "Checked", id="a drop-down list"
        ),
        pytest.param("Invoices", "//x14:dataValidation/xm:sqref/text()", "Branch", id="a list that stands on another sheet"),
        pytest.param("Invoices", "//m:conditionalFormatting/@sqref", "Amount", id="conditional formats"),
        pytest.param("Invoices", "//x14:conditionalFormatting/xm:sqref/text()", "Amount", id="a data bar of Excel 2010"),
    ],
)
def test_what_covered_a_column_covers_the_rows_that_came(run: Run, where: str, path: str, header: str) -> None:
    there = run.before.content
    assert reached(run.before, where, path, there) == {plain(column_of_invoices(header, LAST_ROW))}
    assert reached(run.after, where, path, there) == {plain(column_of_invoices(header, run.last_row))}


def reached(parts: Parts, where: str, path: str, among: Collection[str]) -> set[str]:
    """The ranges, less those of our template's rules, which go to the end of the sheet beforehand."""
    ranges = {plain(str(each)) for each in parts.found(where, path, among=among)}
    return {each for each in ranges if not each.endswith("1048576")}


def plain(reference: str) -> str:
    return reference.replace("$", "").rpartition("!")[2]


@pytest.mark.parametrize(
    ("where", "path"),
    [
        pytest.param("xl/tables/", "/m:table[@displayName='Invoices']/@ref", id="the table"),
        pytest.param("xl/tables/", "/m:table[@displayName='Invoices']/m:autoFilter/@ref", id="its filter"),
        pytest.param(
            "xl/workbook.xml",
            "//m:definedName[@name='_xlnm.Print_Area'][contains(., 'Invoices')]/text()",
            id="the print area",
        ),
        pytest.param("xl/pivotCache/", "//m:worksheetSource/@ref", id="the range of a pivot"),
    ],
)
def test_what_covered_the_table_covers_the_rows_that_came(run: Run, where: str, path: str) -> None:
    right = re.sub(r"\d", "", plain(column_of_invoices("Checked", LAST_ROW)).partition(":")[0])
    assert [plain(str(each)) for each in run.before.found(where, path)] == [f"A1:{right}{LAST_ROW}"]
    assert [plain(str(each)) for each in run.after.found(where, path)] == [f"A1:{right}{run.last_row}"]


def test_what_names_the_table_still_names_it(run: Run) -> None:
    for parts in (run.before, run.after):
        assert parts.found("xl/pivotCache/", "//m:worksheetSource/@name") == ["Invoices"]
        (slicer,) = parts.found("xl/slicerCaches/", "//x15:tableSlicerCache")
        assert isinstance(slicer, etree._Element)
        table = parts.xml(parts.tables()["Invoices"][0])
        assert slicer.get("tableId") == table.get("id")
        column = table.find(f"m:tableColumns/m:tableColumn[@id='{slicer.get('column')}']", NS)
        assert column is not None
        assert column.get("name") == "Branch"


def test_a_print_area_elsewhere_and_a_constant_stay(run: Run) -> None:
    for parts in (run.before, run.after):
        names = {each.text for each in parts.workbook("m:definedNames/m:definedName")}
        assert {"'Dashboard'!$A$1:$L$31", "0.19"} <= names


# The office's own sheets


STALE = {"close": {"B3", "B4", "B6"}, "import": {"B5", "B6", "D3", "D4", "D5"}, "remind": set[str]()}
"""Cells of Dashboard whose result is another one after a task: what looks at OpenItems and Aging, or at Invoices."""


def stale_after(run: Run) -> set[str]:
    return set().union(*(STALE[task] for task in run.tasks))


def test_every_cell_of_the_office_says_what_it_said(run: Run) -> None:
    stale = {("Dashboard", cell) for cell in stale_after(run)}
    after = cells_of(run.path)
    for sheet, cells in run.cells_before.items():
        assert cells
        for cell, value in cells.items():
            shown = after[sheet].get(cell, "")
            assert shown == value or ((sheet, cell) in stale and shown == ""), f"{sheet}!{cell}"


def test_formulas_of_the_office_stay(run: Run) -> None:
    for sheet in STAFF_SHEETS:
        assert run.after.formulas(sheet) == run.before.formulas(sheet)
    assert "SUM(OpenItems[Open])" in run.after.formulas("Dashboard").values()


# What Excel is told to work out anew


def test_excel_works_out_formulas_when_it_opens_the_workbook(run: Run) -> None:
    (properties,) = run.after.workbook("m:calcPr")
    assert properties.get("fullCalcOnLoad") in ("1", "true")


def test_a_pivot_on_a_table_that_grew_is_refreshed(run: Run) -> None:
    definitions = run.after.found("xl/pivotCache/pivotCacheDefinition", "/m:pivotCacheDefinition")
    told = [each.get("refreshOnLoad") for each in definitions if isinstance(each, etree._Element)]
    assert told == (["1", "1"] if run.grows else [None, None])


def test_the_calculation_chain_is_gone_or_names_every_formula(run: Run) -> None:
    after = run.after
    if "xl/calcChain.xml" not in after.content:
        assert "calcChain" not in {kind for kind, _ in after.targets("xl/workbook.xml").values()}
        assert b"calcChain" not in after.content["[Content_Types].xml"]
        return
    named = {(each.get("i"), each.get("r")) for each in after.xml("xl/calcChain.xml")}
    ids = {each.get("name", ""): each.get("sheetId") for each in after.workbook("m:sheets/m:sheet")}
    assert named == {(ids[sheet], cell) for sheet in after.sheets for cell in after.formulas(sheet)}


# Remarks beside rows of ours


def test_a_remark_follows_its_row(run: Run) -> None:
    items = open_items(run.path)
    gone = set(REMARKS) - set(items)
    assert gone == ({"I-104"} if "close" in run.tasks else set())
    for item, (called, remark) in items.items():
        assert (called or None, remark or None) == REMARKS.get(item, (None, None))


def open_items(path: Path) -> dict[str, tuple[object, object]]:
    """Item → what staff wrote beside it."""
    raw = FileBook(path).read_table("OpenItems")
    assert raw is not None
    assert raw.headers[-2:] == ("Called?", "Remark")
    return {str(item): (called, remark) for item, called, remark in zip(raw.columns[0], *raw.columns[-2:], strict=True)}


def test_a_remark_on_a_row_that_is_gone_is_to_be_read_in_issues(run: Run) -> None:
    values = {str(value) for (value,) in rows_of(FileBook(run.path), "Issues", "value")}
    assert ({"yes", "waits for a copy"} <= {word for value in values for word in words_of(value)}) == ("close" in run.tasks)


def words_of(value: str) -> Iterator[str]:
    yield value
    yield from (part.strip() for part in re.split("[:;]", value))


def test_a_note_follows_its_row(run: Run) -> None:
    row = list(open_items(run.path)).index(NOTE_BESIDE)
    (comments,) = run.after.beside("Open items", "comments")
    assert [each.get("ref") for each in run.after.xml(comments).iterfind(".//m:comment", NS)] == [f"X{row + 2}"]
    (boxes,) = run.after.beside("Open items", "vmlDrawing")
    assert [each.text for each in run.after.xml(boxes).iterfind(".//x:ClientData/x:Row", NS)] == [str(row + 1)]


# Another program


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_adds_up_what_was_written(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_ALWAYS_CALCULATE)  # as Excel does where a workbook asks for it
    subprocess.run(
        ["soffice", f"-env:UserInstallation={settings.parents[1].as_uri()}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(tmp_path), str(run.path)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    opened = CalamineWorkbook.from_path(tmp_path / run.path.with_suffix(".xlsx").name)
    shown = opened.get_sheet_by_name("Dashboard").to_python(skip_empty_area=False)
    written = [float(str(cell)) for (cell,) in rows_of(FileBook(run.path), "OpenItems", "open")]
    assert shown[2][1] == pytest.approx(sum(written))
    amounts = [float(str(cell)) for (cell,) in rows_of(FileBook(run.path), "Invoices", "amount")]
    assert shown[4][1] == pytest.approx(sum(amounts))
    assert len(amounts) == run.last_row - 1


_ALWAYS_CALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
