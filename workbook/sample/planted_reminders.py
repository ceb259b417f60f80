"""Stories that end with a reminder held back: one customer for each reason (RULES §8)."""

from __future__ import annotations

from workbook.sample.credit_lines import amount_text
from workbook.sample.records import Activity, Dispute, LegalCase, Part, Plan, Receipt
from workbook.sample.stage import Stage


def plant_held_reminders(stage: Stage) -> None:
    """One customer for each reason to hold; ``not_yet`` and ``waiting`` come about of themselves, and here as well."""
    _half_typed_receipt(stage)
    _legal_case(stage)
    _do_not_remind(stage)
    _disputes(stage)
    _live_promise(stage)
    _broken_promises(stage)
    _repayment_plan(stage)
    _end_of_ladder(stage)
    _deposit_covers(stage)
    _a_few_coins_left(stage)
    _reminded_the_other_day(stage)
    _no_way_to_reach(stage)


def _half_typed_receipt(stage: Stage) -> None:
    """Staff began to type a receipt, without date and amount yet: it may pay what is overdue."""
    customer = stage.customer(notes="财务正在核对到账 receipt being checked with the bank")
    late = stage.invoice(customer, 73_450, overdue=16)
    stage.remind(late, 2, 8)
    stage.invoice(customer, 41_200, overdue=-12)
    draft = Receipt(customer, "receipt", None, customer.currency, None, remittance=(late,), notes="待查 to be confirmed")
    stage.journal.receipts.append(draft)


def _legal_case(stage: Stage) -> None:
    """Sued; one invoice was written off, the other is still claimed."""
    customer = stage.customer(limit=0, is_on_hold=True, plays_since=320, notes="已起诉 sued")
    claimed = stage.invoice(customer, 186_400, overdue=230)
    lost = stage.invoice(customer, 52_300, overdue=270)
    stage.remind(claimed, 3, 10, 20, 34, 62, 95)
    stage.remind(lost, 5, 12, 22, 36, 64, 97)
    stage.journal.write_off(lost, stage.journal.ago(45), lost.amount, "bad_debt")
    before = amount_text(stage.yuan(500_000, customer), customer.currency)
    stage.journal.change(
        customer, stage.journal.ago(130), "credit_limit", before, amount_text(0, customer.currency), "拖欠货款 long overdue"
    )
    stage.journal.legal_cases.append(
        LegalCase(
            customer, stage.journal.ago(75), "一审 first instance", "衡野律师事务所 Hengye Law Office",
            stage.yuan(12_000, customer), next_date=stage.journal.ago(-24),
        )
    )  # fmt: skip


def _do_not_remind(stage: Stage) -> None:
    """A key account that only the sales director talks to; no limit."""
    customer = stage.customer(limit=None, do_not_remind=True, notes="销售总监负责，勿催 handled by the sales director")
    stage.invoice(customer, 318_000, overdue=13)
    stage.invoice(customer, 264_500, overdue=-19)


def _disputes(stage: Stage) -> None:
    """One dispute with a date, one without, and one that was settled with a credit note and a concession."""
    customer = stage.customer()
    journal = stage.journal
    short = stage.invoice(customer, 86_400, overdue=45, dispute=Dispute("短少 short delivery", journal.ago(61)))
    journal.activities.append(
        Activity(customer, journal.ago(61), "phone", "disputed", short, notes="两箱未到 two crates did not arrive")
    )
    stage.invoice(customer, 23_800, overdue=20, dispute=Dispute("质量问题 quality claim", None))
    was_disputed = Dispute("价格不符 price differs from the order", journal.ago(88), journal.ago(51))
    settled = stage.invoice(customer, 64_000, overdue=72, dispute=was_disputed)
    journal.issue(
        customer, journal.ago(52), stage.yuan(7_200, customer), kind="credit_note", related=settled, notes="价差 price"
    )
    journal.write_off(settled, journal.ago(50), stage.yuan(800, customer), "concession")
    stage.pay(44, settled)
    stage.invoice(customer, 51_900, overdue=-9)


def _live_promise(stage: Stage) -> None:
    """Kept its word once, and has promised again."""
    customer = stage.customer()
    journal = stage.journal
    kept = stage.invoice(customer, 57_600, overdue=78)
    stage.remind(kept, 2, 9)
    journal.promise(kept, journal.ago(66), journal.ago(58), notes="承诺月底前付清 will pay by month end")
    stage.pay(59, kept)
    late = stage.invoice(customer, 92_750, overdue=25)
    stage.remind(late, 3, 10, 17)
    half = stage.yuan(46_000, customer)
    journal.promise(late, journal.ago(4), journal.ago(-6), half, notes="承诺下周付一半 will pay half next week")
    stage.invoice(customer, 48_100, overdue=-4)


