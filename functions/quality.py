"""Documents that are probably wrong though every rule can use them: repeated, missing, out of order, out of the ordinary.

Each function returns the doubtful rows by their ``row``, and changes no figure. Frames are those of ``functions.ledger``.
"""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from functions.exchange import rates_at, with_base
from functions.frames import (
    NO_DAY,
    Frame,
    has_day,
    integer,
    largest,
    left_join,
    parameter,
    sum_by,
    text,
)
from functions.money import exponents

FEWEST_TO_BE_ROUND = 20
"""A customer with fewer documents in a currency has no habit that one of them could break."""

_ROUND_SHARE = 20  # of so many documents one may be round
_TIMES_THE_MEAN = 2
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday
_SATURDAY = 5


def repeated_documents(invoices: Frame, *, as_of: int) -> Frame:
    """Documents that have customer, kind, currency, amount and date in common with another.

    Columns: row, invoice_id, customer_id, kind, currency, amount_minor, invoice_day.
    """
    keys = ["customer_id", "kind", "currency", "amount_minor", "invoice_day"]
    known = invoices.filter(nw.col("invoice_day") <= as_of).select("row", "invoice_id", *keys)
    known = known.with_columns(kind=nw.when(nw.col("kind") == "").then(text("invoice")).otherwise(nw.col("kind")))
    copies = sum_by(known.with_columns(_one=integer(1)), keys, _copies="_one").filter(nw.col("_copies") > 1)
    return known.join(copies, on=keys, how="inner").drop("_copies")


def number_gaps(numbers: Frame) -> Frame:
    """The gaps in series of numbers: one row a gap, with ``series``, ``row``, ``before`` and ``number``, its two ends.

    ``numbers``: series, number (int64, 0 to 10^9), row, is_issued: whether the number belongs to a document as of the day;
    others (of later documents, of rows that are left out) only fill gaps. ``row`` is that of the number after the gap.

    A step over more numbers than the series has begins another block, and is no gap; a series that lacks more numbers
    than it has was not numbered one by one, and has none.
    """
    once = numbers.group_by("series", "number").agg(row=nw.col("row").min())
    issued = numbers.filter(nw.col("is_issued")).group_by("series").agg(_last=nw.col("number").max())
    once = once.join(issued, on="series", how="inner").filter(nw.col("number") <= nw.col("_last"))
    once = once.with_columns(_before=nw.col("number").shift(1).over("series", order_by="number"))
    once = once.with_columns(before=nw.col("_before").fill_null(-1).cast(nw.Int64), _one=integer(1))
    counts = sum_by(once, ["series"], _count="_one")
    steps = once.filter(nw.col("before") >= 0).join(counts, on="series", how="inner")
    steps = steps.with_columns(_missing=nw.col("number") - nw.col("before") - 1)
    gaps = steps.filter(nw.col("_missing") > 0, nw.col("_missing") <= nw.col("_count"))
    lacking = sum_by(gaps, ["series"], _lacking="_missing")
    gaps = gaps.join(lacking, on="series", how="inner").filter(nw.col("_lacking") <= nw.col("_count"))
    return gaps.select("series", "row", "before", "number")


def due_before_invoice(invoices: Frame, *, as_of: int) -> Frame:
    """Documents whose typed due date lies before their own date. Column: row."""
    known = invoices.filter(nw.col("invoice_day") <= as_of)
    return known.filter(has_day("due_day"), nw.col("due_day") < nw.col("invoice_day")).select("row")


def receipts_before_invoices(allocations: Frame, receipts: Frame, invoices: Frame, *, as_of: int) -> Frame:
    """Allocations of a receipt to an invoice that is dated after it, deposits (``is_held``) aside.

    Columns: row, invoice_id.
    """
    paid = receipts.filter(~nw.col("is_held"), (nw.col("kind") == "") | (nw.col("kind") == "receipt"))
    asked = allocations.filter(nw.col("allocated_day") <= as_of).select("row", "receipt_id", "invoice_id")
    asked = asked.join(paid.select("receipt_id", "receipt_day"), on="receipt_id", how="inner")
    dated = invoices.filter(nw.col("invoice_day") <= as_of).select("invoice_id", "invoice_day")
    asked = asked.join(dated, on="invoice_id", how="inner")
    return asked.filter(nw.col("receipt_day") < nw.col("invoice_day")).select("row", "invoice_id")


