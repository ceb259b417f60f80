"""Exposure, headroom and status by RULES §7, alike on every engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pytest

from functions.credit import CREDIT, credit_by_customer
from functions.findings import FINDING
from functions.frames import NO_MINOR
from functions.ledger import SHAPES, Ledger, Policy, Position
from functions.position import ledger_position
from tests.engines import Engine
from tests.tables import Row, Tables, day, numbered, row

D = day("2024-06-30")
USD = {"currency": "USD"}
RATE = [row("exchange_rates", currency="USD", rate_day=D, rate_digits=725, rate_scale=2)]

_PARTS = {
    "items": {
        "customer_id": nw.String, "due_day": nw.Int64, "open_minor": nw.Int64, "open_base_minor": nw.Int64,
        "is_disputed": nw.Boolean,
    },
    "unapplied": {"customer_id": nw.String, "unapplied_base_minor": nw.Int64},
    "documents": {
        "customer_id": nw.String, "currency": nw.String, "kind": nw.String, "order_id": nw.String, "amount_minor": nw.Int64,
    },
    "receipts": {
        "row": nw.Int64, "receipt_id": nw.String, "customer_id": nw.String, "currency": nw.String, "amount_minor": nw.Int64,
        "method": nw.String, "matures_day": nw.Int64,
    },
    "issues": {name: nw.Int64 if name == "row" else nw.String for name in FINDING},
    "applications": {"row": nw.Int64},
    "movements": {"row": nw.Int64},
}  # fmt: skip
"""The frames of a position, with the columns that credit asks for."""

_ID_OF = {"customers": "customer_id", "orders": "order_id", "receipts": "receipt_id"}


def _customer(customer_id: str, limit: int = NO_MINOR, **more: Any) -> Row:
    return row("customers", customer_id, credit_limit_minor=limit, **{"currency": "CNY", **more})


def _item(customer_id: str, minor: int, *, due: int = D + 30, disputed: bool = False, base: int | None = None) -> Row:
    amounts = {"open_minor": minor, "open_base_minor": minor if base is None else base}
    return {"customer_id": customer_id, "due_day": due, "is_disputed": disputed, **amounts}


def _unapplied(customer_id: str, base: int) -> Row:
    return {"customer_id": customer_id, "unapplied_base_minor": base}


def _document(customer_id: str, minor: int, order_id: str, kind: str = "invoice", currency: str = "CNY") -> Row:
    return {"customer_id": customer_id, "currency": currency, "kind": kind, "order_id": order_id, "amount_minor": minor}


def _bill(receipt_id: str, customer_id: str, minor: int, **more: Any) -> Row:
    own = {"receipt_id": receipt_id, "customer_id": customer_id, "amount_minor": minor}
    return {"currency": "CNY", "method": "commercial_bill", "matures_day": D + 1, **own, **more}


def _order(order_id: str, customer_id: str, minor: int, **more: Any) -> Row:
    usual = {"currency": "CNY", "order_day": D}
    return row("orders", order_id, customer_id=customer_id, amount_minor=minor, **{**usual, **more})


@dataclass(frozen=True)
class _Credit:
    """The answer: a customer's row, and (table, key, field, code) of each issue."""

    by_customer: dict[str, Row]
    issues: list[tuple[str, str, str, str]]

    def __getitem__(self, customer_id: str) -> Row:
        return self.by_customer[customer_id]

    def of_all(self, column: str) -> dict[str, Any]:
        return {customer_id: each[column] for customer_id, each in self.by_customer.items()}


def _credit(engine: Engine, policy: Policy | None = None, **given: list[Row]) -> _Credit:
    """Of tables of the ledger and frames of the position; ``receipts`` are the position's."""
    parts = {name: given.get(name, []) for name in _PARTS}
    parts["receipts"] = [{"row": number, **each} for number, each in enumerate(parts["receipts"], start=2)]
    position = Position(as_of=D, **{name: engine.frame(parts[name], shape) for name, shape in _PARTS.items()})
    tables = {name: each for name, each in given.items() if name not in _PARTS}
    return _answer(_ledger(engine, tables), position, policy or Policy(), given)


def _credit_of_ledger(engine: Engine, tables: Tables, policy: Policy | None = None) -> _Credit:
    """Of a whole ledger, with the position that it makes."""
    ledger = _ledger(engine, tables)
    position = ledger_position(ledger, policy=policy or Policy(), as_of=D)
    return _answer(ledger, position, policy or Policy(), tables)


