"""What can be posted, each declared once: the table that its row goes to, and what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from workbook.schema import TABLES
from workbook.schema.columns import ITEM_KINDS
from workbook.table import Table


@dataclass(frozen=True)
class Posting:
    """``date_key``: the column of the day from which it counts. ``kinds``: what the row may be, the first one where it does
    not say; none for a table without kinds.

    ``uses_credit``: the customer will owe more, so that headroom is checked first (RULES §7).
    """

    name: str
    table_name: str
    date_key: str
    kinds: tuple[str, ...] = ()
    uses_credit: bool = False

    @property
    def table(self) -> Table:
        """Its table, with these kinds only."""
        table = TABLES[self.table_name]
        columns = tuple(replace(each, choices=self.kinds) if each.key == "kind" else each for each in table.columns)
        return replace(table, columns=columns)

    @property
    def id_key(self) -> str:
        """The column that its rows are known by."""
        (key,) = TABLES[self.table_name].key
        return key


POSTINGS: Mapping[str, Posting] = MappingProxyType({
    each.name: each
    for each in (
        # What gives money away, or takes it back, asks for more than this: it is posted under names of its own.
        Posting("invoice", "Invoices", "invoice_date", kinds=ITEM_KINDS, uses_credit=True),
        Posting("receipt", "Receipts", "receipt_date", kinds=("receipt",)),
    )
})  # fmt: skip
"""Name → what is posted under it."""
