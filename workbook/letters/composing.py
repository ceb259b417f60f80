"""The messages of a day in words: each with its lines, its interest, its subject and its body (RULES §8).

A close composes thousands: what a column holds is worked out by column, a text is taken apart once, and a table's row is
looked up only for what is reminded.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any

from functions.dates import date_of, day_of
from functions.frames import NO_MINOR
from functions.interest import late_interest
from workbook.issue import Issue
from workbook.letters.addresses import NotAnAddress, addresses_in
from workbook.letters.letter_texts import LetterText, letter_texts
from workbook.letters.listing import MOST_LISTED, invoice_numbers, listing
from workbook.letters.messages import Composed, Line, Message, on_one_line, plain
from workbook.letters.text_messages import MOST_PARTS, parts_of
from workbook.results.amounts import amount_text
from workbook.results.ledger import WorkbookLedger
from workbook.results.run import Run, to_pandas
from workbook.settings import find_setting
from workbook.table import Words
from workbook.uncollected import uncollected

_OWN = {"name": "name", "contact": "name", "contact_name": "contact_name", "address": "address", "email": "email",
        "phone": "phone"}  # fmt: skip
"""Field → the customer's column that it comes from."""

_OFFICE = {"company_name": "company_name", "bank_account": "bank_account", "how_to_pay": "bank_account"}
"""Field → the setting that it comes from."""

_LONGEST_BODY = 32_767  # characters of an Excel cell

_PAY = Words(
    "Please pay to {bank_account}, quoting {invoice_numbers_short} and your customer number {customer_id}.",
    "请付至：{bank_account}，并注明发票 {invoice_numbers_short} 及客户编号 {customer_id}。",
)

_MESSAGE_COLUMNS = ("message_id", "customer_id", "currency", "channel", "level", "letter", "items", "total_minor",
                    "overdue_minor", "oldest_due_day", "max_days_overdue")  # fmt: skip
_LINE_COLUMNS = ("message_id", "item_id", "invoice_id", "due_day", "amount_minor", "level")
_CUSTOMER_COLUMNS = ("row", "name", "contact_name", "address", "email", "phone", "language", "collector")


def compose(run: Run) -> Composed:
    """Fill in the texts of today's reminders, the customer's language first, and find what stands in the way.

    A message takes the text of its letter in its channel and language; where that channel has none, the e-mail's or the
    letter's in the same language. A book without a Letters table has no texts, and that is no fault.
    """
    with uncollected():
        return _Composing(run).composed()


