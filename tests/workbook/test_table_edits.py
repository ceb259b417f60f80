"""Any sequence of edits, on any layout of a sheet, against a model that knows nothing of XML: which cell must hold what.

The model is a dictionary of cells. What a step does to a table is said in a few lines of it; everything else must stay.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table as SheetTable
from openpyxl.worksheet.table import TableFormula
from python_calamine import CalamineWorkbook

from workbook.addresses import address, column_number
from workbook.file_book import FileBook
from workbook.package.openpyxl_engine import OpenpyxlEngine
from workbook.port import Cell
from workbook.table import Column, Kind, Owner, Table, Words

Place = tuple[int, int]
Cells = dict[Place, Cell]

OURS = Table(
    "Report",
    Words("Report", "报表"),
    Owner.ADDIN,
    tuple(
        Column(key, Words(key, key), kind)
        for key, kind in (("key", Kind.ID), ("amount", Kind.MONEY), ("day", Kind.DATE), ("text", Kind.TEXT))
    ),
    key=("key",),
)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
SHEET = "xl/worksheets/sheet1.xml"
BY_DISTANCE = "={amount}{row}*2"

texts = st.sampled_from(["x", "=1+1", "-a", "+b", "@c", " y ", "a\nb", "<&>", "甲", "00123", "#N/A", "TRUE"])
numbers = st.integers(-(10**6), 10**6) | st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 4))
days = st.dates(dt.date(1904, 1, 2), dt.date(2100, 1, 1))
keys = st.sampled_from([f"K{number}" for number in range(4)])


@dataclass(frozen=True)
class Layout:
    """Where the table stands and what is around it. ``order``: the columns from left to right, staff's own among them."""

    order: tuple[str, ...]
    row: int
    column: int
    beside: bool
    has_totals: bool
    has_notes: bool
    is_1904: bool
    form: str


@dataclass
class Model:
    """What the cells of the sheet must hold."""

    layout: Layout
    height: int
    cells: Cells = field(default_factory=dict)
    notes: dict[Place, str] = field(default_factory=dict)

    @property
    def first(self) -> int:
        return self.layout.row + 1

    @property
    def last(self) -> int:
        return self.first + self.height - 1

    def column(self, header: str) -> int:
        return self.layout.column + self.layout.order.index(header)

    def row_of(self, row: int) -> dict[str, Cell]:
        return {header: self.cells.get((row, self.column(header))) for header in self.layout.order}

    def rows(self) -> list[dict[str, Cell]]:
        return [self.row_of(row) for row in range(self.first, self.last + 1)]

    def put(self, row: int, values: Mapping[str, Cell]) -> None:
        for header, value in values.items():
            if value is None or value == "":
                self.cells.pop((row, self.column(header)), None)
            else:
                self.cells[row, self.column(header)] = value

    def resize(self, height: int) -> None:
        """The totals row goes with the end of the table, and its note with it."""
        columns = range(self.layout.column, self.layout.column + len(self.layout.order))
        old, new = self.last + 1, self.first + max(1, height)
        if self.layout.has_totals and old != new:
            totals = {column: self.cells.pop((old, column)) for column in columns if (old, column) in self.cells}
            notes = {column: self.notes.pop((old, column)) for column in columns if (old, column) in self.notes}
        else:
            totals, notes = {}, {}
        for row in range(self.first + max(1, height), self.last + 1):
            for column in columns:
                self.cells.pop((row, column), None)
        self.height = max(1, height)
        self.cells.update({(new, column): value for column, value in totals.items()})
        self.notes.update({(new, column): text for column, text in notes.items()})

    def formula(self, header: str, row: int) -> str:
        amount = get_column_letter(self.column("amount"))
        return BY_DISTANCE.format(amount=amount, row=row) if header == "Twice" else ""

    def update(self, row: int, values: Mapping[str, Cell]) -> None:
        self.put(self.first + row, values)

    def append(self, rows: Sequence[Mapping[str, Cell]]) -> None:
        judged = [header for header in self.layout.order if header != "Twice"]
        held = [at for at, row in enumerate(self.rows()) if any(row[header] not in (None, "") for header in judged)]
        start = max(held, default=-1) + 1
        self.resize(max(self.height, start + len(rows)))
        for at, values in enumerate(rows):
            row = self.first + start + at
            self.put(row, {header: value for header, value in values.items() if value not in (None, "")})
            if "Twice" in self.layout.order:
                self.put(row, {"Twice": self.formula("Twice", row)})

    def rewrite(self, rows: Sequence[Mapping[str, Cell]]) -> None:
        """Staff's cells and the notes of a row go where the row of the same key goes."""
        before, left = self.rows(), {}
        for at, row in enumerate(before):
            left.setdefault(row["key"], []).append(at)
        came_from = [left[each["key"]].pop(0) if left.get(each["key"]) else None for each in rows] or [None]
        first, last = self.first, self.last
        notes = {place: text for place, text in self.notes.items() if first <= place[0] <= last}
        self.notes = {place: text for place, text in self.notes.items() if place not in notes}
        self.resize(len(rows))
        for at, was in enumerate(came_from):
            values = dict(rows[at]) if rows else dict.fromkeys(OURS.keys)
            row = self.first + at
            theirs: dict[str, Cell] = {"Remark": before[was].get("Remark") if was is not None else None}
            if "Twice" in self.layout.order:
                theirs["Twice"] = self.formula("Twice", row) if was is None or before[was]["Twice"] else None
            self.put(row, {**values, **{header: value for header, value in theirs.items() if header in self.layout.order}})
            for (old_row, column), text in notes.items():
                if was is not None and old_row == first + was:
                    self.notes[row, column] = text


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    staff = draw(st.sampled_from([(), ("Remark",), ("Remark", "Twice"), ("Twice",)]))
    return Layout(
        order=tuple(draw(st.permutations([*OURS.keys, *staff]))),
        row=draw(st.sampled_from([1, 4])),
        column=draw(st.sampled_from([1, 3])),
        beside=draw(st.booleans()),
        has_totals=draw(st.booleans()),
        has_notes=draw(st.booleans()),
        is_1904=draw(st.booleans()),
        form=draw(st.sampled_from(["plain", "prefixed", "without references", "shared formulas", "hidden rows", "quotes"])),
    )


