"""Why a bank's file is refused as a whole: nothing has been written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from workbook.importing.refusals import ImportRefused

_LONGEST = 200


class BankFileRefused(ImportRefused):
    """The bank's file cannot be taken as it is."""


class BadElement(BankFileRefused):
    def __init__(self, name: str, place: str, what: str) -> None:
        super().__init__(
            f"{name}, {place}: {what[:_LONGEST]}. Nothing was imported: ask the bank for the statement anew, "
            "or import it as CSV."
        )


class DoesNotAddUp(BankFileRefused):
    """Opening + lines ≠ closing. ``amounts``: opening, lines, their sum, closing, and by how much they differ."""

    def __init__(self, name: str, statement: str, currency: str, amounts: Sequence[str]) -> None:
        opening, lines, together, closing, difference = amounts
        super().__init__(
            f"{name}: statement {statement} does not add up: opening {currency} {opening} + lines {lines} = {together}, "
            f"but its closing balance is {closing}, a difference of {difference}. "
            "Nothing was imported: a line is missing or was changed; ask the bank for the statement anew."
        )


class BalanceBreaks(BankFileRefused):
    """A running balance that is not the one before it plus the line. ``amounts``: expected, found, and the difference.

    ``unreadable``: the line in between that could not be read, "" for none.
    """

    def __init__(self, place: str, amounts: Sequence[str], currency: str, unreadable: str) -> None:
        expected, found, difference = amounts
        cause = f"{unreadable} cannot be read: correct it" if unreadable else "a line is missing before it or was changed"
        super().__init__(
            f"{place}: the balance is {currency} {found}, but the balance before it and the amount come to {expected}, "
            f"a difference of {difference}. Nothing was imported: {cause}; export the lines anew, or take the column of "
            "balances out of the file to import it unproved."
        )


class DoesNotFollow(BankFileRefused):
    def __init__(self, name: str, statement: str, opening: str, before: str, closing: str, until: dt.date) -> None:
        super().__init__(
            f"{name}: statement {statement} opens with {opening}, but statement {before}, which ends the day before "
            f"({until}), closes with {closing} (BankBalances). Nothing was imported: correct that row, or ask the bank."
        )


class LineChanged(BankFileRefused):
    def __init__(self, name: str, lines: Sequence[str]) -> None:
        super().__init__(
            f"{name}: line {', '.join(lines[:3])} is in BankStatement already with another amount, date or account, "
            "and what a bank booked does not change. Nothing was imported: compare both, and correct the row that is wrong."
        )


class DeclaresEntities(BankFileRefused):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} declares a document type or entities, which no bank statement needs and attacks begin with. "
            "Ask where the file came from; the bank can send it anew."
        )


class NoStatement(BankFileRefused):
    def __init__(self, name: str, kind: str) -> None:
        super().__init__(
            f"{name} is {kind} without a statement in it. Download a statement of an account, with its balances."
        )


class NeedsBanksExtra(BankFileRefused):
    def __init__(self, name: str, kind: str) -> None:
        super().__init__(f"{name} is {kind}, which needs further libraries. Install them with: pip install 'duebook[banks]'")
