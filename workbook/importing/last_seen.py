"""What the last run saw of customers and of our own bank details, so that what was typed into the workbook since is noticed.

It stands on a hidden sheet, LastSeen, which the first close begins. Who may type there may also hide a change: it helps an
honest office, and is no proof.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from workbook.bank_details import our_details, seen_before
from workbook.importing.customer_history import Change, as_text, rows_of_history
from workbook.importing.existing import existing_rows
from workbook.importing.known_currencies import context_of
from workbook.port import Book, Cell
from workbook.schema import TABLES

TYPED = "typed into the workbook"
"""The reason that CustomerHistory gives for a change that a run noticed."""


@dataclass(frozen=True)
class Sight:
    """(table, key) → what was seen of it, as text: by the last run, of customers now, of our own bank details now."""

    before: Mapping[tuple[str, str], str]
    customers: Mapping[tuple[str, str], str]
    ours: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, book: Book) -> Sight:
        """What the workbook shows as it stands."""
        return cls(seen_before(book), _customers(book), our_details(book))


def note_typed_changes(book: Book, *, on: dt.date) -> Sight:
    """Append to CustomerHistory what became of customers since the last run saw them, as changed on this day.

    A customer that is new, or gone, is no change; nor is anything where no run has seen the workbook yet.
    """
    sight = Sight.of(book)
    changes = []
    for (table, customer), now in sight.customers.items():
        before = sight.before.get((table, customer))
        if before is None or before == now:
            continue
        old, new = json.loads(before), json.loads(now)
        for field in [key for key in TABLES["Customers"].keys if old.get(key, "") != new.get(key, "")]:
            changes.append((customer, field, old.get(field, ""), new.get(field, "")))
    if changes:
        history = rows_of_history(changes, Change(on, reason=TYPED))
        book.append_rows(TABLES["CustomerHistory"], history)
    return sight


def remember(book: Book, sight: Sight | None = None, *, begins: bool = False) -> None:
    """Keep what stands now: of customers by every run, of our bank details by a close, which tells what changed of them.

    ``sight``: what ``note_typed_changes`` saw, where the run changed no customer since. ``begins``: a close, which also
    begins LastSeen where it is not there.
    """
    sight = sight if sight is not None else Sight.of(book)
    if not sight.before and not begins:
        return
    ours = sight.ours if begins else {key: value for key, value in sight.before.items() if key[0] != "Customers"}
    now = {**sight.customers, **ours}
    if now != sight.before:
        rows = sorted(now.items())
        columns: dict[str, list[Cell]] = {
            "table": [table for (table, _), _ in rows],
            "key": [key for (_, key), _ in rows],
            "values": [value for _, value in rows],
        }
        book.write_table(TABLES["LastSeen"], columns)


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
