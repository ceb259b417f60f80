"""Two sequences of lengths laid along one line: which stretch of one meets which stretch of the other.

Paying the oldest item first, filling instalments and reversing write-offs are all this: amounts on both sides, in an
order, and the pairs they make. Only the ends of the stretches are sorted, so that no join explodes: a customer with 20,000
items and 10,000 receipts costs 30,000 rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from functions.frames import Frame, integer, running_total, stack, sum_by


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
    one, none = integer(1), integer(0)
    ends = stack(
        [
            left.select(*within, "end_minor", left_ends=one, right_ends=none),
            right.select(*within, "end_minor", left_ends=none, right_ends=one),
        ],
        [*within, "end_minor", "left_ends", "right_ends"],
    )
    ends = sum_by(ends, [*within, "end_minor"], left_ends="left_ends", right_ends="right_ends")
    order = ["end_minor"]
    ends = running_total(ends, "left_passed", of="left_ends", within=within, order=order)
    ends = running_total(ends, "right_passed", of="right_ends", within=within, order=order)
    ends = ends.with_columns(begin_minor=nw.col("end_minor").shift(1).over(*within, order_by=order))
    # The stretch up to an end belongs to the first row of each side that has not ended before it.
    pairs = ends.select(
        *within,
        minor=(nw.col("end_minor") - nw.col("begin_minor").fill_null(0)).cast(nw.Int64),
        left_place=(nw.col("left_passed") - nw.col("left_ends") + 1).cast(nw.Int64),
        right_place=(nw.col("right_passed") - nw.col("right_ends") + 1).cast(nw.Int64),
    ).filter(nw.col("minor") > 0)
    pairs = pairs.join(left.select(*within, "left_place", *left_keep), on=[*within, "left_place"], how="inner")
    pairs = pairs.join(right.select(*within, "right_place", *right_keep), on=[*within, "right_place"], how="inner")
    return pairs.drop("left_place", "right_place")


def _placed(frame: Frame, place: str, within: Sequence[str], order: Sequence[str]) -> Frame:
    placed = running_total(frame.with_columns(_one=integer(1)), place, of="_one", within=within, order=order)
    # By its place from here on: one integer sorts faster than the order's own columns.
    return running_total(placed, "end_minor", of="length_minor", within=within, order=[place])
