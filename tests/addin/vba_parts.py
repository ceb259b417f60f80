"""A VBA project read back by olevba, which knows nothing of what built it."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

_HEADER = re.compile(r"VERSION 1\.0 CLASS\r\nBEGIN\r\n.*?\r\nEND\r\n", re.DOTALL)
_BASE = re.compile(r"Attribute VB_Base = .*\r\n")


def modules_in(path: Path) -> dict[str, str]:
    """Module → its text, of a project or of a workbook that holds one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it imports what is on its way out
        from oletools.olevba import VBA_Parser

        parser = VBA_Parser(str(path))
    try:
        return {name.rpartition(".")[0]: code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()


def as_held(text: str) -> str:
    """A module's text without what only a file of it has, or only a project."""
    return _BASE.sub("", _HEADER.sub("", text, count=1), count=1)
