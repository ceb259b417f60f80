"""A sheet for a table of ours: made as in a new workbook, then taken over into the package with its formats and its table.

So a sheet that comes later looks like one that was there from the start, and the template is the one place that says how.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree
from openpyxl import Workbook

from workbook.package.draft import Draft, serialised
from workbook.package.edits import AddSheet
from workbook.package.package_index import Package, package_of
from workbook.package.parts import children, elements, relationship_id
from workbook.package.sheet_draft import SheetDraft
from workbook.package.styles import Styles
from workbook.package.workbook_part import WorkbookPart
from workbook.template.home import TITLE_CELL, TITLE_STYLE, TITLES, home_entry
from workbook.template.sheet_order import place_among
from workbook.template.table_sheet import add_table_sheet

_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_MAIN = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONSHIPS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONSHIPS = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_CHART_NAMESPACE = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_LONGEST_TITLE = 31
# What may stand behind the links of a sheet, by the format's order of elements.
_BEHIND_LINKS = frozenset({
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches",
    "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
})  # fmt: skip


@dataclass(frozen=True)
class AddedSheet:
    """A sheet that was added: its title, its part, and the part of its table."""

    title: str
    part: str
    table_part: str


def add_sheet(
    draft: Draft, workbook: WorkbookPart, styles: Styles, edit: AddSheet, tables: Mapping[str, Sequence[str]], currency: str
) -> AddedSheet:
    """Add the table's sheet in its place in the order of work; ``tables``: the names of the tables on each sheet."""
    made = _made(draft, edit, currency)
    taken = {title.casefold() for title in workbook.titles()}
    titles = {title: _free_title(title, taken) for title in made.sheets}
    added = [_take_over(draft, workbook, styles, made, title, titles) for title in made.sheets]
    places = [tables.get(title, ()) for title in workbook.titles()]
    main, *lists = made.sheets
    at = place_among(places, edit.table)
    workbook.insert_sheet(
        titles[main], added[0].part, len(places) if at is None else at,
        is_hidden=edit.table.is_log, names=_names_of(made, titles),
    )  # fmt: skip
    for title, sheet in zip(lists, added[1:], strict=True):
        workbook.insert_sheet(titles[title], sheet.part, len(workbook.titles()), is_hidden=True, names={})
    return added[0]


def _made(draft: Draft, edit: AddSheet, currency: str) -> Package:
    book = Workbook()
    del book[book.sheetnames[0]]
    add_table_sheet(book, edit.table, language=edit.language, currency=currency)
    for sheet in book.worksheets:
        sheet.sheet_state = "visible"  # openpyxl saves no workbook that shows none; it is hidden among the others
    saved = io.BytesIO()
    book.save(saved)
    return package_of(saved.getvalue(), draft.parts.path)


def _free_title(title: str, taken: set[str]) -> str:
    """The title, with a number where another sheet is called so."""
    free, number = title, 1
    while free.casefold() in taken:
        number += 1
        free = f"{title[: _LONGEST_TITLE - len(str(number)) - 1]} {number}"
    return free


def _names_of(made: Package, titles: Mapping[str, str]) -> dict[str, str]:
    """The defined names of the sheet itself: its print titles."""
    names = children(made.parts.xml(made.workbook_part), "definedNames", "definedName")
    return {each.get("name", ""): _with_titles(each.text or "", titles) for each in names if each.get("localSheetId") == "0"}


def _with_titles(formula: str, titles: Mapping[str, str]) -> str:
    for old, new in titles.items():
        if old != new:
            quoted = "'" + new.replace("'", "''") + "'!"
            formula = formula.replace("'" + old.replace("'", "''") + "'!", quoted)
            formula = re.sub(rf"(?<![\w']){re.escape(old)}!", quoted.replace("\\", r"\\"), formula)
    return formula


def _take_over(
    draft: Draft, workbook: WorkbookPart, styles: Styles, made: Package, title: str, titles: Mapping[str, str]
) -> AddedSheet:
    root = made.parts.xml(made.sheets[title])
    _use_formats_of(styles, made, root)
    _spell_texts_inline(made, root)
    for each in children(root, "dataValidations", "dataValidation", "formula1"):
        each.text = _with_titles(each.text or "", titles)
    for view in children(root, "sheetViews", "sheetView"):
        if view.get("tabSelected"):
            del view.attrib["tabSelected"]  # another sheet is the one in view
    part = draft.free_name("/xl/worksheets/sheet{}.xml")
    draft.add(part, b"", _SHEET_TYPE)
    table_part = ""
    related = made.parts.related(made.sheets[title])
    for each in children(root, "tableParts", "tablePart"):
        table_part = _take_over_table(draft, workbook, made.parts.xml(related[relationship_id(each)].target))
        key = draft.relate(part, table_part, f"{workbook.relationships_namespace}/table")
        _point_to(each, key)
    for each in children(root, "drawing"):
        if workbook.is_strict:
            root.remove(each)  # its chart would have to be spelled otherwise in more than its namespaces
        else:
            drawing = _take_over_drawing(draft, made, related[relationship_id(each)].target, titles)
            _point_to(each, draft.relate(part, drawing, f"{workbook.relationships_namespace}/drawing"))
    draft.put(part, _in_namespace(serialised(root), workbook))
    return AddedSheet(titles[title], part, table_part)


