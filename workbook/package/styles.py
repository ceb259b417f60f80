"""The formats of a workbook: looked up by what they look like, added at the end where there is none, never moved.

A cell names its format by its place in the list, so that an entry that moved would change cells that nobody touched.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

from lxml import etree

from workbook.package.draft import Draft, serialised
from workbook.package.parts import children, elements
from workbook.package.workbook_part import WorkbookPart

_FIRST_OWN_NUMBER_FORMAT = 164  # below it stand the formats that every Excel knows
_GENERAL = 0
# The lists that the styles part holds, in the order that the format asks for.
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors")
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_FIRST_ENTRIES = {
    "fonts": '<font><sz val="11"/><name val="Calibri"/></font>',
    "fills": '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
}
"""What Excel takes for granted at the beginning of each list."""
_LISTS_OF_XF = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}


class Styles:
    """The styles part of a draft; written back by ``flush`` if anything was added."""

    def __init__(self, draft: Draft, part: str) -> None:
        self._draft = draft
        self._part = part
        self._root = draft.xml(part)
        self._is_changed = False
        self._quoted: dict[int, int] = {}
        self._formatted: dict[tuple[int, str], int] = {}
        self._copied: dict[str, int] = {}

    @classmethod
    def of(cls, draft: Draft, workbook: WorkbookPart) -> Styles:
        """The formats of a workbook; one that has none gets Excel's plainest."""
        parts = workbook.related("styles")
        if not parts or parts[0] not in draft:
            plain = "/xl/styles.xml"  # openpyxl looks for it by this name
            part = draft.free_name("/xl/styles{}.xml") if plain in draft else plain
            namespace = etree.QName(draft.xml(workbook.part)).namespace or ""
            draft.add(part, f'<styleSheet xmlns="{namespace}"/>'.encode(), _STYLES_TYPE)
            draft.relate(workbook.part, part, f"{workbook.relationships_namespace}/styles")
            parts = [part]
        return cls(draft, parts[0])

    def flush(self) -> None:
        """Put what was added into the draft."""
        if self._is_changed:
            self._draft.put(self._part, serialised(self._root))

    def quoted(self, style: int) -> int:
        """The same format for a text that begins like a formula and stays a text when somebody edits it."""
        if style not in self._quoted:
            xf = copy.deepcopy(self._xf(style))
            xf.set("quotePrefix", "1")
            self._quoted[style] = self._index_of("cellXfs", xf)
        return self._quoted[style]

    def with_number_format(self, style: int, code: str) -> int:
        """The same format with another number format."""
        if (style, code) not in self._formatted:
            xf = copy.deepcopy(self._xf(style))
            xf.set("numFmtId", str(self._number_format(code)))
            xf.set("applyNumberFormat", "1")
            self._formatted[style, code] = self._index_of("cellXfs", xf)
        return self._formatted[style, code]

    def named(self, name: str) -> int | None:
        """The format of cells that a named style gives; None where there is no style of that name."""
        styles = self._list("cellStyles")
        found = None if styles is None else next((each for each in elements(styles) if each.get("name") == name), None)
        if found is None:
            return None
        base = self._entries("cellStyleXfs")[int(found.get("xfId", "0"))]
        xf = copy.deepcopy(base)
        xf.set("xfId", found.get("xfId", "0"))
        for attribute, kind in (
            ("numFmtId", "NumberFormat"),
            ("fontId", "Font"),
            ("fillId", "Fill"),
            ("borderId", "Border"),
        ):
            if xf.get(attribute, "0") != "0":
                xf.set(f"apply{kind}", "1")
        if [*children(xf, "alignment")]:
            xf.set("applyAlignment", "1")
        return self._index_of("cellXfs", xf)

    def name_of(self, style: int) -> str:
        """The named style that a format follows; "" where it follows none."""
        styles = self._list("cellStyles")
        wanted = self._xf(style).get("xfId", "0")
        named = (
            (each.get("name", "") for each in elements(styles) if each.get("xfId") == wanted) if styles is not None else ()
        )
        return next(iter(named), "")

    def importer(self, other: etree._Element) -> Callable[[int], int]:
        """A function from the formats of another workbook's styles to those of this one that look alike."""
        imported: dict[int, int] = {}
        return lambda style: imported[style] if style in imported else imported.setdefault(style, self._import(other, style))

    def _import(self, other: etree._Element, style: int) -> int:
        xf = self._adopted([*children(other, "cellXfs", "xf")][style], other)
        base = [*children(other, "cellStyleXfs", "xf")][int(xf.get("xfId", "0"))]
        named = next(
            (each for each in children(other, "cellStyles", "cellStyle") if each.get("xfId") == xf.get("xfId")), None
        )
        xf.set("xfId", str(self._import_named(named, self._adopted(base, other)) if named is not None else 0))
        return self._index_of("cellXfs", xf)

    def _import_named(self, named: etree._Element, base: etree._Element) -> int:
        for each in self._entries("cellStyles"):
            # Excel's own styles have other names in other languages, and a number.
            is_same_of_excel = each.get("builtinId") is not None and each.get("builtinId") == named.get("builtinId")
            if each.get("name") == named.get("name") or is_same_of_excel:
                return int(each.get("xfId", "0"))
        # A named style has a base of its own, though another may look the same: changing one must not change the other.
        at = self._append("cellStyleXfs", base)
        added = self._renamed(named)
        added.set("xfId", str(at))
        self._append("cellStyles", added)
        return at

    def _adopted(self, xf: etree._Element, other: etree._Element) -> etree._Element:
        """An entry of another workbook's list with the places that fonts, fills and so on have in this one."""
        adopted = self._renamed(xf)
        for attribute, name in _LISTS_OF_XF.items():
            theirs = next(children(other, name))
            each = [*elements(theirs)][int(xf.get(attribute, "0"))]
            adopted.set(attribute, str(self._index_of(name, self._renamed(each))))
        number = int(xf.get("numFmtId", "0"))
        if number >= _FIRST_OWN_NUMBER_FORMAT:
            code = next(
                each.get("formatCode", "")
                for each in children(other, "numFmts", "numFmt")
                if each.get("numFmtId") == str(number)
            )
            adopted.set("numFmtId", str(self._number_format(code)))
        return adopted

    def _renamed(self, element: etree._Element) -> etree._Element:
        """A copy in the namespace of this part: a strict workbook has another one."""
        namespace = etree.QName(self._root).namespace
        copied = copy.deepcopy(element)
        for each in copied.iter():
            if isinstance(each.tag, str):
                each.tag = f"{{{namespace}}}{etree.QName(each).localname}" if namespace else etree.QName(each).localname
        return copied

    def _xf(self, style: int) -> etree._Element:
        entries = self._entries("cellXfs")
        return entries[style] if style < len(entries) else entries[0]

    def _number_format(self, code: str) -> int:
        if code == "General":
            return _GENERAL
        formats = self._list("numFmts")
        taken = (
            {}
            if formats is None
            else {each.get("formatCode", ""): int(each.get("numFmtId", "0")) for each in elements(formats)}
        )
        if code not in taken:
            taken[code] = max([_FIRST_OWN_NUMBER_FORMAT - 1, *taken.values()]) + 1
            added = etree.Element(self._tag("numFmt"), numFmtId=str(taken[code]), formatCode=code)
            self._append("numFmts", added)
        return taken[code]

    def _index_of(self, name: str, wanted: etree._Element) -> int:
        """The place of an entry that looks the same; it is added where there is none."""
        look = _look(wanted)
        for at, each in enumerate(self._entries(name)):
            if _look(each) == look:
                return at
        return self._append(name, wanted)

    def _append(self, name: str, entry: etree._Element) -> int:
        found = self._list(name)
        entries = found if found is not None else self._new_list(name)
        entries.append(entry)
        count = sum(1 for _ in elements(entries))
        entries.set("count", str(count))
        self._is_changed = True
        return count - 1

    def _new_list(self, name: str) -> etree._Element:
        later = _ORDER[_ORDER.index(name) + 1 :]
        added = etree.Element(self._tag(name), count="0")
        following = next((each for each in elements(self._root) if etree.QName(each).localname in (*later, "extLst")), None)
        if following is None:
            self._root.append(added)
        else:
            following.addprevious(added)
        first = etree.fromstring(f"<{name}>{_FIRST_ENTRIES.get(name, '')}</{name}>")
        added.extend([self._renamed(each) for each in first])
        added.set("count", str(len(added)))
        self._is_changed = True
        return added

    def _list(self, name: str) -> etree._Element | None:
        return next(children(self._root, name), None)

    def _entries(self, name: str) -> list[etree._Element]:
        found = self._list(name)
        return [*elements(found if found is not None else self._new_list(name))]

    def _tag(self, name: str) -> str:
        namespace = etree.QName(self._root).namespace
        return f"{{{namespace}}}{name}" if namespace else name


def _look(element: etree._Element) -> tuple[object, ...]:
    """What an element says, without regard to the order of its attributes."""
    inside = tuple(_look(each) for each in elements(element))
    return etree.QName(element).localname, frozenset(_said(element)), (element.text or "").strip(), inside


# Saying that nothing is applied says nothing.
_SAYS_NOTHING = {("patternType", "none"), ("pivotButton", "0"), ("quotePrefix", "0"), ("xfId", "0")}


def _said(element: etree._Element) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        said = (str(name), str(value))
        if said not in _SAYS_NOTHING and not (said[0].startswith("apply") and said[1] in ("0", "false")):
            yield said
