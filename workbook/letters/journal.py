"""What was sent, on the disk before anything else happens: one JSON line an event, beside the workbook.

A message is ``sending`` before it is handed over and ``accepted`` or ``failed`` after the server's answer. So a crash leaves
either an accepted message, which the next run takes into ReminderLog, or one ``in doubt``, which is sent again only when
somebody has looked and says so.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook.refusals import Refusal

SENDING, ACCEPTED, FAILED = "sending", "accepted", "failed"

Row = Mapping[str, Any]
"""A row of ReminderLog in the rules' own columns."""


class JournalUnreadable(Refusal):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} cannot be read ({reason}): it says which reminders were sent. Make it readable, and run again."
        )


@dataclass
class Journal:
    """The events of one workbook's sending. A last line without an end is one that a crash cut off: it never counted."""

    path: Path
    _rows: dict[str, Sequence[Row]] = field(default_factory=dict, repr=False)
    _state: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def beside(cls, book: Path) -> Journal:
        """The journal of a workbook, as read. Raises JournalUnreadable."""
        return cls(book.with_name(f"{book.name}.sent.jsonl")).read_again()

    def read_again(self) -> Journal:
        """The same journal as it stands by now. Raises JournalUnreadable."""
        journal = Journal(self.path)
        try:
            # A line that a crash cut off may end within a character.
            content = journal.path.read_text("utf-8", errors="replace") if journal.path.exists() else ""
        except OSError as error:
            raise JournalUnreadable(journal.path, error.strerror or str(error)) from error
        for line in content.split("\n")[:-1]:
            with contextlib.suppress(ValueError):
                # No JSON is a line that a crash cut off: before a message was handed over, or, after, it stays in doubt.
                event = json.loads(line)
                journal._keep(event["event"], event["message_id"], event.get("rows", ()))
        return journal

    def tell(self, event: str, message_id: str, rows: Sequence[Row] = ()) -> None:
        """Write an event, and return when it is on the disk. Raises OSError."""
        told: dict[str, Any] = {"event": event, "message_id": message_id}
        line = json.dumps(told | ({"rows": [dict(row) for row in rows]} if rows else {}), ensure_ascii=False)
        with self.path.open("ab+") as file:
            if file.tell() and not _ends_a_line(file):
                file.write(b"\n")
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._keep(event, message_id, rows)

    def accepted(self) -> Iterable[Row]:
        """The rows of every message that a server took."""
        return (row for message, state in self._state.items() if state == ACCEPTED for row in self._rows[message])

    def in_doubt(self) -> tuple[str, ...]:
        """The messages of which nobody knows whether a server took them."""
        return tuple(sorted(message for message, state in self._state.items() if state == SENDING))

    def gone_items(self) -> set[tuple[str, int]]:
        """The items, each with its level, of every message that a server took or may have taken."""
        gone = [message for message, state in self._state.items() if state in (ACCEPTED, SENDING)]
        return {(str(row["item_id"]), int(row["level"])) for message in gone for row in self._rows[message]}

    def _keep(self, event: str, message_id: str, rows: Sequence[Row]) -> None:
        self._state[message_id] = event
        if rows:
            self._rows[message_id] = rows


def _ends_a_line(file: Any) -> bool:
    file.seek(-1, os.SEEK_END)
    ends: bool = file.read(1) == b"\n"
    return ends
