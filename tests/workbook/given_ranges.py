"""Tables as a function of a cell is given them: rows of cells, the headers first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from workbook.cell_functions import CATALOGUE, Holds
from workbook.port import ReadableBook

Range = tuple[tuple[Any, ...], ...]

INVOICES: Range = (
    ("Invoice ID", "Customer ID", "Invoice date", "Payment terms", "Amount"),
    ("I1", "C1", dt.datetime(2024, 1, 1), "NET30", 100.0),
    ("I2", "C1", dt.datetime(2024, 2, 1), "NET30", 50.0),
    ("I3", "C2", dt.datetime(2024, 2, 15), "NET30", 70.0),
)
RECEIPTS: Range = (
    ("Receipt ID", "Customer ID", "Receipt date", "Amount"),
    ("R1", "C1", dt.datetime(2024, 2, 10), 120.0),
)
CUSTOMERS: Range = (("Customer ID", "Name", "Email"), ("C1", "One", "one@one.test"), ("C2", "Two", "two@two.test"))
SMALL: Mapping[str, Range] = {"Customers": CUSTOMERS, "Invoices": INVOICES, "Receipts": RECEIPTS}


def as_range(book: ReadableBook, table: str) -> Range | None:
    """The table of a workbook as Table[#All] hands it over; None where it is not there."""
    raw = book.read_table(table)
    if raw is None:
        return None
    return (raw.headers, *zip(*([_as_in_excel(cell) for cell in column] for column in raw.columns), strict=True))


def _as_in_excel(cell: Any) -> Any:
    """Every number of Excel is a float, every date a moment, and a blank cell None."""
    if type(cell) is dt.date:
        return dt.datetime(cell.year, cell.month, cell.day)
    if type(cell) is int:
        return float(cell)
    return None if cell == "" else cell


def arguments(name: str, tables: Mapping[str, Range | None], **values: Any) -> list[Any]:
    """What the function takes, in its order: the tables where it has arguments for them, the values by name, else None."""
    declared = CATALOGUE[name].arguments
    unknown = values.keys() - {each.name for each in declared}
    assert not unknown, unknown
    return [
        values[each.name] if each.name in values else tables.get(each.table) if each.holds is Holds.TABLE else None
        for each in declared
    ]
