"""How much a workbook may hold before it is refused: a small file can be made to fill any memory.

A limit is raised from outside the workbook, since a hostile one would raise its own: the environment variable
``DUEBOOK_LIMIT_MEMBERS``, ``DUEBOOK_LIMIT_CELLS`` and so on, a whole number each.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from workbook.refusals import NotALimit, TooLarge

_VARIABLE = "DUEBOOK_LIMIT_"
_WHOLE_NUMBER = re.compile("[0-9]{1,18}")
_SMALL_PART = 1 << 20  # no ratio is asked of a part that fills no memory


@dataclass(frozen=True)
class Limits:
    """The largest of each that is read or written."""

    members: int = 20_000  # parts of the package
    part_bytes: int = 1 << 30  # one part, unpacked
    total_bytes: int = 2 << 30  # all of them, unpacked
    ratio: int = 200  # unpacked to packed, of a part above a megabyte
    cells: int = 50_000_000  # of the rectangle that a sheet's cells span: all rows by 47 columns
    blank_cells: int = 10_000_000  # the same where nearly all of them are blank, as a forgotten cell far away makes it
    texts: int = 10_000_000  # different texts in all cells
    tree_bytes: int = 32 << 20  # a part that is taken apart whole, as all are but the rows of sheets
    output_bytes: int = 1 << 30  # a part that is written, unpacked

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Limits:
        """The limits in force. Raises NotALimit."""
        raised: dict[str, int] = {}
        for field in fields(cls):
            variable = _VARIABLE + field.name.upper()
            given = environment.get(variable, "")
            if given and not (_WHOLE_NUMBER.fullmatch(given) and int(given) > 0):
                raise NotALimit(variable, given)
            if given:
                raised[field.name] = int(given)
        return cls(**raised)

    def refuse(self, path: Path, name: str, found: int, what: str) -> None:
        """Raise TooLarge when ``found`` is above the limit called ``name``; ``what`` says what was counted."""
        limit: int = getattr(self, name)
        if found > limit:
            raise TooLarge(path, what, found, limit, _VARIABLE + name.upper())

    def refuse_ratio(self, path: Path, member: str, packed: int, unpacked: int) -> None:
        """Raise TooLarge for a part that unpacks to far more than the bytes that it is packed in."""
        if unpacked > _SMALL_PART:
            self.refuse(path, "ratio", unpacked // max(1, packed), f"times that part {member} grows when it is unpacked")
