"""The functions that answer with one value, declared: dates, buckets, interest, headroom, levels, measures, words."""

from __future__ import annotations

from functions import worksheet
from functions.credit import STATUSES
from functions.working_days import ROLLINGS
from workbook.cell_functions import scalar_bodies as bodies
from workbook.cell_functions.declared import Argument, CellFunction, Holds
from workbook.labels import words
from workbook.schema.columns import LANGUAGES
from workbook.table import Words


def _argument(
    name: str,
    holds: Holds,
    en: str,
    zh: str,
    *,
    is_optional: bool = False,
    may_be_blank: bool = False,
    choices: tuple[str, ...] = (),
    table: str = "",
) -> Argument:
    return Argument(name, Words(en, zh), holds, is_optional, may_be_blank, choices, table)


_AS_OF = _argument("as_of", Holds.DATE, "The day to look from.", "基准日。")
_INVOICE_DATE = _argument(
    "invoice_date",
    Holds.DATE,
    "The day the terms run from: the invoice date or the baseline date.",
    "起算日：开票日期或基准日期。",
)
_TERMS_TEXT = _argument(
    "terms", Holds.TEXT,
    "net 30, EOM+30, 2/10 net 30, 30@30;50@60;20@90, or an id such as NET30.",
    "如 net 30、EOM+30、2/10 net 30、30@30;50@60;20@90，或编号如 NET30。",
)  # fmt: skip
_PAYMENT_TERMS = _argument(
    "payment_terms", Holds.TABLE, "PaymentTerms[#All], where ids are looked up. Blank: the usual ids.",
    "PaymentTerms[#All]，用于查找编号。留空用预设编号。", is_optional=True, table="PaymentTerms",
)  # fmt: skip
_LANGUAGE = _argument(
    "language", Holds.CHOICE, "en or zh-CN; blank is en.", "en 或 zh-CN，留空为 en。", is_optional=True, choices=LANGUAGES
)
_CURRENCY_CODE = _argument(
    "currency_code",
    Holds.ID,
    "Its decimals decide the rounding; blank is CNY.",
    "币种决定小数位，留空为 CNY。",
    is_optional=True,
)
_GUARANTEE = _argument("guarantee", Holds.NUMBER, "Blank: none.", "担保金额，留空为无。", is_optional=True)
_LIMIT = _argument(
    "limit", Holds.NUMBER, "The credit limit; blank: unlimited.", "信用额度，留空为不限额。", may_be_blank=True
)
_EXPOSURE = _argument("exposure", Holds.NUMBER, "What the customer owes and has ordered.", "敞口。")

