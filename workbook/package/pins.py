"""What is pinned to a cell by its address and not part of it: notes, threaded comments, links. They move with their row."""

from __future__ import annotations

import re
from collections.abc import Callable

from workbook.addresses import Area, address
from workbook.package.draft import Draft
from workbook.package.parts import Parts, Relationship, children, elements
from workbook.package.sheet_draft import SheetDraft

Place = tuple[int, int]
Moves = Callable[[Place], Place | None]
"""Where what is pinned to (row, column) goes; None: it is taken off."""

_CLIENT = re.compile(
    rb"<(?:\w+:)?ClientData\b[^<>]*ObjectType\s*=\s*[\"']Note[\"']"
    rb"(?:[^<]|<(?!/?(?:\w+:)?ClientData))*+</(?:\w+:)?ClientData\s*>"
)
_ROW = re.compile(rb"(<(?:\w+:)?Row>\s*)([0-9]+)(\s*</)")
_COLUMN = re.compile(rb"(<(?:\w+:)?Column>\s*)([0-9]+)(\s*</)")
_ANCHOR = re.compile(rb"(<(?:\w+:)?Anchor>)([^<]*)(</)")
_SHAPE = re.compile(rb"<((?:\w[\w.-]*:)?)shape(?=[\s>])(?:[^<]|<(?!/?\1shape[\s>]))*+</\1shape\s*>")


def notes(package: Parts | Draft, part: str) -> dict[Place, str]:
    """What staff pinned to the cells of a sheet: (row, column) → the text of its note."""
    found: dict[Place, str] = {}
    for each in _related(package, part, "comments"):
        for comment in children(package.xml(each.target), "commentList", "comment"):
            text = "".join(
                str(text.text or "") for text in comment.iter() if isinstance(text.tag, str) and _is_text(str(text.tag))
            )
            found[_place(comment.get("ref", ""))] = text
    return found


def move_notes(draft: Draft, sheet: SheetDraft, moves: Moves) -> None:
    """Move notes, threaded comments and the boxes that show them; what does not move keeps its bytes."""
    standing = notes(draft, sheet.part)
    if all(moves(place) == place for place in standing):
        return
    for each in _related(draft, sheet.part, "comments"):
        with draft.editing(each.target) as root:
            for comments in children(root, "commentList"):
                _move_refs([*elements(comments)], moves)
    for each in _related(draft, sheet.part, "threadedComment"):
        with draft.editing(each.target) as root:
            _move_refs([*elements(root)], moves)
    for each in _related(draft, sheet.part, "vmlDrawing"):
        text = draft.read(each.target)
        moved = _SHAPE.sub(lambda found: _moved_shape(found[0], moves), text)
        if moved != text:
            draft.put(each.target, moved)


def _related(package: Parts | Draft, part: str, kind: str) -> list[Relationship]:
    return [each for each in package.related(part).values() if each.kind == kind and each.target in package]


def _is_text(tag: str) -> bool:
    return tag.rpartition("}")[2] == "t"


def _place(reference: str) -> Place:
    area = Area.parse(reference)
    return area.first_row, area.first_column


def _move_refs(pinned: list[object], moves: Moves) -> None:
    for each in pinned:
        goes = moves(_place(each.get("ref", "")))  # type: ignore[attr-defined]  # elements
        if goes is None:
            each.getparent().remove(each)  # type: ignore[attr-defined]
        else:
            each.set("ref", address(*goes))  # type: ignore[attr-defined]


def _moved_shape(shape: bytes, moves: Moves) -> bytes:
    client = _CLIENT.search(shape)
    row, column = (pattern.search(client[0]) if client else None for pattern in (_ROW, _COLUMN))
    if client is None or row is None or column is None:
        return shape
    place = int(row[2]) + 1, int(column[2]) + 1
    goes = moves(place)
    if goes is None:
        return b""
    if goes == place:
        return shape
    moved = _ROW.sub(rb"\g<1>%d\g<3>" % (goes[0] - 1), client[0])
    moved = _COLUMN.sub(rb"\g<1>%d\g<3>" % (goes[1] - 1), moved)
    moved = _ANCHOR.sub(lambda found: found[1] + _moved_anchor(found[2], goes[0] - place[0]) + found[3], moved)
    return shape[: client.start()] + moved + shape[client.end() :]


def _moved_anchor(anchor: bytes, rows: int) -> bytes:
    """Left column, offset, top row, offset, right column, offset, bottom row, offset: the box goes as far as its cell."""
    numbers = [each.strip() for each in anchor.split(b",")]
    if len(numbers) != 8 or not all(each.lstrip(b"-").isdigit() for each in numbers):
        return anchor
    for at in (2, 6):
        numbers[at] = b"%d" % max(0, int(numbers[at]) + rows)
    return b", ".join(numbers)


def move_links(sheet: SheetDraft, moves: Moves) -> None:
    """Move the links of single cells; one that is laid over several belongs to the place."""
    for each in [*children(sheet.root, "hyperlinks", "hyperlink")]:
        area = Area.parse(each.get("ref", ""))
        if not area.is_one_cell:
            continue
        goes = moves((area.first_row, area.first_column))
        parent = each.getparent()
        if goes is not None:
            each.set("ref", address(*goes))
        elif parent is not None:
            parent.remove(each)
            if not len(parent) and (above := parent.getparent()) is not None:
                above.remove(parent)  # an empty list is not allowed
