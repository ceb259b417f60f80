"""Codes → words in English and Chinese: the one place where a code gets a name that users see.

A code means the same wherever it occurs (``invoice_date`` as a basis of terms or of aging), so one table serves all.
Titles and advice of issues stand in ``issue_texts.py``, table and column headers in ``schema``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from workbook.port import Cell
from workbook.table import Column, Kind, Words

YES = Words("Yes", "是")
NO = Words("No", "否")

_DOCUMENTS = {
    "invoice": Words("Invoice", "发票"),
    "debit_note": Words("Debit note", "借项通知"),
    "interest_note": Words("Interest note", "利息单"),
    "credit_note": Words("Credit note", "贷项通知"),
    "receipt": Words("Receipt", "收款"),
    "reversal": Words("Reversal", "退票冲销"),
    "refund": Words("Refund", "退款"),
    "plan": Words("Repayment plan", "还款计划"),
    "activity": Words("Contact or promise", "联系记录或承诺"),
    "order": Words("Order", "订单"),
    "contract": Words("Contract", "合同"),
    "customer": Words("Customer", "客户"),
    "statement": Words("Statement of account", "对账单"),
    "confirmation": Words("Confirmation of balance", "询证函"),
}

_METHODS = {
    "bank_transfer": Words("Bank transfer", "银行转账"),
    "cash": Words("Cash", "现金"),
    "cheque": Words("Cheque", "支票"),
    "card": Words("Card", "刷卡"),
    "bank_bill": Words("Bank acceptance bill", "银行承兑汇票"),
    "commercial_bill": Words("Commercial acceptance bill", "商业承兑汇票"),
    "netting": Words("Netting", "往来抵账"),
}

_CONTACTS = {
    "email": Words("E-mail", "电子邮件"),
    "sms": Words("Text message", "短信"),
    "phone": Words("Phone call", "电话"),
    "visit": Words("Visit", "上门拜访"),
    "letter": Words("Letter", "信函"),
    "lawyer": Words("Lawyer", "律师"),
    "reached": Words("Reached", "已联系上"),
    "no_answer": Words("No answer", "无人接听"),
    "promised": Words("Promised to pay", "承诺付款"),
    "refused": Words("Refused to pay", "拒绝付款"),
    "other": Words("Other", "其他"),
    "en": Words("English", "英文"),
    "zh-CN": Words("Chinese", "中文"),
}

_WRITE_OFFS = {
    "bad_debt": Words("Bad debt", "坏账"),
    "small_difference": Words("Small difference", "尾差"),
    "bank_charge": Words("Bank charge", "银行手续费"),
    "concession": Words("Concession", "让利减免"),
}

_POLICIES = {
    "invoice_date": Words("Invoice date", "开票日期"),
    "due_date": Words("Due date", "到期日"),
    "end_of_month": Words("End of month", "月末"),
    "oldest_due_first": Words("Oldest due first", "先到期先清"),
    "explicit_only": Words("Explicit allocations only", "仅按指定清账"),
    "list_of_items": Words("List of items", "未清项清单"),
    "no_attachment": Words("No attachment", "不附文件"),
    "none": Words("None", "不调整"),
    "next": Words("Next working day", "顺延至下一工作日"),
    "previous": Words("Previous working day", "提前至上一工作日"),
    "modified_next": Words("Next working day in the same month", "顺延但不跨月"),
}

_CREDIT_STATUSES = {
    "on_hold": Words("On hold", "冻结赊销"),
    "limit_expired": Words("Limit expired", "额度过期"),
    "over_limit": Words("Over the limit", "超额度"),
    "overdue_block": Words("Blocked: overdue", "逾期冻结"),
    "watch": Words("Watch", "关注"),
    "ok": Words("OK", "正常"),
}

_HELD_REASONS = {
    "bank_not_current": Words("Bank statement not current", "银行对账单未更新"),
    "left_out_rows": Words("A receipt could not be read", "有收款行无法读取"),
    "legal": Words("In legal collection", "已移交法务"),
    "do_not_remind": Words("Do not remind", "免催款"),
    "disputed": Words("Disputed", "有争议"),
    "promise": Words("Promise to pay", "有付款承诺"),
    "on_plan": Words("On a repayment plan", "按还款计划履行中"),
    "not_yet": Words("Not yet time", "未到催款时点"),
    "waiting": Words("Waiting for the next level", "等待下一级别"),
    "ladder_done": Words("All levels sent", "各级别均已催完"),
    "covered_by_credit": Words("Covered by unapplied credit", "未核销款足以抵付"),
    "below_tolerance": Words("Below the minimum amount", "低于起催金额"),
    "too_soon": Words("Too soon after the last reminder", "距上次催款太近"),
    "no_contact": Words("No contact details", "缺少联系方式"),
}

_BILLING_RULES = {
    "once": Words("Once", "一次性"),
    "monthly": Words("Monthly", "每月"),
    "quarterly": Words("Quarterly", "每季"),
    "yearly": Words("Yearly", "每年"),
    "milestones": Words("By milestones", "按里程碑"),
}

_STEPS = {
    "opening_settled": Words("Settled before start", "期初已结"),
    "linked_credit": Words("Linked credit note", "对应贷项通知"),
    "allocation": Words("Allocation", "指定清账"),
    "discount": Words("Discount taken", "现金折扣"),
    "write_off": Words("Write-off", "坏账核销"),
    "recovery": Words("Recovery", "核销后收回"),
    "write_off_reversed": Words("Write-off reversed", "冲回核销"),
}

_MATCHES = {
    "certain": Words("Certain", "确定"),
    "high": Words("High", "高"),
    "medium": Words("Medium", "中"),
    "low": Words("Low", "低"),
    "recorded_line": Words("Receipt of this line", "已按此明细登记"),
    "recorded_reference": Words("Receipt with this reference", "已登记，参考号相同"),
    "recorded_amount": Words("Receipt of this amount", "已登记，金额相同"),
    "named_exact": Words("Invoices named, amount equal", "附言写明发票，金额相符"),
    "named_discount": Words("Invoices named, less discount", "附言写明发票，扣除折扣后相符"),
    "named_less_credit": Words("Invoices named, less credit notes", "附言写明发票，抵扣贷项通知后相符"),
    "named_short": Words("Invoices named, a little short", "附言写明发票，略有短付"),
    "named_part": Words("Invoice named, part paid", "附言写明发票，部分付款"),
    "named_over": Words("Invoices named, more paid", "附言写明发票，多付"),
    "named_some": Words("Some of the invoices named", "附言中的部分发票"),
    "group_exact": Words("Invoices of several customers named", "附言写明多个客户的发票"),
    "same_amount": Words("Customer and amount", "客户与金额相符"),
    "same_amount_discount": Words("Customer, and amount less discount", "客户相符，扣除折扣后金额相符"),
    "same_amount_short": Words("Customer, and amount a little short", "客户相符，略有短付"),
    "several_invoices": Words("Several invoices sum to it", "多张发票合计相符"),
    "less_credit": Words("Customer's invoices less credit notes", "客户发票抵扣贷项通知后相符"),
    "several_lines": Words("Several lines sum to an invoice", "多笔明细合计为一张发票"),
    "name_only": Words("Customer only", "仅客户相符"),
    "unmatched": Words("Nothing found", "未找到"),
}

_RECONCILING = {
    "control_account": Words("Control account", "总账应收"),
    "bank": Words("Bank", "银行"),
    "confirmation": Words("Confirmation", "往来函证"),
    "cut_off": Words("Dated near the cut-off", "日期临近截止日"),
    "entered_twice": Words("Entered twice", "重复录入"),
    "amount": Words("Its amount is the difference", "金额等于差异"),
    "half": Words("Its amount is half the difference", "金额为差异的一半"),
    "transposed": Words("Digits transposed", "数字颠倒"),
}

_SCOPES = {
    "account": Words("Customer and currency", "客户与币种"),
    "in_base": Words("Customer, in base currency", "客户（本位币）"),
    "total": Words("Total of the currency", "币种合计"),
    "total_in_base": Words("Total in base currency", "本位币合计"),
}

_SEVERITIES = {
    "error": Words("Error", "错误"),
    "warning": Words("Warning", "警告"),
    "off": Words("Off", "不检查"),
}

WORDS: Mapping[str, Words] = MappingProxyType(
    _DOCUMENTS
    | _METHODS
    | _CONTACTS
    | _WRITE_OFFS
    | _POLICIES
    | _CREDIT_STATUSES
    | _HELD_REASONS
    | _BILLING_RULES
    | _STEPS
    | _MATCHES
    | _RECONCILING
    | _SCOPES
    | _SEVERITIES
    | {"yes": YES, "no": NO, "not_due": Words("Not due", "未到期")}
)
"""Every code but the dated buckets, which ``bucket_words`` makes from their edges."""

_BUCKET = re.compile(r"d(\d+)_(\d+)|over_(\d+)")


class NoWords(KeyError):
    """A code that has no words: it was added to a rule and not here."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"the code {self.code!r} has no words in workbook/labels.py"


