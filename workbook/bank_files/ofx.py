"""OFX 1 (SGML) and 2 (XML), through the library ofxtools. It tells the closing balance only."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from decimal import Decimal, InvalidOperation
from typing import Any

from workbook.bank_files.refusals import BadElement, NeedsBanksExtra, NoStatement
from workbook.bank_files.statement import Statement, StatementLine, joined, known_currency, minor_of

KIND = "an OFX file"


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
    """The line of the first element that the library's message names with its value, as far as it can be told.

    Of an amount the message names nothing: then the first element that should be one and is not.
    """
    for at, line in enumerate(raw.splitlines(), 1):
        tag, _, value = line.decode("latin-1").strip().lstrip("<").partition(">")
        value = value.partition("<")[0].strip()
        is_meant = (
            tag.endswith("AMT") and not _is_amount(value)
            if isinstance(error, ArithmeticError)
            else repr(value) in str(error)
        )
        if value and is_meant and not tag.startswith("/"):
            return f"line {at}, element {tag}"
    return "the file"


def _is_amount(text: str) -> bool:
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def _statement(name: str, statement: Any) -> Statement:
    account, transactions = statement.account, statement.transactions
    place = f"account {account.acctid}"
    currency = known_currency(name, place, str(statement.curdef))
    if statement.ledgerbal is None or transactions is None:
        raise BadElement(name, place, "the statement lacks its balance (LEDGERBAL) or its lines (BANKTRANLIST)")
    first, last = transactions.dtstart.date(), transactions.dtend.date()
    lines = tuple(_line(name, each, currency) for each in transactions)
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
