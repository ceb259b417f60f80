"""The house holds: addin → workbook → functions, never backwards, and nothing that differs between engines unwrapped."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("functions", "workbook", "addin")


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module, node.lineno


def forbidden(room: str, packages: tuple[str, ...], *, but_for: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(room)
        if path.relative_to(ROOT).as_posix() not in but_for
        for name, line in imports_of(path)
        if name.split(".")[0] in packages
    ]


def test_every_room_has_modules_to_check() -> None:
    assert all(len(modules(room)) > 0 for room in ROOMS)
    assert len(modules("functions")) > 10


def test_arrows_between_rooms_never_run_backwards() -> None:
    assert forbidden("functions", ("workbook", "addin")) == []
    assert forbidden("workbook", ("addin",)) == []


def test_the_addin_is_named_in_the_workbook_room_only_where_a_task_names_its_function() -> None:
    # The registry is a list of what can be asked for, as text; nothing is imported before somebody asks.
    registry = ROOT / "workbook" / "tasks" / "__init__.py"
    named = {path: set(names_of_the_addin(path)) for path in modules("workbook")}
    assert {path for path, found in named.items() if found} == {registry}
    assert {each for each, is_of_a_task in named[registry] if not is_of_a_task} == set()
    for name, _ in named[registry]:
        module, _, function = name.partition(":")
        tree = ast.parse(ROOT.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, name


def names_of_the_addin(path: Path) -> Iterator[tuple[str, bool]]:
    """Texts that name a module of the add-in, and whether each is what a task does."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    of_tasks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "does"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("addin."):
            yield node.value, id(node) in of_tasks


def test_the_workbook_room_works_where_there_is_no_addin() -> None:
    code = (
        "import sys, pkgutil, importlib; sys.modules['addin'] = None; import workbook; "
        "names = [each.name for each in pkgutil.walk_packages(workbook.__path__, 'workbook.')]; "
        "[importlib.import_module(name) for name in names]; print(len(names))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50


def test_the_rules_know_no_files_no_excel_and_no_clock() -> None:
    outside = ("openpyxl", "python_calamine", "lxml", "xlwings", "click", "pathlib", "os", "io", "zipfile", "time", "pandas")
    assert forbidden("functions", outside) == []
    clock = [
        f"{path.name}:{node.lineno}"
        for path in modules("functions")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow")
    ]
    assert clock == []


def test_excel_itself_is_reached_only_from_the_addin_and_the_live_book() -> None:
    assert forbidden("functions", ("xlwings",)) == []
    live = [path.relative_to(ROOT).as_posix() for path in modules("workbook/live")]
    assert forbidden("workbook", ("xlwings",), but_for=("workbook/live_book.py", *live)) == []


def test_files_of_workbooks_are_opened_only_in_the_workbook_room() -> None:
    assert forbidden("addin", ("openpyxl", "python_calamine", "lxml")) == []


def test_no_room_uses_the_paid_parts_of_xlwings() -> None:
    paid = ("xlwings.pro", "xlwings.server")
    found = [name for room in ROOMS for path in modules(room) for name, _ in imports_of(path) if name.startswith(paid)]
    assert found == []


# What means something else on another engine, and where its one wrapped form is (functions/frames.py).
LEAVES_THE_ENGINE = ("collect", "to_native", "to_pandas", "to_polars", "to_arrow", "to_dict", "rows", "iter_rows", "item")


class RawForms(ast.NodeVisitor):
    """Forms on frames that differ between engines, or that leave the caller's engine."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        if name in LEAVES_THE_ENGINE:
            self._add(node, f".{name}() leaves the caller's lazy frame")
        if name == "join" and _is(keywords.get("how"), "left", "full"):
            self._add(node, "a left join turns integers into floats: left_join")
        if name == "concat":
            self._add(node, "nw.concat matches columns by place on one engine: stack")
        if name in ("max_horizontal", "min_horizontal"):
            self._add(node, f"nw.{name} makes floats of an empty pandas frame: largest, smallest")
        if name in ("from_native", "from_dict", "new_series"):
            self._add(node, f"{name} belongs to frames.py: lazy, parameter")
        if name in ("rank", "round", "join_asof", "unpivot", "top_k", "map_batches"):
            self._add(node, f".{name}() differs between engines")
        if name == "lit" and node.args and isinstance(node.args[0], ast.Constant) and not _is_typed(node, keywords):
            self._add(node, "a bare literal's width differs: integer, text")
        if name == "agg":
            for argument in [*node.args, *keywords.values()]:
                self._check_aggregate(argument)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        if isinstance(node.iter, ast.Call) and getattr(node.iter.func, "attr", "") in (
            "iter_rows",
            "itertuples",
            "iterrows",
        ):
            self._add(node, "a loop over rows")
        self.generic_visit(node)

    def _check_aggregate(self, argument: ast.expr) -> None:
        for call in (each for each in ast.walk(argument) if isinstance(each, ast.Call)):
            if _name_of(call) in ("when", "then", "otherwise", "largest", "smallest", "filter"):
                self._add(call, "an expression inside agg() loses its condition on pandas: with_columns first")

    def _add(self, node: ast.AST, why: str) -> None:
        self.found.append((getattr(node, "lineno", 0), why))


def _name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is(node: ast.expr | None, *values: str) -> bool:
    return isinstance(node, ast.Constant) and node.value in values


def _is_typed(node: ast.Call, keywords: dict[str | None, ast.expr]) -> bool:
    is_flag = isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, bool)
    return is_flag or "dtype" in keywords or len(node.args) > 1


def raw_forms(source: str) -> list[tuple[int, str]]:
    visitor = RawForms()
    visitor.visit(ast.parse(source))
    return visitor.found


def test_what_differs_between_engines_is_wrapped_once_in_frames() -> None:
    found = [
        f"functions/{path.name}:{line} {why}"
        for path in modules("functions")
        if path.name != "frames.py"
        for line, why in raw_forms(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "form",
    [
        "a.join(b, on='k', how='left')",
        "nw.concat([a, b])",
        "frame.collect()",
        "frame.to_native()",
        "nw.lit(1)",
        "nw.col('x').rank('dense')",
        "frame.group_by('k').agg(nw.when(c).then(x).sum())",
        "frame.group_by('k').agg(total=largest('a', 'b').sum())",
        "nw.from_native(frame)",
        "nw.max_horizontal('a', 'b')",
    ],
)
def test_the_raw_forms_are_indeed_refused(form: str) -> None:
    assert raw_forms(form) != []


@pytest.mark.parametrize("form", ["nw.lit(True)", "nw.lit(1, dtype=nw.Int64)", "frame.group_by('k').agg(nw.col('x').sum())"])
def test_the_wrapped_forms_are_not(form: str) -> None:
    assert raw_forms(form) == []
