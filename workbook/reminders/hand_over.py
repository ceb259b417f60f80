"""What a lawyer needs to claim a debt: one customer's records, figures and history, and nobody else's (RULES §8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from functions.dates import day_of
from functions.frames import NO_MINOR
from functions.interest import late_interest
from functions.statements import KIND_ORDER, statements
from workbook.issue import cell_address
from workbook.port import Cell
from workbook.reading.cell_parsing import NO_SCALE
from workbook.reminders.named_others import others_than
from workbook.results.run import Run, in_order, to_pandas
from workbook.results.writing import columns_to_write
from workbook.schema import TABLES, tables_with_buckets
from workbook.schema.columns import addin_table, column
from workbook.table import Column, Kind, Table, Words

_CURRENCY = column("currency", Kind.ID, "Currency", "币种")
_ITEM = column("item_id", Kind.ID, "Item ID", "未清项编号")

CLAIM = addin_table(
    "Claim", Words("The claim", "债权金额"), Words("What is claimed, by currency.", "各币种的债权金额。"),
    _CURRENCY,
    column("open", Kind.MONEY, "Open", "未清金额"),
    column("overdue", Kind.MONEY, "Overdue", "逾期金额"),
    column("disputed", Kind.MONEY, "Of it in dispute", "其中有争议"),
    column("unapplied", Kind.MONEY, "Unapplied receipts and credits", "未核销收款与贷项"),
    column("interest", Kind.MONEY, "Interest to date", "截至当日利息"),
    key=("currency",),
)  # fmt: skip

INTEREST = addin_table(
    "Interest", Words("Interest to date", "逾期利息"),
    Words("Each stretch of days at one amount and rate.", "按金额与利率分段的计息天数。"),
    _ITEM,
    column("from", Kind.DATE, "From", "起"),
    column("to", Kind.DATE, "To", "止"),
    column("days", Kind.INTEGER, "Days", "天数"),
    _CURRENCY,
    column("open", Kind.MONEY, "Open", "未清金额"),
    column("annual_rate", Kind.RATE, "Annual rate", "年利率"),
    key=("item_id", "from"),
)  # fmt: skip

INTEREST_BY_ITEM = addin_table(
    "InterestByItem", Words("Interest by item", "各项利息"),
    Words("Late interest of each item, rounded once.", "各未清项的逾期利息，只舍入一次。"),
    _ITEM,
    column("due_date", Kind.DATE, "Due date", "到期日"),
    column("days", Kind.INTEGER, "Days", "天数"),
    _CURRENCY,
    column("interest", Kind.MONEY, "Interest", "利息"),
    key=("item_id",),
)  # fmt: skip

STATEMENT = addin_table(
    "Statement", Words("Statement of account", "对账单"),
    Words("Every movement of the account, with the balance after it.", "账户的每笔变动及其后余额。"),
    _CURRENCY,
    column("date", Kind.DATE, "Date", "日期"),
    column("kind", Kind.CHOICE, "Kind", "类型", choices=KIND_ORDER),
    column("reference_id", Kind.ID, "Reference", "单据编号"),
    column("amount", Kind.MONEY, "Amount", "金额"),
    column("balance", Kind.MONEY, "Balance", "余额"),
    key=("currency", "date", "reference_id"),
)  # fmt: skip

_KEPT: Mapping[str, tuple[str, ...]] = {
    "Customers": ("customer_id", "name", "tax_id", "contact_name", "email", "phone", "address", "payment_terms", "currency"),
    "Contracts": ("contract_id", "signed_on", "title", "amount", "currency", "payment_terms", "late_rate", "ends_on"),
    "PaymentTerms": TABLES["PaymentTerms"].keys,
    "Invoices": (
        "invoice_id", "kind", "contract_id", "order_id", "purchase_order", "invoice_date", "baseline_date", "payment_terms",
        "due_date", "currency", "amount", "tax", "tax_invoice_number", "tax_invoice_date", "related_invoice_id",
        "is_disputed", "disputed_on", "dispute_closed_on", "dispute_reason", "notes",
    ),
    "OpenItems": (
        "item_id", "invoice_id", "kind", "invoice_date", "due_date", "original_due_date", "currency", "amount", "settled",
        "open", "days_overdue", "is_disputed", "last_level", "last_sent_on",
    ),
    "Receipts": (
        "receipt_id", "kind", "related_id", "receipt_date", "currency", "amount", "method", "matures_on", "bank_reference",
        "remittance", "notes",
    ),
    "Applications": ("receipt_id", "item_id", "invoice_id", "currency", "amount", "paid_on", "step"),
    "ReminderLog": (
        "message_id", "sent_on", "item_id", "invoice_id", "due_date", "level", "channel", "letter", "currency", "amount",
    ),
    "Activities": (
        # Not activity_id: where staff left it blank it was made of the ids in the row, another customer's by a slip too.
        "activity_date", "invoice_id", "channel", "outcome", "promise_date", "promise_amount", "notes",
    ),
}  # fmt: skip
"""What of each table is handed over. Nothing that names another customer, such as the head of its group."""

_DAYS = {
    "Contracts": "signed_day",
    "Invoices": "invoice_day",
    "Receipts": "receipt_day",
    "ReminderLog": "sent_day",
    "Activities": "activity_day",
}
"""The day from which a row exists."""

_TYPED = ("notes", "remittance", "bank_reference", "dispute_reason", "title", "purchase_order")
"""What staff type as they like."""

_NAMES_A_DOCUMENT = ("invoice_id", "related_invoice_id", "related_id", "contract_id", "order_id")


@dataclass(frozen=True)
class Section:
    """One table of the hand-over: its title, its columns in words and kinds, its rows as cells. Blank columns are left out.

    ``currencies``: of each row, for the decimals of its amounts; "" where it has none.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = field(repr=False)
    currencies: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class HandOver:
    """Everything about one customer, in the words of one language. ``left_out``: cells that name others, by address."""

    customer_id: str
    name: str
    as_of: dt.date
    company_name: str
    base_currency: str
    language: str
    sections: Mapping[str, Section] = field(repr=False)
    left_out: tuple[str, ...] = ()

    @property
    def filled(self) -> list[Section]:
        """The sections that have rows, in order."""
        return [section for section in self.sections.values() if section.rows]


