"""A document as a .docx file: a part a page, on paper of its own, with tables that run over pages under their headers."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

from workbook.refusals import Refusal
from workbook.statements.blocks import Amount, Document, Facts, Grid, Heading, Paragraph, Value, value_text

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LATIN_FONT, _CHINESE_FONT = "Calibri", "Microsoft YaHei"
_BODY_POINTS, _TABLE_POINTS, _SMALL_POINTS = 10, 9, 7.5
_MANY_COLUMNS = 7
_HEADER_FILL, _FILL_IN = "E6ECF2", "FFF8CC"
_LONG_AGO = dt.datetime(2000, 1, 1)  # when a file was made says nothing to its reader, and differs on every run


class NoWordLibrary(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "Word documents need python-docx, which is not installed. Install it with: pip install 'duebook[documents]', or "
            "ask for --as xlsx."
        )


def letter_bytes(document: Document) -> bytes:
    """The file. Raises NoWordLibrary."""
    if find_spec("docx") is None:
        raise NoWordLibrary
    import docx
    from docx.enum.text import WD_BREAK

    word = docx.Document(io.BytesIO(_template()))
    properties = word.core_properties
    properties.author, properties.title = _clean(document.author), _clean(document.title)
    for place, page in enumerate(document.pages):
        if place:
            word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        for block in page.blocks:
            _write(word, block)
    content = io.BytesIO()
    word.save(content)
    return content.getvalue()


@cache
def _template() -> bytes:
    """An empty document of ours: A4, our fonts in both scripts, nobody's name in its properties."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    word = docx.Document()
    properties = word.core_properties
    properties.author = properties.comments = properties.keywords = properties.last_modified_by = ""
    properties.created = properties.modified = _LONG_AGO
    (section,) = word.sections
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(18)
    normal = word.styles["Normal"]
    normal.font.size = Pt(_BODY_POINTS)
    normal.paragraph_format.space_after = Pt(4)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        font = word.styles[name].font
        font.name = _LATIN_FONT
        fonts = word.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), _CHINESE_FONT)
    content = io.BytesIO()
    word.save(content)
    return content.getvalue()


def _write(word: Any, block: object) -> None:
    match block:
        case Heading(text, level):
            word.add_heading(_clean(text), level)
        case Paragraph(text):
            word.add_paragraph(_clean(text))
        case Facts(rows):
            _facts(word, rows)
        case Grid():
            _grid(word, block)


def _facts(word: Any, rows: Sequence[tuple[str, Value]]) -> None:
    from docx.shared import Mm

    table = word.add_table(len(rows), 2)
    table.autofit = False
    for row, (label, value) in zip(table.rows, rows, strict=True):
        name, told = row.cells
        name.width, told.width = Mm(50), Mm(124)
        _text(name, label, _BODY_POINTS, is_bold=True)
        _text(told, value_text(value), _BODY_POINTS)
    word.add_paragraph()


def _grid(word: Any, grid: Grid) -> None:
    points = _SMALL_POINTS if len(grid.headers) >= _MANY_COLUMNS else _TABLE_POINTS
    table = word.add_table(1 + len(grid.rows), len(grid.headers), style="Table Grid")
    rows = [list(row.cells) for row in table.rows]
    _repeat_on_each_page(table.rows[0])
    for column, (cell, header) in enumerate(zip(rows[0], grid.headers, strict=True)):
        is_amount = all(row[column] is None or isinstance(row[column], Amount) for row in grid.rows)
        _text(cell, header, points, is_bold=True, is_right=is_amount)
        _fill(cell, _HEADER_FILL)
    last = len(grid.rows)
    for place, (cells, values) in enumerate(zip(rows[1:], grid.rows, strict=True), 1):
        is_total = grid.ends_with_total and place == last
        for column, (cell, value) in enumerate(zip(cells, values, strict=True)):
            _text(cell, value_text(value), points, is_bold=is_total, is_right=isinstance(value, Amount))
            if column in grid.to_fill:
                _fill(cell, _FILL_IN)
    word.add_paragraph()


def _text(cell: Any, text: str, points: float, *, is_bold: bool = False, is_right: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    (paragraph,) = cell.paragraphs
    paragraph.paragraph_format.space_after = Pt(0)
    if is_right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(_clean(text))
    run.font.size = Pt(points)
    run.bold = is_bold or None


def _fill(cell: Any, color: str) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{color}"/>'))


def _repeat_on_each_page(row: Any) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def _clean(text: str) -> str:
    """A text as XML may hold it, with one kind of line break."""
    return _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
