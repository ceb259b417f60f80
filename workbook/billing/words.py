"""What billing says, in two languages."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.table import Words

BILLING_WORDS: Mapping[str, Words] = {
    "proposed": Words("Invoices proposed on the Billing sheet: {count}", "“待开发票”表建议开票：{count} 张"),
    "bill": Words(
        "{id}, contract {contract}, customer {customer}, {amount}",
        "{id}，合同 {contract}，客户 {customer}，{amount}",
    ),
    "posted": Words("Invoices posted: {count}", "已登记发票：{count} 张"),
    "due": Words("due {days}", "到期日 {days}"),
    "nothing_due": Words("Nothing is due to be billed.", "没有应开的发票。"),
    "nothing_left": Words("The Billing sheet holds no row: nothing was posted.", "“待开发票”表无内容，未登记。"),
    "in_spite": Words("Posted in spite of this: {why}", "已确认仍予登记：{why}"),
    "over_limit": Words(
        "The bills take customer {customer} over the credit limit: {missing} is missing.",
        "本次开票将使客户 {customer} 超出信用额度：尚缺 {missing}。",
    ),
    "group_over_limit": Words(
        "The bills take the group of {customer} over its credit limit: {missing} is missing.",
        "本次开票将使 {customer} 集团超出信用额度：尚缺 {missing}。",
    ),
    "on_hold": Words("Customer {customer} is on hold.", "客户 {customer} 已冻结赊销。"),
    "limit_expired": Words("The credit limit of customer {customer} has expired.", "客户 {customer} 的信用额度已过期。"),
    "overdue_block": Words("Customer {customer} is blocked for what is overdue.", "客户 {customer} 因逾期冻结。"),
    "no_exchange_rate": Words(
        "A currency of the bills of customer {customer} has no exchange rate.", "客户 {customer} 本次开票的币种没有汇率。"
    ),
    "question": Words("{why} Post them all the same?", "{why}仍要登记吗？"),
    "say_yes": Words(
        "{why} Nothing was posted: delete those rows of Billing, or add --yes to post them all the same.",
        "{why}尚未登记：请删除“待开发票”表中的相应行，或加 --yes 仍予登记。",
    ),
    "row_is_wrong": Words("Nothing was posted. {issues}", "未登记。{issues}"),
    "unknown_contract": Words(
        "{cell}: there is no contract {contract}. Nothing was posted: correct the row, or delete it.",
        "{cell}：没有合同 {contract}。未登记，请更正或删除该行。",
    ),
    "billed_already": Words(
        "{cell}: contract {contract} is billed for {day} already. Nothing was posted: delete the row.",
        "{cell}：合同 {contract} 已就 {day} 开过票。未登记，请删除该行。",
    ),
    "another_day": Words(
        "The Billing sheet holds what was proposed as of {found}. Post that with --as-of {found}, or propose anew with "
        "--as-of {asked} and without --post.",
        "“待开发票”表是截至 {found} 的建议。请用 --as-of {found} 登记，或去掉 --post、用 --as-of {asked} 重新生成建议。",
    ),
}  # fmt: skip


def said(code: str, language: str, **values: object) -> str:
    """The words of a code with their values. Raises KeyError for one that has none."""
    return BILLING_WORDS[code].in_language(language).format(**values)
