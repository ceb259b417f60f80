"""Getting paid: contacts and promises, the ladder of reminders, their texts, and cases with the lawyers."""

from __future__ import annotations

from workbook.schema.columns import CHANNELS, LANGUAGES, OUTCOMES, column, customer_id, entered, notes, user_table
from workbook.table import CurrencyOf, Kind, Words

ACTIVITIES = user_table(
    "Activities", Words("Activities", "催收记录"),
    Words(
        "The contact log: calls, mails and visits, and what the customer promised.",
        "联系记录：电话、邮件、拜访及客户承诺。",
    ),
    column(
        "activity_id", Kind.ID, "Activity ID", "记录编号",
        "Leave it blank: the next run fills it in.", "可留空，下次运行自动编号。",
        synonyms=("Activity", "Activity No.", "Task ID", "Call ID", "跟进编号"),
    ),
    column(
        "activity_date", Kind.DATE, "Activity date", "联系日期",
        "When you spoke or wrote to the customer.", "与客户联系的日期。",
        is_required=True, synonyms=("Date", "Call Date", "Contact Date", "Contacted On", "跟进日期", "日期"),
    ),
    customer_id(),
    column(
        "invoice_id", Kind.ID, "Invoice ID", "发票编号",
        "The invoice it was about. Blank: everything overdue that day.", "所涉发票。留空指当日全部逾期款。",
        synonyms=("Invoice", "Invoice No.", "Invoice Number", "Document Number", "发票号", "发票号码"),
    ),
    column(
        "channel", Kind.CHOICE, "Channel", "联系渠道",
        "How the customer was contacted.", "与客户联系的方式。",
        choices=CHANNELS, synonyms=("Contact Method", "Contact Type", "Activity Type", "联系方式", "跟进方式"),
    ),
    column(
        "outcome", Kind.CHOICE, "Outcome", "联系结果",
        "What came of it. A promise needs its date beside it.", "联系结果；“承诺付款”需填承诺日期。",
        choices=OUTCOMES, synonyms=("Result", "Call Result", "Status", "结果", "跟进结果"),
    ),
    column(
        "promise_date", Kind.DATE, "Promise date", "承诺付款日",
        "When the customer said it would pay. Until then these items are not reminded.", "客户承诺的付款日，此前不催款。",
        synonyms=("Promise To Pay Date", "Promised Date", "PTP Date", "承诺日期"),
    ),
    column(
        "promise_amount", Kind.MONEY, "Promise amount", "承诺金额",
        "How much was promised, in the customer's currency. Blank: all of it.", "承诺付款金额（客户币种）。留空为全部。",
        currency_of=CurrencyOf.CUSTOMER, synonyms=("Promise To Pay Amount", "Promised Amount", "PTP Amount"),
    ),
    notes(),
    *entered(),
    key=("activity_id",),
    key_without_id=("activity_date", "customer_id", "invoice_id", "channel", "outcome", "promise_date"),
    is_shown_at_first=True,
)  # fmt: skip

REMINDER_LEVELS = user_table(
    "ReminderLevels", Words("Reminder levels", "催款级别"),
    Words(
        "The ladder: when each reminder goes out, how, and with which letter.",
        "催款阶梯：何时、以何种渠道、用哪封信函催款。",
    ),
    column(
        "level", Kind.INTEGER, "Level", "级别",
        "Order of the ladder; a higher level is firmer.", "阶梯次序，数字越大越严厉。",
        is_required=True, synonyms=("Dunning Level", "Step", "催款级次"),
    ),
    column(
        "basis", Kind.CHOICE, "Counted from", "起算基准",
        "Blank: the due date.", "留空按到期日起算。",
        choices=("due_date", "invoice_date"), synonyms=("Based On", "基准日"),
    ),
    column(
        "days_from_due", Kind.INTEGER, "Days from due date", "距到期日天数",
        "Negative: a notice so many days before the due date. Positive: that many days overdue.",
        "负数为到期前提醒的天数，正数为逾期天数。",
        is_required=True, synonyms=("Days", "Days Overdue", "Days In Arrears", "天数", "逾期天数"),
    ),
    column(
        "channel", Kind.CHOICE, "Channel", "渠道",
        "How this reminder goes out.", "该级别的催款方式。",
        is_required=True, choices=CHANNELS, synonyms=("Delivery Method", "催款方式"),
    ),
    column(
        "letter", Kind.ID, "Letter", "信函代码",
        "The letter's code on the Letters sheet.", "“信函模板”表中的代码。",
        synonyms=("Letter Code", "Template", "Dunning Form", "模板"),
    ),
    column(
        "min_interval_days", Kind.INTEGER, "Minimum interval (days)", "最短间隔天数",
        "Days since the customer's last dunning message before this one may go.", "距上次向该客户催款的最少天数。",
        synonyms=("Minimum Interval", "Dunning Interval", "间隔天数"),
    ),
    column(
        "min_amount", Kind.MONEY, "Minimum amount", "最低催款金额",
        "Messages below this total are not sent. In base currency.", "合计低于此金额不发送（本位币）。",
        currency_of=CurrencyOf.BASE, synonyms=("Tolerance", "起催金额"),
    ),
    column(
        "fee", Kind.MONEY, "Fee", "催款费",
        "Charged to the customer with this reminder, in base currency.", "随该次催款向客户收取的费用（本位币）。",
        currency_of=CurrencyOf.BASE, synonyms=("Dunning Fee", "Dunning Charge", "手续费"),
    ),
    column(
        "cost", Kind.MONEY, "Cost", "催收成本",
        "What sending it costs us, in base currency.", "我方发送一次的成本（本位币）。",
        currency_of=CurrencyOf.BASE, synonyms=("Collection Cost", "成本"),
    ),
    key=("level",), is_shown_at_first=True,
)  # fmt: skip

