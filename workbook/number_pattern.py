"""Numbers of documents from a pattern: "INV-{yyyy}{mm}-{seq:04}" gives INV-202410-0007."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import count

_FIELD = re.compile(r"\{([^{}]*)\}")
_COUNT = re.compile(r"seq(?::0([1-9]))?")
_DATE_FIELDS = {"yyyy": "%Y", "yy": "%y", "mm": "%m", "dd": "%d"}


class BadPattern(ValueError):
    """A pattern with a field that is none, without a count or with two, or with a brace too many."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r}: use {{yyyy}}, {{yy}}, {{mm}}, {{dd}} and one {{seq}} or {{seq:04}}")


@dataclass(frozen=True)
class NumberPattern:
    """``text`` as typed: the fields yyyy, yy, mm, dd of a date, and seq, which may say how many digits it has at least."""

    text: str

    @classmethod
    def parse(cls, text: str) -> NumberPattern:
        """Raises BadPattern."""
        names = _FIELD.findall(text)
        counts = [name for name in names if _COUNT.fullmatch(name)]
        is_known = all(name in _DATE_FIELDS or name in counts for name in names)
        if not is_known or len(counts) != 1 or re.search(r"[{}]", _FIELD.sub("", text)):
            raise BadPattern(text)
        return cls(text)

    def numbered(self, day: dt.date, sequence: int) -> str:
        """The number of this day's date and this count."""

        def filled(found: re.Match[str]) -> str:
            if found[1] in _DATE_FIELDS:
                return day.strftime(_DATE_FIELDS[found[1]])
            width = _COUNT.fullmatch(found[1])
            return str(sequence).zfill(int((width and width[1]) or 1))

        return _FIELD.sub(filled, self.text)

    def next_number(self, day: dt.date, taken: Collection[str]) -> str:
        """The number after the highest taken one of the same date fields: a gap is not filled, its number was given away."""
        parts = re.split(r"\{seq[^{}]*\}", self.text)
        before, after = (NumberPattern(part).numbered(day, 0) for part in parts)
        of_day = re.compile(f"{re.escape(before)}([0-9]+){re.escape(after)}")
        highest = max((int(found[1]) for each in taken if (found := of_day.fullmatch(each))), default=0)
        return next(number for each in count(highest + 1) if (number := self.numbered(day, each)) not in taken)
