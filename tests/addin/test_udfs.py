"""The functions of cells as Excel calls them: through the real code of xlwings, with everything that a cell may hold."""

from __future__ import annotations

import ast
import datetime as dt
import importlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from addin.vba_names import faults_of_cell_function, faults_of_help, faults_of_name
from tests.excel_stand_in.windows_modules import Time, real_xlwings
from tests.workbook.given_ranges import SMALL, arguments
from workbook.cell_functions import CATALOGUE, MARK, Argument, Holds, answer
from workbook.cell_functions.given_cells import MISSING

ROOT = Path(__file__).resolve().parents[2]
UDFS = "addin.udfs"
NOT_AVAILABLE, DIVISION = -2146826246, -2146826281

DAY = Time(2024, 3, 31, tzinfo=dt.UTC)
"""A date as COM hands it over."""

GOOD: Mapping[Holds, Any] = {
    Holds.DATE: DAY,
    Holds.NUMBER: 120.0,
    Holds.WHOLE: 30.0,
    Holds.RATE: 0.1825,
    Holds.YES_NO: False,
    Holds.TEXT: "net 30",
    Holds.ID: "USD",
    Holds.EDGES: "0;30;60",
    Holds.CALENDAR: ((DAY,),),
}
BY_NAME = {"customer": "C1", "invoice_id": "I2", "basis": 360.0, "from_date": Time(2024, 1, 15, tzinfo=dt.UTC)}

SHAPES: Mapping[str, Any] = {
    "left out": MISSING,
    "blank": None,
    "empty text": "",
    "text": "what?",
    "number": 7.5,
    "negative": -7.0,
    "serial date": 45382.0,
    "datetime": DAY,
    "boolean": True,
    "error cell": NOT_AVAILABLE,
    "newer error": -2146826243,
    "1x1": ((12.0,),),
    "1xn": ((1.0, "x", None),),
    "nx1": ((DAY,), (NOT_AVAILABLE,), (None,)),
    "whole table": SMALL["Invoices"],
}
NOTHING = ("left out", "blank", "empty text")
ERRORS = {"error cell": "#N/A", "newer error": "#SPILL!"}


@pytest.fixture(scope="module")
def udfs() -> Iterator[Any]:
    """xlwings' own module for functions, and ours decorated by it."""
    xlwings: Any = real_xlwings()
    real: Any = importlib.import_module("xlwings.udfs")
    had = xlwings.func, xlwings.arg, xlwings.ret
    xlwings.func, xlwings.arg, xlwings.ret = real.xlfunc, real.xlarg, real.xlret
    real.udf_modules.clear()
    importlib.reload(importlib.import_module(UDFS))
    yield real
    xlwings.func, xlwings.arg, xlwings.ret = had


def good(argument: Argument) -> Any:
    """Something that the argument may hold."""
    if argument.name in BY_NAME:
        return BY_NAME[argument.name]
    if argument.holds is Holds.CHOICE:
        return argument.choices[0]
    return SMALL[argument.table] if argument.holds is Holds.TABLE else GOOD[argument.holds]


def called(udfs: Any, name: str, **changed: Any) -> list[list[Any]]:
    """What comes back to Excel when a function is called with good arguments, but for those that are changed."""
    given = {each.name: MISSING if each.is_optional else good(each) for each in CATALOGUE[name].arguments}
    rows = udfs.call_udf(UDFS, name, list((given | changed).values()), None, None)
    assert isinstance(rows, list)
    assert len({len(row) for row in rows}) == 1, "Excel takes rows of one length"
    for cell in (each for row in rows for each in row):
        assert isinstance(cell, str | float | int | dt.datetime), cell
        assert cell == cell, "no NaN"
    return rows


def faults(rows: list[list[Any]]) -> list[str]:
    return [cell for row in rows for cell in row if isinstance(cell, str) and cell.startswith(MARK)]


EVERY_ARGUMENT = [(name, each) for name, function in CATALOGUE.items() for each in function.arguments]
COSTLY = ("text", "error cell", "whole table")
"""What an optional argument is given of a function that takes tables; its others are tried in full."""

CASES = [
    pytest.param(name, each, shape, id=f"{name}-{each.name}-{shape}")
    for name, each in EVERY_ARGUMENT
    for shape in (COSTLY if CATALOGUE[name].takes_tables and each.is_optional else SHAPES)
]


@pytest.mark.parametrize(("name", "argument", "shape"), CASES)
def test_whatever_a_cell_holds_the_answer_is_a_value_or_a_fault_of_that_argument(
    udfs: Any, name: str, argument: Argument, shape: str
) -> None:
    rows = called(udfs, name, **{argument.name: SHAPES[shape]})
    found = faults(rows)
    if shape in NOTHING:
        may_be_nothing = argument.is_optional or argument.may_be_blank
        assert bool(found) is not may_be_nothing
    if shape in ERRORS:
        assert found, "an error is never taken for a blank"
    if shape in ERRORS and argument.holds is not Holds.TABLE:
        assert all(ERRORS[shape] in each for each in found)
    assert all(each.startswith(f"{MARK} argument {argument.name}") for each in found if "argument" in each)


