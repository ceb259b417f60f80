"""Reasons in words: why an item is held, and why a customer has its credit status, with the figures that decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from workbook.table import Words

HELD: Mapping[str, Words] = {
    "bank_not_current": Words(
        "The bank statements are not read up to the last working day: someone may have paid.",
        "银行对账单尚未录入到上一工作日，客户可能已付款。",
    ),
    "left_out_rows": Words(
        "A receipt of this customer could not be read: mend it first (sheet Issues).",
        "该客户有一笔收款无法读取，请先更正（见“问题清单”）。",
    ),
    "legal": Words("The customer is in legal proceedings.", "该客户已进入法律程序。"),
    "do_not_remind": Words("The customer is marked not to be reminded.", "该客户已标记为不催款。"),
    "disputed": Words("In dispute since {since}.", "自 {since} 起有争议。"),
    "promise": Words("Promised on {since}; nothing is sent before {until}.", "客户于 {since} 承诺付款，{until} 之前不催。"),
    "on_plan": Words("On a repayment plan of which nothing is overdue.", "已列入还款计划，且计划无逾期。"),
    "not_yet": Words("Nothing is due to be sent before {until}.", "{until} 之前无需发送。"),
    "waiting": Words(
        "Last reminded on {since}; the next level comes on {until}.", "上次于 {since} 催款，下一级别在 {until}。"
    ),
    "ladder_done": Words("Every level was sent: decide what comes next.", "各级别均已发送，请决定下一步。"),
    "covered_by_credit": Words(
        "The customer's unapplied receipts and credits cover the message.", "客户的未核销收款和贷项已足以抵付。"
    ),
    "below_tolerance": Words("The message's total is below the level's minimum.", "本次催款合计低于该级别的最低金额。"),
    "too_soon": Words(
        "Last reminded on {since}: the level's interval ends on {until}.", "上次于 {since} 催款，间隔期至 {until}。"
    ),
    "no_contact": Words(
        "The customer has no address, e-mail or phone for this channel.", "客户没有该渠道所需的地址、邮箱或电话。"
    ),
}
"""Held reason → why; {since} and {until} are dates."""

STATUS: Mapping[str, Words] = {
    "on_hold": Words("Set by staff.", "由人员设定。"),
    "limit_expired": Words("The limit has expired: it counts as 0.", "信用额度已到期，按 0 计算。"),
    "over_limit": Words("Exposure is {missing} above limit and guarantee.", "敞口超出额度与担保 {missing}。"),
    "overdue_block": Words(
        "An undisputed item is more than {block_days} days overdue.", "有无争议款项逾期超过 {block_days} 天。"
    ),
    "watch": Words("{used} % of limit and guarantee is used.", "额度与担保已使用 {used}%。"),
    "ok": Words("", ""),
}
"""Credit status → why."""

_NO_DATE = Words("a date not known", "未定日期")


def explain_hold(reason: str, *, since: dt.date | None, until: dt.date | None, language: str) -> str:
    """The held reason in words, with its dates where they are known."""
    unknown = _NO_DATE.in_language(language)
    return HELD[reason].in_language(language).format(since=since or unknown, until=until or unknown)


def explain_status(status: str, *, missing: str, used: str, block_days: int, language: str) -> str:
    """The credit status in words, with the figures that decided it."""
    return STATUS[status].in_language(language).format(missing=missing, used=used, block_days=block_days)
