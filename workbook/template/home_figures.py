"""What Home shows of the last close: formulas of Excel's own over the tables that a close writes, each named by its column.

They need no Python, follow the tables when they are sorted, filtered or written anew, and say for themselves how each
figure comes about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workbook.labels import words
from workbook.schema import TABLES
from workbook.table import Column, Kind, Words

_Named = Callable[[str], str]
"""``Table.column_key`` → how a formula names that column."""


@dataclass(frozen=True)
class HomeFigure:
    """``formula``: its text without the equals sign, given how columns are named and the workbook's language.

    ``shown_like``: a column whose cells are formatted alike.
    """

    code: str
    label: Words
    formula: Callable[[_Named, str], str]
    shown_like: Column

    def text(self, language: str) -> str:
        """The formula as it is written into a cell of a workbook in that language."""

        def named(column: str) -> str:
            table, _, key = column.partition(".")
            return f"{table}[{_escaped(TABLES[table][key].label.in_language(language))}]"

        return f"={self.formula(named, language)}"


_AMOUNT = Column("amount", Words("Amount", "金额"), Kind.MONEY)
_COUNT = Column("count", Words("Count", "数量"), Kind.INTEGER)
_DAY = Column("day", Words("Day", "日期"), Kind.DATE)

HOME_FIGURES = (
    HomeFigure(
        "closed_as_of",
        Words("Closed as of", "最近结账截止日"),
        lambda c, _: f'IFERROR(LOOKUP(2,1/({c("RunLog.task")}="close"),{c("RunLog.as_of")}),"")',
        _DAY,
    ),
    HomeFigure(
        "open_base",
        Words("Open items (base currency)", "未清项（本位币）"),
        lambda c, _: f"SUM({c('OpenItems.open_base')})",
        _AMOUNT,
    ),
    HomeFigure(
        "overdue_base",
        Words("of these overdue", "其中逾期"),
        lambda c, _: f'SUMIFS({c("OpenItems.open_base")},{c("OpenItems.days_overdue")},">0")',
        _AMOUNT,
    ),
    HomeFigure(
        "balance_base",
        Words("Balance, less what is not applied", "余额（已扣未核销款）"),
        lambda c, _: f"SUM({c('Aging.balance_base')})",
        _AMOUNT,
    ),
    HomeFigure(
        "over_limit",
        Words("Customers over their limit", "超出额度的客户"),
        lambda c, _: f'COUNTIF({c("Credit.headroom")},"<0")',
        _COUNT,
    ),
    HomeFigure(
        "messages", Words("Reminders to send", "待发催款"), lambda c, _: f"COUNTA({c('Reminders.message_id')})", _COUNT
    ),
    HomeFigure("held", Words("Items held", "暂缓催款项"), lambda c, _: f"COUNTA({c('RemindersHeld.item_id')})", _COUNT),
    HomeFigure(
        "errors",
        Words("Errors found", "发现的错误"),
        lambda c, language: f'COUNTIF({c("Issues.severity")},"{words("error", language)}")',
        _COUNT,
    ),
)  # fmt: skip


def _escaped(header: str) -> str:
    """A header as a formula names it: some characters are kept apart by an apostrophe."""
    return "".join(f"'{each}" if each in "[]#'@" else each for each in header)
