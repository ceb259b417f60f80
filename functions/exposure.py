"""Credit exposure: what a customer could cost us as of a day, in the base currency (RULES §7)."""

from __future__ import annotations

import narwhals as nw

from functions.exchange import with_base
from functions.findings import all_findings, findings, first_fault
from functions.frames import NO_DAY, Frame, has_day, has_minor, integer, left_join, materialise, sum_by, text
from functions.ledger import Ledger, Policy, Position

_NOTHING = integer(0)


def exposure_by_customer(ledger: Ledger, position: Position, *, rates: Frame, policy: Policy) -> tuple[Frame, Frame]:
    """Exposure and what it is made of, one row for every customer, and the findings of orders and bills.

    Exposure = open items, disputed ones too, + unmatured commercial bills + open orders − unapplied cash and credit; the
    policy can leave the last two out of the sum, not out of their columns. Columns: customer_id, open_items_minor,
    open_orders_minor, bills_minor, unapplied_minor (positive), exposure_minor, overdue_minor (open items due before the
    day), max_days_overdue and undisputed_days_overdue (of the item longest overdue, 0 where none). All int64, in minor
    units of the base currency or days. What has no rate is left out. ``rates`` are those of ``rates_at``.
    """
    orders, order_issues = _open_orders(ledger, position, rates)
    bills, bill_issues = _unmatured_bills(position, rates)
    parts = [(open_items_by_customer(position), _OF_ITEMS), (orders, ("open_orders_minor",)), (bills, ("bills_minor",))]
    parts.append((unapplied_by_customer(position), ("unapplied_minor",)))
    exposure = ledger.customers.select("customer_id")
    for part, columns in parts:
        exposure = left_join(exposure, part, "customer_id", dict.fromkeys(columns, 0))
    orders_counted = nw.col("open_orders_minor") if policy.orders_in_exposure else _NOTHING
    unapplied_counted = nw.col("unapplied_minor") if policy.unapplied_in_exposure else _NOTHING
    total = nw.col("open_items_minor") + nw.col("bills_minor") + orders_counted - unapplied_counted
    return exposure.with_columns(exposure_minor=total), all_findings([order_issues, bill_issues])


_OF_ITEMS = ("open_items_minor", "overdue_minor", "max_days_overdue", "undisputed_days_overdue")


def open_items_by_customer(position: Position) -> Frame:
    """customer_id, open_items_minor, overdue_minor, max_days_overdue, undisputed_days_overdue: as in the exposure."""
    is_overdue = nw.col("due_day") < position.as_of
    items = position.items.filter(nw.col("open_minor") > 0)
    items = items.select("customer_id", "due_day", "is_disputed", open_items_minor=_known("open_base_minor"))
    items = items.with_columns(
        overdue_minor=nw.when(is_overdue).then(nw.col("open_items_minor")).otherwise(_NOTHING),
        max_days_overdue=nw.when(is_overdue).then(integer(position.as_of) - nw.col("due_day")).otherwise(_NOTHING),
    )
    undisputed = nw.when(nw.col("is_disputed")).then(_NOTHING).otherwise(nw.col("max_days_overdue"))
    items = items.with_columns(undisputed_days_overdue=undisputed)
    totals = items.group_by("customer_id").agg(
        nw.col("open_items_minor").sum(),
        nw.col("overdue_minor").sum(),
        nw.col("max_days_overdue").max(),
        nw.col("undisputed_days_overdue").max(),
    )
    return totals.with_columns(nw.col(column).cast(nw.Int64) for column in _OF_ITEMS)


def unapplied_by_customer(position: Position) -> Frame:
    """customer_id, unapplied_minor: what is left of receipts and credit notes, positive, in the base currency."""
    credit = position.unapplied.select("customer_id", minor=_known("unapplied_base_minor"))
    return sum_by(credit, ["customer_id"], unapplied_minor="minor")