def _ledger(engine: Engine, tables: Tables) -> Ledger:
    return Ledger.of({name: engine.native(each, SHAPES[name]) for name, each in numbered(tables).items()})


def _answer(ledger: Ledger, position: Position, policy: Policy, given: Tables) -> _Credit:
    credit, issues = credit_by_customer(ledger, position, policy=policy)
    found = Engine.rows(issues)
    # Each names the row that it found.
    assert all(given[each["table"]][each["row"] - 2][_ID_OF[each["table"]]] == each["key"] for each in found)
    by_customer = {each["customer_id"]: each for each in Engine.rows(credit)}
    return _Credit(by_customer, sorted((each["table"], each["key"], each["field"], each["code"]) for each in found))


def test_exposure_equal_to_the_limit_is_allowed_and_one_cent_more_is_a_breach(engine: Engine) -> None:
    # RULES, worked example 7.
    customers = [_customer("AT", 1_100_00), _customer("ABOVE", 1_100_00)]
    credit = _credit(engine, customers=customers, items=[_item("AT", 1_100_00), _item("ABOVE", 1_100_01)])
    assert credit.of_all("status") == {"AT": "watch", "ABOVE": "over_limit"}
    assert credit.of_all("headroom_minor") == {"AT": 0, "ABOVE": -1}
    assert credit.of_all("utilisation_bp") == {"AT": 100_00, "ABOVE": 100_00}
    assert credit.issues == []


def test_a_blank_limit_is_unlimited_and_zero_is_cash_only(engine: Engine) -> None:
    customers = [_customer("BLANK"), _customer("CASH", 0), _customer("CASH_OWES", 0)]
    credit = _credit(engine, customers=customers, items=[_item("BLANK", 9_999_999_99), _item("CASH_OWES", 1)])
    assert credit.of_all("status") == {"BLANK": "ok", "CASH": "ok", "CASH_OWES": "over_limit"}
    assert credit.of_all("credit_limit_minor") == {"BLANK": NO_MINOR, "CASH": 0, "CASH_OWES": 0}
    assert credit.of_all("headroom_minor") == {"BLANK": NO_MINOR, "CASH": 0, "CASH_OWES": -1}
    assert set(credit.of_all("utilisation_bp").values()) == {NO_MINOR}


def test_a_customer_without_a_document_has_a_row_of_zeros(engine: Engine) -> None:
    credit = _credit(engine, customers=[_customer("C1", 500)])["C1"]
    assert tuple(credit) == CREDIT
    assert credit == {
        "customer_id": "C1", "group_id": "", "credit_limit_minor": 500, "guarantee_minor": 0, "open_items_minor": 0,
        "open_orders_minor": 0, "bills_minor": 0, "unapplied_minor": 0, "exposure_minor": 0, "group_exposure_minor": 0,
        "headroom_minor": 500, "utilisation_bp": 0, "overdue_minor": 0, "max_days_overdue": 0, "status": "ok",
    }  # fmt: skip


def test_no_customers_make_no_rows(engine: Engine) -> None:
    assert _credit(engine, customers=[]) == _Credit({}, [])


def test_a_guarantee_adds_to_the_limit(engine: Engine) -> None:
    customers = [_customer("C1", 1_000, guarantee_minor=500), _customer("C2", 1_000, guarantee_minor=NO_MINOR)]
    credit = _credit(engine, customers=customers, items=[_item("C1", 1_500), _item("C2", 1_500)])
    assert credit.of_all("headroom_minor") == {"C1": 0, "C2": -500}
    assert credit.of_all("guarantee_minor") == {"C1": 500, "C2": 0}
    assert credit.of_all("utilisation_bp") == {"C1": 100_00, "C2": 150_00}


def test_utilisation_is_in_basis_points_rounded_half_away(engine: Engine) -> None:
    customers = [
        _customer("HALF", 20_000),
        _customer("IN_CREDIT", 20_000),
        _customer("LESS", 20_001),
        _customer("THIRDS", 3),
        # 2 × 10^15 × 10,000 is beyond 64 bits.
        _customer("LARGE", 2_100_000_000_000_000),
    ]
    items = [_item("HALF", 1), _item("LESS", 1), _item("THIRDS", 2), _item("LARGE", 1_999_999_999_999_999)]
    credit = _credit(engine, customers=customers, items=items, unapplied=[_unapplied("IN_CREDIT", 1)])
    assert credit.of_all("utilisation_bp") == {"HALF": 1, "IN_CREDIT": -1, "LESS": 0, "THIRDS": 66_67, "LARGE": 95_24}


