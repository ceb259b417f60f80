"""The words of statements and confirmations, in the two languages of customers."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.table import Words

STATEMENT_WORDS: Mapping[str, Words] = {
    "statement": Words("Statement of account", "对账单"),
    "confirmation": Words("Confirmation of balance", "往来款项询证函"),
    "statement_sheet": Words("Statement", "对账单"),
    "confirmation_sheet": Words("Confirmation", "询证函"),
    "reply_sheet": Words("Reply", "回函"),
    "from": Words("From", "发出单位"),
    "to": Words("To", "致"),
    "attention": Words("Attention", "联系人"),
    "address": Words("Address", "地址"),
    "customer_id": Words("Customer number", "客户编号"),
    "period": Words("Period", "对账期间"),
    "as_of": Words("As of", "截至日期"),
    "account_in": Words("Account in {currency}", "{currency} 账户"),
    "opening": Words("Opening balance", "期初余额"),
    "charged": Words("Charged", "借方"),
    "credited": Words("Credited", "贷方"),
    "closing": Words("Closing balance", "期末余额"),
    "overdue": Words("Of which overdue", "其中已逾期"),
    "movements": Words("What happened", "本期发生"),
    "no_movements": Words("Nothing happened in this period.", "本期无发生额。"),
    "date": Words("Date", "日期"),
    "document": Words("Document", "单据类型"),
    "reference": Words("Reference", "单据编号"),
    "purchase_order": Words("Your order", "贵方订单"),
    "tax_invoice_number": Words("Tax invoice", "税票号码"),
    "balance": Words("Balance", "余额"),
    "aging": Words("By days overdue", "按逾期天数"),
    "aging_by_invoice_date": Words("By days since the invoice date", "按开票后天数"),
    "unapplied": Words("Unapplied", "未核销款"),
    "unapplied_cash": Words("Payments and credits not yet used", "未核销的收款和贷项"),
    "amount": Words("Amount", "金额"),
    "to_pay": Words("How to pay", "付款方式"),
    "nothing_to_pay": Words("Nothing is to be paid on this account.", "本账户无需付款。"),
    "pay_to": Words("Please pay to:", "请付款至："),
    "pay_as_usual": Words("Please pay to the account on our invoices.", "请付款至我方发票所列账户。"),
    "quote": Words(
        "Quote your customer number {customer_id} and the invoice numbers, so that the payment finds its place.",
        "付款时请注明客户编号 {customer_id} 和发票号码，以便核对入账。",
    ),
    "confirmation_text": Words(
        "We are checking our accounts. By our books, the balances below stood between us at the end of {as_of}. A positive "
        "balance is owed to us; a negative one is owed to you. Please compare them with yours and send the reply back. This "
        "letter asks for a confirmation, not for payment; please reply even if you have paid since.",
        "为核对往来账项，现将截至 {as_of} 我方账面余额列示如下：正数为贵方欠我方款项，负数为我方欠贵方款项。"
        "请与贵方记录核对后回函。本函仅为复核账目之用，并非催款结算；若款项在上述日期之后已付清，仍请函复。",
    ),
    "balances": Words("Balances", "往来余额"),
    "open_items": Words("What is open", "未清明细"),
    "reply": Words("Your reply", "回函"),
    "reply_text": Words(
        "Please fill in the yellow cells and send this file back. If you agree with our balance, answer Yes. If you see "
        "another one, write your balance. For each document that you contest, answer Yes under Disputed and say why.",
        "请填写黄色单元格后将本文件发回。如余额相符，请在“是否相符”填“是”；如不符，请填写贵方账面余额。"
        "对有异议的单据，请在“有争议”填“是”并说明原因。",
    ),
    "signed": Words("Name, date, signature: ________________", "经办人、日期、签章：________________"),
}  # fmt: skip


def worded(code: str, language: str, **fields: object) -> str:
    """The words of a code, with its fields filled in. Raises KeyError for a code that has none."""
    return STATEMENT_WORDS[code].in_language(language).format(**fields)
