"""Our own bank details, where a workbook names them, and which of them are other ones than the last close saw.

What was seen stands on the hidden sheet LastSeen (``importing/last_seen.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbook.editing.table_layout import places_of
from workbook.issue import Issue, cell_address
from workbook.port import RawTable, ReadableBook
from workbook.reading.cell_parsing import is_blank
from workbook.schema import TABLES
from workbook.settings import find_setting

OUR_SETTINGS = ("company_name", "bank_account")
"""The settings that say who we are and where money is to be paid."""

_ACCOUNT_NUMBER = re.compile(r"(?<![0-9A-Za-z{])(?:[A-Z]{2}[0-9]{2}[ -]?)?(?:[0-9A-Z]{0,4}[0-9]{3,}[ -]?){2,}[0-9]*")
_SHORTEST_NUMBER = 8  # digits


@dataclass(frozen=True)
class ChangedDetail:
    """An issue, with its row on the sheet and the key of that row."""

    issue: Issue
    row: int
    key: str


def changed_bank_details(book: ReadableBook) -> list[ChangedDetail]:
    """The settings and letters that name other bank details of ours than when the last close saw them."""
    seen = {key: value for key, value in seen_before(book).items() if key[0] != "Customers"}
    if not seen:
        return []
    found = []
    now = {(name, key): (value, raw, row, column) for name, key, value, raw, row, column in _where_ours_stand(book)}
    for place, (value, raw, row, column) in now.items():
        if value != seen.get(place, ""):
            at = places_of(raw, TABLES[raw.name])[column]
            issue = Issue(
                "bank_details_changed", raw.name, row, column, cell_address(raw, row, at), raw.columns[at][row]
            )  # fmt: skip
            found.append(ChangedDetail(issue, raw.first_row + row, place[1]))
    return found


def account_numbers(text: str) -> list[str]:
    """What may be a bank account in a text: an IBAN, or eight digits and more, without the blanks between them.

    Fields in braces are none: what they stand for is written by us.
    """
    found = [re.sub(r"[ -]", "", each) for each in _ACCOUNT_NUMBER.findall(text)]
    return sorted({each for each in found if sum(map(str.isdigit, each)) >= _SHORTEST_NUMBER})


def seen_before(book: ReadableBook) -> dict[tuple[str, str], str]:
    """(table, key) → what the last run saw of it, as text; nothing where there was none."""
    raw = book.read_table("LastSeen")
    if raw is None:
        return {}
    places = places_of(raw, TABLES["LastSeen"])
    if not {"table", "key", "values"} <= places.keys():
        return {}
    rows = zip(*(raw.columns[places[key]] for key in ("table", "key", "values")), strict=True)
    return {(str(table), str(key)): "" if value is None else str(value) for table, key, value in rows if not is_blank(table)}


def our_details(book: ReadableBook) -> dict[tuple[str, str], str]:
    """A setting that is blank is seen as well, so that filling it in is a change."""
    blank = {("Settings", key): "" for key in OUR_SETTINGS}
    return blank | {(name, key): value for name, key, value, _, _, _ in _where_ours_stand(book)}


def _where_ours_stand(book: ReadableBook) -> Iterator[tuple[str, str, str, RawTable, int, str]]:
    """(table, key, value, the table as found, row, column) of our own details; of a letter, the accounts that it names."""
    settings, letters = book.read_table("Settings"), book.read_table("Letters")
    if settings is not None:
        places = places_of(settings, TABLES["Settings"])
        if {"key", "value"} <= places.keys():
            for row, name in enumerate(settings.columns[places["key"]]):
                setting = find_setting(str(name or ""))
                if setting is not None and setting.key in OUR_SETTINGS:
                    value = settings.columns[places["value"]][row]
                    yield "Settings", setting.key, str(value or "").strip(), settings, row, "value"
    if letters is not None:
        table = TABLES["Letters"]
        places = places_of(letters, table)
        if "body" in places:
            for row, body in enumerate(letters.columns[places["body"]]):
                key = "/".join(str(letters.columns[places[each]][row]) for each in table.key if each in places)
                if not is_blank(body):
                    yield "Letters", key, "; ".join(account_numbers(str(body))), letters, row, "body"
