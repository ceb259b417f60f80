"""All checks of data quality on a ledger as read: issues like those of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from workbook.issue import Issue
from workbook.quality.checks import CHECKS, OFF, Check, Finding
from workbook.results.ledger import WorkbookLedger

_MOST_NAMED = 5


def quality_issues(source: WorkbookLedger, *, as_of: int) -> tuple[Issue, ...]:
    """What the checks that are not switched off find as of a day number; one issue a cell and check, in order of the checks.

    A check whose tables are absent finds nothing. What is found does not depend on the order of rows.
    """
    found: list[Issue] = []
    for check in CHECKS.values():
        if source.settings.severity_of(check.code) != OFF and all(name in source.tables for name in check.tables):
            found.extend(_issues(source, check, check.look()(source, as_of)))
    return tuple(found)


def _issues(source: WorkbookLedger, check: Check, findings: Iterable[Finding]) -> Iterable[Issue]:
    for finding in sorted(findings, key=lambda each: (each.table, each.row, each.column)):
        issue = source.located(finding.table, finding.row, finding.column, check.code)
        yield replace(issue, about=_listed(finding.others, finding.count or len(finding.others)))


def _listed(names: Sequence[str], count: int) -> str:
    """The first few, and how many there are if there are more: ``7, 8, 9, 12, 15, … (31)``."""
    if count <= _MOST_NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_MOST_NAMED])}, … ({count})"
