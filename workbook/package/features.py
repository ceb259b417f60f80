"""What a package holds, counted: a scan of the parts that relationships lead to, whoever wrote them.

Cells are counted in the bytes, as ``sheet_scan.py`` finds them; what stands around them is parsed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from workbook.package.feature_words import FEATURES, INVISIBLE_EXTENSIONS, MADE_ANEW
from workbook.package.parts import Parts, relationships_of
from workbook.refusals import UnreadableWorkbook

OPAQUE = "opaque"
"""The sign of a part, or of a whole package, that cannot be read."""

_NAMED = frozenset(sign for feature in FEATURES.values() for sign in (*feature.signs, *feature.along))
_KNOWN = _NAMED | MADE_ANEW | INVISIBLE_EXTENSIONS
_BY_SIGN: Mapping[str, str] = {sign: code for code, feature in FEATURES.items() for sign in feature.signs}

_EXTENSIBLE = {"chartSpace", "table", "workbook", "worksheet", "wsDr", "styleSheet"}
_PARSED = _EXTENSIBLE | {sign.split("/")[0] for sign in _NAMED if "/" in sign} - {"cells", "vml", "links"}
_WITH_ATTRIBUTE = {sign.partition("@")[0]: sign for sign in _NAMED if "@" in sign}
_UNSET = ("", "0", "false", "off")
# Excel and openpyxl make it from the filters.
_MADE_FROM_FILTERS = "_xlnm._FilterDatabase"

# Here and below no pattern goes back over what it has passed, nor past the next <, as hostile parts are not well-formed.
_ROOT = re.compile(rb"\A(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)", re.DOTALL)
_LINK = re.compile(rb"""/hyperlink["']""")
_OBJECT = re.compile(rb"""<(?:\w+:)?ClientData\s[^<>]*?ObjectType\s*=\s*["'](\w+)""")
_DRAWN = re.compile(rb"<(?:\w+:)?shape\s")
_AS_OPENPYXL_DRAWS = re.compile(rb"""\sstyle\s*=\s*["'][^"'>]*width:144px;\s*height:79px""")


def features(raw: bytes) -> Counter[str]:
    """How many of each feature (a code of ``FEATURES``) the bytes of an .xlsx or .xlsm hold; those with none are left out.

    A part that cannot be read is one of ``opaque_parts``, and so is a package. A part that nothing leads to is not counted.
    """
    return by_feature(signs(raw))


def by_feature(found: Mapping[str, int]) -> Counter[str]:
    """Counts of signs → counts of features."""
    counted: Counter[str] = Counter()
    for sign, count in found.items():
        code = _BY_SIGN.get(sign) or _code_of_unnamed(sign)
        if code and count > 0:
            counted[code] += count
    return counted


def _code_of_unnamed(sign: str) -> str:
    if sign in _KNOWN:
        return ""
    if sign.startswith("part:"):
        return "other_parts"
    return "extensions" if "/ext:" in sign else ""


def signs(raw: bytes) -> Counter[str]:
    """How often each sign (see ``feature_words.py``) is in a package."""
    try:
        parts = Parts(Path("workbook"), raw)
        reached = dict(_reached(parts))
    except UnreadableWorkbook:
        return Counter({OPAQUE: 1})
    counted = Counter(f"part:{kind}" for kind in reached.values())
    texts = [part for part, kind in reached.items() if kind == "sharedStrings"]
    strings = _SharedStrings(b"".join(_read(parts, part) for part in texts[:1]))
    for part, kind in reached.items():
        if relationships_of(part) in parts:
            counted[f"links/{kind}"] += len(_LINK.findall(_read(parts, relationships_of(part))))
        if kind not in ("sharedStrings", "pivotCacheRecords"):  # large, and nothing is counted in them
            counted.update(_signs_of_part(parts, part, strings))
    return counted


