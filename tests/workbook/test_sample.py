"""The sample ledger: believable, closed in itself, and with one of everything in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pytest

from functions.aging import aging_by_customer
from functions.credit import STATUSES, credit_by_customer
from functions.dunning import propose_reminders
from functions.holds import REASONS
from functions.issues import SEVERITY
from functions.position import ledger_position
from tests.workbook.sample_tables import AS_OF, SampleRun, sample_run
from workbook.sample import FEWEST_CUSTOMERS, FEWEST_INVOICES, SampleTooSmall, sample_ledger
from workbook.schema import TABLES
from workbook.schema.columns import DOCUMENT_KINDS, METHODS, OUTCOMES, RECEIPT_KINDS, WRITE_OFF_REASONS

SAMPLES = [
    pytest.param({"customers": FEWEST_CUSTOMERS, "invoices": FEWEST_INVOICES, "seed": 2}, id="smallest"),
    pytest.param({"seed": 1}, id="of the demo"),
    pytest.param({"seed": 3, "currency": "USD", "as_of": dt.date(2026, 2, 28)}, id="in dollars"),
    pytest.param({"seed": 4, "currency": "VND", "as_of": dt.date(2023, 10, 1)}, id="without decimals, on a Sunday"),
    pytest.param({"seed": 5, "currency": "KWD", "customers": 100, "invoices": 1200}, id="with three decimals"),
]


@dataclass(frozen=True)
class Closed:
    """A sample, and what the rules make of it."""

    run: SampleRun
    statuses: set[str]
    held: set[str]
    messages: nw.DataFrame[Any]
    codes: set[str]


@pytest.fixture(scope="module", params=SAMPLES)
def closed(request: pytest.FixtureRequest) -> Closed:
    run = sample_run(**request.param)
    position = ledger_position(run.ledger, policy=run.policy, as_of=run.as_of)
    credit, of_credit = credit_by_customer(run.ledger, position, policy=run.policy)
    proposals = propose_reminders(run.ledger, position, policy=run.policy, message_prefix="20240531")
    return Closed(
        run,
        statuses=set(credit.collect()["status"]),
        held=set(proposals.held.collect()["reason"]),
        messages=proposals.messages.collect(),
        codes={*position.issues.collect()["code"], *of_credit.collect()["code"]},
    )


@pytest.fixture(scope="module")
def sample() -> SampleRun:
    return sample_run()


def test_same_seed_gives_the_same_cells() -> None:
    first, again = (sample_ledger(seed=11, as_of=AS_OF) for _ in range(2))
    assert first == again
    assert sample_ledger(seed=12, as_of=AS_OF)["Invoices"] != first["Invoices"]


def test_every_receipt_kind_credit_status_and_held_reason_occurs(closed: Closed) -> None:
    assert set(closed.run.columns["Receipts"]["kind"]) == set(RECEIPT_KINDS)
    assert closed.statuses == set(STATUSES)
    # A bank that is behind would hold everything.
    assert closed.held == set(REASONS) - {"bank_not_current"}


def test_notices_and_dunning_go_out_in_two_currencies(closed: Closed) -> None:
    assert set(closed.messages["is_notice"]) == {True, False}
    assert len(set(closed.messages["currency"])) >= 2


def test_what_is_planted_to_be_found_is_no_error(closed: Closed) -> None:
    run = closed.run
    drafts = [receipt_id for receipt_id, amount in run.cells("Receipts", "receipt_id", "amount") if amount is None]

    assert {code for code in closed.codes if SEVERITY[code] == "error"} == set()
    assert {"member_limit_ignored", "no_maturity"} <= closed.codes
    assert {"number_as_id", "duplicate_identical"} <= run.codes("warning")
    # The one row that is left out is a receipt that staff have begun to type.
    assert len(drafts) == 1
    assert run.read.left_out_rows() == {"Receipts": 1}
    draft_row = run.read.tables["Receipts"].left_out[0].row
    assert run.columns["Receipts"]["receipt_id"][draft_row] == drafts[0]
    errors = [issue for issue in run.read.issues if SEVERITY[issue.code] == "error"]
    assert {(issue.table, issue.row) for issue in errors} <= {("Receipts", draft_row)}


def test_every_table_fits_the_schema(sample: SampleRun) -> None:
    for name, columns in sample.columns.items():
        assert set(columns) <= set(TABLES[name].keys), name
        assert len({len(values) for values in columns.values()}) == 1, name
        assert set(TABLES[name].required) <= set(columns), name


def test_every_id_that_is_named_exists(sample: SampleRun) -> None:
    known: dict[str, set[Any]] = {
        "customer_id": set(sample.columns["Customers"]["customer_id"]),
        "invoice_id": set(sample.columns["Invoices"]["invoice_id"]),
        "receipt_id": set(sample.columns["Receipts"]["receipt_id"]),
        "contract_id": set(sample.columns["Contracts"]["contract_id"]),
        "order_id": set(sample.columns["Orders"]["order_id"]),
    }
    known["group_id"] = known["customer_id"]
    known["related_invoice_id"] = known["invoice_id"]
    known["related_id"] = known["receipt_id"] | known["invoice_id"]
    for table, columns in sample.columns.items():
        for key, ids in known.items():
            named = {str(each) for each in columns.get(key, ()) if each is not None}
            # What pays in an allocation is a receipt or a credit note.
            pays = known["invoice_id"] if (table, key) == ("Allocations", "receipt_id") else set()
            assert named <= ids | pays, (table, key)


def test_nothing_has_happened_after_the_day(sample: SampleRun) -> None:
    ahead = {"due_date", "matures_on", "promise_date", "next_date", "limit_expires_on", "ends_on", "holiday"}
    for table, columns in sample.columns.items():
        for key in set(columns) - ahead:
            days = [each for each in columns[key] if isinstance(each, dt.date)]
            assert max(days, default=AS_OF) <= AS_OF, (table, key)


def test_documents_are_as_many_as_asked_for_and_numbered_by_date(sample: SampleRun) -> None:
    assert len(sample.columns["Customers"]["customer_id"]) == 60
    assert len(set(sample.columns["Invoices"]["invoice_id"])) == len(sample.columns["Invoices"]["invoice_id"]) == 600
    series: dict[str, list[tuple[object, object]]] = defaultdict(list)
    for invoice_id, day in sample.cells("Invoices", "invoice_id", "invoice_date"):
        series[str(invoice_id)[:-5]].append((invoice_id, day))
        assert f"{day:%Y%m}" in str(invoice_id)
    for documents in series.values():
        assert sorted(documents) == sorted(documents, key=lambda each: (each[1], each[0]))


def test_every_kind_of_event_occurs(sample: SampleRun) -> None:
    assert set(sample.columns["Invoices"]["kind"]) == set(DOCUMENT_KINDS)
    assert set(sample.columns["Receipts"]["method"]) == set(METHODS)
    assert set(sample.columns["WriteOffs"]["reason"]) == set(WRITE_OFF_REASONS)
    assert set(sample.columns["Activities"]["outcome"]) == set(OUTCOMES)
    credits = [related for kind, related in sample.cells("Invoices", "kind", "related_invoice_id") if kind == "credit_note"]
    assert any(credits)
    assert not all(credits)
    assert any(sample.columns["Invoices"]["opening_settled"])
    assert any(sample.columns["Invoices"]["dispute_closed_on"])
    assert any(sample.columns["Allocations"]["discount"])
    assert any(str(source).startswith("CN-") for source in sample.columns["Allocations"]["receipt_id"])
    assert any(sample.columns["Receipts"]["is_held"])
    assert any(sample.columns["RepaymentPlans"]["cancelled_on"])
    limits = sample.columns["Customers"]["credit_limit"]
    assert None in limits
    assert 0 in limits


def test_the_ledger_looks_like_one_a_credit_controller_knows() -> None:
    run = sample_run(seed=6, customers=300, invoices=4000)
    position = ledger_position(run.ledger, policy=run.policy, as_of=run.as_of)
    aging = aging_by_customer(position, policy=run.policy).collect()
    rows = [row for row in aging.iter_rows(named=True) if row["currency"] == "CNY"]
    balance = sum(row["balance_minor"] for row in rows)
    overdue = sum(row["overdue_minor"] for row in rows)
    quarter = [
        amount
        for amount, day, currency in run.cells("Invoices", "amount", "invoice_date", "currency")
        if currency == "CNY" and (AS_OF - day).days < 90
    ]
    days_of_sales = balance / 100 / sum(quarter) * 90
    assert 40 < days_of_sales < 110
    assert 0.2 < overdue / balance < 0.55
    assert -0.1 * balance < sum(row["unapplied_minor"] for row in rows) < 0
    # A few big customers, many small ones.
    sold = Counter[str]()
    for customer_id, amount in run.cells("Invoices", "customer_id", "amount"):
        sold[str(customer_id)] += amount
    largest = sum(amount for _, amount in sold.most_common(60))
    assert 0.4 < largest / sum(sold.values()) < 0.9


def test_the_bank_statements_are_current_and_move_by_the_receipts(sample: SampleRun) -> None:
    statements = sample.cells("BankBalances", "currency", "from_date", "to_date", "opening", "closing")
    rows = set(sample.cells("Receipts", "receipt_id", "kind", "receipt_date", "currency", "amount", "method"))
    assert max(to_date for _, _, to_date, _, _ in statements) == AS_OF
    for currency, from_date, to_date, opening, closing in statements:
        moved = 0.0
        for _, kind, day, of, amount, method in rows:
            if of == currency and day and from_date <= day <= to_date and method in ("bank_transfer", "cheque", "card"):
                moved += amount if kind == "receipt" else -amount
        assert closing == pytest.approx(opening + moved, abs=0.005)


@pytest.mark.parametrize(("customers", "invoices"), [(FEWEST_CUSTOMERS - 1, 600), (60, FEWEST_INVOICES - 1)])
def test_too_small_a_sample_is_refused_with_what_to_ask_for(customers: int, invoices: int) -> None:
    with pytest.raises(SampleTooSmall, match=f"at least {FEWEST_CUSTOMERS} customers and {FEWEST_INVOICES} invoices"):
        sample_ledger(seed=1, customers=customers, invoices=invoices, as_of=AS_OF)
