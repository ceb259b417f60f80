"""What the rules look up: settings, payment terms, exchange rates, holidays, how far the bank was read."""

from __future__ import annotations

from workbook.schema.columns import CURRENCY_SYNONYMS, column, currency, user_table
from workbook.table import Kind, Sign, Words

SETTINGS = user_table(
    "Settings", Words("Settings", "设置"),
    Words("How this ledger is kept. A blank value means the default.", "本账的各项设定；值留空即取默认值。"),
    column(
        "key", Kind.ID, "Setting", "设置项",
        "The setting's name. Leave it as it is.", "设置项名称，请勿改动。",
        is_required=True,
    ),
    column(
        "value", Kind.TEXT, "Value", "值",
        "What you want it to be. Blank: the default.", "所需的设定；留空取默认值。",
    ),
    column(
        "meaning", Kind.TEXT, "What it does", "作用",
        "For reading only: no rule looks at it.", "仅供阅读，不参与计算。",
    ),
    key=("key",), is_core=True, is_shown_at_first=True,
)  # fmt: skip

PAYMENT_TERMS = user_table(
    "PaymentTerms", Words("Payment terms", "付款条件"),
    Words(
        "When an invoice falls due. Applied in order: months, end of month, days, day of month.",
        "发票到期日的推算规则，依次为：月数、月末、天数、每月固定日。",
    ),
    column(
        "terms_id", Kind.ID, "Terms ID", "条件编号",
        "The code that invoices, contracts and customers name.", "供发票、合同、客户引用的编号。",
        is_required=True, synonyms=("Payment Terms", "Terms", "Terms of Payment", "Code", "付款条件编码", "收款条件编码"),
    ),
    column(
        "description", Kind.TEXT, "Description", "条件说明",
        "In words, as on an invoice.", "文字说明，如发票所印。",
        synonyms=("Name", "Explanation", "名称", "说明"),
    ),
    column(
        "basis", Kind.CHOICE, "Basis", "起算方式",
        "From the invoice date itself, or from the end of its month.", "从开票日起算，或从当月月末起算。",
        is_required=True, choices=("invoice_date", "end_of_month"), synonyms=("Counted From", "Baseline", "基准"),
    ),
    column(
        "months", Kind.INTEGER, "Months", "月数",
        "Whole months later, clipped to the month's end.", "顺延的整月数，遇月末取当月最后一天。",
        synonyms=("Number Of Months", "Add Months", "加月数"),
    ),
    column(
        "days", Kind.INTEGER, "Days", "天数",
        "Days after that.", "再加的天数。",
        synonyms=("Net Days", "Days Net Due", "Net Due In Days", "Due Days", "账期天数"),
    ),
    column(
        "day_of_month", Kind.INTEGER, "Day of month", "每月固定日",
        "The next such day of a month, such as 25. Blank: none.", "顺延至每月几日，如 25。留空为无。",
        synonyms=("Fixed Day", "Due Day", "固定日"),
    ),
    column(
        "discount_percent", Kind.RATE, "Discount (percent)", "现金折扣（%）",
        "Percent off for early payment: 2 means 2 %.", "提前付款折扣百分数：2 表示 2%。",
        sign=Sign.NOT_BELOW_ZERO, synonyms=("Discount %", "Cash Discount Percentage", "% Discount", "折扣率"),
    ),
    column(
        "discount_days", Kind.INTEGER, "Discount days", "折扣期天数",
        "Paid within so many days of the baseline date to earn it.", "自起算日起多少天内付款可享折扣。",
        synonyms=("Days For Discount", "Discount If Paid Within", "折扣天数"),
    ),
    column(
        "instalments", Kind.TEXT, "Instalments", "分期",
        "Percent@days parts that sum to 100, such as 30@30;50@60;20@90.",
        "按“百分比@天数”填写，合计 100，如 30@30;50@60;20@90。",
        synonyms=("Installments", "Instalment Plan", "分期付款"),
    ),
    key=("terms_id",), is_shown_at_first=True,
)  # fmt: skip

