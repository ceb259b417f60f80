"""The settings of a ledger: each declared once, read from the Settings sheet, handed to the rules as a policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from functions.issues import ERROR, SEVERITY, WARNING
from functions.ledger import PaymentTerms, Policy, ReminderLevel
from workbook import labels
from workbook.port import Cell
from workbook.quality.checks import CHECKS, OFF
from workbook.reading.cell_parsing import folded, is_blank
from workbook.setting_values import BadValue, SettingKind, read_value
from workbook.table import Words


@dataclass(frozen=True)
class Setting:
    """One setting. ``default`` is as one would type it, choices and yes/no as codes; blank: none."""

    key: str
    kind: SettingKind
    default: str
    label: Words
    help: Words
    choices: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The values it can be picked from; none where it is typed freely."""
        return ("yes", "no") if self.kind is SettingKind.YES_NO else self.choices

    def shown(self, value: str, language: str) -> str:
        """A value's code as the sheet shows it: words for choices and yes/no. A language stays a code."""
        return labels.words(value, language) if value in self.codes and self.key != "language" else value


_DECLARED = (
    Setting(
        "base_currency", SettingKind.CURRENCY, "CNY", Words("Base currency", "本位币"),
        Words(
            "The currency of your books (ISO 4217): limits and totals over currencies are in it.",
            "记账本位币（ISO 4217 代码）；额度与跨币种合计以此计。",
        ),
    ),
    Setting(
        "language", SettingKind.CHOICE, "en", Words("Language", "语言"),
        Words("Of sheets and messages: en or zh-CN.", "工作表与提示的语言：en 或 zh-CN。"),
        choices=("en", "zh-CN"),
    ),
    Setting(
        "company_name", SettingKind.TEXT, "", Words("Company name", "公司名称"),
        Words("Your company, as it signs its letters.", "贵公司名称，用于落款。"),
    ),
    Setting(
        "bank_account", SettingKind.TEXT, "", Words("Bank account", "收款账户"),
        Words(
            "Where customers are to pay, as letters print it: bank, name, number. Check and close tell a change.",
            "贵公司收款账户（开户行、户名、账号），印于信函。更改后，下次检查与结账会提示。",
        ),
    ),
    Setting(
        "approval_above", SettingKind.AMOUNT, "", Words("Approval above", "须审批金额"),
        Words(
            "What gives money away and comes to more than this in base currency needs an approver. Blank: no limit.",
            "贷项、退款、核销、还款计划折合本位币超过此金额须有审批人。留空为不限。",
        ),
    ),
    Setting(
        "user_name", SettingKind.TEXT, "", Words("Entered by", "录入人"),
        Words(
            "Who keeps this ledger: entered_by of what is posted without --by. Declared, not proved.",
            "本账的记录人：登记时未用 --by 说明的，录入人取此值。仅为申报，未经核实。",
        ),
    ),
    Setting(
        "ledger_starts_on", SettingKind.DATE, "", Words("Ledger starts on", "账套启用日期"),
        Words(
            "First day of this ledger; reports as of an earlier day are refused. Blank: no such day.",
            "本账启用的第一天，早于该日的报表不予生成。留空为不限。",
        ),
    ),
    Setting(
        "bucket_edges", SettingKind.EDGES, "0;30;60;90;120", Words("Bucket edges", "账龄分段"),
        Words(
            "Days overdue at which a bucket of the aging ends: from 0, increasing.",
            "各账龄段的截止天数：从 0 开始，依次递增。",
        ),
    ),
    Setting(
        "aging_basis", SettingKind.CHOICE, "due_date", Words("Aging counted from", "账龄基准"),
        Words("Age items by their due date or by their invoice date.", "按到期日或开票日期计算账龄。"),
        choices=("due_date", "invoice_date"),
    ),
    Setting(
        "allocation_policy", SettingKind.CHOICE, "oldest_due_first", Words("Allocation policy", "自动清账方式"),
        Words("What happens to receipts that nobody allocated.", "未指定清账的收款如何处理。"),
        choices=("oldest_due_first", "explicit_only"),
    ),
    Setting(
        "allocate_to_disputed", SettingKind.YES_NO, "no", Words("Pay disputed items too", "自动清账含争议项"),
        Words("Whether unallocated receipts may pay items in dispute.", "自动清账是否包括有争议的未清项。"),
    ),
    Setting(
        "day_rolling", SettingKind.CHOICE, "none", Words("Due dates on non-working days", "到期日逢非工作日"),
        Words("Where a due date worked out from terms moves to.", "按付款条件推算的到期日逢非工作日时的处理。"),
        choices=("none", "next", "previous", "modified_next"),
    ),
    Setting(
        "holiday_country", SettingKind.TEXT, "", Words("Holiday country", "节假日国家"),
        Words(
            "Which country's rows of the Holidays sheet count, such as CN. Blank: all of them.",
            "采用“节假日”表中哪个国家的日历，如 CN。留空为全部。",
        ),
    ),
    Setting(
        "overdue_block_days", SettingKind.COUNT, "60", Words("Block after days overdue", "逾期冻结天数"),
        Words(
            "A customer with an undisputed item more days overdue than this is blocked.",
            "无争议款项逾期超过此天数即冻结赊销。",
        ),
    ),
    Setting(
        "watch_percent", SettingKind.COUNT, "80", Words("Watch from (percent)", "关注起点（%）"),
        Words(
            "A customer who uses this percentage of the limit and guarantee is watched.",
            "敞口达到额度与担保之和的此百分比即列入关注。",
        ),
    ),
    Setting(
        "orders_in_exposure", SettingKind.YES_NO, "yes", Words("Orders count as exposure", "订单计入敞口"),
        Words("Whether orders not yet invoiced count against the limit.", "未开票订单是否占用额度。"),
    ),
    Setting(
        "unapplied_in_exposure", SettingKind.YES_NO, "yes", Words("Unapplied cash lowers exposure", "未核销款冲减敞口"),
        Words("Whether unapplied cash and credit are taken off the exposure.", "未核销收款与贷项是否冲减敞口。"),
    ),
    Setting(
        "promise_grace_days", SettingKind.COUNT, "3", Words("Grace days of a promise", "承诺宽限天数"),
        Words("Days after a promised date before the promise counts as broken.", "承诺日之后多少天仍未付款视为失信。"),
    ),
    Setting(
        "max_promises", SettingKind.COUNT, "2", Words("Broken promises allowed", "允许失信次数"),
        Words(
            "After so many broken promises of a customer, a new one no longer stops reminders.",
            "客户失信达到此次数后，新的承诺不再暂缓催款。",
        ),
    ),
    Setting(
        "interest_year_days", SettingKind.YEAR_DAYS, "365", Words("Days of an interest year", "计息年天数"),
        Words(
            "Late interest of a day is a year's rate divided by so many: 365 or 360.",
            "每日逾期利息为年利率除以该天数：365 或 360。",
        ),
    ),
    Setting(
        "invoice_number_pattern", SettingKind.NUMBER_PATTERN, "INV-{yyyy}{mm}-{seq:04}",
        Words("Invoice number pattern", "发票编号规则"),
        Words(
            "Of invoices that are billed: {yyyy}, {yy}, {mm}, {dd} of the invoice date, and one {seq} or {seq:04}.",
            "按合同开票时的编号：开票日期的 {yyyy}、{yy}、{mm}、{dd}，以及一个 {seq} 或 {seq:04}。",
        ),
    ),
    Setting(
        "limitation_years", SettingKind.COUNT, "3", Words("Years of limitation", "诉讼时效年数"),
        Words(
            "For how many years from its due date a debt can be claimed in court. 0: no limit.",
            "债权自到期日起可诉的年数。0 为不限。",
        ),
    ),
    Setting(
        "limitation_warning_days", SettingKind.COUNT, "90", Words("Warn of limitation (days)", "时效预警天数"),
        Words("How many days before that end check and close warn.", "时效届满前多少天开始预警。"),
    ),
    Setting(
        "limitation_by_reminder", SettingKind.YES_NO, "no", Words("Reminders restart limitation", "催款中断时效"),
        Words(
            "Whether a reminder in the log begins the years anew. Say yes where the law does and you can prove its arrival.",
            "催款日志中的催款是否使时效重新起算。仅在法律认可且能证明送达时填“是”。",
        ),
    ),
    Setting(
        "limitation_by_payment", SettingKind.YES_NO, "yes", Words("Payments restart limitation", "部分付款中断时效"),
        Words("Whether a payment on an item begins its years anew.", "对该款项的部分付款是否使时效重新起算。"),
    ),
    Setting(
        "limitation_by_promise", SettingKind.YES_NO, "no", Words("Promises restart limitation", "承诺付款中断时效"),
        Words(
            "Whether a promise to pay begins the years anew. Say yes where each is a written acknowledgement of the debt.",
            "付款承诺是否使时效重新起算。仅在承诺均为书面承认债务时填“是”。",
        ),
    ),
    Setting(
        "dso_days", SettingKind.COUNT, "90", Words("Days of DSO", "周转天数的期间"),
        Words(
            "How many days of sales the days sales outstanding look back on.", "计算应收账款周转天数时回溯多少天的销售额。",
        ),
    ),
    Setting(
        "bank_charge_tolerance", SettingKind.COUNT, "30", Words("Bank charge tolerance", "银行手续费容差"),
        Words(
            "How much less than its invoices a payment may be and still match them: whole units of its currency.",
            "付款少于发票金额不超过此数（该币种整数单位）时仍可匹配。",
        ),
    ),
    Setting(
        "post_certain_matches", SettingKind.YES_NO, "no", Words("Post certain matches", "确定的匹配自动登记"),
        Words(
            "Whether match --post takes those that are certain (reference and amount exact) without a tick.",
            "运行 match --post 时，“确定”的匹配（编号与金额完全相符）是否无需打勾即登记。",
        ),
    ),
    Setting(
        "country", SettingKind.TEXT, "", Words("Country", "国家/地区"),
        Words(
            "Two letters, such as CN: whose telephone numbers need no country code. Blank: the holiday country.",
            "两位国家代码，如 CN：该国电话号码可不带国家区号。留空取节假日国家。",
        ),
    ),
    Setting(
        "verify_after_days", SettingKind.COUNT, "365", Words("Verify customers after days", "客户资料核实周期"),
        Words(
            "A customer whose data were not verified for more days than this is listed by check.",
            "客户资料超过此天数未核实，检查时列出。",
        ),
    ),
    Setting(
        "weekend_entry_above", SettingKind.AMOUNT, "", Words("Entries on days off, above", "休息日录入金额下限"),
        Words(
            "Documents of more than this, in base currency, are listed by check if of a weekend or holiday. Blank: none.",
            "单据金额（本位币）超过此数，且日期或录入日期为休息日时，检查时列出。留空为不检查。",
        ),
    ),
    Setting(
        "reminder_attachment", SettingKind.CHOICE, "statement", Words("Attached to e-mails", "催款邮件附件"),
        Words(
            "With each reminder by e-mail: the statement of the month up to the day, the list of its items, or nothing.",
            "催款邮件随附：当月截至当日的对账单、未清项清单，或不附文件。",
        ),
        choices=("statement", "list_of_items", "no_attachment"),
    ),
    Setting(
        "quality_in_close", SettingKind.YES_NO, "no", Words("Data quality in Issues", "结账含数据质量检查"),
        Words(
            "Whether a close runs the checks of data quality too and writes what they find to Issues.",
            "月末结账时是否同时运行数据质量检查并写入问题清单。",
        ),
    ),
)  # fmt: skip

