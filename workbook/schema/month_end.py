"""What a month end is checked against, and what it leaves behind: the control account, confirmations, bridge, locks."""

from __future__ import annotations

from functions.bridge import SCOPES
from functions.reconciliation import REASONS
from workbook.schema.columns import addin_table, column, currency, customer_id, customer_name, user_table
from workbook.table import Kind, Words

COMPARISONS = ("control_account", "bank", "confirmation")

CONTROL_ACCOUNT = user_table(
    "ControlAccount", Words("Control account", "总账应收"),
    Words("What the general ledger says is owed, month by month.", "总账应收账款各期期末余额。"),
    column(
        "period", Kind.ID, "Period", "期间",
        "The month, such as 2024-10; or its last day.", "月份，如 2024-10，或该期最后一日。", is_required=True,
    ),
    currency(),
    column(
        "balance", Kind.MONEY, "Balance", "余额",
        "The balance at the end of the period, as the general ledger has it.", "总账该期期末余额。", is_required=True,
    ),
    key=("period", "currency"),
)  # fmt: skip

CONFIRMATIONS = user_table(
    "Confirmations", Words("Confirmations", "往来函证"),
    Words("What customers say that they owe.", "客户回函所确认的余额。"),
    customer_id(),
    column("as_of", Kind.DATE, "As of", "截至日", "The day of the balance.", "余额的截止日。", is_required=True),
    currency(),
    column(
        "stated_balance", Kind.MONEY, "Stated balance", "回函余额",
        "What the customer says; blank until the reply.", "客户回函金额，回函前留空。",
    ),
    column("replied_on", Kind.DATE, "Replied on", "回函日期", "The day of the reply.", "回函日期。"),
    column("remarks", Kind.TEXT, "Remarks of the customer", "客户说明", "What the customer wrote.", "客户回函所写说明。"),
    key=("customer_id", "as_of", "currency"),
)  # fmt: skip

RECONCILIATION = addin_table(
    "Reconciliation", Words("Reconciliation", "对账差异"),
    Words("Our balances beside those of others, and rows behind a difference.", "账面与外部余额对照，及差异的可能来源。"),
    column("comparison", Kind.CHOICE, "Compared with", "对照项", choices=COMPARISONS),
    customer_id(is_required=False),
    currency(),
    column("to_date", Kind.DATE, "As of", "截至日"),
    column("ours", Kind.MONEY, "Ours", "账面"),
    column("theirs", Kind.MONEY, "Theirs", "对方"),
    column("difference", Kind.MONEY, "Difference", "差异"),
    column("reference_id", Kind.ID, "Likely row", "可能来源"),
    column("reason", Kind.CHOICE, "Likely because", "可能原因", choices=REASONS),
    column("row_date", Kind.DATE, "Date of the row", "单据日期"),
    column("amount", Kind.MONEY, "Amount of the row", "单据金额"),
    key=("comparison", "customer_id", "currency", "to_date", "reference_id"),
)  # fmt: skip

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
