"""Long work told step by step to whoever watches: the host says how, a task only says what there is to do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

Steps = Callable[[Collection[object], str], Iterator[object]]
"""What there is to do and what it is called → the same, one after the other, while somebody sees how far it is."""

_SHOWN: ContextVar[Steps | None] = ContextVar("_SHOWN", default=None)


@contextmanager
def shown_by(steps: Steps) -> Iterator[None]:
    """While this lasts, ``steps`` shows the progress of ``step_by_step``."""
    before = _SHOWN.set(steps)
    try:
        yield
    finally:
        _SHOWN.reset(before)


def step_by_step(work: Collection[T], label: str) -> Iterator[T]:
    """The pieces of work in order; where nobody watches, just that."""
    steps = _SHOWN.get()
    if steps is None:
        yield from work
    else:
        yield from steps(work, label)  # type: ignore[misc]  # the same pieces, whatever they are
