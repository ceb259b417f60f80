"""A workbook → the ledger that the rules take, and every cell that could not be used."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from functions.frames import NO_MINOR, lazy
from functions.history import restore_as_of
from functions.ledger import SHAPES, Ledger, PaymentTerms, Policy, ReminderLevel
from functions.terms import BadInstalments, parse_instalments
from workbook.issue import Issue, cell_address
from workbook.labels import WORDS
from workbook.port import RawTable, ReadableBook
from workbook.reading.context import ReadingContext
from workbook.reading.headers import match_headers
from workbook.reading.magnitude import within_magnitude
from workbook.reading.rows import ReadTable, TypedColumn, pandas_frame, read_rows
from workbook.reading.shared_cells import with_shared_cells
from workbook.refusals import MissingTable
from workbook.schema import TABLES
from workbook.settings import Settings, parse_settings
from workbook.tasks.row_counts import tables_with_rows

READ_ORDER = (
    "Customers", "Contracts", "Milestones", "Orders", "Invoices", "Receipts", "Allocations", "WriteOffs",
    "RepaymentPlans", "Activities", "LegalCases", "PaymentTerms", "ReminderLevels", "Letters", "ExchangeRates",
    "InterestRates", "BankBalances", "BankStatement", "BankRules", "ControlAccount", "Confirmations",
    "Holidays", "ReminderLog",
)  # fmt: skip
"""Customers before documents, documents before what names them: their currencies decide how many decimals an amount has."""

FRAME_OF = MappingProxyType({_name: re.sub(r"(?<!^)(?=[A-Z])", "_", _name).lower() for _name in READ_ORDER})
"""Table → its frame in ``functions.ledger.SHAPES``: WriteOffs is write_offs."""

TABLE_OF = MappingProxyType({frame: name for name, frame in FRAME_OF.items()})

FrameOf = Callable[[Mapping[str, TypedColumn]], Any]
"""Typed columns → a frame of the engine that the rules are to run on."""


@dataclass(frozen=True)
class Source:
    """What a run worked on. ``tables``: those that were there, as read."""

    policy: Policy
    settings: Settings
    tables: Mapping[str, ReadTable] = field(repr=False)

    def rows_read(self) -> dict[str, int]:
        """Table → rows that were read: used or left out."""
        return {name: len(read) + len(read.left_out) for name, read in self.tables.items()}

    def left_out_rows(self) -> dict[str, int]:
        """Table → rows left out of every figure, where there are any."""
        return {name: len(read.left_out) for name, read in self.tables.items() if read.left_out}


@dataclass(frozen=True)
class WorkbookLedger(Source):
    """What a run works on. ``raws``: the tables as found; ``issues``: of the cells."""

    ledger: Ledger
    raws: Mapping[str, RawTable] = field(repr=False)
    issues: tuple[Issue, ...] = field(repr=False)

    def located(self, table: str, row: int, column: str, code: str) -> Issue:
        """The issue of a rule, with the cell it stands in and the value found there."""
        return _located(self.raws[table], self.tables[table], row, column, code)

    def without_cells(self) -> Source:
        """What reports still need when the figures are worked out: of the cells, customers' only. They take much memory."""
        tables = {name: read if name == "Customers" else read.without_cells() for name, read in self.tables.items()}
        return Source(policy=self.policy, settings=self.settings, tables=tables)


def read_ledger(
    book: ReadableBook,
    *,
    as_of: int,
    known_on: int | None = None,
    frame_of: FrameOf = pandas_frame,
    shares_cells: bool = True,
) -> WorkbookLedger:
    """Read every table that the rules use, with customers as they were ``as_of`` and, if asked, as known on a day.

    ``frame_of``: of the engine that the rules are to run on. ``shares_cells``: less memory for a little time; in vain where
    the book holds its cells itself.
    Raises MissingTable for an absent core table, and for one that an earlier run used; MissingColumn, DuplicateColumn.
    """
    reader = _Reader(book, shares_cells=shares_cells)
    reader.refuse_absent_tables()
    settings = reader.settings()
    for name in READ_ORDER:
        reader.read(name)
        if name == "Customers":
            reader.restore_customers(as_of)
    reader.refuse_too_much()
    ledger = reader.ledger(frame_of)
    if known_on is not None:
        ledger = ledger.as_known_on(known_on)
    return WorkbookLedger(
        ledger=ledger,
        policy=reader.policy(settings),
        settings=settings,
        tables=reader.tables,
        raws=reader.raws,
        issues=tuple(reader.issues),
    )


