"""The messages of a day in words: each with its lines, its interest, its subject and its body (RULES §8)."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from functions.dates import date_of, day_of
from functions.frames import NO_MINOR
from functions.interest import late_interest
from workbook.issue import Issue
from workbook.letters.addresses import NotAnAddress, addresses_in
from workbook.letters.fields import filled, flaw_of, names_in
from workbook.letters.text_messages import MOST_PARTS, parts_of
from workbook.results.amounts import amount_text
from workbook.results.ledger import WorkbookLedger
from workbook.results.run import Run, to_pandas
from workbook.settings import find_setting
from workbook.table import Words

PAPER = ("letter", "visit", "lawyer", "phone")
"""The channels whose messages are read from paper: posted, taken along, or before one while calling."""

_OWN = {"name": "name", "contact": "name", "contact_name": "contact_name", "address": "address", "email": "email",
        "phone": "phone"}  # fmt: skip
"""Field → the customer's column that it comes from."""

_OFFICE = {"company_name": "company_name", "bank_account": "bank_account", "how_to_pay": "bank_account"}
"""Field → the setting that it comes from."""

_MOST_LISTED = (100, 20, 0)  # lines of a list in a text; the attachment and the letter's table hold them all
_LONGEST_BODY = 32_767  # characters of an Excel cell
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")

_LINE = Words(
    "{invoice_id} of {invoice_date}{order}, due {due_date}: {amount}{days}",
    "{invoice_id}，开票日 {invoice_date}{order}，到期日 {due_date}：{amount}{days}",
)
_ORDER = Words(", your order {}", "，贵司订单 {}")
_LATE = Words(" ({} days overdue)", "（已逾期 {} 天）")
_LATE_ONE = Words(" (1 day overdue)", "（已逾期 1 天）")
_MORE = Words("… and {} more", "……另有 {} 项")
_COMMA = Words(", ", "、")
_AND_MORE = Words(" and {} more", "等 {} 张")
_PAY = Words(
    "Please pay to {bank_account}, quoting {invoice_numbers_short} and your customer number {customer_id}.",
    "请付至：{bank_account}，并注明发票 {invoice_numbers_short} 及客户编号 {customer_id}。",
)


@dataclass(frozen=True)
class Line:
    """One item of a message. Amounts in minor units of the message's currency; ``days_overdue`` negative: still to run."""

    item_id: str
    invoice_id: str
    purchase_order: str
    invoice_date: dt.date
    due_date: dt.date
    amount_minor: int
    days_overdue: int
    level: int


@dataclass(frozen=True)
class Message:
    """One message, ready to go out. ``body`` is "" where its letter has no text for it, or one with a flaw.

    ``before`` and ``after``: the body around its list of items, for where that is a table. ``recipients``: of an e-mail.
    ``interest_minor``: NO_MINOR where a rate is missing.
    """

    message_id: str
    customer_id: str
    channel: str
    language: str
    letter: str
    currency: str
    fields: Mapping[str, str] = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)
    total_minor: int
    interest_minor: int
    subject: str = ""
    body: str = ""
    before: str = ""
    after: str = ""
    recipients: tuple[str, ...] = ()
    collector: str = ""

    @property
    def is_ready(self) -> bool:
        """It has a text, and an e-mail somebody to go to."""
        return bool(self.body) and (self.channel != "email" or bool(self.recipients))


@dataclass(frozen=True)
class Composed:
    """The messages of a day by id, in order, and what is wrong with texts, addresses and what they are filled with."""

    messages: Mapping[str, Message] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class _Text:
    row: int
    subject: str
    body: str
    is_whole: bool


def plain(text: str) -> str:
    """A cell's text as it may stand in any document: line breaks as one kind, other control characters as spaces."""
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def on_one_line(text: str) -> str:
    """A text as a header, a subject or a cell of a list takes it."""
    return " ".join(plain(text).split())


def compose(run: Run) -> Composed:
    """Fill in the texts of today's reminders, the customer's language first, and find what stands in the way.

    A message takes the text of its letter in its channel and language; where that channel has none, the e-mail's or the
    letter's in the same language. A book without a Letters table has no texts, and that is no fault.
    """
    return _Composing(run).composed()


