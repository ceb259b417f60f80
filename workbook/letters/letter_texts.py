"""The texts of the Letters sheet, judged and taken apart once, to be filled in for each message."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.letters.fields import Template, flaw_of
from workbook.letters.messages import plain
from workbook.letters.text_messages import MOST_PARTS, parts_of
from workbook.results.ledger import WorkbookLedger


@dataclass(frozen=True)
class LetterText:
    """One row of Letters. ``before`` and ``after``: its body around the line that is the list of items, and nothing else.

    ``is_whole``: nothing is wrong with it. ``names``: its fields.
    """

    row: int
    subject: Template
    body: Template
    before: Template
    after: Template
    is_whole: bool

    @classmethod
    def of(cls, row: int, subject: str, body: str, *, is_whole: bool) -> LetterText:
        """The row's texts as written."""
        before, after = map(Template, _around_the_list(body))
        return cls(row, Template(subject), Template(body), before, after, is_whole)

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.subject.names, *self.body.names)


def _around_the_list(body: str) -> tuple[str, str]:
    lines = body.split("\n")
    places = [place for place, line in enumerate(lines) if line.replace(" ", "") == "{invoices}"]
    return (body, "") if not places else ("\n".join(lines[: places[0]]), "\n".join(lines[places[0] + 1 :]))


class _Nothing(dict[str, str]):
    """A text at its shortest: whatever is asked for takes one character."""

    def __missing__(self, key: str) -> str:
        return "1"


LetterKey = tuple[str, str, str]
"""letter, language, channel."""


def letter_texts(source: WorkbookLedger) -> tuple[dict[LetterKey, LetterText], list[tuple[int, str, str]]]:
    """The texts by what they are for, and their flaws: row, column, code."""
    texts: dict[LetterKey, LetterText] = {}
    flaws: list[tuple[int, str, str]] = []
    read = source.tables.get("Letters")
    if read is None:
        return texts, flaws
    columns = ("row", "letter", "language", "channel", "subject", "body")
    for row, letter, language, channel, subject, body in zip(*(read.columns[name] for name in columns), strict=True):
        found = {"subject": plain(str(subject)), "body": plain(str(body))}
        wrong = [(int(row), key, code) for key, text in found.items() if (code := flaw_of(text))]
        text = LetterText.of(int(row), **found, is_whole=not wrong)
        if channel == "sms" and text.is_whole and parts_of(text.body.filled(_Nothing())) > MOST_PARTS:
            wrong.append((int(row), "body", "sms_too_long"))
        flaws += wrong
        texts[str(letter), str(language), str(channel)] = text
    return texts, flaws
