"""Documents that are doubted: worked examples on every engine, and number gaps against a slow count."""

from __future__ import annotations

from collections import defaultdict

import narwhals as nw
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.quality import (
    due_before_invoice,
    number_gaps,
    on_days_off,
    receipts_before_invoices,
    repeated_documents,
    round_amounts,
)
from tests.engines import Engine
from tests.functions.small_ledger import small_ledger

_NUMBERS = {"series": nw.String, "number": nw.Int64, "row": nw.Int64, "is_issued": nw.Boolean}
_DOCUMENTS = {"row": nw.Int64, "currency": nw.String, "amount_minor": nw.Int64, "day": nw.Int64, "entered_day": nw.Int64}
_RATES = {
    "row": nw.Int64, "currency": nw.String, "rate_day": nw.Int64, "rate_digits": nw.Int64, "rate_scale": nw.Int64,
}  # fmt: skip
AS_OF = 20_000  # 2024-10-04, a Friday


def rows_in(engine: Engine, frame: nw.LazyFrame) -> list[int]:
    return sorted(each["row"] for each in engine.rows(frame))


def invoice(number: str, day: int, amount: int, **more: object) -> dict[str, object]:
    base = {"invoice_id": number, "customer_id": "C1", "currency": "CNY", "kind": "invoice"}
    return {**base, "invoice_day": day, "amount_minor": amount, **more}


def test_customer_amount_and_date_in_common_make_a_repeated_document(engine: Engine) -> None:
    ledger = small_ledger(
        engine,
        customers=[{"customer_id": "C1"}, {"customer_id": "C2"}],
        invoices=[
            invoice("A", 100, 5), invoice("B", 100, 5, kind=""), invoice("C", 100, 6), invoice("D", 101, 5),
            invoice("E", 100, 5, customer_id="C2"), invoice("F", 100, 5, currency="USD"),
            invoice("G", 100, 5, kind="debit_note"), invoice("H", AS_OF + 1, 9), invoice("I", AS_OF + 1, 9),
        ],
    )  # fmt: skip
    found = engine.rows(repeated_documents(ledger.invoices, as_of=AS_OF))
    assert sorted(each["invoice_id"] for each in found) == ["A", "B"]


def numbers(engine: Engine, *given: tuple[str, int, bool]) -> nw.LazyFrame:
    rows = [
        {"series": series, "number": number, "row": row, "is_issued": is_issued}
        for row, (series, number, is_issued) in enumerate(given)
    ]
    return engine.frame(rows, _NUMBERS)


def test_a_gap_is_told_with_its_ends_and_a_jump_to_another_block_is_none(engine: Engine) -> None:
    issued = [("A", each, True) for each in (3, 4, 7, 8, 1000, 1001)]
    later = [("B", 1, True), ("B", 2, False), ("B", 3, True), ("B", 5, False)]
    sparse = [("C", each, True) for each in (1, 4, 7, 10)]
    found = engine.rows(number_gaps(numbers(engine, *issued, *later, *sparse)))
    assert found == [{"series": "A", "row": 2, "before": 4, "number": 7}]


def slow_gaps(given: list[tuple[str, int, bool]]) -> set[tuple[str, int, int]]:
    """By counting every number from the first to the last one issued."""
    has: dict[str, set[int]] = defaultdict(set)
    last: dict[str, int] = {}
    for series, number, is_issued in given:
        has[series].add(number)
        if is_issued:
            last[series] = max(last.get(series, 0), number)
    gaps = set()
    for series, end in last.items():
        known = {number for number in has[series] if number <= end}
        run: list[int] = []
        found = []
        for number in range(min(known), end + 1):
            if number not in known:
                run.append(number)
            elif run:
                found += [(series, run[0] - 1, number)] if len(run) <= len(known) else []
                run = []
        if sum(number - before - 1 for _, before, number in found) <= len(known):
            gaps |= set(found)
    return gaps


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 25), st.booleans()), max_size=25), st.randoms())
def test_gaps_are_those_of_a_slow_count_whatever_the_order_of_rows(given, random) -> None:
    engine = Engine("pandas")
    expected = slow_gaps(given)
    random.shuffle(given)
    found = engine.rows(number_gaps(numbers(engine, *given)))
    assert {(each["series"], each["before"], each["number"]) for each in found} == expected
    assert all(given[each["row"]][:2] == (each["series"], each["number"]) for each in found)


