"""What a bank line pays: the surest reading of its reference, its amount and its payer, line by line (RULES §5, step 1).

The rules are tried one after the other over all lines, the surest first, so that a line that names an invoice has it before
one that only fits its amount. What a line is taken to pay is no longer open for those that follow. Within a rule the lines
come by day and id, the items by due day and id: never by the position of a row.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from functions.subset_sums import MOST_AMOUNTS, subsets_with_sum

MOST_OPTIONS = 3
_MOST_ITEMS = 50
"""Items of a customer, the oldest, that are tried as what several of its lines pay."""


@dataclass(frozen=True)
class Item:
    """An invoice and what is open of it; ``discount_minor`` may be taken off until ``discount_day``."""

    invoice_id: str
    customer_id: str
    currency: str
    open_minor: int
    due_day: int
    discount_day: int = 0
    discount_minor: int = 0

    def discount_on(self, day: int) -> int:
        """What may be taken off by who pays all of it on this day."""
        return self.discount_minor if day <= self.discount_day and self.discount_minor < self.open_minor else 0


@dataclass(frozen=True)
class BankLine:
    """Money that came in. ``named``: the invoices that its text names; ``names_surely``: each by a number of its own.

    ``payers``: the customers that it may be from, one if that is clear. ``tolerance_minor``: how much a bank may keep.
    """

    line_id: str
    booked_day: int
    currency: str
    amount_minor: int
    named: tuple[str, ...] = ()
    names_surely: bool = False
    payers: tuple[str, ...] = ()
    tolerance_minor: int = 0


@dataclass(frozen=True)
class Part:
    """What of a line goes to an invoice, the discount with it, and what stays open. Without invoice_id: to the customer."""

    customer_id: str
    invoice_id: str
    amount_minor: int
    discount_minor: int = 0
    left_minor: int = 0


@dataclass(frozen=True)
class Suggestion:
    """A reading of a line; ``option`` 1 is the best. Without parts nothing was found."""

    line_id: str
    option: int
    confidence: str
    match_reason: str
    parts: tuple[Part, ...] = ()


def match_lines(lines: Iterable[BankLine], items: Iterable[Item], *, group_of: Mapping[str, str]) -> list[Suggestion]:
    """Every line's readings, by line and option. ``group_of``: customer → the head of its group, itself without one."""
    return _Matching(lines, items, group_of).suggestions()


