"""What a month end is checked against, and what it leaves behind: the control account, confirmations, bridge, locks."""

from __future__ import annotations

from functions.bridge import SCOPES
from workbook.schema.columns import addin_table, column, currency, customer_id, customer_name
from workbook.table import Kind, Words

BRIDGE = addin_table(
    "Bridge", Words("Bridge", "余额变动表"),
    Words(
        "From one balance to a later one: each amount adds with its sign, by customer, in total and in base currency.",
        "从期初余额到期末余额：各栏按正负号相加，按客户、合计及本位币列示。",
    ),
    column("scope", Kind.CHOICE, "Scope", "口径", choices=SCOPES),
    customer_id(is_required=False),
    customer_name(),
    currency(),
    column("from_date", Kind.DATE, "From date", "起始日期"),
    column("to_date", Kind.DATE, "To date", "截止日期"),
    column("opening", Kind.MONEY, "Opening", "期初余额"),
    column("invoiced", Kind.MONEY, "Invoiced", "本期开票"),
    column("receipts", Kind.MONEY, "Receipts", "本期收款"),
    column("credits", Kind.MONEY, "Credits", "贷项"),
    column("discounts", Kind.MONEY, "Discounts", "现金折扣"),
    column("write_offs", Kind.MONEY, "Write-offs", "核销"),
    column("recoveries", Kind.MONEY, "Recoveries", "核销后收回"),
    column("refunds", Kind.MONEY, "Refunds", "退款"),
    column("reversals", Kind.MONEY, "Reversals", "退票冲销"),
    column("back_dated", Kind.MONEY, "Back-dated behind the lock", "锁定后补记"),
    column("rate_difference", Kind.MONEY, "Rate difference", "汇率差额"),
    column("closing", Kind.MONEY, "Closing", "期末余额"),
    key=("scope", "customer_id", "currency"),
)  # fmt: skip

PERIODS = addin_table(
    "Periods", Words("Periods", "锁定期间"),
    Words(
        "Every lock of a period: its totals, the hash of its rows, and the copy that was kept.",
        "期间锁定记录：合计、数据行校验值及所留副本。",
    ),
    column("lock_id", Kind.ID, "Lock ID", "锁定编号", is_required=True),
    column("period", Kind.ID, "Period", "期间", is_required=True),
    column("from_date", Kind.DATE, "From date", "起始日期"),
    column("to_date", Kind.DATE, "To date", "截止日期", is_required=True),
    column("locked_on", Kind.DATE, "Locked on", "锁定日期", is_required=True),
    column("locked_by", Kind.TEXT, "Locked by", "锁定人"),
    column("totals", Kind.TEXT, "Totals", "合计"),
    column("row_count", Kind.INTEGER, "Rows", "行数"),
    column("rows_hash", Kind.TEXT, "Hash of the rows", "数据行校验值"),
    column("copy", Kind.TEXT, "Locked copy", "锁定副本"),
    column("copy_hash", Kind.TEXT, "Hash of the copy", "副本校验值"),
    column("log_hash", Kind.TEXT, "Hash of the run log", "运行日志校验值"),
    column("unlocked_on", Kind.DATE, "Unlocked on", "解锁日期"),
    column("unlocked_by", Kind.TEXT, "Unlocked by", "解锁人"),
    column("unlock_reason", Kind.TEXT, "Reason to unlock", "解锁原因"),
    column("unlock_approved_by", Kind.TEXT, "Unlock approved by", "解锁审批人"),
    key=("lock_id",), is_log=True,
)  # fmt: skip
