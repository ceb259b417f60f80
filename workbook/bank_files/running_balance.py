"""A list of bank lines proved by the balance that stands beside each line: in whichever order a bank lists them.

In the order in which they were booked, each balance is the one before it plus the line's amount. Banks list the oldest or
the newest first, some the days one way and the lines of a day the other: the order that holds is found. Where none holds,
the one with the fewest breaks is taken, and its first break is named. A blank balance says nothing: what follows is
proved by the sum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple


class BookedLine(NamedTuple):
    """``place`` in the list; amount and balance in minor units, the balance None where its cell is blank."""

    place: int
    day: int
    amount: int
    balance: int | None


@dataclass(frozen=True)
class Break:
    """The line whose balance is not the one before it plus the amount (``expected``); ``before``: the place before it."""

    place: int
    expected: int
    found: int
    before: int | None


@dataclass(frozen=True)
class Proof:
    """The lines as they were booked, and the balance before each of them; ``broken`` where they do not follow."""

    lines: tuple[BookedLine, ...]
    before: tuple[int, ...]
    broken: Break | None

    def closing(self, at: int) -> int:
        """The balance after a line, by its place in ``lines``."""
        return self.before[at] + self.lines[at].amount


def prove(lines: Sequence[BookedLine]) -> Proof | None:
    """The proof of the lines of one account in the order of their file. None where no balance is told."""
    if all(line.balance is None for line in lines):
        return None
    orders = [order(lines) for order in _ORDERS]
    # Of two that break equally often, the one in which days go forward.
    return min(map(_proof, orders), key=lambda told: (_breaks(told), _days_backwards(told.lines)))


def _by_day(lines: Sequence[BookedLine]) -> list[BookedLine]:
    return sorted(lines, key=lambda line: line.day)


def _days_turned(lines: Sequence[BookedLine]) -> list[BookedLine]:
    """The days as they are listed, the lines of each the other way round."""
    return [line for _, of_day in groupby(lines, key=lambda line: line.day) for line in reversed(list(of_day))]


_ORDERS: tuple[Callable[[Sequence[BookedLine]], list[BookedLine]], ...] = (
    list,
    lambda lines: list(reversed(lines)),
    _by_day,
    lambda lines: _by_day(list(reversed(lines))),
    _days_turned,
    lambda lines: list(reversed(_days_turned(lines))),
)


def _proof(lines: Sequence[BookedLine]) -> Proof:
    first = next(at for at, line in enumerate(lines) if line.balance is not None)
    told = lines[first].balance
    assert told is not None
    running = told - sum(line.amount for line in lines[: first + 1])
    before: list[int] = []
    broken: Break | None = None
    for at, line in enumerate(lines):
        before.append(running)
        running += line.amount
        if line.balance is not None and line.balance != running:
            broken = broken or Break(line.place, running, line.balance, lines[at - 1].place if at else None)
            running = line.balance
    return Proof(tuple(lines), tuple(before), broken)


def _breaks(proof: Proof) -> int:
    return sum(
        line.balance is not None and line.balance != before + line.amount
        for line, before in zip(proof.lines, proof.before, strict=True)
    )


def _days_backwards(lines: Sequence[BookedLine]) -> int:
    return sum(later.day < earlier.day for earlier, later in pairwise(lines))
