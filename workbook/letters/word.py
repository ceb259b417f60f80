"""Letters as .docx: messages merged into a Word template, one file each or all in one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.letters.fields import FIELDS
from workbook.letters.item_table import labels, row_texts
from workbook.letters.messages import Message
from workbook.letters.word_template import ROW_FIELDS, TABLE_LABELS, letter_template
from workbook.refusals import Refusal, on_one_line

if TYPE_CHECKING:
    from mailmerge import MailMerge

MERGE_FIELDS = frozenset(
    {*FIELDS, *ROW_FIELDS, *(f"label_{name}" for name in TABLE_LABELS), "subject", "body", "body_before", "body_after"}
)
"""What a template may ask for. ``body_before`` and ``body_after`` are the text around the list of items."""


class NoWordMerging(Refusal):
    def __init__(self) -> None:
        super().__init__("Word letters need the package docx-mailmerge2. Install it with: pip install duebook[documents]")


class NotATemplate(Refusal):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} cannot be merged into ({on_one_line(reason)}). "
            "Give a .docx made from the template that --letters template writes."
        )


class UnknownMergeFields(Refusal):
    def __init__(self, path: Path, names: Sequence[str]) -> None:
        super().__init__(
            f"{path} asks for merge fields that do not exist: {', '.join(names)}. "
            "Correct or delete them in Word; docs/reminders.md lists the fields."
        )


class NoTextInTemplate(Refusal):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} has no merge field for the text of a letter: insert body, or body_before and body_after around a table."
        )


def read_template(path: Path | None) -> bytes:
    """The template of staff, found fit to be merged into, or ours.

    Raises NotATemplate, UnknownMergeFields, NoTextInTemplate.
    """
    if path is None:
        return letter_template()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotATemplate(path, error.strerror or str(error)) from error
    try:
        with _opened(content) as merge:
            names = {str(name) for name in merge.get_merge_fields()}
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise NotATemplate(path, str(error)) from error
    unknown = sorted(names - MERGE_FIELDS)
    if unknown:
        raise UnknownMergeFields(path, unknown)
    if not names & {"body", "body_before"}:
        raise NoTextInTemplate(path)
    return content


def letter(message: Message, template: bytes) -> bytes:
    """One message as a .docx."""
    return all_letters([message], template)


def all_letters(messages: Sequence[Message], template: bytes) -> bytes:
    """Messages as one .docx, each from a new page on. There is at least one."""
    with _opened(template) as merge:
        merge.merge_templates([_values(message) for message in messages], separator="page_break")
        content = io.BytesIO()
        merge.write(content)
    return content.getvalue()


def _opened(template: bytes) -> MailMerge:
    try:
        from mailmerge import MailMerge
    except ImportError as missing:
        raise NoWordMerging from missing
    return MailMerge(io.BytesIO(template))


def _values(message: Message) -> Mapping[str, Any]:
    texts = {
        **message.fields,
        "invoices": message.fields["invoice_numbers"],
        "subject": message.subject,
        "body": message.body,
        "body_before": message.before,
        "body_after": message.after,
        **{f"label_{name}": word for name, word in labels(message.language).items()},
    }
    items = [{f"item_{name}": text for name, text in row_texts(line, message.currency).items()} for line in message.lines]
    return {**texts, ROW_FIELDS[0]: items}
