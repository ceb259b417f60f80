"""What a reminder in words is: its lines, its text, and who it goes to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from workbook.issue import Issue

PAPER = ("letter", "visit", "lawyer", "phone")
"""The channels whose messages are read from paper: posted, taken along, or before one while calling."""

_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


class Line(NamedTuple):
    """One item of a message. Amounts in minor units of the message's currency; ``days_overdue`` negative: still to run."""

    item_id: str
    invoice_id: str
    purchase_order: str
    invoice_date: dt.date
    due_date: dt.date
    amount_minor: int
    days_overdue: int
    level: int


@dataclass(frozen=True)
class Message:
    """One message, ready to go out. ``body`` is "" where its letter has no text for it, or one with a flaw.

    ``before`` and ``after``: the body around its list of items, for where that is a table. ``recipients``: of an e-mail.
    ``interest_minor``: NO_MINOR where a rate is missing.
    """

    message_id: str
    customer_id: str
    channel: str
    language: str
    letter: str
    currency: str
    fields: Mapping[str, str] = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)
    total_minor: int
    interest_minor: int
    subject: str = ""
    body: str = ""
    before: str = ""
    after: str = ""
    recipients: tuple[str, ...] = ()
    collector: str = ""

    @property
    def is_ready(self) -> bool:
        """It has a text, and an e-mail somebody to go to."""
        return bool(self.body) and (self.channel != "email" or bool(self.recipients))


@dataclass(frozen=True)
class Composed:
    """The messages of a day by id, in order, and what is wrong with texts, addresses and what they are filled with."""

    messages: Mapping[str, Message] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()


def plain(text: str) -> str:
    """A cell's text as it may stand in any document: line breaks as one kind, other control characters as spaces."""
    if text.isprintable():  # most are, and none of those holds what is looked for
        return text
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def on_one_line(text: str) -> str:
    """A text as a header, a subject or a cell of a list takes it."""
    return " ".join(plain(text).split())
