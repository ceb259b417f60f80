"""Payment terms: from a document's baseline day to the parts it is due in (RULES §4)."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

import narwhals as nw

from functions.dates import date_of, day_frame, day_of, month_frame, rolling_frame
from functions.frames import (
    NO_DAY,
    Frame,
    flag,
    integer,
    left_join,
    parameter,
    smallest,
    times_ratio,
)
from functions.ledger import PaymentTerms, Policy
from functions.working_days import Holidays, rolled

WHOLE_PPM = 1_000_000
"""A share of one, in millionths."""

_PPM_POWER = 6


class BadInstalments(ValueError):
    """Instalments that do not sum to the whole, or are not of the form percent@days."""

    def __init__(self, text: str) -> None:
        super().__init__(f"instalments {text!r}: write percent@days parts that sum to 100, as in 30@30;50@60;20@90")


def parse_instalments(text: str) -> tuple[tuple[int, int], ...]:
    """``"30@30;50@60;20@90"`` → ((300000, 30), (500000, 60), (200000, 90)); blank → (). Raises BadInstalments."""
    if not text.strip():
        return ()
    parts = []
    for part in text.split(";"):
        percent, _, days = part.partition("@")
        try:
            parts.append((_percent_ppm(percent.strip()), int(days)))
        except ValueError:
            raise BadInstalments(text) from None
    if sum(ppm for ppm, _ in parts) != WHOLE_PPM or any(ppm <= 0 for ppm, _ in parts):
        raise BadInstalments(text)
    return tuple(parts)


def _percent_ppm(text: str) -> int:
    whole, _, decimals = text.partition(".")
    if len(decimals) > 4 or not (whole + decimals).isdecimal():
        raise ValueError(text)
    return int(whole + decimals.ljust(4, "0"))


def known_terms(like: Frame, terms: Sequence[PaymentTerms]) -> Frame:
    """payment_terms, is_known: one row a known id."""
    ids = [each.terms_id for each in terms]
    return parameter(
        like, {"payment_terms": ids, "is_known": [True] * len(ids)}, {"payment_terms": nw.String, "is_known": nw.Boolean}
    )


def split_by_terms(documents: Frame, policy: Policy) -> Frame:
    """The parts that documents without a typed due date fall due in, by their terms.

    ``documents``: invoice_id, payment_terms (known ids), baseline_day, amount_minor. Result: one row a part, with all the
    columns of the document and part (from 1), parts (how many), before_minor (the sum of the parts before it),
    part_minor, contractual_due_day and due_day, the latter moved off non-working days as the policy says.
    """
    parts = documents.join(_term_parts(documents, policy.payment_terms), on="payment_terms", how="inner")
    parts = _with_shares(parts, policy.payment_terms)
    parts = _with_due_day(parts, policy.payment_terms)
    if policy.day_rolling == "none":
        parts = parts.with_columns(due_day=nw.col("contractual_due_day"))
    else:
        rolling = rolling_frame(documents, rolling=policy.day_rolling, holidays=policy.holidays)
        moved = rolling.select(nw.col("day").alias("contractual_due_day"), nw.col("rolled_day").alias("due_day"))
        parts = left_join(parts.drop("due_day"), moved, "contractual_due_day", {"due_day": NO_DAY})
    return parts.drop(*_TERM_COLUMNS)


def due_days_of(
    baseline_day: int, terms: PaymentTerms, *, rolling: str = "none", holidays: Holidays = ()
) -> tuple[int, ...]:
    """The due day of each part of a document that starts on ``baseline_day``, as ``split_by_terms``; mostly one.

    Raises UnknownRolling; ValueError or OverflowError for days outside years 1 to 9999.
    """
    instalments = terms.instalments or ((WHOLE_PPM, terms.days),)
    return tuple(rolled(_due_day(baseline_day, terms, days), rolling, holidays) for _, days in instalments)


def _due_day(baseline_day: int, terms: PaymentTerms, days: int) -> int:
    reached = date_of(baseline_day)
    reached = _in_month(reached.year * 12 + reached.month - 1 + terms.months, reached.day)
    if terms.basis == "end_of_month":
        reached = _in_month(reached.year * 12 + reached.month - 1, 31)
    reached += dt.timedelta(days=days)
    if terms.day_of_month:
        month = reached.year * 12 + reached.month - 1
        wanted = _in_month(month, terms.day_of_month)
        reached = wanted if wanted >= reached else _in_month(month + 1, terms.day_of_month)
    return day_of(reached)


def _in_month(month: int, day: int) -> dt.date:
    """That day of the month (year × 12 + month − 1), or the month's last."""
    year, number = divmod(month, 12)
    return dt.date(year, number + 1, min(day, calendar.monthrange(year, number + 1)[1]))