class _Composing:
    def __init__(self, run: Run) -> None:
        self._run, self._source = run, run.source
        settings = run.source.settings
        self._language = settings.language
        self._office = {
            "company_name": on_one_line(settings.company_name),
            "bank_account": on_one_line(settings.bank_account),
            "date": run.as_of.isoformat(),
        }
        self._issues: dict[tuple[str, int, str, str], Issue] = {}
        self._has_letters = "Letters" in run.source.tables
        self._texts, flaws = letter_texts(run.source)
        for row, column, code in flaws:
            self._add("Letters", row, column, code)
        self._level_rows = _rows_by(run.source, "ReminderLevels", "level")
        settings_rows = _rows_by(run.source, "Settings", "key")
        self._setting_rows = {
            setting.key: rows[0] for key, rows in settings_rows.items() if (setting := find_setting(str(key))) is not None
        }

    def composed(self) -> Composed:
        self._judge_ladder()
        messages = self._run.messages
        columns = (messages[name].tolist() for name in _MESSAGE_COLUMNS)
        rows = [dict(zip(_MESSAGE_COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]
        wanted = set(messages["customer_id"].tolist())
        customers = _found(self._source, "Customers", "customer_id", wanted, _CUSTOMER_COLUMNS)
        lines, interest = self._lines(), _interest_of(self._run)
        composed = {
            row["message_id"]: self._message(row, customers[row["customer_id"]], lines[row["message_id"]], interest)
            for row in rows
        }
        return Composed(composed, tuple(self._issues[key] for key in sorted(self._issues)))

    def _add(self, table: str, row: int, column: str, code: str) -> None:
        if (table, row, column, code) not in self._issues:
            self._issues[table, row, column, code] = self._source.located(table, row, column, code)

    def _judge_ladder(self) -> None:
        known = {letter for letter, _, _ in self._texts}
        for letter, rows in _rows_by(self._source, "ReminderLevels", "letter").items():
            if self._has_letters and letter and letter not in known:
                for row in rows:
                    self._add("ReminderLevels", row, "letter", "letter_without_text")

    def _lines(self) -> Mapping[str, Sequence[Line]]:
        as_of = day_of(self._run.as_of)
        items = self._run.message_items
        wanted = set(items["invoice_id"].tolist())
        invoices = _found(self._source, "Invoices", "invoice_id", wanted, ("purchase_order", "invoice_day"))
        days = {*items["due_day"].tolist(), *(int(each["invoice_day"]) for each in invoices.values())}
        dates: Mapping[int, dt.date] = {day: date_of(day) for day in days}
        lines: dict[str, list[Line]] = defaultdict(list)
        columns = (items[name].tolist() for name in _LINE_COLUMNS)
        for message_id, item_id, invoice_id, due_day, amount_minor, level in zip(*columns, strict=True):
            invoice = invoices[invoice_id]
            lines[message_id].append(
                Line(
                    item_id,
                    invoice_id,
                    purchase_order=on_one_line(invoice["purchase_order"]),
                    invoice_date=dates[invoice["invoice_day"]],
                    due_date=dates[due_day],
                    amount_minor=amount_minor,
                    days_overdue=as_of - due_day,
                    level=level,
                )
            )
        return lines

    def _message(
        self, row: Mapping[str, Any], customer: Mapping[str, Any], lines: Sequence[Line], interest: Mapping[str, int]
    ) -> Message:
        language = customer["language"] or self._language
        owed = [interest.get(line.item_id, 0) for line in lines] if interest else [0]
        interest_minor = NO_MINOR if NO_MINOR in owed else sum(owed)
        values = self._values(row, customer, lines, interest_minor, language)
        recipients = self._recipients(row, customer)
        subject, body, before, after = self._text(row, customer, lines, values, language)
        return Message(
            message_id=row["message_id"],
            customer_id=row["customer_id"],
            channel=row["channel"],
            language=language,
            letter=row["letter"],
            currency=row["currency"],
            fields=values,
            lines=tuple(lines),
            total_minor=row["total_minor"],
            interest_minor=interest_minor,
            subject=subject,
            body=body,
            before=before,
            after=after,
            recipients=recipients,
            collector=customer["collector"],
        )

    def _recipients(self, row: Mapping[str, Any], customer: Mapping[str, Any]) -> tuple[str, ...]:
        if row["channel"] != "email":
            return ()
        try:
            return addresses_in(customer["email"])
        except NotAnAddress:
            self._add("Customers", int(customer["row"]), "email", "not_an_email")
            return ()

    def _values(
        self,
        row: Mapping[str, Any],
        customer: Mapping[str, Any],
        lines: Sequence[Line],
        interest_minor: int,
        language: str,
    ) -> dict[str, str]:
        currency = row["currency"]
        name, contact_name = plain(customer["name"]).strip(), plain(customer["contact_name"]).strip()
        total = amount_text(row["total_minor"], currency)
        numbers, numbers_short = invoice_numbers(list(dict.fromkeys(line.invoice_id for line in lines)), language)
        values = {
            **self._office,
            "name": name,
            "contact_name": contact_name,
            "address": plain(customer["address"]).strip(),
            "email": plain(customer["email"]).strip(),
            "phone": plain(customer["phone"]).strip(),
            "contact": contact_name or name,
            "customer_id": row["customer_id"],
            "message_id": row["message_id"],
            "level": str(row["level"]),
            "currency": currency,
            "items": str(row["items"]),
            "invoice_numbers": numbers,
            "invoice_numbers_short": numbers_short,
            "total_text": total,
            "overdue_text": total
            if row["overdue_minor"] == row["total_minor"]
            else amount_text(row["overdue_minor"], currency),
            "oldest_due_date_text": date_of(row["oldest_due_day"]).isoformat(),
            "max_days_overdue": str(row["max_days_overdue"]),
            "interest_text": "" if interest_minor in (NO_MINOR, 0) else amount_text(interest_minor, currency),
            "collector": on_one_line(customer["collector"]),
        }
        values["how_to_pay"] = _PAY.in_language(language).format_map(values) if values["bank_account"] else ""
        return values

    def _text(
        self,
        row: Mapping[str, Any],
        customer: Mapping[str, Any],
        lines: Sequence[Line],
        values: Mapping[str, str],
        language: str,
    ) -> tuple[str, str, str, str]:
        """Subject, body, and what of the body is before and after its list; blank without a text, or of one with a flaw."""
        text = self._text_of(row["letter"], language, row["channel"])
        if text is None and self._has_letters:
            for place in self._level_rows.get(row["level"], ()):
                self._add("ReminderLevels", place, "letter", "letter_without_text")
        if text is None or not text.is_whole:
            return "", "", "", ""
        self._judge_blanks(values, text, customer)
        told = {**values, "invoices": values["invoice_numbers_short"]}
        subject = on_one_line(text.subject.filled(told))
        for most in MOST_LISTED:
            told["invoices"] = listing(lines, row["currency"], language, most)
            body = text.body.filled(told)
            if len(body) <= _LONGEST_BODY:
                break
        if row["channel"] == "sms":
            body = body.strip()
            if parts_of(body) > MOST_PARTS:
                self._add("Letters", text.row, "body", "sms_too_long")
        return subject, body.strip("\n"), text.before.filled(told).strip("\n"), text.after.filled(told).strip("\n")

    def _text_of(self, letter: str, language: str, own_channel: str) -> LetterText | None:
        for channel in (own_channel, "email", "letter"):
            text = self._texts.get((letter, language, channel))
            if text is not None:
                return text
        return None

    def _judge_blanks(self, values: Mapping[str, str], text: LetterText, customer: Mapping[str, Any]) -> None:
        """A field that has nothing to be filled with: in Settings, or on the customer."""
        for name in text.names:
            if name in _OWN:
                if not values[name]:
                    self._add("Customers", int(customer["row"]), _OWN[name], "letter_field_blank")
            elif name in _OFFICE and not values[name]:
                row = self._setting_rows.get(_OFFICE[name])
                if row is None:
                    self._add("Letters", text.row, "body", "letter_field_blank")
                else:
                    self._add("Settings", row, "value", "letter_field_blank")


def _interest_of(run: Run) -> Mapping[str, int]:
    """Item → its late interest; none where nobody set a rate: then interest is not asked for."""
    rates = _column(run.source, "InterestRates", "currency")
    late_rates = _column(run.source, "Contracts", "late_rate_digits")
    if run.messages.empty or not (len(rates) or any(late_rates)):
        return {}
    items = to_pandas(late_interest(run.source.ledger, run.position, policy=run.source.policy).items)
    return dict(zip(items["item_id"].tolist(), map(int, items["interest_minor"]), strict=True))


def _column(source: WorkbookLedger, table: str, column: str) -> Any:
    read = source.tables.get(table)
    return () if read is None else read.columns[column]


def _rows_by(source: WorkbookLedger, table: str, column: str) -> Mapping[Any, list[int]]:
    """A column's values, each with the rows that hold it, in their order."""
    rows: dict[Any, list[int]] = defaultdict(list)
    for value, row in zip(_column(source, table, column), _column(source, table, "row"), strict=True):
        rows[value].append(int(row))
    return rows


def _found(
    source: WorkbookLedger, table: str, key: str, wanted: set[str], columns: Sequence[str]
) -> Mapping[str, Mapping[str, Any]]:
    """The rows of the wanted ids: a ledger has many more invoices than today's messages."""
    read = source.tables[table].columns
    ids = read[key]
    places = list(compress(range(len(ids)), map(wanted.__contains__, ids)))
    cells = [[read[name][place] for place in places] for name in columns]
    rows = (dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True))
    return dict(zip((str(ids[place]) for place in places), rows, strict=True))
