"""Chances for the generated ledgers: few amounts and few days, so that they meet."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from functions.frames import NO_DAY

_OFFSETS = (0, -1, 1, -2, -7, -14, -15, -30, -31, -60, -61, -90)
_AMOUNTS = (100_00, 50_00, 30_00, 60_00, 300_00, 1, 2, 3, 99, 0)

T = TypeVar("T")


class Dice:
    """Chances, days around one day, and amounts that repeat."""

    def __init__(self, random: Random, as_of: int) -> None:
        self._random = random
        self.as_of = as_of

    def chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent

    def pick(self, values: Sequence[T]) -> T:
        return self._random.choice(values)

    def number(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def some(self, values: Sequence[T], low: int, high: int) -> list[T]:
        return self._random.sample(values, self.number(low, high))

    def day(self) -> int:
        return self.as_of + (self.pick(_OFFSETS) if self.chance(50) else self.number(-120, 10))

    def day_or_blank(self, percent: int) -> int:
        return self.day() if self.chance(percent) else NO_DAY

    def amount(self) -> int:
        return self.pick(_AMOUNTS) if self.chance(60) else self.number(1, 300_00)

    def amount_near(self, usual: int) -> int:
        """The whole of it, a part, one too many, or something else."""
        return self.pick([usual, usual, usual // 2, usual // 3, usual + 1]) if self.chance(85) else self.amount()
