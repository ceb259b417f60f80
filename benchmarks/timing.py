"""Two ways of doing a thing, timed in turn, so that a slow minute of the machine is in both."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Compared:
    """Median seconds of each, and the median of the ratios of neighbouring runs."""

    base: float
    ours: float
    ratio: float

    def __str__(self) -> str:
        return f"{self.ours:.2f} s against {self.base:.2f} s: ratio {self.ratio:.2f}"


def compared(base: Callable[[], object], ours: Callable[[], object], *, runs: int) -> Compared:
    """Each is run once unmeasured, then in turn. What a run returns is dropped before the next one begins."""
    base()
    ours()
    pairs = [(_seconds(base), _seconds(ours)) for _ in range(runs)]
    return Compared(
        base=statistics.median(pair[0] for pair in pairs),
        ours=statistics.median(pair[1] for pair in pairs),
        ratio=statistics.median(pair[1] / pair[0] for pair in pairs),
    )


def _seconds(run: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    result = run()
    seconds = time.perf_counter() - start
    del result
    return seconds