class _Matching:
    """Lines that wait, and what is still open of each item."""

    def __init__(self, lines: Iterable[BankLine], items: Iterable[Item], group_of: Mapping[str, str]) -> None:
        self._waiting = {each.line_id: each for each in sorted(lines, key=lambda line: (line.booked_day, line.line_id))}
        in_order = sorted(items, key=lambda item: (item.due_day, item.invoice_id))
        self._items = {each.invoice_id: each for each in in_order}
        self._group_of = group_of
        self._of_customer: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._of_group: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._owed_of_customer: dict[tuple[str, str], int] = defaultdict(int)
        self._owed_of_group: dict[tuple[str, str], int] = defaultdict(int)
        self._less_discount: dict[tuple[str, int], list[str]] = defaultdict(list)
        amounts: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for each in in_order:
            self._of_customer[each.customer_id, each.currency].append(each.invoice_id)
            self._of_group[self._group(each.customer_id), each.currency].append(each.invoice_id)
            self._add_owed(each, each.open_minor)
            if each.discount_minor:
                self._less_discount[each.currency, each.open_minor - each.discount_minor].append(each.invoice_id)
            amounts[each.currency].append((each.open_minor, each.invoice_id))
        self._by_amount = {currency: sorted(pairs) for currency, pairs in amounts.items()}
        self._found: list[Suggestion] = []

    def suggestions(self) -> list[Suggestion]:
        each_line: Sequence[Callable[[BankLine], list[Suggestion]]] = (
            self._named_exact, self._named_discount, self._named_otherwise, self._same_amount, self._several_invoices,
            self._short, self._only_amount, self._name_only,
        )  # fmt: skip
        for rule in each_line:
            if rule == self._named_otherwise:
                self._several_lines_naming_one()
            if rule == self._short:
                self._several_lines_of_a_payer()
            for line in list(self._waiting.values()):
                if readings := rule(line):
                    self._take(readings)
        for line_id in self._waiting:
            self._found.append(Suggestion(line_id, 1, "", "unmatched"))
        return sorted(self._found, key=lambda each: (each.line_id, each.option))

    # The rules: each gives the readings of one line, none where it does not fit.

    def _named_exact(self, line: BankLine) -> list[Suggestion]:
        named = self._named(line)
        if not named or sum(item.open_minor for item in named) != line.amount_minor:
            return []
        customers = {item.customer_id for item in named}
        if len(customers) > 1:
            is_group = len({self._group(each) for each in customers}) == 1
            return self._one(line, "high" if is_group else "medium", "group_exact", self._paid(named))
        is_sure = line.names_surely and len(named) == len(line.named) and self._is_likely_payer(line, named[0].customer_id)
        return self._one(line, "certain" if is_sure else "high", "named_exact", self._paid(named))

    def _named_discount(self, line: BankLine) -> list[Suggestion]:
        named = self._named(line)
        discounts = [item.discount_on(line.booked_day) for item in named]
        if not any(discounts) or sum(item.open_minor for item in named) - sum(discounts) != line.amount_minor:
            return []
        return self._one(line, "high", "named_discount", self._paid(named, discounts))

    def _named_otherwise(self, line: BankLine) -> list[Suggestion]:
        named = self._named(line)
        if not named:
            return []
        total = sum(item.open_minor for item in named)
        missing = total - line.amount_minor
        if missing < 0:
            confidence = "medium" if len({item.customer_id for item in named}) == 1 else "low"
            return self._one(line, confidence, "named_over", self._paid(named))
        if missing <= line.tolerance_minor and missing < named[-1].open_minor:
            return self._one(line, "medium", "named_short", self._filled(named, line.amount_minor))
        subsets = subsets_with_sum([item.open_minor for item in named], line.amount_minor, fewest=1)
        if subsets.found:
            confidence = "high" if subsets.is_unique else "low"
            return self._options(line, confidence, "named_some", [[named[at] for at in taken] for taken in subsets.found])
        confidence = "medium" if len(named) == 1 else "low"
        return self._one(line, confidence, "named_part", self._filled(named, line.amount_minor))

    def _same_amount(self, line: BankLine) -> list[Suggestion]:
        equal = self._of_payers(line, self._of_amounts(line.currency, line.amount_minor, line.amount_minor))
        if equal:
            confidence = (
                "high" if len(equal) == 1 and len(line.payers) == 1 else "medium" if len(line.payers) == 1 else "low"
            )
            return self._options(line, confidence, "same_amount", [[item] for item in equal])
        early = [
            item for item in self._of_payers(line, self._still_open(self._less_discount[line.currency, line.amount_minor]))
            if (off := item.discount_on(line.booked_day)) and item.open_minor - off == line.amount_minor
        ]  # fmt: skip
        if len(early) == 1:
            parts = self._paid(early, [early[0].discount_on(line.booked_day)])
            return self._one(line, "medium", "same_amount_discount", parts)
        return []

    def _several_invoices(self, line: BankLine) -> list[Suggestion]:
        """Of one customer; else of the payer's group: a parent that pays for its subsidiaries."""
        for payer in line.payers:
            own, group = (payer, line.currency), (self._group(payer), line.currency)
            sources = (
                (self._of_customer[own], self._owed_of_customer[own]),
                (self._of_group[group], self._owed_of_group[group]),
            )
            for ids, owed in sources:
                if owed == line.amount_minor and len(items := self._still_open(ids)) > 1:
                    return self._one(line, "high" if len(line.payers) == 1 else "low", "several_invoices", self._paid(items))
                # One more than are looked at, so that the search knows that there are others.
                items = list(islice(self._each_open(ids), MOST_AMOUNTS + 1))
                subsets = subsets_with_sum([item.open_minor for item in items], line.amount_minor)
                if subsets.found:
                    confidence = "medium" if subsets.is_unique and len(line.payers) == 1 else "low"
                    choices = [[items[at] for at in taken] for taken in subsets.found]
                    return self._options(line, confidence, "several_invoices", choices)
        return []

    def _short(self, line: BankLine) -> list[Suggestion]:
        near = self._of_amounts(line.currency, line.amount_minor + 1, line.amount_minor + line.tolerance_minor)
        short = self._of_payers(line, near)
        confidence = "medium" if len(short) == 1 and len(line.payers) == 1 else "low"
        parts = [[self._part(item, line.amount_minor)] for item in short]
        return [
            Suggestion(line.line_id, at, confidence, "same_amount_short", tuple(each))
            for at, each in enumerate(parts[:MOST_OPTIONS], 1)
        ]

    def _only_amount(self, line: BankLine) -> list[Suggestion]:
        """Nobody is known to have paid: the one open item of this amount, if there is but one."""
        equal = [] if line.payers else self._of_amounts(line.currency, line.amount_minor, line.amount_minor)
        return self._one(line, "low", "same_amount", self._paid(equal)) if len(equal) == 1 else []

    def _name_only(self, line: BankLine) -> list[Suggestion]:
        return [
            Suggestion(line.line_id, at, "low", "name_only", (Part(payer, "", line.amount_minor),))
            for at, payer in enumerate(line.payers[:MOST_OPTIONS], 1)
        ]

    def _several_lines_naming_one(self) -> None:
        """Lines that name the same one invoice and together pay it."""
        lines_of: dict[str, list[BankLine]] = defaultdict(list)
        for line in self._waiting.values():
            if len(line.named) == 1:
                lines_of[line.named[0]].append(line)
        for invoice_id in self._items:
            lines = lines_of.get(invoice_id, [])
            item = self._items[invoice_id]
            if len(lines) > 1 and all(line.currency == item.currency for line in lines):
                self._take_together(lines, item, "high")

    def _several_lines_of_a_payer(self) -> None:
        """Lines of one customer that together pay one of its invoices."""
        lines_of: dict[tuple[str, str], list[BankLine]] = defaultdict(list)
        for line in self._waiting.values():
            if len(line.payers) == 1 and not line.named:
                lines_of[line.payers[0], line.currency].append(line)
        for key in sorted(each for each, lines in lines_of.items() if len(lines) > 1):
            for item in list(islice(self._each_open(self._of_customer[key]), _MOST_ITEMS)):
                waiting = [line for line in lines_of[key] if line.line_id in self._waiting]
                subsets = subsets_with_sum([line.amount_minor for line in waiting], item.open_minor)
                if subsets.is_unique:
                    self._take_together([waiting[at] for at in subsets.found[0]], item, "medium")

    # What the rules have in common.

    def _group(self, customer_id: str) -> str:
        return self._group_of.get(customer_id, customer_id)

    def _is_likely_payer(self, line: BankLine, customer_id: str) -> bool:
        """Nobody else is known to have paid."""
        return not line.payers or self._group(customer_id) in {self._group(each) for each in line.payers}

    def _named(self, line: BankLine) -> list[Item]:
        """What it names and is still open, in order."""
        return [item for item in self._still_open(line.named) if item.currency == line.currency]

    def _of_payers(self, line: BankLine, items: Iterable[Item]) -> list[Item]:
        return [item for item in items if item.customer_id in line.payers]

    def _of_amounts(self, currency: str, low: int, high: int) -> list[Item]:
        """What is wholly open and of such an amount, by due day."""
        pairs = self._by_amount.get(currency, [])
        places = range(bisect_left(pairs, (low, "")), bisect_left(pairs, (high + 1, "")))
        within = [pairs[at] for at in places]
        return self._still_open(invoice_id for amount, invoice_id in within if self._items[invoice_id].open_minor == amount)

    def _each_open(self, invoice_ids: Iterable[str]) -> Iterable[Item]:
        """Those of a customer or group that are open, which are in order already."""
        return (self._items[each] for each in invoice_ids if self._items[each].open_minor > 0)

    def _add_owed(self, item: Item, amount: int) -> None:
        self._owed_of_customer[item.customer_id, item.currency] += amount
        self._owed_of_group[self._group(item.customer_id), item.currency] += amount

    def _still_open(self, invoice_ids: Iterable[str]) -> list[Item]:
        known = [self._items[each] for each in dict.fromkeys(invoice_ids) if each in self._items]
        return sorted((each for each in known if each.open_minor > 0), key=lambda item: (item.due_day, item.invoice_id))

    def _part(self, item: Item, amount: int, discount: int = 0) -> Part:
        return Part(item.customer_id, item.invoice_id, amount, discount, item.open_minor - amount - discount)

    def _paid(self, items: Sequence[Item], discounts: Sequence[int] = ()) -> list[Part]:
        """Each of them whole, less its discount."""
        off = discounts or [0] * len(items)
        return [self._part(item, item.open_minor - each, each) for item, each in zip(items, off, strict=True)]

    def _filled(self, items: Sequence[Item], amount: int) -> list[Part]:
        """The amount over them, oldest first."""
        parts = []
        for item in items:
            taken = min(item.open_minor, amount)
            amount -= taken
            if taken > 0:
                parts.append(self._part(item, taken))
        return parts

    def _one(self, line: BankLine, confidence: str, reason: str, parts: Sequence[Part]) -> list[Suggestion]:
        return [Suggestion(line.line_id, 1, confidence, reason, tuple(parts))]

    def _options(self, line: BankLine, confidence: str, reason: str, choices: Sequence[Sequence[Item]]) -> list[Suggestion]:
        return [
            Suggestion(line.line_id, at, confidence, reason, tuple(self._paid(each)))
            for at, each in enumerate(choices[:MOST_OPTIONS], 1)
        ]

    def _take(self, readings: Sequence[Suggestion]) -> None:
        """The line waits no more; what its best reading pays is not open for others."""
        self._found.extend(readings)
        del self._waiting[readings[0].line_id]
        for part in readings[0].parts:
            if part.invoice_id:
                item, taken = self._items[part.invoice_id], part.amount_minor + part.discount_minor
                self._items[part.invoice_id] = replace(item, open_minor=item.open_minor - taken)
                self._add_owed(item, -taken)

    def _take_together(self, lines: Sequence[BankLine], item: Item, confidence: str) -> None:
        if sum(line.amount_minor for line in lines) != item.open_minor:
            return
        for line in lines:
            item = self._items[item.invoice_id]
            self._take(self._one(line, confidence, "several_lines", [self._part(item, line.amount_minor)]))
