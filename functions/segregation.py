"""Who gives money away: credit notes, refunds, write-offs and plans that nobody but their author agreed to."""

from __future__ import annotations

import narwhals as nw

from functions.exchange import with_base
from functions.findings import FINDING
from functions.frames import NO_MINOR, Frame, has_minor, integer, materialise, stack, sum_by, text

GIVEN = {
    **dict.fromkeys(("table", "key", "group_id", "currency", "entered_by", "approved_by"), nw.String),
    **dict.fromkeys(("row", "amount_minor"), nw.Int64),
}
"""The columns of what is judged. Rows of one ``group_id`` are one decision, such as the parts of a plan; names are compared
as they stand, so that the caller has them in one spelling; amounts are positive."""

_UNKNOWN_MINOR = 2**50
"""What an amount without a rate counts as: nobody can say that it is below a limit."""


def segregation_findings(given: Frame, rates: Frame, *, approval_above_minor: int) -> Frame:
    """Findings: ``self_approved``, approved by whoever entered it; ``unapproved_over``, approved by nobody although it comes
    to more than ``approval_above_minor`` in base currency (NO_MINOR: no such limit). One a decision, at its first row.

    ``rates`` are those of ``exchange.rates_at``. A row that does not say who entered it is not judged as self-approved.
    """
    given = materialise(with_base(given, rates, of="amount_minor", name="base_minor"))
    known = nw.when(has_minor("base_minor")).then(nw.col("base_minor")).otherwise(integer(_UNKNOWN_MINOR))
    totals = sum_by(given.with_columns(base_minor=known), ["table", "group_id"], total_minor="base_minor")
    is_self = (nw.col("entered_by") != "") & (nw.col("entered_by") == nw.col("approved_by"))
    found = [_first(given.filter(is_self), "self_approved")]
    if approval_above_minor != NO_MINOR:
        over = totals.filter(nw.col("total_minor") > approval_above_minor).select("table", "group_id")
        unapproved = given.filter(nw.col("approved_by") == "").join(over, on=["table", "group_id"], how="inner")
        found.append(_first(unapproved, "unapproved_over"))
    return stack(found, FINDING)


def _first(rows: Frame, code: str) -> Frame:
    """Of each decision, the row that stands first: only where it is told depends on that."""
    first = rows.group_by("table", "group_id").agg(nw.col("row").min())
    rows = rows.join(first, on=["table", "group_id", "row"], how="inner")
    return rows.select("table", "row", "key", field=text("approved_by"), code=text(code))
