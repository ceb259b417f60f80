"""How many rows of each table a run read, as RunLog keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbook.port import Cell


def counts_text(counts: Mapping[str, int]) -> str:
    """``{"Customers": 60, "Invoices": 600}`` → "Customers 60; Invoices 600"."""
    return "; ".join(f"{name} {count}" for name, count in counts.items())


def tables_with_rows(told: Sequence[Cell]) -> list[str]:
    """The tables that had rows, of the last run in these cells: what ``counts_text`` wrote, oldest first."""
    last = next((str(cell) for cell in reversed(told) if cell), "")
    counts = (part.rpartition(" ") for part in last.split("; ") if part)
    return [name for name, _, count in counts if count.isdecimal() and int(count) > 0]
