"""Workbooks spoiled by dice: bytes of the zip, fields of its headers, the XML of its parts with checksums put right."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_EXTREMES = (
    "0", "-1", "1", "2", "00", "65535", "65536", "1048576", "1048577", "16384", "2147483647", "2147483648", "4294967295",
    "4294967296", "18446744073709551615", "99999999999999999999", "1e308", "-1e999", "NaN", "0.1", "", " ", "١", "²",
    "A1", "XFD1048576", "A0", "XFE1", "A1048577", "B2:A1", "A:A", "1:1", "A1:XFD1048576", "A1:A1048576", "#REF!", "true",
    "none", "rId1", "../../etc", "/xl/workbook.xml", "/", "\u202e", "x" * 300, "_x0041_", "&#1;", "=1+1", "[1]Sheet!A1",
)  # fmt: skip
_ATTRIBUTE = re.compile(rb"""(\s)([\w:.-]+)(\s*=\s*)("[^"]*"|'[^']*')""")
_TAG = re.compile(rb"<[^<>!?][^<>]*>")
_NUMBER = re.compile(rb"\d+")
_TEXT = re.compile(rb">([^<>]+)<")
_NAME = re.compile(rb"(?<=[</])([A-Za-z]\w*:)?([A-Za-z]\w*)")
_MARKS = (
    b"<!-- a note -->", b"<![CDATA[x]]>", b"<?pi x?>", b"<x/>", b"<c/>", b"<row/>", b"<v>", b"&amp;", b"&#0;", b"&bomb;",
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"]]>", b'<c r="A1"><f>1</f></c>', b'<c r="ZZ9" t="e"><v>#N/A</v></c>',
    b"<extLst/>", b"<sheetData/>", b"</sheetData>", b"<!DOCTYPE x>", b'<mergeCell ref="A1:XFD1048576"/>',
)  # fmt: skip

_LOCAL = (b"PK\x03\x04", "<HHHHHIIIHH", 4)
_CENTRAL = (b"PK\x01\x02", "<HHHHHHIIIHHHHHII", 4)
_END = (b"PK\x05\x06", "<HHHHIIH", 4)


