"""What can be posted, each declared once: the table that its row goes to, and what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from workbook.schema import TABLES
from workbook.schema.columns import ITEM_KINDS
from workbook.table import Table


@dataclass(frozen=True)
class Posting:
    """``date_key``: the column of the day from which it counts, "" for none. ``is_dated_today``: left blank, it is the day
    of posting. ``kinds``: what the row may be, the first one where it does not say; none for a table without kinds.

    ``uses_credit``: the customer will owe more, so that headroom is checked first (RULES §7). ``asks_of_others``: it settles
    or reschedules what other rows hold, so that the whole ledger judges it. ``demands``: what must be filled in although its
    table does not ask for it. ``parts``: columns given once for each row of it, where it may have several. ``changes``: a
    row that is there already is changed. ``form``: fields of the Entry sheet, by their code → the column they are here.
    """

    name: str
    table_name: str
    date_key: str = ""
    kinds: tuple[str, ...] = ()
    uses_credit: bool = False
    is_dated_today: bool = False
    asks_of_others: bool = False
    demands: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    changes: bool = False
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """Its table, with these kinds and demands only."""
        table = TABLES[self.table_name]
        columns = tuple(
            replace(
                each,
                choices=self.kinds if each.key == "kind" else each.choices,
                is_required=each.is_required or each.key in self.demands,
            )
            for each in table.columns
        )
        return replace(table, columns=columns)

    @property
    def id_key(self) -> str:
        """The column that its rows are known by; of a plan, the one that all its parts have in common."""
        return TABLES[self.table_name].key[0]


POSTINGS: Mapping[str, Posting] = MappingProxyType({
    each.name: each
    for each in (
        Posting("invoice", "Invoices", "invoice_date", kinds=ITEM_KINDS, uses_credit=True),
        Posting(
            "credit_note", "Invoices", "invoice_date", kinds=("credit_note",), asks_of_others=True,
            form={"invoice": "related_invoice_id"},
        ),
        Posting("receipt", "Receipts", "receipt_date", kinds=("receipt",)),
        Posting(
            "refund", "Receipts", "receipt_date", kinds=("refund",), asks_of_others=True, demands=("related_id",),
            form={"receipt": "related_id"},
        ),
        Posting(
            "reversal", "Receipts", "receipt_date", kinds=("reversal",), asks_of_others=True, demands=("related_id",),
            form={"receipt": "related_id"},
        ),
        Posting(
            "allocation", "Allocations", "allocated_on", is_dated_today=True, asks_of_others=True,
            form={"number": "allocation_id", "date": "allocated_on", "invoice": "invoice_id", "receipt": "receipt_id"},
        ),
        Posting(
            "write_off", "WriteOffs", "written_off_on", is_dated_today=True, asks_of_others=True,
            form={"number": "write_off_id", "date": "written_off_on", "invoice": "invoice_id"},
        ),
        Posting(
            "plan", "RepaymentPlans", "agreed_on", is_dated_today=True, asks_of_others=True, parts=("due_date", "amount"),
            form={"number": "plan_id", "date": "agreed_on", "invoice": "invoice_id"},
        ),
        Posting(
            "activity", "Activities", "activity_date", is_dated_today=True,
            form={"number": "activity_id", "date": "activity_date", "invoice": "invoice_id"},
        ),
        Posting("order", "Orders", "order_date", uses_credit=True, form={"number": "order_id", "date": "order_date"}),
        Posting(
            "contract", "Contracts", "signed_on", form={"number": "contract_id", "date": "signed_on"},
        ),
        Posting("customer", "Customers", changes=True),
    )
})  # fmt: skip
"""Name → what is posted under it."""


def command_name(posting: str) -> str:
    """A name as one types it: ``write-off``."""
    return posting.replace("_", "-")
