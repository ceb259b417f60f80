"""Billing: the invoices of contracts that are due, proposed on the Billing sheet; and posted as staff left them there."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from functions.billing import Bills
from functions.dates import date_of, day_of
from functions.frames import NO_DAY
from functions.issues import ERROR, SEVERITY
from functions.money import to_major_text
from workbook.billing.proposing import billing_columns, proposed_bills
from workbook.billing.refusals import BillingDoubt
from workbook.billing.standing import CreditHold, StandingBills, proposed_on, standing_bills, standing_rows
from workbook.billing.words import said
from workbook.editing.table_layout import places_of
from workbook.importing.known_currencies import settings_of
from workbook.importing.last_seen import note_typed_changes, remember
from workbook.issue_texts import ISSUE_TEXTS
from workbook.outcome import Outcome
from workbook.periods.entering import refuse_locked
from workbook.port import Book, Cell
from workbook.results.contract_bills import contract_bills
from workbook.results.ledger import WorkbookLedger, read_ledger
from workbook.results.run import TooEarly, to_pandas
from workbook.schema import TABLES
from workbook.tasks.run_log import Run, append_run


def bill(
    book: Book,
    *,
    as_of: dt.date,
    ran_at: dt.datetime,
    post: bool = False,
    yes: bool = False,
    by: str = "",
    approved_by: str = "",
    reason: str = "",
    language: str | None = None,
) -> Outcome:
    """Propose the invoices that contracts are due to be billed as of a day; or ``post`` those on the Billing sheet.

    Where nobody was asked as of that day yet, posting proposes first and posts that. ``yes``: post although the credit check
    says no. Raises BillingDoubt otherwise; PeriodIsLocked for an invoice of a locked period without a ``reason``;
    ProposedForAnotherDay, BillingRowIsWrong, UnknownContract, BilledAlready,
    AlreadyThere, TooEarly; with nothing changed.
    """
    language = language or book.language
    sight = note_typed_changes(book, on=as_of)
    source = read_ledger(book, as_of=day_of(as_of))
    if day_of(as_of) < source.policy.ledger_starts_day:
        raise TooEarly(as_of, date_of(source.policy.ledger_starts_day))
    due = contract_bills(source, as_of=day_of(as_of))
    proposed = proposed_bills(source, due, as_of=as_of)
    issues, has_errors = _issue_lines(source, due, language)
    if not post:
        book.write_table(TABLES["Billing"], billing_columns(book, proposed, source))
        remember(book, sight)
        append_run(book, Run("bill", ran_at=ran_at, as_of=as_of, by=by), totals=_totals(proposed))
        told = [said("proposed", language, count=len(proposed)), *_proposal_lines(proposed, language)]
        if not len(proposed):
            told = [said("nothing_due", language)]
        return Outcome((*told, *issues), _summary(as_of, proposed, issues), has_errors=has_errors, writes_book=True)
    standing = standing_rows(book)
    if standing is not None:
        proposed_on(book, standing, asked=as_of, language=language)
    elif _was_asked(book, as_of) or not len(proposed):
        code = "nothing_left" if len(proposed) else "nothing_due"
        return Outcome((said(code, language), *issues), _summary(as_of, proposed.head(0), issues), has_errors=has_errors)
    else:
        book.write_table(TABLES["Billing"], billing_columns(book, proposed, source))
        standing = standing_rows(book)
        assert standing is not None
    stamps: dict[str, Cell] = {"entered_on": ran_at.date(), "entered_by": by or settings_of(book).user_name}
    bills = standing_bills(book, standing, source, stamps, as_of=as_of, language=language)
    refuse_locked(book, TABLES["Invoices"], bills.rows.columns["invoice_date"], reason=reason)
    why = [_hold(each, source.settings.base_currency, language) for each in bills.holds]
    if why and not yes:
        raise BillingDoubt(why, [(each.customer_id, each.code, each.missing_minor) for each in bills.holds], language)
    book.append_rows(TABLES["Invoices"], bills.rows.columns)
    _move_on(book, source, bills, proposed)
    book.write_table(TABLES["Billing"], {})
    remember(book, sight)
    what = " ".join(
        ["--post", *(f"--{name} {value}" for name, value in (("approved-by", approved_by), ("reason", reason)) if value)]
        + (["--yes"] if why else [])
    )
    append_run(book, Run("bill", ran_at=ran_at, as_of=as_of, by=by, what=what), totals=_totals(_frame(bills)))
    told = [said("posted", language, count=len(bills.bills)), *_posted_lines(bills, language)]
    told += [said("in_spite", language, why=each) for each in why]
    summary = _summary(as_of, _frame(bills), issues) | {"posted": True, "in_spite_of": [each.code for each in bills.holds]}
    return Outcome((*told, *issues), summary, has_errors=has_errors, writes_book=True)


def _was_asked(book: Book, as_of: dt.date) -> bool:
    """Whether the last run of billing proposed as of this day: what is not on the sheet now was taken off it."""
    raw = book.read_table("RunLog")
    if raw is None:
        return False
    places = places_of(raw, TABLES["RunLog"])
    if not {"task", "arguments"} <= places.keys():
        return False
    runs = zip(raw.columns[places["task"]], raw.columns[places["arguments"]], strict=True)
    last = next((str(arguments) for task, arguments in reversed(list(runs)) if task == "bill"), "")
    return f"--as-of {as_of}" in last and not last.startswith("--post")


def _move_on(book: Book, source: WorkbookLedger, bills: StandingBills, proposed: pd.DataFrame) -> None:
    """The next bill of each contract is the one after the last that was posted; none after a contract billed once."""
    columns = source.tables["Contracts"].columns
    row_of = dict(zip(columns["contract_id"], map(int, columns["row"]), strict=True))
    rule_of = dict(zip(columns["contract_id"], columns["billing_rule"], strict=True))
    next_of = {
        (str(contract), int(day)): int(after)
        for contract, day, after in zip(proposed["contract_id"], proposed["bill_day"], proposed["next_day"], strict=True)
    }
    moved: dict[str, int] = {}
    last: dict[str, int] = {}
    for (contract, _, _, _), day in zip(bills.bills, bills.bill_days, strict=True):
        if (contract, day) in next_of and day > last.get(contract, NO_DAY) and rule_of[contract] != "milestones":
            last[contract], moved[contract] = day, next_of[contract, day]
    if moved:
        cells: list[Cell] = ["" if day == NO_DAY else date_of(day) for day in moved.values()]
        book.update_rows(TABLES["Contracts"], [row_of[each] for each in moved], {"next_bill_on": cells})


def _issue_lines(source: WorkbookLedger, bills: Bills | None, language: str) -> tuple[list[str], bool]:
    if bills is None:
        return [], False
    found = to_pandas(bills.issues).sort_values(["key", "code"])
    lines = []
    for row, field, code in zip(found["row"], found["field"], found["code"], strict=True):
        issue = source.located("Contracts", int(row), str(field), str(code))
        lines.append(f"{SEVERITY[issue.code]}: {issue.cell}: {ISSUE_TEXTS[issue.code].in_language(language)}")
    return lines, any(SEVERITY[code] == ERROR for code in found["code"])


def _hold(hold: CreditHold, base_currency: str, language: str) -> str:
    code = f"group_{hold.code}" if hold.is_group else hold.code
    return said(code, language, customer=hold.customer_id, missing=_amount(hold.missing_minor, base_currency))


def _amount(minor: int, currency: str) -> str:
    return f"{currency} {to_major_text(minor, currency)}"


def _proposal_lines(proposed: pd.DataFrame, language: str) -> Sequence[str]:
    return [
        said("bill", language, id=row["invoice_id"], contract=row["contract_id"], customer=row["customer_id"],
             amount=_amount(int(row["amount_minor"]), str(row["currency"])))
        for row in proposed.to_dict("records")
    ]  # fmt: skip


def _posted_lines(bills: StandingBills, language: str) -> Sequence[str]:
    joint = "，" if language.startswith("zh") else ", "
    told = []
    for cells, (contract, customer, currency, minor), days in zip(bills.rows.rows, bills.bills, bills.due_days, strict=True):
        line = said(
            "bill", language, id=cells["invoice_id"], contract=contract, customer=customer, amount=_amount(minor, currency)
        )
        told.append(f"{line}{joint}{said('due', language, days=', '.join(str(date_of(day)) for day in days))}")
    return told


def _frame(bills: StandingBills) -> pd.DataFrame:
    frame = pd.DataFrame(bills.bills, columns=["contract_id", "customer_id", "currency", "amount_minor"])
    return frame.assign(invoice_id=[str(each["invoice_id"]) for each in bills.rows.rows])


def _totals(bills: pd.DataFrame) -> str:
    sums: Counter[str] = Counter()
    for currency, minor in zip(bills["currency"], bills["amount_minor"], strict=True):
        sums[str(currency)] += int(minor)
    totals = {currency: to_major_text(minor, currency) for currency, minor in sorted(sums.items())}
    return json.dumps(totals, separators=(",", ":"))


def _summary(as_of: dt.date, bills: pd.DataFrame, issues: Sequence[str]) -> dict[str, object]:
    """For machines. Amounts are decimal strings in major units."""
    return {
        "as_of": as_of.isoformat(),
        "posted": False,
        "bills": [
            {
                "invoice_id": row["invoice_id"],
                "contract_id": row["contract_id"],
                "customer_id": row["customer_id"],
                "currency": row["currency"],
                "amount": to_major_text(int(row["amount_minor"]), str(row["currency"])),
            }
            for row in bills.to_dict("records")
        ],
        "contract_issues": len(issues),
    }