def mutated(raw: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """A workbook spoiled in one way or in a few, by dice; pieces of ``others`` may come into it."""
    kind = dice.random()
    if kind < 0.12:
        return _with_bytes_changed(raw, dice)
    if kind < 0.3:
        return _with_a_header_field_changed(raw, dice)
    if kind < 0.34:
        return _spliced(raw, dice.choice(others), dice)
    return _with_parts_changed(raw, others, dice)


# The bytes of the zip


def _with_bytes_changed(raw: bytes, dice: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(dice.choice((1, 1, 2, 8))):
        at = dice.randrange(len(changed) or 1)
        length = dice.choice((1, 1, 2, 4, 16, 300))
        how = dice.randrange(5)
        if how == 0:
            changed[at : at + 1] = bytes([dice.randrange(256)])
        elif how == 1:
            del changed[at : at + length]
        elif how == 2:
            changed[at:at] = dice.randbytes(length)
        elif how == 3:
            changed[at:at] = changed[at : at + length]
        else:
            changed[at : at + length] = bytes(length)
    return bytes(changed[: dice.randrange(len(changed) or 1)] if dice.random() < 0.05 else changed)


@dataclass(frozen=True)
class HeaderField:
    """A field of a zip's header: where it stands and how it is packed."""

    at: int
    format: str


def header_fields(raw: bytes) -> list[HeaderField]:
    """Every field of every local header, directory entry and end record, the signatures included."""
    found = []
    for signature, layout, skipped in (_LOCAL, _CENTRAL, _END):
        at = raw.find(signature)
        while at >= 0:
            place = at + skipped
            found.append(HeaderField(at, "<I"))
            for code in layout[1:]:
                if place + struct.calcsize("<" + code) <= len(raw):
                    found.append(HeaderField(place, "<" + code))
                place += struct.calcsize("<" + code)
            at = raw.find(signature, at + 1)
    return found


def with_field(raw: bytes, field: HeaderField, value: int) -> bytes:
    """The same zip with one field of a header changed."""
    size = struct.calcsize(field.format)
    changed = bytearray(raw)
    struct.pack_into(field.format, changed, field.at, value % (1 << 8 * size))
    return bytes(changed)


def _with_a_header_field_changed(raw: bytes, dice: random.Random) -> bytes:
    field = dice.choice(header_fields(raw))
    (value,) = struct.unpack_from(field.format, raw, field.at)
    bit = 1 << dice.randrange(8 * struct.calcsize(field.format))
    return with_field(raw, field, dice.choice((0, 1, value + 1, value - 1, value ^ bit, 0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF, 8)))


def _spliced(raw: bytes, other: bytes, dice: random.Random) -> bytes:
    return raw[: dice.randrange(len(raw))] + other[dice.randrange(len(other)) :]


# The XML of parts


def parts_of(raw: bytes) -> dict[str, bytes]:
    """The members of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The zip of these members, with right checksums."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return packed.getvalue()


def _with_parts_changed(raw: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    parts = parts_of(raw)
    for _ in range(dice.choice((1, 1, 1, 2, 5))):
        names = [name for name in parts if name.endswith((".xml", ".rels", ".vml"))]
        if not names:
            break
        kinds = sorted({re.sub(r"\d+", "", name) for name in names})
        kind = dice.choice(kinds)  # of many sheets no more often than of the one part that lists them
        name = dice.choice([each for each in names if re.sub(r"\d+", "", each) == kind])
        how = dice.random()
        if how < 0.03:
            parts[dice.choice((name.upper(), name.replace("/", "\\"), f"{name}x", f"/{name}", "x/"))] = parts.pop(name)
        elif how < 0.05:
            del parts[name]
        elif how < 0.1:
            theirs = parts_of(dice.choice(others))
            parts[name] = dice.choice([text for each, text in theirs.items() if each.endswith((".xml", ".rels"))])
        else:
            change = dice.choice(_CHANGES)
            parts[name] = change(parts[name], dice)
    return zipped(parts)


def _attribute_to_an_extreme(text: bytes, dice: random.Random) -> bytes:
    return _one_replaced(_ATTRIBUTE, text, dice, lambda found: b'%s%s="%s"' % (found[1], found[2], _extreme(dice)))


def _attribute_taken_away(text: bytes, dice: random.Random) -> bytes:
    return _one_replaced(_ATTRIBUTE, text, dice, lambda found: b"")


def _number_to_an_extreme(text: bytes, dice: random.Random) -> bytes:
    return _one_replaced(_NUMBER, text, dice, lambda found: _extreme(dice))


def _text_to_an_extreme(text: bytes, dice: random.Random) -> bytes:
    return _one_replaced(_TEXT, text, dice, lambda found: b">%s<" % _extreme(dice))


def _tag_taken_away(text: bytes, dice: random.Random) -> bytes:
    return _one_replaced(_TAG, text, dice, lambda found: b"")


def _element_taken_away(text: bytes, dice: random.Random) -> bytes:
    return _one_replaced(_TAG, text, dice, lambda found: b"", whole=True)


def _element_said_twice(text: bytes, dice: random.Random) -> bytes:
    return _one_replaced(_TAG, text, dice, lambda found: found[0] * dice.choice((2, 2, 3, 50)), whole=True)


def _tag_moved(text: bytes, dice: random.Random) -> bytes:
    tags = [*_TAG.finditer(text)]
    if not tags:
        return text
    tag, before = dice.choice(tags), dice.choice(tags)
    gone = text[: tag.start()] + text[tag.end() :]
    return gone[: before.start()] + tag[0] + gone[before.start() :]


def _attributes_swapped(text: bytes, dice: random.Random) -> bytes:
    found = [*_ATTRIBUTE.finditer(text)]
    if len(found) < 2:
        return text
    first, second = sorted(dice.sample(found, 2), key=lambda each: each.start())
    return (
        text[: first.start(4)] + second[4] + text[first.end(4) : second.start(4)] + first[4] + text[second.end(4) :]
    )  # fmt: skip


def _name_changed(text: bytes, dice: random.Random) -> bytes:
    name = dice.choice((b"x:", b"", b"y:"))
    return _one_replaced(_NAME, text, dice, lambda found: name + dice.choice((found[2], found[2][:-1], found[2].upper())))


def _prefixes_changed(text: bytes, dice: random.Random) -> bytes:
    if dice.random() < 0.5:
        return re.sub(rb"(</?)([A-Za-z]\w*)(?=[\s/>])", rb"\1p:\2", text).replace(b' xmlns="', b' xmlns:p="', 1)
    return re.sub(rb"(</?)\w+:(?=\w)", rb"\1", text)


def _something_put_in(text: bytes, dice: random.Random) -> bytes:
    tags = [*_TAG.finditer(text)]
    at = dice.choice(tags).end() if tags and dice.random() < 0.8 else dice.randrange(len(text) + 1)
    return text[:at] + dice.choice(_MARKS) + text[at:]


def _cut(text: bytes, dice: random.Random) -> bytes:
    return text[: dice.randrange(len(text) + 1)]


def _byte_changed(text: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(text) + 1)
    return text[:at] + bytes([dice.randrange(256)]) + text[at + 1 :]


def _encoded_otherwise(text: bytes, dice: random.Random) -> bytes:
    encoding = dice.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32", "latin-1"))
    spelled = text.decode("utf-8", "replace").replace("UTF-8", dice.choice((encoding, "UTF-16", "UTF-8", "x-none")), 1)
    return spelled.encode(encoding, "replace")


def _nested(text: bytes, dice: random.Random) -> bytes:
    depth = dice.choice((10, 300, 5000))
    tags = [*_TAG.finditer(text)]
    at = dice.choice(tags).end() if tags else 0
    return text[:at] + b"<a>" * depth + b"</a>" * depth + text[at:]


def _quotes_changed(text: bytes, dice: random.Random) -> bytes:
    return text.replace(b'"', b"'") if dice.random() < 0.5 else text.replace(b"=", b" = ")


_CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _attribute_to_an_extreme, _attribute_to_an_extreme, _attribute_to_an_extreme, _number_to_an_extreme,
    _number_to_an_extreme, _text_to_an_extreme, _attribute_taken_away, _attribute_taken_away, _tag_taken_away,
    _element_taken_away, _element_taken_away, _element_said_twice, _element_said_twice, _tag_moved, _attributes_swapped,
    _name_changed, _prefixes_changed, _something_put_in, _cut, _byte_changed, _encoded_otherwise, _nested, _quotes_changed,
)  # fmt: skip


def _extreme(dice: random.Random) -> bytes:
    return dice.choice(_EXTREMES).encode()


def _one_replaced(
    pattern: re.Pattern[bytes],
    text: bytes,
    dice: random.Random,
    replacement: Callable[[re.Match[bytes]], bytes],
    *,
    whole: bool = False,
) -> bytes:
    """One match replaced, the first ones more often than those deep in a sheet; ``whole``: to the end of its element."""
    found = [*pattern.finditer(text)]
    if not found:
        return text
    one = found[int(len(found) * dice.random() ** dice.choice((1, 3)))]
    start, end = one.span()
    if whole and not one[0].startswith(b"</") and not one[0].endswith(b"/>"):
        name = re.match(rb"<([^\s/>]+)", one[0])
        closing = text.find(b"</%s>" % name[1], end) if name else -1
        if closing >= 0 and name:
            end = closing + len(name[1]) + 3
            if replacement(one):
                return text[:start] + text[start:end] * dice.choice((2, 3)) + text[end:]
    return text[:start] + replacement(one) + text[end:]
