"""The lines of BankStatement up to a day: which receipts they are already, and what the others seem to pay."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter
from typing import Any

import narwhals as nw
import pandas as pd

from functions.dates import day_of
from functions.discounts import discounts_offered
from functions.frames import lazy
from functions.line_matching import BankLine, Suggestion, match_lines
from functions.matching import recorded_lines
from functions.money import exponent
from functions.position import ledger_position
from functions.still_open import CreditNote, Item
from workbook.matching.bank_rules import BankRule, BankRules
from workbook.matching.numbers import NumberIndex
from workbook.matching.payers import Payers
from workbook.matching.words import explained
from workbook.port import Book
from workbook.results.ledger import WorkbookLedger
from workbook.results.run import Run, to_pandas
from workbook.schema.bank import MATCHES

_RECORDED = {"recorded_line": "certain", "recorded_reference": "high", "recorded_amount": "medium"}

Row = dict[Any, Any]


@dataclass(frozen=True)
class Matched:
    """``rows`` of Matches in the columns of the rules; ``lines`` by id; ``marked``: rows of BankStatement that a rule of
    staff says are no customer's; ``counts`` for the summary.
    """

    source: WorkbookLedger = field(repr=False)
    lines: Mapping[str, Row] = field(repr=False)
    items: Mapping[str, Item] = field(repr=False)
    credits: Mapping[str, CreditNote] = field(repr=False)
    suggestions: tuple[Suggestion, ...] = field(repr=False)
    recorded: pd.DataFrame = field(repr=False)
    marked: tuple[int, ...]
    left_alone: int

    @cached_property
    def unknown_payers(self) -> frozenset[str]:
        """Customers that rules of staff name and that are none."""
        read = self.source.tables.get("BankRules")
        named = set() if read is None else set(read.frame()["customer_id"]) - {""}
        return frozenset(named - self.names.keys())

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Customer → name."""
        customers = self.source.tables["Customers"].columns
        return dict(zip(customers["customer_id"], customers["name"], strict=True))

    def counts(self) -> dict[str, int]:
        """Lines by what became of them: each line once, by its best reading."""
        best = Counter(each.confidence or "unmatched" for each in self.suggestions if each.option == 1)
        return {
            "lines": len(self.lines),
            "recorded": int(self.recorded["line_id"].nunique()),
            "left_alone": self.left_alone,
            **{each: best[each] for each in ("certain", "high", "medium", "low", "unmatched")},
        }

    def rows(self, *, language: str) -> pd.DataFrame:
        """Matches, by day, line and option."""
        rows = [*self._recorded_rows(language), *self._suggested_rows(language)]
        keys = ("booked_day", "line_id", "option", "customer_id", "invoice_id", "credit_note_id")
        rows.sort(key=itemgetter(*keys))
        return pd.DataFrame(rows, columns=_COLUMNS).astype(_TYPES)

    def _recorded_rows(self, language: str) -> Iterable[Row]:
        frame = self.source.tables["Receipts"].frame()[["receipt_id", "customer_id", "amount_minor"]]
        frame = frame[frame["receipt_id"].isin(self.recorded["receipt_id"])]
        receipts = {each["receipt_id"]: each for each in frame.to_dict("records")}
        options: Counter[str] = Counter()
        for each in self.recorded.sort_values(["line_id", "receipt_id"]).to_dict("records"):
            line_id, receipt_id, reason = each["line_id"], each["receipt_id"], each["match_reason"]
            options[line_id] += 1
            yield self._row(
                line_id, options[line_id], _RECORDED[reason], reason, language, receipt_id=receipt_id,
                customer_id=str(receipts[receipt_id]["customer_id"]),
                amount_minor=int(receipts[receipt_id]["amount_minor"]),
            )  # fmt: skip

    def _suggested_rows(self, language: str) -> Iterable[Row]:
        for each in self.suggestions:
            told = (each.line_id, each.option, each.confidence, each.match_reason, language)
            noted = [part.credit_id for part in each.parts if part.credit_id]
            if not each.parts:
                yield self._row(*told)
            for part in each.parts:
                yield self._row(
                    *told, noted, customer_id=part.customer_id, invoice_id=part.invoice_id, amount_minor=part.amount_minor,
                    discount_minor=part.discount_minor, difference_minor=part.left_minor, credit_note_id=part.credit_id,
                )  # fmt: skip

    def _row(
        self, line_id: str, option: int, confidence: str, reason: str, language: str, noted: Sequence[str] = (), *,
        receipt_id: str = "", **told: Any,
    ) -> Row:  # fmt: skip
        line = self.lines[line_id]
        row = {
            "customer_id": "", "invoice_id": "", "credit_note_id": "", "amount_minor": 0, "discount_minor": 0,
            "difference_minor": 0, **told,
        }  # fmt: skip
        return {
            **row,
            "line_id": line_id,
            "option": option,
            "booked_day": line["booked_day"],
            "counterparty": line["counterparty"],
            "remittance": line["remittance"],
            "currency": line["currency"],
            "line_amount_minor": line["amount_minor"],
            "name": self.names.get(row["customer_id"], ""),
            "confidence": confidence,
            "match_reason": reason,
            "explanation": explained(reason, receipt=receipt_id, credits=noted, language=language),
            "is_accepted": False,
            "receipt_id": receipt_id,
        }


