"""The VBA of a new workbook: the text that is committed is the text in the project, and nothing that VBA would refuse."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import openpyxl
import pytest
import xlwings

from addin.build import FOLDER, PROJECT, file_name, modules, project
from addin.ribbon import custom_ui
from addin.vba_names import faults_of_cell_function, faults_of_help, faults_of_module, faults_of_name
from addin.vba_text import committed_modules
from tests.addin.vba_parts import as_held, modules_in
from tests.workbook.command import AS_OF, duebook
from tests.workbook.rich_parts.parts import Parts
from workbook.file_book import FileBook
from workbook.schema import TABLES

NAMES = {
    "close": "word of VBA", "Currency": "word of VBA", "to": "word of VBA", "date": "word of VBA", "2nd": "no name",
    "_x": "no name", "金额": "no name", "AR.DSO": "no name", "x" * 256: "255 is the most",
}  # fmt: skip
CELLS = {"AR30": "looks like a cell", "xfd1048576": "looks like a cell", "R1C1": "row and column", "rc": "row and column",
         "C": "row and column"}  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "book.xlsm"
    assert duebook("new", path, "--sample", "--customers", 25, "--invoices", 120, "--as-of", AS_OF).exit_code == 0
    return path


@pytest.mark.parametrize(("name", "fault"), NAMES.items())
def test_a_name_that_vba_refuses_is_found(name: str, fault: str) -> None:
    assert any(fault in each for each in faults_of_name(name))


@pytest.mark.parametrize(("name", "fault"), CELLS.items())
def test_a_function_that_excel_takes_for_a_cell_is_found(name: str, fault: str) -> None:
    assert any(fault in each for each in faults_of_cell_function(name))
    assert list(faults_of_name(name)) == []


@pytest.mark.parametrize("name", ["AR_DSO", "AR_DAYS_OVERDUE", "XFE1", "AR0", "as_of", "DuebookClose"])
def test_a_good_name_is_not(name: str) -> None:
    assert list(faults_of_cell_function(name)) == []


def test_a_module_is_looked_through_whole() -> None:
    text = (
        'Attribute VB_Name = "a_module_whose_name_is_far_too_long"\r\n'
        "Function AR30(currency, Optional a, A)\r\nEnd Function\r\n"
        f'Sub Good()\r\n    x = {"1 + " * 300}1\r\nEnd Sub\r\nSub good()\r\n    MsgBox "应收"\r\nEnd Sub\r\n'
    )
    found = " | ".join(faults_of_module(text, is_for_cells=True))
    for fault in ("31 is the most", "looks like a cell", "'currency' is a word", "'a' is taken", "more than once",
                  "1023 is the most", "not ASCII"):  # fmt: skip
        assert fault in found, fault
    assert list(faults_of_help({"AR_DSO": "x" * 255})) == []
    assert "cuts it after 255" in next(faults_of_help({"AR_DSO": "x" * 256}))


def test_what_is_committed_is_what_the_build_makes() -> None:
    made = modules()
    assert made == committed_modules(), "run: python -m addin.build"
    if find_spec("pyopenvba") is None:
        pytest.skip("pyOpenVBA is not installed")
    assert project(made) == (FOLDER / PROJECT).read_bytes(), "run: python -m addin.build"


def test_the_project_holds_the_committed_text_and_an_empty_module_each_for_the_workbook_and_its_first_sheet() -> None:
    held = modules_in(FOLDER / PROJECT)
    for name, text in committed_modules().items():
        assert as_held(held.pop(name)) == as_held(text), name
    assert sorted(held) == ["Sheet1", "ThisWorkbook"]
    assert all(line.startswith("Attribute ") for text in held.values() for line in text.splitlines())


def test_the_vba_of_xlwings_is_the_installed_one_with_its_licence() -> None:
    text = (FOLDER / file_name("xlwings")).read_bytes()
    assert text == files("xlwings").joinpath("xlwings.bas").read_bytes()
    assert f'XLWINGS_VERSION As String = "{xlwings.__version__}"'.encode() in text
    assert b"BSD 3-clause" in text
    assert b"Zoomer Analytics" in text
    notices = (FOLDER / "LICENSES.txt").read_text("utf-8")
    assert all(name in notices for name in ("Zoomer Analytics", "Tim Hall", "William Smith"))


def test_wrappers_come_from_the_generator_of_xlwings_and_pass_the_lint(tmp_path: Path) -> None:
    (tmp_path / "some_udfs.py").write_text(
        "import xlwings as xw\n"
        "@xw.func\n@xw.arg('sales', ndim=2)\ndef AR_DSO(receivables, sales, days=90):\n    'The \"DSO\".\\n\\nMore.'\n"
        "@xw.func\ndef AR30(currency):\n    '账'\n"
        f"@xw.func\ndef AR_LONG(a):\n    '{'x' * 256}'\n"
    )
    path = os.pathsep.join([str(tmp_path), str(FOLDER.parents[1])])
    done = subprocess.run(
        [sys.executable, "-m", "addin.wrappers", "some_udfs"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        check=True,
    )
    text = done.stdout.decode("ascii")
    assert text.startswith('Attribute VB_Name = "xlwings_udfs"\r\n')
    head = 'Function AR_DSO(receivables, sales, Optional days)\r\nAttribute AR_DSO.VB_Description = "The ""DSO""."\r\n'
    assert head in text
    call = 'AR_DSO = XLPy.CallUDF("some_udfs", "AR_DSO", Array(receivables, sales, days), ThisWorkbook, Application.Caller)'
    assert call in text
    found = list(faults_of_module(text, is_for_cells=True))
    assert found == [
        "'AR30' looks like a cell",
        "argument of AR30: 'currency' is a word of VBA itself",
        "the help of AR_LONG has 256 characters; Excel cuts it after 255",
    ]


def test_a_new_macro_enabled_workbook_holds_the_project_the_ribbon_and_its_own_settings(book: Path) -> None:
    parts = Parts(book)
    content = parts.xml("[Content_Types].xml")
    types = {each.get("PartName"): each.get("ContentType") for each in content}
    assert types["/xl/workbook.xml"] == "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    assert types["/xl/vbaProject.bin"] == "application/vnd.ms-office.vbaProject"
    assert ("vbaProject", "xl/vbaProject.bin") in parts.targets("xl/workbook.xml").values()
    assert ("extensibility", "customUI/customUI.xml") in parts.targets("").values()
    assert parts.content["xl/vbaProject.bin"] == (FOLDER / PROJECT).read_bytes()
    assert parts.content["customUI/customUI.xml"] == custom_ui("en")
    (properties,) = parts.workbook("m:workbookPr")
    assert properties.get("codeName") == "ThisWorkbook"
    named = {title: parts.found(title, "//m:sheetPr/@codeName") for title in parts.sheets}
    assert {title: names for title, names in named.items() if names} == {"Home": ["Sheet1"]}
    workbook = openpyxl.load_workbook(book, keep_vba=True)
    settings = workbook["xlwings.conf"]
    assert settings.sheet_state == "hidden"
    assert {row[0]: row[1] for row in settings.values} == {
        "ADD_WORKBOOK_TO_PYTHONPATH": "False", "UDF MODULES": "addin.udfs", "USE UDF SERVER": "True"
    }  # fmt: skip
    assert modules_in(book) == modules_in(FOLDER / PROJECT)


def test_closing_it_leaves_macros_and_ribbon_as_they_are(book: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed.xlsm"
    assert duebook("close", book, "--as-of", AS_OF, "-o", closed).exit_code == 0
    before, after = Parts(book).content, Parts(closed).content
    for part in ("xl/vbaProject.bin", "customUI/customUI.xml", "_rels/.rels"):
        assert after[part] == before[part]
    assert FileBook(closed).read_table("Aging") is not None


def test_it_is_the_plain_workbook_but_for_what_makes_it_macro_enabled(tmp_path: Path) -> None:
    for name in ("plain.xlsx", "full.xlsm"):
        assert duebook("new", tmp_path / name, "--language", "zh-CN").exit_code == 0
    plain, full = FileBook(tmp_path / "plain.xlsx"), FileBook(tmp_path / "full.xlsm")
    tables = [name for name in TABLES if plain.read_table(name) is not None]
    assert len(tables) > 10
    for name in tables:
        mine, theirs = full.read_table(name), plain.read_table(name)
        assert mine is not None
        assert theirs is not None
        assert mine.columns == theirs.columns
    with zipfile.ZipFile(tmp_path / "full.xlsm") as package:
        assert package.read("customUI/customUI.xml") == custom_ui("zh-CN")


def test_the_same_moment_gives_the_same_bytes(tmp_path: Path) -> None:
    from addin.new_book import new_book

    paths = [tmp_path / name for name in ("a.xlsm", "b.xlsm")]
    for path in paths:
        new_book(path, ran_at=dt.datetime(2024, 5, 1, 9, 0))
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("name", ["book.xls", "book.xlsb", "book"])
def test_a_name_that_excel_would_not_open_is_refused(name: str, tmp_path: Path) -> None:
    result = duebook("new", tmp_path / name)
    assert result.exit_code == 2
    assert "Name it book.xlsx" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def in_libreoffice(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """What LibreOffice makes of the workbook, in its own format, in which the macros are plain text."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("libreoffice")
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "ods",
         "--outdir", str(folder), str(book)],
        capture_output=True, timeout=240, check=True,
    )  # fmt: skip
    with zipfile.ZipFile(folder / "book.ods") as package:
        yield package


def test_libreoffice_opens_it_and_finds_every_macro(in_libreoffice: zipfile.ZipFile) -> None:
    found = {}
    for name in in_libreoffice.namelist():
        if re.fullmatch(r"Basic/\w+/\w+\.xml", name) and not name.endswith(("script-lb.xml", "script-lc.xml")):
            found[Path(name).stem] = in_libreoffice.read(name).decode("utf-8")
    assert {*committed_modules(), "ThisWorkbook", "Sheet1"} <= {*found}
    subs = re.findall(r"Public Sub (\w+)", committed_modules()["DuebookMacros"])
    assert len(subs) > 5
    assert all(f"Sub {sub}()" in found["DuebookMacros"] for sub in subs)
