"""CAMT.053 (ISO 20022 BankToCustomerStatement), any version: elements are known by their local names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from lxml import etree

from workbook.bank_files.refusals import BadElement, DeclaresEntities, NoStatement
from workbook.bank_files.statement import Statement, StatementLine, date_span, joined, known_currency, minor_of
from workbook.package.parts import children

KIND = "a CAMT.053 file"
_OPENING = ("OPBD", "PRCD")  # booked; the closing balance of the statement before
_CLOSING = ("CLBD",)
_NO_REFERENCE = {"NOTPROVIDED", "NONREF"}


def camt_statements(name: str, raw: bytes) -> list[Statement]:
    """The statements of a file. Raises DeclaresEntities, NoStatement, and BadElement with the line of the element."""
    return [_statement(name, each) for each in children(_root(name, raw), "BkToCstmrStmt", "Stmt")] or _none(name)


def _none(name: str) -> list[Statement]:
    raise NoStatement(name, KIND)


def _root(name: str, raw: bytes) -> etree._Element:
    # Nothing is resolved or fetched: what an entity stands for could grow without end, or be a file of ours.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise BadElement(name, f"line {error.lineno}", f"not well-formed XML ({error.msg})") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DeclaresEntities(name)
    return root


def _statement(name: str, element: etree._Element) -> Statement:
    account = _text(element, "Acct", "Id", "IBAN") or _text(element, "Acct", "Id", "Othr", "Id")
    if not account:
        raise BadElement(name, _place(element), "the statement names no account (Acct/Id)")
    closing_element, closing_on = _balance(name, element, _CLOSING)
    opening_element, opening_on = _balance(name, element, _OPENING)
    amount = _child(name, closing_element, "Amt")
    currency = known_currency(name, _place(amount), amount.get("Ccy", ""))
    lines = tuple(
        line for entry in children(element, "Ntry") for line in _entry_lines(name, entry, currency) if line is not None
    )
    days = [opening_on, closing_on, *(line.booked_on for line in lines)]
    told = [_text(element, "FrToDt", which) for which in ("FrDtTm", "ToDtTm", "FrDt", "ToDt")]
    days = [_day(name, element, each) for each in told if each] or days
    first, last = date_span(days)
    return Statement(
        account=account,
        statement_id=_text(element, "ElctrncSeqNb") or _text(element, "Id") or f"{last:%Y%m%d}",
        currency=currency,
        from_date=first,
        to_date=last,
        opening_minor=_signed(name, opening_element, currency),
        closing_minor=_signed(name, closing_element, currency),
        lines=lines,
    )


def _balance(name: str, statement: etree._Element, codes: Sequence[str]) -> tuple[etree._Element, dt.date]:
    """The balance of the first of these codes that there is, and its day."""
    by_code = {_text(each, "Tp", "CdOrPrtry", "Cd"): each for each in children(statement, "Bal")}
    found = next((by_code[code] for code in codes if code in by_code), None)
    if found is None:
        raise BadElement(name, _place(statement), f"the statement has no balance {' or '.join(codes)} (Bal)")
    return found, _day(name, found, _text(found, "Dt", "Dt") or _text(found, "Dt", "DtTm"))


def _entry_lines(name: str, entry: etree._Element, currency: str) -> Iterator[StatementLine | None]:
    """One line a booked entry; of a batch, one a transaction where their amounts are told and sum to the entry."""
    status = _text(entry, "Sts", "Cd") or _text(entry, "Sts")
    if status and status != "BOOK":
        return  # announced, not booked: no balance counts it
    total = _signed(name, entry, currency)
    booked = _text(entry, "BookgDt", "Dt") or _text(entry, "BookgDt", "DtTm") or _text(entry, "ValDt", "Dt")
    booked_on = _day(name, entry, booked)
    details = list(children(entry, "NtryDtls", "TxDtls"))
    parts = _parts(name, details, currency, total) if len(details) > 1 else None
    if parts is None:
        yield _line(entry, details, total, booked_on, _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef"))
        return
    for detail, part in zip(details, parts, strict=True):
        yield _line(entry, [detail], part, booked_on, _text(detail, "Refs", "AcctSvcrRef") or _text(detail, "Refs", "TxId"))


def _parts(name: str, details: Sequence[etree._Element], currency: str, total: int) -> list[int] | None:
    """The signed amounts of a batch, or None where they are not those that were booked."""
    amounts = []
    for detail in details:
        found = next(children(detail, "Amt"), None)
        found = next(children(detail, "AmtDtls", "TxAmt", "Amt"), None) if found is None else found
        if found is None or found.get("Ccy", "").upper() != currency:
            return None
        amounts.append(minor_of(name, _place(found), found.text or "", currency))
    sign = -1 if total < 0 else 1
    return [sign * each for each in amounts] if sum(amounts) == abs(total) else None


def _line(
    entry: etree._Element, details: Sequence[etree._Element], amount: int, booked_on: dt.date, bank_id: str
) -> StatementLine:
    side = "Cdtr" if amount < 0 else "Dbtr"
    parties = [_text(each, "RltdPties", side, "Nm") or _text(each, "RltdPties", side, "Pty", "Nm") for each in details]
    references = [_text(each, "Refs", which) for each in details for which in ("EndToEndId", "InstrId", "TxId")]
    said = [
        part.text
        for each in details
        for path in (("Ustrd",), ("Strd", "CdtrRefInf", "Ref"), ("Strd", "RfrdDocInf", "Nb"))
        for part in children(each, "RmtInf", *path)
    ]
    own = [each for each in references if each and each not in _NO_REFERENCE]
    return StatementLine(
        bank_id="" if bank_id in _NO_REFERENCE else bank_id,
        booked_on=booked_on,
        amount_minor=amount,
        counterparty=joined(*dict.fromkeys(parties)),
        reference=next(iter(own), bank_id),
        remittance=joined(*said, _text(entry, "AddtlNtryInf")),
        place=_place(entry),
    )


def _signed(name: str, element: etree._Element, currency: str) -> int:
    """The amount of an entry or a balance, by its CdtDbtInd."""
    amount = _child(name, element, "Amt")
    if amount.get("Ccy", currency).upper() != currency:
        raise BadElement(name, _place(amount), f"an amount in {amount.get('Ccy')} on a statement in {currency}")
    side = _text(element, "CdtDbtInd")
    if side not in ("CRDT", "DBIT"):
        raise BadElement(name, _place(element), f"CdtDbtInd is {side!r}, neither CRDT nor DBIT")
    minor = minor_of(name, _place(amount), amount.text or "", currency)
    return minor if side == "CRDT" else -minor


def _child(name: str, element: etree._Element, tag: str) -> etree._Element:
    found = next(children(element, tag), None)
    if found is None:
        raise BadElement(name, _place(element), f"the element has no {tag}")
    return found


def _text(element: etree._Element, *path: str) -> str:
    found = next(children(element, *path), None)
    return "" if found is None else " ".join((found.text or "").split())


def _day(name: str, element: etree._Element, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        raise BadElement(name, _place(element), f"{text!r} is not a date") from None


def _place(element: etree._Element) -> str:
    return f"line {element.sourceline}, element {etree.QName(element).localname}"
