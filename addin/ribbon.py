"""The ribbon: a button for each task that makes sense in Excel, and for what only Excel needs (customUI, 2006).

The part is of 2006 because that one survives other programs that write workbooks; its schema is in MS-CUSTOMUI.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from workbook.table import Words
from workbook.tasks import TASKS, Area, Button

NAMESPACE = "http://schemas.microsoft.com/office/2006/01/customui"

AREAS: dict[Area, Words] = {
    Area.LEDGER: Words("Ledger", "台账"),
    Area.MONTH_END: Words("Month end", "月末"),
    Area.REMINDERS: Words("Reminders", "催款"),
    Area.CASH: Words("Cash", "收款"),
    Area.CREDIT: Words("Credit", "信用"),
    Area.HELP: Words("Help", "帮助"),
}

MACROS = "addin.macros"
DOCTOR = "addin.doctor"

# What is no task of its own on the command line: it needs a workbook that is open.
ONLY_IN_EXCEL: tuple[tuple[str, Button], ...] = (
    (MACROS, Button(
        "go_to_issue", Area.LEDGER, "FindDialog",
        Words("Go to cell", "转到单元格"),
        Words("Go to the cell that the selected row of Issues is about.", "转到“问题”表所选行指向的单元格。"),
    )),
    (MACROS, Button(
        "undo", Area.LEDGER, "Undo",
        Words("Undo last Duebook action", "撤销上一次操作"),
        Words("Put the tables back that the last Duebook action changed.", "恢复上一次 Duebook 操作改动的表。"),
    )),
    (DOCTOR, Button(
        "show_status", Area.HELP, "Help",
        Words("Is all well?", "检查安装"),
        Words(
            "Which Python, Duebook and xlwings run here, what is missing, and how to mend it.",
            "显示所用的 Python、Duebook 与 xlwings 版本、缺少什么以及如何修复。",
        ),
    )),
)  # fmt: skip


@dataclass(frozen=True)
class RibbonButton:
    """A button and the function behind it. ``sub`` is the macro without arguments, ``callback`` what the ribbon calls."""

    module: str
    macro: str
    area: Area
    icon: str
    label: Words
    help: Words

    @property
    def sub(self) -> str:
        return "Duebook" + "".join(word.capitalize() for word in self.macro.split("_"))

    @property
    def callback(self) -> str:
        return f"{self.sub}Clicked"


def buttons() -> list[RibbonButton]:
    """Every button, by area, and within one in the order of the registry."""
    of_tasks = [
        RibbonButton(MACROS, each.macro, each.area, each.icon, each.label or task.label, each.help or task.help)
        for task in TASKS
        for each in task.buttons
    ]
    others = [
        RibbonButton(module, each.macro, each.area, each.icon, each.label, each.help)
        for module, each in ONLY_IN_EXCEL
        if each.label is not None and each.help is not None
    ]
    order = list(Area)
    return sorted([*of_tasks, *others], key=lambda each: order.index(each.area))


def custom_ui(language: str) -> bytes:
    """The part ``customUI/customUI.xml``, its words in ``en`` or ``zh-CN``."""
    return "\n".join([*_lines(language), ""]).encode()


def _lines(language: str) -> Iterator[str]:
    shown = buttons()
    yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    yield f"<customUI xmlns={quoteattr(NAMESPACE)}>"
    yield "  <ribbon>"
    yield "    <tabs>"
    yield '      <tab id="duebookTab" label="Duebook" insertAfterMso="TabView">'
    for area, label in AREAS.items():
        within = [each for each in shown if each.area is area]
        if not within:
            continue
        yield f"        <group id={quoteattr(f'duebook_{area}')} label={quoteattr(label.in_language(language))}>"
        for each in within:
            attributes = {
                "id": f"duebook_{each.macro}",
                "label": each.label.in_language(language),
                "imageMso": each.icon,
                "size": "large",
                "onAction": each.callback,
                "screentip": each.label.in_language(language),
                "supertip": each.help.in_language(language),
            }
            written = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
            yield f"          <button {written}/>"
        yield "        </group>"
    yield "      </tab>"
    yield "    </tabs>"
    yield "  </ribbon>"
    yield "</customUI>"
