"""Payment terms as people write them in a cell: net 30, EOM+30, 2/10 net 30, 30@30;50@60;20@90, or the id of known terms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from functions.ledger import PaymentTerms
from functions.terms import BadInstalments, parse_instalments
from workbook.reading.cell_parsing import folded
from workbook.reading.cell_parsing.column import plain


class UnknownTerms(ValueError):
    """A text that is neither the id of known terms nor written in a way that is understood."""


_NET = re.compile(r"(?:net|n/|净)? ?(\d{1,4}) ?(?:days?|d|天|日)?", re.IGNORECASE)
_DISCOUNT = re.compile(r"(\d{1,2}(?:\.\d{1,4})?) ?%? ?/ ?(\d{1,3}) ?,? ?(.+)", re.IGNORECASE)
_END_OF_MONTH = re.compile(
    r"(?:(\d{1,4}) ?(?:days?|d)? ?)?(?:eom|end of month|月结|月末)(?: ?\+? ?(\d{1,4}) ?(?:days?|d|天|日)?)?", re.IGNORECASE
)
_MONTHS = re.compile(r"(\d{1,2}) ?(?:months?|m|个月)", re.IGNORECASE)
_AT_ONCE = frozenset(("cod", "dueonreceipt", "dueatonce", "immediate", "货到付款", "见票即付"))


def terms_of(text: str, known: Sequence[PaymentTerms]) -> PaymentTerms:
    """The terms that are meant: those with this id among ``known`` first, then what the text says. Raises UnknownTerms."""
    wanted = folded(text)
    for each in known:
        if folded(each.terms_id) == wanted:
            return each
    written = plain(text)
    if discount := _DISCOUNT.fullmatch(written):
        percent, days, rest = discount.groups()
        net = _plain_terms(rest)
        whole, _, decimals = percent.partition(".")
        ppm = int(whole + decimals.ljust(4, "0"))
        return PaymentTerms(
            text, net.basis, net.months, net.days, net.day_of_month, discount_ppm=ppm, discount_days=int(days)
        )
    return _plain_terms(written)


def _plain_terms(written: str) -> PaymentTerms:
    written = written.strip()
    if folded(written) in _AT_ONCE:
        return PaymentTerms(written)
    if months := _MONTHS.fullmatch(written):
        return PaymentTerms(written, months=int(months[1]))
    if end_of_month := _END_OF_MONTH.fullmatch(written):
        before, after = end_of_month.groups()
        if before is None or after is None:
            return PaymentTerms(written, "end_of_month", days=int(before or after or 0))
    if net := _NET.fullmatch(written):
        return PaymentTerms(written, days=int(net[1]))
    if "@" in written:
        try:
            return PaymentTerms(written, instalments=parse_instalments(written.replace("；", ";")))
        except BadInstalments:
            raise UnknownTerms(written) from None
    raise UnknownTerms(written)
