"""What is wrong and what to do about it, for every issue code, in both languages.

``functions/issues.py`` says how grave each is; a test demands that the two lists are the same. Texts name columns and
sheets as users see them and end with the next step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workbook.issue import Issue
from workbook.quality.checks import CHECKS
from workbook.table import Words


@dataclass(frozen=True)
class IssueText:
    """The name of an issue and the way out of it."""

    title: Words
    what_to_do: Words

    def in_language(self, language: str) -> str:
        """Both in one line, as the Issues sheet shows them."""
        joint = "：" if language.startswith("zh") else ": "
        return f"{self.title.in_language(language)}{joint}{self.what_to_do.in_language(language)}"


def _text(title_en: str, title_zh: str, en: str, zh: str) -> IssueText:
    return IssueText(Words(title_en, title_zh), Words(en, zh))


_CELLS = {
    "blank_required": _text(
        "Required cell is blank", "必填项为空",
        "Fill in the cell, or delete the row if it is not meant.", "请填写该单元格；若该行多余请删除。",
    ),
    "draft_row": _text(
        "Begun, not finished", "尚未填完",
        "Fill in the date and the amount, or delete the row. Until then its customer is not reminded if it is a receipt.",
        "请补填日期和金额，或删除该行。若为收款，补全之前不向该客户催款。",
    ),
    "not_a_number": _text(
        "Not a number", "不是数字",
        "Type the amount as a plain number, such as 1234.50, without words.", "请填写纯数字，如 1234.50，不要夹杂文字。",
    ),
    "ambiguous_number": _text(
        "Comma or point?", "小数点或千分位不明",
        "It could be read two ways. Type it as a number, or say --decimal point or --decimal comma when importing.",
        "该数字有两种读法。请改为数字格式，或在导入时用 --decimal point 或 --decimal comma 说明。",
    ),
    "too_many_decimals": _text(
        "More decimals than the currency has", "小数位超出币种精度",
        "Round the amount yourself to the currency's decimals (CNY 2, JPY 0), or correct the currency.",
        "请按币种小数位（CNY 2 位、JPY 0 位）自行取整，或更正币种。",
    ),
    "amount_too_large": _text(
        "Amount too large", "金额过大",
        "Check for extra digits. Amounts of a customer may come to about 22 trillion at most.",
        "请检查是否多输了位数；同一客户金额合计上限约 22 万亿。",
    ),
    "amount_not_positive": _text(
        "Amount must be above zero", "金额必须大于零",
        "Type a positive amount. Money that went back is a row of kind Reversal or Refund.",
        "请填正数；退回的款项请用类型为“退票冲销”或“退款”的行记录。",
    ),
    "zero_amount": _text(
        "Amount is zero", "金额为零",
        "Fill in the amount, or delete the row if it is not needed.", "请填写金额；若无需此行请删除。",
    ),
    "not_a_date": _text(
        "Not a date", "不是日期",
        "Type a date that begins with the year, such as 2024-01-31.", "请填写以年份开头的日期，如 2024-01-31。",
    ),
    "ambiguous_date": _text(
        "Day or month first?", "日月顺序不明",
        "Type it as 2024-01-31, or say --date-order dmy, mdy or ymd when importing.",
        "请改写为 2024-01-31 的形式，或在导入时用 --date-order dmy、mdy 或 ymd 说明。",
    ),
    "date_out_of_range": _text(
        "Date outside 1980 to 2099", "日期超出 1980–2099",
        "Check the year. If the due date was worked out, check the payment terms too.",
        "请检查年份；若为推算的到期日，请一并检查付款条件。",
    ),
    "not_a_choice": _text(
        "Not one of the choices", "不在可选项内",
        "Pick a word from the cell's drop-down list.", "请从单元格的下拉列表中选择。",
    ),
    "not_yes_no": _text(
        "Neither yes nor no", "既非是也非否",
        "Type Yes or No, or leave the cell blank for No.", "请填“是”或“否”；留空视为“否”。",
    ),
    "not_an_integer": _text(
        "Not a whole number", "不是整数",
        "Type a whole number, such as 30.", "请填写整数，如 30。",
    ),
    "not_a_rate": _text(
        "Not a usable rate", "不是有效的比率",
        "Type a number that is not negative, with nine significant digits at most, such as 7.25 or 18.25%.",
        "请填写非负数，最多九位有效数字，如 7.25 或 18.25%。",
    ),
    "not_an_id": _text(
        "Not usable as an id", "不能作为编号",
        "Type the id as text or as a whole number: a date, a fraction or TRUE is not one.",
        "请以文本或整数填写编号；日期、小数、TRUE 均不是编号。",
    ),
    "number_as_id": _text(
        "One id, as a number and as text", "同一编号既有数字又有文本",
        "They are taken as one. Format the column as Text, so that leading zeros are not lost.",
        "已按同一编号处理。请将该列设为文本格式，以免丢失前导零。",
    ),
    "id_with_control_characters": _text(
        "Unprintable characters in an id", "编号含不可见字符",
        "Type the id anew: it holds a line break, a tab or another unprintable character.",
        "请重新输入编号：其中含有换行、制表符或其他不可见字符。",
    ),
    "error_cell": _text(
        "Excel error in the cell", "单元格为 Excel 错误值",
        "Mend the formula that gives this error, or type the value.", "请修正出错的公式，或直接输入数值。",
    ),
    "not_calculated": _text(
        "Formula without a value", "公式尚未计算",
        "Open the workbook in Excel, let it calculate, save it, and run again.",
        "请在 Excel 中打开并重新计算，保存后再运行。",
    ),
    "unknown_currency": _text(
        "Unknown currency", "未知币种",
        "Use a three-letter ISO 4217 code, such as CNY, USD or EUR.", "请使用 ISO 4217 三位代码，如 CNY、USD、EUR。",
    ),
}  # fmt: skip

_ROWS = {
    "duplicate_identical": _text(
        "The same row twice", "重复行",
        "It counts once. Delete the other row.", "已只计一次，请删除多余的行。",
    ),
    "duplicate_differs": _text(
        "One id, different rows", "同一编号的行内容不同",
        "None of them counts. Keep the right row, and delete or renumber the others.",
        "这些行均未计入。请保留正确的一行，其余删除或重新编号。",
    ),
    "unknown_setting": _text(
        "Unknown setting", "未知设置项",
        "Check the spelling against the documentation, or delete the row.", "请对照文档检查拼写，或删除该行。",
    ),
    "bad_setting": _text(
        "Setting not understood", "设置值无效",
        "The default was used instead. Correct the value, or clear the cell to keep the default.",
        "已改用默认值。请更正该值，或清空以沿用默认值。",
    ),
    "bad_instalments": _text(
        "Instalments not understood", "分期写法有误",
        "Write percent@days parts that sum to 100, such as 30@30;50@60;20@90.",
        "请按“百分比@天数”填写且合计 100，如 30@30;50@60;20@90。",
    ),
    "ladder_not_increasing": _text(
        "Ladder out of order", "催款阶梯次序有误",
        "This level falls on no later day than the level below it. Renumber the levels or correct the days.",
        "该级别的日期不晚于前一级别，请调整级别次序或天数。",
    ),
}  # fmt: skip

_DOCUMENTS = {
    "negative_amount": _text(
        "Negative amount", "金额为负",
        "If it is a credit note, say so under Kind; else type a positive amount.",
        "若为贷项通知请在“单据类型”中选明；否则请填正数。",
    ),
    "opening_settled_over_amount": _text(
        "Settled before start is not within the amount", "期初已结金额超出范围",
        "Type what was paid before this ledger began: between zero and the amount.",
        "请填写启用前已结清的金额，应在 0 与单据金额之间。",
    ),
    "unknown_order": _text(
        "Unknown order", "订单不存在",
        "No row of Orders has this id, so that the invoice uses no order up and exposure may count both. Correct the id, or "
        "add the order.",
        "“订单”表中没有此编号，该发票未冲减任何订单，敞口可能重复计算。请更正编号，或补录订单。",
    ),
    "unknown_customer": _text(
        "Unknown customer", "未知客户",
        "Add the customer to the Customers sheet, or correct the id.", "请在“客户”表中添加该客户，或更正编号。",
    ),
    "unknown_payment_terms": _text(
        "Unknown payment terms", "未知付款条件",
        "Add the terms to the PaymentTerms sheet, or correct the id.", "请在“付款条件”表中添加，或更正编号。",
    ),
    "no_due_date": _text(
        "No due date", "没有到期日",
        "Fill in the due date, or payment terms on the invoice, its contract or its customer.",
        "请填写到期日，或在发票、合同、客户上填写付款条件。",
    ),
    "plan_over_amount": _text(
        "Plan exceeds the invoice", "还款计划超过发票金额",
        "The plan is ignored. Make its parts sum to no more than the invoice's amount.",
        "该计划未生效。请使各期合计不超过发票金额。",
    ),
    "no_exchange_rate": _text(
        "No exchange rate", "缺少汇率",
        "Add a rate for this currency to the ExchangeRates sheet, dated on or before the as-of date.",
        "请在“汇率”表中添加该币种在截至日或之前的汇率。",
    ),
    "no_interest_rate": _text(
        "No interest rate", "缺少利率",
        "Its late interest is blank. Add a rate for this currency to the InterestRates sheet from the first late day on, or "
        "fill in the contract's late interest rate.",
        "其逾期利息为空。请在“利率”表中添加该币种自首个逾期日起的利率，或填写合同的逾期利率。",
    ),
    "discount_too_late": _text(
        "Discount taken too late", "逾期享受现金折扣",
        "It counts as given. The payment came after the discount days of the terms: claim the difference, or leave it.",
        "已按折扣计算。付款晚于折扣期：可追收差额，也可维持。",
    ),
    "discount_over_terms": _text(
        "Discount above the terms", "现金折扣超出付款条件",
        "It counts as given. The discounts of this invoice are more than its terms offer: check the amount.",
        "已按折扣计算。该发票的折扣超过付款条件所给，请核对金额。",
    ),
    "self_approved": _text(
        "Approved by whoever entered it", "录入人自行审批",
        "Have somebody else look at it, and put that name here. Names are as declared.",
        "请由他人复核并填写其姓名（姓名为申报，未经核实）。",
    ),
    "unapproved_over": _text(
        "No approver, though it is above the limit", "超过限额且无审批人",
        "Have it approved and fill in who did, or raise approval_above in Settings.",
        "请完成审批并填写审批人，或在“设置”中提高须审批金额。",
    ),
    "bank_details_changed": _text(
        "Our own bank details were changed", "本公司收款账户信息已更改",
        "Ask who changed it and compare it with the bank's papers before any letter goes out.",
        "请核实更改人，并与银行资料核对，确认前勿发出信函。",
    ),
    "contract_without_terms": _text(
        "Contract without payment terms", "合同无付款条件",
        "Fill in the contract's payment terms, or the customer's: until then it is not billed.",
        "请填写合同或客户的付款条件；填写之前不予开票。",
    ),
    "no_billing_amount": _text(
        "No amount to bill", "无开票金额",
        "Fill in the contract's billing amount (or its amount, if it is billed once or by milestones).",
        "请填写合同的每期开票金额（一次性或按里程碑开票的填写合同金额）。",
    ),
    "contract_past_end": _text(
        "A bill falls after the contract's end", "开票日晚于合同到期日",
        "Move the contract's end if it was prolonged, else clear its next bill date.",
        "合同如已续期请更改到期日，否则请清空下次开票日。",
    ),
    "billed_over_amount": _text(
        "Billed above the contract's amount", "开票超过合同金额",
        "Raise the contract's amount if more was agreed, else credit what was billed too much or end the billing.",
        "如已追加金额请更改合同金额，否则请冲减多开部分或停止开票。",
    ),
    "milestones_not_whole": _text(
        "Milestones do not make 100 %", "里程碑合计不为 100%",
        "Correct the percents on the Milestones sheet so that they sum to 100.",
        "请在“里程碑”表中更正百分比，使合计为 100。",
    ),
    "limitation_near": _text(
        "Soon it can no longer be claimed", "诉讼时效即将届满",
        "See limitation_date on OpenItems: claim it in court, or have the customer pay a part or acknowledge it in writing.",
        "见未清项的“诉讼时效届满日”：请起诉，或取得部分付款或书面确认。",
    ),
    "limitation_passed": _text(
        "The time to claim it is over", "诉讼时效已届满",
        "Ask a lawyer whether something began it anew and record that; else consider a write-off.",
        "请律师确认时效是否中断并补记；否则考虑核销。",
    ),
    "no_maturity": _text(
        "Bill without maturity", "汇票缺少到期日",
        "It counts as not matured. Fill in when the bill falls due.", "暂按未到期计入敞口，请填写汇票到期日。",
    ),
    "unknown_group": _text(
        "Unknown group head", "未知集团主体",
        "The customer is taken to stand alone. Add the head to the Customers sheet, or correct the id.",
        "已按独立客户处理。请在“客户”表中添加集团主体，或更正编号。",
    ),
    "nested_group": _text(
        "Head within another group", "集团主体又属于其他集团",
        "It stays the head of its own members. Give them all one head, or clear this cell.",
        "仍按其自身为主体处理。请统一指定一个主体，或清空该单元格。",
    ),
    "member_limit_ignored": _text(
        "Limit of a group member", "集团成员自有额度",
        "The head's limit covers the group, so this one is ignored. Clear it, or take the customer out of the group.",
        "集团额度以主体为准，该额度不生效。请清空，或将其移出集团。",
    ),
}  # fmt: skip

_SETTLEMENT = {
    "unknown_invoice": _text(
        "Unknown invoice", "未知发票",
        "Nothing is applied. Correct the invoice ID, or enter the invoice it names. A credit note cannot be settled so.",
        "未予清账。请更正发票编号，或补录该发票；贷项通知不能如此结清。",
    ),
    "unknown_receipt": _text(
        "Unknown receipt", "未知收款",
        "Nothing is applied. Correct the id, or enter the receipt or credit note it names.",
        "未予清账。请更正编号，或补录该收款或贷项通知。",
    ),
    "other_customer": _text(
        "Two customers", "客户不一致",
        "The two rows belong to different customers. Correct the id or the customer.",
        "所对应的两行属于不同客户，请更正编号或客户。",
    ),
    "other_currency": _text(
        "Two currencies", "币种不一致",
        "The two rows are in different currencies, which never settle each other. Correct the id or the currency.",
        "所对应的两行币种不同，不能互相结清。请更正编号或币种。",
    ),
    "over_asked": _text(
        "More than the receipt holds", "超过收款可用金额",
        "Nothing is applied. Lower the amounts that name this receipt until they are within what it holds.",
        "未予清账。请调低引用该收款的各项金额，使其不超过可用金额。",
    ),
    "over_settled": _text(
        "More than the invoice owed", "超过发票应付金额",
        "Nothing is applied. Lower the amounts that name this invoice until they are within what it owed.",
        "未予清账。请调低引用该发票的各项金额，使其不超过应付金额。",
    ),
    "reversal_of_unknown": _text(
        "Reversal of an unknown receipt", "冲销的收款不存在",
        "Put the id of the bounced receipt under Related receipt ID.", "请在“对应收款编号”中填写被退票的收款编号。",
    ),
    "reversal_not_whole": _text(
        "Reversal of a part", "只冲销了部分金额",
        "A reversal takes the whole receipt back: type the receipt's full amount. For a part, enter a refund.",
        "冲销须全额：请填收款的全部金额；部分退回请录入退款。",
    ),
    "reversed_twice": _text(
        "Reversed twice", "重复冲销",
        "This receipt was reversed before. Delete this row, or correct the id.", "该收款已被冲销。请删除此行，或更正编号。",
    ),
}  # fmt: skip

_LOCKS = {
    "opening_differs": _text(
        "Opening items do not sum to the control account", "期初未清项与总账应收不符",
        "What was open when the ledger began is not what the control account said then (ours − theirs). Look at {about}; "
        "correct those rows, their opening_settled, or the balance.",
        "账套启用时的未清项合计与总账应收余额不符（账面 − 总账）。请查看 {about}，更正这些行、其“期初已结金额”或总账余额。",
    ),
    "changed_after_lock": _text(
        "Changed behind the lock", "锁定后被更改",
        "The period was locked with the first value. Put it back, or unlock the period and lock it again.",
        "该期间锁定时为前一个值。请改回，或解锁后重新锁定该期间。",
    ),
    "added_after_lock": _text(
        "Added behind the lock", "锁定后新增",
        "The row is dated in a locked period and was not there when it was locked. Date it later, or leave it and say why.",
        "该行日期属于已锁定期间，锁定时并不存在。请改用之后的日期，或保留并说明原因。",
    ),
    "removed_after_lock": _text(
        "Removed behind the lock", "锁定后被删除",
        "The row was there when the period was locked. Enter it again as it was, or unlock the period and lock it again.",
        "锁定时该行存在。请按原样补录，或解锁后重新锁定该期间。",
    ),
    "locked_copy_missing": _text(
        "Locked copy missing", "找不到锁定副本",
        "Put the copy back beside the workbook: without it nobody can say what was changed.",
        "请将副本放回工作簿旁，否则无法说明改动内容。",
    ),
    "locked_copy_differs": _text(
        "Locked copy is another one", "锁定副本已变",
        "The copy is not the one that was kept. Take it from a backup.", "该副本与所留存的不一致，请从备份恢复。",
    ),
    "known_on_differs": _text(
        "As known then, not as locked", "按当时所知的数字与锁定不符",
        "What was locked was changed, removed or added to since, so that the workbook cannot tell what was known then. "
        "The locked figures come from the copy: duebook close --as-locked with this period, and -o.",
        "锁定后有更改、删除或补记，无法还原当时数字。请用 duebook close --as-locked（本期间）并加 -o 从副本取得锁定数字。",
    ),
    "known_before_lock": _text(
        "Known only since the lock", "录入日为锁定日",
        "Rows of this period without a day of entry got the day of the lock, which is after the day asked for: they are "
        "left out. Ask for the day of the lock or a later one.",
        "该期间未填录入日期的行以锁定日为录入日，晚于所问日期，故未计入。请改用锁定日或之后的日期。",
    ),
    "log_line_changed": _text(
        "Line of the run log changed", "运行日志被更改",
        "It is not as its run wrote it (or, for line 1, those above it of earlier versions). Find out who changed it; the "
        "locked copies and backups hold the line as it was.",
        "该行与运行时写入的内容不符（第 1 行还包括其上由旧版本写入的行）。请查明更改人；锁定副本和备份中保留原行。",
    ),
    "log_line_missing": _text(
        "Lines of the run log are gone", "运行日志缺行",
        "The lines of these numbers, before this one, were taken out. The locked copies and backups hold them.",
        "该行之前、所示编号的行已被删除。请查明删除人；锁定副本和备份中保留这些行。",
    ),
    "log_line_added": _text(
        "Line of the run log that no run chained", "运行日志中有链外行",
        "It was typed or copied by hand, or written by an earlier version of Duebook: then update that one.",
        "该行系手工输入或复制，或由旧版 Duebook 写入。请查明原因；若为旧版请升级。",
    ),
    "log_reordered": _text(
        "Run log in another order", "运行日志顺序变动",
        "Somebody sorted or moved its lines; nothing is lost by it. Sort the table by Run ID.",
        "有人对日志排序或移动了行，内容未受影响。请按“运行编号”重新排序。",
    ),
    "log_cut_off": _text(
        "Run log is not the one of the lock", "运行日志与锁定时不符",
        "When this period was locked, the run log held lines that are gone, or other ones. Compare it with the locked copy.",
        "锁定该期间时日志中的行现已缺失或不同。请与锁定副本核对。",
    ),
    "lock_removed": _text(
        "Lock is gone from Periods", "锁定记录被删除",
        "This run locked a period, and Periods has no such row any more: the period is open. Put the row back from a "
        "backup, or lock the period again.",
        "此次运行锁定了期间，但“锁定期间”表中已无该记录，期间实际处于未锁定状态。请从备份恢复该行，或重新锁定。",
    ),
}  # fmt: skip

_LETTERS = {
    "letter_unknown_field": _text(
        "Unknown field in a letter", "信函字段不存在",
        "A name in braces is none of the fields. Correct its spelling; docs/reminders.md lists them all.",
        "花括号内的名称不是可用字段。请更正拼写，如 {name}、{total_text}；字段清单见 docs/reminders.md。",
    ),
    "letter_brace": _text(
        "Brace without its other half", "花括号不成对",
        "Close the field, as {name}; for a brace that is to be printed, type it twice.",
        "请将字段写完整，如 {name}；若要打印花括号本身，请连写两个。",
    ),
    "letter_without_text": _text(
        "Letter without a text", "信函缺少文本",
        "Add the text of this letter to the Letters sheet, in each channel and language that it goes out in.",
        "请在“信函模板”表中按渠道和语言补充该信函的文本。",
    ),
    "letter_field_blank": _text(
        "Nothing to fill a letter's field with", "信函字段无内容可填",
        "A letter asks for this cell. Fill it in, or take the field out of the letter.",
        "信函引用了该单元格。请填写，或从信函中删去该字段。",
    ),
    "sms_too_long": _text(
        "Long text message", "短信过长",
        "It is sent in more than two parts, each of which is paid for. Shorten the text.",
        "该短信将拆成两条以上发送，按条计费。请精简文本。",
    ),
    "not_an_email": _text(
        "Not an e-mail address", "不是邮箱地址",
        "No e-mail can be made for this customer. Correct the address; set several apart with semicolons.",
        "无法向该客户发送邮件。请更正地址；多个地址用分号隔开。",
    ),
}  # fmt: skip

_REPORTS = {
    "remark_of_a_gone_row": _text(
        "Your remark on a row that is gone", "所注行已不在表中",
        "You wrote this beside a row that is no longer in that table. Delete this row once you have read it.",
        "此备注原写在该表中已不存在的行旁。阅后可删除本行。",
    ),
}  # fmt: skip

_QUALITY = {code: IssueText(check.title, check.what_to_do) for code, check in CHECKS.items()}

ISSUE_TEXTS: Mapping[str, IssueText] = MappingProxyType(
    _CELLS | _ROWS | _DOCUMENTS | _SETTLEMENT | _LOCKS | _LETTERS | _REPORTS | _QUALITY
)
"""Issue code → its texts."""


def what_to_do(issue: Issue, language: str) -> str:
    """The way out of one issue, with the ids or numbers that it is about."""
    return ISSUE_TEXTS[issue.code].what_to_do.in_language(language).replace("{about}", issue.about)