def _broken_promises(stage: Stage) -> None:
    """Three promises broken: the fourth does not hold, and the next level goes out."""
    customer = stage.customer(plays_since=200)
    journal = stage.journal
    sold = ((71_300, 97), (66_900, 84), (80_250, 69))
    invoices = [stage.invoice(customer, yuan, overdue=overdue) for yuan, overdue in sold]
    stage.remind(invoices[0], 3, 10, 17, 32, 62)
    stage.remind(invoices[1], 4, 19, 49)
    stage.remind(invoices[2], 4, 34)
    for invoice, said, until in zip(invoices, (82, 64, 46), (75, 57, 39), strict=True):
        journal.promise(invoice, journal.ago(said), journal.ago(until), notes="口头承诺 said on the phone")
    journal.promise(invoices[0], journal.ago(5), journal.ago(-7), notes="再次承诺 promised once more")


def _repayment_plan(stage: Stage) -> None:
    """A plan that is kept, in six monthly parts; another was cancelled when its first part did not come."""
    customer = stage.customer(plays_since=220, notes="执行还款计划 on a repayment plan")
    journal = stage.journal
    planned = stage.invoice(customer, 260_000, overdue=152)
    stage.remind(planned, 3, 10, 20, 34, 62)
    part = stage.yuan(40_000, customer)
    dues = (33, 3, -27, -57, -87, -118)
    journal.plans.append(
        Plan(planned, journal.ago(64), tuple(Part(journal.ago(days), part, f"{n}") for n, days in enumerate(dues, 1)))
    )
    stage.pay_part(62, planned, planned.amount - 6 * part, notes="首付 down payment")
    stage.pay_part(34, planned, part)
    stage.pay_part(3, planned, part)
    cancelled = stage.invoice(customer, 38_500, overdue=41)
    stage.remind(cancelled, 2, 9)
    half = cancelled.amount // 2
    journal.plans.append(
        Plan(
            cancelled, journal.ago(31), (Part(journal.ago(15), half), Part(journal.ago(-15), cancelled.amount - half)),
            cancelled_on=journal.ago(10),
        )
    )  # fmt: skip


def _end_of_ladder(stage: Stage) -> None:
    """Reminded at every level without an answer; deliveries are stopped."""
    customer = stage.customer(limit=300_000, is_on_hold=True, plays_since=260, notes="停止发货 deliveries stopped")
    journal = stage.journal
    late = stage.invoice(customer, 128_900, overdue=141)
    stage.remind_at_every_level(late)
    for days, outcome in ((120, "no_answer"), (101, "reached"), (48, "refused")):
        journal.activities.append(Activity(customer, journal.ago(days), "phone", outcome, late))
    journal.change(customer, journal.ago(47), "is_on_hold", "no", "yes", "拒绝付款 refuses to pay")


def _deposit_covers(stage: Stage) -> None:
    """A deposit for the next order is on the account, and it is more than what is overdue."""
    customer = stage.customer()
    stage.invoice(customer, 62_300, overdue=8)
    stage.journal.receive(
        customer, stage.journal.ago(21), stage.yuan(150_000, customer), is_held=True, notes="预付款 deposit for next order"
    )


def _a_few_coins_left(stage: Stage) -> None:
    """Paid but for a few coins, which are worth no reminder."""
    customer = stage.customer()
    nearly_paid = stage.invoice(customer, 48_012.30, overdue=11)
    coins = max(1, min(stage.yuan(2.30, customer), stage.dunning[0].min_amount_minor // 2))
    stage.pay_part(12, nearly_paid, nearly_paid.amount - coins)
    stage.invoice(customer, 45_700, overdue=-22)


def _reminded_the_other_day(stage: Stage) -> None:
    """Two days ago a reminder went out; another invoice has fallen due since."""
    customer = stage.customer()
    late = stage.invoice(customer, 99_800, overdue=18)
    stage.remind(late, 2, 8, 16)
    stage.invoice(customer, 35_600, overdue=3)


def _no_way_to_reach(stage: Stage) -> None:
    """Neither e-mail nor telephone nor address."""
    customer = stage.customer(
        has_email=False, has_phone=False, has_address=False, notes="联系方式待补 contact details missing"
    )
    stage.invoice(customer, 29_400, overdue=9)
