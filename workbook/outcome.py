"""What a task says when it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """``lines`` for people, ``summary`` for machines; ``has_errors``: done, but an error was found or a tie-out fails.

    ``writes_book``: the book was changed and is to be saved; ``writes``: the files that go beside it, for the host to write.
    ``beside``: files by name to be kept beside the workbook, wherever it is written, read-only from then on. ``instead``:
    what to write to the output in the place of the book. ``files``: what there is to open.
    """

    lines: tuple[str, ...]
    summary: Mapping[str, object] = field(default_factory=dict)
    has_errors: bool = False
    writes_book: bool = False
    writes: Mapping[Path, bytes] = field(default_factory=dict)
    beside: Mapping[str, bytes] = field(default_factory=dict)
    instead: bytes | None = None
    files: tuple[Path, ...] = ()
