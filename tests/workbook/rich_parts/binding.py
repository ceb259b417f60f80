"""The rich workbook's package put together: what was added is named in it, and two parts that are not XML are made."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping

_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STAMP = (2024, 4, 1, 9, 0, 0)
"""When everything in the package was written."""

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_TYPES = {
    "xl/drawings/drawing": "application/vnd.openxmlformats-officedocument.drawing+xml",
    "xl/charts/": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
    "xl/ctrlProps/": "application/vnd.ms-excel.controlproperties+xml",
    "xl/slicers/": "application/vnd.ms-excel.slicer+xml",
    "xl/slicerCaches/": "application/vnd.ms-excel.slicerCache+xml",
    "xl/threadedComments/": "application/vnd.ms-excel.threadedcomments+xml",
    "xl/persons/": "application/vnd.ms-excel.person+xml",
    "xl/comments1.xml": f"{_SPREADSHEET}comments+xml",
    "xl/sharedStrings.xml": f"{_SPREADSHEET}sharedStrings+xml",
    "xl/metadata.xml": f"{_SPREADSHEET}sheetMetadata+xml",
    "xl/calcChain.xml": f"{_SPREADSHEET}calcChain+xml",
    "xl/pivotTables/": f"{_SPREADSHEET}pivotTable+xml",
    "xl/pivotCache/pivotCacheDefinition": f"{_SPREADSHEET}pivotCacheDefinition+xml",
    "xl/pivotCache/pivotCacheRecords": f"{_SPREADSHEET}pivotCacheRecords+xml",
    "xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
    "customXml/itemProps": "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
}
_DEFAULT_TYPES = {
    "png": "image/png",
    "bin": f"{_SPREADSHEET}printerSettings",
    "vml": "application/vnd.openxmlformats-officedocument.vmlDrawing",
}
_FROM_THE_WORKBOOK = {
    "rId901": (f"{_OFFICE}/pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
    "rId902": (f"{_OFFICE}/pivotCacheDefinition", "pivotCache/pivotCacheDefinition2.xml"),
    "rId903": ("http://schemas.microsoft.com/office/2007/relationships/slicerCache", "slicerCaches/slicerCache1.xml"),
    "rId904": ("http://schemas.microsoft.com/office/2007/relationships/slicerCache", "slicerCaches/slicerCache2.xml"),
    "rId905": (f"{_OFFICE}/sheetMetadata", "metadata.xml"),
    "rId906": (f"{_OFFICE}/calcChain", "calcChain.xml"),
    "rId907": ("http://schemas.microsoft.com/office/2017/10/relationships/person", "persons/person.xml"),
    "rId908": ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
    "rId909": (f"{_OFFICE}/customXml", "../customXml/item1.xml"),
    "rId910": (f"{_OFFICE}/sharedStrings", "sharedStrings.xml"),
}
_AFTER_THE_NAMES = (
    '<calcPr calcId="191029"/>'
    f'<pivotCaches xmlns:r="{_OFFICE}"><pivotCache cacheId="7" r:id="rId901"/><pivotCache cacheId="8" r:id="rId902"/>'
    f'</pivotCaches><extLst xmlns:r="{_OFFICE}"><ext xmlns:x14="{_X14}" uri="{{BBE1A952-AA13-448e-AADC-164F8A28A991}}">'
    f'<x14:slicerCaches><x14:slicerCache r:id="rId904"/></x14:slicerCaches></ext><ext xmlns:x15="{_X15}"'
    f' uri="{{46BE6895-7355-4a93-B00E-2C351335B9C9}}"><x15:slicerCaches xmlns:x14="{_X14}"><x14:slicerCache r:id="rId903"/>'
    "</x15:slicerCaches></ext></extLst>"
)


def bind(parts: dict[str, bytes]) -> None:
    """Say in the package what was added: content types, relationships, and the lists in the workbook part."""
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name in parts
        for start, kind in _TYPES.items()
        if name.startswith(start) and not name.endswith((".rels", ".vml"))
    )
    defaults = "".join(f'<Default Extension="{suffix}" ContentType="{kind}"/>' for suffix, kind in _DEFAULT_TYPES.items())
    content = re.sub(r'<Default Extension="(?:png|vml|bin)"[^>]*/>', "", parts["[Content_Types].xml"].decode())
    content = content.replace(f"{_SPREADSHEET}sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    content = re.sub("(<Types[^>]*>)", rf"\g<1>{defaults}", content, count=1)
    parts["[Content_Types].xml"] = content.replace("</Types>", f"{types}</Types>").encode()
    links = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, (kind, target) in _FROM_THE_WORKBOOK.items()
    )
    relationships = parts["xl/_rels/workbook.xml.rels"].decode()
    parts["xl/_rels/workbook.xml.rels"] = relationships.replace("</Relationships>", f"{links}</Relationships>").encode()
    moment = dt.datetime(*STAMP).isoformat()
    core = re.sub("(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{moment}Z", parts["docProps/core.xml"].decode())
    parts["docProps/core.xml"] = core.encode()
    workbook = parts["xl/workbook.xml"].decode().replace("<workbookPr/>", '<workbookPr codeName="ThisWorkbook"/>')
    parts["xl/workbook.xml"] = re.sub(r"<calcPr[^>]*/>", lambda _: _AFTER_THE_NAMES, workbook).encode()


def picture() -> bytes:
    """A PNG of 64 × 50 dots: a blue mark on white."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    lines = b"".join(
        b"\0" + b"".join(b"\x2e\x75\xb6" if (across // 8 + down // 8) % 2 else b"\xff\xff\xff" for across in range(64))
        for down in range(50)
    )
    header = struct.pack(">IIBBBBB", 64, 50, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def printer_settings() -> bytes:
    """A DEVMODEW structure of Windows: a printer's name, versions, sizes, and A4 landscape."""
    name = "Office printer".encode("utf-16-le").ljust(64, b"\0")
    sizes = struct.pack("<HHHHI", 0x0401, 0, 220, 0, 0x0003)
    return (name + sizes + struct.pack("<hh", 2, 9)).ljust(220, b"\0")


def zipped(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name, content in parts.items():
            member = zipfile.ZipInfo(name, date_time=STAMP)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return packed.getvalue()
