"""The tables that functions of cells spill and no sheet has: a statement of account, and the events behind a figure."""

from __future__ import annotations

from collections.abc import Mapping

from functions.explanations import INTEREST_CODES, LEVEL_CODES, OPEN_CODES
from workbook.labels import WORDS
from workbook.schema.columns import addin_table, column
from workbook.table import Column, Kind, Table, Words

_CURRENCY = column("currency", Kind.ID, "Currency", "币种")
_ITEM = column("item_id", Kind.ID, "Item ID", "未清项编号")
_REFERENCE = column("reference_id", Kind.ID, "Reference", "凭据编号")


def _text(key: str, en: str, zh: str) -> Column:
    return column(key, Kind.TEXT, en, zh)


STATEMENT = addin_table(
    "Statement", Words("Statement of account", "对账单"),
    Words("What was owed before, what happened since, what is owed now.", "期初余额、期间变动与期末余额。"),
    _CURRENCY,
    column("line_date", Kind.DATE, "Date", "日期"),
    _text("kind", "Kind", "类型"),
    _REFERENCE,
    column("amount", Kind.MONEY, "Amount", "金额"),
    column("balance", Kind.MONEY, "Balance", "余额"),
    key=("currency", "reference_id"),
)  # fmt: skip

_OPEN = addin_table(
    "ExplainOpen", Words("Open amount explained", "未清金额说明"), Words("", ""),
    _ITEM,
    _CURRENCY,
    _text("event", "Event", "事项"),
    column("from_date", Kind.DATE, "Date", "日期"),
    column("to_date", Kind.DATE, "Paid or due on", "付款/到期日"),
    _REFERENCE,
    column("amount", Kind.MONEY, "Amount", "金额"),
    column("total", Kind.MONEY, "Open", "未清金额"),
    key=("item_id", "reference_id"),
)  # fmt: skip

_INTEREST = addin_table(
    "ExplainInterest", Words("Late interest explained", "逾期利息说明"), Words("", ""),
    _ITEM,
    _CURRENCY,
    column("from_date", Kind.DATE, "From", "起始日"),
    column("to_date", Kind.DATE, "To", "截止日"),
    column("amount", Kind.MONEY, "Open", "未清金额"),
    column("annual_rate", Kind.RATE, "Annual rate", "年利率"),
    column("total", Kind.MONEY, "Interest so far", "累计利息"),
    key=("item_id", "from_date"),
)  # fmt: skip

_LEVEL = addin_table(
    "ExplainLevel", Words("Reminder level explained", "催款级别说明"), Words("", ""),
    _ITEM,
    _CURRENCY,
    _text("event", "Event", "事项"),
    column("from_date", Kind.DATE, "Date", "日期"),
    column("to_date", Kind.DATE, "Until", "截止日"),
    _text("reference", "Reference", "凭据/原因"),
    column("number", Kind.INTEGER, "Level or days", "级别/天数"),
    column("amount", Kind.MONEY, "Amount", "金额"),
    column("total", Kind.MONEY, "Paid", "已付金额"),
    key=("item_id", "event", "from_date"),
)  # fmt: skip

EXPLAINED: Mapping[str, Table] = {"open": _OPEN, "interest": _INTEREST, "level": _LEVEL}
"""What is explained → the table of its events."""

EVENTS: Mapping[str, Words] = {
    "owed": Words("Invoiced", "开票"),
    "interest": Words("Interest", "利息"),
    "due": Words("Due", "到期"),
    "reminded": Words("Reminded", "已催款"),
    "kept": Words("Promise kept", "承诺已兑现"),
    "broken": Words("Promise broken", "承诺未兑现"),
    "replaced": Words("Promise replaced", "承诺已更新"),
    "live": Words("Promise", "付款承诺"),
    "held": Words("Held", "暂缓"),
    "next_level": Words("Next level", "下次级别"),
    "opening": Words("Opening balance", "期初余额"),
    "closing": Words("Closing balance", "期末余额"),
    **{code: WORDS[code] for code in OPEN_CODES if code in WORDS},
}
"""The events of statements and explanations, and what each is called."""

EXPLANATION_CODES = (*OPEN_CODES, *INTEREST_CODES, *LEVEL_CODES)


def event_words(code: str, language: str) -> str:
    """The word for an event or for the kind of a movement."""
    return (EVENTS.get(code) or WORDS[code]).in_language(language)