def _reached(parts: Parts) -> Iterator[tuple[str, str]]:
    """Every part that relationships lead to from the package, and the kind of the first that does."""
    seen, waiting = {"/"}, ["/"]
    while waiting:
        part = waiting.pop(0)
        try:
            related = parts.related(part)
        except UnreadableWorkbook:
            if part == "/":
                raise
            continue
        for each in related.values():
            if each.target in parts and each.target.casefold() not in seen:
                seen.add(each.target.casefold())
                waiting.append(each.target)
                yield each.target, each.kind


def _read(parts: Parts, part: str) -> bytes:
    try:
        return parts.read(part)
    except UnreadableWorkbook:
        return b""


def _signs_of_part(parts: Parts, part: str, strings: _SharedStrings) -> Counter[str]:
    text = _read(parts, part)
    root = _ROOT.match(text)
    name = root[1].decode() if root else ""
    if (not text and parts.member(part).file_size) or (root is None and text.startswith((b"<", b"\xef\xbb\xbf<"))):
        return Counter({OPAQUE: 1})
    if part.casefold().endswith(".vml") or name == "xml":
        return _drawn(text)
    if name not in _PARSED:
        return Counter()
    try:
        if name != "worksheet":
            return _elements(parts.parsed(part, text))
        rest, cells = _apart(text)
        return _elements(parts.parsed(part, rest)) + _cells(cells, strings)
    except UnreadableWorkbook:
        return Counter({OPAQUE: 1})


def _drawn(text: bytes) -> Counter[str]:
    """The objects of an old drawing, which often is no well-formed XML."""
    counted = Counter(f"vml/{kind.decode()}" for kind in _OBJECT.findall(text))
    for shape in _DRAWN.split(text)[1:]:
        kind = _OBJECT.search(shape)
        if kind and kind[1] == b"Note" and not _AS_OPENPYXL_DRAWS.search(b" " + shape):
            counted["vml/Note resized"] += 1
    return counted


def _elements(root: etree._Element) -> Counter[str]:
    """The elements below a root, those within extensions apart."""
    for fallback in list(root.iter("{*}Fallback")):  # says again, for old programs, what its Choice says
        parent = fallback.getparent()
        if parent is not None:
            parent.remove(fallback)
    part = etree.QName(root).localname
    counted: Counter[str] = Counter()
    within = _within_extensions(root, part, counted)
    for element in root.iter("{*}*"):
        name = etree.QName(element).localname
        where = f"{part}/ext/{name}" if element in within else f"{part}/{name}"
        counted[where] += not element.get("name", "").startswith(_MADE_FROM_FILTERS)
        marked = _WITH_ATTRIBUTE.get(where)
        if marked:
            attribute = marked.partition("@")[2]
            counted[marked] += (element.get(attribute, "") if attribute else element.text or "") not in _UNSET
    return counted


def _within_extensions(root: etree._Element, part: str, counted: Counter[str]) -> set[etree._Element]:
    within: set[etree._Element] = set()
    for extension in root.iter("{*}ext"):
        first = next(extension.iterchildren("{*}*"), None)
        if first is not None:
            within.update(extension.iterdescendants("{*}*"))
            counted[f"{part}/ext:{etree.QName(first).localname}"] += 1
    return within


def _apart(text: bytes) -> tuple[bytes, bytes]:
    """A worksheet without its cells, which are nearly all of it, and the cells."""
    start = re.search(rb"<((?:[A-Za-z_][\w.-]*:)?)sheetData(?:\s[^<>]*)?(?<!/)>", text)
    end = text.rfind(b"</" + start[1] + b"sheetData") if start else -1
    if not start or end < start.end():
        return text, b""
    return text[: start.end()] + text[end:], text[start.end() : end]


