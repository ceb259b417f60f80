"""What an import did, table by table, for people and for machines. Values of cells stay out of it: logs are read by many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from functions.issues import ERROR, WARNING
from workbook.importing.issue_texts import severity_of, text_of_issue
from workbook.issue import Issue
from workbook.schema import TABLES
from workbook.table import Words

MOST_SHOWN = 50
"""Issues that are spelled out on the console; the rest are counted."""

_SAID: Mapping[str, Words] = {
    "read": Words("Read {source} ({described})", "已读取 {source}（{described}）"),
    "table": Words(
        "{table}: {added} added, {changed} changed, {unchanged} unchanged, {refused} refused",
        "{table}：新增 {added}，更改 {changed}，未变 {unchanged}，拒绝 {refused}",
    ),
    "unmatched": Words("Not imported, as no column of ours: {headers}", "未导入（无对应列）：{headers}"),
    "more": Words("… and {count} more lines like these", "……另有 {count} 条同类问题"),
}


@dataclass(frozen=True)
class TableResult:
    """``added``, ``changed``, ``unchanged``: rows of the table; ``refused``: lines with an error; ``skipped``: those that
    the map keeps out of this table.
    """

    table: str
    added: int
    changed: int
    unchanged: int
    refused: int
    skipped: int = 0

    @property
    def has_changes(self) -> bool:
        """Whether anything was written."""
        return self.added + self.changed > 0


@dataclass(frozen=True)
class ImportResult:
    """``described``: how the file was read ("utf-8, comma"); ``unmatched``: headers whose columns went nowhere."""

    source: str
    described: str
    tables: tuple[TableResult, ...]
    unmatched: tuple[str, ...]
    issues: tuple[Issue, ...] = field(repr=False)

    @property
    def has_changes(self) -> bool:
        """Whether anything was written."""
        return any(each.has_changes for each in self.tables)

    @property
    def has_errors(self) -> bool:
        """Whether a line was refused."""
        return any(each.refused for each in self.tables)

    def __getitem__(self, table: str) -> TableResult:
        """The first result of a table."""
        return next(each for each in self.tables if each.table == table)

    def lines(self, language: str) -> list[str]:
        """For people: what was read, a line a table, the headers left out, and each issue with its line of the file."""

        def said(code: str, **values: object) -> str:
            return _SAID[code].in_language(language).format(**values)

        told = [said("read", source=self.source, described=self.described)]
        for each in self.tables:
            told.append(said("table", **asdict(each) | {"table": TABLES[each.table].label.in_language(language)}))
        if self.unmatched:
            told.append(said("unmatched", headers=", ".join(self.unmatched)))
        in_order = sorted(self.issues, key=lambda issue: severity_of(issue.code))  # errors first, else as they stand
        told.extend(issue_line(issue, language) for issue in in_order[:MOST_SHOWN])
        if len(in_order) > MOST_SHOWN:
            told.append(said("more", count=len(in_order) - MOST_SHOWN))
        return told

    def summary(self) -> dict[str, object]:
        """For machines."""
        severities = Counter(severity_of(issue.code) for issue in self.issues)
        return {
            "source": self.source,
            "tables": [asdict(each) for each in self.tables],
            "unmatched_headers": list(self.unmatched),
            "issues": {ERROR: severities[ERROR], WARNING: severities[WARNING]},
        }


def issue_line(issue: Issue, language: str) -> str:
    """"late.csv line 17, Due date: Day or month first?: Type it as …"."""
    label = TABLES[issue.table][issue.column].label.in_language(language)
    return f"{issue.cell}, {label}: {text_of_issue(issue.code).in_language(language)}"
