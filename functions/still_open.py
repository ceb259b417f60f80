"""What is still open while bank lines are matched: invoices and credit notes, and what was taken of each so far.

Found by id, by customer or group, by amount; always in order of due day and id, never of rows. An index is built when it is
first asked for, and only for what the lines could ask: most of a large ledger is never looked at.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import merge

Account = tuple[str, str]
"""Customer, or head of a group, and currency."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class CreditNote:
    """What of a credit note no invoice has used; ``day`` is the document's."""

    credit_id: str
    customer_id: str
    currency: str
    open_minor: int
    day: int


@dataclass(frozen=True, slots=True)
class Part:
    """What of a line goes to an invoice, the discount with it, and what stays open. Without invoice_id: to the customer.

    With ``credit_id`` the amount is not the line's but that credit note's: the payer deducted it.
    """

    customer_id: str
    invoice_id: str
    amount_minor: int
    discount_minor: int = 0
    left_minor: int = 0
    credit_id: str = ""


class StillOpen:
    """Items and credit notes. ``group_of``: customer → the head of its group, itself without one.

    ``amounts``: (currency, amount) of which items may be asked by their amount.
    """

    def __init__(
        self,
        items: Iterable[Item],
        credits: Iterable[CreditNote],
        *,
        group_of: Mapping[str, str],
        amounts: Set[tuple[str, int]],
    ) -> None:
        self._group_of = group_of
        self._items: dict[str, Item] = {}
        self._touched: set[str] = set()
        self._of_account: dict[Account, list[Item]] = defaultdict(list)
        self._of_amount: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._less_discount: dict[tuple[str, int], list[str]] = defaultdict(list)
        for each in items:
            self._items[each.invoice_id] = each
            self._of_account[each.customer_id, each.currency].append(each)
            if (each.currency, each.open_minor) in amounts:
                self._of_amount[each.currency, each.open_minor].append(each.invoice_id)
            if each.discount_minor and (each.currency, each.open_minor - each.discount_minor) in amounts:
                self._less_discount[each.currency, each.open_minor - each.discount_minor].append(each.invoice_id)
        self._credits: dict[Account, list[CreditNote]] = defaultdict(list)
        for credit in sorted(credits, key=lambda credit: (credit.day, credit.credit_id)):
            self._credits[credit.customer_id, credit.currency].append(credit)
        self._members: dict[str, list[str]] = defaultdict(list)
        for customer, head in group_of.items():
            if customer != head:
                self._members[head].append(customer)
        self._ids: dict[tuple[str, str, bool], list[str]] = {}
        self._owed: dict[tuple[str, str, bool], int] = {}
        self._by_amount: dict[Account, list[tuple[int, str]]] = {}

    def group(self, customer_id: str) -> str:
        """The head of its group, itself without one."""
        return self._group_of.get(customer_id, customer_id)

    def is_alone(self, customer_id: str) -> bool:
        """Whether its group is itself."""
        head = self.group(customer_id)
        return head == customer_id and head not in self._members

    def items(self, invoice_ids: Iterable[str]) -> list[Item]:
        """Those that are open, in order."""
        known = [self._items[each] for each in dict.fromkeys(invoice_ids) if each in self._items]
        return in_order(each for each in known if each.open_minor > 0)

    def each_of(self, customer_id: str, currency: str, *, of_group: bool = False) -> Iterator[Item]:
        """The open items of a customer, or of all of its group, in order."""
        return (
            item for each in self._known_ids(customer_id, currency, of_group) if (item := self._items[each]).open_minor > 0
        )

    def owed(self, customer_id: str, currency: str, *, of_group: bool = False) -> int:
        """What is open of all of them."""
        key = (self.group(customer_id) if of_group else customer_id, currency, of_group)
        if key not in self._owed:
            self._owed[key] = sum(item.open_minor for item in self.each_of(customer_id, currency, of_group=of_group))
        return self._owed[key]

    def of_amount(self, currency: str, amount_minor: int) -> list[Item]:
        """What is wholly open and of this amount."""
        return self.items(each for each in self._of_amount.get((currency, amount_minor), ()) if each not in self._touched)

    def of_amount_less_discount(self, currency: str, amount_minor: int) -> list[Item]:
        """What comes to this amount when its discount is taken off."""
        return self.items(self._less_discount.get((currency, amount_minor), ()))

    def between(self, customer_id: str, currency: str, low: int, high: int) -> list[Item]:
        """A customer's items that are wholly open and of such an amount."""
        account = (customer_id, currency)
        if account not in self._by_amount:
            # As they were at first: of what was taken from since, none is wholly open.
            self._by_amount[account] = sorted(
                (each.open_minor, each.invoice_id) for each in self._of_account.get(account, ())
            )
        pairs = self._by_amount[account]
        within = pairs[bisect_left(pairs, (low, "")) : bisect_right(pairs, (high + 1, ""))]
        return self.items(each for _, each in within if each not in self._touched)

    def credits(self, customer_id: str, currency: str) -> list[CreditNote]:
        """A customer's credit notes of which something is left, by day and id."""
        return [each for each in self._credits.get((customer_id, currency), ()) if each.open_minor > 0]

    def take(self, part: Part) -> None:
        """What the part pays is not open any more, and what it uses of a credit note is used."""
        item = self._items[part.invoice_id]
        taken = part.amount_minor + part.discount_minor
        self._touched.add(item.invoice_id)
        self._items[item.invoice_id] = _reduced(item, taken)
        for key in (
            (item.customer_id, item.currency, False),
            (self.group(item.customer_id), item.currency, True),
        ):
            if key in self._owed:
                self._owed[key] -= taken
        if part.credit_id:
            account = (item.customer_id, item.currency)
            self._credits[account] = [
                CreditNote(each.credit_id, *account, each.open_minor - part.amount_minor, each.day)
                if each.credit_id == part.credit_id
                else each
                for each in self._credits[account]
            ]

    def _known_ids(self, customer_id: str, currency: str, of_group: bool) -> Sequence[str]:
        key = (self.group(customer_id) if of_group else customer_id, currency, of_group)
        if key not in self._ids:
            of_members = (self._known_items((each, currency)) for each in (key[0], *self._members.get(key[0], ())))
            found = merge(*of_members, key=_place) if of_group else self._known_items((customer_id, currency))
            self._ids[key] = [each.invoice_id for each in found]
        return self._ids[key]

    def _known_items(self, account: Account) -> list[Item]:
        return in_order(self._of_account.get(account, ()))


def in_order(items: Iterable[Item]) -> list[Item]:
    """By due day and id."""
    return sorted(items, key=_place)


def _place(item: Item) -> tuple[int, str]:
    return item.due_day, item.invoice_id


def _reduced(item: Item, taken: int) -> Item:
    return Item(
        item.invoice_id, item.customer_id, item.currency, item.open_minor - taken, item.due_day, item.discount_day,
        item.discount_minor,
    )  # fmt: skip
