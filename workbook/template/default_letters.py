"""The texts of reminders that a new workbook begins with; staff change them as they like."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

_WRITTEN = ("email", "letter")


@dataclass(frozen=True)
class DefaultLetter:
    """One row of the Letters sheet. Names in braces are the fields of ``workbook.letters.fields``."""

    letter: str
    language: str
    channel: str
    subject: str
    body: str


def default_letters() -> Iterator[DefaultLetter]:
    """Every letter that the default ladder names, for each channel that it may go out by, in both languages."""
    source = files("workbook.template").joinpath("default_letters.toml").read_text(encoding="utf-8")
    for text in tomllib.loads(source)["text"]:
        letter, language, subject, body = (text[name] for name in ("letter", "language", "subject", "body"))
        if "channel" in text:
            yield DefaultLetter(letter, language, text["channel"], subject, body)
            continue
        for channel in _WRITTEN:
            yield DefaultLetter(letter, language, channel, subject, body)
        yield DefaultLetter(letter, language, "sms", "", text["short"])
