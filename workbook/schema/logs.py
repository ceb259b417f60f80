"""What is remembered between runs: hidden sheets, linked from Home."""

from __future__ import annotations

from workbook.schema.columns import CHANNELS, addin_table, column
from workbook.table import Kind, Words

APPLICATION_STEPS = (
    "opening_settled", "linked_credit", "allocation", "discount", "write_off", "recovery", "write_off_reversed",
    "oldest_due_first",
)  # fmt: skip
"""How a settlement came about, in the order in which they are worked out."""

APPLICATIONS = addin_table(
    "Applications", Words("Applications", "清账明细"),
    Words("Which receipt paid which item, and when.", "哪笔收款在何时结清了哪个未清项。"),
    column("receipt_id", Kind.ID, "Receipt ID", "收款编号"),
    column("item_id", Kind.ID, "Item ID", "未清项编号"),
    column("invoice_id", Kind.ID, "Invoice ID", "发票编号"),
    column("customer_id", Kind.ID, "Customer ID", "客户编号"),
    column("currency", Kind.ID, "Currency", "币种"),
    column("amount", Kind.MONEY, "Amount", "金额"),
    column("paid_on", Kind.DATE, "Paid on", "付款日期"),
    column("step", Kind.CHOICE, "Step", "清账步骤", choices=APPLICATION_STEPS),
    key=("receipt_id", "item_id", "step", "paid_on"), is_log=True,
)  # fmt: skip

REMINDER_LOG = addin_table(
    "ReminderLog", Words("Reminder log", "催款日志"),
    Words(
        "Every reminder that was sent, item by item: it decides what is sent next.",
        "已发催款逐项留痕，据此决定下次催款。",
    ),
    column("message_id", Kind.ID, "Message ID", "催款编号", is_required=True),
    column("sent_on", Kind.DATE, "Sent on", "发送日期", is_required=True),
    column("customer_id", Kind.ID, "Customer ID", "客户编号", is_required=True),
    column("item_id", Kind.ID, "Item ID", "未清项编号", is_required=True),
    column("invoice_id", Kind.ID, "Invoice ID", "发票编号"),
    column("due_date", Kind.DATE, "Due date", "到期日"),
    column("level", Kind.INTEGER, "Level", "级别", is_required=True),
    column("channel", Kind.CHOICE, "Channel", "渠道", choices=CHANNELS),
    column("letter", Kind.ID, "Letter", "信函代码"),
    column("collector", Kind.ID, "Collector", "催收员"),
    column("currency", Kind.ID, "Currency", "币种"),
    column("amount", Kind.MONEY, "Amount", "金额"),
    key=("message_id", "item_id"), is_log=True,
)  # fmt: skip

CUSTOMER_HISTORY = addin_table(
    "CustomerHistory", Words("Customer history", "客户变更记录"),
    Words("Every change to a customer that a task made.", "各任务对客户资料所作的变更。"),
    column("customer_id", Kind.ID, "Customer ID", "客户编号", is_required=True),
    column("changed_on", Kind.DATE, "Changed on", "变更日期", is_required=True),
    column("field", Kind.ID, "Field", "字段", is_required=True),
    column("old_value", Kind.TEXT, "Old value", "旧值"),
    column("new_value", Kind.TEXT, "New value", "新值"),
    column("changed_by", Kind.TEXT, "Changed by", "变更人"),
    column("approved_by", Kind.TEXT, "Approved by", "审批人"),
    column("reason", Kind.TEXT, "Reason", "原因"),
    key=("customer_id", "changed_on", "field", "new_value"), is_log=True,
)  # fmt: skip

LAST_SEEN = addin_table(
    "LastSeen", Words("Last seen", "上次所见"),
    Words(
        "What the last run saw of customers and of your own bank details, so that what was typed since is noticed.",
        "上次运行时的客户资料与本公司收款账户信息，据此发现其后手工更改。",
    ),
    column("table", Kind.ID, "Table", "表", is_required=True),
    column("key", Kind.ID, "Key", "键", is_required=True),
    column("values", Kind.TEXT, "Values", "内容"),
    key=("table", "key"), is_log=True,
)  # fmt: skip

RUN_LOG = addin_table(
    "RunLog", Words("Run log", "运行日志"),
    Words("Every run: what was asked, what was read, whether it tied out.", "每次运行的参数、读取行数与勾稽结果。"),
    column("run_id", Kind.ID, "Run ID", "运行编号", is_required=True),
    column("ran_at", Kind.TEXT, "Ran at", "运行时间"),
    column("task", Kind.TEXT, "Task", "任务"),
    column("arguments", Kind.TEXT, "Arguments", "参数"),
    column("as_of", Kind.DATE, "As of", "截至日"),
    column("version", Kind.TEXT, "Version", "版本"),
    column("rows_read", Kind.TEXT, "Rows read", "读取行数"),
    column("rows_left_out", Kind.TEXT, "Rows left out", "未计入行数"),
    column("totals", Kind.TEXT, "Totals", "合计"),
    column("tie_out", Kind.TEXT, "Tie-out", "勾稽"),
    column("file_hashes", Kind.TEXT, "File hashes", "文件校验值"),
    column("changed_parts", Kind.TEXT, "Changed parts", "改动部件"),
    column("cells_written", Kind.TEXT, "Cells written", "写入单元格数"),
    column("chain", Kind.TEXT, "Chain hash", "链式校验值"),
    key=("run_id",), is_log=True,
)  # fmt: skip
