"""What an import did, table by table, for people and for machines. Values of cells stay out of it: logs are read by many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from functions.issues import ERROR, WARNING
from workbook.importing.issue_texts import severity_of, text_of_issue
from workbook.issue import Issue
from workbook.schema import TABLES
from workbook.table import Words

MOST_LINES_NAMED = 10
"""Lines that are named on the console of each kind of issue; the others are counted. The JSON summary names all."""

_SAID: Mapping[str, Words] = {
    "read": Words("Read {source} ({described})", "已读取 {source}（{described}）"),
    "table": Words(
        "{table}: {added} added, {changed} changed, {unchanged} unchanged, {refused} refused",
        "{table}：新增 {added}，更改 {changed}，未变 {unchanged}，拒绝 {refused}",
    ),
    "unmatched": Words("Not imported, as no column of ours: {headers}", "未导入（无对应列）：{headers}"),
    "proved": Words(
        "Balances proved, {account}: opening {opening} and {count} lines come to the closing {closing}",
        "余额核对相符，{account}：期初 {opening}，{count} 笔明细，期末 {closing}",
    ),
    "not_proved": Words(
        "Not proved against balances: the file has no column of balances, so a missing line would not show",
        "未与余额核对：文件没有余额列，缺少明细无法发现",
    ),
    "more": Words(", … ({count} in all)", "……（共 {count} 处）"),
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
class Note:
    """What is to be said beside the counts: a code, and what its words name."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportResult:
    """``described``: how the file was read ("utf-8, comma"); ``unmatched``: headers whose columns went nowhere."""

    source: str
    described: str
    tables: tuple[TableResult, ...]
    unmatched: tuple[str, ...]
    issues: tuple[Issue, ...] = field(repr=False)
    notes: tuple[Note, ...] = ()

    def joined(self, other: ImportResult) -> ImportResult:
        """What two imports of one file did; how it was read is told of this one."""
        return replace(
            self,
            tables=self.tables + other.tables,
            issues=self.issues + other.issues,
            notes=self.notes + other.notes,
        )

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
        told += [said(each.code, **each.values) for each in self.notes]
        if self.unmatched:
            told.append(said("unmatched", headers=", ".join(self.unmatched)))
        alike: dict[tuple[str, str, str], list[Issue]] = {}
        for issue in sorted(self.issues, key=lambda issue: severity_of(issue.code)):  # errors first, else as they stand
            alike.setdefault((issue.table, issue.column, issue.code), []).append(issue)
        for (table, column, code), issues in alike.items():
            place, _, first = issues[0].cell.rpartition(" ")
            numbers = [first, *(issue.cell.rpartition(" ")[2] for issue in issues[1:MOST_LINES_NAMED])]
            more = said("more", count=len(issues)) if len(issues) > MOST_LINES_NAMED else ""
            label = TABLES[table][column].label.in_language(language)
            told.append(f"{place} {', '.join(numbers)}{more}, {label}: {text_of_issue(code).in_language(language)}")
        return told

    def summary(self) -> dict[str, object]:
        """For machines."""
        severities = Counter(severity_of(issue.code) for issue in self.issues)
        return {
            "source": self.source,
            "tables": [asdict(each) for each in self.tables],
            "unmatched_headers": list(self.unmatched),
            "notes": [each.code for each in self.notes],
            "issues": {ERROR: severities[ERROR], WARNING: severities[WARNING]},
            "issue_list": [
                {"place": issue.cell, "table": issue.table, "column": issue.column, "code": issue.code}
                for issue in self.issues
            ],
        }