def read_policy(book: ReadableBook, *, tables: Iterable[str]) -> tuple[Policy, tuple[Issue, ...]]:
    """The settings with those of the terms, the ladder and the holidays that are asked for; and what is wrong in them."""
    reader = _Reader(book)
    settings = reader.settings()
    for name in tables:
        reader.read(name)
    return reader.policy(settings), tuple(reader.issues)


class _Reader:
    """One pass over the tables of a book."""

    def __init__(self, book: ReadableBook, *, shares_cells: bool = True) -> None:
        self._book = book
        self._shares_cells = shares_cells
        self._context = ReadingContext(base_currency=Policy.base_currency, words=WORDS)
        self.raws: dict[str, RawTable] = {}
        self.tables: dict[str, ReadTable] = {}
        self.issues: list[Issue] = []

    def refuse_absent_tables(self) -> None:
        present = {name.casefold() for name in self._book.table_names()}
        needed = [table.name for table in TABLES.values() if table.is_core]
        for name in [*needed, *_used_before(self._book)]:
            if name.casefold() not in present:
                raise MissingTable(self._book.name, name)

    def settings(self) -> Settings:
        """The Settings table: a value that cannot be is an issue, and its default serves."""
        self.read("Settings")
        read = self.tables["Settings"]
        cells = dict(zip(read.columns["key"], read.columns["value"], strict=True))
        settings, flaws = parse_settings(cells, is_1904=self.raws["Settings"].is_1904)
        rows = {key: int(row) for key, row in zip(read.columns["key"], read.columns["row"], strict=True)}
        self._add_issues("Settings", ((rows[flaw.key], flaw.field, flaw.code) for flaw in flaws))
        self._context = replace(self._context, base_currency=settings.base_currency)
        return settings

    def read(self, name: str) -> None:
        """Read one table, if it is there, and remember the currencies that later ones need."""
        raw = self._book.read_table(name)
        if raw is None:
            return
        raw = with_shared_cells(raw) if self._shares_cells else raw
        context = replace(self._context, is_1904=raw.is_1904)
        read = read_rows(raw, TABLES[name], context)
        self._keep(name, raw, read)

    def _keep(self, name: str, raw: RawTable, read: ReadTable) -> None:
        self.raws[name], self.tables[name] = raw, read
        self.issues = [issue for issue in self.issues if issue.table != name] + read.issues
        if name == "Customers":
            self._context = replace(self._context, customer_currency=_currency_by(read, "customer_id"))
        elif name == "Invoices":
            self._context = replace(self._context, invoice_currency=_currency_by(read, "invoice_id"))
        elif name == "Receipts":
            self._context = replace(self._context, receipt_currency=_currency_by(read, "receipt_id"))

    def restore_customers(self, as_of: int) -> None:
        """Undo the changes of customers after D, in the cells, and read them again as they were (RULES §1)."""
        raw = self._book.read_table("CustomerHistory")
        if raw is None:
            return
        history = read_rows(raw, TABLES["CustomerHistory"], self._context)
        restored = restore_as_of(lazy(history.frame()), as_of=as_of).collect().rows(named=True)
        customers, read = self.raws["Customers"], self.tables["Customers"]
        row_of = dict(zip(read.columns["customer_id"], map(int, read.columns["row"]), strict=True))
        columns = [list(column) for column in customers.columns]
        known = [each for each in restored if each["customer_id"] in row_of and each["field"] in read.places]
        for each in known:
            columns[read.places[each["field"]]][row_of[each["customer_id"]]] = each["value"]
        if known:
            before = replace(customers, columns=tuple(columns))
            self._keep("Customers", customers, read_rows(before, TABLES["Customers"], self._context))

    def refuse_too_much(self) -> None:
        """Leave out the accounts whose sums would not be exact."""
        for name, read in within_magnitude(self.tables, self.raws).items():
            if read is not self.tables[name]:
                self._keep(name, self.raws[name], read)

    def ledger(self, frame_of: FrameOf) -> Ledger:
        """The frames of the rules."""
        frames = {
            FRAME_OF[name]: frame_of(_without_blank_amounts({key: read.columns[key] for key in SHAPES[FRAME_OF[name]]}))
            for name, read in self.tables.items()
            if name in FRAME_OF and FRAME_OF[name] in SHAPES
        }
        if "Receipts" in self.tables:
            left_out = [row for row in self.tables["Receipts"].left_out if row.customer_id]
            rows = np.array([row.row for row in left_out], dtype=np.int64)
            frames["left_out_receipts"] = frame_of({"row": rows, "customer_id": [row.customer_id for row in left_out]})
        return Ledger.of(frames)

    def policy(self, settings: Settings) -> Policy:
        """The settings, with the terms, the ladder and the holidays."""
        return settings.policy(
            payment_terms=tuple(self._payment_terms()),
            reminder_levels=tuple(self._reminder_levels()),
            holidays=tuple(self._holidays(settings)),
        )

    def _payment_terms(self) -> Iterator[PaymentTerms]:
        for row in self._rows("PaymentTerms"):
            try:
                instalments = parse_instalments(str(row["instalments"]))
            except BadInstalments:
                self._add_issues("PaymentTerms", [(int(row["row"]), "instalments", "bad_instalments")])
                continue
            yield PaymentTerms(
                terms_id=str(row["terms_id"]),
                basis=str(row["basis"]),
                months=int(row["months"]),
                days=int(row["days"]),
                day_of_month=int(row["day_of_month"]),
                discount_ppm=_percent_ppm(int(row["discount_percent_digits"]), int(row["discount_percent_scale"])),
                discount_days=int(row["discount_days"]),
                instalments=instalments,
            )

    def _reminder_levels(self) -> Iterator[ReminderLevel]:
        for row in self._rows("ReminderLevels"):
            yield ReminderLevel(
                level=int(row["level"]),
                days=int(row["days_from_due"]),
                channel=str(row["channel"]),
                basis=str(row["basis"]) or "due_date",
                letter=str(row["letter"]),
                min_interval_days=int(row["min_interval_days"]),
                min_amount_minor=max(int(row["min_amount_minor"]), 0),  # blank: no minimum
                cost_minor=max(int(row["cost_minor"]), 0),  # blank: not known, and counted as none
            )

    def _holidays(self, settings: Settings) -> Iterator[tuple[int, bool]]:
        for row in self._rows("Holidays"):
            if settings.counts_holiday(row["country"]):
                yield int(row["holiday_day"]), bool(row["is_working_day"])

    def _rows(self, name: str) -> list[dict[Hashable, Any]]:
        read = self.tables.get(name)
        return [] if read is None else read.frame().to_dict("records")

    def _add_issues(self, table: str, found: Iterable[tuple[int, str, str]]) -> None:
        raw, read = self.raws[table], self.tables[table]
        self.issues.extend(_located(raw, read, row, column, code) for row, column, code in found)