def test_an_expired_limit_counts_as_zero_from_the_day_after(engine: Engine) -> None:
    customers = [
        _customer("TODAY", 1_000, limit_expires_day=D),
        _customer("YESTERDAY", 1_000, limit_expires_day=D - 1, guarantee_minor=300),
        _customer("CASH", 0, limit_expires_day=D - 1),
        _customer("BLANK", limit_expires_day=D - 1),
    ]
    credit = _credit(engine, customers=customers, items=[_item("YESTERDAY", 301)])
    assert credit.of_all("credit_limit_minor") == {"TODAY": 1_000, "YESTERDAY": 0, "CASH": 0, "BLANK": NO_MINOR}
    assert credit.of_all("headroom_minor") == {"TODAY": 1_000, "YESTERDAY": -1, "CASH": 0, "BLANK": NO_MINOR}
    # What has no limit has none to expire.
    expired = {"TODAY": "ok", "YESTERDAY": "limit_expired", "CASH": "limit_expired", "BLANK": "ok"}
    assert credit.of_all("status") == expired


def _busy_ledger() -> dict[str, list[Row]]:
    """One customer with something of everything: 1,000 and a disputed 200 open, a bill, an order, 70 unapplied."""
    own = {"customer_id": "C1", "currency": "CNY"}
    invoice = {**own, "invoice_day": D - 90, "due_day": D + 30}
    received = {**own, "receipt_day": D - 1}
    return {
        "customers": [_customer("C1", 5_000)],
        "invoices": [
            row("invoices", "OPEN", amount_minor=1_000, **invoice),
            row("invoices", "DISPUTED", amount_minor=200, is_disputed=True, disputed_day=D - 9, **invoice),
            row("invoices", "BY_BILL", amount_minor=500, **invoice),
        ],
        "receipts": [
            row("receipts", "BILL", amount_minor=500, method="commercial_bill", matures_day=D + 1, **received),
            row("receipts", "DEPOSIT", amount_minor=70, is_held=True, **received),
        ],
        "allocations": [row("allocations", "A1", receipt_id="BILL", invoice_id="BY_BILL", amount_minor=500)],
        "orders": [_order("O1", "C1", 300)],
    }


@pytest.mark.parametrize(
    ("settings", "exposure"),
    [
        pytest.param({}, 1_200 + 500 + 300 - 70, id="everything"),
        pytest.param({"orders_in_exposure": False}, 1_200 + 500 - 70, id="orders left out"),
        pytest.param({"unapplied_in_exposure": False}, 1_200 + 500 + 300, id="unapplied left out"),
    ],
)
def test_exposure_is_items_bills_and_orders_less_unapplied(engine: Engine, settings: Row, exposure: int) -> None:
    credit = _credit_of_ledger(engine, _busy_ledger(), Policy(**settings))["C1"]
    parts = ("open_items_minor", "bills_minor", "open_orders_minor", "unapplied_minor")
    # A setting changes the sum; each part stays to be seen.
    assert [credit[part] for part in parts] == [1_200, 500, 300, 70]
    assert (credit["exposure_minor"], credit["headroom_minor"]) == (exposure, 5_000 - exposure)


def test_what_is_dated_later_is_not_in_exposure(engine: Engine) -> None:
    ledger = _busy_ledger()
    now = _credit_of_ledger(engine, ledger)
    later = {"customer_id": "C1", "currency": "CNY", "amount_minor": 55}
    ledger["invoices"].append(row("invoices", "I2", invoice_day=D + 1, due_day=D + 9, order_id="O1", **later))
    ledger["receipts"].append(row("receipts", "R2", receipt_day=D + 1, method="commercial_bill", **later))
    ledger["orders"].append(_order("O2", "C1", 999, order_day=D + 1))
    assert _credit_of_ledger(engine, ledger) == now


