"""The figures of a run → the rows of the tables that it writes, before kinds and languages are applied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from functions.dates import date_of
from functions.frames import NO_DAY, NO_MINOR
from functions.money import to_major_text
from workbook.issue_texts import what_to_do
from workbook.reading.cell_parsing.texts import text_of
from workbook.results.amounts import amount_text
from workbook.results.explanations import explain_hold, explain_status
from workbook.results.figures import Figures
from workbook.results.left_out import left_out_by_customer
from workbook.results.run import Run
from workbook.schema import TABLES

_CONTACT = ["name", "contact_name", "email", "phone", "address", "language"]


Worked = Figures | Run
"""What reports are made from: all the figures of a close, or a run of which some are asked for."""

_REPORTS = ("OpenItems", "Applications", "Aging", "Credit", "Reminders", "ReminderItems", "RemindersHeld", "Issues")


def report_rows(figures: Worked, *, language: str) -> Mapping[str, pd.DataFrame]:
    """Table of ours → its rows, in the rules' own columns (``_minor``, ``_day``, codes)."""
    return {name: rows_of_report(name, figures, language=language) for name in _REPORTS}


def rows_of_report(name: str, figures: Worked, *, language: str) -> pd.DataFrame:
    """The rows of one table of ours. Raises KeyError for a table that is no report."""
    match name:
        case "OpenItems":
            return _open_items(figures)
        case "Applications":
            return figures.applications
        case "Aging":
            return _aging(figures)
        case "Credit":
            return _credit(figures, language)
        case "Reminders":
            return reminder_rows(figures)
        case "ReminderItems":
            return figures.message_items
        case "RemindersHeld":
            return held_rows(figures, language=language)
        case "Issues":
            return issue_rows(figures, language=language)
    raise KeyError(name)


def _open_items(figures: Worked) -> pd.DataFrame:
    items = figures.open_items
    return items.assign(name=_names(figures, items["customer_id"]))


def _aging(figures: Worked) -> pd.DataFrame:
    aging = figures.aging
    left_out = left_out_by_customer(figures.left_out)
    first = ~aging["customer_id"].duplicated()  # a customer's rows are told once, not once a currency
    return aging.assign(
        name=_names(figures, aging["customer_id"]),
        left_out_rows=aging["customer_id"].map(left_out).fillna(0).astype("int64").where(first, 0),
    )


def _credit(figures: Worked, language: str) -> pd.DataFrame:
    credit = figures.credit
    base, block_days = figures.base_currency, figures.source.policy.overdue_block_days
    reasons = [
        explain_status(
            row["status"],
            missing="" if row["headroom_minor"] == NO_MINOR else to_major_text(max(-row["headroom_minor"], 0), base),
            used="" if row["utilisation_bp"] == NO_MINOR else f"{row['utilisation_bp'] / 100:.1f}",
            block_days=block_days,
            language=language,
        )
        for row in credit.to_dict("records")
    ]
    return credit.assign(
        name=_names(figures, credit["customer_id"]),
        utilisation_digits=credit["utilisation_bp"],
        utilisation_scale=4,
        status_reason=reasons,
    )


def reminder_rows(figures: Worked) -> pd.DataFrame:
    """One row a message, as a mail-merge source wants it: with the customer's contact, and texts of amounts and dates.

    Interest, subject and body are there where the figures are a close's: a cell is given no letters.
    """
    messages = figures.messages
    customers = figures.source.tables["Customers"].frame().set_index("customer_id")
    contact = customers.loc[messages["customer_id"], _CONTACT]
    texts = {
        f"{name}_text": [
            amount_text(minor, currency)
            for minor, currency in zip(messages[f"{name}_minor"], messages["currency"], strict=True)
        ]
        for name in ("total", "overdue")
    }
    if isinstance(figures, Figures):
        told = [figures.letters.messages[message] for message in messages["message_id"]]
        interest = pd.array([each.interest_minor for each in told], dtype="int64")
        texts |= {"subject": [each.subject for each in told], "body": [each.body for each in told]}
        texts["interest_text"] = [each.fields["interest_text"] for each in told]
        messages = messages.assign(interest_minor=interest)
    return messages.assign(
        **{column: contact[column].to_numpy() for column in _CONTACT},
        **texts,
        sent=False,
        oldest_due_date_text=[date_of(day).isoformat() for day in messages["oldest_due_day"]],
    )


def held_rows(figures: Worked, *, language: str) -> pd.DataFrame:
    """Every open item that is not reminded, with its reason in words."""
    held = figures.held
    explanations = [
        explain_hold(row["reason"], since=_date(row["since_day"]), until=_date(row["until_day"]), language=language)
        for row in held.to_dict("records")
    ]
    return held.assign(explanation=explanations)


def issue_rows(figures: Worked, *, language: str) -> pd.DataFrame:
    """What was found wrong, errors first, each with its cell and what to do."""
    severity_of = figures.source.settings.severity_of
    found = sorted(
        zip(figures.issues, figures.issue_rows, strict=True),
        key=lambda each: (severity_of(each[0].code), each[0].table, each[0].row, each[0].column),
    )
    rows = [
        {
            "severity": severity_of(issue.code),
            "table": TABLES[issue.table].label.in_language(language),
            "row": row,
            "column": TABLES[issue.table][issue.column].label.in_language(language),
            "cell": issue.cell,
            "key": key,
            "code": issue.code,
            "value": issue.value if isinstance(issue.value, str) else text_of(issue.value),
            "what_to_do": what_to_do(issue, language),
        }
        for issue, (row, key) in found
    ]
    columns = ["severity", "table", "row", "column", "cell", "key", "code", "value", "what_to_do"]
    return pd.DataFrame(rows, columns=columns).astype({"row": "int64"})


def _names(figures: Worked, customer_ids: pd.Series[str]) -> list[str]:
    columns = figures.source.tables["Customers"].columns
    names = dict(zip(columns["customer_id"], columns["name"], strict=True))
    return [names[customer] for customer in customer_ids]


def _date(day: int) -> dt.date | None:
    return None if day == NO_DAY else date_of(day)
