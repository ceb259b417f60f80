"""A bank statement, whatever the format it came in: lines between an opening and a closing balance."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from functions.money import exponent, is_currency, to_major_text
from workbook.bank_files.refusals import BadElement, DoesNotAddUp


@dataclass(frozen=True)
class StatementLine:
    """``amount_minor``: what came in; negative, what went out. ``bank_id``: the bank's own number of the line, "" without
    one. ``place``: where it stands in the file.
    """

    bank_id: str
    booked_on: dt.date
    amount_minor: int
    counterparty: str
    reference: str
    remittance: str
    place: str
    line_id: str = ""


@dataclass(frozen=True)
class Statement:
    """Amounts in minor units of ``currency``. ``opening_minor`` is None where the format tells only the closing balance.

    ``is_download``: of the days that somebody asked for, not one of the statements that the bank numbers.
    """

    account: str
    statement_id: str
    currency: str
    from_date: dt.date
    to_date: dt.date
    opening_minor: int | None
    closing_minor: int
    lines: tuple[StatementLine, ...]
    is_download: bool = False


def proved(name: str, statement: Statement) -> Statement:
    """The statement, its balances agreeing with its lines and each line with an id of its own.

    Without an opening balance it is what the lines leave of the closing one. A line's id is the account and the bank's own
    number; where there is none, or it occurs twice, the statement's number and the line's place in it: the same each time.
    Raises DoesNotAddUp.
    """
    total = sum(line.amount_minor for line in statement.lines)
    opening = statement.closing_minor - total if statement.opening_minor is None else statement.opening_minor
    if opening + total != statement.closing_minor:
        amounts = (opening, total, opening + total, statement.closing_minor, statement.closing_minor - opening - total)
        raise DoesNotAddUp(
            name, statement.statement_id, statement.currency, [to_major_text(each, statement.currency) for each in amounts]
        )
    seen = Counter(line.bank_id for line in statement.lines)
    lines = tuple(
        replace(line, line_id=_line_id(statement, line, at, is_own=bool(line.bank_id) and seen[line.bank_id] == 1))
        for at, line in enumerate(statement.lines, 1)
    )
    return replace(statement, opening_minor=opening, lines=lines)


def _line_id(statement: Statement, line: StatementLine, at: int, *, is_own: bool) -> str:
    parts = (statement.account, line.bank_id) if is_own else (statement.account, statement.statement_id, str(at))
    return "/".join(parts)


def minor_of(name: str, place: str, text: str, currency: str) -> int:
    """A decimal text as minor units. Raises BadElement for what is no amount, or has more decimals than the currency."""
    try:
        shifted = Decimal(text.strip()).scaleb(exponent(currency))
        whole = int(shifted)
    except (InvalidOperation, ValueError, OverflowError):
        raise BadElement(name, place, f"{text!r} is not an amount") from None
    if whole != shifted:
        raise BadElement(name, place, f"{text!r} has more decimals than {currency}")
    return whole


def known_currency(name: str, place: str, code: str) -> str:
    """The code in capitals. Raises BadElement for one that ISO 4217 does not know."""
    if not is_currency(code.strip().upper()):
        raise BadElement(name, place, f"{code!r} is not a currency of ISO 4217")
    return code.strip().upper()


def joined(*texts: str | None) -> str:
    """The texts that are there, on one line; one that another holds already is left out."""
    kept: list[str] = []
    for text in texts:
        clean = " ".join((text or "").split())
        if clean and not any(clean in other for other in kept):
            kept.append(clean)
    return " ".join(kept)


def date_span(days: Sequence[dt.date]) -> tuple[dt.date, dt.date]:
    """The first and the last of them."""
    return min(days), max(days)
