"""The two tables that a customer fills in and sends back: they stand in the customer's file, never in our workbook."""

from __future__ import annotations

from workbook.schema.columns import column, currency, customer_id, user_table
from workbook.table import Kind, Words

KNOWN_BY = ("purchase_order", "tax_invoice_number")
"""By what customers know our documents: columns that a file has where any of its documents does."""

FILLED_IN = ("is_agreed", "stated_balance", "remarks", "is_disputed", "dispute_reason")
EXPLAINED = ("remarks", "dispute_reason")
"""What the customer fills in, and what of it takes a sentence."""

REPLY = user_table(
    "Reply", Words("Reply", "回函"),
    Words("One row a currency: our balance, and what the customer sees.", "每币种一行：我方余额及客户确认的余额。"),
    customer_id(),
    column("as_of", Kind.DATE, "As of", "截至日期", is_required=True),
    currency(is_required=True),
    column("our_balance", Kind.MONEY, "Our balance", "我方账面余额"),
    column("is_agreed", Kind.YES_NO, "Do you agree?", "是否相符"),
    column("stated_balance", Kind.MONEY, "Your balance", "贵方账面余额"),
    column("remarks", Kind.TEXT, "Your remarks", "贵方说明"),
    key=("customer_id", "as_of", "currency"),
)  # fmt: skip

REPLY_ITEMS = user_table(
    "ReplyItems", Words("Reply, document by document", "回函明细"),
    Words("The open items, and which of them the customer contests.", "未清明细及客户有异议的单据。"),
    column("invoice_id", Kind.ID, "Invoice ID", "发票编号", is_required=True),
    column("purchase_order", Kind.TEXT, "Your order", "贵方订单"),
    column("tax_invoice_number", Kind.TEXT, "Tax invoice", "税票号码"),
    column("due_date", Kind.DATE, "Due date", "到期日"),
    currency(is_required=True),
    column("open", Kind.MONEY, "Open", "未清金额"),
    column("is_disputed", Kind.YES_NO, "Disputed", "有争议"),
    column("dispute_reason", Kind.TEXT, "What is wrong", "争议原因"),
    key=("currency", "invoice_id", "due_date"),
)  # fmt: skip
"""Instalments of one invoice are rows of their own."""
