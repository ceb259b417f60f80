"""What stands in a customer's e-mail cell → addresses that are safe to put into a header."""

from __future__ import annotations

import re
from functools import lru_cache

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[^\s@<>(),;:\\\"\[\]]+")
_HOST = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")


class NotAnAddress(ValueError):
    """A cell that holds no e-mail address, or something else besides."""

    def __init__(self) -> None:
        super().__init__("not an e-mail address")


def addresses_in(cell: str) -> tuple[str, ...]:
    """The addresses of a cell, several set apart by commas or semicolons; hosts of any script as DNS spells them.

    Raises NotAnAddress where any of them is none: half a list of recipients would be a guess, and a line break among them an
    attempt at a header of one's own.
    """
    found = tuple(_address(part.strip(" \u00a0")) for part in re.split("[,;，；]", cell.strip(" \u00a0,;，；")))
    return tuple(dict.fromkeys(found))


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise NotAnAddress
    local, _, host = text.rpartition("@")
    return f"{local}@{_in_dns(host)}"


@lru_cache(4096)  # thousands of customers have their mail with a few providers
def _in_dns(host: str) -> str:
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise NotAnAddress from error
    if not _HOST.fullmatch(host):
        raise NotAnAddress
    return host