def test_an_order_counts_less_the_invoices_that_name_it(engine: Engine) -> None:
    orders = [
        _order("O1", "NONE", 100),
        _order("O2", "PART", 100),
        _order("O3", "OVER", 100),
        _order("O4", "CLOSED", 100, closed_day=D),
        _order("O5", "CLOSES", 100, closed_day=D + 1),
        _order("O6", "ELSEWHERE", 100),
        _order("O8", "DOLLARS", 100),
        _order("O7", "RETURN", 100),
    ]
    documents = [
        _document("PART", 30, "O2"),
        _document("PART", 31, "O2", kind="debit_note"),
        _document("OVER", 101, "O3"),
        # A group may be billed elsewhere; currencies never mix.
        _document("PART", 50, "O6"),
        _document("DOLLARS", 50, "O8", currency="USD"),
        # What comes back is credited; it is not ordered again.
        _document("RETURN", 60, "O7"),
        _document("RETURN", 60, "O7", kind="credit_note"),
    ]
    customers = [_customer(order["customer_id"]) for order in orders]
    credit = _credit(engine, customers=customers, orders=orders, documents=documents)
    still_open = {"NONE": 100, "PART": 39, "OVER": 0, "CLOSED": 0, "CLOSES": 100, "RETURN": 40}
    assert credit.of_all("open_orders_minor") == {**still_open, "ELSEWHERE": 50, "DOLLARS": 100}


def test_a_commercial_bill_stays_in_exposure_until_it_matures(engine: Engine) -> None:
    receipts = [
        _bill("B1", "DUE", 100, matures_day=D),
        _bill("B2", "RUNS", 100, matures_day=D + 1),
        {name: value for name, value in _bill("B3", "BLANK", 100).items() if name != "matures_day"},
        _bill("B4", "BANK", 100, method="bank_bill"),
    ]
    credit = _credit(engine, customers=[_customer(each["customer_id"]) for each in receipts], receipts=receipts)
    assert credit.of_all("bills_minor") == {"DUE": 0, "RUNS": 100, "BLANK": 100, "BANK": 0}
    assert credit.of_all("exposure_minor") == credit.of_all("bills_minor")
    assert credit.issues == [("receipts", "B3", "matures_on", "no_maturity")]


def _group(**head: Any) -> list[Row]:
    return [
        _customer("HEAD", **{"limit": 1_000, "guarantee_minor": 100, **head}),
        _customer("LEFT", 9_999, group_id="HEAD", guarantee_minor=10),
        _customer("RIGHT", group_id="HEAD"),
        _customer("ALONE", 50),
    ]


def test_the_limit_of_the_head_covers_its_group(engine: Engine) -> None:
    items = [_item("HEAD", 500), _item("LEFT", 310), _item("RIGHT", 301), _item("ALONE", 50)]
    credit = _credit(engine, customers=_group(), items=items)
    assert credit.of_all("group_id") == {"HEAD": "HEAD", "LEFT": "HEAD", "RIGHT": "HEAD", "ALONE": ""}
    assert credit.of_all("exposure_minor") == {"HEAD": 500, "LEFT": 310, "RIGHT": 301, "ALONE": 50}
    assert credit.of_all("group_exposure_minor") == {"HEAD": 1_111, "LEFT": 1_111, "RIGHT": 1_111, "ALONE": 50}
    assert credit.of_all("credit_limit_minor") == {"HEAD": 1_000, "LEFT": 1_000, "RIGHT": 1_000, "ALONE": 50}
    assert credit.of_all("guarantee_minor") == {"HEAD": 110, "LEFT": 110, "RIGHT": 110, "ALONE": 0}
    assert credit.of_all("headroom_minor") == {"HEAD": -1, "LEFT": -1, "RIGHT": -1, "ALONE": 0}
    assert credit.of_all("status") == {"HEAD": "over_limit", "LEFT": "over_limit", "RIGHT": "over_limit", "ALONE": "watch"}
    assert credit.issues == [("customers", "LEFT", "credit_limit", "member_limit_ignored")]


def test_holds_and_overdue_items_are_a_members_own(engine: Engine) -> None:
    customers = [*_group(), _customer("HELD", group_id="HEAD", is_on_hold=True)]
    credit = _credit(engine, customers=customers, items=[_item("RIGHT", 10, due=D - 61)])
    statuses = {"HEAD": "ok", "LEFT": "ok", "RIGHT": "overdue_block", "ALONE": "ok", "HELD": "on_hold"}
    assert credit.of_all("status") == statuses
    assert credit.of_all("overdue_minor") == {"HEAD": 0, "LEFT": 0, "RIGHT": 10, "ALONE": 0, "HELD": 0}
    assert credit.of_all("max_days_overdue") == {"HEAD": 0, "LEFT": 0, "RIGHT": 61, "ALONE": 0, "HELD": 0}


