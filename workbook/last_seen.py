"""What the last run saw of customers and of our own bank details, so that what was typed into the workbook since is noticed.

It stands on a hidden sheet, LastSeen, which the first close begins. Who may type there may also hide a change: it helps an
honest office, and is no proof.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbook.editing.table_layout import places_of
from workbook.importing.customer_history import Change, as_text, rows_of_history
from workbook.importing.existing import existing_rows
from workbook.importing.known_currencies import context_of
from workbook.issue import Issue, cell_address
from workbook.port import Book, Cell, RawTable, ReadableBook
from workbook.reading.cell_parsing import is_blank
from workbook.schema import TABLES
from workbook.settings import find_setting

OUR_SETTINGS = ("company_name", "bank_account")
"""The settings that say who we are and where money is to be paid."""

_ACCOUNT_NUMBER = re.compile(r"(?<![0-9A-Za-z{])(?:[A-Z]{2}[0-9]{2}[ -]?)?(?:[0-9A-Z]{0,4}[0-9]{3,}[ -]?){2,}[0-9]*")
_SHORTEST_NUMBER = 8  # digits

Seen = Mapping[tuple[str, str], str]
"""(table, key) → what was seen of it, as text."""

TYPED = "typed into the workbook"
"""The reason that CustomerHistory gives for a change that a run noticed."""


@dataclass(frozen=True)
class ChangedDetail:
    """An issue, with its row on the sheet and the key of that row."""

    issue: Issue
    row: int
    key: str


def note_typed_changes(book: Book, *, on: dt.date) -> int:
    """Append to CustomerHistory what became of customers since the last run saw them, as changed on this day; how many.

    A customer that is new, or gone, is no change; nor is anything where no run has seen the workbook yet.
    """
    seen = _seen(book)
    changes = []
    for (table, customer), now in _customers(book).items():
        before = seen.get((table, customer))
        if before is None or before == now:
            continue
        old, new = json.loads(before), json.loads(now)
        for field in [key for key in TABLES["Customers"].keys if old.get(key, "") != new.get(key, "")]:
            changes.append((customer, field, old.get(field, ""), new.get(field, "")))
    if changes:
        history = rows_of_history(changes, Change(on, reason=TYPED))
        book.append_rows(TABLES["CustomerHistory"], history)
    return len(changes)


def remember(book: Book, *, begins: bool = False) -> None:
    """Keep what stands now: of customers by every run, of our bank details by a close, which tells what changed of them.

    ``begins``: a close, which also begins LastSeen where it is not there.
    """
    seen = _seen(book)
    if not seen and not begins:
        return
    ours = _our_details(book) if begins else {key: value for key, value in seen.items() if key[0] != "Customers"}
    now = {**_customers(book), **ours}
    if now != seen:
        rows = sorted(now.items())
        columns: dict[str, list[Cell]] = {
            "table": [table for (table, _), _ in rows],
            "key": [key for (_, key), _ in rows],
            "values": [value for _, value in rows],
        }
        book.write_table(TABLES["LastSeen"], columns)


def changed_bank_details(book: ReadableBook) -> list[ChangedDetail]:
    """The settings and letters that name other bank details of ours than when the last close saw them."""
    seen = {key: value for key, value in _seen(book).items() if key[0] != "Customers"}
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


def _seen(book: ReadableBook) -> dict[tuple[str, str], str]:
    raw = book.read_table("LastSeen")
    if raw is None:
        return {}
    places = places_of(raw, TABLES["LastSeen"])
    if not {"table", "key", "values"} <= places.keys():
        return {}
    rows = zip(*(raw.columns[places[key]] for key in ("table", "key", "values")), strict=True)
    return {(str(table), str(key)): "" if value is None else str(value) for table, key, value in rows if not is_blank(table)}


def _customers(book: Book) -> dict[tuple[str, str], str]:
    """Each customer's filled cells, as CustomerHistory would tell them."""
    table = TABLES["Customers"]
    raw = book.read_table(table.name)
    if raw is None:
        return {}
    rows = existing_rows(raw, table, table.keys, context_of(book))
    found: dict[tuple[str, str], str] = {}
    for (customer,), places in sorted(rows.by_key.items(), key=lambda each: str(each[0])):
        cells = {key: as_text(table[key].kind, values[places[0]]) for key, values in rows.values.items()}
        filled = {key: text for key, text in sorted(cells.items()) if text and key != "customer_id"}
        found[table.name, str(customer)] = json.dumps(filled, ensure_ascii=False, separators=(",", ":"))
    return found


def _our_details(book: ReadableBook) -> dict[tuple[str, str], str]:
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
