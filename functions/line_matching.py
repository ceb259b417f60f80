"""What a bank line pays: the surest reading of its reference, its amount and its payer, line by line (RULES §5, step 1).

The rules are tried one after the other over all lines, the surest first, so that a line that names an invoice has it before
one that only fits its amount. What a line is taken to pay is no longer open for those that follow. Within a rule the lines
come by day and id, the items by due day and id: never by the position of a row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from functions.still_open import CreditNote, Item, Part, StillOpen, in_order
from functions.subset_sums import MOST_PAIRED, subsets_with_sum

MOST_OPTIONS = 3
_MOST_ITEMS = 50
"""Items of a customer, the oldest, that are tried as what several of its lines pay."""
_MOST_CREDITS = 5
"""Credit notes of a customer, the oldest, each of which is tried as what a line is less by."""


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
class Suggestion:
    """A reading of a line; ``option`` 1 is the best. Without parts nothing was found."""

    line_id: str
    option: int
    confidence: str
    match_reason: str
    parts: tuple[Part, ...] = ()


def match_lines(
    lines: Iterable[BankLine], items: Iterable[Item], *, group_of: Mapping[str, str], credits: Iterable[CreditNote] = ()
) -> list[Suggestion]:
    """Every line's readings, by line and option. ``group_of``: customer → the head of its group, itself without one.

    ``credits``: the credit notes that a payer may deduct.
    """
    return _Matching(lines, items, credits, group_of).suggestions()


class _Matching:
    """Lines that wait, and what is still open."""

    def __init__(
        self, lines: Iterable[BankLine], items: Iterable[Item], credits: Iterable[CreditNote], group_of: Mapping[str, str]
    ) -> None:
        self._waiting = {each.line_id: each for each in sorted(lines, key=lambda line: (line.booked_day, line.line_id))}
        amounts = {(each.currency, each.amount_minor) for each in self._waiting.values()}
        self._open = StillOpen(items, credits, group_of=group_of, amounts=amounts)
        self._found: list[Suggestion] = []

    def suggestions(self) -> list[Suggestion]:
        each_line: Sequence[Callable[[BankLine], list[Suggestion]]] = (
            self._named_exact, self._named_discount, self._named_less_credit, self._named_otherwise, self._same_amount,
            self._several_invoices, self._less_credit, self._short, self._only_amount, self._name_only,
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
            is_group = len({self._open.group(each) for each in customers}) == 1
            return self._one(line, "high" if is_group else "medium", "group_exact", self._paid(named))
        is_sure = line.names_surely and len(named) == len(line.named) and self._is_likely_payer(line, named[0].customer_id)
        return self._one(line, "certain" if is_sure else "high", "named_exact", self._paid(named))

    def _named_discount(self, line: BankLine) -> list[Suggestion]:
        named = self._named(line)
        discounts = [item.discount_on(line.booked_day) for item in named]
        if not any(discounts) or sum(item.open_minor for item in named) - sum(discounts) != line.amount_minor:
            return []
        return self._one(line, "high", "named_discount", self._paid(named, discounts))

    def _named_less_credit(self, line: BankLine) -> list[Suggestion]:
        """What is missing of the named invoices is what the customer's credit notes hold: it deducted them."""
        named = self._named(line)
        missing = sum(item.open_minor for item in named) - line.amount_minor
        customers = sorted({item.customer_id for item in named})
        if missing <= 0 or len({self._open.group(each) for each in customers}) != 1:
            return []
        credits = [credit for each in customers for credit in self._open.credits(each, line.currency)]
        told = [each for each in credits if each.credit_id in line.named]
        if told and sum(each.open_minor for each in told) == missing:
            is_all = line.names_surely and len(named) + len(told) == len(line.named)
            is_sure = is_all and len(customers) == 1 and self._is_likely_payer(line, customers[0])
            found, confidence = [told], "certain" if is_sure else "high"
        else:
            subsets = subsets_with_sum([each.open_minor for each in credits], missing, fewest=1)
            found = [[credits[at] for at in taken] for taken in subsets.found]
            confidence = "high" if subsets.is_unique else "low"
        # What a credit note holds may be more than the invoices of its own customer that are named.
        choices = [
            parts for some in found if (parts := self._netted(named, some)) and _line_share(parts) == line.amount_minor
        ]
        return self._choices(line, confidence, "named_less_credit", choices)

    def _named_otherwise(self, line: BankLine) -> list[Suggestion]:
        named = self._named(line)
        if not named:
            return []
        total = sum(item.open_minor for item in named)
        missing = total - line.amount_minor
        is_one_customer = len({item.customer_id for item in named}) == 1
        if missing < 0:
            # A document that is named too and not open may be what the rest is for.
            confidence = "medium" if is_one_customer and len(named) == len(line.named) else "low"
            return self._one(line, confidence, "named_over", self._paid(named))
        if missing <= line.tolerance_minor and missing < named[-1].open_minor:
            confidence = "medium" if is_one_customer else "low"
            return self._one(line, confidence, "named_short", self._filled(named, line.amount_minor))
        subsets = subsets_with_sum([item.open_minor for item in named], line.amount_minor, fewest=1)
        if subsets.found:
            confidence = "high" if subsets.is_unique else "low"
            return self._options(line, confidence, "named_some", [[named[at] for at in taken] for taken in subsets.found])
        confidence = "medium" if len(named) == 1 else "low"
        return self._one(line, confidence, "named_part", self._filled(named, line.amount_minor))

    def _same_amount(self, line: BankLine) -> list[Suggestion]:
        of_amount = self._open.of_amount(line.currency, line.amount_minor)
        equal = self._of_payers(line, of_amount)
        if equal:
            confidence = (
                "high" if len(equal) == 1 and len(line.payers) == 1 else "medium" if len(line.payers) == 1 else "low"
            )
            return self._options(line, confidence, "same_amount", [[item] for item in equal])
        early = [
            item for item in self._of_payers(line, self._open.of_amount_less_discount(line.currency, line.amount_minor))
            if (off := item.discount_on(line.booked_day)) and item.open_minor - off == line.amount_minor
        ]  # fmt: skip
        if len(early) == 1:
            parts = self._paid(early, [early[0].discount_on(line.booked_day)])
            return self._one(line, "medium", "same_amount_discount", parts)
        # A parent that pays for a subsidiary.
        groups = {self._open.group(each) for each in line.payers}
        of_group = [item for item in of_amount if self._open.group(item.customer_id) in groups]
        confidence = "medium" if len(of_group) == 1 and len(line.payers) == 1 else "low"
        return self._options(line, confidence, "same_amount", [[item] for item in of_group])

    def _several_invoices(self, line: BankLine) -> list[Suggestion]:
        """Of one customer; else of the payer's group: a parent that pays for its subsidiaries."""
        for payer in line.payers:
            for of_group in (False,) if self._open.is_alone(payer) else (False, True):
                if self._open.owed(payer, line.currency, of_group=of_group) == line.amount_minor:
                    items = list(self._open.each_of(payer, line.currency, of_group=of_group))
                    if len(items) > 1:
                        confidence = "high" if len(line.payers) == 1 else "low"
                        return self._one(line, confidence, "several_invoices", self._paid(items))
                items = list(islice(self._open.each_of(payer, line.currency, of_group=of_group), MOST_PAIRED))
                subsets = subsets_with_sum([item.open_minor for item in items], line.amount_minor)
                if subsets.found:
                    confidence = "medium" if subsets.is_unique and len(line.payers) == 1 else "low"
                    choices = [[items[at] for at in taken] for taken in subsets.found]
                    return self._options(line, confidence, "several_invoices", choices)
        return []

    def _less_credit(self, line: BankLine) -> list[Suggestion]:
        """The payer's invoices less credit notes of its own: all of both, else one invoice, else several."""
        for payer in line.payers:
            credits = self._open.credits(payer, line.currency)
            if not credits:
                continue
            is_clear = len(line.payers) == 1
            owed, held = self._open.owed(payer, line.currency), sum(each.open_minor for each in credits)
            if owed - held == line.amount_minor:
                items = list(self._open.each_of(payer, line.currency))
                return self._one(line, "high" if is_clear else "low", "less_credit", self._netted(items, credits))
            deducted = [[each] for each in credits[:_MOST_CREDITS]] + [credits] * (len(credits) > 1)
            sums = [line.amount_minor + sum(each.open_minor for each in some) for some in deducted]
            single = [
                self._netted([item], some)
                for some, total in zip(deducted, sums, strict=True)
                for item in self._open.between(payer, line.currency, total, total)
            ]
            if single:
                confidence = "medium" if len(single) == 1 and is_clear else "low"
                return self._choices(line, confidence, "less_credit", single)
            items = list(islice(self._open.each_of(payer, line.currency), MOST_PAIRED))
            amounts = [item.open_minor for item in items]
            several = [
                self._netted([items[at] for at in taken], some)
                for some, total in zip(deducted, sums, strict=True)
                for taken in subsets_with_sum(amounts, total).found
            ]
            if several:
                return self._choices(line, "low", "less_credit", several)
        return []

    def _short(self, line: BankLine) -> list[Suggestion]:
        low, high = line.amount_minor + 1, line.amount_minor + line.tolerance_minor
        short = in_order(
            item for payer in line.payers * (low <= high) for item in self._open.between(payer, line.currency, low, high)
        )
        confidence = "medium" if len(short) == 1 and len(line.payers) == 1 else "low"
        return self._choices(
            line, confidence, "same_amount_short", [[self._part(item, line.amount_minor)] for item in short]
        )

    def _only_amount(self, line: BankLine) -> list[Suggestion]:
        """Nobody is known to have paid: the one open item of this amount, if there is but one."""
        equal = [] if line.payers else self._open.of_amount(line.currency, line.amount_minor)
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
        for item in self._open.items(each for each, lines in lines_of.items() if len(lines) > 1):
            lines = lines_of[item.invoice_id]
            if all(line.currency == item.currency for line in lines):
                self._take_together(lines, item, "high")

    def _several_lines_of_a_payer(self) -> None:
        """Lines of one customer that together pay one of its invoices."""
        lines_of: dict[tuple[str, str], list[BankLine]] = defaultdict(list)
        for line in self._waiting.values():
            if len(line.payers) == 1 and not line.named:
                lines_of[line.payers[0], line.currency].append(line)
        for key in sorted(each for each, lines in lines_of.items() if len(lines) > 1):
            for item in list(islice(self._open.each_of(*key), _MOST_ITEMS)):
                waiting = [line for line in lines_of[key] if line.line_id in self._waiting]
                subsets = subsets_with_sum([line.amount_minor for line in waiting], item.open_minor)
                if subsets.is_unique:
                    self._take_together([waiting[at] for at in subsets.found[0]], item, "medium")

    # What the rules have in common.

    def _is_likely_payer(self, line: BankLine, customer_id: str) -> bool:
        """Nobody else is known to have paid."""
        return not line.payers or self._open.group(customer_id) in {self._open.group(each) for each in line.payers}

    def _named(self, line: BankLine) -> list[Item]:
        """What it names and is still open, in order."""
        return [item for item in self._open.items(line.named) if item.currency == line.currency]

    def _of_payers(self, line: BankLine, items: Iterable[Item]) -> list[Item]:
        return [item for item in items if item.customer_id in line.payers]

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

    def _netted(self, items: Sequence[Item], credits: Sequence[CreditNote]) -> list[Part]:
        """Each customer's credit notes go to the oldest of its invoices, the money to what they leave."""
        parts: list[Part] = []
        held: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for credit in credits:
            held[credit.customer_id].append((credit.credit_id, credit.open_minor))
        for item in items:
            missing, left = item.open_minor, held[item.customer_id]
            while missing and left:
                credit_id, holds = left.pop(0)
                taken = min(holds, missing)
                missing -= taken
                parts.append(Part(item.customer_id, item.invoice_id, taken, credit_id=credit_id))
                if holds > taken:
                    left.insert(0, (credit_id, holds - taken))
            if missing:
                parts.append(Part(item.customer_id, item.invoice_id, missing))
        return parts

    def _options(self, line: BankLine, confidence: str, reason: str, choices: Sequence[Sequence[Item]]) -> list[Suggestion]:
        return self._choices(line, confidence, reason, [self._paid(each) for each in choices[:MOST_OPTIONS]])

    def _choices(self, line: BankLine, confidence: str, reason: str, choices: Sequence[Sequence[Part]]) -> list[Suggestion]:
        return [
            Suggestion(line.line_id, at, confidence, reason, tuple(each))
            for at, each in enumerate(choices[:MOST_OPTIONS], 1)
        ]

    def _take(self, readings: Sequence[Suggestion]) -> None:
        """The line waits no more; what its best reading pays is not open for others."""
        self._found.extend(readings)
        del self._waiting[readings[0].line_id]
        for part in readings[0].parts:
            if part.invoice_id:
                self._open.take(part)

    def _take_together(self, lines: Sequence[BankLine], item: Item, confidence: str) -> None:
        if sum(line.amount_minor for line in lines) != item.open_minor:
            return
        for line in lines:
            (item,) = self._open.items([item.invoice_id])
            self._take(self._one(line, confidence, "several_lines", [self._part(item, line.amount_minor)]))


def _line_share(parts: Iterable[Part]) -> int:
    """What of the parts is the line's own money."""
    return sum(part.amount_minor for part in parts if not part.credit_id)
