"""The parts of a package as they stand in the bytes that were read (ECMA-376 part 2, and the zip format beneath it).

Names of parts are compared without case, and a backslash counts as a slash. Nothing is trusted: sizes, checksums, document
types and repeated names are looked at before anybody works on a part.
"""

from __future__ import annotations

import codecs
import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from isal import isal_zlib
from isal.igzip_lib import IsalError
from lxml import etree

from workbook.package.limits import Limits
from workbook.refusals import DamagedWorkbook, DeclaresADocumentType, DuplicateParts, EncryptedWorkbook, NotAWorkbook

CONTENT_TYPES = "/[Content_Types].xml"
_LOCAL_HEADER = struct.Struct("<4s5HIIIHH")
_DIRECTORY_ENTRY = b"PK\x01\x02"
_END = struct.Struct("<4s4H2IH")
_END_OF_ZIP64 = struct.Struct("<4sIQI")
_IS_ENCRYPTED = 0x1
# What zipfile raises on a damaged or hostile directory, by its source and by fuzzed files.
_BAD_ZIP = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, struct.error,
)  # fmt: skip
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SIGNS_OF_FORMULAS = (b"<f>", b"<f ", b":f>", b":f ", b"<f\n", b":f\n", b"<f\t", b"<f\r", b"<f/>", b":f/>")
_DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODING = re.compile(r"""\A(\s*<\?xml[^>]*?encoding\s*=\s*)["'][^"']*["']""")
_SLOW_ENCODINGS = ("idna", "punycode")  # names of hosts: no text, and without end to decode
_TEXTS = "/xl/sharedstrings.xml"  # folded
_LIST_OF_TEXTS = re.compile(rb"<(?:[^\s<>/:]+:)?sst(?=[\s/>])[^<>]*")
_COUNT = re.compile(rb"""[cC]ount\s*=\s*["']\s*\+?0*([0-9]+)""")
_PIECE = 1 << 20  # bytes that are unpacked at once
_AT_ONCE = 4  # members
_HEAD = 1024  # bytes in which a part says what it is


@dataclass(frozen=True)
class Relationship:
    """What a part points to inside the package: ``kind`` is the last word of the type, ``table`` or ``worksheet``."""

    type: str
    target: str

    @property
    def kind(self) -> str:
        return self.type.rpartition("/")[2]


