"""Stories about credit: a group, limits breached, expired, unlimited or nil, money written off that came back."""

from __future__ import annotations

from workbook.sample.credit_lines import amount_text
from workbook.sample.records import Order
from workbook.sample.stage import Stage


def plant_credit_cases(stage: Stage) -> None:
    """Each credit status (RULES §7) on a customer of its own; ``on_hold`` and ``overdue_block`` are among the reminders."""
    _group_near_its_limit(stage)
    _over_limit(stage)
    _limit_expired(stage)
    _cash_only(stage)


def _group_near_its_limit(stage: Stage) -> None:
    """A head and two members use five sixths of the head's limit and guarantee; a member's own limit does not count."""
    head = stage.customer(limit=1_200_000, guarantee=100_000, notes="集团总部 head of the group")
    first = stage.customer(limit=None, head=head)
    second = stage.customer(limit=200_000, head=head, notes="原有额度未取消 its own limit was never taken back")
    for customer, yuan, overdue in (
        (head, 182_000, -18), (head, 131_500, -3), (first, 236_400, -11), (first, 178_900, 4), (second, 205_300, -25),
        (second, 164_700, -16),
    ):  # fmt: skip
        stage.invoice(customer, yuan, overdue=overdue)


def _over_limit(stage: Stage) -> None:
    """Open invoices alone would fit; with a bill that has not matured and an open order they do not."""
    customer = stage.customer(limit=300_000)
    journal = stage.journal
    order = Order(customer, journal.ago(26), customer.currency, stage.yuan(90_000, customer))
    journal.orders.append(order)
    stage.invoice(customer, 34_000, overdue=-16, order=order)
    stage.invoice(customer, 142_600, overdue=-8)
    stage.invoice(customer, 68_200, overdue=2)
    billed = stage.invoice(customer, 54_000, overdue=9)
    journal.receive(
        customer, journal.ago(6), billed.amount, pays={billed: billed.amount}, method="commercial_bill",
        matures_on=journal.ago(-84),
    )  # fmt: skip


def _limit_expired(stage: Stage) -> None:
    """The limit ran out before the yearly review; an invoice of last month was entered late."""
    customer = stage.customer(limit=500_000, expired_days_ago=19)
    journal = stage.journal
    stage.invoice(customer, 87_300, overdue=-5)
    stage.invoice(customer, 44_150, overdue=10, entered_on=journal.ago(12), notes="补录 entered late")
    before, now = stage.yuan(350_000, customer), stage.yuan(500_000, customer)
    journal.change(
        customer, journal.ago(383), "credit_limit", amount_text(before, customer.currency),
        amount_text(now, customer.currency), "年度授信调整 yearly credit review",
    )  # fmt: skip


def _cash_only(stage: Stage) -> None:
    """Its debt was written off, then half of it came back; since then it pays in cash when the goods leave."""
    customer = stage.customer(limit=0, plays_since=400, notes="现款现货 cash only")
    journal = stage.journal
    lost = stage.invoice(customer, 76_000, overdue=310)
    stage.remind(lost, 3, 10, 20, 34, 62, 95)
    journal.write_off(lost, journal.ago(160), lost.amount, "bad_debt")
    stage.pay_part(27, lost, lost.amount // 2, notes="破产管理人分配 dividend from the insolvency")
    paid_at_once = stage.invoice(customer, 8_600, overdue=-16)
    stage.pay(14, paid_at_once, method="cash")