def test_a_typed_due_date_before_the_document_is_doubted(engine: Engine) -> None:
    given = [invoice("A", 100, 5, due_day=99), invoice("B", 100, 5, due_day=100), invoice("C", 100, 5)]
    ledger = small_ledger(engine, customers=[{"customer_id": "C1"}], invoices=given)
    (row,) = engine.rows(due_before_invoice(ledger.invoices, as_of=AS_OF))
    assert row == {"row": engine.rows(ledger.invoices.filter(nw.col("invoice_id") == "A").select("row"))[0]["row"]}


def test_a_receipt_older_than_the_invoice_it_pays_is_doubted_unless_it_is_a_deposit(engine: Engine) -> None:
    ledger = small_ledger(
        engine,
        customers=[{"customer_id": "C1"}],
        invoices=[invoice("A", 100, 5), invoice("B", 90, 5), invoice("E", 95, 5)],
        receipts=[
            {"receipt_id": name, "customer_id": "C1", "receipt_day": 95, "amount_minor": 5, "is_held": held}
            for name, held in (("R", False), ("D", True))
        ],
        allocations=[
            {"receipt_id": receipt, "invoice_id": paid, "amount_minor": 1} for receipt in "RD" for paid in "ABE"
        ],
    )  # fmt: skip
    found = engine.rows(receipts_before_invoices(ledger.allocations, ledger.receipts, ledger.invoices, as_of=AS_OF))
    asked = {each["row"]: each["receipt_id"] for each in engine.rows(ledger.allocations)}
    assert [(asked[each["row"]], each["invoice_id"]) for each in found] == [("R", "A")]
    assert engine.rows(receipts_before_invoices(ledger.allocations, ledger.receipts, ledger.invoices, as_of=99)) == []


def test_large_documents_of_weekends_and_holidays_are_doubted_and_make_up_days_are_not(engine: Engine) -> None:
    friday, saturday, sunday = AS_OF - 7, AS_OF - 6, AS_OF - 5
    given = [
        (0, "CNY", 1001, friday, friday),  # a holiday here
        (1, "CNY", 1001, saturday, saturday),  # worked
        (2, "CNY", -1001, sunday, sunday - 7),
        (3, "CNY", 1000, sunday, sunday),  # not above
        (4, "CNY", 1001, friday - 1, sunday),  # entered on a day off
        (5, "USD", 200, sunday, friday - 1),  # 14.50 in base currency
        (6, "EUR", 9000, sunday, sunday),  # without a rate nobody knows
    ]
    documents = engine.frame([dict(zip(_DOCUMENTS, each, strict=True)) for each in given], _DOCUMENTS)
    rates = engine.frame([{"row": 0, "currency": "USD", "rate_day": 1, "rate_digits": 725, "rate_scale": 2}], _RATES)
    found = on_days_off(
        documents, rates, holidays={friday: False, saturday: True}, above_minor=1000, base_currency="CNY", as_of=AS_OF
    )
    assert {each["row"]: each["is_by_date"] for each in engine.rows(found)} == {0: True, 2: True, 4: False, 5: True}


def test_one_large_round_amount_among_twenty_is_doubted_and_a_habit_of_them_is_not(engine: Engine) -> None:
    def amounts(customer: str, *more: int) -> list[dict[str, object]]:
        usual = [invoice(f"{customer}{at}", 100 + at, 10_001 + at, customer_id=customer) for at in range(20 - len(more))]
        return usual + [invoice(f"{customer}R{at}", 100, each, customer_id=customer) for at, each in enumerate(more)]

    given = [*amounts("C1", 500_000), *amounts("C2", 500_000, 600_000), *amounts("C3", 500_001), *amounts("C4")[:-1]]
    ledger = small_ledger(engine, customers=[{"customer_id": f"C{at}"} for at in range(1, 5)], invoices=given)
    ids = {each["row"]: each["invoice_id"] for each in engine.rows(ledger.invoices)}
    assert [ids[row] for row in rows_in(engine, round_amounts(ledger.invoices, as_of=AS_OF))] == ["C1R0"]
