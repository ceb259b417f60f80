"""The items of a message as lines of text, and its invoices' numbers in a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from workbook.letters.messages import Line
from workbook.results.amounts import amount_text
from workbook.table import Words

MOST_LISTED = (100, 20, 0)
"""Lines of a list in a text, fewer where it comes out too long; the attachment and the letter's table hold them all."""

_LINE = Words(
    "{invoice_id} of {invoice_date}{order}, due {due_date}: {amount}{days}",
    "{invoice_id}，开票日 {invoice_date}{order}，到期日 {due_date}：{amount}{days}",
)
_ORDER = Words(", your order {}", "，贵司订单 {}")
_LATE = Words(" ({} days overdue)", "（已逾期 {} 天）")
_LATE_ONE = Words(" (1 day overdue)", "（已逾期 1 天）")
_MORE = Words("… and {} more", "……另有 {} 项")
_COMMA = Words(", ", "、")
_AND_MORE = Words(" and {} more", "等 {} 张")
_FEW = 2


def listing(lines: Sequence[Line], currency: str, language: str, most: int) -> str:
    """The items as lines of text, the first ``most`` of them and how many more there are."""
    line_of, order, late, late_one = _wording(language)
    told = [
        line_of(
            invoice_id=line.invoice_id,
            invoice_date=line.invoice_date,
            order=order(line.purchase_order) if line.purchase_order else "",
            due_date=line.due_date,
            amount=amount_text(line.amount_minor, currency),
            days=(late_one if line.days_overdue == 1 else late)(line.days_overdue) if line.days_overdue > 0 else "",
        )
        for line in lines[:most]
    ]
    left = len(lines) - len(told)
    return "\n".join([*told, *([_MORE.in_language(language).format(left)] if left else [])])


@cache
def _wording(language: str) -> tuple[Callable[..., str], ...]:
    return tuple(words.in_language(language).format for words in (_LINE, _ORDER, _LATE, _LATE_ONE))


def invoice_numbers(numbers: Sequence[str], language: str) -> tuple[str, str]:
    """Invoices' numbers in a row, as far as a text lists them; and the first two of them, with how many more there are."""
    comma, more = _COMMA.in_language(language), _AND_MORE.in_language(language)
    most, count = MOST_LISTED[0], len(numbers)
    many = comma.join(numbers[:most]) + (more.format(count - most) if count > most else "")
    # English counts those that are not named, Chinese all of them.
    left = count - _FEW if language == "en" else count
    return many, comma.join(numbers[:_FEW]) + (more.format(left) if count > _FEW else "")
