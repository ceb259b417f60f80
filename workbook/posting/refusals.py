"""Why something is not posted: nothing has been written. In two languages, since Excel shows them to who types the row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from functions.money import to_major_text
from workbook.importing.issue_texts import text_of_issue
from workbook.issue import Issue
from workbook.posting.words import said
from workbook.refusals import NeedsConfirmation, Refusal
from workbook.table import Column, Table

_LONGEST_VALUE = 60  # characters of a value that are shown


class PostingRefused(Refusal):
    """What was typed cannot be posted as it is."""


class NotAField(PostingRefused):
    def __init__(self, text: str, language: str) -> None:
        super().__init__(said("not_a_field", language, text=text))


class UnknownField(PostingRefused):
    """``nearest``: the key of the column that may have been meant, "" for none. Without one, all columns are named."""

    def __init__(self, name: str, table: Table, nearest: str, language: str) -> None:
        self.nearest = nearest
        near = (
            said("did_you_mean", language, near=_named(table[nearest], language))
            if nearest
            else said("fields_are", language, fields=", ".join(table.keys))
        )
        super().__init__(said("unknown_field", language, field=name, table=table.label.in_language(language), near=near))


class FieldTwice(PostingRefused):
    def __init__(self, first: str, second: str, column: Column, language: str) -> None:
        super().__init__(said("field_twice", language, first=first, second=second, column=_named(column, language)))


class PartsDoNotPair(PostingRefused):
    """``counts``: how often each of the columns was given that belong together, row by row."""

    def __init__(self, counts: Mapping[str, int], language: str) -> None:
        told = ", ".join(f"{key} {count}×" for key, count in counts.items())
        super().__init__(said("parts_do_not_pair", language, counts=told, columns=" ".join(f"{key}=" for key in counts)))


class NothingGiven(PostingRefused):
    def __init__(self, table: Table, language: str) -> None:
        super().__init__(said("nothing_given", language, fields=", ".join(table.required)))


class AlreadyThere(PostingRefused):
    def __init__(self, row_id: str, table: Table, cell: str, language: str) -> None:
        super().__init__(said("already_there", language, id=row_id, table=table.label.in_language(language), cell=cell))


class RowIsWrong(PostingRefused):
    """``issues``: as an import would name them, or a close."""

    def __init__(self, what: str, table: Table, issues: Sequence[Issue], language: str) -> None:
        self.issues = tuple(issues)
        told = " ".join(issue_line(each, table, language) for each in issues)
        super().__init__(said("wrong", language, what=what, issues=told))


class SpoilsAnotherRow(PostingRefused):
    """``issues``: what the new row would make of rows that count today."""

    def __init__(self, row_id: str, issues: Sequence[Issue], language: str) -> None:
        self.issues = tuple(issues)
        told = " ".join(f"{each.cell}: {text_of_issue(each.code).in_language(language)}" for each in issues)
        super().__init__(said("spoils_another", language, id=row_id, issues=told))


class NotWhatIsOpen(PostingRefused):
    """``rule``: what the amount must be to what ``source_id`` has left. Both in minor units of ``currency``."""

    def __init__(
        self, rule: str, row_id: str, source_id: str, *, asked_minor: int, left_minor: int, currency: str, language: str
    ) -> None:
        self.asked_minor, self.left_minor = asked_minor, left_minor
        super().__init__(
            said(
                rule,
                language,
                id=row_id,
                source=source_id,
                asked=f"{currency} {to_major_text(asked_minor, currency)}",
                left=f"{currency} {to_major_text(left_minor, currency)}",
            )
        )


class EntryTakesNoFields(PostingRefused):
    def __init__(self, field: str, language: str) -> None:
        super().__init__(said("entry_takes_no_fields", language, field=field))


class EntrySaysNotWhat(PostingRefused):
    def __init__(self, cell: str, field: str, names: Sequence[str], language: str) -> None:
        super().__init__(said("entry_says_not_what", language, cell=cell, field=field, names=", ".join(names)))


class EntryOfAnotherKind(PostingRefused):
    def __init__(self, found: str, wanted: str, language: str) -> None:
        super().__init__(said("entry_of_another_kind", language, found=found, wanted=wanted))


class CreditDoubt(NeedsConfirmation):
    """The credit check says no (RULES §7). ``reasons``: all that there are, gravest first, by the codes of the check.

    ``missing_minor``: by how much the limit would be exceeded, in ``currency``, the base currency; 0 where it would not be.
    """

    def __init__(
        self, why: Sequence[str], *, reasons: Sequence[str], missing_minor: int, currency: str, language: str
    ) -> None:
        self.reasons = tuple(reasons)
        self.missing_minor, self.currency = missing_minor, currency
        self.why = " ".join(why)
        super().__init__(
            said("say_yes", language, why=self.why), question=said("question", language, why=self.why)
        )  # fmt: skip


def issue_line(issue: Issue, table: Table, language: str) -> str:
    """An issue by its column and the value that was typed: what is wrong, and what to do."""
    text = text_of_issue(issue.code).in_language(language)
    column = _named(table[issue.column], language)
    value = "" if issue.value is None else str(issue.value)
    if not value:
        return said("wrong_blank", language, column=column, text=text)
    shown = value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"
    return said("wrong_value", language, column=column, value=repr(shown), text=text)


def _named(column: Column, language: str) -> str:
    """A column as its header says it, and as a command would."""
    return f"{column.label.in_language(language)} ({column.key})"
