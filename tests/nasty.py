"""One small nasty ledger from dice.

Ids come from small pools, days lie around one day, amounts repeat: so that equal dates, overpayments, credits before their
invoices, bounced cheques that bounce again and one customer in three currencies are common rather than rare.
"""

from __future__ import annotations

from random import Random

from functions.frames import NO_DAY, NO_MINOR
from tests.dice import Dice
from tests.tables import Row, Tables, row

CURRENCIES = ("CNY", "USD", "JPY", "KWD")
_TERMS = ("NET0", "NET30", "EOM1", "EOM45", "TENTH", "MIXED", "PARTS", "QUARTERS")
_ANNUAL_RATES = (*[(1825, 4), (1, 1), (123456789, 10), (73, 3)] * 3, (0, 0), (999999999, 8), (12, 0), (1, 11))
_REASONS = ("bad_debt", "concession", "small_difference")
_RATES = ((725, 2), (5, 2), (612, 7), (1, 0), (123456789, 8), (7, 0), (2350001, 5))


def nasty_ledger(random: Random, as_of: int, prefix: str = "") -> Tables:
    """Up to three customers, nine documents, seven receipts and what belongs to them. Every id begins with the prefix."""
    dice = Dice(random, as_of)
    customers = _customers(dice, prefix)
    known = [each["customer_id"] for each in customers]
    accounts = [(dice.pick(known), currency) for currency in dice.some(CURRENCIES, 1, 3)]
    invoices = _invoices(dice, prefix, accounts)
    receipts = _receipts(dice, prefix, accounts, invoices)
    _charge_interest(Dice(Random(f"{prefix}{len(invoices)}{len(receipts)}"), as_of), invoices)
    plans = _plans(dice, prefix, invoices)
    allocations = _allocations(dice, prefix, invoices, receipts)
    return {
        "customers": customers,
        "contracts": [
            row("contracts", f"{prefix}K1", customer_id=known[0], payment_terms="EOM45"),
            row("contracts", f"{prefix}K2", customer_id=known[0], late_rate_digits=len(receipts) * 7, late_rate_scale=2),
        ],
        "invoices": invoices,
        "receipts": receipts,
        "allocations": allocations,
        "write_offs": _write_offs(dice, prefix, invoices, allocations),
        "repayment_plans": plans,
        "orders": _orders(dice, prefix, accounts),
        "activities": _activities(dice, prefix, known, invoices),
        "reminder_log": _reminder_log(dice, prefix, invoices, plans),
        "legal_cases": [
            row("legal_cases", customer_id=each, opened_day=dice.day(), closed_day=dice.day_or_blank(50))
            for each in known
            if dice.chance(5)
        ],
        "left_out_receipts": [row("left_out_receipts", customer_id=each) for each in known if dice.chance(3)],
    }


def _customers(dice: Dice, prefix: str) -> list[Row]:
    ids = [f"{prefix}C{number}" for number in range(1, dice.number(1, 3) + 1)]
    return [
        row(
            "customers",
            customer_id,
            group_id=dice.pick([*ids, f"{prefix}C8"]) if dice.chance(35) else "",
            email="a@example.com" if dice.chance(85) else "",
            phone="1" if dice.chance(70) else "",
            address="Road 1" if dice.chance(85) else "",
            channel=dice.pick(["sms", "phone", "lawyer", "letter"]) if dice.chance(30) else "",
            payment_terms=dice.pick(["NET30"] * 6 + ["PARTS"] * 4 + ["", "GONE"]),
            currency=dice.pick(["CNY", "CNY", "USD", "JPY"]),
            credit_limit_minor=dice.pick([NO_MINOR, 0, 100_00, 200_00, dice.amount()]),
            limit_expires_day=dice.day_or_blank(20),
            guarantee_minor=dice.amount() if dice.chance(30) else 0,
            is_on_hold=dice.chance(7),
            do_not_remind=dice.chance(5),
            is_legal=dice.chance(4),
        )
        for customer_id in ids
    ]


