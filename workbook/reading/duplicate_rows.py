"""Rows of one key: identical ones count once, those that differ are all left out (RULES §12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Duplicates:
    """Row offsets, ascending. ``repeated``: equal to an earlier row of the same key; ``differing``: not."""

    repeated: list[int] = field(default_factory=list)
    differing: list[int] = field(default_factory=list)


def find_duplicates(
    keys: Sequence[Hashable], has_key: Callable[[int], bool], is_unreadable: Container[int], row: Callable[[int], Hashable]
) -> Duplicates:
    """The duplicates among rows with these keys.

    ``has_key``: whether the row at an offset has a key at all. A row with an unreadable cell equals no other: nobody knows
    what it was meant to say. ``row`` gives the whole row, to be compared.
    """
    if len(set(keys)) == len(keys):
        return Duplicates()
    offsets_of: defaultdict[Hashable, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        offsets_of[key].append(at)
    found = Duplicates()
    for offsets in offsets_of.values():
        of_key = [at for at in offsets if has_key(at)] if len(offsets) > 1 else []
        if len(of_key) < 2:
            continue
        if any(at in is_unreadable for at in of_key) or len({row(at) for at in of_key}) > 1:
            found.differing.extend(of_key)
        else:
            found.repeated.extend(of_key[1:])
    return Duplicates(sorted(found.repeated), sorted(found.differing))