class _Composing:
    def __init__(self, run: Run) -> None:
        self._run, self._source = run, run.source
        self._settings = run.source.settings
        self._texts: dict[tuple[str, str, str], _Text] = {}
        self._issues: dict[tuple[str, int, str, str], Issue] = {}
        self._has_letters = "Letters" in run.source.tables
        self._customers = _ById(run.source, "Customers", "customer_id")
        self._invoices = _ById(run.source, "Invoices", "invoice_id")

    def composed(self) -> Composed:
        self._read_texts()
        self._judge_ladder()
        lines, interest = self._lines(), _interest_of(self._run)
        messages = {
            str(row["message_id"]): self._message(row, lines[str(row["message_id"])], interest)
            for row in self._run.messages.to_dict("records")
        }
        return Composed(messages, tuple(self._issues[key] for key in sorted(self._issues)))

    def _add(self, table: str, row: int, column: str, code: str) -> None:
        self._issues.setdefault((table, row, column, code), self._source.located(table, row, column, code))

    def _read_texts(self) -> None:
        for row in _rows(self._source, "Letters"):
            place, texts = int(row["row"]), {key: plain(str(row[key])) for key in ("subject", "body")}
            flaws = {key: flaw_of(text) for key, text in texts.items()}
            for key, code in flaws.items():
                if code:
                    self._add("Letters", place, key, code)
            is_whole = not any(flaws.values())
            if row["channel"] == "sms" and is_whole and parts_of(filled(texts["body"], _Nothing())) > MOST_PARTS:
                self._add("Letters", place, "body", "sms_too_long")
            self._texts[str(row["letter"]), str(row["language"]), str(row["channel"])] = _Text(
                place, texts["subject"], texts["body"], is_whole
            )

    def _judge_ladder(self) -> None:
        known = {letter for letter, _, _ in self._texts}
        for row in _rows(self._source, "ReminderLevels"):
            if self._has_letters and row["letter"] and row["letter"] not in known:
                self._add("ReminderLevels", int(row["row"]), "letter", "letter_without_text")

    def _lines(self) -> Mapping[str, tuple[Line, ...]]:
        lines: dict[str, list[Line]] = defaultdict(list)
        as_of = day_of(self._run.as_of)
        for row in self._run.message_items.to_dict("records"):
            invoice = self._invoices[str(row["invoice_id"])]
            line = Line(
                item_id=str(row["item_id"]),
                invoice_id=str(row["invoice_id"]),
                purchase_order=on_one_line(str(invoice["purchase_order"])),
                invoice_date=date_of(int(invoice["invoice_day"])),
                due_date=date_of(int(row["due_day"])),
                amount_minor=int(row["amount_minor"]),
                days_overdue=as_of - int(row["due_day"]),
                level=int(row["level"]),
            )
            lines[str(row["message_id"])].append(line)
        return {message: tuple(found) for message, found in lines.items()}

    def _message(self, row: Mapping[Any, Any], lines: tuple[Line, ...], interest: Mapping[str, int]) -> Message:
        customer = self._customers[str(row["customer_id"])]
        language = str(customer["language"]) or self._settings.language
        owed = [interest.get(line.item_id, 0) for line in lines]
        interest_minor = NO_MINOR if NO_MINOR in owed else sum(owed)
        values = self._values(row, customer, lines, interest_minor, language)
        message = Message(
            message_id=str(row["message_id"]),
            customer_id=str(row["customer_id"]),
            channel=str(row["channel"]),
            language=language,
            letter=str(row["letter"]),
            currency=str(row["currency"]),
            fields=values,
            lines=lines,
            total_minor=int(row["total_minor"]),
            interest_minor=interest_minor,
            collector=str(customer["collector"]),
            recipients=self._recipients(row, customer),
        )
        return self._with_text(message, row, customer)

    def _recipients(self, row: Mapping[Any, Any], customer: Mapping[str, Any]) -> tuple[str, ...]:
        if row["channel"] != "email":
            return ()
        try:
            return addresses_in(str(customer["email"]))
        except NotAnAddress:
            self._add("Customers", int(customer["row"]), "email", "not_an_email")
            return ()

    def _values(
        self,
        row: Mapping[Any, Any],
        customer: Mapping[str, Any],
        lines: tuple[Line, ...],
        interest_minor: int,
        language: str,
    ) -> dict[str, str]:
        currency = str(row["currency"])
        own = {key: plain(str(customer[key])).strip() for key in ("name", "contact_name", "address", "email", "phone")}
        numbers = list(dict.fromkeys(line.invoice_id for line in lines))
        comma = _COMMA.in_language(language)
        is_known = interest_minor not in (NO_MINOR, 0)
        values = {
            **own,
            "contact": own["contact_name"] or own["name"],
            "customer_id": str(row["customer_id"]),
            "date": self._run.as_of.isoformat(),
            "message_id": str(row["message_id"]),
            "level": str(row["level"]),
            "currency": currency,
            "items": str(row["items"]),
            "invoice_numbers": comma.join(numbers[: _MOST_LISTED[0]])
            + (
                _AND_MORE.in_language(language).format(len(numbers) - _MOST_LISTED[0])
                if len(numbers) > _MOST_LISTED[0]
                else ""
            ),
            "invoice_numbers_short": comma.join(numbers[:2])
            + (_and_more(len(numbers), language) if len(numbers) > 2 else ""),
            "total_text": amount_text(int(row["total_minor"]), currency),
            "overdue_text": amount_text(int(row["overdue_minor"]), currency),
            "oldest_due_date_text": date_of(int(row["oldest_due_day"])).isoformat(),
            "max_days_overdue": str(row["max_days_overdue"]),
            "interest_text": amount_text(interest_minor, currency) if is_known else "",
            "company_name": on_one_line(self._settings.company_name),
            "bank_account": on_one_line(self._settings.bank_account),
            "collector": on_one_line(str(customer["collector"])),
        }
        pays = _PAY.in_language(language)
        return {**values, "how_to_pay": pays.format_map(values) if values["bank_account"] else ""}

    def _with_text(self, message: Message, row: Mapping[Any, Any], customer: Mapping[str, Any]) -> Message:
        text = self._text_of(message)
        if text is None:
            for each in _rows(self._source, "ReminderLevels"):
                if self._has_letters and each["level"] == row["level"]:
                    self._add("ReminderLevels", int(each["row"]), "letter", "letter_without_text")
            return message
        if not text.is_whole:
            return message
        self._judge_blanks(message, text, customer)
        subject = on_one_line(filled(text.subject, {**message.fields, "invoices": message.fields["invoice_numbers_short"]}))
        for most in _MOST_LISTED:
            listed = listing(message, most)
            body = filled(text.body, {**message.fields, "invoices": listed})
            if len(body) <= _LONGEST_BODY:
                break
        if message.channel == "sms":
            body = body.strip()
            if parts_of(body) > MOST_PARTS:
                self._add("Letters", text.row, "body", "sms_too_long")
        before, after = _around_the_list(text.body)
        values = {**message.fields, "invoices": listed}
        return replace(
            message,
            subject=subject,
            body=body.strip("\n"),
            before=filled(before, values).strip("\n"),
            after=filled(after, values).strip("\n"),
        )

    def _text_of(self, message: Message) -> _Text | None:
        for channel in (message.channel, "email", "letter"):
            text = self._texts.get((message.letter, message.language, channel))
            if text is not None:
                return text
        return None

    def _judge_blanks(self, message: Message, text: _Text, customer: Mapping[str, Any]) -> None:
        """A field that has nothing to be filled with: in Settings, or on the customer."""
        for name in sorted((names_in(text.subject) | names_in(text.body)) & (_OWN.keys() | _OFFICE.keys())):
            if message.fields[name]:
                continue
            if name in _OWN:
                self._add("Customers", int(customer["row"]), _OWN[name], "letter_field_blank")
                continue
            row = self._setting_row(_OFFICE[name])
            if row is None:
                self._add("Letters", text.row, "body", "letter_field_blank")
            else:
                self._add("Settings", row, "value", "letter_field_blank")

    def _setting_row(self, key: str) -> int | None:
        for each in _rows(self._source, "Settings"):
            setting = find_setting(str(each["key"]))
            if setting is not None and setting.key == key:
                return int(each["row"])
        return None


