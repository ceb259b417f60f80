"""Until when a debt can be claimed in court: so many years from the due day, begun anew by what the law takes for it."""

from __future__ import annotations

import narwhals as nw

from functions.dates import day_frame, month_frame
from functions.findings import findings, first_fault
from functions.frames import NO_DAY, Frame, has_day, integer, largest, left_join, materialise, smallest, stack, text
from functions.ledger import Ledger, Policy, Position
from functions.promises import PAID_STEPS, PROMISE_OUTCOMES

_RESTART = ("item_id", "restart_day")


def limitation_days(ledger: Ledger, position: Position, *, policy: Policy) -> Frame:
    """item_id, limitation_day: the last day of ``limitation_years`` of each open item (NO_DAY: without limit, as 0 years).

    They run from the due day, or from the latest by D of what a setting says begins them anew: a reminder sent, a payment on
    the item, a promise that covers it. The day is the same of the month, years later, clipped to the month's end.
    """
    items = materialise(position.items.filter(nw.col("open_minor") > 0).select(*_ITEM))
    if policy.limitation_years == 0:
        return items.select("item_id", limitation_day=integer(NO_DAY))
    restarts = stack(_restarts(items, ledger, position, policy), _RESTART)
    last = restarts.group_by("item_id").agg(restart_day=nw.col("restart_day").max())
    begun = materialise(left_join(items, last, "item_id", {"restart_day": NO_DAY}))
    begun = begun.select("item_id", day=largest("due_day", "restart_day"))
    begun = left_join(begun, day_frame(begun), "day", {"month": -1, "day_of_month": 0})
    begun = begun.with_columns(month=nw.col("month") + 12 * policy.limitation_years)
    begun = left_join(begun, month_frame(begun), "month", {"month_first_day": NO_DAY, "month_last_day": NO_DAY})
    day = smallest(nw.col("month_first_day") + nw.col("day_of_month") - 1, "month_last_day")
    known = nw.when(has_day("month_last_day")).then(day).otherwise(integer(NO_DAY))
    return materialise(begun.select("item_id", limitation_day=known))


def limitation_issues(position: Position, limits: Frame, *, policy: Policy) -> Frame:
    """Findings on the invoice, by its first limit: ``limitation_passed``, or ``limitation_near`` where it is no more than
    ``limitation_warning_days`` ahead.
    """
    left = nw.col("limitation_day") - position.as_of
    items = position.items.join(limits, on="item_id", how="inner").filter(has_day("limitation_day"))
    invoices = items.group_by("invoice_id", "row").agg(limitation_day=nw.col("limitation_day").min())
    judged = invoices.with_columns(
        code=first_fault({"limitation_passed": left < 0, "limitation_near": left <= policy.limitation_warning_days})
    )
    fields = {"limitation_passed": "due_date", "limitation_near": "due_date"}
    return findings(judged, table="invoices", key="invoice_id", fields=fields)


_ITEM = ("item_id", "invoice_id", "customer_id", "due_day")


def _restarts(items: Frame, ledger: Ledger, position: Position, policy: Policy) -> list[Frame]:
    as_of = position.as_of
    found = [items.select("item_id", restart_day=integer(NO_DAY))]
    if policy.limitation_by_reminder:
        sent = ledger.reminder_log.filter(nw.col("sent_day") <= as_of)
        found.append(sent.select("item_id", restart_day="sent_day"))
    if policy.limitation_by_payment:
        paid = position.applications.filter(nw.col("step").is_in(list(PAID_STEPS)), nw.col("receipt_id") != "")
        found.append(paid.select("item_id", restart_day="paid_day"))
    if policy.limitation_by_promise:
        is_promise = has_day("promise_day") & nw.col("outcome").is_in(list(PROMISE_OUTCOMES))
        made = ledger.activities.filter(is_promise & (nw.col("activity_day") <= as_of))
        made = made.select("customer_id", "activity_day", named=nw.col("invoice_id"))
        covered = items.join(made, on="customer_id", how="inner")
        is_general = (nw.col("named") == text("")) & (nw.col("due_day") < nw.col("activity_day"))
        covered = covered.filter((nw.col("named") == nw.col("invoice_id")) | is_general)
        found.append(covered.select("item_id", restart_day="activity_day"))
    return found
