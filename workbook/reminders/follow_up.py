"""What a reminder run tells beside its messages: whom to call, what comes next, how customers behave, what it brings in."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from functions.behaviour import BEHAVIOUR, customer_behaviour, risk_of
from functions.dates import date_of, day_of
from functions.dunning import Proposals, propose_reminders
from functions.frames import NO_MINOR
from functions.ledger import empty
from functions.money import exponent
from functions.reminder_calendar import reminder_calendar
from functions.reminder_effect import EFFECT_KEYS, reminder_effect
from workbook import labels
from workbook.reading.cell_parsing import NO_SCALE
from workbook.results.run import Run, in_order

CALLED = ("phone", "visit")
"""The channels that are somebody's work, not a text's."""

_CONTACTS = ("last_contact", "contact_before", "earlier_contact")
_MOST_DAYS = 999  # of lateness that count: beyond it the weight would leave the whole numbers that are exact


def follow_up(run: Run, *, language: str) -> Mapping[str, pd.DataFrame]:
    """WorkList, ReminderCalendar, CustomerBehaviour and ReminderEffect as of the run's day, in the rules' own columns."""
    ledger, policy = run.source.ledger, run.source.policy
    behaved = customer_behaviour(ledger, run.position, policy=policy, promises=run.promises)
    behaviour = in_order(risk_of(behaved), "customer_id")
    calendar = reminder_calendar(ledger, run.position, _as_if_bank_were_current(run), policy=policy)
    effect = in_order(reminder_effect(ledger, run.position, policy=policy), *EFFECT_KEYS)
    return {
        "WorkList": _work_list(run, behaviour, language),
        "ReminderCalendar": _with_names(run, in_order(calendar, "send_day", "customer_id", "currency", "level")),
        "CustomerBehaviour": _with_names(run, _with_something(behaviour)),
        "ReminderEffect": _with_shares(effect, run.base_currency),
    }


def _as_if_bank_were_current(run: Run) -> Proposals:
    """Statements that are late hold a day's run, and say nothing of the days to come."""
    balances = run.source.tables.get("BankBalances")
    if balances is None or not len(balances):
        return run.proposals
    ledger = replace(run.source.ledger, bank_balances=empty(run.source.ledger.customers, "bank_balances"))
    return propose_reminders(ledger, run.position, policy=run.source.policy, message_prefix="")


def _with_something(behaviour: pd.DataFrame) -> pd.DataFrame:
    """The customers of whom there is something to say."""
    counts = [name for name in BEHAVIOUR if name not in ("customer_id", "pays_after_level")]
    return behaviour[behaviour[counts].sum(axis=1) > 0].reset_index(drop=True)


def _customers(run: Run) -> pd.DataFrame:
    return run.source.tables["Customers"].frame().set_index("customer_id")


def _with_names(run: Run, rows: pd.DataFrame, columns: tuple[str, ...] = ("name", "collector")) -> pd.DataFrame:
    known = _customers(run).loc[rows["customer_id"], list(columns)]
    return rows.assign(**{name: known[name].to_numpy() for name in columns})


def _work_list(run: Run, behaviour: pd.DataFrame, language: str) -> pd.DataFrame:
    """The calls and visits among today's messages, by amount × days overdue × risk, the last three contacts beside each.

    The amount is in base currency; a message without a rate stands first, since nobody can say what it weighs.
    """
    calls = run.messages[run.messages["channel"].isin(CALLED)].reset_index(drop=True)
    known = behaviour.set_index("customer_id").loc[calls["customer_id"]]
    counts = ("risk", "promises_kept", "promises_broken")
    calls = calls.assign(**{name: known[name].to_numpy() for name in counts})
    calls = _with_names(run, calls, ("name", "collector", "contact_name", "phone", "address"))
    unit = 10 ** exponent(run.base_currency)
    late = calls["max_days_overdue"].clip(lower=1, upper=_MOST_DAYS)
    weight = (calls["total_base_minor"] // unit) * late * calls["risk"]
    is_unknown = calls["total_base_minor"] == NO_MINOR
    calls = calls.assign(_weight=weight, _first=~is_unknown)
    calls = calls.sort_values(["_first", "_weight", "message_id"], ascending=[True, False, True], kind="stable")
    told = _contacts(run, set(calls["customer_id"]), language)
    texts = {
        name: [told[customer][place] if place < len(told.get(customer, [])) else "" for customer in calls["customer_id"]]
        for place, name in enumerate(_CONTACTS)
    }
    return calls.assign(rank=range(1, len(calls) + 1), **texts).reset_index(drop=True)


def _contacts(run: Run, customers: set[str], language: str) -> dict[str, list[str]]:
    """Customer → its last contacts, newest first, as "2024-04-05 Phone call: Promised to pay 2024-04-12. After holidays"."""
    read = run.source.tables.get("Activities")
    if read is None:
        return {}
    made = read.frame()
    made = made[made["customer_id"].isin(customers) & (made["activity_day"] <= day_of(run.as_of))]
    made = made.sort_values(["activity_day", "activity_id"], ascending=False, kind="stable")
    told: dict[str, list[str]] = {}
    for row in made.to_dict("records"):
        of_customer = told.setdefault(str(row["customer_id"]), [])
        if len(of_customer) < len(_CONTACTS):
            of_customer.append(_contact(row, language))
    return told


def _contact(row: Mapping[Hashable, Any], language: str) -> str:
    words = [labels.words(str(row[name]), language) for name in ("channel", "outcome")]
    promised = date_of(int(row["promise_day"])).isoformat() if row["promise_day"] > 0 else ""
    what = ": ".join(filter(None, [words[0], " ".join(filter(None, [words[1], promised]))]))
    text = f"{date_of(int(row['activity_day']))} {what}".strip()
    return f"{text}. {row['notes']}" if row["notes"] else text


def _with_shares(effect: pd.DataFrame, base_currency: str) -> pd.DataFrame:
    """Adds what came in within 30 days as a share, and the cost as a share of that, in hundredths of a per cent."""
    shares = [_share(paid, amount) for paid, amount in zip(effect["paid_30_minor"], effect["amount_minor"], strict=True)]
    costs = [
        _share(cost, paid) if cost and currency == base_currency else None
        for cost, paid, currency in zip(effect["cost_minor"], effect["paid_30_minor"], effect["currency"], strict=True)
    ]
    for name, values in (("share_30", shares), ("cost_share", costs)):
        effect[f"{name}_digits"] = pd.Series([value or 0 for value in values], index=effect.index, dtype="int64")
        scales = [NO_SCALE if value is None else 4 for value in values]
        effect[f"{name}_scale"] = pd.Series(scales, index=effect.index, dtype="int64")
    return effect


def _share(part: int, whole: int) -> int | None:
    """part ÷ whole in ten-thousandths, half away from zero; None of nothing."""
    return None if whole <= 0 else (2 * int(part) * 10_000 + int(whole)) // (2 * int(whole))
