"""A package made from nothing, as .docx and .xlsx files are: parts, what each is, and which leads to which.

The same parts give the same bytes: members carry no clock.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
RELATIONSHIP_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CORE_PROPERTIES = "docProps/core.xml"

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CONTENT_TYPES = "application/vnd.openxmlformats-"
_CORE_RELATIONSHIP = f"{_PACKAGE}/relationships/metadata/core-properties"
_EPOCH = (2024, 1, 1, 0, 0, 0)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def text_of_xml(text: str) -> str:
    """A text as XML may hold it: one kind of line break, and without the characters that no part may have."""
    return _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def package_bytes(parts: Mapping[str, str], types: Mapping[str, str], *, main: str, title: str, author: str) -> bytes:
    """The file. ``parts``: name → XML, without what is made here: the list of types, the package's own relationships and its
    properties, which hold ``title`` and ``author`` and nothing else. ``types``: name → its type behind
    ``application/vnd.openxmlformats-``. ``main``: the part that a program opens first.
    """
    whole = {
        "[Content_Types].xml": _content_types({**types, CORE_PROPERTIES: "package.core-properties+xml"}),
        "_rels/.rels": relationships((("officeDocument", main), (_CORE_RELATIONSHIP, CORE_PROPERTIES))),
        CORE_PROPERTIES: _core_properties(title, author),
        **parts,
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, text in whole.items():
            package.writestr(zipfile.ZipInfo(name, _EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def relationships(targets: Sequence[tuple[str, str]]) -> str:
    """The part that says where each of ``rId1``, ``rId2``, … leads: (kind, target); the usual kinds by their last word."""
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_spelled_out(kind)}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _spelled_out(kind: str) -> str:
    return kind if ":" in kind else f"{RELATIONSHIP_TYPES}/{kind}"


def _content_types(types: Mapping[str, str]) -> str:
    told = "".join(f'<Override PartName="/{name}" ContentType="{_CONTENT_TYPES}{kind}"/>' for name, kind in types.items())
    return (
        f'{XML}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{_CONTENT_TYPES}package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{told}</Types>'
    )


def _core_properties(title: str, author: str) -> str:
    return (
        f'{XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(text_of_xml(title))}</dc:title><dc:creator>{escape(text_of_xml(author))}</dc:creator>"
        "</cp:coreProperties>"
    )
