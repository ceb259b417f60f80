"""Which of some amounts sum to another: a bounded search, the same answer each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

MOST_AMOUNTS = 20
MOST_PAIRED = 500
MOST_STEPS = 3_000


@dataclass(frozen=True)
class Subsets:
    """Places of the amounts, in order, of up to ``most`` answers. ``is_complete``: there are no others to be found."""

    found: tuple[tuple[int, ...], ...]
    is_complete: bool

    @property
    def is_unique(self) -> bool:
        """Exactly one answer, and everything was looked at."""
        return self.is_complete and len(self.found) == 1


def subsets_with_sum(amounts: Sequence[int], target: int, *, fewest: int = 2, most: int = 3) -> Subsets:
    """Subsets of positive ``amounts`` of at least ``fewest`` that sum to ``target``; the earlier amounts are tried first.

    Of more than MOST_AMOUNTS only the first are looked at, and no more than MOST_STEPS steps are taken: then the answer is
    not complete. What was found is right all the same. Where nothing was found so, two of the first MOST_PAIRED are tried.
    """
    within = amounts[:MOST_AMOUNTS]
    rest = [0] * (len(within) + 1)
    for at in range(len(within) - 1, -1, -1):
        rest[at] = rest[at + 1] + within[at]
    found: list[tuple[int, ...]] = []
    steps = 0
    stack: list[tuple[int, int, tuple[int, ...]]] = [(0, target, ())]
    while stack and steps < MOST_STEPS and len(found) < most:
        steps += 1
        at, missing, taken = stack.pop()
        if missing == 0:
            if len(taken) >= fewest:
                found.append(taken)
            continue
        if at == len(within) or missing > rest[at]:
            continue
        stack.append((at + 1, missing, taken))
        if within[at] <= missing:
            stack.append((at + 1, missing - within[at], (*taken, at)))
    if not found and fewest <= 2 and len(amounts) > MOST_AMOUNTS:
        return Subsets(tuple(islice(_pairs_with_sum(amounts[:MOST_PAIRED], target), most)), is_complete=False)
    return Subsets(tuple(found), is_complete=not stack and len(amounts) <= MOST_AMOUNTS)


def _pairs_with_sum(amounts: Sequence[int], target: int) -> Iterator[tuple[int, int]]:
    """Places of two that sum to it, by the later place, then by the earlier."""
    places_of: dict[int, list[int]] = defaultdict(list)
    for at, amount in enumerate(amounts):
        yield from ((before, at) for before in places_of.get(target - amount, ()))
        places_of[amount].append(at)
