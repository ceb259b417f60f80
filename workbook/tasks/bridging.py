"""The bridge: from the balance before a day to the balance at the end of another, part by part."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from functions.bridge import PARTS, SCOPES, Lock, bridge
from functions.dates import date_of, day_of
from functions.money import to_major_text
from workbook.outcome import Outcome
from workbook.periods.locks import locks_in_force
from workbook.port import Book
from workbook.refusals import Refusal
from workbook.results.report_words import said
from workbook.results.run import Run as Reading
from workbook.results.run import TooEarly, in_order, to_pandas
from workbook.results.writing import columns_to_write
from workbook.schema import TABLES
from workbook.tasks.run_log import Run, append_run

SHOWN = ("opening", *PARTS, "back_dated", "rate_difference", "closing")


class EndsBeforeItBegins(Refusal):
    """A period whose last day lies before its first."""

    def __init__(self, from_date: dt.date, to_date: dt.date) -> None:
        super().__init__(f"The period ends on {to_date}, before it begins on {from_date}. Give --from the earlier day.")


def build_bridge(
    book: Book, *, from_date: dt.date, to_date: dt.date, ran_at: dt.datetime, language: str | None = None, by: str = ""
) -> Outcome:
    """Write Bridge: how the balance before ``from_date`` became that at the end of ``to_date``.

    Rows in base currency stand there only where some account is in another. What was entered after the last lock, dated
    within what it locked, has a column of its own. Raises Refusal, before anything is changed.
    """
    language = language or book.language
    if to_date < from_date:
        raise EndsBeforeItBegins(from_date, to_date)
    locks = locks_in_force(book)
    run = Reading(book, as_of=to_date)
    policy = run.source.policy
    if day_of(from_date) < policy.ledger_starts_day:
        raise TooEarly(from_date, date_of(policy.ledger_starts_day))
    made = bridge(
        run.source.ledger,
        policy=policy,
        from_day=day_of(from_date),
        to_day=day_of(to_date),
        lock=Lock(day_of(locks[-1].to_date), day_of(locks[-1].locked_on)) if locks else None,
    )
    rows = _ordered(to_pandas(made.rows), run, from_date, to_date)
    without_rate = in_order(made.without_rate, "customer_id", "currency")
    table = TABLES["Bridge"]
    book.write_table(table, columns_to_write(table, rows, language=language, base_currency=run.base_currency))
    totals = _totals(rows)
    append_run(
        book,
        Run("bridge", ran_at=ran_at, as_of=to_date, by=by, what=f"--from {from_date} --to {to_date}"),
        totals="; ".join(f"{scope} {currency} {told['closing']}" for (scope, currency), told in totals.items()),
    )
    missing = [f"{each.customer_id} {each.currency}" for each in without_rate.itertuples()]
    lines = [f"{said('bridge', language)} {from_date} – {to_date}"]
    for (scope, currency), told in totals.items():
        lines.append(f"  {currency} ({said(scope, language)})" if scope != "total" else f"  {currency}")
        lines += [
            f"    {said(name, language)}: {amount}"
            for name, amount in told.items()
            if name in _ALWAYS or amount.strip("0.-")
        ]
    if missing:
        lines.append(f"{said('bridge_without_rate', language)}: {', '.join(missing)}")
    return Outcome(
        lines=tuple(lines),
        summary={
            "from": from_date.isoformat(),
            "to": to_date.isoformat(),
            "totals": [{"scope": scope, "currency": currency, **told} for (scope, currency), told in totals.items()],
            "without_rate": missing,
        },
        has_errors=bool(missing),
        writes_book=True,
    )


_ALWAYS = ("opening", "closing")


def _ordered(rows: pd.DataFrame, run: Reading, from_date: dt.date, to_date: dt.date) -> pd.DataFrame:
    """Customers first, then the totals; without those in base currency where every account is in it."""
    if set(rows["currency"][rows["scope"] == "account"]) <= {run.base_currency}:
        rows = rows[rows["scope"].isin(["account", "total"])]
    customers = run.source.tables["Customers"].columns
    names = dict(zip(customers["customer_id"], customers["name"], strict=True))
    rows = rows.assign(
        name=[names.get(customer, "") for customer in rows["customer_id"]],
        from_day=day_of(from_date),
        to_day=day_of(to_date),
        place=rows["scope"].map(SCOPES.index),
    )
    return rows.sort_values(["place", "customer_id", "currency"], kind="stable").drop(columns="place").reset_index(drop=True)


def _totals(rows: pd.DataFrame) -> dict[tuple[str, str], dict[str, str]]:
    told = {}
    for each in rows[rows["scope"].isin(["total", "total_in_base"])].to_dict("records"):
        currency = str(each["currency"])
        told[str(each["scope"]), currency] = {name: to_major_text(int(each[f"{name}_minor"]), currency) for name in SHOWN}
    return told
