"""Late interest (RULES §9), one day after the other."""

from __future__ import annotations

from fractions import Fraction

from functions.frames import NO_MINOR
from functions.ledger import Policy
from tests.oracle.calendar_days import is_filled
from tests.oracle.money import half_away
from tests.oracle.position import Position, position
from tests.oracle.rows import Row, Tables


def interest(tables: Tables, policy: Policy, as_of: int) -> list[Row]:
    """One row an item of which some day bears interest; interest_minor is blank where a day has no rate."""
    now = position(tables, policy, as_of)
    rows = []
    for item in now.items:
        if item["kind"] == "interest_note":
            continue
        charged_to = _charged_to(item, tables, now)
        applied = [row for row in now.applications if row["item_id"] == item["item_id"]]
        total, bearing, has_rate = Fraction(0), [], True
        for day in range(max(item["due_day"], charged_to) + 1, as_of + 1):
            amount = _bearing(item, applied, day)
            if amount == 0:
                continue
            bearing.append(day)
            rate = _rate(item, tables, day)
            if rate is None:
                has_rate = False
            else:
                total += amount * rate / policy.interest_year_days
        if bearing:
            rows.append(
                {
                    "item_id": item["item_id"],
                    "invoice_id": item["invoice_id"],
                    "customer_id": item["customer_id"],
                    "currency": item["currency"],
                    "due_day": item["due_day"],
                    "from_day": min(bearing),
                    "to_day": max(bearing),
                    "days": len(bearing),
                    "interest_minor": half_away(total) if has_rate else NO_MINOR,
                }
            )
    return rows


def _bearing(item: Row, applied: list[Row], day: int) -> int:
    """What bears interest on the day: what neither came in nor was written off before it."""
    before = [row for row in applied if row["paid_day"] < day]
    came_in = sum(row["amount_minor"] for row in before if row["step"] not in ("write_off", "write_off_reversed"))
    written_off = sum(row["amount_minor"] for row in before if row["step"] == "write_off")
    return max(int(item["amount_minor"]) - came_in - written_off, 0)


def _rate(item: Row, tables: Tables, day: int) -> Fraction | None:
    """The contract's, else the latest of the currency; one of a thousand percent, or finer than 10**−11, is none."""
    (invoice,) = (row for row in tables["invoices"] if row["invoice_id"] == item["invoice_id"])
    for contract in tables.get("contracts", []):
        if invoice["contract_id"] and contract["contract_id"] == invoice["contract_id"] and contract["late_rate_scale"] >= 0:
            return _usable(contract["late_rate_digits"], contract["late_rate_scale"])
    known = [
        row for row in tables.get("interest_rates", []) if row["currency"] == item["currency"] and row["from_day"] <= day
    ]
    if not known:
        return None
    latest = max(known, key=lambda row: int(row["from_day"]))
    return _usable(latest["annual_rate_digits"], latest["annual_rate_scale"])


def _usable(digits: int, scale: int) -> Fraction | None:
    rate = Fraction(digits, 10**scale)
    return rate if rate < 10 and scale <= 11 else None


def _charged_to(item: Row, tables: Tables, now: Position) -> int:
    """The last day that an interest note charged."""
    of_customer = {row["invoice_id"] for row in now.documents if row["customer_id"] == item["customer_id"]}
    last = item["due_day"]
    for note in now.documents:
        if note["kind"] != "interest_note" or note["customer_id"] != item["customer_id"]:
            continue
        (typed,) = (row for row in tables["invoices"] if row["invoice_id"] == note["invoice_id"])
        charged_to = typed["charged_to_day"] if is_filled(typed["charged_to_day"]) else note["invoice_day"]
        named = typed["related_invoice_id"]
        if named == item["invoice_id"] or (named not in of_customer and note["currency"] == item["currency"]):
            last = max(last, charged_to)
    return int(last)
