"""The run in a nutshell: a JSON summary for machines, a few lines for people. Customers appear by id only.

CI logs are read by many, so that neither names anybody. Amounts are decimal strings in major units.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from functions.frames import NO_MINOR
from functions.money import to_major_text
from workbook.labels import bucket_words
from workbook.results.figures import Figures, TieOut
from workbook.results.left_out import left_out_amounts
from workbook.results.report_words import said


def summary(figures: Figures) -> dict[str, object]:
    """The JSON of ``--json``, as docs/json-summary.md describes it."""
    base = figures.base_currency
    return {
        "as_of": figures.as_of.isoformat(),
        "known_on": None if figures.known_on is None else figures.known_on.isoformat(),
        "currencies": currency_totals(figures),
        "base": _base_totals(figures, base),
        "customers": len(figures.source.tables["Customers"]),
        "over_limit": over_limit(figures),
        "reminders": {
            "messages": len(figures.messages),
            "held": {str(reason): int(count) for reason, count in sorted(Counter(figures.held["reason"]).items())},
        },
        "issues": {**issue_counts(figures), "left_out_amounts": left_out_amounts(figures.left_out)},
        "tie_out": check_summary(figures.tie_out),
    }


def currency_totals(figures: Figures) -> dict[str, dict[str, object]]:
    """Currency → its totals: buckets, unapplied, balance, debit and credit balances, open items."""
    by_currency = figures.aging.groupby("currency")
    return {str(currency): _totals(figures, rows, str(currency)) for currency, rows in by_currency}


def check_summary(checks: Iterable[TieOut]) -> list[dict[str, object]]:
    """The checks of the tie-out as ``--json`` tells them."""
    return [
        {
            "name": check.name,
            "currency": check.currency,
            "holds": check.holds,
            "difference": to_major_text(check.difference_minor, check.currency)
            if check.currency
            else str(check.difference_minor),
        }
        for check in checks
    ]


def over_limit(figures: Figures) -> list[str]:
    """The customers in breach: headroom below zero, whatever their status says."""
    headroom = figures.credit["headroom_minor"]
    in_breach = (headroom < 0) & (headroom != NO_MINOR)
    return [str(customer) for customer in figures.credit["customer_id"][in_breach]]


def issue_counts(figures: Figures) -> dict[str, int]:
    """How many errors and warnings, and how many rows are left out."""
    counts = Counter(figures.source.settings.severity_of(issue.code) for issue in figures.issues)
    return {"error": counts["error"], "warning": counts["warning"], "left_out_rows": len(figures.left_out)}


def _totals(figures: Figures, rows: pd.DataFrame, currency: str) -> dict[str, object]:
    names = [*figures.bucket_codes, "unapplied", "balance"]
    totals: dict[str, object] = {name: to_major_text(int(rows[f"{name}_minor"].sum()), currency) for name in names}
    balances = rows["balance_minor"]
    totals["debit_balances"] = to_major_text(int(balances[balances > 0].sum()), currency)
    totals["credit_balances"] = to_major_text(int(balances[balances < 0].sum()), currency)
    totals["open_items"] = int(rows["open_items"].sum())
    return totals


def _base_totals(figures: Figures, base: str) -> dict[str, object]:
    """The second total, in base currency: rounded rows are added, and rows without a rate are not in it."""
    items = figures.open_items
    items = items[items["open_base_minor"] != NO_MINOR]
    left = figures.unapplied[figures.unapplied["unapplied_base_minor"] != NO_MINOR]["unapplied_base_minor"]
    buckets = items.groupby("bucket")["open_base_minor"].sum()
    totals: dict[str, object] = {"currency": base}
    totals |= {code: to_major_text(int(buckets.get(code, 0)), base) for code in figures.bucket_codes}
    totals["unapplied"] = to_major_text(-int(left.sum()), base)
    totals["balance"] = to_major_text(int(items["open_base_minor"].sum()) - int(left.sum()), base)
    return totals


def lines(figures: Figures, *, language: str) -> list[str]:
    """The summary for people: aging by currency, breaches, reminders, issues, tie-out."""
    told = summary(figures)
    shown = [f"{said('as_of', language)} {figures.as_of}"]
    currencies = told["currencies"]
    assert isinstance(currencies, dict)
    for currency, totals in currencies.items():
        shown.append(f"  {currency}")
        for name in (*figures.bucket_codes, "unapplied", "balance"):
            label = bucket_words(name).in_language(language) if name in figures.bucket_codes else said(name, language)
            shown.append(f"    {_padded(label, 24)}{totals[name]:>20}")
        shown.append(f"    {_padded(said('open_items', language), 24)}{totals['open_items']:>20}")
    breaches = over_limit(figures)
    shown.append(f"{said('over_the_limit', language)}: {len(breaches)}{_listed(breaches)}")
    held = len(figures.held)
    shown.append(f"{said('reminders', language)}: {len(figures.messages)}; {said('held', language)}: {held}")
    counts = issue_counts(figures)
    shown.append(
        f"{said('issues', language)}: {counts['error']} {said('error', language)}, {counts['warning']} "
        f"{said('warning', language)}; {said('left_out_rows', language)}: {counts['left_out_rows']}{_left_out(figures)}"
    )
    shown.extend(failing_checks(figures.tie_out, language))
    return shown


def _left_out(figures: Figures) -> str:
    """What the rows that are left out add up to: "(Receipts CNY 120.00)"."""
    sums = [
        f"{table} {currency} {amount}"
        for table, by_currency in left_out_amounts(figures.left_out).items()
        for currency, amount in by_currency.items()
    ]
    return f" ({', '.join(sums)})" if sums else ""


def failing_checks(checks: Sequence[TieOut], language: str) -> list[str]:
    """That every check holds, or each that does not and by how much."""
    failing = [check for check in checks if not check.holds]
    if not failing:
        return [f"{said('tie_out', language)}: {said('all_hold', language)} ({len(checks)})"]
    told = [
        f"  {said(check.name, language)} {check.currency}: "
        f"{to_major_text(check.difference_minor, check.currency) if check.currency else check.difference_minor}"
        for check in failing
    ]
    return [f"{said('tie_out', language)}: {said('does_not_hold', language)}", *told]


_MOST_LISTED = 12


def _listed(ids: list[str]) -> str:
    if not ids:
        return ""
    more = ", …" if len(ids) > _MOST_LISTED else ""
    return f" ({', '.join(ids[:_MOST_LISTED])}{more})"


def _padded(label: str, width: int) -> str:
    """Filled up to a width on a terminal, where a Chinese character takes two places."""
    taken = sum(2 if ord(character) > 0x2E80 else 1 for character in label)
    return label + " " * max(width - taken, 1)