def _take_over_drawing(draft: Draft, made: Package, drawing: str, titles: Mapping[str, str]) -> str:
    root, related = made.parts.xml(drawing), made.parts.related(drawing)
    part = draft.free_name("/xl/drawings/drawing{}.xml")
    draft.add(part, b"", _DRAWING_TYPE)
    for each in root.iter(f"{{{_CHART_NAMESPACE}}}chart"):
        chart = made.parts.xml(related[relationship_id(each)].target)
        for formula in chart.iter(f"{{{_CHART_NAMESPACE}}}f"):
            formula.text = _with_titles(formula.text or "", titles)
        chart_part = draft.free_name("/xl/charts/chart{}.xml")
        draft.add(chart_part, serialised(chart), _CHART_TYPE)
        _point_to(each, draft.relate(part, chart_part, f"{_RELATIONSHIPS.decode()}/chart"))
    draft.put(part, serialised(root))
    return part


def _point_to(element: etree._Element, key: str) -> None:
    """Let an element name another relationship."""
    for name in [name for name in element.attrib if str(name).endswith("}id")]:
        element.set(name, key)


def _take_over_table(draft: Draft, workbook: WorkbookPart, root: etree._Element) -> str:
    part = draft.free_name("/xl/tables/table{}.xml")
    root.set("id", str(1 + max(_table_ids(draft), default=0)))
    draft.add(part, _in_namespace(serialised(root), workbook), _TABLE_TYPE)
    return part


def _table_ids(draft: Draft) -> list[int]:
    types = draft.parts.content_types()
    tables = [part for part in draft if types.of(part).endswith("spreadsheetml.table+xml") or part in draft.added]
    roots = [draft.xml(part) for part in tables if draft.read(part)]
    return [int(root.get("id", "0")) for root in roots if etree.QName(root).localname == "table"]


def _use_formats_of(styles: Styles, made: Package, root: etree._Element) -> None:
    (their_part,) = [each.target for each in made.parts.related(made.workbook_part).values() if each.kind == "styles"]
    imported = styles.importer(made.parts.xml(their_part))
    for attribute, path in (("s", ("sheetData", "row", "c")), ("s", ("sheetData", "row")), ("style", ("cols", "col"))):
        for each in children(root, *path):
            if each.get(attribute) is not None:
                each.set(attribute, str(imported(int(each.get(attribute, "0")))))


def _spell_texts_inline(made: Package, root: etree._Element) -> None:
    """Texts in the cells themselves: the workbook's list of shared strings stays as it is."""
    shared = [each.target for each in made.parts.related(made.workbook_part).values() if each.kind == "sharedStrings"]
    texts = [*children(made.parts.xml(shared[0]), "si")] if shared else []
    for cell in children(root, "sheetData", "row", "c"):
        if cell.get("t") == "s":
            (value,) = elements(cell)
            text = texts[int(value.text or "0")]
            cell.remove(value)
            cell.set("t", "inlineStr")
            inline = etree.SubElement(cell, etree.QName(etree.QName(cell).namespace, "is"))
            inline.extend([*elements(text)])


def _in_namespace(text: bytes, workbook: WorkbookPart) -> bytes:
    """The text of a part in the namespaces of a strict workbook, if it is one."""
    if not workbook.is_strict:
        return text
    return text.replace(_MAIN, _STRICT_MAIN).replace(_RELATIONSHIPS, _STRICT_RELATIONSHIPS)


def home_sheet(sheets: Mapping[str, str]) -> str | None:
    """The name of the sheet that is Home, if there is one."""
    return next((title for title in TITLES if title in sheets), None)


def link_from_home(home: SheetDraft, styles: Styles, edit: AddSheet, title: str) -> None:
    """A line about the new sheet below all that Home holds, unless a sheet of that name is staff's own."""
    standing = home.cells(TITLE_CELL[0]).get(TITLE_CELL[1])
    if standing is None or styles.name_of(standing.style) != TITLE_STYLE:
        return
    from workbook.package.cell_xml import CellWriter

    entry = home_entry(edit.table, title, edit.language)
    row = home.rows.last_row + 1
    writer = CellWriter(home.prefix, home.name, is_1904=False, quoted=styles.quoted)
    cells = [
        writer.cell(row, column, text, styles.named(style) or 0) for column, (text, style) in sorted(entry.cells.items())
    ]
    opening = home.opening(row, b' ht="%g" customHeight="1"' % entry.height)
    home.put_row(row, opening + "".join(cells).encode() + b"</" + home.prefix.encode() + b"row>")
    _add_link(home.root, f"C{row}", entry.location, entry.display)


def _add_link(root: etree._Element, cell: str, location: str, display: str) -> None:
    namespace = etree.QName(root).namespace
    links = next(children(root, "hyperlinks"), None)
    if links is None:
        links = etree.Element(etree.QName(namespace, "hyperlinks"))
        following = next((each for each in elements(root) if etree.QName(each).localname in _BEHIND_LINKS), None)
        if following is None:
            root.append(links)
        else:
            following.addprevious(links)
    etree.SubElement(links, etree.QName(namespace, "hyperlink"), ref=cell, location=location, display=display)
