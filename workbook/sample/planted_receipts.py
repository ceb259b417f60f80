"""Stories about money that comes in: bounced, refunded, in bills, less discount or bank charges, in two currencies."""

from __future__ import annotations

import datetime as dt

from workbook.sample.stage import Stage


def plant_receipts(stage: Stage) -> None:
    """Every kind of receipt (RULES §3), and the slips of the keyboard that a check finds."""
    _cheque_bounced(stage)
    _bills(stage)
    _paid_twice(stage)
    _two_currencies(stage)
    _discount_and_instalments(stage)
    _slips(stage)


def _cheque_bounced(stage: Stage) -> None:
    """The bank returned a cheque; half was paid by transfer since."""
    customer = stage.customer()
    bounced = stage.invoice(customer, 84_600, overdue=38)
    cheque = stage.pay(36, bounced, method="cheque")
    stage.journal.bounce(cheque, stage.journal.ago(31), "退票：存款不足 cheque returned, insufficient funds")
    stage.remind(bounced, 9, 16)
    stage.pay_part(12, bounced, bounced.amount // 2)
    stage.invoice(customer, 39_900, overdue=-20)


def _bills(stage: Stage) -> None:
    """Pays in acceptance drafts; on one commercial bill nobody entered the day on which it matures."""
    customer = stage.customer()
    journal = stage.journal
    for overdue, yuan, method, paid, matures in (
        (100, 120_000, "bank_bill", 98, -82),
        (70, 95_400, "commercial_bill", 66, -24),
        (40, 61_700, "commercial_bill", 37, None),
    ):
        invoice = stage.invoice(customer, yuan, overdue=overdue)
        matures_on = None if matures is None else journal.ago(matures)
        journal.receive(
            customer, journal.ago(paid), invoice.amount, pays={invoice: invoice.amount}, method=method, matures_on=matures_on
        )
    stage.invoice(customer, 73_800, overdue=-2)


def _paid_twice(stage: Stage) -> None:
    """One invoice was paid twice and the second payment sent back; a debit note, interest, and a rebate on account."""
    customer = stage.customer()
    journal = stage.journal
    invoice = stage.invoice(customer, 43_250, overdue=50)
    stage.pay(47, invoice)
    second = journal.receive(customer, journal.ago(45), invoice.amount, notes="重复付款 paid a second time")
    journal.refund(second, journal.ago(39), invoice.amount, "重复付款退回 second payment sent back")
    rebate = journal.issue(
        customer, journal.ago(66), stage.yuan(2_900, customer), kind="credit_note", notes="季度返利 quarterly rebate"
    )
    reduced = stage.invoice(customer, 27_950, overdue=28)
    journal.apply_credit(rebate, reduced, journal.ago(55), rebate.amount)
    stage.pay(26, reduced)
    freight = stage.invoice(customer, 1_380, overdue=33, kind="debit_note", notes="运费补收 freight charged afterwards")
    stage.pay(30, freight)
    stage.invoice(
        customer, 612.50, overdue=-12, kind="interest_note", charged_to=journal.ago(50), notes="逾期利息 late interest"
    )
    journal.issue(customer, journal.ago(15), stage.yuan(6_500, customer), kind="credit_note", notes="年度返利 yearly rebate")


def _two_currencies(stage: Stage) -> None:
    """Buys in its own currency, less what its bank keeps, and spare parts in ours: a message in each."""
    customer = stage.customer(is_abroad=True, limit=2_000_000)
    journal = stage.journal
    short = stage.invoice(customer, 216_000, overdue=62)
    charge = stage.yuan(180, customer)
    stage.pay_part(60, short, short.amount - charge)
    journal.write_off(short, journal.ago(41), charge, "bank_charge")
    late = stage.invoice(customer, 158_400, overdue=19)
    stage.remind(late, 2, 10)
    journal.issue(customer, journal.ago(38), journal.moneys.minor(27_600), currency=journal.moneys.base)
    stage.invoice(customer, 187_200, overdue=-14)


def _discount_and_instalments(stage: Stage) -> None:
    """Takes its 2 %, once came short by some cents, and pays for a machine in three parts."""
    customer = stage.customer(terms="2/10NET30", limit=800_000)
    journal = stage.journal
    for days, yuan in ((85, 56_000), (55, 61_400), (25, 58_750)):
        invoice = journal.issue(customer, journal.ago(days), stage.yuan(yuan, customer))
        discount = round(invoice.amount * 0.02)
        journal.receive(
            customer, journal.ago(days - 8), invoice.amount - discount, pays={invoice: invoice.amount - discount},
            discounts={invoice: discount},
        )  # fmt: skip
    short = journal.issue(customer, journal.ago(70), stage.yuan(33_000.45, customer))
    cents = max(1, stage.yuan(0.45, customer))
    stage.pay_part(44, short, short.amount - cents)
    journal.write_off(short, journal.ago(40), cents, "small_difference")
    machine = journal.issue(
        customer, journal.ago(57), stage.yuan(240_000, customer), terms="INST3", notes="设备分期 machine in three parts"
    )
    stage.pay_part(24, machine, machine.parts[0].amount)
    taken_over = journal.issue(
        customer, journal.starts_on - dt.timedelta(days=20), stage.yuan(92_000, customer),
        opening_settled=stage.yuan(40_000, customer), notes="期初未清 open when the ledger began",
    )  # fmt: skip
    journal.pay_off(journal.starts_on + dt.timedelta(days=15), taken_over)


def _slips(stage: Stage) -> None:
    """Known by a number: once the cell holds it as a number; and one receipt was pasted twice."""
    customer = stage.customer(code="60017")
    typed = stage.invoice(customer, 47_300, overdue=-7)
    stage.journal.typed_as_number.add(typed)
    paid = stage.invoice(customer, 38_200, overdue=22)
    stage.journal.pasted_twice.add(stage.pay(20, paid))
