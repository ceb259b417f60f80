"""What a customer's master data say of themselves: a check digit, an address that can be, a day of verification.

Libraries judge single values; each different value is judged once. Nothing is asked of the network.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from functions.frames import NO_DAY
from workbook.quality.checks import Finding
from workbook.results.ledger import WorkbookLedger

_BETWEEN_ADDRESSES = re.compile(r"[;；,，、\s]+")
_BETWEEN_NUMBERS = re.compile(r"[;；/、,，\n]+")
_EXTENSION = re.compile(r"转|分机")
_LOOKS_LIKE_USCC = re.compile(r"[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}")
_LOOKS_LIKE_VAT = re.compile(r"[A-Z]{2}[0-9A-Z+*]{7,12}")


def check_digits(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """Tax ids that look like a Chinese or European one and whose check digit does not fit."""
    return _doubted(source, "tax_id", has_wrong_check_digit)


def has_wrong_check_digit(tax_id: str) -> bool:
    """True for a unified social credit code (GB 32100) or a VAT number of an EU country with a wrong check digit.

    Anything else is not judged: a number of another country, an old one of fifteen digits, and one too short or too long.
    Eighteen digits may be the identity number of a sole trader instead.
    """
    from stdnum.cn import ric, uscc
    from stdnum.eu import vat
    from stdnum.exceptions import InvalidChecksum, ValidationError

    number = re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", tax_id)).upper()
    if _LOOKS_LIKE_USCC.fullmatch(number):
        return not uscc.is_valid(number) and not ric.is_valid(number)
    if not _LOOKS_LIKE_VAT.fullmatch(number) or not any(map(str.isdigit, number)):
        return False
    try:
        vat.validate(number)
    except InvalidChecksum:
        return True
    except ValidationError:
        return False  # of no EU country, or not of its form: perhaps a number of another register
    return False


def impossible_emails(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """Cells with an e-mail address to which nothing can be sent."""
    return _doubted(source, "email", has_impossible_email)


def has_impossible_email(cell: str) -> bool:
    """True where one of the addresses breaks the rules of addresses, or ends in a name that is kept out of the internet."""
    from email_validator import EmailNotValidError, validate_email

    for address in filter(None, _BETWEEN_ADDRESSES.split(cell)):
        try:
            validate_email(address, check_deliverability=False)
        except EmailNotValidError:
            return True
    return False


def impossible_phones(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """Cells with a number that no telephone has. Without + and a country code, a number is taken for one at home.

    Home is ``country``, else ``holiday_country`` of Settings. Such numbers are not judged where neither is known, nor those
    of customers in another currency than the base currency, who are likely abroad.
    """
    settings = source.settings
    home = (settings.country or settings.holiday_country).upper()
    at_home = [currency == settings.base_currency for currency in source.tables["Customers"].columns["currency"]]
    regions = [home if is_at_home else "" for is_at_home in at_home]
    return _doubted(source, "phone", has_impossible_phone, regions)


def has_impossible_phone(cell: str, region: str) -> bool:
    """True where a number has more or fewer digits than its country's plan allows. ``region``: "CN", "" unknown."""
    import phonenumbers

    is_known = region in phonenumbers.SUPPORTED_REGIONS
    for part in _BETWEEN_NUMBERS.split(unicodedata.normalize("NFKC", cell)):
        number = _EXTENSION.sub(" ext. ", part).strip()
        if not number or not (is_known or number.startswith("+")):
            continue
        try:
            parsed = phonenumbers.parse(number, region if is_known else None)
        except phonenumbers.NumberParseException:
            return True
        if not phonenumbers.is_possible_number(parsed):
            return True
    return False


def not_verified(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """Customers whose data nobody verified in the last ``verify_after_days``, or ever.

    Where no customer has a day of verification the practice is not kept, and nothing is said.
    """
    read = source.tables["Customers"]
    oldest = as_of - source.settings.verify_after_days
    days = [int(day) for day in read.columns["verified_day"]]
    if any(day != NO_DAY for day in days):
        for row, day in zip(read.columns["row"], days, strict=True):
            if day < oldest:  # a blank day is before every other
                yield Finding("Customers", int(row), "verified_on")


def _doubted(
    source: WorkbookLedger, column: str, is_wrong: Callable[..., bool], *beside: Sequence[str]
) -> Iterator[Finding]:
    """The rows whose cell is wrong; each different one (with what stands ``beside`` it) is judged once."""
    read = source.tables["Customers"]
    given = list(zip(read.columns[column], *beside, strict=True))
    wrong = {each for each in set(given) if each[0] and is_wrong(*each)}
    for row, each in zip(read.columns["row"], given, strict=True):
        if each in wrong:
            yield Finding("Customers", int(row), column)