EXCHANGE_RATES = user_table(
    "ExchangeRates", Words("Exchange rates", "汇率"),
    Words(
        "Base currency for one unit of a currency; the latest on or before the as-of date serves.",
        "一单位外币折合本位币；取截至日当日或之前最近的汇率。",
    ),
    column(
        "rate_date", Kind.DATE, "Rate date", "汇率日期",
        "From this day the rate holds.", "汇率自该日起适用。",
        is_required=True, synonyms=("Date", "Valid From", "Effective Date", "生效日期", "日期"),
    ),
    column(
        "currency", Kind.ID, "Currency", "币种",
        "The foreign currency, such as USD.", "外币币种，如 USD。",
        is_required=True, synonyms=(*CURRENCY_SYNONYMS, "From Currency", "Base Currency", "原币"),
    ),
    column(
        "rate", Kind.RATE, "Rate", "汇率",
        "How much base currency one unit is worth, such as 7.25: nine digits at most.",
        "一单位外币折合本位币，如 7.25；最多九位有效数字。",
        is_required=True, sign=Sign.NOT_BELOW_ZERO,
        synonyms=("Exchange Rate", "Conversion Rate", "Spot Rate", "直接汇率", "记账汇率"),
    ),
    key=("rate_date", "currency"),
)  # fmt: skip

INTEREST_RATES = user_table(
    "InterestRates", Words("Interest rates", "利率"),
    Words(
        "Interest a year on late payment, for invoices whose contract names no rate of its own.",
        "逾期付款的通用年利率，适用于合同未约定逾期利率的发票。",
    ),
    column(
        "from_date", Kind.DATE, "From date", "起始日期",
        "From this day the rate holds.", "利率自该日起适用。",
        is_required=True, synonyms=("Date", "Valid From", "Effective Date", "生效日期", "日期"),
    ),
    column(
        "currency", Kind.ID, "Currency", "币种",
        "The currency of the invoices that bear it, such as CNY.", "适用发票的币种，如 CNY。",
        is_required=True, synonyms=CURRENCY_SYNONYMS,
    ),
    column(
        "annual_rate", Kind.RATE, "Annual rate", "年利率",
        "Interest a year, such as 18.25% or 0.1825: nine digits at most.", "年利率，如 18.25% 或 0.1825；最多九位有效数字。",
        is_required=True, sign=Sign.NOT_BELOW_ZERO, synonyms=("Rate", "Interest Rate", "Late Rate", "利率", "逾期利率"),
    ),
    key=("from_date", "currency"),
)  # fmt: skip

BANK_BALANCES = user_table(
    "BankBalances", Words("Bank balances", "银行余额"),
    Words(
        "How far the bank statements were read. No reminders go out on old bank news.",
        "银行对账单录入到哪一天；银行信息过期则不发催款。",
    ),
    column(
        "account", Kind.ID, "Account", "银行账号",
        "The bank account.", "银行账户。",
        is_required=True, synonyms=("Bank Account", "Account Number", "IBAN", "账号", "账户"),
    ),
    column(
        "statement_id", Kind.ID, "Statement ID", "对账单编号",
        "The statement's number.", "对账单的编号。",
        is_required=True, synonyms=("Statement No.", "Statement Number", "对账单号"),
    ),
    currency(),
    column(
        "from_date", Kind.DATE, "From date", "起始日期",
        "First day of the statement.", "对账单的第一天。",
        is_required=True, synonyms=("Statement From", "Start Date", "开始日期"),
    ),
    column(
        "to_date", Kind.DATE, "To date", "截止日期",
        "Last day of the statement.", "对账单的最后一天。",
        is_required=True, synonyms=("Statement To", "End Date", "Statement Date", "结束日期"),
    ),
    column(
        "opening", Kind.MONEY, "Opening balance", "期初余额",
        "The balance before the first line.", "首笔之前的余额。",
        is_required=True, synonyms=("Beginning Balance", "上期余额"),
    ),
    column(
        "closing", Kind.MONEY, "Closing balance", "期末余额",
        "The balance after the last line.", "末笔之后的余额。",
        is_required=True, synonyms=("Ending Balance", "本期余额"),
    ),
    key=("account", "statement_id"),
)  # fmt: skip

HOLIDAYS = user_table(
    "Holidays", Words("Holidays", "节假日"),
    Words("Days off, and weekends that are worked after all.", "法定节假日与调休工作日。"),
    column(
        "holiday", Kind.DATE, "Holiday", "日期",
        "The day.", "节假日或调休日。",
        is_required=True, synonyms=("Date", "Holiday Date", "假日", "节假日日期"),
    ),
    column(
        "country", Kind.ID, "Country", "国家/地区",
        "Two letters, such as CN. Blank: every country.", "两位国家代码，如 CN。留空适用于所有国家。",
        synonyms=("Country Code", "Region", "Calendar", "国家"),
    ),
    column(
        "is_working_day", Kind.YES_NO, "Working day", "调休上班",
        "Yes: a weekend day that is worked to make up for a holiday.", "填“是”表示调休上班的周末。",
        synonyms=("Make-up Day", "是否上班"),
    ),
    key=("holiday", "country"),
)  # fmt: skip
