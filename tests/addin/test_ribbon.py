"""The ribbon: a button for every task that Excel offers, each with its macro; what Excel would refuse is not in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from lxml import etree

from addin.ribbon import AREAS, MACROS, NAMESPACE, buttons, custom_ui
from addin.vba_text import committed_modules
from workbook.tasks import TASKS, Area

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "zh-CN")
# MS-CUSTOMUI: what an id is, and how long texts may be.
ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,1023}")
LONGEST = 1024
WITHOUT_A_BUTTON = {"unlock"}  # locks hold of the closed file
OF_A_BUTTON = {"id", "label", "imageMso", "size", "onAction", "screentip", "supertip"}


def elements(language: str, name: str) -> list[etree._Element]:
    return etree.fromstring(custom_ui(language)).findall(f".//{{{NAMESPACE}}}{name}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_part_is_what_the_schema_of_2006_allows(language: str) -> None:
    root = etree.fromstring(custom_ui(language))
    path = []
    for each in root.iter():
        assert etree.QName(each).namespace == NAMESPACE
        path.append(etree.QName(each).localname)
    assert path[:4] == ["customUI", "ribbon", "tabs", "tab"]
    assert set(path[4:]) == {"group", "button"}
    ids = [each.get("id", "") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids)) == len(path) - 3
    assert all(ID.fullmatch(each) for each in ids)
    for button in elements(language, "button"):
        assert set(button.keys()) == OF_A_BUTTON
        assert button.get("size") in ("normal", "large")
        assert all(0 < len(text) <= LONGEST for text in button.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_groups_stand_in_their_order_and_in_the_language_of_the_workbook(language: str) -> None:
    labels = [each.get("label") for each in elements(language, "group")]
    used = {each.area for each in buttons()}
    assert labels == [AREAS[area].in_language(language) for area in Area if area in used]
    assert len(labels) > 3
    words = [each.get(name) or "" for each in elements(language, "button") for name in ("label", "supertip")]
    is_chinese = [bool(re.search("[一-鿿]", word)) for word in words]
    assert all(is_chinese) if language == "zh-CN" else not any(is_chinese)


def test_every_button_of_the_registry_is_shown_once() -> None:
    shown = [each.macro for each in buttons()]
    assert len(shown) == len(set(shown))
    assert {each.macro for task in TASKS for each in task.buttons} <= set(shown)
    on_a_book = {task.name for task in TASKS if task.is_on_book}
    with_a_button = {task.name for task in TASKS if task.buttons}
    assert on_a_book - with_a_button == WITHOUT_A_BUTTON, "whatever works on a workbook is a button"
    assert with_a_button <= on_a_book


def test_every_click_reaches_a_sub_that_runs_one_function() -> None:
    modules = committed_modules()
    callbacks = dict(
        re.findall(r"Sub (\w+)\(control As IRibbonControl\)\r\n    DuebookMacros\.(\w+)", modules["DuebookRibbon"])
    )
    macros = dict(re.findall(r'Sub (\w+)\(\)\r\n    RunPython "import [\w.]+; ([\w.]+)\(\)"', modules["DuebookMacros"]))
    clicked = [each.get("onAction", "") for each in elements("en", "button")]
    assert sorted(clicked) == sorted(callbacks)
    assert sorted(callbacks.values()) == sorted(macros)
    assert sorted(macros.values()) == sorted(f"{each.module}.{each.macro}" for each in buttons())


def functions_of(module: str) -> dict[str, ast.FunctionDef]:
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    if not path.exists():
        pytest.skip(f"there is no {module} yet")
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("module", sorted({each.module for each in buttons()}))
def test_what_a_macro_runs_is_there_and_asks_for_nothing(module: str) -> None:
    # Read, not imported: on this machine Excel's side of xlwings may not be there.
    there = functions_of(module)
    for each in buttons():
        if each.module == module:
            assert each.macro in there, f"{module} has no {each.macro}"
            taken = there[each.macro].args
            assert len(taken.args) - len(taken.defaults) == 0, f"{each.macro} needs arguments"


def test_most_macros_stand_in_one_module() -> None:
    assert sum(each.module == MACROS for each in buttons()) >= len(buttons()) - 1
