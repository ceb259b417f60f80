"""Workbooks made to take all memory or all time: small files that claim, repeat or nest without end."""

from __future__ import annotations

import io
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from tests.workbook.command import small_workbook
from tests.workbook.mutations import parts_of, zipped
from workbook.package.package_index import read_package

WORKBOOK = "xl/workbook.xml"
STRINGS, STYLES, TYPES = "xl/sharedStrings.xml", "xl/styles.xml", "[Content_Types].xml"
UNTOUCHED = "docProps/core.xml"
_MEGABYTE = 1 << 20
_LAUGHS = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
LAUGHS = f'<!DOCTYPE x [<!ENTITY l0 "lol">{_LAUGHS}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/hostname">]>'


@cache
def _small() -> tuple[dict[str, bytes], str, str]:
    """The parts of the small ledger, with a shared text; the part of its invoices, and that of their table."""
    with tempfile.TemporaryDirectory() as folder:
        path = small_workbook(Path(folder) / "book.xlsx")
        package, parts = read_package(path), parts_of(path.read_bytes())
    entry = package.table("Invoices")
    assert entry is not None
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>x</t></si></sst>'
    return {**parts, STRINGS: strings}, package.sheets[entry.sheet].lstrip("/"), entry.part.lstrip("/")


def book() -> dict[str, bytes]:
    """The parts of the small ledger."""
    return dict(_small()[0])


def with_parts(**changes: Callable[[bytes], bytes]) -> bytes:
    """The workbook with some parts changed: ``sheet`` and ``table`` are those of the invoices."""
    parts, sheet, table = book(), *_small()[1:]
    names = {"sheet": sheet, "workbook": WORKBOOK, "table": table, "strings": STRINGS, "styles": STYLES, "types": TYPES}
    for name, change in changes.items():
        parts[names[name]] = change(parts[names[name]])
    return zipped(parts)


def with_declaration(part: str, declaration: str, *, encoding: str = "utf-8") -> bytes:
    """The workbook with a document type in a part ("" is the sheet), and an entity of it in a text where there is one."""
    parts, part = book(), part or _small()[1]
    text = parts[part].decode()
    start = re.search(r"<(?![?!])", text)
    assert start is not None
    text = declaration + text[start.start() :].replace("<t>", "<t>&l9;", 1)
    parts[part] = text.encode(encoding)
    return zipped(parts)


def in_rows(xml: str) -> Callable[[bytes], bytes]:
    """Something more at the end of a sheet's rows."""
    return lambda text: text.replace(b"</sheetData>", xml.encode() + b"</sheetData>")


def behind_rows(xml: str) -> Callable[[bytes], bytes]:
    """Something more behind a sheet's rows."""
    return lambda text: text.replace(b"</sheetData>", b"</sheetData>" + xml.encode())


def replaced(pattern: str, new: str) -> Callable[[bytes], bytes]:
    """A text in the place of the first that a pattern finds."""

    def change(text: bytes) -> bytes:
        changed, count = re.subn(pattern.encode(), lambda _: new.encode(), text, count=1)
        assert count == 1, pattern
        return changed

    return change


