"""The bodies of the functions that take tables and spill one: the figures of a run, laid out as a close writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from functions.dates import day_of
from functions.day_count import RATE_POWER
from functions.explanations import explain_interest, explain_level, explain_open
from functions.frames import NO_MINOR, Frame
from functions.interest import late_interest
from functions.issues import LEAVES_OUT, SEVERITY
from functions.position import BeforeLedger
from functions.statements import EmptyPeriod, statements
from workbook.cell_functions.declared import MARK, CellFault
from workbook.cell_functions.frames import fastest_frames
from workbook.cell_functions.given_tables import ALL_OF_TIME, GivenTables
from workbook.cell_functions.told_tables import EXPLAINED, STATEMENT, event_words
from workbook.labels import words
from workbook.reading.cell_parsing import NO_SCALE
from workbook.results.reports import rows_of_report
from workbook.results.run import Run, to_pandas
from workbook.results.writing import columns_to_write
from workbook.schema import tables_with_buckets
from workbook.table import Table, Words

Rows = list[list[Any]]

_UNKNOWN_CUSTOMER = Words("no such customer in the tables given.", "所给表中没有该客户。")
_UNKNOWN_INVOICE = Words("no such invoice on that day.", "该日没有此发票。")
_BACKWARDS = Words("is before from_date.", "早于起始日。")
_TOO_EARLY = Words("is before the ledger starts (ledger_starts_on in settings).", "早于账套启用日期。")


def open_items(given: GivenTables, *, as_of: dt.date) -> Rows:
    """The rows of OpenItems."""
    return _report("OpenItems", given, as_of)


def aging(given: GivenTables, *, as_of: dt.date) -> Rows:
    """The rows of Aging."""
    return _report("Aging", given, as_of)


def credit(given: GivenTables, *, as_of: dt.date) -> Rows:
    """The rows of Credit."""
    return _report("Credit", given, as_of)


def allocate(given: GivenTables, *, as_of: dt.date = ALL_OF_TIME) -> Rows:
    """The rows of Applications."""
    return _report("Applications", given, as_of)


def reminders(given: GivenTables, *, as_of: dt.date) -> Rows:
    """The rows of Reminders."""
    return _report("Reminders", given, as_of)


def statement(given: GivenTables, *, customer: str, from_date: dt.date, to_date: dt.date) -> Rows:
    """A customer's account over a period: in each currency the opening balance, every movement, the closing balance."""
    run = _run(given, to_date)
    if customer not in run.source.tables["Customers"].columns["customer_id"]:
        raise CellFault("customer", _UNKNOWN_CUSTOMER, found=customer)
    try:
        made = statements(
            run.source.ledger,
            policy=run.source.policy,
            from_day=day_of(from_date),
            to_day=day_of(to_date),
            closing=run.position,
        )
    except EmptyPeriod:
        raise CellFault("to_date", _BACKWARDS, found=to_date) from None
    except BeforeLedger:
        raise CellFault("from_date", _TOO_EARLY, found=from_date) from None
    accounts, lines = (_of(frame, "customer_id", customer) for frame in (made.statements, made.lines))
    told: list[dict[str, Any]] = []
    for account in accounts.sort_values("currency").to_dict("records"):
        own = lines[lines["currency"] == account["currency"]].sort_values("line")
        ends = {"currency": account["currency"], "reference_id": "", "amount_minor": NO_MINOR}
        told.append({**ends, "line_day": day_of(from_date), "kind": "opening", "balance_minor": account["opening_minor"]})
        told += own.rename(columns={"day": "line_day"}).to_dict("records")
        told.append({**ends, "line_day": day_of(to_date), "kind": "closing", "balance_minor": account["closing_minor"]})
    frame = pd.DataFrame(told, columns=["currency", "line_day", "kind", "reference_id", "amount_minor", "balance_minor"])
    frame["kind"] = [event_words(code, given.language) for code in frame["kind"]]
    return _laid_out(STATEMENT, frame, run, given)


