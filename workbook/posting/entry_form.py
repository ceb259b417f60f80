"""The rows of the Entry sheet: which fields it offers, in which words, and which of them are picked from a list."""

from __future__ import annotations

from dataclasses import dataclass

from workbook import labels
from workbook.port import Cell, Columns
from workbook.posting.kinds import POSTINGS
from workbook.schema.columns import ITEM_KINDS, METHODS
from workbook.table import Words

WHAT = Words("What to post", "登记类型")
"""The first row: the name of a posting. Every other row is a column of its table, by the key, a header or a synonym."""


@dataclass(frozen=True)
class FormRow:
    """A field of the form. ``choices`` are codes, whose words a drop-down list offers."""

    label: Words
    meaning: Words
    choices: tuple[str, ...] = ()


FORM: tuple[FormRow, ...] = (
    FormRow(WHAT, Words("Pick one: an invoice or a receipt.", "请选择：发票或收款。"), tuple(POSTINGS)),
    FormRow(
        Words("Customer ID", "客户编号"),
        Words("As on the Customers sheet. Required.", "与“客户”表一致。必填。"),
    ),
    FormRow(
        Words("Document number", "单据编号"),
        Words("The invoice's or the receipt's own number. Required.", "发票或收款单的编号。必填。"),
    ),
    FormRow(
        Words("Date", "日期"),
        Words(
            "Of the invoice, or on which the money came in, as 2024-10-31. Required.",
            "开票日或到账日，如 2024-10-31。必填。",
        ),
    ),
    FormRow(Words("Amount", "金额"), Words("Tax included. Required.", "含税金额。必填。")),
    FormRow(
        Words("Currency", "币种"),
        Words("Blank: the customer's, else the base currency.", "留空取客户币种，再取本位币。"),
    ),
    FormRow(
        Words("Kind", "单据类型"),
        Words("For an invoice only. Blank: an invoice.", "仅用于发票。留空为发票。"),
        ITEM_KINDS,
    ),
    FormRow(
        Words("Payment terms", "付款条件"),
        Words(
            "For an invoice: an id from the PaymentTerms sheet. Blank: the contract's, then the customer's.",
            "仅用于发票：“付款条件”表中的编号。留空先取合同、再取客户的。",
        ),
    ),
    FormRow(
        Words("Due date", "到期日"),
        Words(
            "For an invoice whose due date is agreed outright. Blank: worked out from the terms.",
            "仅用于明确约定到期日的发票。留空按付款条件推算。",
        ),
    ),
    FormRow(
        Words("Contract ID", "合同编号"), Words("For an invoice: the contract it belongs to.", "仅用于发票：所属合同。")
    ),
    FormRow(Words("Order ID", "订单编号"), Words("For an invoice: the order that it bills.", "仅用于发票：所开票的订单。")),
    FormRow(Words("Method", "收款方式"), Words("For a receipt: how it was paid.", "仅用于收款：收款方式。"), METHODS),
    FormRow(
        Words("Matures on", "汇票到期日"),
        Words("For a receipt by acceptance bill: when the bill falls due.", "仅用于承兑汇票收款：汇票到期日。"),
    ),
    FormRow(
        Words("Held", "不自动清账"),
        Words(
            "For a receipt. Yes: a deposit, kept out of automatic application.", "仅用于收款。填“是”为预收款，不自动清账。"
        ),
        ("yes", "no"),
    ),
    FormRow(
        Words("Bank reference", "银行流水号"),
        Words("For a receipt: the bank's number of the payment.", "仅用于收款：银行交易流水号。"),
    ),
    FormRow(Words("Approved by", "审批人"), Words("Who agreed, where that is asked for.", "需审批时填写审批人。")),
    FormRow(Words("Notes", "备注"), Words("Anything worth remembering.", "任意备注。")),
)
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
