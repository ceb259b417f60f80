"""What an .xlsx or .xlsm package holds: its sheets, its tables and where they stand (ECMA-376 parts 1 and 2).

The package is kept as the bytes that were read, once: values, faults and edits then speak of one and the same file.
Names of elements are compared without namespace, so that a strict OOXML file reads like a transitional one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lxml import etree

from workbook.addresses import Area
from workbook.package.parts import Parts, children, relationship_id
from workbook.refusals import (
    BinaryWorkbook,
    DamagedWorkbook,
    DuplicateTable,
    EncryptedWorkbook,
    IsAFolder,
    NoSuchFile,
    NotAWorkbook,
    NotReadable,
    OldWorkbook,
)

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SIGNATURES = "/_xmlsignatures/"


@dataclass(frozen=True)
class TableEntry:
    """An Excel table: its name, the sheet it stands on and its area, header and totals rows included."""

    name: str
    sheet: str
    part: str
    area: Area
    header_rows: int
    totals_rows: int
    columns: tuple[str, ...]
    calculated: frozenset[int]  # offsets of the columns that Excel fills with a formula

    @property
    def first_row(self) -> int:
        """The sheet row of the first data row."""
        return self.area.first_row + self.header_rows

    @property
    def last_row(self) -> int:
        """The sheet row of the last data row; below ``first_row`` by one when there is none."""
        return self.area.last_row - self.totals_rows

    @property
    def data_area(self) -> Area:
        """The cells of the data rows."""
        return Area(self.first_row, self.area.first_column, self.last_row, self.area.last_column)


@dataclass(frozen=True)
class Package:
    """A workbook's package, as read. ``sheets`` maps the name of each worksheet to its part, in the order of their tabs."""

    path: Path
    raw: bytes
    parts: Parts
    workbook_part: str
    sheets: dict[str, str]
    tables: tuple[TableEntry, ...]
    has_macros: bool
    is_1904: bool  # dates are counted from 1904, as on old Macs

    def table(self, name: str) -> TableEntry | None:
        """The table of that name, upper and lower case being one as in Excel. Raises DuplicateTable."""
        found = [entry for entry in self.tables if entry.name.casefold() == name.casefold()]
        if len(found) > 1:
            raise DuplicateTable(self.path.name, name, [entry.sheet for entry in found])
        return found[0] if found else None

    def sheet_part(self, sheet: str) -> bytes:
        """The XML of a worksheet, in UTF-8. Raises DamagedWorkbook."""
        return self.parts.read(self.sheets[sheet])

    @cached_property
    def is_signed(self) -> bool:
        """Whether the workbook is digitally signed; macros have a signature of their own, which edits leave alone."""
        return any(part.casefold().startswith(_SIGNATURES) for part in self.parts)


def read_package(path: Path) -> Package:
    """The package in a file, gone through once. Raises a named UnreadableWorkbook that says what the file is instead."""
    raw = _bytes_of(path)
    if raw.startswith(_COMPOUND_FILE):
        raise EncryptedWorkbook(path) if _ENCRYPTED_STREAM in raw else OldWorkbook(path)
    if not raw:
        raise DamagedWorkbook(path, "it is empty")
    package = package_of(raw, path)
    package.parts.refuse_damage()
    return package


def package_of(raw: bytes, path: Path) -> Package:
    """The package in the bytes of a zip; ``path`` is what messages call it. Raises UnreadableWorkbook."""
    parts = Parts(path, raw)
    workbook_part, has_macros = _workbook_part(parts)
    related = parts.related(workbook_part)
    sheets: dict[str, str] = {}
    tables: list[TableEntry] = []
    workbook = parts.xml(workbook_part)
    is_1904 = any(each.get("date1904") in ("1", "true") for each in children(workbook, "workbookPr"))
    for element in children(workbook, "sheets", "sheet"):
        found = related.get(relationship_id(element))
        sheet = element.get("name", "")
        if found is None:
            raise DamagedWorkbook(path, f"sheet {sheet} has no part")
        if found.kind != "worksheet":
            continue
        parts.member(found.target)  # a sheet that is listed and not there: a new part could take its name
        sheets[sheet] = found.target
        for each in parts.related(found.target).values():
            if each.kind == "table":
                tables.append(_table_entry(parts, each.target, sheet))
    return Package(path, raw, parts, workbook_part, sheets, tuple(tables), has_macros, is_1904)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NoSuchFile(path) from None
    except OSError as error:
        if path.is_dir():
            raise IsAFolder(path) from None
        raise NotReadable(path, error.strerror or str(error)) from error


def _workbook_part(parts: Parts) -> tuple[str, bool]:
    """The part that lists the sheets, and whether the workbook may hold macros."""
    types = parts.content_types()
    targets = [each.target for each in parts.related("/").values() if each.kind == "officeDocument"]
    if not targets:
        raise NotAWorkbook(parts.path)
    content_type = types.of(targets[0])
    if ".binary." in content_type or targets[0].casefold().endswith(".bin"):
        raise BinaryWorkbook(parts.path)
    if "spreadsheetml" not in content_type and etree.QName(parts.xml(targets[0])).localname != "workbook":
        raise NotAWorkbook(parts.path)
    return targets[0], "macroEnabled" in content_type


def _table_entry(parts: Parts, part: str, sheet: str) -> TableEntry:
    root = parts.xml(part)
    name = root.get("displayName") or root.get("name") or ""
    columns = list(children(root, "tableColumns", "tableColumn"))
    try:
        area = Area.parse(root.get("ref", ""))
        header_rows, totals_rows = int(root.get("headerRowCount", "1")), int(root.get("totalsRowCount", "0"))
    except ValueError as error:
        raise DamagedWorkbook(parts.path, f"table {name}: {error}") from error
    if header_rows not in (0, 1) or totals_rows not in (0, 1) or area.first_row + header_rows > area.last_row + 1:
        raise DamagedWorkbook(parts.path, f"table {name}: {area} has no room for its header and totals rows")
    return TableEntry(
        name=name,
        sheet=sheet,
        part=part,
        area=area,
        header_rows=header_rows,
        totals_rows=totals_rows,
        columns=tuple(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), column.get("name", "")) for column in columns),
        calculated=frozenset(at for at, column in enumerate(columns) if [*children(column, "calculatedColumnFormula")]),
    )
