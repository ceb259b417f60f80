"""Accepted matches → receipts and their allocations. What no longer holds is left, and said."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from functions.dates import day_of
from functions.frames import NO_DAY
from functions.still_open import Part
from workbook.labels import WORDS
from workbook.matching.suggesting import Matched
from workbook.port import Book
from workbook.reading.context import ReadingContext
from workbook.reading.rows import read_rows
from workbook.schema.bank import MATCHES
from workbook.table import Words

Accepted = tuple[str, str, str, str, int, int]
"""Line, customer, invoice, credit note, amount, discount: what staff saw when they ticked it."""

_LEFT: Mapping[str, Words] = {
    "stale": Words(
        "is no longer suggested so: look at it anew", "已不再是这样的建议：请重新查看"
    ),
    "over_line": Words(
        "more is accepted than the line holds: tick one option only", "接受的金额超过明细金额：请只勾选一个方案"
    ),
    "not_whole": Words(
        "it is shared by several customers, and their parts do not sum to the line: accept all of them",
        "由多个客户分摊，但接受的部分合计不等于明细金额：请全部接受",
    ),
    "over_credit": Words(
        "a credit note would be used twice: accept one of the lines", "贷项通知将被重复抵扣：请只接受其中一笔"
    ),
    "over_invoice": Words("an invoice would be paid twice: accept one of the lines", "发票将被重复清账：请只接受其中一笔"),
    "locked": Words(
        "it was booked in a period that is locked: post with --reason, or unlock the period",
        "入账日期在已锁定期间：请用 --reason 说明原因，或先解锁",
    ),
    "id_taken": Words(
        "its receipt is there already, without its bank line id: fill that in", "对应收款已存在但未填银行明细编号：请补填"
    ),
}  # fmt: skip
"""Why an accepted line is not posted."""


@dataclass(frozen=True)
class Postings:
    """Rows to append, in the columns of the rules; ``left``: line → why it is not posted."""

    receipts: pd.DataFrame
    allocations: pd.DataFrame
    left: Mapping[str, str]

    def left_lines(self, language: str) -> list[str]:
        """For people."""
        return [f"{line_id}: {_LEFT[why].in_language(language)}" for line_id, why in sorted(self.left.items())]


def accepted_rows(book: Book, base_currency: str) -> set[Accepted]:
    """What is ticked in Matches. A receipt's own row has nothing to accept."""
    raw = book.read_table(MATCHES.name)
    if raw is None:
        return set()
    read = read_rows(raw, MATCHES, ReadingContext(base_currency=base_currency, words=WORDS))
    return {
        (
            each["line_id"],
            each["customer_id"],
            each["invoice_id"],
            each["credit_note_id"],
            int(each["amount_minor"]),
            max(int(each["discount_minor"]), 0),
        )
        for each in read.frame().to_dict("records")
        if each["is_accepted"] and not each["receipt_id"] and each["customer_id"]
    }


def with_ticks(rows: pd.DataFrame, accepted: set[Accepted]) -> pd.DataFrame:
    """The rows of Matches, those still ticked that were and say the same."""
    columns = ["line_id", "customer_id", "invoice_id", "credit_note_id", "amount_minor", "discount_minor"]
    keys = zip(*(rows[column] for column in columns), strict=True)
    ticked = [key in accepted and not receipt for key, receipt in zip(keys, rows["receipt_id"], strict=True)]
    return rows.assign(is_accepted=pd.Series(ticked, index=rows.index, dtype="bool"))


