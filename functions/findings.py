"""What a rule finds wrong with a row: a frame of issues, to which the workbook adds the cell address and the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import narwhals as nw

from functions.frames import Frame, stack, text

FINDING = ("table", "row", "key", "field", "code")
"""The table and the column (by key), the caller's row, the row's own id, and what is wrong (``issues.SEVERITY``)."""


def first_fault(faults: dict[str, nw.Expr]) -> nw.Expr:
    """The code of the first condition that holds, else blank."""
    code: nw.Expr = text("")
    for name, holds in reversed(faults.items()):
        code = nw.when(holds).then(text(name)).otherwise(code)
    return code


def findings(judged: Frame, *, table: str, key: str, fields: Mapping[str, str]) -> Frame:
    """The rows of ``judged`` (row, its key column, code) whose code is not blank; ``fields`` maps a code to its column."""
    column: nw.Expr = text("")
    for code, name in fields.items():
        column = nw.when(nw.col("code") == code).then(text(name)).otherwise(column)
    found = judged.filter(nw.col("code") != "")
    return found.select(table=text(table), row=nw.col("row"), key=nw.col(key), field=column, code=nw.col("code"))


def all_findings(frames: Iterable[Frame]) -> Frame:
    """The findings of several rules, one below the other."""
    return stack(frames, FINDING)
