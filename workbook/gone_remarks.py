"""What staff wrote beside rows that are gone: it stays to be read at the foot of Issues until staff delete it there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import pandas as pd

from functions.frames import NO_MINOR
from functions.issues import SEVERITY
from workbook.issue_texts import ISSUE_TEXTS
from workbook.port import Book, Cell
from workbook.schema import TABLES
from workbook.staff_columns import OrphanedRemark
from workbook.table_layout import places_of

_CODE = "remark_of_a_gone_row"
_TELLING = ("table", "key", "column", "value")


def gone_remarks(book: Book) -> tuple[OrphanedRemark, ...]:
    """Those that stand at the foot of Issues already, then those that this run's tables let go; each once."""
    return tuple(dict.fromkeys([*_standing(book), *map(_as_told, book.orphaned_remarks)]))


def with_remarks(issues: pd.DataFrame, remarks: Sequence[OrphanedRemark], *, language: str) -> pd.DataFrame:
    """The rows of Issues with the remarks below them, each with the table, the row's key and the header it stood under."""
    if not remarks:
        return issues
    foot = pd.DataFrame(
        {
            "severity": SEVERITY[_CODE],
            "table": [remark.table for remark in remarks],
            "row": NO_MINOR,
            "column": [remark.header for remark in remarks],
            "cell": "",
            "key": [remark.key for remark in remarks],
            "code": _CODE,
            "value": [_text(remark.value) for remark in remarks],
            "what_to_do": ISSUE_TEXTS[_CODE].what_to_do.in_language(language),
        }
    )
    return pd.concat([issues, foot], ignore_index=True)


def _standing(book: Book) -> Iterable[OrphanedRemark]:
    issues = TABLES["Issues"]
    raw = book.read_table(issues.name)
    places = {} if raw is None else places_of(raw, issues)
    if raw is None or not {"code", *_TELLING} <= places.keys():
        return
    cells = (map(_text, raw.columns[places[key]]) for key in ("code", *_TELLING))
    for code, table, key, header, value in zip(*cells, strict=True):
        if code == _CODE:
            yield OrphanedRemark(table, key, header, value)


def _as_told(remark: OrphanedRemark) -> OrphanedRemark:
    """The remark as it will be found in Issues, whose values are texts."""
    return OrphanedRemark(remark.table, remark.key, remark.header, _text(remark.value))


def _text(cell: Cell) -> str:
    """The value as a user sees it: a whole number without its .0, a date without midnight."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return str(cell.date() if cell.time() == dt.time() else cell)
    return str(cell)
