"""The rows that a difference may come from (RULES §11)."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.reconciliation import likely_rows
from tests.engines import Engine
from tests.ledgers import ledger_on, rows_of
from tests.oracle.reconciliation import likely
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


# Few, so that they often are each other's difference, half of it, or it with two digits turned.
AMOUNTS = st.sampled_from([7, 14, 27_00, 35_00, 36_00, 63_00, 70_00, 136_00, 163_00, 2_134_56])
DAYS = st.sampled_from([END - 40, END - 6, END - 5, END - 4, END, END + 1, END + 5, END + 6])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["invoices", "receipts"]), st.sampled_from(["C1", "C2"]), st.sampled_from(["CNY", "USD"]), AMOUNTS,
        st.booleans(), DAYS,
    ),
    max_size=10,
)  # fmt: skip


def tables_of(rows: list[tuple[str, str, str, int, bool, int]]) -> dict[str, list[Row]]:
    """Documents and receipts with ids of their own; ``True``: of the other kind, a credit note or a refund."""
    tables: dict[str, list[Row]] = {"customers": [row("customers", "C1"), row("customers", "C2")]}
    for at, (table, customer, currency, amount, is_other, on) in enumerate(rows):
        usual = {"customer_id": customer, "currency": currency}
        if table == "invoices":
            kind, amount = ("credit_note", -amount) if is_other else ("invoice", amount)
            made = row(table, f"D{at}", amount_minor=amount, invoice_day=on, kind=kind, **usual)
        else:
            kind = "refund" if is_other else "receipt"
            made = row(table, f"D{at}", amount_minor=amount, receipt_day=on, kind=kind, **usual)
        tables.setdefault(table, []).append(made)
    return numbered(tables)


def found_in(engine: Engine, tables: dict[str, list[Row]], differences: dict[str, int]) -> dict[str, str]:
    shape = {"currency": nw.String, "difference_minor": nw.Int64}
    asked = engine.frame([{"currency": key, "difference_minor": each} for key, each in differences.items()], shape)
    told = rows_of(likely_rows(ledger_on(tables, engine), asked, period_end=END))
    return {each["reference_id"]: each["reason"] for each in told}


ASKED = st.fixed_dictionaries(
    {"CNY": st.one_of(AMOUNTS, AMOUNTS.map(lambda each: -2 * each), st.just(0)), "USD": AMOUNTS},
)


@pytest.mark.parametrize(("name", "examples"), [("pandas", 15), ("polars", 80)])
def test_likely_rows_are_those_of_a_look_at_every_row(name: str, examples: int) -> None:
    engine = Engine(name)

    @settings(max_examples=examples)
    @given(ROWS, ASKED)
    def holds(rows: list[Any], differences: dict[str, int]) -> None:
        tables = tables_of(rows)
        assert found_in(engine, tables, differences) == likely(tables, differences, period_end=END)

    holds()  # type: ignore[no-untyped-call]


def swapped(amount: int) -> int:
    """The first two neighbouring digits that differ, the other way round."""
    text = str(amount)
    at = next(at for at in range(len(text) - 1) if text[at] != text[at + 1])
    return int(text[:at] + text[at + 1] + text[at] + text[at + 2 :])


ERRORS = {
    # How the other side differs by one row of ours, and when that row is dated.
    "amount": (lambda amount: amount, END - 20),
    "half": (lambda amount: 2 * amount, END - 20),
    "cut_off": (lambda amount: -amount, END + 2),
    "transposed": (lambda amount: amount - swapped(amount), END - 20),
    "entered_twice": (lambda amount: amount, END - 20),
}


@settings(max_examples=60)
@given(
    ROWS,
    st.sampled_from(sorted(ERRORS)),
    st.integers(100, 10**9).filter(lambda each: len(set(str(each))) > 1),
    st.booleans(),
)
def test_the_one_row_that_was_entered_wrongly_is_among_the_likely_ones(
    rows: list[Any], error: str, amount: int, is_receipt: bool
) -> None:
    difference_of, on = ERRORS[error]
    wrong = ("receipts" if is_receipt else "invoices", "C1", "CNY", amount, False, on)
    copies = 2 if error == "entered_twice" else 1
    tables = tables_of([*rows, *[wrong] * copies])
    found = found_in(Engine("polars"), tables, {"CNY": difference_of(amount)})
    seeded = [f"D{len(rows) + at}" for at in range(copies)]
    assert set(seeded) <= found.keys()
    assert error == "amount" or {found[each] for each in seeded} == {error}


@pytest.mark.parametrize(
    ("on", "whole", "half"),
    [
        (END - 5, "amount", "half"),
        (END - 4, "cut_off", "half"),
        (END, "cut_off", "half"),
        (END + 5, "cut_off", ""),
        (END + 6, "", ""),
    ],
)
def test_the_cut_off_is_five_days_on_either_side(on: int, whole: str, half: str) -> None:
    tables = numbered({"customers": [row("customers", "C1")], "invoices": [invoice("W", 70, on), invoice("H", 35, on)]})
    found = found_in(Engine("pandas"), tables, {"CNY": 70})
    assert found == {key: reason for key, reason in (("W", whole), ("H", half)) if reason}
