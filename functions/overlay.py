"""Two sequences of lengths laid along one line: which stretch of one meets which stretch of the other.

Paying the oldest item first, filling instalments and reversing write-offs are all this: amounts on both sides, in an
order, and the pairs they make. Only the ends of the stretches are sorted, so that no join explodes: a customer with 20,000
items and 10,000 receipts costs 30,000 rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from functions.frames import Frame, integer, numbered, running_total, stack


def overlay(
    left: Frame,
    right: Frame,
    *,
    within: Sequence[str],
    left_order: Sequence[str],
    right_order: Sequence[str],
    left_keep: Sequence[str],
    right_keep: Sequence[str],
) -> Frame:
    """One row for each pair of stretches that overlap, with ``minor``, the length of the overlap (always positive).

    Both frames have ``length_minor`` (≥ 0); ``within`` names the line that rows lie on, and the orders are unique on it.
    The result has ``within``, ``minor`` and the columns to keep of each side, which must not share names. What reaches
    beyond the other side's end pairs with nothing and is absent.
    """
    left = _placed(left, "left_place", within, left_order)
    right = _placed(right, "right_place", within, right_order)
    ends = stack([_ends(left, "left_place", is_left=1), _ends(right, "right_place", is_left=0)], [*within, *_END])
    # Lines lie one behind the other from here on, so that one sort serves every count.
    ends = numbered(ends, "_end", order=[*within, "end_minor", "tie"])
    before = nw.col("end_minor").shift(1).over(*within, order_by="_end")
    ends = ends.with_columns(left_passed=nw.col("is_left").cum_sum().over(order_by="_end"), begin_minor=before.fill_null(0))
    # The stretch up to an end belongs to the first row of each side that has not ended before it. Of equal ends the first
    # one closes the stretch, and the others have no length.
    left_passed = (nw.col("left_passed") - nw.col("is_left")).cast(nw.Int64)
    pairs = ends.select(
        *within,
        minor=(nw.col("end_minor") - nw.col("begin_minor")).cast(nw.Int64),
        left_place=left_passed + 1,
        right_place=nw.col("_end") - left_passed,
    ).filter(nw.col("minor") > 0)
    # A place on another line is no pair: this line has no more of that side.
    pairs = pairs.join(left.select(*within, "left_place", *left_keep), on=[*within, "left_place"], how="inner")
    pairs = pairs.join(right.select(*within, "right_place", *right_keep), on=[*within, "right_place"], how="inner")
    return pairs.drop("left_place", "right_place")


_END = ("end_minor", "is_left", "tie")


def _placed(frame: Frame, place: str, within: Sequence[str], order: Sequence[str]) -> Frame:
    """The rows with their place among all, line by line, and the end of their stretch on their own line."""
    placed = numbered(frame, place, order=[*within, *order])
    # By its place from here on: one integer sorts faster than the order's own columns.
    return running_total(placed, "end_minor", of="length_minor", within=within, order=[place])


def _ends(placed: Frame, place: str, *, is_left: int) -> Frame:
    # Which of equal ends comes first does not matter, as long as it is settled.
    return placed.with_columns(is_left=integer(is_left), tie=nw.col(place) * 2 + is_left)
