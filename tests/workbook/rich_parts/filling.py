"""What stands for each ``{{…}}`` in the parts of the rich workbook: texts, sums, ranges, the fields of a pivot."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from openpyxl.utils import get_column_letter

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PLACEHOLDER = re.compile(r"\{\{(\w+)(?::([^}]*))?\}\}")
_INLINE = re.compile(r' t="inlineStr"><is>(.*?)</is>', re.DOTALL)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RICH = '<r><t xml:space="preserve">Costs </t></r><r><rPr><b/><color rgb="FFC00000"/></rPr><t>of 2024</t></r>'


class SharedStrings:
    """Excel keeps every text in one part, and openpyxl in its cell: those of ``parts`` are moved."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self._places: dict[str, int] = {}
        for name, part in parts.items():
            if name.startswith("xl/worksheets/sheet"):
                parts[name] = _INLINE.sub(lambda found: f' t="s"><v>{self.place_of(found[1])}</v>', part.decode()).encode()

    def place_of(self, item: str) -> int:
        """The place of a text, given as the elements that stand for it."""
        return self._places.setdefault(item, len(self._places))

    def part(self) -> bytes:
        """The part, with the texts that were asked for."""
        items = "".join(f"<si>{item}</si>" for item in self._places)
        return f'{_DECLARATION}<sst xmlns="{_MAIN}" uniqueCount="{len(self._places)}">{items}</sst>'.encode()


class Filling:
    """Fills in the text of a part. ``rows`` are those of Invoices, the headers first."""

    def __init__(
        self,
        strings: SharedStrings,
        parts: Mapping[str, bytes],
        sheets: Mapping[str, str],
        rows: Sequence[Sequence[Any]],
        *,
        open_amount: float,
        overdue: float,
    ) -> None:
        self._headers, self._rows = [str(header) for header in rows[0]], rows[1:]
        self._texts = [sorted({cell for cell in self._values(header) if isinstance(cell, str)}) for header in self._headers]
        amounts = self._values("Amount")
        invoiced = round(sum(amounts), 2)
        reach = {header: f"Invoices!{range_of(self._headers, header, len(rows))}" for header in ("Amount", "Invoice ID")}
        table = next(etree.fromstring(part) for part in parts.values() if b'displayName="Invoices"' in part)
        column_ids = {each.get("name"): each.get("id") for each in table.iter(f"{{{_MAIN}}}tableColumn")}
        self._fixed: dict[str, object] = {
            "open": open_amount, "overdue": overdue, "invoiced": invoiced, "share": open_amount / invoiced,
            "rich": strings.place_of(_RICH),
            "amounts": reach["Amount"], "ids": reach["Invoice ID"], "sparkline": reach["Amount"].replace("$", ""),
            "amount_header": f"Invoices!{range_of(self._headers, 'Amount', 1, first_row=1).partition(':')[0]}",
            "amount_cache": f"<c:numCache><c:formatCode>General</c:formatCode>{_points(amounts)}</c:numCache>",
            "id_cache": f"<c:strCache>{_points(self._values('Invoice ID'))}</c:strCache>",
            "table_id": table.get("id"), "branch_id": column_ids["Branch"], "table_ref": table.get("ref"),
            "count": len(self._rows), "cache_fields": self._cache_fields(), "records": self._records(),
        }  # fmt: skip
        self._of: dict[str, Callable[[str], object]] = {
            "text": lambda text: strings.place_of(f"<t>{escape(text)}</t>"),
            "sum": self._sum,
            "place": self._headers.index,
            "pivot_fields": self._pivot_fields,
            "sheet_id": lambda sheet: int(re.sub(r"\D", "", sheets[sheet])),
        }

    def __call__(self, text: str) -> str:
        """The text of a part, filled in."""
        return _PLACEHOLDER.sub(lambda found: str(self._of[found[1]](found[2]) if found[2] else self._fixed[found[1]]), text)

    def _values(self, header: str) -> list[Any]:
        return [row[self._headers.index(header)] for row in self._rows]

    def _sum(self, group: str) -> float:
        header = "Branch" if group in self._values("Branch") else "Customer ID"
        pairs = zip(self._values(header), self._values("Amount"), strict=True)
        return float(round(sum(amount for of, amount in pairs if of == group), 2))

    def _cache_fields(self) -> str:
        fields = "".join(
            f'<cacheField name={quoteattr(header)} numFmtId="{14 if _is_dates(self._values(header)) else 0}">'
            f"{_shared_items(self._values(header))}</cacheField>"
            for header in self._headers
        )
        return f'<cacheFields count="{len(self._headers)}">{fields}</cacheFields>'

    def _records(self) -> str:
        items = (map(_record_item, row, self._texts) for row in self._rows)
        return "".join(f"<r>{''.join(each)}</r>" for each in items)

    def _pivot_fields(self, by: str) -> str:
        groups = sorted(set(self._values(by)))
        items = "".join(f'<item x="{place}"/>' for place in range(len(groups)))
        kinds = {
            by: f'<pivotField axis="axisRow" showAll="0"><items count="{len(groups) + 1}">{items}<item t="default"/></items>'
            "</pivotField>",
            "Amount": '<pivotField dataField="1" showAll="0"/>',
        }
        fields = "".join(kinds.get(header, '<pivotField showAll="0"/>') for header in self._headers)
        return f'<pivotFields count="{len(self._headers)}">{fields}</pivotFields>'


def range_of(headers: Sequence[str], header: str, last_row: int, first_row: int = 2) -> str:
    """The cells of a column: $L$2:$L$9."""
    letter = get_column_letter(headers.index(header) + 1)
    return f"${letter}${first_row}:${letter}${last_row}"


def _points(values: Sequence[object]) -> str:
    points = "".join(f'<c:pt idx="{place}"><c:v>{value}</c:v></c:pt>' for place, value in enumerate(values))
    return f'<c:ptCount val="{len(values)}"/>{points}'


def _is_dates(cells: Sequence[object]) -> bool:
    return all(isinstance(cell, dt.date) for cell in cells)


def _shared_items(cells: list[Any]) -> str:
    """What a pivot cache keeps of a column: blanks only, dates, numbers or texts."""
    if all(cell is None for cell in cells):
        return '<sharedItems containsNonDate="0" containsString="0" containsBlank="1"/>'
    if _is_dates(cells):
        reach = f'minDate="{_moment(min(cells))}" maxDate="{_moment(max(cells) + dt.timedelta(days=1))}"'
        return f'<sharedItems containsSemiMixedTypes="0" containsNonDate="0" containsDate="1" containsString="0" {reach}/>'
    if all(isinstance(cell, int | float) for cell in cells):
        reach = f'minValue="{min(cells)}" maxValue="{max(cells)}"'
        return f'<sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" {reach}/>'
    texts = sorted(set(cells))
    return f'<sharedItems count="{len(texts)}">{"".join(f"<s v={quoteattr(text)}/>" for text in texts)}</sharedItems>'


def _record_item(cell: Any, shared: list[str]) -> str:
    if cell is None:
        return "<m/>"
    if isinstance(cell, str):
        return f'<x v="{shared.index(cell)}"/>'
    return f'<d v="{_moment(cell)}"/>' if isinstance(cell, dt.date) else f'<n v="{cell}"/>'


def _moment(day: dt.date) -> str:
    return f"{day:%Y-%m-%d}T00:00:00"
