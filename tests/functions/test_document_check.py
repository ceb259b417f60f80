"""A new order or invoice against the headroom, before it is posted (RULES §7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.document_check import NEW_DOCUMENT, REASONS, check_documents
from functions.frames import NO_MINOR
from functions.ledger import Policy
from functions.position import ledger_position
from tests import oracle
from tests.engines import Engine
from tests.ledgers import crowd, ledger_on, rows_of
from tests.tables import Row, day, numbered, row

D = day("2024-06-30")


def customer(customer_id: str = "C1", **values: Any) -> Row:
    return row("customers", customer_id, **{"currency": "CNY", "credit_limit_minor": 1_000_00, **values})


def owed(invoice_id: str, amount_minor: int, customer_id: str = "C1", **values: Any) -> Row:
    usual = {"currency": "CNY", "invoice_day": D, "due_day": D + 30}
    return row("invoices", invoice_id, customer_id=customer_id, amount_minor=amount_minor, **{**usual, **values})


def order(order_id: str, amount_minor: int, customer_id: str = "C1", **values: Any) -> Row:
    usual = {"currency": "CNY", "order_day": D}
    return row("orders", order_id, customer_id=customer_id, amount_minor=amount_minor, **{**usual, **values})


def asked(
    engine: Engine, *documents: Row, policy: Policy | None = None, **tables: list[Row]
) -> tuple[dict[str, Row], list[tuple[str, str, int]]]:
    """The answers by document, and every reason with its amount."""
    policy = policy or Policy()
    ledger = ledger_on(numbered({"customers": [customer()], **tables}), engine)
    position = ledger_position(ledger, policy=policy, as_of=D)
    usual = {"customer_id": "C1", "currency": "CNY", "order_id": ""}
    new = engine.frame([{"document_id": f"X{at}", **usual, **each} for at, each in enumerate(documents, 1)], NEW_DOCUMENT)
    check = check_documents(new, ledger, position, policy=policy)
    reasons = [(each["document_id"], each["reason"], each["amount_minor"]) for each in rows_of(check.reasons)]
    return {each["document_id"]: each for each in rows_of(check.answers)}, reasons


def test_what_uses_the_headroom_to_the_last_cent_fits_and_a_cent_more_is_named(engine: Engine) -> None:
    answers, reasons = asked(engine, {"amount_minor": 400_00}, {"amount_minor": 400_01}, invoices=[owed("I1", 600_00)])
    assert answers["X1"] == {
        "document_id": "X1", "customer_id": "C1", "amount_base_minor": 400_00, "added_minor": 400_00,
        "headroom_minor": 400_00, "headroom_after_minor": 0, "missing_minor": 0, "reason": "",
    }  # fmt: skip
    second = answers["X2"]
    assert (second["headroom_after_minor"], second["missing_minor"], second["reason"]) == (-1, 1, "over_limit")
    assert reasons == [("X2", "over_limit", 1)]


def test_the_groups_limit_covers_its_members(engine: Engine) -> None:
    customers = [
        customer("HEAD", credit_limit_minor=500_00),
        customer("C1", group_id="HEAD", credit_limit_minor=9_999_00, guarantee_minor=100_00),
    ]
    invoices = [owed("I1", 300_00, "HEAD"), owed("I2", 150_00)]
    answers, _ = asked(engine, {"amount_minor": 200_00}, customers=customers, invoices=invoices)
    assert (answers["X1"]["headroom_minor"], answers["X1"]["missing_minor"]) == (150_00, 50_00)


def test_an_invoice_takes_the_place_of_what_is_left_of_its_order(engine: Engine) -> None:
    tables = {"orders": [order("O1", 700_00)], "invoices": [owed("I1", 200_00, order_id="O1")]}
    documents: list[Row] = [
        {"amount_minor": 400_00, "order_id": "O1"},
        {"amount_minor": 900_00, "order_id": "O1"},
        {"amount_minor": 400_00},
        {"amount_minor": 400_00, "order_id": "O1", "currency": "USD"},
        {"amount_minor": 400_00, "order_id": "O9"},
    ]
    answers, _ = asked(engine, *documents, **tables)
    assert [answers[f"X{each}"]["added_minor"] for each in (1, 2, 3, 5)] == [0, 400_00, 400_00, 400_00]
    assert answers["X2"]["missing_minor"] == 100_00
    assert (answers["X4"]["amount_base_minor"], answers["X4"]["reason"]) == (NO_MINOR, "no_exchange_rate")
    left_out, _ = asked(engine, documents[0], policy=Policy(orders_in_exposure=False), **tables)
    assert left_out["X1"]["added_minor"] == 400_00


def test_the_order_of_a_stranger_is_no_order_of_ours(engine: Engine) -> None:
    customers = [customer("C1"), customer("C2"), customer("C3", group_id="C1")]
    orders = [order("O2", 100_00, "C2"), order("O3", 100_00, "C3")]
    documents: list[Row] = [{"amount_minor": 100_00, "order_id": each} for each in ("O2", "O3")]
    answers, _ = asked(engine, *documents, customers=customers, orders=orders)
    assert [answers[each]["added_minor"] for each in ("X1", "X2")] == [100_00, 0]


def test_every_reason_is_told_and_the_gravest_first(engine: Engine) -> None:
    customers = [customer(is_on_hold=True, limit_expires_day=D - 1), customer("C2", credit_limit_minor=NO_MINOR)]
    late = {"invoice_day": D - 100, "due_day": D - 61}
    invoices = [owed("I1", 10_00, **late), owed("I2", 10_00, "C2", **late)]
    documents: list[Row] = [
        {"amount_minor": 5_00},
        {"amount_minor": 5_00, "customer_id": "C2"},
        {"amount_minor": 5_00, "customer_id": "C9"},
    ]
    answers, reasons = asked(engine, *documents, customers=customers, invoices=invoices)
    assert {key: each["reason"] for key, each in answers.items()} == {
        "X1": "on_hold", "X2": "overdue_block", "X3": "unknown_customer",
    }  # fmt: skip
    assert (answers["X2"]["headroom_minor"], answers["X2"]["missing_minor"]) == (NO_MINOR, 0)
    assert sorted(reasons) == [
        ("X1", "limit_expired", 0),
        ("X1", "on_hold", 0),
        ("X1", "over_limit", 15_00),
        ("X1", "overdue_block", 0),
        ("X2", "overdue_block", 0),
        ("X3", "unknown_customer", 0),
    ]


def test_an_amount_in_another_currency_counts_at_the_rate_of_the_day(engine: Engine) -> None:
    rates = [row("exchange_rates", currency="USD", rate_day=D, rate_digits=725, rate_scale=2)]
    answers, _ = asked(engine, {"amount_minor": 200_00, "currency": "USD"}, exchange_rates=rates)
    assert (answers["X1"]["amount_base_minor"], answers["X1"]["missing_minor"]) == (1_450_00, 450_00)


@pytest.mark.parametrize("seed", [71])
def test_the_headroom_after_is_what_credit_says_once_it_is_posted(seed: int) -> None:
    """Documents are posted to the oracle's ledger, one by one, and its credit is asked again."""
    many, engine = crowd(seed, 15), Engine("polars")
    # Open items and unapplied cash in full, so that what a receipt pays of it does not matter; one currency: no rounding.
    policy = replace(many.whole.policy, base_currency="CNY", unapplied_in_exposure=True, orders_in_exposure=True)
    posted = 0
    for case in many.cases:
        ledger = ledger_on(case.tables, engine)
        position = ledger_position(ledger, policy=policy, as_of=case.as_of)
        orders = [""] + [each["order_id"] for each in case.tables["orders"]]
        customers = [each["customer_id"] for each in case.tables["customers"]]
        documents = [
            {"document_id": f"{of}/{at}", "customer_id": of, "currency": "CNY", "amount_minor": 77_00, "order_id": named}
            for of in customers
            for at, named in enumerate(orders)
        ]
        answers = rows_of(check_documents(engine.frame(documents, NEW_DOCUMENT), ledger, position, policy=policy).answers)
        before, _ = oracle.credit(case.tables, policy, case.as_of)
        by_customer = {each["customer_id"]: each for each in before}
        group_of = {each: by_customer[each]["group_id"] or each for each in customers}
        owner = {each["order_id"]: each["customer_id"] for each in case.tables["orders"]}
        for document, answer in zip(documents, answers, strict=True):
            named = owner.get(document["order_id"], document["customer_id"])
            if group_of.get(named) != group_of[document["customer_id"]]:
                continue  # a stranger's order
            new = row(
                "invoices", "NEW", customer_id=document["customer_id"], currency="CNY", amount_minor=77_00,
                invoice_day=case.as_of, due_day=case.as_of + 9, order_id=document["order_id"],
            )  # fmt: skip
            tables = {**case.tables, "invoices": [*case.tables["invoices"], new | {"row": 99}]}
            after = {each["customer_id"]: each for each in oracle.credit(tables, policy, case.as_of)[0]}
            credit = after[document["customer_id"]]
            assert answer["headroom_after_minor"] == credit["headroom_minor"], (document, answer)
            status = credit["status"]
            assert answer["reason"] == (status if status in REASONS else ""), (document, answer, status)
            posted += 1
    assert posted > 30