def test_the_limit_of_a_group_expires_with_its_heads_date(engine: Engine) -> None:
    customers = [*_group(limit_expires_day=D - 1), _customer("LATER", group_id="HEAD", limit_expires_day=D + 90)]
    credit = _credit(engine, customers=customers)
    assert credit.of_all("status") == {**dict.fromkeys(("HEAD", "LEFT", "RIGHT", "LATER"), "limit_expired"), "ALONE": "ok"}
    assert credit["LEFT"]["headroom_minor"] == 110


def test_a_head_without_a_limit_leaves_its_group_unlimited(engine: Engine) -> None:
    credit = _credit(engine, customers=_group(limit=NO_MINOR), items=[_item("LEFT", 10_000)])["LEFT"]
    assert (credit["headroom_minor"], credit["group_exposure_minor"], credit["status"]) == (NO_MINOR, 10_000, "ok")


def test_groups_do_not_nest(engine: Engine) -> None:
    customers = [
        _customer("LEAF", group_id="MIDDLE"),
        _customer("MIDDLE", 100, group_id="TOP"),
        _customer("TOP", 200),
        _customer("ROUND", 1, group_id="TRIP"),
        _customer("TRIP", 2, group_id="ROUND"),
        _customer("SELF", 3, group_id="SELF"),
        _customer("LOST", 4, group_id="NOBODY"),
    ]
    credit = _credit(engine, customers=customers, items=[_item("LEAF", 7)])
    alone = dict.fromkeys(("TOP", "ROUND", "TRIP", "SELF", "LOST"), "")
    assert credit.of_all("group_id") == {"LEAF": "MIDDLE", "MIDDLE": "MIDDLE", **alone}
    headroom = {"LEAF": 93, "MIDDLE": 93, "TOP": 200, "ROUND": 1, "TRIP": 2, "SELF": 3, "LOST": 4}
    assert credit.of_all("headroom_minor") == headroom
    assert credit.issues == [
        ("customers", "LOST", "group_id", "unknown_group"),
        ("customers", "MIDDLE", "group_id", "nested_group"),
        ("customers", "ROUND", "group_id", "nested_group"),
        ("customers", "TRIP", "group_id", "nested_group"),
    ]


def test_limits_orders_and_bills_are_converted_each_by_itself(engine: Engine) -> None:
    credit = _credit(
        engine,
        customers=[_customer("C1", 100, guarantee_minor=2, **USD)],
        items=[_item("C1", 1, base=7), _item("C1", 1, base=7)],
        unapplied=[_unapplied("C1", 15)],
        orders=[_order("O1", "C1", 1, **USD), _order("O2", "C1", 1, **USD)],
        receipts=[_bill("B1", "C1", 2, **USD)],
        exchange_rates=RATE,
    )["C1"]
    assert (credit["credit_limit_minor"], credit["guarantee_minor"]) == (725, 15)
    # RULES, worked example 11: twice 0.07, not once 0.15.
    assert (credit["open_items_minor"], credit["open_orders_minor"], credit["bills_minor"]) == (14, 14, 15)
    assert (credit["unapplied_minor"], credit["exposure_minor"]) == (15, 14 + 14 + 15 - 15)


def test_without_a_rate_nothing_is_granted_and_the_rows_are_named(engine: Engine) -> None:
    credit = _credit(
        engine,
        customers=[_customer("C1", 100, **USD), _customer("C2", **USD), _customer("C3", 0, guarantee_minor=1, **USD)],
        items=[_item("C1", 9), _item("C1", 40, due=D - 70, base=NO_MINOR)],
        unapplied=[_unapplied("C2", NO_MINOR)],
        receipts=[_bill("USED", "C2", 500, **USD), _bill("UNUSED", "C2", 8, **USD)],
        orders=[_order("O1", "C1", 3, **USD), _order("O2", "C1", 0, **USD)],
        # The position names what is unapplied; naming it once is enough.
        issues=[{"table": "receipts", "row": 3, "key": "UNUSED", "field": "currency", "code": "no_exchange_rate"}],
    )
    assert credit.of_all("credit_limit_minor") == {"C1": 0, "C2": NO_MINOR, "C3": 0}
    assert credit.of_all("guarantee_minor") == {"C1": 0, "C2": 0, "C3": 0}
    assert credit.of_all("exposure_minor") == {"C1": 9, "C2": 0, "C3": 0}
    # Days need no rate.
    assert (credit["C1"]["overdue_minor"], credit["C1"]["max_days_overdue"]) == (0, 70)
    assert credit.issues == [
        ("customers", "C1", "currency", "no_exchange_rate"),
        ("customers", "C3", "currency", "no_exchange_rate"),
        ("orders", "O1", "currency", "no_exchange_rate"),
        ("receipts", "USED", "currency", "no_exchange_rate"),
    ]