def repeated(piece: str) -> str:
    """As often as it goes into half a megabyte, of which no ratio is asked."""
    return piece * (500_000 // len(piece))


def _mixed(length: int) -> str:
    """A text that does not shrink to nothing."""
    return "".join(f"{at:x}" for at in range(length // 5))[:length]


def with_member(name: str, packed: bytes, *, size: int, crc: int = 0) -> bytes:
    """The workbook with one more member, of whose bytes the directory says what one likes."""
    raw = io.BytesIO(zipped(book()))
    with zipfile.ZipFile(raw, "a") as package:
        package.writestr(name, b"")
    content = bytearray(raw.getvalue())
    entry = content.rindex(b"PK\x01\x02")
    (at,) = struct.unpack_from("<I", content, entry + 42)
    for place in (at + 6, entry + 8):
        struct.pack_into("<HHHH", content, place, 0, 8, 0, 0)
    for place in (at + 14, entry + 16):
        struct.pack_into("<III", content, place, crc, len(packed), size)
    end = content.rindex(b"PK\x05\x06")
    struct.pack_into("<I", content, end + 16, struct.unpack_from("<I", content, end + 16)[0] + len(packed))
    start = at + 30 + len(name)
    return bytes(content[:start] + packed + content[start:])


@cache
def zeros(count: int) -> bytes:
    """So many zeros, packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return b"".join([*(packer.compress(bytes(_MEGABYTE)) for _ in range(count // _MEGABYTE)), packer.flush()])


def overlapping(count: int) -> bytes:
    """The workbook with so many more members that are all the bytes of the same one."""
    raw = with_member("xl/media/000000.bin", zeros(_MEGABYTE), size=_MEGABYTE, crc=zlib.crc32(bytes(_MEGABYTE)))
    end = raw.rindex(b"PK\x05\x06")
    entry = bytearray(raw[raw.rindex(b"PK\x01\x02") : end])
    more = []
    for number in range(1, count + 1):
        entry[46 : 46 + 19] = b"xl/media/%06d.bin" % number
        more.append(bytes(entry))
    added = b"".join(more)
    tail = bytearray(raw[end:])
    for place in (8, 10):
        struct.pack_into("<H", tail, place, (struct.unpack_from("<H", tail, place)[0] + count) % (1 << 16))
    struct.pack_into("<I", tail, 12, struct.unpack_from("<I", tail, 12)[0] + len(added))
    return raw[:end] + added + bytes(tail)


def of_two_minds() -> bytes:
    """A zip whose comment is a second zip, with another sheet: which one a reader sees depends on where it looks first."""
    parts, sheet = book(), _small()[1]
    for part in parts:
        if part.startswith("xl/worksheets/sheet") and part != sheet:  # a comment is not long
            parts[part] = re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", parts[part], flags=re.S)
    parts[sheet] = in_rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')(parts[sheet])
    inner, outer = bytearray(zipped(parts)), bytearray(zipped(book()))
    struct.pack_into("<H", inner, len(inner) - 18, 7)  # on another disk: some readers go on looking, others do not
    struct.pack_into("<H", outer, len(outer) - 2, len(inner))
    return bytes(outer + inner)


REFUSED: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "a part of zeros": (
        lambda: with_member("xl/media/a.bin", zeros(300 * _MEGABYTE), size=300 * _MEGABYTE), "DUEBOOK_LIMIT_RATIO",
    ),
    "a part that says that it has 10 bytes, and has 300 megabytes": (
        lambda: with_member("xl/media/a.bin", zeros(300 * _MEGABYTE), size=10), "checksum",
    ),
    "a part that says that it has a gigabyte, and has none": (
        lambda: with_member("xl/media/a.bin", zeros(0), size=1000 * _MEGABYTE), "DUEBOOK_LIMIT_RATIO",
    ),
    "members that lie over each other": (lambda: overlapping(500), "lies over another"),
    "100,000 members": (lambda: overlapping(100_000), "DUEBOOK_LIMIT_MEMBERS"),
    "a cell in the last corner": (
        lambda: with_parts(sheet=in_rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "DUEBOOK_LIMIT_CELLS",
    ),
    "a cell in the last corner, spelled oddly": (
        lambda: with_parts(sheet=in_rows('<row r="1048576"><c s="0" r = \'xfd1048576\'><v>1</v></c></row>')),
        "DUEBOOK_LIMIT_CELLS",
    ),
    "a cell far away, among blanks": (
        lambda: with_parts(sheet=in_rows('<row r="3051"><c r="XFD3051"><v>1</v></c></row>')), "DUEBOOK_LIMIT_BLANK_CELLS",
    ),
    "rows and cells that do not say where they stand": (
        lambda: with_parts(sheet=in_rows("<row/>" * 50_000 + "<row>" + "<c/>" * 16_000 + "<c><v>1</v></c></row>")),
        "DUEBOOK_LIMIT_CELLS",
    ),
    "a table of the whole sheet": (
        lambda: with_parts(table=replaced('ref="A1:[^"]*"', 'ref="A1:XFD1048576"')), "DUEBOOK_LIMIT_BLANK_CELLS",
    ),
    "10.4 million texts": (
        lambda: zipped({**book(), STRINGS: b"<sst>" + (b"<si/>" * 200 + bytes(range(33, 60))) * 52_000 + b"</sst>"}),
        "DUEBOOK_LIMIT_TEXTS",
    ),
    "4,294,967,295 texts, it says": (
        lambda: with_parts(strings=replaced("<sst ", '<sst uniqueCount="4294967295" ')), "DUEBOOK_LIMIT_TEXTS",
    ),
    "many megabytes of styles": (
        lambda: with_parts(
            styles=replaced("</styleSheet>", "".join(f"<a b='{at}'/>" for at in range(9000)) * 300 + "</styleSheet>")
        ),
        "DUEBOOK_LIMIT_TREE_BYTES",
    ),
    "elements in elements in a part that is taken apart": (
        lambda: with_parts(workbook=replaced("<sheets>", "<a>" * 100_000 + "</a>" * 100_000 + "<sheets>")), "damaged",
    ),
    "laughs in the texts": (lambda: with_declaration(STRINGS, LAUGHS), "document type"),
    "laughs in the workbook": (lambda: with_declaration(WORKBOOK, LAUGHS), "document type"),
    "laughs in a sheet": (lambda: with_declaration("", LAUGHS), "document type"),
    "laughs in the list of types": (lambda: with_declaration(TYPES, LAUGHS), "document type"),
    "laughs in a part that nobody reads": (lambda: with_declaration(UNTOUCHED, LAUGHS), "document type"),
    "a file outside": (lambda: with_declaration(STRINGS, OUTSIDE), "document type"),
    "laughs in UTF-16": (lambda: with_declaration(STRINGS, LAUGHS, encoding="utf-16"), "document type"),
    "laughs in UTF-16 that does not say so": (
        lambda: with_declaration(UNTOUCHED, LAUGHS, encoding="utf-16-be"), "document type",
    ),
    "laughs in UTF-32": (lambda: with_declaration(UNTOUCHED, LAUGHS, encoding="utf-32"), "document type"),
    "laughs in UTF-7": (
        lambda: zipped({**book(), UNTOUCHED: b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE x>'}), "document type",
    ),
}  # fmt: skip
"""What is refused: how it is made, and what the refusal says of it."""

TRIED: Mapping[str, Callable[[], bytes]] = {
    "a dimension of the whole sheet": lambda: with_parts(sheet=replaced('ref="A1:[^"]*"', 'ref="A1:XFD1048576"')),
    "merged cells of the whole sheet": lambda: with_parts(
        sheet=behind_rows('<mergeCells count="4294967295"><mergeCell ref="A1:XFD1048576"/></mergeCells>')
    ),
    "rules of the whole sheet": lambda: with_parts(
        sheet=behind_rows(
            '<dataValidations count="4294967295"><dataValidation type="list" sqref="A1:XFD1048576"><formula1>A1:XFD1048576'
            "</formula1></dataValidation></dataValidations>"
        )
    ),
    "counts without end": lambda: with_parts(
        styles=lambda text: re.sub(rb'count="[0-9]+"', b'count="4294967295"', text),
        table=lambda text: re.sub(rb'count="[0-9]+"', b'count="4294967295"', text),
    ),
    "a workbook in a workbook in a workbook": lambda: zipped({**book(), "xl/embeddings/a.xlsx": zipped(
        {**book(), "xl/embeddings/a.xlsx": with_member("a.bin", zeros(300 * _MEGABYTE), size=300 * _MEGABYTE)}
    )}),
    "an attribute of 16 megabytes": lambda: with_parts(
        sheet=in_rows(f'<row r="9000"><c r="A9000" x="{_mixed(16_000_000)}"/></row>')
    ),
    "an attribute of 16 megabytes in the workbook": lambda: with_parts(
        workbook=replaced("<sheets>", f'<sheets x="{_mixed(16_000_000)}">')
    ),
    "formulas as long as they may be": lambda: with_parts(
        sheet=in_rows(
            "".join(
                f'<row r="{row}"><c r="A{row}"><f>{"+".join(f"A{at}" for at in range(row, row + 1500))}</f></c></row>'
                for row in range(9000, 9100)
            )
        )
    ),
    "formulas that are all quotes": lambda: with_parts(
        sheet=in_rows(
            "".join(
                f'<row r="{row}"><c r="A{row}"><f>{row}{"x&apos;" * 1000}</f></c></row>' for row in range(9000, 9200)
            )
        )
    ),
    "names that name each other": lambda: with_parts(
        sheet=in_rows('<row r="9000"><c r="A9000"><f>Name0</f></c></row>'),
        workbook=lambda text: re.sub(
            rb"<definedNames ?/>|(?<=</sheets>)",
            b"<definedNames>"
            + b"".join(
                b'<definedName name="Name%d">%s</definedName>' % (at, b"+".join([b"Name%d" % (at + 1)] * 500))
                for at in range(20)
            )
            + b"</definedNames>",
            text,
            count=1,
        ),
    ),
    "two workbooks in one zip": of_two_minds,
    **{
        f"{where}: {piece}": lambda put=put, piece=piece, end=end: with_parts(sheet=put(repeated(piece) + end))  # type: ignore[misc]
        for where, put, end in (
            ("in the rows", in_rows, "></f></v></c></row><!-- # -->"),
            ("behind the rows", behind_rows, "></f></v></c></row># "),
        )
        for piece in (
            "<c ", "<c>", "<f ", "<f>", "<f/>", "<v>", "<v ", "<row ", "<row>", '<row r="', '"e"', '<c t="e"', "<c r='",
            "<!--", "<![CDATA[", "<?x", "&", "<mergeCell ", "<x:c ", " r=", "<sheetData ", "<", "  ",
        )
    },
    **{
        f"in a row: {begin}…": lambda begin=begin, piece=piece, end=end: with_parts(  # type: ignore[misc]
            sheet=in_rows(f'<row r="9000">{begin}{repeated(piece)}{end}</row>')
        )
        for begin, piece, end in (
            ('<c r="A9000" t="str"><f>1</f>', "<f>1</f>", "<v>#</v></c>"),
            ('<c r="A9000" t="inlineStr"><is><t>#', '"e"', "</t></is></c>"),
            ('<c r="A9000" t="e"><v>', " ", "#</v></c>"),
            ('<c r="A9000"', " ", 't="e"><v>#N/A</v></c>'),
            ('<c r="A9000"><f t="shared"', " ", 'si="0" ref="A9000">1</f></c>'),
            ('<c r="A9000"><f t="array" ref="A9000', " ", 'x">1</f></c>'),
            ("", '<c t="e"><v>#N/A</v></c>', ""),
            ("", "<c><f>1</f></c>", ""),
            ("</row>", '<row><c t="e"><v>#N/A</v></c></row>', "<row>"),
            ('<c r="A9000"><f>', "'", "</f></c>"),
            ('<c r="A9000"><f>', "[", "</f></c>"),
            ('<c r="A9000"><f>', "(", "</f></c>"),
        )
    },
}  # fmt: skip
"""What may be read or refused, but in time."""
