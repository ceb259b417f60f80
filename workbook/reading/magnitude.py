"""How much one customer's documents and receipts may add up to, so that every sum is exact on every engine (RULES §2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from workbook.issue import Issue, cell_address
from workbook.port import RawTable
from workbook.reading.rows import LeftOutRow, ReadTable, TypedColumn

MOST_MINOR = 2**51
"""One customer's documents and receipts in one currency stay below this: 22 trillion dollars."""

_SUMMED = ("Invoices", "Receipts")


def within_magnitude(tables: Mapping[str, ReadTable], raws: Mapping[str, RawTable]) -> dict[str, ReadTable]:
    """The tables, without the documents and receipts of an account that adds up to too much: each is an issue."""
    summed = {name: tables[name] for name in _SUMMED if name in tables}
    # Floats tell far sums from near ones, and no ledger comes near.
    if sum(float(np.abs(_amounts(read)).astype(np.float64).sum()) for read in summed.values()) < MOST_MINOR:
        return dict(tables)
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for read in summed.values():
        for account, amount in zip(_accounts(read), _amounts(read).tolist(), strict=True):
            totals[account] += abs(amount)
    beyond = {account for account, total in totals.items() if total >= MOST_MINOR}
    return {**tables, **{name: _without(read, raws[name], beyond) for name, read in summed.items()}}


def _amounts(read: ReadTable) -> NDArray[np.int64]:
    return np.asarray(read.columns["amount_minor"], dtype=np.int64)


def _accounts(read: ReadTable) -> list[tuple[str, str]]:
    return list(zip(map(str, read.columns["customer_id"]), map(str, read.columns["currency"]), strict=True))


def _without(read: ReadTable, raw: RawTable, beyond: set[tuple[str, str]]) -> ReadTable:
    accounts = _accounts(read)
    stays = np.array([account not in beyond for account in accounts], dtype=np.bool_)
    place = read.places["amount"]
    issues, left_out = list(read.issues), list(read.left_out)
    for at in np.flatnonzero(~stays):
        row = int(read.columns["row"][at])
        address, value = cell_address(raw, row, place), raw.columns[place][row]
        issues.append(Issue("amount_too_large", read.table.name, row, "amount", address, value))
        left_out.append(LeftOutRow(row, *accounts[at], int(_amounts(read)[at])))
    columns = {name: _only(values, stays) for name, values in read.columns.items()}
    return replace(read, columns=columns, issues=issues, left_out=left_out)


def _only(values: TypedColumn, stays: NDArray[np.bool_]) -> TypedColumn:
    return list(compress(values, stays)) if isinstance(values, list) else values[stays]
