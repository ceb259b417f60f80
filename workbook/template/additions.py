"""What a new workbook holds besides its sheets, when it is to do more: parts whose meaning is known to who adds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook

from workbook.package.draft import Draft
from workbook.package.packing import packed
from workbook.package.parts import CONTENT_TYPES, Parts, elements, folded

WORKBOOK_PART = "/xl/workbook.xml"
PACKAGE = "/"


@dataclass(frozen=True)
class Addition:
    """A part of the package, to which ``owner`` points as ``relationship``. Without a type its ending tells it."""

    part: str
    content: bytes
    relationship: str
    owner: str = WORKBOOK_PART
    content_type: str = ""


@dataclass(frozen=True)
class Additions:
    """``content_type``: what the workbook then is. ``code_names``: what code calls the workbook, and its first sheet.

    ``hidden_sheets``: title → what stands in its first two columns, a pair a row.
    """

    suffix: str
    content_type: str
    parts: tuple[Addition, ...]
    code_names: tuple[str, str]
    hidden_sheets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def add_sheets_and_names(workbook: Workbook, additions: Additions) -> None:
    """What openpyxl knows of them: the names for code, and the hidden sheets behind all others."""
    workbook.code_name, first = additions.code_names
    workbook.worksheets[0].sheet_properties.codeName = first
    for title, pairs in additions.hidden_sheets.items():
        sheet = workbook.create_sheet(title)
        sheet.sheet_state = "hidden"
        for row, pair in enumerate(pairs.items(), start=1):
            for column, text in enumerate(pair, start=1):
                sheet.cell(row, column, text).data_type = "s"


def with_parts(package: bytes, additions: Additions, *, path: Path) -> bytes:
    """The package with the parts that openpyxl does not know; ``path`` is what messages call it."""
    draft = Draft(Parts(path, package))
    for each in additions.parts:
        if each.content_type:
            draft.add(each.part, each.content, each.content_type)
        else:
            draft.put(each.part, each.content)
        draft.relate(each.owner, each.part, each.relationship)
    with draft.editing(CONTENT_TYPES) as types:
        for each_type in elements(types):
            if folded(each_type.get("PartName") or PACKAGE) == folded(WORKBOOK_PART):
                each_type.set("ContentType", additions.content_type)
    return packed(draft)
