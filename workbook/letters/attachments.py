"""What is attached to a reminder by e-mail: the customer's statement of account, the list of the items, or nothing.

Each file holds one customer's data and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from functions.dates import day_of
from functions.statements import statements
from workbook.letters.item_table import item_workbook
from workbook.letters.messages import Message
from workbook.results.run import Run
from workbook.statements.accounts import Account, Addressee, accounts_by_customer, addressees, references_of
from workbook.statements.as_workbook import workbook_bytes
from workbook.statements.content import Period, Sender, statement
from workbook.statements.file_names import file_name

SUFFIX = ".xlsx"


@dataclass(frozen=True)
class Attachment:
    """A file by its name."""

    name: str
    content: bytes = field(repr=False)


class Attachments:
    """The files of a day's e-mails, each made when it is asked for.

    The setting ``reminder_attachment`` says which. A statement is that of the month up to the day, in all the customer's
    currencies, as ``duebook statements --to D`` makes it. It is made once for a customer whose messages follow one another.
    """

    def __init__(self, run: Run, messages: Iterable[Message]) -> None:
        self._run = run
        self._kind = run.source.settings.reminder_attachment
        self._customers = {message.customer_id for message in messages if message.channel == "email"}
        self._last: tuple[str, Attachment] | None = None

    def of(self, message: Message) -> Attachment | None:
        """The file of one message; None where nothing is to be attached."""
        if self._kind == "statement":
            return self._statement(message.customer_id)
        if self._kind == "list_of_items":
            return Attachment(f"{message.message_id}{SUFFIX}", item_workbook(message))
        return None

    def _statement(self, customer: str) -> Attachment:
        if self._last is None or self._last[0] != customer:
            told = statement(self._accounts[customer], self._who[customer], self._sender, self._period)
            name = file_name("statement", customer, self._run.as_of.isoformat(), SUFFIX)
            self._last = customer, Attachment(name, workbook_bytes(told))
        return self._last[1]

    @cached_property
    def _period(self) -> Period:
        return Period.of_the_month(self._run.as_of, ledger_starts_day=self._run.source.policy.ledger_starts_day)

    @cached_property
    def _accounts(self) -> Mapping[str, list[Account]]:
        found = statements(
            self._run.source.ledger,
            policy=self._run.source.policy,
            from_day=day_of(self._period.first),
            to_day=day_of(self._period.last),
            closing=self._run.position,
        )
        references = references_of(self._run.source.tables["Invoices"])
        return accounts_by_customer(found, references, of=self._customers)

    @cached_property
    def _who(self) -> Mapping[str, Addressee]:
        source = self._run.source
        return addressees(source.tables["Customers"], language=source.settings.language)

    @cached_property
    def _sender(self) -> Sender:
        source = self._run.source
        settings = source.settings
        return Sender(settings.company_name, settings.bank_account, self._run.bucket_codes, source.policy.aging_basis)
