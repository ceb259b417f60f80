"""An invoice that names an order which nobody entered: told by check, import and post, and counted all the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.workbook.command import AS_OF, SMALL, duebook, small_workbook
from tests.workbook.memory_book import rows_of
from workbook.file_book import FileBook
from workbook.port import Columns
from workbook.results.figures import work_out

ORDERS: Columns = {
    "order_id": ["O-1"], "customer_id": ["C1"], "order_date": [dt.date(2024, 3, 1)], "amount": [900],
}  # fmt: skip
INVOICES: Columns = {**SMALL["Invoices"], "order_id": ["O-1", "O-2"]}


def unknown(book: Path, as_of: dt.date = AS_OF) -> list[str]:
    return [issue.cell for issue in work_out(FileBook(book), as_of=as_of).issues if issue.code == "unknown_order"]


def test_check_names_the_invoice_of_an_unknown_order_and_nobody_is_bothered_where_no_order_is_kept(tmp_path: Path) -> None:
    book = small_workbook(tmp_path / "book.xlsx", Invoices=INVOICES, Orders=ORDERS)
    (cell,) = unknown(book)
    assert cell.endswith("3")  # INV-2
    assert unknown(book, as_of=dt.date(2024, 4, 1)) == []  # not issued yet
    assert unknown(small_workbook(tmp_path / "none.xlsx", Invoices=INVOICES)) == []


@pytest.mark.parametrize(("order", "told"), [("O-1", False), ("O-9", True)])
def test_import_and_post_tell_it_and_take_the_invoice(tmp_path: Path, order: str, told: bool) -> None:
    book = small_workbook(tmp_path / "book.xlsx", Orders=ORDERS)
    source = tmp_path / "invoices.csv"
    source.write_text(f"invoice_id,customer_id,invoice_date,amount,order_id\nINV-8,C1,2024-04-20,5,{order}\n", "utf-8")
    imported = duebook("import", book, source, "--table", "Invoices")
    cells = ("invoice_id=INV-9", "customer_id=C1", "invoice_date=2024-04-21", "amount=5", f"order_id={order}")
    posted = duebook("post", book, "invoice", *cells, "--as-of", AS_OF)
    for done in (imported, posted):
        assert done.exit_code == 0, done.output
        assert ("Unknown order" in done.stdout) == told
    assert rows_of(FileBook(book), "Invoices", "order_id")[-2:] == [(order,), (order,)]