_SEVERITIES = tuple(
    Setting(
        check.setting, SettingKind.CHOICE, check.severity,
        Words(f"Severity: {check.title.en}", f"严重程度：{check.title.zh}"),
        Words("What this check of data quality gives: error, warning or off.", "该项检查的结果：错误、警告或不检查。"),
        choices=(ERROR, WARNING, OFF),
    )
    for check in CHECKS.values()
)  # fmt: skip

SETTINGS: Mapping[str, Setting] = MappingProxyType({setting.key: setting for setting in (*_DECLARED, *_SEVERITIES)})
"""Key → setting, in the order of the Settings sheet."""


@dataclass(frozen=True)
class Settings:
    """The values that hold, defaults included. ``ledger_starts_on`` is a day number, NO_DAY for none.

    ``severities``: of each check of data quality, by its code.
    """

    base_currency: str
    language: str
    company_name: str
    bank_account: str
    approval_above: int | None
    user_name: str
    ledger_starts_on: int
    bucket_edges: tuple[int, ...]
    aging_basis: str
    allocation_policy: str
    allocate_to_disputed: bool
    day_rolling: str
    holiday_country: str
    overdue_block_days: int
    watch_percent: int
    orders_in_exposure: bool
    unapplied_in_exposure: bool
    promise_grace_days: int
    max_promises: int
    interest_year_days: int
    invoice_number_pattern: str
    dso_days: int
    limitation_years: int
    limitation_warning_days: int
    limitation_by_reminder: bool
    limitation_by_payment: bool
    limitation_by_promise: bool
    bank_charge_tolerance: int
    post_certain_matches: bool
    country: str
    verify_after_days: int
    weekend_entry_above: int | None
    reminder_attachment: str
    quality_in_close: bool
    severities: Mapping[str, str] = field(hash=False)

    def severity_of(self, code: str) -> str:
        """``error`` or ``warning`` of an issue; ``off`` too for a check of data quality, whose severity is a setting."""
        return self.severities[code] if code in self.severities else SEVERITY[code]

    def counts_holiday(self, country: str) -> bool:
        """Whether a row of Holidays for this country (blank: every country) belongs to the calendar of this ledger."""
        return not country or not self.holiday_country or folded(country) == folded(self.holiday_country)

    def policy(
        self,
        *,
        payment_terms: tuple[PaymentTerms, ...] = (),
        reminder_levels: tuple[ReminderLevel, ...] = (),
        holidays: tuple[tuple[int, bool], ...] = (),
    ) -> Policy:
        """What the rules ask for: these values beside the ledger's own terms, ladder and calendar."""
        asked = {each.name for each in fields(Policy)}
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.name in asked}
        return Policy(
            **values,
            ledger_starts_day=self.ledger_starts_on,
            payment_terms=payment_terms,
            reminder_levels=reminder_levels,
            holidays=holidays,
        )


