"""The changes that an import makes to customers, as CustomerHistory keeps them (RULES §1): a later change can be undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from functions.dates import date_of
from workbook.importing.existing import ExistingRows
from workbook.importing.plain_values import Plain
from workbook.importing.upsert import Upsert
from workbook.port import Cell
from workbook.table import Kind, Table


def history_rows(
    table: Table, existing: ExistingRows, planned: Upsert, *, changed_on: dt.date, changed_by: str, reason: str
) -> Mapping[str, Sequence[Cell]]:
    """One row of CustomerHistory for each value of an existing customer that becomes another; none for new customers."""
    changes = [
        (str(existing.values["customer_id"][row]), key, existing.values[key][row], new)
        for update in planned.updates
        for key, values in update.values.items()
        for row, new in zip(update.rows, values, strict=True)
    ]
    return {
        "customer_id": [customer for customer, _, _, _ in changes],
        "changed_on": [changed_on] * len(changes),
        "field": [key for _, key, _, _ in changes],
        "old_value": [_as_text(table[key].kind, old) for _, key, old, _ in changes],
        "new_value": [_as_text(table[key].kind, new) for _, key, _, new in changes],
        "changed_by": [changed_by] * len(changes),
        "reason": [reason] * len(changes),
    }


def _as_text(kind: Kind, value: Plain) -> str:
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
