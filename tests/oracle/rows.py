"""The words of the oracle: rows, tables, issues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]
Issue = tuple[str, str, str]
"""(table, key, code)."""
