"""MT940 (SWIFT customer statement), through the library mt-940."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from typing import Any

from workbook.bank_files.refusals import BadElement, NeedsBanksExtra, NoStatement
from workbook.bank_files.statement import Statement, StatementLine, date_span, joined, known_currency, minor_of

KIND = "an MT940 file"
_FIELD = re.compile(r"^:(\d{2}[A-Z]?):", re.MULTILINE)
_NO_REFERENCE = {"NONREF", "NOTPROVIDED"}
_FAULTS = (ValueError, RuntimeError, ArithmeticError, KeyError, TypeError)
"""What the library raises for what it cannot read."""


def mt940_statements(name: str, text: str) -> list[Statement]:
    """The statements of a file. Raises NeedsBanksExtra, NoStatement, and BadElement with the line it stands on."""
    try:
        import mt940  # noqa: F401
    except ImportError as error:
        raise NeedsBanksExtra(name, KIND) from error
    blocks = _blocks(text)
    if not blocks:
        raise NoStatement(name, KIND)
    found = []
    for first_line, block in blocks:
        try:
            parsed = _parsed(block)
        except _FAULTS as error:
            raise BadElement(name, f"line {first_line + _line_of_fault(block)}", str(error)) from error
        found.append(_statement(name, parsed, first_line, block))
    return found


def _parsed(block: str) -> Any:
    """A statement as the library reads it. Raises one of _FAULTS."""
    import mt940

    # Every repair that the library offers: a reversal has its sign, long details stay whole.
    parsed = mt940.models.Transactions(options=mt940.Options.all())
    parsed.parse(block)
    return parsed


def _blocks(text: str) -> list[tuple[int, str]]:
    """(line, text) of each statement: from one ``:20:`` to the next."""
    starts = [each.start() for each in _FIELD.finditer(text) if each.group(1) == "20"]
    ends = [*starts[1:], len(text)]
    return [(text.count("\n", 0, start) + 1, text[start:end]) for start, end in zip(starts, ends, strict=True)]


def _line_of_fault(block: str) -> int:
    """The line, from 0, of the field that cannot be read: the library reads all before it, and not what it ends.

    Its messages do not always say where.
    """
    starts = [each.start() for each in _FIELD.finditer(block)]
    ends = [*starts[1:], len(block)]

    def fails(field: int) -> bool:
        try:
            _parsed(block[: ends[field]])
        except _FAULTS:
            return True
        return False

    field = bisect_left(range(len(ends)), True, key=fails)
    return block.count("\n", 0, starts[min(field, len(starts) - 1)])


def _statement(name: str, parsed: Any, first_line: int, block: str) -> Statement:
    data = parsed.data
    place = f"line {first_line}"
    account = str(data.get("account_identification") or "").strip()
    if not account:
        raise BadElement(name, place, "the statement names no account (field :25:)")
    opening = data.get("final_opening_balance") or data.get("intermediate_opening_balance")
    closing = data.get("final_closing_balance") or data.get("intermediate_closing_balance")
    if opening is None or closing is None:
        raise BadElement(name, place, "the statement lacks an opening or a closing balance (fields :60F: and :62F:)")
    currency = known_currency(name, place, str(closing.amount.currency))
    numbers = [first_line + block.count("\n", 0, each.start()) for each in _FIELD.finditer(block) if each.group(1) == "61"]
    if len(numbers) != len(parsed):
        raise BadElement(name, place, f"{len(numbers)} lines (field :61:), of which {len(parsed)} can be read")
    lines = tuple(_line(name, each.data, f"line {at}", currency) for each, at in zip(parsed, numbers, strict=True))
    first, last = date_span([_date(opening.date), _date(closing.date)])
    sequence = [str(data[key]).lstrip("0") for key in ("statement_number", "sequence_number") if data.get(key)]
    return Statement(
        account=account,
        statement_id="/".join([f"{last:%Y}", *filter(None, sequence)]) if sequence else f"{last:%Y%m%d}",
        currency=currency,
        from_date=first,
        to_date=last,
        opening_minor=minor_of(name, place, str(opening.amount.amount), currency),
        closing_minor=minor_of(name, place, str(closing.amount.amount), currency),
        lines=lines,
    )


def _line(name: str, data: dict[str, Any], place: str, currency: str) -> StatementLine:
    bank, own = _reference(data.get("bank_reference")), _reference(data.get("customer_reference"))
    reference = _reference(data.get("end_to_end_reference")) or own or bank
    return StatementLine(
        bank_id=bank,
        booked_on=_date(data.get("entry_date") or data["date"]),
        amount_minor=minor_of(name, place, str(data["amount"].amount), currency),
        counterparty=joined(data.get("applicant_name"), data.get("recipient_name")),
        reference=reference,
        remittance=joined(
            data.get("purpose"), data.get("additional_purpose"), data.get("transaction_details"), data.get("extra_details")
        ),
        place=place,
    )


def _reference(value: Any) -> str:
    text = str(value or "").strip()
    return "" if text.upper() in _NO_REFERENCE else text


def _date(value: Any) -> dt.date:
    return dt.date(value.year, value.month, value.day)
