"""Ids that differ only by leading zeros, case or width: two by the rules (RULES §12), one thing for whoever typed them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from workbook.quality.checks import Finding
from workbook.results.ledger import WorkbookLedger

_ID_TABLES = ("Customers", "Contracts", "Orders", "Invoices", "Receipts")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


def ids_alike(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """Every row whose id becomes another row's when zeros, case and width are put aside, within each table."""
    for name in _ID_TABLES:
        if name not in source.tables:
            continue
        read = source.tables[name]
        (key,) = read.table.key
        ids = [str(each) for each in read.columns[key]]
        row_of = dict(zip(ids, map(int, read.columns["row"]), strict=True))
        for group in alike(row_of):
            for each in group:
                yield Finding(name, row_of[each], key, tuple(other for other in group if other != each))


def alike(ids: Iterable[str]) -> list[list[str]]:
    """The groups of two and more different ids that are one when folded, each in order."""
    first: dict[str, str] = {}
    groups: dict[str, set[str]] = defaultdict(set)  # only where there are two: nearly all ids are alone
    for each in ids:
        folded = folded_id(each)
        standing = first.setdefault(folded, each)
        if standing != each:
            groups[folded] |= {standing, each}
    return sorted(sorted(group) for group in groups.values())


def folded_id(text: str) -> str:
    """Half-width, without case, no run of digits with zeros before it: ``ａ-007`` is ``a-7``."""
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()
    return _LEADING_ZEROS.sub("", plain) if "0" in plain else plain
