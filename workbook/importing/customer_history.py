"""The changes that an import makes to customers, as CustomerHistory keeps them (RULES §1): a later change can be undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from functions.dates import date_of
from workbook.importing.existing import ExistingRows
from workbook.importing.plain_values import Plain
from workbook.importing.upsert import Upsert
from workbook.port import Cell
from workbook.table import Kind, Table


@dataclass(frozen=True)
class Change:
    """When customers were changed, who did it and agreed to it as declared, and why."""

    on: dt.date
    by: str = ""
    approved_by: str = ""
    reason: str = ""


def history_rows(table: Table, existing: ExistingRows, planned: Upsert, change: Change) -> Mapping[str, Sequence[Cell]]:
    """One row of CustomerHistory for each value of an existing customer that becomes another; none for new customers."""
    return rows_of_history(
        [
            (
                str(existing.values["customer_id"][row]),
                key,
                as_text(table[key].kind, before[row]),
                as_text(table[key].kind, new),
            )
            for update in planned.updates
            for key, values in update.values.items()
            for before in [existing.values[key]]
            for row, new in zip(update.rows, values, strict=True)
        ],
        change,
    )


def rows_of_history(changes: Sequence[tuple[str, str, str, str]], change: Change) -> Mapping[str, Sequence[Cell]]:
    """(customer, field, old value, new value) as rows of CustomerHistory."""
    count = len(changes)
    return {
        "customer_id": [customer for customer, _, _, _ in changes],
        "changed_on": [change.on] * count,
        "field": [key for _, key, _, _ in changes],
        "old_value": [old for _, _, old, _ in changes],
        "new_value": [new for _, _, _, new in changes],
        "changed_by": [change.by] * count,
        "approved_by": [change.approved_by] * count,
        "reason": [change.reason] * count,
    }


def as_text(kind: Kind, value: Plain) -> str:
    """A value as text that is read back as the same one, whatever the language of the workbook."""
    if value is None:
        return ""
    if kind is Kind.DATE:
        return date_of(int(value)).isoformat()
    if kind is Kind.YES_NO:
        return "yes" if value else "no"
    if isinstance(value, float):
        written = format(Decimal(repr(value)).normalize(), "f")
        # Three decimals could be taken for thousands; a fourth cannot.
        return f"{written}0" if len(written.partition(".")[2]) == 3 else written
    return str(value)