_TYPES: Mapping[str, str] = {
    "option": "int64", "booked_day": "int64", "line_amount_minor": "int64", "amount_minor": "int64",
    "discount_minor": "int64", "difference_minor": "int64", "is_accepted": "bool",
}  # fmt: skip
_COLUMNS = [
    "line_id",
    "counterparty",
    "remittance",
    "currency",
    "customer_id",
    "name",
    "invoice_id",
    "credit_note_id",
    "confidence",
]
_COLUMNS += ["match_reason", "explanation", "receipt_id", *_TYPES]
assert len(_COLUMNS) == len(MATCHES.columns)


def match_book(book: Book, *, as_of: dt.date) -> Matched:
    """Match the lines booked by a day with the ledger as of it. Nothing is written. Raises Refusal."""
    source = Run(book, as_of=as_of, shares_cells=False).source
    day = day_of(as_of)
    all_lines = _frame(source, "BankStatement", _LINE_COLUMNS)
    lines = all_lines[all_lines["booked_day"] <= day]
    items, credits, numbers = _open(source, day)
    recorded = _recorded(source, lines)
    waiting = lines[~lines["line_id"].isin(recorded["line_id"])]

    rules = BankRules(_rules(source))
    texts = [f"{each['counterparty']} {each['reference']} {each['remittance']}" for each in waiting.to_dict("records")]
    fitting = [rules.that_fits(text) for text in texts]
    payers = Payers(zip(*(source.tables["Customers"].columns[key] for key in ("customer_id", "name")), strict=True))
    payers_of = payers.of([str(each) for each in waiting["counterparty"]])
    tolerance = source.settings.bank_charge_tolerance
    found, marked, left_alone = [], [], 0
    for line, text, rule in zip(waiting.to_dict("records"), texts, fitting, strict=True):
        is_marked = rule is not None and rule.is_not_customer and not line["is_not_customer"]
        if is_marked:
            marked.append(int(line["row"]))
        if is_marked or line["is_not_customer"] or line["amount_minor"] <= 0:
            left_alone += 1
            continue
        named = numbers.named_in(text)
        of_rule = (rule.customer_id,) if rule is not None and rule.customer_id else ()
        found.append(
            BankLine(
                line_id=line["line_id"],
                booked_day=int(line["booked_day"]),
                currency=line["currency"],
                amount_minor=int(line["amount_minor"]),
                named=named.invoice_ids,
                names_surely=named.is_sure,
                payers=of_rule or payers_of[line["counterparty"]],
                tolerance_minor=tolerance * 10 ** exponent(line["currency"]),
            )
        )
    suggestions = match_lines(found, items.values(), group_of=_groups(source), credits=credits.values())
    return Matched(
        source=source,
        lines={each["line_id"]: each for each in lines.to_dict("records")},
        items=items,
        credits=credits,
        suggestions=tuple(suggestions),
        recorded=recorded,
        marked=tuple(marked),
        left_alone=left_alone,
    )


_LINE_COLUMNS = {
    "row": "int64", "line_id": "str", "booked_day": "int64", "currency": "str", "amount_minor": "int64",
    "counterparty": "str", "reference": "str", "remittance": "str", "is_not_customer": "bool",
}  # fmt: skip


