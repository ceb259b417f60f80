"""What a save did to a workbook, for the run log and for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbook.package.edits import Edited, Remark


@dataclass(frozen=True)
class Receipt:
    """The parts that are other ones now, the cells written by table, and the SHA-256 of the file before and after."""

    changed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    cells_written: Mapping[str, int]
    sha256_before: str
    sha256_after: str
    remarks: tuple[Remark, ...] = ()

    @classmethod
    def of(cls, edited: Edited, *, before: str, after: str) -> Receipt:
        """The receipt of edits that were saved."""
        return cls(edited.changed, edited.added, edited.removed, edited.cells_written, before, after, edited.remarks)

    def summary(self) -> dict[str, object]:
        """For the JSON summary."""
        return {
            "changed_parts": list(self.changed),
            "added_parts": list(self.added),
            "removed_parts": list(self.removed),
            "cells_written": dict(self.cells_written),
            "sha256_before": self.sha256_before,
            "sha256_after": self.sha256_after,
            "remarks": [{"code": each.code, "table": each.table, "where": each.where} for each in self.remarks],
        }


def parts_text(edited: Edited) -> str:
    """The parts that were changed, + added and - removed, as the run log keeps them."""
    signed = (edited.changed, ""), (edited.added, "+"), (edited.removed, "-")
    return " ".join(f"{sign}{part}" for parts, sign in signed for part in parts)


def cells_text(edited: Edited) -> str:
    """``{"Aging": 90}`` → "Aging 90"."""
    return "; ".join(f"{table} {count}" for table, count in edited.cells_written.items())
