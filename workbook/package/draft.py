"""A package as it will be: the parts as read, with some changed, added or taken away.

Whatever is not changed here is copied from the file byte for byte when the draft is packed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from isal import isal_zlib
from lxml import etree

from workbook.package.parts import (
    CONTENT_TYPES,
    ContentTypes,
    Parts,
    Relationship,
    folded,
    in_utf8,
    related_in,
    relationships_of,
)
from workbook.refusals import DamagedWorkbook

_CONTENT_TYPES_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"


# A tenth of the time of zlib's level 6, for parts a sixth larger; only what changed is compressed anew.
_LEVEL = 2


@dataclass(frozen=True)
class Deflated:
    """The bytes of a part as a zip holds them: a sheet takes a tenth of its room so."""

    crc: int
    size: int
    packed: bytes

    @classmethod
    def of(cls, pieces: Iterable[bytes]) -> Deflated:
        """The bytes that the pieces make together, which are never held as a whole."""
        packer = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -isal_zlib.MAX_WBITS)
        packed, crc, size = [], 0, 0
        for piece in pieces:
            crc, size = isal_zlib.crc32(piece, crc), size + len(piece)
            packed.append(packer.compress(piece))
        return cls(crc, size, b"".join([*packed, packer.flush()]))

    def text(self) -> bytes:
        """The bytes as they were."""
        return isal_zlib.decompress(self.packed, -isal_zlib.MAX_WBITS, self.size)


class Draft:
    """The parts of a package while it is edited. Raises DamagedWorkbook where what an edit needs is missing."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._contents: dict[str, Deflated | None] = {}  # by folded name; None: taken away
        self._names: dict[str, str] = {}  # folded name → the part's, of those that are new

    def __contains__(self, part: str) -> bool:
        return self._contents[folded(part)] is not None if folded(part) in self._contents else part in self.parts

    def __iter__(self) -> Iterator[str]:
        """The names of all parts that there will be."""
        yield from (part for part in self.parts if part in self)
        yield from self.added

    @property
    def changed(self) -> dict[str, Deflated]:
        """Parts of the file with other bytes, by folded name."""
        return {name: text for name, text in self._contents.items() if text is not None and name in self.parts}

    def is_new_or_changed(self, part: str) -> bool:
        """Whether a part has other bytes than in the file."""
        return self._contents.get(folded(part)) is not None

    @property
    def added(self) -> dict[str, Deflated]:
        """New parts, by the name that they get."""
        return {
            self._names[name]: text for name, text in self._contents.items() if text is not None and name not in self.parts
        }

    @property
    def removed(self) -> list[str]:
        """Folded names of the parts of the file that are taken away."""
        return [name for name, text in self._contents.items() if text is None and name in self.parts]

    def read(self, part: str) -> bytes:
        """A part's bytes as they will be, in UTF-8."""
        if folded(part) not in self._contents:
            return self.parts.read(part)
        text = self._contents[folded(part)]
        if text is None:
            raise DamagedWorkbook(self.parts.path, f"part {part} is missing")
        return in_utf8(text.text())

    def xml(self, part: str) -> etree._Element:
        """The root element of a part as it will be."""
        return self.parts.parsed(part, self.read(part))

    def put(self, part: str, text: bytes | Iterable[bytes]) -> None:
        """Give a part, new or not, its bytes, whole or in pieces. Raises TooLarge."""
        deflated = Deflated.of([text] if isinstance(text, bytes) else text)
        what = f"bytes of part {part} to be written"
        self.parts.limits.refuse(self.parts.path, "output_bytes", deflated.size, what)
        self._contents[folded(part)] = deflated
        if part not in self.parts:
            self._names.setdefault(folded(part), part)

    @contextmanager
    def editing(self, part: str) -> Iterator[etree._Element]:
        """The root element of a part, to be changed in place; the part is as it was where nothing was changed."""
        root = self.xml(part)
        before = etree.tostring(root.getroottree())
        yield root
        if etree.tostring(root.getroottree()) != before:
            self.put(part, serialised(root))

    def add(self, part: str, text: bytes, content_type: str) -> None:
        """A part that was not there."""
        self.put(part, text)
        with self.editing(CONTENT_TYPES) as types:
            etree.SubElement(
                types, f"{{{_CONTENT_TYPES_NAMESPACE}}}Override", PartName=part, ContentType=content_type
            )  # fmt: skip

    def remove(self, part: str, *, owner: str) -> None:
        """Take away a part, with what points to it from ``owner`` and from the list of types."""
        self._contents[folded(part)] = None
        with self.editing(relationships_of(owner)) as relationships:
            gone = {key for key, each in related_in(relationships, owner).items() if folded(each.target) == folded(part)}
            for each in [each for each in relationships if each.get("Id") in gone]:
                relationships.remove(each)
        with self.editing(CONTENT_TYPES) as types:
            for each in [each for each in types if folded(each.get("PartName") or "/") == folded(part)]:
                types.remove(each)

    def content_types(self) -> ContentTypes:
        """What each part is, new ones included."""
        return ContentTypes(self.xml(CONTENT_TYPES))

    def related(self, part: str) -> dict[str, Relationship]:
        """Relationship id → what it points to inside the package."""
        relationships = relationships_of(part)
        return related_in(self.xml(relationships), part) if relationships in self else {}

    def relate(self, owner: str, target: str, type_: str) -> str:
        """Let ``owner`` point to ``target``; answers the relationship's id."""
        relationships = relationships_of(owner)
        if relationships not in self:
            empty = etree.Element(f"{{{_RELATIONSHIPS_NAMESPACE}}}Relationships", nsmap={None: _RELATIONSHIPS_NAMESPACE})  # type: ignore[dict-item]  # None is the default
            self.put(relationships, serialised(empty))
            self._ensure_ending("rels", RELATIONSHIPS_TYPE)
        with self.editing(relationships) as root:
            taken = {each.get("Id") for each in root}
            # An owner that names a relationship which is not there must not get this one for it.
            named = self.read(owner) if owner in self else b""
            keys = (f"rId{number}" for number in count(1))
            key = next(key for key in keys if key not in taken and f'"{key}"'.encode() not in named)
            relative = posixpath.relpath(target, posixpath.dirname(owner))
            etree.SubElement(
                root, f"{{{_RELATIONSHIPS_NAMESPACE}}}Relationship", Id=key, Type=type_, Target=relative
            )  # fmt: skip
        return key

    def _ensure_ending(self, ending: str, content_type: str) -> None:
        if self.parts.content_types().has_ending(ending):
            return
        with self.editing(CONTENT_TYPES) as types:
            types.insert(
                0, etree.Element(f"{{{_CONTENT_TYPES_NAMESPACE}}}Default", Extension=ending, ContentType=content_type)
            )  # fmt: skip

    def free_name(self, pattern: str) -> str:
        """``/xl/worksheets/sheet{}.xml`` → the first of these names, from sheet1 on, that no part has, nor had."""
        taken = {folded(part) for part in self.parts} | self._contents.keys()
        names = (pattern.format(number) for number in count(1))
        return next(name for name in names if folded(name) not in taken)


def serialised(root: etree._Element) -> bytes:
    """A part's bytes."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
