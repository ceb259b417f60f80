"""Discounts for early payment: 2/10 net 30 takes 2 % until the tenth day (RULES §4), on every engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.discounts import discounts_offered, unearned_discounts
from functions.ledger import PaymentTerms, Policy
from functions.position import ledger_position
from tests.engines import Engine
from tests.functions.small_ledger import small_ledger

BASELINE = 19_800
TERMS = PaymentTerms("2/10NET30", days=30, discount_ppm=20_000, discount_days=10)
POLICY = Policy(payment_terms=(TERMS, PaymentTerms("NET30", days=30)))


def invoice(**values: object) -> dict[str, object]:
    given = {"invoice_id": "I1", "customer_id": "C1", "kind": "invoice", "currency": "CNY", "amount_minor": 10_000}
    return {**given, "invoice_day": BASELINE, "payment_terms": "2/10NET30", **values}


def found(engine: Engine, *, paid_on: int, discount: int, **values: object) -> list[tuple[str, str]]:
    """The codes, of an invoice of 100.00 paid with a discount."""
    ledger = small_ledger(
        engine,
        customers=[{"customer_id": "C1", "currency": "CNY"}],
        invoices=[invoice(**values)],
        receipts=[
            {"receipt_id": "R1", "customer_id": "C1", "currency": "CNY", "amount_minor": 9_000, "receipt_day": paid_on}
        ],
        allocations=[
            {
                "allocation_id": "A1",
                "receipt_id": "R1",
                "invoice_id": "I1",
                "amount_minor": 9_000,
                "discount_minor": discount,
            }
        ],
    )
    position = ledger_position(ledger, policy=POLICY, as_of=BASELINE + 90)
    return [(row["key"], row["code"]) for row in engine.rows(unearned_discounts(ledger, position, policy=POLICY))]


def test_terms_offer_two_percent_until_the_tenth_day_after_the_baseline(engine: Engine) -> None:
    ledger = small_ledger(
        engine,
        customers=[{"customer_id": "C1", "currency": "CNY"}],
        invoices=[
            invoice(),
            invoice(invoice_id="I2", baseline_day=BASELINE + 5, amount_minor=125),
            invoice(invoice_id="I3", payment_terms="NET30"),
        ],
    )
    position = ledger_position(ledger, policy=POLICY, as_of=BASELINE + 90)
    offered = {row["invoice_id"]: row for row in engine.rows(discounts_offered(position.documents, policy=POLICY))}
    assert offered["I1"] == {"invoice_id": "I1", "discount_day": BASELINE + 10, "offered_minor": 200}
    assert offered["I2"] == {"invoice_id": "I2", "discount_day": BASELINE + 15, "offered_minor": 3}  # 2.5 away from zero
    assert offered["I3"]["offered_minor"] == 0


@pytest.mark.parametrize(
    ("paid_on", "discount", "codes"),
    [
        pytest.param(BASELINE + 10, 200, [], id="earned-on-the-last-day"),
        pytest.param(BASELINE + 11, 200, [("A1", "discount_too_late")], id="a-day-late"),
        pytest.param(BASELINE + 3, 201, [("A1", "discount_over_terms")], id="a-cent-too-much"),
        pytest.param(BASELINE + 50, 0, [], id="none-taken"),
    ],
)
def test_what_was_not_earned_is_found(engine: Engine, paid_on: int, discount: int, codes: list[tuple[str, str]]) -> None:
    assert found(engine, paid_on=paid_on, discount=discount) == codes


def test_terms_without_a_discount_offer_none_and_no_terms_say_nothing(engine: Engine) -> None:
    assert found(engine, paid_on=BASELINE, discount=1, payment_terms="NET30") == [("A1", "discount_over_terms")]
    assert found(engine, paid_on=BASELINE, discount=1, payment_terms="", due_day=BASELINE + 30) == []


def test_the_rate_of_the_terms_decides(engine: Engine) -> None:
    dearer = replace(POLICY, payment_terms=(replace(TERMS, discount_ppm=30_000),))
    ledger = small_ledger(engine, customers=[{"customer_id": "C1", "currency": "CNY"}], invoices=[invoice()])
    position = ledger_position(ledger, policy=dearer, as_of=BASELINE)
    (offered,) = engine.rows(discounts_offered(position.documents, policy=dearer))
    assert offered["offered_minor"] == 300
