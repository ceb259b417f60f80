"""What a customer filled in and sent back: the tables of the reply, from an .xlsx or .docx file of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from functions.frames import NO_MINOR
from workbook.file_book import FileBook
from workbook.issue import Issue
from workbook.labels import WORDS
from workbook.port import RawTable
from workbook.reading.context import ReadingContext
from workbook.reading.rows import ReadTable, read_rows
from workbook.refusals import NoSuchFile, Refusal
from workbook.schema.columns import LANGUAGES
from workbook.statements.reply_tables import KNOWN_BY, REPLY, REPLY_ITEMS
from workbook.table import Table


class NotAReply(Refusal):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} holds no reply: it must be a statement or confirmation that duebook made, .xlsx or .docx, filled in. "
            "Type other replies into Confirmations and Invoices yourself."
        )


class NoWordReading(Refusal):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Reading {path.name} needs python-docx, which is not installed. Install it with: "
            "pip install 'duebook[documents]', or type the reply into Confirmations and Invoices yourself."
        )


class TwoCustomers(Refusal):
    def __init__(self, path: Path, customers: list[str]) -> None:
        super().__init__(f"{path} names {len(customers)} customers ({', '.join(customers)}): a reply is of one. Correct it.")


@dataclass(frozen=True)
class Said:
    """Of one balance: ``stated_minor`` is what the customer sees, NO_MINOR where only ``is_agreed`` says so, or nothing."""

    as_of_day: int
    currency: str
    is_agreed: bool
    stated_minor: int
    remarks: str


@dataclass(frozen=True)
class Contested:
    """A document that the customer disputes."""

    invoice_id: str
    reason: str


@dataclass(frozen=True)
class Reply:
    """One file. ``issues``: of cells that could not be read; their rows are left out."""

    path: Path
    customer_id: str
    said: tuple[Said, ...]
    contested: tuple[Contested, ...]
    issues: tuple[Issue, ...] = field(repr=False)


def read_reply(path: Path, *, base_currency: str) -> Reply:
    """The reply in a file. Raises NoSuchFile, NotAReply, NoWordReading, TwoCustomers, UnreadableWorkbook, TableFault."""
    if not path.exists():
        raise NoSuchFile(path)
    found = _tables_of_letter(path) if path.suffix.casefold() == ".docx" else _tables_of_book(path)
    if REPLY.name not in found:
        raise NotAReply(path)
    context = ReadingContext(base_currency=base_currency, words=WORDS)
    reply = read_rows(found[REPLY.name], REPLY, context)
    customers = sorted({str(row["customer_id"]) for row in _rows(reply)})
    if len(customers) > 1:
        raise TwoCustomers(path, customers)
    items = read_rows(found[REPLY_ITEMS.name], REPLY_ITEMS, context) if REPLY_ITEMS.name in found else None
    contested: dict[str, Contested] = {}
    for row in _rows(items) if items is not None else ():
        if row["is_disputed"]:
            known = contested.get(row["invoice_id"])
            reason = row["dispute_reason"] or (known.reason if known else "")
            contested[row["invoice_id"]] = Contested(row["invoice_id"], reason)
    return Reply(
        path,
        customers[0] if customers else "",
        tuple(
            Said(
                int(row["as_of_day"]),
                row["currency"],
                bool(row["is_agreed"]),
                int(row["stated_balance_minor"]),
                row["remarks"],
            )
            for row in _rows(reply)
            if row["is_agreed"] or row["stated_balance_minor"] != NO_MINOR or row["remarks"]
        ),
        tuple(contested.values()),
        (*reply.issues, *(items.issues if items is not None else ())),
    )


def _rows(read: ReadTable) -> Iterator[dict[str, Any]]:
    yield from ({str(key): value for key, value in row.items()} for row in read.frame().to_dict("records"))


def _tables_of_book(path: Path) -> dict[str, RawTable]:
    book = FileBook(path)
    found = {table.name: book.read_table(table.name) for table in (REPLY, REPLY_ITEMS)}
    return {name: raw for name, raw in found.items() if raw is not None}


def _tables_of_letter(path: Path) -> dict[str, RawTable]:
    """Tables are known by their headers: Word has no names for them."""
    if find_spec("docx") is None:
        raise NoWordReading(path)
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        word = docx.Document(str(path))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise NotAReply(path) from error
    found: dict[str, RawTable] = {}
    for place, table in enumerate(word.tables, 1):
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if len({len(row) for row in rows}) != 1:
            continue  # cells were joined: no table of ours
        for declared in (REPLY, REPLY_ITEMS):
            if any(rows[0] == _headers(declared, rows[0], language) for language in LANGUAGES):
                found.setdefault(declared.name, _as_found(declared, rows, f"table {place}"))
    return found


def _headers(declared: Table, there: list[str], language: str) -> list[str]:
    """The headers that a table of ours has; of those that not every file has, the ones that are there."""
    labels = [(each.key, each.label.in_language(language)) for each in declared.columns]
    return [label for key, label in labels if key not in KNOWN_BY or label in there]


def _as_found(declared: Table, rows: list[list[str]], where: str) -> RawTable:
    headers, *cells = rows
    columns = tuple(tuple(row[column] for row in cells) for column in range(len(headers)))
    return RawTable(declared.name, where, tuple(headers), columns, first_row=2, first_column=1)
