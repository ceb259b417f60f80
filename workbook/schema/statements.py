"""What customers were told they owe."""

from __future__ import annotations

from workbook.schema.columns import addin_table, column
from workbook.table import Kind, Words

STATEMENT_KINDS = ("statement", "confirmation")

STATEMENTS = addin_table(
    "Statements", Words("Statements", "对账单"),
    Words("Every statement of account and confirmation that was made.", "已生成的对账单和询证函。"),
    column("made_at", Kind.TEXT, "Made at", "生成时间", is_required=True),
    column("kind", Kind.CHOICE, "Kind", "类型", choices=STATEMENT_KINDS),
    column("customer_id", Kind.ID, "Customer ID", "客户编号", is_required=True),
    column("currency", Kind.ID, "Currency", "币种"),
    column("from_date", Kind.DATE, "From date", "起始日期"),
    column("to_date", Kind.DATE, "To date", "截止日期"),
    column("opening", Kind.MONEY, "Opening", "期初余额"),
    column("closing", Kind.MONEY, "Closing", "期末余额"),
    column("file", Kind.TEXT, "File", "文件"),
    key=("made_at", "customer_id", "currency"), is_log=True,
)  # fmt: skip
