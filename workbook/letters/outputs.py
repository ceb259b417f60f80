"""The files of a day's reminders, each message by the channel that it goes out by."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from workbook.letters.attachments import Attachments
from workbook.letters.emails import draft
from workbook.letters.messages import PAPER, Message
from workbook.letters.text_messages import parts_of
from workbook.letters.word import all_letters, letter, read_template
from workbook.letters.word_template import letter_template
from workbook.progress import step_by_step
from workbook.refusals import Refusal
from workbook.results.delimited_lists import csv_bytes

KINDS = ("docx", "one-docx", "eml", "sms", "all", "template")
"""What ``--letters`` may ask for."""

TEMPLATE_NAME = "letter-template.docx"
_LONGEST_NAME = 120  # characters; a message id begins with its day, so that no name is one that Windows keeps for itself
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


class LettersNotReady(Refusal):
    def __init__(self, messages: Sequence[str]) -> None:
        named = ", ".join(messages[:5]) + (", …" if len(messages) > 5 else "")
        super().__init__(
            f"{len(messages)} of today's reminders have no text ({named}): duebook check says which cells of Letters and "
            "ReminderLevels to correct. Nothing was written."
        )


class NowhereToPut(Refusal):
    def __init__(self, option: str) -> None:
        super().__init__(f"{option} needs a folder: add --out DIR.")


class TemplateInTheWay(Refusal):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is there already, and may hold your changes. Rename it, or use it with --template {path.name}."
        )


def refuse_without_text(messages: Iterable[Message]) -> None:
    """Raise LettersNotReady where a message has no text to go out with."""
    unready = [message.message_id for message in messages if not message.body]
    if unready:
        raise LettersNotReady(unready)


def letter_files(
    messages: Sequence[Message],
    folder: Path,
    *,
    kind: str,
    as_of: dt.date,
    attachments: Attachments | None = None,
    template: Path | None = None,
) -> Mapping[Path, bytes]:
    """What ``kind`` asks for, by path: nothing is written here.

    docx, one-docx: the messages on paper (letters, visits, calls, the lawyer's). eml: those by e-mail that have somebody to
    go to, each with its attachment. sms: a list of the text messages. all: each message in a file of its kind, and the
    list. template: the Word template, to be restyled. Raises LettersNotReady, and what ``read_template`` raises.
    """
    if kind == "template":
        target = folder / TEMPLATE_NAME
        if target.exists():
            raise TemplateInTheWay(target)
        return {target: letter_template()}
    by_kind = {
        "docx": [message for message in messages if message.channel in PAPER],
        "eml": [message for message in messages if message.channel == "email"],
        "sms": [message for message in messages if message.channel == "sms"],
    }
    asked = ("docx", "eml", "sms") if kind == "all" else ("docx" if kind == "one-docx" else kind,)
    refuse_without_text(message for name in asked for message in by_kind[name])
    files: dict[Path, bytes] = {}
    if "docx" in asked:
        content = read_template(template)
        paper = by_kind["docx"]
        if kind != "one-docx":
            files |= {path: letter(each, content) for path, each in _named(paper, folder / f"letters-{as_of}", ".docx")}
        elif paper:
            files[folder / f"letters-{as_of}.docx"] = all_letters(paper, content)
    if "eml" in asked:
        ready = [message for message in by_kind["eml"] if message.is_ready]
        named = dict(_named(ready, folder / f"emails-{as_of}", ".eml"))
        files |= {
            path: draft(named[path], attachments.of(named[path]) if attachments else None)
            for path in step_by_step(list(named), f"emails-{as_of}")
        }
    if "sms" in asked:
        files[folder / f"sms-{as_of}.csv"] = _text_messages(by_kind["sms"])
    return files


def _named(messages: Sequence[Message], folder: Path, suffix: str) -> Iterable[tuple[Path, Message]]:
    """A file name a message, as any system takes it; two that would become one are told apart."""
    taken: set[str] = set()
    for message in messages:
        stem = _NOT_IN_A_NAME.sub("_", message.message_id)[:_LONGEST_NAME].rstrip(" .")
        name, number = stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}~{number}"
        taken.add(name.casefold())
        yield folder / f"{name}{suffix}", message


def _text_messages(messages: Sequence[Message]) -> bytes:
    """Who gets which text, and in how many parts."""
    return csv_bytes(
        {
            "message_id": [message.message_id for message in messages],
            "customer_id": [message.customer_id for message in messages],
            "name": [message.fields["name"] for message in messages],
            "phone": [message.fields["phone"] for message in messages],
            "text": [message.body for message in messages],
            "characters": [len(message.body) for message in messages],
            "parts": [parts_of(message.body) for message in messages],
        }
    )
