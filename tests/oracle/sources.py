"""What pays: receipts and credit notes, and which receipts bounced (RULES §3)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.oracle.documents import Document
from tests.oracle.rows import Issue, Row, Tables


@dataclass
class Source:
    """A receipt of kind ``receipt`` or a credit note, and what has become of its money."""

    source_id: str
    kind: str
    row: Row
    day: int
    holds: int
    is_held: bool = False
    is_reversed: bool = False
    is_barred: bool = False
    """It takes no part in step 2: one of its requests was refused."""
    applied: int = 0
    refunded: int = 0

    @property
    def customer_id(self) -> str:
        return str(self.row["customer_id"])

    @property
    def currency(self) -> str:
        return str(self.row["currency"])

    @property
    def left(self) -> int:
        return self.holds - self.applied - self.refunded


@dataclass
class Sources:
    """Everything that pays, of whatever day, by id, and the refunds that count."""

    receipts: dict[str, Source]
    credits: dict[str, Source]
    refunds: list[Row]
    issues: list[Issue]

    def named(self, source_id: str) -> Source | None:
        """The receipt of that id, else the credit note."""
        return self.receipts.get(source_id) or self.credits.get(source_id)

    def existing(self, as_of: int) -> list[Source]:
        """Those that exist at the day and were not reversed."""
        paying = (*self.receipts.values(), *self.credits.values())
        return [source for source in paying if source.day <= as_of and not source.is_reversed]


def sources(tables: Tables, documents: dict[str, Document], as_of: int) -> Sources:
    """Receipts and credit notes of known customers; a receipt reversed by the day counts as never received."""
    known = {row["customer_id"] for row in tables["customers"]}
    receipts: dict[str, Source] = {}
    reversals: list[Row] = []
    refunds: list[Row] = []
    issues: list[Issue] = []
    for row in tables.get("receipts", []):
        if row["customer_id"] not in known:
            if row["receipt_day"] <= as_of:
                issues.append(("receipts", row["receipt_id"], "unknown_customer"))
        elif row["kind"] == "reversal":
            reversals.append(row)
        elif row["kind"] == "refund":
            refunds.append(row)
        else:
            receipts[row["receipt_id"]] = Source(
                row["receipt_id"], "receipt", row, row["receipt_day"], row["amount_minor"], is_held=row["is_held"]
            )
    issues += _reverse(receipts, reversals, as_of)
    credits = {
        document.invoice_id: Source(document.invoice_id, "credit_note", document.row, document.day, document.owed_at_first)
        for document in documents.values()
        if document.is_credit
    }
    return Sources(receipts, credits, refunds, issues)


def _reverse(receipts: dict[str, Source], reversals: list[Row], as_of: int) -> list[Issue]:
    """Mark what bounced. The first valid reversal counts; a second one is an issue."""
    issues: list[Issue] = []

    def effective_day(row: Row) -> int:
        named = receipts.get(row["related_id"])
        return int(max(row["receipt_day"], named.day) if named else row["receipt_day"])

    for row in sorted(reversals, key=lambda each: (effective_day(each), each["receipt_id"])):
        if effective_day(row) > as_of:
            continue
        named = receipts.get(row["related_id"])
        code = _reversal_fault(row, named)
        if code:
            issues.append(("receipts", row["receipt_id"], code))
        elif named is not None:
            named.is_reversed = True
    return issues


def _reversal_fault(row: Row, named: Source | None) -> str:
    if named is None:
        return "reversal_of_unknown"
    if named.customer_id != row["customer_id"]:
        return "other_customer"
    if named.currency != row["currency"]:
        return "other_currency"
    if named.row["amount_minor"] != row["amount_minor"]:
        return "reversal_not_whole"
    return "reversed_twice" if named.is_reversed else ""
