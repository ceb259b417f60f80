"""The lines of invoices that name an order which the workbook does not have: told, and imported all the same."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.editing.table_layout import places_of
from workbook.importing.columns import RowFlaw
from workbook.importing.lines import Lines
from workbook.port import Book
from workbook.reading.cell_parsing import ids
from workbook.schema import TABLES


def unknown_orders(book: Book, lines: Lines) -> Iterator[RowFlaw]:
    """``unknown_order`` of each such line; nothing where no order is kept."""
    table = TABLES["Orders"]
    raw = book.read_table(table.name) if lines.destination.table.name == "Invoices" else None
    if raw is None or "order_id" not in (places := places_of(raw, table)):
        return
    known = {each for each in ids(raw.columns[places["order_id"]]).values if each}
    kinds = lines.column("kind")
    for at, order in enumerate(lines.column("order_id")):
        if known and order is not None and order not in known and kinds[at] != "credit_note":
            yield at, "order_id", "unknown_order"
