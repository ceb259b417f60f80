"""What customers answered to statements and confirmations: balances, remarks into Confirmations, disputes onto Invoices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from functions.dates import date_of, day_of
from functions.frames import NO_DAY, NO_MINOR
from functions.issues import SEVERITY
from functions.money import to_major_text
from workbook import labels
from workbook.issue_texts import ISSUE_TEXTS
from workbook.labels import WORDS
from workbook.outcome import Outcome
from workbook.port import Book, Columns
from workbook.reading.context import ReadingContext
from workbook.reading.rows import ReadTable, read_rows
from workbook.results.ledger import read_ledger
from workbook.results.report_words import said
from workbook.results.writing import columns_to_write
from workbook.schema import TABLES
from workbook.statements.replies import Reply, read_reply
from workbook.tasks.run_log import Run, append_run

Account = tuple[str, int, str]
"""Customer, day number, currency."""


@dataclass
class _Found:
    """What the replies come to; ``told`` are lines for people, ``refused`` those of them that somebody must see to."""

    stated: dict[Account, int] = field(default_factory=dict)
    remarks: dict[Account, str] = field(default_factory=dict)
    disputed: dict[int, str] = field(default_factory=dict)  # row of Invoices → reason
    told: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def read_replies(
    book: Book,
    *,
    files: Sequence[Path],
    ran_at: dt.datetime,
    as_of: dt.date | None = None,
    language: str | None = None,
    by: str = "",
) -> Outcome:
    """Read files that customers filled in: what they see, and remark, into Confirmations, what they contest onto Invoices.

    A reply counts for a statement or confirmation that is in Statements, and for invoices of that customer; anything else in
    it is told and not taken. "Agreed" states our balance as it was sent, whatever stands in the file. Where one balance is
    answered twice, the later file counts. An invoice that is in dispute keeps its day and reason. ``as_of``: the day of the
    replies, today if left out. Raises Refusal, before anything is changed.
    """
    language = language or book.language
    replied_on = as_of or ran_at.date()
    ledger = read_ledger(book, as_of=day_of(replied_on))
    base = ledger.policy.base_currency
    replies = [read_reply(path, base_currency=base) for path in files]
    context = ReadingContext(
        base_currency=base, words=WORDS, customer_currency=customer_currencies(ledger.tables["Customers"])
    )
    sent = _sent(book, context)
    found = _Found()
    for reply in replies:
        _take(reply, sent, ledger.tables["Invoices"], found, language)
    _write_confirmations(book, found, context, replied_on, language)
    _write_disputes(book, found, replied_on)
    told = {"balances": len(found.stated), "disputes": len(found.disputed), "not_taken": len(found.refused)}
    append_run(
        book,
        Run("replies", ran_at=ran_at, as_of=replied_on, by=by, what=" ".join(path.name for path in files)),
        totals=", ".join(f"{name} {count}" for name, count in told.items()),
    )
    return Outcome(
        lines=(
            *found.told,
            *found.refused,
            f"{said('balances_stated', language)}: {len(found.stated)}; "
            f"{said('disputes_opened', language)}: {len(found.disputed)}",
        ),
        summary={"files": len(files), **told},
        has_errors=bool(found.refused),
        writes_book=True,
    )


def _take(reply: Reply, sent: dict[Account, int], invoices: ReadTable, found: _Found, language: str) -> None:
    name = reply.path.name
    for issue in reply.issues:
        line = f"{name}, {issue.cell}: {ISSUE_TEXTS[issue.code].in_language(language)}"
        (found.refused if SEVERITY[issue.code] == "error" else found.told).append(line)
    if not reply.said and not reply.contested and not reply.issues:
        found.told.append(f"{name}: {said('nothing_filled_in', language)}")
    for each in reply.said:
        account = (reply.customer_id, each.as_of_day, each.currency)
        if account not in sent:
            what = f"{reply.customer_id} {date_of(each.as_of_day)} {each.currency}"
            found.refused.append(f"{name}: {said('reply_to_nothing', language)}: {what}")
            continue
        if each.remarks:
            found.remarks[account] = each.remarks
        if each.stated_minor == NO_MINOR and not each.is_agreed:
            continue
        stated = each.stated_minor if each.stated_minor != NO_MINOR else sent[account]
        found.stated[account] = stated
        if stated != sent[account]:
            gap = to_major_text(stated - sent[account], each.currency)
            found.told.append(f"{name}: {reply.customer_id} {each.currency} {said('sees_another_balance', language)}: {gap}")
    columns = [invoices.columns[key] for key in ("invoice_id", "customer_id", "row", "is_disputed", "dispute_closed_day")]
    rows = {str(key): rest for key, *rest in zip(*columns, strict=True)}
    for contested in reply.contested:
        owner, row, is_disputed, closed_day = rows.get(contested.invoice_id, ("", 0, False, NO_DAY))
        if not owner or owner != reply.customer_id:
            found.refused.append(f"{name}: {said('not_their_invoice', language)}: {contested.invoice_id}")
        elif not is_disputed or int(closed_day) != NO_DAY:
            found.disputed[int(row)] = contested.reason


def _sent(book: Book, context: ReadingContext) -> dict[Account, int]:
    """The balance of every statement and confirmation that was made; made twice, as last sent."""
    raw = book.read_table("Statements")
    if raw is None:
        return {}
    rows = read_rows(raw, TABLES["Statements"], context).frame().sort_values("made_at", kind="stable")
    return {
        (str(row["customer_id"]), int(row["to_day"]), str(row["currency"])): int(row["closing_minor"])
        for row in rows.to_dict("records")
    }


def _write_confirmations(book: Book, found: _Found, context: ReadingContext, on: dt.date, language: str) -> None:
    """Only what a reply says: a balance stated before stays where there are but remarks now, and the other way round."""
    table = TABLES["Confirmations"]
    rows = confirmation_rows(book, context)
    answered = list(dict.fromkeys([*found.stated, *found.remarks]))
    for keys, among in ((("stated_balance",), found.stated), (("remarks",), found.remarks), (("replied_on",), answered)):
        written = [account for account in answered if account in among and account in rows]
        if written:
            cells = _cells(written, found, on, language, context.base_currency)
            book.update_rows(table, [rows[account] for account in written], {key: cells[key] for key in keys})
    added = [account for account in answered if account not in rows]
    if added:
        book.append_rows(table, _cells(added, found, on, language, context.base_currency))


def confirmation_rows(book: Book, context: ReadingContext) -> dict[Account, int]:
    """The rows that Confirmations has, answered or not."""
    table = TABLES["Confirmations"]
    raw = book.read_table(table.name)
    if raw is None:
        return {}
    return {
        (str(row["customer_id"]), int(row["as_of_day"]), str(row["currency"])): int(row["row"])
        for row in read_rows(raw, table, context).frame().to_dict("records")
    }


def _cells(accounts: Iterable[Account], found: _Found, on: dt.date, language: str, base: str) -> Columns:
    frame = pd.DataFrame(
        [
            {
                "customer_id": account[0],
                "as_of_day": account[1],
                "currency": account[2],
                "stated_balance_minor": found.stated.get(account, NO_MINOR),
                "replied_day": day_of(on),
                "remarks": found.remarks.get(account, ""),
            }
            for account in accounts
        ]
    )
    return columns_to_write(TABLES["Confirmations"], frame, language=language, base_currency=base)


def _write_disputes(book: Book, found: _Found, on: dt.date) -> None:
    if found.disputed:
        rows, count = sorted(found.disputed), len(found.disputed)
        cells: Columns = {
            "is_disputed": [labels.yes_no(True, book.language)] * count,
            "disputed_on": [on] * count,
            "dispute_closed_on": [None] * count,
            "dispute_reason": [found.disputed[row] or None for row in rows],
        }
        book.update_rows(TABLES["Invoices"], rows, cells)


def customer_currencies(customers: ReadTable) -> dict[str, str]:
    columns = customers.columns
    return {str(key): str(value) for key, value in zip(columns["customer_id"], columns["currency"], strict=True)}
