"""The smallest ledger on which something still goes wrong, for the message of a failing comparison."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from functions.frames import NO_DAY, NO_MINOR
from tests.ledgers import Case
from tests.tables import Row, row


def smallest(case: Case, fails: Callable[[Case], bool]) -> Case:
    """Takes rows away one by one for as long as ``fails`` still holds."""
    tables = {table: list(rows) for table, rows in case.tables.items()}
    for table in reversed(tables):
        for each in list(tables[table]):
            # A ledger without customers is no ledger.
            if table == "customers" and len(tables[table]) == 1:
                continue
            fewer = {**tables, table: [other for other in tables[table] if other is not each]}
            if fails(replace(case, tables=fewer)):
                tables = fewer
    return replace(case, tables=tables)


def described(case: Case) -> str:
    """The rows that are there, and of each the cells that say something."""
    lines = [f"as of {case.as_of}, {case.policy}"]
    for table, rows in case.tables.items():
        lines += [f"{table}: {_telling(table, each)}" for each in rows]
    return "\n".join(lines)


def _telling(table: str, each: Row) -> Row:
    blank = row(table)
    return {name: value for name, value in each.items() if name != "row" and value not in (blank[name], NO_DAY, NO_MINOR)}
