"""Every table of the workbook, declared once, in the order of work.

From a declaration come the sheet, its headers, formats and drop-down lists, the reader, the writer and the data
dictionary. A table is declared with the task that first uses it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from workbook.schema.bank import BANK_RULES, BANK_STATEMENT, MATCHES
from workbook.schema.collecting import CUSTOMER_BEHAVIOUR, REMINDER_CALENDAR, REMINDER_EFFECT, WORK_LIST
from workbook.schema.documents import INVOICES
from workbook.schema.entry import ENTRY
from workbook.schema.logs import APPLICATIONS, CUSTOMER_HISTORY, LAST_SEEN, REMINDER_LOG, RUN_LOG
from workbook.schema.master_data import BILLING, CONTRACTS, CUSTOMERS, MILESTONES, ORDERS
from workbook.schema.month_end import BRIDGE, CONFIRMATIONS, CONTROL_ACCOUNT, PERIODS, RECONCILIATION
from workbook.schema.reference import BANK_BALANCES, EXCHANGE_RATES, HOLIDAYS, INTEREST_RATES, PAYMENT_TERMS, SETTINGS
from workbook.schema.reminding import ACTIVITIES, LEGAL_CASES, LETTERS, REMINDER_LEVELS
from workbook.schema.reports import (
    AGING,
    CREDIT,
    DEFAULT_BUCKETS,
    ISSUES,
    OPEN_ITEMS,
    REMINDER_ITEMS,
    REMINDERS,
    REMINDERS_HELD,
    aging_table,
    open_items_table,
)
from workbook.schema.settlement import ALLOCATIONS, RECEIPTS, REPAYMENT_PLANS, WRITE_OFFS
from workbook.schema.statements import STATEMENTS
from workbook.table import Table

__all__ = ["DEFAULT_BUCKETS", "TABLES", "UnknownTable", "aging_table", "open_items_table", "table", "tables_with_buckets"]

TABLES: Mapping[str, Table] = MappingProxyType({
    each.name: each
    for each in (
        ENTRY, CUSTOMERS, CONTRACTS, MILESTONES, BILLING, ORDERS, INVOICES,
        RECEIPTS, ALLOCATIONS, WRITE_OFFS, REPAYMENT_PLANS, ACTIVITIES,
        LEGAL_CASES, OPEN_ITEMS, AGING, CREDIT, REMINDERS, REMINDER_ITEMS, REMINDERS_HELD, WORK_LIST, REMINDER_CALENDAR,
        CUSTOMER_BEHAVIOUR, REMINDER_EFFECT, MATCHES, BRIDGE, CONTROL_ACCOUNT, CONFIRMATIONS, RECONCILIATION,
        ISSUES, SETTINGS, PAYMENT_TERMS,
        REMINDER_LEVELS, LETTERS, EXCHANGE_RATES, INTEREST_RATES, BANK_BALANCES,
        BANK_STATEMENT, BANK_RULES, HOLIDAYS, APPLICATIONS, REMINDER_LOG, STATEMENTS,
        CUSTOMER_HISTORY, LAST_SEEN, PERIODS, RUN_LOG,
    )
})  # fmt: skip
"""Name → table, in the order in which their sheets stand."""


class UnknownTable(KeyError):
    """No table is declared by this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"there is no table {self.name!r}; the tables are: {', '.join(TABLES)}"


def table(name: str) -> Table:
    """The table of this name. Raises UnknownTable."""
    try:
        return TABLES[name]
    except KeyError:
        raise UnknownTable(name) from None


def tables_with_buckets(bucket_codes: Sequence[str]) -> Mapping[str, Table]:
    """``TABLES`` with the aging buckets of a ledger whose ``bucket_edges`` are its own."""
    return MappingProxyType({**TABLES, "OpenItems": open_items_table(bucket_codes), "Aging": aging_table(bucket_codes)})
