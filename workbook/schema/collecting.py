"""What follows from the reminders: what is to be sent next, whom to call, how customers behave, what reminders bring in."""

from __future__ import annotations

from workbook.schema.columns import CHANNELS, addin_table, column, customer_name
from workbook.table import CurrencyOf, Kind, Words

_CUSTOMER = column("customer_id", Kind.ID, "Customer ID", "客户编号")
_CURRENCY = column("currency", Kind.ID, "Currency", "币种")
_COLLECTOR = column("collector", Kind.ID, "Collector", "催收员")
_CHANNEL = column("channel", Kind.CHOICE, "Channel", "渠道", choices=CHANNELS)
_LEVEL = column("level", Kind.INTEGER, "Level", "级别")
_LETTER = column("letter", Kind.ID, "Letter", "信函代码")
_ITEMS = column("items", Kind.INTEGER, "Items", "笔数")

WORK_LIST = addin_table(
    "WorkList", Words("Work list", "催收工作清单"),
    Words(
        "Today's calls and visits, the weightiest first: amount × days overdue × risk.",
        "今日应致电和上门的客户，按 金额 × 逾期天数 × 风险 由高到低排列。",
    ),
    column("rank", Kind.INTEGER, "Rank", "次序"),
    column("message_id", Kind.ID, "Message ID", "催款编号"),
    _COLLECTOR,
    _CUSTOMER,
    customer_name(),
    column("contact_name", Kind.TEXT, "Contact name", "联系人"),
    column("phone", Kind.TEXT, "Phone", "电话"),
    column("address", Kind.TEXT, "Address", "地址"),
    _CHANNEL,
    _LEVEL,
    _CURRENCY,
    _ITEMS,
    column("total", Kind.MONEY, "Total", "合计金额"),
    column("total_base", Kind.MONEY, "Total (base currency)", "合计金额（本位币）", currency_of=CurrencyOf.BASE),
    column("max_days_overdue", Kind.INTEGER, "Most days overdue", "最长逾期天数"),
    column(
        "risk", Kind.INTEGER, "Risk", "风险",
        "1 + broken promises + missed instalments − kept ones, within 1 and 10.",
        "1＋失信次数＋未履行期数－履约次数，限于 1 至 10。",
    ),
    column("promises_kept", Kind.INTEGER, "Promises kept", "守约次数"),
    column("promises_broken", Kind.INTEGER, "Promises broken", "失信次数"),
    column("last_contact", Kind.TEXT, "Last contact", "最近一次联系"),
    column("contact_before", Kind.TEXT, "Contact before", "上一次联系"),
    column("earlier_contact", Kind.TEXT, "Earlier contact", "再上一次联系"),
    key=("message_id",),
)  # fmt: skip

REMINDER_CALENDAR = addin_table(
    "ReminderCalendar", Words("Reminder calendar", "催款日历"),
    Words(
        "What is due to be sent in the next 14 days if nothing is paid and each list goes out on its day.",
        "若无回款且每日清单均按日发送，未来 14 天内应发的催款。",
    ),
    column("send_on", Kind.DATE, "Send on", "应发日期"),
    _CUSTOMER,
    customer_name(),
    _COLLECTOR,
    _CHANNEL,
    _LEVEL,
    _LETTER,
    _CURRENCY,
    _ITEMS,
    column("amount", Kind.MONEY, "Amount", "金额"),
    column("oldest_due_date", Kind.DATE, "Oldest due date", "最早到期日"),
    key=("send_on", "customer_id", "currency", "level"),
)  # fmt: skip

CUSTOMER_BEHAVIOUR = addin_table(
    "CustomerBehaviour", Words("Customer behaviour", "客户履约情况"),
    Words(
        "Promises and instalments kept and not, disputes, and how far a customer must be reminded before it pays.",
        "承诺与分期的履行情况、争议，以及客户在催到哪一级后才付款。",
    ),
    _CUSTOMER,
    customer_name(),
    _COLLECTOR,
    column("promises_kept", Kind.INTEGER, "Promises kept", "守约次数"),
    column("promises_broken", Kind.INTEGER, "Promises broken", "失信次数"),
    column("promises_live", Kind.INTEGER, "Promises live", "有效承诺"),
    column("promises_replaced", Kind.INTEGER, "Promises replaced", "被替代的承诺"),
    column("instalments_kept", Kind.INTEGER, "Instalments kept", "按期履行期数"),
    column("instalments_missed", Kind.INTEGER, "Instalments missed", "未按期履行期数"),
    column("disputes", Kind.INTEGER, "Disputes so far", "累计争议"),
    column("disputes_open", Kind.INTEGER, "Disputes open", "未决争议"),
    column("dispute_days", Kind.INTEGER, "Days of the oldest dispute", "最久争议天数"),
    column("items_paid", Kind.INTEGER, "Items paid", "已付清笔数"),
    column(
        "pays_after_level", Kind.INTEGER, "Pays only after level", "催至几级才付款",
        "No item was ever paid up before this level went out; 0: some were without any reminder.",
        "在该级别发出之前从未付清任何一笔；0 表示曾有未经催款即付清的。",
    ),
    column("risk", Kind.INTEGER, "Risk", "风险"),
    key=("customer_id",),
)  # fmt: skip

REMINDER_EFFECT = addin_table(
    "ReminderEffect", Words("Effect of reminders", "催款效果"),
    Words(
        "What was asked for at each level and how much of it came in within 7, 14 and 30 days.",
        "各级别催款的金额及其在 7、14、30 天内的回款。",
    ),
    _LEVEL,
    _CHANNEL,
    _LETTER,
    _COLLECTOR,
    _CURRENCY,
    column("messages", Kind.INTEGER, "Messages", "催款封数"),
    _ITEMS,
    column("amount", Kind.MONEY, "Amount reminded", "催款金额"),
    column("paid_7", Kind.MONEY, "Paid within 7 days", "7 天内回款"),
    column("paid_14", Kind.MONEY, "Paid within 14 days", "14 天内回款"),
    column("paid_30", Kind.MONEY, "Paid within 30 days", "30 天内回款"),
    column("share_30", Kind.RATE, "Share paid within 30 days", "30 天内回款率"),
    column("cost", Kind.MONEY, "Cost (base currency)", "成本（本位币）", currency_of=CurrencyOf.BASE),
    column(
        "cost_share", Kind.RATE, "Cost per amount paid", "单位回款成本",
        "Cost ÷ what was paid within 30 days, where that is in base currency.", "成本 ÷ 30 天内回款，仅限本位币。",
    ),
    key=("level", "channel", "letter", "collector", "currency"),
)  # fmt: skip
