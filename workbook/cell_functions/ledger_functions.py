"""The functions that take tables of a ledger and spill one: what a close writes, for a cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbook.cell_functions import ledger_answers as bodies
from workbook.cell_functions.declared import Argument, CellFunction, Holds
from workbook.cell_functions.told_tables import EXPLAINED
from workbook.schema import TABLES
from workbook.table import Words

_ARGUMENT_OF = {
    "customers": "Customers",
    "invoices": "Invoices",
    "receipts": "Receipts",
    "allocations": "Allocations",
    "payment_terms": "PaymentTerms",
    "contracts": "Contracts",
    "write_offs": "WriteOffs",
    "repayment_plans": "RepaymentPlans",
    "orders": "Orders",
    "exchange_rates": "ExchangeRates",
    "interest_rates": "InterestRates",
    "holidays": "Holidays",
    "reminder_levels": "ReminderLevels",
    "reminder_log": "ReminderLog",
    "activities": "Activities",
    "legal_cases": "LegalCases",
    "bank_balances": "BankBalances",
    "customer_history": "CustomerHistory",
    "settings": "Settings",
}
"""The argument of each table."""

_BLANK = {
    "customers": Words("Blank: those that the documents name.", "留空取单据中的客户。"),
    "payment_terms": Words("Blank: the usual terms.", "留空用预设条件。"),
    "reminder_levels": Words("Blank: the usual ladder.", "留空用预设阶梯。"),
    "settings": Words("Blank: the defaults, CNY as base currency.", "留空用默认值，本位币 CNY。"),
}

_POSITION = (
    "payment_terms", "contracts", "write_offs", "repayment_plans", "exchange_rates", "holidays", "customer_history",
    "settings",
)  # fmt: skip
"""What, beside documents, decides what is owed. These stand last, in this order, in every function."""

_REMINDING = ("reminder_log", "activities", "legal_cases", "bank_balances")


def _table(name: str, *, is_optional: bool) -> Argument:
    table = TABLES[_ARGUMENT_OF[name]]
    blank = _BLANK.get(name, Words("", "")) if is_optional else Words("", "")
    en = f"{table.name}[#All]: the table with its headers. {blank.en}".strip()
    return Argument(
        name, Words(en, f"“{table.label.zh}”表，含标题行。{blank.zh}"), Holds.TABLE, is_optional, table=table.name
    )  # fmt: skip


def _tables(*names: str) -> tuple[Argument, ...]:
    return tuple(_table(name, is_optional=False) for name in names)


def _more(*names: str) -> tuple[Argument, ...]:
    return tuple(_table(name, is_optional=True) for name in names)


def _day(name: str, en: str, zh: str, *, is_optional: bool = False) -> Argument:
    return Argument(name, Words(en, zh), Holds.DATE, is_optional)


def _ledger_function(name: str, en: str, zh: str, body: Callable[..., Any], *arguments: Argument) -> CellFunction:
    return CellFunction(name, Words(en, zh), arguments, body, takes_tables=True)


_AS_OF = _day("as_of", "The day to look from; what is dated later is not there yet.", "基准日；晚于该日的不计。")
_EDGES = Argument(
    "edges",
    Words("Bucket edges, such as 0;30;60. Blank: those of settings.", "账龄分段，如 0;30;60。留空取设置。"),
    Holds.EDGES,
    is_optional=True,
)

LEDGER_FUNCTIONS: tuple[CellFunction, ...] = (
    _ledger_function(
        "AR_OPEN_ITEMS",
        "Every invoice, or part of one, that is still owed: the columns of OpenItems.", "未清项，列同“未清项”表。",
        bodies.open_items,
        *_tables("invoices", "receipts"), _AS_OF,
        *_more("allocations", "customers", "reminder_levels", "reminder_log", *_POSITION),
    ),
    _ledger_function(
        "AR_AGING",
        "What each customer owes, by how late it is: the columns of Aging.", "账龄分析，列同“账龄分析”表。",
        bodies.aging,
        *_tables("customers", "invoices", "receipts"), _AS_OF, _EDGES, *_more("allocations", *_POSITION),
    ),
    _ledger_function(
        "AR_CREDIT",
        "What each customer may still owe, in base currency: the columns of Credit.", "信用敞口与可用额度，列同“信用”表。",
        bodies.credit,
        *_tables("customers", "invoices", "receipts"), _AS_OF, *_more("orders", "allocations", *_POSITION),
    ),
    _ledger_function(
        "AR_ALLOCATE",
        "Which receipt pays which invoice, oldest due first: the columns of Applications.",
        "收款清账明细，列同“清账明细”表。",
        bodies.allocate,
        *_tables("invoices", "receipts"),
        _day("as_of", "The day to look from. Blank: every row counts.", "基准日，留空则全部计入。", is_optional=True),
        *_more("allocations", "customers", *_POSITION),
    ),
    _ledger_function(
        "AR_STATEMENT",
        "A customer's account: opening balance, every movement with the balance after it, closing balance.",
        "客户对账单：期初、逐笔变动与余额、期末。",
        bodies.statement,
        Argument("customer", Words("The customer's id.", "客户编号。"), Holds.ID),
        _day("from_date", "The first day.", "起始日。"),
        _day("to_date", "The last day.", "截止日。"),
        *_tables("invoices", "receipts"),
        *_more("allocations", "customers", *_POSITION),
    ),
    _ledger_function(
        "AR_REMINDERS",
        "The reminders to send, one row a message: the columns of Reminders.", "应发催款，列同“催款清单”表。",
        bodies.reminders,
        *_tables("customers", "invoices", "receipts"), _AS_OF,
        *_more("reminder_levels", *_REMINDING, "allocations", *_POSITION),
    ),
    _ledger_function(
        "AR_EXPLAIN",
        "The very events behind an invoice's open amount, its late interest or its reminder level, line by line.",
        "逐行列出发票未清金额、逾期利息或催款级别的由来。",
        bodies.explain,
        Argument("invoice_id", Words("The invoice's id.", "发票编号。"), Holds.ID),
        *_tables("invoices", "receipts"), _AS_OF,
        Argument(
            "about", Words("open (default), interest or level.", "open（默认）、interest 或 level。"), Holds.CHOICE, True,
            choices=tuple(EXPLAINED),
        ),
        *_more("allocations", "customers", "interest_rates", "reminder_levels", *_REMINDING, *_POSITION),
    ),
)  # fmt: skip
"""Those that spill a table."""
