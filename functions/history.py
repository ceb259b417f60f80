"""Customers as they were: changes made after a day are undone (RULES §1)."""

from __future__ import annotations

import narwhals as nw

from functions.frames import Frame

_OF_ATTRIBUTE = ["customer_id", "field"]


def restore_as_of(history: Frame, *, as_of: int) -> Frame:
    """What was changed since, as it was at the end of the day: one row a changed attribute (customer_id, field, value).

    A value as of D is the old value of the earliest change after D; what has no row here was not changed since, so it
    stands as it is today. ``history`` are the rows of CustomerHistory: customer_id, changed_day, field, old_value (a text,
    as it stood in the cell). Of several changes on that earliest day nobody can say which came first, and the place of a
    row must not decide: the smallest old value in the order of its characters is taken.
    """
    later = history.filter(nw.col("changed_day") > as_of).select(*_OF_ATTRIBUTE, "changed_day", "old_value")
    earliest = later.group_by(*_OF_ATTRIBUTE).agg(nw.col("changed_day").min())
    undone = later.join(earliest, on=[*_OF_ATTRIBUTE, "changed_day"], how="inner")
    return undone.group_by(*_OF_ATTRIBUTE).agg(value=nw.col("old_value").min())
