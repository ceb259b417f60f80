"""Letters as .docx: messages merged into a Word template, one file each or all in one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from workbook.letters.fields import FIELDS
from workbook.letters.item_table import labels, row_texts
from workbook.letters.messages import Message
from workbook.letters.template_fields import (
    Placed,
    marker,
    placed_fields,
    unfilled,
    with_sections_in_order,
    with_settings,
)
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


class FieldsNotFilled(Refusal):
    def __init__(self, path: Path, names: Sequence[str]) -> None:
        super().__init__(
            f"{path}: no text arrives at the merge fields {', '.join(names)}. Insert them anew in Word (Mailings, Insert "
            "Merge Field) in the text, a table, a text box, a header or a footer; those of an item in one table row with "
            f"{ROW_FIELDS[0]}."
        )


def read_template(path: Path | None) -> bytes:
    """The template of staff, found fit to be merged into, or ours.

    Two letters are merged into it on trial. Raises NotATemplate, UnknownMergeFields, NoTextInTemplate, FieldsNotFilled.
    """
    if path is None:
        return letter_template()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotATemplate(path, error.strerror or str(error)) from error
    try:
        fields = placed_fields(content)
        content = with_settings(content)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, ValueError) as error:
        raise NotATemplate(path, str(error)) from error
    except KeyError as error:
        raise NotATemplate(path, "it is no Word document") from error
    names = {field.name for field in fields}
    unknown = sorted(names - MERGE_FIELDS)
    if unknown:
        raise UnknownMergeFields(path, unknown)
    if not names & {"body", "body_before"}:
        raise NoTextInTemplate(path)
    try:
        merged = _merged([_marked(fields, letter) for letter in range(2)], content)
    # Whatever a library makes of a document that nobody foresaw, staff are told which one it is.
    except (ArithmeticError, AssertionError, AttributeError, LookupError, SyntaxError, TypeError, ValueError) as error:
        raise NotATemplate(path, str(error) or "its fields cannot be told apart") from error
    lost = unfilled(fields, merged, 2)
    if lost:
        raise FieldsNotFilled(path, lost)
    return content


def _marked(fields: Sequence[Placed], letter: int) -> Mapping[str, Any]:
    """A letter in which every field's text says which field and letter it is of."""
    texts = {field.name: marker(field.name, letter) for field in fields}
    rows = [{name: text for name, text in texts.items() if name in ROW_FIELDS}]
    return {**{name: text for name, text in texts.items() if name not in ROW_FIELDS}, ROW_FIELDS[0]: rows}


def letter(message: Message, template: bytes) -> bytes:
    """One message as a .docx."""
    return all_letters([message], template)


def all_letters(messages: Sequence[Message], template: bytes) -> bytes:
    """Messages as one .docx, each from a new page on. There is at least one."""
    return _merged([_values(message) for message in messages], template)


def _merged(letters: Sequence[Mapping[str, Any]], template: bytes) -> bytes:
    # Pages of one section have one header: where that names somebody, each letter is a section of its own.
    is_by_section = len(letters) > 1 and any(field.part in ("header", "footer") for field in placed_fields(template))
    with _opened(template) as merge:
        merge.merge_templates(letters, separator="nextPage_section" if is_by_section else "page_break")
        content = io.BytesIO()
        merge.write(content)
    return with_sections_in_order(content.getvalue()) if is_by_section else content.getvalue()


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