class Parts:
    """Every member of the zip, read when it is asked for. Raises a named UnreadableWorkbook."""

    def __init__(self, path: Path, raw: bytes, limits: Limits | None = None) -> None:
        self.path = path
        self.raw = raw
        self.limits = limits or Limits.from_environment()
        # Before the directory is read: each of its entries takes room.
        self.limits.refuse(path, "members", raw.count(_DIRECTORY_ENTRY), "parts")
        try:
            with zipfile.ZipFile(io.BytesIO(raw)) as package:
                self.members = package.infolist()
        except _BAD_ZIP as error:
            # A zip that lost its end still begins like one.
            raise (DamagedWorkbook(path, "it is not complete") if raw.startswith(b"PK") else NotAWorkbook(path)) from error
        self._refuse_what_is_too_large()
        self._whole: set[str] = set()  # names of members that were gone through
        self._with_formulas: dict[str, bool] = {}
        self._by_name: dict[str, zipfile.ZipInfo] = {}
        for member in self.members:
            if member.flag_bits & _IS_ENCRYPTED:
                raise EncryptedWorkbook(path)
            if is_folder(member):
                continue
            if folded(member.filename) in self._by_name:
                raise DuplicateParts(path, part_name(member.filename))
            self._by_name[folded(member.filename)] = member

    def _refuse_what_is_too_large(self) -> None:
        limits = self.limits
        limits.refuse(self.path, "members", len(self.members), "parts")
        limits.refuse(self.path, "total_bytes", sum(member.file_size for member in self.members), "bytes when unpacked")
        for member in self.members:
            limits.refuse(self.path, "part_bytes", member.file_size, f"bytes of part {member.filename} when unpacked")
            limits.refuse_ratio(self.path, member.filename, member.compress_size, member.file_size)

    def __contains__(self, part: str) -> bool:
        return folded(part) in self._by_name

    def __iter__(self) -> Iterator[str]:
        """The names of all parts, as the package spells them."""
        return (part_name(member.filename) for member in self._by_name.values())

    def member(self, part: str) -> zipfile.ZipInfo:
        """The directory entry of a part. Raises DamagedWorkbook where it is missing."""
        found = self._by_name.get(folded(part))
        if found is None:
            raise DamagedWorkbook(self.path, f"part {part} is missing")
        return found

    def packed(self, member: zipfile.ZipInfo) -> memoryview:
        """The compressed bytes of a member, as they stand in the file."""
        try:
            header = _LOCAL_HEADER.unpack_from(self.raw, member.header_offset)
        except struct.error as error:
            raise DamagedWorkbook(self.path, f"part {member.filename}: {error}") from error
        start = member.header_offset + _LOCAL_HEADER.size + header[-2] + header[-1]
        packed = memoryview(self.raw)[start : start + member.compress_size]
        if header[0] != b"PK\x03\x04" or len(packed) != member.compress_size:
            raise DamagedWorkbook(self.path, f"part {member.filename} is not where the directory says")
        return packed

    def unpacked(self, member: zipfile.ZipInfo) -> bytes:
        """The bytes of a member. Raises DamagedWorkbook where they are not those that the directory promises."""
        if member.filename in self._whole and member.compress_type == zipfile.ZIP_DEFLATED:
            # The size is known to be true: one buffer of that size is filled, where pieces would take twice the room.
            return isal_zlib.decompress(self.packed(member), -isal_zlib.MAX_WBITS, member.file_size)
        return b"".join(self._pieces(member))

    def _pieces(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """The bytes of a member piece by piece. Raises DamagedWorkbook, at the end at the latest.

        zipfile stops at the size that the directory promises; other readers do not, so that a part that goes on is damaged.
        """
        size = checksum = 0
        for piece in self._inflated(member):
            size += len(piece)
            checksum = isal_zlib.crc32(piece, checksum)
            if size > member.file_size:
                break
            yield piece
        if size != member.file_size or checksum != member.CRC:
            raise DamagedWorkbook(self.path, f"part {member.filename} does not have its checksum")

    def _inflated(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        packed = self.packed(member)
        if member.compress_type == zipfile.ZIP_STORED:
            yield bytes(packed)
            return
        if member.compress_type != zipfile.ZIP_DEFLATED:
            raise DamagedWorkbook(self.path, f"part {member.filename} is compressed in a way that Excel does not know")
        unpacker = isal_zlib.decompressobj(-isal_zlib.MAX_WBITS)
        rest: bytes | memoryview = packed
        try:
            while not unpacker.eof:
                piece = unpacker.decompress(rest, _PIECE)
                rest = unpacker.unconsumed_tail
                if not piece and not rest and not unpacker.eof:
                    raise DamagedWorkbook(self.path, f"part {member.filename} is cut off")
                yield piece
        except IsalError as error:  # type: ignore[misc]  # a class, which its stub takes for an instance
            raise DamagedWorkbook(self.path, f"part {member.filename}: {error}") from error

    def read(self, part: str) -> bytes:
        """A part's bytes; a text in UTF-16, or in an encoding that it declares, comes in UTF-8."""
        try:
            return in_utf8(self.unpacked(self.member(part)))
        except (UnicodeError, LookupError) as error:
            raise DamagedWorkbook(self.path, f"part {part}: {error}") from error

    def beginning(self, part: str) -> bytes:
        """The first bytes of a part, a large one's first million. Raises DamagedWorkbook."""
        return next(self._inflated(self.member(part)), b"")

    def xml(self, part: str) -> etree._Element:
        """The root element of a part. Raises DamagedWorkbook, DeclaresADocumentType."""
        return self.parsed(part, self.read(part))

    def parsed(self, part: str, text: bytes) -> etree._Element:
        """The root element of a text; ``part`` is what messages call it."""
        if b"<!DOCTYPE" in text:
            raise DeclaresADocumentType(self.path, part)
        self.limits.refuse(self.path, "tree_bytes", len(text), f"bytes of part {part}")
        # No entities: a workbook has none, and they can be made to grow without end.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(text, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise DamagedWorkbook(self.path, f"part {part}: {error}") from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise DeclaresADocumentType(self.path, part)
        return root

    def related(self, part: str) -> dict[str, Relationship]:
        """Relationship id → what it points to, those that lead out of the package left out."""
        relationships = relationships_of(part)
        return related_in(self.xml(relationships), part) if relationships in self else {}

    def content_types(self) -> ContentTypes:
        """What each part is. Raises NotAWorkbook where the package does not say."""
        if CONTENT_TYPES not in self:
            raise NotAWorkbook(self.path)
        return ContentTypes(self.xml(CONTENT_TYPES))

    def may_have_formulas(self, part: str) -> bool:
        """Whether a worksheet may hold a formula."""
        if folded(part) not in self._with_formulas:
            text = self.read(part)
            self._with_formulas[folded(part)] = any(sign in text for sign in _SIGNS_OF_FORMULAS)
        return self._with_formulas[folded(part)]

    def remember_formulas(self, part: str, *, found: bool) -> None:
        """Whoever went through a worksheet knows: a large one is not gone through again."""
        self._with_formulas[folded(part)] = found

    @property
    def is_read_alike_by_all(self) -> bool:
        """Whether the zip says once, and where every reader looks, what it holds. Another may look for other parts in it."""
        if len(self.raw) < _END.size + _END_OF_ZIP64.size:
            return False
        at = len(self.raw) - _END.size
        signature, *disks, on_this_disk, in_all, size, start, comment = _END.unpack_from(self.raw, at)
        return (
            signature == b"PK\x05\x06"
            and (*disks, comment) == (0, 0, 0)
            and on_this_disk == in_all == len(self.members)
            and start + size == at
            and not self.raw.startswith(b"PK\x06\x07", at - _END_OF_ZIP64.size)
        )

    def refuse_damage(self) -> None:
        """Go through every part: bad checksums and document types are refused also where nobody would look."""
        self._refuse_overlaps()
        # Unpacking is all the work, and done beside Python's lock. Of several damaged parts the first is named.
        with ThreadPoolExecutor(_AT_ONCE) as workers:
            for name, member in zip(self._by_name, workers.map(self._gone_through, self._by_name.values()), strict=True):
                self._whole.add(member.filename)
                if name == _TEXTS:
                    self._refuse_texts(self.read(part_name(member.filename)))

    def _gone_through(self, member: zipfile.ZipInfo) -> zipfile.ZipInfo:
        # A large part is not held as a whole: each of its pieces is looked at.
        pieces = self._pieces(member) if member.file_size > _PIECE else (self.unpacked(member),)
        for at, piece in enumerate(pieces):
            if _declares_a_document_type(piece) if at == 0 else b"<!DOCTYPE" in piece:
                raise DeclaresADocumentType(self.path, part_name(member.filename))
        return member

    def _refuse_texts(self, part: bytes) -> None:
        # calamine makes room for as many as the part says that there are.
        said = [int(count[:12]) for root in _LIST_OF_TEXTS.findall(part) for count in _COUNT.findall(root)]
        self.limits.refuse(self.path, "texts", max([part.count(b"<si") + part.count(b":si"), *said]), "texts")

    def _refuse_overlaps(self) -> None:
        """The bytes of one part may not be those of another: so a small file holds as much as one likes."""
        end = 0
        for member in sorted(self.members, key=lambda member: member.header_offset):
            if member.header_offset < end:
                raise DamagedWorkbook(self.path, f"part {member.filename} lies over another")
            packed = self.packed(member)
            end = member.header_offset + _LOCAL_HEADER.size + len(packed)


class ContentTypes:
    """The list of content types: by part, else by the ending of its name."""

    def __init__(self, root: etree._Element) -> None:
        self._by_part: Mapping[str, str] = {
            folded(each.get("PartName", "")): each.get("ContentType", "") for each in elements(root) if each.get("PartName")
        }
        self._by_ending: Mapping[str, str] = {
            each.get("Extension", "").casefold(): each.get("ContentType", "")
            for each in elements(root)
            if each.get("Extension")
        }

    def of(self, part: str) -> str:
        """The content type of a part; "" where nothing is said."""
        return self._by_part.get(folded(part)) or self._by_ending.get(part.rpartition(".")[2].casefold(), "")

    def has_ending(self, ending: str) -> bool:
        return ending.casefold() in self._by_ending


def is_copied(part: str, before: Parts, after: Parts) -> bool:
    """Whether a part stands in both packages with the same compressed bytes."""
    old, new = before.member(part), after.member(part)
    is_alike = (old.CRC, old.file_size, old.compress_size) == (new.CRC, new.file_size, new.compress_size)
    return is_alike and before.packed(old) == after.packed(new)


def related_in(root: etree._Element, part: str) -> dict[str, Relationship]:
    """The relationships of ``part`` that its relationships part lists."""
    folder = posixpath.dirname(part)
    return {
        each.get("Id", ""): Relationship(each.get("Type", ""), target_of(folder, each.get("Target", "")))
        for each in elements(root)
        if each.get("TargetMode") != "External"
    }


def relationships_of(part: str) -> str:
    """``/xl/workbook.xml`` → ``/xl/_rels/workbook.xml.rels``."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def target_of(folder: str, target: str) -> str:
    """The part that a relationship of a part in ``folder`` points to."""
    return posixpath.normpath(posixpath.join("/", folder, unquote(target).replace("\\", "/")))


def part_name(member: str) -> str:
    """``xl\\workbook.xml`` → ``/xl/workbook.xml``."""
    return "/" + member.replace("\\", "/").lstrip("/")


def folded(name: str) -> str:
    """A part's name for comparing."""
    return part_name(name).casefold()


def is_folder(member: zipfile.ZipInfo) -> bool:
    return member.filename.endswith(("/", "\\")) and not member.file_size


def in_utf8(text: bytes) -> bytes:
    """An XML text in UTF-8, whatever it came in. Raises UnicodeError, LookupError."""
    if text[:2] in _UTF16_MARKS:
        decoded = text.decode("utf-16")
    else:
        declared = _DECLARED.match(text)
        if declared is None or declared[1].lower() in (b"utf-8", b"us-ascii", b"ascii"):
            return text
        encoding = codecs.lookup(declared[1].decode("ascii")).name
        if encoding in _SLOW_ENCODINGS:
            raise LookupError(f"no part is written in {encoding}")
        decoded = text.decode(encoding)
    return _ENCODING.sub(r'\1"UTF-8"', decoded, count=1).encode()


def _declares_a_document_type(text: bytes) -> bool:
    """Whether a part is XML with a document type, whatever it is written in."""
    try:
        spelled = in_utf8(text)
    except (UnicodeError, LookupError):
        spelled = text
    if b"\0" in spelled[:_HEAD]:  # an encoding of two or four bytes that it does not name
        spelled = spelled.replace(b"\0", b"")
    return spelled.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<") and b"<!DOCTYPE" in spelled


def elements(parent: etree._Element) -> Iterator[etree._Element]:
    """The child elements, without comments and processing instructions."""
    return (child for child in parent if isinstance(child.tag, str))


def children(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The elements reached by a path of local names."""
    reached = [root]
    for name in names:
        reached = [child for parent in reached for child in elements(parent) if etree.QName(child).localname == name]
    return iter(reached)


def relationship_id(element: etree._Element) -> str:
    """The r:id of an element, in either of the two namespaces; "" where it has none."""
    return next((str(value) for name, value in element.attrib.items() if str(name).endswith("}id")), "")
