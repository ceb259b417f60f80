"""Which format a bank's file is in, by what it holds, and its statements."""

from __future__ import annotations

import re
from pathlib import Path

from workbook.bank_files.camt import camt_statements
from workbook.bank_files.mt940 import mt940_statements
from workbook.bank_files.ofx import ofx_statements
from workbook.bank_files.refusals import DeclaresEntities
from workbook.bank_files.statement import Statement, proved
from workbook.importing.delimited import decode

_HEAD = 4096
_OFX = re.compile(rb"^\s*OFXHEADER\s*:|<\?OFX\b|<OFX>", re.IGNORECASE)
_CAMT = re.compile(rb"<(?:\w+:)?BkToCstmrStmt\b|urn:iso:std:iso:20022:tech:xsd:camt\.")
_MT940 = re.compile(rb"^(?:\{.*)?:20:", re.MULTILINE)
_MT940_ACCOUNT = re.compile(rb"^:25[A-Z]?:", re.MULTILINE)
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read_statements(path: Path, raw: bytes, *, encoding: str | None = None) -> tuple[str, list[Statement]] | None:
    """The format's name and the statements, each proved to add up; None for a file in none of the bank formats.

    Raises BankFileRefused: DeclaresEntities, BadElement, NoStatement, DoesNotAddUp, NeedsBanksExtra.
    """
    plain = raw.replace(b"\0", b"") if b"\0" in raw[:_HEAD] else raw  # so that UTF-16 hides no declaration
    head = plain[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    is_ofx, is_camt = bool(_OFX.search(head)), bool(_CAMT.search(head))
    if (is_ofx or is_camt or head.lstrip(b"\xff\xfe \t\r\n").startswith(b"<")) and _DECLARATION.search(plain):
        raise DeclaresEntities(path.name)
    if is_ofx:
        kind, found = "OFX", ofx_statements(path.name, raw)
    elif is_camt:
        kind, found = "CAMT.053", camt_statements(path.name, raw)
    elif _MT940.search(head) and _MT940_ACCOUNT.search(head):
        text, _ = decode(path, raw, encoding=encoding)
        kind, found = "MT940", mt940_statements(path.name, text.replace("\r\n", "\n").replace("\r", "\n"))
    else:
        return None
    return kind, [proved(path.name, each) for each in found]
