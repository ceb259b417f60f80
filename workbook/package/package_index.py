"""What an .xlsx or .xlsm package holds: its sheets, its tables and where they stand (ECMA-376 parts 1 and 2).

The package is kept as the bytes that were read, once: values, faults and edits then speak of one and the same file.
Names of elements are compared without namespace, so that a strict OOXML file reads like a transitional one.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from workbook.addresses import Area
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
_MOST_MEMBERS = 20_000
_LARGEST_PART = 1 << 30
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# What zipfile raises on a damaged or hostile member, by its source and by fuzzed files.
_BAD_MEMBER = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, struct.error,
)  # fmt: skip


@dataclass(frozen=True)
class TableEntry:
    """An Excel table: its name, the sheet it stands on and its area, header and totals rows included."""

    name: str
    sheet: str
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


@dataclass(frozen=True)
class Package:
    """A workbook's package, as read. ``sheets`` maps the name of each worksheet to its part."""

    path: Path
    raw: bytes
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
        with _Parts(self.path, self.raw) as parts:
            return parts.read(self.sheets[sheet])


def read_package(path: Path) -> Package:
    """The package in a file. Raises a named UnreadableWorkbook that says what the file is instead."""
    raw = _bytes_of(path)
    if raw.startswith(_COMPOUND_FILE):
        raise EncryptedWorkbook(path) if _ENCRYPTED_STREAM in raw else OldWorkbook(path)
    if not raw:
        raise DamagedWorkbook(path, "it is empty")
    return package_of(raw, path)


def package_of(raw: bytes, path: Path) -> Package:
    """The package in the bytes of a zip; ``path`` is what messages call it. Raises UnreadableWorkbook."""
    with _Parts(path, raw) as parts:
        workbook_part, has_macros = _workbook_part(parts)
        related = parts.related(workbook_part)
        sheets: dict[str, str] = {}
        tables: list[TableEntry] = []
        workbook = parts.xml(workbook_part)
        is_1904 = any(each.get("date1904") in ("1", "true") for each in _children(workbook, "workbookPr"))
        for element in _children(workbook, "sheets", "sheet"):
            kind, part = related.get(_relationship_id(element), ("", ""))
            if not kind.endswith("/worksheet"):
                continue
            sheet = element.get("name", "")
            sheets[sheet] = part
            for kind, target in parts.related(part).values():
                if kind.endswith("/table"):
                    tables.append(_table_entry(parts, target, sheet))
    return Package(path, raw, sheets, tuple(tables), has_macros, is_1904)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NoSuchFile(path) from None
    except OSError as error:
        if path.is_dir():
            raise IsAFolder(path) from None
        raise NotReadable(path, error.strerror or str(error)) from error


class _Parts:
    """The parts of a package by name, upper and lower case being one."""

    def __init__(self, path: Path, raw: bytes) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except _BAD_MEMBER as error:
            # A zip that lost its end still begins like one.
            raise (DamagedWorkbook(path, "it is not complete") if raw.startswith(b"PK") else NotAWorkbook(path)) from error
        members = self._zip.infolist()
        if len(members) > _MOST_MEMBERS or any(member.file_size > _LARGEST_PART for member in members):
            raise DamagedWorkbook(path, "it unpacks to more than a workbook can hold")
        self._members = {_part_name(member.filename): member for member in members}

    def __enter__(self) -> _Parts:
        return self

    def __exit__(self, *exception: object) -> None:
        self._zip.close()

    def __contains__(self, part: str) -> bool:
        return _part_name(part) in self._members

    def read(self, part: str) -> bytes:
        if part not in self:
            raise DamagedWorkbook(self.path, f"part {part} is missing")
        try:
            text = self._zip.read(self._members[_part_name(part)])
        except _BAD_MEMBER as error:
            raise DamagedWorkbook(self.path, f"part {part}: {error}") from error
        return _utf8(text) if text[:2] in _UTF16_MARKS else text

    def xml(self, part: str) -> etree._Element:
        # No entities: a workbook has none, and they can be made to grow without end.
        text = self.read(part)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(text, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise DamagedWorkbook(self.path, f"part {part}: {error}") from error
        if b"<!DOCTYPE" in text:
            raise DamagedWorkbook(self.path, f"part {part} declares a document type")
        return root

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationship id → (type, part) of what a part points to inside the package."""
        folder, name = posixpath.split(part)
        relationships = posixpath.join(folder, "_rels", f"{name}.rels")
        if relationships not in self:
            return {}
        return {
            each.get("Id", ""): (each.get("Type", ""), _target(folder, each.get("Target", "")))
            for each in _elements(self.xml(relationships))
            if each.get("TargetMode") != "External"
        }


def _target(folder: str, target: str) -> str:
    """The part that a relationship of a part in ``folder`` points to."""
    return posixpath.normpath(posixpath.join("/", folder, unquote(target).replace("\\", "/")))


def _part_name(name: str) -> str:
    return "/" + name.replace("\\", "/").lstrip("/").casefold()


def _utf8(text: bytes) -> bytes:
    decoded = text.decode("utf-16", errors="replace")
    return re.sub(r"""encoding=["'][^"']*["']""", 'encoding="UTF-8"', decoded, count=1).encode()


def _elements(parent: etree._Element) -> Iterator[etree._Element]:
    return (child for child in parent if isinstance(child.tag, str))


def _children(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The elements reached by a path of local names."""
    reached = [root]
    for name in names:
        reached = [child for parent in reached for child in _elements(parent) if etree.QName(child).localname == name]
    return iter(reached)


def _relationship_id(element: etree._Element) -> str:
    return next((str(value) for name, value in element.attrib.items() if str(name).endswith("}id")), "")


def _workbook_part(parts: _Parts) -> tuple[str, bool]:
    """The part that lists the sheets, and whether the workbook may hold macros."""
    if "/[Content_Types].xml" not in parts:
        raise NotAWorkbook(parts.path)
    targets = [target for kind, target in parts.related("/").values() if kind.endswith("/officeDocument")]
    if not targets:
        raise NotAWorkbook(parts.path)
    types = {
        _part_name(each.get("PartName", "")): each.get("ContentType", "")
        for each in _elements(parts.xml("/[Content_Types].xml"))
    }
    content_type = types.get(_part_name(targets[0]), "")
    if ".binary." in content_type or targets[0].casefold().endswith(".bin"):
        raise BinaryWorkbook(parts.path)
    if "spreadsheetml" not in content_type and etree.QName(parts.xml(targets[0])).localname != "workbook":
        raise NotAWorkbook(parts.path)
    return targets[0], "macroEnabled" in content_type


def _table_entry(parts: _Parts, part: str, sheet: str) -> TableEntry:
    root = parts.xml(part)
    name = root.get("displayName") or root.get("name") or ""
    columns = list(_children(root, "tableColumns", "tableColumn"))
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
        area=area,
        header_rows=header_rows,
        totals_rows=totals_rows,
        columns=tuple(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), column.get("name", "")) for column in columns),
        calculated=frozenset(at for at, column in enumerate(columns) if [*_children(column, "calculatedColumnFormula")]),
    )
