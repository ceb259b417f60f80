"""A document as a .docx file: a part a page, with tables that run over pages under their headers.

The markup is written here, with nothing between a text and its file: thousands of files are made in one run, and a
library that keeps a tree of each document takes thirty times as long.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from workbook.package.new_package import RELATIONSHIP_TYPES, XML, package_bytes, relationships, text_of_xml
from workbook.statements.blocks import Amount, Block, Document, Facts, Grid, Heading, Paragraph, Value, value_text
from workbook.statements.widths import column_widths

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = f'xmlns:w="{_W}" xmlns:r="{RELATIONSHIP_TYPES}"'
_SHORT_SIDE, _LONG_SIDE, _MARGIN = 11_906, 16_838, 1_021  # A4 and 18 mm, in twentieths of a point
_LABEL_WIDTH = 2_835
_LARGEST, _SMALLEST_WHOLE, _SMALLEST = 18, 13, 9  # half points, of the text in tables
_DIGIT = 0.54  # of a digit's height
_CELL_MARGINS = 160
_NARROWEST_COLUMN = 7
_HEADER_FILL, _FILL_IN, _LINE_COLOR = "E6ECF2", "FFF8CC", "A6B0BA"
_STYLE_OF_HEADING = ("Title", "Heading1", "Heading2")


def letter_bytes(document: Document) -> bytes:
    """The file; the same document gives the same bytes."""
    paper = (_LONG_SIDE, _SHORT_SIDE) if document.is_wide else (_SHORT_SIDE, _LONG_SIDE)
    turned = ' w:orient="landscape"' if document.is_wide else ""
    pages = ["".join(_blocks(page.blocks, paper[0] - 2 * _MARGIN)) for page in document.pages]
    body = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'.join(pages)
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/>'
        f'<w:pgSz w:w="{paper[0]}" w:h="{paper[1]}"{turned}/>'
        f'<w:pgMar w:top="{_MARGIN}" w:right="{_MARGIN}" w:bottom="{_MARGIN}" w:left="{_MARGIN}" w:header="567" '
        'w:footer="567" w:gutter="0"/></w:sectPr>'
    )
    parts = {
        "word/document.xml": f"{XML}<w:document {_NAMESPACES}><w:body>{body}{section}</w:body></w:document>",
        "word/_rels/document.xml.rels": _RELATIONS,
        "word/styles.xml": _STYLES,
        "word/settings.xml": _SETTINGS,
        "word/footer1.xml": _FOOTER,
    }
    return package_bytes(parts, _TYPES, main="word/document.xml", title=document.title, author=document.author)


def _blocks(blocks: Sequence[Block], room: int) -> Iterator[str]:
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        match block:
            case Heading(text, level):
                yield f'<w:p><w:pPr><w:pStyle w:val="{_STYLE_OF_HEADING[level]}"/></w:pPr>{_run(text)}</w:p>'
            case Paragraph(text):
                # What is said in several paragraphs stays on one page.
                keeps = "<w:pPr><w:keepNext/><w:keepLines/></w:pPr>" if isinstance(following, Paragraph) else ""
                yield f"<w:p>{keeps}{_run(text)}</w:p>"
            case Facts(rows):
                yield _facts(rows, room)
            case Grid():
                yield _grid(block, room)


def _run(text: str, look: str = "") -> str:
    if not text:
        return ""
    lines = [f'<w:t xml:space="preserve">{_line(line)}</w:t>' for line in text_of_xml(text).split("\n")]
    return f"<w:r>{look and f'<w:rPr>{look}</w:rPr>'}{'<w:br/>'.join(lines)}</w:r>"


def _line(text: str) -> str:
    return escape(text).replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')


def _facts(rows: Sequence[tuple[str, Value]], room: int) -> str:
    widths = (_LABEL_WIDTH, room - _LABEL_WIDTH)
    lines = [
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(label, widths[0], '<w:b/>', keeps=True)}"
        f"{_cell(value_text(value), widths[1], keeps=place < len(rows))}</w:tr>"
        for place, (label, value) in enumerate(rows, start=1)
    ]
    return _table(widths, lines, "")


def _grid(grid: Grid, room: int) -> str:
    widths, points = _layout(grid, room)
    size = f'<w:sz w:val="{points}"/><w:szCs w:val="{points}"/>'
    bold = f"<w:b/>{size}"
    holds_amounts = [
        all(row[column] is None or isinstance(row[column], Amount) for row in grid.rows) for column in range(len(widths))
    ]
    header = "".join(
        _cell(text, width, bold, fill=_HEADER_FILL, is_right=is_right, keeps=True)
        for text, width, is_right in zip(grid.headers, widths, holds_amounts, strict=True)
    )
    lines = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{header}</w:tr>"]
    lines += _rows_of(grid, widths, size, bold)
    return _table(widths, lines, _BORDERS)


def _rows_of(grid: Grid, widths: Sequence[int], size: str, bold: str) -> Iterator[str]:
    last = len(grid.rows)
    fills = [_FILL_IN if column in grid.to_fill else "" for column in range(len(widths))]
    for place, row in enumerate(grid.rows, start=1):
        look = bold if grid.ends_with_total and place == last else size
        # The total never stands alone on a page.
        keeps = grid.ends_with_total and place == last - 1
        cells = [
            _cell(value_text(value), width, look, fill=fill, is_right=isinstance(value, Amount), keeps=keeps)
            for value, width, fill in zip(row, widths, fills, strict=True)
        ]
        yield f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _layout(grid: Grid, room: int) -> tuple[list[int], int]:
    """The columns' widths, over the whole ``room``, and the size of the text in half points.

    The text is made smaller until all of it stands on one line, but no smaller than can be read: from there on texts are
    wrapped, and amounts and days still are not.
    """
    needed = column_widths([grid], len(grid.headers), narrowest=_NARROWEST_COLUMN)
    places_of_a_point = (room - _CELL_MARGINS * len(needed)) / (10 * _DIGIT)  # how many, in half a point's height
    points = min(_LARGEST, int(places_of_a_point / sum(needed)))
    if points < _SMALLEST_WHOLE:
        are_whole = [
            all(isinstance(row[column], Amount | dt.date | None) for row in grid.rows) for column in range(len(needed))
        ]
        whole = sum(width for width, is_whole in zip(needed, are_whole, strict=True) if is_whole)
        points = max(
            _SMALLEST, min(_SMALLEST_WHOLE, int(places_of_a_point / (whole + _NARROWEST_COLUMN * are_whole.count(False))))
        )
        left = max(places_of_a_point / points - whole, 1.0)
        share = min(1.0, left / (sum(needed) - whole)) if sum(needed) > whole else 1.0
        needed = [width if is_whole else width * share for width, is_whole in zip(needed, are_whole, strict=True)]
    widths = [int(width * room / sum(needed)) for width in needed]
    widths[-1] += room - sum(widths)
    return widths, points


def _table(widths: Sequence[int], lines: Sequence[str], borders: str) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{borders}<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(lines)}</w:tbl>"
        '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>'  # or two tables would become one
    )


def _cell(text: str, width: int, look: str = "", *, fill: str = "", is_right: bool = False, keeps: bool = False) -> str:
    """A cell of one paragraph; ``keeps`` it on the page of the row below."""
    shade = fill and f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
    how = "<w:keepNext/>" if keeps else ""
    mark = f"<w:rPr>{look}</w:rPr>" if look and not text else ""  # or an empty cell would be higher than the others
    align = '<w:jc w:val="right"/>' if is_right else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="Cell"/>{how}{align}{mark}</w:pPr>{_run(text, look)}</w:p></w:tc>'
    )


_FONTS = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Microsoft YaHei" w:cs="Calibri"/>'
_BORDERS = "".join(
    [
        "<w:tblBorders>",
        *(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_LINE_COLOR}"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        ),
        "</w:tblBorders>",
    ]
)


def _style(name: str, shown: str, paragraph: str, text: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/><w:basedOn w:val="Normal"/>'
        f'<w:next w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{text}</w:rPr></w:style>'
    )


_STYLES = (
    f'{XML}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{_FONTS}<w:sz w:val="20"/><w:szCs w:val="20"/>'
    '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="80"/></w:pPr>'
    "</w:pPrDefault></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    + _style(
        "Title", "Title",
        '<w:keepNext/><w:pBdr><w:bottom w:val="single" w:sz="8" w:space="4" w:color="1F4E79"/></w:pBdr>'
        '<w:spacing w:after="200"/>',
        '<w:b/><w:color w:val="1F3864"/><w:sz w:val="40"/><w:szCs w:val="40"/>',
    )
    + _style(
        "Heading1", "heading 1", '<w:keepNext/><w:spacing w:before="200" w:after="100"/><w:outlineLvl w:val="0"/>',
        '<w:b/><w:color w:val="1F4E79"/><w:sz w:val="26"/><w:szCs w:val="26"/>',
    )
    + _style(
        "Heading2", "heading 2", '<w:keepNext/><w:spacing w:before="100" w:after="80"/><w:outlineLvl w:val="1"/>',
        '<w:b/><w:color w:val="1F4E79"/><w:sz w:val="22"/><w:szCs w:val="22"/>',
    )
    + _style("Cell", "Table cell", '<w:spacing w:before="20" w:after="20"/>', "")
    + _style("Gap", "Table gap", '<w:spacing w:after="0" w:line="160" w:lineRule="exact"/>', "")
    + "</w:styles>"
)  # fmt: skip
_SETTINGS = (
    f'{XML}<w:settings xmlns:w="{_W}"><w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
)
_FOOTER = (
    f'{XML}<w:ftr {_NAMESPACES}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>'
    '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t xml:space="preserve"> / </w:t></w:r>'
    '<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
)
_RELATIONS = relationships((("styles", "styles.xml"), ("settings", "settings.xml"), ("footer", "footer1.xml")))
_TYPES = {
    f"word/{name}.xml": f"officedocument.wordprocessingml.{kind}+xml"
    for name, kind in (("document", "document.main"), ("styles", "styles"), ("settings", "settings"), ("footer1", "footer"))
}
