"""The rows that a difference may come from (RULES §11)."""

from __future__ import annotations

import narwhals as nw
import pytest

from functions.reconciliation import likely_rows
from tests.engines import Engine
from tests.ledgers import ledger_on, rows_of
from tests.tables import Row, day, numbered, row

END = day("2024-06-30")


def invoice(invoice_id: str, amount_minor: int, on: int = END - 20, **values: str) -> Row:
    usual = {"customer_id": "C1", "currency": "CNY", "kind": "invoice"}
    return row("invoices", invoice_id, amount_minor=amount_minor, invoice_day=on, **{**usual, **values})


INVOICES = [
    invoice("CUT", 70_00, END + 3),
    invoice("LATE", 70_00, END + 9),
    invoice("ONE", 70_00, customer_id="C3"),
    invoice("TWO-A", 70_00, customer_id="C2"),
    invoice("TWO-B", 70_00, END - 12, customer_id="C2"),
    invoice("HALF", 35_00),
    invoice("USD", 70_00, currency="USD"),
    invoice("SWAP", 163_00),
    invoice("OTHER", 71_00),
]


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        (70_00, {"CUT": "cut_off", "ONE": "amount", "TWO-A": "entered_twice", "TWO-B": "entered_twice", "HALF": "half"}),
        (-70_00, {"CUT": "cut_off", "ONE": "amount", "TWO-A": "entered_twice", "TWO-B": "entered_twice", "HALF": "half"}),
        # 163.00 for 136.00, and 613.00 for 163.00; 71.00 for 17.00 differs by 54.00.
        (27_00, {"SWAP": "transposed"}),
        (450_00, {"SWAP": "transposed"}),
        (54_00, {"OTHER": "transposed"}),
        (1, {}),
        (0, {}),
    ],
)
def test_each_likely_row_is_told_with_its_reason(engine: Engine, difference: int, expected: dict[str, str]) -> None:
    ledger = ledger_on(numbered({"customers": [row("customers", "C1")], "invoices": INVOICES}), engine)
    shape = {"currency": nw.String, "difference_minor": nw.Int64}
    asked = engine.frame([{"currency": "CNY", "difference_minor": difference}], shape)
    found = rows_of(likely_rows(ledger, asked, period_end=END))
    assert {each["reference_id"]: each["reason"] for each in found} == expected