def hand_over(run: Run, customer: str, *, language: str) -> HandOver:
    """The records of one customer up to the run's day; ``run`` as of that day, the customer known to it.

    A document of another customer that a row names by mistake is left blank, and so is a text that names one: what leaves
    the house is one customer's.
    """
    frames, left_out = _without_texts_about_others(run, customer, _records(run, customer))
    own = _own_documents(frames)
    tables = {**tables_with_buckets(run.bucket_codes), CLAIM.name: CLAIM, INTEREST.name: INTEREST}
    tables |= {INTEREST_BY_ITEM.name: INTEREST_BY_ITEM, STATEMENT.name: STATEMENT}
    frames = {name: _without_others(frame, own) for name, frame in frames.items()} | _figures(run, customer)
    order = (
        "Claim", "Customers", "Contracts", "PaymentTerms", "Invoices", "OpenItems", "InterestByItem", "Interest", "Receipts",
        "Applications", "ReminderLog", "Activities", "Statement",
    )  # fmt: skip
    sections = {
        name: _section(tables[name], frames[name], language=language, base_currency=run.base_currency) for name in order
    }
    known = run.source.tables["Customers"].columns
    names = dict(zip(known["customer_id"], known["name"], strict=True))
    return HandOver(
        customer_id=customer,
        name=str(names[customer]),
        as_of=run.as_of,
        company_name=run.source.settings.company_name,
        base_currency=run.base_currency,
        language=language,
        sections=sections,
        left_out=left_out,
    )


def _without_texts_about_others(
    run: Run, customer: str, frames: Mapping[str, pd.DataFrame]
) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """The rows without what was typed about others in them, and where that stands."""
    typed = {name: [key for key in _TYPED if key in _KEPT[name] and key in frame] for name, frame in frames.items()}
    texts = [text for name, keys in typed.items() for key in keys for text in frames[name][key]]
    others = others_than(customer, run.source.tables).among(texts)
    kept, left_out = dict(frames), []
    for name, keys in typed.items():
        for key in keys:
            names_others = [others.are_named_in(text) for text in frames[name][key]]
            if any(names_others):
                cells = [
                    "" if is_about_others else text
                    for text, is_about_others in zip(frames[name][key], names_others, strict=True)
                ]
                kept[name] = kept[name].assign(**{key: cells})
                raw, place = run.source.raws[name], run.source.tables[name].places[key]
                left_out += [cell_address(raw, int(row), place) for row in frames[name]["row"][names_others]]
    return kept, tuple(left_out)