@pytest.mark.parametrize("name", CATALOGUE)
def test_good_arguments_give_an_answer(udfs: Any, name: str) -> None:
    rows = called(udfs, name)
    assert faults(rows) == []
    assert (len(rows) > 1) is CATALOGUE[name].takes_tables


@pytest.mark.parametrize("name", [name for name, function in CATALOGUE.items() if function.takes_tables])
def test_ranges_of_excel_give_the_rows_of_the_catalogue(udfs: Any, name: str) -> None:
    values = {each.name: good(each) for each in CATALOGUE[name].arguments if not each.is_optional and not each.table}
    mine = answer(CATALOGUE[name], arguments(name, {each: SMALL[each] for each in _required_tables(name)}, **values))
    theirs = called(udfs, name)
    assert [[_plain(cell) for cell in row] for row in theirs] == [[_plain(cell) for cell in row] for row in mine]


def _required_tables(name: str) -> list[str]:
    return [each.table for each in CATALOGUE[name].tables if not each.is_optional]


def _plain(cell: Any) -> Any:
    if isinstance(cell, dt.date):
        return cell.isoformat()[:10]
    return "" if cell is None else cell


def test_a_column_is_answered_in_one_call(udfs: Any) -> None:
    rows = called(udfs, "AR_DAYS_OVERDUE", due_date=((DAY,), (45382.0,), ("2024-03-30",)))
    assert rows == [[0.0], [0.0], [1.0]]


def wrappers(udfs: Any) -> str:
    written = io.StringIO()
    udfs.generate_vba_wrapper(UDFS, sys.modules[UDFS], written, SimpleNamespace(Name="book.xlsm"))
    return written.getvalue()


def test_xlwings_writes_a_wrapper_for_each_function(udfs: Any) -> None:
    text = wrappers(udfs)
    heads = dict(re.findall(r"^Function (\w+)\(([^)]*)\)$", text, re.MULTILINE))
    assert heads == {name: _declared(function.arguments) for name, function in CATALOGUE.items()}
    assert len(re.findall(r"^End Function$", text, re.MULTILINE)) == len(CATALOGUE)
    assert "Volatile" not in text
    assert "Sub " not in text
    for name in CATALOGUE:
        assert f'XLPy.CallUDF("{UDFS}", "{name}", Array(' in text
        assert f"{name} = Err.Description" in text
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 1023


def _declared(of: tuple[Argument, ...]) -> str:
    return ", ".join(f"Optional {each.name}" if each.is_optional else each.name for each in of)


@pytest.mark.parametrize("name", CATALOGUE)
def test_no_name_is_a_cell_or_a_word_of_vba_and_help_is_whole(udfs: Any, name: str) -> None:
    published = getattr(sys.modules[UDFS], name).__xlfunc__
    assert list(faults_of_cell_function(name)) == []
    for each in published["args"]:
        assert list(faults_of_name(each["name"])) == []
    helps = {each["name"]: each["doc"] for each in published["args"]} | {name: published["ret"]["doc"]}
    assert list(faults_of_help(helps)) == []
    assert published["category"] == "Duebook"
    assert published["volatile"] is False
    assert published["async_mode"] is None


LOADING = """
import json, sys
import addin.udfs as udfs
from workbook.cell_functions import CATALOGUE
print(json.dumps({
    "functions": [name for name in CATALOGUE if callable(getattr(udfs, name))],
    "answer": udfs.AR_DSO(12000.0, 9000.0),
    "files": [each.__file__ for name, each in sys.modules.items()
              if name.split(".")[0] in ("addin", "workbook", "functions") and getattr(each, "__file__", None)],
    "windows": sorted({"pythoncom", "win32com", "xlwings.udfs"} & sys.modules.keys()),
}))
"""


def test_the_module_loads_where_decorators_do_nothing_and_needs_nothing_that_is_paid_for() -> None:
    import json

    done = subprocess.run([sys.executable, "-c", LOADING], cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["functions"] == list(CATALOGUE)
    assert told["answer"] == [[120.0]]
    assert told["windows"] == []
    imported = {(Path(file), name) for file in told["files"] for name in _imports_of(Path(file))}
    assert len(told["files"]) > 50, "the imports are walked at all"
    assert [each for each in imported if each[1].startswith(("xlwings.pro", "xlwings.server"))] == []
    assert {file.name for file, name in imported if name.split(".")[0] == "xlwings"} == {"udfs.py"}


def _imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)
