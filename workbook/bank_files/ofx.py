"""OFX 1 (SGML) and 2 (XML), through the library ofxtools. It tells the closing balance only."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
from decimal import Decimal, InvalidOperation
from typing import Any

from workbook.bank_files.refusals import BadElement, NeedsBanksExtra, NoStatement
from workbook.bank_files.statement import Statement, StatementLine, joined, known_currency, minor_of

KIND = "an OFX file"
_ELEMENT = re.compile(r"<([A-Z0-9.]+)>([^<\r\n]*)", re.IGNORECASE)
_BLANK = re.compile(r"Can't set \w+\.(\w+) to None")


def ofx_statements(name: str, raw: bytes) -> list[Statement]:
    """The statements of a file. Raises NeedsBanksExtra, NoStatement, and BadElement."""
    try:
        from ofxtools.header import OFXHeaderError
        from ofxtools.Parser import OFXTree, ParseError
        from ofxtools.Types import OFXSpecError
    except ImportError as error:
        raise NeedsBanksExtra(name, KIND) from error
    tree = OFXTree()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of elements that some programs add, which it leaves out
            tree.parse(io.BytesIO(raw))
            statements = tree.convert().statements
    except (ParseError, OFXHeaderError, OFXSpecError, ValueError, ArithmeticError) as error:
        said = "not an amount" if isinstance(error, ArithmeticError) else " ".join(str(error).split())
        raise BadElement(name, _place(raw, error), said or "not OFX") from error
    found = [_statement(name, each) for each in statements if hasattr(each, "bankacctfrom")]
    if not found:
        raise NoStatement(name, KIND)
    return found


def _place(raw: bytes, error: Exception) -> str:
    """The line of the first element that the library's message names, by its value or as blank, as far as it can be told.

    Of an amount the message names nothing: then the first element that should be one and is not.
    """
    text, said = raw.decode("latin-1"), str(error)
    blank = _BLANK.search(said)
    for found in _ELEMENT.finditer(text):
        tag, value = found.group(1).upper(), found.group(2).strip()
        if blank:
            is_meant = tag == blank.group(1).upper() and not value
        elif isinstance(error, ArithmeticError):
            is_meant = tag.endswith("AMT") and not _is_amount(value)
        else:
            is_meant = bool(value) and repr(value) in said
        if is_meant:
            return f"line {text.count(chr(10), 0, found.start()) + 1}, element {tag}"
    return "the file"


def _is_amount(text: str) -> bool:
    try:
        Decimal(text.replace(",", "."))  # as the library reads them
    except InvalidOperation:
        return False
    return True


def _statement(name: str, statement: Any) -> Statement:
    account, transactions = statement.account, statement.transactions
    place = f"account {account.acctid}"
    currency = known_currency(name, f"{place}, element CURDEF", str(statement.curdef))
    if statement.ledgerbal is None or transactions is None:
        raise BadElement(name, place, "the statement lacks its balance (LEDGERBAL) or its lines (BANKTRANLIST)")
    first, last = transactions.dtstart.date(), transactions.dtend.date()
    lines = tuple(sorted((_line(name, each, currency) for each in transactions), key=lambda line: line.booked_on))
    first, last = min([first, *(line.booked_on for line in lines)]), max([last, *(line.booked_on for line in lines)])
    return Statement(
        account=str(account.acctid),
        statement_id=f"{first:%Y%m%d}-{last:%Y%m%d}",
        currency=currency,
        from_date=first,
        to_date=last,
        opening_minor=None,
        closing_minor=minor_of(name, f"{place}, element BALAMT", str(statement.ledgerbal.balamt), currency),
        lines=lines,
        is_download=True,
    )


def _line(name: str, transaction: Any, currency: str) -> StatementLine:
    place = f"element STMTTRN, FITID {transaction.fitid}"
    payee = getattr(transaction.payee, "name", None) if transaction.payee is not None else None
    booked: dt.datetime = transaction.dtposted
    return StatementLine(
        bank_id=str(transaction.fitid),
        booked_on=booked.date(),
        amount_minor=minor_of(name, place, str(transaction.trnamt), currency),
        counterparty=joined(transaction.name, payee),
        reference=str(transaction.refnum or transaction.checknum or transaction.fitid),
        remittance=joined(transaction.memo),
        place=place,
    )