def _records(run: Run, customer: str) -> dict[str, pd.DataFrame]:
    """The rows of staff's tables and of the log that are this customer's, and exist by the day."""
    as_of = day_of(run.as_of)
    frames: dict[str, pd.DataFrame] = {}
    for name in ("Customers", "Contracts", "Invoices", "Receipts", "ReminderLog", "Activities"):
        read = run.source.tables.get(name)
        if read is None:
            frames[name] = pd.DataFrame()
            continue
        frame = read.frame()
        frame = frame[frame["customer_id"] == customer]
        day = _DAYS.get(name)
        frames[name] = frame if day is None else frame[frame[day] <= as_of].sort_values(day, kind="stable")
    currency = frames["Customers"]["currency"].iloc[0]
    frames["Activities"] = frames["Activities"].assign(currency=currency)  # promises are in the customer's currency
    named = {
        terms
        for name in ("Customers", "Contracts", "Invoices")
        if "payment_terms" in frames[name]
        for terms in frames[name]["payment_terms"]
    }
    terms = run.source.tables.get("PaymentTerms")
    frames["PaymentTerms"] = pd.DataFrame() if terms is None else terms.frame()
    if terms is not None:
        frames["PaymentTerms"] = frames["PaymentTerms"][frames["PaymentTerms"]["terms_id"].isin(named)]
    return frames


def _own_documents(frames: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    keys = {"Invoices": ("invoice_id", "order_id"), "Receipts": ("receipt_id",), "Contracts": ("contract_id",)}
    return frozenset(
        str(each) for name, names in keys.items() for key in names if key in frames[name] for each in frames[name][key]
    )


def _without_others(frame: pd.DataFrame, own: frozenset[str]) -> pd.DataFrame:
    named = [key for key in _NAMES_A_DOCUMENT if key in frame]
    return frame.assign(**{key: [each if each in own else "" for each in frame[key]] for key in named})


def _figures(run: Run, customer: str) -> dict[str, pd.DataFrame]:
    """What is worked out: open items, who paid what, interest, the statement of the whole account, and the claim."""
    ledger, policy = run.source.ledger, run.source.policy

    def own(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["customer_id"] == customer].reset_index(drop=True)

    items = own(run.open_items)
    interest = late_interest(ledger, run.position, policy=policy)
    by_item = own(in_order(interest.items, "due_day", "item_id"))
    segments = own(in_order(interest.segments, "item_id", "from_day"))
    segments = segments.assign(
        annual_rate_digits=segments["rate_units"],
        annual_rate_scale=[NO_SCALE if units == NO_MINOR else 11 for units in segments["rate_units"]],
    )
    lines = pd.DataFrame()
    movements = own(to_pandas(run.position.movements))
    if not movements.empty:
        first = max(int(movements["day"].min()), policy.ledger_starts_day)
        told = statements(ledger, policy=policy, from_day=first, to_day=day_of(run.as_of), closing=run.position)
        lines = own(in_order(told.lines, "customer_id", "currency", "line"))
        lines = lines.rename(columns={"day": "date_day"})
    return {
        "OpenItems": items,
        "Applications": own(run.applications),
        "InterestByItem": by_item,
        "Interest": segments,
        "Statement": lines,
        "Claim": _claim(items, own(run.unapplied), by_item),
    }


def _claim(items: pd.DataFrame, unapplied: pd.DataFrame, interest: pd.DataFrame) -> pd.DataFrame:
    """By currency; the interest is blank where a rate is missing."""
    rows = []
    for currency in sorted({*items["currency"], *unapplied["currency"], *interest["currency"]}):
        own = items[items["currency"] == currency]
        charged = interest[interest["currency"] == currency]["interest_minor"]
        rows.append({
            "currency": currency,
            "open_minor": int(own["open_minor"].sum()),
            "overdue_minor": int(own["open_minor"][own["days_overdue"] > 0].sum()),
            "disputed_minor": int(own["open_minor"][own["is_disputed"]].sum()),
            "unapplied_minor": int(unapplied["unapplied_minor"][unapplied["currency"] == currency].sum()),
            "interest_minor": NO_MINOR if (charged == NO_MINOR).any() else int(charged.sum()),
        })  # fmt: skip
    columns = ["currency", *(f"{name}_minor" for name in ("open", "overdue", "disputed", "unapplied", "interest"))]
    return pd.DataFrame(rows, columns=columns)


def _section(table: Table, frame: pd.DataFrame, *, language: str, base_currency: str) -> Section:
    title = table.label.in_language(language)
    if frame.empty:
        return Section(title, (), (), ())
    cells = columns_to_write(table, frame, language=language, base_currency=base_currency)
    keys: Sequence[str] = _KEPT.get(table.name, table.keys)
    kept = [key for key in keys if key in cells and any(cell is not None for cell in cells[key])]
    currencies = tuple(map(str, frame["currency"])) if "currency" in frame else ("",) * len(frame)
    columns = tuple(table[key] for key in kept)
    return Section(title, columns, tuple(zip(*(cells[key] for key in kept), strict=True)), currencies)
