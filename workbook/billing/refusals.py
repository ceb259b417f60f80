"""Why bills are not posted: nothing has been written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from workbook.billing.words import said
from workbook.refusals import NeedsConfirmation, Refusal


class BillingRowIsWrong(Refusal):
    """``issues``: each with its cell of the Billing sheet."""

    def __init__(self, issues: Sequence[str], language: str) -> None:
        super().__init__(said("row_is_wrong", language, issues=" ".join(issues)))


class UnknownContract(Refusal):
    def __init__(self, cell: str, contract: str, language: str) -> None:
        super().__init__(said("unknown_contract", language, cell=cell, contract=contract))


class BilledAlready(Refusal):
    def __init__(self, cell: str, contract: str, day: dt.date, language: str) -> None:
        super().__init__(said("billed_already", language, cell=cell, contract=contract, day=day))


class ProposedForAnotherDay(Refusal):
    def __init__(self, found: dt.date, asked: dt.date, language: str) -> None:
        super().__init__(said("another_day", language, found=found, asked=asked))


class BillingDoubt(NeedsConfirmation):
    """The credit check says no to some customers (RULES §7). ``reasons``: (customer, code, missing minor units)."""

    def __init__(self, why: Sequence[str], reasons: Sequence[tuple[str, str, int]], language: str) -> None:
        self.reasons = tuple(reasons)
        self.why = " ".join(why)
        super().__init__(
            said("say_yes", language, why=self.why), question=said("question", language, why=self.why)
        )  # fmt: skip
