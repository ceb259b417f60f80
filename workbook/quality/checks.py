"""The checks of data quality: each declared once, with its severity, its words and the function that looks.

A setting ``severity.<code>`` makes each an error, a warning or nothing. Nothing heavy is imported here: a check names its
function as text, and it is imported when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from functions.issues import WARNING
from workbook.table import Words

if TYPE_CHECKING:
    from workbook.results.ledger import WorkbookLedger

OFF = "off"
SETTING_PREFIX = "severity."


@dataclass(frozen=True)
class Finding:
    """One row that a check doubts. ``row`` as in ``Issue``; ``others``: ids or numbers that it is about, in order.

    ``count``: how many there are, where ``others`` are only the first of them.
    """

    table: str
    row: int
    column: str
    others: tuple[str, ...] = ()
    count: int = 0


Look = Callable[["WorkbookLedger", int], Iterable[Finding]]
"""A ledger as read and the as-of day → what is doubtful in it."""


@dataclass(frozen=True)
class Check:
    """One check. ``tables``: without them there is nothing to look at. ``does`` names its function as "module:function".

    In ``what_to_do``, {about} stands for the ids or numbers that a finding is about.
    """

    code: str
    tables: tuple[str, ...]
    does: str
    title: Words
    what_to_do: Words
    severity: str = WARNING

    @property
    def setting(self) -> str:
        """The setting that changes its severity."""
        return f"{SETTING_PREFIX}{self.code}"

    def look(self) -> Look:
        """Its function, imported now."""
        module, _, name = self.does.partition(":")
        function: Look = getattr(import_module(f"workbook.quality.{module}"), name)
        return function


_DECLARED = (
    Check(
        "same_tax_id", ("Customers",), "names:one_tax_id",
        Words("Tax ID of another customer", "税号与其他客户相同"),
        Words(
            "Customers with the same tax ID: {about}. Keep one of them, or correct the tax ID.",
            "税号相同的客户：{about}。请只保留一个，或更正税号。",
        ),
    ),
    Check(
        "names_alike", ("Customers",), "names:names_alike",
        Words("Name like another customer's", "名称与其他客户相近"),
        Words(
            "Probably one customer: {about}. Keep one of them, or tell them apart by their tax IDs.",
            "疑似同一客户：{about}。请只保留一个；若确为不同客户，请填写各自的税号。",
        ),
    ),
    Check(
        "ids_alike", (), "alike_ids:ids_alike",
        Words("ID like another", "编号与其他编号相近"),
        Words(
            "It differs from {about} only by leading zeros, case or width. If both mean one thing, use one of them.",
            "与 {about} 仅前导零、大小写或全半角不同。若指同一对象，请统一为一个编号。",
        ),
    ),
    Check(
        "tax_id_check_digit", ("Customers",), "contacts:check_digits",
        Words("Check digit of the tax ID is wrong", "税号校验位不符"),
        Words(
            "A character is mistyped, or two are swapped. Copy the tax ID again from the customer's own document.",
            "可能有字符录错或颠倒。请按客户提供的资料重新录入税号。",
        ),
    ),
    Check(
        "impossible_email", ("Customers",), "contacts:impossible_emails",
        Words("No such e-mail address can be", "电子邮箱格式不可能存在"),
        Words(
            "No reminder would arrive. Correct the address; put a semicolon between two of them.",
            "催款邮件无法送达。请更正邮箱；多个邮箱以分号隔开。",
        ),
    ),
    Check(
        "impossible_phone", ("Customers",), "contacts:impossible_phones",
        Words("No such telephone number can be", "电话号码不可能存在"),
        Words(
            "It has too few or too many digits. Correct it, with + and the country code if it is abroad.",
            "号码位数不符。请更正；境外号码请加 + 和国家区号。",
        ),
    ),
    Check(
        "not_verified", ("Customers",), "contacts:not_verified",
        Words("Not verified for long", "资料久未核实"),
        Words(
            "Ask the customer whether name, address and bank details still hold, and fill in the day under Verified on.",
            "请与客户核对名称、地址和银行信息，并填写“资料核实日期”。",
        ),
    ),
    Check(
        "invoice_repeated", ("Invoices",), "documents:repeated",
        Words("Probably entered twice", "疑似重复录入"),
        Words(
            "The same customer, amount and date as {about}. If it is one document, delete one of the rows.",
            "与 {about} 的客户、金额、日期相同。若为同一单据，请删除其中一行。",
        ),
    ),
    Check(
        "invoice_number_alike", ("Invoices",), "documents:numbers_alike",
        Words("Number differs by one character", "单号仅差一个字符"),
        Words(
            "The same customer and amount as {about}, days apart. If it is one document, delete the wrong row.",
            "与 {about} 的客户、金额相同且日期相近。若为同一单据，请删除编号有误的一行。",
        ),
    ),
    Check(
        "number_gap", ("Invoices",), "documents:gaps",
        Words("Numbers missing in the series", "单号不连续"),
        Words(
            "Missing before this one or after it: {about}. Enter what was forgotten, or note why a number was not used.",
            "该编号系列缺少：{about}。请补录遗漏单据，或备注未使用的原因。",
        ),
    ),
    Check(
        "due_before_invoice", ("Invoices",), "documents:due_before_invoice",
        Words("Due before it was issued", "到期日早于开票日期"),
        Words(
            "Correct the due date or the invoice date, or leave the due date blank to have it worked out.",
            "请更正到期日或开票日期，或将到期日留空由付款条件推算。",
        ),
    ),
    Check(
        "receipt_before_invoice", ("Allocations", "Receipts", "Invoices"), "documents:receipts_before_invoices_they_pay",
        Words("Received before the invoice", "收款早于开票"),
        Words(
            "The receipt is older than invoice {about}. Correct the dates or the id; a deposit is marked under Held.",
            "收款日期早于发票 {about}。请更正日期或编号；若为预收款，请在“不自动清账”栏标“是”。",
        ),
    ),
    Check(
        "day_off", (), "documents:days_off",
        Words("Large entry on a day off", "休息日大额录入"),
        Words(
            "Dated or entered on a weekend or holiday, and above weekend_entry_above in Settings. "
            "Check the date and who entered it.",
            "单据日期或录入日期为周末或节假日，且金额超过设置 weekend_entry_above。请核对日期与录入人。",
        ),
    ),
    Check(
        "round_amount", ("Invoices",), "documents:round_amounts",
        Words("Large round amount", "异常整数金额"),
        Words(
            "This customer's invoices are hardly ever round, and this one is large. Compare it with the document.",
            "该客户的发票金额很少为整数，而本张金额较大。请与原始单据核对。",
        ),
    ),
)  # fmt: skip

CHECKS: Mapping[str, Check] = MappingProxyType({check.code: check for check in _DECLARED})
"""Code → check, in the order in which they run."""