def bucket_words(code: str) -> Words:
    """The name of an aging bucket, whatever the edges: ``d1_30`` → 1–30 days, ``over_120`` → Over 120 days.

    Raises NoWords for what is not a bucket.
    """
    if code == "not_due":
        return WORDS[code]
    bucket = _BUCKET.fullmatch(code)
    if bucket is None:
        raise NoWords(code)
    low, high, over = bucket.groups()
    if over is not None:
        return Words(f"Over {over} days", f"{over}天以上")
    if low == high:
        return Words(f"{low} {'day' if low == '1' else 'days'}", f"{low}天")
    return Words(f"{low}–{high} days", f"{low}–{high}天")


def words_of(code: str) -> Words:
    """The words of a code, a bucket's too. Raises NoWords."""
    return WORDS[code] if code in WORDS else bucket_words(code)


def words(code: str, language: str) -> str:
    """The word for a code in ``en`` or ``zh-CN``; a blank code has none. Raises NoWords."""
    return words_of(code).in_language(language) if code else ""


def yes_no(flag: bool, language: str) -> str:
    """Yes or No, 是 or 否."""
    return (YES if flag else NO).in_language(language)


def shown(column: Column, cell: Cell, language: str) -> Cell:
    """A value as its cell shows it: a code as its word, a flag as yes or no, all else as it is.

    A choice that is not one of the column's codes stays as it was typed. Raises NoWords.
    """
    if column.kind is Kind.CHOICE and cell in column.choices:
        return words(str(cell), language)
    if column.kind is Kind.YES_NO and isinstance(cell, bool):
        return yes_no(cell, language)
    return cell
