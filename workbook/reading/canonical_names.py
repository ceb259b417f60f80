"""What a column is called once it is read: ``invoice_date`` is ``invoice_day``, ``amount`` is ``amount_minor``."""

from __future__ import annotations

from workbook.table import Column, Kind

_DATE_ENDINGS = ("_on", "_date", "_day")
_MONEY = {"promise_amount": "promise_minor"}


def canonical_names(column: Column) -> tuple[str, ...]:
    """The typed columns of a sheet column, as the rules call them (``functions.ledger.SHAPES``).

    Dates end in ``_day`` instead of ``_on`` or ``_date``; money in ``_minor`` (``promise_amount`` is ``promise_minor``); a
    rate is two, ``_digits`` and ``_scale``; every other kind keeps its key.
    """
    if column.kind is Kind.DATE:
        return (_day_name(column.key),)
    if column.kind is Kind.MONEY:
        return (_MONEY.get(column.key, f"{column.key}_minor"),)
    if column.kind is Kind.RATE:
        return f"{column.key}_digits", f"{column.key}_scale"
    return (column.key,)


def _day_name(key: str) -> str:
    for ending in _DATE_ENDINGS:
        key = key.removesuffix(ending)
    return f"{key}_day"