LETTERS = user_table(
    "Letters", Words("Letters", "信函模板"),
    Words("The texts of reminders. Names in braces, like {name} or {how_to_pay}, are filled in for each customer.",
          "催款文本。花括号中的字段（如 {name}、{how_to_pay}）按客户自动填充。"),
    column(
        "letter", Kind.ID, "Letter", "信函代码",
        "A code of your choice; reminder levels name it.", "自定代码，供催款级别引用。",
        is_required=True, synonyms=("Letter Code", "Template", "模板代码"),
    ),
    column(
        "language", Kind.CHOICE, "Language", "语言",
        "The language of this text; the customer's decides which is sent.", "该文本的语言，按客户语言选用。",
        is_required=True, choices=LANGUAGES, synonyms=("Language Key", "语种"),
    ),
    column(
        "channel", Kind.CHOICE, "Channel", "渠道",
        "One text for each channel it may go out by.", "每种渠道一份文本。",
        is_required=True, choices=CHANNELS, synonyms=("Delivery Method", "发送方式"),
    ),
    column(
        "subject", Kind.TEXT, "Subject", "主题",
        "The subject of an e-mail or the heading of a letter.", "邮件主题或信函标题。",
        synonyms=("Subject Line", "Heading", "标题"),
    ),
    column(
        "body", Kind.TEXT, "Body", "正文",
        "The text. {name}, {total_text}, {how_to_pay} and others are filled in; {invoices} alone on a line is the list.",
        "正文。{name}、{total_text}、{how_to_pay} 等字段自动填充；单独一行的 {invoices} 为未清项清单。",
        is_required=True, synonyms=("Text", "Message", "内容"),
    ),
    key=("letter", "language", "channel"), is_shown_at_first=True,
)  # fmt: skip

LEGAL_CASES = user_table(
    "LegalCases", Words("Legal cases", "法务案件"),
    Words(
        "Customers whose debts are with a lawyer or a court: no reminders while a case is open.",
        "已移交律师或法院的客户；案件未结期间不催款。",
    ),
    customer_id(),
    column(
        "opened_on", Kind.DATE, "Opened on", "立案日期",
        "From this day the customer is not reminded.", "自该日起不再催款。",
        is_required=True, synonyms=("Filing Date", "Case Opened", "移交日期", "起诉日期"),
    ),
    column(
        "closed_on", Kind.DATE, "Closed on", "结案日期",
        "From this day reminders go out again.", "自该日起恢复催款。",
        synonyms=("Case Closed", "Close Date", "结束日期"),
    ),
    column(
        "stage", Kind.TEXT, "Stage", "阶段",
        "Where the case stands, such as claim filed or enforcement.", "案件进度，如起诉、执行。",
        synonyms=("Case Status", "Status", "案件状态", "进度"),
    ),
    column(
        "agent", Kind.TEXT, "Agent", "代理律师",
        "The lawyer or agency that has the case.", "承办律师或催收机构。",
        synonyms=("Lawyer", "Agency", "Attorney", "律所", "承办律师"),
    ),
    column(
        "cost", Kind.MONEY, "Cost", "费用",
        "What the case has cost so far, in the customer's currency.", "累计发生的费用（客户币种）。",
        synonyms=("Legal Cost", "Court Fees", "诉讼费", "律师费"),
    ),
    column(
        "next_date", Kind.DATE, "Next date", "下一日期",
        "The next hearing or deadline.", "下次开庭或期限。",
        synonyms=("Hearing Date", "Next Hearing", "Deadline", "开庭日期"),
    ),
    key=("customer_id", "opened_on"),
)  # fmt: skip
