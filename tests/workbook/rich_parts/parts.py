"""A package taken apart for tests: its parts by name, the part of each sheet, what an XPath finds in them."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from lxml import etree

NS = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "sle": "http://schemas.microsoft.com/office/drawing/2010/slicer",
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "x15": "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main",
    "xm": "http://schemas.microsoft.com/office/excel/2006/main",
    "tc": "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments",
    "xda": "http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray",
    "v": "urn:schemas-microsoft-com:vml",
    "x": "urn:schemas-microsoft-com:office:excel",
    "cp": "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
}


class Parts:
    """The parts of a package, and the part of each sheet."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as package:
            self.content = {name: package.read(name) for name in package.namelist()}
        targets = self.targets("xl/workbook.xml")
        self.sheets = {
            sheet.get("name", ""): targets[sheet.get(f"{{{NS['r']}}}id", "")][1]
            for sheet in self.workbook("m:sheets/m:sheet")
        }

    def xml(self, part: str) -> etree._Element:
        return etree.fromstring(self.content[part])

    def workbook(self, path: str) -> list[etree._Element]:
        return self.xml("xl/workbook.xml").findall(path, NS)

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationship id → (last word of its type, part), of what a part points to inside the package."""
        folder, name = posixpath.split(part)
        relationships = posixpath.join(folder, "_rels", f"{name}.rels")
        if relationships not in self.content:
            return {}
        return {
            each.get("Id", ""): (
                posixpath.basename(each.get("Type", "")),
                posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/"),
            )
            for each in self.xml(relationships)
            if each.get("TargetMode") != "External"
        }

    def beside(self, sheet: str, kind: str) -> list[str]:
        """The parts of one kind that a sheet points to."""
        return [part for of, part in self.targets(self.sheets[sheet]).values() if of == kind]

    def found(self, where: str, path: str, *, among: Collection[str] | None = None) -> list[str | etree._Element]:
        """What an XPath finds on a sheet, or in every part of a folder of the package, or of those ``among`` which it is."""
        parts = [self.sheets[where]] if where in self.sheets else sorted(self.content)
        parts = parts if among is None else [part for part in parts if part in among]
        roots: list[Any] = [
            self.xml(part)
            for part in parts
            if (where in self.sheets or part.startswith(where)) and part.endswith((".xml", ".vml"))
        ]
        return [each for root in roots for each in root.xpath(path, namespaces=NS)]

    def tables(self) -> dict[str, tuple[str, str]]:
        """Table → its part and its sheet's."""
        return {
            self.xml(part).get("displayName", ""): (part, self.sheets[sheet])
            for sheet in self.sheets
            for part in self.beside(sheet, "table")
        }

    def formulas(self, sheet: str) -> dict[str, str]:
        """Cell → formula."""
        cells = self.xml(self.sheets[sheet]).iterfind(".//m:c[m:f]", NS)
        return {cell.get("r", ""): cell.findtext("m:f", "", NS) for cell in cells}
