"""The formulas in the cells of a sheet: read, moved with their cell, and freed from the others that share them.

A shared formula is spelled once, in its first cell; the others name it by number. Before a cell of such a group is
overwritten or moved, each cell of the group gets a formula of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, unescape

from workbook.addresses import Area, address
from workbook.package.formula_refs import moved
from workbook.package.sheet_draft import SheetDraft
from workbook.package.sheet_rows import CellXml, joined

_FORMULA = re.compile(rb"<((?:\w[\w.-]*:)?)f(?=[\s/>])([^<>]*?)(?:/>|>([^<]*)</\1f\s*>)")
_VALUE = re.compile(rb"<((?:\w[\w.-]*:)?)v(?=[\s/>])[^<>]*?(?:/>|>[^<]*</\1v\s*>)")
_KIND = re.compile(rb"""\bt\s*=\s*["']([A-Za-z]+)["']""")
_GROUP = re.compile(rb"""\bsi\s*=\s*["']([0-9]+)["']""")
_REF = re.compile(rb"""(\bref\s*=\s*["'])[^"']*""")
_SHARED_ATTRIBUTES = re.compile(rb"""\s(?:t|si|ref)\s*=\s*["'][^"']*["']""")
_REFERENCE = re.compile(rb"""((?:^|\s)r\s*=\s*["'])[^"']*""")
_TYPE = re.compile(rb"""\st\s*=\s*["'][^"']*["']""")
_ENTITIES = {"&quot;": '"', "&apos;": "'"}


def has_formula(cell: CellXml) -> bool:
    return _FORMULA.search(cell.content) is not None


def formula_text(cell: CellXml) -> str:
    """The formula that a cell spells itself, without the equals sign; "" where it spells none."""
    found = _FORMULA.search(cell.content)
    return unescape((found[3] or b"").decode(), _ENTITIES) if found else ""


def is_shared(cell: CellXml) -> bool:
    found = _FORMULA.search(cell.content)
    kind = _KIND.search(found[2]) if found else None
    return kind is not None and kind[1] == b"shared"


def moved_cell(cell: CellXml, prefix: str, from_row: int, to_row: int) -> bytes:
    """The cell in another row of its column: the cells that its formula names by their distance move with it."""
    place = address(to_row, cell.column).encode()
    attributes = _REFERENCE.sub(rb"\g<1>" + place, cell.attributes)
    if attributes == cell.attributes and not _REFERENCE.search(attributes):
        attributes = b' r="' + place + b'"' + attributes
    content = _FORMULA.sub(lambda found: _moved_formula(found, place, to_row - from_row), cell.content)
    return element(prefix, attributes, content)


def _moved_formula(found: re.Match[bytes], place: bytes, rows: int) -> bytes:
    text = moved(unescape((found[3] or b"").decode(), _ENTITIES), rows)
    attributes = _REF.sub(rb"\g<1>" + place, found[2])
    name = found[1] + b"f"
    return b"<" + name + attributes + b">" + escape(text).encode() + b"</" + name + b">"


def without_value(cell: CellXml, prefix: str) -> bytes:
    """The cell without its stored result, which whoever opens the workbook works out."""
    return element(prefix, _TYPE.sub(b"", cell.attributes), _VALUE.sub(b"", cell.content))


def element(prefix: str, attributes: bytes, content: bytes) -> bytes:
    """A cell from its attributes and its content."""
    name = prefix.encode() + b"c"
    if not content:
        return b"<" + name + attributes.rstrip() + b"/>"
    return b"<" + name + attributes.rstrip() + b">" + content + b"</" + name + b">"


def unshare(sheet: SheetDraft, area: Area) -> None:
    """Give every cell of a shared formula its own, for each group that has a cell in the area."""
    if not sheet.rows.holds(b"shared"):
        return
    groups = {_group(cell) for _, cell in _shared_cells(sheet, area.first_row, area.last_row) if _is_inside(cell, area)}
    if not groups:
        return
    masters: dict[bytes, tuple[int, int, str]] = {}
    for row, cell in _shared_cells(sheet, 1, sheet.rows.last_row):
        if formula_text(cell):
            masters[_group(cell)] = row, cell.column, formula_text(cell)
    for row, _ in [*sheet.rows.rows(1, sheet.rows.last_row)]:
        apart = sheet.taken_apart(row)
        cells = [_with_own_formula(sheet, row, cell, masters, groups) for cell in apart.cells]
        if cells != [cell.xml for cell in apart.cells]:
            sheet.put_row(row, joined(sheet.opening(row, apart.attributes), cells, apart.rest, sheet.prefix))


def _shared_cells(sheet: SheetDraft, first: int, last: int) -> Iterator[tuple[int, CellXml]]:
    for row, xml in sheet.rows.rows(first, last):
        if b"shared" in xml:
            yield from ((row, cell) for cell in sheet.cells(row).values() if is_shared(cell))


def _is_inside(cell: CellXml, area: Area) -> bool:
    return area.first_column <= cell.column <= area.last_column


def _group(cell: CellXml) -> bytes:
    found = _GROUP.search(cell.content)
    return found[1] if found else b""


def _with_own_formula(
    sheet: SheetDraft, row: int, cell: CellXml, masters: dict[bytes, tuple[int, int, str]], groups: set[bytes]
) -> bytes:
    if not is_shared(cell) or _group(cell) not in groups or _group(cell) not in masters:
        return cell.xml
    from_row, from_column, text = masters[_group(cell)]
    own = escape(moved(text, row - from_row, cell.column - from_column)).encode()

    def spelled(found: re.Match[bytes]) -> bytes:
        name = found[1] + b"f"
        return b"<" + name + _SHARED_ATTRIBUTES.sub(b"", found[2]) + b">" + own + b"</" + name + b">"

    return element(sheet.prefix, cell.attributes, _FORMULA.sub(spelled, cell.content))
