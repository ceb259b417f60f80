"""The merge fields of a Word template, wherever staff put them; and whether each comes out filled in.

Word cuts a field into runs as it likes and takes it into tables within tables, text boxes, headers and footers. What a
library makes of all that is not guessed at: two letters are merged on trial, and every field must have arrived in both.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_CONTENT_TYPES = "[Content_Types].xml"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_SETTINGS_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings"
_PART = re.compile(r"word/(document|header|footer|footnotes|endnotes|comments)\d*\.xml")
_FIELD = re.compile(r'\s*MERGEFIELD\s+(?:"([^"]*)"|(\S+))', re.IGNORECASE)
MERGED = ("document", "header", "footer")
"""The kinds of parts in which a field is filled in for every letter."""


@dataclass(frozen=True)
class Placed:
    """A field: its name, and the kind of part that it stands in."""

    name: str
    part: str


def placed_fields(content: bytes) -> list[Placed]:
    """The merge fields of a .docx. Raises BadZipFile, XMLSyntaxError; ValueError for a field without an end."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return [field for kind, tree in _parts(package) for field in _fields_of(kind, tree)]


def _parts(package: zipfile.ZipFile) -> Iterator[tuple[str, etree._Element]]:
    for name in package.namelist():
        found = _PART.fullmatch(name)
        if found:
            yield found[1], etree.fromstring(package.read(name))


def _fields_of(kind: str, tree: etree._Element) -> Iterator[Placed]:
    for simple in tree.iter(f"{_W}fldSimple"):
        yield from _named(simple.get(f"{_W}instr", ""), kind)
    open_fields: list[list[str]] = []  # what each says so far; a field within another stands behind it
    for node in tree.iter(f"{_W}fldChar", f"{_W}instrText"):
        if node.tag == f"{_W}instrText":
            if open_fields:
                open_fields[-1].append(node.text or "")
            continue
        mark = node.get(f"{_W}fldCharType")
        if mark == "begin":
            open_fields.append([])
        elif mark == "end":
            if not open_fields:
                raise ValueError("a field ends that does not begin")
            yield from _named("".join(open_fields.pop()), kind)
    if open_fields:
        raise ValueError(f"a field has no end: {''.join(open_fields[-1]).strip()}")


def _named(says: str, kind: str) -> Iterator[Placed]:
    found = _FIELD.match(says)
    if found:
        yield Placed(found[1] if found[1] is not None else found[2], kind)


def marker(name: str, letter: int) -> str:
    """What stands for a field's text in a letter merged on trial; no case, format or break changes it."""
    return f"q{letter}z{name.encode().hex()}z"


def unfilled(fields: Iterable[Placed], merged: bytes, letters: int) -> list[str]:
    """The names of fields that did not arrive in each of so many letters merged on trial, in parts of their kind.

    Of a field within another, as of an IF, nothing arrives: only Word can tell what comes of it, once it is asked to.
    """
    texts = Counter[str]()
    with zipfile.ZipFile(io.BytesIO(merged)) as package:
        held = dict.fromkeys(MERGED, "")
        for kind, tree in _parts(package):
            if kind in held:
                held[kind] += "".join(str(node.text or "") for node in tree.iter(f"{_W}t")).casefold()
    wanted = Counter((each.part, each.name) for each in fields)
    for (part, name), count in wanted.items():
        found = [held.get(part, "").count(marker(name, letter)) for letter in range(letters)]
        texts[name] += sum(each < count for each in found)
    return sorted(name for name, lost in texts.items() if lost)


def with_settings(content: bytes) -> bytes:
    """The same template with the part of settings that merging looks for; Word does without.

    Raises BadZipFile; KeyError for what is no document.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts: Mapping[str, bytes] = {name: package.read(name) for name in package.namelist()}
    types = etree.fromstring(parts[_CONTENT_TYPES])
    told = {each.get("ContentType") for each in types}
    if f"{_WORD}document.main+xml" not in told:
        raise KeyError(_CONTENT_TYPES)
    if f"{_WORD}settings+xml" in told:
        return content
    links = etree.fromstring(parts["word/_rels/document.xml.rels"])
    name = next(each for each in ("settings.xml", "merge-settings.xml") if f"word/{each}" not in parts)
    etree.SubElement(types, f"{_TYPES}Override", PartName=f"/word/{name}", ContentType=f"{_WORD}settings+xml")
    numbers = [int(digits) for each in links for digits in re.findall(r"\d+$", each.get("Id", ""))]
    etree.SubElement(
        links, f"{_LINKS}Relationship", Id=f"rId{max(numbers, default=0) + 1}", Type=_SETTINGS_LINK, Target=name
    )
    settings = etree.Element(f"{_W}settings", nsmap={"w": _W.strip("{}")})
    changed = {
        _CONTENT_TYPES: etree.tostring(types, encoding="UTF-8", xml_declaration=True),
        "word/_rels/document.xml.rels": etree.tostring(links, encoding="UTF-8", xml_declaration=True),
        f"word/{name}": etree.tostring(settings, encoding="UTF-8", xml_declaration=True),
    }
    return _packed({**parts, **changed})


def with_sections_in_order(content: bytes) -> bytes:
    """The same letters, with the kind of each section where the format wants it: before the size of the page."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts: Mapping[str, bytes] = {name: package.read(name) for name in package.namelist()}
    document = etree.fromstring(parts["word/document.xml"])
    for section in document.iter(f"{_W}sectPr"):
        for kind in section.findall(f"{_W}type"):
            before = ("headerReference", "footerReference", "footnotePr", "endnotePr")
            section.remove(kind)
            place = sum(1 for each in section if each.tag in [f"{_W}{name}" for name in before])
            section.insert(place, kind)
    return _packed({**parts, "word/document.xml": etree.tostring(document, encoding="UTF-8", xml_declaration=True)})


def _packed(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return packed.getvalue()
