"""What staff wrote beside rows that are gone: it stays to be read at the foot of Issues until staff delete it there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from functions.frames import NO_MINOR
from functions.issues import SEVERITY
from workbook.editing.staff_columns import OrphanedRemark
from workbook.editing.table_layout import places_of
from workbook.issue_texts import ISSUE_TEXTS
from workbook.port import Book, Cell
from workbook.reading.cell_parsing.texts import text_of
from workbook.schema import TABLES

_CODE = "remark_of_a_gone_row"
_TELLING = ("table", "key", "column", "value")


def gone_remarks(book: Book, *, language: str) -> tuple[OrphanedRemark, ...]:
    """Those that stand at the foot of Issues already, then those that this run's tables let go; each once.

    As Issues tells them: ``table`` by its name in ``language``, the remark as a text.
    """
    return tuple(dict.fromkeys([*_standing(book), *(_as_told(remark, language) for remark in book.orphaned_remarks)]))


def with_remarks(issues: pd.DataFrame, remarks: Sequence[OrphanedRemark], *, language: str) -> pd.DataFrame:
    """The rows of Issues with ``gone_remarks`` below them, each with the table, the row's key and the header above it."""
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
            "value": [remark.value for remark in remarks],
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


def _as_told(remark: OrphanedRemark, language: str) -> OrphanedRemark:
    label = TABLES[remark.table].label.in_language(language)
    return OrphanedRemark(label, remark.key, remark.header, _text(remark.value))


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else text_of(cell)
