"""A copy of a package for a reader: in UTF-8 and without CDATA, where it takes such parts for empty without a word, or cut.

Rows that it did not see would be taken for room, and written over. Where a zip can be read in two ways, it gets the way
that was checked.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping

from isal import isal_zlib

from workbook.package.draft import Draft, serialised
from workbook.package.packing import packed
from workbook.package.parts import Parts

_HEAD = 256  # bytes in which a part says its encoding
CDATA = b"<![CDATA["
_ROW_TAG = re.compile(rb'<row(?: r="([0-9]{1,9})")?[\s/>]')
_OTHER_ENCODING = re.compile(
    rb"""^(?:\xff\xfe|\xfe\xff|\s*<\?xml[^>]*?encoding\s*=\s*["'](?!(?i:utf-8|us-ascii|ascii)["']))"""
)


def in_utf8_for_reading(parts: Parts) -> bytes:
    """The package as it was read, its parts of other encodings in UTF-8."""
    odd = [part for part in parts if part.casefold().endswith((".xml", ".rels")) and _is_in_another(parts, part)]
    if not odd and parts.is_read_alike_by_all:
        return parts.raw
    draft = Draft(parts)
    for part in odd:
        draft.put(part, parts.read(part))
    return packed(draft)


def without_cdata(parts: Parts, sheet: str) -> bytes:
    """The same, with what stands in CDATA in a sheet's part spelled as others spell it."""
    draft = Draft(Parts(parts.path, in_utf8_for_reading(parts), parts.limits))
    draft.put(sheet, serialised(parts.xml(sheet)))
    return packed(draft)


def with_first_rows(parts: Parts, last_rows: Mapping[str, int]) -> tuple[bytes, frozenset[str]]:
    """The package with worksheets cut off behind a row (part → its number), and the parts that could be cut so."""
    draft, cut = Draft(Parts(parts.path, in_utf8_for_reading(parts), parts.limits)), set()
    for part, last_row in last_rows.items():
        head = _first_rows(parts.beginning(part), last_row)
        if head is not None:
            draft.put(part, head)
            cut.add(part)
    return packed(draft), frozenset(cut)


def _first_rows(beginning: bytes, last_row: int) -> bytes | None:
    """A sheet up to a row, from the first bytes of its part; None where they do not tell plainly where the next begins."""
    data = beginning.find(b"<sheetData>")
    if data < 0 or _OTHER_ENCODING.search(beginning) or b"<!" in beginning:
        return None
    for found in _ROW_TAG.finditer(beginning, data):
        if found[1] is None:  # it does not say which it is
            return None
        if int(found[1]) > last_row:
            return beginning[: found.start()] + b"</sheetData></worksheet>"
    return None


def _is_in_another(parts: Parts, part: str) -> bool:
    """Whether a part is in another encoding, told from its beginning."""
    member = parts.member(part)
    start = bytes(parts.packed(member)[:_HEAD])
    if member.compress_type == zipfile.ZIP_DEFLATED:
        start = isal_zlib.decompressobj(-isal_zlib.MAX_WBITS).decompress(start, _HEAD)
    return _OTHER_ENCODING.search(start) is not None
