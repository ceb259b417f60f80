"""The bodies of the functions that answer with one value: what each argument must be beside the others, and its defaults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from functions import worksheet
from functions.day_count import YEARS
from functions.ledger import PaymentTerms, Policy, ReminderLevel
from functions.money import exponent, is_currency
from workbook.cell_functions import amount_words
from workbook.cell_functions.declared import CellFault
from workbook.cell_functions.given_cells import at_least_zero
from workbook.cell_functions.given_tables import DEFAULT_CURRENCY, GivenTables
from workbook.cell_functions.terms_text import UnknownTerms, terms_of
from workbook.labels import words
from workbook.table import Words
from workbook.template.default_rows import DEFAULT_TERMS, default_ladder

_DEFAULT = Policy()

_TERMS = Words(
    "terms not understood. Write net 30, EOM+30, 2/10 net 30, 30@30;50@60;20@90, or an id of PaymentTerms.",
    "无法识别的付款条件。可写 net 30、EOM+30、2/10 net 30、30@30;50@60;20@90 或付款条件编号。",
)
_OUT_OF_TIME = Words("the date that comes of it is beyond the calendar.", "推算出的日期超出日历范围。")
_YEAR_DAYS = Words("365 or 360.", "只能是 365 或 360。")
_CURRENCY = Words("not a currency of ISO 4217.", "不是 ISO 4217 币种代码。")
_DECIMALS = Words("more decimals than the currency has.", "小数位超出币种精度。")
_NOT_IN_WORDS = Words("too large, or more decimals than there are words for.", "金额过大，或小数位无法用大写表示。")
_AS_OF_TOO = Words(
    "give as_of too: whether the limit has expired depends on it.", "请同时给出 as_of，否则无法判断额度是否过期。"
)


def due_date(
    invoice_date: dt.date,
    terms: str,
    calendar: Mapping[int, bool] | None = None,
    rolling: str | None = None,
    payment_terms: GivenTables | None = None,
) -> tuple[dt.date, ...] | dt.date:
    """A date, or one an instalment."""
    how = rolling or ("none" if calendar is None else "next")
    try:
        due = worksheet.due_dates(invoice_date, _terms(terms, payment_terms), rolling=how, holidays=calendar or {})
    except (ValueError, OverflowError):
        raise CellFault("terms", _OUT_OF_TIME, found=terms) from None
    return due if len(due) > 1 else due[0]


def discount_date(invoice_date: dt.date, terms: str, payment_terms: GivenTables | None = None) -> dt.date | None:
    """The last day of the discount."""
    return worksheet.discount_date(invoice_date, _terms(terms, payment_terms))


def _terms(text: str, given: GivenTables | None) -> PaymentTerms:
    try:
        return terms_of(text, DEFAULT_TERMS if given is None else given.policy.payment_terms)
    except UnknownTerms:
        raise CellFault("terms", _TERMS, found=text) from None


def bucket(days: int, edges: tuple[int, ...] = _DEFAULT.bucket_edges, language: str = "en") -> str:
    """The bucket's name."""
    return words(worksheet.bucket(days, edges), language)


def late_interest(
    amount: Fraction,
    due_date: dt.date,
    as_of: dt.date,
    rate: Fraction,
    basis: int = _DEFAULT.interest_year_days,
    currency_code: str = DEFAULT_CURRENCY,
) -> Fraction:
    """Rounded to the currency's decimals."""
    if basis not in YEARS:
        raise CellFault("basis", _YEAR_DAYS, found=basis)
    decimals = exponent(_known(currency_code))
    try:
        return worksheet.late_interest(amount, due_date, as_of, rate, decimals=decimals, year_days=basis)
    except worksheet.MoreDecimals as amount_of:
        raise CellFault("amount", _DECIMALS, found=amount_of) from None


def _known(currency: str) -> str:
    code = currency.upper()
    if not is_currency(code):
        raise CellFault("currency_code", _CURRENCY, found=currency)
    return code


def headroom(limit: Fraction | None, exposure: Fraction, guarantee: Fraction = Fraction(0)) -> Fraction | None:
    """Blank without a limit."""
    _no_negative(limit=limit, guarantee=guarantee)
    return worksheet.headroom(limit, exposure, guarantee)


def _no_negative(**amounts: Fraction | None) -> None:
    for name, amount in amounts.items():
        at_least_zero(name, amount or 0)


def credit_status(
    limit: Fraction | None,
    exposure: Fraction,
    guarantee: Fraction = Fraction(0),
    days_overdue: int = 0,
    is_on_hold: bool = False,
    expires_on: dt.date | None = None,
    as_of: dt.date | None = None,
    block_days: int = _DEFAULT.overdue_block_days,
    watch_percent: int = _DEFAULT.watch_percent,
    language: str = "en",
) -> str:
    """The status in words."""
    _no_negative(limit=limit, guarantee=guarantee)
    if expires_on is not None and as_of is None:
        raise CellFault("expires_on", _AS_OF_TOO)
    status = worksheet.credit_status(
        limit,
        exposure,
        guarantee,
        days_overdue=days_overdue,
        is_on_hold=is_on_hold,
        has_expired=expires_on is not None and as_of is not None and expires_on < as_of,
        policy=replace(_DEFAULT, overdue_block_days=block_days, watch_percent=watch_percent),
    )
    return words(status, language)


def reminder_level(days: int, last_level: int | None = None, levels: GivenTables | None = None) -> int | None:
    """The level's number, blank for none."""
    ladder: tuple[ReminderLevel, ...] = default_ladder(DEFAULT_CURRENCY) if levels is None else levels.policy.reminder_levels
    return worksheet.reminder_level(days, last_level, levels=ladder)


def dso(receivables: Fraction, sales: Fraction, days: int = _DEFAULT.dso_days) -> Fraction | None:
    """In days, not rounded."""
    at_least_zero("days", days)
    return worksheet.days_sales_outstanding(receivables, sales, days)


def amount_in_words(amount: Fraction, currency_code: str = DEFAULT_CURRENCY, language: str = "zh-CN") -> str:
    """As on a receipt or a cheque."""
    try:
        return amount_words.amount_in_words(amount, currency=_known(currency_code), language=language)
    except amount_words.NotInWords:
        raise CellFault("amount", _NOT_IN_WORDS, found=float(amount)) from None