def postings(
    matched: Matched,
    accepted: set[Accepted],
    *,
    entered_on: dt.date,
    by: str,
    takes_certain: bool,
    locked_to: dt.date | None,
) -> Postings:
    """What is accepted and still suggested, line by line, by day and id.

    One customer: the receipt is the whole line, what is not allocated stays unapplied. Several: one receipt each, which
    must sum to the line. What the payer deducted is an allocation of the credit note, on the line's day.
    ``takes_certain``: certain matches need no tick.
    ``locked_to``: what the bank booked by then is left.
    """
    wanted, left = _wanted(matched, accepted, takes_certain=takes_certain)
    known = set(matched.source.tables["Receipts"].columns["receipt_id"])
    asked: dict[str, int] = defaultdict(int)
    receipts: list[dict[str, object]] = []
    allocations: list[dict[str, object]] = []
    for line_id in sorted(wanted, key=lambda each: (matched.lines[each]["booked_day"], each)):
        line, parts = matched.lines[line_id], wanted[line_id]
        shares = _shares(int(line["amount_minor"]), parts)
        ids = {
            customer: f"BR-{line_id}" if len(shares) == 1 else f"BR-{line_id}-{at}"
            for at, customer in enumerate(sorted(shares), 1)
        }
        why = _why_not(matched, line, parts, shares, asked, known & set(ids.values()))
        if locked_to is not None and line["booked_day"] <= day_of(locked_to):
            why = "locked"
        if why:
            left[line_id] = why
            continue
        for customer in sorted(shares):
            receipts.append({
                "receipt_id": ids[customer], "customer_id": customer, "kind": "receipt", "receipt_day": line["booked_day"],
                "currency": line["currency"], "amount_minor": shares[customer], "method": "bank_transfer",
                "bank_reference": line["reference"], "bank_line_id": line_id, "remittance": line["remittance"],
                "entered_day": day_of(entered_on), "entered_by": by,
            })  # fmt: skip
        for part in parts:
            if part.invoice_id:
                asked[part.invoice_id] += part.amount_minor + part.discount_minor
                asked[part.credit_id] += part.amount_minor
                allocations.append({
                    "receipt_id": part.credit_id or ids[part.customer_id], "invoice_id": part.invoice_id,
                    "amount_minor": part.amount_minor, "discount_minor": part.discount_minor, "currency": line["currency"],
                    # A credit note may be older than a lock; what is done with it now is not.
                    "allocated_day": line["booked_day"] if part.credit_id else NO_DAY,
                    "entered_day": day_of(entered_on), "entered_by": by,
                })  # fmt: skip
    return Postings(pd.DataFrame(receipts), pd.DataFrame(allocations), left)


def _wanted(
    matched: Matched, accepted: set[Accepted], *, takes_certain: bool
) -> tuple[dict[str, list[Part]], dict[str, str]]:
    """Line → the parts that are accepted and still hold; and the lines of which a ticked row does not."""
    wanted: dict[str, list[Part]] = defaultdict(list)
    open_ticks = set(accepted)
    for each in matched.suggestions:
        for part in each.parts:
            key = (
                each.line_id, part.customer_id, part.invoice_id, part.credit_id, part.amount_minor, part.discount_minor,
            )  # fmt: skip
            if key in open_ticks or (takes_certain and each.confidence == "certain"):
                wanted[each.line_id].append(part)
                open_ticks.discard(key)
    recorded = set(matched.recorded["line_id"])
    stale = {line_id: "stale" for line_id, *_ in open_ticks if line_id not in recorded}
    return {line_id: parts for line_id, parts in wanted.items() if line_id not in stale}, stale


def _shares(line_minor: int, parts: Sequence[Part]) -> dict[str, int]:
    """Customer → its receipt: the whole line for one customer."""
    shares: dict[str, int] = defaultdict(int)
    for part in parts:
        shares[part.customer_id] += part.amount_minor * (not part.credit_id)
    return dict.fromkeys(shares, line_minor) if len(shares) == 1 else dict(shares)


def _why_not(
    matched: Matched, line: Mapping[str, object], parts: Sequence[Part], shares: Mapping[str, int], asked: Mapping[str, int],
    taken_ids: Iterable[str],
) -> str:  # fmt: skip
    """The reason not to post it, "" for none."""
    line_minor = int(str(line["amount_minor"]))
    together = sum(part.amount_minor for part in parts if not part.credit_id)
    if together > line_minor:
        return "over_line"
    if len(shares) > 1 and together != line_minor:
        return "not_whole"
    here: Counter[str] = Counter(asked)
    for part in parts:
        here[part.invoice_id] += part.amount_minor + part.discount_minor
        here[part.credit_id] += part.amount_minor
        if part.invoice_id and here[part.invoice_id] > matched.items[part.invoice_id].open_minor:
            return "over_invoice"
        if part.credit_id and here[part.credit_id] > matched.credits[part.credit_id].open_minor:
            return "over_credit"
    return "id_taken" if any(taken_ids) else ""
