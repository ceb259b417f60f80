"""Statements of account and confirmations of balances: one file a customer, and a line in Statements for each."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from functions.dates import date_of, day_of
from functions.issues import SEVERITY
from functions.money import to_major_text
from functions.statements import Statements, statements
from functions.tie_out import STATEMENT_CHECKS, statements_tie_out
from workbook.labels import WORDS
from workbook.outcome import Outcome
from workbook.port import Book
from workbook.reading.context import ReadingContext
from workbook.refusals import Refusal
from workbook.results.figures import TieOut, tie_out_lines
from workbook.results.left_out import left_out_by_customer
from workbook.results.report_words import said
from workbook.results.run import Run, TooEarly
from workbook.results.summary import check_summary, failing_checks
from workbook.results.writing import columns_to_write
from workbook.schema import TABLES
from workbook.statements.accounts import Account, Addressee, accounts_by_customer, addressees, references_of
from workbook.statements.as_pdf import office_program, pdfs
from workbook.statements.content import Period, Sender
from workbook.statements.files import customer_files, name_of
from workbook.tasks.bridging import EndsBeforeItBegins
from workbook.tasks.replying import confirmation_rows, customer_currencies
from workbook.tasks.row_counts import counts_text
from workbook.tasks.run_log import Run as Logged
from workbook.tasks.run_log import append_run

_MOST_LISTED = 12
_OLDEST_IN_A_ZIP = (1980, 1, 1, 0, 0, 0)  # a .zip knows no earlier day; so the same files make the same archive


class NoSuchCustomer(Refusal):
    def __init__(self, customer_id: str) -> None:
        super().__init__(
            f"There is no customer {customer_id!r} that can be read. Take the id from the Customers sheet; "
            "what is wrong with a row there, duebook check says."
        )


def make_statements(
    book: Book,
    *,
    to_date: dt.date,
    ran_at: dt.datetime,
    out: Path,
    from_date: dt.date | None = None,
    customer: str | None = None,
    form: str = "xlsx",
    pdf: bool = False,
    zipped: bool = False,
    confirmation: bool = False,
    language: str | None = None,
    by: str = "",
) -> Outcome:
    """A file for each customer with anything to tell (or for one customer, whatever there is), as ``form`` xlsx or docx.

    ``from_date``: the first day of ``to_date``'s month if left out, or the ledger's first. ``confirmation``: letters
    that ask to confirm the balances as of ``to_date``. ``language``: of those whose customer has none, and of the
    lines told. Raises Refusal (EndsBeforeItBegins, NoSuchCustomer, TooEarly, NoLibreOffice, …), before anything is changed.
    """
    language = language or book.language
    if pdf:
        office_program()
    run = Run(book, as_of=to_date, judges_all=False)
    period = _period(from_date, to_date, run.source.policy.ledger_starts_day)
    policy = run.source.policy
    found = statements(
        run.source.ledger, policy=policy, from_day=day_of(period.first), to_day=day_of(to_date), closing=run.position
    )
    checks = tuple(tie_out_lines(statements_tie_out(found, run.position), STATEMENT_CHECKS))
    who = addressees(run.source.tables["Customers"], language=language)
    by_customer = accounts_by_customer(found, references_of(run.source.tables["Invoices"]))
    accounts = _chosen(by_customer, customer, who)
    settings = run.source.settings
    sender = Sender(settings.company_name, settings.bank_account, run.bucket_codes, policy.aging_basis)
    kind = "confirmation" if confirmation else "statement"
    files = customer_files(accounts, who, sender, period, kind=kind, form=form, label=said("making", language))
    if pdf:
        files |= pdfs(files, label="PDF")
    names = {each: name_of(kind, each, period, form) for each in accounts}
    writes = _to_write(files, out, f"{kind}s-{to_date}.zip" if zipped else "")
    _log(book, run, ran_at, kind, period, accounts, names, language)
    if confirmation:
        _await_replies(book, run, to_date, accounts, language)
    has_errors = any(SEVERITY[issue.code] == "error" for issue in run.issues) or not all(check.holds for check in checks)
    given = {"--from": period.first, "--to": period.last, "--customer": customer, "--as": form}
    append_run(
        book,
        Logged("statements", ran_at=ran_at, as_of=to_date, by=by, what=" ".join(f"{k} {v}" for k, v in given.items() if v)),
        rows_read=counts_text(run.source.rows_read()),
        rows_left_out=counts_text(run.source.left_out_rows()),
        tie_out="; ".join(f"{each.name} {each.currency} {each.difference_minor}" for each in checks if not each.holds)
        or "holds",
    )
    incomplete = sorted(set(left_out_by_customer(run.left_out)) & set(accounts))
    return Outcome(
        lines=tuple(_told(accounts, period, checks, incomplete, kind, language)),
        summary=_summary(found, accounts, period, checks, incomplete, kind, len(files)),
        has_errors=has_errors,
        writes_book=True,
        writes=writes,
        files=tuple(writes) if len(writes) <= _MOST_LISTED else (out,),
    )


def _period(from_date: dt.date | None, to_date: dt.date, ledger_starts_day: int) -> Period:
    if from_date is None:
        from_date = Period.of_the_month(to_date, ledger_starts_day=ledger_starts_day).first
    if to_date < from_date:
        raise EndsBeforeItBegins(from_date, to_date)
    if day_of(from_date) < ledger_starts_day:
        raise TooEarly(from_date, date_of(ledger_starts_day))
    return Period(from_date, to_date)


def _chosen(
    accounts: Mapping[str, list[Account]], customer: str | None, who: Mapping[str, Addressee]
) -> Mapping[str, list[Account]]:
    if customer is None:
        return {each: accounts[each] for each in sorted(accounts)}
    if customer not in who:
        raise NoSuchCustomer(customer)
    return {customer: accounts.get(customer, [])}


def _to_write(files: Mapping[str, bytes], out: Path, archive: str) -> dict[Path, bytes]:
    if not archive:
        return {out / name: content for name, content in files.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as within:
        for name, content in files.items():
            within.writestr(zipfile.ZipInfo(name, _OLDEST_IN_A_ZIP), content)  # stored: the files are packed themselves
    return {out / archive: packed.getvalue()}


def _log(
    book: Book,
    run: Run,
    ran_at: dt.datetime,
    kind: str,
    period: Period,
    accounts: Mapping[str, list[Account]],
    names: Mapping[str, str],
    language: str,
) -> None:
    rows = [
        {
            "made_at": ran_at.isoformat(sep=" ", timespec="seconds"),
            "kind": kind,
            "customer_id": each.customer_id,
            "currency": each.currency,
            "from_day": day_of(period.first),
            "to_day": day_of(period.last),
            "opening_minor": each.opening_minor,
            "closing_minor": each.closing_minor,
            "file": names[each.customer_id],
        }
        for every in accounts.values()
        for each in every
    ]
    if rows:
        table = TABLES["Statements"]
        columns = columns_to_write(table, pd.DataFrame(rows), language=language, base_currency=run.base_currency)
        book.append_rows(table, columns)


def _await_replies(book: Book, run: Run, to_date: dt.date, accounts: Mapping[str, list[Account]], language: str) -> None:
    """A row of Confirmations for each balance that is asked for and has none, blank until the reply."""
    currencies = customer_currencies(run.source.tables["Customers"])
    context = ReadingContext(base_currency=run.base_currency, words=WORDS, customer_currency=currencies)
    there = confirmation_rows(book, context)
    asked = [(each.customer_id, day_of(to_date), each.currency) for every in accounts.values() for each in every]
    rows = [dict(zip(("customer_id", "as_of_day", "currency"), key, strict=True)) for key in asked if key not in there]
    if rows:
        table = TABLES["Confirmations"]
        columns = columns_to_write(table, pd.DataFrame(rows), language=language, base_currency=run.base_currency)
        book.append_rows(table, columns)


def _sums(accounts: Mapping[str, list[Account]]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for each in (account for every in accounts.values() for account in every):
        opening, closing = sums.get(each.currency, (0, 0))
        sums[each.currency] = (opening + each.opening_minor, closing + each.closing_minor)
    return dict(sorted(sums.items()))


def _told(
    accounts: Mapping[str, list[Account]],
    period: Period,
    checks: Sequence[TieOut],
    incomplete: Sequence[str],
    kind: str,
    language: str,
) -> Iterable[str]:
    yield f"{said(f'{kind}s_made', language)}: {len(accounts)} ({period})"
    for currency, (opening, closing) in _sums(accounts).items():
        before, after = to_major_text(opening, currency), to_major_text(closing, currency)
        yield f"  {currency} {said('opening', language)} {before}, {said('closing', language)} {after}"
    if incomplete:
        more = ", …" if len(incomplete) > _MOST_LISTED else ""
        yield f"{said('statements_incomplete', language)}: {', '.join(incomplete[:_MOST_LISTED])}{more}"
    yield from failing_checks(checks, language)


def _summary(
    found: Statements,
    accounts: Mapping[str, list[Account]],
    period: Period,
    checks: Sequence[TieOut],
    incomplete: Sequence[str],
    kind: str,
    files: int,
) -> dict[str, object]:
    return {
        "kind": kind,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "customers": len(accounts),
        "files": files,
        "currencies": {
            currency: {"opening": to_major_text(opening, currency), "closing": to_major_text(closing, currency)}
            for currency, (opening, closing) in _sums(accounts).items()
        },
        "left_out_rows_of": list(incomplete),
        "tie_out": check_summary(checks),
    }
