"""A draft packed into a zip: members that did not change are copied as they stand, compressed bytes, dates and all.

The zip is written here, not by zipfile, which knows no way to copy a member without unpacking it.
"""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass

from workbook.package.draft import Deflated, Draft
from workbook.package.parts import folded

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_NEEDS_DEFLATE, _UTF8_NAME = 20, 0x800
_NO_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class _Packed:
    """One member, ready to be written."""

    name: bytes
    flags: int
    method: int
    date: tuple[int, int, int, int, int, int]
    crc: int
    packed: bytes | memoryview
    size: int
    made_by: int = 0
    internal: int = 0
    external: int = 0

    @property
    def moment(self) -> tuple[int, int]:
        year, month, day, hour, minute, second = self.date
        return hour << 11 | minute << 5 | second // 2, max(0, year - 1980) << 9 | month << 5 | day

    def local(self) -> bytes:
        header = _LOCAL.pack(
            b"PK\x03\x04", _NEEDS_DEFLATE, self.flags, self.method, *self.moment, self.crc, len(self.packed), self.size,
            len(self.name), 0,
        )  # fmt: skip
        return header + self.name

    def central(self, at: int) -> bytes:
        header = _CENTRAL.pack(
            b"PK\x01\x02", self.made_by, _NEEDS_DEFLATE, self.flags, self.method, *self.moment, self.crc, len(self.packed),
            self.size, len(self.name), 0, 0, 0, self.internal, self.external, at,
        )  # fmt: skip
        return header + self.name


def packed(draft: Draft) -> bytes:
    """The bytes of the zip: the members in the order that they had, those that are new at the end."""
    gone, changed = set(draft.removed), draft.changed
    members = [
        _changed(each, changed[folded(each.filename)]) if folded(each.filename) in changed else _copied(draft, each)
        for each in draft.parts.members
        if folded(each.filename) not in gone
    ]
    members += [_new(name, text) for name, text in draft.added.items()]
    written: list[bytes | memoryview] = []
    directory: list[bytes] = []
    at = 0
    for member in members:
        local = member.local()
        written += [local, member.packed]
        directory.append(member.central(at))
        at += len(local) + len(member.packed)
    size = sum(map(len, directory))
    end = _END.pack(b"PK\x05\x06", 0, 0, len(members), len(members), size, at, 0)
    return b"".join([*written, *directory, end])


def _name_of(member: zipfile.ZipInfo) -> bytes:
    return member.orig_filename.encode("utf-8" if member.flag_bits & _UTF8_NAME else "cp437")


def _copied(draft: Draft, member: zipfile.ZipInfo) -> _Packed:
    return _Packed(
        _name_of(member), member.flag_bits & _UTF8_NAME, member.compress_type, member.date_time, member.CRC,
        draft.parts.packed(member), member.file_size, member.create_system << 8 | member.create_version,
        member.internal_attr, member.external_attr,
    )  # fmt: skip


def _changed(member: zipfile.ZipInfo, text: Deflated) -> _Packed:
    return _Packed(
        _name_of(member), member.flag_bits & _UTF8_NAME, zipfile.ZIP_DEFLATED, member.date_time, text.crc, text.packed,
        text.size, _NEEDS_DEFLATE, member.internal_attr, member.external_attr,
    )  # fmt: skip


def _new(part: str, text: Deflated) -> _Packed:
    name = part.lstrip("/")
    flags = 0 if name.isascii() else _UTF8_NAME
    return _Packed(
        name.encode(), flags, zipfile.ZIP_DEFLATED, _NO_DATE, text.crc, text.packed, text.size, _NEEDS_DEFLATE
    )  # fmt: skip