@dataclass(frozen=True)
class SettingIssue:
    """A row of the Settings sheet that could not be used: its key as found, which column, what is wrong, the value."""

    key: str
    field: str  # "key" | "value"
    code: str  # "unknown_setting" | "bad_setting" | "duplicate_differs"
    value: str


def find_setting(name: str) -> Setting | None:
    """The setting by its key or by its label in either language; case, spaces and underscores do not matter."""
    return _BY_NAME.get(folded(name))


def parse_settings(cells: Mapping[str, Cell], *, is_1904: bool = False) -> tuple[Settings, list[SettingIssue]]:
    """Settings from the cells of the sheet, by the name that stands before each; what is blank or absent has its default.

    The default holds, with an issue, for a value that cannot be read (``bad_setting``) and for a setting named twice with
    two values (``duplicate_differs``); a name that is none is an ``unknown_setting``. ``is_1904``: the date system of the
    workbook, should a date stand there as a bare number.
    """
    found: dict[str, dict[str, Cell]] = {}
    issues = []
    for name, cell in cells.items():
        setting = find_setting(name)
        if setting is None:
            issues.append(SettingIssue(name, "key", "unknown_setting", name))
        elif not is_blank(cell):
            found.setdefault(setting.key, {})[name] = cell

    values: dict[str, Any] = {}
    for setting in SETTINGS.values():
        typed = found.get(setting.key, {})
        values[setting.key] = read_value(setting.default, setting.kind, setting.choices, is_1904=is_1904)
        if len(set(map(str, typed.values()))) > 1:
            issues += [SettingIssue(name, "key", "duplicate_differs", str(cell)) for name, cell in typed.items()]
            continue
        for name, cell in typed.items():
            try:
                values[setting.key] = read_value(cell, setting.kind, setting.choices, is_1904=is_1904)
            except BadValue:
                issues.append(SettingIssue(name, "value", "bad_setting", str(cell)))
    severities = {check.code: values.pop(check.setting) for check in CHECKS.values()}
    return Settings(**values, severities=severities), issues


_BY_NAME = {
    folded(name): setting for setting in SETTINGS.values() for name in (setting.key, setting.label.en, setting.label.zh)
}