rows_of_ours = st.fixed_dictionaries(
    {"key": keys, "amount": st.none() | numbers, "day": st.none() | days, "text": st.none() | texts}
)
steps = st.one_of(
    st.tuples(st.just("append"), st.lists(rows_of_ours, min_size=1, max_size=3)),
    st.tuples(st.just("rewrite"), st.lists(rows_of_ours, max_size=6)),
    st.tuples(st.just("update"), st.tuples(st.integers(0, 9), st.lists(rows_of_ours, min_size=1, max_size=1))),
)


def laid(layout: Layout, rows: Sequence[Mapping[str, Cell]], remarks: Sequence[str]) -> tuple[bytes, Model]:
    """A workbook laid out so, and what its sheet holds."""
    model = Model(layout, height=len(rows))
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Sheet's"
    if layout.is_1904:
        book.epoch = CALENDAR_MAC_1904
    model.cells.update({(layout.row, model.column(header)): header for header in layout.order})
    for at, row in enumerate(rows):
        model.put(model.first + at, row)
        own = {"Remark": remarks[at % len(remarks)], "Twice": model.formula("Twice", model.first + at)}
        model.put(model.first + at, {header: value for header, value in own.items() if header in layout.order})
    if layout.has_totals:
        model.cells[model.last + 1, layout.column] = "Total"
        model.cells[model.last + 1, layout.column + 1] = "=SUBTOTAL(103,Report[key])"
    if layout.beside:
        right = layout.column + len(layout.order) + 1
        for row in range(1, layout.row + 12):
            model.cells[row, right] = f"beside {row}"
            model.cells[row, right + 1] = f'={get_column_letter(right)}{row}&"!"'
            if layout.column > 1:
                model.cells[row, 1] = row
    if layout.row > 1:
        model.cells[1, layout.column] = "a title"
    for (row, column), value in model.cells.items():
        cell = sheet.cell(row, column)
        cell.value = value
        if isinstance(value, str) and not is_formula(value):
            cell.data_type = "s"
    if layout.has_notes:
        for row in (model.first, model.last, layout.row):
            model.notes[row, model.column("amount")] = f"note {row}"
        for (row, column), text in model.notes.items():
            sheet.cell(row, column).comment = Comment(text, "us")
    bottom = model.last + int(layout.has_totals)
    ref = f"{address(layout.row, layout.column)}:{address(bottom, layout.column + len(layout.order) - 1)}"
    table = SheetTable(displayName="Report", ref=ref)
    table._initialise_columns()
    for each, header in zip(table.tableColumns, layout.order, strict=True):
        each.name = header
        if header == "Twice":
            each.calculatedColumnFormula = TableFormula(attr_text=model.formula("Twice", model.first)[1:])
    if layout.has_totals:
        table.totalsRowCount = 1
    sheet.add_table(table)
    if layout.form == "hidden rows":
        sheet.row_dimensions[model.first].hidden = True
        sheet.row_dimensions[model.last + 1].height = 33
    made = io.BytesIO()
    book.save(made)
    return in_form(made.getvalue(), layout, model), model