SCALARS: tuple[CellFunction, ...] = (
    CellFunction(
        "AR_DUE_DATE",
        Words(
            "When an invoice falls due; instalments give a date each, to the right.",
            "发票到期日；分期的各期到期日向右排列。",
        ),
        (
            _INVOICE_DATE,
            _TERMS_TEXT,
            _argument(
                "calendar", Holds.CALENDAR, "Holidays[#All], or a range of dates off. Blank: only weekends are off.",
                "Holidays[#All] 或节假日日期区域。留空则仅周末休息。", is_optional=True,
            ),
            _argument(
                "rolling", Holds.CHOICE,
                "none, next, previous or modified_next: where a day off moves to. Blank: next with a calendar, else none.",
                "none、next、previous 或 modified_next。留空：有日历为 next，否则 none。",
                is_optional=True, choices=ROLLINGS,
            ),
            _PAYMENT_TERMS,
        ),
        bodies.due_date,
    ),
    CellFunction(
        "AR_DISCOUNT_DATE",
        Words("The last day of the terms' cash discount; blank without one.", "现金折扣的最后日期；无折扣则为空。"),
        (_INVOICE_DATE, _TERMS_TEXT, _PAYMENT_TERMS),
        bodies.discount_date,
    ),
    CellFunction(
        "AR_DAYS_OVERDUE",
        Words("Days from the due date to as_of; negative: still to run.", "逾期天数；负数为距到期的天数。"),
        (_argument("due_date", Holds.DATE, "The due date.", "到期日。"), _AS_OF),
        worksheet.days_overdue,
    ),
    CellFunction(
        "AR_BUCKET",
        Words(
            "The aging bucket of days overdue; an edge belongs to the younger one.",
            "逾期天数所在账龄段；边界归较短一段。",
        ),
        (
            _argument("days", Holds.WHOLE, "Days overdue.", "逾期天数。"),
            _argument(
                "edges", Holds.EDGES, "Such as 0;30;60;90;120 (the default), or a range of them.",
                "如 0;30;60;90;120（默认），或区域。", is_optional=True,
            ),
            _LANGUAGE,
        ),
        bodies.bucket,
    ),
    CellFunction(
        "AR_LATE_INTEREST",
        Words(
            "Simple interest on an amount open from the day after its due date to as_of, rounded once.",
            "自到期次日起至基准日的单利逾期利息，四舍五入一次。",
        ),
        (
            _argument("amount", Holds.NUMBER, "The open amount.", "未清金额。"),
            _argument("due_date", Holds.DATE, "The due date.", "到期日。"),
            _AS_OF,
            _argument("rate", Holds.RATE, "A year: 0.1825 or 18.25%.", "年利率，如 0.1825 或 18.25%。"),
            _argument(
                "basis", Holds.WHOLE, "Days of the year, 365 (default) or 360.",
                "一年天数：365（默认）或 360。", is_optional=True,
            ),
            _CURRENCY_CODE,
        ),
        bodies.late_interest,
    ),
    CellFunction(
        "AR_HEADROOM",
        Words("Limit + guarantee - exposure; blank without a limit.", "额度 + 担保 - 敞口；不限额则为空。"),
        (_LIMIT, _EXPOSURE, _GUARANTEE),
        bodies.headroom,
    ),
    CellFunction(
        "AR_CREDIT_STATUS",
        Words(
            f"The first that holds of: {', '.join(words(status, 'en') for status in STATUSES)}.",
            "按顺序首个成立的信用状态。",
        ),
        (
            _LIMIT,
            _EXPOSURE,
            _GUARANTEE,
            _argument(
                "days_overdue", Holds.WHOLE, "Of the undisputed item longest overdue; blank is 0.",
                "无争议款项的最长逾期天数，留空为 0。", is_optional=True,
            ),
            _argument("is_on_hold", Holds.YES_NO, "Whether staff set a hold.", "是否人工冻结。", is_optional=True),
            _argument(
                "expires_on", Holds.DATE, "The limit's last day; blank: none.",
                "额度有效期，留空为长期。", is_optional=True,
            ),
            _argument("as_of", Holds.DATE, "Needed with expires_on.", "有 expires_on 时必填。", is_optional=True),
            _argument(
                "block_days", Holds.WHOLE, "Blocked when more days overdue; blank is 60.",
                "逾期冻结天数，留空为 60。", is_optional=True,
            ),
            _argument(
                "watch_percent", Holds.WHOLE, "Watched from this use; blank is 80.",
                "关注起点（%），留空为 80。", is_optional=True,
            ),
            _LANGUAGE,
        ),
        bodies.credit_status,
    ),
    CellFunction(
        "AR_REMINDER_LEVEL",
        Words("The reminder level to send now to one item; blank: none.", "某未清项现应发送的催款级别；无则为空。"),
        (
            _argument("days", Holds.WHOLE, "Days overdue; negative: still to run.", "逾期天数；负数为未到期。"),
            _argument(
                "last_level", Holds.WHOLE, "The highest level sent; blank: none.",
                "已发送的最高级别，留空为无。", is_optional=True,
            ),
            _argument(
                "levels", Holds.TABLE, "ReminderLevels[#All]. Blank: the usual ladder.",
                "ReminderLevels[#All]。留空用预设阶梯。", is_optional=True, table="ReminderLevels",
            ),
        ),
        bodies.reminder_level,
    ),
    CellFunction(
        "AR_DSO",
        Words(
            "Days sales outstanding: receivables / sales * days; blank without sales.",
            "应收账款周转天数：应收 / 销售 * 天数。",
        ),
        (
            _argument("receivables", Holds.NUMBER, "Closing receivables, gross.", "期末应收总额。"),
            _argument("sales", Holds.NUMBER, "Credit sales of the days, tax included.", "期间含税赊销额。"),
            _argument("days", Holds.WHOLE, "Days of the sales; blank is 90.", "期间天数，留空为 90。", is_optional=True),
        ),
        bodies.dso,
    ),
    CellFunction(
        "AR_CEI",
        Words(
            "Collection effectiveness in percent: (opening + sales - closing) / (opening + sales - not_due) * 100.",
            "收款有效性指数（%）：(期初 + 销售 - 期末) / (期初 + 销售 - 期末未到期) * 100。",
        ),
        (
            _argument("opening", Holds.NUMBER, "Receivables at the start.", "期初应收。"),
            _argument("sales", Holds.NUMBER, "Credit sales of the period.", "期间赊销额。"),
            _argument("closing", Holds.NUMBER, "Receivables at the end.", "期末应收。"),
            _argument("not_due", Holds.NUMBER, "Of these, not yet due.", "期末未到期应收。"),
        ),
        worksheet.collection_effectiveness,
    ),
    CellFunction(
        "AR_AMOUNT_IN_WORDS",
        Words("An amount in words, as on a receipt.", "金额大写。"),
        (
            _argument("amount", Holds.NUMBER, "The amount.", "金额。"),
            _argument(
                "currency_code", Holds.ID, "Such as CNY (default) or USD.",
                "币种，如 CNY（默认）、USD。", is_optional=True,
            ),
            _argument(
                "language", Holds.CHOICE, "zh-CN (default) or en.",
                "zh-CN（默认）或 en。", is_optional=True, choices=LANGUAGES,
            ),
        ),
        bodies.amount_in_words,
    ),
)  # fmt: skip