def _located(raw: RawTable, read: ReadTable, row: int, column: str, code: str) -> Issue:
    place = read.places.get(column, 0)
    return Issue(code, read.table.name, row, column, cell_address(raw, row, place), raw.columns[place][row])


def _currency_by(read: ReadTable, key: str) -> dict[str, str]:
    ids, currencies = read.columns[key], read.columns["currency"]
    assert isinstance(ids, list)
    assert isinstance(currencies, list)
    return dict(zip(ids, currencies, strict=True))


_NONE_IF_BLANK = ("opening_settled_minor", "discount_minor", "guarantee_minor")


def _without_blank_amounts(columns: Mapping[str, TypedColumn]) -> dict[str, TypedColumn]:
    """A blank amount of these is none; a blank limit is no limit, and stays blank."""
    amounts = {name: np.asarray(columns[name], dtype=np.int64) for name in _NONE_IF_BLANK if name in columns}
    return {**columns, **{name: np.where(minors == NO_MINOR, 0, minors) for name, minors in amounts.items()}}


def _percent_ppm(digits: int, scale: int) -> int:
    """Percent as an exact decimal → millionths of the whole. A blank has no scale, and is none."""
    ppm: int = digits * 10_000 // 10 ** max(scale, 0)
    return ppm


def _used_before(book: ReadableBook) -> list[str]:
    """The tables that the last run read rows of: one that is gone since is a structural fault (RULES §12)."""
    log = book.read_table("RunLog")
    if log is None:
        return []
    place = match_headers(log, TABLES["RunLog"], {}).get("rows_read")
    return [] if place is None else tables_with_rows(log.columns[place])
