"""What a run writes: where every item stands, by age, by customer's credit, what to remind, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from functions.aging import bucket_codes
from functions.credit import STATUSES
from functions.holds import REASONS
from functions.ledger import Policy
from workbook.labels import bucket_words
from workbook.schema.columns import CHANNELS, ITEM_KINDS, LANGUAGES, addin_table, column, customer_name
from workbook.table import Column, CurrencyOf, Kind, Table, Words

DEFAULT_BUCKETS = bucket_codes(Policy.bucket_edges)
"""The buckets of the default ``bucket_edges``: not_due, d1_30, d31_60, d61_90, d91_120, over_120."""

_SEVERITIES = ("error", "warning")


def _id(key: str, en: str, zh: str) -> Column:
    return column(key, Kind.ID, en, zh)


def _base(key: str, en: str, zh: str) -> Column:
    return column(key, Kind.MONEY, en, zh, currency_of=CurrencyOf.BASE)


_CUSTOMER = _id("customer_id", "Customer ID", "客户编号")
_CURRENCY = _id("currency", "Currency", "币种")
_ITEM = _id("item_id", "Item ID", "未清项编号")
_INVOICE = _id("invoice_id", "Invoice ID", "发票编号")


def open_items_table(bucket_codes: Sequence[str]) -> Table:
    """OpenItems, with these buckets as the choices of its bucket column."""
    return addin_table(
        "OpenItems", Words("Open items", "未清项"),
        Words("Every invoice, or part of one, that is still owed.", "尚未付清的发票或分期款。"),
        _ITEM,
        _INVOICE,
        _CUSTOMER,
        customer_name(),
        column("kind", Kind.CHOICE, "Kind", "单据类型", choices=ITEM_KINDS),
        column("invoice_date", Kind.DATE, "Invoice date", "开票日期"),
        column("due_date", Kind.DATE, "Due date", "到期日"),
        column("original_due_date", Kind.DATE, "Original due date", "原到期日"),
        column("contractual_due_date", Kind.DATE, "Contractual due date", "合同到期日"),
        _CURRENCY,
        column("amount", Kind.MONEY, "Amount", "金额"),
        column("settled", Kind.MONEY, "Settled", "已结金额"),
        column("open", Kind.MONEY, "Open", "未清金额"),
        _base("open_base", "Open (base currency)", "未清金额（本位币）"),
        column("days_overdue", Kind.INTEGER, "Days overdue", "逾期天数"),
        column("bucket", Kind.CHOICE, "Bucket", "账龄段", choices=tuple(bucket_codes)),
        column("is_disputed", Kind.YES_NO, "Disputed", "有争议"),
        column("last_level", Kind.INTEGER, "Last level", "上次催款级别"),
        column("last_sent_on", Kind.DATE, "Last sent on", "上次催款日期"),
        column("next_level", Kind.INTEGER, "Next level", "下次催款级别"),
        column("next_on", Kind.DATE, "Next on", "下次催款日期"),
        column(
            "limitation_date", Kind.DATE, "Limitation date", "诉讼时效届满日",
            "The last day on which the debt can be claimed in court, by the settings.", "按设置推算的债权可诉的最后一日。",
        ),
        key=("item_id",), is_shown_at_first=True,
    )  # fmt: skip


def aging_table(bucket_codes: Sequence[str]) -> Table:
    """Aging, with one column a bucket: the codes of ``functions.aging.bucket_codes``."""
    buckets = []
    for code in bucket_codes:
        words = bucket_words(code)
        buckets.append(column(code, Kind.MONEY, words.en, words.zh))
    return addin_table(
        "Aging", Words("Aging", "账龄分析"),
        Words("What each customer owes, by how late it is.", "各客户欠款按逾期天数分布。"),
        _CUSTOMER,
        customer_name(),
        _CURRENCY,
        *buckets,
        column("unapplied", Kind.MONEY, "Unapplied", "未核销收款"),
        column("balance", Kind.MONEY, "Balance", "余额"),
        _base("balance_base", "Balance (base currency)", "余额（本位币）"),
        column("overdue", Kind.MONEY, "Overdue", "逾期金额"),
        column("oldest_days", Kind.INTEGER, "Oldest (days overdue)", "最长逾期天数"),
        column("left_out_rows", Kind.INTEGER, "Rows left out", "未计入行数"),
        key=("customer_id", "currency"), is_shown_at_first=True,
    )  # fmt: skip


OPEN_ITEMS = open_items_table(DEFAULT_BUCKETS)
AGING = aging_table(DEFAULT_BUCKETS)

CREDIT = addin_table(
    "Credit", Words("Credit", "信用"),
    Words("What each customer may still owe, in base currency.", "各客户的敞口与可用额度（本位币）。"),
    _CUSTOMER,
    customer_name(),
    _id("group_id", "Group head ID", "集团主体编号"),
    _base("credit_limit", "Credit limit", "信用额度"),
    _base("guarantee", "Guarantee", "担保金额"),
    _base("open_items", "Open items", "未清项金额"),
    _base("open_orders", "Open orders", "未开票订单"),
    _base("bills", "Unmatured bills", "未到期商票"),
    _base("unapplied", "Unapplied", "未核销收款"),
    _base("exposure", "Exposure", "敞口"),
    _base("group_exposure", "Group exposure", "集团敞口"),
    _base("headroom", "Headroom", "可用额度"),
    column("utilisation", Kind.RATE, "Utilisation", "额度使用率"),
    _base("overdue", "Overdue", "逾期金额"),
    column("max_days_overdue", Kind.INTEGER, "Most days overdue", "最长逾期天数"),
    column("status", Kind.CHOICE, "Status", "信用状态", choices=STATUSES),
    column("status_reason", Kind.TEXT, "Reason for status", "状态原因"),
    key=("customer_id",), is_shown_at_first=True,
)  # fmt: skip

REMINDERS = addin_table(
    "Reminders", Words("Reminders", "催款清单"),
    Words(
        "The messages to send today, one row each: ready as a mail-merge source.",
        "今日应发的催款，每行一封，可直接用于邮件合并。",
    ),
    _id("message_id", "Message ID", "催款编号"),
    column(
        "sent", Kind.YES_NO, "Sent", "已发送",
        "Type Yes once it is on its way.", "发出后填“是”。",
    ),
    _CUSTOMER,
    customer_name(),
    column("contact_name", Kind.TEXT, "Contact name", "联系人"),
    column("email", Kind.TEXT, "Email", "电子邮箱"),
    column("phone", Kind.TEXT, "Phone", "电话"),
    column("address", Kind.TEXT, "Address", "地址"),
    column("language", Kind.CHOICE, "Language", "语言", choices=LANGUAGES),
    column("channel", Kind.CHOICE, "Channel", "渠道", choices=CHANNELS),
    column("level", Kind.INTEGER, "Level", "级别"),
    _id("letter", "Letter", "信函代码"),
    _CURRENCY,
    column("items", Kind.INTEGER, "Items", "笔数"),
    column("total", Kind.MONEY, "Total", "合计金额"),
    column("overdue", Kind.MONEY, "Overdue", "逾期金额"),
    column("oldest_due_date", Kind.DATE, "Oldest due date", "最早到期日"),
    column("max_days_overdue", Kind.INTEGER, "Most days overdue", "最长逾期天数"),
    column(
        "interest", Kind.MONEY, "Interest", "逾期利息",
        "Late interest on these items up to the day, not yet charged. Blank: no rate for some of them.",
        "这些款项截至当日尚未计收的逾期利息。留空表示部分款项无利率。",
    ),
    column("total_text", Kind.TEXT, "Total (text)", "合计金额（文本）"),
    column("overdue_text", Kind.TEXT, "Overdue (text)", "逾期金额（文本）"),
    column("oldest_due_date_text", Kind.TEXT, "Oldest due date (text)", "最早到期日（文本）"),
    column("interest_text", Kind.TEXT, "Interest (text)", "逾期利息（文本）"),
    column(
        "subject", Kind.TEXT, "Subject", "主题",
        "The letter's subject, filled in.", "已填充的信函主题。",
    ),
    column(
        "body", Kind.TEXT, "Body", "正文",
        "The letter's text, filled in. Blank: see Issues.", "已填充的信函正文。留空请见“问题”表。",
    ),
    key=("message_id",), is_shown_at_first=True,
)  # fmt: skip

REMINDER_ITEMS = addin_table(
    "ReminderItems", Words("Reminder items", "催款明细"),
    Words("The lines of each message.", "每封催款所含的未清项。"),
    _id("message_id", "Message ID", "催款编号"),
    _ITEM,
    _INVOICE,
    column("level", Kind.INTEGER, "Level", "级别"),
    column("due_date", Kind.DATE, "Due date", "到期日"),
    _CURRENCY,
    column("amount", Kind.MONEY, "Amount", "金额"),
    key=("message_id", "item_id"),
)  # fmt: skip

REMINDERS_HELD = addin_table(
    "RemindersHeld", Words("Reminders held", "暂缓催款"),
    Words("Open items that are not reminded today, each with its reason.", "今日不催的未清项及原因。"),
    _ITEM,
    _INVOICE,
    _CUSTOMER,
    _CURRENCY,
    column("amount", Kind.MONEY, "Amount", "金额"),
    column("reason", Kind.CHOICE, "Reason", "暂缓原因", choices=REASONS),
    column("since", Kind.DATE, "Since", "起始日"),
    column("until", Kind.DATE, "Until", "截止日"),
    column("explanation", Kind.TEXT, "Explanation", "说明"),
    key=("item_id",), is_shown_at_first=True,
)  # fmt: skip

ISSUES = addin_table(
    "Issues", Words("Issues", "问题清单"),
    Words(
        "Cells and rows that could not be used as they stand, and what to do about each.",
        "无法采用的单元格与数据行，以及处理办法。",
    ),
    column("severity", Kind.CHOICE, "Severity", "严重程度", choices=_SEVERITIES),
    column("table", Kind.TEXT, "Table", "表"),
    column("row", Kind.INTEGER, "Row", "行号"),
    column("column", Kind.TEXT, "Column", "列"),
    column("cell", Kind.TEXT, "Cell", "单元格"),
    column("key", Kind.TEXT, "Key", "关键字"),
    column("code", Kind.ID, "Code", "问题代码"),
    column("value", Kind.TEXT, "Value found", "原值"),
    column("what_to_do", Kind.TEXT, "What to do", "处理办法"),
    key=("table", "key", "column", "code"), is_shown_at_first=True,
)  # fmt: skip
