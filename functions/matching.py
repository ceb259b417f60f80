"""Bank lines and the receipts that were recorded of them already, so that no line is posted twice."""

from __future__ import annotations

import narwhals as nw

from functions.frames import Frame, integer, materialise, stack, text

NEAR_DAYS = 5
"""A receipt was typed so many days before or after the bank booked it, at most, to be found by its amount alone."""

_PAIR = ("line_id", "receipt_id", "match_reason")


def recorded_lines(lines: Frame, receipts: Frame) -> Frame:
    """line_id, receipt_id, match_reason: which receipts a bank line is, found in three ways, the surest first.

    ``recorded_line``: the receipts name the line, as many as there are. ``recorded_reference``: reference, currency and
    amount are the same. ``recorded_amount``: currency and amount are, the days are near, and no other line or receipt fits.
    A line or a receipt that was found in one way takes no part in the next. Amounts have signs: what went out is negative.

    ``lines``: line_id, currency, booked_day, amount_minor, reference. ``receipts``: receipt_id, currency, receipt_day,
    amount_minor, bank_line_id, bank_reference.
    """
    linked = receipts.filter(nw.col("bank_line_id") != text("")).with_columns(line_id=nw.col("bank_line_id"))
    by_line = _pairs(linked.join(lines.select("line_id"), on="line_id", how="inner"), "recorded_line")
    lines = materialise(lines.join(by_line.select("line_id").unique(), on="line_id", how="anti"))
    receipts = materialise(receipts.filter(nw.col("bank_line_id") == text("")))

    with_reference = lines.filter(nw.col("reference") != text(""))
    referring = receipts.with_columns(reference=nw.col("bank_reference"))
    keys = ["reference", "currency", "amount_minor"]
    by_reference = _pairs(
        _in_turn(with_reference, keys, "line_id").join(
            _in_turn(referring, keys, "receipt_id"), on=[*keys, "_turn"], how="inner"
        ),
        "recorded_reference",
    )
    by_reference = materialise(by_reference)
    lines = lines.join(by_reference.select("line_id"), on="line_id", how="anti")
    receipts = receipts.join(by_reference.select("receipt_id"), on="receipt_id", how="anti")

    near = lines.join(receipts, on=["currency", "amount_minor"], how="inner")
    apart = nw.col("booked_day") - nw.col("receipt_day")
    near = near.filter(apart <= NEAR_DAYS, apart >= -NEAR_DAYS).with_columns(_one=integer(1))
    near = near.with_columns(
        _of_line=nw.col("_one").sum().over("line_id"), _of_receipt=nw.col("_one").sum().over("receipt_id")
    )
    by_amount = _pairs(near.filter(nw.col("_of_line") == 1, nw.col("_of_receipt") == 1), "recorded_amount")
    return stack([by_line, by_reference, by_amount], _PAIR)


def _pairs(frame: Frame, reason: str) -> Frame:
    return frame.with_columns(match_reason=text(reason)).select(*_PAIR)


def _in_turn(frame: Frame, keys: list[str], order: str) -> Frame:
    """A column ``_turn``, 1, 2, 3 … within each key: two lines that are alike are two receipts that are alike."""
    counted = nw.col("_one").cum_sum().over(*keys, order_by=order)
    return frame.with_columns(_one=integer(1)).with_columns(_turn=counted.cast(nw.Int64)).drop("_one")