def open_orders(ledger: Ledger, position: Position) -> Frame:
    """The orders that are not closed, with left_minor: the amount less the invoices that name it, not below zero.

    A credit note does not open an order again. An invoice in another currency does not count; one to another customer does,
    as a group may be billed elsewhere.
    """
    as_of, same_order = position.as_of, ["order_id", "currency"]
    invoices = position.documents.filter(nw.col("order_id") != "", nw.col("kind") != "credit_note")
    invoiced = sum_by(invoices, same_order, invoiced_minor="amount_minor")
    is_open = ~has_day("closed_day") | (nw.col("closed_day") > as_of)
    orders = ledger.orders.filter(nw.col("order_day") <= as_of, is_open)
    orders = left_join(orders, invoiced, same_order, {"invoiced_minor": 0})
    left = nw.col("amount_minor") - nw.col("invoiced_minor")
    return orders.with_columns(left_minor=nw.when(left > 0).then(left).otherwise(_NOTHING))


def unknown_orders(ledger: Ledger, *, as_of: int) -> Frame:
    """The invoices dated up to ``as_of`` that name an order which is not there, as findings; nothing where no order is kept.

    They count as they stand, and use no order up.
    """
    known = ledger.orders.select("order_id", is_known=nw.lit(True)).unique(["order_id", "is_known"])
    kept = known.select("is_known").unique(["is_known"])
    naming = ledger.invoices.filter(
        nw.col("order_id") != "", nw.col("kind") != "credit_note", nw.col("invoice_day") <= as_of
    )
    naming = left_join(naming, known, "order_id", {"is_known": False}).filter(~nw.col("is_known")).drop("is_known")
    naming = naming.join(kept, how="cross").with_columns(code=text("unknown_order"))
    return findings(naming, table="invoices", key="invoice_id", fields={"unknown_order": "order_id"})


def _open_orders(ledger: Ledger, position: Position, rates: Frame) -> tuple[Frame, Frame]:
    orders = with_base(open_orders(ledger, position), rates, of="left_minor", name="left_base_minor")
    known = ledger.customers.select("customer_id", is_customer=nw.lit(True))
    faults = {
        "unknown_customer": ~nw.col("is_customer"),
        "no_exchange_rate": (nw.col("left_minor") > 0) & ~has_minor("left_base_minor"),
    }
    orders = left_join(orders, known, "customer_id", {"is_customer": False}).with_columns(code=first_fault(faults))
    orders = materialise(orders.with_columns(left_base_minor=_known("left_base_minor")))
    fields = {"unknown_customer": "customer_id", "no_exchange_rate": "currency"}
    issues = findings(orders, table="orders", key="order_id", fields=fields)
    return sum_by(orders, ["customer_id"], open_orders_minor="left_base_minor"), issues


def _unmatured_bills(position: Position, rates: Frame) -> tuple[Frame, Frame]:
    """Commercial bills whole until they mature, whatever they settled; a blank maturity has not come."""
    is_unmatured = ~has_day("matures_day") | (nw.col("matures_day") > position.as_of)
    bills = position.receipts.filter(nw.col("method") == "commercial_bill", is_unmatured)
    bills = materialise(with_base(bills, rates, of="amount_minor", name="base_minor"))
    # The position names a receipt without a rate already where some of it is unapplied.
    named = position.issues.filter(nw.col("table") == "receipts", nw.col("code") == "no_exchange_rate").select("row")
    unpriced = bills.filter(~has_minor("base_minor")).join(named, on="row", how="anti")
    issues = all_findings(
        findings(judged.with_columns(code=nw.lit(code)), table="receipts", key="receipt_id", fields={code: field})
        for judged, code, field in (
            (bills.filter(nw.col("matures_day") == NO_DAY), "no_maturity", "matures_on"),
            (unpriced, "no_exchange_rate", "currency"),
        )
    )
    return sum_by(bills.with_columns(base_minor=_known("base_minor")), ["customer_id"], bills_minor="base_minor"), issues


def _known(column: str) -> nw.Expr:
    """The base amount, nothing where it has no rate."""
    return nw.when(has_minor(column)).then(nw.col(column)).otherwise(_NOTHING)
