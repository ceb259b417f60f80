"""Why a line is taken to pay what it pays, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workbook import labels
from workbook.table import Words

EXPLANATIONS: Mapping[str, Words] = {
    "recorded_line": Words("Receipt {receipt} was recorded from this line.", "收款 {receipt} 由本笔明细登记。"),
    "recorded_reference": Words("Receipt {receipt} has this reference and amount.", "收款 {receipt} 的参考号与金额相同。"),
    "recorded_amount": Words("Receipt {receipt} has this amount, within a few days.", "收款 {receipt} 金额相同，日期相近。"),
    "named_exact": Words("The text names what is open to the cent.", "附言写明的发票与金额完全相符。"),
    "named_discount": Words(
        "The text names the invoices; the amount is theirs less early-payment discount.",
        "附言写明发票，金额等于扣除提前付款折扣后的应付数。",
    ),
    "named_less_credit": Words(
        "The text names the invoices; the payer deducted {credits}.", "附言写明发票，付款方抵扣了 {credits}。"
    ),
    "named_short": Words(
        "The text names the invoices; a little less was paid, as when a bank keeps its charge.",
        "附言写明发票，略有短付，可能为银行手续费。",
    ),
    "named_part": Words("The text names the invoices; a part of them was paid.", "附言写明发票，仅部分付款。"),
    "named_over": Words(
        "The text names the invoices; more was paid than is open, the rest stays unapplied.",
        "附言写明发票，多付部分作未核销收款。",
    ),
    "named_some": Words("The text names more invoices; these sum to the amount.", "附言写明多张发票，其中这些合计相符。"),
    "group_exact": Words(
        "The text names invoices of several customers that sum to the amount: one receipt each.",
        "附言写明多个客户的发票，合计相符：各登记一笔收款。",
    ),
    "same_amount": Words("An open invoice has this amount.", "有未清发票金额相同。"),
    "same_amount_discount": Words(
        "The payer's invoice, less early-payment discount, is this amount.", "付款方的发票扣除提前付款折扣后金额相符。"
    ),
    "same_amount_short": Words(
        "The payer's invoice is a little more, as when a bank keeps its charge.", "付款方的发票略高，可能扣了银行手续费。"
    ),
    "several_invoices": Words("Open invoices of the payer sum to the amount.", "付款方的多张未清发票合计相符。"),
    "less_credit": Words(
        "The payer's invoices, less {credits} that it deducted, are this amount.",
        "付款方的发票减去其抵扣的 {credits} 后金额相符。",
    ),
    "several_lines": Words("Several lines together pay this invoice.", "多笔明细合计付清该发票。"),
    "name_only": Words(
        "The payer is known, the invoices are not: accepted, it stays unapplied.",
        "付款方可确认，发票无法确认：接受后作未核销收款。",
    ),
    "unmatched": Words(
        "Nothing fits: post the receipt by hand, or mark the line as no customer's.",
        "未找到对应：请手工登记收款，或标记为非客户款项。",
    ),
}
"""Match reason → why; {receipt} is the receipt's id, {credits} are the credit notes'."""

_SAID: Mapping[str, Words] = {
    "lines": Words("{count} bank lines up to {as_of}", "截至 {as_of} 共 {count} 笔银行明细"),
    "recorded": Words("  recorded already: {count}", "  已登记：{count}"),
    "left_alone": Words("  no customer's, or paid out: {count}", "  非客户款项或支出：{count}"),
    "suggested": Words("  suggested, {confidence}: {count}", "  建议（{confidence}）：{count}"),
    "unmatched": Words("  nothing found: {count}", "  未找到：{count}"),
    "posted": Words("Posted: receipts {receipts}, allocations {allocations}",
                    "已登记：收款 {receipts} 笔，清账 {allocations} 笔"),
    "nothing_to_post": Words("Nothing is accepted: tick rows of Matches and run again.",
                             "没有已接受的建议：请在“收款匹配”中打勾后再运行。"),
    "marked": Words("Marked as no customer's by BankRules: {count}", "按“银行规则”标记为非客户款项：{count}"),
    "unreadable": Words(
        "{table}: {count} rows cannot be read and take no part; duebook check names their cells.",
        "{table}：{count} 行无法读取，未参与匹配；duebook check 会列出单元格。",
    ),
    "unknown_payers": Words(
        "BankRules name customers that are not on the Customers sheet, and are not heeded: {customers}",
        "“银行规则”中的客户不在“客户”表中，已忽略：{customers}",
    ),
    "no_lines": Words("BankStatement holds no lines: import a statement first.", "“银行明细”没有数据：请先导入对账单。"),
}  # fmt: skip


def explained(reason: str, *, receipt: str = "", credits: Iterable[str] = (), language: str) -> str:
    """The reason in words."""
    noted = dict.fromkeys(f"{labels.words('credit_note', language)} {each}" for each in credits)
    return EXPLANATIONS[reason].in_language(language).format(receipt=receipt, credits=", ".join(noted))


def said(code: str, language: str, **values: object) -> str:
    """The words of the console."""
    return _SAID[code].in_language(language).format(**values)
