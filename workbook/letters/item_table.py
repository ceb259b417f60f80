"""The items of one message as a table: for the letter, for the e-mail's HTML, and as a workbook to attach.

Each holds one customer's data and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbook.letters.messages import Line, Message
from workbook.letters.word_template import TABLE_LABELS
from workbook.results.amounts import amount_text
from workbook.statements.as_workbook import workbook_bytes
from workbook.statements.blocks import Amount, Document, Grid, Page, Value


def labels(language: str) -> dict[str, str]:
    """The headers, by the name of the column."""
    return {name: words.in_language(language) for name, words in TABLE_LABELS.items()}


def row_texts(line: Line, currency: str) -> dict[str, str]:
    """One item as texts, by the name of the column; the days blank where it is not overdue."""
    return {
        "invoice": line.invoice_id,
        "order": line.purchase_order,
        "invoice_date": line.invoice_date.isoformat(),
        "due_date": line.due_date.isoformat(),
        "days": str(line.days_overdue) if line.days_overdue > 0 else "",
        "amount": amount_text(line.amount_minor, currency),
    }


def item_workbook(message: Message) -> bytes:
    """The items as an .xlsx, amounts as numbers, with the total below. Properties name our company only."""
    told, currency = labels(message.language), message.currency
    headers = [f"{word} ({currency})" if name == "amount" else word for name, word in told.items() if name != "total"]
    rows: list[Sequence[Value]] = [
        (
            line.invoice_id,
            line.purchase_order,
            line.invoice_date,
            line.due_date,
            max(line.days_overdue, 0),
            Amount(line.amount_minor, currency),
        )
        for line in message.lines
    ]
    total = (told["total"], "", None, None, None, Amount(message.total_minor, currency))
    grid = Grid(headers, [*rows, total], ends_with_total=True)
    return workbook_bytes(Document(message.subject, message.fields["company_name"], [Page(currency, [grid])]))
