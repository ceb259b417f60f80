"""The Word template that letters are merged into: real MERGEFIELDs, built here, for staff to restyle and hand back.

One template serves both languages: what is not a field in it is itself filled in (``label_…``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workbook.package.new_package import XML, package_bytes, relationships
from workbook.table import Words

TABLE_LABELS: Mapping[str, Words] = MappingProxyType(
    {
        "invoice": Words("Invoice", "发票编号"),
        "order": Words("Your order", "贵司订单"),
        "invoice_date": Words("Invoice date", "开票日期"),
        "due_date": Words("Due date", "到期日"),
        "days": Words("Days overdue", "逾期天数"),
        "amount": Words("Open amount", "未清金额"),
        "total": Words("Total", "合计"),
    }
)
"""The headers of the list of items, in a letter, an e-mail and a workbook alike."""

ROW_FIELDS = tuple(f"item_{name}" for name in TABLE_LABELS if name != "total")
"""The merge fields of the row that is repeated for every item; the first one is its anchor."""

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WIDTHS = (1950, 1500, 1250, 1250, 1050, 2638)  # twentieths of a point; together the width between the margins
_FONT = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Microsoft YaHei" w:cs="Calibri"/>'
_TYPES = {
    f"word/{name}.xml": f"officedocument.wordprocessingml.{kind}+xml"
    for name, kind in (("document", "document.main"), ("styles", "styles"), ("settings", "settings"))
}
_SETTINGS = f'{XML}<w:settings xmlns:w="{_W}"/>'
_STYLES = (
    f'{XML}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>'
    f'{_FONT}<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Subject"><w:name w:val="Letter subject"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:keepNext/><w:spacing w:before="360" w:after="240"/></w:pPr><w:rPr><w:b/><w:sz w:val="26"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Sender"><w:name w:val="Letter sender"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:spacing w:after="480"/></w:pPr><w:rPr><w:b/><w:color w:val="1F3864"/><w:sz w:val="26"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Cell"><w:name w:val="Letter cell"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="18"/></w:rPr>'
    "</w:style></w:styles>"
)


def letter_template() -> bytes:
    """The template as a .docx; the same bytes every time."""
    parts = {
        "word/document.xml": _document(),
        "word/_rels/document.xml.rels": relationships((("styles", "styles.xml"), ("settings", "settings.xml"))),
        "word/settings.xml": _SETTINGS,  # merging looks for it
        "word/styles.xml": _STYLES,
    }
    return package_bytes(parts, _TYPES, main="word/document.xml", title="", author="")


def _document() -> str:
    parts = [
        _paragraph("company_name", style="Sender"),
        _paragraph("name"),
        _paragraph("address"),
        _paragraph("date", align="right"),
        _paragraph("subject", style="Subject"),
        _paragraph("body_before"),
        _table(),
        _paragraph("body_after", space_before=240),
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1134" w:bottom="1134" w:left="1134" '
        'w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>',
    ]
    return f'{XML}<w:document xmlns:w="{_W}"><w:body>{"".join(parts)}</w:body></w:document>'


def _paragraph(
    field: str, *, style: str = "Normal", align: str = "left", space_before: int = 0, is_bold: bool = False
) -> str:
    spacing = f'<w:spacing w:before="{space_before}"/>' if space_before else ""
    look = f'<w:pStyle w:val="{style}"/>{spacing}<w:jc w:val="{align}"/>'
    return f"<w:p><w:pPr>{look}</w:pPr>{_merge_field(field, is_bold)}</w:p>"


def _merge_field(name: str, is_bold: bool) -> str:
    """A field as Word writes it when somebody inserts one."""
    look = "<w:rPr><w:b/></w:rPr>" if is_bold else ""

    def run(inner: str) -> str:
        return f"<w:r>{look}{inner}</w:r>"

    return (
        run('<w:fldChar w:fldCharType="begin"/>')
        + run(f'<w:instrText xml:space="preserve"> MERGEFIELD {name} \\* MERGEFORMAT </w:instrText>')
        + run('<w:fldChar w:fldCharType="separate"/>')
        + run(f"<w:t>«{name}»</w:t>")
        + run('<w:fldChar w:fldCharType="end"/>')
    )


def _table() -> str:
    names = [name.removeprefix("item_") for name in ROW_FIELDS]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in _WIDTHS)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="A6A6A6"/>' for side in ("top", "bottom", "insideH")
    )
    header = _row(
        [_cell(f"label_{name}", width, name, is_bold=True) for name, width in zip(names, _WIDTHS, strict=True)], True
    )
    item = _row([_cell(f"item_{name}", width, name) for name, width in zip(names, _WIDTHS, strict=True)])
    total = _row([_cell("label_total", sum(_WIDTHS[:5]), "total", is_bold=True, span=5),
                  _cell("total_text", _WIDTHS[5], "amount", is_bold=True)])  # fmt: skip
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(_WIDTHS)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{header}{item}{total}</w:tbl>"
    )


def _row(cells: list[str], is_header: bool = False) -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if is_header else ''}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(field: str, width: int, name: str, *, is_bold: bool = False, span: int = 1) -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="E9EEF6"/>' if field.startswith("label_") and span == 1 else ""
    align = "right" if name in ("days", "amount") else "left"
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{shade}</w:tcPr>'
        f"{_paragraph(field, style='Cell', align=align, is_bold=is_bold)}</w:tc>"
    )
