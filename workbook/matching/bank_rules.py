"""Rules of staff: by words in its text a line is no customer's, or is a certain customer's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class BankRule:
    """``pattern``: words to look for, ``*`` for anything in between. ``customer_id``: "" where it is no customer's."""

    pattern: str
    is_not_customer: bool
    customer_id: str = ""


class BankRules:
    """Rules in their order: the longest pattern first, then by its letters."""

    def __init__(self, rules: Iterable[BankRule]) -> None:
        ordered = sorted(rules, key=lambda rule: (-len(_plain(rule.pattern)), _plain(rule.pattern)))
        self._rules = [(_looked_for(each.pattern), each) for each in ordered if _plain(each.pattern).strip("* ")]

    def that_fits(self, text: str) -> BankRule | None:
        """The first rule whose words stand in the text."""
        plain = _plain(text)
        return next((rule for looked_for, rule in self._rules if looked_for.search(plain)), None)


def _looked_for(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, _plain(pattern).split("*"))))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
