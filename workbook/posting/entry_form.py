"""The rows of the Entry sheet: which fields it offers, in which words, and which of them are picked from a list."""

from __future__ import annotations

from dataclasses import dataclass

from workbook import labels
from workbook.port import Cell, Columns
from workbook.posting.kinds import POSTINGS
from workbook.schema.columns import ITEM_KINDS, METHODS, OUTCOMES, WRITE_OFF_REASONS
from workbook.table import Words

WHAT = Words("What to post", "登记类型")
"""The first row: the name of a posting. Every other row is a column of its table, by the key, a header or a synonym."""


@dataclass(frozen=True)
class FormRow:
    """A field of the form. ``choices`` are codes, whose words a drop-down list offers.

    ``code``: by which a posting may say what column of its table the field is (``Posting.form``); else its label says it.
    """

    label: Words
    meaning: Words
    choices: tuple[str, ...] = ()
    code: str = ""


def _row(en: str, zh: str, meaning_en: str, meaning_zh: str, choices: tuple[str, ...] = (), *, code: str = "") -> FormRow:
    return FormRow(Words(en, zh), Words(meaning_en, meaning_zh), choices, code)


FORM: tuple[FormRow, ...] = (
    FormRow(WHAT, Words("Pick one: an invoice, a receipt, a refund …", "请选择：发票、收款、退款等。"), tuple(POSTINGS)),
    _row("Customer ID", "客户编号", "As on the Customers sheet. Required where there is no invoice to say it.",
         "与“客户”表一致；无发票可依时必填。"),
    _row("Document number", "单据编号",
         "Its own number. Required, but for allocations, write-offs and contacts: blank, they get one.",
         "单据自身的编号。必填；清账、核销、联系记录可留空，自动编号。", code="number"),
    _row("Date", "日期",
         "From which it counts, as 2024-10-31. Blank: the day of posting, but for documents and receipts.",
         "生效日期，如 2024-10-31。留空取登记日；单据与收款必填。", code="date"),
    _row("Amount", "金额", "Tax included. Of a plan: of one part.", "含税金额。还款计划填每期金额。"),
    _row("Currency", "币种", "Blank: the customer's, else the base currency.", "留空取客户币种，再取本位币。"),
    _row("Kind", "单据类型", "For an invoice only. Blank: an invoice.", "仅用于发票。留空为发票。", ITEM_KINDS),
    _row("Invoice ID", "发票编号",
         "The invoice that a credit note, an allocation, a write-off, a plan or a contact is about.",
         "贷项通知、清账、核销、还款计划或联系记录所涉的发票。", code="invoice"),
    _row("Receipt ID", "收款编号", "The receipt that is allocated, taken back or paid back.", "被清账、冲销或退还的收款。",
         code="receipt"),
    _row("Reason", "核销原因", "Of a write-off. Required there.", "核销原因，核销时必填。", WRITE_OFF_REASONS),
    _row("Payment terms", "付款条件",
         "Of an invoice, a contract, a customer: an id from the PaymentTerms sheet. Blank on an invoice: the contract's, "
         "then the customer's.",
         "发票、合同或客户的付款条件编号。发票留空先取合同、再取客户的。"),
    _row("Due date", "到期日",
         "Of an invoice: only where it is agreed outright. Of a plan: of one part; add this field and Amount below for "
         "each further part.",
         "发票仅在明确约定时填写；还款计划填每期到期日，其余各期在下方另加“到期日”“金额”两行。"),
    _row("Contract ID", "合同编号", "For an invoice: the contract it belongs to.", "仅用于发票：所属合同。"),
    _row("Order ID", "订单编号", "For an invoice: the order that it bills.", "仅用于发票：所开票的订单。"),
    _row("Method", "收款方式", "For a receipt: how it was paid.", "仅用于收款：收款方式。", METHODS),
    _row("Matures on", "汇票到期日", "For a receipt by acceptance bill: when the bill falls due.",
         "仅用于承兑汇票收款：汇票到期日。"),
    _row("Held", "不自动清账", "For a receipt. Yes: a deposit, kept out of automatic application.",
         "仅用于收款。填“是”为预收款，不自动清账。", ("yes", "no")),
    _row("Bank reference", "银行流水号", "For a receipt: the bank's number of the payment.", "仅用于收款：银行交易流水号。"),
    _row("Discount taken", "现金折扣", "For an allocation: the early-payment discount granted with it.",
         "仅用于清账：随款给予的现金折扣。"),
    _row("Channel", "联系渠道", "For a contact: by e-mail, phone call, visit …",
         "仅用于联系记录：电子邮件、电话、上门拜访等。"),
    _row("Outcome", "联系结果", "For a contact: what came of it.", "仅用于联系记录：联系结果。", OUTCOMES),
    _row("Promise date", "承诺付款日", "For a contact: when the customer said it would pay.",
         "仅用于联系记录：客户承诺的付款日。"),
    _row("Promise amount", "承诺金额", "For a contact: how much was promised. Blank: all of it.",
         "仅用于联系记录：承诺金额，留空为全部。"),
    _row("Name", "客户名称", "Of a customer. Required for a new one.", "客户名称，新客户必填。"),
    _row("Credit limit", "信用额度", "Of a customer, in its currency.", "客户的信用额度（客户币种）。"),
    _row("Billing rule", "开票规则", "Of a contract: how often it is billed.", "合同的开票频率。"),
    _row("Billing amount", "每期开票金额", "Of a contract: what each bill comes to.", "合同每期开票金额。"),
    _row("Next bill on", "下次开票日", "Of a contract: the day of its first bill.", "合同首次应开票的日期。"),
    _row("Approved by", "审批人", "Who agreed, where that is asked for.", "需审批时填写审批人。"),
    _row("Notes", "备注", "Anything worth remembering.", "任意备注。"),
)  # fmt: skip
"""In the order of the sheet."""


def form_rows(language: str) -> Columns:
    """The rows of an Entry sheet that nobody has filled in."""
    blank: list[Cell] = [""] * len(FORM)
    return {
        "field": [row.label.in_language(language) for row in FORM],
        "entry": blank,
        "meaning": [row.meaning.in_language(language) for row in FORM],
    }


def choices_shown(row: FormRow, language: str) -> list[str]:
    """What its drop-down list offers."""
    return [labels.words(code, language) for code in row.choices]
