"""A believable ledger from a seed: the sample that ``duebook demo`` closes.

Most customers are ordinary: they buy, pay by habit, and are reminded. Two dozen are planted: each tells a story that ends,
at the as-of date, with one certain credit status or reason to hold a reminder, or with a slip of the keyboard that a check
finds. Nothing planted is worse than a warning.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping

from workbook.port import Columns
from workbook.refusals import Refusal
from workbook.sample.bank import bank_balances
from workbook.sample.cells import Pen
from workbook.sample.collecting import collect, reminder_runs
from workbook.sample.credit_lines import grant_credit
from workbook.sample.currencies import Moneys, exchange_rates
from workbook.sample.customers import ordinary_traders
from workbook.sample.documents import issue_documents
from workbook.sample.event_columns import event_tables
from workbook.sample.journal import Journal
from workbook.sample.master_columns import master_tables
from workbook.sample.names import companies_abroad, companies_at_home
from workbook.sample.numbering import Numbers
from workbook.sample.office_days import holidays, months_back
from workbook.sample.payments import pay_invoices
from workbook.sample.planted_credit import plant_credit_cases
from workbook.sample.planted_receipts import plant_receipts
from workbook.sample.planted_reminders import plant_held_reminders
from workbook.sample.stage import Stage, earlier_trade
from workbook.template.default_rows import DEFAULT_TERMS, default_ladder

MONTHS = 15
"""How long the ledger has been kept before the as-of date's month."""

FEWEST_CUSTOMERS = 25
FEWEST_INVOICES = 120

_ABROAD_SHARE = 0.12
_PLANTED = 24
_PLANTED_ABROAD = 1


class SampleTooSmall(Refusal):
    """Fewer customers or documents than the planted stories need."""

    def __init__(self, customers: int, invoices: int) -> None:
        super().__init__(
            f"A sample of {customers} customers and {invoices} invoices is too small for its stories. "
            f"Ask for at least {FEWEST_CUSTOMERS} customers and {FEWEST_INVOICES} invoices."
        )


def sample_ledger(
    *, seed: int, customers: int = 60, invoices: int = 600, as_of: dt.date, currency: str = "CNY"
) -> Mapping[str, Columns]:
    """Table name → columns of plain cells (amounts in major units) of a ledger as it stood on ``as_of``.

    ``invoices`` counts documents of every kind. The same arguments give the same content: each part draws from a stream of
    its own, seeded with ``seed`` and its name, in the order that its docstring says. Raises SampleTooSmall, UnknownCurrency.
    """
    if customers < FEWEST_CUSTOMERS or invoices < FEWEST_INVOICES:
        raise SampleTooSmall(customers, invoices)

    def stream(part: str) -> random.Random:
        return random.Random(f"{seed}:{part}")

    moneys = Moneys(currency)
    ladder = default_ladder(currency)
    terms = {each.terms_id: each for each in DEFAULT_TERMS}
    journal = Journal(as_of=as_of, starts_on=months_back(as_of, MONTHS), moneys=moneys, terms=terms)
    ordinary_abroad = round((customers - _PLANTED) * _ABROAD_SHARE)
    at_home = companies_at_home(stream("names at home"), customers - ordinary_abroad - _PLANTED_ABROAD)
    abroad = companies_abroad(stream("names abroad"), ordinary_abroad + _PLANTED_ABROAD)
    planted_at_home = _PLANTED - _PLANTED_ABROAD

    stage = Stage(journal, ladder, iter(at_home[:planted_at_home]), iter(abroad[:_PLANTED_ABROAD]))
    plant_held_reminders(stage)
    plant_credit_cases(stage)
    plant_receipts(stage)
    spare = invoices - len(journal.invoices)
    earlier_trade(stage, stream("earlier trade"), min(spare // 4, 4 * _PLANTED))

    traders = ordinary_traders(journal, stream("customers"), at_home[planted_at_home:], abroad[_PLANTED_ABROAD:])
    payable = issue_documents(journal, stream("documents"), traders, invoices - len(journal.invoices))
    payments, credit, collecting = stream("payments"), stream("credit lines"), stream("collecting")
    runs = reminder_runs(as_of)
    for index, trader in enumerate(traders):
        pay_invoices(journal, payments, trader, payable[index])
        grant_credit(journal, credit, trader, payable[index])
        collect(journal, collecting, trader, payable[index], ladder=ladder, runs=runs)

    pen = Pen(journal, Numbers(journal, stream("numbers")), stream("entered on"))
    return {
        **master_tables(pen),
        **event_tables(pen, ladder),
        "ExchangeRates": exchange_rates(stream("rates"), moneys, since=journal.starts_on, as_of=as_of),
        "BankBalances": bank_balances(journal),
        "Holidays": holidays(journal.starts_on, as_of),
    }
