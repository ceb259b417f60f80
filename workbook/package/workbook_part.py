"""The part that lists the sheets: a new one in its place, names, and the order to calculate when the workbook is opened."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from lxml import etree

from workbook.package.draft import Draft
from workbook.package.parts import children, elements, relationship_id

_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/"
_STRICT_RELATIONSHIPS = _STRICT + "officeDocument/relationships"
# What stands before the calculation properties, by the format's order of elements.
_BEFORE_CALCULATION = ("sheets", "functionGroups", "externalReferences", "definedNames")
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")


class WorkbookPart:
    """The workbook part of a draft."""

    def __init__(self, draft: Draft, part: str) -> None:
        self.part = part
        self._draft = draft

    @property
    def is_strict(self) -> bool:
        """Whether it is a strict OOXML workbook, whose namespaces are other ones."""
        return str(self._draft.xml(self.part).tag).startswith("{" + _STRICT)

    @property
    def relationships_namespace(self) -> str:
        return _STRICT_RELATIONSHIPS if self.is_strict else _RELATIONSHIPS

    def related(self, kind: str) -> list[str]:
        """The parts that it points to as ``kind``: styles, calcChain."""
        return [each.target for each in self._draft.related(self.part).values() if each.kind == kind]

    def titles(self) -> list[str]:
        """The names of all sheets, chart sheets included, in the order of their tabs."""
        return [each.get("name", "") for each in children(self._draft.xml(self.part), "sheets", "sheet")]

    def insert_sheet(self, title: str, target: str, at: int, *, is_hidden: bool, names: Mapping[str, str]) -> None:
        """A sheet at a place among the tabs; ``names`` are defined names of its own. What counts tabs counts one more."""
        key = self._draft.relate(self.part, target, f"{self.relationships_namespace}/worksheet")
        with self._draft.editing(self.part) as root:
            sheets = next(children(root, "sheets"))
            standing = [*elements(sheets)]
            sheet = etree.Element(
                etree.QName(standing[0]) if standing else etree.QName(etree.QName(root).namespace, "sheet")
            )
            sheet.set("name", title)
            sheet.set("sheetId", str(1 + max((int(each.get("sheetId", "0")) for each in standing), default=0)))
            if is_hidden:
                sheet.set("state", "hidden")
            sheet.set(f"{{{self.relationships_namespace}}}id", key)
            if at < len(standing):
                standing[at].addprevious(sheet)
            else:
                sheets.append(sheet)
            _count_one_more(root, at)
            for name, text in names.items():
                self._add_name(root, name, text, at)

    def _add_name(self, root: etree._Element, name: str, text: str, sheet: int) -> None:
        names = next(children(root, "definedNames"), None)
        if names is None:
            names = etree.Element(_tag(root, "definedNames"))
            _put_after(root, names, _BEFORE_NAMES)
        added = etree.SubElement(names, _tag(root, "definedName"), name=name, localSheetId=str(sheet))
        added.text = text

    def calculate_on_load(self) -> None:
        """Have every formula worked out anew when Excel opens the workbook."""
        with self._draft.editing(self.part) as root:
            properties = next(children(root, "calcPr"), None)
            if properties is None:
                properties = etree.Element(_tag(root, "calcPr"))
                _put_after(root, properties, _BEFORE_CALCULATION)
            properties.set("fullCalcOnLoad", "1")

    def drop_calculation_chain(self) -> None:
        """Take away Excel's note of the order of formulas, which names cells that may have none now; Excel makes it anew."""
        for target in self.related("calcChain"):
            if target in self._draft:
                self._draft.remove(target, owner=self.part)

    def names(self) -> list[tuple[str, str, str]]:
        """Name, the sheet that it is of ("": all), and its formula."""
        titles = self.titles()
        return [
            (each.get("name", ""), _title(titles, each.get("localSheetId")), each.text or "")
            for each in children(self._draft.xml(self.part), "definedNames", "definedName")
        ]

    def sheet_parts(self) -> dict[str, str]:
        """The name of each worksheet and its part, in the order of their tabs."""
        related = self._draft.related(self.part)
        found = ((each.get("name", ""), related.get(relationship_id(each))) for each in self._sheets())
        return {name: target.target for name, target in found if target is not None and target.kind == "worksheet"}

    def _sheets(self) -> list[etree._Element]:
        return [*children(copy.deepcopy(self._draft.xml(self.part)), "sheets", "sheet")]


def _title(titles: list[str], local: str | None) -> str:
    return titles[int(local)] if local is not None and int(local) < len(titles) else ""


def _count_one_more(root: etree._Element, at: int) -> None:
    """What names a tab by its place names the same one still."""
    for view in children(root, "bookViews", "workbookView"):
        for attribute in ("activeTab", "firstSheet"):
            if int(view.get(attribute, "0")) >= at and view.get(attribute) is not None:
                view.set(attribute, str(int(view.get(attribute, "0")) + 1))
        if at == 0 and view.get("activeTab") is None:
            view.set("activeTab", "1")
    for name in children(root, "definedNames", "definedName"):
        if name.get("localSheetId") is not None and int(name.get("localSheetId", "0")) >= at:
            name.set("localSheetId", str(int(name.get("localSheetId", "0")) + 1))


def _tag(root: etree._Element, name: str) -> str:
    return str(etree.QName(etree.QName(root).namespace, name))


def _put_after(root: etree._Element, added: etree._Element, names: tuple[str, ...]) -> None:
    before = [each for each in elements(root) if etree.QName(each).localname in names]
    before[-1].addnext(added)