def _invoices(dice: Dice, prefix: str, accounts: list[tuple[str, str]]) -> list[Row]:
    rows: list[Row] = []
    for invoice_id in dice.some([f"{prefix}I{number}" for number in range(1, 10)], 2, 9):
        customer_id, currency = dice.pick(accounts)
        customer_id = customer_id if dice.chance(97) else f"{prefix}C9"
        kind = dice.pick(["", "invoice", "invoice", "debit_note", "interest_note", "credit_note", "credit_note", ""])
        amount, related = dice.amount(), ""
        sign = 1 if dice.chance(97) else -1
        if kind == "credit_note" or (kind == "" and dice.chance(30)):
            sign = -1 if kind == "" else dice.pick([1, -1])
            if rows and dice.chance(60):
                linked = dice.pick(rows)
                related = linked["invoice_id"] if dice.chance(95) else f"{prefix}I99"
                if dice.chance(85):
                    customer_id, currency = linked["customer_id"], linked["currency"]
                amount = dice.amount_near(abs(linked["amount_minor"]))
        opening = dice.pick([amount // 3, amount, 1]) if dice.chance(15) else 0
        rows.append(
            row(
                "invoices",
                invoice_id,
                customer_id=customer_id,
                currency=currency,
                kind=kind,
                amount_minor=sign * amount,
                contract_id=prefix + dice.pick(["K1", "K2", "K9"]) if dice.chance(25) else "",
                order_id=prefix + dice.pick(["O1", "O2", "O9"]) if dice.chance(35) else "",
                invoice_day=dice.day(),
                baseline_day=dice.day_or_blank(20),
                payment_terms=dice.pick(_TERMS) if dice.chance(70) else "" if dice.chance(95) else "GONE",
                due_day=dice.day_or_blank(35),
                related_invoice_id=related,
                opening_settled_minor=opening if dice.chance(97) else dice.pick([-1, amount + 1]),
                is_disputed=dice.chance(15),
                disputed_day=dice.day_or_blank(20),
                dispute_closed_day=dice.day_or_blank(15),
            )
        )
    return rows


def _charge_interest(dice: Dice, invoices: list[Row]) -> None:
    """Interest notes say up to which day they charge, some of them on an invoice."""
    for note in invoices:
        if note["kind"] == "interest_note":
            note["charged_to_day"] = dice.day_or_blank(80)
            if dice.chance(60):
                note["related_invoice_id"] = dice.pick(invoices)["invoice_id"]


def _receipts(dice: Dice, prefix: str, accounts: list[tuple[str, str]], invoices: list[Row]) -> list[Row]:
    rows: list[Row] = []
    ids = [f"{prefix}R{number}" for number in range(1, 8)]
    if dice.chance(5):
        # A receipt may have the id of a document.
        ids[0] = invoices[0]["invoice_id"]
    for receipt_id in dice.some(ids, 1, 7):
        kind = dice.pick(["receipt", "receipt", "receipt", "", "reversal", "refund"])
        customer_id, currency = dice.pick(accounts)
        amount, related = dice.amount(), ""
        if kind in ("reversal", "refund"):
            credits = [each for each in invoices if each["kind"] == "credit_note" or each["amount_minor"] < 0]
            named = dice.pick(rows if rows and (kind == "reversal" or not credits or dice.chance(60)) else credits or [{}])
            if named and dice.chance(93):
                # A reversal of a reversal names what that one named, or the reversal itself.
                again = named.get("kind") == "reversal" and dice.chance(60)
                related = named["related_id"] if again else named.get("receipt_id") or named["invoice_id"]
                if dice.chance(90):
                    customer_id, currency = named["customer_id"], named["currency"]
                whole = abs(named["amount_minor"])
                amount = dice.amount_near(whole) if kind == "refund" or dice.chance(10) else whole
        rows.append(
            row(
                "receipts",
                receipt_id,
                customer_id=customer_id if dice.chance(97) else f"{prefix}C9",
                currency=currency,
                kind=kind,
                related_id=related,
                receipt_day=dice.day(),
                amount_minor=amount,
                is_held=dice.chance(12),
                method=dice.pick(["bank_transfer", "commercial_bill", "bank_bill"]),
                matures_day=dice.day_or_blank(60),
            )
        )
    return rows


def _owing(invoices: list[Row]) -> list[Row]:
    return [each for each in invoices if each["kind"] != "credit_note" and each["amount_minor"] > 0]


def _allocations(dice: Dice, prefix: str, invoices: list[Row], receipts: list[Row]) -> list[Row]:
    """From receipts and from documents; most between two of one customer and currency."""
    sources = (
        [(each["receipt_id"], each) for each in receipts if each["kind"] in ("receipt", "")] * 3
        + [(each["invoice_id"], each) for each in invoices if each["kind"] == "credit_note" or each["amount_minor"] < 0]
        + [(each["receipt_id"], each) for each in receipts if each["kind"] == "refund"]
    )
    rows: list[Row] = []
    for allocation_id in dice.some([f"{prefix}A{number}" for number in range(1, 8)], 0, 7) if sources else []:
        source_id, source = dice.pick(sources)
        account = source["customer_id"], source["currency"]
        owing = [each for each in _owing(invoices) if (each["customer_id"], each["currency"]) == account]
        invoice = dice.pick(owing if owing and dice.chance(94) else invoices)
        amount = dice.amount_near(min(abs(source["amount_minor"]), abs(invoice["amount_minor"])) // dice.pick([1, 1, 2]))
        rows.append(
            row(
                "allocations",
                allocation_id,
                receipt_id=source_id if dice.chance(97) else f"{prefix}R99",
                invoice_id=invoice["invoice_id"] if dice.chance(97) else f"{prefix}I99",
                amount_minor=amount,
                discount_minor=dice.pick([1, 2, 10_00, amount // 50]) if dice.chance(25) else 0,
                allocated_day=dice.day_or_blank(50),
            )
        )
    return rows


def _write_offs(dice: Dice, prefix: str, invoices: list[Row], allocations: list[Row]) -> list[Row]:
    """Often of an invoice that something is allocated to: what comes later is a recovery."""
    allocated = {each["invoice_id"] for each in allocations}
    owing = _owing(invoices) or invoices
    likely = [each for each in owing if each["invoice_id"] in allocated] or owing
    rows: list[Row] = []
    for write_off_id in dice.some([f"{prefix}W{number}" for number in range(1, 5)], 0, 4):
        invoice = dice.pick(likely if dice.chance(70) else owing if dice.chance(94) else invoices)
        rows.append(
            row(
                "write_offs",
                write_off_id,
                invoice_id=invoice["invoice_id"] if dice.chance(97) else f"{prefix}I99",
                amount_minor=dice.amount_near(abs(invoice["amount_minor"]) // dice.pick([1, 2, 4])),
                written_off_day=dice.as_of - dice.number(30, 130) if dice.chance(60) else dice.day(),
                reason=_REASONS[int(write_off_id[-1]) % len(_REASONS)],
            )
        )
    return rows


def _plans(dice: Dice, prefix: str, invoices: list[Row]) -> list[Row]:
    """Plans of one to three parts, over one invoice or several. Most are agreed and cancelled whole."""
    pairs: set[tuple[str, str]] = set()
    rows: list[Row] = []
    for _ in range(dice.pick([0, 0, 1, 2, 3])):
        plan_id = prefix + dice.pick(["P1", "P2", "P3"])
        invoice = dice.pick(_owing(invoices) or invoices) if dice.chance(94) else dice.pick(invoices)
        invoice_id = invoice["invoice_id"] if dice.chance(95) else f"{prefix}I99"
        if (plan_id, invoice_id) in pairs:
            continue
        pairs.add((plan_id, invoice_id))
        agreed, cancelled, is_whole = dice.day(), dice.day_or_blank(25), dice.chance(85)
        whole = abs(invoice["amount_minor"])
        for due in {dice.as_of + dice.number(-60, 60) for _ in range(dice.number(1, 3))}:
            amount = max(dice.pick([whole // 3, whole // 4, 1, whole, whole // 2]), 1)
            rows.append(
                row(
                    "repayment_plans",
                    plan_id,
                    invoice_id=invoice_id,
                    due_day=due,
                    amount_minor=amount,
                    agreed_day=agreed if is_whole else dice.day(),
                    cancelled_day=cancelled if is_whole else dice.day_or_blank(50),
                )
            )
    return rows


def _orders(dice: Dice, prefix: str, accounts: list[tuple[str, str]]) -> list[Row]:
    rows: list[Row] = []
    for order_id in dice.some([f"{prefix}O1", f"{prefix}O2", f"{prefix}O3"], 0, 3):
        customer_id, currency = dice.pick(accounts)
        rows.append(
            row(
                "orders",
                order_id,
                customer_id=customer_id if dice.chance(95) else f"{prefix}C9",
                currency=currency,
                order_day=dice.day(),
                amount_minor=dice.amount(),
                closed_day=dice.day_or_blank(20),
            )
        )
    return rows


def _activities(dice: Dice, prefix: str, known: list[str], invoices: list[Row]) -> list[Row]:
    """Promises for an invoice of the customer's own, or for all that is overdue; and other contacts."""
    own = [each for each in invoices if each["customer_id"] in known]
    rows: list[Row] = []
    for activity_id in dice.some([f"{prefix}V{number}" for number in range(1, 6)], 0, 5):
        customer_id, invoice_id, amount = dice.pick(known), "", dice.amount()
        if own and dice.chance(60):
            invoice = dice.pick(own)
            invoice_id = invoice["invoice_id"]
            # Now and then somebody promises for an invoice that is not theirs.
            customer_id = invoice["customer_id"] if dice.chance(95) else customer_id
            amount = dice.amount_near(abs(invoice["amount_minor"]))
        made_on = dice.day()
        rows.append(
            row(
                "activities",
                activity_id,
                customer_id=customer_id,
                invoice_id=invoice_id,
                activity_day=made_on,
                outcome=dice.pick(["promised", "promised", "promised", "", "refused"]),
                promise_day=made_on + dice.number(0, 30) if dice.chance(85) else NO_DAY,
                promise_minor=dice.pick([NO_MINOR, amount]),
            )
        )
    return rows


def _reminder_log(dice: Dice, prefix: str, invoices: list[Row], plans: list[Row]) -> list[Row]:
    items = [(each, f"{each['invoice_id']}{part}") for each in invoices for part in ("", "", "#1", "#2")]
    items += [(invoices[0], f"{each['invoice_id']}#{each['plan_id']}#1") for each in plans]
    return [
        row(
            "reminder_log",
            message_id=f"{prefix}M{number}",
            sent_day=dice.day(),
            customer_id=invoice["customer_id"],
            currency=invoice["currency"],
            item_id=item_id,
            level=dice.number(1, 9) if dice.chance(50) else dice.number(1, 5),
        )
        for number, (invoice, item_id) in enumerate(dice.some(items, 0, min(6, len(items))))
    ]


def exchange_rates(random: Random, as_of: int) -> list[Row]:
    """No rate, one, or several for each currency, some of them of a later day."""
    dice = Dice(random, as_of)
    rows: list[Row] = []
    for currency in CURRENCIES:
        for rate_day in dice.some([as_of, as_of - 1, as_of - 40, as_of + 1], 1, 3) if dice.chance(90) else []:
            digits, scale = dice.pick(_RATES)
            rows.append(row("exchange_rates", currency=currency, rate_day=rate_day, rate_digits=digits, rate_scale=scale))
    return rows


def interest_rates(random: Random, as_of: int) -> list[Row]:
    """No rate, or several for a currency: one of a later day, one of no use, one of zero among them."""
    dice = Dice(random, as_of)
    rows: list[Row] = []
    days = (as_of + 1, as_of - 3, as_of - 20, as_of - 70, as_of - 400, as_of - 401)
    for currency in CURRENCIES:
        for from_day in dice.some(days, 3, 6) if dice.chance(85) else []:
            digits, scale = dice.pick(_ANNUAL_RATES)
            usual = {"annual_rate_digits": digits, "annual_rate_scale": scale}
            rows.append(row("interest_rates", currency=currency, from_day=from_day, **usual))
    return rows