_TERM_COLUMNS = ("term_days", "term_months", "term_day_of_month", "term_is_eom", "share_from_ppm", "share_to_ppm")


def _term_parts(like: Frame, terms: Sequence[PaymentTerms]) -> Frame:
    columns: dict[str, list[int | str]] = {name: [] for name in ("payment_terms", "part", "parts", *_TERM_COLUMNS)}
    for each in terms:
        share = 0
        instalments = each.instalments or ((WHOLE_PPM, each.days),)
        for number, (ppm, days) in enumerate(instalments, 1):
            row: tuple[str | int, ...] = (
                each.terms_id, number, len(instalments), days, each.months, each.day_of_month,
                int(each.basis == "end_of_month"), share, share + ppm,
            )  # fmt: skip
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
            share += ppm
    return parameter(like, columns, {name: nw.String if name == "payment_terms" else nw.Int64 for name in columns})


def _with_shares(parts: Frame, terms: Sequence[PaymentTerms]) -> Frame:
    """Each part is the rounded running share less the one before: the total is conserved (RULES §2)."""
    if not any(each.instalments for each in terms):
        return parts.with_columns(before_minor=integer(0), part_minor=nw.col("amount_minor"))
    parts = parts.with_columns(_power=integer(_PPM_POWER))
    parts = times_ratio(parts, "before_minor", of="amount_minor", digits="share_from_ppm", power="_power")
    parts = times_ratio(parts, "_after", of="amount_minor", digits="share_to_ppm", power="_power")
    return parts.with_columns(part_minor=nw.col("_after") - nw.col("before_minor")).drop("_after", "_power")


def _with_due_day(parts: Frame, terms: Sequence[PaymentTerms]) -> Frame:
    """Months first, then the end of the month, then days, then the day of the month."""
    reached: nw.Expr = nw.col("baseline_day")
    if any(each.months or each.basis == "end_of_month" for each in terms):
        parts = _with_month(parts, of="baseline_day")
        parts = _with_month_ends(parts.with_columns(month=nw.col("month") + nw.col("term_months")))
        same_day = smallest(nw.col("month_first_day") + nw.col("day_of_month") - 1, nw.col("month_last_day"))
        reached = nw.when(nw.col("term_is_eom") == 1).then(nw.col("month_last_day")).otherwise(same_day)
    parts = parts.with_columns(contractual_due_day=(reached + nw.col("term_days")).cast(nw.Int64))
    parts = parts.drop(*_MONTH_COLUMNS, strict=False)
    if any(each.day_of_month for each in terms):
        parts = _on_day_of_month(parts)
    return parts


_MONTH_COLUMNS = ("month", "day_of_month", "month_first_day", "month_last_day")


def _on_day_of_month(parts: Frame) -> Frame:
    """The first such day on or after the day reached, clipped to its month's end."""
    parts = _with_month_ends(_with_month(parts, of="contractual_due_day"))
    wanted = smallest(nw.col("month_first_day") + nw.col("term_day_of_month") - 1, nw.col("month_last_day"))
    parts = parts.with_columns(month=nw.col("month") + flag(wanted < nw.col("contractual_due_day")))
    parts = _with_month_ends(parts.drop("month_first_day", "month_last_day"))
    wanted = smallest(nw.col("month_first_day") + nw.col("term_day_of_month") - 1, nw.col("month_last_day"))
    moved = nw.when(nw.col("term_day_of_month") > 0).then(wanted).otherwise(nw.col("contractual_due_day"))
    return parts.with_columns(contractual_due_day=moved.cast(nw.Int64)).drop(*_MONTH_COLUMNS)


def _with_month(parts: Frame, of: str) -> Frame:
    days = day_frame(parts).select(nw.col("day").alias(of), "month", "day_of_month")
    return left_join(parts, days, of, {"month": NO_DAY, "day_of_month": 1})


def _with_month_ends(parts: Frame) -> Frame:
    return left_join(parts, month_frame(parts), "month", {"month_first_day": NO_DAY, "month_last_day": NO_DAY})