def on_days_off(
    documents: Frame,
    exchange_rates: Frame,
    *,
    holidays: Mapping[int, bool],
    above_minor: int,
    base_currency: str,
    as_of: int,
) -> Frame:
    """Documents dated or entered on a Saturday, a Sunday or a holiday that is not worked, of more than ``above_minor``.

    ``documents``: row, currency, amount_minor, day, entered_day; the amount counts without its sign, in base minor units at
    the latest rate. ``holidays``: day → whether it is worked after all. Columns: row, is_by_date (else by the day of entry).
    """
    known = documents.filter(nw.col("day") <= as_of)
    rates = rates_at(exchange_rates, base_currency=base_currency, as_of=as_of)
    known = with_base(known.with_columns(_size=nw.col("amount_minor").abs()), rates, of="_size", name="_base")
    known = known.filter(nw.col("_base") > above_minor)
    known = _with_day_off(_with_day_off(known, "day", "is_by_date", holidays), "entered_day", "_is_by_entry", holidays)
    return known.filter(nw.col("is_by_date") | nw.col("_is_by_entry")).select("row", "is_by_date")


def _with_day_off(frame: Frame, day: str, name: str, holidays: Mapping[int, bool]) -> Frame:
    """A column that is true where the day is one off; a blank day is none."""
    columns = {day: list(holidays), "_worked": [int(is_worked) for is_worked in holidays.values()]}
    frame = left_join(frame, parameter(frame, columns, dict.fromkeys(columns, nw.Int64)), day, {"_worked": -1})
    # Days of a ledger are after 1970, so that the remainder is the same on every engine; a blank is put aside first.
    weekday = (largest(day, integer(0)) + _EPOCH_WEEKDAY) % 7
    is_off = (nw.col("_worked") == 0) | ((nw.col("_worked") == -1) & (weekday >= _SATURDAY))
    return frame.with_columns((is_off & (nw.col(day) != NO_DAY)).alias(name)).drop("_worked")


def round_amounts(invoices: Frame, *, as_of: int) -> Frame:
    """Large round amounts of customers whose amounts are hardly ever round. Column: row.

    Round is a whole number of thousands (without decimals: of hundred thousands). Hardly ever: one document in twenty
    at most, of twenty and more of the customer in that currency, credit notes aside. Large: at least twice the mean of the
    others.
    """
    known = invoices.filter(nw.col("invoice_day") <= as_of, nw.col("amount_minor") > 0, nw.col("kind") != "credit_note")
    units = {code: max(10 ** (exponent + 3), 10**5) for code, exponent in exponents().items()}
    columns = {"currency": list(units), "_unit": list(units.values())}
    known = known.join(parameter(known, columns, {"currency": nw.String, "_unit": nw.Int64}), on="currency", how="inner")
    is_round = nw.when(nw.col("amount_minor") % nw.col("_unit") == 0).then(integer(1)).otherwise(integer(0))
    known = known.with_columns(_round=is_round, _one=integer(1))
    keys = ["customer_id", "currency"]
    habits = sum_by(known, keys, _count="_one", _rounds="_round", _total="amount_minor")
    habits = habits.filter(
        nw.col("_count") >= FEWEST_TO_BE_ROUND, nw.col("_rounds") * _ROUND_SHARE <= nw.col("_count"), nw.col("_rounds") > 0
    )
    known = known.filter(nw.col("_round") == 1).join(habits, on=keys, how="inner")
    others = (nw.col("_total") - nw.col("amount_minor")) // (nw.col("_count") - 1)
    known = known.with_columns(_mean=others.cast(nw.Int64))
    return known.filter(nw.col("amount_minor") >= nw.col("_mean") * _TIMES_THE_MEAN).select("row")