def test_a_limit_that_does_not_count_needs_no_rate(engine: Engine) -> None:
    customers = [
        _customer("HEAD", 100),
        _customer("MEMBER", 5, group_id="HEAD", **USD),
        _customer("EXPIRED", 5, limit_expires_day=D - 1, **USD),
    ]
    issues = _credit(engine, customers=customers).issues
    assert issues == [("customers", "MEMBER", "credit_limit", "member_limit_ignored")]


def test_an_order_of_an_unknown_customer_is_an_issue_once_it_exists(engine: Engine) -> None:
    orders = [_order("O1", "NOBODY", 5), _order("LATER", "NOBODY", 5, order_day=D + 1)]
    credit = _credit(engine, customers=[_customer("C1", 5)], orders=orders)
    assert credit["C1"]["open_orders_minor"] == 0
    assert credit.issues == [("orders", "O1", "customer_id", "unknown_customer")]


def test_only_undisputed_items_past_the_days_block(engine: Engine) -> None:
    items = [
        _item("SIXTY", 10, due=D - 60),
        _item("SIXTY", 10, due=D),
        _item("SIXTY_ONE", 10, due=D - 61),
        _item("DISPUTED", 10, due=D - 90, disputed=True),
        _item("BOTH", 10, due=D - 90, disputed=True),
        _item("BOTH", 15, due=D - 1),
        _item("PAID", 0, due=D - 90),
    ]
    customers = [_customer(name) for name in ("SIXTY", "SIXTY_ONE", "DISPUTED", "BOTH", "PAID")]
    credit = _credit(engine, customers=customers, items=items)
    blocked = {"SIXTY": "ok", "SIXTY_ONE": "overdue_block", "DISPUTED": "ok", "BOTH": "ok", "PAID": "ok"}
    assert credit.of_all("status") == blocked
    assert credit.of_all("max_days_overdue") == {"SIXTY": 60, "SIXTY_ONE": 61, "DISPUTED": 90, "BOTH": 90, "PAID": 0}
    assert credit.of_all("overdue_minor") == {"SIXTY": 10, "SIXTY_ONE": 10, "DISPUTED": 10, "BOTH": 25, "PAID": 0}


_LADDER = [
    # Customer, what it owes since when, and the first status that holds.
    (_customer("HOLD", 1_000, is_on_hold=True, limit_expires_day=D - 1), 2_000, D - 61, "on_hold"),
    (_customer("EXPIRED", 1_000, limit_expires_day=D - 1), 2_000, D - 61, "limit_expired"),
    (_customer("BREACH", 1_000), 1_001, D - 61, "over_limit"),
    (_customer("LATE", 1_000), 1_000, D - 61, "overdue_block"),
    (_customer("NEAR", 1_000), 800, D - 60, "watch"),
    (_customer("BELOW", 1_000), 799, D - 60, "ok"),
    (_customer("GUARANTEED", 1_000, guarantee_minor=1), 800, D - 60, "ok"),
]


def test_the_status_is_the_first_that_holds(engine: Engine) -> None:
    customers = [customer for customer, *_ in _LADDER]
    items = [_item(customer["customer_id"], used, due=due) for customer, used, due, _ in _LADDER]
    credit = _credit(engine, customers=customers, items=items)
    assert credit.of_all("status") == {customer["customer_id"]: status for customer, _, _, status in _LADDER}


def test_the_lines_of_the_policy_move_the_statuses(engine: Engine) -> None:
    policy = Policy(overdue_block_days=10, watch_percent=50)
    customers = [_customer("LATE", 1_000), _customer("HALF", 1_000)]
    credit = _credit(engine, policy, customers=customers, items=[_item("LATE", 1, due=D - 11), _item("HALF", 500)])
    assert credit.of_all("status") == {"LATE": "overdue_block", "HALF": "watch"}
