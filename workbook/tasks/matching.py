"""Match bank lines with receipts and open items; and post what staff accepted of it."""

from __future__ import annotations

import datetime as dt

from workbook import labels
from workbook.matching.posting import Postings, accepted_rows, postings, with_ticks
from workbook.matching.suggesting import Matched, match_book
from workbook.matching.words import said
from workbook.outcome import Outcome
from workbook.periods.locks import locked_to
from workbook.port import Book
from workbook.results.writing import columns_to_write
from workbook.schema import TABLES
from workbook.schema.bank import CONFIDENCES
from workbook.tasks.run_log import Run, append_run


def match(
    book: Book,
    *,
    as_of: dt.date,
    ran_at: dt.datetime,
    post: bool = False,
    by: str = "",
    reason: str = "",
    language: str | None = None,
) -> Outcome:
    """Write what each bank line up to a day seems to pay to Matches; ticks that were there stay where the row is the same.

    ``post``: first turn what is accepted into receipts and allocations. Lines that are no customer's by BankRules are marked
    so in BankStatement. ``reason``: why something is posted into a locked period; without one it is left.
    Raises Refusal, before anything is changed.
    """
    language = language or book.language
    matched = match_book(book, as_of=as_of)
    if not matched.lines:
        return Outcome(lines=(said("no_lines", language),), summary={"as_of": as_of.isoformat(), **matched.counts()})
    base_currency = matched.source.settings.base_currency
    accepted = accepted_rows(book, base_currency)
    told = _unreadable(matched, language)
    has_unreadable = bool(told)
    left: dict[str, str] = {}
    posted = {"receipts": 0, "allocations": 0}
    if matched.marked:
        yes = labels.yes_no(True, book.language)
        book.update_rows(TABLES["BankStatement"], matched.marked, {"is_not_customer": [yes] * len(matched.marked)})
        told.append(said("marked", language, count=len(matched.marked)))
    if post:
        takes_certain = matched.source.settings.post_certain_matches
        planned = postings(
            matched,
            accepted,
            entered_on=ran_at.date(),
            by=by,
            takes_certain=takes_certain,
            locked_to=None if reason else locked_to(book),
        )
        posted = {"receipts": len(planned.receipts), "allocations": len(planned.allocations)}
        left = dict(planned.left)
        told.append(said("posted" if len(planned.receipts) or left else "nothing_to_post", language, **posted))
        told += planned.left_lines(language)
        _append(book, planned, base_currency)
        if len(planned.receipts) or matched.marked:
            matched = match_book(book, as_of=as_of)
    rows = with_ticks(matched.rows(language=language), accepted)
    book.write_table(
        TABLES["Matches"], columns_to_write(TABLES["Matches"], rows, language=language, base_currency=base_currency)
    )
    counts = matched.counts()
    what = " ".join(f"{name} {count}" for name, count in (counts | posted).items() if count)
    append_run(book, Run("match", ran_at=ran_at, as_of=as_of, by=by, what=_asked(post, reason)), totals=what)
    summary = {"as_of": as_of.isoformat(), **counts, "posted": posted, "marked": len(matched.marked), "left": left}
    return Outcome(
        lines=(*_lines(matched, as_of, language), *told),
        summary=summary,
        has_errors=bool(left) or has_unreadable,
        writes_book=True,
    )


def _asked(post: bool, reason: str) -> str:
    """As one would type it, for the run log."""
    return " ".join(["--post"] * post + [f"--reason {reason}"] * bool(reason))


def _unreadable(matched: Matched, language: str) -> list[str]:
    """Lines and rules that take no part: each is an issue that ``check`` tells with its cell."""
    left_out = {name: matched.source.left_out_rows().get(name, 0) for name in ("BankStatement", "BankRules")}
    told = [
        said("unreadable", language, table=TABLES[name].label.in_language(language), count=count)
        for name, count in left_out.items()
        if count
    ]
    unknown = sorted(matched.unknown_payers)
    return told + [said("unknown_payers", language, customers=", ".join(unknown))] * bool(unknown)


def _append(book: Book, planned: Postings, base_currency: str) -> None:
    for name, frame in (("Receipts", planned.receipts), ("Allocations", planned.allocations)):
        if len(frame):
            table = TABLES[name]
            book.append_rows(table, columns_to_write(table, frame, language=book.language, base_currency=base_currency))


def _lines(matched: Matched, as_of: dt.date, language: str) -> list[str]:
    counts = matched.counts()
    told = [said("lines", language, count=counts["lines"], as_of=as_of)]
    told += [said(name, language, count=counts[name]) for name in ("recorded", "left_alone") if counts[name]]
    told += [
        said("suggested", language, confidence=labels.words(name, language), count=counts[name])
        for name in CONFIDENCES
        if counts[name]
    ]
    return told + [said("unmatched", language, count=counts["unmatched"])] * bool(counts["unmatched"])
