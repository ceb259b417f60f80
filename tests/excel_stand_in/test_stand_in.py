"""The stand-in does what Excel's documentation says of values that are typed in, and refuses what it does not know."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.excel_stand_in.cells import Cell, ErrorValue, Habits, put
from tests.excel_stand_in.opening import book_of, called_from, xlwings_book
from tests.excel_stand_in.windows_modules import ComError, real_xlwings
from tests.workbook.laid_tables import Laid, workbook_of

THINGS = Laid("Things", ("a", "b"), [("x", 1), ("y", 2)])


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("plain", "plain"), ("00123", 123.0), ("1,234.5", 1234.5), ("5%", 0.05), ("1E3", 1000.0), ("TRUE", True),
        ("#N/A", ErrorValue.of("#N/A")), ("1/2", 45293.0), ("2024-01-31", 45322.0), ("May 2024", 45413.0),
        ("'00123", "00123"), ("'=1+1", "=1+1"), ("  around  ", "  around  "),
    ],
)  # fmt: skip
def test_a_text_is_taken_as_if_it_were_typed(typed: str, becomes: Any) -> None:
    cell = Cell()
    put(cell, typed, Habits())
    assert (cell.value, type(cell.value)) == (becomes, type(becomes))
    assert cell.formula == ""


@pytest.mark.parametrize("typed", ["00123", "=1+1", "TRUE", "1/2", "+49 30 1234"])
def test_a_text_cell_keeps_what_is_typed(typed: str) -> None:
    cell = Cell(number_format="@")
    put(cell, typed, Habits())
    assert (cell.value, cell.formula) == (typed, "")
    put(cell, 5.0, Habits())
    assert cell.value == "5"


def test_what_begins_like_a_formula_is_one_or_is_refused() -> None:
    cell = Cell()
    put(cell, "=A1*2", Habits(formula_results={"=A1*2": 4.0}))
    assert (cell.formula, cell.value) == ("=A1*2", 4.0)
    with pytest.raises(ComError):
        put(cell, "+49 30 1234", Habits())


def test_a_member_that_is_not_there_is_refused_when_read_and_when_set() -> None:
    cells = xlwings_book(book_of(workbook_of(THINGS))).sheets["Things"].range("A1")
    with pytest.raises(ComError, match="Unknown name"):
        _ = cells.api.Frobnicate
    with pytest.raises(ComError, match="Unknown name"):
        cells.api.Frobnicate = 1


def test_calls_are_counted_by_member() -> None:
    model = book_of(workbook_of(THINGS))
    cells = xlwings_book(model).sheets["Things"].range("A1:B3")
    model.excel.calls.clear()
    assert cells.raw_value == (("a", "b"), ("x", 1.0), ("y", 2.0))
    cells.raw_value = [[1, 2]] * 3
    assert model.excel.calls == {"Range.Value": 1, "Range.Value=": 1}


def test_the_caller_is_the_workbook_whose_macro_runs() -> None:
    xlwings = real_xlwings()
    model = book_of(workbook_of(THINGS), name="ledger.xlsm")
    with called_from(model):
        assert xlwings.Book.caller().name == "ledger.xlsm"
    with pytest.raises(Exception, match="must not be called directly"):
        xlwings.Book.caller()


def test_functions_of_cells_run_through_the_real_conversion(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    xlwings = real_xlwings()
    (tmp_path / "cell_functions_of_a_test.py").write_text(
        "from xlwings import udfs\n"
        "@udfs.xlfunc\n"
        "@udfs.xlarg('table', ndim=2)\n"
        "def total(table, rate=2):\n"
        "    return sum(row[0] for row in table) * (rate or 2)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    path = str(tmp_path / "cell_functions_of_a_test.py")
    module = xlwings.udfs.get_udf_module("cell_functions_of_a_test", None)
    assert module["__file__"] == path if isinstance(module, dict) else module.__file__ == path
    assert xlwings.udfs.call_udf("cell_functions_of_a_test", "total", (((1.0,), (2.0,)), 3.0), None, None) == [[9.0]]
    sys.modules.pop("cell_functions_of_a_test", None)
