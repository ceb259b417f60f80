"""A document as an .xlsx file: a sheet a page, printed on the width of one sheet of paper.

The tables of the reply are Excel tables, found again by name when the file comes back. Nothing but the document's own texts
is in the package. The markup is written here, as for a letter, since thousands of files are made in one run.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from functions.money import exponent
from workbook.addresses import address, column_letters
from workbook.package.cell_xml import LONGEST_TEXT, CellWriter
from workbook.package.new_package import RELATIONSHIP_TYPES, XML, package_bytes, relationships, text_of_xml
from workbook.port import Cell
from workbook.statements.blocks import Amount, Document, Facts, Grid, Heading, Page, Paragraph, Value, value_text
from workbook.statements.widths import column_widths, lines_of

_FEWEST_COLUMNS = 6
_PORTRAIT_CHARACTERS = 125  # on portrait paper, text of more would be printed too small
_LINE_POINTS = 15.0
_HEADING_POINTS = (24.0, 18.0, 15.0)
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DATE = "yyyy-mm-dd"


class _Look(NamedTuple):
    """What a cell looks like: places in the lists below, and the format of its number."""

    font: int = 0
    fill: int = 0
    border: int = 0
    align: str = ""
    number: str = ""
    is_quoted: bool = False


_FONTS = ('<sz val="11"/>', '<b/><sz val="11"/>', '<b/><sz val="16"/>', '<b/><sz val="12"/><color rgb="FF1F4E79"/>')
_PLAIN, _BOLD, _TITLE, _HEADING = range(4)
_FILLS = ("", "", "FFE6ECF2", "FFFFF8CC")
_NO_FILL, _, _HEADER_FILL, _TO_FILL = range(4)
_THIN = '<{0} style="thin"><color rgb="FFB8C2CC"/></{0}>'
_BORDERS = (
    "",
    _THIN.format("bottom"),
    _THIN.format("top") + '<bottom style="double"><color rgb="FF5A6875"/></bottom>',
    "".join(_THIN.format(side) for side in ("left", "right", "top", "bottom")),
)
_NO_LINE, _UNDERLINED, _TOTAL, _BOXED = range(4)
_LEFT = '<alignment horizontal="left" vertical="top" wrapText="1"/>'
_RIGHT = '<alignment horizontal="right" vertical="top" wrapText="1" indent="1"/>'
_NUMBER = '<alignment horizontal="right" vertical="top" indent="1"/>'
_OVER_THE_NEXT_CELLS = '<alignment vertical="center"/>'
_HEADING_LOOKS = tuple(_Look(font, align=_OVER_THE_NEXT_CELLS) for font in (_TITLE, _HEADING, _BOLD))


class _Looks:
    """The looks of one workbook, numbered as they come up; number 0 is a cell without any."""

    def __init__(self) -> None:
        self._numbers: dict[_Look, int] = {_Look(): 0}

    def number(self, look: _Look) -> int:
        return self._numbers.setdefault(look, len(self._numbers))

    def quoted(self, number: int) -> int:
        """The same look for a text that Excel would take for a formula."""
        return self.number(tuple(self._numbers)[number]._replace(is_quoted=True))

    def part(self) -> str:
        return _styles(tuple(self._numbers))


def workbook_bytes(document: Document) -> bytes:
    """The file; the same document gives the same bytes."""
    looks = _Looks()
    sheets = [_SheetOf(page, looks) for page in document.pages]
    parts, types, first_table = {}, {}, 1
    for place, sheet in enumerate(sheets, start=1):
        name = f"xl/worksheets/sheet{place}.xml"
        parts[name], types[name] = sheet.part(), "officedocument.spreadsheetml.worksheet+xml"
        if sheet.tables:
            ids = range(first_table, first_table + len(sheet.tables))
            first_table = ids.stop
            parts[f"xl/worksheets/_rels/sheet{place}.xml.rels"] = relationships(
                [("table", f"../tables/table{number}.xml") for number in ids]
            )
            for number, (grid, reach) in zip(ids, sheet.tables, strict=True):
                table = f"xl/tables/table{number}.xml"
                parts[table], types[table] = _table(number, grid, reach), "officedocument.spreadsheetml.table+xml"
    book, styles = "xl/workbook.xml", "xl/styles.xml"
    links = [("worksheet", f"worksheets/sheet{place}.xml") for place in range(1, len(sheets) + 1)]
    listed = "".join(
        f'<sheet name={quoteattr(page.name)} sheetId="{place}" r:id="rId{place}"/>'
        for place, page in enumerate(document.pages, start=1)
    )
    parts |= {
        book: f'{XML}<workbook xmlns="{_S}" xmlns:r="{RELATIONSHIP_TYPES}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relationships([*links, ("styles", "styles.xml")]),
        styles: looks.part(),
    }
    types |= {
        book: "officedocument.spreadsheetml.sheet.main+xml",
        styles: "officedocument.spreadsheetml.styles+xml",
    }
    return package_bytes(parts, types, main=book, title=document.title, author=document.author)


class _SheetOf:
    """One page, written from top to bottom."""

    def __init__(self, page: Page, looks: _Looks) -> None:
        self._looks = looks
        self._cells = CellWriter("", page.name, is_1904=False, quoted=looks.quoted)
        grids = [block for block in page.blocks if isinstance(block, Grid)]
        self.columns = max([_FEWEST_COLUMNS, *(len(grid.headers) for grid in grids)])
        self.widths = column_widths(grids, self.columns)
        self.tables: list[tuple[Grid, str]] = []
        self._rows: list[str] = []
        self._merged: list[str] = []
        self._picked: list[str] = []
        self.row = 1
        for block in page.blocks:
            self._write(block)

    def part(self) -> str:
        is_wide = sum(self.widths) > _PORTRAIT_CHARACTERS
        links = [f'<tablePart r:id="rId{place}"/>' for place in range(1, len(self.tables) + 1)]
        columns = "".join(
            f'<col min="{place}" max="{place}" width="{width:g}" customWidth="1"/>'
            for place, width in enumerate(self.widths, start=1)
        )
        return (
            f'{XML}<worksheet xmlns="{_S}" xmlns:r="{RELATIONSHIP_TYPES}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            '<sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>{"".join(self._rows)}</sheetData>'
            f"{_listed('mergeCells', self._merged)}{_listed('dataValidations', self._picked)}"
            '<pageMargins left="0.6" right="0.6" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>'
            f'<pageSetup paperSize="9" orientation="{"landscape" if is_wide else "portrait"}" fitToHeight="0"/>'
            f"<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter>"
            f"{_listed('tableParts', links)}"
            "</worksheet>"
        )

    def _write(self, block: object) -> None:
        match block:
            case Heading(text, level):
                self.row += 1 if level and self.row > 1 else 0
                self._line([self._cell(1, text, _HEADING_LOOKS[level])], _HEADING_POINTS[level])
            case Paragraph(text):
                self._line([self._across(1, text)], self._height([text], [sum(self.widths)]))
                self.row += 1
            case Facts(rows):
                for label, value in rows:
                    self._fact(label, value)
                self.row += 1
            case Grid():
                self._grid(block)

    def _line(self, cells: Sequence[str], points: float | None = None) -> None:
        height = f' ht="{points:g}" customHeight="1"' if points is not None else ""
        self._rows.append(f'<row r="{self.row}"{height}>{"".join(cells)}</row>')
        self.row += 1

    def _cell(self, column: int, value: Value, look: _Look) -> str:
        if isinstance(value, str):
            value = text_of_xml(value)[:LONGEST_TEXT]
        return self._cells.cell(self.row, column, _as_cell(value), self._looks.number(look))

    def _height(self, texts: Sequence[str], widths: Sequence[float]) -> float | None:
        """High enough for texts that are wrapped: no program makes a merged cell grow by itself."""
        lines = max(lines_of(text, width) for text, width in zip(texts, widths, strict=False))
        return _LINE_POINTS * lines if lines > 1 else None

    def _merge(self, first: int, last: int) -> None:
        self._merged.append(f'<mergeCell ref="{address(self.row, first)}:{address(self.row, last)}"/>')

    def _across(self, first: int, text: str) -> str:
        """A text over the columns from the first on."""
        self._merge(first, self.columns)
        return self._cell(first, text, _Look(align=_LEFT))

    def _fact(self, label: str, value: Value) -> None:
        name = self._cell(1, label, _Look(_BOLD, align=_LEFT))
        self._merge(1, 2)
        if isinstance(value, str):
            self._line([name, self._across(3, value)], self._height([value], [sum(self.widths[2:])]))
            return
        self._merge(3, 4)
        self._line([name, self._cell(3, value, _look_of(value, _Look()))])

    def _grid(self, grid: Grid) -> None:
        first, last = self.row, len(grid.rows)
        header = _Look(_BOLD, _HEADER_FILL, _UNDERLINED)
        holds_amounts = [
            all(row[column] is None or isinstance(row[column], Amount) for row in grid.rows)
            for column in range(len(grid.headers))
        ]
        cells = [
            self._cell(column, text, header._replace(align=_RIGHT if is_right else _LEFT))
            for column, (text, is_right) in enumerate(zip(grid.headers, holds_amounts, strict=True), start=1)
        ]
        self._line(cells, self._height(grid.headers, self.widths))
        for place, row in enumerate(grid.rows, start=1):
            is_total = grid.ends_with_total and place == last
            plain = _Look(_BOLD, border=_TOTAL) if is_total else _Look()
            cells = [
                self._cell(column, value, _look_of(value, _FILLED_IN if column - 1 in grid.to_fill else plain))
                for column, value in enumerate(row, start=1)
            ]
            self._line(cells, self._height([value_text(value) for value in row], self.widths))
        if grid.name:
            self._name(grid, first, self.row - 1)
        self.row += 1

    def _name(self, grid: Grid, first: int, last: int) -> None:
        self.tables.append((grid, f"A{first}:{address(last, len(grid.headers))}"))
        for place, choices in grid.choices.items():
            letter = column_letters(place + 1)
            self._picked.append(
                f'<dataValidation type="list" allowBlank="1" sqref="{letter}{first + 1}:{letter}{last}">'
                f'<formula1>"{escape(",".join(choices))}"</formula1></dataValidation>'
            )


_FILLED_IN = _Look(fill=_TO_FILL, border=_BOXED)


def _as_cell(value: Value) -> Cell:
    return value.minor / 10 ** exponent(value.currency) if isinstance(value, Amount) else value


def _look_of(value: Value, look: _Look) -> _Look:
    if isinstance(value, Amount):
        return look._replace(align=_NUMBER, number=_amount_format(value.currency))
    return look._replace(align=_LEFT, number="" if value is None or isinstance(value, str | int) else _DATE)


@lru_cache
def _amount_format(currency: str) -> str:
    decimals = exponent(currency)
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _listed(name: str, entries: Sequence[str]) -> str:
    return f'<{name} count="{len(entries)}">{"".join(entries)}</{name}>' if entries else ""


def _table(number: int, grid: Grid, reach: str) -> str:
    columns = [f'<tableColumn id="{place}" name={quoteattr(text)}/>' for place, text in enumerate(grid.headers, start=1)]
    return (
        f'{XML}<table xmlns="{_S}" id="{number}" name="{grid.name}" displayName="{grid.name}" ref="{reach}">'
        f'<autoFilter ref="{reach}"/>{_listed("tableColumns", columns)}'
        '<tableStyleInfo name="TableStyleLight1" showFirstColumn="0" showLastColumn="0" showRowStripes="0" '
        'showColumnStripes="0"/></table>'
    )


@lru_cache(256)  # files of one run have the same looks, but for their currencies
def _styles(looks: Sequence[_Look]) -> str:
    formats = {each: number for number, each in enumerate(sorted({look.number for look in looks} - {""}), start=164)}
    fonts = [f'<font>{font}<name val="Calibri"/><family val="2"/></font>' for font in _FONTS]
    fills = [
        f'<fill><patternFill patternType="solid"><fgColor rgb="{fill}"/></patternFill></fill>' if fill
        # The first two are what Excel expects to find there.
        else f'<fill><patternFill patternType="{"gray125" if place else "none"}"/></fill>'
        for place, fill in enumerate(_FILLS)
    ]  # fmt: skip
    borders = [f"<border>{lines}</border>" for lines in _BORDERS]
    cells = [
        f'<xf numFmtId="{formats.get(look.number, 0)}" fontId="{look.font}" fillId="{look.fill}" borderId="{look.border}" '
        f'xfId="0" quotePrefix="{int(look.is_quoted)}" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" '
        f'applyAlignment="1">{look.align}</xf>'
        for look in looks
    ]
    numbers = [f'<numFmt numFmtId="{number}" formatCode={quoteattr(text)}/>' for text, number in formats.items()]
    return (
        f'{XML}<styleSheet xmlns="{_S}">{_listed("numFmts", numbers)}{_listed("fonts", fonts)}{_listed("fills", fills)}'
        f"{_listed('borders', borders)}"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f"{_listed('cellXfs', cells)}"
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