class _SharedStrings:
    """Which of the shared strings are empty, or have formats or phonetic guides within their text."""

    def __init__(self, part: bytes) -> None:
        texts = re.split(rb"<(?:[A-Za-z_][\w.-]*:)?si(?=[\s/>])", part)[1:] if _ODD_STRING.search(part) else []
        self.empty = {at for at, text in enumerate(texts) if not _FILLED.search(text)}
        self.rich = {at for at, text in enumerate(texts) if _RICH.search(text)}
        self.phonetic = {at for at, text in enumerate(texts) if _PHONETIC.search(text)}
        self.is_odd = bool(self.empty or self.rich or self.phonetic)

    def signs_of(self, indices: list[bytes]) -> Counter[str]:
        """Of the cells that show the strings with these indices."""
        sets = {"cells/value": self.empty, "cells/rich": self.rich, "cells/phonetic": self.phonetic}
        used = Counter(map(int, indices))
        counted = Counter({sign: sum(used[at] for at in which) for sign, which in sets.items()})
        counted["cells/value"] *= -1  # its index is a value, an empty text is none
        return counted


_RICH = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?rPr[\s/>]")
_PHONETIC = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?rPh[\s/>]")
_FILLED = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?t(?:\s[^<>]*)?(?<!/)>(?=[^<])")
_ODD_STRING = re.compile(rb"rPr|rPh|/>\s*</[\w.:-]*si\s*>|></|<[\w.:-]*si\s*/>")


def _cells(text: bytes, strings: _SharedStrings) -> Counter[str]:
    """What is counted in cells and rows. The bytes are searched for what is rare before a pattern goes through them."""
    prefix = re.search(rb"<((?:[A-Za-z_][\w.-]*:)?)row[\s>]", text)
    p = prefix[1] if prefix else b""
    counted: Counter[str] = Counter()

    def found(pattern: bytes, within: bytes = text) -> list[bytes]:
        return re.findall(pattern.replace(b"<:", b"<" + p).replace(b"</:", b"</" + p), within, re.DOTALL)

    counted["cells/value"] = len(found(rb"<:v(?:\s[^<>]*)?(?<!/)>(?=[^<])"))
    if b"<%bf" % p in text:
        results = found(_RESULT + rb"(?=[^<])")
        counted["cells/value"] -= len(results)
        counted["cells/result"] = len(results) + len(found(_EMPTY_RESULT))
        counted["cells/formula"] = len(found(rb"<:f[\s/>]"))
        counted.update(f"cells/{kind.decode()}" for kind in found(rb"""<:f\s[^<>]*?\bt\s*=\s*["'](\w+)"""))
    for attribute in ("cm", "vm"):
        if f" {attribute}=".encode() in text:
            counted[f"cells/{attribute}"] = len(found(rb"""<:c\s[^<>]*?\b%b\s*=\s*["'][1-9]""" % attribute.encode()))
    if b"outlineLevel" in text:
        counted["cells/outline"] = len(found(rb"""<:row\s[^<>]*?outlineLevel\s*=\s*["'][1-9]"""))
    if b"<%bis" % p in text:
        inline = found(rb"<:is(?:\s[^<>]*)?(?<!/)>.*?</:is", text[: text.rfind(b"</%bis" % p) + len(p) + 4])
        counted["cells/value"] += sum(map(bool, map(_FILLED.search, inline))) - len(found(_VALUE_TWICE))
        counted["cells/rich"] = sum(map(bool, map(_RICH.search, inline)))
        counted["cells/phonetic"] = sum(map(bool, map(_PHONETIC.search, inline)))
    counted.update(
        strings.signs_of(found(rb"""["']s["'][^<>]{0,200}>\s*<:v(?:\s[^<>]*)?>\s*(\d+)""")) if strings.is_odd else {}
    )
    return counted


# A formula, and the opening of the value that follows it; <: stands for the prefix of the sheet's own elements.
_RESULT = rb"<:f(?:\s[^<>]*)?(?:(?<=/)>|>[^<]*</:f\s*>)\s*<:v(?:\s[^<>]*?)?(?<!/)>"
_VALUE_TWICE = rb"</:v\s*>\s*<:is[\s>]|</:is\s*>\s*<:v[\s>]"
# An empty text is a result: that of ="".
_EMPTY_RESULT = rb"""["']str["'][^<>]{0,200}>\s*""" + _RESULT.replace(rb"(?<!/)>", rb"(?:/>|></)")
