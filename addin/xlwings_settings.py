"""The settings file of xlwings: a quoted key, a comma, a quoted value on each line, read by VBA and by Python.

VBA reads it in the machine's own code page and takes the first line of a key, in any case; Python takes the last. Lines that
are no settings, and the ends of lines, are kept as they are. The keys have spaces, as ``UDF MODULES``: with underscores they
are never found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from workbook.refusals import Refusal

_SETTING = re.compile(r'\s*"([^"]*)"\s*,\s*"([^"]*)"\s*')
_SEPARATOR = ";"


class NotASetting(Refusal):
    """What the settings file cannot hold."""

    def __init__(self, key: str, value: str, why: str) -> None:
        super().__init__(
            f"{key} cannot be {value!r} in xlwings' settings: {why}. Install Python in a folder with a plainer name."
        )


class Settings:
    """The lines of the file, to be changed one key at a time."""

    def __init__(self, raw: bytes, *, encoding: str, newline: str) -> None:
        self._encoding, self._newline = encoding, newline
        self.lines = raw.decode(encoding, errors="surrogateescape").splitlines(keepends=True)

    @property
    def written(self) -> bytes:
        """The file's bytes; what could not be decoded comes back as it was."""
        return "".join(self.lines).encode(self._encoding, errors="surrogateescape")

    @property
    def ends_in_a_line(self) -> bool:
        return not self.lines or self.lines[-1].endswith(("\n", "\r"))

    def __getitem__(self, key: str) -> str:
        """The value that VBA finds; "" where there is none."""
        return next((value for line in self.lines if (value := _value(line, key)) is not None), "")

    def lines_of(self, key: str) -> list[str]:
        return [line for line in self.lines if _value(line, key) is not None]

    def line(self, key: str, value: str) -> str:
        """The line of a setting. Raises NotASetting where VBA would read another value."""
        if any(sign in value for sign in '"\r\n'):
            raise NotASetting(key, value, "it has a quote or a line break")
        try:
            value.encode(self._encoding)
        except UnicodeEncodeError as error:
            missing = value[error.start]
            raise NotASetting(key, value, f"{self._encoding}, which Excel reads it in, has no {missing!r}") from error
        return f'"{key}","{value}"{self._newline}'

    def put(self, key: str, lines: Sequence[str]) -> None:
        """These lines for a key, in the place of its first, else at the end; none: the key is taken away."""
        places = [place for place, line in enumerate(self.lines) if _value(line, key) is not None]
        at = places[0] if places else len(self.lines)
        kept = [line for place, line in enumerate(self.lines) if place not in places]
        if lines and at == len(kept) and kept and not kept[-1].endswith(("\n", "\r")):
            kept[-1] += self._newline
        self.lines = [*kept[:at], *lines, *kept[at:]]


def with_item(items: str, item: str) -> str:
    """A list of modules or folders with one more, before the others, unless it is there."""
    present = _items(items)
    return items if item in present else _SEPARATOR.join([item, *present])


def without_items(items: str, gone: Collection[str]) -> str:
    """The list without some of what it holds."""
    return _SEPARATOR.join(each for each in _items(items) if each not in gone)


def added_items(before: Sequence[str], line: str) -> set[str]:
    """What the list on a line holds that those on earlier lines did not."""
    earlier = {item for each in before if (found := _SETTING.fullmatch(each)) for item in _items(found[2])}
    found = _SETTING.fullmatch(line)
    return set(_items(found[2])) - earlier if found is not None else set()


def _items(items: str) -> list[str]:
    return [each for each in items.split(_SEPARATOR) if each]


def _value(line: str, key: str) -> str | None:
    found = _SETTING.fullmatch(line)
    return found[2] if found is not None and found[1].casefold() == key.casefold() else None
