"""The {fields} of a letter: which there are, how a text with them is read, and how it is filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from workbook.table import Words

FIELDS: Mapping[str, Words] = MappingProxyType(
    {
        "customer_id": Words("the customer's id", "客户编号"),
        "name": Words("the customer's name", "客户名称"),
        "contact": Words("the contact's name; the customer's where there is none", "联系人；无则为客户名称"),
        "contact_name": Words("the contact's name", "联系人"),
        "address": Words("the customer's address", "客户地址"),
        "email": Words("the customer's e-mail address", "客户邮箱"),
        "phone": Words("the customer's phone number", "客户电话"),
        "date": Words("the day of the run", "催款日期"),
        "message_id": Words("the message's id", "催款编号"),
        "level": Words("the reminder level", "催款级别"),
        "currency": Words("the currency", "币种"),
        "items": Words("how many items", "未清笔数"),
        "invoice_numbers": Words("the invoices' numbers", "发票编号"),
        "invoice_numbers_short": Words("the first two of them, and how many more", "前两个发票编号及其余张数"),
        "invoices": Words(
            "the list of items, one a line: number, dates, amount, days; on a line of its own",
            "未清项清单，每行一项：编号、日期、金额、天数；须单独成行",
        ),
        "total_text": Words("the sum of the items", "合计金额"),
        "overdue_text": Words("what of it is overdue", "其中逾期金额"),
        "oldest_due_date_text": Words("the oldest due date", "最早到期日"),
        "max_days_overdue": Words("the most days overdue", "最长逾期天数"),
        "interest_text": Words(
            "late interest on the items up to the day; blank where there is none",
            "截至当日的逾期利息；无则为空",
        ),
        "company_name": Words("your company (Settings)", "贵公司名称（设置）"),
        "bank_account": Words("your bank account (Settings)", "收款账户（设置）"),
        "how_to_pay": Words(
            "a sentence: where to pay and what to quote; blank without a bank account",
            "付款说明：账户与附言；未填收款账户则为空",
        ),
        "collector": Words("the collector's name", "催收员姓名"),
    }
)
"""Field → what it is filled with. The docs' list is made from it."""

WHERE_THERE_IS_ANY = ("interest_text", "how_to_pay")
"""Fields that are blank where there is none of it: a line with one of them is about that."""

_PIECES = re.compile(r"(\{\{|\}\}|\{[^{}]*\}|[{}])")


class Template:
    """A text with fields, taken apart once and filled in for thousands of messages."""

    def __init__(self, text: str) -> None:
        self._lines = [_PIECES.split(line) for line in text.split("\n")]
        self.names = tuple(dict.fromkeys(name for line in self._lines for name in _names_of(line)))
        self._forms: dict[tuple[bool, ...], str] = {}

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with its fields filled in; ``{{`` is a brace.

        A line whose fields are all blank is left out: it would say "Account: " and no account; so is one about what there is
        not always (``WHERE_THERE_IS_ANY``). Raises KeyError for a name that has no value: ``flaw_of`` comes first.
        """
        texts = [values[name] for name in self.names]
        told = tuple(map(bool, map(str.strip, texts)))
        form = self._forms.get(told)
        if form is None:
            form = self._forms[told] = self._form(told)
        return form.format(*texts)

    def _form(self, told: tuple[bool, ...]) -> str:
        """The text as Python formats one, without the lines that would say nothing; ``told``: which fields are not blank."""
        places = {name: place for place, name in enumerate(self.names)}
        lines = []
        for line in self._lines:
            within = {name: told[places[name]] for name in _names_of(line)}
            is_about_nothing = any(not within.get(name, True) for name in WHERE_THERE_IS_ANY)
            if not within or (any(within.values()) and not is_about_nothing):
                lines.append("".join(_formatted(piece, places) for piece in line))
        return "\n".join(lines)


def _names_of(pieces: Iterable[str]) -> Iterator[str]:
    return (piece[1:-1].strip() for piece in pieces if _is_field(piece))


def _is_field(piece: str) -> bool:
    return len(piece) > 1 and piece[0] == "{" and piece[-1] == "}"


def _formatted(piece: str, places: Mapping[str, int]) -> str:
    if _is_field(piece):
        return f"{{{places[piece[1:-1].strip()]}}}"
    # Of the pieces that are braces, {{ is one that is printed, and to Python too.
    return piece * 2 if piece in ("{", "}") else piece


def flaw_of(text: str) -> str:
    """The code of what is wrong with a text: a name that is no field, or a brace without its other half; "" if nothing."""
    if {"{", "}"} & set(_PIECES.split(text)):
        return "letter_brace"
    return "letter_unknown_field" if set(Template(text).names) - set(FIELDS) else ""


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text filled in once, as ``Template.filled``."""
    return Template(text).filled(values)