class _Nothing(dict[str, str]):
    """A text at its shortest: whatever is asked for takes one character."""

    def __missing__(self, key: str) -> str:
        return "1"


def listing(message: Message, most: int) -> str:
    """The items of a message as lines of text, the first ``most`` of them and how many more there are."""
    lines = [_told(line, message.currency, message.language) for line in message.lines[:most]]
    left = len(message.lines) - len(lines)
    return "\n".join([*lines, *([_MORE.in_language(message.language).format(left)] if left else [])])


def _told(line: Line, currency: str, language: str) -> str:
    late = _LATE_ONE if line.days_overdue == 1 else _LATE
    return _LINE.in_language(language).format(
        invoice_id=line.invoice_id,
        invoice_date=line.invoice_date,
        order=_ORDER.in_language(language).format(line.purchase_order) if line.purchase_order else "",
        due_date=line.due_date,
        amount=amount_text(line.amount_minor, currency),
        days=late.in_language(language).format(line.days_overdue) if line.days_overdue > 0 else "",
    )


def _and_more(count: int, language: str) -> str:
    # English counts those that are not named, Chinese all of them.
    return _AND_MORE.in_language(language).format(count - 2 if language == "en" else count)


def _around_the_list(body: str) -> tuple[str, str]:
    lines = body.split("\n")
    places = [place for place, line in enumerate(lines) if line.replace(" ", "") == "{invoices}"]
    return (body, "") if not places else ("\n".join(lines[: places[0]]), "\n".join(lines[places[0] + 1 :]))


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


def _rows(source: WorkbookLedger, table: str) -> Iterator[dict[str, Any]]:
    read = source.tables.get(table)
    if read is None:
        return
    for values in zip(*read.columns.values(), strict=True):
        yield dict(zip(read.columns, values, strict=True))


class _ById:
    """Rows of a table by their id, made when they are asked for: a ledger has many more invoices than today's messages."""

    def __init__(self, source: WorkbookLedger, table: str, key: str) -> None:
        read = source.tables.get(table)
        self._columns = {} if read is None else read.columns
        self._places = {str(each): place for place, each in enumerate(self._columns.get(key, ()))}

    def __getitem__(self, row_id: str) -> Mapping[str, Any]:
        place = self._places[row_id]
        return {name: column[place] for name, column in self._columns.items()}
