"""Two balances that should be one, and the rows that a difference may come from (RULES §11)."""

from __future__ import annotations

import narwhals as nw

from functions.frames import Frame, flag, integer, left_join, stack, sum_by, text
from functions.ledger import Ledger

REASONS = ("cut_off", "entered_twice", "amount", "half", "transposed")
"""Why a row is likely, in the order in which one that fits several is told."""

LIKELY = ("table", "reference_id", "customer_id", "currency", "day", "amount_minor", "difference_minor", "reason")

_DIGITS = 15  # of an amount under 2^51


def likely_rows(ledger: Ledger, differences: Frame, *, period_end: int, cut_off_days: int = 5) -> Frame:
    """``LIKELY`` rows: documents and receipts that a difference of their currency may come from, each with one reason.

    ``differences``: currency, difference_minor (of the ledger less the other side), at most one a currency; zero asks for
    nothing. Signs do not matter: the row may be missing on either side. cut_off: its amount is the difference and it is
    dated within ``cut_off_days`` of the period's end. entered_twice: the customer has another row of that kind with the
    same amount, which is the difference. amount, half: its amount is the difference, or half of it (booked on the wrong
    side). transposed: two neighbouring digits the other way round change the amount by the difference. Minor units.
    """
    invoices = ledger.invoices.select(
        "customer_id", "currency", "amount_minor", table=text("invoices"), reference_id=nw.col("invoice_id"),
        day=nw.col("invoice_day"), kind=nw.col("kind"),
    )  # fmt: skip
    receipts = ledger.receipts.select(
        "customer_id", "currency", "amount_minor", table=text("receipts"), reference_id=nw.col("receipt_id"),
        day=nw.col("receipt_day"), kind=nw.col("kind"),
    )  # fmt: skip
    columns = ["table", "reference_id", "customer_id", "currency", "day", "amount_minor", "kind"]
    rows = stack([invoices, receipts], columns).filter(nw.col("day") <= period_end + cut_off_days)
    alike = ["table", "customer_id", "currency", "amount_minor", "kind"]
    counted = sum_by(rows.with_columns(_one=integer(1)), alike, count="_one")
    rows = left_join(rows, counted, alike, {"count": 1})
    rows = rows.join(differences.filter(nw.col("difference_minor") != 0), on="currency", how="inner")
    rows = rows.with_columns(_size=nw.col("amount_minor").abs(), _gap=nw.col("difference_minor").abs())
    rows = rows.with_columns(_swaps=flag(_is_swapped()))
    is_amount = nw.col("_size") == nw.col("_gap")
    is_near = is_amount & (nw.col("day") > period_end - cut_off_days)
    is_past = nw.col("day") <= period_end
    holds = {
        "cut_off": is_near,
        "entered_twice": is_amount & is_past & (nw.col("count") > 1),
        "amount": is_amount & is_past,
        "half": is_past & (nw.col("_size") * 2 == nw.col("_gap")),
        "transposed": is_past & (nw.col("_swaps") == 1),
    }
    reason: nw.Expr = text("")
    for name in reversed(REASONS):
        reason = nw.when(holds[name]).then(text(name)).otherwise(reason)
    return rows.with_columns(reason=reason).filter(nw.col("reason") != "").select(*LIKELY)


def _is_swapped() -> nw.Expr:
    """Two neighbouring digits of ``_size``, swapped, change it by ``_gap``: nine times their difference, at their place."""
    found = nw.col("_gap") < 0
    for place in range(_DIGITS):
        power = 10**place
        low = (nw.col("_size") // power).cast(nw.Int64) % 10
        high = (nw.col("_size") // (power * 10)).cast(nw.Int64) % 10
        found = found | ((high - low).abs() * 9 * power == nw.col("_gap"))
    return found