def is_formula(text: Cell) -> bool:
    return isinstance(text, str) and text.startswith("=") and text != "=1+1"


def in_form(raw: bytes, layout: Layout, model: Model) -> bytes:
    """The workbook as another program would spell it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            target.writestr(name, FORMS[layout.form](text.decode(), model).encode() if name == SHEET else text)
    return packed.getvalue()


def prefixed(text: str, model: Model) -> str:
    return re.sub(r"<(/?)([A-Za-z])(?![\w.-]*:)", r"<\1p:\2", text).replace("xmlns=", "xmlns:p=")


def without_references(text: str, model: Model) -> str:
    """A cell behind another, and a row below another, do not say where they stand."""
    last_row = 0

    def of_row(row: re.Match[str]) -> str:
        nonlocal last_row
        column, above = 0, last_row
        last_row = int(row[1])

        def of_cell(cell: re.Match[str]) -> str:
            nonlocal column
            before, column = column, column_number(cell[1])
            return "<c" if column == before + 1 else cell[0]

        spelled = re.sub('<c r="([A-Z]+)[0-9]+"', of_cell, row[0])
        return re.sub('<row r="[0-9]+"', "<row", spelled) if last_row == above + 1 else spelled

    return re.sub('<row r="([0-9]+)".*?</row>', of_row, text, flags=re.DOTALL)


def shared_formulas(text: str, model: Model) -> str:
    """The formulas of each column as one that is spelled once."""
    if "Twice" not in model.layout.order:
        return text
    letter = get_column_letter(model.column("Twice"))
    ref = f"{letter}{model.first}:{letter}{model.last}"
    count = 0

    def of_cell(cell: re.Match[str]) -> str:
        nonlocal count
        count += 1
        formula = cell[2] if count == 1 else ""
        return f'{cell[1]}<f t="shared" si="3"' + (f' ref="{ref}"' if formula else "") + f">{formula}</f>"

    return re.sub(rf'(<c r="{letter}[0-9]+"[^>]*>)<f>([A-Z]+[0-9]+\*2)</f>', of_cell, text)


def single_quotes(text: str, model: Model) -> str:
    return re.sub(r'(?<==)"([^"\'<]*)"(?=[\s/>?])', r"'\1'", text)


FORMS = {
    "plain": lambda text, model: text,
    "prefixed": prefixed,
    "without references": without_references,
    "shared formulas": shared_formulas,
    "hidden rows": lambda text, model: text,
    "quotes": single_quotes,
}


def do(book: FileBook, step: tuple[str, Any]) -> None:
    kind, argument = step
    if kind == "append":
        book.append_rows(OURS, columns(argument))
    elif kind == "rewrite":
        book.write_table(OURS, columns(argument))
    else:
        at, rows = argument
        raw = book.read_table("Report")
        assert raw is not None
        book.update_rows(OURS, [at % len(raw)], columns([without_key(rows[0])]))


def do_to_model(model: Model, step: tuple[str, Any]) -> None:
    kind, argument = step
    if kind == "append":
        model.append(argument)
    elif kind == "rewrite":
        model.rewrite(argument)
    else:
        at, rows = argument
        model.update(at % model.height, without_key(rows[0]))


def without_key(row: Mapping[str, Cell]) -> dict[str, Cell]:
    return {key: value for key, value in row.items() if key != "key"}


def columns(rows: Sequence[Mapping[str, Cell]]) -> dict[str, list[Cell]]:
    keys = rows[0] if rows else OURS.keys
    return {key: [row[key] for row in rows] for key in keys}


def comparable(value: Any) -> object:
    if isinstance(value, dt.datetime):
        return value.date()
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(
    layouts(), st.lists(rows_of_ours, min_size=1, max_size=4), st.lists(st.sampled_from(["r1", "r2", "=r"]), min_size=1),
    st.lists(st.lists(steps, min_size=1, max_size=3), min_size=1, max_size=3),
)  # fmt: skip
@example(
    Layout(
        order=("key", "Twice", "amount", "day", "Remark", "text"), row=4, column=3, beside=True, has_totals=True,
        has_notes=True, is_1904=False, form="shared formulas",
    ),
    [{"key": f"K{at}", "amount": at, "day": None, "text": None} for at in range(3)],
    ["r1", "r2"],
    [
        [("rewrite", [{"key": f"K{at}", "amount": at, "day": None, "text": None} for at in (2, 3, 0)])],
        [("rewrite", [])],
        [("append", [{"key": f"K{at}", "amount": at, "day": None, "text": None} for at in range(2)])],
    ],
)  # fmt: skip
def test_every_cell_holds_what_the_model_says_after_any_edits(
    layout: Layout, rows: list[dict[str, Cell]], remarks: list[str], saves: list[list[tuple[str, Any]]]
) -> None:
    raw, model = laid(layout, rows, [remark.replace("=", "~") for remark in remarks])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(raw)
        for run in saves:
            book = FileBook(path)
            for step in run:
                do(book, step)
                do_to_model(model, step)
            book.save()
            compare(path.read_bytes(), model)


def compare(raw: bytes, model: Model) -> None:
    """openpyxl tells formulas and notes, calamine the values; neither knows how they were written."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet = book["Sheet's"]
    found = {
        (cell.row, cell.column): comparable(cell.value)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert found == {place: comparable(value) for place, value in model.cells.items()}
    texts = [place for place, value in model.cells.items() if isinstance(value, str) and not is_formula(value)]
    assert [place for place in texts if sheet.cell(*place).data_type != "s"] == []
    assert {
        (cell.row, cell.column): cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment
    } == model.notes
    table = sheet.tables["Report"]
    bottom = model.last + int(model.layout.has_totals)
    right = model.layout.column + len(model.layout.order) - 1
    assert table.ref == f"{address(model.layout.row, model.layout.column)}:{address(bottom, right)}"
    assert [column.name for column in table.tableColumns] == list(model.layout.order)
    values = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_name("Sheet's").to_python(skip_empty_area=False)
    shown = {
        (row, column): comparable(cell)
        for row, cells in enumerate(values, 1)
        for column, cell in enumerate(cells, 1)
        if cell != ""
    }
    assert shown == {place: comparable(value) for place, value in model.cells.items() if not is_formula(value)}


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(layouts(), st.lists(rows_of_ours, min_size=1, max_size=3), st.lists(steps, min_size=1, max_size=3))
def test_both_engines_make_the_same_table(layout: Layout, rows: list[dict[str, Cell]], run: list[tuple[str, Any]]) -> None:
    raw, _ = laid(replace(layout, form="plain"), rows, ["r1"])
    with TemporaryDirectory() as folder:
        books = []
        for engine in (None, OpenpyxlEngine(accept_loss=True)):
            path = Path(folder) / f"book{len(books)}.xlsx"
            path.write_bytes(raw)
            book = FileBook(path, engine)
            for step in run:
                do(book, step)
            book.save()
            books.append(FileBook(path).read_table("Report"))
    ours, theirs = books
    assert ours is not None
    assert theirs is not None
    assert (ours.headers, ours.first_row, len(ours)) == (theirs.headers, theirs.first_row, len(theirs))
    for mine, other in zip(ours.columns, theirs.columns, strict=True):
        assert list(map(comparable, mine)) == list(map(comparable, other))