def explain(given: GivenTables, *, invoice_id: str, as_of: dt.date, about: str = "open") -> Rows:
    """The events behind an invoice's open amount, its interest or its reminder level."""
    run = _run(given, as_of)
    documents = _of(run.position.documents.select("invoice_id", "currency"), "invoice_id", invoice_id)
    if documents.empty:
        raise CellFault("invoice_id", _UNKNOWN_INVOICE, found=invoice_id)
    rows = to_pandas(_EXPLAINS[about](run, invoice_id)).sort_values(["item_id", "line"], kind="stable")
    currency = str(documents["currency"].iloc[0])
    references = [
        words(reference, given.language) if code == "held" else reference
        for code, reference in zip(rows["code"], rows["reference_id"], strict=True)
    ]
    is_promise = rows["code"].isin(["kept", "broken", "replaced", "live"])
    frame = rows.assign(
        currency=currency,
        event=[event_words(code, given.language) for code in rows["code"]],
        reference=references,
        annual_rate_digits=rows["number"],
        annual_rate_scale=rows["number"].map(lambda units: NO_SCALE if units == NO_MINOR else RATE_POWER),
    )
    if about == "level":
        frame["total_minor"] = frame["total_minor"].where(is_promise, NO_MINOR)
        frame["amount_minor"] = frame["amount_minor"].where(frame["code"].isin(["due", "held"]) | is_promise, NO_MINOR)
        frame["number"] = frame["number"].where(frame["code"].isin(["due", "reminded", "next_level"]), NO_MINOR)
    return _laid_out(EXPLAINED[about], frame, run, given)


def _explain_open(run: Run, invoice_id: str) -> Frame:
    return explain_open(run.position, invoice_id=invoice_id)


def _explain_interest(run: Run, invoice_id: str) -> Frame:
    interest = late_interest(run.source.ledger, run.position, policy=run.source.policy)
    return explain_interest(interest, policy=run.source.policy, invoice_id=invoice_id)


def _explain_level(run: Run, invoice_id: str) -> Frame:
    return explain_level(run.source.ledger, run.position, policy=run.source.policy, invoice_id=invoice_id)


_EXPLAINS: Mapping[str, Callable[[Run, str], Frame]] = {
    "open": _explain_open,
    "interest": _explain_interest,
    "level": _explain_level,
}


def _run(given: GivenTables, as_of: dt.date, *, judges_all: bool = False) -> Run:
    return Run(given, as_of=as_of, frame_of=fastest_frames(), shares_cells=False, judges_all=judges_all)


def _report(name: str, given: GivenTables, as_of: dt.date) -> Rows:
    run = _run(given, as_of, judges_all=name == "Credit")
    rows = rows_of_report(name, run, language=given.language)
    return _laid_out(tables_with_buckets(run.bucket_codes)[name], rows, run, given)


def _of(frame: Frame, column: str, value: str) -> pd.DataFrame:
    return to_pandas(frame.filter(nw.col(column) == value))


def _laid_out(table: Table, frame: pd.DataFrame, run: Run, given: GivenTables) -> Rows:
    """The headers, the rows, and a last row that says how many rows of the tables are not in them, if there are any."""
    language = given.language
    columns = columns_to_write(table, frame, language=language, base_currency=run.base_currency)
    headers: list[Any] = [table[key].label.in_language(language) for key in columns]
    rows = [list(line) for line in zip(*columns.values(), strict=True)]
    return [headers, *rows, *_foot(run, given, len(headers))]


_MOST_TOLD = 3


def _foot(run: Run, given: GivenTables, width: int) -> Rows:
    """What is wrong in the tables, so that nobody takes the rows for all there is."""
    wrong = [issue for issue in run.issues if issue.code in LEAVES_OUT or SEVERITY[issue.code] == "error"]
    if not wrong:
        return []
    rows = len({(issue.table, issue.row) for issue in wrong})
    told = [str(given.fault_of(issue)).removeprefix(f"{MARK} ") for issue in wrong[:_MOST_TOLD]]
    more = " …" if len(wrong) > _MOST_TOLD else ""
    said = f"{MARK} rows left out or not whole 未计入或不完整的行数: {rows} ({'; '.join(told)}{more})"
    return [[said, *[None] * (width - 1)]]