def _frame(source: WorkbookLedger, name: str, columns: Mapping[str, str]) -> pd.DataFrame:
    """Columns of a table that need not be there."""
    read = source.tables.get(name)
    if read is None:
        return pd.DataFrame({key: pd.Series([], dtype=kind) for key, kind in columns.items()})
    return read.frame()[list(columns)]


def _recorded(source: WorkbookLedger, lines: pd.DataFrame) -> pd.DataFrame:
    receipts = source.tables["Receipts"].frame()
    is_out = receipts["kind"].isin(["reversal", "refund"])
    signed = receipts.assign(amount_minor=receipts["amount_minor"].where(~is_out, -receipts["amount_minor"]))
    known = ["line_id", "currency", "booked_day", "amount_minor", "reference"]
    asked = ["receipt_id", "currency", "receipt_day", "amount_minor", "bank_line_id", "bank_reference"]
    banked = signed[~receipts["method"].isin(["cash", "netting", "bank_bill", "commercial_bill"])]
    found = recorded_lines(lazy(lines[known].reset_index(drop=True)), lazy(banked[asked].reset_index(drop=True)))
    return to_pandas(found).reset_index(drop=True)


def _open(source: WorkbookLedger, day: int) -> tuple[dict[str, Item], dict[str, CreditNote], NumberIndex]:
    """What is open, by invoice, and what credit notes hold, before anything that nobody allocated is applied: an allocation
    comes before that.
    """
    policy = replace(source.policy, allocation_policy="explicit_only")
    position = ledger_position(source.ledger, policy=policy, as_of=day)
    open_items = to_pandas(position.items.filter(nw.col("open_minor") > 0))
    offered = to_pandas(discounts_offered(position.documents, policy=policy)).set_index("invoice_id")
    by_invoice = open_items.groupby("invoice_id", sort=True).agg(
        customer_id=("customer_id", "first"), currency=("currency", "first"), open_minor=("open_minor", "sum"),
        due_day=("due_day", "min"), amount_minor=("amount_minor", "sum"),
    )  # fmt: skip
    by_invoice = by_invoice.join(offered, how="left").fillna({"discount_day": 0, "offered_minor": 0})
    items = {
        str(each["invoice_id"]): Item(
            invoice_id=str(each["invoice_id"]),
            customer_id=str(each["customer_id"]),
            currency=str(each["currency"]),
            open_minor=int(each["open_minor"]),
            due_day=int(each["due_day"]),
            discount_day=int(each["discount_day"]),
            discount_minor=int(each["offered_minor"]) if each["open_minor"] == each["amount_minor"] else 0,
        )
        for each in by_invoice.reset_index().to_dict("records")
    }
    noted = position.unapplied.filter(nw.col("source") == "credit_note", nw.col("unapplied_minor") > 0)
    credits = {
        str(each["source_id"]): CreditNote(
            credit_id=str(each["source_id"]),
            customer_id=str(each["customer_id"]),
            currency=str(each["currency"]),
            open_minor=int(each["unapplied_minor"]),
            day=int(each["source_day"]),
        )
        for each in to_pandas(noted).sort_values("source_id").to_dict("records")
    }
    invoices = source.tables["Invoices"].columns
    numbers: list[tuple[str, str, bool]] = []
    for key, is_own in (("invoice_id", True), ("tax_invoice_number", True), ("purchase_order", False)):
        # A purchase order may have many invoices: of those that are paid nobody speaks any more.
        numbers += [
            (str(invoice_id), str(number), is_own)
            for invoice_id, number in zip(invoices["invoice_id"], invoices[key], strict=True)
            if number and (is_own or invoice_id in items)
        ]
    return items, credits, NumberIndex(numbers)


def _rules(source: WorkbookLedger) -> Iterable[BankRule]:
    read = source.tables.get("BankRules")
    if read is None:
        return
    known = set(source.tables["Customers"].columns["customer_id"])
    for each in read.frame().to_dict("records"):
        if each["is_not_customer"] or each["customer_id"] in known:
            yield BankRule(each["pattern"], bool(each["is_not_customer"]), str(each["customer_id"]))


def _groups(source: WorkbookLedger) -> dict[str, str]:
    customers = source.tables["Customers"].columns
    pairs = zip(customers["customer_id"], customers["group_id"], strict=True)
    return {str(customer): str(head or customer) for customer, head in pairs}
