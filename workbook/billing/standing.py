"""What stands on the Billing sheet, as staff left it: read as rows of Invoices, judged together, and held against credit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw

from functions.credit import credit_by_customer
from functions.dates import date_of, day_of
from functions.document_check import check_documents
from functions.documents import resolve_documents
from functions.frames import NO_DAY, NO_MINOR
from functions.groups import effective_groups
from functions.issues import LEAVES_OUT
from functions.open_items import schedule_items
from functions.position import ledger_position
from workbook.billing.refusals import BilledAlready, BillingRowIsWrong, ProposedForAnotherDay, UnknownContract
from workbook.editing.table_layout import places_of
from workbook.importing.issue_texts import text_of_issue
from workbook.issue import Issue, cell_address
from workbook.port import Book, Cell, RawTable
from workbook.posting.fields import Field
from workbook.posting.judging import BookWithRows, rows_of_frame, without_rows
from workbook.posting.kinds import POSTINGS
from workbook.posting.refusals import RowIsWrong
from workbook.posting.row import NewRows, Typed, rows_given
from workbook.reading.cell_parsing import is_blank
from workbook.reading.context import ReadingContext
from workbook.reading.rows import read_rows
from workbook.results.ledger import WorkbookLedger, read_ledger
from workbook.schema import TABLES

_TAKEN = (
    "invoice_id", "customer_id", "contract_id", "bill_on", "invoice_date", "due_date", "currency", "amount",
    "purchase_order", "notes",
)  # fmt: skip
"""The columns of Billing that go into Invoices."""

_HOLDS = ("on_hold", "limit_expired", "overdue_block", "no_exchange_rate")


@dataclass(frozen=True)
class CreditHold:
    """Why to ask before the bills of a customer are posted; ``missing_minor`` in base currency, with over_limit."""

    customer_id: str
    code: str
    missing_minor: int = 0
    is_group: bool = False


@dataclass(frozen=True)
class StandingBills:
    """The rows to post, with what there is to say of each: customer, contract, bill day, amount, and its due days."""

    rows: NewRows
    bills: tuple[tuple[str, str, str, int], ...]  # contract, customer, currency, minor units
    bill_days: tuple[int, ...]
    due_days: tuple[tuple[int, ...], ...]
    holds: tuple[CreditHold, ...]


def standing_rows(book: Book) -> RawTable | None:
    """The Billing sheet, where any row of it holds something."""
    raw = book.read_table("Billing")
    return None if raw is None or not _filled_rows(raw) else raw


def proposed_on(book: Book, raw: RawTable, *, asked: dt.date, language: str) -> None:
    """Raises ProposedForAnotherDay where the sheet holds what was proposed as of another day."""
    place = places_of(raw, TABLES["Billing"]).get("proposed_on")
    for row in _filled_rows(raw):
        found = raw.columns[place][row] if place is not None else None
        day = found.date() if isinstance(found, dt.datetime) else found
        if isinstance(day, dt.date) and day != asked:
            raise ProposedForAnotherDay(day, asked, language)


def standing_bills(
    book: Book, raw: RawTable, source: WorkbookLedger, stamps: dict[str, Cell], *, as_of: dt.date, language: str
) -> StandingBills:
    """The bills as staff left them. Raises BillingRowIsWrong, UnknownContract, BilledAlready, AlreadyThere."""
    rows = _filled_rows(raw)
    places = places_of(raw, TABLES["Billing"])
    _refuse_unknown(book, raw, source, rows, language)
    given = [
        {
            key: Field(key, raw.columns[places[key]][row], raw.faults.get((row, places[key])))
            for key in _TAKEN
            if key in places
        }
        for row in rows
    ]
    try:
        new = rows_given(book, POSTINGS["invoice"], given, stamps, Typed(is_1904=raw.is_1904), language=language)
    except RowIsWrong as wrong:
        raise _wrong(raw, rows, wrong.issues, language) from wrong
    dates = [each for each in new.columns["invoice_date"] if isinstance(each, dt.date)]
    day = day_of(max([as_of, *dates]))
    trial = BookWithRows(book, new)
    after = read_ledger(trial, as_of=day)
    documents = resolve_documents(after.ledger, policy=after.policy, as_of=day)
    found = [(each.row, each.column, each.code) for each in after.issues if each.table == "Invoices"]
    found += rows_of_frame(documents.issues.filter(nw.col("table") == "invoices"), "row", "field", "code")
    own = [
        Issue(code, "Invoices", trial.rows.index(row), column, "", None)
        for row, column, code in found
        if row in trial.rows and code in LEAVES_OUT
    ]
    if own:
        raise _wrong(raw, rows, own, language)
    read = after.tables["Invoices"]
    at = {int(row): place for place, row in enumerate(read.columns["row"])}
    columns = [read.columns[name] for name in ("contract_id", "customer_id", "currency", "amount_minor")]
    items = schedule_items(
        documents.invoices.filter(nw.col("row").is_in(trial.rows)),
        after.ledger.repayment_plans,
        policy=after.policy,
        as_of=day,
    ).items
    due = rows_of_frame(items, "row", "due_day")
    bill_days, invoice_days = read.columns["bill_day"], read.columns["invoice_day"]
    return StandingBills(
        rows=new,
        bills=tuple(
            (str(columns[0][at[row]]), str(columns[1][at[row]]), str(columns[2][at[row]]), int(columns[3][at[row]]))
            for row in trial.rows
        ),
        bill_days=tuple(
            int(invoice_days[at[row]] if bill_days[at[row]] == NO_DAY else bill_days[at[row]]) for row in trial.rows
        ),
        due_days=tuple(tuple(sorted(day for other, day in due if other == row)) for row in trial.rows),
        holds=tuple(_holds(after, trial.rows, day)),
    )


def _filled_rows(raw: RawTable) -> list[int]:
    return [row for row in range(len(raw)) if not all(is_blank(column[row]) for column in raw.columns)]


def _refuse_unknown(book: Book, raw: RawTable, source: WorkbookLedger, rows: Sequence[int], language: str) -> None:
    """A row of no contract, and one whose bill an invoice stands for already."""
    table = TABLES["Billing"]
    context = ReadingContext(base_currency=source.settings.base_currency)
    read = read_rows(raw, table, context)
    contracts = set(source.tables["Contracts"].columns["contract_id"]) if "Contracts" in source.tables else set()
    invoices = source.tables["Invoices"].columns
    days = [
        invoiced if day == NO_DAY else day
        for day, invoiced in zip(invoices["bill_day"], invoices["invoice_day"], strict=True)
    ]
    kinds = zip(invoices["contract_id"], days, invoices["kind"], strict=True)
    billed = {(str(contract), int(day)) for contract, day, kind in kinds if contract and kind != "credit_note"}
    place = places_of(raw, table)["contract_id"]
    for row, contract, day in zip(read.columns["row"], read.columns["contract_id"], read.columns["bill_day"], strict=True):
        cell = cell_address(raw, int(row), place)
        if contract not in contracts:
            raise UnknownContract(cell, str(contract), language)
        if (str(contract), int(day)) in billed:
            raise BilledAlready(cell, str(contract), date_of(int(day)), language)
    told = [each for each in read.issues if each.code in LEAVES_OUT]
    if told:
        raise BillingRowIsWrong(
            [f"{each.cell}: {text_of_issue(each.code).in_language(language)}" for each in told], language
        )


def _wrong(raw: RawTable, rows: Sequence[int], issues: Sequence[Issue], language: str) -> BillingRowIsWrong:
    """The issues of lines as those of the cells of Billing that they were taken from."""
    places = places_of(raw, TABLES["Billing"])
    return BillingRowIsWrong(
        [
            f"{cell_address(raw, rows[each.row], places.get(each.column, places['contract_id']))}: "
            f"{text_of_issue(each.code).in_language(language)}"
            for each in issues
        ],
        language,
    )


def _holds(after: WorkbookLedger, rows: Sequence[int], day: int) -> list[CreditHold]:
    """Each customer who is billed: what of RULES §7 says no, with all the bills together."""
    ledger, policy = after.ledger, after.policy
    billed = ledger.invoices.filter(nw.col("row").is_in(rows))
    asked = billed.with_columns(document_id=nw.col("invoice_id"))
    others = without_rows(ledger, "Invoices", list(rows))
    check = check_documents(asked, others, ledger_position(others, policy=policy, as_of=day), policy=policy)
    customer_of = dict(rows_of_frame(asked, "document_id", "customer_id"))
    found = {
        (customer_of[document], reason)
        for document, reason in rows_of_frame(check.reasons, "document_id", "reason")
        if reason in _HOLDS
    }
    holds = [CreditHold(customer, code) for customer, code in sorted(found)]
    credit, _ = credit_by_customer(ledger, ledger_position(ledger, policy=policy, as_of=day), policy=policy)
    headroom = dict(rows_of_frame(credit, "customer_id", "headroom_minor"))
    groups, _ = effective_groups(ledger.customers)
    heads = dict(rows_of_frame(groups, "customer_id", "group_id"))
    told: set[str] = set()
    for customer in sorted(set(customer_of.values())):
        left, head = headroom.get(customer, NO_MINOR), str(heads.get(customer, ""))
        if left != NO_MINOR and left < 0 and (head or customer) not in told:
            told.add(head or customer)
            holds.append(CreditHold(head or customer, "over_limit", -int(left), is_group=bool(head)))
    return holds
